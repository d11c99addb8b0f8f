# SPDX-License-Identifier: GPL-2.0-or-later
"""The security agreement of UE and P-CSCF (RFC 3329), and the call whose
re-INVITE fails by it."""

import re

import plan
from nodes.processes import check
from ue.phone import Phone

from . import registration as r, scenario

# True of each: where the kernel has no ESP, the protected ports are not.
IN_CLEAR = "sec_agree_unprotected"
BOB = plan.SUBSCRIBERS["bob"]


@scenario([r("bob"), r("bob", "refresh"),
           r("bob", "deregistration", "deregistered")],
          warnings=[IN_CLEAR], short=True)
def sec_agree(core):
    """A UE asks for a security agreement, gets one and keeps to it."""
    core.start_all()
    phone = Phone(core, BOB, has_agreement=True)
    check(phone.register() == 200, "200")
    check(phone.register() == 200, "200 to the refresh")
    check(phone.register(expires=0) == 200, "200 to the deregistration")


@scenario([r("bob")], errors=["sec_agree_verify_mismatch"],
          warnings=[IN_CLEAR])
def sec_agree_mismatch(core):
    """The UE returns another list than it was given, as it would find it if
    somebody between had weakened the first; the P-CSCF does not look."""
    core.start_all()
    phone = Phone(core, BOB, has_agreement=True, spoil_verify=lambda text:
                  re.sub("hmac-sha-1-96", "hmac-md5-96", text))
    check(phone.register() == 200, "200")


@scenario([r("bob")], warnings=[IN_CLEAR, "sec_agree_verify_missing"])
def sec_agree_missing(core):
    """The UE does not return the list at all, and nobody minds."""
    core.start_all()
    phone = Phone(core, BOB, has_agreement=True, spoil_verify=lambda _: None)
    check(phone.register() == 200, "200")


# RFC 3329 2.3.1: who gets another list than it sent says so.
CHECK = f"""
	if ($Rp == {plan.PROTECTED_SERVER_PORT}
			&& !($hdr(Security-Verify) =~ "alg=hmac-sha-1-96")) {{
		sl_send_reply("494", "Security Agreement Required");
		exit;
	}}"""


@scenario([r("bob", outcome="rejected", cause="sec_agree_verify_mismatch",
             status=494)],
          errors=["sec_agree_verify_mismatch", "sec_agree_required"],
          warnings=[IN_CLEAR], short=True)
def sec_agree_refused(core):
    """The UE returns another list than it was given, and the P-CSCF looks."""
    core.start_all(pcscf={"CHECK_AGREEMENT": CHECK})
    phone = Phone(core, BOB, has_agreement=True, spoil_verify=lambda text:
                  re.sub("hmac-sha-1-96", "hmac-md5-96", text))
    check(phone.register() == 494, "494")


@scenario([r("bob", outcome="rejected", cause="sip_420_sec_agree",
             status=420)], errors=["sip_420_sec_agree"])
def sec_agree_unknown(core):
    """A P-CSCF that knows of no security agreement refuses one that is asked
    for: it is Kamailio's own 420."""
    core.start_all(pcscf={"KNOWN_TAGS": "none"})
    check(Phone(core, BOB, has_agreement=True).ask().status == 420, "420")
