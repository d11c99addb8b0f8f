// SPDX-License-Identifier: GPL-2.0-or-later
#include "change_text.h"

#include <glib.h>

#include "sip_find.h"
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

/* How long what they begin with alike is. */
static size_t common_length(struct ims_slice a, struct ims_slice b)
{
	size_t most = MIN(a.len, b.len);
	size_t n = 0;

	while (n + 8 <= most && memcmp(a.at + n, b.at + n, 8) == 0)
		n += 8;
	while (n < most && a.at[n] == b.at[n])
		n++;
	return n;
}

/* As if all of `text` had been taken, which ends with no blank. */
static void pass(struct cursor *cursor, struct ims_slice text)
{
	const struct ims_sip_stops stops = {{'"', '"', '"', '"', '\\'},
					    IMS_SIP_ONLY};
	size_t i = 0;

	while ((i = ims_sip_find(text, i, stops)) < text.len) {
		if (text.at[i] == '"')
			cursor->quoted = !cursor->quoted;
		else if (cursor->quoted && ++i == text.len)
			cursor->escaped = true;
		i++;
	}
	cursor->word = text.len &&
		       (cursor->quoted || !is_separator(text.at[text.len - 1]));
}

/* Both past what they begin with alike, to behind a byte that is no blank. */
static void skip_common(struct cursor *x, struct cursor *y)
{
	struct ims_slice common = x->rest;

	common.len = common_length(x->rest, y->rest);
	while (common.len && ims_sip_is_blank(common.at[common.len - 1]))
		common.len--;
	pass(x, common);
	x->rest = ims_sip_from(x->rest, common.len);
	*y = (struct cursor){ims_sip_from(y->rest, common.len), x->quoted,
			     x->escaped, x->word};
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

#define WORD(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}

/* Of RFC 3261, 3310, 7616 and TS 24.229 7.2A: what a response is made of or
   proves, and keys. */
static const struct ims_slice secrets[] = {
	WORD("ck"),	 WORD("ik"),	    WORD("auts"),  WORD("response"),
	WORD("rspauth"), WORD("opaque"),    WORD("nonce"), WORD("xres"),
	WORD("cnonce"),	 WORD("nextnonce"),
};

/* Parts of the names that others give. */
static const struct ims_slice secret_parts[] = {
	WORD("passw"),	WORD("pwd"),   WORD("private-key"),
	WORD("secret"), WORD("token"),
};

#define LETTER(c) (UINT32_C(1) << ((c) - 'a'))
#define FIRST_OF_SECRETS                                                       \
	(LETTER('a') | LETTER('c') | LETTER('i') | LETTER('n') | LETTER('o') | \
	 LETTER('r') | LETTER('x'))
#define FIRST_OF_PARTS (LETTER('p') | LETTER('s') | LETTER('t'))

/* One of these letters, or their capitals. */
static bool is_letter(char c, uint32_t letters)
{
	unsigned char n = (unsigned char)((c | 0x20) - 'a');

	return n < 26 && (letters >> n & 1);
}

static bool is_secret(struct ims_slice name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++)
		if (ims_slice_equal_nocase(name, secrets[i]))
			return true;
	return false;
}

static bool begins_with(struct ims_slice text, struct ims_slice part)
{
	return text.len >= part.len && (text.at[0] | 0x20) == part.at[0] &&
	       (text.at[1] | 0x20) == part.at[1] &&
	       ims_same_nocase(text.at, part.at, part.len);
}

static bool begins_secret_part(struct ims_slice text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(secret_parts); i++)
		if (begins_with(text, secret_parts[i]))
			return true;
	return false;
}

/* Asked of every name that stands in what changed: nearly all are told from
   a secret's by a letter. */
bool ims_text_names_secret(struct ims_slice name)
{
	if (name.len && is_letter(name.at[0], FIRST_OF_SECRETS) &&
	    is_secret(name))
		return true;
	for (size_t i = 0; i < name.len; i++)
		if (is_letter(name.at[i], FIRST_OF_PARTS) &&
		    begins_secret_part(ims_sip_from(name, i)))
			return true;
	return false;
}

static bool is_name(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || g_ascii_isdigit(c) ||
	       c == '-' || c == '_' || c == '.';
}

/*
 * "sip:alice:secret@host": a colon ahead of the "@" (RFC 3261 25.1). What goes
 * on for long without either is taken for one.
 */
static bool has_password(struct ims_slice uri)
{
	const struct ims_sip_stops stops = {{'@', '@', '>', '"', ':'},
					    IMS_SIP_BLANKS};
	struct ims_slice user = ims_slice(uri.at, MIN(uri.len, USER_MAX));
	size_t i = ims_sip_find(user, 0, stops);
	bool colon = false;

	while (i < user.len && user.at[i] == ':') {
		colon = true;
		i = ims_sip_find(user, i + 1, stops);
	}
	return i < user.len ? colon && user.at[i] == '@' : uri.len > USER_MAX;
}

static bool is_sip(struct ims_slice name)
{
	return ims_slice_is_nocase(name, "sip") ||
	       ims_slice_is_nocase(name, "sips");
}

/* The name ahead of what stands at `mark`, with or without blanks between. */
static struct ims_slice name_before(struct ims_slice text, size_t mark)
{
	size_t end = mark;
	size_t start;

	while (end && ims_sip_is_blank(text.at[end - 1]))
		end--;
	for (start = end; start && is_name(text.at[start - 1]); start--)
		;
	return ims_slice(text.at + start, end - start);
}

static bool has_secret_parameter(struct ims_slice text)
{
	const struct ims_sip_stops mark = {{'=', '=', '=', '=', '='},
					   IMS_SIP_ONLY};

	for (size_t i = 0; (i = ims_sip_find(text, i, mark)) < text.len; i++)
		if (ims_text_names_secret(name_before(text, i)))
			return true;
	return false;
}

static bool has_secret_uri(struct ims_slice text)
{
	const struct ims_sip_stops mark = {{':', ':', ':', ':', ':'},
					   IMS_SIP_ONLY};

	/* What has no "@", nor is long, has no password. */
	if (text.len <= USER_MAX && ims_sip_find_char(text, '@') == text.len)
		return false;
	for (size_t i = 0; (i = ims_sip_find(text, i, mark)) < text.len; i++)
		if (is_sip(name_before(text, i)) &&
		    has_password(ims_sip_from(text, i + 1)))
			return true;
	return false;
}

/* In time linear to the text: a name or blanks have no mark in them. */
bool ims_text_has_secret(struct ims_slice text)
{
	return has_secret_parameter(text) || has_secret_uri(text);
}
