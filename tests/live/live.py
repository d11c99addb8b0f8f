#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A live capture tells what it finds while it goes on.

usage: live.py IMSLEUTH CAPTURES pipe|interface

`pipe` plays packets as if they happened now into `imsleuth -` and looks at
when each line came: within two seconds of the packet, or of the end of the
timer, that proves it. `interface` does the same on the loopback of a network
namespace of its own; where there can be none, it is skipped (status 77).
"""

import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

import loopback
from pacing import Player, into, lines_of, packets_of, record

DUE = 2.0          # seconds
PATIENCE = 60      # of a machine that is busy
UNKNOWN_USER = "02_unknown_user_uaa5001_403.pcapng"
UNANSWERED = "05b_uar_unanswered.pcapng"
# The REGISTER and its 504, without the answer between the CSCFs.
SILENT = (1, 2, 7, 8, 9, 11, 13, 23)
# From thread to thread a line goes through so many hands.
HOPS = 4
LINGER = 5.0       # so long such a leg is waited for


class Wrong(Exception):
    """What is not as it should be."""


def ensure(condition, *what):
    if not condition:
        raise Wrong(*what)


class Pulse(threading.Thread):
    """How long the machine lets wait who wants to run."""

    late = 0.0

    def run(self):
        while True:
            due = time.monotonic() + 0.01
            time.sleep(0.01)
            Pulse.late = max(Pulse.late, time.monotonic() - due)


class Program:
    """imsleuth under way, its lines with their times."""

    def __init__(self, imsleuth, *arguments, stdin=subprocess.PIPE):
        self.process = subprocess.Popen(
            [imsleuth, *arguments], stdin=stdin, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.lines, self.reader = lines_of(self.process.stdout)
        self.errors, self.complainer = lines_of(self.process.stderr)

    def play(self, packets, silence, clock=None, stream=None):
        """Once it listens: what has waited in the pipe seems to be old."""
        self.wait_until_caught(signal.SIGINT)
        player = Player(packets, stream or into(self.process.stdin), silence,
                        clock)
        player.start()
        ensure(player.done.wait(PATIENCE), "the player does not end")
        return player

    def wait_until_caught(self, how):
        """A signal that comes before it is caught ends all."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status")
        begun = time.time()
        while not int(re.search(r"SigCgt:\s*(\w+)", status.read_text())[1],
                      16) >> (how - 1) & 1:
            ensure(time.time() - begun < PATIENCE, "no signal is caught")
            time.sleep(0.01)

    def end(self, how=None):
        """Exit status; `how`: a signal, else the end of the pipe."""
        if how:
            self.wait_until_caught(how)
            self.process.send_signal(how)
        else:
            self.process.stdin.close()
        status = self.process.wait(PATIENCE)
        self.reader.join()
        self.complainer.join()
        return status

    def said(self):
        return "\n".join(line for _, line in self.errors)

    def first(self, words, before):
        """When a line with these words came; it must have by `before`."""
        for moment, line in list(self.lines):
            if words in line and moment < before:
                return moment
        raise Wrong(f"no line with {words} while the capture went on; "
                    f"{len(self.lines)} lines", self.said())


def on_time(program, words, proven, player):
    """It came after what proves it, and not much."""
    came = program.first(words, time.time())
    late = came - proven
    ensure(0 <= late <= DUE + HOPS * max(player.late, Pulse.late),
           f"{words} came {late:.2f} s after its proof")
    return late


def chosen(path, numbers):
    packets = packets_of(path)
    return [(i * 0.05, packets[n - 1][1]) for i, n in enumerate(numbers)]


def records(program):
    return [json.loads(line) for _, line in program.lines]


def a_packet_proves_ndjson(imsleuth, captures):
    program = Program(imsleuth, "-f", "ndjson", "-")
    player = program.play(packets_of(captures / UNKNOWN_USER), 3)
    on_time(program, '"rule":"cx_user_unknown"', player.sent[3], player)
    on_time(program, '"type":"registration"', player.sent[3], player)
    ensure(not any('"type":"summary"' in line for _, line in program.lines),
           "the summary came before the end")
    ensure(program.end() == 1, "status", program.said())
    ensure(records(program)[-1]["type"] == "summary", "no summary")


def a_packet_proves_text(imsleuth, captures):
    program = Program(imsleuth, "-")
    player = program.play(packets_of(captures / UNKNOWN_USER), 3)
    on_time(program, "Rejected, 403 Forbidden", player.sent[3], player)
    on_time(program, "5001", player.sent[3], player)
    n_told = len(program.lines)
    ensure(program.end() == 1, "status", program.said())
    rest = [line for _, line in program.lines[n_told:]]
    ensure(rest[:2] == ["", "1 registration: 1 rejected."], rest)
    ensure(not any("5001" in line for line in rest), "told twice", rest)


