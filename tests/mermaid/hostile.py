# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures whose texts try to be more than text."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "generated"))
import wire  # noqa: E402

# Reason phrases, each as it is to be read.
REASONS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "&lt;b&gt; &amp; &#60;",
    "#59; #lt; #quot; # ; ;; #",
    "end",
    "end\\nend; participant x",
    "; Note over n0: forged",
    "wrap: nowrap: wrap",
    "style a:b#59; classDef c:d#35;",
    "style x: y; linkStyle STYLE: #1;",
    "%%{init: {\"theme\": \"dark\"}}%% %% comment",
    "--- title: x ---",
    "$$\\frac{1}{2}$$ `code` *b* _i_ ~~s~~ [l](javascript:alert(1))",
    "<br> <br/> <br />",
    "A->>B: x -->> --x -) ->",
    "loop alt else opt par rect rgb(1,2,3) activate n0",
    "ﬂ°°60¶ß ﬂ°lt¶ß straße 25 °C ¶",
    "登録できません 🙂 ñandú",
    "::icon(fa fa-x) @{ \"shape\": \"x\" } :::x",
    "click n0 href \"javascript:alert(1)\"",
    "=cmd|' /C calc'!A0",
    "+49 301, \"quoted\"",
    "(frame 99, 1.0 ms)",
    "\\x1b[2J {curly} | pipe ^ caret ~ tilde",
    "accTitle: x accDescr { y }",
    "x" * 199,
]


class Frame:
    """A packet as wire.pcap takes it."""

    def __init__(self, time_ns, data):
        self.time_ns = time_ns
        self.data = data
        self.length = len(data)


def messages(number, reason):
    """A REGISTER and its refusal, of a subscriber of its own."""
    name = f"user{number}"
    lines = (f"Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK{name}\r\n"
             f"From: <sip:{name}@ims.example>;tag=a\r\n"
             f"To: <sip:{name}@ims.example>{{tag}}\r\n"
             f"Call-ID: {name}\r\nCSeq: 1 REGISTER\r\n"
             "Content-Length: 0\r\n\r\n")
    request = ("REGISTER sip:ims.example SIP/2.0\r\nMax-Forwards: 70\r\n"
               f"Contact: <sip:{name}@10.0.0.1>\r\nExpires: 600\r\n"
               + lines.format(tag=""))
    response = f"SIP/2.0 403 {reason}\r\n" + lines.format(tag=";tag=b")
    return request.encode(), response.encode()


def capture(path, reasons):
    """A capture of one refused registration a reason."""
    frames = []
    ue, registrar = "10.0.0.1", "10.0.0.2"
    for number, reason in enumerate(reasons):
        request, response = messages(number, reason)
        for k, (src, dst, text) in enumerate(((ue, registrar, request),
                                              (registrar, ue, response))):
            payload = wire.udp(src, dst, (5060, 5060), text)
            packets = wire.ip_packets(src, dst, wire.UDP, payload,
                                      2 * number + k + 1)
            time = 1_700_000_000_000_000_000 + (2 * number + k) * 1_000_000
            frames += [Frame(time, wire.ethernet(src, dst, packet))
                       for packet in packets]
    path.write_bytes(wire.pcap(frames, wire.ETHERNET))
