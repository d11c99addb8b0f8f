// SPDX-License-Identifier: GPL-2.0-or-later
#include <ims/glob.h>

#include <glib.h>
#include <string.h>

/*
 * Matches one character against the pattern's element at `p`; *next is where
 * the next element begins. A `[` without its `]` stands for itself.
 */
static bool match_class(const char *p, char c, const char **next)
{
	const char *end = p[1] == '!' || p[1] == '^' ? p + 2 : p + 1;
	bool negated = end != p + 1;
	bool found = false;
	const char *at = end;

	end = strchr(end + (*end == ']'), ']');
	*next = end ? end + 1 : p + 1;
	if (!end)
		return c == '[';
	while (at < end) {
		char low = g_ascii_tolower(*at), high = low;

		if (at[1] == '-' && at + 2 < end) {
			high = g_ascii_tolower(at[2]);
			at += 2;
		}
		at++;
		if (c >= low && c <= high)
			found = true;
	}
	return found != negated;
}

static bool match_one(const char *p, char c, const char **next)
{
	c = g_ascii_tolower(c);
	*next = p + 1;
	if (*p == '?')
		return true;
	if (*p == '[')
		return match_class(p, c, next);
	return *p != '\0' && g_ascii_tolower(*p) == c;
}

bool ims_glob(const char *pattern, struct ims_slice text)
{
	const char *p = pattern, *star = NULL, *next;
	size_t i = 0, resume = 0;

	while (i < text.len) {
		if (*p == '*') {
			star = ++p;
			resume = i;
		} else if (*p && match_one(p, text.at[i], &next)) {
			p = next;
			i++;
		} else if (star) {
			/* The last star takes one more. */
			p = star;
			i = ++resume;
		} else {
			return false;
		}
	}
	while (*p == '*')
		p++;
	return *p == '\0';
}
