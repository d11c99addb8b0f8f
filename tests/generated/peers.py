# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures in which the HSS, or the way to it, is at fault for all."""

import cx
from story import Story
from truth import Truth

PEER_FAULTS = {}
ANSWERS = ((480, "Temporarily Unavailable - Diameter Cx interface failed"),
           (500, "Server Internal Error"), (504, "Server Time-Out"))


def peer_fault(function):
    PEER_FAULTS[function.__name__] = function
    return function


def link(world):
    """The asker whose connection is at fault, and whom it asks."""
    return next((a, b) for a, b in world.asked()
                if a == world.nodes["icscf"].role)


def keep_trying(world, end, every, attempt):
    """Gives the events of ATTEMPT(time), repeated until END."""
    events, time = [], 0.2
    while time < end:
        events += attempt(time)
        time += every
    return events


def cannot_ask(s, rules):
    """The I-CSCF cannot send its UAR and says so, at once or after some
    seconds."""
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf")
    s.wait(s.rng.choice((0.002, 0.01, 5.0)))
    s.down(legs, *s.rng.choice(ANSWERS))
    s.expect("rejected", rules)
    s.truth.allowed.update(rules)


def all_fail(world, rules, times):
    stories = []
    for number, time in enumerate(times, 1):
        s = Story(world, number, "cannot_ask", time)
        cannot_ask(s, rules)
        stories.append(s)
    return stories


def told(world, rules, events, but=(), end=100):
    """What is true of the capture whatever subscriber."""
    world.start_peers(0.1, but)
    world.watch_peers(1.0, end, but)
    world.go_on(end)
    truth = Truth("peers", "-")
    truth.must(rules, events)
    return [truth]


def broken(world, rules, attempt, every=10.0):
    """The link never stands; ATTEMPT(connection, time) is one try."""
    asker, server = link(world)
    connection = world.peer(asker, server)
    end = 100
    events = keep_trying(world, end, every,
                         lambda time: attempt(connection, time))
    stories = all_fail(world, rules, (8, 23, 41))
    return stories, told(world, rules, events, ((asker, server),), end)


@peer_fault
def hss_refuses_connection(world):
    return broken(world, ["cx_peer_silent"], lambda c, t: [
        world.add(t, "cx", "refused", c)])


@peer_fault
def hss_says_5010(world):
    return broken(world, ["cx_peer_rejected"],
                  lambda c, t: rejected(world, c, t, 5010))


@peer_fault
def hss_says_3010(world):
    return broken(world, ["cx_peer_rejected"],
                  lambda c, t: rejected(world, c, t, 3010))


def rejected(world, connection, time, code):
    events = world.capabilities(time, *link(world), code)
    world.add(time + 0.002, "cx", "close", connection, side=1)
    return list(events)


@peer_fault
def hss_closes_after_cer(world):
    def attempt(connection, time):
        asked, _ = world.capabilities(time, *link(world), None)
        return [asked, world.add(time + 0.001, "cx", "close", connection,
                                 side=1)]
    return broken(world, ["cx_peer_rejected", "cx_peer_disconnected"],
                  attempt)


@peer_fault
def hss_silent_after_cer(world):
    def attempt(connection, time):
        asked, _ = world.capabilities(time, *link(world), None)
        world.add(time + 11, "cx", "close", connection, side=0)
        return [asked]
    return broken(world, ["cx_peer_silent"], attempt, 15.0)


@peer_fault
def hss_goes_away(world):
    """DPR REBOOTING, and it does not come back."""
    asker, server = link(world)
    rules = ["cx_peer_disconnected", "cx_peer_silent"]
    connection = world.peer(asker, server)
    world.capabilities(0.2, asker, server)
    good = Story(world, 9, "fine", 2.0)
    good.registered()
    identifiers = world.identity(), world.identity()
    events = [world.diameter(10.0, connection, 1, cx.message(
        "DP", cx.REQUEST, cx.BASE, identifiers,
        world.origin(server) + [cx.avp(273, 0)]))]
    world.diameter(10.001, connection, 0, cx.message(
        "DP", 0, cx.BASE, identifiers,
        [cx.result(2001)] + world.origin(asker)))
    events.append(world.add(10.002, "cx", "close", connection, side=1))
    for time in (20, 30, 40, 50, 60, 70, 80):
        events.append(world.add(time, "cx", "refused", connection))
    stories = all_fail(world, rules, (12, 33, 47))
    return [good] + stories, told(world, rules, events, ((asker, server),))


@peer_fault
def hss_resets_and_returns(world):
    """A reset; a registration fails; the link stands again and the next
    one is good."""
    asker, server = link(world)
    rules = ["cx_peer_disconnected"]
    connection = world.peer(asker, server)
    world.capabilities(0.2, asker, server)
    events = [world.add(10.0, "cx", "reset", connection, side=1)]
    stories = all_fail(world, rules, (12, 14))
    world.capabilities(40.0, asker, server)
    good = Story(world, 9, "fine", 42.0)
    good.registered()
    return stories + [good], told(world, rules, events, ((asker, server),))
