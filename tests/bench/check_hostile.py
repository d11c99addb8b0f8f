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
SMALL = 1_000, 4_000            # packets under valgrind
MOST_GROWTH = 1.15              # of the instructions a packet
# MiB at most for LARGE
MEMORY = {
    "half_open": 72, "half_messages": 104, "holes": 216, "backwards": 216,
    "fragments": 40, "last_fragments": 24, "call_ids": 280, "invites": 120,
    "notifies": 120, "successes": 136, "one_user": 136, "one_call_id": 56,
    "one_dialog": 56, "one_identity": 96, "one_transaction": 56,
    "giant_headers": 128,
    "giant_bodies": 24, "giant_datagrams": 176, "giant_changes": 176,
    "cx_unanswered": 160, "cx_peers": 208, "associations": 56,
    "security_associations": 48, "unreachable": 48, "giant_avps": 56}
# The bounds that LARGE meets, by the names that reports give them. None in the
# others.
BOUNDS = {
    "half_open": {"tcp_connections", "links"},
    "half_messages": {"tcp_connections", "tcp_bytes"},
    "holes": {"messages_held"}, "backwards": {"messages_held"},
    "fragments": {"ip_datagrams"}, "last_fragments": {"ip_datagrams"},
    "associations": {"sctp_associations"},
    "security_associations": {"observed"},
    "call_ids": {"messages_held"}, "invites": {"open_calls"},
    "notifies": {"open_calls"}, "one_call_id": {"registrations_of_call_id"},
    "one_dialog": {"messages_of_call"},
    "one_identity": {"registrations_of_identity"},
    "one_transaction": {"messages_of_registration"},
    "giant_bodies": {"sip_message"}, "giant_datagrams": {"messages_held"},
    "giant_changes": {"messages_held"}, "cx_unanswered": {"open_exchanges"},
    "cx_peers": {"open_exchanges", "nodes", "links"}}
OURS = re.compile(r"\"type\":\"(capture|summary)|00101[0-9]{10}@")


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
    """Of a report in NDJSON: how the registrations of USERS ended, and what
    was let go, by the name of the bound."""
    found = {user: {"registrations": Counter(), "causes": Counter()}
             for user in users}
    let_go = Counter()
    with open(path, encoding="utf-8") as lines:
        for line in map(json.loads, filter(OURS.search, lines)):
            if line["type"] == "registration" and user_of(line) in found:
                one = found[user_of(line)]
                one["registrations"][line["outcome"]] += 1
                one["causes"].update([line["cause"]] if line["cause"] else [])
            if line["type"] == "capture":
                let_go.update(line.get("let_go_by", {}))
            if line["type"] == "summary":
                let_go.update(line["messages"].get("let_go_by", {}))
    return found, let_go


def wrongs(real, found):
    for user, truth in real.items():
        for kind, ends in found[user].items():
            if ends != truth[kind]:
                yield (f"{kind} of {user} are {dict(ends)}, not "
                       f"{dict(truth[kind])}")


def untold(let_go, text):
    """Each bound is told with how often it was met, and what there is room
    for where that is a number."""
    lines = " ".join(text.split())
    for name, n in let_go.items():
        if not re.search(rf"(^|\s){n} [^.]+(: there is room for [0-9]+ |\.)",
                         lines):
            yield f"the report does not say that {n} went because of {name}"


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
    if options.packets >= LARGE:
        expected = BOUNDS.get(shape, set())
        if not expected <= set(let_go) or bool(expected) != bool(let_go):
            yield f"{dict(let_go)} let go, not at {expected}"
    yield from untold(let_go, text.read_text(encoding="utf-8"))


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
