# SPDX-License-Identifier: GPL-2.0-or-later
"""freeDiameter as a Diameter agent between the CSCFs and the HSS, and what
carries Diameter over SCTP."""

import pathlib
import subprocess

import plan

from .processes import Impossible

_CONFIGURATION = """\
Identity = "{dra}";
Realm = "{realm}";
Port = {port};
SecPort = 0;
No_SCTP;
No_IPv6;
ListenOn = "{address}";
TcTimer = 6;
TwTimer = 30;
TLS_Cred = "{run}/dra.pem", "{run}/dra.key";
TLS_CA = "{run}/dra.pem";
LoadExtension = "acl_wl.fdx" : "{run}/dra.acl";
LoadExtension = "rt_default.fdx" : "{run}/dra.routes";
ConnectPeer = "{hss}" {{ ConnectTo = "{hss_address}"; No_TLS; }};
"""


def start_agent(core):
    """Between all of them: CSCFs are to be started with CX_PEER=dra."""
    run = core.run
    # It insists on a certificate, though no connection uses one.
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                    "-days", "2", "-subj", f"/CN={plan.host('dra')}",
                    "-keyout", str(run / "dra.key"),
                    "-out", str(run / "dra.pem")],
                   check=True, capture_output=True)
    (run / "dra.acl").write_text("".join(
        f"ALLOW_IPSEC {plan.host(n)}\n" for n in ("icscf", "scscf")))
    # All are of one realm: what names no host goes to the HSS.
    (run / "dra.routes").write_text(f'* : "{plan.host("hss")}" += 50 ;\n')
    (run / "dra.conf").write_text(_CONFIGURATION.format(
        dra=plan.host("dra"), realm=plan.REALM, port=plan.DIAMETER_PORT,
        address=plan.DRA, run=run, hss=plan.host("hss"),
        hss_address=plan.HSS))
    agent = core.start("dra", "dra", "freeDiameterd", "-c",
                       str(run / "dra.conf"))
    core.wait_for_cx(("dra",))
    return agent


def carry_over_sctp(core):
    """Between CSCFs and HSS: a pair of carriers for each. The HSS listens on
    the next port, and its name is the carrier's address on each node."""
    if pathlib.Path("/proc/net/sctp").exists():
        raise Impossible("the kernel has SCTP, and would answer what is "
                         "meant for usrsctp")
    port = str(plan.DIAMETER_PORT)
    carrier = str(core.programs / "carrier")
    core.start("hss", "carrier-hss", carrier, "down", plan.HSS, port,
               plan.HSS)
    for node in ("icscf", "scscf"):
        core.start(node, f"carrier-{node}", carrier, "up",
                   plan.NODES[node][plan.CORE], port, plan.HSS)
    core.names.rename(hss="127.0.0.1")
