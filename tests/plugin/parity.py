#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Both front ends say the same of a capture.

    parity.py PLUGIN_DIR IMSLEUTH FOLDER...

Each capture of the folders goes through the command line and through
`tshark -2` with the plugin: the same findings on the same frames, the same
registrations with the same words, links that lead to the neighbours, the
same changes from leg to leg, the same answers of Cx. What Wireshark itself does not show as a message, though
both front ends read it, must be known here by name. With --damage each
capture is spoiled at random, packet by packet, that many times (the
containers stay whole: editcap -E).
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile
import unicodedata

from running import captures_in, skip, wireshark_with

# Frames of steps in which Wireshark dissects neither SIP nor Diameter.
UNSEEN = {
    # ESP with NULL encryption: Wireshark looks into it only when it is told
    # to (the profile IMS does), the command line by the shape of what is in.
    "19a_derived_esp_null_of_10a.pcap":
        [22, 23, 39, 93, 94, 107, 108, 109, 123, 134, 135, 148, 149, 150, 160],
    "ipsec_reg.pcapng": [460, 473, 674],
}

WORDS = ["kind", "outcome", "cause", "impi", "impu"]
LINKS = ["first_frame", "previous_frame", "next_frame", "last_frame"]
STEP = ["step", "leg", "source_role", "destination_role"]
FINDING = ["finding", "finding.severity", "finding.confidence",
           "finding.summary", "finding.advice", "finding.product",
           "finding.known"]


