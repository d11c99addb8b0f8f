/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON on one line, written as it is said: no value is kept but as text.
 * Each function writes one value: `key` is its name in an object, and NULL in
 * an array. Keys are the program's own words, which need no escapes; all else
 * may be hostile.
 *
 * Nearly all keys are literals, and short values follow them. So what writes
 * the key is inline: its length is known when it is compiled, and so is that
 * there is room for both. A comma stands behind every value; what closes takes
 * the place of the last one.
 */
#ifndef IMS_JSON_WRITER_H
#define IMS_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <ims/attributes.h>
#include <ims/slice.h>

#include "json_parties.h"
#include "stamp.h"

/* All zero: nothing written yet. */
struct ims_json {
	char *text; /* without NUL; see ims_json_made */
	char *at;   /* where the next value goes */
	char *end;  /* of the room */
	struct ims_stamp_clock clock;
	struct ims_json_parties *parties; /* NULL: none was written yet */
};

/* Begins anew; the room stays for what comes. */
void ims_json_restart(struct ims_json *json) IMS_NONNULL_ALL;

void ims_json_clear(struct ims_json *json) IMS_NONNULL_ALL;

/* The value that was written last ends its line: the next one begins another,
   with no comma between. */
void ims_json_end_line(struct ims_json *json) IMS_NONNULL_ALL;

/* What was written so far, without the comma behind it. Borrowed. */
struct ims_slice ims_json_made(const struct ims_json *json) IMS_NONNULL_ALL;

/* More than a value takes up, with its comma, that is no text. */
#define IMS_JSON_ROOM 128

/* More room: `n` bytes at json->at. */
void ims_json_grow(struct ims_json *json, size_t n) IMS_NONNULL_ALL;

IMS_INLINE void ims_json_make_room(struct ims_json *json, size_t n)
{
	size_t room = (uintptr_t)json->end - (uintptr_t)json->at;

	if (room < n)
		ims_json_grow(json, n);
}

/* As ims_json_start, where there is room already. */
IMS_INLINE char *ims_json_key(struct ims_json *json, const char *key)
{
	size_t len = key ? strlen(key) : 0;
	char *at = json->at;

	if (key) {
		*at++ = '"';
		memcpy(at, key, len);
		memcpy(at + len, "\":", 2);
		at += len + 2;
	}
	return at;
}

/* Writes the key. Returns where the value goes, of which there is room for
   IMS_JSON_ROOM bytes: what puts it there moves json->at behind it. */
IMS_INLINE char *ims_json_start(struct ims_json *json, const char *key)
{
	size_t len = key ? strlen(key) : 0;

	ims_json_make_room(json, len + sizeof("\"\":") + IMS_JSON_ROOM);
	return ims_json_key(json, key);
}

IMS_INLINE void ims_json_open(struct ims_json *json, const char *key,
			      char bracket)
{
	char *at = ims_json_start(json, key);

	*at = bracket;
	json->at = at + 1;
}

/* What is open: there is at least its bracket before. */
IMS_INLINE void ims_json_close(struct ims_json *json, char bracket)
{
	char *at = ims_json_start(json, NULL);

	at -= at[-1] == ',';
	at[0] = bracket;
	at[1] = ',';
	json->at = at + 2;
}

/* A word of JSON. */
IMS_INLINE void ims_json_put_word(struct ims_json *json, char *at,
				  const char *word)
{
	size_t len = strlen(word);

	memcpy(at, word, len);
	at[len] = ',';
	json->at = at + len + 1;
}

IMS_INLINE void ims_json_null(struct ims_json *json, const char *key)
{
	ims_json_put_word(json, ims_json_start(json, key), "null");
}

IMS_INLINE void ims_json_boolean(struct ims_json *json, const char *key,
				 bool value)
{
	char *at = ims_json_start(json, key);

	if (value)
		ims_json_put_word(json, at, "true");
	else
		ims_json_put_word(json, at, "false");
}

/* Each writes a value at `at`, which ims_json_start returned. */
void ims_json_put_integer(struct ims_json *json, char *at,
			  int64_t value) IMS_NONNULL_ALL;
void ims_json_put_literal(struct ims_json *json, char *at,
			  struct ims_slice text) IMS_NONNULL(1, 2);
void ims_json_put_real(struct ims_json *json, char *at,
		       double value) IMS_NONNULL_ALL;
void ims_json_put_ms(struct ims_json *json, char *at,
		     int64_t ns) IMS_NONNULL_ALL;
void ims_json_put_stamp(struct ims_json *json, char *at,
			int64_t time_ns) IMS_NONNULL_ALL;
void ims_json_put_string(struct ims_json *json, char *at, struct ims_slice wire)
	IMS_NONNULL(1, 2);

IMS_INLINE void ims_json_integer(struct ims_json *json, const char *key,
				 int64_t value)
{
	ims_json_put_integer(json, ims_json_start(json, key), value);
}

/* What is JSON already, as it is. */
IMS_INLINE void ims_json_literal(struct ims_json *json, const char *key,
				 struct ims_slice text)
{
	ims_json_put_literal(json, ims_json_start(json, key), text);
}

/* 15 digits; null for infinity and what is no number. */
IMS_INLINE void ims_json_real(struct ims_json *json, const char *key,
			      double value)
{
	ims_json_put_real(json, ims_json_start(json, key), value);
}

/* Nanoseconds as milliseconds, as ims_json_real has them. */
IMS_INLINE void ims_json_ms(struct ims_json *json, const char *key, int64_t ns)
{
	ims_json_put_ms(json, ims_json_start(json, key), ns);
}

/* RFC 3339 in UTC. */
IMS_INLINE void ims_json_stamp(struct ims_json *json, const char *key,
			       int64_t time_ns)
{
	ims_json_put_stamp(json, ims_json_start(json, key), time_ns);
}

/*
 * Text from the wire, empty too: valid UTF-8, what is not as U+FFFD, and what
 * harms on a terminal as \u escapes (see escape.h).
 */
IMS_INLINE void ims_json_string(struct ims_json *json, const char *key,
				struct ims_slice wire)
{
	ims_json_put_string(json, ims_json_start(json, key), wire);
}

#endif
