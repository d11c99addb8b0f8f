# SPDX-License-Identifier: GPL-2.0-or-later
"""The HSS is away, silent, slow, or says no; and what it asks by itself."""

import plan
from nodes.processes import check
from ue.phone import Phone
from ue.sipp import Steps, run as sipp

from . import registration as r, scenario

BOB, CAROL = (plan.SUBSCRIBERS[n] for n in ("bob", "carol"))


def refused(who, cause, status):
    return r(who, outcome="rejected", cause=cause, status=status)


@scenario([refused("carol", "cx_peer_silent", 504)],
          errors=["cx_peer_silent"], short=True)
def hss_down(core):
    """There is no HSS: nobody listens at its address."""
    core.start_cscfs()
    sipp(core, Steps(CAROL).ask(504))


@scenario([refused("carol", "cx_peer_silent", 504)], errors=["cx_peer_silent"])
def hss_no_cea(core):
    """The HSS takes connections but never answers the CER."""
    core.start_hss()
    core.order(do="faults", faults={"CER": {"answer": "none"}})
    core.start_cscfs()
    sipp(core, Steps(CAROL).ask(504))


@scenario([refused("carol", "cx_unanswered", 504)],
          errors=["cx_unanswered"], short=True)
def uar_silent(core):
    """The HSS does not answer a UAR."""
    core.start_all()
    core.order(do="faults", faults={"UAR": {"answer": "none"}})
    sipp(core, Steps(CAROL).ask(504))


@scenario([refused("carol", "cx_unanswered", 504)], errors=["cx_unanswered"])
def mar_silent(core):
    """The HSS does not answer MARs."""
    core.start_all()
    core.order(do="faults", faults={"MAR": {"answer": "none"}})
    sipp(core, Steps(CAROL).ask(504))


@scenario([refused("carol", "cx_unanswered", 504)], errors=["cx_unanswered"])
def sar_silent(core):
    """The HSS does not answer SARs."""
    core.start_all()
    core.order(do="faults", faults={"SAR": {"answer": "none"}})
    sipp(core, Steps(CAROL).ask(401).answer(504))


@scenario([r("carol")], warnings=["cx_slow_answer"])
def hss_slow(core):
    """The HSS takes two seconds for a UAA and an MAA."""
    core.start_all()
    core.order(do="faults", faults={"UAR": {"delay": 2}, "MAR": {"delay": 2}})
    sipp(core, Steps(CAROL).register())


# What it is, what the UE gets, what the HSS is told.
UAA = [("cx_unable_to_comply", 500, {"result": 5012}),
       ("cx_authorization_rejected", 403, {"result": 5003}),
       ("cx_identity_not_registered", 403, {"experimental": 5003}),
       ("cx_roaming_not_allowed", 403, {"experimental": 5004}),
       ("cx_unable_to_deliver", 403, {"protocol": 3002}),
       ("cx_too_busy", 403, {"protocol": 3004})]
MAA = [("cx_auth_scheme_not_supported", 403, {"experimental": 5006}),
       ("cx_user_unknown", 403, {"experimental": 5001}),
       ("cx_unable_to_comply", 403, {"result": 5012}),
       ("cx_unable_to_deliver", 403, {"protocol": 3002})]
SAA = [("cx_unable_to_comply", 500, {"result": 5012}),
       ("cx_user_unknown", 500, {"experimental": 5001}),
       ("cx_wrong_assignment_type", 500, {"experimental": 5007}),
       ("cx_too_much_data", 500, {"experimental": 5008})]


def one_after_another(core, command, table):
    """Each fault once; the subscriber comes anew each time."""
    core.start_all()
    for _, status, fault in table:
        core.order(do="faults", faults={command: fault})
        steps = Steps(CAROL)
        if command == "SAR":
            steps.ask(401).answer(status)
        else:
            steps.ask(status)
        sipp(core, steps)


@scenario([refused("carol", cause, status) for cause, status, _ in UAA],
          errors=[cause for cause, _, _ in UAA])
def uaa_errors(core):
    """Six ways in which a UAA says no."""
    one_after_another(core, "UAR", UAA)


@scenario([refused("carol", cause, status) for cause, status, _ in MAA],
          errors=[cause for cause, _, _ in MAA])
def maa_errors(core):
    """Four ways in which an MAA says no."""
    one_after_another(core, "MAR", MAA)


@scenario([refused("carol", cause, status) for cause, status, _ in SAA],
          errors=[cause for cause, _, _ in SAA], short=True)
def saa_errors(core):
    """Four ways in which an SAA says no."""
    one_after_another(core, "SAR", SAA)


@scenario([refused("carol", "register_upstream_silent", 504)],
          errors=["register_upstream_silent"])
def scscf_down(core):
    """The S-CSCF that the HSS names does not run."""
    core.start_hss()
    core.start_cscfs(("pcscf", "icscf"))
    core.wait_for_cx(("icscf",))
    sipp(core, Steps(CAROL).ask(504))


@scenario([r("bob"), r("bob")], warnings=["cx_assignment_type_mismatch"],
          short=True)
def rtr(core):
    """The HSS ends a registration: the UE, which watches it, is told, and
    registers anew. Kamailio holds that to be a re-registration."""
    core.start_all()
    phone = Phone(core, BOB)
    check(phone.register() == 200, "200")
    check(phone.subscribe() == 200, "200 to SUBSCRIBE")
    phone.wait_for("NOTIFY")
    result = core.order(do="terminate", impi=BOB["impi"])
    check(result == 2001, "an RTA with 2001")
    phone.wait_for("NOTIFY")
    phone.begin_anew()
    check(phone.register() == 200, "200 once more")


@scenario([r("carol")], warnings=["cx_profile_pushed"])
def ppr(core):
    """The HSS sends a changed profile; Kamailio has nothing that takes it."""
    core.start_all()
    sipp(core, Steps(CAROL).register())
    result = core.order(do="push_profile", impi=CAROL["impi"])
    check(result is None, "no PPA")
