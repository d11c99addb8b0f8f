# SPDX-License-Identifier: GPL-2.0-or-later
"""Diameter messages of the base protocol, of Cx (TS 29.229), and the same in
the words of RFC 4740."""

import struct

CX, SH, SIP, TGPP, BASE = 16777216, 16777217, 6, 10415, 0
CODES = {"CE": 257, "DW": 280, "DP": 282, "UA": 300, "SA": 301, "LI": 302,
         "MA": 303, "RT": 304, "PP": 305, "UD": 306}
SIP_CODES = {"UA": 283, "SA": 284, "LI": 285, "MA": 286, "RT": 287,
             "PP": 288}
# AVPs of Cx and what RFC 4740 has for them
SIP_AVPS = {600: 386, 601: 122, 602: 371, 603: 372, 604: 373, 605: 374,
            607: 382, 608: 377, 612: 376, 613: 378, 614: 375, 615: 383,
            616: 384, 617: 385, 623: 387, 624: 392}
SIP_RESULTS = {2001: 2003, 2002: 2004, 2003: 2005, 2004: 2006, 5001: 5032,
               5002: 5033, 5003: 5034, 5004: 5035, 5005: 5036, 5006: 5037,
               5007: 5038, 5008: 5039, 5009: 5040}
GROUPED = (279, 603, 612, 615)
REQUEST, PROXYABLE, ERROR, AGAIN = 0x80, 0x40, 0x20, 0x10


def avp(code, data, vendor=0, flags=None):
    if isinstance(data, str):
        data = data.encode()
    elif isinstance(data, int):
        data = struct.pack(">I", data)
    elif isinstance(data, list):
        data = b"".join(data)
    if flags is None:
        flags = 0x40 | (0x80 if vendor else 0)
    length = (12 if vendor else 8) + len(data)
    head = struct.pack(">II", code, flags << 24 | length)
    if vendor:
        head += struct.pack(">I", vendor)
    return head + data + bytes(-len(data) % 4)


def tgpp(code, data, flags=None):
    return avp(code, data, TGPP, flags)


def message(command, flags, application, identifiers, avps):
    """COMMAND by its first two letters; IDENTIFIERS hop-by-hop, end-to-end."""
    body = b"".join(avps)
    return struct.pack(">IIIII", 1 << 24 | 20 + len(body),
                       flags << 24 | (SIP_CODES if application == SIP
                                      else CODES)[command], application,
                       *identifiers) + body


def result(code):
    return avp(268, code)


def experimental(code):
    return avp(297, [avp(266, TGPP), avp(298, code)])


def vendor_application():
    return avp(260, [avp(266, TGPP), avp(258, CX)])


def _parsed(data):
    while data:
        code, rest = struct.unpack(">II", data[:8])
        head, length = (12 if rest >> 31 else 8), rest & 0xFFFFFF
        yield code, data[head:length]
        data = data[length + -length % 4:]


def in_rfc4740(avps):
    """AVPs of Cx in the words of RFC 4740."""
    return [_one_in_rfc4740(code, data)
            for code, data in _parsed(b"".join(avps))]


def _one_in_rfc4740(code, data):
    if code == 297:
        inner = dict(_parsed(data))
        return result(SIP_RESULTS[struct.unpack(">I", inner[298])[0]])
    if code == 606:
        return avp(389, [avp(390, "text/xml"), avp(391, data)])
    if code == 608:
        return avp(377, 0)
    if code in GROUPED:
        data = in_rfc4740([data])
    return avp(SIP_AVPS.get(code, code), data)


def auth_item(scheme, *parts):
    return tgpp(612, [tgpp(613, 1), tgpp(608, scheme), *parts])


def aka_item(vector):
    return auth_item("Digest-AKAv1-MD5", tgpp(609, vector.rand + vector.autn),
                     tgpp(610, vector.xres), tgpp(625, vector.ck),
                     tgpp(626, vector.ik))


def digest_item(realm, ha1, qop):
    parts = [avp(104, realm), avp(111, "MD5"), avp(121, ha1)]
    if qop:
        parts.append(avp(110, qop))
    return auth_item("SIP Digest", tgpp(635, parts, 0x80))


def sip_digest_item(realm, nonce, ha1, qop):
    """H(A1) for the S-CSCF to check by itself (RFC 4740 9.5.3)."""
    parts = [avp(104, realm), avp(105, nonce), avp(111, "MD5"),
             avp(121, ha1)]
    if qop:
        parts.append(avp(110, qop))
    return avp(376, [avp(378, 1), avp(377, 0), avp(379, parts)])


def profile(impi, impus, servers):
    """The IMSSubscription of TS 29.228 annex D and E; SERVERS are pairs of
    a method that triggers and the application server's URI."""
    identities = "".join(f"<PublicIdentity><Identity>{uri}</Identity>"
                         "</PublicIdentity>" for uri in impus)
    criteria = "".join(
        f"<InitialFilterCriteria><Priority>{i}</Priority><TriggerPoint>"
        "<ConditionTypeCNF>0</ConditionTypeCNF><SPT>"
        f"<ConditionNegated>0</ConditionNegated><Group>0</Group>"
        f"<Method>{method}</Method></SPT></TriggerPoint><ApplicationServer>"
        f"<ServerName>{uri}</ServerName><DefaultHandling>0</DefaultHandling>"
        "</ApplicationServer></InitialFilterCriteria>"
        for i, (method, uri) in enumerate(servers))
    return ('<?xml version="1.0" encoding="UTF-8"?><IMSSubscription>'
            f"<PrivateID>{impi}</PrivateID><ServiceProfile>{identities}"
            f"{criteria}</ServiceProfile></IMSSubscription>")
