#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin promises besides the engine's words.

    behaviour.py PLUGIN_DIR IMSLEUTH CAPTURES

One function a promise; each is run, and its name printed.
"""
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys

from running import (ENDED_WELL, Shark, Wireshark, keep, wireshark_version,
                     wireshark_with)

ENTRIES = {"plugin_version", "plugin_want_major", "plugin_want_minor",
           "plugin_register", "plugin_describe"}
CALL = "09a_reinvite_420_sec_agree.pcapng"
AKA = "01d_reg_sipp_aka.pcapng"
UNKNOWN = "02_unknown_user_uaa5001_403.pcapng"
# Every allocation of Wireshark's pools by itself and checked.
STRICT = {"WIRESHARK_ABORT_ON_DISSECTOR_BUG": "1",
          "WIRESHARK_DEBUG_WMEM_OVERRIDE": "strict"}


class Case:
    def __init__(self, plugin_dir, imsleuth, captures, wireshark):
        self.plugin_dir = pathlib.Path(plugin_dir)
        self.imsleuth = imsleuth
        self.captures = pathlib.Path(captures)
        self.wireshark = wireshark

    def capture(self, name):
        return self.captures / name

    def findings(self, name, *options):
        """Frames and rules, as the command line has them."""
        out = subprocess.run(
            [self.imsleuth, "--quiet", "-f", "json", *options,
             self.capture(name)], check=False, stdout=subprocess.PIPE).stdout
        return sorted((frame["frame"], finding["rule"])
                      for finding in json.loads(out)["findings"]
                      for frame in finding["frames"])

    def told(self, name, *options):
        """The same from the plugin."""
        return sorted(
            (int(row["frame.number"][0]), rule)
            for row in self.wireshark.fields(
                self.capture(name), "imsleuth.finding", "frame.number",
                "imsleuth.finding", options=("-2", *options))
            for rule in row["imsleuth.finding"])


def only_the_entries_are_exported(case):
    plugin = next(case.plugin_dir.glob(f"{wireshark_version()}/epan/*.so"))
    out = subprocess.run(["nm", "-D", "--defined-only", plugin], check=True,
                         capture_output=True, text=True).stdout
    names = {line.split()[-1] for line in out.splitlines()
             if "__odr_asan" not in line}  # the sanitizer's own
    assert names == ENTRIES, names ^ ENTRIES


def every_rule_is_an_expert_field(case):
    rules = {rule["slug"] for rule in json.loads(subprocess.run(
        [case.imsleuth, "explain", "--json"], check=True,
        stdout=subprocess.PIPE).stdout)}
    out = case.wireshark.run("tshark", "-G", "fields").stdout
    fields = set(re.findall(r"\timsleuth\.rule\.([a-z0-9_]+)\t", out))
    assert fields == rules, fields ^ rules


def findings_are_expert_infos(case):
    rows = case.wireshark.fields(
        case.capture(CALL), "imsleuth.finding", "frame.number",
        "imsleuth.finding", "imsleuth.finding.severity",
        "_ws.expert.severity", "_ws.expert.message",
        "imsleuth.finding.summary")
    number = {"note": 4194304, "warning": 6291456, "error": 8388608}
    n = 0
    for row in rows:
        for severity, summary in zip(row["imsleuth.finding.severity"],
                                     row["imsleuth.finding.summary"]):
            assert str(number[severity]) in row["_ws.expert.severity"], row
            assert any(summary.startswith(m[:40])
                       for m in row["_ws.expert.message"]), row
            n += 1
    assert n == len(case.findings(CALL)), n
    by_field = [int(row["frame.number"][0]) for row in case.wireshark.fields(
        case.capture(CALL), "imsleuth.rule.sip_420_sec_agree",
        "frame.number")]
    expected = {frame for frame, rule in case.findings(CALL)
                if rule == "sip_420_sec_agree"}
    assert set(by_field) == expected, by_field
    listed = "\n".join(case.wireshark.lines(
        case.capture(CALL), "-2", "-q", "-z", "expert"))
    assert "for sec-agree, which UE 10.70.1.101 put in" in listed, listed


def evidence_is_marked_in_the_info_column(case):
    marked = [line for line in case.wireshark.lines(case.capture(CALL), "-2")
              if "[E sip_420_sec_agree]" in line]
    expected = {frame for frame, rule in case.findings(CALL)
                if rule == "sip_420_sec_agree"}
    assert {int(line.split()[0]) for line in marked} == expected, marked
    unmarked = case.wireshark.lines(case.capture(CALL), "-2", "-o",
                                    "imsleuth.marks:FALSE")
    assert not any("sip_420_sec_agree" in line for line in unmarked)


def thresholds_are_preferences(case):
    slow = case.findings(AKA, "--slow-answer", "0.001")
    assert slow != case.findings(AKA)
    assert case.told(AKA, "-o", "imsleuth.slow_answer:1") == slow
    assert case.told(AKA) == case.findings(AKA)


def products(case, *options):
    return {product for row in case.wireshark.fields(
        case.capture(UNKNOWN), "imsleuth.finding.product", "frame.number",
        "imsleuth.finding.product", options=("-2", *options))
        for product in row["imsleuth.finding.product"]}


def a_file_of_signatures_is_a_preference(case):
    assert products(case) == {"Kamailio"}
    path = case.wireshark.home / "mine.conf"
    path.write_text("[mine]\nproduct = Our core\nsays = So.\n"
                    "source = notes\nreason = Forbidden - HSS *\n")
    named = ("-o", f"imsleuth.signatures:{path}")
    assert products(case, *named) == {"Our core"}
    path.write_text("[mine]\nproduct = Our core\n")
    done = case.wireshark.tshark(
        case.capture(UNKNOWN), "-2", "-Y", "imsleuth.finding.product", *named)
    assert (done.returncode, done.stdout) == (0, ""), done
    assert done.stderr.count(f"imsleuth: {path}: [mine] says: is missing") \
        == 1, done.stderr


def one_pass_says_nothing_it_does_not_know(case):
    for options in (["-Y", "imsleuth"], ["-V", "-Y", "imsleuth.finding"]):
        assert case.wireshark.lines(case.capture(CALL), *options) == []
    text = case.wireshark.lines(case.capture(CALL))
    assert len(text) > 80 and not any("sip_420" in line for line in text)


def a_read_filter_is_the_capture(case):
    """-R: what does not pass is not in the file, and is not renumbered."""
    frames = [int(row["frame.number"][0]) for row in case.wireshark.fields(
        case.capture(UNKNOWN), "imsleuth.registration", "frame.number",
        options=("-2", "-R", "sip"))]
    everything = list(case.wireshark.fields(
        case.capture(UNKNOWN), "sip.CSeq.method == REGISTER",
        "frame.number", options=("-2", "-R", "sip")))
    assert frames == [int(row["frame.number"][0]) for row in everything]
    rules = case.told(UNKNOWN, "-R", "sip")
    assert "cx_user_unknown" not in {rule for _, rule in rules}, rules


def errors_of(done):
    return re.sub(r'"/[^"]*"', '""', done.stderr)


def damaged_files_do_no_harm(case):
    """Cut and spoiled anywhere: tshark ends as it does without the plugin."""
    chance = random.Random(1)
    whole = case.capture(CALL).read_bytes()
    with wireshark_with(case.plugin_dir, {}) as with_plugin, \
            Wireshark(None, {}) as without:
        for i in range(20):
            spoiled = bytearray(whole[:chance.randrange(200, len(whole))])
            for _ in range(chance.randrange(20)):
                spoiled[chance.randrange(100, len(spoiled))] = \
                    chance.randrange(256)
            path = with_plugin.home / f"spoiled{i}.pcapng"
            path.write_bytes(spoiled)
            one = with_plugin.tshark(path, "-2", "-V", "-o",
                                     "imsleuth.marks:TRUE")
            other = without.tshark(path, "-2", "-V")
            assert one.returncode == other.returncode, (i, one.stderr)
            assert one.returncode in ENDED_WELL, (i, one.stderr)
            assert errors_of(one) == errors_of(other), (i, one.stderr)


def wmem_is_used_as_it_should_be(case):
    with wireshark_with(case.plugin_dir, STRICT) as strict:
        lines = strict.lines(case.capture(CALL), "-2", "-V")
        assert any("sip_420_sec_agree" in line for line in lines)


def keys_are_not_shown(case):
    path = case.capture(AKA)
    keys = [row[field] for row in case.wireshark.fields(
        path, "diameter", "diameter.Confidentiality-Key",
        "diameter.Integrity-Key", "diameter.3GPP-SIP-Authorization")
        for field in row]
    assert any(keys), "the capture has keys"
    text = "\n".join(case.wireshark.lines(path, "-2", "-V", "-O",
                                          "imsleuth")).lower()
    ours = "\n".join(line for line in text.splitlines()
                     if line.strip().startswith("["))
    for values in keys:
        for value in values:
            assert value.replace(":", "").lower() not in ours, value


def tell(shark, case):
    """Files opened, opened again, and what was found in each."""
    names = [CALL, UNKNOWN, CALL, UNKNOWN, CALL]
    for i, name in enumerate(names):
        shark.ask("load", file=str(case.wireshark.copy(case.capture(name))))
        # It keeps what a filter gave, whatever file is open by then.
        shark.ask("frames", filter="imsleuth.finding"
                  f" and frame.number < {10000 + i}")
        shark.ask("frame", frame=1, proto=True)
    return names


def no_answer_of_another_file_is_left(case):
    shark = Shark(case.wireshark)
    names = tell(shark, case)
    answers, _ = shark.answers()
    for i, name in enumerate(names):
        frames = {frame["num"] for frame in answers[3 * i + 1]}
        expected = {frame for frame, _ in case.findings(name)}
        assert frames == expected, (name, frames ^ expected)


def nothing_is_lost_or_misused(case):
    """Files opened one after the other, under valgrind's eyes."""
    if case.wireshark.sanitizer or not shutil.which("valgrind"):
        print("        (valgrind is not there, or not for sanitizers: left out)")
        return
    shark = Shark(case.wireshark)
    tell(shark, case)
    log = case.wireshark.home / "valgrind.log"
    shark.answers("valgrind", "--leak-check=full", "--keep-debuginfo=yes",
                  "--show-leak-kinds=definite,indirect,possible",
                  f"--log-file={log}")
    blocks = re.split(r"\n==\d+== \n", log.read_text(errors="replace"))
    ours = [block for block in blocks
            if re.search(r"(at|by) 0x\w+: \S+ \((story|spool|kept|text|network"
                         r"|engine|session|show|plugin|tables|flow|menu"
                         r"|heuristics|experts|fields)\.c:", block)]
    assert "ERROR SUMMARY" in blocks[-1], log.read_text()[-2000:]
    assert not ours, ours[0]


PROMISES = [
    only_the_entries_are_exported,
    every_rule_is_an_expert_field,
    findings_are_expert_infos,
    evidence_is_marked_in_the_info_column,
    thresholds_are_preferences,
    a_file_of_signatures_is_a_preference,
    one_pass_says_nothing_it_does_not_know,
    a_read_filter_is_the_capture,
    damaged_files_do_no_harm,
    wmem_is_used_as_it_should_be,
    keys_are_not_shown,
    no_answer_of_another_file_is_left,
    nothing_is_lost_or_misused,
]


def main():
    plugin_dir, imsleuth, captures, *only = sys.argv[1:]
    chosen = [promise for promise in PROMISES
              if not only or promise.__name__ in only]
    with wireshark_with(plugin_dir) as wireshark:
        failed = keep(chosen, Case(plugin_dir, imsleuth, captures, wireshark))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
