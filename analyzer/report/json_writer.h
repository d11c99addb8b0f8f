/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON on one line, written as it is said: no value is kept but as text.
 * Each function writes one value: `key` is its name in an object, and NULL in
 * an array. Keys are the program's own words, which need no escapes; all else
 * may be hostile.
 */
#ifndef IMS_JSON_WRITER_H
#define IMS_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

#include "stamp.h"

/* All zero: nothing written yet. */
struct ims_json {
	char *text; /* without NUL */
	size_t len;
	size_t room;
	bool more; /* a value stands before: a comma is due */
	struct ims_stamp_clock clock;
};

/* Begins anew; the room stays for what comes. */
void ims_json_restart(struct ims_json *json) IMS_NONNULL_ALL;

void ims_json_clear(struct ims_json *json) IMS_NONNULL_ALL;

void ims_json_open(struct ims_json *json, const char *key, char bracket)
	IMS_NONNULL(1);
void ims_json_close(struct ims_json *json, char bracket) IMS_NONNULL_ALL;

void ims_json_null(struct ims_json *json, const char *key) IMS_NONNULL(1);
void ims_json_boolean(struct ims_json *json, const char *key, bool value)
	IMS_NONNULL(1);
void ims_json_integer(struct ims_json *json, const char *key, int64_t value)
	IMS_NONNULL(1);

/* What is JSON already, as it is. */
void ims_json_literal(struct ims_json *json, const char *key,
		      struct ims_slice text) IMS_NONNULL(1);

/* 15 digits; null for infinity and what is no number. */
void ims_json_real(struct ims_json *json, const char *key, double value)
	IMS_NONNULL(1);

/* Nanoseconds as milliseconds, as ims_json_real has them. */
void ims_json_ms(struct ims_json *json, const char *key, int64_t ns)
	IMS_NONNULL(1);

/* RFC 3339 in UTC. */
void ims_json_stamp(struct ims_json *json, const char *key, int64_t time_ns)
	IMS_NONNULL(1);

/*
 * Text from the wire, empty too: valid UTF-8, what is not as U+FFFD, and what
 * harms on a terminal as \u escapes (see escape.h).
 */
void ims_json_string(struct ims_json *json, const char *key,
		     struct ims_slice wire) IMS_NONNULL(1);

#endif
