#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`cmake --install` puts plugin and profile where Wireshark looks for them,
and the vendor signatures where program and plugin do.

    install.py BUILD_DIR
"""
import os
import pathlib
import subprocess
import sys
import tempfile

from running import skip, wireshark_version


def install(build, *options, **environment):
    subprocess.run(["cmake", "--install", build, *options], check=True,
                   stdout=subprocess.DEVNULL,
                   env={**os.environ, **environment})


def the_one(folder, pattern):
    found = sorted(folder.rglob(pattern))
    assert len(found) == 1, f"{pattern} in {folder}: {found}"
    return found[0].relative_to(folder)


def main():
    version = wireshark_version()
    if not version:
        skip("no tshark")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        install(sys.argv[1], "--prefix", folder / "prefix")
        install(sys.argv[1], DESTDIR=str(folder / "system"))
        there = subprocess.run(["tshark", "-G", "folders"], check=True,
                               capture_output=True, text=True).stdout
        looked_at = [line.split("\t")[-1].strip()
                     for line in there.splitlines()
                     if line.startswith("Global Plugins")][0]
        plugin = the_one(folder / "system", "imsleuth.so")
        expected = pathlib.Path(looked_at).relative_to("/") / "epan"
        assert plugin.parent == expected, (plugin, expected)
        profile = the_one(folder / "system", "dfilter_buttons").parent
        assert str(profile) == "usr/share/wireshark/profiles/IMS", profile
        plugin = the_one(folder / "prefix", "imsleuth.so")
        assert f"/plugins/{version}/epan/" in str(plugin), plugin
        assert (folder / "prefix/bin/imsleuth").is_file()
        signatures = the_one(folder / "prefix", "signatures.conf")
        assert str(signatures) == "share/imsleuth/signatures.conf", signatures
        told = subprocess.run(
            [folder / "prefix/bin/imsleuth", "explain", "cx_both_results"],
            check=True, capture_output=True, text=True)
        assert "PyHSS" in told.stdout and not told.stderr, told
        print(f"{plugin} and {profile}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
