# SPDX-License-Identifier: GPL-2.0-or-later
"""A subscriber and the steps of a registration, as the specifications have
them (TS 24.229, TS 29.228, TS 33.203). A story has a clock of its own: each
step says something and moves the clock on."""

import dataclasses
import random

import cx
import sip
from truth import Attempt, Truth
from world import Path

T1, T2, TIMER_F = 0.5, 4.0, 32.0
ALLOW = "INVITE, ACK, CANCEL, BYE, UPDATE, PRACK, MESSAGE, NOTIFY, OPTIONS"
OK, FIRST, SUBSEQUENT = cx.result(2001), 2001, 2002


@dataclasses.dataclass
class Vector:
    rand: bytes
    autn: bytes
    xres: bytes
    ck: bytes
    ik: bytes


@dataclasses.dataclass
class Agreement:
    """The parameters that each side names are those on which it receives."""
    client: dict
    server: dict
    ik: bytes = b""

    @staticmethod
    def text(values, extra=""):
        return (f"ipsec-3gpp;{extra}alg={values['alg']};ealg=null;mod=trans;"
                f"port-c={values['port-c']};port-s={values['port-s']};"
                f"prot=esp;spi-c={values['spi-c']};spi-s={values['spi-s']}")


class Leg:
    """A request on its way over one hop, repeated until it is answered
    (RFC 3261 17.1.2.2)."""

    def __init__(self, story, hop, path, message):
        self.story, self.hop, self.path, self.message = (story, hop, path,
                                                         message)
        self.begun = story.t
        self.interval = T1
        self.retry_at = story.t + T1
        self.provisional = None
        self.is_open = path.transport == "udp"
        self.events = []
        self.say()

    def say(self, time=None):
        event = self.story.say(self.hop, self.path, self.message, time)
        self.events.append(event)
        return event

    def retry(self):
        if self.retry_at > self.begun + TIMER_F:
            self.is_open = False
            return
        self.say(self.retry_at)
        if self.provisional:
            self.story.say(self.hop, self.back_path(), self.provisional,
                           self.retry_at + 0.0006)
        is_invite = self.message.method == "INVITE"
        self.interval = (T2 if self.provisional and not is_invite
                         else min(2 * self.interval, 64 if is_invite else T2))
        self.retry_at += self.interval

    def back_path(self):
        return self.story.back_path(self)


