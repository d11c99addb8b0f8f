#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin in Wireshark's own window.

usage: window.py [--pictures FOLDER] [--show FILE.png] SOURCE [PLUGINS]

SOURCE is the root of the source. PLUGINS is a folder as of
WIRESHARK_PLUGIN_DIR: PLUGINS/4.0/epan/imsleuth.so. Without it only what
needs no plugin is looked at. Opens captures in Wireshark on a virtual
display with the profile IMS and works it as a user would. What is shown is
compared with what tshark says in two passes. What failed leaves a picture of
the display in FOLDER. With --show nothing is tested: FILE.png becomes a
picture of the 420 and what the plugin says of it.
"""

import argparse
import functools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from screen import (Late, READY, REPLY, Screen, Wireshark, as_user,
                    give_away, missing, until)

PROGRAMS = ("Xvfb", "wireshark", "tshark", "xdotool", "xclip", "import")
SKIPPED = 77
CALL = "09a_reinvite_420_sec_agree.pcapng"
OTHER = "02_unknown_user_uaa5001_403.pcapng"
REFUSAL = 81  # the 420 in CALL
TELEPHONY = "alt+y"  # its menu; the plugin's is the last in it
TABLES = ("registrations", "findings", "cx")  # first in the plugin's menu
SHOW_REGISTRATION = 3  # the entry behind them
ANALYZE = "alt+a"
CONVERSATION = 5  # what can be chosen there as long as no field is
LAMP = (17, 889)
COPY_TABLE = ("Menu", "Up", "Up", "Return")  # last but one of what pops up
NO_FILE = "The Wireshark Network Analyzer"
FINDING = "imsleuth.finding"


class Failed(Exception):
    """What is shown is not what should be."""


def expect(what, shown, expected):
    if shown != expected:
        raise Failed(f"{what}: shown {shown!r}, expected {expected!r}")


def holds(what, lines, part):
    if not any(part in line for line in lines):
        raise Failed(f"{what}: no {part!r} in:\n    " + "\n    ".join(lines))


class Case:
    """A user's home with the profile, the captures, and what is known."""

    def __init__(self, folder, source, plugins, pictures):
        self.home = pathlib.Path(folder)
        self.plugins = self.home / "plugins"
        self.has_plugin = bool(plugins)
        self.pictures = pictures
        profile = self.home / ".config/wireshark/profiles/IMS"
        shutil.copytree(source / "plugin/profile/IMS", profile)
        for name in (CALL, OTHER):
            shutil.copy(source / "captures" / name, self.home)
        self.pipe = self.home / "pipe"
        os.mkfifo(self.pipe)
        if plugins:
            shutil.copytree(plugins, self.plugins)
        else:
            self.plugins.mkdir()
        # The whole display, and the packet's bytes put away.
        with open(profile / "recent", "a", encoding="utf-8") as recent:
            recent.write("gui.byte_view_show: FALSE\n")
        (profile.parents[1] / "recent_common").write_text(
            "gui.geometry_main_x: 0\ngui.geometry_main_y: 0\n"
            "gui.geometry_main_width: 1400\ngui.geometry_main_height: 900\n")
        give_away(self.home)

    def options(self, name, *more):
        return ["-C", "IMS", *more, "-r", str(self.home / name)]

    def capture_options(self):
        return ["-C", "IMS", "-Y", "sip", "-k", "-i", str(self.pipe)]

    def tshark(self, *options):
        prefix, environment = as_user(self.home, self.plugins)
        run = subprocess.run([*prefix, "tshark", "-2", *options],
                             env=environment, cwd=self.home, text=True,
                             capture_output=True, check=True, timeout=120)
        return run.stdout.splitlines()

    @functools.lru_cache(maxsize=None)
    def frames(self, name, display_filter):
        """The packets that the filter leaves, by tshark's two passes."""
        options = self.options(name, "-T", "fields", "-e", "frame.number")
        if display_filter:
            options += ["-Y", display_filter]
        return self.tshark(*options)


def numbers(window):
    return [row[0] for row in window.rows()]


