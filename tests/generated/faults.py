# SPDX-License-Identifier: GPL-2.0-or-later
"""The stories: each lets one thing go wrong, or none, and says what is true
of it. What a story cannot have (ESP over TCP, ICMP without UDP) is in its
conditions."""

import base64
import dataclasses

import cx
import sip
from world import Path

STORIES = {}


def story(*conditions):
    def keep(function):
        STORIES[function.__name__] = function, conditions
        return function
    return keep


def gm_udp(shape):
    return shape.gm == "udp"


def core_udp(shape):
    return shape.core == "udp"


def apart(shape):
    return shape.nodes != "combined"


def lasting(shape):
    """The capture goes on for longer than anybody waits."""
    return shape.tail > 32


def cx_only(shape):
    """AKA and sec-agree are nothing for RFC 4740."""
    return not shape.rfc4740


def any_security(s, choices=("esp", "clear", None)):
    if s.world.shape.gm == "udp" and cx_only(s.world.shape):
        s.security = s.rng.choice(choices)
    if s.security:
        s.scheme = "aka"


def as_aka(s):
    s.scheme = "aka"
    any_security(s)


def as_md5(s):
    s.scheme = "md5"


def first_events(legs):
    return [e for leg in legs for e in leg.events]


# -- what goes well

@story()
def fine(s):
    any_security(s)
    s.says_who = s.rng.random() < 0.8
    s.registered()
    if s.rng.random() < 0.5:
        s.think(1, 5)
        s.call_begins()
        s.in_call("INVITE", 2)
        s.ack_call(2)
        s.in_call("BYE", 3)


@story()
def refreshed(s):
    any_security(s)
    s.registered()
    s.think(5, 20)
    again(s, "refresh", 3600, 2)


@story()
def deregistered(s):
    any_security(s)
    s.registered()
    s.think(5, 20)
    again(s, "deregistration", 0, 5)


@story()
def whole_life(s):
    any_security(s)
    s.registered()
    s.think(5, 15)
    again(s, "refresh", 3600, 2)
    s.think(5, 15)
    again(s, "deregistration", 0, 5)


def again(s, kind, expires, assignment):
    """A new registration of the same Call-ID; one that came protected may
    be accepted without a challenge (TS 24.229 5.4.1.2.2)."""
    s.begin(kind)
    authorize = 1 if kind == "deregistration" else 0
    auth = s.credentials()
    if not (s.use_sa and s.rng.random() < 0.5):
        s.offer = None
        legs = s.up(auth, expires, authorize)
        s.mar()
        s.challenge(legs)
        s.think()
        s.take_sa()
        auth = s.credentials()
    elif s.use_sa:
        s.offer = s.use_sa
    legs = s.up(auth, expires, authorize, uar=s.world.shape.uar_each)
    s.sar(kind=assignment)
    s.accept(legs, expires)
    s.third_party(expires)
    if not expires:
        s.notify("terminated", 1)


@story()
def contact_star(s):
    """Deregistered by `Contact: *` (RFC 3261 10.2.2)."""
    any_security(s)
    s.registered()
    s.think(5, 20)
    s.contact = lambda expires=None: "*"
    again(s, "deregistration", 0, 5)
    del s.contact


@story()
def fetched(s):
    """A REGISTER without Contact asks for the bindings."""
    s.registered()
    s.think(5, 20)
    s.begin("fetch")
    s.happened()
    message = s.register_message(3600, s.credentials())
    message.remove("Contact")
    message.remove("Expires")
    legs = s.relay(["ue", "pcscf"], message)
    s.on(legs, "pcscf", "icscf")
    s.uar()
    if not s.is_combined:
        s.on(legs, "icscf", "scscf")
    s.down(legs, 200, "OK", [("Contact", s.contact(3000))])
    s.expect("registered", cx=None)


@story()
def emergency(s):
    any_security(s)
    s.attempt.kind = "emergency"
    s.contact_extra += ";sos"
    plain = s.contact
    s.contact = lambda expires=None: plain(expires).replace(">", ";sos>", 1)
    s.challenged()
    s.register(third_party=False)
    del s.contact


@story()
def new_call_id(s):
    """A second registration while the first stands."""
    any_security(s)
    s.registered()
    s.think(8, 20)
    s.new_call()
    s.nonce = ""
    s.challenged()
    s.register(kind=2)


@story(cx_only)
def resynchronised(s):
    as_aka(s)
    s.challenged()
    out_of_step(s, True)
    s.register()
    s.think()
    s.subscribe()
    s.truth.must("aka_resync", s.attempt.events, ("sip",), False)


def out_of_step(s, is_forwarded, challenge=True):
    """A REGISTER with auts and what comes of it."""
    auts = s.rng.randbytes(14)
    auth = s.credentials(auts=base64.b64encode(auts).decode())
    # The UE has no keys of this vector: it stays outside (TS 33.203 7.3.1).
    keep, s.use_sa = s.use_sa, None
    legs = s.up(auth, uar=s.world.shape.uar_each)
    events = first_events(legs)
    rand = s.vector.rand
    events += s.mar(auts=rand + auts if is_forwarded else None)
    if challenge:
        s.challenge(legs)
        s.think()
        s.take_sa()
    else:
        s.use_sa = keep
        s.down(legs, 403, "Forbidden")
    return events


@story()
def slow_uaa(s):
    any_security(s, ("esp", None))
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf")
    events = s.uar(delay=s.rng.uniform(1.6, 2.4))
    if not s.is_combined:
        s.on(legs, "icscf", "scscf")
    s.mar()
    s.challenge(legs)
    s.think()
    s.take_sa()
    s.register()
    s.truth.must("cx_slow_answer", events, is_error=False)


