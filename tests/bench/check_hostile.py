#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether hostile captures are got through: real registrations in them are
right, memory keeps a bound, what was let go is told, and four times the
capture costs four times the instructions."""

import argparse
import json
import pathlib
import re
import sys
import tempfile
from collections import Counter

sys.dont_write_bytecode = True

import besieged  # noqa: E402
import captures  # noqa: E402
import counting  # noqa: E402
import packets  # noqa: E402
import usage  # noqa: E402

LARGE = 80_000                  # packets: some bound is reached
SMALL = 1_500, 6_000            # packets under valgrind
MOST_GROWTH = 1.15              # of the instructions a packet
# MiB at most for LARGE
MEMORY = {
    "half_open": 64, "half_messages": 112, "holes": 400, "backwards": 400,
    "fragments": 40, "last_fragments": 40, "call_ids": 560, "invites": 128, "notifies": 128,
    "successes": 160, "one_call_id": 64, "one_dialog": 64,
    "one_identity": 96, "one_transaction": 64, "giant_headers": 160,
    "giant_bodies": 40, "giant_datagrams": 240, "giant_changes": 240,
    "cx_unanswered": 300, "cx_peers": 300, "associations": 64,
    "security_associations": 64, "unreachable": 64, "giant_avps": 112}
# No bound is reached in these, or none is told (a body that is too large).
KEEPS_ALL = {"successes", "giant_headers", "giant_bodies", "giant_avps",
             "unreachable"}
OURS = re.compile(r"\"type\":\"(capture|summary)|00101[0-9]{10}@")
REMARK = re.compile(r"for\s+want\s+of|closed\s+early|forgotten|not\s+kept")


def report(imsleuth, form, capture):
    """Where it is, and what it took."""
    path = capture.with_suffix(f".{form}")
    return path, usage.of([imsleuth, "--quiet", "-f", form, "-o", path,
                           capture], good=(0, 1))


def user_of(registration):
    """A subscriber's IMSI: of a third-party registration there may be the
    public identity only."""
    identity = registration["impi"] or registration["impu"] or ""
    return identity.removeprefix("sip:").split("@")[0]


def told(path, users):
    """Of a report in NDJSON: how the registrations of USERS ended, and how
    much was let go."""
    found = {user: {"registrations": Counter(), "causes": Counter()}
             for user in users}
    let_go = 0
    with open(path, encoding="utf-8") as lines:
        for line in map(json.loads, filter(OURS.search, lines)):
            if line["type"] == "registration" and user_of(line) in found:
                one = found[user_of(line)]
                one["registrations"][line["outcome"]] += 1
                one["causes"].update([line["cause"]] if line["cause"] else [])
            if line["type"] == "capture":
                let_go += line["let_go"]
            if line["type"] == "summary":
                let_go += line["messages"]["let_go"]
    return found, let_go


def wrongs(real, found):
    for user, truth in real.items():
        for kind, ends in found[user].items():
            if ends != truth[kind]:
                yield (f"{kind} of {user} are {dict(ends)}, not "
                       f"{dict(truth[kind])}")


def check_whole(options, shape, capture):
    made = json.loads(pathlib.Path(f"{capture}.json").read_text(
        encoding="utf-8"))
    path, used = report(options.imsleuth, "ndjson", capture)
    text, more = report(options.imsleuth, "text", capture)
    found, let_go = told(path, made["real"])
    yield from wrongs(made["real"], found)
    peak = max(used.peak, more.peak)
    if options.memory and peak > MEMORY[shape]:
        yield f"{peak:.0f} MiB, more than {MEMORY[shape]}"
    if options.packets >= LARGE and bool(let_go) == (shape in KEEPS_ALL):
        yield f"{let_go} let go"
    if let_go and not REMARK.search(text.read_text(encoding="utf-8")):
        yield "the report does not say that something was let go"


def beginning(capture, count):
    """The first COUNT packets as a capture."""
    path = capture.with_suffix(f".{count}.pcap")
    with open(capture, "rb") as whole, open(path, "wb") as part:
        part.write(whole.read(len(captures.HEADER)))
        for _ in range(count):
            record = whole.read(packets.RECORD.size)
            part.write(record + whole.read(packets.RECORD.unpack(record)[2]))
    return path


def check_growth(imsleuth, capture):
    """Of the beginning, in which nobody registers."""
    each = [counting.beyond_start(imsleuth, "ndjson",
                                  beginning(capture, count)) / count
            for count in SMALL]
    if each[1] > MOST_GROWTH * each[0]:
        yield (f"{each[1]:.0f} instructions a packet in the longer capture, "
               f"{each[0]:.0f} in the shorter")


def check(options, shape):
    """Lines that say what is wrong."""
    with tempfile.TemporaryDirectory() as name:
        capture = pathlib.Path(name) / f"{shape}.pcap"
        try:
            usage.make("hostile.py", shape, options.packets, capture)
            found = list(check_whole(options, shape, capture))
            if options.growth:
                found += check_growth(options.imsleuth, capture)
        except usage.Failure as failure:
            found = [str(failure)]
    return [f"{shape}: {line}" for line in found]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--family", choices=besieged.FAMILIES)
    parser.add_argument("--shape", action="append", choices=besieged.SIEGES)
    parser.add_argument("--packets", type=int, default=LARGE)
    parser.add_argument("--memory", action="store_true",
                        help="peaks have limits (not with sanitizers)")
    parser.add_argument("--growth", action="store_true",
                        help="count instructions too (valgrind)")
    parser.add_argument("imsleuth", metavar="IMSLEUTH")
    options = parser.parse_args()
    family = besieged.FAMILIES.get(options.family, ())
    wrong = 0
    for shape in (options.shape or [f.__name__ for f in family]
                  or besieged.SIEGES):
        for line in check(options, shape):
            wrong += 1
            print(line, flush=True)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