class Story:
    def __init__(self, world, number, name, start):
        self.world, self.t = world, start
        self.rng = random.Random(f"{world.rng.random()} {number}")
        self.number = number
        self.legs = []
        user = f"0010100000{number:05d}"
        self.impi = f"{user}@{world.domain}"
        self.impu = f"sip:{self.impi}"
        phone = f"+1555{number:07d}"
        self.impus = [self.impu, f"sip:{phone}@{world.domain}",
                      f"tel:{phone}"]
        self.user = user
        self.address = world.ue_address(number)
        self.port = self.rng.choice((5060, 5060, 5062, 40000 + number))
        self.password = self.rng.randbytes(8).hex()
        self.truth = Truth(name, self.impi)
        self.scheme = self.rng.choice(("aka", "md5"))
        if world.shape.rfc4740:
            self.scheme = "md5"
        self.qop = self.rng.choice((None, "auth", "auth-int"))
        self.says_who = True     # Authorization in the first REGISTER
        self.security = None     # or esp, clear
        self.agreement = None    # the one in force
        self.offer = None        # the one being made
        self.use_sa = False
        self.dead_scscf = False
        self.only_first = False  # fragment of its datagrams that arrives
        self.scscf_known = False
        self.visited = world.domain
        self.vector = None
        self.nonce = ""
        self.answers = 0
        self.contact_extra = ";+g.3gpp.smsip;audio"
        self.service_route = None
        self.new_call()

    # -- words

    def token(self, n=8):
        return self.rng.randbytes(n).hex()

    def host(self, address):
        return f"[{address}]" if ":" in address else address

    def new_call(self, kind="initial"):
        self.call_id = self.token() + self.rng.choice(
            ("", f"@{self.host(self.address)}"))
        self.from_tag = self.token(4)
        self.cseq = self.rng.choice((0, self.rng.randrange(1, 60000)))
        self.agreement = self.offer = None
        self.use_sa = False
        self.begin(kind)

    def begin(self, kind):
        """A new registration, maybe under the same Call-ID."""
        self.attempt = Attempt(self.call_id, self.impi, kind)
        self.truth.call_ids.add(self.call_id)

    def happened(self):
        """Counts the attempt among those of the story, once it began."""
        if self.attempt not in self.truth.attempts:
            self.truth.attempts.append(self.attempt)

    def expect(self, outcome, cause=None, **views):
        self.attempt.expect(outcome, cause, **views)

    # -- time

    def wait(self, seconds):
        """Meanwhile what is not answered is said again."""
        end = self.t + seconds
        while True:
            due = [l for l in self.legs if l.is_open and l.retry_at <= end]
            if not due:
                break
            min(due, key=lambda l: l.retry_at).retry()
        self.t = end

    def hop(self):
        self.wait(self.rng.uniform(0.0003, 0.002))

    def think(self, low=0.005, high=0.06):
        self.wait(self.rng.uniform(low, high))

    # -- the wire

    def say(self, hop, path, message, time=None):
        leg = "gm" if "ue" in hop else "core"
        event = self.world.sip(self.t if time is None else time, leg, path,
                               message, self)
        event.only_first = self.only_first
        self.attempt.events.append(event)
        return event

    def path(self, a, b):
        if "ue" in (a, b):
            return self._gm_path(a == "ue")
        x, y = self.world.nodes[a], self.world.nodes[b]
        ends = (x.address, x.port), (y.address, y.port)
        if self.dead_scscf:
            return Path((ends[0], (self.world.nodes["dead"].address, 6060)))
        if self.world.shape.core == "udp":
            return Path(ends)
        port = 30000 + sum(map(ord, x.role + y.role)) % 9999
        ends = (x.address, port), ends[1]
        connection = self.world.connection(("sip", x.role, y.role), "core",
                                           ends)
        return Path(ends, "tcp", connection, 0)

    def _gm_path(self, up):
        pcscf = self.world.nodes["pcscf_gm"]
        ends = (self.address, self.port), (pcscf.address, pcscf.port)
        if self.use_sa:
            return self._protected_path(up, pcscf)
        if self.world.shape.gm == "tcp":
            connection = self.world.connection(("gm", self.number), "gm",
                                               ends)
            path = Path(ends, "tcp", connection, 0)
        else:
            path = Path(ends)
        return path if up else path.reverse()

    def _sa(self, spi):
        if self.security != "esp":
            return None
        return int(spi), (self.use_sa.ik)

    def _protected_path(self, up, pcscf):
        ue, p = self.use_sa.client, self.use_sa.server
        if up:
            return Path(((self.address, ue["port-c"]),
                         (pcscf.address, p["port-s"])), sa=self._sa(
                             p["spi-s"]))
        return Path(((pcscf.address, p["port-c"]),
                     (self.address, ue["port-s"])), sa=self._sa(ue["spi-s"]))

    def back_path(self, leg):
        """For a response: on Gm in ESP its own pair, or the other one."""
        if not ("ue" in leg.hop and self.use_sa):
            return leg.path.reverse()
        ue, p = self.use_sa.client, self.use_sa.server
        if leg.hop[0] == "pcscf":
            return leg.path.reverse(self._sa(p["spi-c"]))
        if leg.path.ends[1][1] != p["port-s"]:
            return leg.path.reverse()
        if self.rng.random() < 0.5:
            return self._protected_path(False, self.world.nodes["pcscf_gm"])
        return leg.path.reverse(self._sa(ue["spi-c"]))

    def send(self, hop, message):
        leg = Leg(self, hop, self.path(*hop), message)
        self.legs.append(leg)
        return leg

    def trying(self, leg, force=False):
        if not (self.world.shape.trying or force):
            return
        leg.provisional = sip.response(leg.message, 100, "Trying")
        self.say(leg.hop, leg.back_path(), leg.provisional)
        self.wait(0.0003)

    def via(self, name):
        if name == "ue":
            address, port = self.address, (
                self.use_sa.client["port-s"] if self.use_sa else self.port)
            transport = self.world.shape.gm
            if self.use_sa:
                transport = "udp"
        else:
            node = self.world.nodes[name]
            address, port = node.address, node.port
            transport = self.world.shape.core
        return (f"SIP/2.0/{transport.upper()} {self.host(address)}:{port};"
                f"branch=z9hG4bK{self.token(6)}")

    def via_down(self):
        """The P-CSCF's towards the UE."""
        node = self.world.nodes["pcscf_gm"]
        port = self.use_sa.server["port-c"] if self.use_sa else node.port
        transport = "udp" if self.use_sa else self.world.shape.gm
        return (f"SIP/2.0/{transport.upper()} {self.host(node.address)}:"
                f"{port};branch=z9hG4bK{self.token(6)}")

    def relay(self, names, message, change=None, trying=True):
        """Sends MESSAGE from the first of NAMES through the others; CHANGE
        gives, by name, what that proxy does to it. Gives the legs."""
        legs = []
        for hop in zip(names, names[1:]):
            if legs:
                message = self.forwarded(message, hop)
                (change or {}).get(hop[0], lambda m: None)(message)
            legs.append(self.send(hop, message))
            self.hop()
            if trying:
                self.trying(legs[-1], message.method == "INVITE")
        return legs

    def forwarded(self, message, hop):
        message = message.copy()
        down = hop == ("pcscf", "ue")
        message.push("Via", self.via_down() if down else self.via(hop[0]))
        message.set("Max-Forwards",
                    str(int(message.get("Max-Forwards")) - 1))
        return message

    def back(self, legs, status, reason, headers=(), **more):
        """The response from the last of LEGS to the first; CHANGE gives,
        by the hop, what the proxy does to it. Gives the events."""
        tag = more.get("tag") or self.token(4)
        body = more.get("body", b"")
        events = []
        for leg in reversed(legs):
            answer = sip.response(leg.message, status, reason, headers, tag,
                                  body)
            more.get("change", {}).get(leg.hop, lambda m: None)(answer)
            events.append(self.say(leg.hop, leg.back_path(), answer))
            if status >= 200:
                leg.is_open = False
            if status >= 300 and leg.message.method == "INVITE":
                self.acknowledge(leg, answer)
            self.hop()
        return events

    def acknowledge(self, leg, answer):
        ack = sip.Message(leg.message.start.replace("INVITE", "ACK", 1))
        ack.headers = [("Via", leg.message.get("Via")),
                       ("Max-Forwards", "70"),
                       ("From", answer.get("From")), ("To", answer.get("To")),
                       ("Call-ID", answer.get("Call-ID")),
                       ("CSeq", answer.get("CSeq").replace("INVITE", "ACK"))]
        self.say(leg.hop, leg.path, ack, self.t + 0.0003)

    # -- REGISTER

    def make_offer(self):
        self.offer = Agreement(
            {"alg": "hmac-sha-1-96", "port-c": self.rng.randrange(50000,
                                                                  55000),
             "port-s": self.rng.randrange(56000, 60000),
             "spi-c": self.rng.randrange(1 << 16, 1 << 31),
             "spi-s": self.rng.randrange(1 << 16, 1 << 31)},
            {"alg": "hmac-sha-1-96", "port-c": 5100, "port-s": 6100,
             "spi-c": self.rng.randrange(4096, 1 << 20),
             "spi-s": self.rng.randrange(1 << 20, 1 << 22)})

    def contact(self, expires=None):
        port = self.port
        current = self.use_sa or self.offer
        if current:
            port = current.client["port-s"]
        end = "" if expires is None else f";expires={expires}"
        return (f"<sip:{self.user}@{self.host(self.address)}:{port}>"
                f"{self.contact_extra}{end}")

    def register_message(self, expires, auth):
        domain = self.world.domain
        self.cseq += 1
        m = sip.Message(f"REGISTER sip:{domain} SIP/2.0")
        m.headers = [
            ("Via", self.via("ue")), ("Max-Forwards", "70"),
            ("From", f"<{self.impu}>;tag={self.from_tag}"),
            ("To", f"<{self.impu}>"), ("Call-ID", self.call_id),
            ("CSeq", f"{self.cseq} REGISTER"),
            ("Contact", self.contact(expires))]
        if auth:
            m.add("Authorization", auth)
        m.headers += [
            ("Expires", str(expires)), ("Supported", "path"),
            ("Allow", ALLOW),
            ("P-Access-Network-Info",
             "3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=0010100010000001"),
            ("User-Agent", "LabPhone/2.1")]
        if self.security:
            self._add_security(m)
        return m

    def _add_security(self, m):
        if not self.offer:
            self.make_offer()
        m.add("Require", "sec-agree")
        m.add("Proxy-Require", "sec-agree")
        m.add("Security-Client", Agreement.text(self.offer.client))
        if self.use_sa:
            m.add("Security-Verify", self.verify_text())

    def verify_text(self):
        return Agreement.text(self.use_sa.server, "q=0.1;")

    def authorization(self, nonce="", response="", extra=""):
        algorithm = "AKAv1-MD5" if self.scheme == "aka" else "MD5"
        domain = self.world.domain
        return (f'Digest username="{self.impi}", realm="{domain}", '
                f'nonce="{nonce}", uri="sip:{domain}", '
                f'response="{response}", algorithm={algorithm}{extra}')

    def password_hash(self, password=None):
        if password is None:
            password = (self.vector.xres if self.scheme == "aka"
                        else self.password.encode())
        return sip.secret_hash(self.impi, self.world.domain, password)

    def credentials(self, password=None, auts=None):
        """The answer to the last challenge; with AUTS, that the sequence
        number is out of range (RFC 3310 3.4)."""
        self.answers += 1
        nc, cnonce = f"{self.answers:08x}", self.token(4)
        if auts:
            password = b""
        response = sip.digest(self.password_hash(password), "REGISTER",
                              f"sip:{self.world.domain}", self.nonce,
                              self.qop, nc, cnonce)
        extra = (f', qop={self.qop}, nc={nc}, cnonce="{cnonce}"'
                 if self.qop else "")
        if auts:
            extra += f', auts="{auts}"'
        return self.authorization(self.nonce, response, extra)

    def at_pcscf(self, message):
        for name in ("Require", "Proxy-Require", "Security-Client",
                     "Security-Verify"):
            message.remove(name)
        message.set("Path", f"<sip:term@pcscf.{self.world.domain};lr>")
        message.set("Require", "path")
        message.set("P-Visited-Network-ID", self.visited)
        message.set("P-Charging-Vector",
                    f"icid-value={self.token(6)};"
                    f"icid-generated-at={self.world.nodes['pcscf'].address}")
        auth = message.get("Authorization")
        if auth and self.security:
            message.set("Authorization", auth + ', integrity-protected="'
                        + ("yes" if self.use_sa else "no") + '"')

    def at_icscf(self, message):
        message.start = f"REGISTER {self.scscf_uri()} SIP/2.0"

    def scscf_uri(self):
        return f"sip:scscf.{self.world.domain}:6060"

    def start_register(self, auth=None, expires=3600):
        """The REGISTER from the UE to the P-CSCF; gives its legs so far."""
        if auth is None and self.says_who and self.nonce == "":
            auth = self.authorization()
        self.happened()
        message = self.register_message(expires, auth)
        return self.relay(["ue", "pcscf"], message)

    def start_register_unheard(self, auth=None, expires=3600):
        """The same, and nobody is there."""
        self.happened()
        auth = auth or self.authorization()
        return [self.send(("ue", "pcscf"),
                          self.register_message(expires, auth))]

    def on(self, legs, a, b, change=None):
        """The REGISTER goes on from the node it has reached."""
        self.on_unheard(legs, a, b, change)
        self.hop()
        self.trying(legs[-1])

    def on_unheard(self, legs, a, b, change=None):
        message = self.forwarded(legs[-1].message, (a, b))
        if a == "pcscf":
            self.at_pcscf(message)
        else:
            self.at_icscf(message)
        if change:
            change(message)
        legs.append(self.send((a, b), message))

    @property
    def is_combined(self):
        return self.world.shape.nodes == "combined"

    def up(self, auth=None, expires=3600, kind=0, uar=True):
        """All the way to the S-CSCF, with the UAR in between."""
        legs = self.start_register(auth, expires)
        self.on(legs, "pcscf", "icscf")
        if uar and (self.world.shape.uar_each or auth is None
                    or not self.nonce):
            self.uar(kind=kind)
        if not self.is_combined:
            self.on(legs, "icscf", "scscf")
        return legs

    def down(self, legs, status, reason, headers=(), **more):
        """The answer of the last node reached; the P-CSCF takes the keys
        out and adds its Security-Server."""
        gm = ("ue", "pcscf")
        change = more.setdefault("change", {})
        if gm not in change:
            change[gm] = (self.challenge_to_ue if status == 401
                          else lambda m: m.remove("Path"))
        events = self.back(legs, status, reason, headers, **more)
        for leg in legs:
            if leg.hop == gm:
                self.attempt.status["gm"] = status
            elif leg.hop == ("pcscf", "icscf"):
                self.attempt.status["core"] = status
        return events

    def challenge_to_ue(self, message):
        value = message.get("WWW-Authenticate")
        message.set("WWW-Authenticate", value.split(", ck=")[0])
        if self.offer:
            message.add("Security-Server",
                        Agreement.text(self.offer.server, "q=0.1;"))

    # -- Cx

    def cx(self, command, asker, avps, answer, **how):
        how["story"] = self
        self.truth.exchanges.append((command, self))
        request, reply, time = self.world.exchange(
            self.t, asker, command, avps, answer, **how)
        self.attempt.events += [e for e in (request, reply) if e]
        if how.get("wait", True):
            self.wait(time - self.t)
            self.hop()
        return [e for e in (request, reply) if e]

    def server_name(self):
        return cx.tgpp(602, self.scscf_uri())

    def uar(self, answer="good", kind=0, visited=True, **how):
        avps = [cx.avp(1, self.impi), cx.tgpp(601, self.impu)]
        if visited:
            avps.append(cx.tgpp(600, self.visited))
        avps.append(cx.tgpp(623, kind))
        if answer == "good":
            answer = self.uaa(kind)
        return self.cx("UA", "icscf", avps, answer, **how)

    def uaa(self, kind):
        if kind == 1:
            return [OK, self.server_name()]
        if self.scscf_known:
            return [cx.experimental(SUBSEQUENT), self.server_name()]
        return [cx.experimental(FIRST), cx.tgpp(
            603, [cx.tgpp(604, 1), cx.tgpp(605, 2)])]

    def new_vector(self):
        r = self.rng.randbytes
        self.vector = Vector(r(16), r(16), r(8), r(16), r(16))

    def mar(self, answer="good", auts=None, **how):
        """With AUTS: the bytes for SIP-Authorization."""
        asked = "Digest-AKAv1-MD5" if self.scheme == "aka" else "SIP Digest"
        item = [cx.tgpp(608, asked)]
        if auts:
            item.append(cx.tgpp(610, auts))
        avps = [cx.avp(1, self.impi), cx.tgpp(601, self.impu),
                cx.tgpp(607, 1), cx.tgpp(612, item), self.server_name()]
        if answer == "good":
            answer = self.maa()
        self.scscf_known = True
        return self.cx("MA", "scscf", avps, answer, **how)

    def maa(self):
        if self.scheme == "aka":
            self.new_vector()
            self.nonce = sip.nonce_of(self.vector.rand, self.vector.autn)
            item = cx.aka_item(self.vector)
        else:
            self.nonce = self.token(16)
            item = cx.digest_item(self.world.domain, self.password_hash(),
                                  self.qop)
        if self.world.shape.rfc4740:
            item = cx.sip_digest_item(self.world.domain, self.nonce,
                                      self.password_hash(), self.qop)
        self.answers = 0
        return [OK, cx.avp(1, self.impi), cx.tgpp(601, self.impu),
                cx.tgpp(607, 1), item]

    def sar(self, answer="good", kind=1, **how):
        avps = [cx.avp(1, self.impi), cx.tgpp(601, self.impu),
                self.server_name(), cx.tgpp(614, kind),
                cx.tgpp(624, 0 if kind == 1 else 1)]
        if answer == "good":
            answer = [OK, cx.avp(1, self.impi)]
            if kind == 1:
                answer.append(cx.tgpp(606, self.profile()))
        return self.cx("SA", "scscf", avps, answer, **how)

    def profile(self):
        return cx.profile(self.impi, self.impus, [
            ("REGISTER", f"sip:as.{self.world.domain}:5060"),
            ("INVITE", f"sip:mrf.{self.world.domain}:5060")])

    # -- whole passages

    def challenge_value(self, extra=""):
        algorithm = "AKAv1-MD5" if self.scheme == "aka" else "MD5"
        value = (f'Digest realm="{self.world.domain}", '
                 f'nonce="{self.nonce}", algorithm={algorithm}')
        if self.qop:
            value += f', qop="{self.qop}"'
        value += extra
        if self.scheme == "aka":
            value += (f', ck="{self.vector.ck.hex()}", '
                      f'ik="{self.vector.ik.hex()}"')
        return value

    def challenge(self, legs, extra="", **more):
        return self.down(legs, 401, "Unauthorized",
                         [("WWW-Authenticate", self.challenge_value(extra))],
                         **more)

    def take_sa(self):
        """The UE has its keys: from now on it uses the new pair of SAs."""
        if self.offer:
            self.offer.ik = self.vector.ik
            self.use_sa = self.offer

    def challenged(self, **up):
        """As far as the 401 at the UE, and the UE's thinking."""
        legs = self.up(**up)
        self.mar()
        events = self.challenge(legs)
        self.think()
        self.take_sa()
        return events

    def accept(self, legs, expires=3600):
        domain = self.world.domain
        headers = [("Path", f"<sip:term@pcscf.{domain};lr>"),
                   ("Contact", self.contact(expires))]
        if expires:
            headers += [
                ("Service-Route",
                 f"<sip:orig@scscf.{domain}:6060;lr>"),
                ("P-Associated-URI",
                 ", ".join(f"<{uri}>" for uri in self.impus))]
            self.expect("registered")
        else:
            self.expect("deregistered")
        return self.down(legs, 200, "OK", headers)

    def register(self, expires=3600, kind=1, third_party=True):
        """The second half of a registration, after challenged()."""
        legs = self.up(self.credentials(), expires)
        self.sar(kind=kind)
        events = self.accept(legs, expires)
        if third_party:
            self.third_party(expires)
        return events

    def registered(self):
        """A registration as it should be."""
        self.challenged()
        events = self.register()
        self.think()
        self.subscribe()
        return events

    # -- what follows

    def third_party(self, expires=3600, status=200, reason="OK"):
        """STATUS None: the AS is silent."""
        mine, domain = self.attempt, self.world.domain
        host = self.host(self.world.nodes["scscf"].address)
        call = f"{self.token(6)}@{host}"
        self.attempt = Attempt(call, [None, self.impi], "third-party")
        self.truth.call_ids.add(call)
        self.happened()
        m = sip.Message(f"REGISTER sip:as.{domain}:5060 SIP/2.0")
        m.headers = [
            ("Via", self.via("scscf")), ("Max-Forwards", "70"),
            ("From", f"<{self.scscf_uri()}>;tag={self.token(4)}"),
            ("To", f"<{self.impu}>"), ("Call-ID", call),
            ("CSeq", "10 REGISTER"), ("Contact", f"<{self.scscf_uri()}>"),
            ("Expires", str(expires)), ("P-Visited-Network-ID", domain)]
        legs = self.relay(["scscf", "as"], m, trying=False)
        events = legs[-1].events
        if status is None:
            self.wait(TIMER_F)
            self.expect("unanswered", "third_party_register_failed")
        else:
            events = events + self.back(legs, status, reason, [
                ("Contact", f"<{self.scscf_uri()}>;expires={expires}")]
                if status < 300 else [])
            self.attempt.status["core"] = status
            self.expect(*(("registered" if expires else "deregistered", None)
                          if status < 300 else
                          ("rejected", "third_party_register_failed")))
        self.attempt = mine
        return events

    def request(self, method, uri, call, cseq, to=None, extra=()):
        """A request of the UE after its registration."""
        m = sip.Message(f"{method} {uri} SIP/2.0")
        m.headers = [
            ("Via", self.via("ue")), ("Max-Forwards", "70"),
            ("Route", f"<sip:orig@scscf.{self.world.domain}:6060;lr>"),
            ("From", f"<{self.impu}>;tag={self.from_tag}"),
            ("To", to or f"<{uri}>"), ("Call-ID", call),
            ("CSeq", f"{cseq} {method}"), ("Contact", self.contact())]
        m.headers += extra
        if self.use_sa:
            m.add("Require", "sec-agree")
            m.add("Proxy-Require", "sec-agree")
            m.add("Security-Verify", self.verify_text())
        self.truth.call_ids.add(call)
        return m

    def strip(self, message):
        message.headers = [(n, v) for n, v in message.headers
                           if v != "sec-agree" and n != "Security-Verify"]

    def subscribe(self):
        self.event_call, self.event_tag = self.token(), self.token(4)
        m = self.request("SUBSCRIBE", self.impu, self.event_call, 1,
                         extra=[("Event", "reg"), ("Expires", "600000")])
        legs = self.relay(["ue", "pcscf", "scscf"], m,
                          {"pcscf": self.strip}, trying=False)
        self.back(legs, 200, "OK", [("Contact", f"<{self.scscf_uri()}>"),
                                    ("Expires", "600000")])
        self.think()
        return self.notify("active", 0)

    def notify(self, state, version):
        uri = self.contact().split(">")[0].strip("<")
        body = (f'<?xml version="1.0"?><reginfo xmlns="urn:ietf:params:xml:'
                f'ns:reginfo" version="{version}" state="full">'
                + "".join(
                    f'<registration aor="{aor}" id="a{i}" state="{state}">'
                    f'<contact id="c{i}" state="{state}" event="'
                    + ("registered" if state == "active" else "deactivated")
                    + f'"><uri>{uri}</uri></contact></registration>'
                    for i, aor in enumerate(self.impus))
                + "</reginfo>").encode()
        m = sip.Message(f"NOTIFY {uri} SIP/2.0")
        alive = "active;expires=600000" if state == "active" else "terminated"
        m.headers = [
            ("Via", self.via("scscf")), ("Max-Forwards", "70"),
            ("Route", f"<sip:term@pcscf.{self.world.domain};lr>"),
            ("From", f"<{self.impu}>;tag={self.event_tag}"),
            ("To", f"<{self.impu}>;tag={self.from_tag}"),
            ("Call-ID", self.event_call), ("CSeq", f"{version + 1} NOTIFY"),
            ("Contact", f"<{self.scscf_uri()}>"), ("Event", "reg"),
            ("Subscription-State", alive),
            ("Content-Type", "application/reginfo+xml")]
        m.body = body
        legs = self.relay(["scscf", "pcscf", "ue"], m, trying=False)
        self.back(legs, 200, "OK")
        return legs

    def in_call(self, method, cseq, extra=(), change=None, **answer):
        """A request of the call to the MRF and its final response."""
        m = self.request(method, f"sip:conf@mrf.{self.world.domain}",
                         self.call, cseq, self.call_to, extra)
        legs = self.relay(["ue", "pcscf", "scscf", "mrf"], m,
                          {"pcscf": change or self.strip},
                          trying=method == "INVITE")
        if method == "INVITE" and cseq == 1 and "status" not in answer:
            self.back(legs, 180, "Ringing", tag=self.call_tag)
            self.think(0.5, 2)
        events = self.back(
            legs, answer.get("status", 200), answer.get("reason", "OK"),
            answer.get("headers", [
                ("Contact", f"<sip:conf@mrf.{self.world.domain}>")]
                if method == "INVITE" else []), tag=self.call_tag)
        return [e for l in legs for e in l.events] + events

    def ack_call(self, cseq):
        m = self.request("ACK", f"sip:conf@mrf.{self.world.domain}",
                         self.call, cseq, self.call_to)
        m.remove("Contact")
        for leg in self.relay(["ue", "pcscf", "scscf", "mrf"], m,
                              {"pcscf": self.strip}, trying=False):
            leg.is_open = False

    def call_begins(self):
        self.call = self.token()
        self.call_tag = self.token(4)
        self.call_to = None
        events = self.in_call("INVITE", 1)
        self.call_to = (f"<sip:conf@mrf.{self.world.domain}>;"
                        f"tag={self.call_tag}")
        self.ack_call(1)
        self.think(0.5, 1.5)
        return events
