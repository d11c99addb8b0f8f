# SPDX-License-Identifier: GPL-2.0-or-later
"""The HSS as a Diameter peer: connections, CER, DWR, DPR, and what it asks by
itself (RTR, PPR). It listens on TCP; carried over SCTP by sctp/carrier.c."""

import asyncio
import itertools
import json
import os
import sys
import time

from . import cx
from .faults import Faults, spoil
from .subscribers import Register
from .wire import (CER, CX, DPR, DWR, PPR, PROXIABLE, REQUEST, RTR,
                   VENDOR_3GPP, Framing, Malformed, Message)

_NO_COMMON_APPLICATION, _COMMAND_UNSUPPORTED = 5010, 3001
_CX_ID = ("Vendor-Specific-Application-Id",
          [("Vendor-Id", VENDOR_3GPP), ("Auth-Application-Id", CX)])
_NO_STATE_MAINTAINED = ("Auth-Session-State", 1)
_ANSWER_SECONDS = 12


class Peer:
    """One connection."""

    def __init__(self, hss, reader, writer):
        self.hss = hss
        self.reader = reader
        self.writer = writer
        self.name = None  # Origin-Host of its CER

    def send(self, message):
        self.writer.write(message.pack())

    async def run(self):
        framing = Framing()
        while data := await self.reader.read(65536):
            for message in framing.feed(data):
                if message.is_request:
                    asyncio.ensure_future(self.hss.serve(self, message))
                else:
                    self.hss.answered(message)


class Hss:
    """`config`: host, realm, address, port, scscf, subscribers, journal: a
    file that gets a line of JSON for each command of Cx."""

    def __init__(self, config):
        self.host, self.realm = config["host"], config["realm"]
        self.address, self.port = config["address"], config["port"]
        self.cx = cx.Cx(Register(config["subscribers"], self.realm),
                        config["scscf"])
        self.faults = Faults()
        self.peers = []
        self.journal = open(config["journal"], "w", encoding="utf-8")
        self._pending = {}  # hop-by-hop: Future
        self._ids = itertools.count(int.from_bytes(os.urandom(3), "big"))

    # Answering.

    def _origin(self):
        return [("Origin-Host", self.host), ("Origin-Realm", self.realm)]

    def _cea(self, peer, request):
        peer.name = request.get("Origin-Host")
        applications = {
            value for name, value in request.avps
            if name == "Auth-Application-Id"} | {
            inner for name, group in request.avps
            if name == "Vendor-Specific-Application-Id"
            for key, inner in group if key == "Auth-Application-Id"}
        shared = CX in applications or 0xFFFFFFFF in applications
        return cx.result(cx.SUCCESS if shared else _NO_COMMON_APPLICATION) + [
            ("Host-IP-Address", self.address), ("Vendor-Id", 0),
            ("Product-Name", "lab HSS"), ("Supported-Vendor-Id", VENDOR_3GPP),
            ("Auth-Application-Id", CX), _CX_ID]

    def _answer_avps(self, peer, request):
        if request.command == CER:
            return self._cea(peer, request)
        if request.command in (DWR, DPR):
            return cx.result(cx.SUCCESS)
        return self.cx.answer(request) or cx.result(_COMMAND_UNSUPPORTED)

    def _note(self, request, avps):
        """avps: those of the answer; None: there is none."""
        if request.application != CX:
            return
        codes = dict(avps or [])
        inner = dict(codes.get("Experimental-Result", []))
        print(json.dumps({
            "command": request.name,
            "result": codes.get("Result-Code")
            or inner.get("Experimental-Result-Code"),
            "experimental": bool(inner)}), file=self.journal, flush=True)

    async def serve(self, peer, request):
        fault = self.faults.take(request.name)
        if fault.get("answer") == "none":
            self._note(request, None)
            return
        if fault.get("delay"):
            await asyncio.sleep(fault["delay"])
        spoils = {"protocol", "result", "experimental"} & set(fault)
        flags, avps = spoil(fault, [] if spoils else
                            self._answer_avps(peer, request))
        self._note(request, avps)
        head = [(n, v) for n, v in request.avps if n == "Session-Id"]
        if head:
            head += [_CX_ID, _NO_STATE_MAINTAINED]
        passed_on = [(n, v) for n, v in request.avps if n == "Proxy-Info"]
        peer.send(Message(
            request.command, request.flags & PROXIABLE | flags,
            (request.hop_by_hop, request.end_to_end),
            head + self._origin() + avps + passed_on, request.application))

    # Asking.

    def answered(self, message):
        future = self._pending.pop(message.hop_by_hop, None)
        if future and not future.done():
            future.set_result(message)

    async def ask(self, command, host, avps):
        """The Result-Code of its answer; None: nobody to ask, or silent."""
        peer = next((p for p in self.peers if p.name == host),
                    self.peers[-1] if self.peers else None)
        if not peer:
            return None
        number = next(self._ids)
        session = f"{self.host};{int(time.time())};{number};hss"
        future = asyncio.get_running_loop().create_future()
        self._pending[number] = future
        request = Message(
            command, REQUEST | PROXIABLE, (number, number),
            [("Session-Id", session), _CX_ID, _NO_STATE_MAINTAINED]
            + self._origin() + [("Destination-Host", host),
                                ("Destination-Realm", self.realm)] + avps)
        peer.send(request)
        try:
            answer = await asyncio.wait_for(future, _ANSWER_SECONDS)
        except asyncio.TimeoutError:
            self._pending.pop(number, None)
            self._note(request, None)
            return None
        self._note(request, answer.avps)
        return answer.get("Result-Code")

    async def terminate(self, impi, reason=0, info="subscription ended"):
        """RTR (TS 29.228 6.1.3): with the identities, as Kamailio needs."""
        who = self.cx.subscribers.by_impi(impi)
        code = await self.ask(RTR, who.origin_host, [
            ("User-Name", impi),
            *(("Public-Identity", impu) for impu in who.impus),
            ("Deregistration-Reason", [("Reason-Code", reason),
                                       ("Reason-Info", info)])])
        if code == cx.SUCCESS:
            who.leave()
        return code

    async def push_profile(self, impi):
        """PPR (TS 29.228 6.2)."""
        who = self.cx.subscribers.by_impi(impi)
        return await self.ask(PPR, who.origin_host, [
            ("User-Name", impi), ("User-Data", who.profile())])

    # Running.

    async def _connected(self, reader, writer):
        peer = Peer(self, reader, writer)
        self.peers.append(peer)
        try:
            await peer.run()
        except (Malformed, ConnectionError) as error:
            print(f"hss: {error}", file=sys.stderr, flush=True)
        finally:
            self.peers.remove(peer)
            writer.close()

    async def _controlled(self, reader, writer):
        """A line of JSON in, one out: see control.py."""
        order = json.loads(await reader.readline())
        reply = None
        if order["do"] == "faults":
            self.faults.set(order["faults"])
        elif order["do"] == "wrong_xres":
            self.cx.wrong_xres = True
        elif order["do"] == "terminate":
            reply = await self.terminate(order["impi"])
        elif order["do"] == "push_profile":
            reply = await self.push_profile(order["impi"])
        elif order["do"] == "peers":
            reply = [p.name for p in self.peers if p.name]
        writer.write(json.dumps(reply).encode() + b"\n")
        await writer.drain()
        writer.close()

    async def run(self, control):
        servers = [await asyncio.start_server(self._connected, self.address,
                                              self.port),
                   await asyncio.start_unix_server(self._controlled, control)]
        await asyncio.gather(*(s.serve_forever() for s in servers))
