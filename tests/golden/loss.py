#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Nobody is accused because a capture lost packets.

Takes packets at random out of each capture of FOLDER/truth.json, N times;
no finding of severity error may come whose rule the truth of the whole
capture does not allow. That a registration was rejected may always be said
of one that was, for what explains it may be lost. A round can be had again
by its seed.
"""

import argparse
import json
import pathlib
import random
import sys
import tempfile

from observe import observe, without


def rejected_call_ids(truth):
    return {r["call_id"] for r in truth["registrations"]
            if r["outcome"] == "rejected"}


def false_accusations(report, truth):
    call_ids = {r["id"]: r["call_id"] for r in report["registrations"]}
    rejected = rejected_call_ids(truth)
    return sorted({
        f["rule"] for f in report["findings"]
        if f["severity"] == "error"
        and f["rule"] not in truth["errors_allowed"]
        and not (f["rule"] == "register_rejected"
                 and call_ids.get(f["registration"]) in rejected)})


def one_round(imsleuth, truth, data, drop, scratch):
    """The rules that accused falsely, or what went wrong."""
    scratch.write_bytes(without(data, drop))
    try:
        return false_accusations(observe(imsleuth, scratch), truth)
    except AssertionError as error:
        return [str(error)]


def check(arguments, name, truth, scratch):
    data = (arguments.folder / name).read_bytes()
    share = arguments.percent / 100
    wrong = 0
    for i in range(arguments.rounds):
        chance = random.Random(f"{arguments.seed}/{name}/{i}")
        false = one_round(arguments.imsleuth, truth, data,
                          lambda: chance.random() < share, scratch)
        if not false:
            continue
        wrong += 1
        print(f"WRONG  {name} --seed {arguments.seed} round {i}: "
              f"{', '.join(false)}")
        if arguments.keep:
            kept = arguments.keep / f"{name}-{i}{scratch.suffix}"
            kept.write_bytes(scratch.read_bytes())
    return wrong


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--percent", type=float, default=5)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--keep", type=pathlib.Path,
                        help="a folder for the captures that failed")
    parser.add_argument("imsleuth")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("captures", nargs="*")
    arguments = parser.parse_args()
    truths = json.loads((arguments.folder / "truth.json")
                        .read_text(encoding="utf-8"))
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.captures or sorted(truths):
            suffix = pathlib.Path(name).suffix
            scratch = pathlib.Path(folder) / f"lossy{suffix}"
            wrong += check(arguments, name, truths[name], scratch)
    n = arguments.rounds * len(arguments.captures or truths)
    print(f"{n - wrong} of {n} lossy captures accuse nobody wrongly")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
