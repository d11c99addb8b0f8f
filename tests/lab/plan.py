# SPDX-License-Identifier: GPL-2.0-or-later
"""Who is who in the laboratory: names, addresses, ports, subscribers. The
same numbering as in the captures of captures/. All invented."""

from hss.milenage import opc_of

REALM = "ims.mnc001.mcc001.3gppnetwork.org"

ACCESS, CORE = "access", "core"  # the two bridges

PCSCF_ACCESS, PCSCF_CORE = "10.70.1.1", "10.70.2.11"
ICSCF, SCSCF, HSS = "10.70.2.12", "10.70.2.13", "10.70.2.20"
DRA, AS, DNS = "10.70.2.25", "10.70.2.30", "10.70.2.53"
ICSCF_PORT, SCSCF_PORT, DIAMETER_PORT = 4060, 6060, 3868
PROTECTED_CLIENT_PORT, PROTECTED_SERVER_PORT = 5100, 6100  # the P-CSCF's
AS_REFUSING_PORT = 5080

# node: its addresses by bridge.
NODES = {
    "ue": {ACCESS: "10.70.1.101"},
    "ue2": {ACCESS: "10.70.1.102"},
    "pcscf": {ACCESS: PCSCF_ACCESS, CORE: PCSCF_CORE},
    "icscf": {CORE: ICSCF},
    "scscf": {CORE: SCSCF},
    "hss": {CORE: HSS},
    "dra": {CORE: DRA},
    "as": {CORE: AS},
    "dns": {CORE: DNS},
}


def host(node):
    return f"{node}.{REALM}"


SCSCF_URI = f"sip:{host('scscf')}:{SCSCF_PORT}"
CONFERENCE = f"sip:conference@{host('as')}"

_OP = bytes.fromhex("9a3f01c4d2e86b7705fe11284cd3a960")


def _subscriber(number, name, k, **more):
    k = bytes.fromhex(k)
    return dict({
        "name": name,
        "impi": f"00101000000000{number}@{REALM}",
        "impus": [f"sip:{name}@{REALM}", f"tel:+1555010000{number}"],
        "k": k.hex(),
        "opc": opc_of(k, _OP).hex(),
        "password": f"secret-{name}",
        "filters": [],
    }, **more)


# SIPp 3.6.1 cannot take a K that holds 0x5b ("[") or 0.
_REGISTERS = {"method": "REGISTER", "server": f"sip:{host('as')}:5060"}
_CALLS = {"method": "INVITE", "to": CONFERENCE,
          "server": f"sip:{host('as')}:5060"}
SUBSCRIBERS = {s["name"]: s for s in [
    _subscriber(1, "alice", "0f1e2d3c4a69788796a5b4c3d2e1f001",
                filters=[_REGISTERS, _CALLS]),
    _subscriber(2, "bob", "11223344596677889900aabbccddee02",
                filters=[_CALLS]),
    _subscriber(3, "carol", "2b7e151628aed2a6abf7158809cf4f03",
                scheme="SIP Digest"),
    _subscriber(4, "erin", "3c8f262739bfe3b7bc08269910df6014",
                filters=[dict(_REGISTERS, server=f"sip:{host('as')}:"
                              f"{AS_REFUSING_PORT}")]),
    _subscriber(5, "frank", "4d90373840c1f4c8cd19372921e17125"),
    # What a CSCF makes of the IMPU of one who gives no IMPI.
    _subscriber(6, "grace", "6a11472850d1f5d9de2a483a32f28236",
                impi=f"grace@{REALM}", scheme="SIP Digest"),
]}
# Nobody's: the HSS knows no zoe.
STRANGER = _subscriber(9, "zoe", "5e1148495111158ade2a481132f18236")


def sip_op():
    return _OP.hex()
