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
import re
import subprocess
import sys
import tempfile
import unicodedata

sys.dont_write_bytecode = True

from chromium import Browser, Late, Refused, found  # noqa: E402

SKIPPED = 77
FAILED = ("rejected", "challenged", "unanswered", "incomplete")
# Of many kinds: refused, several peers, calls, RTR, silence, retransmissions.
CAPTURES = ("02_unknown_user_uaa5001_403", "04_hss_errors_uaa_maa_saa",
            "06c_rtr_with_impus_notify_to_ue_and_pcscf",
            "09a_reinvite_420_sec_agree", "15_dra_freediameter_relay",
            "18_scscf_down_icmp_504")
MANY = "04_hss_errors_uaa_maa_saa"
SHOWN = "03a_wrong_password_md5_three_tries_403"
LARGE_MB = 130
LARGE_COUNT = 10000
LARGE_SECONDS = 2


class Failed(Exception):
    """What is shown is not what should be."""


def expect(what, shown, expected):
    if shown != expected:
        raise Failed(f"{what}: shown {shown!r}, expected {expected!r}")


def holds(what, text, part):
    if part not in text:
        raise Failed(f"{what}: no {part!r} in {text!r}")


def visible(text):
    """Text of JSON as the page has it: nothing hides or reorders."""
    harmful = ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn")
    return "".join(
        c if unicodedata.category(c) not in harmful else
        f"\\x{ord(c):02x}" if ord(c) < 0x100 else f"\\u{{{ord(c):04x}}}"
        for c in text)


def squeezed(text):
    """As HTML lays it out: runs of space are one."""
    return re.sub(r"\s+", " ", text).strip()


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


# What a page says, and how it is worked.

def go(tab, place):
    tab.run(f"location.hash = {place!r}")
    tab.settle()


def definitions(tab, selector):
    """What stands beside each term of a list."""
    return dict(tab.run(f"""[...document.querySelectorAll(
        {selector!r} + " > div")].map((row) => [
            row.querySelector("dt").textContent,
            row.querySelector("dd").textContent])"""))


def listed(tab):
    """All rows of the table: a list of cells a row, scrolled through."""
    return tab.run("""(async () => {
        const scroller = document.querySelector(".scroll");
        const rows = new Map();
        const drawn = () => new Promise((done) => requestAnimationFrame(
            () => requestAnimationFrame(done)));
        for (let top = 0; ; top += 300) {
            scroller.scrollTop = top;
            await drawn();
            for (const row of document.querySelectorAll("tr.row"))
                rows.set(Number(row.dataset.index), [...row.children].map(
                    (cell) => cell.textContent));
            if (top > scroller.scrollHeight)
                break;
        }
        scroller.scrollTop = 0;
        await drawn();
        return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
    })()""")


def numbers(tab):
    return [int(row[0]) for row in listed(tab)]


def choose(tab, selector, value):
    """Sets a field as a user does, who leaves an event behind."""
    tab.run(f"""(() => {{
        const field = document.querySelector({selector!r});
        field.value = {value!r};
        field.dispatchEvent(new Event("input", {{bubbles: true}}));
    }})()""")
    tab.settle()


def quiet(tab):
    """No error, no violation, nothing asked of the network."""
    expect("complaints", tab.complaints(), [])
    expect("requests", tab.requests(), [])


# Of each capture: the page holds what the JSON report holds.

def summary_is_that_of_json(tab, report):
    summary = report["summary"]
    tiles = {}
    for text in tab.texts("#outcomes .tile"):
        number, word, *_ = text.split("\n")
        tiles[word.rstrip("s") if "registrations" in word else word] = int(
            number.replace(",", ""))
    expected = {word: n for word, n in summary["registrations"].items() if n}
    if expected:
        expected["registration"] = sum(expected.values())
    expect("tiles", tiles, expected)
    causes = [(row[2].split()[-1], int(row[0])) for row in tab.run(
        """[...document.querySelectorAll(".causes tbody tr")].map(
            (row) => [...row.children].map((cell) => cell.innerText.trim()))
        """)]
    expect("causes", dict(causes), summary["causes"])
    expect("causes by rank", [n for _, n in causes],
           sorted((n for _, n in causes), reverse=True))
    findings = tab.run(
        """[...document.querySelectorAll(".rules tbody tr")].map((row) => [
            row.querySelector("code").textContent,
            Number(row.children[2].textContent.replaceAll(",", ""))])""")
    expect("findings", dict(findings), summary["findings"])


