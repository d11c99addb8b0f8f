# SPDX-License-Identifier: GPL-2.0-or-later
"""The packets of hostile captures. A siege yields frames, one a call, for
ever; NUMBER counts them. Its packets come from addresses that nobody else
has, and mean nothing to the registrations beside them."""

import itertools
import struct

from lives import MarkedWorld
from packets import MSS, Association, Stream
import cx
import wire
from world import Shape

WORLD = MarkedWorld(0, Shape())
DOMAIN = WORLD.domain
PCSCF = wire.packed(WORLD.nodes["pcscf_gm"].address), 5060
HSS = wire.packed("10.47.0.21"), 3868      # not the registrations' own
PROXY = wire.packed("10.47.0.23"), 5060
CORE = wire.packed("10.47.0.24"), 4060
CLIENT = wire.packed("10.47.0.22"), 40001
GIGABYTES = 4_000_000_000
MORE_FRAGMENTS = 0x2000
GIANT = 60_000                  # bytes of header fields in a message
MESSAGE = "\r\n".join((
    "{method} sip:{domain} SIP/2.0",
    "Via: SIP/2.0/UDP 10.200.0.1:5060;branch=z9hG4bK%(branch)08x;rport",
    "Max-Forwards: 70",
    "From: <sip:siege%(who)08x@{domain}>;tag=%(who)08x",
    "To: <sip:siege%(who)08x@{domain}>",
    "Call-ID: siege%(call)08x@10.200.0.1", "CSeq: %(cseq)08d {method}",
    "Contact: <sip:siege%(who)08x@10.200.0.1:5060>;expires=3600",
    "Supported: path", "User-Agent: Siege/1.0", "{more}Content-Length: 0",
    "", ""))


def message(method, more=""):
    """A template of a message; MORE are whole lines."""
    text = MESSAGE.format(method=method, domain=DOMAIN, more=more)
    return text.encode()


def numbered(number):
    return {b"branch": number, b"who": number, b"call": number, b"cseq": 1}


def source(number, port=5060):
    """An address for each number, of 10.200.0.0/13."""
    return (0x0AC80000 | number & 0x7FFFF).to_bytes(4, "big"), port


def flow(number):
    """Ends of a TCP connection that was not before."""
    return source(number, 10_000 + (number >> 19)), PCSCF


class Siege:
    """What the makers of frames share: the link, and what is drawn."""
    direction = 1               # of its clock

    def __init__(self, link, chance):
        self.link, self.chance = link, chance

    def datagram(self, number, payload):
        return self.link.datagrams((source(number), PCSCF), payload)

    def opened(self, number):
        """A new connection and the frame that asks for it."""
        stream = Stream(flow(number), self.chance)
        return stream, stream.control(self.link, 0, wire.SYN)


def half_open(siege):
    """SYNs that nobody answers, each of another connection."""
    for number in itertools.count():
        yield from siege.opened(number)[1]


