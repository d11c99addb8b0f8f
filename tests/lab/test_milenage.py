#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""AES as in FIPS 197 C.1, Milenage as in TS 35.208 4.3 (sets 1, 2 and 6)."""

import unittest

from hss.aes import encrypt
from hss.milenage import Milenage, WrongMac, digest, opc_of

# k, rand, sqn, amf, op, then what is to come out of it.
SETS = [
    dict(k="465b5ce8b199b49faa5f0a2ee238a6bc",
         rand="23553cbe9637a89d218ae64dae47bf35", sqn="ff9bb4d0b607",
         amf="b9b9", op="cdc202d5123e20f62b6d676ac72cb318",
         opc="cd63cb71954a9f4e48a5994e37a02baf", f1="4a9ffac354dfafb3",
         f1_star="01cfaf9ec4e871e9", f2="a54211d5e3ba50bf",
         f3="b40ba9a3c58b2a05bbf0d987b21bf8cb",
         f4="f769bcd751044604127672711c6d3441", f5="aa689c648370",
         f5_star="451e8beca43b"),
    dict(k="0396eb317b6d1c36f19c1c84cd6ffd16",
         rand="c00d603103dcee52c4478119494202e8", sqn="fd8eef40df7d",
         amf="af17", op="ff53bade17df5d4e793073ce9d7579fa",
         opc="53c15671c60a4b731c55b4a441c0bde2", f1="5df5b31807e258b0",
         f1_star="a8c016e51ef4a343", f2="d3a628ed988620f0",
         f3="58c433ff7a7082acd424220f2b67c556",
         f4="21a8c1f929702adb3e738488b9f5c5da", f5="c47783995f72",
         f5_star="30f1197061c1"),
    dict(k="6c38a116ac280c454f59332ee35c8c4f",
         rand="ee6466bc96202c5a557abbeff8babf63", sqn="414b98222181",
         amf="4464", op="1ba00a1a7c6700ac8c3ff3e96ad08725",
         opc="3803ef5363b947c6aaa225e58fae3934", f1="078adfb488241a57",
         f1_star="80246b8d0186bcf1", f2="16c8233f05a0ac28",
         f3="3f8c7587fe8e4b233af676aede30ba3b",
         f4="a7466cc1e6b2a1337d49d3b66e95d7b4", f5="45b0f69ab06c",
         f5_star="1f53cd2b1113"),
]


class Aes(unittest.TestCase):
    def test_fips_197(self):
        key = bytes(range(16))
        block = bytes.fromhex("00112233445566778899aabbccddeeff")
        self.assertEqual(encrypt(key, block).hex(),
                         "69c4e0d86a7b0430d8cdb78070b4c55a")


class Ts35208(unittest.TestCase):
    @staticmethod
    def each():
        for texts in SETS:
            values = {k: bytes.fromhex(v) for k, v in texts.items()}
            yield values, Milenage(values["k"], values["opc"])

    def test_opc(self):
        for v, _ in self.each():
            self.assertEqual(opc_of(v["k"], v["op"]), v["opc"])

    def test_f1(self):
        for v, sim in self.each():
            self.assertEqual(sim.f1(v["rand"], v["sqn"], v["amf"]),
                             (v["f1"], v["f1_star"]))

    def test_f2_to_f5(self):
        for v, sim in self.each():
            self.assertEqual(sim.f2345(v["rand"]),
                             (v["f2"], v["f3"], v["f4"], v["f5"]))
            self.assertEqual(sim.f5_star(v["rand"]), v["f5_star"])


class BothSides(unittest.TestCase):
    sim = Milenage(bytes.fromhex(SETS[1]["k"]), bytes.fromhex(SETS[1]["opc"]))
    rand = bytes(range(16))
    sqn = bytes.fromhex("000000000121")

    def test_sim_opens_what_the_network_made(self):
        autn, xres, ck, ik = self.sim.vector(self.rand, self.sqn, b"\x80\0")
        self.assertEqual(self.sim.open_autn(self.rand, autn),
                         (self.sqn, xres, ck, ik))

    def test_network_opens_what_the_sim_made(self):
        auts = self.sim.auts(self.rand, self.sqn)
        self.assertEqual(self.sim.open_auts(self.rand, auts), self.sqn)

    def test_what_was_tampered_with_is_refused(self):
        autn = self.sim.vector(self.rand, self.sqn, b"\x80\0")[0]
        auts = self.sim.auts(self.rand, self.sqn)
        with self.assertRaises(WrongMac):
            self.sim.open_autn(self.rand, autn[:-1] + bytes([autn[-1] ^ 1]))
        with self.assertRaises(WrongMac):
            self.sim.open_auts(self.rand, bytes([auts[0] ^ 1]) + auts[1:])

    def test_digest_of_rfc_2617(self):
        answer = digest(dict(
            username="Mufasa", realm="testrealm@host.com", nc="00000001",
            nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", cnonce="0a4f113b",
            uri="/dir/index.html"), "GET", "Circle Of Life")
        self.assertEqual(answer, "6629fae49393a05397450978507c4ef1")


if __name__ == "__main__":
    unittest.main()
