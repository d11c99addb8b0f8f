#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The HSS reads what it writes, and survives what is no Diameter; what it
answers to whom, and what it does wrong by order."""

import random
import unittest

import plan
from hss import cx, faults
from hss.subscribers import NOT_REGISTERED, REGISTERED, Register
from hss.wire import (ERROR, LIR, MAR, REQUEST, SAR, UAR, Framing, Malformed,
                      Message, unpack_avps)

ALICE, BOB, CAROL = (plan.SUBSCRIBERS[n] for n in ("alice", "bob", "carol"))


def request(command, who, *more, impu=None):
    return Message(command, REQUEST, (7, 8), [
        ("Session-Id", "a;1;2"), ("User-Name", who["impi"]),
        ("Public-Identity", impu or who["impus"][0]), *more])


class Wire(unittest.TestCase):
    message = request(MAR, ALICE, ("SIP-Auth-Data-Item", [
        ("SIP-Authentication-Scheme", "Digest-AKAv1-MD5")]))

    def test_back_and_forth(self):
        read = Message.unpack(self.message.pack())
        self.assertEqual(read.avps, self.message.avps)
        self.assertEqual((read.name, read.hop_by_hop, read.end_to_end),
                         ("MAR", 7, 8))
        self.assertEqual(
            read.get("SIP-Auth-Data-Item", "SIP-Authentication-Scheme"),
            "Digest-AKAv1-MD5")
        self.assertIsNone(read.get("SIP-Auth-Data-Item", "User-Name"))

    def test_stream_in_any_pieces(self):
        data = self.message.pack() * 3
        for size in (1, 3, 19, 20, 100, len(data)):
            framing = Framing()
            pieces = [data[i:i + size] for i in range(0, len(data), size)]
            n = sum(len(list(framing.feed(p))) for p in pieces)
            self.assertEqual(n, 3)

    def test_hostile_bytes(self):
        chance = random.Random(1)
        good = self.message.pack()
        for _ in range(2000):
            bad = bytearray(good)
            for _ in range(chance.randint(1, 8)):
                bad[chance.randrange(len(bad))] = chance.randrange(256)
            try:
                list(Framing().feed(bytes(bad)))
            except Malformed:
                pass

    def test_lengths_that_lie(self):
        for length in (0, 7, 9, 0xFFFFFF):
            avp = (1).to_bytes(4, "big") + length.to_bytes(4, "big")
            with self.assertRaises(Malformed):
                unpack_avps(avp)


class Answers(unittest.TestCase):
    def setUp(self):
        self.register = Register(plan.SUBSCRIBERS.values(), plan.REALM)
        self.cx = cx.Cx(self.register, plan.SCSCF_URI)

    def result(self, message):
        avps = dict(self.cx.answer(message))
        inner = dict(avps.get("Experimental-Result", []))
        return avps.get("Result-Code"), inner.get("Experimental-Result-Code")

    def test_unknown_and_mismatched(self):
        self.assertEqual(self.result(request(UAR, plan.STRANGER)),
                         (None, 5001))
        self.assertEqual(self.result(request(UAR, ALICE,
                                             impu=BOB["impus"][0])),
                         (None, 5002))

    def test_a_registration(self):
        who = self.register.by_impi(ALICE["impi"])
        self.assertEqual(self.result(request(LIR, ALICE)), (None, 5003))
        self.assertEqual(self.result(request(UAR, ALICE)), (None, 2001))
        assign = [("Server-Name", plan.SCSCF_URI)]
        self.assertEqual(self.result(request(
            SAR, ALICE, ("Server-Assignment-Type", 1), *assign)),
            (2001, None))
        self.assertEqual(who.state, REGISTERED)
        self.assertEqual(self.result(request(UAR, ALICE)), (None, 2002))
        self.assertEqual(self.result(request(LIR, ALICE)), (2001, None))
        self.assertEqual(self.result(request(
            SAR, ALICE, ("Server-Assignment-Type", 5), *assign)),
            (2001, None))
        self.assertEqual((who.state, who.scscf), (NOT_REGISTERED, None))

    def test_vectors_are_the_sims(self):
        who = self.register.by_impi(ALICE["impi"])
        item = dict(dict(self.cx.answer(request(MAR, ALICE)))
                    ["SIP-Auth-Data-Item"])
        token = item["SIP-Authenticate"]
        sqn, res, ck, ik = who.sim.open_autn(token[:16], token[16:])
        self.assertEqual((sqn, res, ck, ik), (
            (1).to_bytes(6, "big"), item["SIP-Authorization"],
            item["Confidentiality-Key"], item["Integrity-Key"]))

    def test_resynchronisation(self):
        who = self.register.by_impi(ALICE["impi"])
        rand, far = bytes(16), (0x500).to_bytes(6, "big")
        for auts, code in ((who.sim.auts(rand, far), 2001),
                           (bytes(14), 5012)):
            message = request(MAR, ALICE, ("SIP-Auth-Data-Item", [
                ("SIP-Authorization", rand + auts)]))
            self.assertEqual(self.result(message), (code, None))
        self.assertEqual(who.sqn, 0x502)

    def test_scheme_that_is_not_theirs(self):
        message = request(MAR, CAROL, ("SIP-Auth-Data-Item", [
            ("SIP-Authentication-Scheme", "Digest-AKAv1-MD5")]))
        self.assertEqual(self.result(message), (None, 5006))


class Orders(unittest.TestCase):
    def test_times(self):
        table = faults.Faults()
        table.set({"UAR": {"result": 5012, "times": 1}})
        self.assertEqual(table.take("MAR"), {})
        self.assertEqual(table.take("UAR")["result"], 5012)
        self.assertEqual(table.take("UAR"), {})

    def test_what_is_sent_instead(self):
        self.assertEqual(faults.spoil({"protocol": 3002}, [])[0], ERROR)
        self.assertEqual(faults.spoil({}, [("Result-Code", 2001)]),
                         (0, [("Result-Code", 2001)]))

    def test_misspelt(self):
        with self.assertRaises(ValueError):
            faults.Faults().set({"UAR": {"anser": "none"}})


if __name__ == "__main__":
    unittest.main()
