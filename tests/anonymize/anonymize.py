#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Anonymised captures say the same, and name nobody.

usage: anonymize.py BUILD TESTS [--scenarios | CAPTURE... | FOLDER...]

Of each capture (with --scenarios: of each scenario made one): the report with
--anonymize says what the one without says, but for names; the capture as
--anonymize has its packets, written and read again, gives that very report;
and in it, in what --annotate writes, and in every format of the report (of
scenarios: in JSON), none of the names is left that the capture held.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from compare import differences
from leaks import found, identities

# None of the few short words in the captures becomes another of them by it.
KEY = "a key of nobody for tests, number 1"
FORMATS = [("text", "--ladder", "--severity", "note"), ("json",), ("ndjson",),
           ("csv",), ("html",), ("mermaid",)]
# What an annotated capture, read again, says of each.
COURSE = ("kind", "outcome", "cause", "status")
LISTS = ("registrations", "findings", "exchanges", "nodes", "summary")


def output(build, capture, *options):
    run = subprocess.run([build / "analyzer/imsleuth", *options, capture],
                         capture_output=True, check=False, timeout=120)
    if not run.stdout:
        raise AssertionError(f"{capture}: exit status {run.returncode}: "
                             f"{run.stderr.decode(errors='replace')}")
    return run.stdout


def report_of(build, capture, *options):
    return json.loads(output(build, capture, "-f", "json", *options))


def leaks(build, words, capture, written, options, formats):
    places = [("the packets", written.read_bytes())]
    for name, *more in formats:
        places.append((name, output(build, capture, "-f", name, *more,
                                    *options)))
    return [f"{word}: in {place}" for place, data in places
            for word in found(words, data)]


def annotated(build, words, capture, report, options, target):
    """The same of --annotate, which has its own way to the packets."""
    output(build, capture, "-f", "json", "--annotate", target, *options)
    again = report_of(build, target)
    wrong = [f"{word}: in the annotated capture"
             for word in found(words, target.read_bytes())]
    courses = [[[r[key] for key in COURSE] for r in one["registrations"]]
               for one in (report, again)]
    if courses[0] != courses[1]:
        wrong.append("the annotated capture, read again, says "
                     f"{courses[1]}, not {courses[0]}")
    target.unlink()
    return wrong


def check(build, capture, scratch, formats=FORMATS):
    """What is wrong, as lines."""
    key = scratch.with_suffix(".key")
    written = scratch.with_suffix(".anonymized.pcapng")
    key.write_text(KEY)
    options = ("--anonymize", "--anonymize-key", str(key))
    plain = report_of(build, capture)
    report = report_of(build, capture, *options)
    wrong = differences(plain, report)
    subprocess.run([build / "tests/anonymized", KEY, capture, written],
                   check=True, stdout=subprocess.DEVNULL, timeout=120)
    again = report_of(build, written)
    for name in LISTS:
        if again[name] != report[name]:
            wrong.append(f"{name} of the packets, read again, are others")
    words = identities(pathlib.Path(capture).read_bytes(), plain)
    wrong += leaks(build, words, capture, written, options, formats)
    if formats is FORMATS:
        wrong += annotated(build, words, capture, report, options,
                           scratch.with_suffix(".annotated.pcapng"))
    for path in (key, written):
        path.unlink()
    return wrong


def check_scenario(build, library, scenario, scratch):
    capture = scratch.with_suffix(".pcapng")
    subprocess.run([build / "tests/scn2pcapng", library, scenario, capture],
                   check=True)
    wrong = check(build, capture, scratch, (("json",),))
    capture.unlink()
    return wrong


def captures_of(arguments):
    for path in map(pathlib.Path, arguments):
        if path.is_dir():
            yield from sorted(p for p in path.iterdir()
                              if p.suffix in (".pcap", ".pcapng"))
        else:
            yield path


def main():
    build, tests = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    library = tests / "scn/lib"
    jobs = []
    for argument in sys.argv[3:]:
        if argument == "--scenarios":
            jobs += [*sorted(tests.glob("rules/*/*.scn")),
                     *sorted(tests.glob("scn/flows/*.scn")),
                     *sorted(tests.glob("signatures/*.scn")),
                     *sorted(tests.glob("page/scn/*.scn"))]
        elif argument.endswith(".scn"):
            jobs.append(pathlib.Path(argument))
        else:
            if not pathlib.Path(argument).exists():
                return 77
            jobs += captures_of([argument])
    with tempfile.TemporaryDirectory() as folder, \
            ThreadPoolExecutor(os.cpu_count()) as pool:
        def run(job):
            scratch = pathlib.Path(folder) / str(job[0])
            if job[1].suffix == ".scn":
                return check_scenario(build, library, job[1], scratch)
            return check(build, job[1], scratch)
        results = list(pool.map(run, enumerate(jobs)))
    for path, lines in zip(jobs, results):
        for line in lines[:12]:
            print(f"{path.name}: {line[:600]}")
    n_wrong = sum(1 for lines in results if lines)
    print(f"{len(jobs) - n_wrong} of {len(jobs)} say the same, and name nobody")
    return 1 if n_wrong or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
