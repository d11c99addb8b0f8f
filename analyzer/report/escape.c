// SPDX-License-Identifier: GPL-2.0-or-later
#include "escape.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define REPLACEMENT 0xfffd

/*
 * The character at the start of `s`, which is not empty, and how many bytes
 * it takes up. REPLACEMENT for what is no UTF-8 (Unicode table 3-7): then the
 * bytes that could have begun a character, one at least.
 */
static size_t decode(struct ims_slice s, gunichar *c)
{
	const unsigned char *b = (const unsigned char *)s.at;
	unsigned char low = 0x80, high = 0xbf;
	gunichar value;
	size_t n;

	*c = REPLACEMENT;
	if (b[0] < 0x80) {
		*c = b[0];
		return 1;
	}
	if (b[0] < 0xc2 || b[0] > 0xf4)
		return 1;
	n = b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
	value = b[0] & (0x7fu >> n);
	if (b[0] == 0xe0)
		low = 0xa0;
	else if (b[0] == 0xed)
		high = 0x9f;
	else if (b[0] == 0xf0)
		low = 0x90;
	else if (b[0] == 0xf4)
		high = 0x8f;
	for (size_t i = 1; i < n; i++) {
		if (i >= s.len || b[i] < low || b[i] > high)
			return i;
		value = value << 6 | (b[i] & 0x3fu);
		low = 0x80;
		high = 0xbf;
	}
	*c = value;
	return n;
}

/* Most texts are printable ASCII: appends what is at the start of `wire`, and
   returns how much that is. */
static size_t append_plain(GString *out, struct ims_slice wire)
{
	size_t n = 0;

	while (n < wire.len && wire.at[n] >= ' ' && wire.at[n] <= '~')
		n++;
	if (n)
		g_string_append_len(out, wire.at, (gssize)n);
	return n;
}

/* Cc, Cf (bidi, zero width, tags), Zl, Zp, and what has no agreed look. */
static bool is_harmful(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_UNASSIGNED:
		return true;
	default:
		return false;
	}
}

void ims_escape_append(GString *out, struct ims_slice wire)
{
	for (size_t i = 0; i < wire.len;) {
		gunichar c;

		i += append_plain(out, ims_slice(wire.at + i, wire.len - i));
		if (i == wire.len)
			break;
		i += decode(ims_slice(wire.at + i, wire.len - i), &c);
		if (!is_harmful(c))
			g_string_append_unichar(out, c);
		else if (c < 0x100)
			g_string_append_printf(out, "\\x%02x", c);
		else
			g_string_append_printf(out, "\\u{%04x}", c);
	}
}

static struct ims_slice after(struct ims_slice s, size_t n)
{
	return ims_slice(s.at + n, s.len - n);
}

static char *put_hex(char *out, unsigned value)
{
	static const char digits[] = "0123456789ABCDEF";

	*out++ = '\\';
	*out++ = 'u';
	for (int shift = 12; shift >= 0; shift -= 4)
		*out++ = digits[value >> shift & 0xf];
	return out;
}

static char *put_json_escape(char *out, gunichar c)
{
	static const char letters[] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',  ['\f'] = 'f',
		['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\',
	};

	if (c < sizeof(letters) && letters[c]) {
		*out++ = '\\';
		*out++ = letters[c];
		return out;
	}
	if (c >= 0x10000) {
		c -= 0x10000;
		out = put_hex(out, 0xd800 + (c >> 10));
		c = 0xdc00 + (c & 0x3ff);
	}
	return put_hex(out, c);
}

/*
 * Whether one of eight bytes is no printable ASCII, or is " or \: each term
 * sets the top bit of a byte for which that is so. A carry or borrow spoils
 * the byte above at most where there is one already. (With its second bit
 * turned over " is a blank, a blank is ", and a control stays one.)
 */
static bool has_special(uint64_t eight)
{
	const uint64_t ones = UINT64_MAX / 0xff;
	uint64_t above_ascii = eight | (eight + ones);
	uint64_t quote_or_below = (eight ^ ones * 2) - ones * (' ' + 1);
	uint64_t backslash = (eight ^ ones * '\\') - ones;

	return (above_ascii | quote_or_below | backslash) & ones * 0x80;
}

