# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets: link layers, IP, UDP, TCP, SCTP, GTP-U, ICMP, ESP, and the two
file formats. Everything is bytes in, bytes out, but for the two kinds of
stream, which count their sequence numbers."""

import hashlib
import hmac
import ipaddress
import struct

TCP, UDP, SCTP, ESP, ICMP, ICMP6 = 6, 17, 132, 50, 1, 58
ETHERNET, COOKED = 1, 113  # DLT names' numbers in files
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def packed(address):
    return ipaddress.ip_address(address).packed


def is_v6(address):
    return ":" in address


def internet_checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def transport_checksum(src, dst, protocol, data):
    if is_v6(src):
        pseudo = packed(src) + packed(dst) + struct.pack(">II", len(data),
                                                         protocol)
    else:
        pseudo = packed(src) + packed(dst) + struct.pack(">HH", protocol,
                                                         len(data))
    return internet_checksum(pseudo + data)


def _crc32c_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC32C = _crc32c_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ CRC32C[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def udp(src, dst, ports, payload):
    head = struct.pack(">HHHH", *ports, 8 + len(payload), 0)
    check = transport_checksum(src, dst, UDP, head + payload) or 0xFFFF
    return head[:6] + struct.pack(">H", check) + payload


def ip_packets(src, dst, protocol, payload, ident, mtu=1500):
    """The datagram as one packet, or as many fragments as the MTU wants."""
    if is_v6(src):
        return _ipv6_packets(src, dst, protocol, payload, ident, mtu)
    return _ipv4_packets(src, dst, protocol, payload, ident, mtu)


def _ipv4_packets(src, dst, protocol, payload, ident, mtu):
    step = (mtu - 20) // 8 * 8 if len(payload) > mtu - 20 else len(payload)
    packets = []
    for at in range(0, max(len(payload), 1), max(step, 1)):
        piece = payload[at:at + step]
        more = 0x2000 if at + step < len(payload) else 0
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(piece),
                           ident & 0xFFFF, more | at // 8, 64, protocol, 0)
        head += packed(src) + packed(dst)
        check = struct.pack(">H", internet_checksum(head))
        packets.append(head[:10] + check + head[12:] + piece)
    return packets


def _ipv6_header(src, dst, protocol, length):
    return (struct.pack(">IHBB", 0x60000000, length, protocol, 64)
            + packed(src) + packed(dst))


def _ipv6_packets(src, dst, protocol, payload, ident, mtu):
    if len(payload) <= mtu - 40:
        return [_ipv6_header(src, dst, protocol, len(payload)) + payload]
    step = (mtu - 48) // 8 * 8
    packets = []
    for at in range(0, len(payload), step):
        piece = payload[at:at + step]
        more = 1 if at + step < len(payload) else 0
        head = struct.pack(">BBHI", protocol, 0, at | more, ident)
        packets.append(_ipv6_header(src, dst, 44, 8 + len(piece)) + head
                       + piece)
    return packets


def icmp_port_unreachable(src, dst, packet):
    """From SRC, who got PACKET, to DST, who sent it."""
    quoted = packet[:1232 if is_v6(src) else 548]
    if is_v6(src):
        body = struct.pack(">BBHI", 1, 4, 0, 0) + quoted
        check = transport_checksum(src, dst, ICMP6, body)
        return ICMP6, body[:2] + struct.pack(">H", check) + body[4:]
    body = struct.pack(">BBHI", 3, 3, 0, 0) + quoted
    check = internet_checksum(body)
    return ICMP, body[:2] + struct.pack(">H", check) + body[4:]


def gtp_u(teid, packet):
    return struct.pack(">BBHI", 0x30, 0xFF, len(packet), teid) + packet


def esp_null(spi, number, protocol, payload, key):
    """Transport mode, NULL cipher, HMAC-SHA-1-96 (TS 33.203 annex I)."""
    padding = -(len(payload) + 2) % 4
    trailer = bytes(range(1, padding + 1)) + bytes([padding, protocol])
    data = struct.pack(">II", spi, number) + payload + trailer
    key = key + bytes(4)
    return data + hmac.new(key, data, hashlib.sha1).digest()[:12]


def mac(address):
    return b"\x02" + hashlib.md5(address.encode()).digest()[:5]


def ethernet(src, dst, packet, tags=()):
    """TAGS: the VLANs from the outermost; two make 802.1ad."""
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    frame = mac(dst) + mac(src)
    for i, tag in enumerate(tags):
        outer = len(tags) == 2 and i == 0
        frame += struct.pack(">HH", 0x88A8 if outer else 0x8100, tag)
    return frame + struct.pack(">H", kind) + packet


def cooked(src, direction, packet):
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    return (struct.pack(">HHH", direction, 1, 6) + mac(src) + b"\0\0"
            + struct.pack(">H", kind) + packet)


class TcpStream:
    """One connection; side 0 is the client. Gives (side, segment) pairs."""

    def __init__(self, ends, rng):
        self.ends = ends  # ((address, port), (address, port))
        self.next = [rng.randrange(1 << 32), rng.randrange(1 << 32)]

    def _segment(self, side, flags, payload=b""):
        (src, sport), (dst, dport) = self.ends[side], self.ends[1 - side]
        head = struct.pack(">HHIIBBHHH", sport, dport, self.next[side],
                           self.next[1 - side] if flags & ACK else 0,
                           0x50, flags, 64240, 0, 0)
        check = transport_checksum(src, dst, TCP, head + payload)
        segment = head[:16] + struct.pack(">H", check) + head[18:] + payload
        length = len(payload) + bool(flags & (SYN | FIN))
        self.next[side] = (self.next[side] + length) & 0xFFFFFFFF
        return side, segment

    def open(self):
        return [self._segment(0, SYN), self._segment(1, SYN | ACK),
                self._segment(0, ACK)]

    def refused(self):
        return [self._segment(0, SYN), self._segment(1, RST | ACK)]

    def data(self, side, payload, size):
        return [self._segment(side, PSH | ACK, payload[at:at + size])
                for at in range(0, len(payload), size)]

    def ack(self, side):
        return self._segment(side, ACK)

    def close(self, side):
        return [self._segment(side, FIN | ACK),
                self._segment(1 - side, FIN | ACK),
                self._segment(side, ACK)]

    def reset(self, side):
        return [self._segment(side, RST | ACK)]


class SctpAssociation:
    """One association; side 0 began it. Gives (side, packet) pairs."""

    def __init__(self, ends, rng, ppid=46, with_checksum=True):
        self.ends = ends
        self.ppid = ppid
        self.with_checksum = with_checksum
        self.tag = [rng.randrange(1, 1 << 32), rng.randrange(1, 1 << 32)]
        self.tsn = [rng.randrange(1 << 32), rng.randrange(1 << 32)]
        self.numbers = [[0] * 4, [0] * 4]

    def _packet(self, side, chunks, tag=None):
        head = struct.pack(">HHII", self.ends[side][1],
                           self.ends[1 - side][1],
                           self.tag[1 - side] if tag is None else tag, 0)
        data = head + b"".join(chunks)
        if self.with_checksum:
            data = data[:8] + struct.pack("<I", crc32c(data)) + data[12:]
        return side, data

    @staticmethod
    def _chunk(kind, flags, body):
        return (struct.pack(">BBH", kind, flags, 4 + len(body)) + body
                + bytes(-len(body) % 4))

    def _init(self, side, kind, extra=b""):
        body = struct.pack(">IIHHI", self.tag[side], 65535, 4, 4,
                           self.tsn[side])
        return self._chunk(kind, 0, body + extra)

    def open(self):
        cookie = struct.pack(">HH", 7, 4 + 32) + bytes(32)
        return [self._packet(0, [self._init(0, 1)], tag=0),
                self._packet(1, [self._init(1, 2, cookie)]),
                self._packet(0, [self._chunk(10, 0, bytes(32))]),
                self._packet(1, [self._chunk(11, 0, b"")])]

    def refused(self):
        abort = self._chunk(6, 1, b"")
        return [self._packet(0, [self._init(0, 1)], tag=0),
                self._packet(1, [abort], tag=self.tag[0])]

    def sack(self, side):
        seen = (self.tsn[1 - side] - 1) & 0xFFFFFFFF
        return self._packet(side, [self._sack_chunk(seen)])

    def _sack_chunk(self, seen):
        return self._chunk(3, 0, struct.pack(">IIHH", seen, 65535, 0, 0))

    def _data_chunks(self, side, message, stream, size):
        pieces = [message[at:at + size]
                  for at in range(0, len(message), size)]
        number = self.numbers[side][stream]
        self.numbers[side][stream] = (number + 1) & 0xFFFF
        for i, piece in enumerate(pieces):
            flags = (2 if i == 0 else 0) | (1 if i == len(pieces) - 1 else 0)
            body = struct.pack(">IHHI", self.tsn[side], stream, number,
                               self.ppid) + piece
            self.tsn[side] = (self.tsn[side] + 1) & 0xFFFFFFFF
            yield self._chunk(0, flags, body)

    def data(self, side, messages, stream, size=1300, with_sack=False):
        """Gives (side, packet, indices of the messages in it)."""
        packets, chunks, inside = [], [], []
        if with_sack:
            chunks.append(self._sack_chunk((self.tsn[1 - side] - 1)
                                           & 0xFFFFFFFF))
        for i, message in enumerate(messages):
            for chunk in self._data_chunks(side, message, stream, size):
                if inside and sum(map(len, chunks)) + len(chunk) > 1450:
                    packets.append((*self._packet(side, chunks), inside))
                    chunks, inside = [], []
                chunks.append(chunk)
                inside.append(i)
        packets.append((*self._packet(side, chunks), inside))
        return packets

    def close(self, side):
        seen = struct.pack(">I", (self.tsn[1 - side] - 1) & 0xFFFFFFFF)
        return [self._packet(side, [self._chunk(7, 0, seen)]),
                self._packet(1 - side, [self._chunk(8, 0, b"")]),
                self._packet(side, [self._chunk(14, 0, b"")])]

    def reset(self, side):
        return [self._packet(side, [self._chunk(6, 0, b"")])]


def pcap(frames, link_type, order="<", nanoseconds=False):
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144,
                       link_type)]
    for frame in frames:
        seconds, rest = divmod(frame.time_ns, 1_000_000_000)
        out.append(struct.pack(order + "IIII", seconds,
                               rest if nanoseconds else rest // 1000,
                               len(frame.data), frame.length))
        out.append(frame.data)
    return b"".join(out)


def _block(order, kind, body):
    body += bytes(-len(body) % 4)
    length = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + length + body + length


def pcapng(frames, link_types, order="<"):
    """One interface each of LINK_TYPES, all counting nanoseconds."""
    out = [_block(order, 0x0A0D0D0A,
                  struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))]
    resolution = struct.pack(order + "HHB3xHH", 9, 1, 9, 0, 0)
    for link_type in link_types:
        out.append(_block(order, 1, struct.pack(order + "HHI", link_type, 0,
                                                262144) + resolution))
    for frame in frames:
        out.append(_block(order, 6, struct.pack(
            order + "IIIII", frame.interface, frame.time_ns >> 32,
            frame.time_ns & 0xFFFFFFFF, len(frame.data),
            frame.length) + frame.data))
    return b"".join(out)