@story(gm_udp)
def unheard_at_first(s):
    """Each REGISTER is lost on its way to the P-CSCF once or twice."""
    any_security(s)
    heard_late(s)
    s.mar()
    s.challenge(s.heard)
    s.think()
    s.take_sa()
    heard_late(s, s.credentials())
    s.sar()
    s.accept(s.heard)
    s.third_party()
    s.think()
    s.subscribe()


def heard_late(s, auth=None):
    s.heard = s.start_register_unheard(auth)
    s.wait(s.rng.choice((0.51, 1.52)))
    s.trying(s.heard[0])
    s.on(s.heard, "pcscf", "icscf")
    s.uar()
    if not s.is_combined:
        s.on(s.heard, "icscf", "scscf")


@story(core_udp, apart)
def other_scscf(s):
    """The first S-CSCF is silent, the I-CSCF takes another, which is the
    one of every other story."""
    any_security(s)
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf")
    s.uar()
    s.dead_scscf = True
    s.on_unheard(legs, "icscf", "scscf")
    s.dead_scscf = False
    dead = legs.pop()
    s.wait(s.rng.choice((3.0, 5.0)))
    dead.is_open = False
    s.on(legs, "icscf", "scscf")
    s.mar()
    s.challenge(legs)
    s.think()
    s.take_sa()
    s.register()
    s.truth.allowed.add("register_upstream_silent")


@story()
def redirected(s):
    """A Diameter agent names the HSS to ask (SLF)."""
    any_security(s)
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf")
    host = s.world.nodes["hss"].host
    events = s.uar([cx.result(3006), cx.avp(292, f"aaa://{host}:3868")],
                   error=True)
    s.uar()
    if not s.is_combined:
        s.on(legs, "icscf", "scscf")
    s.mar()
    s.challenge(legs)
    s.think()
    s.take_sa()
    s.register()
    s.truth.must("cx_redirected", events, is_error=False)


@story()
def terminated_by_hss(s):
    any_security(s)
    s.registered()
    s.think(5, 15)
    s.truth.must("cx_registration_terminated", terminate(s),
                 is_error=False)


def terminate(s, answer="good"):
    avps = [cx.avp(1, s.impi), cx.tgpp(601, s.impu), cx.tgpp(
        615, [cx.tgpp(616, 0), cx.tgpp(617, "subscription ended")])]
    if answer == "good":
        s.notify("terminated", 1)
        answer = [cx.result(2001)]
    return s.cx("RT", "hss", avps, answer, to="scscf")


@story(lasting)
def termination_unanswered(s):
    s.registered()
    s.think(5, 15)
    s.truth.must("cx_termination_failed", terminate(s, None))


@story()
def termination_refused(s):
    s.registered()
    s.think(5, 15)
    s.truth.must("cx_termination_failed",
                 terminate(s, [cx.result(5012)]))


@story()
def registered_after_termination(s):
    """The HSS ends it, and the user comes back: FIRST_REGISTRATION is right
    then, and so is REGISTRATION."""
    any_security(s)
    s.registered()
    s.think(5, 15)
    s.truth.must("cx_registration_terminated", terminate(s),
                 is_error=False)
    s.think(5, 15)
    s.scscf_known = False
    s.new_call()
    s.nonce = ""
    s.challenged()
    s.register()


@story()
def forgotten_by_hss(s):
    """FIRST_REGISTRATION while the S-CSCF still has the user."""
    any_security(s)
    s.registered()
    s.think(5, 15)
    s.scscf_known = False
    s.new_call()
    s.nonce = ""
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf")
    events = s.uar()
    if not s.is_combined:
        s.on(legs, "icscf", "scscf")
    s.mar()
    s.challenge(legs)
    s.think()
    s.take_sa()
    s.register(kind=2)
    s.truth.must("cx_first_registration_repeated", events, is_error=False)


@story()
def unknown_to_hss(s):
    """Somebody calls the user, whom the HSS has not registered any more."""
    any_security(s)
    s.registered()
    s.think(5, 15)
    code = s.rng.choice((5001, 5003))
    events = s.cx("LI", "icscf", [cx.tgpp(601, s.rng.choice(s.impus))],
                  [cx.experimental(code)])
    s.truth.must("cx_hss_inconsistent", events, is_error=False)
    s.truth.must("cx_user_unknown" if code == 5001
                 else "cx_identity_not_registered", events)


@story()
def profile_pushed(s):
    s.registered()
    s.think(5, 15)
    events = s.cx("PP", "hss", [cx.avp(1, s.impi),
                                cx.tgpp(606, s.profile())],
                  [cx.result(2001)], to="scscf")
    s.truth.must("cx_profile_pushed", events, is_error=False)


@story(gm_udp)
def not_ims(s):
    """A desk phone at a registrar that is no part of the IMS."""
    s.attempt.impi = "*"
    s.happened()
    ends = (s.address, 5060), (s.world.registrar, 5060)
    password = s.rng.choice((b"1234", b"4321"))
    answers = [(401, "Unauthorized"), (200, "OK") if password == b"1234"
               else (403, "Forbidden")]
    for number, (status, reason) in enumerate(answers, 1):
        m = desk_register(s, number, password)
        s.say(("ue", "registrar"), Path(ends), m)
        s.think()
        headers = {401: [("WWW-Authenticate", 'Digest realm="pbx.example.org"'
                          ', nonce="abcdef", algorithm=MD5')],
                   200: [("Contact", m.get("Contact"))]}.get(status, [])
        s.say(("ue", "registrar"), Path(ends).reverse(), sip.response(
            m, status, reason, headers, "r"))
        s.think()
    s.attempt.status["gm"] = status
    s.expect(*(("registered", None) if status == 200
               else ("rejected", "register_rejected")))