/* Copies eight bytes, which may be special. Returns whether one is. */
static bool copy_eight(char *out, const char *at)
{
	uint64_t eight;

	memcpy(&eight, at, sizeof(eight));
	memcpy(out, &eight, sizeof(eight));
	return has_special(eight);
}

/* The same of four to seven, some of them twice. */
static bool copy_some(char *out, const char *at, size_t n)
{
	uint32_t first, last;

	memcpy(&first, at, sizeof(first));
	memcpy(&last, at + n - 4, sizeof(last));
	memcpy(out, &first, sizeof(first));
	memcpy(out + n - 4, &last, sizeof(last));
	return has_special((uint64_t)last << 32 | first);
}

/* The same of sixteen. */
static bool copy_sixteen(char *out, const char *at)
{
#ifdef __SSE2__
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i above_ascii = _mm_adds_epu8(bytes, _mm_set1_epi8(1));
	__m128i quote_or_below = _mm_sub_epi8(
		_mm_xor_si128(bytes, _mm_set1_epi8(2)), _mm_set1_epi8(' ' + 1));
	__m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));

	/* As in has_special; the top bits are all that is asked for. */
	_mm_storeu_si128((__m128i *)(void *)out, bytes);
	return _mm_movemask_epi8(_mm_or_si128(
		       _mm_or_si128(above_ascii, quote_or_below), backslash)) !=
	       0;
#else
	bool in_first = copy_eight(out, at);

	return copy_eight(out + 8, at + 8) || in_first;
#endif
}

static bool is_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

/* Copies all of it, which may be special, some of it twice. Returns whether
   something is. */
static bool copy(char *out, struct ims_slice s)
{
	bool special = false;
	size_t last;

	if (s.len < 8) {
		if (s.len >= 4)
			return copy_some(out, s.at, s.len);
		for (size_t i = 0; i < s.len; i++) {
			out[i] = s.at[i];
			special |= !is_plain(s.at[i]);
		}
		return special;
	}
	if (s.len < 16) {
		special = copy_eight(out, s.at);
		return copy_eight(out + s.len - 8, s.at + s.len - 8) || special;
	}
	last = s.len - 16;
	for (size_t i = 0; i < last; i += 16)
		special |= copy_sixteen(out + i, s.at + i);
	return copy_sixteen(out + last, s.at + last) || special;
}

/* Apart from what most texts need. */
G_GNUC_NO_INLINE static char *escape(char *out, struct ims_slice wire)
{
	while (wire.len) {
		size_t n = 1;
		gunichar c;

		if (wire.len >= 16 && !copy_sixteen(out, wire.at)) {
			n = 16;
			out += n;
		} else if (is_plain(wire.at[0])) {
			*out++ = wire.at[0];
		} else {
			n = decode(wire, &c);
			if (c == '"' || c == '\\' || is_harmful(c))
				out = put_json_escape(out, c);
			else
				out += g_unichar_to_utf8(c, out);
		}
		wire = after(wire, n);
	}
	return out;
}

char *ims_escape_json(char *out, struct ims_slice wire)
{
	return copy(out, wire) ? escape(out, wire) : out + wire.len;
}

static size_t width_of(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

size_t ims_columns(const char *text, size_t len)
{
	size_t columns = 0;

	for (size_t i = 0; i < len;) {
		gunichar c;

		/* Most is: no need to ask how wide it is. */
		if (text[i] >= ' ' && text[i] <= '~') {
			columns++;
			i++;
			continue;
		}
		i += decode(ims_slice(text + i, len - i), &c);
		columns += width_of(c);
	}
	return columns;
}

size_t ims_columns_fit(const char *text, size_t len, size_t columns)
{
	size_t i = 0;

	while (i < len) {
		gunichar c;
		size_t n = decode(ims_slice(text + i, len - i), &c);

		if (width_of(c) > columns)
			break;
		columns -= width_of(c);
		i += n;
	}
	return i;
}
