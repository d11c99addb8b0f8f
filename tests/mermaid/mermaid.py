#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`-f mermaid` as Mermaid itself reads and draws it.

    mermaid.py IMSLEUTH CAPTURES PACKAGES

PACKAGES is the folder that scripts/test has npm put package.json's packages
into. Status 77: there is no node, or there are no packages, here.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import hostile

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
MAX_TEXT = 50000  # Mermaid draws no more
PLACE = re.compile(r"(?:, x(\d+))? \(frame (?:(\d+):)?(\d+), [-.\d]+ m?s"
                   r"(?:; the last [\d:]+, [-.\d]+ m?s)?\)\Z")
BLOCK = re.compile(r"^```mermaid\n(.*?)^```$", re.M | re.S)
# Of one message and of a note, in Mermaid's numbers.
NOTE = 2
ARROWS = {0, 1, 4, 24}
DRAWN = {"svg", "g", "defs", "symbol", "marker", "path", "circle", "rect",
         "line", "text", "tspan", "style"}


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def renderer(packages):
    """Where the script lies beside the packages that it uses."""
    if not shutil.which("node"):
        skip("there is no node")
    if not (packages / "node_modules" / "mermaid").is_dir():
        skip(f"npm ci did not put mermaid into {packages}")
    return shutil.copy(HERE / "render.mjs", packages)


