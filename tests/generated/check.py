#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures with known faults and compares what imsleuth says of them.

Then takes packets out at random: nobody may be accused of what is not true
of that subscriber, and no registration that succeeded be told as failed.
What failed can be had again by --seed and the capture's name."""

import argparse
import dataclasses
import gzip
import os
import pathlib
import random
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent
                       / "golden"))

from generate import SHAPES, every_capture, make  # noqa: E402
from observe import numbers, observe, observe_each, rules  # noqa: E402
from truth import as_list  # noqa: E402
import wire  # noqa: E402

SUCCESS = ("registered", "deregistered")
FAILURE = ("rejected", "challenged", "unanswered")


def same_one(want, r):
    if want["call_id"] is not None:
        return (r["call_id"] == want["call_id"]
                and r["kind"] in as_list(want["kind"]))
    return r["call_id"] is None and r["impi"] in as_list(want["impi"])


def registrations(truth, report):
    left = list(report["registrations"])
    for want in truth["registrations"]:
        name = (f"{want['call_id'] or want['impi']} ({want['kind']}, "
                f"{story_of(truth, want)})")
        match = min((r for r in left if same_one(want, r)), default=None,
                    key=lambda r: (r["call_id"] is None and r["outcome"]
                                   not in as_list(want["outcome"])))
        if match is None:
            yield f"{name}: missing, should be {want['outcome']}"
            continue
        left.remove(match)
        for key, values in want.items():
            if match[key] not in as_list(values):
                yield f"{name}: {key} is {match[key]!r}, not {values!r}"
    for r in left:
        if r["call_id"] is None and r["outcome"] not in SUCCESS:
            continue  # Cx alone does not tell how often a UE failed
        yield (f"{r['call_id']} {r['impi']} ({r['kind']}, {r['outcome']}): "
               "is no registration")


def story_of(truth, want):
    for s in truth["stories"]:
        if want["call_id"] in s["call_ids"] or s["impi"] in as_list(
                want.get("impi")):
            return s["story"]
    return "?"


def musts(truth, report, by_frame=True):
    for want in truth["findings_must"]:
        if not any(f["rule"] in as_list(want["rule"])
                   and (not by_frame
                        or set(numbers(f)) & set(want["frames_any"]))
                   for f in report["findings"]):
            yield f"finding missing: {want}"


def exchanges(truth, report):
    told = Counter(e["command"] for e in report["exchanges"]
                   if e["application"].startswith(("Cx", "SIP")))
    if told != truth["exchanges"]:
        yield f"exchanges are {dict(told)}, not {truth['exchanges']}"


def accused(finding, truth, report):
    """The story that a finding is about, or None if it is about none."""
    about = {finding["call_id"]}
    impi = finding["impi"]
    for r in report["registrations"]:
        if r["id"] == finding["registration"]:
            about.add(r["call_id"])
            impi = impi or r["impi"]
    for s in truth["stories"]:
        if about & set(s["call_ids"]) or (impi and impi == s["impi"]):
            return s
    return None


def accusations(truth, report, is_whole=True):
    for f in report["findings"]:
        if f["severity"] != "error":
            continue
        story = accused(f, truth, report)
        allowed = (story or truth)["errors_allowed"]
        if story and not is_whole:
            allowed = allowed + story["allowed_in_loss"]
        if f["rule"] not in allowed:
            yield (f"false accusation of {story['story'] if story else '?'}"
                   f": {f['rule']}, frames {numbers(f)}: {f['summary']}")


def failures(truth, report):
    """Registrations that succeeded and are told as failed."""
    good = Counter((w["call_id"] or w["impi"]) for w in
                   truth["registrations"] if w["outcome"] in SUCCESS)
    bad = Counter((w["call_id"] or w["impi"]) for w in
                  truth["registrations"] if w["outcome"] not in SUCCESS)
    for r in report["registrations"]:
        name = r["call_id"] or r["impi"]
        story = next((s for s in truth["stories"]
                      if r["call_id"] in s["call_ids"]), None)
        if story and r["cause"] in story["failures_in_loss"]:
            continue
        if r["outcome"] in FAILURE and good[name] and not bad[name]:
            yield (f"{name} ({story_of(truth, r)}) is told as "
                   f"{r['outcome']}: {r['cause']}")


