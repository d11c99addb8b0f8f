#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a large capture of an IMS core, and OUT.pcap.json: what is in it.

signalling: registrations and some calls of many subscribers, SIP and Cx.
media: 95 % of the packets are the speech of calls. sctp: signalling with Cx
over SCTP. crowd: many subscribers within minutes, each once. long: few
subscribers for days. A seed gives the same capture always."""

import argparse
import json
import pathlib
import struct
import sys
import time

sys.dont_write_bytecode = True

import traffic  # noqa: E402
from traffic import How  # noqa: E402
import wire  # noqa: E402

SHAPES = tuple(traffic.SHAPES)
HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144,
                     wire.ETHERNET)


def write(path, begin):
    """Runs the traffic that BEGIN makes for a file; gives the summary, which
    PATH.json has too."""
    with open(path, "wb") as out:
        out.write(HEADER)
        made = begin(out)
        made.run()
    summary = made.summary()
    pathlib.Path(f"{path}.json").write_text(
        json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    return summary


def make(shape, size, path, how):
    """SIZE in bytes, HOW a How."""
    return write(path, lambda out: traffic.Traffic(shape, size, out, how))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("megabytes", type=float, metavar="SIZE_MB")
    parser.add_argument("out", metavar="OUT.pcap")
    parser.add_argument("--seed", type=int, default=How.seed)
    parser.add_argument("--subscribers", type=int,
                        help="default: 25 a MB, at most 10000; crowd: 35 a "
                        "MB; long: 50")
    parser.add_argument("--rate", type=float,
                        help="starts a second of something (not media, long);"
                        " default 50, crowd: 500")
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
