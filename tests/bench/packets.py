# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames made quickly: Ethernet, IPv4, UDP, TCP, SCTP, RTP. Addresses are
packed, an end is (address, port)."""

import struct

import wire

IP_ROOM = 1480
MSS = 1460
DONT_FRAGMENT = 0x4000
GATEWAY = wire.mac("gateway")
AMR_WB = 104
RECORD = struct.Struct("<IIII")
RTP = struct.Struct(">HI")


def record(time, frame):
    """As pcap has it; TIME in microseconds."""
    seconds, rest = divmod(time, 1_000_000)
    return RECORD.pack(seconds, rest, len(frame), len(frame)) + frame


def checksum(data, more=0):
    """2^16 is 1 modulo 2^16 - 1: so the sum of RFC 1071 is a remainder, and
    what is long is summed as one long number."""
    total = int.from_bytes(data, "big") << (len(data) % 2 * 8)
    return ~((total + more) % 0xFFFF) & 0xFFFF


class Link:
    """The Ethernet where the capture is made; the UEs are behind a router."""

    def __init__(self):
        self.macs = {}
        self.ident = 0

    def knows(self, address, mac):
        self.macs[address] = mac

    def header(self, ends, protocol, length, fragment):
        src, dst = ends[0][0], ends[1][0]
        self.ident = self.ident % 0xFFFF + 1
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + length, self.ident,
                           fragment, 64, protocol, 0) + src + dst
        macs = self.macs
        return b"".join((macs.get(dst, GATEWAY), macs.get(src, GATEWAY),
                         b"\x08\0", head[:10],
                         checksum(head).to_bytes(2, "big"), head[12:]))

    def datagrams(self, ends, payload):
        """Frames with the payload in one UDP packet, or in fragments."""
        (src, sport), (dst, dport) = ends
        length = 8 + len(payload)
        check = checksum(payload, int.from_bytes(src + dst, "big") + wire.UDP
                         + 2 * length + sport + dport) or 0xFFFF
        data = struct.pack(">HHHH", sport, dport, length, check) + payload
        if length <= IP_ROOM:
            return [self.header(ends, wire.UDP, length, DONT_FRAGMENT)
                    + data]
        frames = []
        for at in range(0, length, IP_ROOM):
            piece = data[at:at + IP_ROOM]
            more = 0x2000 if at + IP_ROOM < length else 0
            frames.append(self.header(ends, wire.UDP, len(piece),
                                       more | at // 8) + piece)
            self.ident -= bool(more)
        return frames

    def segment(self, ends, numbers, flags, payload=b""):
        """NUMBERS: sequence and acknowledged."""
        (src, sport), (dst, dport) = ends
        length = 20 + len(payload)
        head = struct.pack(">HHIIBBHHH", sport, dport, *numbers, 0x50, flags,
                           64240, 0, 0)
        check = checksum(head + payload, int.from_bytes(src + dst, "big")
                         + wire.TCP + length)
        return b"".join((
            self.header(ends, wire.TCP, length, DONT_FRAGMENT), head[:16],
            check.to_bytes(2, "big"), b"\0\0", payload))


class Stream:
    """A TCP connection; side 0 opened it."""

    def __init__(self, ends, rng):
        self.ends = ends, ends[::-1]
        self.next = [rng.randrange(1 << 32), rng.randrange(1 << 32)]
        self.unheard = [0, 0]   # segments that were not acknowledged yet

    def opening(self):
        """(side, flags), in order."""
        return [(0, wire.SYN), (1, wire.SYN | wire.ACK), (0, wire.ACK)]

    def _frame(self, link, side, flags, payload=b""):
        acknowledged = self.next[1 - side] if flags & wire.ACK else 0
        frame = link.segment(self.ends[side], (self.next[side],
                                               acknowledged), flags, payload)
        length = len(payload) + bool(flags & (wire.SYN | wire.FIN))
        self.next[side] = (self.next[side] + length) & 0xFFFFFFFF
        self.unheard[1 - side] = 0
        return frame

    def control(self, link, side, flags):
        return [self._frame(link, side, flags)]

    def data(self, link, side, payload):
        """The segments, and what the other side acknowledges at once."""
        frames = []
        for at in range(0, len(payload), MSS):
            frames.append(self._frame(link, side, wire.PSH | wire.ACK,
                                      payload[at:at + MSS]))
            self.unheard[side] += 1
            if self.unheard[side] >= 2:
                frames.append(self._frame(link, 1 - side, wire.ACK))
        return frames

    def late_ack(self, link, side):
        """Of SIDE, if it did not say anything meanwhile."""
        return ([self._frame(link, side, wire.ACK)]
                if self.unheard[1 - side] else [])


class Association:
    """An SCTP association; side 0 began it. Its checksums are left to the
    card, as in captures made where the packets are sent."""
    ROOM = 1400                 # bytes of a message in a chunk
    DIAMETER = 46               # payload protocol identifier

    def __init__(self, ends, rng):
        self.ends = ends, ends[::-1]
        self.tag = [rng.randrange(1, 1 << 32), rng.randrange(1, 1 << 32)]
        self.next = [rng.randrange(1 << 32), rng.randrange(1 << 32)]
        self.numbers = [0, 0]
        self.unheard = [0, 0]

    def _frame(self, link, side, chunk, tag=None):
        (_, sport), (_, dport) = self.ends[side]
        tag = self.tag[1 - side] if tag is None else tag
        return link.header(self.ends[side], wire.SCTP, 12 + len(chunk),
                           DONT_FRAGMENT) + struct.pack(
                               ">HHII", sport, dport, tag, 0) + chunk

    def _sack(self, side):
        self.unheard[1 - side] = 0
        return struct.pack(">BBHIIHH", 3, 0, 16, self.next[1 - side] - 1
                           & 0xFFFFFFFF, 65535, 0, 0)

    def opening(self):
        """(side, what makes its frame), in order."""
        cookie = struct.pack(">HH", 7, 36) + bytes(32)
        return [(0, self._init(0, 1), 0), (1, self._init(1, 2, cookie), None),
                (0, struct.pack(">BBH", 10, 0, 36) + bytes(32), None),
                (1, struct.pack(">BBH", 11, 0, 4), None)]

    def _init(self, side, kind, more=b""):
        return struct.pack(">BBHIIHHI", kind, 0, 20 + len(more),
                           self.tag[side], 65535, 4, 4,
                           self.next[side]) + more

    def control(self, link, side, chunk, tag):
        return [self._frame(link, side, chunk, tag)]

    def data(self, link, side, payload):
        """The message in a chunk, or in pieces; what was not acknowledged
        of the other's is."""
        frames = []
        number = self.numbers[side]
        self.numbers[side] = number + 1 & 0xFFFF
        for at in range(0, len(payload), self.ROOM):
            piece = payload[at:at + self.ROOM]
            flags = 2 * (at == 0) | (at + self.ROOM >= len(payload))
            chunk = struct.pack(">BBHIHHI", 0, flags, 16 + len(piece),
                                self.next[side], 0, number, self.DIAMETER)
            chunk += piece + bytes(-len(piece) % 4)
            self.next[side] = self.next[side] + 1 & 0xFFFFFFFF
            if self.unheard[1 - side]:
                chunk = self._sack(side) + chunk
            frames.append(self._frame(link, side, chunk))
            self.unheard[side] += 1
        return frames

    def late_ack(self, link, side):
        return ([self._frame(link, side, self._sack(side))]
                if self.unheard[1 - side] else [])


