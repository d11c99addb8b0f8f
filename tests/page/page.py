#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The HTML report in a real browser.

usage: page.py [--pictures FOLDER] [--small] IMSLEUTH SCN2PCAPNG SOURCE
       page.py --show FILE.png IMSLEUTH SCN2PCAPNG SOURCE

SOURCE is the root of the source. Reports of its captures, of hostile
scenarios (scn/) and of a large capture are opened from disk in Chromium and
worked as a reader would; what they show is compared with the JSON report of
the same capture. No page may complain, ask the network for anything, or run
what came off the wire. What failed leaves a picture in FOLDER. --small
leaves the large capture out. With --show nothing is tested: FILE.png becomes
a picture of a registration that failed, as README.md has it.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from chromium import Browser, Late, Refused, found  # noqa: E402
from content import (CONTENT, rows_are_those_of_json,  # noqa: E402
                     summary_is_that_of_json)
from reading import (FAILED, Failed, choose, expect, go,  # noqa: E402
                     holds, numbers, quiet)
from working import WORKED  # noqa: E402

SKIPPED = 77
# Of many kinds: refused, several peers, calls, RTR, silence, retransmissions.
CAPTURES = ("02_unknown_user_uaa5001_403", "04_hss_errors_uaa_maa_saa",
            "06c_rtr_with_impus_notify_to_ue_and_pcscf",
            "09a_reinvite_420_sec_agree", "15_dra_freediameter_relay",
            "18_scscf_down_icmp_504")
MANY = "04_hss_errors_uaa_maa_saa"
SHOWN = "02_unknown_user_uaa5001_403"
LARGE_MB = 130
LARGE_COUNT = 10000
LARGE_SECONDS = 2


class Reports:
    """Makes reports of captures, and captures of scenarios."""

    def __init__(self, folder, options):
        self.folder = pathlib.Path(folder)
        self.imsleuth = options.imsleuth
        self.scn2pcapng = options.scn2pcapng
        self.source = options.source
        self.n_made = 0

    def capture(self, name):
        return self.source / "captures" / f"{name}.pcapng"

    def scenario(self, name):
        path = self.folder / f"{name}.pcapng"
        subprocess.run([self.scn2pcapng, self.source / "tests/scn/lib",
                        self.source / "tests/page/scn" / f"{name}.scn", path],
                       check=True)
        return path

    def run(self, *arguments):
        return subprocess.run([self.imsleuth, *arguments], check=False,
                              stdout=subprocess.PIPE, timeout=300,
                              stderr=subprocess.DEVNULL).stdout

    def json(self, *arguments):
        return json.loads(self.run("-f", "json", *arguments))

    def html(self, *arguments):
        self.n_made += 1
        path = self.folder / f"report{self.n_made}.html"
        self.run("-f", "html", "-o", path, *arguments)
        return path


# Options of the command line.

def lists_only_failed(browser, reports):
    capture = reports.capture("06c_rtr_with_impus_notify_to_ue_and_pcscf")
    whole = reports.json(capture)
    tab = browser.open(reports.html("--only", "failed", "-s", "*", capture))
    failed = [r["id"] for r in whole["registrations"]
              if r["outcome"] in FAILED]
    expect("listed", numbers(tab) if failed else [], failed)
    summary_is_that_of_json(tab, whole)
    holds("notice", tab.texts("#notices")[0], "only what failed")
    quiet(tab)
    tab.close()


def lists_one_subscriber(browser, reports):
    capture = reports.capture("13_sctp_reg_md5_and_unknown_and_rtr")
    whole = reports.json(capture)
    name = whole["registrations"][-1]["impu"]
    own = reports.json("-s", name, "--severity", "warning", capture)
    tab = browser.open(reports.html("-s", name, "--severity", "warning",
                                    capture))
    if len(own["registrations"]) == len(whole["registrations"]):
        raise Failed("there is one subscriber only")
    rows_are_those_of_json(tab, own)
    summary_is_that_of_json(tab, whole)
    holds("notice", tab.texts("#notices")[0], name)
    quiet(tab)
    tab.close()


def several_reports_are_one_page(browser, reports):
    captures = [reports.capture(name) for name in CAPTURES[:3]]
    page = reports.html("--separate", *captures)
    tab = browser.open(page)
    expect("captures", tab.texts("#observation option"),
           [path.name for path in captures])
    for i, path in enumerate(captures):
        choose(tab, "#observation", str(i))
        report = reports.json(path)
        summary_is_that_of_json(tab, report)
        rows_are_those_of_json(tab, report)
    go(tab, "#r2.1")
    holds("a link into the second", tab.texts("#panel-title")[0],
          "Registration 2: ")
    quiet(tab)
    tab.close()


