# SPDX-License-Identifier: GPL-2.0-or-later
"""Who says what when: subscribers go through their lives part by part."""

import dataclasses
import heapq
from collections import Counter

import moulds
from marks import ADDRESS, PHONE, USER, Chance
from network import HANDSHAKE, Network
from packets import Voice
import wire

EPOCH = 1_760_000_000_000_000
SECOND = 1_000_000
TICK = SECOND // 50             # of speech
VARIANTS = 8                    # tellings of each life
SHARE_OF_TCP = 0.1              # of the UEs
SHARE_OF_SPEECH = 0.95
MOST_SUBSCRIBERS = 1_000_000
SPEECH_PACKET = 150             # bytes, about; with its record
MOST_TALKERS = 150
# of a thousand subscribers
FAULTY = {"user_unknown": 20, "maa_unknown_user": 10,
          "wrong_response_aka": 10, "wrong_response_digest": 10,
          "register_420_sec_agree": 10, "reinvite_420_sec_agree": 10}


@dataclasses.dataclass(frozen=True)
class Shape:
    kinds: dict                 # besides FAULTY
    a_mb: float = 25            # subscribers a MB, and how many
    most: int = 10_000          # at most, unless it is asked for more
    rate: float = 50            # parts of lives begun a second
    cx: str = "tcp"
    is_media: bool = False
    is_crowd: bool = False      # everyone comes once, then everyone again
    is_long: bool = False       # each in his own time; nothing for long


SHAPES = {
    "signalling": Shape({"quiet": 780, "talker": 150}),
    "media": Shape({"quiet": 480, "talker": 450}, is_media=True),
    "sctp": Shape({"quiet": 780, "talker": 150}, cx="sctp"),
    "crowd": Shape({"comer": 930}, a_mb=35, most=MOST_SUBSCRIBERS, rate=500,
                   is_crowd=True),
    "long": Shape({"faithful": 780, "talker": 150}, most=50, is_long=True)}


@dataclasses.dataclass
class How:
    seed: int = 1
    subscribers: int = None     # as many as suit the shape and the size
    rate: float = None          # as suits the shape


class Subscriber:
    def __init__(self, number, kind, gm):
        self.kind, self.gm = kind, gm
        rest, low = divmod(number, 100)
        highest, high = divmod(rest, 100)
        address = f"10.{100 + (45 + highest) % 100}.{100 + high}.{100 + low}"
        self.values = {USER: b"00101%010d" % number,
                       PHONE: b"+1555%07d" % number,
                       ADDRESS: address.encode()}
        self.address = wire.packed(address)
        self.life, self.at = (), 0
        self.streams = {}

    def next_part(self, lives):
        """Of the life, or of a new one; LIVES are the tellings."""
        if self.at == len(self.life):
            self.life, self.at = lives(), 0
            self.streams = {}
        self.at += 1
        return self.life[self.at - 1]

    @property
    def is_calling(self):
        return self.at and self.life[self.at - 1].name == "call"

    @property
    def will_call(self):
        return self.at < len(self.life) and self.life[self.at].name == "call"

    def end(self, end):
        """Packed, the marks replaced."""
        address, port = end
        port = int(self.values.get(b"%d" % port, port))
        if address == ADDRESS.decode():
            return self.address, port
        return wire.packed(address), port


