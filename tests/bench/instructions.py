#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether imsleuth takes more instructions a message than it did.

Counts them on small captures, less what a capture without packets takes, and
compares with instructions.json. Status 1: more by a tenth. When they are
fewer by a tenth it says so; then --update writes what is found, as it does
after a growth that is meant. Of an optimised program only (preset release)
on x86-64; 77: elsewhere."""

import argparse
import json
import pathlib
import platform
import sys
import tempfile

sys.dont_write_bytecode = True

import counting  # noqa: E402
import usage  # noqa: E402

KEPT = usage.HERE / "instructions.json"
SLACK = 0.10
MEGABYTES = 3
# of what a count is: speech is no message
UNITS = {"signalling": "message", "media": "packet"}
FORMS = "text", "ndjson"
SKIPPED = 77


def counted(imsleuth):
    """By shape and form."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for shape, unit in UNITS.items():
            path = pathlib.Path(folder) / f"{shape}.pcap"
            usage.make("captures.py", shape, MEGABYTES, path)
            made = json.loads(pathlib.Path(f"{path}.json").read_text(
                encoding="utf-8"))
            n = (sum(made["messages"].values()) if unit == "message"
                 else made["packets"])
            found[shape] = {
                form: round(counting.beyond_start(imsleuth, form, path) / n)
                for form in FORMS}
    return found


def compare(found, kept):
    """Lines about each; whether none is beyond its bound."""
    is_good = True
    for shape, forms in found.items():
        for form, count in forms.items():
            before = kept[shape][form]
            change = count / before - 1
            line = (f"{shape}, {form}: {count:,} instructions a "
                    f"{UNITS[shape]}, {change:+.1%} of {before:,}")
            if change > SLACK:
                is_good = False
                line += ": too many"
            elif change < -SLACK:
                line += f": lower the bound ({sys.argv[0]} --update)"
            print(line)
    return is_good


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("imsleuth", metavar="IMSLEUTH")
    options = parser.parse_args()
    if platform.machine() != "x86_64":
        print(f"not of {platform.machine()}")
        return SKIPPED
    try:
        found = counted(options.imsleuth)
    except usage.Failure as failure:
        print(failure, file=sys.stderr)
        return 2
    if options.update:
        KEPT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        return 0
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    return 0 if compare(found, kept) else 1


if __name__ == "__main__":
    sys.exit(main())
