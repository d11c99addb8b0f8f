#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Plays scenarios in a real IMS core and compares what imsleuth says of the
captures with what was played. scripts/lab prepares what this needs.

Each scenario has namespaces of its own (network, processes, mounts), so that
several can be played at the same time and nothing is left behind.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import judge
from nodes.core import Core
from nodes.processes import Failed, Impossible
from nodes.programs import build
from scenarios import all_scenarios

HERE = pathlib.Path(__file__).resolve().parent
OK, WRONG, SKIP = "ok", "WRONG", "skip"
SKIPPED = 77
LIMIT_S = 120


def isolated(*command):
    """The command line that runs `command` in namespaces of its own."""
    own = ["unshare", "--mount", "--pid", "--fork", "--kill-child",
           "--mount-proc", "--net"]
    if os.geteuid() != 0:
        own += ["--user", "--map-root-user"]
    return [*own, "--", *command]


def why_not_isolated():
    """None, or why this machine has no such namespaces for us."""
    probe = subprocess.run(
        isolated("sh", "-c", "ip link add lab type bridge && "
                 "mount --bind /etc/resolv.conf /etc/resolv.conf"),
        capture_output=True, text=True, check=False)
    return probe.stderr.strip() or None if probe.returncode else None


def play(scenario, arguments):
    """Inside: plays it into run/NAME.pcapng."""
    run = arguments.run
    core = Core(run, run / f"{scenario.name}.pcapng", arguments.programs,
                arguments.imsleuth)
    try:
        scenario.play(core)
        core.settle()
        (run / "exchanges.json").write_text(json.dumps(core.exchanges()))
    finally:
        core.end()


def play_inside(arguments):
    scenario = all_scenarios()[arguments.inside]
    try:
        play(scenario, arguments)
    except Impossible as error:
        print(error)
        return SKIPPED
    except (Failed, OSError) as error:
        print(error)
        return 1
    except Exception:  # pylint: disable=broad-except
        traceback.print_exc()
        return 1
    return 0


def keep(run, name, folder):
    """The capture and what the nodes wrote, out of the temporary folder."""
    for capture in run.glob("*.pcapng"):
        shutil.copyfile(capture, folder / capture.name)
    logs = folder / name
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    for path in run.rglob("*"):
        if path.suffix in (".log", ".cfg", ".xml", ".json", ".journal"):
            shutil.copyfile(path, logs / path.name)


def plugin_differences(arguments, capture):
    """What tshark says with the plugin is what imsleuth says."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(capture, folder)
        done = subprocess.run(
            [sys.executable, "-B",
             str(HERE.parent / "plugin" / "parity.py"), str(arguments.plugin),
             str(arguments.imsleuth), folder],
            capture_output=True, text=True, check=False)
    if done.returncode not in (0, SKIPPED):
        yield "the plugin: " + (done.stdout + done.stderr).strip()


def judge_played(scenario, arguments, run):
    capture = arguments.keep / f"{scenario.name}.pcapng"
    report = judge.report_of(arguments.imsleuth, capture)
    journal = json.loads((run / "exchanges.json").read_text())
    yield from judge.differences(scenario, journal, report)
    if arguments.plugin:
        yield from plugin_differences(arguments, capture)


def run_one(scenario, arguments):
    """OK, WRONG or SKIP, lines about it, and how long it took."""
    start = time.monotonic()
    word = WRONG
    with tempfile.TemporaryDirectory(prefix="lab-",
                                     dir="/var/tmp") as folder:
        run = pathlib.Path(folder)
        run.chmod(0o755)
        command = isolated(sys.executable, "-B", str(HERE / "lab.py"),
                           "--inside", scenario.name, "--run", folder,
                           "--programs", str(arguments.programs),
                           "--imsleuth", str(arguments.imsleuth))
        try:
            done = subprocess.run(command, capture_output=True, text=True,
                                  check=False, timeout=LIMIT_S)
            about = [] if done.returncode == 0 else [
                (done.stdout + done.stderr).strip()]
            word = SKIP if done.returncode == SKIPPED else WRONG
        except subprocess.TimeoutExpired:
            about = [f"not done after {LIMIT_S} s"]
        keep(run, scenario.name, arguments.keep)
        if not about:
            about = list(judge_played(scenario, arguments, run))
            word = WRONG if about else OK
    return word, about, time.monotonic() - start


def run_all(chosen, arguments):
    """How many there are of each word."""
    counts = collections.Counter()
    build(arguments.programs)
    arguments.keep.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        futures = {pool.submit(run_one, s, arguments): s for s in chosen}
        for future in concurrent.futures.as_completed(futures):
            scenario = futures[future]
            word, about, seconds = future.result()
            counts[word] += 1
            print(f"{word:5} {scenario.name:24} {seconds:5.1f} s  "
                  f"{arguments.keep / scenario.name}.pcapng", flush=True)
            for line in about:
                print("      " + line.replace("\n", "\n      "), flush=True)
    return counts


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true",
                        help="say what there is")
    parser.add_argument("--short", action="store_true",
                        help="those that the continuous integration plays")
    parser.add_argument("--possible", action="store_true",
                        help="say whether this machine can, and no more")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--imsleuth", type=pathlib.Path)
    parser.add_argument("--plugin", type=pathlib.Path,
                        help="folder of the Wireshark plugin")
    parser.add_argument("--programs", type=pathlib.Path,
                        help="folder of what is built from programs/")
    parser.add_argument("--keep", type=pathlib.Path,
                        help="folder for captures and logs")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--run", type=pathlib.Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def choose(scenarios, arguments):
    unknown = set(arguments.names) - set(scenarios)
    if unknown:
        sys.exit(f"lab: no scenario {', '.join(sorted(unknown))} "
                 "(--list shows all)")
    return [s for s in scenarios.values() if arguments.all
            or arguments.short and s.short or s.name in arguments.names]


def main():
    # What a shell begins in the background ignores Ctrl-C, and so would what
    # is begun here, and ended by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    arguments = parse_arguments()
    if arguments.inside:
        return play_inside(arguments)
    scenarios = all_scenarios()
    if arguments.list:
        for s in scenarios.values():
            print(f"{s.name:24} {s.story}")
        return 0
    reason = why_not_isolated()
    chosen = choose(scenarios, arguments)
    if not chosen and not arguments.possible:
        sys.exit("lab: which scenario? (--list shows all)")
    if reason or arguments.possible:
        if not reason:
            return 0
        print("lab: this machine allows no network namespaces: "
              f"{reason}")
        return SKIPPED
    counts = run_all(chosen, arguments)
    skipped = f", {counts[SKIP]} skipped" if counts[SKIP] else ""
    print(f"{counts[OK]} of {len(chosen)} scenarios: imsleuth says what was "
          f"played{skipped}")
    return 1 if counts[WRONG] else 0


if __name__ == "__main__":
    sys.exit(main())
