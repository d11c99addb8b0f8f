# SPDX-License-Identifier: GPL-2.0-or-later
"""The page holds what the JSON report of the same capture holds."""

from reading import (definitions, expect, go, holds, listed, squeezed,
                     visible)


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


def number(text):
    return int(text.replace(",", ""))


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
        # Watchdogs are counted, but are no exchanges that are handed over.
        own = [e for e in report["exchanges"] if e["command"] == command]
        expect(f"{command} to all peers", sum(number(row[1]) for row in peers),
               len(own))
        for column, key in ((1, "count"), (2, "errors"), (3, "unanswered")):
            total = sum(number(row[column]) for row in peers)
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
        for finding in r["findings"]:
            finding_is_that_of_json(tab, findings[finding])


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
