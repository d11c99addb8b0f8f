# SPDX-License-Identifier: GPL-2.0-or-later
"""SIP as our phone reads and writes it: header fields as they stand."""

import re


class Message:
    """`first` line, `headers` as (name, value) in order, `body`."""

    def __init__(self, first, headers, body=""):
        self.first = first
        self.headers = headers
        self.body = body

    @classmethod
    def parse(cls, data):
        head, _, body = data.decode(errors="replace").partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        headers = [tuple(s.strip() for s in line.split(":", 1))
                   for line in lines if ":" in line]
        return cls(first, headers, body)

    def pack(self):
        body = self.body.encode()
        lines = [self.first, *(f"{n}: {v}" for n, v in self.headers),
                 f"Content-Length: {len(body)}", "", ""]
        return "\r\n".join(lines).encode() + body

    def all(self, name):
        return [v for n, v in self.headers if n.lower() == name.lower()]

    def get(self, name):
        values = self.all(name)
        return values[0] if values else None

    @property
    def status(self):
        """None: a request."""
        match = re.match(r"SIP/2\.0 (\d{3})", self.first)
        return int(match[1]) if match else None

    @property
    def cseq(self):
        return self.get("CSeq")

    def parameters(self, name):
        """The name="value" of a challenge, or name=value of a mechanism."""
        text = self.get(name) or ""
        return {k: quoted or plain for k, quoted, plain in
                re.findall(r'([\w-]+)=(?:"([^"]*)"|([^\s,;]+))', text)}


def answer_to(request, status, phrase):
    keep = [(n, v) for n, v in request.headers if n.lower() in
            ("via", "from", "to", "call-id", "cseq", "record-route")]
    return Message(f"SIP/2.0 {status} {phrase}", keep)
