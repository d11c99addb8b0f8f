# SPDX-License-Identifier: GPL-2.0-or-later
"""Cx as the HSS speaks it (TS 29.228 6): from a request to the AVPs of its
answer. What is wrong by command is `Faults`; nothing here waits or sends."""

import os

from .milenage import WrongMac
from .subscribers import REGISTERED, UNREGISTERED
from .wire import LIR, MAR, SAR, UAR, VENDOR_3GPP

SUCCESS = 2001
UNABLE_TO_COMPLY = 5012
FIRST_REGISTRATION, SUBSEQUENT_REGISTRATION, SERVER_SELECTION = \
    2001, 2002, 2003
USER_UNKNOWN, IDENTITIES_DONT_MATCH, IDENTITY_NOT_REGISTERED = \
    5001, 5002, 5003
AUTH_SCHEME_NOT_SUPPORTED = 5006

# Server-Assignment-Type, TS 29.229 6.3.15.
_REGISTRATION, _RE_REGISTRATION, _UNREGISTERED_USER = 1, 2, 3
_DEREGISTRATIONS = {4, 5, 6, 7, 8, 11}
_AMF = b"\x80\x00"
_DEREGISTRATION = 1  # User-Authorization-Type


def result(code):
    return [("Result-Code", code)]


def experimental(code):
    return [("Experimental-Result", [("Vendor-Id", VENDOR_3GPP),
                                     ("Experimental-Result-Code", code)])]


class Cx:
    """The state of the home network as its HSS sees it."""

    def __init__(self, subscribers, scscf):
        self.subscribers = subscribers
        self.scscf = scscf  # Server-Name given where none is assigned
        self.wrong_xres = False

    def answer(self, request):
        """Result and payload AVPs; None: not a command of ours."""
        handlers = {UAR: self._uaa, MAR: self._maa, SAR: self._saa,
                    LIR: self._lia}
        handler = handlers.get(request.command)
        return handler(request) if handler else None

    def _find(self, request):
        """Subscriber, or the error's AVPs (TS 29.228 6.1.1.1)."""
        impi, impu = request.get("User-Name"), request.get("Public-Identity")
        by_impi = self.subscribers.by_impi(impi) if impi else None
        by_impu = self.subscribers.by_impu(impu) if impu else by_impi
        if not by_impu or impi and not by_impi:
            return None, experimental(USER_UNKNOWN)
        if by_impi and by_impi is not by_impu:
            return None, experimental(IDENTITIES_DONT_MATCH)
        return by_impu, None

    def _uaa(self, request):
        who, error = self._find(request)
        if error:
            return error
        if request.get("User-Authorization-Type") == _DEREGISTRATION:
            if not who.scscf:
                return experimental(IDENTITY_NOT_REGISTERED)
            return result(SUCCESS) + [("Server-Name", who.scscf)]
        code = (SUBSEQUENT_REGISTRATION if who.state == REGISTERED
                else FIRST_REGISTRATION)
        return experimental(code) + [("Server-Name", who.scscf or self.scscf)]

    def _maa(self, request):
        who, error = self._find(request)
        if error:
            return error
        wanted = request.get("SIP-Auth-Data-Item",
                             "SIP-Authentication-Scheme")
        authorization = request.get("SIP-Auth-Data-Item", "SIP-Authorization")
        scheme = self._scheme(who, wanted, authorization)
        if not scheme:
            return experimental(AUTH_SCHEME_NOT_SUPPORTED)
        if authorization and scheme == "Digest-AKAv1-MD5":
            try:
                self._resynchronise(who, authorization)
            except WrongMac:
                return result(UNABLE_TO_COMPLY)
        who.origin_host = request.get("Origin-Host")
        item = (self._aka_item(who) if scheme == "Digest-AKAv1-MD5"
                else _digest_item(who))
        return result(SUCCESS) + [
            ("User-Name", who.impi),
            ("Public-Identity", request.get("Public-Identity")),
            ("SIP-Number-Auth-Items", 1), ("SIP-Auth-Data-Item", item)]

    @staticmethod
    def _scheme(who, wanted, authorization):
        """A CSCF that asks for none (Kamailio: "unknown") gets what is
        provisioned; resynchronisation is AKA's whatever it calls it."""
        if authorization or wanted in (None, "Unknown", "unknown"):
            return who.scheme
        if wanted in ("Digest-AKAv1-MD5", "SIP Digest"):
            return wanted if wanted == who.scheme else None
        return None

    @staticmethod
    def _resynchronise(who, authorization):
        rand, auts = authorization[:16], authorization[16:30]
        sqn = int.from_bytes(who.sim.open_auts(rand, auts), "big")
        who.sqn = sqn + 1

    def _aka_item(self, who):
        rand = os.urandom(16)
        autn, xres, ck, ik = who.sim.vector(rand, who.next_sqn(), _AMF)
        if self.wrong_xres:
            xres = bytes(b ^ 0x55 for b in xres)
        return [("SIP-Item-Number", 1),
                ("SIP-Authentication-Scheme", "Digest-AKAv1-MD5"),
                ("SIP-Authenticate", rand + autn),
                ("SIP-Authorization", xres),
                ("Confidentiality-Key", ck), ("Integrity-Key", ik)]

    def _saa(self, request):
        who, error = self._find(request)
        if error:
            return error
        kind = request.get("Server-Assignment-Type")
        if kind in (_REGISTRATION, _RE_REGISTRATION, _UNREGISTERED_USER):
            who.state = (UNREGISTERED if kind == _UNREGISTERED_USER
                         else REGISTERED)
            who.scscf = request.get("Server-Name")
            who.origin_host = request.get("Origin-Host")
        elif kind in _DEREGISTRATIONS:
            who.leave()
        avps = result(SUCCESS) + [("User-Name", who.impi)]
        if who.scscf:
            avps.append(("User-Data", who.profile()))
        return avps

    def _lia(self, request):
        who, error = self._find(request)
        if error:
            return error
        if not who.scscf:
            return experimental(IDENTITY_NOT_REGISTERED)
        return result(SUCCESS) + [("Server-Name", who.scscf)]


def _digest_item(who):
    """TS 29.229 6.3.36."""
    return [("SIP-Authentication-Scheme", "SIP Digest"),
            ("SIP-Digest-Authenticate", [
                ("Digest-Realm", who.realm), ("Digest-Algorithm", "MD5"),
                ("Digest-QoP", "auth"), ("Digest-HA1", who.ha1())])]
