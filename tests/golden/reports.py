#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares reports with the ones kept beside this script.

NAME.txt is what `imsleuth NAME.pcapng` prints in the folder of captures,
NAME.json what `-f json` does, NAME.csv and NAME.mmd what `-f csv` and
`-f mermaid`, NAME.ladder.txt `--ladder`. With --update the kept ones are written anew;
naming one that is not there yet makes it.
"""

import argparse
import difflib
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CAPTURES = HERE.parent.parent / "captures"
NOT_REPORTS = {"public.json"}
OPTIONS = {".ladder.txt": ["--ladder"], ".json": ["-f", "json"],
           ".csv": ["-f", "csv"], ".mmd": ["-f", "mermaid"], ".txt": []}


def ending_of(name):
    """The one of OPTIONS that a kept report's name has."""
    return next(ending for ending in OPTIONS if name.endswith(ending))


def capture_of(name):
    for suffix in (".pcapng", ".pcap"):
        path = CAPTURES / (name.removesuffix(ending_of(name)) + suffix)
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
    ending = ending_of(name)
    run = subprocess.run([imsleuth, *OPTIONS[ending], capture_of(name)],
                         cwd=CAPTURES, capture_output=True, check=False,
                         timeout=120,
                         env={**os.environ, "LC_ALL": "C.UTF-8"})
    if run.returncode not in (0, 1):
        raise SystemExit(f"{name}: exit status {run.returncode}: "
                         f"{run.stderr.decode(errors='replace')}")
    return normalised(run.stdout.decode("utf-8"), ending)


def differs(imsleuth, name):
    kept = (HERE / name).read_bytes().decode("utf-8")
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
        if p.suffix in (".txt", ".json", ".csv", ".mmd")
        and p.name not in NOT_REPORTS)
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
