# SPDX-License-Identifier: GPL-2.0-or-later
"""Moulds: the parts of a life, ready to be filled with values again and
again, and what a report should count for each filling."""

import dataclasses
import re
import struct
from collections import Counter

from lives import LIVES, UDP_ONLY, Cut, Life, MarkedWorld
import cx
from truth import as_list
from world import Path, Shape

MRF = MarkedWorld(0, Shape()).nodes["mrf"].address
COMMANDS = {code: f"{name}R" for name, code in cx.CODES.items()}


@dataclasses.dataclass
class Message:
    """Ends are (address, port); address or port may be a mark."""
    time: int                   # microseconds from the part's beginning
    ends: tuple
    text: bytes                 # left of the operator %, the values right
    is_stream: bool
    side: int                   # of a stream's ends, who says it
    is_cx: bool


@dataclasses.dataclass
class Part:
    name: str
    words: list                 # (mark, maker) that are new in it
    messages: list
    expected: dict              # of Counters
    media: tuple                # marks of two ports, and the codec, or None

    @property
    def length(self):
        return self.messages[-1].time


def _expectation(name, attempts, events):
    requests = [struct.unpack(">5xBH", e.payload[:8]) for e in events
                if e.leg == "cx" and e.payload[4] & cx.REQUEST]
    causes = [as_list(a.cause) for a in attempts if a.cause]
    assert all(len(c) == 1 for c in causes)
    return {
        "registrations": Counter(a.outcome for a in attempts),
        "causes": Counter(c[0] for c in causes),
        "calls_refused": Counter(
            sip_420_sec_agree=name == "reinvite_420_sec_agree"),
        "exchanges": Counter(COMMANDS[high << 16 | low]
                             for high, low in requests),
        "messages": Counter("diameter" if e.leg == "cx" else "sip"
                            for e in events)}


def _template(payload, marks):
    text, at = [], 0
    for found in marks.finditer(payload):
        text += [payload[at:found.start()].replace(b"%", b"%%"),
                 b"%(", found[0], b")b"]
        at = found.end()
    return b"".join(text) + payload[at:].replace(b"%", b"%%")


def _message(event, start, marks):
    where = event.where
    is_stream = event.kind == "stream"
    if is_stream and isinstance(where, Path):
        where = where.connection
    return Message(round((event.time - start) * 1e6), where.ends,
                   _template(event.payload, marks), is_stream, event.side,
                   event.leg == "cx")


def _part(life, cut, before, marks):
    events = sorted(life.world.events[before.n_events:cut.n_events],
                    key=lambda e: e.time)
    start = events[0].time
    attempts = life.truth.attempts[before.n_attempts:cut.n_attempts]
    return Part(cut.name, cut.words,
                [_message(e, start, marks) for e in events],
                _expectation(life.truth.name, attempts, events), cut.media)


def make(name, seed, variant, gm="udp"):
    """The parts of one telling of the life NAME; GM as Shape has it. One
    variant has a security agreement, with what follows it in clear."""
    if name in UDP_ONLY:
        gm = "udp"
    life = Life(MarkedWorld(f"{name} {gm} {seed} {variant}", Shape(gm=gm)),
                name, has_agreement=gm == "udp" and variant == 0)
    LIVES[name](life)
    marks = re.compile(b"|".join(map(re.escape, sorted(
        life.marks.known, key=len, reverse=True))))
    return [_part(life, cut, before, marks)
            for before, cut in zip([Cut("", 0, [], 0, None)] + life.cuts,
                                   life.cuts)]
