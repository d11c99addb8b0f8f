// SPDX-License-Identifier: GPL-2.0-or-later
#include "scratch.h"

#include <glib.h>
#include <inttypes.h>
#include <stdalign.h>

#include <ims/digits.h>

struct chunk {
	struct chunk *next;
	size_t size; /* of data */
	alignas(max_align_t) char data[];
};

struct ims_scratch {
	struct chunk *chunks; /* the one in use first; the last is kept */
	size_t used;	      /* of the first */
};

#define CHUNK_SIZE ((size_t)16 << 10)

static void add_chunk(struct ims_scratch *scratch, size_t size)
{
	struct chunk *chunk = g_malloc(sizeof(*chunk) + size);

	chunk->next = scratch->chunks;
	chunk->size = size;
	scratch->chunks = chunk;
	scratch->used = 0;
}

struct ims_scratch *ims_scratch_new(void)
{
	struct ims_scratch *scratch = g_new0(struct ims_scratch, 1);

	add_chunk(scratch, CHUNK_SIZE);
	return scratch;
}

void ims_scratch_clear(struct ims_scratch *scratch)
{
	while (scratch->chunks->next) {
		struct chunk *chunk = scratch->chunks;

		scratch->chunks = chunk->next;
		g_free(chunk);
	}
	scratch->used = 0;
}

void ims_scratch_free(struct ims_scratch *scratch)
{
	if (!scratch)
		return;
	ims_scratch_clear(scratch);
	g_free(scratch->chunks);
	g_free(scratch);
}

void *ims_scratch_take(struct ims_scratch *scratch, size_t size)
{
	const size_t unit = alignof(max_align_t);
	void *at;

	size = (size + unit - 1) / unit * unit;
	if (scratch->chunks->size - scratch->used < size)
		add_chunk(scratch, MAX(size, CHUNK_SIZE));
	at = scratch->chunks->data + scratch->used;
	scratch->used += size;
	return at;
}

void *ims_scratch_grow(struct ims_scratch *scratch, const void *array,
		       unsigned *room, unsigned n, size_t size)
{
	void *longer;

	*room = *room ? 2 * *room : 8;
	longer = ims_scratch_take(scratch, *room * size);
	if (n)
		memcpy(longer, array, n * size);
	return longer;
}

struct ims_slice ims_scratch_copy(struct ims_scratch *scratch,
				  struct ims_slice s)
{
	char *copy;

	if (!s.at)
		return s;
	copy = ims_scratch_take(scratch, s.len);
	memcpy(copy, s.at, s.len);
	return ims_slice(copy, s.len);
}

struct ims_slice ims_scratch_join(struct ims_scratch *scratch,
				  struct ims_slice before, uint64_t number,
				  struct ims_slice after)
{
	size_t most = before.len + IMS_DIGITS_MAX + after.len;
	char *text = ims_scratch_take(scratch, most);
	char *end = mempcpy(text, before.at, before.len);

	end = mempcpy(ims_digits(end, number), after.at, after.len);
	return ims_slice(text, (size_t)(end - text));
}

/* A text in the making, where the next piece would be taken. */
struct text {
	char *at;
	size_t len;
	size_t room;
};

/* Most are shorter than this. */
#define TEXT_ROOM ((size_t)1 << 10)

static struct text text_begin(struct ims_scratch *scratch)
{
	if (scratch->chunks->size - scratch->used < TEXT_ROOM)
		add_chunk(scratch, CHUNK_SIZE);
	return (struct text){
		.at = scratch->chunks->data + scratch->used,
		.room = scratch->chunks->size - scratch->used,
	};
}

static bool put(struct text *text, const char *s, size_t len)
{
	if (text->room - text->len < len)
		return false;
	memcpy(text->at + text->len, s, len);
	text->len += len;
	return true;
}

static bool put_number(struct text *text, uint64_t n)
{
	char digits[IMS_DIGITS_MAX];

	return put(text, digits, (size_t)(ims_digits(digits, n) - digits));
}

static bool put_string(struct text *text, const char *s, size_t most)
{
	const char *end;

	if (!s)
		return most == 0;
	end = most == SIZE_MAX ? s + strlen(s) : memchr(s, '\0', most);
	return put(text, s, end ? (size_t)(end - s) : most);
}

static bool takes(const char **fmt, const char *conversion)
{
	size_t len = strlen(conversion);

	if (strncmp(*fmt, conversion, len) != 0)
		return false;
	*fmt += len;
	return true;
}

/* The conversions that texts are made of. False: another, or no room. */
static bool put_argument(struct text *text, const char **fmt, va_list *args)
{
	if (takes(fmt, "s"))
		return put_string(text, va_arg(*args, const char *), SIZE_MAX);
	if (takes(fmt, ".*s")) {
		int most = va_arg(*args, int);

		return most >= 0 &&
		       put_string(text, va_arg(*args, const char *),
				  (size_t)most);
	}
	if (takes(fmt, "u"))
		return put_number(text, va_arg(*args, unsigned));
	if (takes(fmt, PRIu64))
		return put_number(text, va_arg(*args, uint64_t));
	return false;
}

static bool put_all(struct text *text, const char *fmt, va_list *args)
{
	while (*fmt) {
		const char *percent = strchr(fmt, '%');
		size_t plain = percent ? (size_t)(percent - fmt) : strlen(fmt);

		if (!put(text, fmt, plain))
			return false;
		fmt += plain + (percent ? 1 : 0);
		if (percent && !put_argument(text, &fmt, args))
			return false;
	}
	return true;
}

struct ims_slice ims_scratch_format(struct ims_scratch *scratch,
				    const char *fmt, va_list args)
{
	struct text text = text_begin(scratch);
	struct ims_slice made;
	va_list again;
	bool done;
	char *whole;

	va_copy(again, args);
	done = put_all(&text, fmt, &again);
	va_end(again);
	if (done)
		return ims_slice(ims_scratch_take(scratch, text.len), text.len);
	whole = g_strdup_vprintf(fmt, args);
	made = ims_scratch_copy(scratch, ims_slice_of(whole));
	g_free(whole);
	return made;
}

struct ims_slice ims_scratch_print(struct ims_scratch *scratch, const char *fmt,
				   ...)
{
	struct ims_slice made;
	va_list args;

	va_start(args, fmt);
	made = ims_scratch_format(scratch, fmt, args);
	va_end(args);
	return made;
}
