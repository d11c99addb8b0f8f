# SPDX-License-Identifier: GPL-2.0-or-later
"""Instructions that imsleuth executes, counted by valgrind: the same on every
machine, however busy."""

import functools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import captures
from usage import Failure

# What glibc chooses by the CPU (ifunc) is chosen as for the oldest x86-64.
PLAIN = "glibc.cpu.hwcaps=" + ",".join(f"-{name}" for name in (
    "AVX2_Usable", "AVX2", "AVX", "ERMS", "FSRM", "BMI1", "BMI2", "LZCNT",
    "MOVBE", "POPCNT", "RTM", "SSE4_1", "SSE4_2", "SSSE3", "XSAVEC", "FMA",
    "AVX512F", "AVX512VL", "AVX512BW", "Fast_Unaligned_Load",
    "Prefer_No_VZEROUPPER"))


def count(imsleuth, form, capture, threads=1):
    """Instructions of a run that writes a report of the FORM."""
    valgrind = shutil.which("valgrind")
    if not valgrind:
        raise Failure("there is no valgrind")
    environment = {k: v for k, v in os.environ.items()
                   if not k.startswith(("IMSLEUTH_", "XDG_", "G_"))}
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [valgrind, "--tool=cachegrind", "--cache-sim=no",
             "--cachegrind-out-file=/dev/null", imsleuth, "--quiet", "-j",
             str(threads), "-f", form, "-o", f"{home}/out", capture],
            env=environment | {"HOME": home, "LC_ALL": "C",
                               "GLIBC_TUNABLES": PLAIN},
            stderr=subprocess.PIPE, text=True, check=False)
    found = re.search(r"I +refs: +([\d,]+)", done.stderr)
    if done.returncode not in (0, 1) or not found:
        raise Failure(f"valgrind ended with {done.returncode}: {done.stderr}")
    return int(found[1].replace(",", ""))


@functools.cache
def start(imsleuth, form):
    """What a capture without packets takes."""
    with tempfile.TemporaryDirectory() as folder:
        empty = pathlib.Path(folder) / "empty.pcap"
        empty.write_bytes(captures.HEADER)
        return count(imsleuth, form, empty)


def beyond_start(imsleuth, form, capture):
    return count(imsleuth, form, capture) - start(imsleuth, form)
