# SPDX-License-Identifier: GPL-2.0-or-later
"""Who is subscribed, what the HSS keeps of each, and their service profile."""

import hashlib
from xml.sax.saxutils import escape

from .milenage import Milenage

REGISTERED, UNREGISTERED, NOT_REGISTERED = "registered", "unregistered", "not"


class Subscriber:
    """One IMPI and its IMPUs. `record` is plain data, as plan.py writes it."""

    def __init__(self, record, realm):
        self.impi = record["impi"]
        self.impus = record["impus"]
        self.password = record.get("password", "")
        self.scheme = record.get("scheme", "Digest-AKAv1-MD5")
        self.realm = realm
        self.sim = Milenage(bytes.fromhex(record["k"]),
                            bytes.fromhex(record["opc"]))
        self.sqn = record.get("sqn", 1)
        self.filters = record.get("filters", [])
        self.state = NOT_REGISTERED
        self.scscf = None  # its name, as long as it is assigned
        self.origin_host = None

    def leave(self):
        self.state, self.scscf = NOT_REGISTERED, None

    def next_sqn(self):
        sqn = self.sqn
        self.sqn += 1
        return sqn.to_bytes(6, "big")

    def ha1(self):
        text = f"{self.impi}:{self.realm}:{self.password}"
        return hashlib.md5(text.encode()).hexdigest()

    def profile(self):
        """TS 29.228 annexes B and E."""
        identities = "".join(
            "<PublicIdentity><Identity>%s</Identity></PublicIdentity>"
            % escape(impu) for impu in self.impus)
        filters = "".join(_criterion(priority, f)
                          for priority, f in enumerate(self.filters))
        return ('<?xml version="1.0" encoding="UTF-8"?><IMSSubscription>'
                f"<PrivateID>{escape(self.impi)}</PrivateID><ServiceProfile>"
                f"{identities}{filters}</ServiceProfile></IMSSubscription>"
                ).encode()


def _criterion(priority, chosen):
    """A filter: REGISTER, or INVITE to one Request-URI, goes to a server."""
    points = [f"<Method>{chosen['method']}</Method>"]
    if "to" in chosen:
        points.append(f"<RequestURI>{escape(chosen['to'])}</RequestURI>")
    points = "".join(
        "<SPT><ConditionNegated>0</ConditionNegated>"
        f"<Group>{group}</Group>{point}</SPT>"
        for group, point in enumerate(points))
    return (f"<InitialFilterCriteria><Priority>{priority}</Priority>"
            "<TriggerPoint><ConditionTypeCNF>1</ConditionTypeCNF>"
            f"{points}</TriggerPoint><ApplicationServer><ServerName>"
            f"{escape(chosen['server'])}</ServerName><DefaultHandling>0"
            "</DefaultHandling></ApplicationServer></InitialFilterCriteria>")


class Register:
    """All of them, found by either identity."""

    def __init__(self, records, realm):
        self.all = [Subscriber(r, realm) for r in records]

    def by_impi(self, impi):
        return next((s for s in self.all if s.impi == impi), None)

    def by_impu(self, impu):
        return next((s for s in self.all if impu in s.impus), None)