def within(truth, known):
    """The truth as far as the rules that there are can tell it.

    What a missing rule would explain is told as a plain refusal."""
    def plain(allowed):
        return allowed + ["register_rejected"] * (not set(allowed) <= known)

    truth = dict(truth)
    truth["findings_must"] = [f for f in truth["findings_must"]
                              if known & set(as_list(f["rule"]))]
    truth["registrations"] = [
        {key: value for key, value in r.items()
         if key != "cause" or None in as_list(value)
         or known & set(as_list(value))} for r in truth["registrations"]]
    truth["errors_allowed"] = plain(truth["errors_allowed"])
    truth["stories"] = [dict(s, errors_allowed=plain(s["errors_allowed"]))
                        for s in truth["stories"]]
    return truth


def whole(truth, report):
    yield from registrations(truth, report)
    yield from musts(truth, report)
    yield from exchanges(truth, report)
    yield from accusations(truth, report)


def in_parts(truth, report):
    """Frames have other numbers there."""
    yield from registrations(truth, report)
    yield from musts(truth, report, False)
    yield from exchanges(truth, report)
    yield from accusations(truth, report)


def lossy(truth, report):
    yield from accusations(truth, report, False)
    yield from failures(truth, report)


def written(folder, name, files):
    """The FILES of one observation."""
    paths = [pathlib.Path(folder, name + suffix) for suffix in files]
    for path, data in zip(paths, files.values()):
        path.write_bytes(data)
    return paths


def keep(arguments, paths):
    for path in paths if arguments.keep else []:
        (arguments.keep / path.name).write_bytes(path.read_bytes())


def tell(arguments, capture, name, files):
    """What is wrong of the capture in parts, which are read as one."""
    with tempfile.TemporaryDirectory() as folder:
        paths = written(folder, name, files)
        try:
            report = observe(arguments.imsleuth, folder)
            wrong = list(in_parts(within(capture.truth(), arguments.known),
                                  report))
        except AssertionError as error:
            wrong = [str(error)]
        if wrong:
            keep(arguments, paths)
    return [f"{name}: {line}" for line in wrong]


def tell_each(arguments, capture, observations):
    """What is wrong of each: its name, its frames, and how it is compared."""
    truth = within(capture.truth(), arguments.known)
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        paths = [path for name, frames, _ in observations for path in
                 written(folder, name,
                         {capture.suffix: capture.bytes(frames)})]
        try:
            reports = observe_each(arguments.imsleuth, paths)
        except AssertionError as error:
            keep(arguments, paths)
            return [f"{observations[0][0]} and others of it: {error}"]
        for (name, _, compare), report, path in zip(observations, reports,
                                                    paths, strict=True):
            lines = list(compare(truth, report))
            wrong += [f"{name}: {line}" for line in lines]
            if lines:
                keep(arguments, [path])
    return wrong


