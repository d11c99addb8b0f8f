/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the next character stands that means something: what all reading of
 * header fields comes down to. Sixteen bytes are looked at together where the
 * machine can do so (every x86-64); nothing is read beyond the end.
 */
#ifndef IMS_SIP_FIND_H
#define IMS_SIP_FIND_H

#include <stdbool.h>
#include <stddef.h>

#include <ims/slice.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* What is looked for beside single characters. */
enum ims_sip_class {
	IMS_SIP_ONLY,	   /* nothing */
	IMS_SIP_BLANKS,	   /* SP, HT, CR and LF */
	IMS_SIP_HOST_ENDS, /* up to ",", and ":" to "@": no host has them */
};

/* What is looked for; one may stand several times. */
struct ims_sip_stops {
	char of[5];
	enum ims_sip_class too;
};

static inline __attribute__((always_inline)) bool ims_sip_stops_at(
	const struct ims_sip_stops stops, char c)
{
	return c == stops.of[0] || c == stops.of[1] || c == stops.of[2] ||
	       c == stops.of[3] || c == stops.of[4] ||
	       (stops.too == IMS_SIP_BLANKS && ims_is_blank(c)) ||
	       (stops.too == IMS_SIP_HOST_ENDS &&
		((unsigned char)c <= ',' || (c >= ':' && c <= '@')));
}

#ifdef __SSE2__
static inline __attribute__((always_inline)) __m128i ims_sip_same(__m128i v,
								  char c)
{
	return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}

/* Those from `first` on that are no more than `n` behind it. */
static inline __attribute__((always_inline)) __m128i ims_sip_among(__m128i v,
								   char first,
								   char n)
{
	v = _mm_sub_epi8(v, _mm_set1_epi8(first));
	return _mm_cmpeq_epi8(v, _mm_min_epu8(v, _mm_set1_epi8(n)));
}

/* A bit for each of the sixteen bytes. */
static inline __attribute__((always_inline)) unsigned ims_sip_stops_in(
	const struct ims_sip_stops stops, __m128i v)
{
	__m128i found = ims_sip_same(v, stops.of[0]);

	/* No loop: so the compiler sees which of them are the same. */
	found = _mm_or_si128(found, ims_sip_same(v, stops.of[1]));
	found = _mm_or_si128(found, ims_sip_same(v, stops.of[2]));
	found = _mm_or_si128(found, ims_sip_same(v, stops.of[3]));
	found = _mm_or_si128(found, ims_sip_same(v, stops.of[4]));
	if (stops.too == IMS_SIP_BLANKS) {
		found = _mm_or_si128(found, ims_sip_same(v, ' '));
		found = _mm_or_si128(found, ims_sip_same(v, '\t'));
		found = _mm_or_si128(found, ims_sip_same(v, '\r'));
		found = _mm_or_si128(found, ims_sip_same(v, '\n'));
	}
	if (stops.too == IMS_SIP_HOST_ENDS) {
		found = _mm_or_si128(found, ims_sip_among(v, 0, ','));
		found = _mm_or_si128(found, ims_sip_among(v, ':', '@' - ':'));
	}
	return (unsigned)_mm_movemask_epi8(found);
}

/* Of 4 to 15 bytes the first and the last 4 or 8, which may overlap. */
static inline __attribute__((always_inline)) size_t ims_sip_find_few(
	const char *at, size_t len, const struct ims_sip_stops stops)
{
	size_t half = len >= 8 ? 8 : 4;
	unsigned found;
	int first, last;
	size_t i;

	if (half == 8) {
		found = ims_sip_stops_in(
			stops,
			_mm_unpacklo_epi64(
				_mm_loadl_epi64((const void *)at),
				_mm_loadl_epi64((const void *)(at + len - 8))));
	} else {
		memcpy(&first, at, sizeof(first));
		memcpy(&last, at + len - 4, sizeof(last));
		found = ims_sip_stops_in(
				stops,
				_mm_unpacklo_epi32(_mm_cvtsi32_si128(first),
						   _mm_cvtsi32_si128(last))) &
			0xff;
	}
	if (!found)
		return len;
	i = (size_t)__builtin_ctz(found);
	return i < half ? i : len - 2 * half + i;
}
#endif

/* Offset of the first stop of `s` from `i` on; s.len when there is none. */
static inline __attribute__((always_inline)) size_t ims_sip_find(
	struct ims_slice s, size_t i, const struct ims_sip_stops stops)
{
#ifdef __SSE2__
	size_t left;

	for (; i + 16 <= s.len; i += 16) {
		unsigned found = ims_sip_stops_in(
			stops, _mm_loadu_si128((const void *)(s.at + i)));

		if (found)
			return i + (size_t)__builtin_ctz(found);
	}
	left = s.len > i ? s.len - i : 0;
	if (left > 0 && s.len >= 16) {
		/* The last sixteen; of these what has not been looked at. */
		unsigned found = ims_sip_stops_in(
			stops,
			_mm_loadu_si128((const void *)(s.at + s.len - 16)));

		found >>= 16 - left;
		return found ? i + (size_t)__builtin_ctz(found) : s.len;
	}
	if (left >= 4)
		return i + ims_sip_find_few(s.at + i, left, stops);
#endif
	while (i < s.len && !ims_sip_stops_at(stops, s.at[i]))
		i++;
	return i;
}

/*
 * Whether two texts of one length are the same to the letter, seen by their
 * first and last bytes, which overlap. False too where they are too short or
 * too long for that: who is told so has to compare them otherwise.
 */
static inline bool ims_sip_is_spelt(const char *a, const char *b, size_t len)
{
	if (len < 4)
		return len >= 2 && memcmp(a, b, 2) == 0 &&
		       memcmp(a + len - 2, b + len - 2, 2) == 0;
	if (len < 8)
		return memcmp(a, b, 4) == 0 &&
		       memcmp(a + len - 4, b + len - 4, 4) == 0;
	return len <= 16 && memcmp(a, b, 8) == 0 &&
	       memcmp(a + len - 8, b + len - 8, 8) == 0;
}

/* Offset of the first `c`; s.len when there is none. */
static inline __attribute__((always_inline)) size_t ims_sip_find_char(
	struct ims_slice s, char c)
{
	return ims_sip_find(
		s, 0, (struct ims_sip_stops){{c, c, c, c, c}, IMS_SIP_ONLY});
}

#endif
