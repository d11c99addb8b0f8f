#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a large capture of an IMS core, and OUT.pcap.json: what is in it.

SHAPE signalling: registrations and some calls of many subscribers, SIP and
Cx. SHAPE media: 95 % of the packets are the speech of calls. A seed gives
the same capture always."""

import argparse
import dataclasses
import json
import pathlib
import struct
import sys
import time

sys.dont_write_bytecode = True

import traffic  # noqa: E402
import wire  # noqa: E402

SHAPES = tuple(traffic.KINDS)
HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144,
                     wire.ETHERNET)


@dataclasses.dataclass
class How:
    seed: int = 1
    subscribers: int = None     # as many as suit the size
    rate: float = 50            # parts of lives begun a second (signalling)


def make(shape, size, path, how):
    """SIZE in bytes, HOW a How; gives the summary, which PATH.json has
    too."""
    with open(path, "wb") as out:
        out.write(HEADER)
        made = traffic.Traffic(shape, size, out, how)
        made.run()
    summary = made.summary()
    pathlib.Path(f"{path}.json").write_text(
        json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    return summary


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("megabytes", type=float, metavar="SIZE_MB")
    parser.add_argument("out", metavar="OUT.pcap")
    parser.add_argument("--seed", type=int, default=How.seed)
    parser.add_argument("--subscribers", type=int,
                        help="default: 25 a MB, at most 10000")
    parser.add_argument("--rate", type=float, default=How.rate,
                        help="starts a second of something (signalling)")
    options = parser.parse_args()
    least, most = len(traffic.FAULTY), traffic.MOST_SUBSCRIBERS
    if not least <= (options.subscribers or most) <= most:
        parser.error(f"{least} to {most} subscribers")
    began = time.monotonic()
    summary = make(options.shape, options.megabytes * 1e6, options.out,
                   How(options.seed, options.subscribers, options.rate))
    print(json.dumps(summary, indent=1), file=sys.stderr)
    print(f"{time.monotonic() - began:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
