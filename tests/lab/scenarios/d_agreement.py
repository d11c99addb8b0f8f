# SPDX-License-Identifier: GPL-2.0-or-later
"""The security agreement of UE and P-CSCF (RFC 3329), and the call whose
re-INVITE fails by it."""

import re

import plan
from nodes.processes import check
from ue.phone import Phone

from . import registration as r, scenario, third_party

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
