// SPDX-License-Identifier: GPL-2.0-or-later
#include "input.h"

#include <glib.h>
#include <string.h>

#include "magic.h"
#include "unpack.h"

/* One read of the file; larger ones were measured to gain nothing. */
#define IMS_INPUT_BUFFER (64 * 1024)

static bool fail(struct ims_input *input, const char *why)
{
	input->ended = true;
	input->fault = why;
	return false;
}

/* Room for n bytes in one piece, and for more to be read behind them. */
static bool make_room(struct ims_input *input, size_t n)
{
	size_t held = input->end - input->begin;
	uint8_t *buffer = input->buffer;

	if (n > input->size) {
		size_t size = MAX(n, IMS_INPUT_BUFFER);
		buffer = g_try_malloc(size);
		if (!buffer)
			return fail(input, "not enough memory");
		input->size = size;
	}
	if (held)
		memmove(buffer, input->buffer + input->begin, held);
	if (buffer != input->buffer)
		g_free(input->buffer);
	input->buffer = buffer;
	input->begin = 0;
	input->end = held;
	return true;
}

static bool read_more(struct ims_input *input)
{
	uint8_t *at = input->buffer + input->end;
	size_t room = input->size - input->end;
	ssize_t got;

	got = input->unpack ? ims_unpack_read(input->unpack, at, room)
			    : ims_source_read(&input->source, at, room);
	if (got < 0)
		return fail(input, input->unpack
					   ? ims_unpack_fault(input->unpack)
					   : input->source.fault);
	input->end += (size_t)got;
	input->ended = got == 0;
	return got > 0;
}

size_t ims_input_fetch(struct ims_input *input, const uint8_t **bytes, size_t n)
{
	if (!input->ended && make_room(input, n))
		while (input->end < n && read_more(input))
			;
	*bytes = input->buffer ? input->buffer + input->begin : NULL;
	return MIN(n, input->end - input->begin);
}

uint64_t ims_input_skip(struct ims_input *input, uint64_t n)
{
	uint64_t skipped = 0;

	while (skipped < n) {
		const uint8_t *bytes;
		size_t part = ims_input_peek(input, &bytes, 1);
		if (!part)
			break;
		part = input->end - input->begin;
		part = (size_t)MIN(part, n - skipped);
		ims_input_take(input, part);
		skipped += part;
	}
	return skipped;
}

/* The bytes that were looked at go to the unpacker, which goes on from there.
 */
static void unpack_from_here(struct ims_input *input, const char *name)
{
	uint8_t *head = input->buffer;
	size_t n_head = input->end;

	input->buffer = NULL;
	input->size = input->begin = input->end = 0;
	input->ended = false;
	input->unpack = ims_unpack_new(&input->source, name, head, n_head);
	if (!input->unpack)
		fail(input, "not enough memory");
}

struct ims_input *ims_input_open(const char *file, const struct ims_wait *wait)
{
	struct ims_input *input = g_new0(struct ims_input, 1);
	const char *compression = NULL;
	const uint8_t *bytes;
	size_t n;

	ims_source_open(&input->source, file);
	input->source.wait = wait;
	n = ims_input_peek(input, &bytes, IMS_MAGIC_SIZE);
	if (bytes && !input->fault)
		compression = ims_magic_compression(bytes, n);
	if (compression)
		unpack_from_here(input, compression);
	return input;
}

void ims_input_close(struct ims_input *input)
{
	if (!input)
		return;
	ims_unpack_free(input->unpack);
	ims_source_close(&input->source);
	g_free(input->buffer);
	g_free(input);
}

const char *ims_input_fault(const struct ims_input *input)
{
	return input->fault;
}

const char *ims_input_compression(const struct ims_input *input)
{
	return input->unpack ? ims_unpack_name(input->unpack) : NULL;
}

struct ims_source *ims_input_source(struct ims_input *input)
{
	return &input->source;
}
