# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures read and made by themselves, without what is to be tested."""

import collections
import struct

SECTION, INTERFACE, STATISTICS, ENHANCED = 0x0A0D0D0A, 1, 5, 6
COMMENT, NAME, DESCRIPTION, RESOLUTION = 1, 2, 3, 9
DROPS, START, END, LOST = 4, 2, 3, 5

# The time is in nanoseconds; `number` is from 1.
Packet = collections.namedtuple(
    "Packet", "number time link original data comments drops interface",
    defaults=((), 0, None))


def options(data, order):
    at, found = 0, []
    while at + 4 <= len(data):
        code, length = struct.unpack_from(order + "HH", data, at)
        if code == 0:
            break
        found.append((code, data[at + 4:at + 4 + length]))
        at += 4 + (length + 3) // 4 * 4
    return found


def texts(found, code):
    return tuple(v.decode("utf-8") for c, v in found if c == code)


class Capture:
    """What a file says: `comments`, `interfaces`, `packets`, `spans`."""

    def __init__(self, data):
        self.comments, self.interfaces = (), []
        self.packets, self.spans = [], {}
        if data[:4] == struct.pack("<I", SECTION):
            self._read_pcapng(data)
        else:
            self._read_pcap(data)

    def _read_pcapng(self, data):
        at, order = 0, "<"
        while at < len(data):
            kind = struct.unpack_from(order + "I", data, at)[0]
            if kind == SECTION:
                order = "<" if data[at + 8] == 0x4D else ">"
            length = struct.unpack_from(order + "I", data, at + 4)[0]
            again = struct.unpack_from(order + "I", data, at + length - 4)[0]
            assert length == again and length % 4 == 0, (at, length, again)
            self._block(kind, data[at + 8:at + length - 4], order)
            at += length
        assert at == len(data)

    def _block(self, kind, body, order):
        if kind == SECTION:
            self.comments = texts(options(body[16:], order), COMMENT)
        elif kind == INTERFACE:
            found = options(body[8:], order)
            self.interfaces.append({
                "link": struct.unpack_from(order + "H", body)[0],
                "tick": 10 ** (9 - dict(found).get(RESOLUTION, b"\6")[0]),
                "description": "".join(texts(found, DESCRIPTION))})
        elif kind == STATISTICS:
            found = dict(options(body[12:], order))
            self.spans[struct.unpack_from(order + "I", body)[0]] = {
                code: struct.unpack(order + "II", value)
                for code, value in found.items() if len(value) == 8}
        elif kind == ENHANCED:
            self._packet(body, order)

    def _packet(self, body, order):
        index, high, low, captured, original = struct.unpack_from(
            order + "IIIII", body)
        found = options(body[20 + (captured + 3) // 4 * 4:], order)
        lost = [v for c, v in found if c == DROPS]
        self.packets.append(Packet(
            len(self.packets) + 1,
            (high << 32 | low) * self.interfaces[index]["tick"],
            self.interfaces[index]["link"], original,
            body[20:20 + captured], texts(found, COMMENT),
            struct.unpack(order + "Q", lost[0])[0] if lost else 0, index))

    def _read_pcap(self, data):
        order = "<" if data[0] in (0xD4, 0x4D) else ">"
        magic, link = (struct.unpack_from(order + "I", data, i)[0]
                       for i in (0, 20))
        tick = 1 if magic == 0xA1B23C4D else 1000
        at = 24
        while at < len(data):
            seconds, fraction, captured, original = struct.unpack_from(
                order + "IIII", data, at)
            self.packets.append(Packet(
                len(self.packets) + 1,
                seconds * 10 ** 9 + fraction * tick, link, original,
                data[at + 16:at + 16 + captured]))
            at += 16 + captured


def block(kind, body):
    length = 12 + len(body)
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def option(code, value):
    return (struct.pack("<HH", code, len(value)) + value
            + bytes(-len(value) % 4))


def written(packets):
    """A pcapng of packets, an interface of nanoseconds for each link type."""
    links = []
    out = [block(SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    for p in packets:
        if p.link not in links:
            links.append(p.link)
            out.append(block(INTERFACE, struct.pack("<HHI", p.link, 0, 0)
                             + option(RESOLUTION, b"\x09") + bytes(4)))
        lost = (option(DROPS, struct.pack("<Q", p.drops)) + bytes(4)
                if p.drops else b"")
        out.append(block(ENHANCED, struct.pack(
            "<IIIII", links.index(p.link), p.time >> 32,
            p.time & 0xFFFFFFFF, len(p.data), p.original)
            + p.data + bytes(-len(p.data) % 4) + lost))
    return b"".join(out)