def several_captures_name_their_frames(browser, reports):
    captures = [reports.capture(name) for name in CAPTURES[:2]]
    report = reports.json(*captures)
    tab = browser.open(reports.html(*captures))
    for name in CAPTURES[:2]:
        holds("captures", " ".join(tab.texts("#files")), name)
    go(tab, f"#r{report['registrations'][0]['id']}")
    holds("frames", tab.texts("#panel .about")[0], f"{CAPTURES[0]}.pcapng")
    quiet(tab)
    tab.close()


def damage_is_told_first(browser, reports):
    """Of a capture whose name is markup."""
    whole = reports.capture(MANY).read_bytes()
    cut = reports.folder / "cut<img src=x onerror=pwned=1>.pcapng"
    cut.write_bytes(whole[:len(whole) // 2])
    tab = browser.open(reports.html(cut))
    holds("notice", tab.texts("#notices .error")[0], cut.name)
    expect("what ran", tab.run("window.pwned ?? null"), None)
    rows_are_those_of_json(tab, reports.json(cut))
    quiet(tab)
    tab.close()


def empty_is_told(browser, reports):
    """A capture of no signalling, and a page that lost its end."""
    media = reports.folder / "empty.pcap"
    media.write_bytes(bytes.fromhex(
        "d4c3b2a1020004000000000000000000ffff000001000000"))
    page = reports.html(media)
    tab = browser.open(page)
    holds("summary", tab.texts("#outcomes")[0], "no registration")
    quiet(tab)
    tab.close()
    torn = reports.folder / "torn.html"
    torn.write_bytes(page.read_bytes()[:-2000])
    tab = browser.open(torn)
    holds("a page that lost its end", tab.texts("#subject")[0],
          "the file is not whole")
    tab.close()


OPTIONS = (lists_only_failed, lists_one_subscriber,
           several_reports_are_one_page, several_captures_name_their_frames,
           damage_is_told_first, empty_is_told)


# What came off the wire is text.

def hostile(name):
    def check(browser, reports):
        capture = reports.scenario(name)
        report = reports.json(capture)
        page = reports.html(capture)
        tab = browser.open(page)
        if name in report["registrations"][0]["impu"]:
            raise Failed("the scenario is not what it was")
        for each in CONTENT:
            each(tab, report)
        tab.key("Escape")
        expect("what ran", tab.run("window.pwned ?? null"), None)
        expect("elements of scripts", tab.run(
            """[...document.scripts].filter((script) =>
                script.type !== "application/json").length"""), 1)
        expect("elements made of text", tab.count(
            "img, iframe, base, object, embed, link, [onload], [onerror], "
            "[onfocus], [onmouseover], [srcdoc], a:not(.skip)"), 0)
        quiet(tab)
        tab.close()
    check.__name__ = name
    return check


def policy_holds(browser, reports):
    """What the page does not need is refused, should it be tried."""
    tab = browser.open(reports.html(reports.capture(CAPTURES[0])))
    tab.run("""(() => {
        const script = document.createElement("script");
        try { script.textContent = "window.pwned = 1"; } catch {}
        document.body.append(script);
        const image = document.createElement("img");
        image.src = "https://attacker.example/x.png";
        document.body.append(image);
        const style = document.createElement("style");
        style.textContent = "body { display: none }";
        document.body.append(style);
        try {
            document.body.setAttribute("onclick", "window.pwned = 2");
        } catch {}
        document.body.click();
        fetch("https://attacker.example/").catch(() => 0);
        try { document.body.innerHTML = "<b>"; window.pwned = 3; } catch {}
    })()""")
    tab.settle()
    expect("what ran", tab.run("window.pwned ?? null"), None)
    expect("the style", tab.run("getComputedStyle(document.body).display"),
           "block")
    violations = " ".join(tab.run("window.violations"))
    for directive in ("img-src", "style-src", "connect-src", "trusted-types"):
        holds("violations", violations, directive)
    tab.close()


HOSTILE = (hostile("hostile_identities"), hostile("hostile_text"),
           policy_holds)


# Many registrations.

def cpu_seconds(tab):
    """What the page's process has used since it began."""
    metrics = {each["name"]: each["value"] for each in
               tab.send("Performance.getMetrics")["metrics"]}
    return metrics["ProcessTime"]


def large_opens_fast(browser, reports):
    """A busy machine is no reason to fail: then the processor's time counts,
    which is always asked for."""
    capture = reports.folder / "large.pcap"
    subprocess.run([sys.executable, "-B",
                    reports.source / "tests/bench/captures.py", "signalling",
                    str(LARGE_MB), capture], check=True,
                   stdout=subprocess.DEVNULL)
    page = reports.html(capture)
    made = json.loads(pathlib.Path(f"{capture}.json").read_text("utf-8"))
    total = sum(made["registrations"].values())
    capture.unlink()
    if total < LARGE_COUNT:
        raise Failed(f"there are only {total} registrations")
    is_idle = os.getloadavg()[0] < os.cpu_count()
    seconds, used = [], []
    for _ in range(3):
        tab = browser.open(page)
        expect("count", tab.texts("#count")[0],
               f"{total:,} registrations")
        seconds.append(tab.seconds)
        used.append(cpu_seconds(tab))
        quiet(tab)
        tab.close()
    print(f"# {total} registrations in {page.stat().st_size >> 20} MiB: "
          f"{min(seconds):.2f} s, {min(used):.2f} s of the processor",
          flush=True)
    if min(used) > LARGE_SECONDS or is_idle and min(seconds) > LARGE_SECONDS:
        raise Failed(f"took {seconds} s, {used} s of the processor")
    large_is_worked(browser.open(page), total)


def large_is_worked(tab, total):
    """Few rows are in the document; the last is reached; all is searched."""
    if tab.count("tr.row") > 100:
        raise Failed(f"{tab.count('tr.row')} rows in the document")
    tab.run("document.querySelector('tr.row button').focus()")
    tab.key("End")
    holds("last row", tab.focused(), f"Registration {total},")
    tab.key("Enter")
    holds("opened", tab.texts("#panel-title")[0], f"Registration {total}:")
    if not tab.count("#panel .steps button"):
        raise Failed("no ladder")
    tab.key("Escape")
    tab.click("#search")
    tab.type("cx_user_unknown")
    n = int(tab.texts("#count")[0].split()[0].replace(",", ""))
    cause = next(text for text in tab.texts(".causes tbody tr")
                 if "cx_user_unknown" in text)
    expect("found", n, int(cause.split()[0].replace(",", "")))
    quiet(tab)
    tab.close()


def attempt(pictures, name, check, tab=None):
    try:
        check()
    except (Failed, Late, Refused, subprocess.SubprocessError) as why:
        print(f"not ok {name}: {why}", flush=True)
        if pictures and tab:
            tab.picture(pictures / f"{name.replace(' ', '-')}.png")
        return 1
    print(f"ok {name}", flush=True)
    return 0


def walk(browser, reports, pictures, name, checks):
    """The checks, each on a page of its own."""
    report = reports.json(reports.capture(name))
    path = reports.html(reports.capture(name))
    n_failed = 0
    for check in checks:
        tab = browser.open(path)

        def checked(check=check, tab=tab):
            check(tab, report)
            quiet(tab)
        number = name.split("_")[0]
        n_failed += attempt(pictures, f"{number} {check.__name__}", checked,
                            tab)
        tab.close()
    return n_failed


def show(browser, reports, path):
    """A registration that failed, with its cause and its ladder; of its
    steps the REGISTER in which the P-CSCF changed something."""
    registration = reports.json(reports.capture(SHOWN))["registrations"][0]
    changed = next(i for i, step in enumerate(registration["steps"])
                   if step["changes"])
    tab = browser.open(reports.html(reports.capture(SHOWN)),
                       width=1280, height=1180)
    go(tab, f"#r{registration['id']}")
    tab.run(f"document.querySelectorAll('#panel .steps button')[{changed}]"
            ".click()")
    tab.picture(path)
    return 0


def check_all(browser, reports, options):
    pictures = options.pictures
    n_failed = sum(walk(browser, reports, pictures, name, CONTENT)
                   for name in CAPTURES)
    n_failed += walk(browser, reports, pictures, MANY, WORKED)
    checks = [*OPTIONS, *HOSTILE]
    if not options.small:
        checks.append(large_opens_fast)
    return n_failed + sum(
        attempt(pictures, check.__name__,
                lambda check=check: check(browser, reports))
        for check in checks)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=pathlib.Path)
    parser.add_argument("--show", type=pathlib.Path)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("imsleuth", type=pathlib.Path)
    parser.add_argument("scn2pcapng", type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    options = parser.parse_args()
    program = found()
    if not program:
        print("skipped: no chromium")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder, Browser(program) as browser:
        reports = Reports(folder, options)
        if options.show:
            return show(browser, reports, options.show)
        return check_all(browser, reports, options) != 0


if __name__ == "__main__":
    sys.exit(main())
