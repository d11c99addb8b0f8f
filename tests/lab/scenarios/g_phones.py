# SPDX-License-Identifier: GPL-2.0-or-later
"""UEs that others have written."""

import signal

import plan
from nodes.processes import check
from ue import baresip as phone

from . import registration as r, scenario

CAROL, GRACE = (plan.SUBSCRIBERS[n] for n in ("carol", "grace"))


@scenario([r("grace"), r("grace", "deregistration", "deregistered")],
          short=True)
def baresip(core):
    """baresip registers with a password, and signs off."""
    core.start_all()
    process = phone.start(core, GRACE)
    process.wait_for("200 OK")
    core.settle()
    process.send(signal.SIGINT)
    check(process.wait(10) == 0, "that baresip ends")


@scenario([r("carol", outcome="rejected", cause="cx_user_unknown",
             status=403, impi=f"carol@{plan.REALM}")],
          errors=["cx_user_unknown"])
def baresip_without_impi(core):
    """baresip names no IMPI in its first REGISTER, so the I-CSCF makes one of
    the IMPU; the HSS holds that IMPU under another."""
    core.start_all()
    phone.start(core, CAROL).wait_for("403 Forbidden")
