# SPDX-License-Identifier: GPL-2.0-or-later
"""imsleuth listens while it happens."""

import plan
from nodes.live import Live
from nodes.processes import check
from ue.sipp import Steps, run as sipp

from . import registration as r, scenario

DUE_S = 2.0
PLAYED = [r("zoe", outcome="rejected", cause="cx_user_unknown", status=403)]


def play(core, piped):
    core.start_all()
    live = Live(core, piped)
    sipp(core, Steps(plan.STRANGER).ask(403))
    delay = live.delay_of("cx_user_unknown")
    check(delay < DUE_S, f"the finding in {DUE_S} s, not {delay:.1f} s, after "
          "the packet that proves it")
    check(live.end() == 1, "that it ends with status 1")


@scenario(PLAYED, errors=["cx_user_unknown"], short=True)
def live_interface(core):
    """imsleuth listens to an interface: it tells what it finds within two
    seconds, and ends by Ctrl-C with the summary."""
    play(core, piped=False)


@scenario(PLAYED, errors=["cx_user_unknown"])
def live_pipe(core):
    """The same with dumpcap before it, of both bridges."""
    play(core, piped=True)
