#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures of IMS registrations with known faults, and their truth.

A seed gives the same captures always. FOLDER gets NAME.pcap or NAME.pcapng
for each and truth.json, of the form that tests/golden/check_truth.py reads,
with a list of the stories in it; registrations that only Cx shows (call_id
null) are told apart by their IMPI, which check.py does."""

import argparse
import json
import pathlib
import random
import sys
from collections import Counter

sys.dont_write_bytecode = True

import world as network  # noqa: E402
from faults import STORIES  # noqa: E402
from peers import PEER_FAULTS  # noqa: E402
from story import Story  # noqa: E402

SHAPES = {
    "plain": {},
    "pcap": {"file": "pcap", "nanoseconds": False},
    "pcap_big_endian": {"file": "pcap", "order": ">"},
    "pcapng_big_endian": {"order": ">", "trying": False},
    "brief": {"tail": 0.1},
    "brief_gm": {"tail": 0.1, "view": "gm"},
    "vlan": {"link": "vlan", "trying": False},
    "qinq": {"link": "qinq", "cx": "sctp"},
    "any": {"link": "any"},
    "any_tcp": {"link": "any", "gm": "tcp", "core": "tcp", "cx": "sctp"},
    "ipv6": {"ipv6": True},
    "ipv6_small": {"ipv6": True, "mtu": 1280, "cx": "sctp", "ppid": 0},
    "fragments": {"mtu": 576, "segment": 400},
    "tcp": {"gm": "tcp", "core": "tcp", "segment": 1440, "join": 0.0004},
    "tcp_small": {"gm": "tcp", "core": "tcp", "segment": 97,
                  "join": 0.0006},
    "sctp": {"cx": "sctp", "join": 0.0005},
    "sctp_bare": {"cx": "sctp", "ppid": 0, "checksum": False,
                  "segment": 300, "midway": True},
    "pipelined": {"join": 0.004, "segment": 600},
    "midway": {"midway": True, "uar_each": False},
    "gtp": {"gtp": True},
    "gtp_ipv6": {"gtp": True, "ipv6": True, "trying": False},
    "ports": {"nodes": "ports"},
    "ports_tcp": {"nodes": "ports", "core": "tcp"},
    "combined": {"nodes": "combined", "uar_each": False},
    "dra": {"dra": True},
    "dra_sctp": {"dra": True, "cx": "sctp", "trying": False},
    "disorder": {"disorder": 0.3},
    "noise": {"noise": True},
    "compact": {"style": "compact", "untidy": 0.1},
    "odd": {"style": "odd", "core": "tcp", "untidy": 0.1},
    "crowd": {"crowd": 60},
    "crowd_core": {"crowd": 40, "view": "core", "cx": "sctp"},
    "untidy": {"gm": "tcp", "core": "tcp", "untidy": 0.3, "segment": 500},
    "gm": {"view": "gm"},
    "gm_tcp": {"view": "gm", "gm": "tcp", "trying": False},
    "gm_gtp": {"view": "gm", "gtp": True},
    "rfc4740": {"rfc4740": True},
    "rfc4740_cx": {"rfc4740": True, "view": "cx", "cx": "sctp"},
    "core": {"view": "core"},
    "core_ports": {"view": "core", "nodes": "ports"},
    "core_sctp": {"view": "core", "cx": "sctp", "uar_each": False},
    "cx": {"view": "cx"},
    "cx_sctp": {"view": "cx", "cx": "sctp"},
    "cx_dra": {"view": "cx", "dra": True},
    "gm_cx": {"view": "gm+cx"},
    "gm_cx_combined": {"view": "gm+cx", "nodes": "combined"},
}


class Capture:
    """A world that is over: its frames, and what is true of them."""

    def __init__(self, name, world, stories, extra):
        self.name, self.world = name, world
        self.suffix = f".{world.shape.file}"
        self.frames = world.frames()
        self.truths = [t for t in [s.truth.told(world) for s in stories]
                       + [t.told(world) for t in extra]]
        self.exchanges = Counter(
            command + "R" for s in stories
            for command, _ in s.truth.exchanges) if world.is_seen("cx") \
            else {}

    def bytes(self, frames=None):
        return self.world.file(self.frames if frames is None else frames)

    def truth(self):
        together = {"registrations": [], "findings_must": [],
                    "exchanges": dict(self.exchanges)}
        for told in self.truths:
            together["registrations"] += told["registrations"]
            together["findings_must"] += told["findings_must"]
        together["errors_allowed"] = sorted(
            {r for told in self.truths for r in told["errors_allowed"]})
        together["stories"] = [{k: told[k] for k in
                                ("story", "impi", "call_ids",
                                 "allowed_in_loss", "failures_in_loss",
                                 "errors_allowed")}
                               for told in self.truths]
        return together


def fitting(shape, names):
    return [n for n in names
            if all(condition(shape) for condition in STORIES[n][1])]


def make(name, seed, shape, names=None, n_stories=12):
    """One capture; NAMES are the stories' (default: at random)."""
    rng = random.Random(f"{name} {seed}")
    world = network.World(f"{name} {seed}", network.Shape(**shape))
    names = fitting(world.shape, names or sorted(STORIES))
    if len(names) > n_stories:
        names = rng.sample(names, n_stories)
    if world.shape.crowd:
        names = rng.choices(names, k=world.shape.crowd)
    stories, start = [], 1.0
    for number, story in enumerate(names, 1):
        s = Story(world, number, story, start)
        STORIES[story][0](s)
        stories.append(s)
        start += rng.choice((0.0002, 0.0005, 0.4, 2.5, 4.0))
    finish(world)
    return Capture(name, world, stories, [])


