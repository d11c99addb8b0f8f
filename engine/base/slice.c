// SPDX-License-Identifier: GPL-2.0-or-later
#include <ims/slice.h>

#include <glib.h>

#define ONES 0x0101010101010101u /* a byte's value, in all eight */

static inline uint64_t load8(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static inline uint64_t load4(const char *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* All of `len` bytes, fewer than eight, in one word: some of them twice. */
static inline uint64_t load_few(const char *at, size_t len)
{
	if (len >= 4)
		return load4(at) | load4(at + len - 4) << 32;
	if (len == 0)
		return 0;
	return (uint64_t)(unsigned char)at[0] |
	       (uint64_t)(unsigned char)at[len / 2] << 8 |
	       (uint64_t)(unsigned char)at[len - 1] << 16;
}

/* The letters A to Z among eight bytes made small ones. */
static inline uint64_t lower8(uint64_t word)
{
	uint64_t low = word & 0x7f * ONES;
	uint64_t from_a = low + (0x80 - 'A') * ONES;
	uint64_t beyond_z = low + (0x7f - 'Z') * ONES;

	return word | ((from_a & ~beyond_z & ~word & 0x80 * ONES) >> 2);
}

/* Bytes that differ in more than a letter's case are told apart at once. */
static inline bool same8_nocase(uint64_t a, uint64_t b)
{
	uint64_t differ = a ^ b;

	return differ == 0 ||
	       ((differ & ~(0x20 * ONES)) == 0 && lower8(a) == lower8(b));
}

bool ims_same_nocase(const char *a, const char *b, size_t len)
{
	if (len < 8)
		return same8_nocase(load_few(a, len), load_few(b, len));
	for (size_t i = 0; i + 8 < len; i += 8)
		if (!same8_nocase(load8(a + i), load8(b + i)))
			return false;
	return same8_nocase(load8(a + len - 8), load8(b + len - 8));
}

void ims_slice_lower(char *out, struct ims_slice s)
{
	size_t i = 0;

	for (; i + 8 <= s.len; i += 8) {
		uint64_t word = lower8(load8(s.at + i));

		memcpy(out + i, &word, sizeof(word));
	}
	for (; i < s.len; i++)
		out[i] = g_ascii_tolower(s.at[i]);
}

static char other_case(char c)
{
	return g_ascii_islower(c) ? g_ascii_toupper(c) : g_ascii_tolower(c);
}

size_t ims_slice_find_nocase(struct ims_slice s, const char *text)
{
	size_t len = strlen(text);
	char one = text[0];
	char other = other_case(one);

	if (len == 0)
		return 0;
	for (size_t i = 0; len <= s.len && i <= s.len - len; i++)
		if ((s.at[i] == one || s.at[i] == other) &&
		    ims_same_nocase(s.at + i, text, len))
			return i;
	return s.len;
}

/* Of so many digits no number is too large for 64 bits. */
#define SAFE_DIGITS 19

bool ims_slice_to_uint(struct ims_slice s, uint64_t max, uint64_t *value)
{
	uint64_t n = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned)(s.at[i] - '0');

		if (digit > 9)
			return false;
		if (i >= SAFE_DIGITS && n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	if (n > max)
		return false;
	*value = n;
	return true;
}

/* Both halves of the product: each bit of it hangs on many of both. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Odd, and half of their bits set, without a pattern. */
#define KEY_1 0x9e3779b97f4a7c15u
#define KEY_2 0xd1b54a32d192ed03u
#define KEY_3 0x8cb92ba72f3d8dd7u

/* Sixteen bytes a multiplication, and two of these at a time. `fold`: bits that
   are set in all of them. */
static inline __attribute__((always_inline)) uint64_t hash_folded(
	struct ims_slice s, uint64_t fold)
{
	const char *at = s.at;
	size_t left = s.len;
	uint64_t one = KEY_1 ^ fold;
	uint64_t two = KEY_2 ^ fold;

	for (; left > 32; at += 32, left -= 32) {
		one = mix((load8(at) | fold) ^ one,
			  (load8(at + 8) | fold) ^ KEY_3);
		two = mix((load8(at + 16) | fold) ^ two,
			  (load8(at + 24) | fold) ^ KEY_3);
	}
	if (left > 16) {
		one = mix((load8(at) | fold) ^ one,
			  (load8(at + 8) | fold) ^ KEY_3);
		at += 16;
		left -= 16;
	}
	if (left >= 8)
		two = mix((load8(at) | fold) ^ two,
			  (load8(at + left - 8) | fold) ^ KEY_3);
	else
		two = mix((load_few(at, left) | fold) ^ two, KEY_3);
	return mix(one ^ s.len, two ^ KEY_3);
}

uint64_t ims_slice_hash(struct ims_slice s)
{
	return hash_folded(s, 0);
}

/* The bit of a letter's case is set in other characters too, and these then
   hash alike: rarely, and no more than that. */
uint64_t ims_slice_hash_nocase(struct ims_slice s)
{
	return hash_folded(s, 0x20 * ONES);
}
