# SPDX-License-Identifier: GPL-2.0-or-later
"""The IMS core of one scenario: built, asked, taken down."""

import contextlib
import json
import pathlib
import subprocess
import sys
import time

import plan
from hss.control import order

from .capture import Capture
from .dns import Dns
from .kamailio import Kamailio
from .namespaces import Network
from .processes import Process, wait_until

_TOP = pathlib.Path(__file__).parent.parent
CSCFS = ("pcscf", "icscf", "scscf")


def _point_to_dns(run):
    """For all nodes: they have the mount namespace of lab.py."""
    resolver = run / "resolv.conf"
    resolver.write_text(f"nameserver {plan.DNS}\noptions timeout:1\n")
    subprocess.run(["mount", "--bind", str(resolver), "/etc/resolv.conf"],
                   check=True)


def _hide_tmp():
    """Kamailio's cdp makes pipes in /tmp that are named by process numbers,
    which are the same in each laboratory."""
    subprocess.run(["mount", "-t", "tmpfs", "tmp", "/tmp"], check=True)


class Core:
    """`run`: folder for configuration and what processes say; `capture`:
    path of the capture, which begins before any node does; `programs`:
    folder of what is built from programs/; `imsleuth`: the program."""

    def __init__(self, run, capture, programs, imsleuth):
        self.run = run
        self.imsleuth = imsleuth
        self.programs = programs
        self.network = Network(plan.NODES)
        self.control = run / "hss.control"
        self.journal = run / "hss.journal"
        self.cscfs = {}
        self._n_exchanges_before = 0
        self.hss = None
        self._others = []
        _hide_tmp()
        _point_to_dns(run)
        self.names = Dns(self.network)
        self.capture = Capture(capture, run / "dumpcap.log")

    def start_hss(self, **changes):
        config = self.run / "hss.json"
        config.write_text(json.dumps({
            "host": plan.host("hss"), "realm": plan.REALM,
            "address": plan.HSS, "port": plan.DIAMETER_PORT,
            "scscf": plan.SCSCF_URI, "journal": str(self.journal),
            "subscribers": list(plan.SUBSCRIBERS.values()), **changes}))
        self.control.unlink(missing_ok=True)
        self.hss = self.start("hss", "hss", sys.executable, "-m", "hss",
                              str(config), str(self.control), cwd=_TOP)
        wait_until(self.control.exists, "the HSS listens")

    def start(self, node, name, *command, **more):
        """A process on a node, ended with the core."""
        process = Process(self.network.inside(node, *command),
                          self.run / f"{name}.log", **more)
        self._others.append(process)
        return process

    def _leave_ipsec_to_the_ports(self):
        """ims_ipsec_pcscf sets up policies and associations; without ESP in
        this kernel (or with it: our phone has none) the protected ports are
        to be used in clear."""
        settings = [f"net.ipv4.conf.{i}.disable_{what}=1"
                    for i in ("all", "default", plan.ACCESS)
                    for what in ("policy", "xfrm")]
        subprocess.run(self.network.inside(
            "pcscf", "sysctl", "-qe", "-w", *settings), check=True)

    def start_cscfs(self, names=CSCFS, **options):
        """`options`: values for nodes/kamailio, of all or by node: a value
        of `pcscf` is a table for it alone."""
        self._leave_ipsec_to_the_ports()
        for node in names:
            own = {k: v for k, v in options.items() if k not in CSCFS}
            own.update(options.get(node, {}))
            self.cscfs[node] = Kamailio(self.network, self.run, node, own)
        for node in names:
            self.cscfs[node].wait_until_up()

    def wait_for_cx(self, peers=("icscf", "scscf")):
        """Until the HSS has heard of all of them."""
        wanted = {plan.host(p) for p in peers}
        wait_until(lambda: wanted <= set(self.order(do="peers")),
                   "Cx connections", 20)

    def wait_for_peers(self, node, peer):
        """Until that CSCF holds its connection to the peer to be open."""
        def is_open():
            told = self.cscfs[node].call("cdp.list_peers") or {}
            about = told.get("Peers", {})
            return (about.get("FQDN") == peer
                    and about["Details"]["State"] == "I_Open")
        wait_until(is_open, f"{node} is connected to {peer}", 30)

    def order(self, **what):
        return order(self.control, **what)

    def start_as(self, port=5060, *arguments):
        """The application server; `arguments` as in programs/as.c."""
        server = self.start(
            "as", f"as-{port}", str(self.programs / "as"),
            f"sip:{plan.AS}:{port};transport=udp", *arguments)
        server.wait_for("listening")

    def start_all(self, **options):
        """What a registration needs."""
        self.start_hss()
        self.start_cscfs(**options)
        self.wait_for_cx()

    def exchanges(self):
        """What the HSS says that it was asked and answered."""
        if not self.journal.exists():
            return []
        lines = self.journal.read_text().splitlines()
        return [json.loads(line) for line in lines[self._n_exchanges_before:]]

    def begin_anew(self, *interfaces):
        """Ends the capture and begins another, of those interfaces if any
        are given. Path of the first, which is kept as NAME-before."""
        self.settle()
        self._n_exchanges_before += len(self.exchanges())
        self.capture.end()
        path = self.capture.path
        before = path.with_name(path.stem + "-before.pcapng")
        path.rename(before)
        self.capture = Capture(path, self.run / "dumpcap.log", *interfaces)
        return before

    def settle(self):
        """Until nothing more comes to the HSS: a P-CSCF subscribes to what
        becomes of a registration when that is done, by itself."""
        before, still_since = None, time.monotonic()
        deadline = still_since + 3
        while time.monotonic() < min(still_since + 0.4, deadline):
            if (now := len(self.exchanges())) != before:
                before, still_since = now, time.monotonic()
            time.sleep(0.05)

    def end(self):
        self.capture.end()
        for kamailio in self.cscfs.values():
            kamailio.end()
        for process in self._others:
            with contextlib.suppress(OSError):
                process.end()
