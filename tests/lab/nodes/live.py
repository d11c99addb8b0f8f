# SPDX-License-Identifier: GPL-2.0-or-later
"""imsleuth that listens while something is played: its lines, and when each
of them came."""

import json
import signal
import subprocess
import threading
import time
from datetime import datetime

from plan import ACCESS, CORE

from .processes import Failed, check, wait_until


def _seconds(text):
    """A time of the report (RFC 3339, nanoseconds) as those of time.time()."""
    return datetime.fromisoformat(text[:26] + "+00:00").timestamp()


class Live:
    """`piped`: dumpcap captures on both bridges, and imsleuth reads from it;
    else it listens to the core's bridge itself."""

    def __init__(self, core, piped):
        self._lines = []  # (when it came, object)
        self._dumpcap = None
        source, given = ["-i", CORE], subprocess.DEVNULL
        if piped:
            self._dumpcap = subprocess.Popen(
                ["dumpcap", "-q", "-i", ACCESS, "-i", CORE, "-w", "-"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self._await_dumpcap()
            source, given = ["-"], self._dumpcap.stdout
        self._program = subprocess.Popen(
            [str(core.imsleuth), "-f", "ndjson", *source], stdin=given,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._errors = []
        for read in (self._read_lines, self._read_errors):
            threading.Thread(target=read, daemon=True).start()
        if not piped:
            wait_until(lambda: self._errors, "imsleuth listens")

    def _await_dumpcap(self):
        for line in self._dumpcap.stderr:
            if line.startswith("File:"):
                return
        raise Failed("dumpcap does not capture")

    def _read_lines(self):
        for line in self._program.stdout:
            self._lines.append((time.time(), json.loads(line)))

    def _read_errors(self):
        for line in self._program.stderr:
            self._errors.append(line)

    def delay_of(self, rule, seconds=20):
        """Waits for a finding; how long it came after its last frame was
        sent, by the time that the finding has."""
        def found():
            return next(((when, line) for when, line in list(self._lines)
                         if line["type"] == "finding"
                         and line["rule"] == rule), None)
        when, line = wait_until(found, f"{rule} is told", seconds)
        return when - _seconds(line["time"])

    def end(self):
        """By Ctrl-C, or the end of the pipe: its exit status; the summary is
        the last line."""
        if self._dumpcap:
            self._dumpcap.send_signal(signal.SIGINT)
        else:
            self._program.send_signal(signal.SIGINT)
        status = self._program.wait(10)
        wait_until(lambda: self._lines and
                   self._lines[-1][1]["type"] == "summary", "the summary")
        check(all(line["type"] != "summary" for _, line in self._lines[:-1]),
              "one summary")
        return status