def render(script, documents):
    done = subprocess.run(["node", script], input=json.dumps(documents),
                          text=True, capture_output=True, check=False,
                          timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def run(imsleuth, *arguments):
    done = subprocess.run([imsleuth, *arguments], capture_output=True,
                          check=False, timeout=120)
    assert done.returncode in (0, 1), done.stderr.decode()
    return done.stdout.decode()


def flat(text):
    """Blanks are where lines are broken, too."""
    return " ".join(text.split())


def said(item):
    """The lines of a message or actor as one."""
    return flat(" ".join(item["lines"]))


def check_drawn(result):
    """What was understood is what is seen, and nothing else is there."""
    strange = set(result["elements"]) - DRAWN
    assert not strange, f"drawn: {strange}"
    assert not [a for a in result["attributes"] if a.startswith("on")]
    assert "href" not in result["attributes"], result["attributes"]
    seen = {flat(line) for line in result["lines"]}
    for message in result["messages"]:
        if message["type"] in ARROWS | {NOTE}:
            for line in message["lines"]:
                assert flat(line) in seen, f"not drawn: {line!r}"


def text_of(step):
    """A step as it is written on its arrow."""
    detail = f" {step['detail']}" if step["detail"] else ""
    return flat(f"{step['message']}{detail}")


def check_registrations(result, report):
    """Each step of each registration, once, between its roles."""
    actors = {actor["id"]: said(actor) for actor in result["actors"]}
    steps = {(s["frame"]["frame"], r["id"]): s
             for r in report["registrations"] for s in r["steps"]}
    n_told, current = 0, None
    for message in result["messages"]:
        text = said(message)
        if message["type"] == NOTE:
            title = re.match(r"Registration (\d+) of ", text)
            # The note of why it failed ends a section.
            current = int(title[1]) if title else None
        if message["type"] not in ARROWS or not current:
            continue
        place = PLACE.search(text)
        assert place, f"no place: {text}"
        step = steps[int(place[3]), current]
        assert text[:place.start()] == text_of(step), (text, step)
        for end in ("from", "to"):
            role = step[end].rsplit(" ", 1)[0]
            assert actors[message[end]].startswith(
                role if " " in step[end] else "node"), (step, actors)
        n_told += int(place[1] or 1)
    assert n_told == len(steps), f"{n_told} of {len(steps)} steps"


def check_causes(result, report):
    notes = [said(m) for m in result["messages"] if m["type"] == NOTE]
    summaries = {(f["registration"], f["rule"]): f["summary"]
                 for f in report["findings"]}
    for r in report["registrations"]:
        if r["cause"]:
            why = flat(summaries[r["id"], r["cause"]])[:400]
            assert any(n.startswith(r["cause"]) and why in n
                       for n in notes), f"not said: {why}"


def check_captures(imsleuth, script, captures):
    paths = sorted(p for p in captures.iterdir()
                   if p.suffix in (".pcap", ".pcapng"))
    documents = [run(imsleuth, "-f", "mermaid", path) for path in paths]
    for path, document, result in zip(paths, documents,
                                      render(script, documents)):
        assert "error" not in result, f"{path.name}: {result['error']}"
        assert len(document) <= MAX_TEXT, path.name
        report = json.loads(run(imsleuth, "-f", "json", path))
        assert "have no room" not in document, path.name
        check_drawn(result)
        check_registrations(result, report)
        check_causes(result, report)
    return len(paths)


def check_refused_call(imsleuth, script, captures):
    """The request that was refused, not registrations alone."""
    document = run(imsleuth, "-f", "mermaid", "--only", "failed",
                   captures / "09a_reinvite_420_sec_agree.pcapng")
    result = render(script, [document])[0]
    texts = [said(m) for m in result["messages"]]
    assert texts[0].startswith("420 Bad Extension: re-INVITE"), texts[0]
    assert "420 Bad Extension (frame 81, 1.6 ms)" in texts
    assert not any(t.startswith("Registration") for t in texts)


def check_hostile(imsleuth, script, folder):
    path = folder / "hostile.pcap"
    hostile.capture(path, hostile.REASONS)
    result = render(script, [run(imsleuth, "-f", "mermaid", path)])[0]
    assert "error" not in result, result
    check_drawn(result)
    report = json.loads(run(imsleuth, "-f", "json", path))
    assert len(report["registrations"]) == len(hostile.REASONS)
    check_registrations(result, report)
    check_causes(result, report)
    assert len(result["actors"]) == 2, result["actors"]


def check_bound(imsleuth, script, folder):
    """What has no room is counted, and what is shown is whole."""
    path = folder / "many.pcap"
    hostile.capture(path, [f"No {i}" for i in range(600)])
    document = run(imsleuth, "-f", "mermaid", path)
    assert len(document) <= MAX_TEXT, len(document)
    result = render(script, [document])[0]
    assert "error" not in result, result
    shown = sum(said(m).startswith("Registration")
                for m in result["messages"])
    assert shown > 50, shown
    assert said(result["messages"][-1]).startswith(
        f"{600 - shown} more have no room in one diagram"), (
            shown, result["messages"][-1])


def check_empty(imsleuth, script, folder):
    path = folder / "empty.pcap"
    hostile.capture(path, [])
    result = render(script, [run(imsleuth, "-f", "mermaid", path)])[0]
    assert [said(m) for m in result["messages"]] == ["No registration"]


def check_separate(imsleuth, script, captures, folder):
    """Markdown, a heading and a diagram a capture."""
    name = "<b>`_[x](y)_`</b>.pcap".replace("/", "")
    hostile.capture(folder / name, ["Forbidden"])
    document = run(imsleuth, "-f", "mermaid", "--separate", folder / name,
                   captures / "02_unknown_user_uaa5001_403.pcapng")
    results = render(script, BLOCK.findall(document))
    assert len(results) == 2, document
    for result in results:
        assert "error" not in result, result
    headings = [line for line in document.splitlines()
                if line.startswith("## ")]
    assert len(headings) == 2 and "\\<b\\>\\`" in headings[0], headings
    assert BLOCK.sub("", document).count("<") == \
        BLOCK.sub("", document).count("\\<")


def main():
    imsleuth, captures, packages = map(pathlib.Path, sys.argv[1:4])
    script = renderer(packages)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_hostile(imsleuth, script, folder)
        check_bound(imsleuth, script, folder)
        check_empty(imsleuth, script, folder)
        check_separate(imsleuth, script, captures, folder)
    check_refused_call(imsleuth, script, captures)
    n = check_captures(imsleuth, script, captures)
    print(f"{n} captures, {len(hostile.REASONS)} hostile texts: drawn as told")
    return 0


if __name__ == "__main__":
    sys.exit(main())
