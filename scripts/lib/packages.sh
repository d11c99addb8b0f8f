# SPDX-License-Identifier: GPL-2.0-or-later
# The Debian packages that a build and the tests need, and how to get them.
# Sourced by scripts/run and scripts/test.
# shellcheck shell=sh disable=SC2034

build_packages="cmake ninja-build gcc libc6-dev pkg-config libglib2.0-dev \
libpcap-dev libxml2-dev zlib1g-dev libzstd-dev liblzma-dev liblz4-dev"

test_packages="chromium clang libclang-rt-14-dev clang-format-14 clang-tidy-14 \
libcmocka-dev libjansson-dev python3 python3-jsonschema tshark wireshark \
wireshark-common wireshark-dev xvfb xdotool xclip imagemagick \
fonts-dejavu-core openssl valgrind mandoc gzip zstd lz4 xz-utils shellcheck"

# The laboratory (tests/lab): the core's nodes and what they stand on, UEs,
# an application server, a Diameter agent, and what captures them.
plugin_packages="wireshark-dev"
lab_packages="python3 gcc libc6-dev pkg-config iproute2 ethtool procps \
util-linux openssl kamailio kamailio-ims-modules kamailio-sqlite-modules \
kamailio-presence-modules sip-tester baresip-core libsofia-sip-ua-dev \
freediameter libusrsctp-dev tshark wireshark-common"

# The test of Mermaid's diagrams. Node may be here from elsewhere, with an npm
# of its own that these packages would replace.
node_packages="nodejs npm"

# Those of the given packages that are not installed.
missing_packages() {
	for package; do
		state=$(dpkg-query -W -f '${db:Status-Status}' "$package" \
			2>/dev/null) || state=none
		[ "$state" = installed ] || printf '%s ' "$package"
	done
}

# Runs a command as root: as we are, or by sudo.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		echo "needs root or sudo: $*" >&2
		return 1
	fi
}

# Installs what lacks of the given packages; touches no network otherwise.
install_packages() {
	if ! command -v dpkg-query >/dev/null; then
		echo "not a Debian system: expecting $*" >&2
		return 0
	fi
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	echo "installing: $missing" >&2
	# shellcheck disable=SC2086 # a list of words
	quiet_apt update && quiet_apt install --no-install-recommends $missing
}

# No questions (tshark's package has one), and nothing on standard output.
quiet_apt() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qy "$@" \
		>&2 </dev/null
}

# Node and npm, whoever made them.
install_node() {
	if command -v node >/dev/null && command -v npm >/dev/null; then
		return 0
	fi
	# shellcheck disable=SC2086 # a list of words
	install_packages $node_packages
}