def make_peer_fault(name, seed, fault, shape):
    world = network.World(f"{name} {seed}", network.Shape(**shape))
    stories, extra = PEER_FAULTS[fault](world)
    return Capture(name, world, stories, extra)


def finish(world):
    end = world.end + world.shape.tail
    world.start_peers(0.1)
    world.watch_peers(1.0, end)
    world.go_on(end)
    if world.shape.noise:
        world.add_noise(end)


def any_shape(rng):
    """A combination that no name stands for."""
    def often(value, *others):
        return rng.choice((value, value) + others)
    shape = {
        "view": often("full", "gm", "core", "cx", "gm+cx"),
        "link": often("ethernet", "vlan", "qinq", "any"),
        "ipv6": often(False, True), "gtp": often(False, True),
        "gm": often("udp", "tcp"), "core": often("udp", "tcp"),
        "cx": often("tcp", "sctp"), "ppid": often(46, 0),
        "checksum": often(True, False),
        "nodes": often("apart", "ports", "combined"),
        "dra": often(False, False, True), "midway": often(False, True),
        "trying": often(True, False), "uar_each": often(True, False),
        "segment": often(1440, 900, 300),
        "join": often(0.0, 0.0004, 0.002), "mtu": often(1500, 1280),
        "file": often("pcapng", "pcap"), "order": often("<", ">"),
        "nanoseconds": often(True, False), "noise": often(False, True),
        "style": often("plain", "compact", "odd"),
        "untidy": often(0.0, 0.1), "ident": often(True, False)}
    if shape["untidy"]:
        shape["ident"] = False  # what is repeated would have another
    if shape["file"] == "pcapng" and shape["link"] != "any":
        shape["disorder"] = often(0.0, 0.2)
    return shape


def every_capture(seed):
    """The names and makers of the captures of one seed: each shape with
    some of the stories, so that every story comes in several shapes."""
    rng = random.Random(seed)
    names = sorted(STORIES)
    at = 0
    order = rng.sample(names, len(names))
    for shape in SHAPES:
        picked = [order[(at + i) % len(order)] for i in range(12)]
        at += 12
        yield shape, lambda n=shape, p=picked: make(n, seed, SHAPES[n], p)
    for n in range(6):
        picked = [order[(at + i) % len(order)] for i in range(12)]
        at += 12
        yield f"random{n}", lambda n=n, p=picked, s=any_shape(rng): make(
            f"random{n}", seed, s, p)
    for fault in PEER_FAULTS:
        shape = SHAPES[rng.choice(("plain", "ipv6", "sctp", "ports",
                                   "vlan", "core"))]
        yield fault, lambda f=fault, s=shape: make_peer_fault(f, seed, f, s)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--story", help="only this one, in every shape")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", help="of the shapes and of the "
                        "faults of peers (default: all)")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    truths = {}
    for name, maker in every_capture(arguments.seed):
        if arguments.names and name not in arguments.names:
            continue
        if arguments.story and name in SHAPES:
            capture = make(name, arguments.seed, SHAPES[name],
                           [arguments.story])
        else:
            capture = maker()
        file = f"{name}{capture.suffix}"
        (arguments.folder / file).write_bytes(capture.bytes())
        truths[file] = capture.truth()
    (arguments.folder / "truth.json").write_text(
        json.dumps(truths, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
