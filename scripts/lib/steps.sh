# SPDX-License-Identifier: GPL-2.0-or-later
# Named, timed steps whose tests are counted. Sourced by scripts/test, which
# sets $logs, the folder for what the steps print.
# shellcheck shell=bash disable=SC2154

n_passed=0
n_failed=0
failed_steps=""

# step NAME COMMAND...: runs it; what it prints is shown when it fails. A
# step that runs ctest counts as many tests as ctest did, another one as one.
# Returns the command's status, so that a step can hang on another.
step() {
	local name=$1 log=$logs/$1.log start=$SECONDS status=0
	shift
	printf '%-16s ' "$name"
	"$@" >"$log" 2>&1 </dev/null || status=$?
	count_step "$name" "$log" "$status"
	printf '%4d s\n' $((SECONDS - start))
	[ "$status" -eq 0 ] || show_failure "$name" "$log"
	return "$status"
}

# ctest closes with "N% tests passed, F tests failed out of T".
count_step() {
	local name=$1 log=$2 status=$3 summary total failed
	local pattern='.* \([0-9]*\) tests failed out of \([0-9]*\)$'
	summary=$(sed -n "s/^[0-9]*% tests passed,$pattern/\\1 \\2/p" "$log" |
		tail -n 1)
	read -r failed total <<<"${summary:-0 1}"
	if [ "$status" -ne 0 ]; then
		[ "$failed" -gt 0 ] || failed=1
		failed_steps+=" $name"
	fi
	n_passed=$((n_passed + total - failed))
	n_failed=$((n_failed + failed))
	printf '%4d passed, %d failed ' $((total - failed)) "$failed"
}

# Without what went well: the compilers' and ctest's progress.
show_failure() {
	local compiled='^\[[0-9]+/[0-9]+\] (Building|Linking)'
	local passed='^ +Start +[0-9]+:|   Passed +[0-9.]+ sec$'
	echo "--- $1 failed; the end of $2:"
	grep -vE "$compiled|$passed" "$2" | tail -n 200
	echo "---"
}

# The closing line; false when anything failed.
report_steps() {
	[ -z "$failed_steps" ] || echo "failed:$failed_steps"
	echo "$n_passed passed, $n_failed failed"
	[ "$n_failed" -eq 0 ]
}
