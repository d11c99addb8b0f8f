# SPDX-License-Identifier: GPL-2.0-or-later
"""What two reports say, without the names in it."""


def frames(finding):
    return [(f["capture"], f["frame"]) for f in finding["frames"]]


def role(node):
    """The role in "HSS 10.0.0.1:3868"; of an address without one nothing."""
    return node.split(" ")[0] if " " in node else None


def step(entry):
    frame = entry["frame"]
    return (frame["capture"], frame["frame"], entry["time"], entry["leg"],
            entry["protocol"], entry["message"], entry["copies"],
            role(entry["from"]), role(entry["to"]))


def registration(entry):
    return ("registration", entry["id"], entry["ims"], entry["kind"],
            entry["outcome"], entry["cause"], entry["status"],
            entry["expires"], entry["start"], entry["end"], entry["legs"],
            [step(s) for s in entry["steps"]])


def finding(entry):
    signature = entry.get("signature")
    return ("finding", entry["id"], entry["rule"], entry["severity"],
            entry["confidence"], entry["registration"], entry["time"],
            frames(entry), signature and signature["name"])


def exchange(entry):
    return ("exchange", entry["id"], entry["registration"],
            entry["application"], entry["command"], entry["request"],
            entry["answer"], entry["result"], entry["latency_ms"])


def statements(report):
    """Each as a text, in order."""
    said = [registration(r) for r in report["registrations"]]
    said += [finding(f) for f in report["findings"]]
    said += [exchange(e) for e in report["exchanges"]]
    said += sorted(("node", n["roles"], n["confidence"])
                   for n in report["nodes"])
    said += [("capture", c["packets"], c["bytes"], c["sip_messages"],
              c["diameter_messages"], c["tls_packets"], c["esp_packets"],
              c["undecoded_packets"]) for c in report["captures"]]
    said.append(("summary", report["summary"]))
    return [repr(s) for s in said]


def differences(report, other):
    """Lines that tell them apart; none: they say the same."""
    left, right = statements(report), statements(other)
    return ([f"- {line}" for line in left if line not in right]
            + [f"+ {line}" for line in right if line not in left])
