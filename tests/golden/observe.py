# SPDX-License-Identifier: GPL-2.0-or-later
"""What imsleuth says of a capture, and captures with packets taken out."""

import json
import struct
import subprocess

ENHANCED_PACKET, SIMPLE_PACKET, OLD_PACKET = 6, 3, 2
SECTION_HEADER = 0x0A0D0D0A


def _observe(imsleuth, *words, truncated=False):
    run = subprocess.run([imsleuth, "-f", "json", *map(str, words)],
                         capture_output=True, check=False, timeout=120)
    errors = run.stderr.decode(errors="replace").strip()
    assert run.stdout, f"exit status {run.returncode}: {errors}"
    said = json.loads(run.stdout)
    reports = said if isinstance(said, list) else [said]
    failed = any(f["severity"] == "error" for report in reports
                 for f in report["findings"])
    status = 2 if truncated else int(failed)
    assert run.returncode == status, f"status {run.returncode}: {errors}"
    return reports


def observe(imsleuth, capture, truncated=False):
    """The JSON report as an object; AssertionError for a run that is wrong."""
    report, = _observe(imsleuth, capture, truncated=truncated)
    return report


def observe_each(imsleuth, captures):
    """A report of each, by one program."""
    return _observe(imsleuth, "--separate", *captures)


def rules(imsleuth):
    """The slugs of the catalogue: the indented lines of `imsleuth explain`."""
    run = subprocess.run([imsleuth, "explain"], capture_output=True,
                         check=True, text=True, timeout=120)
    return {line.split()[0] for line in run.stdout.splitlines()
            if line.startswith("  ") and line.strip()}


def error_rules(report):
    return sorted({f["rule"] for f in report["findings"]
                   if f["severity"] == "error"})


def numbers(finding):
    return [frame["frame"] for frame in finding["frames"]]


def without(data, drop):
    """The capture's bytes without the packets for which drop() is true."""
    if data[:4] == struct.pack("<I", SECTION_HEADER):
        return _without_pcapng(data, drop)
    return _without_pcap(data, drop)


def _without_pcapng(data, drop):
    out, at, order = [], 0, "<"
    while at + 12 <= len(data):
        kind = struct.unpack_from(order + "I", data, at)[0]
        if kind == SECTION_HEADER:
            magic = data[at + 8:at + 12]
            order = "<" if magic == b"\x4d\x3c\x2b\x1a" else ">"
        length = struct.unpack_from(order + "I", data, at + 4)[0]
        is_packet = kind in (ENHANCED_PACKET, SIMPLE_PACKET, OLD_PACKET)
        if not (is_packet and drop()):
            out.append(data[at:at + length])
        at += length
    return b"".join(out)


def _without_pcap(data, drop):
    little = data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1")
    out, at = [data[:24]], 24
    while at + 16 <= len(data):
        captured = struct.unpack_from("<I" if little else ">I",
                                      data, at + 8)[0]
        if not drop():
            out.append(data[at:at + 16 + captured])
        at += 16 + captured
    return b"".join(out)
