#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The engine says the same of a scenario's events and of its packets.

usage: scenarios.py BUILD TESTS [SCENARIO...]

Each scenario is fed to the engine as it is, and is made a capture that the
program reads: registrations, findings, severities and evidence frames are
the same, so what is true of a rule's specimens is true of captures.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

# What only events can say, as no packet shows it: drops of the capture.
NOT_IN_PACKETS = (" drops ", "fragment-lost", " fragmented", " gap ")
# A message cut on a stream is an event; its packets leave a hole besides.
NOT_IN_EVENTS = "finding capture_gap "


def fed(build, library, scenario):
    run = subprocess.run([build / "tests/scn_run", library, "print", scenario],
                         capture_output=True, check=True, text=True)
    return sorted(run.stdout.splitlines())


def frames(finding):
    return " ".join(str(frame["frame"]) for frame in finding["frames"])


def read(build, library, scenario, scratch):
    subprocess.run([build / "tests/scn2pcapng", library, scenario, scratch],
                   check=True)
    run = subprocess.run([build / "analyzer/imsleuth", "-f", "json", scratch],
                         capture_output=True, check=False, timeout=120)
    scratch.unlink()
    report = json.loads(run.stdout)
    lines = [f"registration {r['id']} {r['kind']} {r['outcome']} "
             f"{r['cause'] or 'none'} {r['status'] or 0}"
             for r in report["registrations"]]
    lines += [f"finding {f['rule']} {f['severity']} {f['confidence']} "
              f"{f['registration'] or 0} {frames(f)}".rstrip()
              for f in report["findings"]]
    return sorted(lines)


def differences(build, library, scenario, scratch):
    text = scenario.read_text()
    if any(words in text for words in NOT_IN_PACKETS):
        return None
    as_events = fed(build, library, scenario)
    as_packets = read(build, library, scenario, scratch)
    if re.search(r"\scut \d", text):
        as_packets = [line for line in as_packets
                      if line in as_events
                      or not line.startswith(NOT_IN_EVENTS)]
    return ([f"  engine alone: {line}" for line in as_events
             if line not in as_packets]
            + [f"  in a capture: {line}" for line in as_packets
               if line not in as_events])


def main():
    build, tests = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    library = tests / "scn/lib"
    scenarios = [pathlib.Path(p) for p in sys.argv[3:]] or sorted(
        [*tests.glob("rules/*/*.scn"), *tests.glob("scn/flows/*.scn")])
    with tempfile.TemporaryDirectory() as folder, \
            ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(
            lambda job: differences(build, library, job[1],
                                    pathlib.Path(folder) / f"{job[0]}.pcapng"),
            enumerate(scenarios)))
    for scenario, lines in zip(scenarios, results):
        if lines:
            print(f"{scenario}:", *lines, sep="\n")
    n_skipped = results.count(None)
    n_same = results.count([])
    print(f"{n_same} of {len(results) - n_skipped} scenarios are told alike; "
          f"{n_skipped} hold what no packet shows")
    return 0 if n_same + n_skipped == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
