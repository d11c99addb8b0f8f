// SPDX-License-Identifier: GPL-2.0-or-later
#include "spool.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Written to the file, and read from it, in pieces of this. */
#define PIECE (1024u * 1024u)

/* In front of each record; an event's bytes follow, `size` of them. */
struct record {
	struct ims_event event; /* its `bytes` points nowhere */
	uint32_t size;
	bool is_clock; /* of the event only the time counts */
	bool has_bytes;
};

struct ims_spool {
	GByteArray *memory; /* behind what is in the file */
	size_t limit;
	int file; /* -1: none yet */
	uint64_t in_file;
	size_t clock_at; /* in memory, the last record if it is a clock */
	bool ends_in_clock;
	bool is_broken; /* the file took no more */
	uint64_t lost;
};

struct ims_spool *ims_spool_new(size_t memory)
{
	struct ims_spool *spool = g_new0(struct ims_spool, 1);

	spool->memory = g_byte_array_new();
	spool->limit = memory;
	spool->file = -1;
	return spool;
}

void ims_spool_free(struct ims_spool *spool)
{
	if (!spool)
		return;
	if (spool->file >= 0)
		close(spool->file);
	g_byte_array_free(spool->memory, TRUE);
	g_free(spool);
}

static bool write_all(int file, const uint8_t *at, size_t size)
{
	while (size > 0) {
		ssize_t n = write(file, at, size);

		if (n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}

/* Nobody else is to see it, and nothing is to be left of it. */
static int file_without_name(void)
{
	char *name = NULL;
	int file = g_file_open_tmp("imsleuth-XXXXXX", &name, NULL);

	if (file >= 0)
		g_unlink(name);
	g_free(name);
	return file;
}

/* Moves what is in memory to the file. */
static bool pour(struct ims_spool *spool)
{
	if (spool->file < 0)
		spool->file = file_without_name();
	if (spool->file < 0 ||
	    lseek(spool->file, (off_t)spool->in_file, SEEK_SET) < 0 ||
	    !write_all(spool->file, spool->memory->data, spool->memory->len))
		return false;
	spool->in_file += spool->memory->len;
	g_byte_array_set_size(spool->memory, 0);
	spool->ends_in_clock = false;
	return true;
}

static void put(struct ims_spool *spool, const struct record *record,
		const void *bytes)
{
	size_t size = sizeof(*record) + record->size;

	if (!spool->is_broken && spool->memory->len + size > spool->limit)
		spool->is_broken = !pour(spool);
	if (spool->is_broken) {
		spool->lost += !record->is_clock;
		return;
	}
	g_byte_array_append(spool->memory, (const guint8 *)record,
			    sizeof(*record));
	if (record->size)
		g_byte_array_append(spool->memory, bytes, record->size);
	spool->ends_in_clock = false;
}

void ims_spool_event(struct ims_spool *spool, const struct ims_event *event)
{
	struct record record;

	/* Padding too goes to the file. */
	memset(&record, 0, sizeof(record));
	record.event = *event;
	record.event.bytes = (struct ims_slice){0};
	record.size = (uint32_t)event->bytes.len;
	record.has_bytes = event->bytes.at != NULL;
	put(spool, &record, event->bytes.at);
}

void ims_spool_clock(struct ims_spool *spool, int64_t time_ns)
{
	struct record record;

	memset(&record, 0, sizeof(record));
	record.event.time_ns = time_ns;
	record.is_clock = true;
	if (spool->ends_in_clock)
		g_byte_array_set_size(spool->memory, (guint)spool->clock_at);
	spool->clock_at = spool->memory->len;
	put(spool, &record, NULL);
	spool->ends_in_clock =
		spool->memory->len == spool->clock_at + sizeof(record);
}

/* Tells what is whole in these bytes; returns how many of them that was. */
static size_t tell(const struct ims_spool_reader *reader, const uint8_t *at,
		   size_t len)
{
	size_t done = 0;
	struct record record;

	while (len - done >= sizeof(record)) {
		memcpy(&record, at + done, sizeof(record));
		if (len - done - sizeof(record) < record.size)
			break;
		done += sizeof(record);
		if (record.is_clock) {
			if (reader->clock)
				reader->clock(reader->user,
					      record.event.time_ns);
		} else if (reader->event) {
			if (record.has_bytes)
				record.event.bytes =
					ims_slice(at + done, record.size);
			reader->event(reader->user, &record.event);
		}
		done += record.size;
	}
	return done;
}

/* Appends the next piece of the file to what is left of the one before. */
static bool next_piece(struct ims_spool *spool, GByteArray *piece,
		       uint64_t *left)
{
	guint old = piece->len;
	size_t size = (size_t)MIN(*left, PIECE);

	g_byte_array_set_size(piece, (guint)(old + size));
	for (size_t got = 0; got < size;) {
		ssize_t n =
			read(spool->file, piece->data + old + got, size - got);

		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	*left -= size;
	return true;
}

static void read_file(struct ims_spool *spool,
		      const struct ims_spool_reader *reader)
{
	GByteArray *piece = g_byte_array_new();
	uint64_t left = spool->in_file;

	if (lseek(spool->file, 0, SEEK_SET) < 0)
		spool->lost++;
	while (left > 0) {
		if (!next_piece(spool, piece, &left)) {
			spool->lost++;
			break;
		}
		g_byte_array_remove_range(
			piece, 0, (guint)tell(reader, piece->data, piece->len));
	}
	g_byte_array_free(piece, TRUE);
}

void ims_spool_read(struct ims_spool *spool,
		    const struct ims_spool_reader *reader)
{
	if (spool->in_file)
		read_file(spool, reader);
	tell(reader, spool->memory->data, spool->memory->len);
}

uint64_t ims_spool_place(const struct ims_spool *spool)
{
	return spool->in_file + spool->memory->len;
}

bool ims_spool_rewind(struct ims_spool *spool, uint64_t place)
{
	if (place < spool->in_file || place > ims_spool_place(spool))
		return false;
	g_byte_array_set_size(spool->memory, (guint)(place - spool->in_file));
	spool->ends_in_clock = false;
	return true;
}

uint64_t ims_spool_lost(const struct ims_spool *spool)
{
	return spool->lost;
}
