# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark on a display of its own, worked by keys and read by copying.

What the window shows is read as a user would take it out: the packet list,
the packet details and the tables all copy themselves as text.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import time

WIDTH, HEIGHT = 1400, 900
READY = 60  # seconds: a busy machine starts slowly
REPLY = 20
PAUSE = 0.1
NOBODY = 65534
PACKET_LIST = (300, 150)  # where a click lands in its upper rows,
DETAILS = (300, 500)  # and in those of the packet's tree


class Late(Exception):
    """Something did not come in time."""


def until(what, seconds, condition):
    """The first true value of the condition."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Late(f"not within {seconds} s: {what}")
        time.sleep(PAUSE)


def as_user(home, plugins):
    """What a command is begun with, and its environment: never as root, for
    whom Wireshark loads no plugin of a WIRESHARK_PLUGIN_DIR."""
    environment = {
        "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"], "QT_QPA_PLATFORM": "xcb",
        "WIRESHARK_PLUGIN_DIR": str(plugins),
        "WIRESHARK_DEBUG_WMEM_OVERRIDE": "strict",
    }
    if os.getuid() != 0:
        return [], environment
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
            "--clear-groups"], environment


def give_away(folder):
    """Makes a folder the user's."""
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)


class Screen:
    """A virtual display."""

    def __enter__(self):
        reader, writer = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-nolisten", "tcp",
             "-screen", "0", f"{WIDTH}x{HEIGHT}x24"],
            pass_fds=[writer], stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as answer:
            self.display = f":{answer.readline().strip()}"
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()

    def run(self, *command, **more):
        return subprocess.run(
            command, env={**os.environ, "DISPLAY": self.display}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=REPLY,
            check=False, **more).stdout

    def put(self, text):
        """Into the clipboard. xclip stays to give it out: no pipe to it."""
        subprocess.run(["xclip", "-i", "-selection", "clipboard"],
                       env={**os.environ, "DISPLAY": self.display},
                       input=text, text=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=REPLY, check=True)

    def picture(self, path):
        self.run("import", "-window", "root", str(path))

    def settle(self):
        """Waits until nothing on it moves any more."""
        seen = [None]

        def still():
            before, seen[0] = seen[0], self.run(
                "sh", "-c", "import -window root rgb:- | sha256sum")
            return before == seen[0]
        until("a display that is still", REPLY, still)

    def n_colours(self):
        return int(self.run("sh", "-c", "import -window root -depth 8 rgb:- "
                            "| od -An -v -tx1 -w3 | sort -u | wc -l"))

    def windows(self):
        """Title to window, of those that can be seen."""
        found = {}
        for window in self.run("xdotool", "search", "--onlyvisible",
                               "--name", ".").split():
            title = self.run("xdotool", "getwindowname", window).strip()
            if title:
                found[title] = window
        return found


class Wireshark:
    """A running Wireshark, the keys of which go to its newest window."""

    def __init__(self, screen, home, plugins, *options):
        self.screen = screen
        self.window = None
        self.log = pathlib.Path(home, "log")
        prefix, environment = as_user(home, plugins)
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*prefix, "wireshark", "-o", "gui.update.enabled:FALSE",
                 *options], cwd=home, stdout=log, stderr=log,
                env={**environment, "DISPLAY": screen.display})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def alive(self):
        return self.process.poll() is None

    def wait_title(self, part, seconds=REPLY):
        """Waits for a window with that in its title; keys go there then."""
        def look():
            if not self.alive():
                raise Late(f"Wireshark ended: {self.log.read_text()}")
            return [entry for entry in self.screen.windows().items()
                    if part in entry[0]]
        title, self.window = until(f"a window '{part}'", seconds, look)[-1]
        self.screen.run("xdotool", "windowfocus", "--sync", self.window)
        return title

    def keys(self, *names):
        self.screen.run("xdotool", "key", "--delay", "60", *names)

    def type(self, text):
        self.screen.run("xdotool", "type", "--delay", "15", text)

    def click(self, place):
        self.screen.run("xdotool", "mousemove", str(place[0]), str(place[1]),
                        "click", "1")

    def copied(self, *keys):
        """What those keys put into the clipboard."""
        mark = f"mark {time.monotonic()}"
        self.screen.put(mark)
        self.keys(*keys)
        text = until(f"copied by {keys}", REPLY, lambda: self.paste(mark))
        return text.splitlines()

    def paste(self, mark):
        text = self.screen.run("timeout", "5", "xclip", "-o", "-selection",
                               "clipboard")
        return text if text != mark else None

    def rows(self):
        """The packet list: a list of cells a row."""
        self.click(PACKET_LIST)
        return [line.split("\t")
                for line in self.copied("ctrl+a", "ctrl+c")]

    def go_to(self, frame):
        self.keys("ctrl+g")
        self.type(str(frame))
        self.keys("Return")

    def details(self):
        """The tree of the packet chosen, all of it open."""
        self.click(DETAILS)
        self.keys("ctrl+Right")
        return self.copied("ctrl+alt+shift+a")

    def filter(self, text):
        """Pasted, as what is typed is completed with other fields' names."""
        self.keys("ctrl+slash", "ctrl+a", "BackSpace")
        if text:
            self.screen.put(text)
            self.keys("ctrl+v")
        self.keys("Return")

    def quit(self):
        self.keys("ctrl+q")
        try:
            return self.process.wait(REPLY)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            return None


def missing(programs):
    return [name for name in programs if not shutil.which(name)]
