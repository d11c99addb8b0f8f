#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The name server answers for what it knows, and survives the rest."""

import random
import struct
import unittest

from nodes.dns import respond

ADDRESSES = {"hss.lab": "10.70.2.20"}
HEAD = struct.pack("!HHHHHH", 0x1234, 0x0100, 1, 0, 0, 0)


def query(name, kind):
    labels = b"".join(bytes([len(label)]) + label.encode()
                      for label in name.split("."))
    return HEAD + labels + b"\0" + struct.pack("!HH", kind, 1)


class Names(unittest.TestCase):
    def test_known(self):
        reply = respond(query("HSS.lab", 1), ADDRESSES)
        self.assertEqual(reply[:12], struct.pack(
            "!HHHHHH", 0x1234, 0x8580, 1, 1, 0, 0))
        self.assertEqual(reply[-4:], bytes([10, 70, 2, 20]))

    def test_known_but_not_of_that_type(self):
        reply = respond(query("hss.lab", 28), ADDRESSES)
        self.assertEqual(struct.unpack_from("!HHH", reply, 2), (0x8580, 1, 0))

    def test_unknown(self):
        reply = respond(query("as.lab", 1), ADDRESSES)
        self.assertEqual(struct.unpack_from("!HHH", reply, 2), (0x8583, 1, 0))

    def test_hostile_bytes(self):
        chance = random.Random(1)
        for _ in range(2000):
            data = chance.randbytes(chance.randrange(40))
            try:
                respond(data, ADDRESSES)
            except (ValueError, IndexError, struct.error):
                pass


if __name__ == "__main__":
    unittest.main()
