/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of a capture file, unpacked where it is compressed. */
#ifndef IMS_CAPTURE_INPUT_H
#define IMS_CAPTURE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

#include "source.h"

struct ims_unpack;

/* For input.c and the functions below alone. */
struct ims_input {
	struct ims_source source;
	struct ims_unpack *unpack; /* NULL: not compressed */
	uint8_t *buffer;
	size_t size;
	size_t begin; /* not yet taken: [begin, end) */
	size_t end;
	bool ended;
	const char *fault;
};

/* "-": standard input. `wait`, borrowed, says how long a pipe is waited for;
   NULL: as long as it takes. Never NULL: see ims_input_fault. */
struct ims_input *ims_input_open(const char *file, const struct ims_wait *wait)
	IMS_NONNULL(1) IMS_MUST_USE;
void ims_input_close(struct ims_input *input); /* NULL: nothing */

/* The bytes that are there without reading on. */
static inline size_t ims_input_there(const struct ims_input *input,
				     const uint8_t **bytes)
{
	*bytes = input->buffer + input->begin;
	return input->end - input->begin;
}

/* As peek does where more has to be read, for which it asks this. */
size_t ims_input_fetch(struct ims_input *input, const uint8_t **bytes,
		       size_t n) IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * Puts into *bytes the next n bytes in one piece and returns n; fewer at the
 * end or at a fault. They stay until the next peek or skip.
 */
static inline size_t ims_input_peek(struct ims_input *input,
				    const uint8_t **bytes, size_t n)
{
	if (input->end - input->begin < n)
		return ims_input_fetch(input, bytes, n);
	*bytes = input->buffer + input->begin;
	return n;
}

/* Goes on by n bytes, not more than the last of these gave. */
static inline void ims_input_take(struct ims_input *input, size_t n)
{
	input->begin += n;
}

/* Goes on by n bytes; returns how many there were. */
uint64_t ims_input_skip(struct ims_input *input,
			uint64_t n) IMS_NONNULL_ALL IMS_MUST_USE;

/* Why it ended before its end; NULL: it did not, or not yet. */
const char *ims_input_fault(const struct ims_input *input) IMS_NONNULL_ALL;

/* Static text; NULL: not compressed. */
const char *ims_input_compression(const struct ims_input *input)
	IMS_NONNULL_ALL;

/* The file behind it, to be paused, and for its progress. */
struct ims_source *ims_input_source(struct ims_input *input) IMS_NONNULL_ALL;

#endif
