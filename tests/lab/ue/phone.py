# SPDX-License-Identifier: GPL-2.0-or-later
"""A phone with a SIM, for what SIPp cannot do: a security agreement with its
protected ports (without ESP, for want of it in many kernels), AUTS, and the
mistakes that phones make with both."""

import base64
import itertools
import re
import secrets
import select
import socket
import time

import plan
from hss.milenage import Milenage, digest
from nodes.processes import Failed

from .message import Message, answer_to

_ADDRESS = plan.NODES["ue"][plan.ACCESS]
_PORT, _PORT_C, _PORT_S = 5060, 32768, 32769
_T1 = 0.5
_SDP = ("v=0\r\no=- 1 {0} IN IP4 {1}\r\ns=-\r\nc=IN IP4 {1}\r\nt=0 0\r\n"
        "m=audio 49152 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na={2}\r\n")
REQUIRED = [("Require", "sec-agree"), ("Proxy-Require", "sec-agree")]


class Phone:
    """`has_agreement`: it asks for one. `sqn`: the last that its SIM saw.
    `spoil_verify` makes of the right Security-Verify what is sent; None from
    it: none is sent."""

    def __init__(self, core, who, has_agreement=False, sqn=0,
                 spoil_verify=lambda text: text):
        self.who = who
        self.user = re.split("[:@]", who["impus"][0])[1]
        self.impu = who["impus"][0]
        self.sim = Milenage(bytes.fromhex(who["k"]), bytes.fromhex(who["opc"]))
        self.sqn = sqn
        self.has_agreement = has_agreement
        self.spoil_verify = spoil_verify
        self.verify = None  # Security-Verify, once there is an agreement
        self.peer_port = _PORT
        self.dialog = None
        self.begin_anew()
        self._sockets = {}
        with core.network.on("ue"):
            for port in (_PORT, _PORT_C, _PORT_S):
                self._sockets[port] = socket.socket(socket.AF_INET,
                                                    socket.SOCK_DGRAM)
                self._sockets[port].bind((_ADDRESS, port))

    def begin_anew(self):
        """The next registration has nothing to do with those before."""
        self.call_id = f"{secrets.token_hex(8)}@{_ADDRESS}"
        self.tag = secrets.token_hex(4)
        self._cseq = itertools.count(1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for sock in self._sockets.values():
            sock.close()

    # Messages.

    def _head(self, method, uri, cseq, headers):
        contact_port = _PORT_S if self.has_agreement else _PORT
        via_port = _PORT_S if self.verify else _PORT
        contact = (f"<sip:{self.user}@{_ADDRESS}:{contact_port}>;+g.3gpp."
                   'icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel"')
        return Message(f"{method} {uri} SIP/2.0", [
            ("Via", f"SIP/2.0/UDP {_ADDRESS}:{via_port};"
                    f"branch=z9hG4bK{secrets.token_hex(6)};rport"),
            ("Max-Forwards", "70"), *headers, ("CSeq", f"{cseq} {method}"),
            ("Contact", contact), ("User-Agent", "lab phone")])

    def _agreement(self):
        """What a request needs of it; [] without one."""
        if not self.verify:
            return []
        verify = self.spoil_verify(self.verify)
        return REQUIRED + ([("Security-Verify", verify)] if verify else [])

    def _transmit(self, message):
        port = _PORT_C if self.verify else _PORT
        self._sockets[port].sendto(message.pack(),
                                   (plan.PCSCF_ACCESS, self.peer_port))

    def _receive(self, seconds):
        """One message, or None; requests are answered."""
        ready, _, _ = select.select(self._sockets.values(), [], [], seconds)
        for sock in ready:
            data, source = sock.recvfrom(65535)
            message = Message.parse(data)
            if message.status is None:
                if not message.first.startswith("ACK"):
                    reply = answer_to(message, 200, "OK")
                    sock.sendto(reply.pack(), source)
                return message
            return message
        return None

    def _ask(self, request, seconds=20):
        """The final response; sent again until anything comes (RFC 3261
        17.1)."""
        deadline = time.monotonic() + seconds
        pause, again = _T1, time.monotonic() + _T1
        self._transmit(request)
        while time.monotonic() < deadline:
            reply = self._receive(0.05)
            if reply and reply.status and reply.cseq == request.cseq:
                if reply.status >= 200:
                    return reply
                again = deadline
            if time.monotonic() > again:
                self._transmit(request)
                pause = min(pause * 2, 4)
                again = time.monotonic() + pause
        raise Failed(f"phone: no answer to {request.first}")

    # Registering.

    def _register(self, expires, authorization):
        headers = [("From", f"<{self.impu}>;tag={self.tag}"),
                   ("To", f"<{self.impu}>"), ("Call-ID", self.call_id)]
        request = self._head("REGISTER", f"sip:{plan.REALM}",
                             next(self._cseq), headers)
        request.headers += [
            ("Expires", str(expires)), ("Supported", "path"),
            ("P-Access-Network-Info", "3GPP-E-UTRAN-FDD; "
             "utran-cell-id-3gpp=0010100010000001"),
            ("Authorization", authorization)]
        if self.has_agreement:
            request.headers += [
                *(REQUIRED if not self.verify else self._agreement()),
                ("Security-Client",
                 "ipsec-3gpp;alg=hmac-sha-1-96;ealg=null;mod=trans;prot=esp;"
                 f"spi-c=1001;spi-s=1002;port-c={_PORT_C};port-s={_PORT_S}")]
        return self._ask(request)

    def ask(self, expires=3600):
        """REGISTER without credentials: the response."""
        return self._register(
            expires, f'Digest username="{self.who["impi"]}", '
            f'realm="{plan.REALM}", uri="sip:{plan.REALM}", nonce="", '
            'response=""')

    def answer(self, challenge, expires=3600, nonce=None):
        """REGISTER with them, or with AUTS: the response. `nonce`: answer to
        this one, as if it had been the challenge's."""
        time.sleep(0.1)  # as in sipp.py
        given = challenge.parameters("WWW-Authenticate")
        token = base64.b64decode(given["nonce"])
        sqn, res, _, _ = self.sim.open_autn(token[:16], token[16:32])
        auts = ""
        if int.from_bytes(sqn, "big") <= self.sqn:
            known = self.sqn.to_bytes(6, "big")
            auts = base64.b64encode(self.sim.auts(token[:16], known)).decode()
            res = b""  # RFC 3310 3.4
        else:
            self.sqn = int.from_bytes(sqn, "big")
        self._agree(challenge)
        values = {"username": self.who["impi"], "realm": plan.REALM,
                  "nonce": nonce or given["nonce"], "uri": f"sip:{plan.REALM}",
                  "nc": "00000001", "cnonce": secrets.token_hex(8)}
        response = digest(values, "REGISTER", res)
        text = ", ".join(f'{k}="{v}"' if k != "nc" else f"{k}={v}"
                         for k, v in values.items())
        return self._register(
            expires, f'Digest {text}, response="{response}", '
            "algorithm=AKAv1-MD5, qop=auth"
            + (f', auts="{auts}"' if auts else ""))

    def _agree(self, challenge):
        """TS 33.203 7.2: from now on by the protected ports."""
        if not self.has_agreement:
            return
        self.verify = challenge.get("Security-Server")
        offered = challenge.parameters("Security-Server")
        if "port-s" not in offered:
            raise Failed("phone: no Security-Server")
        self.peer_port = int(offered["port-s"])

    def register(self, expires=3600):
        """Status of the response to the answer."""
        challenge = self.ask(expires)
        if challenge.status != 401:
            raise Failed(f"phone: {challenge.first}, not a challenge")
        return self.answer(challenge, expires).status

    def subscribe(self):
        """To what becomes of the registration (TS 24.229 5.1.1.3)."""
        request = self._head(
            "SUBSCRIBE", self.impu, 1,
            [("From", f"<{self.impu}>;tag={self.tag}s"),
             ("To", f"<{self.impu}>"), ("Call-ID", f"s-{self.call_id}"),
             ("Event", "reg"), ("Accept", "application/reginfo+xml"),
             ("Expires", "600000"), *self._agreement()])
        return self._ask(request).status

    def wait_for(self, method, seconds=5):
        """The next request of that method; it has been answered."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            message = self._receive(0.1)
            if message and message.first.startswith(method + " "):
                return message
        raise Failed(f"phone: no {method} has come")

    # Calling.

    def _within(self, method, cseq, body=""):
        d = self.dialog
        headers = [("Route", r) for r in d["routes"]] + [
            ("From", d["from"]), ("To", d["to"]), ("Call-ID", d["call_id"])]
        request = self._head(method, d["target"], cseq, headers)
        request.headers += self._agreement()
        if body:
            request.headers.append(("Content-Type", "application/sdp"))
            request.body = body
        return request

    def call(self, to):
        """Status of an INVITE, which is acknowledged."""
        self.dialog = {
            "routes": [], "from": f"<{self.impu}>;tag={secrets.token_hex(4)}",
            "to": f"<{to}>", "call_id": f"c-{self.call_id}", "target": to,
            "cseq": itertools.count(1)}
        cseq = next(self.dialog["cseq"])
        reply = self._ask(self._within(
            "INVITE", cseq, _SDP.format(1, _ADDRESS, "sendrecv")))
        if reply.status == 200:
            self.dialog.update(
                to=reply.get("To"), target=re.search(
                    "<([^>]*)>", reply.get("Contact"))[1],
                routes=list(reversed(reply.all("Record-Route"))))
        self._transmit(self._within("ACK", cseq))
        return reply.status

    def hold(self):
        """Status of a re-INVITE, some time after what was before: the ACK
        must not be overtaken on its way."""
        time.sleep(0.3)
        cseq = next(self.dialog["cseq"])
        reply = self._ask(self._within(
            "INVITE", cseq, _SDP.format(2, _ADDRESS, "sendonly")))
        self._transmit(self._within("ACK", cseq))
        return reply.status

    def hang_up(self, with_agreement=True):
        """Status of a BYE."""
        request = self._within("BYE", next(self.dialog["cseq"]))
        if not with_agreement:
            gone = {"require", "proxy-require", "security-verify"}
            request.headers = [(n, v) for n, v in request.headers
                               if n.lower() not in gone]
        return self._ask(request).status
