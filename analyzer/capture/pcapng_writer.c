// SPDX-License-Identifier: GPL-2.0-or-later
#include "pcapng_writer.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "reader.h"

/* draft-ietf-opsawg-pcapng 4.1 to 4.3, 4.6; all in the byte order of the
   machine */
#define BLOCK_SECTION	 0x0a0d0d0au
#define BLOCK_INTERFACE	 1u
#define BLOCK_STATISTICS 5u
#define BLOCK_ENHANCED	 6u

#define OPTION_COMMENT	      1
#define OPTION_SHB_USERAPPL   4
#define OPTION_IF_NAME	      2
#define OPTION_IF_DESCRIPTION 3
#define OPTION_IF_TSRESOL     9
#define OPTION_EPB_DROPCOUNT  4
#define OPTION_ISB_STARTTIME  2
#define OPTION_ISB_ENDTIME    3
#define OPTION_ISB_IFDROP     5

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

/* Times are two halves, the upper first. */
static void put_time(struct ims_pcapng_writer *writer, int64_t time_ns)
{
	uint64_t time = time_ns < 0 ? 0 : (uint64_t)time_ns;

	put32(writer, (uint32_t)(time >> 32));
	put32(writer, (uint32_t)time);
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

/* As much of a text as an option holds, cut between characters. */
static uint16_t text_size(const char *text)
{
	size_t n = strlen(text);

	if (n <= UINT16_MAX)
		return (uint16_t)n;
	n = UINT16_MAX;
	while (n && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return (uint16_t)n;
}

static void put_text(struct ims_pcapng_writer *writer, uint16_t code,
		     const char *text)
{
	if (text)
		put_option(writer, code, text, text_size(text));
}

/* What put_option and put_text take. */
static uint32_t option_size(uint16_t n)
{
	return 4 + padded(n);
}

static uint32_t text_option_size(const char *text)
{
	return text ? option_size(text_size(text)) : 0;
}

static bool told(const struct ims_pcapng_writer *writer)
{
	if (writer->error)
		errno = writer->error;
	return !writer->error;
}

struct ims_pcapng_writer *ims_pcapng_writer_new(
	FILE *file, const struct ims_pcapng_section *section)
{
	static const struct ims_pcapng_section nothing;
	const struct ims_pcapng_section *said = section ? section : &nothing;
	const char *name =
		said->is_selection
			? "imsleuth " IMSLEUTH_VERSION IMS_PCAPNG_SELECTION
			: "imsleuth " IMSLEUTH_VERSION;
	const uint32_t length = 28 + text_option_size(said->comment) +
				text_option_size(name) + 4;
	struct ims_pcapng_writer *writer = g_new0(struct ims_pcapng_writer, 1);

	writer->file = file;
	put32(writer, BLOCK_SECTION);
	put32(writer, length);
	put32(writer, 0x1a2b3c4d);
	put16(writer, 1);
	put16(writer, 0);
	put(writer, "\xff\xff\xff\xff\xff\xff\xff\xff", 8); /* not known */
	put_text(writer, OPTION_COMMENT, said->comment);
	put_text(writer, OPTION_SHB_USERAPPL, name);
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
				 const struct ims_pcapng_interface *interface)
{
	static const uint8_t nanoseconds = 9;
	const uint32_t length = 20 + text_option_size(interface->comment) +
				text_option_size(interface->name) +
				text_option_size(interface->description) +
				option_size(1) + 4;

	put32(writer, BLOCK_INTERFACE);
	put32(writer, length);
	put16(writer, interface->link_type);
	put16(writer, 0);
	put32(writer, interface->snapshot);
	put_text(writer, OPTION_COMMENT, interface->comment);
	put_text(writer, OPTION_IF_NAME, interface->name);
	put_text(writer, OPTION_IF_DESCRIPTION, interface->description);
	put_option(writer, OPTION_IF_TSRESOL, &nanoseconds, 1);
	put32(writer, 0);
	put32(writer, length);
	*id = writer->n_interfaces++;
	return told(writer);
}

/* The end of the options included; 0: there are none. */
static uint64_t notes_size(const struct ims_pcapng_notes *notes)
{
	uint64_t size = 0;

	if (!notes)
		return 0;
	for (size_t i = 0; i < notes->n_comments; i++)
		size += text_option_size(notes->comments[i]);
	if (notes->dropped)
		size += option_size(sizeof(notes->dropped));
	return size ? size + 4 : 0;
}

static void put_notes(struct ims_pcapng_writer *writer,
		      const struct ims_pcapng_notes *notes)
{
	for (size_t i = 0; i < notes->n_comments; i++)
		put_text(writer, OPTION_COMMENT, notes->comments[i]);
	if (notes->dropped)
		put_option(writer, OPTION_EPB_DROPCOUNT, &notes->dropped,
			   sizeof(notes->dropped));
	put32(writer, 0);
}

bool ims_pcapng_writer_packet(struct ims_pcapng_writer *writer,
			      uint32_t interface,
			      const struct ims_packet *packet,
			      const struct ims_pcapng_notes *notes)
{
	uint64_t n_notes = notes_size(notes);
	uint32_t length;

	if (interface >= writer->n_interfaces ||
	    packet->captured > IMS_PACKET_MAX || n_notes > IMS_PACKET_MAX) {
		errno = EINVAL;
		return false;
	}
	length = 32 + padded(packet->captured) + (uint32_t)n_notes;
	put32(writer, BLOCK_ENHANCED);
	put32(writer, length);
	put32(writer, interface);
	put_time(writer, packet->time_ns);
	put32(writer, packet->captured);
	put32(writer, packet->wire);
	put_padded(writer, packet->bytes, packet->captured);
	if (n_notes)
		put_notes(writer, notes);
	put32(writer, length);
	return told(writer);
}

/* A time as an option has it: the same two halves. */
static void put_time_option(struct ims_pcapng_writer *writer, uint16_t code,
			    int64_t time_ns)
{
	put16(writer, code);
	put16(writer, 8);
	put_time(writer, time_ns);
}

bool ims_pcapng_writer_span(struct ims_pcapng_writer *writer,
			    uint32_t interface,
			    const struct ims_pcapng_span *span)
{
	const uint32_t length = 24 + 3 * option_size(8) + 4;

	if (interface >= writer->n_interfaces) {
		errno = EINVAL;
		return false;
	}
	put32(writer, BLOCK_STATISTICS);
	put32(writer, length);
	put32(writer, interface);
	put_time(writer, span->end_ns);
	put_time_option(writer, OPTION_ISB_STARTTIME, span->start_ns);
	put_time_option(writer, OPTION_ISB_ENDTIME, span->end_ns);
	put_option(writer, OPTION_ISB_IFDROP, &span->dropped, 8);
	put32(writer, 0);
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
