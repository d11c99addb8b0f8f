#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin's heuristics find, and what they must leave alone.

    false_claims.py PLUGIN_DIR [--folder DIR]...

Without a folder: conversations made here, those that want the same options in
one capture. It is read by tshark with the plugin and without it, in one pass
and in two, and every message of SIP and Diameter that is shown must be one
that the case names. Then the captures of the repository, with Diameter on
other ports. With folders: every capture in them,
at any depth. What the plugin changes in the dissection of a frame must be
known here by name to be true.
"""
import argparse
import collections
import concurrent.futures
import functools
import itertools
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "generated"))

import cx  # noqa: E402
import wire  # noqa: E402
from running import LOUD, Shark, Wireshark  # noqa: E402

CAPTURES_HERE = pathlib.Path(__file__).parents[2] / "captures"
CLIENT, SERVER = "10.0.0.1", "10.0.0.2"
LOUDER = {**LOUD, "WIRESHARK_DEBUG_WMEM_OVERRIDE": "strict"}

# --- captures -------------------------------------------------------------


class Frame:
    time_ns = 0

    def __init__(self, data):
        self.data, self.length = data, len(data)


class Made:
    """A part of a capture, and the messages that it shows. No conversation
    of a part is one of another's."""

    client_ports = itertools.count(40001)

    def __init__(self, port):
        self.frames, self.expected = [], {}
        self.port = port
        self.begin()

    def begin(self):
        """Another conversation."""
        self.ends = ((CLIENT, next(self.client_ports)), (SERVER, self.port))
        self.tcp = wire.TcpStream(self.ends, random.Random(1))
        return self

    def add(self, side, protocol, data, shows=None):
        """SHOWS: the messages that this frame completes; None: nothing."""
        src, dst = self.ends[side][0], self.ends[1 - side][0]
        for packet in wire.ip_packets(src, dst, protocol, data,
                                      len(self.frames)):
            self.frames.append(Frame(wire.ethernet(src, dst, packet)))
        if shows is not None:
            self.expected[len(self.frames)] = shows

    def open(self):
        for side, segment in self.tcp.open():
            self.add(side, wire.TCP, segment)
        return self

    def segment(self, side, payload, shows=None):
        (_, segment), = self.tcp.data(side, payload, len(payload))
        self.add(side, wire.TCP, segment, shows)
        return self

    def sctp(self, ppid, messages, size=1300):
        """MESSAGES: (side, bytes, what the last packet of them shows)."""
        association = wire.SctpAssociation(self.ends, random.Random(1), ppid)
        for side, packet in association.open():
            self.add(side, wire.SCTP, packet)
        for side, message, shows in messages:
            packets = association.data(side, [message], 0, size)
            for i, (_, packet, _) in enumerate(packets):
                self.add(side, wire.SCTP, packet,
                         shows if i == len(packets) - 1 else None)
        return self

    def cut(self, number, size):
        """Of the frame, only so many bytes were captured."""
        frame = self.frames[number - 1]
        frame.data, frame.length = frame.data[:size], len(frame.data)
        return self

    def without(self, number):
        """The frame was not captured: those behind it move up."""
        del self.frames[number - 1]
        self.expected = {at - (at > number): shows
                         for at, shows in self.expected.items()
                         if at != number}
        return self


# --- messages -------------------------------------------------------------

def diameter(command, flags, application, *avps, number=1):
    host = "side.ims.example"
    return cx.message(command, flags, application, (number, number), [
        *avps, cx.avp(264, host), cx.avp(296, "ims.example")])


def session():
    return cx.avp(263, "side.ims.example;1;2;3")


CER = diameter("CE", cx.REQUEST, cx.BASE)
CEA = diameter("CE", 0, cx.BASE, cx.result(2001))
DWR = diameter("DW", cx.REQUEST, cx.BASE, number=2)
DWA = diameter("DW", 0, cx.BASE, cx.result(2001), number=2)
UAR = diameter("UA", cx.REQUEST | cx.PROXYABLE, cx.CX, session(), number=3)
UAA = diameter("UA", cx.PROXYABLE, cx.CX, session(), number=3)
SAA = diameter("SA", cx.PROXYABLE, cx.CX, session(),
               cx.tgpp(606, "<IMSSubscription>" + 4000 * "x"), number=4)


