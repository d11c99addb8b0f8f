#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Vendor signatures from the file to the report.

    signatures.py IMSLEUTH SCN2PCAPNG CAPTURES

NAME.scn beside this script has a finding that meets the signature NAME of the
shipped file; not-NAME.scn is near to that and has none. A user's file changes
what is said; one that is wrong ends the program before it reads a capture.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
LIBRARY = HERE.parent / "scn" / "lib"
UNKNOWN = "02_unknown_user_uaa5001_403.pcapng"
MINE = """[mine]
product = Our core
says = It is known to us.
source = our own notes
reason = Forbidden - HSS *
"""
WRONG = """[kamailio-hss-user-unknown]
product = Kamailio
says = So it is.
source = nowhere
status = forbidden
"""


class Case:
    def __init__(self, imsleuth, scn2pcapng, captures, folder):
        self.imsleuth = pathlib.Path(imsleuth).resolve()
        self.scn2pcapng = scn2pcapng
        self.captures = pathlib.Path(captures)
        self.folder = folder

    def run(self, *arguments, config="none", program=None):
        environment = {**os.environ,
                       "XDG_CONFIG_HOME": str(self.folder / config)}
        return subprocess.run(
            [program or self.imsleuth, *arguments], text=True,
            env=environment, capture_output=True, check=False, timeout=60)

    def config(self, name, text):
        path = self.folder / name / "imsleuth" / "signatures.conf"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        return path

    def names(self, capture, *options, **more):
        """Of each finding that has one."""
        done = self.run("-f", "json", *options, capture, **more)
        assert done.returncode in (0, 1), done.stderr
        assert done.stderr == "" or "program" in more, done.stderr
        return [finding["signature"]["name"]
                for finding in json.loads(done.stdout)["findings"]
                if finding["signature"]]


def scenarios_meet_their_signature(case):
    found = sorted(HERE.glob("*.scn"))
    assert found
    for path in found:
        capture = case.folder / f"{path.stem}.pcapng"
        subprocess.run([case.scn2pcapng, LIBRARY, path, capture], check=True)
        names = case.names(capture)
        expected = [] if path.stem.startswith("not-") else [path.stem]
        assert names == expected, (path.name, names)


def the_report_says_what_is_known(case):
    text = case.run(case.captures / UNKNOWN).stdout
    assert "  Known: Kamailio (ims_icscf: cxdx_uar.c" in text, text
    assert text.index("  Known: ") < text.index("  Do: "), text
    told = case.run("explain", "cx_mislabelled_result").stdout
    assert "\nKnown deviations\n  Open5GS (HSS: hss-cx-path.c): " in told


def a_users_file_changes_what_is_said(case):
    case.config("mine", MINE)
    assert case.names(case.captures / UNKNOWN, config="mine") == ["mine"]
    text = case.run(case.captures / UNKNOWN, config="mine").stdout
    assert "  Known: Our core: It is known to us.\n" in text, text
    case.config("off", "[kamailio-hss-user-unknown]\ndisabled = true\n")
    assert case.names(case.captures / UNKNOWN, config="off") == []


def a_file_may_be_named(case):
    path = case.folder / "named.conf"
    path.write_text(MINE.replace("[mine]", "[named]"), encoding="utf-8")
    capture = case.captures / UNKNOWN
    assert case.names(capture, "--signatures", path) == ["named"]
    # It goes before the user's own.
    assert case.names(capture, "--signatures", path,
                      config="mine") == ["named"]


def the_manuals_example_is_right(case):
    """All of it: it adds a signature, and takes a shipped one away."""
    page = (HERE.parents[1] / "docs" / "imsleuth.1").read_text("utf-8")
    example = page[page.index(".Bd -literal\n[") + len(".Bd -literal\n"):]
    case.config("manual", example[:example.index(".Ed")])
    told = case.run("explain", "cx_authorization_rejected",
                    config="manual").stdout
    assert "\n  Lab HSS (profile of the trial): It says 5003 " in told, told
    loop = case.captures / "03d_stale_nonce_401_loop.pcapng"
    assert "kamailio-challenge" in case.names(loop)
    assert "kamailio-challenge" not in case.names(loop, config="manual")


def a_wrong_file_ends_it(case):
    path = case.config("wrong", WRONG)
    line = (f"imsleuth: {path}: [kamailio-hss-user-unknown] status: "
            "'forbidden' is not a status from 100 to 699\n")
    for arguments in ([case.captures / UNKNOWN], [case.folder / "no.pcap"]):
        done = case.run(*arguments, config="wrong")
        assert (done.returncode, done.stdout) == (2, ""), done
        assert done.stderr == line, done.stderr
    done = case.run("--signatures", case.folder / "no.conf",
                    case.captures / UNKNOWN)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr == (f"imsleuth: {case.folder}/no.conf: No such file "
                           "or directory\n"), done.stderr


def without_the_shipped_file_it_goes_on(case):
    """The program alone, in a folder with nothing above it."""
    program = case.folder / "imsleuth"
    program.write_bytes(case.imsleuth.read_bytes())
    program.chmod(0o755)
    done = case.run(case.captures / UNKNOWN, program=program)
    assert done.returncode == 1 and "HSS User Unknown" in done.stdout, done
    if "is not installed" not in done.stderr:
        print("    (it is installed on this machine)")
        return
    assert done.stderr.count("\n") == 1, done.stderr
    assert case.names(case.captures / UNKNOWN, program=program) == []


PROMISES = [
    scenarios_meet_their_signature,
    the_report_says_what_is_known,
    a_users_file_changes_what_is_said,
    a_file_may_be_named,
    the_manuals_example_is_right,
    a_wrong_file_ends_it,
    without_the_shipped_file_it_goes_on,
]


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        case = Case(*sys.argv[1:], pathlib.Path(name))
        for promise in PROMISES:
            try:
                promise(case)
                print(f"ok      {promise.__name__}")
            except AssertionError as error:
                failed += 1
                print(f"not ok  {promise.__name__}: {str(error)[:2000]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
