// SPDX-License-Identifier: GPL-2.0-or-later
#include <ims/slice.h>

static unsigned char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (unsigned char)(c - 'A' + 'a');
	return (unsigned char)c;
}

static bool same_nocase(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

bool ims_slice_equal(struct ims_slice a, struct ims_slice b)
{
	if (!a.at || !b.at)
		return a.at == b.at;
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

bool ims_slice_equal_nocase(struct ims_slice a, struct ims_slice b)
{
	if (!a.at || !b.at)
		return a.at == b.at;
	return a.len == b.len && same_nocase(a.at, b.at, a.len);
}

bool ims_slice_is(struct ims_slice s, const char *text)
{
	return ims_slice_equal(s, ims_slice_of(text));
}

bool ims_slice_is_nocase(struct ims_slice s, const char *text)
{
	return ims_slice_equal_nocase(s, ims_slice_of(text));
}

bool ims_slice_starts_nocase(struct ims_slice s, const char *prefix)
{
	size_t len = strlen(prefix);

	return s.len >= len && same_nocase(s.at, prefix, len);
}

size_t ims_slice_find_nocase(struct ims_slice s, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; len <= s.len && i <= s.len - len; i++)
		if (same_nocase(s.at + i, text, len))
			return i;
	return s.len;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct ims_slice ims_slice_trim(struct ims_slice s)
{
	while (s.len > 0 && is_space(s.at[0])) {
		s.at++;
		s.len--;
	}
	while (s.len > 0 && is_space(s.at[s.len - 1]))
		s.len--;
	return s;
}

bool ims_slice_to_uint(struct ims_slice s, uint64_t max, uint64_t *value)
{
	uint64_t n = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		unsigned digit = (unsigned)(s.at[i] - '0');
		if (n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	if (n > max)
		return false;
	*value = n;
	return true;
}

uint64_t ims_slice_hash(struct ims_slice s)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.len; i++) {
		hash ^= (unsigned char)s.at[i];
		hash *= 0x100000001b3u;
	}
	return hash;
}