def codes(*numbers):
    return [f"diameter {number}" for number in numbers]


def register(number, body=b""):
    return ("REGISTER sip:ims.example SIP/2.0\r\n"
            "Via: SIP/2.0/TCP 10.0.0.1:40000;branch=z9hG4bK1\r\n"
            "From: <sip:a@ims.example>;tag=1\r\nTo: <sip:a@ims.example>\r\n"
            f"Call-ID: 1@10.0.0.1\r\nCSeq: {number} REGISTER\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def unauthorized(number):
    return register(number).replace(
        b"REGISTER sip:ims.example SIP/2.0", b"SIP/2.0 401 Unauthorized")


def sips(*numbers):
    return [f"sip {number}" for number in numbers]


def x11():
    """Connection setup, two requests, and one that is text but for zeros."""
    yield struct.pack("<BBHHHHH", 0x6C, 0, 11, 0, 0, 0, 0)
    yield struct.pack("<BBHIIHHHHHHII", 1, 0, 8, 0x200001, 0x100, 0, 0,
                      640, 480, 0, 1, 0, 0) + struct.pack(
                          "<BBHI", 8, 0, 2, 0x200001)
    yield struct.pack("<BBH", 64, 0, 40) + b"    " * 39


# --- what is found --------------------------------------------------------

# `alone`: whether tshark shows the same without the plugin; UNCHANGED: every
# frame in it is what it was.
UNCHANGED = "unchanged"
Case = collections.namedtuple("Case", "name made alone options",
                              defaults=(False, ()))


def diameter_over_tcp():
    port = 13868
    yield Case("whole messages", Made(port).open()
               .segment(0, CER, codes(257)).segment(1, CEA, codes(257))
               .segment(0, DWR, codes(280)).segment(1, DWA, codes(280)))
    yield Case("two in a segment", Made(port).open()
               .segment(0, CER + DWR, codes(257, 280))
               .segment(1, CEA + DWA, codes(257, 280)))
    for size in (8, 11, 12, 20, 27, 28, 29, 61):
        yield Case(f"first split at {size}", Made(port).open()
                   .segment(0, CER[:size])
                   .segment(0, CER[size:], codes(257))
                   .segment(1, CEA, codes(257)))
        yield Case(f"later split at {size}", Made(port).open()
                   .segment(0, CER, codes(257))
                   .segment(0, DWR[:size])
                   .segment(0, DWR[size:] + UAR, codes(280, 300)))
    yield Case("first in many pieces", functools.reduce(
        lambda made, i: made.segment(
            0, CER[i:i + 9], codes(257) if i + 9 >= len(CER) else None),
        range(0, len(CER), 9), Made(port).open())
        .segment(0, DWR, codes(280)))
    yield Case("begins within a segment", Made(port).open()
               .segment(0, CER + DWR[:30], codes(257))
               .segment(0, DWR[30:], codes(280)))
    yield Case("a long one", Made(port).open()
               .segment(0, SAA[:1400]).segment(0, SAA[1400:2800])
               .segment(0, SAA[2800:], codes(301)))
    yield Case("capture begins in a message", Made(port)
               .segment(0, UAR[33:]).segment(1, UAA, codes(300))
               .segment(0, DWR, codes(280)))
    yield Case("and another behind its end", Made(port)
               .segment(0, UAR[33:] + DWR[:31]).segment(0, DWR[31:])
               .segment(0, UAR, codes(300)).segment(1, UAA, codes(300)))
    yield Case("too little to tell", Made(port).open()
               .segment(0, CER[:7]).segment(0, CER[7:])
               .segment(1, CEA, codes(257)).segment(0, DWR, codes(280)))
    yield Case("a segment is missing", Made(port).open()
               .segment(0, CER, codes(257)).segment(0, SAA[:1400])
               .segment(0, SAA[1400:]).without(5)
               .segment(1, CEA, codes(257)).segment(1, DWA, codes(280)))
    # Wireshark shows what there is of a message that was cut.
    yield Case("cut by the snap length", Made(port).open()
               .segment(0, CER, codes(257)).cut(4, 54 + 40)
               .segment(1, CEA, codes(257)))
    yield Case("on Wireshark's own port", Made(3868).open()
               .segment(0, CER, codes(257)), alone=True)
    yield Case("switched off", Made(port).open().segment(0, CER),
               options=("--disable-heuristic", "imsleuth_diameter_tcp"))
    yield Case("Diameter switched off", Made(port).open()
               .segment(0, CER).segment(1, CEA),
               options=("--disable-protocol", "diameter"))


def diameter_over_sctp():
    port = 13868
    talk = [(0, CER, codes(257)), (1, CEA, codes(257)), (0, UAR, codes(300)),
            (1, UAA, codes(300)), (1, SAA, codes(301))]
    yield Case("no PPID", Made(port).sctp(0, talk))
    yield Case("no PPID, in fragments", Made(port).sctp(0, talk, 60))
    yield Case("byte order of the PPID wrong", Made(port).sctp(
        46 << 24, talk))
    yield Case("PPID 46", Made(port).sctp(46, talk), alone=True)
    # Once it is known whose association it is, what Wireshark takes is it.
    strange = cx.message("CE", 0, 99, (1, 1), [cx.avp(5000, 24 * "x")])
    yield Case("an odd message later", Made(port).sctp(
        0, [*talk, (0, strange, codes(257))]))
    yield Case("an odd message first", Made(port).sctp(
        0, [(0, strange, None), *talk]))
    yield Case("switched off on SCTP", Made(port).sctp(0, [(0, CER, None)]),
               options=("--disable-heuristic", "imsleuth_diameter_sctp"))


def sip_over_tcp():
    body = b"v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\n" * 20
    for port, alone in ((6060, False), (7777, True)):
        yield Case(f"{port}: whole messages", Made(port).open()
                   .segment(0, register(1), sips(1))
                   .segment(1, unauthorized(1), sips(1))
                   .segment(0, register(2), sips(2)), alone)
        yield Case(f"{port}: two in a segment", Made(port).open()
                   .segment(0, register(1) + register(2), sips(1, 2)), alone)
        yield Case(f"{port}: body in a later segment", Made(port).open()
                   .segment(0, register(1, body)[:400])
                   .segment(0, register(1, body)[400:], sips(1)), alone)
    yield Case("split in the start line", Made(6060).open()
               .segment(0, register(1)[:10]).segment(0, register(1)[10:],
                                                     sips(1)))
    yield Case("a keep-alive first", Made(6060).open()
               .segment(0, b"\r\n\r\n").segment(1, b"\r\n")
               .segment(0, register(1), sips(1)))
    yield Case("capture begins in a message", Made(6060)
               .segment(0, register(1, body)[150:])
               .segment(1, unauthorized(1), sips(1))
               .segment(0, register(2), sips(2)))
    mine = ("-o", "imsleuth.sip_tcp_ports:6010,5060")
    yield Case("a port of the preference", Made(6010).open()
               .segment(0, register(1), sips(1)), options=mine)
    yield Case("no longer one", Made(6060).open()
               .segment(0, register(1)), options=mine)
    # What a user has chosen for a port stands.
    chosen = ("-d", "tcp.port==6060,x11")
    for options in (chosen, (*mine, *chosen),
                    ("-o", "imsleuth.sip_tcp_ports:6000-6063", *chosen)):
        yield Case(f"decoded as X11 {' '.join(options)}", Made(6060).open()
                   .segment(0, register(1)), options=options)
    # There Wireshark shows the continuation of what began unseen.
    yield Case("SIP's own port", Made(5060)
               .segment(0, register(1, body)[150:], [])
               .segment(0, register(2), sips(2)), options=mine)


# --- what is not ----------------------------------------------------------

def with_bytes(message, at, replacement):
    return message[:at] + replacement + message[at + len(replacement):]


def near_misses():
    """First messages that are no Diameter by one thing."""
    u32 = functools.partial(struct.pack, ">I")
    header = CER[:20]
    yield "version 0", with_bytes(CER, 0, b"\0")
    yield "version 2", with_bytes(CER, 0, b"\2")
    yield "length not of words", with_bytes(CER, 1, u32(len(CER) + 1)[1:])
    yield "length of a header", with_bytes(header, 1, u32(20)[1:])
    yield "length below two AVPs", with_bytes(CER, 1, u32(32)[1:])
    yield "length above the limit", with_bytes(CER, 1, b"\x20\0\0")
    for bit in (1, 2, 4, 8):
        yield f"flag {bit}", with_bytes(CER, 4, bytes([0x80 | bit]))
    yield "request and error", with_bytes(CER, 4, b"\xa0")
    for code in (0, 1, 256, 259, 289, 299, 331, 8388608, 8388735, 0xFFFFFF):
        yield f"command {code}", with_bytes(CER, 5, u32(code)[1:])
        yield f"command {code} of Cx", with_bytes(UAR, 5, u32(code)[1:])
    for application in (14, 4711, 0x01000000 - 1, 16778000, 0xFFFFFFFF):
        yield f"application {application}", with_bytes(UAR, 8,
                                                       u32(application))
    yield "CER of Cx", with_bytes(CER, 8, u32(cx.CX))
    yield "UAR of the base protocol", with_bytes(UAR, 8, u32(0))
    for code in (0, 2, 256, 300, 600, 0xFFFFFFFF):
        yield f"AVP {code}", with_bytes(CER, 20, u32(code))
    for flags in (0x80, 0xC0, 0x41, 0x50):
        yield f"AVP's flags {flags}", with_bytes(CER, 24, bytes([flags]))
    for length in (0, 7, 8, len(CER) - 19, 0xFFFFFF):
        yield f"AVP's length {length}", with_bytes(CER, 25, u32(length)[1:])
    yield "behind another byte", b"\0" + CER
    yield "within another protocol", b"HEP3\0\x80" + bytes(64) + CER
    yield "zeros", bytes(200)
    yield "ones", b"\1" * 200
    yield "text", b"the length of this text is no length at all\r\n" * 4
    yield "numbers", b"".join(map(u32, range(1 << 24, (1 << 24) + 60)))


def foreign_text():
    yield "HTTP", b"GET /debug/pprof HTTP/1.1\r\nHost: a\r\n\r\n"
    yield "RTSP", b"OPTIONS rtsp://a/b RTSP/1.0\r\nCSeq: 1\r\n\r\n"
    yield "MSRP", b"MSRP 1 SEND\r\nTo-Path: msrp://a:1/b;tcp\r\n\r\n"
    yield "of SIP 3.0", b"REGISTER sip:a SIP/3.0\r\nCSeq: 1 REGISTER\r\n\r\n"
    yield "a line that never ends", b"REGISTER sip:" + 4 * 1300 * b"a"
    yield "a status without a number", b"SIP/2.0 okay\r\n\r\n"


def unclaimed():
    """A conversation each; which one was claimed, its frame tells."""
    whole, pieces, sctp = Made(13868), Made(13868), Made(13868)
    for _, message in near_misses():
        whole.begin().open().segment(0, message).segment(1, message)
        # What seemed worth waiting for.
        pieces.begin().open().segment(0, message[:9]).segment(0, message[9:])
        # On SCTP the length must be that of the message too.
        sctp.begin().sctp(0, [(0, message, None), (1, message, None)])
    sctp.begin().sctp(0, [(0, CER + bytes(4), None)])
    yield Case("no Diameter: whole", whole, UNCHANGED)
    yield Case("no Diameter: in pieces", pieces)
    yield Case("no Diameter: on SCTP", sctp, UNCHANGED)
    for port in (6060, 7777):
        made = Made(port)
        for _, text in foreign_text():
            made.begin().open()
            for at in range(0, len(text), 1300):
                made.segment(0, text[at:at + 1300])
        yield Case(f"no SIP: on {port}", made)
    yield Case("no SIP: typed on 6060", functools.reduce(
        lambda made, i: made.segment(0, b"INVITE me, will you?\r\n"[i:i + 1]),
        range(22), Made(6060).open()))
    noise, made = random.Random(7), Made(13868)
    for i in range(1000):
        made.begin().segment(
            i % 2, b"\1\0" + noise.randbytes(noise.randrange(6, 90)))
    yield Case("no Diameter: noise that begins well", made, UNCHANGED)


def harmless():
    """X11, on a port of the preference and on another."""
    for port in (6060, 6001):
        yield Case(f"X11 on {port}", functools.reduce(
            lambda made, piece: made.segment(0, piece), x11(),
            Made(port).open()), UNCHANGED)


# --- hostile --------------------------------------------------------------

def damaged(message, rng):
    """A few bytes of it are wrong, or it is cut, or longer."""
    data = bytearray(message)
    for _ in range(rng.randrange(1, 5)):
        data[rng.randrange(len(data))] = rng.choice(
            (0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    if rng.random() < 0.2:
        del data[rng.randrange(1, len(data)):]
    if rng.random() < 0.2:
        data += rng.randbytes(rng.randrange(1, 60))
    return bytes(data)


def hostile(conversations=40):
    """Conversations that have been handed over, then go bad."""
    rng = random.Random(11)
    whole = [CER, CEA, DWR, DWA, UAR, UAA, SAA[:200]]
    tcp, sctp, sip = Made(13868), Made(13868), Made(6060)
    for _ in range(conversations):
        tcp.begin().open().segment(0, CER)
        sip.begin().open().segment(0, register(1))
        for number in range(20):
            tcp.segment(rng.randrange(2), damaged(rng.choice(whole), rng))
            sip.segment(rng.randrange(2), damaged(register(number), rng))
        sctp.begin().sctp(0, [(0, CER, None)] + [
            (rng.randrange(2), damaged(rng.choice(whole), rng), None)
            for _ in range(20)])
    return tcp, sctp, sip


# --- the two ways of looking ----------------------------------------------

def written(folder, frames):
    """A packet a millisecond."""
    for number, frame in enumerate(frames):
        frame.time_ns = (1_700_000_000_000 + number) * 1_000_000
    path = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "made.pcap"
    path.write_bytes(wire.pcap(frames, wire.ETHERNET))
    return path


# A frame: the messages in it, None where neither SIP nor Diameter is seen; and
# its protocols. (Who found them is no protocol of the frame.)
Seen = collections.namedtuple("Seen", "messages protocols")


def looked_at(wireshark, capture, options):
    """Each frame as it is shown."""
    rows = wireshark.fields(
        capture, "frame", "frame.protocols", "diameter", "sip",
        "diameter.cmd.code", "sip.CSeq.seq", options=options)
    return [Seen([f"diameter {code}" for code in row["diameter.cmd.code"]]
                 + [f"sip {number}" for number in row["sip.CSeq.seq"]]
                 if row["diameter"] or row["sip"] else None,
                 row["frame.protocols"][0].replace(":imsleuth", ""))
            for row in rows]


def shown(seen):
    """The messages by frame."""
    return {i + 1: each.messages for i, each in enumerate(seen)
            if each.messages is not None}


def wrong_with(case, passes, got, alone):
    """ALONE: without the plugin; None where that was not asked."""
    expected = case.made.expected
    if shown(got) != expected:
        yield f"{passes} with the plugin {shown(got)} instead of {expected}"
    if alone is None:
        return
    if shown(alone) != (expected if case.alone else {}):
        yield f"{passes} without the plugin {shown(alone)}"
    if case.alone is UNCHANGED:
        yield from (f"{passes} frame {i + 1} is {new} instead of {old}"
                    for i, ((_, old), (_, new)) in enumerate(zip(alone, got))
                    if old != new)
        if case.name.startswith("X11") and got[-1].protocols[-3:] != "x11":
            yield f"{passes} not X11: {got[-1].protocols}"


def check_together(options, cases, folder, with_plugin, without):
    """One capture of all: a start of tshark takes longer than any of them."""
    capture = written(folder, [frame for case in cases
                               for frame in case.made.frames])
    wrong = collections.defaultdict(list)
    for passes in ((), ("-2",)):
        got = looked_at(with_plugin, capture, (*passes, *options))
        alone = None if options else looked_at(without, capture, passes)
        at = 0
        for case in cases:
            part = slice(at, at + len(case.made.frames))
            at = part.stop
            wrong[case.name] += wrong_with(
                case, passes, got[part], alone and alone[part])
        if len(got) != at:
            wrong[cases[-1].name].append(f"{len(got)} frames, not {at}")
    for case in cases:
        print(f"{'not ok' if wrong[case.name] else 'ok'}  {case.name}")
        for line in wrong[case.name][:8]:
            print(f"    {line}")
    return [not wrong[case.name] for case in cases]


def check_listing(wireshark):
    """The plugin is there, and its heuristics are those that can be off."""
    listing = wireshark.run("tshark", "-G", "heuristic-decodes").stdout
    lists = re.findall(r"^(\w+)\timsleuth\tT", listing, re.MULTILINE)
    good = sorted(lists) == ["sctp", "tcp"]
    print(f"{'ok' if good else 'not ok'}  heuristics that are on: {lists}")
    return good


def check_hostile(folder, wireshark):
    """Nothing but that tshark ends well; a dissector's bug ends it."""
    frames = [frame for made in hostile() for frame in made.frames]
    capture = written(folder, frames)
    for options in (("-V",), ("-2", "-V")):
        text = "\n".join(wireshark.lines(capture, *options))
        assert "Dissector bug" not in text, capture
    print(f"ok  {len(frames)} frames of damaged messages, in one pass and two")
    return True


def moved(data):
    """The capture's bytes, Diameter's ports of TCP over IPv4 elsewhere."""
    data = bytearray(data)
    header = re.compile(rb"(?=E.{8}\x06.{10}(..)(..))", re.DOTALL)
    for match in header.finditer(bytes(data)):
        for side in (1, 2):
            port, = struct.unpack(">H", match.group(side))
            if port in range(3868, 3876):
                struct.pack_into(">H", data, match.start(side), port + 10000)
    return bytes(data)


def messages_in(wireshark, captures):
    """Of each capture, frame by frame; by one program for all of them."""
    shark = Shark(wireshark)
    for capture in captures:
        shark.ask("load", file=str(wireshark.copy(capture)))
        shark.ask("frames", column0="diameter:1", column1="sip:1",
                  column2="diameter.cmd.code:0", column3="sip.CSeq.seq:0")
    answers, _ = shark.answers()
    return [{frame["num"]: frame["c"] for frame in frames if any(frame["c"])}
            for frames in answers[1::2]]


def check_moved(folder, with_plugin, without):
    """On other ports the same is found as on Diameter's own."""
    here = sorted(CAPTURES_HERE.glob("*.pcap*"))
    others = []
    for capture in here:
        others.append(pathlib.Path(tempfile.mkdtemp(dir=folder),
                                   capture.name))
        others[-1].write_bytes(moved(capture.read_bytes()))
    read = messages_in(without, [*here, *others])
    every = zip(here, read, read[len(here):], messages_in(with_plugin, others))
    for capture, known, alone, got in every:
        good = bool(known) and got == known and (
            alone != known or "sctp" in capture.name)
        print(f"{'ok' if good else 'not ok'}  {capture.name} on other ports: "
              f"all {len(known)} frames of SIP and Diameter; without the "
              f"plugin {len(alone)}")
        yield good


def check_all(plugin_dir):
    with Wireshark(plugin_dir, LOUDER) as with_plugin, \
            Wireshark(None, LOUDER) as without:
        folder = with_plugin.home / "made"
        folder.mkdir()
        groups = [diameter_over_tcp, diameter_over_sctp, sip_over_tcp,
                  unclaimed, harmless]
        by_options = collections.defaultdict(list)
        for case in (case for group in groups for case in group()):
            by_options[case.options].append(case)
        good = [check_listing(with_plugin)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for some in pool.map(lambda some: check_together(
                    *some, folder, with_plugin, without), by_options.items()):
                good += some
        good += check_moved(folder, with_plugin, without)
        good.append(check_hostile(folder, with_plugin))
    print(f"{sum(good)} of {len(good)} as they should be")
    return all(good)


# --- folders --------------------------------------------------------------

CAPTURES = re.compile(r"\.(pcap|pcapng|cap|trace|dmp|ntar|erf|snoop|\d+)?"
                      r"(\.(gz|zst|lz4))?$", re.IGNORECASE)
# Files in which there is more to be found: what Wireshark has to be told so
# that it shows the same.
KNOWN = {
    "ipsec_to_ipsec_call.pcapng": ["tcp.port==3871,diameter"],
    "sip_ipv4_tcp_fragmented.pcap": ["tcp.port==6060,sip"],
    "tc_TC_IDPRE_EXT0140.pcap": ["tcp.port==3868-3875,diameter"],
}


Changes = collections.namedtuple("Changes", "frames changed known")


def is_as_told(capture, with_plugin, without):
    """All that the plugin finds is what Wireshark is right to be told."""
    told = [word for rule in KNOWN.get(capture.name, [])
            for word in ("-d", rule)]
    return bool(told) and shown(looked_at(with_plugin, capture, ("-2",))) == \
        shown(looked_at(without, capture, ("-2", *told)))


def layers(wireshark, capture):
    """Each frame's protocols, without who found them.

    As far as tshark comes: one that dies or hangs shows fewer frames.
    """
    try:
        out = wireshark.tshark(capture, "-n", "-2", "-T", "fields", "-e",
                               "frame.protocols", timeout=900).stdout
    except subprocess.TimeoutExpired:
        return []
    return [line.replace(":imsleuth", "") for line in out.splitlines()]


def changes(capture, with_plugin, without):
    """The frames in which the plugin changes what is seen."""
    before = layers(without, capture)
    after = layers(with_plugin, capture)
    changed = [(i + 1, old, new)
               for i, (old, new) in enumerate(zip(before, after))
               if old != new]
    if len(before) != len(after):
        changed.append((0, f"{len(before)} frames", f"{len(after)}"))
    known = bool(changed) and is_as_told(capture, with_plugin, without)
    with_plugin.forget(capture)
    without.forget(capture)
    return Changes(len(before), changed, known)


def report(capture, found):
    print(f"{'known' if found.known else 'NEW'}  {capture}: "
          f"{len(found.changed)} frames")
    for frame, old, new in found.changed[:0 if found.known else 8]:
        print(f"    frame {frame}: {old} -> {new}")


def check_folders(plugin_dir, folders):
    captures = [path for folder in folders
                for path in sorted(pathlib.Path(folder).rglob("*"))
                if path.is_file() and CAPTURES.search(path.name)]
    # Wireshark has bugs of its own: they are told, and it goes on.
    with Wireshark(plugin_dir, {}) as with_plugin, \
            Wireshark(None, {}) as without, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        if not check_listing(with_plugin):
            return False
        every = []
        for capture, found in zip(captures, pool.map(
                lambda capture: changes(capture, with_plugin, without),
                captures)):
            every.append(found)
            if found.changed:
                report(capture, found)
    changed = [found for found in every if found.changed]
    bad = [found for found in changed if not found.known]
    print(f"{len(every)} files ({sum(not f.frames for f in every)} of them "
          f"unreadable or empty), {sum(f.frames for f in every)} frames; the "
          f"plugin changes {sum(len(f.changed) for f in changed)} frames of "
          f"{len(changed)} files, of which {len(bad)} are not known")
    return not bad


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plugin_dir")
    parser.add_argument("--folder", action="append")
    words = parser.parse_args()
    good = check_folders(words.plugin_dir, words.folder) if words.folder \
        else check_all(words.plugin_dir)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
