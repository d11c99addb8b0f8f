#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs what the documents show.

usage: documents.py [--update] IMSLEUTH SOURCE

In fenced blocks marked `console`, a line that begins with `$ ` is a command
and the lines below it are what it prints; a line `...` stands for any lines.
A command with nothing below it must only be known: it must not end with
status 126, 127 or 2. Commands run in the root of a copy of the source's
documents and captures, `imsleuth` being the program under test. With
--update what is printed is written into the documents, unless there is
nothing or `...` below the command.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```console\n(.*?)^```", re.M | re.S)
# What installs or builds: scripts/test and the CI do that anyway.
NOT_RUN = re.compile(r"^(sudo |scripts/|cmake |ctest |ninja |git |cd |\./|"
                     r"build/|apt)")


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


def run(command, folder, program):
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(["sh", "-c", command], cwd=folder, timeout=120,
                          env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)


def wrong(command, shown, folder, program):
    if NOT_RUN.match(command):
        return exists(command, folder)
    done = run(command, folder, program)
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


def update(path, command, shown, folder, program):
    if not shown or "..." in shown or NOT_RUN.match(command):
        return
    text = path.read_text(encoding="utf-8")
    old = "\n".join([f"$ {command}", *shown])
    new = run(command, folder, program).stdout.decode("utf-8").rstrip("\n")
    path.write_text(text.replace(f"{old}\n", f"$ {command}\n{new}\n"),
                    encoding="utf-8")


def main():
    updating = "--update" in sys.argv
    program, source = (pathlib.Path(argument).resolve()
                       for argument in sys.argv[1 + updating:3 + updating])
    documents = [*source.glob("*.md"), *(source / "docs").rglob("*.md"),
                 *(source / "captures").glob("*.md"),
                 *(source / "tests").rglob("*.md")]
    n, n_wrong = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        copy(source, pathlib.Path(folder))
        for path in sorted(documents):
            for command, shown in commands(path.read_text(encoding="utf-8")):
                n += 1
                if updating:
                    update(path, command, shown, pathlib.Path(folder),
                           program)
                    continue
                problem = wrong(command, shown, pathlib.Path(folder), program)
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
