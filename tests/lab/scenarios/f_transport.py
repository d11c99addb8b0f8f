# SPDX-License-Identifier: GPL-2.0-or-later
"""Cx by other ways: through an agent, over SCTP."""

import plan
from nodes.agent import carry_over_sctp, start_agent
from nodes.processes import check
from ue.sipp import Steps, run as sipp

from . import registration as r, scenario

CAROL = plan.SUBSCRIBERS["carol"]
PLAYED = [r("carol"), r("zoe", outcome="rejected", cause="cx_user_unknown",
                        status=403)]


def play(core):
    """One that goes well, one that does not, and one ended by the HSS."""
    sipp(core, Steps(CAROL).register())
    sipp(core, Steps(plan.STRANGER).ask(403))
    check(core.order(do="terminate", impi=CAROL["impi"]) == 2001,
          "an RTA with 2001")


@scenario(PLAYED, errors=["cx_user_unknown"], may=["cx_peer_rejected"],
          short=True)
def dra(core):
    """A Diameter agent (freeDiameter) relays between the CSCFs and the HSS.
    It closes the connection where Kamailio's CER lacks Host-IP-Address, as a
    first one often does."""
    core.start_hss()
    start_agent(core)
    core.start_cscfs(CX_PEER=plan.host("dra"))
    core.wait_for_peers("scscf", plan.host("dra"))
    core.wait_for_peers("icscf", plan.host("dra"))
    play(core)


@scenario(PLAYED, errors=["cx_user_unknown"], short=True)
def sctp(core):
    """Cx over SCTP."""
    core.start_hss(port=plan.DIAMETER_PORT + 1)
    carry_over_sctp(core)
    core.start_cscfs()
    core.wait_for_cx()
    play(core)
