# SPDX-License-Identifier: GPL-2.0-or-later
"""Lives of subscribers: stories of tests/generated told in parts, with a mark
for all that is another's in another registration."""

import base64
import dataclasses
import pathlib
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent
                       / "generated"))

from marks import ADDRESS, NUMBER, USER, Marks  # noqa: E402
import faults  # noqa: E402
import sip  # noqa: E402
from story import Agreement, Story, Vector  # noqa: E402
from world import World  # noqa: E402

CONTACT_EXTRA = (';+sip.instance="<urn:gsma:imei:86728703-161146-0>"'
                 ';+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.'
                 'mmtel";+g.3gpp.smsip;audio')
AMR_WB, PCMA = 104, 8
OFFERED = {
    AMR_WB: ["a=rtpmap:104 AMR-WB/16000",
             "a=fmtp:104 octet-align=1;mode-change-capability=2;max-red=0"],
    PCMA: ["a=rtpmap:8 PCMA/8000"]}


class Numbers(random.Random):
    """World draws from 1 << 32 only to number its sessions."""
    marks = None

    def randrange(self, start, *more):
        if self.marks and start == 1 << 32:
            return self.marks.session()
        return super().randrange(start, *more)


class MarkedWorld(World):
    def __init__(self, seed, shape):
        super().__init__(seed, shape)
        self.marks = Marks(f"marks {seed}")
        self.rng = Numbers(f"numbers {seed}")
        self.rng.marks = self.marks

    def ue_address(self, number):
        return ADDRESS.decode()

    def identity(self):
        return self.marks.identity()


@dataclasses.dataclass
class Cut:
    """A part's end: how much there was then, and what was new."""
    name: str
    n_events: int
    words: list
    n_attempts: int
    media: tuple