def latencies_are_those_of_json(tab, report):
    tables = tab.run(
        """[...document.querySelectorAll("table.latency")].map((table) => [
            table.querySelector("th").textContent,
            [...table.querySelectorAll("tbody tr")].map((row) =>
                [...row.children].map((cell) => cell.innerText))])""")
    expected = report["summary"]["exchanges"]
    expect("commands", sorted(command for command, _ in tables),
           sorted(expected))
    order = [command for command, _ in tables]
    usual = [c for c in ("UAR", "MAR", "SAR", "LIR") if c in expected]
    expect("order of commands", order[:len(usual)], usual)
    for command, rows in tables:
        peers = [row for row in rows if row[0] != "all peers"]
        for column, key in ((1, "count"), (2, "errors"), (3, "unanswered")):
            total = sum(int(row[column].replace(",", "")) for row in peers)
            if peers:
                expect(f"{command} {key}", total, expected[command][key])
        longest = {row[6] for row in rows}
        latency = expected[command]["latency_ms"]["max"]
        if latency is not None:
            holds(f"{command} longest", longest, milliseconds(latency))


def milliseconds(ms):
    """As words.js says it."""
    if ms < 10:
        return f"{float(f'{ms:.3f}' if ms < 1 else f'{ms:.2f}'):g} ms"
    if ms < 1000:
        return f"{int(ms + 0.5)} ms"
    return f"{ms / 1000:.2f} s" if ms < 10000 else f"{ms / 1000:.1f} s"


def rows_are_those_of_json(tab, report):
    shown = [(int(row[0]), row[1], row[3], row[4], row[5], row[7])
             for row in listed(tab)]
    expect("rows", shown, [
        (r["id"], r["start"][:23].replace("T", " "), r["kind"], r["outcome"],
         visible(" ".join(str(part) for part in (r["status"], r["reason"])
                          if part)), milliseconds(r["duration_ms"]))
        for r in report["registrations"]])


def registrations_are_those_of_json(tab, report):
    findings = {f["id"]: f for f in report["findings"]}
    for r in report["registrations"]:
        go(tab, f"#r{r['id']}")
        facts = definitions(tab, "#panel .wide-facts")
        for term, key in (("IMPU", "impu"), ("IMPI", "impi"), ("UE", "ue"),
                          ("Call-ID", "call_id"), ("S-CSCF", "scscf"),
                          ("Lacking", "lacking")):
            expect(f"registration {r['id']}, {term}", facts.get(term),
                   visible(r[key]) if r[key] else None)
        expect(f"legs of {r['id']}", facts["Legs captured"],
               ", ".join(r["legs"]))
        steps_are_those_of_json(tab, r)
        cards = {int(card) for card in tab.run(
            """[...document.querySelectorAll("#panel [data-finding]")].map(
                (card) => card.dataset.finding)""")}
        expect(f"findings of {r['id']}", cards, set(r["findings"]))
        for number in r["findings"]:
            finding_is_that_of_json(tab, findings[number])