def silence_proves(imsleuth, captures):
    """No packet comes any more when the timer runs out."""
    # (An exchange that is open would be waited for, too.)
    program = Program(imsleuth, "-f", "ndjson", "--answer-timeout", "0.2", "-")
    player = program.play(chosen(captures / UNANSWERED, SILENT), LINGER + 3)
    proven = player.sent[len(SILENT)] + LINGER
    on_time(program, '"rule":"register_rejected"', proven, player)
    ensure(program.end() == 1, "status", program.said())


def a_wrong_clock_needs_a_word(imsleuth, captures):
    """Old packets are a file that is slow to come, unless -i says otherwise."""
    packets = packets_of(captures / UNKNOWN_USER)
    program = Program(imsleuth, "-f", "ndjson", "-")
    forced = Program(imsleuth, "-f", "ndjson", "-i", "-")
    other = threading.Thread(
        target=lambda: program.play(packets, 3, clock=1e9))
    other.start()
    player = forced.play(packets, 3, clock=1e9)
    other.join()
    on_time(forced, '"rule":"cx_user_unknown"', player.sent[3], player)
    ensure(not program.lines, "a file was told as if it were live")
    ensure(program.end() == 1 and forced.end() == 1, "status")
    ensure(len(program.lines) == len(forced.lines), "not the same in the end")


def a_signal_ends(imsleuth, captures, how):
    """Amid a packet, with the summary and without a complaint."""
    program = Program(imsleuth, "-f", "ndjson", "-")
    packets = packets_of(captures / UNKNOWN_USER)
    program.play(packets, 0.2)
    program.process.stdin.write(record(time.time(), packets[0][1])[:40])
    program.process.stdin.flush()
    program.wait_until_caught(how)
    time.sleep(0.2)
    asked = time.time()
    status = program.end(how)
    ensure(time.time() - asked < DUE + 1, "it takes too long to end")
    ensure(status == 1 and not program.errors, status, program.said())
    *_, capture, summary = records(program)
    ensure(summary["type"] == "summary" and not capture["truncated"],
           capture, summary)
    ensure(summary["causes"] == {"cx_user_unknown": 1}, summary)


def an_interrupt_ends(imsleuth, captures):
    a_signal_ends(imsleuth, captures, signal.SIGINT)


def a_termination_ends(imsleuth, captures):
    a_signal_ends(imsleuth, captures, signal.SIGTERM)


def what_comes_after_the_interrupt_is_read(imsleuth, captures):
    """dumpcap, interrupted too, hands on its last packets before it ends."""
    program = Program(imsleuth, "-f", "ndjson", "-")
    *packets, last = packets_of(captures / UNKNOWN_USER)
    program.play(packets, 0.2)
    program.wait_until_caught(signal.SIGINT)
    program.process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    program.process.stdin.write(record(time.time(), last[1]))
    ensure(program.end() == 1, "status", program.said())
    capture = next(r for r in records(program) if r["type"] == "capture")
    ensure(capture["packets"] == len(packets) + 1, capture)


def nothing_comes(imsleuth, captures):
    del captures
    program = Program(imsleuth, "-f", "ndjson", "-i", "-")
    status = program.end(signal.SIGINT)
    ensure(status == 0 and records(program)[-1]["type"] == "summary", status,
           program.said())


def wrong_words_are_refused(imsleuth, captures):
    capture = str(captures / UNKNOWN_USER)
    for arguments, words in (
            (["-i", "lo", capture], "captures cannot be read beside it"),
            (["-i", "lo", "-i", "eth0"], "one can be listened to"),
            (["-i", ""], "none named"),
            (["-i", "lo", "--separate"], "nothing to separate"),
            (["-i", "-", "--capture-filter", "udp"], "a pipe is filtered"),
            (["--capture-filter", "udp", capture], "only -i INTERFACE")):
        done = subprocess.run([imsleuth, *arguments], capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=PATIENCE,
                              text=True, check=False)
        ensure(done.returncode == 2 and words in done.stderr and
               not done.stdout, arguments, done.stderr)


PIPE = (a_packet_proves_ndjson, a_packet_proves_text, silence_proves,
        a_wrong_clock_needs_a_word, an_interrupt_ends, a_termination_ends,
        what_comes_after_the_interrupt_is_read, nothing_comes,
        wrong_words_are_refused)


