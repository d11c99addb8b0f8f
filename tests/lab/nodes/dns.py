# SPDX-License-Identifier: GPL-2.0-or-later
"""A name server that knows the nodes' addresses and nothing else."""

import ipaddress
import socket
import struct
import threading

import plan

_A, _IN, _TTL_S = 1, 1, 60
_ANSWER, _NO_SUCH_NAME = 0x8580, 0x8583  # authoritative, recursion "available"


def _read_name(query):
    """The name asked for, and where its type begins (RFC 1035 4.1.2)."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("ascii"))
        at += 1 + query[at]
    return ".".join(labels).lower(), at + 1


def respond(query, addresses):
    """The response; ValueError and the like for what is no query."""
    name, at = _read_name(query)
    kind, _ = struct.unpack_from("!HH", query, at)
    question = query[12:at + 4]
    address = addresses.get(name)
    flags = _ANSWER if address else _NO_SUCH_NAME
    answer = b""
    if address and kind == _A:
        answer = struct.pack("!HHHIH4s", 0xC00C, _A, _IN, _TTL_S, 4,
                             ipaddress.IPv4Address(address).packed)
    return query[:2] + struct.pack("!HHHHH", flags, 1, bool(answer), 0,
                                   0) + question + answer


class Dns:
    """Answers from a thread, as long as the laboratory is there."""

    def __init__(self, network):
        self._addresses = {
            plan.host(n).lower(): links[plan.CORE]
            for n, links in plan.NODES.items() if plan.CORE in links}
        with network.on("dns"):
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.bind((plan.DNS, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def rename(self, **addresses):
        """From now on these nodes have other addresses."""
        for node, address in addresses.items():
            self._addresses[plan.host(node).lower()] = address

    def _serve(self):
        while True:
            query, source = self._socket.recvfrom(512)
            try:
                self._socket.sendto(respond(query, self._addresses), source)
            except (ValueError, IndexError, struct.error):
                continue
