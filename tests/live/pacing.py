# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures played as if they happened now: through a pipe, onto a link."""

import contextlib
import struct
import threading
import time

ETHERNET = 1


def packets_of(path):
    """[(time, bytes)] of a little-endian pcapng file of one Ethernet
    interface with times in nanoseconds, as scn2pcapng and dumpcap write."""
    data = path.read_bytes()
    at, packets, unit = 0, [], 1e-6
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        body = data[at + 8:at + length - 4]
        if kind == 1:
            assert struct.unpack_from("<H", body)[0] == ETHERNET
            unit = 1e-9 if b"\x09\0\x01\0\x09" in body else 1e-6
        elif kind == 6:
            _, high, low, captured = struct.unpack_from("<IIII", body)
            packets.append(((high << 32 | low) * unit,
                            body[20:20 + captured]))
        at += length
    return packets


def header():
    return struct.pack("<IHHIIII", 0xa1b23c4d, 2, 4, 0, 0, 262144, ETHERNET)


def record(moment, packet):
    seconds = int(moment)
    return struct.pack("<IIII", seconds, int((moment - seconds) * 1e9),
                       len(packet), len(packet)) + packet


class Player(threading.Thread):
    """Hands each packet to `give(moment, packet)` at its time, from now on
    (or with times from `clock` on), and calls `end` a while after the last."""

    def __init__(self, packets, give, silence=0.0, clock=None):
        super().__init__(daemon=True)
        self.start_of = packets[0][0]
        self.packets = packets
        self.give = give
        self.silence = silence
        self.shift = 0.0 if clock is None else clock - time.time()
        self.begun = None
        self.late = 0.0  # how busy the machine is
        self.sent = {}   # frame: wall time
        self.done = threading.Event()

    def run(self):
        self.begun = time.time()
        for number, (moment, packet) in enumerate(self.packets, 1):
            due = self.begun + moment - self.start_of
            time.sleep(max(0.0, due - time.time()))
            self.late = max(self.late, time.time() - due)
            self.sent[number] = time.time()
            self.give(due + self.shift, packet)
        time.sleep(self.silence)
        self.done.set()


def into(stream):
    """For Player: writes records of pcap, whoever reads them."""
    with contextlib.suppress(BrokenPipeError):
        stream.write(header())
        stream.flush()

    def give(moment, packet):
        with contextlib.suppress(BrokenPipeError):
            stream.write(record(moment, packet))
            stream.flush()
    return give


def lines_of(stream):
    """[(wall time, line)], filled while lines come; and the thread."""
    got = []

    def read():
        for line in stream:
            got.append((time.time(), line.decode().rstrip("\n")))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return got, thread
