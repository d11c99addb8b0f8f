# SPDX-License-Identifier: GPL-2.0-or-later
"""What is true of a story, for each of the views that a capture can have."""

import dataclasses

SUCCESS = ("registered", "deregistered")


def as_list(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def one_or_many(values):
    values = list(dict.fromkeys(values))
    return values[0] if len(values) == 1 else values


@dataclasses.dataclass
class Attempt:
    """One registration. IMPI * is one that does not matter. STATUS is, by
    leg, the last final response: gm at the UE, core at the P-CSCF."""
    call_id: str
    impi: object
    kind: str
    outcome: object = "incomplete"
    cause: object = None
    status: dict = dataclasses.field(default_factory=dict)
    events: list = dataclasses.field(default_factory=list)
    views: dict = dataclasses.field(default_factory=dict)

    def expect(self, outcome, cause=None, **views):
        """VIEWS: (outcome, cause) where a view tells less, None where it
        tells nothing; gm_cx stands for gm+cx."""
        self.outcome, self.cause, self.views = outcome, cause, views

    def legs(self):
        return {e.leg for e in self.events if e.frames}

    def told(self, view):
        """The registration as a report should have it, or None."""
        legs = self.legs()
        judged = legs and self._judged(view)
        if not judged:
            return None
        outcome, cause = judged
        sip = legs & {"gm", "core"}
        told = {"call_id": self.call_id if sip else None,
                "impi": self.impi,
                "kind": self.kind if sip else self._kind_on_cx(),
                "outcome": outcome, "cause": cause,
                "status": self._status(legs)}
        if self.impi == "*":
            del told["impi"]
        return told

    def _kind_on_cx(self):
        """Neither Call-ID nor Contact is in Cx."""
        if self.kind in ("initial", "emergency"):
            return one_or_many([self.kind, "initial", "refresh"])
        return self.kind

    def _status(self, legs):
        """With SIP on two legs, what the UE got."""
        if "gm" in legs:
            return self.status.get("gm")
        if "core" in legs:
            return self.status.get("core")
        return None

    def _judged(self, view):
        if view.replace("+", "_") in self.views:
            return self.views[view.replace("+", "_")]
        if view == "full" or self.outcome in SUCCESS:
            return self.outcome, self.cause
        if view == "gm":
            return self.outcome, self._cause_on_gm()
        if view == "cx":
            return self._on_cx()
        if view == "core" and self.status.get("core") is None:
            return (["unanswered", "incomplete", "rejected", "challenged"],
                    as_list(self.cause) + [None, "register_unanswered"])
        return self.outcome, self.cause

    def _cause_on_gm(self):
        """Without the core, a rejection is one that nothing explains."""
        if "rejected" not in as_list(self.outcome):
            return self.cause
        seen = [c for c in as_list(self.cause)
                if c and not c.startswith(("cx_", "aka_", "digest_"))]
        if self.status.get("gm") in (408, 500, 504):
            seen.append("register_upstream_silent")
        return one_or_many(seen + ["register_rejected"])

    def _on_cx(self):
        return (["rejected", "incomplete", "unanswered", "challenged"],
                as_list(self.cause) + [None])


@dataclasses.dataclass
class Truth:
    """Of one subscriber's story."""
    name: str
    impi: str
    attempts: list = dataclasses.field(default_factory=list)
    musts: list = dataclasses.field(default_factory=list)
    allowed: set = dataclasses.field(default_factory=set)
    allowed_in_loss: set = dataclasses.field(default_factory=set)
    # What failed to the UE, whose leg may be all that is left.
    failures_in_loss: set = dataclasses.field(default_factory=set)
    call_ids: set = dataclasses.field(default_factory=set)
    exchanges: list = dataclasses.field(default_factory=list)

    def must(self, rule, events, needs=(), is_error=True):
        """A finding of RULE (or one of several) that has one of EVENTS as
        evidence, wherever a leg of one of NEEDS' sets is in the capture."""
        self.musts.append((rule, events, needs))
        if is_error:
            self.allowed.update(as_list(rule))

    def told(self, world):
        view = world.shape.view
        registrations = [told for a in self.attempts
                         if (told := a.told(view)) is not None]
        allowed = set(self.allowed)
        for r in registrations:
            allowed.update(c for c in as_list(r["cause"]) if c)
        in_loss = set(self.allowed_in_loss)
        if any("rejected" in as_list(r["outcome"]) for r in registrations):
            # What explains a rejection may be what is missing.
            in_loss.add("register_rejected")
        return {"story": self.name, "impi": self.impi,
                "call_ids": sorted(self.call_ids),
                "allowed_in_loss": sorted(in_loss),
                "failures_in_loss": sorted(self.failures_in_loss),
                "registrations": registrations,
                "findings_must": self._musts(world),
                "errors_allowed": sorted(allowed)}

    def _musts(self, world):
        out = []
        for rule, events, needs in self.musts:
            frames = sorted(n for e in events for n in e.frames)
            if frames and all(map(world.is_seen, needs)):
                out.append({"rule": rule, "frames_any": frames})
        return out
