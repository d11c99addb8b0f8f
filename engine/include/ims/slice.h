/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A borrowed run of bytes. It owns nothing, is not NUL-terminated, and may
 * hold any byte: what it points at came off the wire. An absent value has
 * `at` NULL; a value that is there but empty has `at` set and `len` 0.
 */
#ifndef IMS_SLICE_H
#define IMS_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <ims/attributes.h>

struct ims_slice {
	const char *at;
	size_t len;
};

/* For printf("%.*s"): only for text that is known to be harmless. */
#define IMS_SLICE_ARG(s) (int)(s).len, (s).at

static inline struct ims_slice ims_slice(const void *at, size_t len)
{
	return (struct ims_slice){(const char *)at, len};
}

/* Borrows a NUL-terminated string; NULL gives the absent slice. */
static inline struct ims_slice ims_slice_of(const char *text)
{
	return (struct ims_slice){text, text ? strlen(text) : 0};
}

static inline bool ims_slice_is_set(struct ims_slice s)
{
	return s.at != NULL;
}

/* Absent or empty. */
static inline bool ims_slice_is_empty(struct ims_slice s)
{
	return s.len == 0;
}

/* Two absent slices are equal; an absent one and an empty one are not. */
static inline bool ims_slice_equal(struct ims_slice a, struct ims_slice b)
{
	if (!a.at || !b.at)
		return a.at == b.at;
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

/* Whether `len` bytes are the same but for the case of ASCII letters. */
bool ims_same_nocase(const char *a, const char *b, size_t len) IMS_PURE;

/* ASCII letters without regard to case; locale plays no part. */
static inline bool ims_slice_equal_nocase(struct ims_slice a,
					  struct ims_slice b)
{
	if (!a.at || !b.at)
		return a.at == b.at;
	if (a.len != b.len || a.len == 0)
		return a.len == b.len;
	/* Most names differ in their first letter already. */
	return ((a.at[0] ^ b.at[0]) & ~0x20) == 0 &&
	       ims_same_nocase(a.at, b.at, a.len);
}

/* Inline, so that the length of a literal is none to be counted. */
static inline bool ims_slice_is(struct ims_slice s, const char *text)
{
	return ims_slice_equal(s, ims_slice_of(text));
}

static inline bool ims_slice_is_nocase(struct ims_slice s, const char *text)
{
	return ims_slice_equal_nocase(s, ims_slice_of(text));
}

static inline bool ims_slice_starts_nocase(struct ims_slice s,
					   const char *prefix)
{
	size_t len = strlen(prefix);

	return s.len >= len && ims_same_nocase(s.at, prefix, len);
}

/* Its bytes, the letters A to Z among them made small, into as much room. */
void ims_slice_lower(char *out, struct ims_slice s) IMS_NONNULL(1);

/* The first place of `text` in `s`, case ignored; s.len when not there. */
size_t ims_slice_find_nocase(struct ims_slice s, const char *text) IMS_PURE;

/* SP, HT, CR or LF; nearly all that is asked about is above them. */
static inline bool ims_is_blank(char c)
{
	return (unsigned char)c <= ' ' &&
	       (c == ' ' || c == '\t' || c == '\r' || c == '\n');
}

/* Without SP, HT, CR and LF at both ends. */
static inline struct ims_slice ims_slice_trim(struct ims_slice s)
{
	while (s.len > 0 && ims_is_blank(s.at[0])) {
		s.at++;
		s.len--;
	}
	while (s.len > 0 && ims_is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

/*
 * Reads an unsigned decimal number that takes up the whole of `s`.
 * Returns false, and leaves *value alone, when `s` is empty, holds anything
 * but digits, or the number is above `max`.
 */
bool ims_slice_to_uint(struct ims_slice s, uint64_t max,
		       uint64_t *value) IMS_MUST_USE;

/*
 * A 64-bit hash for tables; not for hostile-proof identity, and not the same
 * on machines of another byte order.
 */
uint64_t ims_slice_hash(struct ims_slice s) IMS_PURE;

/* The same for what ims_slice_equal_nocase compares. */
uint64_t ims_slice_hash_nocase(struct ims_slice s) IMS_PURE;

#endif
