#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How fast imsleuth is, and how much memory it takes, beside
`tcpdump -r FILE -w /dev/null`, tshark and sngrep on the same captures in the
same run.

Prints tables in markdown: speed by shape, growth, hostile captures. Exits 1
when a limit is not kept, 2 when something could not be measured. --save
keeps the figures: in figures.json and RESULTS.md of this folder, and the
short table in the README."""

import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import besieged  # noqa: E402
import check_hostile  # noqa: E402
import figures  # noqa: E402
import usage  # noqa: E402

ROOT = usage.HERE.parent.parent
SOURCES = "analyzer", "engine", "cmake", "CMakeLists.txt"
PARTS = "speed", "growth", "hostile"
SHAPES = "signalling", "media", "sctp", "crowd", "long"
FORMS = "text", "ndjson"
MILLION = 1_000_000
MEGABYTES_OF_MILLION = 665      # a million packets of signalling
# of the CPU time of tcpdump
RATIO = {"signalling": {"text": 2.5, "ndjson": 4.0},
         "media": {"text": 1.0, "ndjson": 1.0}}
MOST_GROWTH = 1.05              # of the time a packet, ten times the capture
MOST_PEAK_GROWTH = 1.3          # ten times the registrations
MOST_BINDING = 512              # bytes
CROWD_RATE = 20                 # so that what is kept for ten minutes only
CROWD = 15_000, 45_000          # is as much in both
MOST_WALL = 0.65                # of CPU time, two captures at once
MOST_PEAK = 64                  # MiB: a million packets, 10,000 subscribers
MOST_HOSTILE_GROWTH = 1.25      # of the time a packet
LENGTHS = 1, 10


class Tools:
    """The commands that are compared."""

    def __init__(self, options, folder):
        self.imsleuth = str(options.imsleuth.resolve())
        self.home = folder
        self.tshark, self.sngrep = options.tshark, options.sngrep

    def command(self, tool, capture, *more):
        if tool == "tcpdump":
            return ["tcpdump", "-r", capture, "-w", "/dev/null"]
        if tool == "tshark":
            return [self.tshark, "-n", "-r", capture, "-2", "-q", "-z",
                    "io,stat,0,sip"]
        if tool == "sngrep":
            return [self.sngrep, "-N", "-q", "-F", "-l", str(MILLION), "-I",
                    capture, "-O", "/dev/null"]
        return [self.imsleuth, "--quiet", "-f", tool, capture, *more]

    def use(self, tool, capture, *more, small_pages=False):
        good = (0, 1) if tool in FORMS else (0,)
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C",
                       "HOME": str(self.home)}
        return usage.of(self.command(tool, capture, *more), good=good,
                        environment=environment, small_pages=small_pages)

    def versions(self):
        said = {"imsleuth": usage.first_line(self.imsleuth, "--version"),
                "tcpdump": usage.first_line("tcpdump", "--version"),
                "tshark": usage.first_line(self.tshark, "--version"),
                "sngrep": usage.first_line(self.sngrep, "--version")}
        return {tool: re.search(r"\d+(\.\d+)+", line)[0] if line else None
                for tool, line in said.items()} | {"commit": commit()}


def git(*words):
    done = subprocess.run(["git", "-C", str(ROOT), *words, "--", *SOURCES],
                          capture_output=True, text=True, check=False)
    return done.stdout.strip()


def commit():
    """The last one that changed the program; documents may change."""
    found = git("log", "-1", "--format=%h")
    return found + "-dirty" * bool(git("status", "--porcelain")) or None


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def median(runs, what):
    return statistics.median(getattr(run, what) for run in runs)


def together(tools, names, capture, pairs):
    """Runs of each tool, one after the other, PAIRS times; in turn from the
    first and from the last."""
    runs = {name: [] for name in names}
    tools.use(names[0], capture)        # the file is in memory then
    for number in range(pairs):
        for name in names[::-1 if number % 2 else 1]:
            runs[name].append(tools.use(name, capture))
        say(f"{capture.name} {number + 1}:", *(
            f"{name} {found[-1].cpu:.2f} s" for name, found in runs.items()))
    return runs


def ratio_of(runs, name):
    """To tcpdump's CPU time, of each pair."""
    return statistics.median(
        mine.cpu / its.cpu for mine, its in zip(runs[name], runs["tcpdump"]))


