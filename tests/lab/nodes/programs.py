# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds what is in programs/, once and whenever it has changed."""

import pathlib
import shlex
import subprocess

_SOURCES = pathlib.Path(__file__).parent.parent / "programs"
_LIBRARIES = {"as": ["sofia-sip-ua"], "carrier": ["usrsctp"]}
_FLAGS = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror"]


def _is_new(built, source):
    return (built.exists()
            and built.stat().st_mtime > source.stat().st_mtime)


def build(folder):
    """All of them, into that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, libraries in _LIBRARIES.items():
        source, built = _SOURCES / f"{name}.c", folder / name
        if _is_new(built, source):
            continue
        flags = subprocess.run(
            ["pkg-config", "--cflags", "--libs", *libraries], check=True,
            capture_output=True, text=True).stdout
        subprocess.run(["cc", *_FLAGS, "-o", str(built), str(source),
                        *shlex.split(flags)], check=True)
