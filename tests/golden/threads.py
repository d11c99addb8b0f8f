#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""However many threads there are: output, complaints and status are the same.

Runs the program over the captures with one thread and with several, as one
observation and separately, with captures among them that are damaged or none.
"""

import argparse
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CAPTURES = HERE.parent.parent / "captures"
THREADS = ("2", "5")


def inputs(folder):
    """The captures, and three that cannot be read whole."""
    good = sorted(CAPTURES.glob("*.pcap*"))
    whole = good[0].read_bytes()
    cut = folder / "cut.pcapng"
    cut.write_bytes(whole[:len(whole) * 2 // 3])
    none = folder / "none.pcap"
    none.write_bytes(b"nothing of the kind")
    return [*good[:3], cut, *good[3:], none, folder / "missing.pcap"]


def run(imsleuth, *arguments):
    done = subprocess.run([imsleuth, *arguments], capture_output=True,
                          check=False, timeout=300)
    return done.returncode, done.stdout, done.stderr


def differences(imsleuth, files):
    n = 0
    for form in ("text", "json", "ndjson", "csv", "mermaid"):
        for how in ([], ["--separate"]):
            arguments = ["-f", form, *how, *map(str, files)]
            one = run(imsleuth, "-j", "1", *arguments)
            assert one[0] == 2 and one[1] and b"cut.pcapng" in one[2], one[2]
            for threads in THREADS:
                n += 1
                if run(imsleuth, "-j", threads, *arguments) != one:
                    yield f"-j {threads} -f {form} {' '.join(how)}"
    print(f"{n} runs compared")


def stops_for(imsleuth, files):
    """A full disk is told once, and ends the run."""
    for threads in ("1", "4"):
        status, out, err = run(imsleuth, "-j", threads, "-f", "ndjson",
                               "--separate", "-o", "/dev/full",
                               *map(str, files))
        if status != 2 or out or err.count(b"/dev/full: ") != 1:
            yield f"-j {threads} -o /dev/full: {status} {err!r}"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("imsleuth")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = inputs(pathlib.Path(folder))
        wrong = [*differences(args.imsleuth, files),
                 *stops_for(args.imsleuth, files)]
    for line in wrong:
        print(f"differs: {line}")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
