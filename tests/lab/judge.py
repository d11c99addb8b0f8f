# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what imsleuth says of a capture with what was played."""

import json
import subprocess
import sys
from collections import Counter

_KEYS = ("impi", "impu", "kind", "outcome", "cause", "status")


def report_of(imsleuth, capture):
    done = subprocess.run([imsleuth, "--quiet", "-f", "json", str(capture)],
                          capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{capture}: imsleuth: {done.stderr}")
    return json.loads(done.stdout)


def _registration_differences(wanted, report):
    actual = [{k: r[k] for k in _KEYS} for r in report["registrations"]]
    for number in range(max(len(wanted), len(actual))):
        want = wanted[number] if number < len(wanted) else None
        have = actual[number] if number < len(actual) else None
        if want is None or have is None:
            yield f"registration {number + 1} is {have}, not {want}"
            continue
        for key in _KEYS:
            any_of = want[key] if isinstance(want[key], list) else [want[key]]
            # Third-party requests name no IMPI.
            if have[key] not in any_of and not (
                    key == "impi" and want["kind"] == "third-party"):
                yield (f"registration {number + 1} ({want['impu']}): {key} "
                       f"is {have[key]!r}, not {want[key]!r}")


def _finding_differences(scenario, report):
    """Errors and warnings: these and no others."""
    notes = {f["rule"] for f in report["findings"] if f["severity"] == "note"}
    for rule in sorted(scenario.notes - notes):
        yield f"no note {rule}"
    for severity, wanted in (("error", scenario.errors),
                             ("warning", scenario.warnings)):
        actual = {f["rule"]: f for f in report["findings"]
                  if f["severity"] == severity}
        for rule in sorted(wanted - set(actual)):
            yield f"no {severity} {rule}"
        may = scenario.may if severity == "warning" else set()
        for rule in sorted(set(actual) - wanted - may):
            frames = [f["frame"] for f in actual[rule]["frames"]]
            yield (f"{severity} {rule}, frames {frames}: "
                   f"{actual[rule]['summary']}")


def _exchange(exchange):
    result = exchange["result"]
    if not result:
        return exchange["command"], None, False
    return (exchange["command"], result["code"],
            result["container"] == "Experimental-Result")


def _exchange_differences(journal, report):
    """The HSS itself has written down what it was asked."""
    told = Counter((e["command"], e["result"], e["experimental"])
                   for e in journal)
    seen = Counter(_exchange(e) for e in report["exchanges"]
                   if e["application"] == "Cx" and e["request"])
    for key in sorted(set(told) | set(seen), key=str):
        if told[key] != seen[key]:
            yield (f"{key[0]} with {key[1]}: {seen[key]} in the report, "
                   f"{told[key]} at the HSS")


def differences(scenario, journal, report):
    """Lines; none: imsleuth says what was played."""
    yield from _registration_differences(scenario.registrations, report)
    yield from _finding_differences(scenario, report)
    yield from _exchange_differences(journal, report)
