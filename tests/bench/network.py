# SPDX-License-Identifier: GPL-2.0-or-later
"""What goes over the wire, in the order of time, into the file."""

import heapq

from packets import Association, Link, Stream, record
import wire

# microseconds
HANDSHAKE = 300                 # before what is said first
LATE_ACK = 40_000               # unless something is said meanwhile


class Network:
    def __init__(self, out, chance, cx="tcp"):
        self.out, self.chance = out, chance
        self.peers = {"tcp": Stream, "sctp": Association}[cx]
        self.link = Link()
        self.streams = {}       # the core's, by their ends
        self.agenda = []        # (time, number, frame) or (..., stream, how)
        self.number = 0
        self.packets = self.bytes = self.speech = self.coming = 0
        self.last = 0

    def _at(self, time, *what):
        self.number += 1
        self.coming += len(what[0]) + 16 if what[0] else 0
        heapq.heappush(self.agenda, (time, self.number) + what)

    def say(self, start, subscriber, part):
        """All messages of a part, filled."""
        values, chance = subscriber.values, self.chance
        for mark, maker in part.words:
            values[mark] = maker(values, chance)
        for message in part.messages:
            payload = message.text % values
            when = start + message.time
            ends = tuple(map(subscriber.end, message.ends))
            if message.is_stream:
                self._say_in_stream(when, subscriber, message, ends, payload)
                continue
            for i, frame in enumerate(self.link.datagrams(ends, payload)):
                self._at(when + 2 * i, frame)

    def _say_in_stream(self, when, subscriber, message, ends, payload):
        streams = self.streams if message.is_cx else subscriber.streams
        if ends not in streams:
            kind = self.peers if message.is_cx else Stream
            stream = streams[ends] = kind(ends, self.chance)
            for i, how in enumerate(stream.opening()):
                self._at(when - HANDSHAKE + 90 * i, None, stream.control,
                         *how)
        stream = streams[ends]
        self._at(when, payload, stream.data, message.side, payload)
        self._at(when + LATE_ACK, None, stream.late_ack, 1 - message.side)

    def hang_up(self, when, subscriber):
        """Closes the UE's connection."""
        for stream in subscriber.streams.values():
            for i, (side, flags) in enumerate((
                    (0, wire.FIN | wire.ACK), (1, wire.FIN | wire.ACK),
                    (0, wire.ACK))):
                self._at(when + 400 * i, None, stream.control, side, flags)

    def write(self, until, speech=()):
        """What is due; SPEECH are (time, record)."""
        due = list(speech)
        self.speech += len(due)
        while self.agenda and self.agenda[0][0] < until:
            when, _, frame, *how = heapq.heappop(self.agenda)
            self.coming -= len(frame) + 16 if frame else 0
            frames = how[0](self.link, *how[1:]) if how else [frame]
            due += [(when, record(when, frame)) for frame in frames]
        due.sort(key=lambda d: d[0])
        data = b"".join([d[1] for d in due])
        self.out.write(data)
        self.packets += len(due)
        self.bytes += len(data)
        if due:
            self.last = due[-1][0]