def half_messages(siege):
    """Connections that stop in the middle of a message."""
    text = message("REGISTER")
    for number in itertools.count():
        stream, frames = siege.opened(number)
        payload = text % numbered(number)
        yield from frames
        yield from stream.data(siege.link, 0, payload[:len(payload) // 2])


def holes(siege):
    """Connections that lack a segment, and go on behind it."""
    text = message("REGISTER")
    for number in itertools.count():
        stream, frames = siege.opened(number)
        payload = text % numbered(number)
        yield from frames
        stream.next[0] += 100
        for part in range(3):
            yield from stream.data(siege.link, 0, payload)
            stream.next[0] += 100 * (part == 1)


def backwards(siege):
    """As `holes`, by a clock that runs backwards."""
    siege.direction = -1
    return holes(siege)


def fragments(siege):
    """First fragments whose rest never comes."""
    text = message("REGISTER")
    for number in itertools.count():
        ends = source(number), PCSCF
        piece = struct.pack(">HHHH", 5060, 5060, 2000, 0) + text % numbered(
            number)
        piece = piece[:len(piece) // 8 * 8]
        yield siege.link.header(ends, wire.UDP, len(piece),
                                MORE_FRAGMENTS) + piece


def last_fragments(siege):
    """Last fragments that nothing came before."""
    text = message("REGISTER", "X-Rest: " + "r" * 1400 + "\r\n")
    for number in itertools.count():
        yield siege.datagram(number, text % numbered(number))[-1]


def call_ids(siege):
    """REGISTERs that nobody answers, each of another Call-ID."""
    text = message("REGISTER")
    for number in itertools.count():
        yield from siege.datagram(number, text % numbered(number))


def invites(siege):
    """INVITEs that nobody answers, each of another Call-ID."""
    text = message("INVITE")
    for number in itertools.count():
        yield from siege.datagram(number, text % numbered(number))


def notifies(siege):
    """NOTIFYs of subscriptions that nobody made."""
    text = message("NOTIFY", "Event: reg\r\nSubscription-State: active;"
                   "expires=600000\r\n")
    for number in itertools.count():
        yield from siege.datagram(number, text % numbered(number))


def registered(siege, text):
    """Registrations in which nobody is asked who he is, and for a long
    time."""
    answer = text.replace(b"REGISTER sip:" + DOMAIN.encode() + b" SIP/2.0",
                          b"SIP/2.0 200 OK")
    for number in itertools.count():
        values = numbered(number)
        yield from siege.datagram(number, text % values)
        yield from siege.link.datagrams((PCSCF, source(number)),
                                        answer % values)


def successes(siege):
    """Registrations that stand, each of another subscriber."""
    return registered(siege, message("REGISTER"))


def one_user(siege):
    """Registrations that stand, of one user's name in ever another domain."""
    subscriber = b"siege%(who)08x@" + DOMAIN.encode()
    return registered(siege, message("REGISTER").replace(
        subscriber, b"siege@d%(who)08x.example"))


def one_call_id(siege, method="REGISTER"):
    """One Call-ID for all: mostly another request, a third of them with
    another branch only, a third said again as it was."""
    text = message(method)
    for number in itertools.count():
        values = numbered(0) | {
            b"cseq": 1 + number // 3,
            b"branch": number // 3 * 2 + (number % 3 == 1)}
        yield from siege.datagram(0, text % values)


def one_dialog(siege):
    """INVITEs under one Call-ID."""
    return one_call_id(siege, "INVITE")


def one_identity(siege):
    """One subscriber under ever another Call-ID."""
    text = message("REGISTER")
    for number in itertools.count():
        yield from siege.datagram(0, text % (numbered(number) | {b"who": 0}))


def one_transaction(siege):
    """One request, and ever another response to it."""
    text = message("REGISTER") % numbered(0)
    start, rest = text.split(b"\r\n", 1)
    for number in itertools.count():
        if number % 1000 == 0:
            yield from siege.datagram(0, text)
            continue
        status = b"SIP/2.0 %d No %08d\r\n" % (100 + number % 99, number)
        yield from siege.link.datagrams((PCSCF, source(0)), status + rest)


def many(line):
    """LINE, with a number in it, as often as there is room."""
    size = len(line % GIANT) + 2
    return "".join(line % n + "\r\n" for n in range(GIANT // size))


def giants():
    """Header fields beyond measure."""
    tags = ",".join(f"x{n}" for n in range(GIANT // 7))
    params = "".join(f";p{n}={n}" for n in range(GIANT // 12))
    return [
        many("Via: SIP/2.0/TCP 10.1.1.1;branch=z9hG4bK%d"),
        many("Route: <sip:10.1.1.1:%d;lr>"), many("X-%d: x"),
        many("Record-Route: <sip:10.1.1.1:%d;lr>"), many("Path: <sip:h%d>"),
        f"Require: {tags}\r\n", f"Supported: {tags}\r\n",
        f"Proxy-Require: {tags}\r\n", f"Security-Client: a{params}\r\n",
        many("Contact: <sip:u@h%d>"), many("Authorization: Digest a=%d"),
        f"X-Long: {'x' * GIANT}\r\n", many("Subject: a\r\n b%d\r\n\tc"),
        f"Authorization: Digest username=\"{'x' * GIANT}\"\r\n",
        many("P-Associated-URI: <sip:u%d@h>"), many("Call-ID: c%d")]


def in_segments(siege, number, text):
    """TEXT on a connection of its own."""
    stream, frames = siege.opened(number)
    yield from frames
    for at in range(0, len(text), MSS):
        yield from stream.data(siege.link, 0, text[at:at + MSS])


def giant_headers(siege):
    """Messages of 60 KB of header fields, whole."""
    texts = [message(method, more) for more in giants()
             for method in ("REGISTER", "INVITE")]
    for number in itertools.count():
        yield from in_segments(siege, number, texts[number % len(texts)]
                               % numbered(number))


def giant_bodies(siege):
    """Messages of 60 KB of header fields, and gigabytes to come."""
    length = f"Content-Length: {GIGABYTES}".encode()
    texts = [message("REGISTER", more).replace(b"Content-Length: 0", length)
             + b"x" * 500 for more in giants()]
    for number in itertools.count():
        yield from in_segments(siege, number, texts[number % len(texts)]
                               % numbered(number))


def turned(lines):
    """The same lines and lists in another order, some of them others."""
    lines = lines.split("\r\n")[:-1][::-1]
    lists = [(name, items.split(",")) for name, _, items in
             (line.partition(": ") for line in lines)]
    return "".join(f"{name}: {','.join(items[::-1])[:-1]}\r\n"
                   for name, items in lists)


def giant_changes(siege):
    """Messages of 60 KB of header fields that a proxy puts in another
    order."""
    pairs = [(message("REGISTER", more), message("REGISTER", turned(more)))
             for more in giants() if "\n\t" not in more]
    for number in itertools.count():
        values = numbered(number)
        came, went = pairs[number % len(pairs)]
        yield from siege.datagram(number, came % values)
        went = went.replace(b"Max", b"Via: SIP/2.0/UDP 10.47.0.23;branch="
                            b"z9hG4bKp%(branch)08x\r\nMax", 1)
        yield from siege.link.datagrams((PROXY, CORE), went % values)


def giant_datagrams(siege):
    """Messages of 60 KB of header fields over UDP, in fragments."""
    texts = [message("REGISTER", more) for more in giants()]
    for number in itertools.count():
        yield from siege.datagram(
            number, texts[number % len(texts)] % numbered(number))


def request_template():
    """A UAR, its identifiers 0."""
    mark = "9" * 10
    whole = cx.message("UA", cx.REQUEST | cx.PROXYABLE, cx.CX, (0, 0),
                       [cx.avp(263, f"siege;1;{mark}"),
                        cx.vendor_application(), cx.avp(277, 1),
                        cx.avp(264, f"siege.{DOMAIN}"), cx.avp(296, DOMAIN),
                        cx.avp(283, DOMAIN),
                        cx.avp(1, f"siege{mark}@{DOMAIN}"),
                        cx.tgpp(601, f"sip:siege{mark}@{DOMAIN}"),
                        cx.tgpp(600, DOMAIN)]).replace(b"%", b"%%")
    return whole.replace(mark.encode(), b"%(who)010d")


REQUEST = request_template()


def diameter_request(number):
    """Another session, subscriber and identifiers for each number."""
    text = REQUEST % {b"who": number}
    identifiers = (number & 0xFFFFFFFF).to_bytes(4, "big") * 2
    return text[:12] + identifiers + text[20:]


def cx_unanswered(siege):
    """UARs that nobody answers, on one connection."""
    stream = Stream((CLIENT, HSS), siege.chance)
    yield from stream.control(siege.link, 0, wire.SYN)
    for number in itertools.count():
        yield from stream.data(siege.link, 0, diameter_request(number))
        stream.unheard = [0, 0]


def cx_peers(siege):
    """UARs that nobody answers, each from another peer."""
    for number in itertools.count():
        stream = Stream((source(number, 10_000 + (number >> 19)), HSS),
                        siege.chance)
        yield from stream.control(siege.link, 0, wire.SYN)
        yield from stream.data(siege.link, 0, diameter_request(number))


def associations(siege):
    """INITs that nobody answers, each of another SCTP association."""
    for number in itertools.count():
        stream = Association((source(number, 10_000 + (number >> 19)), HSS),
                             siege.chance)
        yield from stream.control(siege.link, *stream.opening()[0])


def security_associations(siege):
    """ESP of ever another SPI."""
    for number in itertools.count():
        payload = struct.pack(">II", 1 << 20 | number, 1) + bytes(range(200))
        yield siege.link.header((source(number), PCSCF), wire.ESP,
                                len(payload), 0) + payload


def unreachable(siege):
    """ICMP errors about messages that were not captured."""
    text = message("REGISTER")
    for number in itertools.count():
        frame = siege.datagram(number, text % numbered(number))[0][14:]
        payload = struct.pack(">BBHI", 3, 3, 0, 0) + frame[:548]
        yield siege.link.header((PCSCF, source(number)), wire.ICMP,
                                len(payload), 0) + payload


def giant_avps(siege):
    """Requests of thousands of AVPs, one in another, or of one length."""
    flat = b"".join(cx.avp(601 + n % 40, b"", cx.TGPP) for n in range(5000))
    deep = b""
    while len(deep) < GIANT:
        deep = struct.pack(">III", 612, 0xC0 << 24 | 12 + len(deep),
                           cx.TGPP) + deep
    long = cx.avp(263, "s" * GIANT) + struct.pack(">II", 1, 0x40FFFFFF)
    bodies = [flat, deep, long]
    for number in itertools.count():
        body = bodies[number % 3]
        head = struct.pack(">IIIII", 1 << 24 | 20 + len(body),
                           0xC0 << 24 | 300, cx.CX, number, number)
        yield from in_segments(siege, number, head + body)


FAMILIES = {
    "packets": (half_open, half_messages, holes, backwards, fragments,
                last_fragments, associations, security_associations,
                unreachable),
    "messages": (call_ids, invites, notifies, successes, one_user, one_call_id,
                 one_dialog, one_identity, one_transaction),
    "giants": (giant_headers, giant_bodies, giant_datagrams, giant_changes,
               giant_avps),
    "diameter": (cx_unanswered, cx_peers)}
SIEGES = {f.__name__: f for family in FAMILIES.values() for f in family}