def report_of(imsleuth, capture):
    done = subprocess.run([imsleuth, "--quiet", "-f", "json", capture],
                          check=False, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def shown(text):
    """Wireshark is given no control characters."""
    return "".join("\ufffd" if unicodedata.category(c) == "Cc" else c
                   for c in str(text))


def role(party):
    """The role without its address: "P-CSCF 10.0.0.1:5060"."""
    return None if not party or party[0].isdigit() or party[0] == "[" \
        else party.split(" ")[0]


def changes_of(step):
    """What the sender changed, in the plugin's words."""
    party = (step["from"] or "").rsplit(":", 1)[0]
    by = party.translate({ord("["): None, ord("]"): None})
    for change in step["changes"] or []:
        text = f"{by} {change['kind']} {change['header']}".strip()
        element = change["element"]
        text += f": {element}" if element else ""
        before, after = change["before"], change["after"]
        value = after or before
        if change["kind"] == "changed":
            text += f" ({before} -> {after})" if before and after else ""
        elif value and value != element:
            text += f"={value}" if element else f": {value}"
        yield text
    if step.get("changes_cut"):
        yield "and more than is listed"


def neighbour(frames, place, way):
    """Of the step at `place`, the next that lies in another frame."""
    at = place + way
    while 0 <= at < len(frames) and frames[at] == frames[place]:
        at += way
    return frames[at] if 0 <= at < len(frames) else None


def expected_steps(report):
    """What the plugin is to say of each frame's steps."""
    of = collections.defaultdict(collections.Counter)
    for registration in report["registrations"]:
        frames = [s["frame"]["frame"] for s in registration["steps"]]
        for place, step in enumerate(registration["steps"]):
            row = [registration["id"], *(registration[w] for w in WORDS),
                   frames[0], neighbour(frames, place, -1),
                   neighbour(frames, place, 1), frames[-1],
                   step["message"], step["leg"], role(step["from"]),
                   role(step["to"])]
            of[frames[place]].update(v for v in zip(
                ["registration", *WORDS, *LINKS, *STEP], map(shown, row))
                if v[1] != "None")
            of[frames[place]].update(("change", shown(text))
                                     for text in changes_of(step))
    return of


def expected_findings(report):
    of = collections.defaultdict(collections.Counter)
    for finding in report["findings"]:
        row = [finding["rule"], finding["severity"], finding["confidence"],
               finding["summary"], finding["advice"],
               *known(finding["signature"])]
        for frame in finding["frames"]:
            of[frame["frame"]].update(zip(FINDING, map(shown, row)))
    return of


def known(signature):
    """Of a product: its name, and all that is said of it."""
    if not signature:
        return []
    text = signature["product"]
    text += f" {signature['versions']}" if signature["versions"] else ""
    text += f" ({signature['component']})" if signature["component"] else ""
    text += f": {signature['says']}"
    text += f" {signature['advice']}" if signature["advice"] else ""
    return [signature["product"], text]


def expected_answers(report):
    of = collections.defaultdict(collections.Counter)
    for exchange in report["exchanges"]:
        result, answer = exchange["result"], exchange["answer"]
        if not answer:
            continue
        if result:
            text = str(result["code"])
            text += f" {result['name']}" if result["name"] else ""
            text += f" ({result['container']}"
            text += f" {result['vendor']}" if result["vendor"] else ""
            of[answer["frame"]]["cx.result", text + ")"] += 1
        if exchange["request"]:
            of[answer["frame"]][
                "cx.answer_time", f"{exchange['latency_ms']:.3f}"] += 1
    return of


def told(wireshark, capture, names):
    """What the plugin says, in the same shape; copies' frames apart. And the
    frames in which Wireshark itself shows a message."""
    full = [f"imsleuth.{name}" for name in names]
    first, copies, seen = {}, {}, set()
    for row in wireshark.fields(
            capture, "imsleuth or sip or diameter", "frame.number", "imsleuth",
            "sip", "diameter", "imsleuth.copy_of", *full):
        frame = int(row["frame.number"][0])
        if row["sip"] or row["diameter"]:
            seen.add(frame)
        if not row["imsleuth"]:
            continue
        said = collections.Counter()
        for name, field in zip(names, full):
            for value in row[field]:
                if name == "cx.answer_time":
                    value = f"{float(value) * 1000:.3f}"
                said[name, value] += 1
        if row["imsleuth.copy_of"]:
            # Steps are the first one's; that it is a copy is its own.
            own = collections.Counter(
                {at: n for at, n in said.items() if at[0] in FINDING})
            copies[frame], said = said - own, own
        first[frame] = said
    return first, copies, seen


def messages(report):
    """The frames of steps that are messages."""
    return {step["frame"]["frame"] for r in report["registrations"]
            for step in r["steps"] if step["protocol"] in ("SIP", "Cx")}


def differences(expected, got):
    for frame in sorted(expected.keys() | got.keys()):
        want, have = expected.get(frame), got.get(frame)
        want, have = want or collections.Counter(), \
            have or collections.Counter()
        for (name, value), n in (want - have).items():
            yield f"frame {frame} lacks {name}: {value} ({n})"
        for (name, value), n in (have - want).items():
            yield f"frame {frame} has {name}: {value} ({n})"


def compare(wireshark, imsleuth, capture, damaged=False):
    report = report_of(imsleuth, capture)
    expected = collections.defaultdict(collections.Counter)
    for part in (expected_steps, expected_findings, expected_answers):
        for frame, said in part(report).items():
            expected[frame].update(said)
    names = ["registration", *WORDS, *LINKS, *STEP, "change", *FINDING,
             "cx.result", "cx.answer_time"]
    got, copies, seen = told(wireshark, capture, names)
    wrong = list(differences(expected, got))
    n_copies = sum(step["copies"] - 1 for r in report["registrations"]
                   for step in r["steps"])
    shown = sum(said for frame in copies.values()
                for (name, _), said in frame.items() if name == "step")
    if shown != n_copies:
        wrong.append(f"{shown} copies of steps instead of {n_copies}")
    if not damaged:
        missing = sorted(messages(report) - seen)
        if missing != UNSEEN.get(capture.name, []):
            wrong.append(f"Wireshark shows no message in frames {missing}")
    print(f"{'ok' if not wrong else 'not ok'}  {capture.name}: "
          f"{len(report['registrations'])} registrations, "
          f"{len(report['findings'])} findings, {len(got)} frames, "
          f"{len(copies)} copies")
    for line in wrong[:12]:
        print(f"    {line}")
    return not wrong


def damage(capture, folder, seed):
    spoiled = pathlib.Path(folder) / f"damaged{seed}_{capture.name}"
    subprocess.run(["editcap", "-E", "0.02", "--seed", str(seed), capture,
                    spoiled], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return spoiled


def compare_damaged(wireshark, imsleuth, captures, rounds):
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, rounds + 1):
            for capture in captures:
                spoiled = damage(capture, folder, seed)
                yield compare(wireshark, imsleuth, spoiled, damaged=True)
                wireshark.forget(spoiled)
                spoiled.unlink()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("plugin_dir")
    parser.add_argument("imsleuth")
    parser.add_argument("folder", nargs="+")
    parser.add_argument("--damage", type=int, default=0, metavar="ROUNDS")
    arguments = parser.parse_args()
    captures = captures_in(*arguments.folder)
    if not captures:
        skip(f"no captures in {' '.join(arguments.folder)}")
    # Damaged packets make Wireshark's own dissectors fail too.
    environment = {} if arguments.damage else None
    with wireshark_with(arguments.plugin_dir, environment) as wireshark:
        if arguments.damage:
            good = list(compare_damaged(wireshark, arguments.imsleuth,
                                        captures, arguments.damage))
        else:
            good = [compare(wireshark, arguments.imsleuth, capture)
                    for capture in captures]
    print(f"{sum(good)} of {len(good)} captures: both say the same")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