def figures_of(runs, name):
    cpu = median(runs[name], "cpu")
    return {"cpu": round(cpu, 3), "ratio": round(ratio_of(runs, name), 2),
            "peak": round(max(r.peak for r in runs[name]), 1)}


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.tools = Tools(options, folder)
        self.found = {"machine": usage.machine(),
                      "versions": self.tools.versions(),
                      "pairs": options.pairs, "missed": {}}
        self.missed = []        # limits, in the part that is being measured

    def capture(self, script, shape, size, *words):
        """The path and its summary; whoever asks removes it."""
        path = self.folder / f"{shape}.{size}.pcap"
        say(f"making {path.name}")
        usage.make(script, shape, size, path, *words)
        return path, json.loads(pathlib.Path(f"{path}.json").read_text(
            encoding="utf-8"))

    def limit(self, is_kept, line):
        if not is_kept:
            self.missed.append(line)

    # -- speed

    def speed(self):
        rows = self.found["speed"] = []
        for shape in self.options.shape or SHAPES:
            for times in self.options.times:
                rows.append(self.speed_of(shape, self.options.size * times))

    def speed_of(self, shape, size):
        capture, made = self.capture("captures.py", shape, size)
        others = [name for name in ("tshark", "sngrep")
                  if self.found["versions"][name]
                  and made["bytes"] <= self.options.others * MILLION]
        runs = together(self.tools, ["tcpdump", *FORMS], capture,
                        self.options.pairs)
        if others:
            some = together(self.tools, ["tcpdump", *others], capture,
                            min(self.options.pairs, 3))
        capture.unlink()
        row = {"shape": shape, "packets": made["packets"],
               "messages": sum(made["messages"].values()),
               "megabytes": round(made["bytes"] / 1e6),
               "tcpdump": round(median(runs["tcpdump"], "cpu"), 3),
               **{form: figures_of(runs, form) for form in FORMS},
               **{name: figures_of(some, name) for name in others}}
        for form, most in RATIO.get(shape, {}).items():
            self.limit(row[form]["ratio"] <= most,
                       f"{shape}, {row['megabytes']} MB, {form}: "
                       f"{row[form]['ratio']} times tcpdump, not {most}")
        return row

    # -- growth

    def growth(self):
        rows = self.found["growth"] = []
        size = self.options.size
        if self.options.times != [1]:
            for shape in ("signalling", "media"):
                rows += self.ten_times(shape, size)
        rows += self.side_by_side(size)
        rows.append(self.same_subscribers(size))
        rows.append(self.more_subscribers())
        rows.append(self.million())
        for row in rows:
            self.limit(row["found"] <= row["most"],
                       f"{row['what']}: {row['found']}, not {row['most']}")

    def ten_times(self, shape, size):
        """Time a packet: of ten times the capture to that of one."""
        runs, packets = [], []
        for times in LENGTHS:
            capture, made = self.capture("captures.py", shape, size * times)
            runs.append(together(self.tools, FORMS, capture,
                                 self.options.pairs))
            packets.append(made["packets"])
            capture.unlink()
        for form in FORMS:
            cpu = [median(r[form], "cpu") for r in runs]
            yield {"what": f"ten times the capture ({shape}, {form}): CPU "
                   "time a packet grows", "unit": "times",
                   "found": round(cpu[1] / cpu[0] * packets[0] / packets[1],
                                  3), "most": MOST_GROWTH}

    def side_by_side(self, size):
        """Where there is work for two."""
        capture, _ = self.capture("captures.py", "signalling", size)
        for form in FORMS:
            runs = [self.tools.use(form, capture, "--separate", capture)
                    for _ in range(self.options.pairs)]
            yield {"what": f"two captures at once on "
                   f"{self.found['machine']['cores']} cores ({form}): wall "
                   "time is, of CPU time", "unit": "times",
                   "found": round(statistics.median(
                       run.wall / run.cpu for run in runs), 2),
                   "most": MOST_WALL}
        capture.unlink()

    def peak(self, capture, form="ndjson"):
        """The highest of three."""
        return max(self.tools.use(form, capture).peak for _ in range(3))

    def peaks(self, captures):
        """(peak MiB, summary) of each."""
        for arguments in captures:
            capture, made = self.capture("captures.py", *arguments)
            yield self.peak(capture), made
            capture.unlink()

    def same_subscribers(self, size):
        (few, _), (many, _) = self.peaks(
            ("signalling", size * times, "--subscribers", 1000)
            for times in LENGTHS)
        return {"what": "ten times the registrations of the same 1,000 "
                f"subscribers: peak of {few:.1f} MiB grows", "unit": "times",
                "found": round(many / few, 3), "most": MOST_PEAK_GROWTH}

    def crowd(self, n):
        """(peak MiB, summary). By one thread, and in pages of 4 KiB: those of
        2 MiB are 70 bytes for each subscriber that there is more."""
        capture, made = self.capture("captures.py", "crowd", n / 32,
                                     "--subscribers", n, "--rate", CROWD_RATE)
        used = self.tools.use("ndjson", capture, "-j", 1, small_pages=True)
        capture.unlink()
        return used.peak, made

    def more_subscribers(self):
        counts = self.options.crowd
        (few, made), (many, more) = map(self.crowd, counts)
        standing = more["standing"] - made["standing"]
        return {"what": f"{counts[1]:,} subscribers instead of {counts[0]:,}:"
                f" peak of {few:.1f} MiB grows, for each standing binding, "
                "by", "unit": "bytes",
                "found": round((many - few) * 2**20 / standing),
                "most": MOST_BINDING}

    def million(self):
        capture, made = self.capture("captures.py", "signalling",
                                     MEGABYTES_OF_MILLION, "--subscribers",
                                     10_000)
        peak = self.peak(capture)
        capture.unlink()
        return {"what": f"peak with {made['packets']:,} packets of 10,000 "
                "subscribers", "unit": "MiB", "found": round(peak, 1),
                "most": MOST_PEAK}

    # -- hostile captures

    def hostile(self):
        rows = self.found["hostile"] = []
        for shape in self.options.siege or besieged.SIEGES:
            rows.append(self.siege(shape))

    def siege(self, shape):
        """A tenth of the capture for the time a packet, then the whole."""
        row = {"shape": shape}
        for count in (self.options.packets // 10, self.options.packets):
            capture, made = self.capture("hostile.py", shape, count)
            path, used = check_hostile.report(self.tools.imsleuth, "ndjson",
                                              capture)
            found, let_go = check_hostile.told(path, made["real"])
            wrong = list(check_hostile.wrongs(made["real"], found))
            row = {**row, "packets": made["packets"],
                   "megabytes": round(made["bytes"] / 1e6),
                   "before": row.get("cpu"),
                   "cpu": round(used.cpu / made["packets"] * 1e6, 2),
                   "peak": round(used.peak, 1), "let_go": sum(let_go.values()),
                   "real": sum(sum(f["registrations"].values())
                               for f in made["real"].values())}
            capture.unlink()
            path.unlink()
            for line in wrong:
                self.limit(False, f"{shape}: {line}")
        self.limit(row["cpu"] <= MOST_HOSTILE_GROWTH * row["before"],
                   f"{shape}: {row['cpu']} us a packet, {row['before']} in a "
                   "tenth of the capture")
        return row

    def run(self):
        for part in self.options.only or PARTS:
            self.missed = self.found["missed"][part] = []
            getattr(self, part)()
        return self.found


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("imsleuth", type=pathlib.Path, nargs="?",
                        default=ROOT / "build/release/analyzer/imsleuth")
    parser.add_argument("--only", action="append", choices=PARTS)
    parser.add_argument("--shape", action="append", choices=SHAPES)
    parser.add_argument("--siege", action="append",
                        choices=besieged.SIEGES, metavar="SHAPE",
                        help="a shape of hostile.py")
    parser.add_argument("--size", type=float, default=100, metavar="MB")
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10],
                        help="so many times the size too (default: 1 10)")
    parser.add_argument("--packets", type=int, default=MILLION,
                        help="of hostile captures, and a tenth")
    parser.add_argument("--crowd", type=int, nargs=2, default=CROWD,
                        metavar="SUBSCRIBERS")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--others", type=float, default=200, metavar="MB",
                        help="tshark and sngrep up to this size only")
    parser.add_argument("--tshark", default="tshark")
    parser.add_argument("--sngrep", default="sngrep")
    parser.add_argument("--folder", type=pathlib.Path,
                        help="for captures; 1.5 GB (default: a new one)")
    parser.add_argument("--save", action="store_true",
                        help="parts that were not measured stay as they are, "
                        "if they are of this machine and program")
    return parser.parse_args()


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)     # tcpdump may change its user
        try:
            found = Bench(options, folder).run()
        except usage.Failure as failure:
            say(failure)
            sys.exit(2)
    print(figures.results(found))
    if options.save:
        figures.save(found)
    sys.exit(any(found["missed"].values()))


if __name__ == "__main__":
    main()