def desk_register(s, number, password):
    uri = "sip:pbx.example.org"
    m = sip.Message(f"REGISTER {uri} SIP/2.0", [
        ("Via", s.via("ue")), ("Max-Forwards", "70"),
        ("From", f"<sip:100@pbx.example.org>;tag={s.from_tag}"),
        ("To", "<sip:100@pbx.example.org>"), ("Call-ID", s.call_id),
        ("CSeq", f"{number} REGISTER"),
        ("Contact", f"<sip:100@{s.host(s.address)}:5060>"),
        ("Expires", "300")])
    if number > 1:
        response = sip.digest(sip.secret_hash("100", "pbx.example.org",
                                              password), "REGISTER", uri,
                              "abcdef")
        m.add("Authorization", 'Digest username="100", nonce="abcdef", '
              f'realm="pbx.example.org", uri="{uri}", '
              f'response="{response}", algorithm=MD5')
    return m


# -- what the HSS says to the I-CSCF

def uaa_refused(s, answer, rule, status, reason, **how):
    any_security(s)
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf", change=how.pop("change", None))
    events = s.uar(answer, **how)
    s.down(legs, status, reason)
    s.expect("rejected", rule)
    s.truth.must(rule, events)
    return events


@story()
def user_unknown(s):
    uaa_refused(s, [cx.experimental(5001)], "cx_user_unknown", 403,
                "Forbidden - HSS User Unknown")
    if s.rng.random() < 0.4:
        s.think(5, 15)
        s.new_call()
        uaa_refused(s, [cx.experimental(5001)], "cx_user_unknown", 403,
                    "Forbidden - HSS User Unknown")


@story()
def identities_dont_match(s):
    uaa_refused(s, [cx.experimental(5002)], "cx_identities_dont_match", 403,
                "Forbidden")


@story()
def roaming_not_allowed(s):
    s.visited = "ims.mnc099.mcc262.3gppnetwork.org"
    uaa_refused(s, [cx.experimental(5004)], "cx_roaming_not_allowed", 403,
                "Forbidden - HSS Roaming not allowed")


@story()
def identity_not_registered(s):
    uaa_refused(s, [cx.experimental(5003)], "cx_identity_not_registered",
                403, "Forbidden")


@story()
def authorization_rejected(s):
    uaa_refused(s, [cx.result(5003)], "cx_authorization_rejected", 403,
                "Forbidden - HSS Authorization Rejected")


@story()
def unable_to_comply(s):
    status, reason = s.rng.choice(((500, "Server Internal Error"),
                                   (480, "Temporarily Unavailable")))
    uaa_refused(s, [cx.result(5012)], "cx_unable_to_comply", status, reason)


@story()
def unable_to_deliver(s):
    protocol_error(s, 3002, "cx_unable_to_deliver")


@story()
def realm_not_served(s):
    protocol_error(s, 3003, "cx_realm_not_served")


@story()
def too_busy(s):
    protocol_error(s, 3004, "cx_too_busy")


@story()
def loop_detected(s):
    protocol_error(s, 3005, "cx_loop_detected")


@story()
def application_unsupported(s):
    protocol_error(s, 3007, "cx_application_unsupported")


def protocol_error(s, code, rule):
    status, reason = s.rng.choice(((403, "Forbidden"), (480, "Temporarily "
                                   "Unavailable"), (500, "UAR failed")))
    uaa_refused(s, [cx.result(code)], rule, status, reason, error=True)


@story()
def avp_missing(s):
    failed = cx.avp(279, [cx.tgpp(600, "")])
    uaa_refused(s, [cx.result(5005), failed], "cx_avp_rejected", 500,
                "Server Internal Error")


@story(cx_only)
def mislabelled(s):
    """Missing AVP, said as an experimental result (reference F24)."""
    code = s.rng.choice((5004, 5005))
    uaa_refused(s, [cx.experimental(code)], "cx_mislabelled_result", 403,
                "Forbidden", visited=False)


@story(cx_only)
def mislabelled_for_pcscf(s):
    """The same, and it is the P-CSCF that left the header out."""
    uaa_refused(s, [cx.experimental(5004)], "cx_mislabelled_result", 403,
                "Forbidden", visited=False,
                change=lambda m: m.remove("P-Visited-Network-ID"))
    s.expect("rejected", ["cx_mislabelled_result",
                          "visited_network_missing"])


@story(cx_only)
def feature_unsupported(s):
    uaa_refused(s, [cx.experimental(5011)], "cx_feature_unsupported", 500,
                "Server Internal Error")


@story(cx_only)
def some_other_error(s):
    answer = s.rng.choice((cx.experimental(5423), cx.result(5014)))
    uaa_refused(s, [answer], "cx_other_error", 500, "UAR failed")


@story()
def no_result(s):
    uaa_refused(s, [], "cx_no_result", 480,
                "Temporarily unavailable - Missing AVP in UAA from HSS")


@story()
def no_scscf_offered(s):
    uaa_refused(s, [cx.experimental(2001)], "cx_no_scscf_offered", 600,
                "Busy everywhere - Empty list of S-CSCFs")


@story(lasting)
def uar_unanswered(s):
    any_security(s)
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf")
    events = s.uar(None)
    given_up(s, legs, s.rng.choice((4.0, 5.0, 8.0)))
    s.expect("rejected", "cx_unanswered")
    s.truth.must("cx_unanswered", events)


