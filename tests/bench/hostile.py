#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a capture of an IMS core under siege, and OUT.pcap.json: what is in
it. PACKETS of the siege, in which real subscribers register here and there:
the JSON has for each of them from which packet on and what the outcomes are.
A seed gives the same capture always."""

import argparse
import itertools
import json
import pathlib
import sys
import time
from collections import Counter

sys.dont_write_bytecode = True

import besieged  # noqa: E402
import captures  # noqa: E402
from marks import USER  # noqa: E402
import packets  # noqa: E402
import traffic  # noqa: E402

REAL_PARTS = 120                # of lives
REAL_SUBSCRIBERS = 60
QUIET = 4                       # the first fourth is the siege's alone
RATE = 5000                     # packets of the siege a second


class Besieged(traffic.Traffic):
    """Lives as ever; what would be speech are the packets of the siege."""

    def __init__(self, shape, count, out, how):
        super().__init__("signalling", 0, out, traffic.How(
            how.seed, REAL_SUBSCRIBERS, how.rate))
        self.name, self.wanted = shape, count   # not signalling
        self.real = {}
        self.siege = besieged.Siege(self.network.link, self.chance)
        self.frames = itertools.islice(besieged.SIEGES[shape](self.siege),
                                       count)

    def go_on(self, now, subscriber):
        at = self.network.packets + 1
        super().go_on(now, subscriber)
        part = subscriber.life[subscriber.at - 1]
        if subscriber is self.peers:
            return
        user = subscriber.values[USER].decode()
        known = self.real.setdefault(user, {
            "packets": [], "registrations": Counter(), "causes": Counter()})
        known["packets"].append(at)
        for kind in ("registrations", "causes"):
            known[kind].update(+part.expected[kind])

    def _starts(self, now):
        """REAL_PARTS at even distances, when the siege has filled what can
        be filled."""
        ticks = self.wanted * (traffic.SECOND // traffic.TICK) // RATE
        tick = (now - traffic.EPOCH) // traffic.TICK - ticks // QUIET
        if tick == 0:
            self.go_on(now, self.peers)
        elif tick > 0 and tick % max(1, ticks // REAL_PARTS) == 0:
            self._start(now, self.chance.random() < 0.2)

    def _clock(self, now):
        """What the siege's packets say that it is."""
        return traffic.EPOCH + self.siege.direction * (now - traffic.EPOCH)

    def run(self):
        now = traffic.EPOCH
        gap = traffic.SECOND // RATE
        a_tick = traffic.TICK // gap
        while True:
            self._released(now)
            self._starts(now)
            due = [(now + i * gap, packets.record(self._clock(now + i * gap),
                                                  frame))
                   for i, frame in enumerate(itertools.islice(self.frames,
                                                              a_tick))]
            self.network.write(now + traffic.TICK, due)
            now += traffic.TICK
            if len(due) < a_tick:
                break
        self._drain(now)

    def summary(self):
        return {**super().summary(),
                "siege_packets": self.network.speech, "rtp_packets": 0,
                "real": self.real}


def make(shape, count, path, how):
    """COUNT packets of the siege; gives the summary, which PATH.json has
    too."""
    return captures.write(path, lambda out: Besieged(shape, count, out, how))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"{name}: {f.__doc__}"
                         for name, f in besieged.SIEGES.items()))
    parser.add_argument("shape", choices=besieged.SIEGES, metavar="SHAPE")
    parser.add_argument("packets", type=int, metavar="PACKETS")
    parser.add_argument("out", type=pathlib.Path, metavar="OUT.pcap")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    made = make(options.shape, options.packets, options.out,
                traffic.How(options.seed))
    made["real"] = len(made["real"])
    print(json.dumps(made, indent=1), file=sys.stderr)
    print(f"{time.monotonic() - began:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
