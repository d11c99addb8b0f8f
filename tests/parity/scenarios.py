#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The engine says the same of a scenario's events and of its packets.

usage: scenarios.py BUILD TESTS [SCENARIO...]

Each scenario is fed to the engine as it is, and is made a capture that the
program reads: registrations, findings, severities and evidence frames are
the same, so what is true of a rule's specimens is true of captures.
"""

import itertools
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


def output_of(*command, status=(0,)):
    run = subprocess.run(command, capture_output=True, check=False,
                         timeout=600)
    if run.returncode not in status:
        raise AssertionError(f"{command[0]}: {run.returncode}\n"
                             f"{run.stderr.decode(errors='replace')}")
    return run.stdout.decode()


def fed(build, library, scenarios):
    """What the engine says of each; of all by one program, as here most of a
    program's time is its start."""
    said = output_of(build / "tests/scn_run", library, "print", *scenarios)
    return [sorted(text.splitlines()[1:])
            for text in re.split("^scenario ", said, flags=re.M)[1:]]


def frames(finding):
    return " ".join(str(frame["frame"]) for frame in finding["frames"])


def lines_of(report):
    lines = [f"registration {r['id']} {r['kind']} {r['outcome']} "
             f"{r['cause'] or 'none'} {r['status'] or 0}"
             for r in report["registrations"]]
    lines += [f"finding {f['rule']} {f['severity']} {f['confidence']} "
              f"{f['registration'] or 0} {frames(f)}".rstrip()
              for f in report["findings"]]
    return sorted(lines)


def read(build, library, scenarios, folder):
    """The same of them as captures."""
    captures = [folder / f"{i}.pcapng" for i in range(len(scenarios))]
    output_of(build / "tests/scn2pcapng", library,
              *itertools.chain(*zip(scenarios, captures)))
    said = output_of(build / "analyzer/imsleuth", "-f", "json", "--separate",
                     *captures, status=(0, 1))
    return map(lines_of, json.loads(said))


def differences(scenario, as_events, as_packets):
    if re.search(r"\scut \d", scenario.read_text()):
        as_packets = [line for line in as_packets
                      if line in as_events
                      or not line.startswith(NOT_IN_EVENTS)]
    return ([f"  engine alone: {line}" for line in as_events
             if line not in as_packets]
            + [f"  in a capture: {line}" for line in as_packets
               if line not in as_events])


def compare(build, library, scenarios):
    with tempfile.TemporaryDirectory() as folder:
        return [*map(differences, scenarios,
                     fed(build, library, scenarios),
                     read(build, library, scenarios, pathlib.Path(folder)))]


def main():
    build, tests = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    library = tests / "scn/lib"
    every = [pathlib.Path(p) for p in sys.argv[3:]] or sorted(
        [*tests.glob("rules/*/*.scn"), *tests.glob("scn/flows/*.scn")])
    scenarios = [scenario for scenario in every if not any(
        words in scenario.read_text() for words in NOT_IN_PACKETS)]
    shares = [scenarios[i::os.cpu_count()] for i in range(os.cpu_count())]
    n_same = 0
    with ThreadPoolExecutor() as pool:
        results = pool.map(lambda share: compare(build, library, share),
                           [share for share in shares if share])
        for share, found in zip(shares, results):
            for scenario, lines in zip(share, found, strict=True):
                n_same += not lines
                if lines:
                    print(f"{scenario}:", *lines, sep="\n")
    print(f"{n_same} of {len(scenarios)} scenarios are told alike; "
          f"{len(every) - len(scenarios)} hold what no packet shows")
    return 0 if n_same == len(scenarios) else 1


if __name__ == "__main__":
    sys.exit(main())
