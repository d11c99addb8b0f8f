// SPDX-License-Identifier: GPL-2.0-or-later
#include "pcapng_writer.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "reader.h"

/* draft-ietf-opsawg-pcapng 4.1 to 4.3; all in the byte order of the machine */
#define BLOCK_SECTION	0x0a0d0d0au
#define BLOCK_INTERFACE 1u
#define BLOCK_ENHANCED	6u

#define OPTION_COMMENT	1
#define OPTION_USERAPPL 4
#define OPTION_TSRESOL	9

struct ims_pcapng_writer {
	FILE *file;
	uint32_t n_interfaces;
	int error; /* errno of the first failure; 0: none */
};

static void put(struct ims_pcapng_writer *writer, const void *bytes, size_t n)
{
	if (writer->error || !n)
		return;
	errno = 0;
	if (fwrite(bytes, 1, n, writer->file) != n)
		writer->error = errno ? errno : EIO;
}

static void put16(struct ims_pcapng_writer *writer, uint16_t value)
{
	put(writer, &value, sizeof(value));
}

static void put32(struct ims_pcapng_writer *writer, uint32_t value)
{
	put(writer, &value, sizeof(value));
}

static uint32_t padded(uint32_t n)
{
	return (n + 3) / 4 * 4;
}

static void put_padded(struct ims_pcapng_writer *writer, const void *bytes,
		       uint32_t n)
{
	put(writer, bytes, n);
	put(writer, "\0\0\0", padded(n) - n);
}

static void put_option(struct ims_pcapng_writer *writer, uint16_t code,
		       const void *value, uint16_t n)
{
	put16(writer, code);
	put16(writer, n);
	put_padded(writer, value, n);
}

/* An option and the end of options behind it. */
static uint32_t options_size(uint16_t n)
{
	return 4 + padded(n) + 4;
}

static bool told(const struct ims_pcapng_writer *writer)
{
	if (writer->error)
		errno = writer->error;
	return !writer->error;
}

struct ims_pcapng_writer *ims_pcapng_writer_new(FILE *file)
{
	struct ims_pcapng_writer *writer = g_new0(struct ims_pcapng_writer, 1);
	static const char name[] = "imsleuth " IMSLEUTH_VERSION;
	const uint16_t n_name = sizeof(name) - 1;
	const uint32_t length = 28 + options_size(n_name);

	writer->file = file;
	put32(writer, BLOCK_SECTION);
	put32(writer, length);
	put32(writer, 0x1a2b3c4d);
	put16(writer, 1);
	put16(writer, 0);
	put(writer, "\xff\xff\xff\xff\xff\xff\xff\xff", 8); /* not known */
	put_option(writer, OPTION_USERAPPL, name, n_name);
	put32(writer, 0);
	put32(writer, length);
	return writer;
}

void ims_pcapng_writer_free(struct ims_pcapng_writer *writer)
{
	if (!writer)
		return;
	fflush(writer->file);
	g_free(writer);
}

bool ims_pcapng_writer_interface(struct ims_pcapng_writer *writer, uint32_t *id,
				 uint16_t link_type, uint32_t snapshot)
{
	static const uint8_t nanoseconds = 9;
	const uint32_t length = 20 + options_size(1);

	put32(writer, BLOCK_INTERFACE);
	put32(writer, length);
	put16(writer, link_type);
	put16(writer, 0);
	put32(writer, snapshot);
	put_option(writer, OPTION_TSRESOL, &nanoseconds, 1);
	put32(writer, 0);
	put32(writer, length);
	*id = writer->n_interfaces++;
	return told(writer);
}

/* As much of a comment as an option holds, cut between characters. */
static uint16_t comment_size(const char *comment)
{
	size_t n = strlen(comment);

	if (n <= UINT16_MAX)
		return (uint16_t)n;
	n = UINT16_MAX;
	while (n && ((unsigned char)comment[n] & 0xc0) == 0x80)
		n--;
	return (uint16_t)n;
}

bool ims_pcapng_writer_packet(struct ims_pcapng_writer *writer,
			      uint32_t interface,
			      const struct ims_packet *packet,
			      const char *comment)
{
	uint64_t time = packet->time_ns < 0 ? 0 : (uint64_t)packet->time_ns;
	uint16_t n_comment = comment ? comment_size(comment) : 0;
	uint32_t length;

	if (interface >= writer->n_interfaces ||
	    packet->captured > IMS_PACKET_MAX) {
		errno = EINVAL;
		return false;
	}
	length = 32 + padded(packet->captured) +
		 (comment ? options_size(n_comment) : 0);
	put32(writer, BLOCK_ENHANCED);
	put32(writer, length);
	put32(writer, interface);
	put32(writer, (uint32_t)(time >> 32));
	put32(writer, (uint32_t)time);
	put32(writer, packet->captured);
	put32(writer, packet->wire);
	put_padded(writer, packet->bytes, packet->captured);
	if (comment) {
		put_option(writer, OPTION_COMMENT, comment, n_comment);
		put32(writer, 0);
	}
	put32(writer, length);
	return told(writer);
}

bool ims_pcapng_writer_flush(struct ims_pcapng_writer *writer)
{
	errno = 0;
	if (!writer->error && fflush(writer->file) != 0)
		writer->error = errno ? errno : EIO;
	return told(writer);
}
