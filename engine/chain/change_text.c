// SPDX-License-Identifier: GPL-2.0-or-later
#include "change_text.h"

#include <glib.h>

#include "sip_scan.h"

#define END	 (-1)
#define USER_MAX 512 /* bytes of a URI that are searched for a password */

/* Reads a text as it compares: with no blank that does not count. */
struct cursor {
	struct ims_slice rest;
	bool quoted;
	bool escaped;
	bool word; /* what was given last is no separator */
};

static bool is_separator(char c)
{
	return c == ';' || c == ',' || c == '=' || c == '<' || c == '>';
}

static int take(struct cursor *cursor)
{
	char c = cursor->rest.at[0];

	cursor->rest.at++;
	cursor->rest.len--;
	if (cursor->quoted && c == '\\' && !cursor->escaped) {
		cursor->escaped = true;
		return (unsigned char)c;
	}
	if (c == '"' && !cursor->escaped)
		cursor->quoted = !cursor->quoted;
	cursor->escaped = false;
	cursor->word = cursor->quoted || !is_separator(c);
	return (unsigned char)c;
}

static int next(struct cursor *cursor)
{
	struct ims_slice *rest = &cursor->rest;
	bool blank = false;

	while (!cursor->quoted && rest->len && ims_sip_is_blank(rest->at[0])) {
		rest->at++;
		rest->len--;
		blank = true;
	}
	if (!rest->len)
		return END;
	if (blank && cursor->word && !is_separator(rest->at[0])) {
		cursor->word = false;
		return ' ';
	}
	return take(cursor);
}

/* Both past what they begin with alike, to behind a byte that is no blank. */
static void skip_common(struct cursor *x, struct cursor *y)
{
	struct ims_slice a = x->rest;
	struct ims_slice b = y->rest;
	size_t n = 0;

	while (n < a.len && n < b.len && a.at[n] == b.at[n])
		n++;
	while (n && ims_sip_is_blank(a.at[n - 1]))
		n--;
	while (x->rest.len > a.len - n)
		if (x->quoted || !ims_sip_is_blank(x->rest.at[0]))
			take(x);
		else
			x->rest = ims_sip_from(x->rest, 1);
	*y = *x;
	y->rest = ims_sip_from(b, n);
}

int ims_text_compare(struct ims_slice a, struct ims_slice b)
{
	struct cursor x = {.rest = a};
	struct cursor y = {.rest = b};
	int c;
	int d;

	if (a.len == b.len && (!a.len || memcmp(a.at, b.at, a.len) == 0))
		return 0;
	skip_common(&x, &y);
	do {
		c = next(&x);
		d = next(&y);
	} while (c == d && c != END);
	return c - d;
}

int ims_text_compare_nocase(struct ims_slice a, struct ims_slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < n; i++) {
		int c;

		if (a.at[i] == b.at[i])
			continue;
		c = (unsigned char)g_ascii_tolower(a.at[i]) -
		    (unsigned char)g_ascii_tolower(b.at[i]);
		if (c)
			return c;
	}
	return a.len < b.len ? -1 : a.len > b.len;
}

/* Of RFC 3261, 3310, 7616 and TS 24.229 7.2A: what a response is made of or
   proves, and keys. */
static const char *const secrets[] = {
	"ck",	  "ik",	   "auts", "response", "rspauth",
	"opaque", "nonce", "xres", "cnonce",   "nextnonce",
};

/* A small letter, and no other ASCII but its capital. */
static bool is_letter(char c, char letter)
{
	return (c | 0x20) == letter;
}

/* Parts of the names that others give. */
static bool begins_secret_part(struct ims_slice text)
{
	switch (text.at[0] | 0x20) {
	case 'p':
		return ims_slice_starts_nocase(text, "passw") ||
		       ims_slice_starts_nocase(text, "pwd") ||
		       ims_slice_starts_nocase(text, "private-key");
	case 's':
		return ims_slice_starts_nocase(text, "secret");
	case 't':
		return ims_slice_starts_nocase(text, "token");
	default:
		return false;
	}
}

/* Asked of every name that stands in what changed: nearly all are told from
   a secret's by a letter. */
bool ims_text_names_secret(struct ims_slice name)
{
	for (size_t i = 0; name.len && i < G_N_ELEMENTS(secrets); i++)
		if (is_letter(name.at[0], secrets[i][0]) &&
		    ims_slice_is_nocase(name, secrets[i]))
			return true;
	for (size_t i = 0; i < name.len; i++)
		if (begins_secret_part(ims_sip_from(name, i)))
			return true;
	return false;
}

static bool is_name(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
}

/*
 * "sip:alice:secret@host": a colon ahead of the "@" (RFC 3261 25.1). What goes
 * on for long without either is taken for one.
 */
static bool has_password(struct ims_slice uri)
{
	bool colon = false;

	for (size_t i = 0; i < uri.len; i++) {
		char c = uri.at[i];

		if (i == USER_MAX)
			return true;
		if (c == '@')
			return colon;
		if (c == '>' || c == '"' || ims_sip_is_blank(c))
			return false;
		colon = colon || c == ':';
	}
	return false;
}

static bool is_sip(struct ims_slice name)
{
	return ims_slice_is_nocase(name, "sip") ||
	       ims_slice_is_nocase(name, "sips");
}

/* The name ahead of what stands at `mark`, with or without blanks between. */
static struct ims_slice name_before(struct ims_slice text, const char *mark)
{
	const char *end = mark;
	const char *start;

	while (end > text.at && ims_sip_is_blank(end[-1]))
		end--;
	for (start = end; start > text.at && is_name(start[-1]); start--)
		;
	return ims_slice(start, (size_t)(end - start));
}

/* The first `mark` from `from` on, which is in or behind the text; or NULL. */
static const char *find_mark(struct ims_slice text, const char *from, char mark)
{
	return memchr(from, mark, (size_t)(text.at + text.len - from));
}

/* In time linear to the text: a name or blanks have no mark in them. */
bool ims_text_has_secret(struct ims_slice text)
{
	const char *mark;

	if (!text.len)
		return false;
	for (mark = text.at; (mark = find_mark(text, mark, '=')); mark++)
		if (ims_text_names_secret(name_before(text, mark)))
			return true;
	for (mark = text.at; (mark = find_mark(text, mark, ':')); mark++)
		if (is_sip(name_before(text, mark)) &&
		    has_password(
			    ims_sip_from(text, (size_t)(mark - text.at) + 1)))
			return true;
	return false;
}