def shows(window, case, name, display_filter):
    """The packet list comes to hold what the filter leaves."""
    expected = case.frames(name, display_filter)
    if not expected:
        raise Failed(f"tshark finds no packet of {display_filter}")
    shown = []

    def same():
        shown[:] = numbers(window)
        return shown == expected
    try:
        until(f"packets of '{display_filter}'", REPLY, same)
    except Late:
        expect(f"packets of '{display_filter}'", shown, expected)


# What needs no plugin.

def opened(window, case):
    expect("title", window.wait_title(CALL, READY), CALL)
    shows(window, case, CALL, "")
    if window.screen.n_colours() < 50:
        raise Failed("the window is blank")


def filtered(window, case):
    window.filter("sip")
    shows(window, case, CALL, "sip")


def reloaded(window, case):
    window.keys("ctrl+r")
    shows(window, case, CALL, "")


def closed_and_opened(window, case):
    window.keys("ctrl+w")
    window.wait_title(NO_FILE)
    window.keys("ctrl+o")
    window.wait_title("Open Capture File")
    window.type(str(case.home / OTHER))
    window.keys("Return")
    window.wait_title(OTHER)
    shows(window, case, OTHER, "")


def left(window, case):
    # Qt 6 says so whatever is loaded; and the profile has colours of fields
    # that only the plugin brings.
    usual = ["QThreadStorage"]
    if not case.has_plugin:
        usual.append("colorfilters")
    expect("exit status", window.quit(), 0)
    said = [line for line in window.log.read_text().splitlines()
            if any(word in line for word in ("WARNING", "CRITICAL", "ERROR"))
            and not any(word in line for word in usual)]
    expect("complaints", said, [])


# What the plugin shows.

def details_name_the_culprit(window, _):
    window.go_to(REFUSAL)
    lines = window.details()
    holds("details", lines, "sip_420_sec_agree")
    holds("details", lines, "Unsupported: sec-agree")
    holds("details", lines, "RFC 3329")


def columns_tell_the_registration(window, case):
    fields = ("imsleuth.registration", "imsleuth.leg", "imsleuth.step",
              "imsleuth.outcome", "imsleuth.finding")
    options = [word for field in fields for word in ("-e", field)]
    lines = case.tshark(*case.options(CALL, "-T", "fields", *options))
    expect("columns", [row[5:10] for row in window.rows()],
           [line.split("\t") for line in lines])


def finding_filtered(window, case):
    window.filter(FINDING)
    shows(window, case, CALL, FINDING)


def reloaded_with_a_filter(window, case):
    """What is known at the end of the first pass matches all the same."""
    window.filter(FINDING)
    shows(window, case, CALL, FINDING)
    window.keys("ctrl+r")
    shows(window, case, CALL, FINDING)


def dissected_again(window, case):
    """A packet ignored and taken back dissects the file anew, after which
    Wireshark does not tell that its first pass is over."""
    window.go_to(7)
    window.keys("ctrl+d")
    window.keys("ctrl+d")
    columns_tell_the_registration(window, case)
    finding_filtered(window, case)


def choose(window, entry):
    """Telephony > IMS > the entry of that number, from 0."""
    window.keys(TELEPHONY, "Up", "Right", *["Down"] * entry, "Return")


def rows_of(lines):
    """A printed table's rows, however wide its columns are, in any order.
    What is missing in a row is - in one program and nothing in the other."""
    rows = [" ".join(word for word in line.split() if word != "-")
            for line in lines]
    return sorted(row for row in rows if row.strip("=-")
                  and not row.startswith(("IMS ", "Total ")))


def tables_are_those_of_tshark(window, case):
    for entry, table in enumerate(TABLES):
        printed = rows_of(case.tshark(
            "-q", "-z", f"imsleuth,{table}", *case.options(CALL)))
        choose(window, entry)
        window.wait_title("Wireshark · ")
        shown = rows_of(window.copied(*COPY_TABLE))
        window.keys("Escape")
        window.wait_title(CALL)
        expect(table, shown, printed)


