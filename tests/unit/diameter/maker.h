/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes Diameter messages for tests, AVP by AVP. */
#ifndef DIAMETER_MAKER_H
#define DIAMETER_MAKER_H

#include "unit.h"

#define MAKER_MAX   65536
#define MAKER_DEPTH 16

struct maker {
	unsigned char bytes[MAKER_MAX];
	size_t len;
	size_t open[MAKER_DEPTH]; /* offsets of the groups not yet closed */
	size_t n_open;
};

static inline void maker_put(struct maker *m, const void *at, size_t len)
{
	assert_true(m->len + len <= sizeof(m->bytes));
	if (len)
		memcpy(m->bytes + m->len, at, len);
	m->len += len;
}

static inline void maker_set24(struct maker *m, size_t offset, size_t value)
{
	m->bytes[offset] = (unsigned char)(value >> 16);
	m->bytes[offset + 1] = (unsigned char)(value >> 8);
	m->bytes[offset + 2] = (unsigned char)value;
}

static inline void maker_put32(struct maker *m, uint32_t value)
{
	const unsigned char bytes[] = {
		(unsigned char)(value >> 24), (unsigned char)(value >> 16),
		(unsigned char)(value >> 8), (unsigned char)value};

	maker_put(m, bytes, sizeof(bytes));
}

/* Hop-by-hop is 0x11111111, end-to-end 0x22222222. */
static inline void maker_begin(struct maker *m, unsigned flags, uint32_t code,
			       uint32_t application)
{
	m->len = 0;
	m->n_open = 0;
	maker_put32(m, 0x01000000);
	maker_put32(m, (uint32_t)flags << 24 | code);
	maker_put32(m, application);
	maker_put32(m, 0x11111111);
	maker_put32(m, 0x22222222);
}

/* Everything until maker_close() stands inside it. */
static inline void maker_open(struct maker *m, uint32_t vendor, uint32_t code)
{
	assert_true(m->n_open < MAKER_DEPTH);
	m->open[m->n_open++] = m->len;
	maker_put32(m, code);
	maker_put32(m, vendor ? 0xc0000000 : 0x40000000);
	if (vendor)
		maker_put32(m, vendor);
}

static inline void maker_close(struct maker *m)
{
	size_t start = m->open[--m->n_open];

	maker_set24(m, start + 5, m->len - start);
	while (m->len % 4)
		maker_put(m, "", 1);
}

static inline void maker_avp(struct maker *m, uint32_t vendor, uint32_t code,
			     struct ims_slice value)
{
	maker_open(m, vendor, code);
	maker_put(m, value.at, value.len);
	maker_close(m);
}

static inline void maker_text(struct maker *m, uint32_t vendor, uint32_t code,
			      const char *text)
{
	maker_avp(m, vendor, code, ims_slice_of(text));
}

static inline void maker_u32(struct maker *m, uint32_t vendor, uint32_t code,
			     uint32_t value)
{
	maker_open(m, vendor, code);
	maker_put32(m, value);
	maker_close(m);
}

/* Borrows the message until the maker is used again. */
static inline struct ims_slice maker_end(struct maker *m)
{
	assert_int_equal(m->n_open, 0);
	maker_set24(m, 1, m->len);
	return ims_slice(m->bytes, m->len);
}

#endif