def steps_are_those_of_json(tab, registration):
    steps = registration["steps"]
    expect("steps", tab.count("#panel .steps button"), len(steps))
    for i, step in enumerate(steps):
        tab.run(f"document.querySelectorAll('#panel .steps button')[{i}]"
                ".click()")
        words = [visible(step[key]) for key in ("message", "detail")
                 if step[key]]
        head = tab.texts("#panel .about h3")[0]
        holds(f"step {i}", squeezed(head), squeezed(" ".join(words)))
        facts = definitions(tab, "#panel .about .facts")
        expect(f"from of step {i}", facts["From"], step["from"] or "unknown")
        expect(f"to of step {i}", facts["To"], step["to"] or "unknown")
        holds(f"frame of step {i}", facts["Frame"],
              f"frame {step['frame']['frame']}")
        expect(f"copies of step {i}", facts.get("Sent"),
               f"{step['copies']} times" if step["copies"] > 1 else None)
        changes = tab.run("""[...document.querySelectorAll(
            "#panel .changes tbody tr")].map((row) => [
                row.querySelector(".unseen").textContent.trim(),
                ...[...row.children].slice(1).map(
                    (cell) => cell.textContent)])""")
        expect(f"changes of step {i}", changes, [
            [c["kind"],
             visible(c["header"]) + (f" {visible(c['element'])}"
                                     if c["element"] else ""),
             visible(c["before"] or "") or "\u2013",
             visible(c["after"] or "") or "\u2013"]
            for c in step["changes"] or []])


def finding_is_that_of_json(tab, finding):
    text = squeezed(tab.run(
        "document.querySelector('#panel [data-finding=\"%d\"]').textContent"
        % finding["id"]))
    what = f"finding {finding['id']}"
    holds(what, text, finding["rule"])
    holds(what, text, finding["severity"])
    for key in ("summary", "advice"):
        if finding[key]:
            holds(what, text, squeezed(visible(finding[key])))
    for spec in finding["specs"]:
        holds(what, text, spec)
    frames = sorted({f["frame"] for f in finding["frames"]})
    if frames:
        holds(what, text, "frame.number in {%s}" % ", ".join(
            map(str, frames)))
    if finding["signature"]:
        for key in ("product", "says", "source"):
            holds(what, text, squeezed(finding["signature"][key]))


def findings_by_rule(tab, report):
    """Those of no registration too: each rule's panel has all of its own."""
    for rule in report["summary"]["findings"]:
        go(tab, f"#rule.{rule}")
        own = [f for f in report["findings"] if f["rule"] == rule]
        while tab.run("document.querySelector('#panel .panel-body > button')"
                      "?.hidden === false"):
            tab.run("document.querySelector('#panel .panel-body > button')"
                    ".click()")
        expect(f"findings of {rule}",
               tab.count("#panel [data-finding]"), len(own))
        for finding in own:
            finding_is_that_of_json(tab, finding)


CONTENT = (summary_is_that_of_json, latencies_are_those_of_json,
           rows_are_those_of_json, registrations_are_those_of_json,
           findings_by_rule)


# How it is worked, on one capture of many failures.

def sorted_by_each_column(tab, report):
    by_id = report["registrations"]
    keys = {"id": lambda r: r["id"], "start": lambda r: r["start"],
            "duration": lambda r: r["duration_ms"]}
    for key, value in keys.items():
        tab.click(f'th[data-key="{key}"] button')
        # It begins with the numbers, upwards.
        up = key != "id"
        for is_up in (up, not up):
            if is_up != up:
                tab.click(f'th[data-key="{key}"] button')
            expect(f"aria-sort of {key}", tab.run(
                f"""document.querySelector('th[data-key="{key}"]')
                .getAttribute("aria-sort")"""),
                   "ascending" if is_up else "descending")
            expect(f"order by {key}", numbers(tab), [
                r["id"] for r in sorted(by_id, key=value,
                                        reverse=not is_up)])
        expect("sorted columns", tab.count("th[aria-sort]"), 1)
    tab.click('th[data-key="cause"] button')
    causes = [row[6] for row in listed(tab)]
    expect("order by cause", causes, sorted(causes, key=str.lower))


def filtered(tab, report):
    rows = report["registrations"]
    cause = rows[0]["cause"]
    of_cause = [r["id"] for r in rows if r["cause"] == cause]
    choose(tab, "#cause", cause)
    expect("of one cause", numbers(tab), of_cause)
    expect("count", tab.texts("#count")[0],
           f"{len(of_cause)} of {len(rows)} registrations")
    tab.click("#reset")
    expect("all again", numbers(tab), [r["id"] for r in rows])
    choose(tab, "#kind", "initial")
    expect("of one kind", numbers(tab),
           [r["id"] for r in rows if r["kind"] == "initial"])
    tab.click("#reset")
    second = rows[5]["start"][:19]
    choose(tab, "#from", second)
    choose(tab, "#to", second)
    expect("in one second", numbers(tab),
           [r["id"] for r in rows
            if r["start"][:19] <= second <= r["end"][:19]])
    tab.click("#reset")


