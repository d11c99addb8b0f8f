/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file is, by its first bytes; names are not looked at. */
#ifndef IMS_CAPTURE_MAGIC_H
#define IMS_CAPTURE_MAGIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

enum ims_format {
	IMS_FORMAT_NONE,
	IMS_FORMAT_PCAP,
	IMS_FORMAT_PCAP_NANO,
	IMS_FORMAT_PCAPNG,
};

/* As many first bytes as both functions look at. */
#define IMS_MAGIC_SIZE 12

/* With fewer bytes than IMS_MAGIC_SIZE it judges by those there are. */
enum ims_format ims_magic_format(const uint8_t *bytes,
				 size_t n) IMS_NONNULL_ALL IMS_PURE;

/* "pcap", "pcap (nanoseconds)", "pcapng"; NULL for none. */
const char *ims_magic_format_name(enum ims_format format);

/* "gzip", "zstd", "xz" or "lz4"; NULL: none of these. */
const char *ims_magic_compression(const uint8_t *bytes,
				  size_t n) IMS_NONNULL_ALL IMS_PURE;

#endif