def parts(capture, how):
    """The capture as several files that tell the same."""
    frames, suffix = capture.frames, capture.suffix
    if how == "gz":
        return {suffix + ".gz": gzip.compress(capture.bytes(), 1)}
    halves = frames[:len(frames) // 2], frames[len(frames) // 2:]
    if how == "overlap":
        third = len(frames) // 3
        halves = frames[:2 * third], frames[third:]
    if how == "points":
        halves = ([f for f in frames if f.leg == "gm"],
                  [f for f in frames if f.leg != "gm"])
    if how == "clocks":
        # Both hold the core's packets; the second one's clock is wrong.
        halves = ([f for f in frames if f.leg != "cx"],
                  [dataclasses.replace(f, time_ns=f.time_ns + 3_700_000_000)
                   for f in frames if f.leg != "gm"])
    return {f"-{i}{suffix}": capture.bytes(half)
            for i, half in enumerate(halves) if half}


def without_bursts(frames, chance, share=0.07):
    """Without all that is in some spans of 2 to 30 ms."""
    gone = set()
    while len(gone) < share * len(frames):
        length = chance.uniform(2e6, 30e6)
        begin = chance.choice(frames).time_ns - chance.uniform(0, length)
        gone.update(i for i, f in enumerate(frames)
                    if begin <= f.time_ns <= begin + length)
    return [f for i, f in enumerate(frames) if i not in gone]


def damaged(capture, seed, arguments):
    """What was done to the capture, and the frames that are left."""
    frames = capture.frames
    for i in range(arguments.rounds):
        chance = random.Random(f"{seed} {i}")
        yield f"loss{i}", [f for f in frames if chance.random()
                           >= arguments.percent / 100]
    for i in range(arguments.bursts):
        chance = random.Random(f"burst {seed} {i}")
        yield f"burst{i}", without_bursts(frames, chance)
    chance = random.Random(seed)
    begin = chance.randrange(len(frames) // 2 + 1)
    end = chance.randrange(begin, len(frames)) + 1
    yield "cut", frames[begin:end]
    size = chance.choice((200, 600, 1000))
    yield "short", [dataclasses.replace(f, data=f.data[:size])
                    for f in frames]
    address = wire.mac(chance.choice(list(
        capture.world.nodes.values())).address)
    if capture.world.shape.link != "any":
        yield "one_way", [f for f in frames if f.data[6:12] != address]


def one_capture(arguments, seed, name, maker):
    """Lines about what is wrong."""
    capture = maker()
    chance = random.Random(f"{seed} {name}")
    ways = ["gz", "rotated", "points", "overlap"]
    if capture.world.shape.view == "full" and not capture.world.shape.gtp:
        ways.append("clocks")
    how = chance.choice(ways)
    wrong = tell_each(arguments, capture, [
        (name, capture.frames, whole),
        *((f"{name}-{damage}", frames, lossy) for damage, frames in
          damaged(capture, f"{seed} {name}", arguments))])
    wrong += tell(arguments, capture, f"{name}-{how}", parts(capture, how))
    return [f"WRONG  --seed {seed} {line}" for line in wrong]


def jobs(arguments):
    for seed in range(arguments.seed, arguments.seed + arguments.seeds):
        for name, maker in every_capture(seed):
            if arguments.names and name not in arguments.names:
                continue
            if arguments.story:
                if name not in SHAPES:
                    continue

                def maker(n=name, s=seed):
                    return make(n, s, SHAPES[n], [arguments.story])
            yield seed, name, maker


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=2,
                        help="so many from --seed on")
    parser.add_argument("--rounds", type=int, default=3,
                        help="of loss, for each capture")
    parser.add_argument("--bursts", type=int, default=0,
                        help="rounds with 7 %% missing in bursts")
    parser.add_argument("--percent", type=float, default=5)
    parser.add_argument("--story", help="only this one, in every shape")
    parser.add_argument("--keep", type=pathlib.Path,
                        help="a folder for the captures that failed")
    parser.add_argument("imsleuth")
    parser.add_argument("names", nargs="*", help="of captures")
    arguments = parser.parse_args()
    arguments.known = set(rules(arguments.imsleuth))
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    n, n_wrong = 0, 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for lines in pool.map(lambda job: one_capture(arguments, *job),
                              jobs(arguments)):
            n += 1
            n_wrong += bool(lines)
            for line in lines:
                print(line)
    print(f"{n - n_wrong} of {n} captures are told right, whole and with "
          f"{arguments.percent:g} % of the packets missing")
    return 1 if n_wrong or not n else 0


if __name__ == "__main__":
    sys.exit(main())