def given_up(s, legs, seconds):
    """The asker's patience ends; some P-CSCFs make a 504 of its 408. Where
    its answer is missing, that looks as if it had never answered."""
    s.truth.allowed_in_loss.add("register_upstream_silent")
    s.wait(seconds)
    if s.rng.random() < 0.4:
        s.back(legs[1:], 408, "Request Timeout")
        s.attempt.status["core"] = 408
        s.down(legs[:1], 504, "Server Time-Out")
    else:
        s.down(legs, *s.rng.choice((
            (480, "Temporarily Unavailable - Diameter Cx interface failed"),
            (500, "Server Internal Error"), (504, "Server Time-Out"))))


@story(lasting)
def uaa_too_late(s):
    """It comes when the I-CSCF has given up."""
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf")
    began = s.t
    events = s.uar(delay=12.0, wait=False)
    given_up(s, legs, began + 5.0 - s.t)
    s.expect("rejected", ["cx_unanswered", "cx_slow_answer"])
    s.truth.must(["cx_unanswered", "cx_slow_answer"], events)


@story(lasting)
def uar_unanswered_403(s):
    """An I-CSCF that forbids for want of an answer (reference F34)."""
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf")
    events = s.uar(None)
    s.wait(5)
    s.down(legs, 403, "Forbidden")
    s.expect("rejected", "cx_unanswered")
    s.truth.must("cx_unanswered", events)
    s.truth.must("register_hss_failure_as_403", events, ("sip",), False)


# -- what the HSS says to the S-CSCF

def maa_refused(s, answer, rule, status, reason, **how):
    any_security(s)
    legs = s.up()
    events = s.mar(answer, **how)
    s.down(legs, status, reason)
    s.expect("rejected", rule)
    s.truth.must(rule, events)


@story()
def scheme_not_supported(s):
    maa_refused(s, [cx.experimental(5006)], "cx_auth_scheme_not_supported",
                403, "Forbidden - Authentication Scheme Unsupported")


@story()
def maa_unknown_user(s):
    maa_refused(s, [cx.experimental(5001)], "cx_user_unknown", 403,
                "Forbidden - Private identity not found")


@story()
def maa_unable_to_comply(s):
    maa_refused(s, [cx.result(5012)], "cx_unable_to_comply", 480,
                "Temporarily Unavailable")


@story()
def no_auth_vectors(s):
    maa_refused(s, [cx.result(2001), cx.avp(1, s.impi),
                    cx.tgpp(601, s.impu), cx.tgpp(607, 0)],
                "cx_no_auth_vectors", 403,
                "Forbidden - HSS returned no authentication vectors")


@story(lasting)
def mar_unanswered(s):
    any_security(s)
    legs = s.up()
    events = s.mar(None)
    given_up(s, legs, s.rng.choice((5.0, 6.0, 10.0)))
    s.expect("rejected", "cx_unanswered")
    s.truth.must("cx_unanswered", events)


def saa_refused(s, answer, rule, status, reason, **how):
    any_security(s)
    s.challenged()
    legs = s.up(s.credentials())
    events = s.sar(answer, **how)
    s.down(legs, status, reason)
    s.expect("rejected", rule)
    s.truth.must(rule, events)


@story()
def saa_unable_to_comply(s):
    saa_refused(s, [cx.result(5012)], "cx_unable_to_comply", 500,
                "Server error on UAR select next S-CSCF")


@story()
def wrong_assignment_type(s):
    saa_refused(s, [cx.experimental(5007)], "cx_wrong_assignment_type", 403,
                "Forbidden")


@story()
def already_registered(s):
    saa_refused(s, [cx.experimental(5005)],
                "cx_identity_already_registered", 403, "Forbidden")


@story()
def too_much_data(s):
    saa_refused(s, [cx.experimental(5008)], "cx_too_much_data", 500,
                "Server Internal Error")


@story()
def user_data_not_supported(s):
    saa_refused(s, [cx.experimental(5009)], "cx_user_data_not_supported",
                500, "Server Internal Error")


@story()
def profile_malformed(s):
    profile = s.profile().replace("</ServiceProfile>", "", 1)
    saa_refused(s, [cx.result(2001), cx.avp(1, s.impi),
                    cx.tgpp(606, profile)], "cx_user_profile_malformed", 500,
                "Server Internal Error")
    # From Cx alone, the SAA says success.
    s.attempt.views["cx"] = (
        ["registered", "rejected", "incomplete"],
        [None, "cx_user_profile_malformed"])


@story(lasting)
def sar_unanswered(s):
    any_security(s)
    s.challenged()
    legs = s.up(s.credentials())
    events = s.sar(None)
    given_up(s, legs, s.rng.choice((5.0, 6.0, 9.0)))
    s.expect("rejected", "cx_unanswered")
    s.truth.must("cx_unanswered", events)


@story(core_udp, apart, lasting)
def sar_unanswered_tried_again(s):
    """The I-CSCF sends the REGISTER once more, on a new branch; the S-CSCF
    knows the challenge no more and makes another; nor is the second SAR
    answered (reference LAB 13)."""
    s.challenged()
    legs = s.up(s.credentials())
    events = s.sar(None)
    s.wait(5)
    legs.pop().is_open = False
    s.on(legs, "icscf", "scscf")
    s.mar()
    s.challenge(legs)
    s.think()
    s.take_sa()
    legs = s.up(s.credentials())
    events += s.sar(None)
    given_up(s, legs, 6)
    s.expect("rejected", "cx_unanswered")
    s.truth.must("cx_unanswered", events)


@story(lasting)
def hss_back_again(s):
    """The UE tries again under the same Call-ID, and now there is a UAA."""
    uar_unanswered(s)
    s.attempt.views["cx"] = None  # one more UAR of the next one
    s.think(4, 12)
    s.begin("initial")
    s.nonce = ""
    s.challenged()
    s.register()


