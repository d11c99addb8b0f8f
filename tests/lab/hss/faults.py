# SPDX-License-Identifier: GPL-2.0-or-later
"""What the HSS is told to do wrong: {"UAR": {...}, "CER": {...}}.

  answer    "none": never; else it answers
  delay     seconds until it answers
  result    this Result-Code instead of what would be right
  experimental  the same in Experimental-Result
  protocol  this Result-Code in a message with the E bit
  times     how often, then it does right (for ever, if absent)
"""

from .cx import experimental, result
from .wire import ERROR

_KEYS = {"answer", "delay", "result", "experimental", "protocol", "times"}


class Faults:
    def __init__(self):
        self._by_command = {}

    def set(self, table):
        for command, fault in table.items():
            unknown = set(fault) - _KEYS
            if unknown:
                raise ValueError(f"{command}: {', '.join(sorted(unknown))}")
        self._by_command = {k: dict(v) for k, v in table.items()}

    def take(self, command):
        """The fault for one request of this command; {}: none."""
        fault = self._by_command.get(command, {})
        if "times" in fault:
            if fault["times"] <= 0:
                return {}
            fault["times"] -= 1
        return fault


def spoil(fault, avps):
    """Flags and AVPs that are sent instead."""
    if "protocol" in fault:
        return ERROR, result(fault["protocol"])
    if "result" in fault:
        return 0, result(fault["result"])
    if "experimental" in fault:
        return 0, experimental(fault["experimental"])
    return 0, avps