class Traffic:
    def __init__(self, shape, size, out, how):
        self.name, self.size = shape, size
        self.shape = SHAPES[shape]
        self.chance = Chance(f"{shape} {how.seed}")
        self.network = Network(out, self.chance, self.shape.cx)
        self.rate = how.rate or self.shape.rate
        packets = size / SPEECH_PACKET
        self.talkers_wanted = (max(2, min(MOST_TALKERS, int(packets / 3000)))
                               if self.shape.is_media else 0)
        self.engaged = 0
        self.lives = {}
        self.agenda = []        # (time, number, subscriber) to go on with
        self.voices = []
        self.expected = {}
        self.standing = set()   # subscribers who are registered
        self.calls = 0
        self.seed = how.seed
        self._people(how.subscribers or max(50, min(
            self.shape.most, int(size / 1e6 * self.shape.a_mb))))

    def _people(self, count):
        kinds = self.shape.kinds | FAULTY
        chosen = self.chance.choices(list(kinds), kinds.values(), k=count)
        # the faults are there however few the subscribers
        chosen[:len(FAULTY)] = FAULTY
        people = [Subscriber(n, kind, "tcp" if self.chance.random()
                             < SHARE_OF_TCP else "udp")
                  for n, kind in enumerate(chosen)]
        self.count = count
        self.free = {
            True: [p for p in people if p.kind == "talker"],
            False: [p for p in people if p.kind != "talker"]}
        self.been = []          # those of a crowd
        self.peers = Subscriber(0, "peers", "udp")

    def _telling(self, subscriber):
        key = (subscriber.kind, subscriber.gm, self.chance.randrange(VARIANTS))
        if key not in self.lives:
            kind, gm, variant = key
            self.lives[key] = moulds.make(kind, self.seed, variant, gm)
        return self.lives[key]

    def _pick(self, is_talker):
        free = self.free[is_talker]
        if not free:
            free += self.been
            self.been = []
        if not free:
            return None
        at = self.chance.randrange(len(free))
        free[at], free[-1] = free[-1], free[at]
        return free.pop()

    def go_on(self, now, subscriber):
        """The next part of SUBSCRIBER's life, and when it goes on then."""
        part = subscriber.next_part(lambda: self._telling(subscriber))
        start = now + HANDSHAKE + self.chance.randrange(TICK)
        self.network.say(start, subscriber, part)
        ends = part.expected["registrations"]
        if ends["registered"]:
            self.standing.add(subscriber.values[USER])
        if ends["deregistered"]:
            self.standing.discard(subscriber.values[USER])
        for kind, counts in part.expected.items():
            self.expected.setdefault(kind, Counter()).update(counts)
        end = start + part.length + SECOND // 2
        if part.name == "call":
            self.calls += 1
            end = start + part.length + self._hold()
            if self.shape.is_media:
                self._speak(subscriber, part, start + part.length, end)
        elif subscriber.at == len(subscriber.life):
            self.network.hang_up(start + part.length + 50_000, subscriber)
        if subscriber.kind == "peers":
            end = start + 30 * SECOND
            subscriber.at = 1   # watchdogs for ever
        elif self.shape.is_long and not subscriber.is_calling:
            end += self._pause(subscriber)
        heapq.heappush(self.agenda, (end, self.network.number, subscriber))

    def _pause(self, subscriber):
        """Before a call, a refresh, or a new life."""
        low, high = ((20, 60) if subscriber.will_call else (1500, 3000))
        return self.chance.randrange(low * SECOND, high * SECOND)

    def _hold(self):
        low, high = (40, 80) if self.shape.is_media else (5, 30)
        return self.chance.randrange(low * SECOND, high * SECOND)

    def _speak(self, subscriber, part, start, end):
        mine, other, codec = part.media
        voice = Voice(self.network.link, (
            subscriber.end((ADDRESS.decode(), mine)),
            subscriber.end((moulds.MRF, other))), codec, self.chance)
        voice.starts, voice.ends = start, end
        self.voices.append(voice)

    def _released(self, now):
        while self.agenda and self.agenda[0][0] < now + TICK:
            subscriber = heapq.heappop(self.agenda)[2]
            if (subscriber.is_calling or subscriber is self.peers
                    or self.shape.is_long
                    or self.shape.is_media and subscriber.will_call):
                self.go_on(now, subscriber)
                continue
            is_talker = subscriber.kind == "talker"
            free = self.been if self.shape.is_crowd else self.free[is_talker]
            free.append(subscriber)
            self.engaged -= is_talker

    def _start(self, now, is_talker):
        subscriber = self._pick(is_talker)
        if subscriber:
            self.engaged += is_talker
            self.go_on(now, subscriber)

    def _starts(self, now):
        """Whose turn is it?"""
        if self.shape.is_long:
            return
        if not self.shape.is_media:
            if self.chance.random() < self.rate * TICK / SECOND:
                talkers, others = len(self.free[True]), len(self.free[False])
                self._start(now, self.chance.random() * (talkers + others)
                            < talkers)
            return
        if self.engaged < self.talkers_wanted:
            self._start(now, True)
        network = self.network
        said = network.packets - network.speech + len(network.agenda)
        if said < (1 - SHARE_OF_SPEECH) * network.packets:
            self._start(now, False)

    def _speech(self, now):
        due = []
        for voice in self.voices:
            number = (now - voice.starts) // TICK
            if number >= 0 and now < voice.ends:
                due += voice.records(now, number)
        self.voices = [v for v in self.voices if now < v.ends]
        return due

    def run(self):
        network = self.network
        now = EPOCH
        heapq.heappush(self.agenda, (now, 0, self.peers))
        if self.shape.is_long:
            self._come(now)
        while network.bytes + network.coming < self.size:
            self._released(now)
            if now > EPOCH + SECOND // 5:
                self._starts(now)
            network.write(now + TICK, self._speech(now))
            now += TICK
            if self.shape.is_long and not network.agenda:
                now = max(now, self.agenda[0][0])
        self._drain(now)

    def _come(self, now):
        """Everyone in the first half-hour."""
        everyone = self.free[False] + self.free[True]
        self.agenda += [(now + self.chance.randrange(SECOND, 1800 * SECOND),
                         -number, subscriber)
                        for number, subscriber in enumerate(everyone, 1)]
        heapq.heapify(self.agenda)

    def _drain(self, now):
        """All calls end, and what has begun is told to its end."""
        for _, _, subscriber in sorted(self.agenda, key=lambda a: a[:2]):
            if subscriber.is_calling:
                self.go_on(now, subscriber)
        self.voices = []
        self.network.write(1 << 62)

    def summary(self):
        network = self.network
        return {"shape": self.name, "seed": self.seed,
                "packets": network.packets, "bytes": network.bytes + 24,
                "seconds": round((network.last - EPOCH) / SECOND, 3),
                "subscribers": self.count,
                "standing": len(self.standing), "rtp_packets": network.speech,
                "calls": self.calls,
                **{kind: {k: n for k, n in sorted(counts.items()) if n}
                   for kind, counts in self.expected.items()}}
