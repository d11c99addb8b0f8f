# SPDX-License-Identifier: GPL-2.0-or-later
"""SIPp as UE: a scenario of its kind made from a list of steps, and run."""

import re
import shlex
from xml.sax.saxutils import quoteattr

import plan
from nodes.processes import Failed

_CONTACT = ('Contact: <sip:{user}@[local_ip]:[local_port];transport='
            '[transport]>;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.'
            'icsi.mmtel"')
_SDP = """v=0
o=- 1 {version} IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio 49152 RTP/AVP 8
a=rtpmap:8 PCMA/8000
a={direction}"""
AGREEMENT_HEADERS = """\
Require: sec-agree
Proxy-Require: sec-agree
Security-Verify: ipsec-3gpp;prot=esp;mod=trans;spi-c=4096;spi-s=4097;\
port-c=5100;port-s=6100;alg=hmac-sha-1-96;ealg=null"""


def _answer_to_challenge(who):
    return (f"[authentication username={who['impi']} "
            f"password={who['password']} aka_OP=0x{plan.sip_op()} "
            f"aka_K=0x{who['k']} aka_AMF=0x8000]")


class Steps:
    """The steps of one subscriber; each method adds some."""

    def __init__(self, who):
        self.who = who
        self.user = re.split("[:@]", who["impus"][0])[1]
        self.impu = who["impus"][0]
        self.contact = _CONTACT.format(user=self.user)
        self._cseq = 0
        self._xml = []

    def _send(self, text, retransmit=True):
        attributes = ' retrans="500"' if retransmit else ""
        self._xml.append(f"<send{attributes}><![CDATA[\n\n{text}\n\n]]>"
                         "</send>")
        return self

    def expect(self, status, **attributes):
        """One final response; 1xx before it may come."""
        if status >= 200:
            for provisional in (100, 180, 183):
                self._xml.append(f'<recv response="{provisional}" '
                                 'optional="true"/>')
        more = "".join(f" {k}={quoteattr(v)}" for k, v in attributes.items())
        self._xml.append(f'<recv response="{status}"{more}/>')
        return self

    def pause(self, seconds):
        self._xml.append(f'<pause milliseconds="{int(seconds * 1000)}"/>')
        return self

    def _register(self, expires, credentials):
        self._cseq += 1
        return self._send(f"""\
REGISTER sip:{plan.REALM} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
Max-Forwards: 70
From: <{self.impu}>;tag=[pid]SIPp[call_number]
To: <{self.impu}>
Call-ID: [call_id]
CSeq: {self._cseq} REGISTER
{self.contact};expires={expires}
Expires: {expires}
{credentials}
Supported: path
P-Access-Network-Info: 3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=0010100010000001
User-Agent: SIPp
Content-Length: 0""")

    def ask(self, status, expires=3600):
        """REGISTER without an answer to a challenge: what comes back."""
        self._register(expires, f'Authorization: Digest username='
                       f'"{self.who["impi"]}", realm="{plan.REALM}", nonce="",'
                       f' uri="sip:{plan.REALM}", response=""')
        return (self.expect(401, auth="true") if status == 401
                else self.expect(status))

    def answer(self, status, expires=3600):
        """REGISTER with one. A SIM takes its time, and Kamailio on a busy
        machine needs it: its 401 may leave before it has kept the vector."""
        self.pause(0.1)
        self._register(expires, _answer_to_challenge(self.who))
        return (self.expect(401, auth="true") if status == 401
                else self.expect(status))

    def register(self, expires=3600, status=200):
        """A round of both; what it sets off in the core gets time."""
        return self.ask(401, expires).answer(status, expires).pause(0.3)

    def _within(self, method, cseq, headers="", body="", first=False):
        to = plan.CONFERENCE
        lines = [
            f"{method} {to if first else '[next_url]'} SIP/2.0",
            "Via: SIP/2.0/[transport] [local_ip]:[local_port];"
            "branch=[branch];rport",
            "Max-Forwards: 70",
            *([] if first else ["[routes]"]),
            f"From: <{self.impu}>;tag=[pid]call[call_number]",
            f"To: <{to}>{'' if first else '[peer_tag_param]'}",
            "Call-ID: call///[call_id]",
            f"CSeq: {cseq} {method}",
            self.contact,
            *headers.splitlines(),
            "User-Agent: SIPp",
            *(["Content-Type: application/sdp"] if body else []),
            "Content-Length: [len]", "", *body.splitlines()]
        return self._send("\n".join(lines), retransmit=method != "ACK")

    def call(self, headers):
        """INVITE with these header fields, 200, ACK."""
        self._cseq = 1
        self._within("INVITE", 1, headers,
                     _SDP.format(version=1, direction="sendrecv"), first=True)
        self.expect(200, rrs="true")
        return self._within("ACK", 1)

    def hold(self, headers, status):
        """A re-INVITE."""
        self._cseq += 1
        self._within("INVITE", self._cseq, headers,
                     _SDP.format(version=2, direction="sendonly"))
        self.expect(status)
        return self._within("ACK", self._cseq)

    def hang_up(self, headers, status):
        self._cseq += 1
        self._within("BYE", self._cseq, headers)
        return self.expect(status)

    def xml(self):
        return ('<?xml version="1.0" encoding="ISO-8859-1" ?>\n'
                f'<scenario name="{self.user}">\n' + "\n".join(self._xml)
                + "\n</scenario>\n")


def run(core, steps, transport="u1", seconds=20):
    """Runs the steps; Failed with what SIPp says, if it went otherwise."""
    number = sum(1 for _ in core.run.glob("sipp-*.xml"))
    name = f"sipp-{number}-{steps.user}"
    path = core.run / f"{name}.xml"
    path.write_text(steps.xml())
    folder = core.run / "sipp"
    folder.mkdir(exist_ok=True)
    command = (f"sipp {plan.PCSCF_ACCESS}:5060 -sf {path} -m 1 -t {transport}"
               f" -i {plan.NODES['ue'][plan.ACCESS]} -p 5060 -nostdin"
               f" -cid_str {steps.user}-{number}-%u@%s"
               f" -timeout {seconds}s -timeout_error -trace_err"
               f" -error_file {folder / 'errors.log'} -trace_screen"
               f" -screen_file {folder / 'screen.log'}"
               " -default_behaviors -bye")
    process = core.start("ue", name, *shlex.split(command),
                         cwd=folder, environment={"TERM": "dumb"})
    status = process.wait(seconds + 5)
    if status != 0:
        errors = folder / "errors.log"
        raise Failed(f"SIPp ended with {status}: " +
                     (errors.read_text(errors="replace")[:3000]
                      if errors.exists() else process.text()[-1000:]))
