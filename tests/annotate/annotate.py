#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""--annotate: the packets of what is shown, and what is said of them.

Every capture is annotated whole, of those that failed and of each subscriber:
packets are those of the capture byte for byte, each finding stands on its
evidence, and analysed again the file says the same. Then inputs of all kinds,
and what is refused.
"""

import argparse
import collections
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from pcapng import (Capture, DESCRIPTION, END, LOST,  # noqa: E402,F401
                    Packet, written)

SECOND = 10 ** 9
FAILED = ("rejected", "challenged", "unanswered", "incomplete")


class Program:
    def __init__(self, path, folder):
        self.path = path
        self.folder = pathlib.Path(folder)

    def run(self, *arguments, **more):
        return subprocess.run([self.path, *map(str, arguments)],
                              capture_output=True, check=False, timeout=120,
                              **more)

    def report(self, *arguments, **more):
        done = self.run("-f", "json", *arguments, **more)
        assert done.stdout and not done.stderr, done.stderr.decode()
        return json.loads(done.stdout)

    def annotate(self, *arguments, **more):
        """What is reported, and the file that was written."""
        out = self.folder / "annotated.pcapng"
        report = self.report("--annotate", out, *arguments, **more)
        return report, Capture(out.read_bytes()), out


def told(report):
    """What must be the same of a file that says the same."""
    return sorted((r["call_id"] or "", r["start"], r["end"], r["outcome"],
                   r["cause"] or "", r["status"] or 0, r["impu"] or "")
                  for r in report["registrations"])


def findings(report):
    return collections.Counter((f["rule"], f["severity"], f["time"])
                               for f in report["findings"])


def like(packet):
    return packet.time, packet.link, packet.original, packet.data


def places(packets, originals):
    """The number in the capture of each packet, in its order."""
    at, found = 0, []
    for p in packets:
        while at < len(originals) and like(originals[at]) != like(p):
            at += 1
        assert at < len(originals), f"packet {p.number} is not the capture's"
        found.append(originals[at].number)
        at += 1
    return found


def shown_findings(report):
    """A filter hides what is about a registration that is not listed."""
    listed = {r["id"] for r in report["registrations"]} | {None}
    return [f for f in report["findings"] if f["registration"] in listed]


def check_comments(report, packets, numbers, name):
    """Each finding says what it has to on its evidence; nothing else does."""
    expected = collections.Counter()
    for f in shown_findings(report):
        for frame in f["frames"]:
            if frame["frame"] in numbers:
                expected[frame["frame"], f["rule"]] += 1
            else:
                assert f["registration"] is None, (f["rule"], frame)
    found = collections.Counter()
    for p, number in zip(packets, numbers):
        for comment in p.comments:
            words = comment.split("\n")[0].split(":")[1].split()
            found[number, words[-1]] += 1
            assert name in comment, comment
    assert found == expected, (found - expected, expected - found)
    for f in shown_findings(report):
        text = "\n".join(c for p in packets for c in p.comments)
        assert not f["frames"] or f["frames"][0]["frame"] not in numbers or (
            f["summary"] in text and (f["advice"] or "") in text), f["rule"]


def check_captures(program, captures):
    """Byte for byte, commented, and the same when it is read again."""
    n = 0
    for capture in captures:
        originals = Capture(capture.read_bytes()).packets
        whole, annotated, out = program.annotate(capture)
        numbers = places(annotated.packets, originals)
        check_comments(whole, annotated.packets, numbers, capture.name)
        again = program.report(out)
        assert told(again) == told(whole), capture.name
        assert findings(again) == findings(whole), (
            capture.name, findings(again) - findings(whole),
            findings(whole) - findings(again))
        assert [i["description"] for i in annotated.interfaces] == (
            [capture.name] * len(annotated.interfaces))
        assert capture.name in annotated.comments[0]
        for one in subscribers(whole):
            filtered(program, capture, originals, "-s", one)
            n += 1
        filtered(program, capture, originals, "--only", "failed")
        n += 2
    print(f"{n} annotated captures are as their captures, and say the same")


def subscribers(report):
    return sorted({r["impu"] for r in report["registrations"] if r["impu"]})


def filtered(program, capture, originals, *how):
    report, annotated, out = program.annotate(*how, capture)
    check_comments(report, annotated.packets,
                   places(annotated.packets, originals), capture.name)
    again = program.report(*how, out)
    assert [t[:6] for t in told(again)] == [t[:6] for t in told(report)], (
        capture.name, how)
    if how[0] == "-s":
        listed = {r["impu"] for r in program.report(out)["registrations"]}
        assert listed <= {how[1], None}, (capture.name, listed)


def by_name(captures, begin):
    return next(c for c in captures if c.name.startswith(begin))


def check_only_what_is_shown(program, captures):
    """Neither another subscriber nor a call that nothing is found about."""
    capture = by_name(captures, "13_")
    _, annotated, _ = program.annotate("-s", "*alice*", capture)
    data = b"".join(p.data for p in annotated.packets)
    assert b"alice@" in data and b"zoe@" not in data, "-s lets others in"
    capture = by_name(captures, "08a_")
    _, annotated, _ = program.annotate("--only", "failed", "--severity",
                                       "warning", capture)
    data = b"".join(p.data for p in annotated.packets)
    assert b"erin" in data and b"alice" not in data, "--only lets others in"
    capture = by_name(captures, "18_")
    _, annotated, _ = program.annotate(capture)
    assert any(p.data[23:24] == b"\x01" for p in annotated.packets), "no ICMP"
    _, annotated, _ = program.annotate("-s", "nobody", capture)
    assert not annotated.packets and "nobody" in annotated.comments[0]
    # All else of a call about which there is a finding.
    capture = by_name(captures, "09a_")
    _, annotated, _ = program.annotate(capture)
    assert any(p.data.find(b"BYE sip:") > 0 for p in annotated.packets)


def check_inputs(program, captures):
    """Compressed, from a pipe, several, in parts, of several link types."""
    capture = by_name(captures, "15_")
    originals = Capture(capture.read_bytes()).packets
    _, plain, _ = program.annotate(capture)
    expected = [p._replace(comments=()) for p in plain.packets]

    packed = program.folder / "packed.gz"
    packed.write_bytes(gzip.compress(capture.read_bytes()))
    _, annotated, _ = program.annotate(packed)
    assert [p._replace(comments=()) for p in annotated.packets] == expected

    with capture.open("rb") as stream:
        _, annotated, _ = program.annotate("-", stdin=stream)
    assert [p._replace(comments=()) for p in annotated.packets] == expected
    assert "standard input" in annotated.interfaces[0]["description"]
    assert any("of standard input" in c
               for p in annotated.packets for c in p.comments)

    # Every second packet in another file; the clock of one is wrong.
    parts = [program.folder / "even.pcapng", program.folder / "odd.pcapng"]
    parts[0].write_bytes(written([p for p in originals if p.number % 2 == 0]))
    parts[1].write_bytes(written([p._replace(time=p.time + 7 * SECOND)
                                  for p in originals if p.number % 2]))
    report, annotated, out = program.annotate(
        "--time-offset", "odd.pcapng=-7", *parts)
    assert sorted(map(like, annotated.packets)) == sorted(map(like, expected))
    assert {i["description"] for i in annotated.interfaces} == {
        "even.pcapng", "odd.pcapng, its clock corrected by -7.000000000 s"}
    assert told(program.report(out)) == told(report)
    assert any(" of odd.pcapng" in c and " of even.pcapng" in c
               for p in annotated.packets for c in p.comments)

    # One from a pipe among them, and two link types.
    cooked = by_name(captures, "16b_")
    with capture.open("rb") as stream:
        report, annotated, out = program.annotate(cooked, "-", stdin=stream)
    assert {p.link for p in annotated.packets} == {
        p.link for c in (cooked, capture)
        for p in Capture(c.read_bytes()).packets}
    assert told(program.report(out)) == told(report)


def check_losses(program, captures):
    """What was cut stays cut, what was lost is told, and how long it went
    on though nothing of the registration came."""
    capture = by_name(captures, "14_")
    originals = Capture(capture.read_bytes()).packets
    made = program.folder / "made.pcapng"
    arp = Packet(0, originals[-1].time + 60 * SECOND, 1, 60,
                 bytes(12) + b"\x08\x06" + bytes(46))
    challenged = next(p.time for p in originals if b"SIP/2.0 401" in p.data)
    kept = [p for p in originals if p.time < challenged + SECOND // 1000]
    made.write_bytes(written([*kept, arp]))
    report, annotated, out = program.annotate(made)
    assert arp.data not in [p.data for p in annotated.packets]
    assert told(program.report(out)) == told(report)
    made.write_bytes(written(kept))
    assert told(program.report(made)) != told(report), "it ended before"

    made.write_bytes(written(
        [p._replace(data=p.data[:300], drops=3 if p.number == 9 else 0)
         for p in originals]))
    report, annotated, out = program.annotate(made)
    assert all(p.original >= len(p.data) for p in annotated.packets)
    assert any(p.original > len(p.data) for p in annotated.packets)
    assert sum(p.drops for p in annotated.packets) == 3
    assert findings(program.report(out)) == findings(report)


def check_report_is_the_same(program, captures):
    for form in ("text", "json", "ndjson", "csv", "mermaid", "html"):
        arguments = ["-f", form, captures[0], by_name(captures, "10a_")]
        plain = program.run(*arguments)
        out = program.folder / "annotated.pcapng"
        also = program.run("--annotate", out, *arguments)
        assert (plain.stdout, plain.returncode) == (
            also.stdout, also.returncode), form


def check_threads(program, captures):
    out = [program.folder / f"{n}.pcapng" for n in "14"]
    for threads, file in zip("14", out):
        program.report("-j", threads, "--annotate", file, *captures)
    assert out[0].read_bytes() == out[1].read_bytes(), "-j makes a difference"


def check_hostile(program, scn2pcapng, tests):
    """Nothing in a comment moves a cursor or reorders text."""
    made = program.folder / "hostile.pcapng"
    for scn in sorted((tests / "page/scn").glob("*.scn")):
        subprocess.run([scn2pcapng, tests / "scn/lib", scn, made], check=True)
        _, annotated, _ = program.annotate("--severity", "note", made)
        comments = [c for p in annotated.packets for c in p.comments]
        assert comments
        for c in comments:
            assert all(x == "\n" or x.isprintable() for x in c), c


def refused(program, *arguments, why):
    done = program.run(*arguments)
    assert done.returncode == 2 and why in done.stderr.decode(), done.stderr


def check_refusals(program, captures):
    capture = program.folder / "a.pcapng"
    shutil.copy(captures[0], capture)
    before = capture.read_bytes()
    refused(program, "--annotate", capture, capture, why="written over")
    assert capture.read_bytes() == before
    out = program.folder / "same"
    refused(program, "--annotate", out, "-o", out, capture,
            why="written over")
    refused(program, "--annotate", "-", capture, why="--output")
    refused(program, "--annotate", "", capture, why="no file named")
    refused(program, "--separate", "--annotate", out, capture,
            why="--separate")
    refused(program, "--annotate", program.folder / "no" / "such", capture,
            why="No such file")
    refused(program, "--annotate", "/dev/full", capture,
            why="/dev/full: No space left")
    assert not out.exists()
    done = program.run("-o", "/dev/null", "--annotate", "-", capture)
    assert Capture(done.stdout).packets and done.returncode < 2


def check_whole_or_not(program, captures):
    """A damaged capture is annotated as far as it goes; what could not be
    written leaves what was there."""
    data = captures[0].read_bytes()
    cut = program.folder / "cut.pcapng"
    cut.write_bytes(data[:len(data) // 2])
    out = program.folder / "annotated.pcapng"
    done = program.run("--annotate", out, cut)
    assert done.returncode == 2 and Capture(out.read_bytes()).packets
    out.write_bytes(b"before")
    done = program.run("--annotate", out, captures[0], preexec_fn=limit)
    assert done.returncode == 2 and b"too large" in done.stderr, done.stderr
    assert out.read_bytes() == b"before"
    assert {f.name for f in program.folder.iterdir()
            if f.name.startswith("annotated")} == {"annotated.pcapng"}


def limit():
    import resource
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))


def check_wireshark(program, captures):
    """Wireshark shows the comments, and has the same bytes."""
    if not shutil.which("tshark") or not shutil.which("capinfos"):
        print("no tshark here: not asked")
        return
    capture = by_name(captures, "02_")
    report, annotated, out = program.annotate(capture)
    numbers = places(annotated.packets, Capture(capture.read_bytes()).packets)

    def tshark(*arguments):
        return subprocess.run(["tshark", "-n", *map(str, arguments)],
                              check=True, capture_output=True, text=True,
                              timeout=120).stdout
    cause = next(r["cause"] for r in report["registrations"])
    frames = [f["frame"] for f in next(
        f for f in report["findings"] if f["rule"] == cause)["frames"]]
    shown = tshark("-r", out, "-Y", f'frame.comment contains "{cause}"',
                   "-T", "fields", "-e", "frame.number").split()
    assert sorted(numbers[int(n) - 1] for n in shown) == sorted(frames)
    wanted = " || ".join(f"frame.number=={n}" for n in numbers)
    old = tshark("-r", capture, "-x", "-Y", wanted)
    assert tshark("-r", out, "-x") == old and old
    fields = ("-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len",
              "-e", "frame.cap_len", "-e", "frame.encap_type")
    assert (tshark("-r", out, *fields)
            == tshark("-r", capture, "-Y", wanted, *fields))
    about = subprocess.run(["capinfos", "-k", "-F", out], check=True,
                           capture_output=True, text=True).stdout
    assert "Written by imsleuth" in about and capture.name in about, about


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("imsleuth")
    parser.add_argument("scn2pcapng")
    parser.add_argument("captures", type=pathlib.Path)
    args = parser.parse_args()
    captures = sorted(args.captures.glob("*.pcap*"))
    os.environ["LC_ALL"] = "C.UTF-8"
    with tempfile.TemporaryDirectory() as folder:
        program = Program(args.imsleuth, folder)
        check_captures(program, captures)
        for check in (check_only_what_is_shown, check_inputs, check_losses,
                      check_report_is_the_same, check_threads,
                      check_refusals, check_whole_or_not, check_wireshark):
            check(program, captures)
            print(f"{check.__name__}: good")
        check_hostile(program, args.scn2pcapng,
                      pathlib.Path(__file__).resolve().parent.parent)


if __name__ == "__main__":
    main()
