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

int ims_text_compare(struct ims_slice a, struct ims_slice b)
{
	struct cursor x = {.rest = a};
	struct cursor y = {.rest = b};
	int c;
	int d;

	if (a.len == b.len && (!a.len || memcmp(a.at, b.at, a.len) == 0))
		return 0;
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
   proves, and keys. The second are parts of the names that others give. */
static const char *const secrets[] = {
	"ck",	  "ik",	   "auts", "response", "rspauth",
	"opaque", "nonce", "xres", "cnonce",   "nextnonce",
};
static const char *const secret_parts[] = {"passw", "pwd", "secret", "token",
					   "private-key"};

/* A small letter, and no other ASCII but its capital. */
static bool is_letter(char c, char letter)
{
	return (c | 0x20) == letter;
}

static bool has_secret_part(struct ims_slice name, size_t at)
{
	struct ims_slice rest = ims_sip_from(name, at);

	for (size_t i = 0; i < G_N_ELEMENTS(secret_parts); i++)
		if (is_letter(rest.at[0], secret_parts[i][0]) &&
		    ims_slice_starts_nocase(rest, secret_parts[i]))
			return true;
	return false;
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
		if (has_secret_part(name, i))
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

bool ims_text_has_secret(struct ims_slice text)
{
	size_t at = 0;

	while (at < text.len) {
		struct ims_slice name = ims_slice(text.at + at, 0);

		while (at < text.len && is_name(text.at[at]))
			at++;
		name.len = (size_t)(text.at + at - name.at);
		while (at < text.len && ims_sip_is_blank(text.at[at]))
			at++;
		if (at == text.len)
			break;
		if (text.at[at] == '=' && ims_text_names_secret(name))
			return true;
		if (text.at[at] == ':' && is_sip(name) &&
		    has_password(
			    ims_slice(text.at + at + 1, text.len - at - 1)))
			return true;
		if (!is_name(text.at[at]))
			at++;
	}
	return false;
}
