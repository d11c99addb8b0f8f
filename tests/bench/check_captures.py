#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether imsleuth counts in generated captures what they were made of."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
from collections import Counter

sys.dont_write_bytecode = True

import captures  # noqa: E402


def report(imsleuth, capture):
    done = subprocess.run([imsleuth, "--quiet", "-f", "json", capture],
                          capture_output=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{imsleuth} ended with {done.returncode}: "
                 + done.stderr.decode(errors="replace"))
    return json.loads(done.stdout)


def counted(report):
    """The report's summary in the words of the generator's."""
    summary = report["summary"]
    messages = summary["messages"]
    refused = summary["findings"].get("sip_420_sec_agree", 0)
    refused -= summary["causes"].get("sip_420_sec_agree", 0)
    return {
        "packets": sum(c["packets"] for c in report["captures"]),
        "registrations": {k: n for k, n in summary["registrations"].items()
                          if n},
        "causes": summary["causes"],
        "calls_refused": {"sip_420_sec_agree": refused} if refused else {},
        "exchanges": {k: e["count"]
                      for k, e in summary["exchanges"].items()},
        "messages": {k: messages[k] for k in ("diameter", "sip")},
        "unanswered": sum(e["unanswered"]
                          for e in summary["exchanges"].values()),
        "copies": messages["copies"],
        "let_go": messages["let_go"],
        "undecoded": sum(c["undecoded_packets"] for c in report["captures"])}


def intended(summary):
    return {k: summary.get(k, {}) for k in (
        "packets", "registrations", "causes", "calls_refused", "exchanges",
        "messages")} | dict.fromkeys(
            ("unanswered", "copies", "let_go", "undecoded"), 0)


def errors_elsewhere(report):
    """Findings of severity error that nothing was made for."""
    known = set(report["summary"]["causes"]) | {"sip_420_sec_agree"}
    return Counter(f["rule"] for f in report["findings"]
                   if f["severity"] == "error" and f["rule"] not in known)


def complaints(shape, summary, said):
    want, told = intended(summary), counted(said)
    for key, value in want.items():
        if told[key] != value:
            yield f"{shape}: {key} are {told[key]}, not {value}"
    for rule, count in errors_elsewhere(said).items():
        yield f"{shape}: {count} times {rule}"
    share = summary["rtp_packets"] / summary["packets"]
    if shape == "media" and not 0.93 <= share <= 0.97:
        yield f"{shape}: {share:.1%} of the packets are speech"
    if shape == "signalling" and not all(
            want[k] for k in ("registrations", "causes", "calls_refused")):
        yield f"{shape}: nobody fails"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=float, default=3, metavar="MB")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("imsleuth", metavar="IMSLEUTH")
    options = parser.parse_args()
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for shape in captures.SHAPES:
            path = pathlib.Path(folder) / f"{shape}.pcap"
            summary = captures.make(shape, options.size * 1e6, path,
                                    captures.How(options.seed))
            wrong += complaints(shape, summary,
                                report(options.imsleuth, path))
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
