# SPDX-License-Identifier: GPL-2.0-or-later
"""What is played in the laboratory. A scenario is a function that is given a
Core, with what imsleuth has to say of it as arguments of its decorator; its
name, with dashes, is that of the function, its story the docstring."""

import dataclasses
import importlib
import pkgutil

import plan

_scenarios = {}


@dataclasses.dataclass
class Scenario:
    name: str
    story: str
    play: object
    registrations: list  # see registration()
    errors: set          # rules of findings with severity error
    warnings: set        # and of severity warning
    may: set             # rules of warnings that depend on the moment
    notes: set           # some that have to be among those of severity note
    short: bool          # belongs to those that are always run


def registration(who, kind="initial", outcome="registered", cause=None,
                 status=200, impi=None):
    """One registration as it has to be in the report; any value may be a list
    of those that are right. `impi`: if not that of the plan."""
    known = plan.SUBSCRIBERS.get(who, plan.STRANGER)
    return {"impi": impi or known["impi"], "impu": known["impus"][0],
            "kind": kind, "outcome": outcome, "cause": cause,
            "status": status}


def third_party(who, outcome="registered", cause=None, status=200):
    return registration(who, "third-party", outcome, cause, status)


def scenario(registrations, errors=(), warnings=(), may=(), notes=(),
             short=False):
    def keep(function):
        name = function.__name__.replace("_", "-")
        _scenarios[name] = Scenario(
            name, " ".join(function.__doc__.split()), function,
            list(registrations), set(errors), set(warnings), set(may),
            set(notes), short)
        return function
    return keep


def all_scenarios():
    """By name, in the order of the files and in them."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(_scenarios)
