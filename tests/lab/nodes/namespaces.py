# SPDX-License-Identifier: GPL-2.0-or-later
"""A network namespace a node, two bridges between them.

The whole laboratory runs in one process namespace (see scripts/lab), so that
nothing outlives it: neither a process nor a namespace, which are only held
open here. The bridges are in the namespace that lab.py itself is in.
"""

import contextlib
import ctypes
import os
import subprocess

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


class Unavailable(Exception):
    """This machine has no namespaces, or none for us."""


def _check(status):
    if status != 0:
        raise Unavailable(os.strerror(ctypes.get_errno()))


def _run(*command):
    done = subprocess.run(command, capture_output=True, text=True,
                          check=False)
    if done.returncode:
        raise Unavailable(f"{' '.join(command)}: {done.stderr.strip()}")


class Network:
    """`nodes`: name to {bridge: address}, as in plan.py."""

    def __init__(self, nodes):
        self._home = os.open("/proc/self/ns/net", os.O_RDONLY)
        self._spaces = {}
        _run("ip", "link", "set", "lo", "up")
        bridges = sorted({b for links in nodes.values() for b in links})
        for bridge in bridges:
            _run("ip", "link", "add", bridge, "type", "bridge",
                 "mcast_snooping", "0")
            _run("sysctl", "-qw", f"net.ipv6.conf.{bridge}.disable_ipv6=1")
            _run("ip", "link", "set", bridge, "up")
        for name, links in nodes.items():
            self._add(name, links)

    def _add(self, name, links):
        _check(_libc.unshare(_CLONE_NEWNET))
        try:
            self._spaces[name] = os.open("/proc/thread-self/ns/net",
                                         os.O_RDONLY)
        finally:
            _check(_libc.setns(self._home, _CLONE_NEWNET))
        commands = ["ip link set lo up"]
        for bridge, address in links.items():
            outer = f"{name}-{bridge}"
            _run("ip", "link", "add", outer, "type", "veth", "peer", "name",
                 bridge, "netns", self._path(name))
            _run("sysctl", "-qw", f"net.ipv6.conf.{outer}.disable_ipv6=1")
            _run("ip", "link", "set", outer, "master", bridge, "up")
            commands += [
                f"sysctl -qw net.ipv6.conf.{bridge}.disable_ipv6=1",
                # Checksums and segments as they would be on a wire.
                f"ethtool -K {bridge} tx off tso off gso off gro off",
                f"ip address add {address}/24 dev {bridge}",
                f"ip link set {bridge} up"]
        _run(*self.inside(name, "sh", "-ec", "; ".join(commands)
                          + "; exit 0"))

    @contextlib.contextmanager
    def on(self, name):
        """What is opened within belongs to that node: its sockets."""
        _check(_libc.setns(self._spaces[name], _CLONE_NEWNET))
        try:
            yield
        finally:
            _check(_libc.setns(self._home, _CLONE_NEWNET))

    def _path(self, name):
        return f"/proc/{os.getpid()}/fd/{self._spaces[name]}"

    def inside(self, name, *command):
        """The command line that runs `command` on that node."""
        return ["nsenter", f"--net={self._path(name)}", "--", *command]
