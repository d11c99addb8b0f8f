// SPDX-License-Identifier: GPL-2.0-or-later
#include "magic.h"

#include <glib.h>
#include <string.h>

#include "octets.h"

/* draft-ietf-opsawg-pcap, and the variants that libpcap reads as well. */
static const struct {
	uint32_t magic;
	enum ims_format format;
} pcap_magics[] = {
	{0xa1b2c3d4, IMS_FORMAT_PCAP},
	{0xa1b23c4d, IMS_FORMAT_PCAP_NANO},
	{0xa1b2cd34, IMS_FORMAT_PCAP}, /* Kuznetsov's */
	{0xa12b3c4d, IMS_FORMAT_PCAP}, /* Navtel's */
};

static bool is_pcapng(const uint8_t *bytes, size_t n)
{
	/* draft-ietf-opsawg-pcapng 4.1: the type reads alike both ways */
	if (ims_load32(bytes, true) != 0x0a0d0d0a)
		return false;
	return n < 12 || ims_load32(bytes + 8, true) == 0x1a2b3c4d ||
	       ims_load32(bytes + 8, false) == 0x1a2b3c4d;
}

enum ims_format ims_magic_format(const uint8_t *bytes, size_t n)
{
	if (n < 4)
		return IMS_FORMAT_NONE;
	if (is_pcapng(bytes, n))
		return IMS_FORMAT_PCAPNG;
	for (size_t i = 0; i < G_N_ELEMENTS(pcap_magics); i++)
		if (ims_load32(bytes, true) == pcap_magics[i].magic ||
		    ims_load32(bytes, false) == pcap_magics[i].magic)
			return pcap_magics[i].format;
	return IMS_FORMAT_NONE;
}

const char *ims_magic_format_name(enum ims_format format)
{
	switch (format) {
	case IMS_FORMAT_PCAP:
		return "pcap";
	case IMS_FORMAT_PCAP_NANO:
		return "pcap (nanoseconds)";
	case IMS_FORMAT_PCAPNG:
		return "pcapng";
	case IMS_FORMAT_NONE:
		break;
	}
	return NULL;
}

static const struct {
	const char *name;
	const char *magic;
	size_t n;
} compressions[] = {
	{"gzip", "\x1f\x8b\x08", 3},	 /* RFC 1952, 2.3.1; 8 is deflate */
	{"zstd", "\x28\xb5\x2f\xfd", 4}, /* RFC 8878, 3.1.1 */
	{"xz", "\xfd\x37zXZ", 6},
	{"lz4", "\x04\x22\x4d\x18", 4},
};

const char *ims_magic_compression(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < G_N_ELEMENTS(compressions); i++)
		if (n >= compressions[i].n &&
		    memcmp(bytes, compressions[i].magic, compressions[i].n) ==
			    0)
			return compressions[i].name;
	/* RFC 8878, 3.1.2: a skippable frame may come first, as of pzstd */
	if (n >= 4 && (ims_load32(bytes, false) & ~0xfu) == 0x184d2a50)
		return "zstd";
	return NULL;
}