def listening(imsleuth, *arguments):
    """imsleuth on the loopback, once it says that it listens."""
    program = Program(imsleuth, "-i", "lo", *arguments,
                      stdin=subprocess.DEVNULL)
    begun = time.time()
    while "listening" not in program.said():
        ensure(time.time() - begun < PATIENCE and
               program.process.poll() is None, program.said())
        time.sleep(0.01)
    return program


def capture_line(program):
    return next(r for r in records(program) if r["type"] == "capture")


def an_interface_is_heard(imsleuth, captures):
    program = listening(imsleuth, "-f", "ndjson")
    packets = packets_of(captures / UNKNOWN_USER)
    with loopback.injector() as inject:
        player = program.play(packets, 3, stream=lambda _, p: inject(p))
    on_time(program, '"rule":"cx_user_unknown"', player.sent[3], player)
    ensure(program.end(signal.SIGINT) == 1, program.said())
    capture = capture_line(program)
    ensure(capture["file"] == "lo" and capture["format"] == "live" and
           capture["packets"] == len(packets) and not capture["dropped"],
           capture)


def media_is_left_out(imsleuth, captures):
    """But not fragments of it, nor what stands on the ports of ESP in UDP."""
    del captures
    media, other = b"\x80\0\0\1" + bytes(160), b"REGISTER sip:a SIP/2.0\r\n"
    sent = [(media, 30000), (other, 30000), (media, 4500), (media, 9899)]
    for arguments, expected in (((), 3), (("--capture-filter", ""), 4),
                                (("--capture-filter", "port 4500"), 1)):
        for family, address in ((socket.AF_INET, "127.0.0.1"),
                                (socket.AF_INET6, "::1")):
            program = listening(imsleuth, "-f", "ndjson", *arguments)
            with loopback.takers(family, address, [p for _, p in sent]), \
                    socket.socket(family, socket.SOCK_DGRAM) as sender:
                for data, port in sent:
                    sender.sendto(data, (address, port))
            time.sleep(0.3)
            program.end(signal.SIGINT)
            n = capture_line(program)["packets"]
            ensure(n == expected, arguments, address, n)


def fragments_pass(imsleuth, captures):
    del captures
    program = listening(imsleuth, "-f", "ndjson")
    payload = struct.pack("!HHHH", 30000, 30000, 1608, 0) + b"\x80" + \
        bytes(1599)
    with loopback.injector() as inject:
        for offset in (0, 800):
            inject(loopback.ipv4(payload[offset:offset + 800], 17, offset,
                                 more=offset == 0))
    time.sleep(0.3)
    program.end(signal.SIGINT)
    n = capture_line(program)["packets"]
    ensure(n == 2, n)


def drops_are_told(imsleuth, captures):
    """It is held up while more comes than the kernel keeps."""
    del captures
    program = listening(imsleuth, "-f", "ndjson")
    os.kill(program.process.pid, signal.SIGSTOP)
    with loopback.injector() as inject:
        for _ in range(600):
            inject(loopback.ipv4(bytes(60000), 17))
    os.kill(program.process.pid, signal.SIGCONT)
    time.sleep(0.5)
    program.end(signal.SIGINT)
    capture = capture_line(program)
    ensure(capture["dropped"] > 0 and
           capture["dropped"] + capture["packets"] >= 600, capture)


def what_cannot_be_heard_is_said(imsleuth, captures):
    del captures
    for arguments, words in (
            (["-i", "nix"], "no such interface; there are: "),
            (["-i", "lo", "--capture-filter", "foo bar"], "capture filter: ")):
        done = subprocess.run([imsleuth, *arguments], capture_output=True,
                              timeout=PATIENCE, text=True, check=False)
        ensure(done.returncode == 2 and words in done.stderr, arguments,
               done.stderr)


INTERFACE = (an_interface_is_heard, media_is_left_out, fragments_pass,
             drops_are_told, what_cannot_be_heard_is_said)


def run(case, imsleuth, captures, failed):
    try:
        case(imsleuth, captures)
        print(f"ok     {case.__name__}")
    except Exception as error:  # pylint: disable=broad-except
        failed.append(case.__name__)
        print(f"WRONG  {case.__name__}: "
              + " ".join(str(part) for part in error.args))


def main():
    imsleuth, captures, what = (pathlib.Path(sys.argv[1]).resolve(),
                                pathlib.Path(sys.argv[2]), sys.argv[3])
    failed = []
    Pulse(daemon=True).start()
    if what == "interface":
        loopback.own_namespace()
        # One after the other: each would hear the others.
        for case in INTERFACE:
            run(case, imsleuth, captures, failed)
    else:
        threads = [threading.Thread(target=run,
                                    args=(case, imsleuth, captures, failed))
                   for case in PIPE]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