def experts_listed(window, _):
    """The lamp at the left of the status bar opens the list."""
    window.click(LAMP)
    window.wait_title("Expert Information")
    expect("first", window.copied("Home", "ctrl+c"), ["Error"])
    window.keys("Escape")
    window.wait_title(CALL)


def registration_chosen(window, case):
    window.go_to(1)
    choose(window, SHOW_REGISTRATION)
    shows(window, case, CALL, "imsleuth.registration == 1")


def other_file_told(window, case):
    window.filter(FINDING)
    shows(window, case, OTHER, FINDING)


def opened_filtered(window, case):
    """The filter of the command line, in force while the file is read."""
    window.wait_title(CALL, READY)
    shows(window, case, CALL, FINDING)


def conversation_chosen(window, case):
    """Analyze > Conversation Filter > the plugin's, the last there."""
    window.go_to(1)
    window.keys(ANALYZE, *["Down"] * CONVERSATION, "Right", "Up", "Return")
    shows(window, case, CALL, "imsleuth.registration == 1")


def captured(window, case):
    """A capture from a pipe, ended; a filter was in force all the while."""
    subprocess.run(["cp", case.home / CALL, case.pipe], check=True,
                   timeout=READY)
    window.wait_title(case.pipe.name, READY)
    shows(window, case, CALL, "sip")


def filtered_after(window, case):
    """Filters go on working when the capture has ended."""
    finding_filtered(window, case)
    window.filter("")
    shows(window, case, CALL, "")


PLAIN = (opened, filtered, reloaded, closed_and_opened, left)
PLUGIN = (opened, columns_tell_the_registration, details_name_the_culprit,
          tables_are_those_of_tshark, experts_listed, registration_chosen,
          finding_filtered, reloaded_with_a_filter, dissected_again,
          closed_and_opened, other_file_told, left)
FILTERED = (opened_filtered, conversation_chosen, left)
CAPTURED = (captured, filtered_after)


def picture(screen, case, path):
    """The 420, and of its tree the plugin's part, which is the last."""
    with Wireshark(screen, case.home, case.plugins,
                   *case.options(CALL, "-g", str(REFUSAL))) as window:
        opened(window, case)
        window.filter("imsleuth")
        shows(window, case, CALL, "imsleuth")
        window.go_to(REFUSAL)
        window.details()
        window.keys("ctrl+Left", "End", "shift+Right")
        screen.settle()
        screen.picture(path)
        window.quit()
    return 0


def attempt(screen, case, check, *arguments):
    name = check.__name__
    try:
        check(*arguments)
    except (Failed, Late, subprocess.SubprocessError) as why:
        print(f"not ok {name}: {why}", flush=True)
        if case.pictures:
            screen.picture(case.pictures / f"{name}.png")
        return 1
    print(f"ok {name}", flush=True)
    return 0


def walk(screen, case, checks, options):
    """The checks, one after the other in one window."""
    n_failed = 0
    with Wireshark(screen, case.home, case.plugins, *options) as window:
        for check in checks:
            n_failed += attempt(screen, case, check, window, case)
            if not window.alive():
                break
            window.filter("")
    return n_failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=pathlib.Path)
    parser.add_argument("--show", type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("plugins", type=pathlib.Path, nargs="?")
    arguments = parser.parse_args()
    lacking = missing(PROGRAMS)
    if lacking:
        print(f"skipped: no {', '.join(lacking)}")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder, Screen() as screen:
        case = Case(folder, arguments.source, arguments.plugins,
                    arguments.pictures)
        if arguments.show:
            return picture(screen, case, arguments.show)
        if not arguments.plugins:
            print("skipped: what needs the plugin")
            return walk(screen, case, PLAIN, case.options(CALL)) != 0
        n_failed = walk(screen, case, PLUGIN, case.options(CALL))
        n_failed += walk(screen, case, FILTERED,
                         case.options(CALL, "-Y", FINDING))
        n_failed += walk(screen, case, CAPTURED, case.capture_options())
    return n_failed != 0


if __name__ == "__main__":
    sys.exit(main())