# -- authentication

def refused(s, rule, password):
    """The second REGISTER is refused, with or without a SAR that tells the
    HSS (AUTHENTICATION_FAILURE)."""
    any_security(s) if s.scheme == "aka" else None
    s.challenged()
    legs = s.up(s.credentials(password))
    events = first_events(legs)
    if s.rng.random() < 0.4:
        s.sar([cx.result(2001)], 9)
    events += s.down(legs, 403, "Forbidden - Authentication Failed")
    s.expect("rejected", rule)
    s.truth.must(rule, events, ("cx",))
    if s.world.shape.view == "core":
        s.truth.allowed.add("register_rejected")


@story(cx_only)
def wrong_response_aka(s):
    s.scheme = "aka"
    refused(s, "aka_wrong_response", s.rng.randbytes(8))


@story()
def wrong_response_digest(s):
    s.scheme = "md5"
    refused(s, "digest_wrong_response", b"something else")


@story(cx_only)
def right_response_aka_refused(s):
    s.scheme = "aka"
    refused(s, "aka_response_refused", None)


@story()
def right_response_digest_refused(s):
    s.scheme = "md5"
    refused(s, "digest_response_refused", None)


@story(lasting)
def wrong_response_challenged_anew(s):
    """The S-CSCF gives the UE another try, which it does not take."""
    s.challenged()
    is_aka = s.scheme == "aka"
    rule = "aka_wrong_response" if is_aka else "digest_wrong_response"
    legs = s.up(s.credentials(b"wrong"))
    events = first_events(legs)
    s.mar()
    s.challenge(legs)
    s.attempt.status = {"gm": 401, "core": 401}
    s.expect("challenged", rule, gm=("challenged", "challenge_unanswered"))
    s.truth.must(rule, events, ("cx",))
    s.truth.allowed.add("challenge_unanswered")


@story()
def wrong_response_then_right(s):
    """The S-CSCF asks again, and the second answer is right."""
    s.challenged()
    is_aka = s.scheme == "aka"
    rule = "aka_wrong_response" if is_aka else "digest_wrong_response"
    legs = s.up(s.credentials(b"wrong"))
    s.mar()
    s.challenge(legs)
    s.think()
    s.register()
    s.truth.allowed.add(rule)


@story()
def wrong_response_three_times(s):
    """One Call-ID, three registrations, each refused."""
    for i in range(3):
        if i:
            s.think(1, 3)
            s.begin("initial")
            s.nonce = ""
        s.scheme = "md5"
        refused(s, "digest_wrong_response", b"not the password")
        s.attempt.views["cx"] = None  # how often does not show there


@story(cx_only, lasting)
def resync_loop(s):
    as_aka(s)
    s.challenged()
    events = []
    for _ in range(s.rng.choice((2, 3))):
        events += out_of_step(s, True)
    if s.rng.random() < 0.5:
        events += out_of_step(s, True, False)
        s.expect("rejected", "aka_resync_loop",
                 gm=("rejected", "aka_resync_loop"))
    else:
        s.expect("challenged", ["aka_resync_loop", "challenge_loop"])
    s.truth.must("aka_resync_loop", events, ("sip",))
    s.truth.allowed.update(("challenge_loop", "aka_resync_not_forwarded")
                           if s.world.shape.view == "cx"
                           else ("challenge_loop",))
    s.truth.allowed_in_loss.add("challenge_unanswered")


@story(cx_only, lasting)
def auts_not_forwarded(s):
    as_aka(s)
    s.challenged()
    events = []
    for _ in range(2):
        events += out_of_step(s, False)
    s.expect("challenged", ["aka_resync_not_forwarded", "aka_resync_loop"],
             gm=("challenged", ["aka_resync_loop", "challenge_loop"]))
    s.truth.must("aka_resync_not_forwarded", events,
                 ("cx", "core") if s.world.shape.view != "gm+cx"
                 else ("cx", "gm"))
    s.truth.allowed.update(("challenge_loop", "aka_resync_loop"))
    s.truth.allowed_in_loss.add("challenge_unanswered")


@story(lasting)
def challenge_unanswered(s):
    any_security(s)
    events = s.challenged()
    s.attempt.status = {"gm": 401, "core": 401}
    s.expect("challenged", "challenge_unanswered")
    s.truth.must("challenge_unanswered", events,
                 ("gm",) if s.world.shape.view != "core" else ())


@story(lasting)
def challenge_unanswered_twice(s):
    """The UE begins anew, with another Call-ID."""
    challenge_unanswered(s)
    s.wait(s.rng.uniform(6, 20))
    s.nonce = ""
    s.new_call()
    challenge_unanswered(s)
    s.attempt.views["cx"] = None  # a MAR more, as if it were one attempt


@story(lasting)
def challenge_loop(s):
    """Right answers, and the S-CSCF goes on asking."""
    any_security(s, (None, "esp"))
    events = s.challenged()
    for _ in range(s.rng.choice((3, 4))):
        legs = s.up(s.credentials())
        s.mar()
        events += s.challenge(legs)
        s.think()
        s.take_sa()
    rules = ["challenge_loop", "aka_response_refused",
             "digest_response_refused"]
    s.attempt.status = {"gm": 401, "core": 401}
    s.expect("challenged", rules, gm=("challenged", "challenge_loop"))
    s.truth.must("challenge_loop", events, ("gm",))
    s.truth.allowed.update(rules + ["nonce_stale"])
    s.truth.allowed_in_loss.add("challenge_unanswered")