def searched(tab, report):
    rows = report["registrations"]
    tab.click("#search")
    tab.type(rows[3]["call_id"][:12].upper())
    expect("found", numbers(tab),
           [r["id"] for r in rows
            if rows[3]["call_id"][:12] in r["call_id"]])
    tab.click("#reset")
    tab.click("#search")
    tab.type("500 carol")
    expect("found by two words", numbers(tab),
           [r["id"] for r in rows
            if r["status"] == 500 and "carol" in r["impu"]])
    tab.type(" nobody")
    expect("found none", tab.texts("#count")[0],
           f"0 of {len(rows)} registrations")
    tab.click("#reset")


def chosen_by_cause_and_outcome(tab, report):
    """A cause of the summary, a tile, bring the table to what they count."""
    slug = tab.texts(".causes tbody tr:nth-child(2) code")[0]
    tab.click(".causes tbody tr:nth-child(2) button")
    expect("of the cause", numbers(tab),
           [r["id"] for r in report["registrations"] if r["cause"] == slug])
    tab.click(".tile.rejected")
    expect("of the outcome", numbers(tab),
           [r["id"] for r in report["registrations"]
            if r["outcome"] == "rejected"])
    tab.click("#reset")


def chosen_by_time(tab, report):
    """A stretch of the chart, dragged over, is what the table lists."""
    x, y = tab.middle(".chart")
    box = tab.run("""(({x, width}) => [x, width])(
        document.querySelector(".chart").getBoundingClientRect())""")
    tab.drag((box[0] + box[1] * 0.3, y), (box[0] + box[1] * 0.6, y))
    shown = numbers(tab)
    if not 0 < len(shown) < len(report["registrations"]):
        raise Failed(f"dragging lists {len(shown)}")
    start, end = tab.run(
        "['from', 'to'].map((id) => document.getElementById(id).value)")
    if not start or not end or start > end:
        raise Failed(f"the fields say {start} to {end}")
    tab.click("#reset")


def worked_by_keyboard(tab, report):
    rows = report["registrations"]
    tab.run("document.querySelector('th:last-child button').focus()")
    tab.key("Tab")
    holds("first row", tab.focused(), f"Registration {rows[0]['id']},")
    outline = tab.run("getComputedStyle(document.activeElement).outline")
    if "none" in outline or "0px" in outline:
        raise Failed(f"the focus is not to be seen: {outline}")
    tab.key("ArrowDown", times=2)
    holds("third row", tab.focused(), f"Registration {rows[2]['id']},")
    tab.key("End")
    holds("last row", tab.focused(), f"Registration {rows[-1]['id']},")
    tab.key("Tab")
    if "Registration" in tab.focused():
        raise Failed("Tab does not leave the table")
    tab.key("Tab", 8)
    holds("back in the table", tab.focused(),
          f"Registration {rows[-1]['id']},")
    tab.key("Enter")
    expect("opened", tab.run("document.querySelector('dialog').open"), True)
    holds("what is open", tab.texts("#panel-title")[0],
          f"Registration {rows[-1]['id']}")
    tab.key("Escape")
    expect("closed", tab.run("document.querySelector('dialog').open"), False)
    holds("where one is again", tab.focused(),
          f"Registration {rows[-1]['id']},")


