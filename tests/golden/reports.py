#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares reports with the ones kept beside this script.

NAME.txt is what `imsleuth NAME.pcapng` prints in the folder of captures,
NAME.json what `-f json` does. With --update the kept ones are written anew;
naming one that is not there yet makes it.
"""

import argparse
import difflib
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CAPTURES = HERE.parent.parent / "captures"
NOT_REPORTS = {"public.json"}


def capture_of(name):
    for suffix in (".pcapng", ".pcap"):
        path = CAPTURES / (pathlib.Path(name).stem + suffix)
        if path.exists():
            return path.name
    raise SystemExit(f"{name}: there is no such capture")


def normalised(text, suffix):
    """Without what changes from version to version."""
    if suffix != ".json":
        return text
    report = json.loads(text)
    report["imsleuth"] = "VERSION"
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


def report(imsleuth, name):
    suffix = pathlib.Path(name).suffix
    options = ["-f", "json"] if suffix == ".json" else []
    run = subprocess.run([imsleuth, *options, capture_of(name)], cwd=CAPTURES,
                         capture_output=True, check=False, timeout=120)
    if run.returncode not in (0, 1):
        raise SystemExit(f"{name}: exit status {run.returncode}: "
                         f"{run.stderr.decode(errors='replace')}")
    return normalised(run.stdout.decode("utf-8"), suffix)


def differs(imsleuth, name):
    kept = (HERE / name).read_text(encoding="utf-8")
    lines = list(difflib.unified_diff(
        kept.splitlines(True), report(imsleuth, name).splitlines(True),
        f"{name} (kept)", f"{name} (now)"))
    sys.stdout.writelines(lines)
    return bool(lines)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("imsleuth", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    imsleuth = arguments.imsleuth.resolve()
    names = arguments.names or sorted(
        p.name for p in HERE.iterdir()
        if p.suffix in (".txt", ".json") and p.name not in NOT_REPORTS)
    if arguments.update:
        for name in names:
            (HERE / name).write_text(report(imsleuth, name),
                                     encoding="utf-8")
        return 0
    different = [name for name in names if differs(imsleuth, name)]
    print(f"{len(names) - len(different)} of {len(names)} reports are as kept"
          + (": tests/golden/reports.py --update, if they are better now"
             if different else ""))
    return 1 if different or not names else 0


if __name__ == "__main__":
    sys.exit(main())
