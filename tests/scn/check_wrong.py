#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A scenario that is wrong is refused, with file, line and reason.

usage: check_wrong.py SCN_RUN FOLDER

The first line of each scenario is `# error: ` and what must be said.
"""

import pathlib
import re
import subprocess
import sys


def problem(scn_run, library, scenario):
    first = scenario.read_text(encoding="utf-8").splitlines()[0]
    wanted = first.removeprefix("# error: ")
    run = subprocess.run([scn_run, library, "flow", scenario], check=False,
                         capture_output=True, text=True)
    said = run.stderr.strip()
    if run.returncode != 2:
        return f"status {run.returncode}, not 2: {run.stdout}{said}"
    if not re.match(r"\S+\.scn:\d+: ", said) or wanted not in said:
        return f"says {said!r}, not {wanted!r}"
    return None


def main():
    scn_run, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    scenarios = sorted((folder / "wrong").glob("*.scn"))
    problems = [(s, problem(scn_run, folder / "lib", s)) for s in scenarios]
    for scenario, what in problems:
        if what:
            print(f"{scenario.name}: {what}")
    return 1 if any(what for _, what in problems) or not problems else 0


if __name__ == "__main__":
    sys.exit(main())