@story()
def stale_nonce(s):
    """The S-CSCF wants a fresh nonce, and gets it."""
    s.scheme = "md5"
    s.challenged()
    legs = s.up(s.credentials())
    events = first_events(legs)
    s.mar()
    events += s.challenge(legs, ", stale=true")
    s.think()
    s.register()
    s.truth.must("nonce_stale", events, ("sip",), False)
    if s.world.shape.view != "gm":
        s.truth.allowed_in_loss.add("digest_response_refused")


@story(cx_only)
def keys_leaked(s):
    """A P-CSCF without IPsec that lets ck and ik through."""
    s.scheme = "aka"
    legs = s.up()
    s.mar()
    events = s.challenge(legs, change={("ue", "pcscf"): lambda m: None})
    s.think()
    s.register()
    s.truth.must("keys_leaked_to_ue", events, ("gm",))


# -- the REGISTER's way

@story(gm_udp, lasting)
def unanswered(s):
    any_security(s)
    legs = s.start_register_unheard()
    is_patient = s.rng.random() < 0.7
    s.wait(32.5 if is_patient else 16)
    legs[0].is_open = False
    s.expect("unanswered", "register_unanswered")
    if is_patient:
        s.truth.must("register_unanswered", legs[0].events)
        return
    # One that stops so early may as well have got its answer.
    s.expect(["unanswered", "incomplete"], ["register_unanswered", None])


@story(gm_udp, lasting)
def unanswered_icmp(s):
    """Nobody listens at the P-CSCF's port."""
    legs = s.start_register_unheard()
    s.wait(32.5)
    events = list(legs[0].events)
    for event in legs[0].events:
        events.append(s.world.icmp(event.time + 0.0004, event))
    s.expect("unanswered", "register_unanswered")
    s.truth.must("register_unanswered", events)


@story(core_udp, apart)
def scscf_dead(s, icmp=False):
    any_security(s)
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf")
    s.uar()
    s.on_unheard(legs, "icscf", "scscf")
    dead = legs.pop()
    s.wait(s.rng.choice((5.0, 6.5, 12.0)))
    dead.is_open = False
    events = list(dead.events)
    if icmp:
        events += [s.world.icmp(e.time + 0.0003, e) for e in dead.events]
    s.back(legs[1:], 408, "Request Timeout")
    s.attempt.status["core"] = 408
    s.down(legs[:1], *s.rng.choice(((504, "Server Time-Out"),
                                    (408, "Request Timeout"))))
    s.expect("rejected", "register_upstream_silent",
             gm_cx=("rejected", ["register_upstream_silent",
                                 "register_rejected"]),
             gm=("rejected", ["register_upstream_silent",
                              "register_rejected"]))
    s.truth.must("register_upstream_silent", events)
    s.truth.allowed.add("register_rejected")


@story(core_udp, apart)
def scscf_dead_icmp(s):
    scscf_dead(s, True)


@story(core_udp)
def icscf_dead(s):
    legs = s.start_register()
    s.on_unheard(legs, "pcscf", "icscf")
    dead = legs.pop()
    s.wait(s.rng.choice((5.0, 8.0, 16.0)))
    dead.is_open = False
    s.down(legs, *s.rng.choice(((504, "Server Time-Out"),
                                (408, "Request Timeout"))))
    s.expect("rejected", "register_upstream_silent",
             gm=("rejected", ["register_upstream_silent",
                              "register_rejected"]),
             gm_cx=("rejected", ["register_upstream_silent",
                                 "register_rejected"]),
             core=(["unanswered", "incomplete"],
                   ["register_unanswered", "register_upstream_silent",
                    None]))
    s.truth.allowed.update(("register_upstream_silent", "register_rejected",
                            "register_unanswered"))
    s.truth.must("register_upstream_silent", dead.events, ("gm", "core"))


def refused_by_pcscf(s, status, reason, rule, headers=()):
    legs = s.start_register()
    events = first_events(legs) + s.down(legs, status, reason, headers)
    s.expect("rejected", rule, gm=("rejected", rule))
    s.truth.must(rule, events)


@story()
def pcscf_forbids(s):
    any_security(s)
    refused_by_pcscf(s, 403, "Forbidden", "register_rejected")


@story()
def qos_refused(s):
    any_security(s)
    refused_by_pcscf(s, 403, "Can't register to QoS for signalling",
                     "register_qos_refused")


@story()
def unresolvable(s):
    refused_by_pcscf(s, 478, "Unresolvable destination (478/SL)",
                     "register_unresolvable")


@story()
def looping(s):
    refused_by_pcscf(s, 482, "Loop Detected", "register_loop")


@story()
def extension_required(s):
    s.make_offer()
    server = s.offer.text(s.offer.server, "q=0.1;")
    s.offer = None
    refused_by_pcscf(s, 421, "Extension Required", "sip_extension_required",
                     [("Require", "sec-agree"), ("Security-Server", server)])


@story()
def interval_too_brief(s):
    legs = s.up(expires=60)
    events = s.down(legs, 423, "Interval Too Brief",
                    [("Min-Expires", "600")])
    s.expect("rejected", "register_interval_too_brief",
             gm=("rejected", "register_interval_too_brief"), cx=None)
    s.truth.must("register_interval_too_brief", events)
    s.think()
    s.begin("initial")
    s.challenged()
    s.register()


@story(gm_udp, cx_only, lasting)
def ipsec_setup_failed(s):
    s.scheme, s.security = "aka", "esp"
    legs = s.up()
    s.mar()
    events = s.back(legs[1:], 401, "Unauthorized",
                    [("WWW-Authenticate", s.challenge_value())])
    events += s.down(legs[:1], 503,
                     "Service Unavailable (Create ipsec failed)")
    s.attempt.status["core"] = [401, None]
    s.expect("rejected", "register_ipsec_setup_failed",
             core=(["challenged", "incomplete"],
                   ["challenge_unanswered", None]))
    s.truth.allowed.add("challenge_unanswered" if s.world.shape.view ==
                        "core" else "register_ipsec_setup_failed")
    s.truth.must("register_ipsec_setup_failed", events, ("gm", "core"))


