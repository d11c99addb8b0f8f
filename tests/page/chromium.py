# SPDX-License-Identifier: GPL-2.0-or-later
"""Chromium without a window, worked by the DevTools protocol over a pipe.

Nothing is needed but the browser: no driver, no package, no port. All that
a page complains of, and all that it asks the network for, is kept.
"""

import base64
import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

READY = 60  # seconds: a busy machine starts slowly
REPLY = 60
PAUSE = 0.05
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--remote-debugging-pipe", "--disable-gpu",
    "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check",
    # Nothing of its own goes to the network, and nothing gets there.
    "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-domain-reliability", "--disable-client-side-phishing-detection",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--lang=en-GB", "--hide-scrollbars", "--force-color-profile=srgb",
)
KEYS = {
    "Tab": 9, "Enter": 13, "Escape": 27, "PageUp": 33, "PageDown": 34,
    "End": 35, "Home": 36, "ArrowUp": 38, "ArrowDown": 40, "Space": 32,
}
SHIFT = 8


class Late(Exception):
    """Something did not come in time."""


class Refused(Exception):
    """The browser does not do it."""


def found():
    """The browser's path, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """A browser with an empty profile; a context."""

    def __init__(self, program):
        self.program = program
        self.profile = tempfile.TemporaryDirectory(prefix="page-")
        self.process = None
        self.waiting = {}
        self.events = []
        self.buffer = b""
        self.n_sent = 0

    def __enter__(self):
        theirs_in, self.to = os.pipe()
        self.of, theirs_out = os.pipe()
        # Above those that it reads from and writes to.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10)
                for end in (theirs_in, theirs_out)]
        flags = [*FLAGS, f"--user-data-dir={self.profile.name}"]
        if os.getuid() == 0:
            flags.append("--no-sandbox")
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec "$0" "$@" 3<&{ends[0]} 4>&{ends[1]}',
             self.program, *flags], pass_fds=ends,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self.profile.name, "TZ": "Asia/Tokyo"})
        for end in (theirs_in, theirs_out, *ends):
            os.close(end)
        return self

    def __exit__(self, *_):
        try:
            self.send("Browser.close")
            self.process.wait(10)
        except (Late, Refused, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        for end in (self.to, self.of):
            os.close(end)
        # Its children may still be writing.
        shutil.rmtree(self.profile.name, ignore_errors=True)

    def send(self, method, session=None, seconds=REPLY, **params):
        """What it answers."""
        self.n_sent += 1
        number = self.n_sent
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        end = time.monotonic() + seconds
        while number not in self.waiting:
            self.read(end, method)
        reply = self.waiting.pop(number)
        if "error" in reply:
            raise Refused(f"{method}: {reply['error']}")
        return reply["result"]

    def read(self, end, what):
        """What has come since; waits for something to come."""
        left = max(0, end - time.monotonic())
        if not select.select([self.of], [], [], left)[0]:
            raise Late(f"no answer to {what}")
        data = os.read(self.of, 1 << 20)
        if not data:
            raise Late(f"the browser ended before {what}")
        *whole, self.buffer = (self.buffer + data).split(b"\0")
        for each in whole:
            message = json.loads(each)
            if "id" in message:
                self.waiting[message["id"]] = message
            else:
                self.events.append(message)

    def open(self, path, *, width=1280, height=900, media=()):
        """A tab with that file in it."""
        return Tab(self, path, width, height, media)


class Tab:
    """One page, loaded."""

    def __init__(self, browser, path, width, height, media):
        self.browser = browser
        target = browser.send("Target.createTarget", url="about:blank")
        self.target = target["targetId"]
        self.session = browser.send("Target.attachToTarget", flatten=True,
                                    targetId=self.target)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Performance"):
            self.send(f"{domain}.enable")
        self.size(width, height)
        self.media(*media)
        # Heard before any script of the page runs.
        self.send("Page.addScriptToEvaluateOnNewDocument", source="""
            window.violations = [];
            document.addEventListener("securitypolicyviolation",
                (event) => violations.push(event.violatedDirective + " " +
                                           event.blockedURI));
            """)
        self.url = pathlib.Path(path).resolve().as_uri()
        begun = time.monotonic()
        self.send("Page.navigate", url=self.url)
        self.wait("document.readyState === 'complete' && "
                  "location.protocol === 'file:'", READY)
        self.seconds = time.monotonic() - begun

    def send(self, method, **params):
        return self.browser.send(method, self.session, **params)

    def size(self, width, height):
        self.send("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=1, mobile=False)

    def media(self, *features, kind=""):
        """As the system has it: ("prefers-color-scheme", "dark")."""
        self.send("Emulation.setEmulatedMedia", media=kind, features=[
            {"name": name, "value": value} for name, value in features])

    def run(self, script):
        """The value of an expression of JavaScript, as of JSON."""
        done = self.send("Runtime.evaluate", expression=script,
                         returnByValue=True, awaitPromise=True,
                         userGesture=True)
        if "exceptionDetails" in done:
            raise Refused(f"{script}: {done['exceptionDetails']}")
        return done["result"].get("value")

    def wait(self, script, seconds=REPLY):
        """The first true value of the expression."""
        end = time.monotonic() + seconds
        while True:
            value = self.run(script)
            if value:
                return value
            if time.monotonic() > end:
                raise Late(f"not within {seconds} s: {script}")
            time.sleep(PAUSE)

    def texts(self, selector):
        """What is written in each element of that selector."""
        return self.run(f"""[...document.querySelectorAll({selector!r})].map(
            (element) => element.innerText.trim())""")

    def count(self, selector):
        return self.run(
            f"document.querySelectorAll({selector!r}).length")

    def middle(self, selector):
        """Where the first of them is, scrolled to."""
        place = self.run(f"""(() => {{
            const element = document.querySelector({selector!r});
            if (!element)
                return null;
            element.scrollIntoView({{block: "center"}});
            const box = element.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()""")
        if not place:
            raise Refused(f"no {selector}")
        return place

    def mouse(self, kind, x, y, buttons=0):
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y,
                  button="none" if kind == "mouseMoved" else "left",
                  buttons=buttons, clickCount=1)

    def click(self, selector):
        x, y = self.middle(selector)
        self.mouse("mouseMoved", x, y)
        self.mouse("mousePressed", x, y, 1)
        self.mouse("mouseReleased", x, y)
        self.settle()

    def drag(self, first, last):
        self.mouse("mouseMoved", *first)
        self.mouse("mousePressed", *first, 1)
        self.mouse("mouseMoved", *last, 1)
        self.mouse("mouseReleased", *last)
        self.settle()

    def key(self, name, modifiers=0, times=1):
        text = {"Enter": "\r", "Space": " "}.get(name)
        what = {"key": " " if name == "Space" else name, "code": name,
                "windowsVirtualKeyCode": KEYS[name], "modifiers": modifiers}
        for _ in range(times):
            self.send("Input.dispatchKeyEvent", type="keyDown",
                      **what, **({"text": text} if text else {}))
            self.send("Input.dispatchKeyEvent", type="keyUp", **what)
        self.settle()

    def type(self, text):
        self.send("Input.insertText", text=text)
        self.settle()

    def settle(self):
        """Until what was asked for is drawn."""
        self.run("new Promise((done) => requestAnimationFrame(() => "
                 "requestAnimationFrame(() => done(true))))")

    def focused(self):
        """How the element that has the focus is called."""
        return self.run("""(() => {
            const it = document.activeElement;
            return it.getAttribute("aria-label") || it.id ||
                it.innerText || it.tagName;
        })()""")

    def picture(self, path, whole=False):
        """A PNG of what can be seen, or of the page from top to bottom."""
        more = {}
        if whole:
            size = self.send("Page.getLayoutMetrics")["cssContentSize"]
            more = {"captureBeyondViewport": True,
                    "clip": {"x": 0, "y": 0, "width": size["width"],
                             "height": size["height"], "scale": 1}}
        self.settle()
        data = self.send("Page.captureScreenshot", format="png", **more)
        pathlib.Path(path).write_bytes(base64.b64decode(data["data"]))

    def pdf(self, path):
        data = self.send("Page.printToPDF", printBackground=True,
                         preferCSSPageSize=True)
        pathlib.Path(path).write_bytes(base64.b64decode(data["data"]))

    def mine(self, method):
        return [event["params"] for event in self.browser.events
                if event.get("sessionId") == self.session and
                event["method"] == method]

    def complaints(self):
        """Errors, warnings of the console, violations of the policy."""
        self.run("0")  # what was on its way has come
        said = [each["exceptionDetails"].get("exception", {}).get(
            "description", each["exceptionDetails"]["text"])
                for each in self.mine("Runtime.exceptionThrown")]
        said += [each["entry"]["text"] for each in self.mine("Log.entryAdded")]
        said += [f"{each['type']}: {each['args']}"
                 for each in self.mine("Runtime.consoleAPICalled")]
        return said + self.run("window.violations")

    def requests(self):
        """What was asked for but for the page itself. (A data: URL is an icon
        of the browser's own, in a field for a date.)"""
        urls = [each["request"]["url"]
                for each in self.mine("Network.requestWillBeSent")]
        return [url for url in urls if url.split("#")[0] != self.url and
                not url.startswith("data:")]

    def close(self):
        self.browser.send("Target.closeTarget", targetId=self.target)
