# SPDX-License-Identifier: GPL-2.0-or-later
"""The network: its nodes, what they say to each other and when, and the
frames that a capture of it then holds.

Stories call sip(), diameter() and so on in any order of time; frames() puts
everything in order and makes packets of it."""

import dataclasses
import random
import struct

import cx
import wire

LEGS_SEEN = {"full": {"gm", "core", "cx"}, "gm": {"gm"},
             "core": {"core", "cx"}, "cx": {"cx"}, "gm+cx": {"gm", "cx"}}
EPOCH_NS = 1_760_000_000_000_000_000
GTP_ENDS = ("10.50.0.1", "10.50.0.2")


@dataclasses.dataclass
class Shape:
    """How the network is built and how it was captured."""
    view: str = "full"          # the key of LEGS_SEEN
    link: str = "ethernet"      # or vlan, qinq, any (cooked, all twice)
    ipv6: bool = False
    gtp: bool = False           # Gm inside GTP-U
    gm: str = "udp"             # or tcp
    core: str = "udp"           # or tcp
    cx: str = "tcp"             # or sctp
    ppid: int = 46
    checksum: bool = True       # SCTP's
    nodes: str = "apart"        # or ports (one address), combined (I and S)
    dra: bool = False
    midway: bool = False        # the streams were open before the capture
    trying: bool = True         # proxies send 100
    uar_each: bool = True       # a UAR for every REGISTER, else one a round
    segment: int = 1440         # TCP payload a segment
    join: float = 0.0           # seconds: what leaves a stream together
    mtu: int = 1500
    ident: bool = True          # IP-IDs count; else they are 0 (DF set)
    file: str = "pcapng"        # or pcap
    order: str = "<"
    nanoseconds: bool = True    # pcap only
    disorder: float = 0.0       # seconds by which one interface is late
    rfc4740: bool = False       # its application instead of Cx
    noise: bool = False
    crowd: int = 0              # so many stories, some again
    style: str = "plain"        # of SIP messages: or compact, odd
    untidy: float = 0.0         # share of TCP segments repeated or swapped
    tail: float = 45.0          # the capture goes on for so long


@dataclasses.dataclass
class Node:
    role: str
    host: str
    address: str
    port: int


@dataclasses.dataclass
class Frame:
    time_ns: int
    data: bytes
    events: list
    interface: int = 0
    leg: str = ""
    length: int = 0             # before a snapshot length cut it

    def __post_init__(self):
        self.length = self.length or len(self.data)


@dataclasses.dataclass(eq=False)
class Event:
    """Something that goes over the wire; FRAMES are its numbers in the
    file, none where that leg was not captured."""
    time: float
    leg: str
    kind: str                   # udp, stream, open, close, reset, ...
    where: object               # a Path, or a Connection
    payload: object = b""
    side: int = 0
    story: object = None
    stream: int = 0             # SCTP
    only_first: bool = False    # fragment is seen
    frames: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Path:
    """Between two ends: ((address, port), (address, port))."""
    ends: tuple
    transport: str = "udp"
    connection: object = None
    side: int = 0
    sa: tuple = None            # of ESP: SPI and key

    def reverse(self, sa=None):
        return Path(self.ends[::-1], self.transport, self.connection,
                    1 - self.side, sa)


class Connection:
    """A TCP connection or SCTP association, made when first needed."""

    def __init__(self, world, leg, ends, transport):
        self.leg = leg
        self.ends = ends
        self.transport = transport
        self.rng = random.Random(world.rng.random())
        self.wire = None
        self.begun = False
        self.waiting = []       # events to leave together


