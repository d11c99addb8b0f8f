#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables and the flow graph hold what the command line reports.

    tables.py PLUGIN_DIR IMSLEUTH FOLDER...

Each capture of the folders goes through the command line and through tshark
with `-z imsleuth,registrations|findings|cx`, once in one pass and once with
-2: the same registrations, outcomes, findings and counts; and with a filter,
which chooses rows by their frames. -2 also has `-z flow,imsleuth,network`: an
arrow for each step, between the same roles, in order of time.
"""
import argparse
import collections
import json
import re
import subprocess
import sys
import unicodedata

from running import captures_in, skip, wireshark_with

TABLES = ["registrations", "findings", "cx"]
TITLES = {"IMS Registrations": "registrations", "IMS Findings": "findings",
          "IMS Cx": "cx"}
UNKNOWN = "-"
# Wireshark's own: where the first column of a flow graph's rows begins, how
# wide each is, and how many hosts ours has columns for.
FLOW_LEFT, FLOW_LEFT_ONE, FLOW_WIDTH, OWN_COLUMNS = 15, 10, 20, 24


def report_of(imsleuth, capture):
    done = subprocess.run([imsleuth, "--quiet", "-f", "json", capture],
                          check=False, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def shown(value):
    """As a cell shows it: without control characters."""
    if value is None or value == "":
        return UNKNOWN
    return "".join("\ufffd" if unicodedata.category(c) == "Cc" else c
                   for c in str(value))


def milliseconds(value):
    return UNKNOWN if value is None else f"{value:.3f}"


def first_frame(frames):
    return frames[0]["frame"] if frames else None


def expected_registrations(report):
    for r in report["registrations"]:
        yield [shown(cell) for cell in (
            r["id"], r["start"][:23].replace("T", " "), r["kind"],
            r["outcome"], r["cause"], r["status"],
            milliseconds(r["duration_ms"]),
            first_frame([step["frame"] for step in r["steps"]]), r["ue"],
            r["impi"], r["impu"], r["scscf"])]


def expected_findings(report):
    for f in report["findings"]:
        yield [shown(cell) for cell in (
            f["id"], f["severity"], f["rule"], f["confidence"],
            f["registration"], first_frame(f["frames"]),
            f["impi"] or f["impu"], f["summary"])]


def result_name(exchange):
    result = exchange["result"]
    if not exchange["answer"]:
        return "no answer"
    if not result:
        return "no result"
    if result["name"]:
        return f"{result['code']} {result['name']}"
    return f"{result['code']} ({result['container']} {result['vendor'] or 0})"


def expected_cx(report):
    for command, count in report["summary"]["exchanges"].items():
        latency = count["latency_ms"]
        yield [command, "all", *(str(count[key]) for key in (
            "count", "errors", "unanswered")), *(
            milliseconds(latency[key]) for key in ("p50", "p95", "max"))]
    results = collections.Counter((exchange["command"], result_name(exchange))
                                  for exchange in report["exchanges"])
    for (command, name), count in results.items():
        yield [command, name, str(count), *[UNKNOWN] * 5]


EXPECTED = {"registrations": expected_registrations,
            "findings": expected_findings, "cx": expected_cx}


class Shown:
    """What tshark wrote: tables by name and filter, each between two lines
    drawn, their lines of counts, and the lines of the flow graph."""

    def __init__(self, lines):
        self.totals, self.flow = {}, []
        rows, table, inside = {}, None, False
        for line in lines:
            if line.startswith("==="):
                table, inside = None, not inside
            elif not line:
                continue
            elif not inside:
                self.flow.append(line)
            elif line in TITLES:
                table = TITLES[line], ""
            elif table and line.startswith("Filter: "):
                table = table[0], line.removeprefix("Filter: ")
            elif table and line.startswith("Total "):
                self.totals[table] = line
            elif table:
                rows.setdefault(table, []).append(line)
        self.tables = {name: cells_of(found) for name, found in rows.items()}


def cells_of(rows):
    """Without the names of the columns. The last cell may hold anything."""
    n = len(re.split(r" {2,}", rows[0].strip()))
    return [re.split(r" {2,}", row.strip(), maxsplit=n - 1)
            for row in rows[1:]]


def total(expected, column):
    """"Total 3: 1 registered, 2 rejected" """
    counts = collections.Counter(row[column] for row in expected)
    words = ", ".join(f"{n} {word}" for word, n in sorted(counts.items()))
    return f"Total {len(expected)}{': ' if words else ''}{words}"


def differing(what, expected, got):
    want = collections.Counter(map(tuple, expected))
    have = collections.Counter(map(tuple, got))
    yield from (f"{what} lacks {row}" for row in want - have)
    yield from (f"{what} has {row}" for row in have - want)


def compare_tables(shown, report, passes):
    for name in TABLES:
        expected, table = list(EXPECTED[name](report)), (name, "")
        got = shown.tables[table]
        what = f"{name} ({' '.join(passes) or 'one pass'})"
        yield from differing(what, expected, got)
        if name == "cx":
            if sorted(row[0] for row in got) != [row[0] for row in got]:
                yield f"{what}: not in order of commands"
            continue
        ids = [int(row[0]) for row in got]
        if ids != sorted(ids):
            yield f"{what}: not in order"
        want = total(expected, 3 if name == "registrations" else 1)
        if shown.totals[table] != want:
            yield f"{what}: {shown.totals[table]} instead of {want}"


def party_name(party):
    """Without its port: "P-CSCF 10.0.0.1"."""
    if not party:
        return "?"
    return re.sub(r"\[(.*)\]", r"\1", re.sub(r":\d+$", "", party)
                  if "." in party or "]" in party else party)


def expected_arrows(report):
    for r in report["registrations"]:
        for step in r["steps"]:
            detail = f" {step['detail']}" if step["detail"] else ""
            source, to = party_name(step["from"]), party_name(step["to"])
            yield (str(r["id"]), r["outcome"], step["leg"],
                   shown(step["message"] + detail), source,
                   to if to != source else f"{to} (itself)")


def columns_of(head, below):
    """Wireshark writes every other column's name into the second line."""
    even, odd = ([name.strip() for name in line.split("|") if name.strip()]
                 for line in (head, below))
    even = [name for name in even if name not in ("Conv.", "Time")]
    names = [None] * (len(even) + len(odd))
    names[::2], names[1::2] = even, odd
    return names


