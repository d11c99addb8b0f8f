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


def links(world):
    """The connections at fault, as asker and asked: the I-CSCF's, and with
    one address for all CSCFs everyone's, else nothing could be told."""
    role = world.nodes["icscf"].role
    return [(a, b) for a, b in world.asked()
            if a == role or world.shape.nodes == "ports"]


def cannot_ask(s, rules):
    """The I-CSCF cannot send its UAR and says so, at once or after some
    seconds."""
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf")
    s.wait(s.rng.choice((0.002, 0.01, 5.0)))
    s.down(legs, *s.rng.choice(ANSWERS))
    s.expect("rejected", rules)
    s.truth.allowed.update(rules)
    s.truth.allowed_in_loss.add("register_upstream_silent")


def all_fail(world, rules, times):
    stories = []
    for number, time in enumerate(times, 1):
        s = Story(world, number, "cannot_ask", time)
        cannot_ask(s, rules)
        stories.append(s)
    return stories


def told(world, rules, events, end=100):
    """What is true of the capture whatever subscriber."""
    world.start_peers(0.1, links(world))
    world.watch_peers(1.0, end, links(world))
    world.go_on(end)
    truth = Truth("peers", "-")
    truth.must(rules, events)
    return [truth]


def broken(world, rules, attempt, every=10.0):
    """The links never stand; ATTEMPT(LINK, its connection, time) tries."""
    events = []
    for link in links(world):
        time = 0.2 + world.rng.random() / 10
        while time < 85:
            events += attempt(link, world.peer(*link), time)
            time += every
    return all_fail(world, rules, (8, 23, 41)), told(world, rules, events)


@peer_fault
def hss_refuses_connection(world):
    return broken(world, ["cx_peer_silent"], lambda link, c, t: [
        world.add(t, "cx", "refused", c)])


@peer_fault
def hss_says_5010(world):
    return turned_away(world, 5010)


@peer_fault
def hss_says_3010(world):
    return turned_away(world, 3010)


def turned_away(world, code):
    stories, extra = broken(
        world, ["cx_peer_rejected"],
        lambda link, c, t: rejected(world, link, t, code))
    closing_is_told(stories, extra)
    return stories, extra


def closing_is_told(stories, extra):
    """Without CER or CEA, all that is left is who closed."""
    for truth in [s.truth for s in stories] + extra:
        truth.allowed_in_loss.add("cx_peer_disconnected")


def rejected(world, link, time, code):
    events = world.capabilities(time, *link, code)
    world.add(time + 0.002, "cx", "close", world.peer(*link), side=1)
    return list(events)


@peer_fault
def hss_closes_after_cer(world):
    def attempt(link, connection, time):
        asked, _ = world.capabilities(time, *link, None)
        return [asked, world.add(time + 0.001, "cx", "close", connection,
                                 side=1)]
    return broken(world, ["cx_peer_rejected", "cx_peer_disconnected"],
                  attempt)


@peer_fault
def hss_silent_after_cer(world):
    def attempt(link, connection, time):
        asked, _ = world.capabilities(time, *link, None)
        world.add(time + 11, "cx", "close", connection, side=0)
        return [asked]
    stories, extra = broken(world, ["cx_peer_silent"], attempt, 15.0)
    closing_is_told(stories, extra)
    return stories, extra


@peer_fault
def hss_goes_away(world):
    """DPR REBOOTING, and it does not come back."""
    rules = ["cx_peer_disconnected", "cx_peer_silent"]
    good, events = Story(world, 9, "fine", 2.0), []
    for asker, server in links(world):
        world.capabilities(0.2, asker, server)
        connection = world.peer(asker, server)
        identifiers = world.identity(), world.identity()
        events.append(world.diameter(10.0, connection, 1, cx.message(
            "DP", cx.REQUEST, cx.BASE, identifiers,
            world.origin(server) + [cx.avp(273, 0)])))
        world.diameter(10.001, connection, 0, cx.message(
            "DP", 0, cx.BASE, identifiers,
            [cx.result(2001)] + world.origin(asker)))
        events.append(world.add(10.002, "cx", "close", connection, side=1))
        for time in (20, 30, 40, 50, 60, 70, 80):
            events.append(world.add(time, "cx", "refused", connection))
    good.registered()
    stories = all_fail(world, rules, (12, 33, 47))
    return [good] + stories, told(world, rules, events)


@peer_fault
def hss_resets_and_returns(world):
    """A reset; a registration fails; the link stands again and the next
    one is good."""
    rules = ["cx_peer_disconnected"]
    events = []
    for link in links(world):
        world.capabilities(0.2, *link)
        events.append(world.add(10.0, "cx", "reset", world.peer(*link),
                                side=1))
        world.capabilities(40.0, *link)
    stories = all_fail(world, rules, (12, 14))
    good = Story(world, 9, "fine", 42.0)
    good.registered()
    return stories + [good], told(world, rules, events)
