# SPDX-License-Identifier: GPL-2.0-or-later
"""What in a capture says who somebody is, and whether bytes still hold it."""

import base64
import binascii
import ipaddress
import re

IDENTITIES = [
    re.compile(rb"(?<!\d)(\d{14,16})(?!\d)"),            # IMSI, IMEI
    re.compile(rb"(?<!\d)(\d{8}-\d{6}-\d)(?!\d)"),       # IMEI in a URN
    re.compile(rb"\+(\d{7,15})(?!\d)"),                  # telephone numbers
    re.compile(rb"sips?:([A-Za-z0-9._+-]{3,})(?::\w+)?@"),
    re.compile(rb"\"([A-Z][a-z]{3,} [A-Z][a-z]{3,})\""),  # display names
    re.compile(rb"(?<![\d.])((?:\d{1,3}\.){3}\d{1,3})(?![\d.])"),
    re.compile(rb"(?i)(?:call-id|i)\s*:\s*([\w.-]{6,})"),
    re.compile(rb"(?i);tag=([\w.-]{6,})"),
    re.compile(rb"(?i)nonce=\"([^\"]{12,})\""),
    re.compile(rb"(?i)(?:response|ck|ik|rspauth)=\"([0-9a-f]{32})\""),
    re.compile(rb"(?i)auts=\"([^\"]{12,})\""),
]
# Words of the protocol, and addresses of nobody.
NOBODY = re.compile(
    rb"(?i)anonymous|unavailable|orig|term|mo|mt|sos|mmtel|other|server|"
    rb"service-route|(127|0|22[4-9]|23\d|25[0-5])\.[\d.]+")
KEPT_NETS = [ipaddress.ip_network(net) for net in
             ("192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24",
              "203.0.113.0/24")]


def is_of_somebody(word):
    if NOBODY.fullmatch(word) or not re.search(rb"\w", word):
        return False
    try:
        address = ipaddress.ip_address(word.decode())
    except ValueError:
        # Zeroes of a nonce that was never set, and the like.
        return len(set(word)) > 2
    return not any(address in net for net in KEPT_NETS)


def of_report(report):
    """Identities that the report names, as bytes."""
    for entry in report["registrations"] + report["findings"]:
        for name in (entry["impi"], entry["impu"]):
            user = re.split(r"[@:;]", (name or "").split(":", 1)[-1])[0]
            if re.fullmatch(r"[\w.+-]{4,}", user):
                yield user.lstrip("+").encode()
    for node in report["nodes"]:
        address = node["address"]
        if address.count(":") == 1 or address.startswith("["):
            address = address.rsplit(":", 1)[0].strip("[]")
        yield address.encode()


def identities(data, report):
    """Words in the capture's bytes that are to be gone."""
    words = {word for pattern in IDENTITIES for word in pattern.findall(data)}
    words.update(of_report(report))
    return sorted(word for word in words if is_of_somebody(word))


def tbcd(digits):
    padded = digits + (b"f" if len(digits) % 2 else b"")
    return binascii.unhexlify(b"".join(
        padded[i + 1:i + 2] + padded[i:i + 1]
        for i in range(0, len(padded), 2)))


def in_base64(word):
    """As it stands in the base64 of longer text, whatever is before it."""
    for lead in range(3):
        text = base64.b64encode(b"\0" * lead + word)
        start = (lead * 8 + 5) // 6
        end = (lead + len(word)) * 8 // 6
        if end - start >= 8:
            yield text[start:end]


def as_bytes(word):
    """What a number, an address, hex or base64 is without its writing."""
    digits = re.sub(rb"[-.]", b"", word)
    if re.fullmatch(rb"\d{7,16}", digits):
        yield tbcd(digits)
    if re.fullmatch(rb"(?:[0-9a-fA-F]{2}){8,}", word):
        yield binascii.unhexlify(word)
    if re.fullmatch(rb"[A-Za-z0-9+/]{20,}={0,2}", word) and not len(word) % 4:
        yield base64.b64decode(word)[:32]
    try:
        yield ipaddress.ip_address(word.decode()).packed
    except ValueError:
        pass


def ways(word):
    """The word as it may be written."""
    yield "raw", word
    yield "percent-encoded", b"".join(b"%%%02X" % c for c in word)
    yield "percent-encoded", b"".join(b"%%%02x" % c for c in word)
    yield "in UTF-16", word.decode("latin-1").encode("utf-16-le")
    for text in in_base64(word):
        yield "in base64", text
    if len(word) >= 6:
        yield "in hex", binascii.hexlify(word)
    for raw in as_bytes(word):
        yield "in bytes", raw


def is_word_in(text, small):
    """Case ignored; in the midst of a longer word it is another word."""
    text = text.lower()
    return text in small and re.search(
        rb"(?<![0-9a-z])" + re.escape(text) + rb"(?![0-9a-z])", small)


def found(words, data):
    """Where a word is left: of each, the word and the way."""
    left = []
    small = data.lower()
    for word in words:
        for way, text in ways(word):
            if way != "raw" and text in data or way == "raw" and is_word_in(text, small):
                left.append(f"{word.decode('latin-1')} {way}")
    return left
