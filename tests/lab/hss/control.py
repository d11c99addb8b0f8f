# SPDX-License-Identifier: GPL-2.0-or-later
"""Orders to a running HSS: {"do": "faults", "faults": {...}} (faults.py),
wrong_xres, terminate and push_profile (with "impi"), peers."""

import json
import socket


def order(control, **what):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(str(control))
        connection.sendall(json.dumps(what).encode() + b"\n")
        return json.loads(connection.makefile().readline())
