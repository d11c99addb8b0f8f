#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What speed.py has measured: figures.json, and what is written of it,
RESULTS.md here and the table in the README. Run alone, it writes both anew
from figures.json; with --check it says whether they are what they should be
(status 1: they are not). The bounds that the README beside it has are looked
up too."""

import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
KEPT = HERE / "figures.json"
RESULTS = HERE / "RESULTS.md"
ROOT = HERE.parent.parent
README = ROOT / "README.md"
MARKS = "<!-- figures -->\n", "<!-- /figures -->\n"
FORMS = "text", "ndjson"
OTHERS = "tshark", "sngrep"


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n"
                   for line in lines)


def machine(found):
    about, versions = found["machine"], found["versions"]
    said = ", ".join(f"{tool} {version}" for tool, version in
                     versions.items() if version and tool != "commit")
    return (f"{about['CPU']}, {about['cores']} cores, {about['memory']}, "
            f"{about['system']}, {about['kernel']}; {said}; source "
            f"{versions['commit']}; load {about['load']} before.\n")


def speed(found):
    head = ["capture", "MB", "packets", "messages", "tcpdump, CPU s"]
    for form in FORMS:
        head += [f"{form}: CPU", "peak MiB"]
    for tool in OTHERS:
        head += [f"{tool}: CPU", "peak MiB"]
    rows = []
    for row in found["speed"]:
        cells = [row["shape"], row["megabytes"], f"{row['packets']:,}",
                 f"{row['messages']:,}", f"{row['tcpdump']:.2f}"]
        for form in FORMS:
            one = row[form]
            cells += [f"**{one['ratio']:.2f}**", f"{one['peak']:.0f}"]
        for tool in OTHERS:
            one = row.get(tool)
            cells += ([f"{one['ratio']:.1f}", f"{one['peak']:.0f}"] if one
                      else ["-", "-"])
        rows.append(cells)
    return ("CPU: user and system time as a multiple of that of `tcpdump -r "
            "FILE -w /dev/null` in the same pair, the median of "
            f"{found['pairs']} pairs. tshark is `tshark -n -r FILE -2 -q -z "
            "io,stat,0,sip`, sngrep `sngrep -N -q -F -l 1000000 -I FILE -O "
            "/dev/null`.\n\n" + table(head, rows))


def growth(found):
    return table(["growth", "found", "at most", "of"],
                 [[row["what"], f"**{row['found']}**", row["most"],
                   row["unit"]] for row in found["growth"]])


def hostile(found):
    return ("With `-f ndjson`. `hostile.py --help` says what each does, the "
            "README beside this file which bounds there are. The real "
            "registrations in each capture are all right unless it is said "
            "below.\n\n"
            + table(["hostile", "packets", "MB", "us a packet",
                     "in a tenth of it", "peak MiB", "let go",
                     "real registrations"],
                    [[row["shape"], f"{row['packets']:,}", row["megabytes"],
                      row["cpu"], row["before"], f"{row['peak']:.0f}",
                      f"{row['let_go']:,}", row["real"]]
                     for row in found["hostile"]]))


def results(found):
    """RESULTS.md."""
    parts = ["# Speed and memory\n",
             "Written by `tests/bench/speed.py --save`; not by hand.\n",
             machine(found)]
    for name, make in (("speed", speed), ("growth", growth),
                       ("hostile", hostile)):
        if name in found:
            parts.append(make(found))
    missed = sum(found["missed"].values(), [])
    parts.append("Every limit is kept.\n" if not missed else "Not kept:\n\n"
                 + "".join(f"- {line}\n" for line in missed))
    return "\n".join(parts)


def short(found):
    """The README's table."""
    rows = []
    for row in found["speed"]:
        cells = [f"{row['shape']}, {row['megabytes']} MB"]
        for form in FORMS:
            cells += [f"{row[form]['ratio']:.1f}", f"{row[form]['peak']:.0f}"]
        cells += [f"{row[tool]['ratio']:.0f}" if tool in row else "-"
                  for tool in OTHERS]
        rows.append(cells)
    head = ["capture", "text: CPU", "peak MiB", "NDJSON: CPU", "peak MiB",
            "tshark: CPU", "sngrep: CPU"]
    about, versions = found["machine"], found["versions"]
    return (table(head, rows) + "\nCPU time as a multiple of that of "
            "`tcpdump -r FILE -w /dev/null`; "
            f"{about['CPU']}, {about['cores']} cores, tcpdump "
            f"{versions['tcpdump']}, tshark {versions['tshark']}, sngrep "
            f"{versions['sngrep']}.\n")


def with_table(text, written):
    """The README with its table."""
    begin, end = map(re.escape, MARKS)
    return re.sub(f"(?<={begin}).*?(?={end})", lambda _: written, text,
                  flags=re.S)


def documents(found):
    text = README.read_text(encoding="utf-8")
    written = {RESULTS: results(found)}
    if "speed" in found:
        written[README] = with_table(text, short(found))
    return written


def write(found):
    for path, text in documents(found).items():
        path.write_text(text, encoding="utf-8")


def together(kept, found):
    """What was found, with parts that were before on the same machine."""
    before, now = ({**one["machine"], **one["versions"], "load": 0}
                   for one in (kept, found))
    if before != now:
        return found
    return {**kept, **found, "missed": kept["missed"] | found["missed"]}


def save(found):
    if KEPT.exists():
        found = together(json.loads(KEPT.read_text(encoding="utf-8")), found)
    KEPT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    write(found)


def bounds():
    """Lines about those that the README beside this file has otherwise than
    the headers."""
    headers = "".join(path.read_text(encoding="utf-8")
                      for folder in ("engine", "analyzer")
                      for path in sorted((ROOT / folder).rglob("*.h")))
    text = (HERE / "README.md").read_text(encoding="utf-8")
    for value, name in re.findall(r"\| ([\d,]+) \| `(IMS_\w+)` \|", text):
        defined = re.search(rf"^#define {name}\s+([^/\n]+)", headers, re.M)
        words = defined[1].replace("(size_t)", "") if defined else "None"
        words = re.sub(r"\b(\d+)u\b", r"\1", words).strip()
        if not re.fullmatch(r"[\d *<()]+", words) or (
                eval(words) != int(value.replace(",", ""))):  # a number
            yield f"{name} is {words}, not {value}"


def main():
    wrong = list(bounds())
    print("".join(f"{line}\n" for line in wrong), end="")
    if wrong:
        return 1
    if not KEPT.exists():
        print("nothing was saved yet")
        return 77
    found = json.loads(KEPT.read_text(encoding="utf-8"))
    if sys.argv[1:] != ["--check"]:
        write(found)
        return 0
    wrong = [path for path, text in documents(found).items()
             if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in wrong:
        print(f"{path} is not what {KEPT.name} says: run {__file__}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
