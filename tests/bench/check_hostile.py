#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether hostile captures are got through: real registrations in them are
right, memory keeps a bound, what was let go is told, and four times the
capture costs four times the instructions."""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from collections import Counter

sys.dont_write_bytecode = True

import besieged  # noqa: E402
import counting  # noqa: E402
import hostile  # noqa: E402
from traffic import How  # noqa: E402

LARGE = 80_000                  # packets: some bound is reached
SMALL = 2_000, 8_000            # under valgrind
MOST_GROWTH = 1.15              # of the instructions a packet
# MiB at most for LARGE; None: no bound is reached by then, nothing let go
MEMORY = {
    "half_open": 64, "half_messages": 112, "holes": 400, "fragments": 40,
    "last_fragments": 40, "call_ids": 560, "invites": 128, "notifies": 128,
    "successes": 160, "one_call_id": 64, "one_dialog": 64,
    "one_identity": 96, "one_transaction": 64, "giant_headers": 128,
    "giant_datagrams": 240, "cx_unanswered": 300, "giant_avps": 112}
LETS_NOTHING_GO = {"successes", "giant_headers", "giant_avps"}
REMARK = re.compile(r"for\s+want\s+of\s+room|let\s+go")


def run(imsleuth, form, capture, out):
    """Peak MiB. (A child begins with the memory of its parent: this one is
    begun by a small one, sh.)"""
    child = subprocess.Popen(
        ["sh", "-c", '"$@"; exit $?', "sh", imsleuth, "--quiet", "-f", form,
         "-o", out, capture], stderr=subprocess.PIPE)
    said = child.stderr.read().decode(errors="replace")
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise RuntimeError(f"{form}: ended with {child.returncode}: {said}")
    return used.ru_maxrss / 1024


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
        for line in map(json.loads, lines):
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


def check_large(imsleuth, shape, folder, count):
    capture = folder / f"{shape}.pcap"
    real = hostile.make(shape, count, capture, How())["real"]
    peaks = [run(imsleuth, form, capture, folder / f"{shape}.{form}")
             for form in ("ndjson", "text")]
    found, let_go = told(folder / f"{shape}.ndjson", real)
    yield from wrongs(real, found)
    if max(peaks) > MEMORY[shape]:
        yield f"{max(peaks):.0f} MiB, more than {MEMORY[shape]}"
    if count == LARGE and bool(let_go) == (shape in LETS_NOTHING_GO):
        yield f"{let_go} let go"
    text = (folder / f"{shape}.text").read_text(encoding="utf-8")
    if let_go and not REMARK.search(text):
        yield "the report does not say that something was let go"


def check_growth(imsleuth, shape, folder):
    each = []
    for count in SMALL:
        capture = folder / f"{shape}.{count}.pcap"
        packets = hostile.make(shape, count, capture, How())["packets"]
        each.append(counting.beyond_start(imsleuth, "ndjson", capture)
                    / packets)
    if each[1] > MOST_GROWTH * each[0]:
        yield (f"{each[1]:.0f} instructions a packet in the longer capture, "
               f"{each[0]:.0f} in the shorter")


def check(options, shape):
    """Lines that say what is wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        try:
            found = list(check_large(options.imsleuth, shape, folder,
                                     options.packets))
            if options.growth:
                found += check_growth(options.imsleuth, shape, folder)
        except (RuntimeError, counting.Failure) as error:
            found = [str(error)]
    return [f"{shape}: {line}" for line in found]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", action="append", choices=besieged.SIEGES)
    parser.add_argument("--packets", type=int, default=LARGE)
    parser.add_argument("--growth", action="store_true",
                        help="count instructions too (valgrind)")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("imsleuth", metavar="IMSLEUTH")
    options = parser.parse_args()
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for lines in pool.map(lambda s: check(options, s),
                              options.shape or besieged.SIEGES):
            wrong += len(lines)
            print("".join(f"{line}\n" for line in lines), end="")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
