# SPDX-License-Identifier: GPL-2.0-or-later
"""What a command uses: CPU time, wall time, memory."""

import dataclasses
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# A process's peak begins at what the one before exec() had: so it is begun
# by one that is as small as a Python can be (9 MiB).
# SMALL: without the large pages that the program asks the system for.
RUNNER = """
import os, sys, time
began = time.monotonic()
child = os.fork()
if not child:
    try:
        if sys.argv[2] == "small":
            import ctypes
            PR_SET_THP_DISABLE = 41
            if ctypes.CDLL(None).prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0):
                raise OSError("large pages cannot be switched off")
        os.execvp(sys.argv[3], sys.argv[3:])
    except OSError as error:
        os.write(2, str(error).encode())
        os._exit(127)
_, status, used = os.wait4(child, 0)
os.write(int(sys.argv[1]), b"%f %f %d" % (
    used.ru_utime + used.ru_stime, time.monotonic() - began, used.ru_maxrss))
os._exit(min(os.waitstatus_to_exitcode(status) % 256, 255))
"""


class Failure(Exception):
    pass


@dataclasses.dataclass
class Used:
    cpu: float                  # seconds, user and system
    wall: float
    peak: float                 # MiB


def of(command, out=subprocess.DEVNULL, good=(0,), environment=None,
       small_pages=False):
    """Runs it to its end; OUT gets what it prints."""
    answer, told = os.pipe()
    with tempfile.TemporaryFile() as error, os.fdopen(answer) as answer:
        child = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", RUNNER, str(told),
             "small" if small_pages else "large",
             *map(str, command)], stdout=out, stderr=error,
            stdin=subprocess.DEVNULL, env=environment, pass_fds=[told])
        os.close(told)
        figures = answer.read().split()
        if child.wait() not in good:
            error.seek(0)
            raise Failure(f"{' '.join(map(str, command))} ended with "
                          f"{child.returncode}: "
                          + error.read()[-2000:].decode(errors="replace"))
    cpu, wall, peak = map(float, figures)
    return Used(cpu, wall, peak / 1024)


def make(script, *words):
    """Makes a capture with a script of this folder."""
    of([sys.executable, HERE / script, *words])


def first_line(*command):
    """What a command says of itself; None without it."""
    if not shutil.which(command[0]):
        return None
    done = subprocess.run(command, capture_output=True, text=True,
                          check=False)
    return next((line.strip() for line in (done.stdout + done.stderr)
                 .splitlines() if re.search(r"\d\.\d", line)), None)


def machine():
    """A line about it."""
    def said(path, pattern):
        try:
            text = pathlib.Path(path).read_text(encoding="utf-8")
            return re.search(pattern, text)[1]
        except (OSError, TypeError):
            return "unknown"
    memory = said("/proc/meminfo", r"MemTotal: +(\d+)")
    return {
        "CPU": said("/proc/cpuinfo", r"model name\s*: (.*)"),
        "cores": os.cpu_count(),
        "memory": f"{int(memory) / 2**20:.0f} GiB"
                  if memory.isdecimal() else memory,
        "system": said("/etc/os-release", r'PRETTY_NAME="(.*)"'),
        "kernel": f"{platform.system()} {platform.release()}",
        "load": round(os.getloadavg()[0], 1)}