def ladder_worked(tab, report):
    """Steps by arrow keys; evidence leads to its step; a filter is copied."""
    registration = report["registrations"][0]
    steps = registration["steps"]
    tab.click("tr.row button")
    tab.run("document.querySelector('#panel .steps button').focus()")
    tab.key("Home")
    tab.key("ArrowDown")
    expect("the chosen step", tab.count("#panel [aria-current]"), 1)
    holds("the second step", tab.focused(), f"Step 2: {steps[1]['message']}")
    holds("its details", tab.texts("#panel .about h3")[0],
          steps[1]["message"])
    finding = next(f for f in report["findings"]
                   if f["rule"] == registration["cause"])
    tab.click("#panel .evidence button")
    holds("the step of the evidence", tab.texts("#panel .about")[0],
          f"frame {finding['frames'][0]['frame']}")
    tab.click("#panel .finding .copyable button")
    said = tab.wait("document.querySelector('#panel .said').textContent")
    expect("copying", said, "Copied")
    tab.click("#panel .panel-head button:nth-child(2)")
    holds("the next", tab.texts("#panel-title")[0],
          f"Registration {report['registrations'][1]['id']}")
    tab.run("history.back()")
    tab.wait("document.querySelector('#panel-title').textContent.includes("
             f"'Registration {registration['id']}:')")
    tab.click("#close")
    expect("closed", tab.run("document.querySelector('dialog').open"), False)


def columns_are_the_roles(tab, report):
    registration = report["registrations"][0]
    go(tab, f"#r{registration['id']}")
    roles = {step[end].split()[0] for step in registration["steps"]
             for end in ("from", "to")}
    shown = tab.run("""[...document.querySelectorAll(
        "#panel .node .role")].map((text) => text.firstChild.data)""")
    order = ["UE", "P-CSCF", "I-CSCF", "S-CSCF", "HSS"]
    # A P-CSCF with one address to each side is one column.
    expect("columns", shown, [role for role in order if role in roles])
    tab.click("#close")


def light_and_dark(tab, _):
    def background():
        return tab.run("getComputedStyle(document.body).backgroundColor")
    light = background()
    tab.media(("prefers-color-scheme", "dark"))
    dark = background()
    if light == dark:
        raise Failed(f"light and dark are both {light}")
    tab.click("#theme")
    expect("switched to light", background(), light)
    expect("what the button does now", tab.focused(),
           "Switch to dark colours")
    tab.media()
    tab.click("#theme")
    expect("switched to dark", background(), dark)
    tab.media(kind="print")
    expect("print is light", tab.run(
        "getComputedStyle(document.documentElement)"
        ".getPropertyValue('--page').trim()"), "#f6f7f9")
    tab.media()
    tab.click("#theme")


def printed(tab, report):
    def is_seen(selector):
        return tab.run(f"document.querySelector({selector!r})"
                       ".getClientRects().length > 0")
    tab.media(kind="print")
    tab.run("dispatchEvent(new Event('beforeprint'))")
    expect("rows on paper", tab.count("tr.row"),
           len(report["registrations"]))
    expect("the filters on paper", is_seen("#filters"), False)
    tab.run("dispatchEvent(new Event('afterprint'))")
    tab.media()
    go(tab, f"#r{report['registrations'][0]['id']}")
    tab.media(kind="print")
    expect("the page behind the panel", is_seen("main"), False)
    expect("the ladder on paper", is_seen("#panel .ladder svg"), True)
    tab.media()
    tab.click("#close")


def narrow(tab, report):
    tab.size(390, 844)
    for place in ("#", f"#r{report['registrations'][0]['id']}"):
        go(tab, place)
        wide = tab.run("document.documentElement.scrollWidth")
        if wide > 390:
            raise Failed(f"{place} is {wide} pixels wide")
    tab.click("#close")
    tab.size(1280, 900)


WORKED = (sorted_by_each_column, filtered, searched,
          chosen_by_cause_and_outcome, chosen_by_time, worked_by_keyboard,
          ladder_worked, columns_are_the_roles, light_and_dark, printed,
          narrow)


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
    whole = reports.capture(MANY).read_bytes()
    cut = reports.folder / "cut.pcapng"
    cut.write_bytes(whole[:len(whole) // 2])
    tab = browser.open(reports.html(cut))
    holds("notice", tab.texts("#notices .error")[0], "cut.pcapng")
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
    """A registration that failed, with its cause and its ladder."""
    report = reports.json(reports.capture(SHOWN))
    failed = next(r for r in report["registrations"]
                  if r["outcome"] in FAILED)
    tab = browser.open(reports.html(reports.capture(SHOWN)),
                       width=1280, height=1150)
    go(tab, f"#r{failed['id']}")
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
