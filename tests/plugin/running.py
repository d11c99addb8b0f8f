# SPDX-License-Identifier: GPL-2.0-or-later
"""tshark with the plugin, as an ordinary user: root loads no plugin of its own.

What the other user is to read is copied to a folder of his: a checkout may
lie where only root may look.
"""
import contextlib
import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
NOBODY = 65534
# 2, or 14 from 4.6 on: the capture is cut short, or damaged.
ENDED_WELL = (0, 2, 14)
# What must not happen is loud: a dissector's bug ends the run.
LOUD = {"WIRESHARK_ABORT_ON_DISSECTOR_BUG": "1"}


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


@functools.cache  # a start of tshark takes half a second
def wireshark_version():
    """As in the plugin's folder: "4.0"; None without tshark."""
    if not shutil.which("tshark"):
        return None
    out = subprocess.run(["tshark", "--version"], check=True,
                         capture_output=True, text=True).stdout
    found = re.search(r"\b(\d+\.\d+)\.\d+", out)
    return found and found.group(1)


def sanitizer_of(plugin):
    """The runtime that must be in the program before such a plugin is."""
    out = subprocess.run(["ldd", plugin], check=False, text=True,
                         capture_output=True).stdout
    found = re.search(r"=> (\S*/lib(?:clang_rt\.)?asan\S*)", out)
    if not found:
        return {}
    # The host's own leaks are not ours to mend.
    return {"LD_PRELOAD": found.group(1),
            "ASAN_OPTIONS": "detect_leaks=0:detect_odr_violation=0"}


class Wireshark:
    """A home, the plugin in it, and copies of captures.

    with Wireshark(PLUGIN_DIR) as wireshark:
        out = wireshark.lines(capture, "-2", "-T", "fields", "-e", "frame")
    """

    def __init__(self, plugin_dir, environment=None):
        """PLUGIN_DIR/VERSION/epan/imsleuth.so; None: without the plugin."""
        self.environment = LOUD if environment is None else environment
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="imsleuth-test-"))
        self.plugins = self.home / "plugins"
        self.plugins.mkdir()
        self.copies = {}
        self.sanitizer = {}
        if plugin_dir:
            self._take_plugin(pathlib.Path(plugin_dir))
        self.give(self.home)

    def _take_plugin(self, plugin_dir):
        version = wireshark_version()
        if not version:
            skip("no tshark")
        plugin = plugin_dir / version / "epan" / "imsleuth.so"
        if not plugin.is_file():
            skip(f"no plugin for Wireshark {version} in {plugin_dir}")
        folder = self.plugins / version / "epan"
        folder.mkdir(parents=True)
        shutil.copy(plugin, folder)
        self._take_signatures(plugin)
        self.sanitizer = sanitizer_of(plugin)

    def _take_signatures(self, plugin):
        """They are looked for in share/imsleuth, above the plugin."""
        for above in plugin.resolve().parents:
            share = above / "share" / "imsleuth"
            if share.is_dir():
                shutil.copytree(share, self.home / "share" / "imsleuth")
                return

    def __enter__(self):
        return self

    def __exit__(self, *error):
        shutil.rmtree(self.home, ignore_errors=True)

    def give(self, path):
        """Path, and what is below it, belongs to the other user."""
        for each in [path, *path.rglob("*")]:
            each.chmod(0o755 if each.is_dir() else 0o644)
            if os.geteuid() == 0:
                os.chown(each, NOBODY, NOBODY)

    def copy(self, capture):
        """Where that user can read the capture."""
        capture = pathlib.Path(capture).resolve()
        if capture not in self.copies:
            folder = pathlib.Path(tempfile.mkdtemp(prefix="capture-",
                                                   dir=self.home))
            shutil.copy(capture, folder)
            self.give(folder)
            self.copies[capture] = folder / capture.name
        return self.copies[capture]

    def forget(self, capture):
        path = self.copies.pop(pathlib.Path(capture).resolve(), None)
        if path:
            shutil.rmtree(path.parent, ignore_errors=True)

    def environ(self):
        kept = {name: value for name, value in os.environ.items()
                if name in ("PATH", "LANG", "TZ", "DISPLAY")}
        return {**kept, "HOME": str(self.home),
                "XDG_RUNTIME_DIR": str(self.home),
                "WIRESHARK_PLUGIN_DIR": str(self.plugins),
                # No search for capture devices: it is slow, and hangs
                # where a sanitizer is in the way.
                "WIRESHARK_EXTCAP_DIR": str(self.home / "none"),
                **self.environment, **self.sanitizer}

    def user(self):
        """For subprocess: who runs it."""
        if os.geteuid() != 0:
            return {}
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []}

    def run(self, *command, timeout=120, **options):
        return subprocess.run(
            [str(word) for word in command], env=self.environ(),
            cwd=self.home, timeout=timeout, check=False, text=True,
            errors="replace", stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            **self.user(), **options)

    def tshark(self, capture, *options, **more):
        return self.run("tshark", "-r", self.copy(capture), *options, **more)

    def lines(self, capture, *options):
        """Standard output; a run that ended badly is an error."""
        done = self.tshark(capture, *options)
        if done.returncode not in ENDED_WELL:
            raise RuntimeError(f"tshark {' '.join(map(str, options))} on "
                               f"{capture}: {done.returncode}\n{done.stderr}")
        return done.stdout.splitlines()

    def fields(self, capture, display_filter, *names, options=("-2",)):
        """A dictionary a frame: each field's list of values."""
        words = [word for name in names for word in ("-e", name)]
        rows = self.lines(capture, *options, "-Y", display_filter, "-T",
                          "fields", "-E", "separator=/t", "-E",
                          "aggregator=\x1f", *words)
        # Later than 4.0 it doubles the backslashes of a text.
        doubled = wireshark_version() != "4.0"
        for row in rows:
            if doubled:
                row = row.replace("\\\\", "\\")
            yield dict(zip(names, ([v for v in cell.split("\x1f") if v]
                                   for cell in row.split("\t"))))