class World:
    def __init__(self, seed, shape):
        self.rng = random.Random(seed)
        self.shape = shape
        self.domain = "ims.mnc001.mcc001.3gppnetwork.org"
        self.events = []
        self.connections = {}
        self.identifiers = self.rng.randrange(1 << 30)
        self.sessions = 0
        self.end = 1.0
        self.esp_numbers = {}
        self.ip_ident = self.rng.randrange(1 << 16)
        self._build()

    # -- nodes

    def _address(self, net, host):
        return (f"2001:db8:{net}::{host:x}" if self.shape.ipv6
                else f"10.{net}.{host // 256}.{host % 256}")

    def _build(self):
        one = self.shape.nodes == "ports"
        joined = self.shape.nodes == "combined"
        place = {"pcscf_gm": (46, 1, 5060), "pcscf": (47, 11, 5060),
                 "icscf": (47, 11 if one else 12, 4060),
                 "scscf": (47, 11 if one else 13, 6060),
                 "hss": (47, 20, 3868), "dra": (47, 25, 3868),
                 "as": (47, 30, 5060), "mrf": (47, 31, 5060),
                 "dead": (47, 14, 6060)}
        self.nodes = {}
        for role, (net, host, port) in place.items():
            name = role.removesuffix("_gm")
            self.nodes[role] = Node(role, f"{name}.{self.domain}",
                                    self._address(net, host), port)
        self.registrar = self._address(49, 9)
        if joined:
            self.nodes["icscf"] = self.nodes["scscf"]

    def ue_address(self, number):
        return self._address(45, 256 + number)

    def is_seen(self, leg):
        """LEG may be sip: any that is not Cx."""
        seen = LEGS_SEEN[self.shape.view]
        return leg in seen or leg == "sip" and seen != {"cx"}

    # -- what is said

    def add(self, time, leg, kind, where, **more):
        event = Event(time, leg, kind, where, **more)
        self.events.append(event)
        if leg != "noise":
            self.end = max(self.end, time)
        return event

    def connection(self, key, leg, ends, transport="tcp"):
        if key not in self.connections:
            self.connections[key] = Connection(self, leg, ends, transport)
        return self.connections[key]

    def sip(self, time, leg, path, message, story=None):
        kind = "udp" if path.transport == "udp" else "stream"
        return self.add(time, leg, kind, path, side=path.side, story=story,
                        payload=message.bytes(self.shape.style))

    def icmp(self, time, about):
        """The receiver of ABOUT, a UDP event, has no such port."""
        return self.add(time, about.leg, "icmp", about.where,
                        payload=about.payload, story=about.story)

    # -- Diameter

    def peer(self, asker, server):
        a, b = self.nodes[asker], self.nodes[server]
        port = 40000 + sum(map(ord, asker + server)) % 20000
        return self.connection(("cx", asker, server), "cx",
                               ((a.address, port), (b.address, b.port)),
                               self.shape.cx)

    def diameter(self, time, connection, side, message, story=None):
        return self.add(time, "cx", "stream", connection, payload=message,
                        side=side, story=story,
                        stream=self.rng.choice((0, 0, 1)))

    def identity(self):
        self.identifiers = self.identifiers + 1 & 0xFFFFFFFF
        return self.identifiers

    def origin(self, role):
        return [cx.avp(264, self.nodes[role].host),
                cx.avp(296, self.domain)]

    def application(self):
        return (cx.avp(258, cx.SIP) if self.shape.rfc4740
                else cx.vendor_application())

    def capabilities(self, time, asker, server, code=2001):
        """CER and CEA; CODE None: no answer."""
        connection = self.peer(asker, server)
        identifiers = self.identity(), self.identity()
        family = b"\0\2" if self.shape.ipv6 else b"\0\1"

        def avps(role):
            address = family + wire.packed(self.nodes[role].address)
            return self.origin(role) + [
                cx.avp(257, address), cx.avp(266, cx.TGPP),
                cx.avp(269, "Lab", flags=0), cx.avp(265, cx.TGPP),
                self.application()]
        asked = self.diameter(time, connection, 0, cx.message(
            "CE", cx.REQUEST, cx.BASE, identifiers, avps(asker)))
        if code is None:
            return asked, None
        flags = cx.ERROR if 3000 <= code < 4000 else 0
        return asked, self.diameter(time + 0.0007, connection, 1, cx.message(
            "CE", flags, cx.BASE, identifiers,
            [cx.result(code)] + avps(server)))

    def watchdog(self, time, asker, server):
        connection = self.peer(asker, server)
        identifiers = self.identity(), self.identity()
        self.diameter(time, connection, 0, cx.message(
            "DW", cx.REQUEST, cx.BASE, identifiers, self.origin(asker)))
        self.diameter(time + 0.0005, connection, 1, cx.message(
            "DW", 0, cx.BASE, identifiers,
            [cx.result(2001)] + self.origin(server)))

    def asked(self):
        """Who asks whom: the Diameter connections of this network."""
        askers = dict.fromkeys(self.nodes[r].role for r in ("icscf", "scscf"))
        if self.shape.dra:
            return [(a, "dra") for a in askers] + [("dra", "hss")]
        return [(a, "hss") for a in askers]

    def exchange(self, time, asker, command, avps, answer, **how):
        """A request of ASKER and its answer (AVPs, or None for silence) by
        the HSS, or by how's TO, after DELAY seconds; with ERROR the E bit.
        Gives request, answer, and when the asker has it."""
        asker, other = self.nodes[asker].role, how.get("to", "hss")
        chain = [asker, "dra", other] if self.shape.dra else [asker, other]
        self.sessions += 1
        session = cx.avp(263, f"{self.nodes[asker].host};"
                              f"{self.rng.randrange(1 << 32)};"
                              f"{self.sessions}")
        application = cx.CX
        if self.shape.rfc4740:
            application, avps = cx.SIP, cx.in_rfc4740(avps)
            answer = answer if answer is None else cx.in_rfc4740(answer)
        common = [self.application(), cx.avp(277, 1)]
        kind = command, application, how.get("story")
        hops = list(self._asked_along(time, chain, kind, [session] + common
                                      + self.origin(asker)
                                      + [cx.avp(283, self.domain)] + avps))
        time += 0.0004 * len(hops)
        if answer is None:
            return hops[0][0], None, time
        time += how.get("delay", 0.0005)
        flags = cx.PROXYABLE | (cx.ERROR if how.get("error") else 0)
        for _, connection, side, identifiers in reversed(hops):
            last = self.diameter(time, connection, 1 - side, cx.message(
                command, flags, application, identifiers,
                [session] + common + self.origin(other) + answer), kind[2])
            time += 0.0003
        return hops[0][0], last, time

    def _asked_along(self, time, chain, kind, avps):
        """The request on every hop: the event, and what its answer needs."""
        command, application, story = kind
        end = self.identity()
        for a, b in zip(chain, chain[1:]):
            connection, side = self._way(a, b)
            identifiers = self.identity(), end
            event = self.diameter(time, connection, side, cx.message(
                command, cx.REQUEST | cx.PROXYABLE, application, identifiers,
                avps), story)
            yield event, connection, side, identifiers
            avps = avps + [cx.avp(282, self.nodes[a].host)]
            time += 0.0004

    def _way(self, a, b):
        if (a, b) in self.asked():
            return self.peer(a, b), 0
        return self.peer(b, a), 1

    def start_peers(self, time, but=()):
        for i, (asker, server) in enumerate(self.asked()):
            if (asker, server) in but:
                continue
            if self.shape.midway:
                self.peer(asker, server).begun = True
            else:
                self.capabilities(time + i * 0.03, asker, server)

    def watch_peers(self, start, end, but=()):
        for i, (asker, server) in enumerate(self.asked()):
            time = start + 11 + 3.1 * i
            while time < end and (asker, server) not in but:
                self.watchdog(time, asker, server)
                time += 30

    # -- frames

    def frames(self):
        """All frames in the order of the file, numbered."""
        made = []
        for event in sorted(self.events, key=lambda e: e.time):
            made += self._frames_of(event)
        for connection in self.connections.values():
            made += self._flush(connection)
        made = [f for f in made if f is not None]
        late = round(self.shape.disorder * 1e9)
        made.sort(key=lambda f: f.time_ns + (late if f.interface else 0))
        for number, frame in enumerate(made, 1):
            for event in frame.events:
                event.frames.append(number)
        return made

    def _frames_of(self, event):
        if event.leg != "noise" and not self.is_seen(event.leg):
            return []
        if event.kind == "udp":
            return self._udp(event)
        if event.kind == "icmp":
            return self._icmp(event)
        where = event.where
        connection = getattr(where, "connection", None) or where
        if event.kind == "stream":
            return self._stream(event, connection)
        made = self._flush(connection)
        made += self._begin(connection, event.time, event.kind == "refused")
        if event.kind in ("close", "reset"):
            pairs = getattr(connection.wire, event.kind)(event.side)
            made += self._segments(connection, event.time, pairs, [event])
            connection.begun, connection.wire = False, None
        if event.kind == "refused":
            made[-1].events.append(event)
        return made

    def _udp(self, event):
        path = event.where
        (src, sport), (dst, dport) = path.ends
        data = wire.udp(src, dst, (sport, dport), event.payload)
        protocol = wire.UDP
        if path.sa:
            spi, key = path.sa
            number = self.esp_numbers[spi] = self.esp_numbers.get(spi, 0) + 1
            data = wire.esp_null(spi, number, protocol, data, key)
            protocol = wire.ESP
        return self._packets(event.time, event.leg, (src, dst, protocol,
                                                     data), [event])

    def _icmp(self, event):
        (src, sport), (dst, dport) = event.where.ends
        about = wire.ip_packets(
            src, dst, wire.UDP,
            wire.udp(src, dst, (sport, dport), event.payload),
            self.ip_ident, 65535)[0]
        protocol, data = wire.icmp_port_unreachable(dst, src, about)
        return self._packets(event.time, event.leg,
                             (dst, src, protocol, data), [event])

    def _begin(self, connection, time, refused=False):
        if connection.wire is None:
            kind = (wire.TcpStream if connection.transport == "tcp"
                    else wire.SctpAssociation)
            more = (() if connection.transport == "tcp"
                    else (self.shape.ppid, self.shape.checksum))
            connection.wire = kind(connection.ends, connection.rng, *more)
        if connection.begun:
            return []
        pairs = (connection.wire.refused() if refused
                 else connection.wire.open())
        if refused:
            connection.wire = None
        else:
            connection.begun = True
        return self._segments(connection, time - 0.00015, pairs, [])

    def _stream(self, event, connection):
        waiting = connection.waiting
        made = []
        if waiting and (waiting[0].side != event.side
                        or waiting[0].stream != event.stream
                        or event.time > waiting[0].time + self.shape.join):
            made = self._flush(connection)
        connection.waiting.append(event)
        return made

    def _flush(self, connection):
        events, connection.waiting = connection.waiting, []
        if not events:
            return []
        made = self._begin(connection, events[0].time)
        time, side = events[-1].time, events[0].side
        if connection.transport == "tcp":
            made += self._tcp_data(connection, time, side, events)
        else:
            made += self._sctp_data(connection, time, side, events)
        made += self._segments(connection, time + 0.0001,
                               [connection.wire.sack(1 - side)
                                if connection.transport == "sctp"
                                else connection.wire.ack(1 - side)], [])
        return made

    def _tcp_data(self, connection, time, side, events):
        payload = b"".join(e.payload for e in events)
        size = self.shape.segment
        made, at = [], 0
        spans = []
        for event in events:
            spans.append((at, at + len(event.payload), event))
            at += len(event.payload)
        for i, pair in enumerate(connection.wire.data(side, payload, size)):
            low = i * size
            inside = [e for a, b, e in spans if a < low + size and b > low]
            made += self._segments(connection, time + i * 5e-6, [pair],
                                   inside)
        return self._untidied(made)

    def _untidied(self, frames):
        """Some again after a while (retransmitted), some in the other's
        place."""
        again = []
        for i, frame in enumerate(frames):
            chance = self.rng.random()
            if chance < self.shape.untidy / 2:
                again.append(dataclasses.replace(
                    frame, time_ns=frame.time_ns + 210_000_000, events=[]))
            elif chance < self.shape.untidy and i:
                before = frames[i - 1]
                frame.time_ns, before.time_ns = before.time_ns, frame.time_ns
        return frames + again

    def _sctp_data(self, connection, time, side, events):
        made = []
        packets = connection.wire.data(
            side, [e.payload for e in events], events[0].stream,
            min(self.shape.segment, 1300), connection.rng.random() < 0.4)
        for i, (who, data, inside) in enumerate(packets):
            about = [events[j] for j in dict.fromkeys(inside)]
            made += self._segments(connection, time + i * 5e-6,
                                   [(who, data)], about)
        return made

    def _segments(self, connection, time, pairs, events):
        made = []
        protocol = wire.TCP if connection.transport == "tcp" else wire.SCTP
        for i, (side, data) in enumerate(pairs):
            src, dst = connection.ends[side][0], connection.ends[1 - side][0]
            made += self._packets(time + i * 3e-5, connection.leg,
                                  (src, dst, protocol, data), list(events))
        return made

    def _packets(self, time, leg, datagram, events):
        src, dst, protocol, data = datagram
        self.ip_ident += 1
        in_gtp = self.shape.gtp and leg == "gm"
        mtu = 1400 if in_gtp else self.shape.mtu
        is_whole = len(data) <= mtu - (40 if ":" in src else 20)
        ident = self.ip_ident if self.shape.ident or not is_whole else 0
        packets = wire.ip_packets(src, dst, protocol, data, ident, mtu)
        made = []
        if any(event.only_first for event in events):
            packets = packets[:1]
        for i, packet in enumerate(packets):
            ends = src, dst
            if in_gtp:
                ends, packet = self._tunnel(src, packet)
            made += self._linked(time + i * 2e-6, leg, ends, packet, events)
        return made

    def _tunnel(self, src, packet):
        up = src != self.nodes["pcscf_gm"].address
        a, b = GTP_ENDS if up else GTP_ENDS[::-1]
        data = wire.gtp_u(0x11111111 if up else 0x22222222, packet)
        self.ip_ident += 1
        return (a, b), wire.ip_packets(a, b, wire.UDP,
                                       wire.udp(a, b, (2152, 2152), data),
                                       self.ip_ident)[0]

    def _linked(self, time, leg, ends, packet, events):
        time_ns = EPOCH_NS + round(time * 1e9)
        interface = 0 if leg == "gm" else 1
        if self.shape.link == "any":
            return [Frame(time_ns + 15_000 * i,
                          wire.cooked(ends[0], 3 + i, packet), events,
                          leg=leg) for i in (0, 1)]
        tags = {"vlan": (101,), "qinq": (200, 101)}.get(self.shape.link, ())
        return [Frame(time_ns, wire.ethernet(*ends, packet, tags), events,
                      interface, leg)]

    def _ask_name(self, time, number):
        name = b"".join(bytes([len(p)]) + p.encode()
                        for p in self.domain.split("."))
        ask = struct.pack(">HHHHHH", number, 0x100, 1, 0, 0, 0) + name
        self.add(time, "noise", "udp",
                 Path(((self.nodes["pcscf"].address, 40000 + number),
                       (self._address(47, 53), 53))),
                 payload=ask + struct.pack(">BHH", 0, 1, 1))

    def go_on(self, end):
        """The capture visibly goes on, whatever legs it holds."""
        for number in range(round(end / 5) + 1):
            self._ask_name(5 * number, number)

    def add_noise(self, end):
        """Speech, names and pages between nodes that also say SIP."""
        mrf = self.nodes["mrf"].address
        ends = (self.ue_address(1), 20000), (mrf, 30000)
        for i in range(200):
            speech = struct.pack(">BBHII", 0x80, 8, i, 160 * i, 7)
            self.add(5 + 0.02 * i, "noise", "udp", Path(ends),
                     payload=speech + self.rng.randbytes(160))
        for i in range(20):
            self._ask_name(self.rng.uniform(0, end), 100 + i)
            self._ask_profile(self.rng.uniform(1, end))
        page = self.connection("page", "noise", (
            (self.ue_address(1), 50080), (self._address(48, 80), 80)))
        for i in range(20):
            get = f"GET /{i} HTTP/1.1\r\nHost: example.org\r\n\r\n"
            body = self.rng.randbytes(3000)
            found = ("HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n"
                     "\r\n").encode() + body
            self.add(3 + i, "noise", "stream", page, payload=get.encode())
            self.add(3.01 + i, "noise", "stream", page, payload=found,
                     side=1)

    def _ask_profile(self, time):
        """Sh between the AS and the HSS: User-Data, unknown user."""
        connection = self.peer("as", "hss")
        identifiers = self.identity(), self.identity()
        session = cx.avp(263, f"as.{self.domain};1;{identifiers[0]}")
        head = [session] + self.origin("as") + [cx.avp(277, 1)]
        self.diameter(time, connection, 0, cx.message(
            "UD", cx.REQUEST | cx.PROXYABLE, cx.SH, identifiers,
            head + [cx.avp(283, self.domain), cx.tgpp(
                700, [cx.tgpp(601, f"sip:nobody@{self.domain}")])]))
        self.diameter(time + 0.001, connection, 1, cx.message(
            "UD", cx.PROXYABLE, cx.SH, identifiers,
            [session, cx.experimental(5001), cx.avp(277, 1)]
            + self.origin("hss")))

    def file(self, frames):
        link = wire.COOKED if self.shape.link == "any" else wire.ETHERNET
        if self.shape.file == "pcap":
            return wire.pcap(frames, link, self.shape.order,
                             self.shape.nanoseconds)
        return wire.pcapng(frames, [link, link], self.shape.order)