def arrow_ends(line, left):
    """Places of the columns that an arrow joins: from, to."""
    found = re.search(r"<-+|-+>", line[left:])
    low = (found.start() - FLOW_WIDTH // 2) // FLOW_WIDTH
    high = low + (len(found.group()) + 2) // FLOW_WIDTH
    return (high, low) if found.group().startswith("<") else (low, high)


def arrows_in(lines):
    """Of each arrow: registration, outcome, leg, text, from, to; its time."""
    if not lines:
        return
    names = columns_of(lines[0], lines[1])
    left = FLOW_LEFT if lines[0].startswith("Conv.") else FLOW_LEFT_ONE
    rows = [line for line in lines[2:] if not re.fullmatch("-+", line)]
    for label, arrow in zip(rows[::2], rows[1::2]):
        said = re.search(
            r"\|Registration (\d+) \(([^)]*)\)(?:, (\w+))?: (.*)$", label)
        source, to = (names[i] for i in arrow_ends(arrow, left))
        yield (*said.groups(), source, to), \
            float(re.search(r"\|(-?[\d.]+)", label).group(1))


def role_only(arrow):
    return (*arrow[:4], arrow[4].split(" ")[0], arrow[5].split(" ")[0])


def compare_flow(shown, report):
    expected = list(expected_arrows(report))
    drawn = list(arrows_in(shown.flow))
    got, times = [arrow for arrow, _ in drawn], [time for _, time in drawn]
    hosts = {name for arrow in expected for name in arrow[4:]}
    if len(hosts) > OWN_COLUMNS:
        expected, got = map(role_only, expected), map(role_only, got)
    yield from differing("flow", expected, got)
    if times != sorted(times):
        yield "flow: not in order of time"


def filter_of(report):
    """One that chooses a frame: the first of the last registration."""
    last = report["registrations"][-1:]
    return f"frame.number=={last[0]['steps'][0]['frame']['frame']}" \
        if last else None


def compare_filtered(shown, report, chosen):
    frame = int(chosen.split("==")[1])
    want = sorted({r["id"] for r in report["registrations"]
                   for step in r["steps"] if step["frame"]["frame"] == frame})
    got = shown.tables["registrations", chosen]
    if [int(row[0]) for row in got] != want:
        yield f"{chosen}: {got} instead of {want}"


def compare(wireshark, imsleuth, capture):
    report = report_of(imsleuth, capture)
    chosen = filter_of(report)
    asked = [f"imsleuth,{table}" for table in TABLES]
    if chosen:
        asked.append(f"imsleuth,registrations,{chosen}")
    wrong = []
    for passes, flow in ([], []), (["-2"], ["flow,imsleuth,network"]):
        shown = Shown(wireshark.lines(
            capture, *passes, "-q", "-t", "r",
            *(word for what in asked + flow for word in ("-z", what))))
        wrong += compare_tables(shown, report, passes)
        if flow:
            wrong += compare_flow(shown, report)
        if chosen:
            wrong += compare_filtered(shown, report, chosen)
    print(f"{'ok' if not wrong else 'not ok'}  {capture.name}: "
          f"{len(report['registrations'])} registrations, "
          f"{len(report['findings'])} findings, "
          f"{len(report['exchanges'])} exchanges")
    for line in wrong[:12]:
        print(f"    {line}")
    return not wrong


def refused(wireshark, capture):
    """What is asked for wrongly is said, and ends tshark."""
    for option in ("imsleuth,cx,sip", "imsleuth,findingsx",
                   "imsleuth,registrations,no.such.field == 1"):
        done = wireshark.tshark(capture, "-q", "-z", option)
        good = done.returncode == 1 and "imsleuth," in done.stderr
        print(f"{'ok' if good else 'not ok'}  -z '{option}' is refused")
        yield good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("plugin_dir")
    parser.add_argument("imsleuth")
    parser.add_argument("folder", nargs="+")
    arguments = parser.parse_args()
    captures = captures_in(*arguments.folder)
    if not captures:
        skip(f"no captures in {' '.join(arguments.folder)}")
    with wireshark_with(arguments.plugin_dir) as wireshark:
        good = [compare(wireshark, arguments.imsleuth, capture)
                for capture in captures]
        good += refused(wireshark, captures[0])
    print(f"{sum(good)} of {len(good)} right")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
