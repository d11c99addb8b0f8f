# SPDX-License-Identifier: GPL-2.0-or-later
"""Kamailio as P-, I- and S-CSCF: its configuration, written from the files in
kamailio/, where @NAME@ stands for what is filled in here."""

import contextlib
import json
import pathlib
import re
import socket
import sqlite3

import plan

from .processes import Process, wait_until

_HERE = pathlib.Path(__file__).parent / "kamailio"
_SCHEMAS = pathlib.Path("/usr/share/kamailio/db_sqlite")
_ROLES = {"pcscf": "P-CSCF", "icscf": "I-CSCF", "scscf": "S-CSCF"}

# Tables that ims_icscf reads; Debian brings them for MySQL only.
_ICSCF_TABLES = f"""
CREATE TABLE nds_trusted_domains (
  id INTEGER PRIMARY KEY, trusted_domain VARCHAR(83));
CREATE TABLE s_cscf (
  id INTEGER PRIMARY KEY, name VARCHAR(83), s_cscf_uri VARCHAR(83));
CREATE TABLE s_cscf_capabilities (
  id INTEGER PRIMARY KEY, id_s_cscf INTEGER, capability INTEGER);
INSERT INTO nds_trusted_domains VALUES (1, '{plan.REALM}');
INSERT INTO s_cscf VALUES (1, 'S-CSCF', '{plan.SCSCF_URI}');
INSERT INTO s_cscf_capabilities VALUES (1, 1, 0), (2, 1, 1);
"""

# What a node sets of the P-CSCF's script, unless a scenario sets another.
TAKE_OUT = """
	remove_hf("Require");
	remove_hf("Proxy-Require");
	remove_hf("Security-Client");
	remove_hf("Security-Verify");"""
DEFAULTS = {
    "STRIP_INITIAL": TAKE_OUT,
    "CHECK_AGREEMENT": "",
    "KNOWN_TAGS": "sec-agree",
    "CX_PEER": plan.host("hss"),
    "CX_PORT": str(plan.DIAMETER_PORT),
    "WATCHDOG": "6",
}


def _values(node, run, options):
    values = {name: str(value) for name, value in vars(plan).items()
              if name.isupper() and isinstance(value, (str, int))}
    values.update({f"{n.upper()}_HOST": plan.host(n) for n in plan.NODES})
    values.update(DEFAULTS, RUN=str(run), CONFIG=str(run / node), NODE=node,
                  HOST=plan.host(node), ROLE=_ROLES[node],
                  ADDRESS=plan.NODES[node][plan.CORE])
    values.update(options)
    return values


def fill(text, values):
    return re.sub("@([A-Z_]+)@", lambda m: values[m[1]], text)


def _make_database(node, path):
    """ims_icscf reads its own tables; pua and presence insist on theirs."""
    scripts = [_ICSCF_TABLES] if node == "icscf" else [
        (_SCHEMAS / f"{name}-create.sql").read_text()
        for name in ("standard", "presence")]
    with contextlib.closing(sqlite3.connect(path)) as database:
        for script in scripts:
            database.executescript(script)


class Kamailio:
    """One CSCF; `options` replace values of DEFAULTS."""

    def __init__(self, network, run, node, options):
        self.node = node
        self.run = run
        folder = run / node
        folder.mkdir(exist_ok=True)
        values = _values(node, run, options)
        for name in ("common.cfg", f"{node}.cfg"):
            text = (_HERE / name).read_text()
            (folder / name).write_text(fill(text, values))
        (run / f"{node}.xml").write_text(
            fill((_HERE / "peer.xml").read_text(), values))
        database = run / f"{node}.sqlite"
        if not database.exists():
            _make_database(node, database)
        self.script = folder / f"{node}.cfg"
        self._network = network
        self.process = None
        self.start()

    def start(self):
        folder = self.script.parent
        self.process = Process(self._network.inside(
            self.node, "kamailio", "-DD", "-E", "-f", str(self.script),
            "-m", "64", "-M", "8", "-Y", str(folder)),
            self.run / f"{self.node}.log")

    def mend(self, advice):
        """Ends it, and starts it with a script mended by nodes/advice.py."""
        self.end()
        included = (self.script.parent / "common.cfg").read_text()
        self.script.write_text(advice.mend(self.script.read_text(), included))
        self.start()
        self.wait_until_up()

    def call(self, method, *parameters):
        """JSON-RPC; None: no answer (yet)."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
            mine = self.run / f"{self.node}.me"
            mine.unlink(missing_ok=True)
            client.bind(str(mine))
            client.settimeout(1)
            try:
                client.sendto(json.dumps({
                    "jsonrpc": "2.0", "method": method, "id": 1,
                    "params": parameters}).encode(),
                    str(self.run / f"{self.node}.rpc"))
                return json.loads(client.recv(65536)).get("result")
            except OSError:
                return None

    def wait_until_up(self):
        def answers():
            self.process.check()
            return self.call("core.uptime")
        wait_until(answers, f"{self.node} answers", 15)

    def end(self):
        self.process.end()
