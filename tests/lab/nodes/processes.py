# SPDX-License-Identifier: GPL-2.0-or-later
"""Processes: each in a session of its own, what it says in a file, ended
with all that it started."""

import os
import signal
import subprocess
import time


class Failed(Exception):
    """Something of the laboratory did not do its part."""


class Impossible(Exception):
    """This machine cannot play that; nothing has gone wrong."""


def check(condition, what):
    if not condition:
        raise Failed(f"expected {what}")


def wait_until(condition, what, seconds=10.0, pause=0.02):
    """The first true value of condition()."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise Failed(f"after {seconds:g} s still not: {what}")
        time.sleep(pause)
    return value


class Process:
    """`log`: path for both its outputs."""

    def __init__(self, command, log, cwd=None, environment=None):
        self.name = log.stem
        self.log = log
        with open(log, "wb") as file:
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                start_new_session=True, cwd=cwd,
                env=environment and {**os.environ, **environment})

    def text(self):
        return self.log.read_text(errors="replace")

    def is_running(self):
        return self._child.poll() is None

    def check(self):
        """Failed, if it has ended by itself."""
        if not self.is_running():
            raise Failed(f"{self.name} ended with {self._child.returncode}:\n"
                         + self.text()[-2000:])

    def wait_for(self, text, seconds=10.0):
        """Until it has written that."""
        def written():
            if text in self.text():
                return True
            self.check()
            return False
        wait_until(written, f"{self.name} writes {text!r}", seconds)

    def wait(self, seconds):
        """Its exit status."""
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} still runs after {seconds:g} s:\n"
                         + self.text()[-2000:]) from None

    def send(self, number):
        try:
            os.killpg(self._child.pid, number)
        except ProcessLookupError:
            pass

    def end(self, number=signal.SIGKILL):
        """Kamailio takes seconds to end by itself, and nobody waits for
        what it would still say."""
        self.send(number)
        try:
            self._child.wait(5)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGKILL)
            self._child.wait()