@story(lasting)
def response_lost(s):
    """The P-CSCF gets the 200 and keeps it."""
    s.challenged()
    legs = s.up(s.credentials())
    s.sar()
    s.accept(legs[1:])
    s.attempt.status["core"] = 200
    s.wait(33)
    legs[0].is_open = False
    lost = ["register_response_lost", "register_unanswered", None]
    either = ["unanswered", "registered", "incomplete"]
    s.attempt.status["gm"] = [401, 200, None]
    s.expect(either, lost, core=("registered", None),
             cx=("registered", None))
    s.truth.allowed.update(lost[:2])
    if s.world.shape.gm == "udp":
        # On TCP nothing is repeated: nothing proves that it was missed.
        s.truth.must("register_response_lost", legs[0].events, ("core",))


@story(gm_udp, lasting)
def deregistration_lost(s):
    """The network lets go of the UE, which is not told."""
    any_security(s, ("clear", None))
    s.registered()
    s.think(5, 20)
    s.begin("deregistration")
    auth = s.credentials()
    if not s.use_sa:
        legs = s.up(auth, 0, 1)
        s.mar()
        s.challenge(legs)
        s.think()
        auth = s.credentials()
    else:
        s.offer = s.use_sa
    legs = s.up(auth, 0, 1, uar=s.world.shape.uar_each)
    s.sar(kind=5)
    s.accept(legs[1:], 0)
    s.notify("terminated", 1)
    s.attempt.status["core"] = 200
    s.attempt.status["gm"] = [401, 200, None]
    s.wait(33)
    legs[0].is_open = False
    s.expect("deregistered",
             gm=(["unanswered", "incomplete"],
                 ["register_unanswered", None]),
             gm_cx=(["deregistered", "unanswered", "incomplete"],
                    ["register_unanswered", None]))
    s.truth.allowed.add("register_unanswered")
    s.truth.failures_in_loss.add("register_unanswered")
    if s.world.shape.trying or not s.use_sa:
        s.truth.must("deregistration_unconfirmed", legs[0].events,
                     ("core",), False)


@story(lasting)
def flapping(s):
    """Deregistered some seconds after each 200, and registered anew."""
    ok = []
    for _ in range(3):
        s.challenged()
        ok = s.register()
        s.subscribe()
        s.think(4, 8)
        again(s, "deregistration", 0, 5)
        s.think(0.5, 2)
        s.new_call()
        s.nonce = ""
    s.truth.must("register_flapping", ok, ("sip",), False)


@story(lasting)
def never_told(s):
    """The application server hears of the first registration, not of that
    which follows a deregistration."""
    s.registered()
    s.think(5, 20)
    again(s, "deregistration", 0, 5)
    s.think(2, 5)
    s.new_call()
    s.nonce = ""
    s.challenged()
    ok = s.register(third_party=False)
    if "cx" in s.world.shape.view or s.world.shape.view == "full":
        s.truth.must("third_party_register_missing", ok, ("core",), False)


# -- extensions and the security agreement

@story(gm_udp, cx_only)
def verify_mismatch(s):
    s.scheme, s.security = "aka", s.rng.choice(("esp", "clear"))
    s.challenged()
    right = s.verify_text
    s.verify_text = lambda: right().replace("hmac-sha-1-96", "hmac-md5-96")
    auth = s.credentials()
    if s.rng.random() < 0.5:
        legs = s.start_register(auth)
        events = first_events(legs)
        events += s.down(legs, 494, "Security Agreement Required", [
            ("Security-Server", right())])
        s.expect("rejected", ["sec_agree_verify_mismatch",
                              "sec_agree_required"],
                 gm=("rejected", ["sec_agree_verify_mismatch",
                                  "sec_agree_required"]),
                 core=(["challenged", "incomplete"],
                       ["challenge_unanswered", None]))
        s.attempt.status["core"] = [401, None]
        s.truth.allowed.update(("sec_agree_verify_mismatch",
                                "sec_agree_required",
                                "challenge_unanswered"))
    else:
        legs = s.up(auth)
        events = first_events(legs[:1])
        s.sar()
        s.accept(legs)
    needs = ("gm", "core") if s.security == "esp" else ("gm",)
    s.truth.must("sec_agree_verify_mismatch", events, needs)


def protected_in_vain(s, rule, spoil):
    """The UE's second REGISTER goes out in ESP, and the P-CSCF drops it."""
    s.scheme, s.security = "aka", "esp"
    s.challenged()
    spoil(s)
    legs = s.start_register_unheard(s.credentials())
    s.wait(32.5)
    legs[0].is_open = False
    s.attempt.status = {"gm": [None, 401], "core": 401}
    causes = [rule, "register_unanswered", "ipsec_unanswered"]
    open_ends = ["unanswered", "challenged", "incomplete"]
    s.expect(open_ends, causes,
             gm=(open_ends, causes + ["challenge_unanswered", None]),
             gm_cx=(open_ends, causes + ["challenge_unanswered", None]),
             core=(["challenged", "incomplete"],
                   ["challenge_unanswered", None]))
    s.truth.must(rule, legs[0].events, ("gm", "core"))
    s.truth.allowed.update(causes + ["challenge_unanswered"])


@story(gm_udp, cx_only, lasting)
def esp_unanswered(s):
    protected_in_vain(s, "ipsec_unanswered", lambda s: None)


