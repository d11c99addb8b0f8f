#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Which folder may include which, and what every header keeps.

usage: arrows.py COMPILER SOURCE ROOMS

ROOMS has a line a room: its name and the include paths that CMake gives it.
For each room, a file that includes a header of a room it may not know must
not compile, and each of its own headers must compile alone.
"""

import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

# base <- sip, diameter <- facts <- signatures <- chain <- rules; front ends see
# engine/include only, and what turns packets into events.
MAY_USE = {
    "base": set(),
    "sip": {"base"},
    "diameter": {"base"},
    "facts": {"base", "sip", "diameter"},
    "pseudonyms": {"base", "sip", "diameter"},
    "signatures": {"base", "sip", "diameter", "facts"},
    "chain": {"base", "sip", "diameter", "facts", "signatures"},
    "rules": {"base", "sip", "diameter", "facts", "chain"},
    "network": set(),
    "story": {"network"},
    "plugin": {"network", "signature_files", "story"},
    "capture": {"network"},
    "anonymize": {"network", "capture"},
    "report": set(),
    "signature_files": set(),
    "annotate": {"network", "capture", "report"},
    "cli": {"network", "capture", "anonymize", "report", "annotate",
            "signature_files"},
}


def flags_of(*libraries):
    return subprocess.run(["pkg-config", "--cflags", *libraries], text=True,
                          check=False, capture_output=True).stdout.split()


LIBRARIES = (flags_of("glib-2.0", "libxml-2.0", "libpcap")
             + flags_of("wireshark"))
LIBPCAP = re.compile(r"pcap(\.h|/)")
WIRESHARK = re.compile(r"(epan|wsutil|wiretap|ui|wireshark)/|w(s_|ireshark)")
VERSION = re.compile(r"^\s*#\s*(el)?if.*WIRESHARK", re.M)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def read_rooms(path):
    rooms = {}
    for line in path.read_text().splitlines():
        name, *includes = line.split(";")
        rooms[name] = [pathlib.Path(i) for i in includes]
    return rooms


def headers(folder):
    """The names by which a room's headers are included, in its folder."""
    return [(folder, path.relative_to(folder))
            for path in sorted(folder.rglob("*.h"))]


def compiler_run(compiler, source, includes, text, *mode):
    flags = [f"-I{path}" for path in [source / "engine/include", *includes]]
    return subprocess.run(
        [compiler, "-std=c11", "-D_GNU_SOURCE", "-DIMSLEUTH_VERSION=\"\"",
         "-Wall", "-Wextra", "-Werror", *mode, *flags, *LIBRARIES, "-xc",
         "-"], capture_output=True, text=True, check=False,
        input=f"{text}typedef int not_empty;\n")


def stands_alone(compiler, source, includes, path):
    folder, name = path
    header = f"<ims/{name}>" if folder.name == "ims" else f'"{name}"'
    run = compiler_run(compiler, source, includes, f"#include {header}\n",
                       "-fsyntax-only")
    return None if run.returncode == 0 else (
        f"{folder / name}: does not compile alone\n{run.stderr}")


def seen_from(compiler, source, includes, names):
    """Those of the headers that the compiler finds, by one run."""
    asked = "".join(f'#if __has_include("{name}")\nSEEN {name}\n#endif\n'
                    for name in names)
    run = compiler_run(compiler, source, includes, asked, "-E", "-P")
    return set(re.findall(r"^SEEN (.*)$", run.stdout, re.M))


def in_reach(compiler, source, includes, paths):
    """What is wrong about a room and the headers that it may not know."""
    seen = seen_from(compiler, source, includes,
                     sorted({str(name) for _, name in paths}))
    return [is_out_of_reach(compiler, source, includes, path)
            for path in paths if str(path[1]) in seen]


def is_out_of_reach(compiler, source, includes, path):
    folder, name = path
    run = compiler_run(compiler, source, includes, f'#include "{name}"\n',
                       "-M")
    # A header of the system may have the same name.
    return None if str(folder / name) not in run.stdout else (
        f"{folder / name} is in reach of {includes[0]}")


def declared_wrong(rooms):
    """A room whose CMakeLists.txt uses one that it may not."""
    folder_of = {includes[0]: name for name, includes in rooms.items()}
    for name, includes in rooms.items():
        used = {folder_of.get(path, str(path)) for path in includes} - {name}
        for other in sorted(used - MAY_USE[name]):
            yield f"{name} is given the headers of {other}"


def compile_wrong(compiler, rooms, source):
    public = source / "engine/include/ims"
    alone = [([], path) for path in headers(public)]
    alone += [(includes, path) for includes in rooms.values()
              for path in headers(includes[0])]
    arrows = [(rooms[name],
               [path for other in sorted(set(rooms) - MAY_USE[name] - {name})
                for path in headers(rooms[other][0])]) for name in rooms]
    with ThreadPoolExecutor() as pool:
        results = [
            *pool.map(lambda job: stands_alone(compiler, source, *job), alone),
            *sum(pool.map(lambda job: in_reach(compiler, source, *job),
                          arrows), [])]
    print(f"{len(alone)} headers alone, "
          f"{sum(len(paths) for _, paths in arrows)} wrong arrows")
    return filter(None, results)


def ours(source):
    for folder in ("engine", "analyzer", "plugin"):
        for path in sorted((source / folder).rglob("*.[ch]")):
            yield path.relative_to(source), path.read_text(errors="replace")


def text_wrong(source):
    seen = {}
    for path, text in ours(source):
        where = str(path.parent)
        for _, included in INCLUDE.findall(text):
            if included.startswith(".."):
                yield f"{path} includes {included}: by name, not by path"
            if LIBPCAP.match(included) and where != "analyzer/capture":
                yield f"{path} includes {included}"
            if WIRESHARK.match(included) and where != "plugin":
                yield f"{path} includes {included}"
        if VERSION.search(text) and path.name != "compat.h":
            yield f"{path} asks for Wireshark's version"
        if path.suffix == ".h":
            if path.name in seen:
                yield f"{path} and {seen[path.name]} have one name"
            seen[path.name] = path


def main():
    compiler, source = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    rooms = read_rooms(pathlib.Path(sys.argv[3]))
    wrong = [*declared_wrong(rooms), *text_wrong(source),
             *compile_wrong(compiler, rooms, source)]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
