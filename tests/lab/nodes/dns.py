# SPDX-License-Identifier: GPL-2.0-or-later
"""dnsmasq, which knows the nodes and nothing else."""

import plan

from .processes import Process


class Dns:
    """`others`: addresses by node, instead of those of the plan."""

    def __init__(self, network, run, **others):
        addresses = {n: links[plan.CORE] for n, links in plan.NODES.items()
                     if plan.CORE in links}
        addresses.update(others)
        records = [f"--host-record={plan.host(n)},{a}"
                   for n, a in addresses.items()]
        self.process = Process(network.inside(
            "dns", "dnsmasq", "--keep-in-foreground", "--no-resolv",
            "--no-hosts", "--conf-file=/dev/null", "--user=root",
            "--pid-file=", "--log-facility=-", f"--local=/{plan.REALM}/",
            f"--listen-address={plan.DNS}", "--bind-interfaces", *records),
            run / "dns.log")
        self.process.wait_for("started")
