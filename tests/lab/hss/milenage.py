# SPDX-License-Identifier: GPL-2.0-or-later
"""Milenage (TS 35.206), the authentication of a SIM, for both its sides."""

import hashlib

from .aes import encrypt, xor

# TS 35.206 4.1: rotations r1..r5 in bytes, and the last byte of c1..c5.
_ROTATIONS = (8, 0, 4, 8, 12)
_CONSTANTS = (0, 1, 2, 4, 8)
_AMF_RESYNC = bytes(2)  # TS 33.102 6.3.3


class WrongMac(Exception):
    """Somebody else's key made this."""


def opc_of(k, op):
    return xor(encrypt(k, op), op)


class Milenage:
    """f1..f5* of one subscriber; names as in TS 33.102."""

    def __init__(self, k, opc):
        self.k = k
        self.opc = opc

    def _out(self, number, first, extra=bytes(16)):
        turn = _ROTATIONS[number - 1]
        block = xor(first, self.opc)
        block = block[turn:] + block[:turn]
        constant = bytes(15) + bytes([_CONSTANTS[number - 1]])
        block = xor(xor(block, constant), extra)
        return xor(encrypt(self.k, block), self.opc)

    def _temp(self, rand):
        return encrypt(self.k, xor(rand, self.opc))

    def f1(self, rand, sqn, amf):
        """MAC-A and MAC-S."""
        out = self._out(1, (sqn + amf) * 2, self._temp(rand))
        return out[:8], out[8:]

    def f2345(self, rand):
        """RES, CK, IK, AK."""
        temp = self._temp(rand)
        out2 = self._out(2, temp)
        return (out2[8:], self._out(3, temp), self._out(4, temp), out2[:6])

    def f5_star(self, rand):
        """AK for resynchronisation."""
        return self._out(5, self._temp(rand))[:6]

    # What the network does.

    def vector(self, rand, sqn, amf):
        """AUTN, XRES, CK, IK."""
        mac_a, _ = self.f1(rand, sqn, amf)
        xres, ck, ik, ak = self.f2345(rand)
        return xor(sqn, ak) + amf + mac_a, xres, ck, ik

    def open_auts(self, rand, auts):
        """SQN of the SIM, or WrongMac."""
        sqn = xor(auts[:6], self.f5_star(rand))
        if self.f1(rand, sqn, _AMF_RESYNC)[1] != auts[6:]:
            raise WrongMac("AUTS")
        return sqn

    # What the SIM does.

    def open_autn(self, rand, autn):
        """SQN, RES, CK, IK; or WrongMac."""
        res, ck, ik, ak = self.f2345(rand)
        sqn = xor(autn[:6], ak)
        if self.f1(rand, sqn, autn[6:8])[0] != autn[8:]:
            raise WrongMac("AUTN")
        return sqn, res, ck, ik

    def auts(self, rand, sqn_of_sim):
        """TS 33.102 6.3.3: what tells the network where the SIM stands."""
        hidden = xor(sqn_of_sim, self.f5_star(rand))
        return hidden + self.f1(rand, sqn_of_sim, _AMF_RESYNC)[1]


def digest(parameters, method, secret):
    """RFC 2617 response with qop auth; RFC 3310: `secret` is RES (bytes)."""
    def md5(*parts):
        text = b":".join(p if isinstance(p, bytes) else p.encode()
                         for p in parts)
        return hashlib.md5(text).hexdigest()

    p = parameters
    a1 = md5(p["username"], p["realm"], secret)
    a2 = md5(method, p["uri"])
    return md5(a1, p["nonce"], p["nc"], p["cnonce"], "auth", a2)
