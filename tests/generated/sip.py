# SPDX-License-Identifier: GPL-2.0-or-later
"""SIP messages as a start line and a list of header fields, and the digests
of RFC 2617 and RFC 3310."""

import base64
import hashlib


COMPACT = {"Via": "v", "From": "f", "To": "t", "Call-ID": "i",
           "Contact": "m", "Content-Length": "l", "Content-Type": "c",
           "Supported": "k", "Event": "o"}


class Message:
    def __init__(self, start, headers=(), body=b""):
        self.start = start
        self.headers = list(headers)
        self.body = body

    def copy(self):
        return Message(self.start, self.headers, self.body)

    def get(self, name):
        return next((v for n, v in self.headers if n == name), None)

    def all(self, name):
        return [v for n, v in self.headers if n == name]

    def set(self, name, value):
        """In the place of the first one, else at the end."""
        for i, (n, _) in enumerate(self.headers):
            if n == name:
                self.headers[i] = (name, value)
                return
        self.headers.append((name, value))

    def add(self, name, value):
        self.headers.append((name, value))

    def push(self, name, value):
        """On top of its kind."""
        at = next((i for i, (n, _) in enumerate(self.headers) if n == name),
                  len(self.headers))
        self.headers.insert(at, (name, value))

    def pop(self, name):
        """Takes the topmost one of its kind."""
        at = next(i for i, (n, _) in enumerate(self.headers) if n == name)
        return self.headers.pop(at)[1]

    def remove(self, name):
        self.headers = [(n, v) for n, v in self.headers if n != name]

    @property
    def method(self):
        return self.start.split(" ", 1)[0]

    def bytes(self, style="plain"):
        """STYLE: plain; compact, with the short names and Vias in one line;
        odd, with white space and case as RFC 3261 7.3.1 allows them."""
        fields = [(n, v) for n, v in self.headers if n != "Content-Length"]
        fields.append(("Content-Length", str(len(self.body))))
        if style == "compact":
            vias = ",".join(v for n, v in fields if n == "Via")
            fields = [("Via", vias)] + [f for f in fields if f[0] != "Via"]
            fields = [(COMPACT.get(n, n), v) for n, v in fields]
        if style == "odd":
            fields = [(n.upper() if i % 2 else n.lower() + " ",
                       " " + v.replace("; ", ";\r\n  "))
                      for i, (n, v) in enumerate(fields)]
        lines = [self.start] + [f"{n}: {v}" for n, v in fields]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


def response(request, status, reason, headers=(), to_tag=None, body=b""):
    """What RFC 3261 8.2.6.2 takes from the request, then HEADERS."""
    answer = Message(f"SIP/2.0 {status} {reason}")
    answer.headers = [("Via", v) for v in request.all("Via")]
    to = request.get("To")
    if to_tag and ";tag=" not in to:
        to += f";tag={to_tag}"
    answer.headers += [("From", request.get("From")), ("To", to),
                       ("Call-ID", request.get("Call-ID")),
                       ("CSeq", request.get("CSeq"))]
    answer.headers += headers
    answer.body = body
    return answer


def md5(data):
    return hashlib.md5(data).hexdigest()


def secret_hash(username, realm, password):
    """H(A1); the password of AKA is RES as it is (RFC 3310 3.3)."""
    return md5(f"{username}:{realm}:".encode() + password)


def digest(ha1, method, uri, nonce, qop=None, nc="00000001", cnonce="",
           body=b""):
    """The response of RFC 2617 3.2.2.1."""
    a2 = f"{method}:{uri}"
    if qop == "auth-int":
        a2 += f":{md5(body)}"
    middle = f":{nc}:{cnonce}:{qop}" if qop else ""
    return md5(f"{ha1}:{nonce}{middle}:{md5(a2.encode())}".encode())


def nonce_of(rand, autn):
    return base64.b64encode(rand + autn).decode()
