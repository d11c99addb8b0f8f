/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Captures made byte by byte, and what is read of them. */
#ifndef MAKE_H
#define MAKE_H

#include "unit.h"

#include <glib.h>
#include <glib/gstdio.h>

#include "capture.h"

#define EPOCH 1700000000

/* ---- bytes ---- */

struct make {
	GByteArray *bytes;
	bool big;
};

static inline struct make make_new(bool big)
{
	return (struct make){g_byte_array_new(), big};
}

static inline void make_free(struct make *make)
{
	g_byte_array_free(make->bytes, TRUE);
}

static inline void put(struct make *make, uint64_t value, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned shift = 8 * (make->big ? n - 1 - i : i);
		uint8_t byte = (uint8_t)(value >> shift);
		g_byte_array_append(make->bytes, &byte, 1);
	}
}

/* Bytes of a packet: each is its place, so that a shift is seen. */
static inline void put_data(struct make *make, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		put(make, i, 1);
}

static inline void put_padding(struct make *make)
{
	while (make->bytes->len % 4)
		put(make, 0, 1);
}

static inline void pcap_header(struct make *make, uint32_t magic,
			       uint32_t link_type)
{
	put(make, magic, 4);
	put(make, 2, 2);
	put(make, 4, 2);
	put(make, 0, 8);
	put(make, 65535, 4);
	put(make, link_type, 4);
}

static inline void pcap_packet(struct make *make, uint32_t seconds,
			       uint32_t fraction, uint32_t captured,
			       uint32_t wire)
{
	put(make, seconds, 4);
	put(make, fraction, 4);
	put(make, captured, 4);
	put(make, wire, 4);
	put_data(make, captured);
}

/* A block is put with its lengths 0; ng_end sets both. */
static inline size_t ng_begin(struct make *make, uint32_t type)
{
	size_t at = make->bytes->len;

	put(make, type, 4);
	put(make, 0, 4);
	return at;
}

static inline void ng_end(struct make *make, size_t at)
{
	uint32_t length = (uint32_t)(make->bytes->len + 4 - at);
	struct make size = make_new(make->big);

	put(make, length, 4);
	put(&size, length, 4);
	memcpy(make->bytes->data + at + 4, size.bytes->data, 4);
	make_free(&size);
}

static inline void ng_option(struct make *make, uint16_t code, uint64_t value,
			     unsigned n)
{
	put(make, code, 2);
	put(make, n, 2);
	put(make, value, n);
	put_padding(make);
}

static inline void ng_section(struct make *make)
{
	size_t at = ng_begin(make, 0x0a0d0d0a);

	put(make, 0x1a2b3c4d, 4);
	put(make, 1, 2);
	put(make, 0, 2);
	put(make, UINT64_MAX, 8);
	ng_end(make, at);
}

/* resolution < 0: no option */
static inline void ng_interface(struct make *make, uint16_t link_type,
				uint32_t snapshot, int resolution)
{
	size_t at = ng_begin(make, 1);

	put(make, link_type, 2);
	put(make, 0, 2);
	put(make, snapshot, 4);
	if (resolution >= 0) {
		ng_option(make, 9, (uint64_t)resolution, 1);
		put(make, 0, 4);
	}
	ng_end(make, at);
}

static inline size_t ng_packet_begin(struct make *make, uint32_t interface,
				     uint64_t ticks, uint32_t captured)
{
	size_t at = ng_begin(make, 6);

	put(make, interface, 4);
	put(make, ticks >> 32, 4);
	put(make, ticks & UINT32_MAX, 4);
	put(make, captured, 4);
	put(make, captured + 10, 4);
	put_data(make, captured);
	put_padding(make);
	return at;
}

static inline void ng_packet(struct make *make, uint32_t interface,
			     uint64_t ticks, uint32_t captured)
{
	ng_end(make, ng_packet_begin(make, interface, ticks, captured));
}

static inline void ng_statistics(struct make *make, uint32_t interface,
				 uint64_t ifdrop, uint64_t osdrop)
{
	size_t at = ng_begin(make, 5);

	put(make, interface, 4);
	put(make, 0, 8);
	ng_option(make, 5, ifdrop, 8);
	ng_option(make, 7, osdrop, 8);
	put(make, 0, 4);
	ng_end(make, at);
}

/* ---- files ---- */

/* A folder for one test program; removed with all in it. */
static inline char *folder_new(void)
{
	char *folder = g_dir_make_tmp("ims-capture-XXXXXX", NULL);

	assert_non_null(folder);
	return folder;
}

static inline void folder_free(char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir))) {
		char *path = g_build_filename(folder, name, NULL);
		g_remove(path);
		g_free(path);
	}
	g_dir_close(dir);
	g_rmdir(folder);
	g_free(folder);
}

static inline char *file_new(const char *folder, const char *name,
			     const void *bytes, size_t n)
{
	char *path = g_build_filename(folder, name, NULL);

	assert_true(g_file_set_contents(path, bytes, (gssize)n, NULL));
	return path;
}

/* ---- reading ---- */

struct outcome {
	unsigned n_packets;
	unsigned n_errors;
	unsigned n_drops;
	uint64_t drops;
	int64_t last_time;
	char error[200];
	struct ims_capture_info info; /* without its strings */
	char format[32];
	char compression[32];
	char links[200];
};

static inline void keep(char *out, size_t room, const char *text)
{
	g_strlcpy(out, text ? text : "", room);
}

static inline void check_packet(const struct ims_packet *packet)
{
	assert_true(packet->wire >= packet->captured);
	for (uint32_t i = 0; i < packet->captured; i++)
		if (packet->bytes[i] != (uint8_t)i)
			fail_msg("byte %u is %u", i, packet->bytes[i]);
}

static inline struct outcome outcome_of(const char *file)
{
	struct ims_capture *capture = ims_capture_open(file, 7);
	const struct ims_capture_info *info = ims_capture_info(capture);
	struct outcome out = {0};
	struct ims_packet packet;
	enum ims_read kind;

	while ((kind = ims_capture_read(capture, &packet)) != IMS_READ_END) {
		assert_int_equal(packet.capture, 7);
		assert_true(out.n_errors == 0);
		if (kind == IMS_READ_ERROR) {
			out.n_errors++;
			assert_non_null(info->error);
			continue;
		}
		if (kind == IMS_READ_DROPS) {
			out.n_drops++;
			out.drops += packet.wire;
			continue;
		}
		out.n_packets++;
		assert_int_equal(packet.number, out.n_packets);
		check_packet(&packet);
		out.last_time = packet.time_ns;
	}
	assert_int_equal(ims_capture_read(capture, &packet), IMS_READ_END);
	assert_int_equal(info->packets, out.n_packets);
	assert_int_equal(info->truncated, out.n_errors);
	assert_int_equal(info->dropped, out.drops);
	assert_string_equal(info->file, file);
	keep(out.error, sizeof(out.error), info->error);
	keep(out.format, sizeof(out.format), info->format);
	keep(out.compression, sizeof(out.compression), info->compression);
	for (size_t i = 0; i < info->n_link_types; i++) {
		g_strlcat(out.links, i ? " " : "", sizeof(out.links));
		g_strlcat(out.links, info->link_types[i], sizeof(out.links));
	}
	out.info = *info;
	ims_capture_close(capture);
	return out;
}

static inline struct outcome outcome_of_bytes(const char *folder,
					      const void *bytes, size_t n)
{
	char *file = file_new(folder, "x", bytes, n);
	struct outcome out = outcome_of(file);

	g_free(file);
	return out;
}

#endif
