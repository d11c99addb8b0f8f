# SPDX-License-Identifier: GPL-2.0-or-later
"""The call that this program was first written for: it works, and is cut off
when the UE puts it on hold. Then the P-CSCF is mended by imsleuth's advice."""

import plan
from judge import report_of
from nodes.advice import Advice
from nodes.processes import check
from ue.phone import Phone

from . import registration as r, scenario

BOB = plan.SUBSCRIBERS["bob"]
REFUSED = "sip_420_sec_agree"
# True of each: where the kernel has no ESP, the protected ports are not.
IN_CLEAR = "sec_agree_unprotected"


def place_call(core, *expected):
    """INVITE, re-INVITE and BYE of a UE with an agreement, and the status
    that each has to get; where the BYE fails too, it is tried without."""
    with Phone(core, BOB, has_agreement=True) as phone:
        check(phone.register() == 200, "200 to REGISTER")
        results = [phone.call(plan.CONFERENCE), phone.hold(), phone.hang_up()]
        if results[-1] != 200:
            phone.hang_up(with_agreement=False)
    check(results == list(expected), f"{expected}, not {results}")


@scenario([r("bob")], errors=[REFUSED],
          warnings=["sec_agree_leak", "sec_agree_verify_missing", IN_CLEAR])
def call_420(core):
    """A call to an application server works, its re-INVITE gets 420, for the
    P-CSCF takes sec-agree out of the request that begins the dialog only."""
    core.start_all()
    core.start_as()
    place_call(core, 200, 420, 420)


@scenario([r("bob")], warnings=[IN_CLEAR], short=True)
def call_mended(core):
    """The same with a P-CSCF that has been mended by what imsleuth advises
    after the first: the words of its report are carried out as they stand."""
    core.start_all()
    core.start_as()
    place_call(core, 200, 420, 420)
    report = report_of(core.imsleuth, core.begin_anew())
    advice = next(f["advice"] for f in report["findings"]
                  if f["rule"] == REFUSED)
    core.cscfs["pcscf"].mend(Advice.read(advice))
    place_call(core, 200, 200, 200)
