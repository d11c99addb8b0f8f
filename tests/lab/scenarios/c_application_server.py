# SPDX-License-Identifier: GPL-2.0-or-later
"""Third-party registrations."""

import plan
from ue.sipp import Steps, run as sipp

from . import registration as r, scenario, third_party

FAILED = "third_party_register_failed"
ERIN = plan.SUBSCRIBERS["erin"]


@scenario([r("erin"), third_party("erin", "rejected", FAILED, 403)],
          errors=[FAILED], warnings=["associated_uri_malformed"], short=True)
def third_party_refused(core):
    """The application server refuses the third-party REGISTER; Kamailio does
    not mind."""
    core.start_all()
    core.start_as(plan.AS_REFUSING_PORT, "403")
    sipp(core, Steps(ERIN).register())


@scenario([r("erin"), third_party("erin", "unanswered", FAILED, None)],
          errors=[FAILED], warnings=["associated_uri_malformed"])
def third_party_silent(core):
    """The application server does not run."""
    core.start_all()
    sipp(core, Steps(ERIN).register().pause(35), seconds=60)