class Shark:
    """sharkd: one process that opens files one after the other."""

    def __init__(self, wireshark):
        self.wireshark = wireshark
        self.requests = []

    def ask(self, method, **params):
        request = {"jsonrpc": "2.0", "id": len(self.requests) + 1,
                   "method": method}
        if params:
            request["params"] = params
        self.requests.append(json.dumps(request))

    def answers(self, *prefix):
        self.ask("bye")
        done = subprocess.run(
            [*prefix, "sharkd", "-"], env=self.wireshark.environ(),
            input="\n".join(self.requests) + "\n", text=True, check=False,
            cwd=self.wireshark.home, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=300, **self.wireshark.user())
        answers = {}
        for line in done.stdout.splitlines():
            if line.startswith("{"):
                answer = json.loads(line)
                answers[answer["id"]] = answer.get("result")
        assert done.returncode == 0, done.stderr
        return [answers[i + 1] for i in range(len(self.requests))], done


@contextlib.contextmanager
def wireshark_with(plugin_dir, environment=None):
    with Wireshark(plugin_dir, environment) as wireshark:
        loaded = wireshark.run("tshark", "-G", "plugins").stdout
        if "imsleuth.so" not in loaded:
            raise RuntimeError(f"tshark did not load the plugin: {loaded}")
        yield wireshark


def keep(promises, case):
    """Each is a function of the case; how many were not kept."""
    failed = 0
    for promise in promises:
        try:
            promise(case)
            print(f"ok      {promise.__name__}")
        except (AssertionError, RuntimeError) as error:
            failed += 1
            print(f"not ok  {promise.__name__}: {str(error)[:2000]}")
    return failed


def captures_in(*folders):
    """The captures of the folders that are there, each name once."""
    found = {path.name: path for folder in folders
             if pathlib.Path(folder).is_dir()
             for path in sorted(pathlib.Path(folder).iterdir())
             if path.suffix in (".pcap", ".pcapng")}
    return [found[name] for name in sorted(found)]
