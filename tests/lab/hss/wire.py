# SPDX-License-Identifier: GPL-2.0-or-later
"""Diameter on the wire (RFC 6733 3, 4): messages and AVPs, bytes and back."""

import ipaddress
import struct

VENDOR_3GPP = 10415

CER, DWR, DPR = 257, 280, 282
UAR, SAR, LIR, MAR, RTR, PPR = 300, 301, 302, 303, 304, 305
CX = 16777216

COMMANDS = {CER: "CER", DWR: "DWR", DPR: "DPR", UAR: "UAR", SAR: "SAR",
            LIR: "LIR", MAR: "MAR", RTR: "RTR", PPR: "PPR"}

REQUEST, PROXIABLE, ERROR = 0x80, 0x40, 0x20
_VENDOR, _MANDATORY = 0x80, 0x40

# name: code, vendor, kind. Names as in RFC 6733, TS 29.229 and RFC 4740.
AVPS = {
    "User-Name": (1, 0, "text"),
    "Digest-Realm": (104, 0, "text"),
    "Digest-QoP": (110, 0, "text"),
    "Digest-Algorithm": (111, 0, "text"),
    "Digest-HA1": (121, 0, "text"),
    "Host-IP-Address": (257, 0, "address"),
    "Auth-Application-Id": (258, 0, "u32"),
    "Vendor-Specific-Application-Id": (260, 0, "group"),
    "Session-Id": (263, 0, "text"),
    "Origin-Host": (264, 0, "text"),
    "Supported-Vendor-Id": (265, 0, "u32"),
    "Vendor-Id": (266, 0, "u32"),
    "Result-Code": (268, 0, "u32"),
    "Product-Name": (269, 0, "text"),
    "Disconnect-Cause": (273, 0, "u32"),
    "Auth-Session-State": (277, 0, "u32"),
    "Error-Message": (281, 0, "text"),
    "Route-Record": (282, 0, "text"),
    "Destination-Realm": (283, 0, "text"),
    "Proxy-Info": (284, 0, "group"),
    "Destination-Host": (293, 0, "text"),
    "Origin-Realm": (296, 0, "text"),
    "Experimental-Result": (297, 0, "group"),
    "Experimental-Result-Code": (298, 0, "u32"),
    "Visited-Network-Identifier": (600, VENDOR_3GPP, "bytes"),
    "Public-Identity": (601, VENDOR_3GPP, "text"),
    "Server-Name": (602, VENDOR_3GPP, "text"),
    "Server-Capabilities": (603, VENDOR_3GPP, "group"),
    "Mandatory-Capability": (604, VENDOR_3GPP, "u32"),
    "User-Data": (606, VENDOR_3GPP, "bytes"),
    "SIP-Number-Auth-Items": (607, VENDOR_3GPP, "u32"),
    "SIP-Authentication-Scheme": (608, VENDOR_3GPP, "text"),
    "SIP-Authenticate": (609, VENDOR_3GPP, "bytes"),
    "SIP-Authorization": (610, VENDOR_3GPP, "bytes"),
    "SIP-Auth-Data-Item": (612, VENDOR_3GPP, "group"),
    "SIP-Item-Number": (613, VENDOR_3GPP, "u32"),
    "Server-Assignment-Type": (614, VENDOR_3GPP, "u32"),
    "Deregistration-Reason": (615, VENDOR_3GPP, "group"),
    "Reason-Code": (616, VENDOR_3GPP, "u32"),
    "Reason-Info": (617, VENDOR_3GPP, "text"),
    "Charging-Information": (618, VENDOR_3GPP, "group"),
    "Primary-Charging-Collection-Function-Name": (621, VENDOR_3GPP, "text"),
    "User-Authorization-Type": (623, VENDOR_3GPP, "u32"),
    "Confidentiality-Key": (625, VENDOR_3GPP, "bytes"),
    "Integrity-Key": (626, VENDOR_3GPP, "bytes"),
    "SIP-Digest-Authenticate": (635, VENDOR_3GPP, "group"),
}
_NAMES = {(code, vendor): name for name, (code, vendor, _) in AVPS.items()}