class Voice:
    """Both directions of a call's speech, a packet each in 20 ms."""
    VARIANTS = 8
    MOST_LAG = 3000             # microseconds, of one way behind the other

    def __init__(self, link, ends, codec, rng):
        self.codec = codec
        self.step = 320 if codec == AMR_WB else 160
        self.ways = [self._way(link, e, rng) for e in (ends, ends[::-1])]
        self.offset = rng.randrange(20_000 - self.MOST_LAG)
        self.starts = self.ends = None

    def _way(self, link, ends, rng):
        # AMR-WB 12.65, octet-aligned (RFC 4867 4.4): 253 bits of speech
        speech = [b"\xf0\x14" + rng.randbytes(31) + b"\xa8"
                  if self.codec == AMR_WB else rng.randbytes(160)
                  for _ in range(self.VARIANTS)]
        source = rng.randbytes(4)
        length = 20 + len(speech[0])
        (_, sport), (_, dport) = ends
        head = (link.header(ends, wire.UDP, length, DONT_FRAGMENT)
                + struct.pack(">HHHHBB", sport, dport, length, 0, 0x80,
                              self.codec))
        return (head, [source + s for s in speech], rng.randrange(1 << 15),
                rng.randrange(1 << 31), rng.randrange(self.MOST_LAG))

    def records(self, time, number):
        """(time, record) of both for the packet NUMBER of the call."""
        for head, tails, sequence, stamp, lag in self.ways:
            tail = tails[number % self.VARIANTS]
            at = time + self.offset + lag
            seconds, rest = divmod(at, 1_000_000)
            size = len(head) + 6 + len(tail)
            yield at, RECORD.pack(seconds, rest, size, size) + head + RTP.pack(
                sequence + number & 0xFFFF,
                stamp + number * self.step & 0xFFFFFFFF) + tail
