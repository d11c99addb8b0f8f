# SPDX-License-Identifier: GPL-2.0-or-later
"""Carries out what imsleuth advises against a 420 for sec-agree: its words,
taken from the report, on the configuration file that they are about."""

import dataclasses
import re

from .processes import Failed

# "as where initial requests and REGISTER are": these, in our P-CSCF.
_INITIAL_ROUTES = ("ORIGINATING", "REGISTER")
# "It stands in for any regular expression that does so now."
_NOW = re.compile(r'^\s*(?:subst_hf|remove_hf)\("(?:Require|Proxy-Require|'
                  r'Security-Client|Security-Verify)".*\);\n', re.MULTILINE)


@dataclasses.dataclass
class Advice:
    modules: list   # to load
    block: str      # route[...] { ... } to add
    call: str       # statement to put
    ahead_of: str   # another, in front of which
    routes: list    # where

    @classmethod
    def read(cls, text):
        """The parts of the sentence about Kamailio."""
        match = re.search(
            r"Kamailio: load (?P<modules>[\w.]+\.so(?: and [\w.]+\.so)*), "
            r"add (?P<block>route\[\w+\] \{.*?\}) "
            r"and call (?P<call>route\(\w+\);) ahead of (?P<ahead>[\w()]+) "
            r"where requests within a dialog are routed "
            r"\((?P<routes>[^)]*)\), as where initial requests and REGISTER "
            r"are\.", text)
        if not match:
            raise Failed(f"no advice that can be carried out: {text}")
        return cls(match["modules"].split(" and "), match["block"],
                   match["call"], match["ahead"],
                   re.findall(r"route\[(\w+)\]", match["routes"]))

    def mend(self, script, included):
        """The script, mended; `included` is what it includes."""
        for module in self.modules:
            if f'"{module}"' not in script + included:
                script = script.replace(
                    "loadmodule", f'loadmodule "{module}"\nloadmodule', 1)
        script = _NOW.sub("", script)
        places = [r for r in (*self.routes, *_INITIAL_ROUTES)
                  if f"\nroute[{r}] {{" in script]
        if not set(places) & set(self.routes):
            raise Failed(f"none of {self.routes} is in the script")
        for route in places:
            script = self._put(script, route)
        return f"{script}\n{self.block}\n"

    def _put(self, script, route):
        start = script.index(f"\nroute[{route}] {{")
        end = script.index("\n}\n", start)
        body = re.sub(rf"^(\s*)({re.escape(self.ahead_of)};)$",
                      rf"\1{self.call}\n\1\2", script[start:end],
                      flags=re.MULTILINE)
        return script[:start] + body + script[end:]