class Malformed(ValueError):
    """Not Diameter, or cut short."""


def _pack_value(kind, value):
    if kind == "u32":
        return struct.pack("!I", value)
    if kind == "text":
        return value.encode()
    if kind == "address":
        address = ipaddress.ip_address(value)
        return struct.pack("!H", 1 if address.version == 4 else 2) + \
            address.packed
    if kind == "group":
        return pack_avps(value)
    return bytes(value)


def _unpack_value(kind, data):
    if kind == "u32":
        if len(data) != 4:
            raise Malformed("not four bytes")
        return struct.unpack("!I", data)[0]
    if kind == "text":
        return data.decode(errors="replace")
    if kind == "group":
        return unpack_avps(data)
    return data


def pack_avps(avps):
    """avps: a list of (name, value); a group's value is such a list."""
    out = bytearray()
    for name, value in avps:
        code, vendor, kind = AVPS[name]
        data = _pack_value(kind, value)
        head = 12 if vendor else 8
        flags = _MANDATORY | (_VENDOR if vendor else 0)
        out += struct.pack("!II", code, flags << 24 | head + len(data))
        if vendor:
            out += struct.pack("!I", vendor)
        out += data + bytes(-len(data) % 4)
    return bytes(out)


def unpack_avps(data):
    """What is not in AVPS is left out."""
    avps, at = [], 0
    while at + 8 <= len(data):
        code, word = struct.unpack_from("!II", data, at)
        flags, length = word >> 24, word & 0xFFFFFF
        head = 12 if flags & _VENDOR else 8
        if length < head or at + length > len(data):
            raise Malformed("AVP longer than what holds it")
        vendor = struct.unpack_from("!I", data, at + 8)[0] if head == 12 else 0
        name = _NAMES.get((code, vendor))
        if name:
            value = data[at + head:at + length]
            avps.append((name, _unpack_value(AVPS[name][2], value)))
        at += length + -length % 4
    return avps


class Message:
    """One message; AVPs in order, as (name, value)."""

    def __init__(self, command, flags, ids, avps, application=CX):
        self.command = command
        self.flags = flags
        self.hop_by_hop, self.end_to_end = ids
        self.avps = list(avps)
        self.application = application

    @property
    def is_request(self):
        return bool(self.flags & REQUEST)

    @property
    def name(self):
        name = COMMANDS.get(self.command, str(self.command))
        return name if self.is_request else name[:-1] + "A"

    def get(self, *path):
        """First AVP of that name, and so on into groups; None: has none."""
        avps = self.avps
        for name in path:
            avps = next((v for n, v in avps if n == name), None)
            if avps is None:
                return None
        return avps

    def pack(self):
        body = pack_avps(self.avps)
        return struct.pack("!IIIII", 1 << 24 | 20 + len(body),
                           self.flags << 24 | self.command, self.application,
                           self.hop_by_hop, self.end_to_end) + body

    @classmethod
    def unpack(cls, data):
        if len(data) < 20:
            raise Malformed("shorter than a header")
        first, second, application, hop, end = struct.unpack_from("!IIIII",
                                                                  data)
        if first >> 24 != 1 or first & 0xFFFFFF != len(data):
            raise Malformed("version or length")
        return cls(second & 0xFFFFFF, second >> 24, (hop, end),
                   unpack_avps(data[20:]), application)


class Framing:
    """A byte stream into messages."""

    MOST = 1 << 16

    def __init__(self):
        self._buffer = bytearray()

    def feed(self, data):
        self._buffer += data
        while len(self._buffer) >= 4:
            length = int.from_bytes(self._buffer[1:4], "big")
            if self._buffer[0] != 1 or not 20 <= length <= self.MOST:
                raise Malformed("no Diameter header")
            if len(self._buffer) < length:
                return
            yield Message.unpack(bytes(self._buffer[:length]))
            del self._buffer[:length]
