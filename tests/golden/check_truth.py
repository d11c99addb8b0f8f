#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what imsleuth says of captures with what is true of them.

FILE (else FOLDER/truth.json) tells for each capture, where a list of values means that
any of them is right:

  registrations       the whole list: call_id, impi, kind, outcome, cause, ...
  registrations_alt   other whole lists that are as good
  exchanges           number of Cx exchanges by command
  findings_must       rule, frames_any (one of them is among the evidence),
                      registration_call_id (whose finding it is); no
                      frames: any will do
  errors_allowed      rules: no other finding has severity error
  only_rules          rules: no other finding at all (a pattern may end in *)
  truncated           the file itself is cut short
  n_registered        how many registrations of IMS (not third-party)
                      succeeded; instead of the list

A folder that is not there is skipped, with status 77.
"""

import argparse
import fnmatch
import json
import pathlib
import re
import sys
from collections import Counter

from observe import error_rules, numbers, observe, rules

SKIPPED = 77
RULE_NAMED = re.compile(r"((?:no|without)\s+)?`([a-z0-9]+(?:_[a-z0-9]+)+)`")


def as_list(value):
    return value if isinstance(value, list) else [value]


def registration_differences(expected, actual):
    """Each expected one against the next of its Call-ID and kind."""
    left = list(actual)
    for want in expected:
        match = next((r for r in left
                      if r["call_id"] in as_list(want["call_id"])
                      and r["kind"] in as_list(want["kind"])), None)
        name = f"registration {want['call_id']} ({want['kind']})"
        if match is None:
            yield f"{name}: missing"
            continue
        left.remove(match)
        for key, values in want.items():
            if match[key] not in as_list(values):
                yield f"{name}: {key} is {match[key]!r}, not {values!r}"
    for r in left:
        yield (f"registration {r['call_id']} ({r['kind']}, {r['outcome']}): "
               "is none")


def best_differences(truth, actual):
    lists = [truth["registrations"], *truth.get("registrations_alt", [])]
    return min((list(registration_differences(e, actual)) for e in lists),
               key=len)


def exchange_differences(truth, report):
    expected = {k: v for k, v in truth["exchanges"].items() if v}
    actual = Counter(e["command"] for e in report["exchanges"]
                     if e["application"] == "Cx")
    if actual != expected:
        yield f"exchanges are {dict(actual)}, not {expected}"


def meets(finding, want, call_ids):
    if finding["rule"] not in as_list(want["rule"]):
        return False
    frames = set(want["frames_any"])
    if frames and not frames & set(numbers(finding)):
        return False
    call_id = want.get("registration_call_id")
    return call_id is None or call_ids.get(finding["registration"]) == call_id


def finding_differences(truth, report, catalogue):
    call_ids = {r["id"]: r["call_id"] for r in report["registrations"]}
    for want in truth.get("findings_must", []):
        if not catalogue & set(as_list(want["rule"])):
            print(f"note: there is no rule {want['rule']}")
        elif not any(meets(f, want, call_ids) for f in report["findings"]):
            yield f"finding missing: {want}"
    for rule in error_rules(report):
        if rule not in truth.get("errors_allowed", []):
            frames = [numbers(f) for f in report["findings"]
                      if f["rule"] == rule and f["severity"] == "error"]
            yield f"false accusation: {rule}, frames {frames}"
    patterns = truth.get("only_rules")
    for rule in sorted({f["rule"] for f in report["findings"]}):
        if patterns is not None and not any(fnmatch.fnmatch(rule, p)
                                            for p in patterns):
            yield f"{rule} has no business here"


def differences(truth, report, catalogue):
    if "registrations" in truth:
        yield from best_differences(truth, report["registrations"])
    if "n_registered" in truth:
        n = sum(r["ims"] and r["outcome"] == "registered"
                and r["kind"] != "third-party"
                for r in report["registrations"])
        if n != truth["n_registered"]:
            yield f"{n} registered, not {truth['n_registered']}"
    if "exchanges" in truth:
        yield from exchange_differences(truth, report)
    yield from finding_differences(truth, report, catalogue)


def text_differences(text, report):
    """Rules named in the text beside the capture, which must come."""
    said = text.partition("## What imsleuth says")[2]
    found = {f["rule"] for f in report["findings"]}
    for negation, slug in RULE_NAMED.findall(said):
        if (slug in found) == bool(negation):
            yield (f"the text beside it says `{slug}`, which "
                   f"{'came' if negation else 'did not come'}")


def check(imsleuth, catalogue, folder, name, truth):
    try:
        report = observe(imsleuth, folder / name, truth.get("truncated"))
        wrong = list(differences(truth, report, catalogue))
        text = (folder / name).with_suffix(".md")
        if text.exists():
            wrong += text_differences(text.read_text(encoding="utf-8"),
                                      report)
    except AssertionError as error:
        wrong = [str(error)]
    print(f"{'ok    ' if not wrong else 'WRONG '} {name}")
    for line in wrong:
        print(f"         {line}")
    return not wrong


def untold(folder, truths):
    """Captures of which nothing is said, or no text is beside them."""
    for path in sorted([*folder.glob("*.pcap"), *folder.glob("*.pcapng")]):
        if path.name not in truths:
            yield f"{path.name}: nothing is said to be true of it"
        if (folder / "truth.json").exists() and (
                folder / "README.md").exists() and not (
                    folder / f"{path.stem}.md").exists():
            yield f"{path.name}: there is no {path.stem}.md"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--truth", type=pathlib.Path)
    parser.add_argument("imsleuth")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("captures", nargs="*")
    arguments = parser.parse_args()
    folder = arguments.folder
    if not folder.is_dir():
        print(f"skipped: there is no {folder}")
        return SKIPPED
    source = arguments.truth or folder / "truth.json"
    truths = json.loads(source.read_text(encoding="utf-8"))
    missing = list(untold(folder, truths))
    print(*missing, sep="\n", end="\n" if missing else "")
    names = arguments.captures or sorted(truths)
    catalogue = rules(arguments.imsleuth)
    results = [check(arguments.imsleuth, catalogue, folder, name,
                     truths[name])
               for name in names]
    print(f"{sum(results)} of {len(results)} captures are told right")
    return 0 if all(results) and not missing else 1


if __name__ == "__main__":
    sys.exit(main())
