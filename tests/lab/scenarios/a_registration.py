# SPDX-License-Identifier: GPL-2.0-or-later
"""Registrations that go well, and what a UE does wrong."""

import base64

import plan
from nodes.processes import check
from ue.phone import Phone
from ue.sipp import Steps, run as sipp

from . import registration as r, scenario, third_party

ALICE, BOB, CAROL, FRANK = (
    plan.SUBSCRIBERS[n] for n in ("alice", "bob", "carol", "frank"))


@scenario([r("carol")])
def md5(core):
    """A UE registers with a password: SIP Digest with MD5."""
    core.start_all()
    sipp(core, Steps(CAROL).register())


@scenario([r("carol")])
def md5_tcp(core):
    """The same over TCP on the UE's leg."""
    core.start_all()
    sipp(core, Steps(CAROL).register(), transport="t1")


@scenario([r("alice"), third_party("alice"),
           r("alice", "refresh"), third_party("alice"),
           r("alice", "deregistration", "deregistered"),
           third_party("alice", "deregistered")],
          warnings=["associated_uri_malformed"], short=True)
def aka(core):
    """A UE registers with its SIM (AKAv1-MD5), registers again and signs off;
    the application server hears of each."""
    core.start_all()
    core.start_as()
    sipp(core, Steps(ALICE).register().register(1800).register(0))


@scenario([r("zoe", outcome="rejected", cause="cx_user_unknown", status=403)],
          errors=["cx_user_unknown"], short=True)
def unknown_user(core):
    """The HSS does not know the subscriber."""
    core.start_all()
    sipp(core, Steps(plan.STRANGER).ask(403))


@scenario([r("carol", outcome="rejected", cause="digest_wrong_response",
             status=403)], errors=["digest_wrong_response"], short=True)
def wrong_password(core):
    """A UE with the wrong password."""
    core.start_all()
    sipp(core, Steps(dict(CAROL, password="guess")).register(status=403))


@scenario([r("alice", outcome="rejected", cause="aka_wrong_response",
             status=403)], errors=["aka_wrong_response"], short=True)
def wrong_res(core):
    """The SIM's answer is not the one that the HSS expects."""
    core.start_all()
    core.order(do="wrong_xres")
    sipp(core, Steps(ALICE).register(status=403))


@scenario([r("frank")], short=True)
def auts(core):
    """The SIM has seen a later sequence number than the HSS is at: it says so
    (AUTS), the HSS follows, and the next challenge is good."""
    core.start_all()
    phone = Phone(core, FRANK, sqn=0x400)
    again = phone.answer(phone.ask())
    check(again.status == 401, "a new challenge")
    check(phone.answer(again).status == 200, "200 after it")


@scenario([r("bob")], warnings=["challenge_loop", "nonce_stale"])
def stale_nonce(core):
    """A UE answers a nonce of long ago, twice; then the one that it got."""
    core.start_all()
    phone = Phone(core, BOB)
    old = base64.b64encode(bytes(range(32))).decode()
    reply = phone.ask()
    for _ in range(2):
        reply = phone.answer(reply, nonce=old)
        check(reply.status == 401, "a new challenge")
    check(phone.answer(reply).status == 200, "200 to the right nonce")


@scenario([r("carol")], notes=["capture_duplicates"])
def any_interface(core):
    """A capture on all interfaces has each packet several times."""
    core.begin_anew(["any"])
    core.start_all()
    sipp(core, Steps(CAROL).register())