@story(gm_udp, cx_only, lasting)
def esp_other_key(s):
    """The UE has another IK: its card and the HSS do not agree."""
    def spoil(s):
        s.use_sa = dataclasses.replace(s.use_sa, ik=s.rng.randbytes(16))
    protected_in_vain(s, "ipsec_integrity_failed", spoil)


@story(gm_udp, cx_only, lasting)
def esp_other_spi(s):
    def spoil(s):
        server = dict(s.use_sa.server, **{"spi-s": 77777777})
        s.use_sa = dataclasses.replace(s.use_sa, server=server)
        right = s.offer
        s.verify_text = lambda: right.text(right.server, "q=0.1;")
    protected_in_vain(s, "ipsec_spi_unknown", spoil)


@story(gm_udp, cx_only, lasting)
def no_common_algorithm(s):
    """The P-CSCF takes what was not offered; the UE stops."""
    s.scheme, s.security = "aka", "clear"
    s.make_offer()
    s.offer.client["alg"] = "hmac-md5-96"
    events = s.challenged()
    s.attempt.status = {"gm": 401, "core": 401}
    s.expect("challenged", ["sec_agree_no_common_algorithm"],
             core=(["challenged", "incomplete"],
                   ["challenge_unanswered", None]))
    s.truth.must("sec_agree_no_common_algorithm", events, ("gm",))
    s.truth.allowed.add("challenge_unanswered")


@story(gm_udp, lasting)
def fragment_lost(s):
    """Something on the way to the P-CSCF drops all but first fragments."""
    events = s.challenged()
    s.contact_extra += ";x=" + "y" * 2500
    s.only_first = True
    legs = s.start_register_unheard(s.credentials())
    s.wait(32.5)
    s.only_first = False
    legs[0].is_open = False
    causes = ["sip_fragment_lost", "challenge_unanswered", None]
    s.attempt.status = {"gm": [401, None], "core": 401}
    s.expect(["challenged", "unanswered", "incomplete"], causes)
    s.truth.must("sip_fragment_lost", legs[0].events)
    s.truth.allowed.update(causes[:2])


@story(gm_udp, cx_only)
def agreement_required(s):
    """494 to the first REGISTER (not what IMS does), and the UE stops."""
    s.scheme, s.security = "aka", "clear"
    s.make_offer()
    refused_by_pcscf(s, 494, "Security Agreement Required",
                     "sec_agree_required",
                     [("Security-Server",
                       s.offer.text(s.offer.server, "q=0.1;"))])


@story(gm_udp, cx_only, lasting)
def no_security_server(s):
    s.scheme, s.security = "aka", "clear"
    legs = s.up()
    s.mar()
    events = s.challenge(legs, change={("ue", "pcscf"): lambda m: m.set(
        "WWW-Authenticate", m.get("WWW-Authenticate").split(", ck=")[0])})
    s.attempt.status = {"gm": 401, "core": 401}
    s.expect("challenged", ["sec_agree_no_security_server",
                            "challenge_unanswered"],
             core=(["challenged", "incomplete"],
                   ["challenge_unanswered", None]))
    s.truth.must("sec_agree_no_security_server", events, ("gm",))
    s.truth.allowed.add("challenge_unanswered")


@story(gm_udp, cx_only)
def register_420_sec_agree(s):
    """The P-CSCF leaves Proxy-Require in; the I-CSCF is strict."""
    s.scheme, s.security = "aka", "clear"
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf",
         change=lambda m: m.add("Proxy-Require", "sec-agree"))
    events = s.down(legs, 420, "Bad Extension",
                    [("Unsupported", "sec-agree")])
    s.expect("rejected", "sip_420_sec_agree",
             gm=("rejected", "sip_420_sec_agree"))
    s.truth.must("sip_420_sec_agree", events)


@story()
def register_420_path(s):
    legs = s.start_register()
    s.on(legs, "pcscf", "icscf")
    events = s.down(legs, 420, "Bad Extension", [("Unsupported", "path")])
    s.expect("rejected", ["sip_bad_extension", "path_missing"],
             gm=("rejected", ["sip_bad_extension", "path_missing"]))
    s.truth.must(["sip_bad_extension", "path_missing"], events)


@story(gm_udp, cx_only)
def reinvite_420_sec_agree(s):
    """The original case: stripped from the INVITE, not from the re-INVITE."""
    s.scheme, s.security = "aka", s.rng.choice(("esp", "clear"))
    s.registered()
    s.think(1, 4)
    s.call_begins()
    events = s.in_call("INVITE", 2, change=lambda m: None, status=420,
                       reason="Bad Extension",
                       headers=[("Unsupported", "sec-agree")])
    s.in_call("BYE", 3)
    needs = () if s.security == "clear" else ("core",)
    s.truth.must("sip_420_sec_agree", events, needs)


@story()
def invite_420_other(s):
    any_security(s, ("esp", None))
    s.registered()
    s.think(1, 4)
    s.call_tag, s.call_to = s.token(4), None
    s.call = s.token()
    events = s.in_call("INVITE", 1, [("Require", "precondition")],
                       status=420, reason="Bad Extension",
                       headers=[("Unsupported", "precondition")])
    needs = ("core",) if s.security else ()
    s.truth.must("sip_bad_extension", events, needs)


@story()
def third_party_refused(s):
    s.challenged()
    s.register(third_party=False)
    events = s.third_party(status=403, reason="Forbidden")
    s.truth.must("third_party_register_failed", events)


@story(core_udp, lasting)
def third_party_unanswered(s):
    s.challenged()
    s.register(third_party=False)
    events = s.third_party(status=None)
    s.truth.must("third_party_register_failed", events)
