#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Anonymised captures say the same, and name nobody.

usage: anonymize.py BUILD TESTS [--scenarios | CAPTURE... | FOLDER...]

Of each capture (with --scenarios: of each scenario made one): the report with
--anonymize says what the one without says, but for names; the capture as
--anonymize has its packets, written and read again, gives that very report;
and in it, in what --annotate writes, and in every format of the report (of
scenarios: in JSON), none of the names is left that the capture held. What is
looked at is read by one program for many captures.
"""

import collections
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from compare import differences
from leaks import found, identities

# None of the few short words in the captures becomes another of them by it.
KEY = "a key of nobody for tests, number 1"
# JSON is looked at in any case.
FORMATS = [("text", "--ladder", "--severity", "note"), ("ndjson",), ("csv",),
           ("html",), ("mermaid",)]
# What an annotated capture, read again, says of each.
COURSE = ("kind", "outcome", "cause", "status")
LISTS = ("registrations", "findings", "exchanges", "nodes", "summary")


def pairs(sources, targets):
    return itertools.chain(*zip(sources, targets, strict=True))


def output(build, captures, *options):
    """Of all by one program: in the most, its start takes longer."""
    run = subprocess.run(
        [build / "analyzer/imsleuth", "--separate", *options, *captures],
        capture_output=True, check=False, timeout=600)
    # A capture that is cut short is told of, and the rest of it said.
    told = run.stderr.decode(errors="replace")
    cut = told and all(": cut short in packet " in line
                       for line in told.splitlines())
    expected = (2,) if cut else (0, 1)
    if run.returncode not in expected or not run.stdout:
        raise AssertionError(f"{captures[0]}...: exit status {run.returncode}:"
                             f" {told}")
    return run.stdout


def written_of(build, captures, *options):
    """The report of each, as bytes."""
    every = output(build, captures, "-f", "json", *options)
    reports = re.split(rb'^(?={"imsleuth")', every, flags=re.M)[1:]
    return [report.rstrip(b",]\n") for report in reports]


def reports_of(build, captures, *options):
    return [*map(json.loads, written_of(build, captures, *options))]


class Share:
    """Captures that are looked at together, and what is wrong of each."""

    def __init__(self, build, captures, folder):
        self.build, self.captures = build, captures
        self.wrong = collections.defaultdict(list)
        key = folder / "key"
        key.write_text(KEY)
        self.options = ("--anonymize", "--anonymize-key", key)
        self.plain = reports_of(build, captures)
        self.written = written_of(build, captures, *self.options)
        self.reports = [*map(json.loads, self.written)]
        self.words = [identities(capture.read_bytes(), report)
                      for capture, report in zip(captures, self.plain)]
        self.made = [folder / f"made{i}.pcapng" for i in range(len(captures))]

    def look_for_words(self, place, of_each):
        """OF_EACH: the bytes in which no word of that capture may be."""
        for capture, words, data in zip(self.captures, self.words, of_each):
            self.wrong[capture] += [f"{word}: in {place}"
                                    for word in found(words, data)]

    def check_packets(self):
        """As packets are anonymised they give the report that was given."""
        subprocess.run([self.build / "tests/anonymized", KEY,
                        *pairs(self.captures, self.made)],
                       check=True, stdout=subprocess.DEVNULL, timeout=600)
        again = reports_of(self.build, self.made)
        for capture, plain, report, other in zip(
                self.captures, self.plain, self.reports, again):
            self.wrong[capture] += differences(plain, report)
            self.wrong[capture] += [
                f"{name} of the packets, read again, are others"
                for name in LISTS if other[name] != report[name]]
        self.look_for_words("the packets",
                            [path.read_bytes() for path in self.made])

    def check_formats(self, formats):
        self.look_for_words("the report", self.written)
        for name, *more in formats:
            data = output(self.build, self.captures, "-f", name, *more,
                          *self.options)
            self.look_for_words(name, [data] * len(self.captures))

    def check_annotated(self):
        """The same of --annotate, which has its own way to the packets."""
        for capture, target in zip(self.captures, self.made):
            subprocess.run([self.build / "analyzer/imsleuth", "--annotate",
                            target, "-f", "json", *self.options, capture],
                           check=False, timeout=120, capture_output=True)
        again = reports_of(self.build, self.made)
        for capture, report, other in zip(self.captures, self.reports, again):
            courses = [[[r[key] for key in COURSE]
                        for r in one["registrations"]]
                       for one in (report, other)]
            if courses[0] != courses[1]:
                self.wrong[capture].append(
                    "the annotated capture, read again, says "
                    f"{courses[1]}, not {courses[0]}")
        self.look_for_words("the annotated capture",
                            [path.read_bytes() for path in self.made])


def check(build, library, jobs, folder):
    """What is wrong of each job, as lines."""
    folder.mkdir()
    scenarios = [job for job in jobs if job.suffix == ".scn"]
    captures = [folder / f"{i}.pcapng" if job in scenarios else job
                for i, job in enumerate(jobs)]
    if scenarios:
        subprocess.run([build / "tests/scn2pcapng", library, *pairs(
            scenarios, [capture for capture, job in zip(captures, jobs)
                        if job in scenarios])], check=True)
    share = Share(build, captures, folder)
    share.check_packets()
    share.check_formats([] if scenarios else FORMATS)
    if not scenarios:
        share.check_annotated()
    return [share.wrong[capture] for capture in captures]


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
    shares = [jobs[i::os.cpu_count()] for i in range(os.cpu_count())]
    n_good = 0
    with tempfile.TemporaryDirectory() as folder, \
            ThreadPoolExecutor() as pool:
        results = pool.map(lambda i: check(
            build, library, shares[i], pathlib.Path(folder, str(i))),
            range(len(list(filter(None, shares)))))
        for share, found_wrong in zip(shares, results):
            for path, lines in zip(share, found_wrong, strict=True):
                n_good += not lines
                for line in lines[:12]:
                    print(f"{path.name}: {line[:600]}")
    print(f"{n_good} of {len(jobs)} say the same, and name nobody")
    return 0 if n_good == len(jobs) > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
