#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin costs tshark: CPU time without and with it.

Runs `tshark -r FILE -2 -q -z io,stat,0,sip` in pairs, on a generated capture
of each shape; prints a table in markdown. Exits 1 when a ratio is above its
limit, 2 when nothing could be measured. Root runs tshark as nobody, since
Wireshark loads no plugins of one's own as root."""

import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import captures  # noqa: E402

SHAPES = "signalling", "media"
NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
             "--clear-groups"]


class Failure(Exception):
    pass


class Tshark:
    def __init__(self, program, folder):
        self.program = shutil.which(program)
        if not self.program:
            raise Failure(f"there is no {program}")
        self.home = folder / "home"
        self.home.mkdir()
        self.before = []
        if os.geteuid() == 0:
            self.before = AS_NOBODY
            os.chown(self.home, NOBODY, NOBODY)
        found = re.search(r"(\d+\.\d+)\.\d+", self.says("--version"))
        self.version, self.folder = found[0], found[1]

    def _environment(self, plugins):
        kept = {k: v for k, v in os.environ.items()
                if not k.startswith(("WIRESHARK_", "XDG_"))}
        return kept | {"HOME": str(self.home), "LC_ALL": "C",
                       "WIRESHARK_PLUGIN_DIR": str(plugins)}

    def says(self, *arguments, plugins="/nonexistent"):
        done = subprocess.run(
            [*self.before, self.program, *arguments], text=True,
            env=self._environment(plugins), cwd="/", capture_output=True,
            check=False)
        if done.returncode:
            raise Failure(f"tshark {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def plugins(self, folder):
        """The names of those that it loads, without suffixes. (What only
        captures, extcap, is listed too, and is another process.)"""
        said = self.says("-G", "plugins", plugins=folder)
        found = [[cell.strip() for cell in line.split("\t")]
                 for line in said.splitlines()]
        return [cells[0].removesuffix(".so") for cells in found
                if len(cells) > 2 and cells[2] != "extcap"]

    def run(self, capture, plugins):
        """CPU seconds, peak KiB, and what it printed."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = subprocess.Popen(
                [*self.before, self.program, "-r", str(capture), "-2", "-q",
                 "-z", "io,stat,0,sip"], env=self._environment(plugins),
                cwd="/", stdout=out, stderr=err, stdin=subprocess.DEVNULL)
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            if child.returncode:
                raise Failure(f"tshark ended with {child.returncode}: "
                              + err.read().decode(errors="replace"))
            return used.ru_utime + used.ru_stime, used.ru_maxrss, out.read()


def check_plugins(tshark, options, none):
    """That there are no others, and that the one is loaded: else a good
    ratio would mean nothing."""
    if tshark.plugins(none):
        raise Failure(f"plugins without: {tshark.plugins(none)}")
    if options.noise:
        return
    file = (options.plugin_dir / tshark.folder / "epan"
            / f"{options.plugin}.so")
    if not file.exists():
        raise Failure(f"there is no {file}")
    loaded = tshark.plugins(options.plugin_dir)
    if loaded != [options.plugin]:
        raise Failure(f"tshark loads {loaded or 'no plugin'} from "
                      f"{options.plugin_dir}, not just {options.plugin}; "
                      "every user must be able to read file and folders")


def pairs_of(tshark, capture, folders, count):
    """(without, with) COUNT times; who comes first alternates."""
    pairs = []
    tshark.run(capture, folders[1])     # warms up
    for number in range(count):
        order = (0, 1) if number % 2 == 0 else (1, 0)
        pair = [None, None]
        for side in order:
            pair[side] = tshark.run(capture, folders[side])
        if pair[0][2] != pair[1][2]:
            raise Failure(f"{capture.name}: tshark counts otherwise with "
                          "the plugin:\n" + pair[1][2].decode())
        pairs.append(pair)
        print(f"{capture.name} {number + 1}: {pair[0][0]:.2f} s, "
              f"{pair[1][0]:.2f} s", file=sys.stderr)
    return pairs


def starts(tshark, folder, folders):
    """How long tshark takes for no packet at all, without and with."""
    capture = folder / "empty.pcap"
    capture.write_bytes(captures.HEADER)
    return [statistics.median(tshark.run(capture, f)[0] for _ in range(5))
            for f in folders]


def row(shape, summary, pairs, start, limit):
    """The cells, and whether the limit is kept."""
    times = [[p[side][0] for p in pairs] for side in (0, 1)]
    medians = [statistics.median(t) for t in times]
    net = [m - s for m, s in zip(medians, start)]
    peaks = [max(p[side][1] for p in pairs) / 1024 for side in (0, 1)]
    ratio = medians[1] / medians[0]
    ratios = [p[1][0] / p[0][0] for p in pairs]
    cells = [shape, str(summary["packets"]),
             f"{summary['bytes'] / 1e6:.0f}",
             *(f"{m:.2f} ({min(t):.2f}-{max(t):.2f})"
               for m, t in zip(medians, times)),
             f"{net[0] / summary['packets'] * 1e6:.2f}",
             f"{(net[1] - net[0]) / summary['packets'] * 1e6:+.2f}",
             f"**{ratio:.3f}**", f"{limit:.2f}",
             " ".join(f"{r:.3f}" for r in ratios), f"{net[1] / net[0]:.3f}",
             f"{peaks[0]:.0f}", f"{peaks[1]:.0f}"]
    return cells, ratio <= limit


HEAD = ["shape", "packets", "MB", "CPU s without (min-max)",
        "CPU s with (min-max)", "us a packet without", "more with", "ratio",
        "limit", "ratio of each pair", "ratio but for start",
        "peak MiB without", "with"]


def machine(tshark, options):
    try:
        cpu = re.search(r"model name\s*: (.*)", pathlib.Path(
            "/proc/cpuinfo").read_text(encoding="utf-8"))[1]
    except (OSError, TypeError):
        cpu = "CPU unknown"
    return (f"{cpu}, {os.cpu_count()} cores, load "
            f"{os.getloadavg()[0]:.1f}; tshark {tshark.version}; "
            f"{options.pairs} pairs, median; plugin "
            + ("none, which shows the noise" if options.noise
               else options.plugin))


def measure(options, folder):
    tshark = Tshark(options.tshark, folder)
    none = folder / "none"
    none.mkdir()
    check_plugins(tshark, options, none)
    about = machine(tshark, options)
    folders = none, none if options.noise else options.plugin_dir
    start = starts(tshark, folder, folders)
    rows, good = [], True
    for shape in options.shape or SHAPES:
        capture = folder / f"{shape}.pcap"
        summary = captures.make(shape, options.size * 1e6, capture,
                                captures.How(options.seed))
        limit = getattr(options, f"limit_{shape}")
        cells, is_kept = row(shape, summary, pairs_of(
            tshark, capture, folders, options.pairs), start, limit)
        capture.unlink()
        rows.append(cells)
        good &= is_kept
    print(f"{about}; start {start[0]:.2f} s without, {start[1]:.2f} s "
          "with, not in the times a packet\n")
    for cells in [HEAD, ["---"] * len(HEAD)] + rows:
        print("| " + " | ".join(cells) + " |")
    if not good:
        print("\nA limit is not kept.")
    return good


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--plugin-dir", type=pathlib.Path,
                      help="has X.Y/epan/PLUGIN.so")
    what.add_argument("--noise", action="store_true",
                      help="both without: what the ratio is of nothing")
    parser.add_argument("--plugin", default="imsleuth")
    parser.add_argument("--shape", action="append", choices=SHAPES)
    parser.add_argument("--size", type=float, default=100, metavar="MB")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit-signalling", type=float, default=1.10)
    parser.add_argument("--limit-media", type=float, default=1.02)
    parser.add_argument("--tshark", default="tshark")
    options = parser.parse_args()
    if options.plugin_dir:
        options.plugin_dir = options.plugin_dir.resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)     # for nobody
        try:
            sys.exit(0 if measure(options, folder) else 1)
        except Failure as failure:
            print(failure, file=sys.stderr)
            sys.exit(2)


if __name__ == "__main__":
    main()
