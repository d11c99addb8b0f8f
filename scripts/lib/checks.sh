# SPDX-License-Identifier: GPL-2.0-or-later
# The single steps of scripts/test. Run in the root of the source.
# shellcheck shell=bash

# build PRESET [OPTION...]: configures and builds.
build() {
	local preset=$1
	shift
	cmake --preset "$preset" && cmake --build "build/$preset" "$@" -- -k 0
}

# What the tests of speed need. (scripts/run builds there without tests.)
build_release() {
	cmake --preset release -DBUILD_TESTING=ON &&
		cmake --build build/release --target imsleuth
}

# What tests/mermaid/package-lock.json pins, into the build folder: once.
install_mermaid() {
	local target=build/mermaid
	install_node || return
	mkdir -p "$target"
	if cmp -s tests/mermaid/package-lock.json "$target/installed"; then
		return 0
	fi
	cp tests/mermaid/package.json tests/mermaid/package-lock.json "$target"
	npm ci --prefix "$target" --ignore-scripts --no-audit --no-fund &&
		cp "$target/package-lock.json" "$target/installed"
}

# The C sources and headers.
c_files() {
	find -- * -path build -prune -o -name '*.[ch]' -print | sort
}

check_format() {
	c_files |
		xargs clang-format-14 --dry-run -Werror
}

# Analyses what the clang preset would compile; headers by way of the sources.
check_tidy() {
	local to_analyzer=--extra-arg=-Xclang
	cmake --preset clang >/dev/null || return
	c_files |
		in_database build/clang/compile_commands.json |
		xargs -P "$(nproc)" -n 4 clang-tidy-14 --quiet -p build/clang \
			$to_analyzer --extra-arg=-analyzer-config \
			$to_analyzer --extra-arg=max-nodes="$TIDY_NODES"
}

# Of the files on standard input, those that the database compiles.
in_database() {
	grep -Fxf <(sed -n 's|^ *"file": "'"$PWD"'/\(.*\)".*|\1|p' "$1")
}

check_scripts() {
	grep -lE '^#!/bin/(ba)?sh' scripts/* .ci/* 2>/dev/null |
		xargs shellcheck -x -P SCRIPTDIR scripts/lib/*.sh
}

check_manual() {
	mandoc -T lint -W warning docs/*.1
}

# fuzz_aside TARGET, in the background, and fuzzed NAME, what came of it.
fuzz_aside() {
	local name status=0
	name=$(basename "$1")
	fuzz "$1" >"build/fuzz/$name.out" 2>&1 </dev/null || status=$?
	echo "$status" >"build/fuzz/$name.status"
}

fuzzed() {
	cat "build/fuzz/$1.out"
	return "$(cat "build/fuzz/$1.status")"
}

# fuzz TARGET: from its seeds; what it learns stays in the build folder.
fuzz() {
	local name corpus
	name=$(basename "$1")
	corpus=build/fuzz/corpus/$name
	mkdir -p "$corpus" "tests/fuzz/seeds/$name"
	"$1" -max_total_time="$FUZZ_SECONDS" -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix="build/fuzz/$name-" -print_final_stats=1 \
		"$corpus" "tests/fuzz/seeds/$name"
}
