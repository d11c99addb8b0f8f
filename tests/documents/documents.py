#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs what the documents show.

usage: documents.py [--update] IMSLEUTH SOURCE [PLUGIN_DIR]

In fenced blocks marked `console`, a line that begins with `$ ` is a command
and the lines below it are what it prints; a line `...` stands for any lines.
A command with nothing below it must only be known: it must not end with
status 126, 127 or 2. Commands run in the root of a copy of the source's
documents and captures, `imsleuth` being the program under test. What listens
to an interface is not run. With
--update what is printed is written into the documents, unless there is
nothing or `...` below the command. A block marked `ini FILE` is that file,
there for the commands of its document. A command of tshark runs with the plugin,
as an ordinary user; without PLUGIN_DIR it is not run.
"""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "plugin"))
from running import Wireshark  # noqa: E402

BLOCK = re.compile(r"^```console\n(.*?)^```", re.M | re.S)
FILE = re.compile(r"^```ini ([\w.]+)\n(.*?)^```", re.M | re.S)
# What installs or builds: scripts/test and the CI do that anyway.
NOT_RUN = re.compile(r"^(sudo |scripts/|cmake |ctest |ninja |git |cd |\./|"
                     r"build/|apt)")
# What listens to an interface, for which one may lack the right: tests/live
# does that.
LISTENS = re.compile(r"^(imsleuth|dumpcap)\b.* -i ")
WIRESHARK = re.compile(r"^(tshark|wireshark|sharkd)\b")


def commands(text):
    """(command, lines shown below it)"""
    for block in BLOCK.findall(text):
        command, shown = None, []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command, shown
                command, shown = line[2:], []
            elif command:
                shown.append(line)
        if command:
            yield command, shown


def pattern(shown):
    """What is shown as a regular expression."""
    parts = [".*?" if line == "..." else re.escape(line) + r"[ \t]*\n"
             for line in shown]
    return re.compile(r"\A" + "".join(parts) + r"\n*\Z", re.S)


class Runner:
    """The programs that the documents speak of, in a copy of the sources."""

    def __init__(self, folder, program, wireshark):
        self.folder = folder
        self.program = program
        self.wireshark = wireshark
        if wireshark:
            wireshark.give(folder)

    def knows(self, command):
        return not NOT_RUN.match(command) and \
            not LISTENS.match(command) and (
                self.wireshark or not WIRESHARK.match(command))

    def run(self, command):
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        user = {}
        if WIRESHARK.match(command):
            environment = {**self.wireshark.environ(), "LC_ALL": "C.UTF-8"}
            user = self.wireshark.user()
        environment["PATH"] = (f"{self.program.parent}{os.pathsep}"
                               f"{os.environ['PATH']}")
        return subprocess.run(["sh", "-c", command], cwd=self.folder,
                              timeout=120, env=environment,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, **user)


def wrong(command, shown, runner):
    if not runner.knows(command):
        return exists(command, runner.folder)
    done = runner.run(command)
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode in (2, 126, 127) and "status 2" not in "".join(shown):
        return f"exit status {done.returncode}\n{output}"
    if shown and not pattern(shown).match(output):
        return f"prints something else:\n{output}"
    return None


def exists(command, folder):
    """Of a command that is not run, that its script is there."""
    word = command.split()[0]
    if word.startswith("scripts/") and not (folder / word).exists():
        return "there is no such script"
    return None


def copy(source, folder):
    for name in ("captures", "scripts"):
        shutil.copytree(source / name, folder / name)
    for path in source.glob("*.md"):
        shutil.copy(path, folder)


def update(path, command, shown, runner):
    if not shown or "..." in shown or not runner.knows(command):
        return
    text = path.read_text(encoding="utf-8")
    old = "\n".join([f"$ {command}", *shown])
    new = runner.run(command).stdout.decode("utf-8").rstrip("\n")
    path.write_text(text.replace(f"{old}\n", f"$ {command}\n{new}\n"),
                    encoding="utf-8")


def main():
    updating = "--update" in sys.argv
    program, source, *plugin_dir = (
        pathlib.Path(argument).resolve()
        for argument in sys.argv[1 + updating:4 + updating])
    documents = [*source.glob("*.md"), *(source / "docs").rglob("*.md"),
                 *(source / "captures").glob("*.md"),
                 *(source / "tests").rglob("*.md")]
    n, n_wrong = 0, 0
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        copy(source, folder)
        runner = Runner(folder, program, stack.enter_context(
            Wireshark(plugin_dir[0])) if plugin_dir else None)
        for path in sorted(documents):
            text = path.read_text(encoding="utf-8")
            for file, content in FILE.findall(text):
                (folder / file).write_text(content, encoding="utf-8")
            for command, shown in commands(text):
                n += 1
                if updating:
                    update(path, command, shown, runner)
                    continue
                problem = wrong(command, shown, runner)
                if problem:
                    n_wrong += 1
                    print(f"{path.relative_to(source)}: $ {command}\n"
                          f"{problem}")
    if updating:
        return 0
    print(f"{n - n_wrong} of {n} commands do what the documents show")
    return 1 if n_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