class Life(Story):
    def __init__(self, world, name, has_agreement=False):
        self.marks = world.marks
        super().__init__(world, NUMBER, name, 0.0)
        self.has_agreement = has_agreement
        self.port = 5060
        if world.shape.gm == "tcp":
            self.port = self.marks.number(41000, 49000)
        self.contact_extra = CONTACT_EXTRA
        self.codec = self.rng.choice((AMR_WB, AMR_WB, PCMA))
        self.media = None
        self.cuts = []

    def new_call(self, kind="initial"):
        super().new_call(kind)
        self.cseq = 0

    def token(self, n=8):
        return self.marks.hex(2 * n)

    def part(self, name):
        """What was told since the last part is NAME."""
        self.wait(0.05)
        self.cuts.append(Cut(name, len(self.world.events), self.marks.new,
                             len(self.truth.attempts), self.media))
        self.marks.new, self.media = [], None

    # -- keys

    def new_vector(self):
        v = self.vector = Vector(*map(self.marks.bytes,
                                      (16, 16, 8, 16, 16)))
        for key in (v.ck, v.ik):
            self.marks.add(key.hex().encode(),
                           lambda values, _, k=key: values[k].hex().encode())
        self.marks.add(
            sip.nonce_of(v.rand, v.autn).encode(),
            lambda values, _: base64.b64encode(values[v.rand]
                                               + values[v.autn]))

    def password_hash(self, password=None):
        domain, secret = self.world.domain, password
        if secret is None and self.scheme == "aka":
            xres = self.vector.xres
        else:
            xres, secret = None, secret or self.password.encode()

        def make(values, _):
            impi = f"{values[USER].decode()}@{domain}"
            return sip.secret_hash(
                impi, domain, values[xres] if xres else secret).encode()
        return self.marks.hex(32, make)

    def credentials(self, password=None, auts=None):
        self.answers += 1
        nc, cnonce = f"{self.answers:08x}", self.token(4)
        nonce, qop, uri = self.nonce, self.qop, f"sip:{self.world.domain}"
        secret = self.password_hash(password)

        def make(values, _):
            say = [values[m.encode()].decode()
                   for m in (secret, nonce, cnonce)]
            return sip.digest(say[0], "REGISTER", uri, say[1], qop, nc,
                              say[2]).encode()
        response = self.marks.hex(32, make)
        extra = f', qop={qop}, nc={nc}, cnonce="{cnonce}"' if qop else ""
        return self.authorization(nonce, response, extra)

    def make_offer(self):
        spi = [self.marks.number(10**8, 10**9) for _ in range(4)]
        self.offer = Agreement(
            {"alg": "hmac-sha-1-96",
             "port-c": self.marks.number(50000, 55000),
             "port-s": self.marks.number(56000, 60000),
             "spi-c": spi[0], "spi-s": spi[1]},
            {"alg": "hmac-sha-1-96", "port-c": 5100, "port-s": 6100,
             "spi-c": spi[2], "spi-s": spi[3]})

    # -- calls

    def trying(self, leg, force=False):
        """An INVITE is not said again once there is a 100."""
        super().trying(leg, force)
        leg.is_open &= leg.message.method != "INVITE"

    def sdp(self, address, port):
        lines = ["v=0", f"o=- {self.marks.number(10**9, 10**10)} 1 IN IP4 "
                 f"{address}", "s=-", f"c=IN IP4 {address}", "b=AS:80",
                 "t=0 0", f"m=audio {port} RTP/AVP {self.codec} 101",
                 *OFFERED[self.codec], "a=rtpmap:101 telephone-event/8000",
                 "a=fmtp:101 0-15", "a=ptime:20", "a=maxptime:240",
                 "a=sendrecv"]
        return "".join(f"{line}\r\n" for line in lines).encode()

    def request(self, method, uri, call, cseq, to=None, extra=()):
        m = super().request(method, uri, call, cseq, to, extra)
        if method == "INVITE":
            if to is None:
                self.media = (self.marks.number(20000, 39998, 2),
                              self.marks.number(40000, 65000, 2), self.codec)
                self.ports = self.media[:2]
            m.headers += [
                ("Supported", "timer"), ("Session-Expires", "1800"),
                ("P-Preferred-Identity", f"<{self.impus[1]}>"),
                ("P-Access-Network-Info", "3GPP-E-UTRAN-FDD; "
                 "utran-cell-id-3gpp=0010100010000001"),
                ("Accept-Contact", '*;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-'
                 'service.ims.icsi.mmtel"'),
                ("User-Agent", "LabPhone/2.1"),
                ("Content-Type", "application/sdp")]
            m.body = self.sdp(self.address, self.ports[0])
        return m

    def back(self, legs, status, reason, headers=(), **more):
        if legs[0].message.method == "INVITE" and status == 200:
            mrf = self.world.nodes["mrf"].address
            more["body"] = self.sdp(mrf, self.ports[1])
            headers = [*headers, ("Content-Type", "application/sdp")]
        return super().back(legs, status, reason, headers, **more)


# -- the lives

def begin(s):
    if s.has_agreement:
        s.scheme, s.security = "aka", "clear"
    s.registered()
    s.part("register")


def refresh(s, times):
    for _ in range(times):
        faults.again(s, "refresh", 3600, 2)
        s.part("refresh")


def leave(s):
    faults.again(s, "deregistration", 0, 5)
    s.part("deregister")


def quiet(s):
    begin(s)
    refresh(s, 4)
    leave(s)


def comer(s):
    begin(s)


def faithful(s):
    begin(s)
    refresh(s, 12)
    leave(s)


def talker(s):
    begin(s)
    for _ in range(2):
        for _ in range(2):
            s.call_begins()
            s.part("call")
            s.in_call("BYE", 2)
            s.part("bye")
        refresh(s, 1)
    leave(s)


def peers(s):
    """Of nobody: the CSCFs with the HSS."""
    s.world.start_peers(0.1)
    s.part("capabilities")
    for asked in s.world.asked():
        s.world.watchdog(s.t, *asked)
        s.wait(0.2)
    s.part("watchdog")


def fault(name):
    def life(s):
        faults.STORIES[name][0](s)
        s.part(name)
    return life


LIVES = {"quiet": quiet, "comer": comer, "faithful": faithful,
         "talker": talker, "peers": peers} | {
    name: fault(name) for name in (
        "user_unknown", "maa_unknown_user", "wrong_response_aka",
        "wrong_response_digest", "register_420_sec_agree",
        "reinvite_420_sec_agree")}
UDP_ONLY = ("register_420_sec_agree", "reinvite_420_sec_agree")


