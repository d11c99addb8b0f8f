#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages that Wireshark can open and we can not are taken from Wireshark.

    decoded.py PLUGIN_DIR IMSLEUTH CAPTURES

A refused registration is hidden in TLS whose keys Wireshark is given, in ESP
with AES likewise, and in exported PDUs: the findings are those of the same in
clear. Without the keys nothing is found, and nothing is claimed.
"""
import json
import pathlib
import random
import shutil
import ssl
import struct
import subprocess
import sys
import tempfile
import types

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]
                    / "generated"))
import wire  # noqa: E402
from running import keep, wireshark_with  # noqa: E402

CLEAR = "02_unknown_user_uaa5001_403.pcapng"
PROTECTED = "19a_derived_esp_null_of_10a.pcap"
UE, PCSCF = "10.0.0.1", "10.0.0.2"
SIP = "".join(f"{line}\r\n" for line in (
    "{start}", "Via: SIP/2.0/TLS 10.0.0.1;branch=z9hG4bKa",
    "From: <sip:alice@ims.mnc001.mcc001.3gppnetwork.org>;tag=1",
    "To: <sip:alice@ims.mnc001.mcc001.3gppnetwork.org>;tag={tag}",
    "Contact: <sip:alice@10.0.0.1>", "Call-ID: one", "CSeq: 1 REGISTER",
    "Content-Length: 0", ""))
REQUEST = SIP.format(
    start="REGISTER sip:ims.mnc001.mcc001.3gppnetwork.org SIP/2.0",
    tag="").replace(";tag=\r", "\r").encode()
REFUSAL = SIP.format(start="SIP/2.0 404 Not Found", tag="2").encode()


def rules_of(imsleuth, capture):
    out = subprocess.run([imsleuth, "--quiet", "-f", "json", capture],
                         check=False, stdout=subprocess.PIPE).stdout
    return sorted(finding["rule"] for finding in json.loads(out)["findings"])


def told(wireshark, capture, *options):
    """The rules and the outcomes that the plugin tells, each once."""
    rules, outcomes = set(), set()
    for row in wireshark.fields(
            capture, "imsleuth", "imsleuth.finding",
            "imsleuth.registration", "imsleuth.outcome",
            options=("-2", *options)):
        rules.update(row["imsleuth.finding"])
        outcomes.update(zip(row["imsleuth.registration"],
                            row["imsleuth.outcome"]))
    return sorted(rules), sorted(outcome for _, outcome in outcomes)


class TlsTalk:
    """Both ends of a connection, without a network between them."""

    def __init__(self, keys):
        self.sides = []
        for side in (0, 1):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if side
                                     else ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            # Nobody needs a certificate for these.
            context.set_ciphers("AECDH-AES128-SHA:@SECLEVEL=0")
            if side == 0:
                context.keylog_filename = str(keys)
            inward, outward = ssl.MemoryBIO(), ssl.MemoryBIO()
            talker = context.wrap_bio(inward, outward, server_side=bool(side))
            self.sides.append((talker, inward, outward))
        self.records = []  # (side, bytes) as they are sent

    def _pass_on(self):
        moved = False
        for side in (0, 1):
            sent = self.sides[side][2].read()
            if sent:
                self.records.append((side, sent))
                self.sides[1 - side][1].write(sent)
                moved = True
        return moved

    def shake_hands(self):
        while True:
            for talker, _, _ in self.sides:
                try:
                    talker.do_handshake()
                except ssl.SSLWantReadError:
                    pass
            if not self._pass_on():
                return

    def say(self, side, message):
        self.sides[side][0].write(message)
        self._pass_on()


def frame(number, data):
    return types.SimpleNamespace(time_ns=1_700_000_000_000_000_000
                                 + number * 1_000_000, data=data,
                                 length=len(data), interface=0)


def tls_capture(folder):
    talk = TlsTalk(folder / "keys")
    talk.shake_hands()
    talk.say(0, REQUEST)
    talk.say(1, REFUSAL)
    stream = wire.TcpStream(((UE, 40000), (PCSCF, 5061)), random.Random(1))
    segments = stream.open()
    for side, record in talk.records:
        segments += stream.data(side, record, 700)
    segments += stream.close(0)
    ends = (UE, PCSCF)
    packets = [wire.ip_packets(ends[side], ends[1 - side], wire.TCP, segment,
                               number)[0]
               for number, (side, segment) in enumerate(segments)]
    path = folder / "tls.pcap"
    path.write_bytes(wire.pcap([frame(i, wire.ethernet(UE, PCSCF, packet))
                                for i, packet in enumerate(packets)],
                               wire.ETHERNET))
    return path


def inside_tls_with_keys(case):
    capture = tls_capture(case.folder)
    keys = case.wireshark.home / "keys"
    shutil.copy(case.folder / "keys", keys)
    case.wireshark.give(keys)
    shown = told(case.wireshark, capture, "-o", f"tls.keylog_file:{keys}")
    assert shown[1] == ["rejected"], shown
    assert "register_rejected" in shown[0], shown
    assert told(case.wireshark, capture)[1] == []


def in_exported_pdus(case):
    capture = case.captures / CLEAR
    exported = case.wireshark.home / "exported.pcapng"
    case.wireshark.lines(capture, "-U", "OSI layer 7", "-w", exported)
    shown = told(case.wireshark, exported)
    assert shown[0] == sorted(set(rules_of(case.imsleuth, capture))), shown
    assert shown[1] == ["rejected"], shown


KEY = bytes(range(16))


def aes_cbc(plain, vector):
    return subprocess.run(
        ["openssl", "enc", "-aes-128-cbc", "-nopad", "-K", KEY.hex(), "-iv",
         vector.hex()], input=plain, check=True,
        stdout=subprocess.PIPE).stdout


def encrypted(packet):
    """An IPv4 packet with ESP of NULL encryption, with AES-CBC instead."""
    inner = packet[28:-12]  # behind SPI and number, before the ICV
    padding, protocol = inner[-2], inner[-1]
    inner = inner[:-2 - padding]
    padding = -(len(inner) + 2) % 16
    inner += bytes(range(1, padding + 1)) + bytes([padding, protocol])
    vector = bytes(16)
    payload = packet[20:28] + vector + aes_cbc(inner, vector)
    head = packet[:2] + struct.pack(">H", 20 + len(payload)) + packet[4:10]
    head += bytes(2) + packet[12:20]
    check = struct.pack(">H", wire.internet_checksum(head))
    return head[:10] + check + head[12:] + payload


def read_pcap(path):
    data = path.read_bytes()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") \
        else ">"
    nanoseconds = data[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")
    at = 24
    while at < len(data):
        seconds, rest, length, wire_length = struct.unpack_from(
            order + "IIII", data, at)
        yield types.SimpleNamespace(
            time_ns=seconds * 10**9 + rest * (1 if nanoseconds else 1000),
            data=data[at + 16:at + 16 + length], length=wire_length,
            interface=0)
        at += 16 + length


def esp_capture(case):
    frames = list(read_pcap(case.captures / PROTECTED))
    spis = set()
    for each in frames:
        packet = each.data[14:]
        if each.data[12:14] == b"\x08\0" and packet[9] == wire.ESP:
            spis.add((packet[12:16], packet[16:20], packet[20:24]))
            each.data = each.data[:14] + encrypted(packet)
            each.length = len(each.data)
    path = case.folder / "aes.pcap"
    path.write_bytes(wire.pcap(frames, wire.ETHERNET))
    return path, spis


def associations(spis):
    options = ["-o", "esp.enable_encryption_decode:TRUE"]
    for source, destination, spi in sorted(spis):
        names = [".".join(map(str, address))
                 for address in (source, destination)]
        options += ["-o", 'uat:esp_sa:"IPv4","{}","{}","0x{}",'
                    '"AES-CBC [RFC3602]","0x{}","NULL",""'.format(
                        *names, spi.hex(), KEY.hex())]
    return options


def inside_esp_with_keys(case):
    if not shutil.which("openssl"):
        print("        (no openssl: left out)")
        return
    capture, spis = esp_capture(case)
    shown = told(case.wireshark, capture, *associations(spis))
    expected = rules_of(case.imsleuth, case.captures / PROTECTED)
    assert shown[0] == sorted(set(expected)), (shown, expected)
    # Unread it is of the registration all the same.
    esp = [row for row in case.wireshark.fields(
        capture, "esp and imsleuth.step == ESP", "imsleuth.registration")]
    assert len(esp) >= 4 and all(row["imsleuth.registration"] for row in esp)
    blind = told(case.wireshark, capture)
    assert blind[0] == sorted(set(rules_of(case.imsleuth, capture))), blind


PROMISES = [inside_tls_with_keys, in_exported_pdus, inside_esp_with_keys]


def main():
    plugin_dir, imsleuth, captures = sys.argv[1:]
    with wireshark_with(plugin_dir) as wireshark, \
            tempfile.TemporaryDirectory() as folder:
        failed = keep(PROMISES, types.SimpleNamespace(
            wireshark=wireshark, imsleuth=imsleuth,
            captures=pathlib.Path(captures), folder=pathlib.Path(folder)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
