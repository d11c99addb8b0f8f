// SPDX-License-Identifier: GPL-2.0-or-later
#include "rewriting.h"

#include <string.h>

#include "addresses.h"
#include "names.h"
#include "params.h"
#include "words.h"

static struct ims_chars part(struct ims_chars text, size_t start, size_t end)
{
	return ims_chars(text.at + start, end - start);
}

/* A NUL is none of them, though strchr finds it. */
static bool is_one_of(char c, const char *any)
{
	return c && strchr(any, c);
}

static size_t find(struct ims_chars text, size_t start, const char *any)
{
	while (start < text.len && !is_one_of(text.at[start], any))
		start++;
	return start;
}

/*
 * Each address that stands in the text, and of the other words those that are
 * not kept in any of the places.
 */
static void rewrite_words(struct ims_pseudonyms *p, struct ims_chars text,
			  unsigned places)
{
	size_t at = 0;

	while (at < text.len) {
		size_t n = ims_address_length(text, at);
		size_t end = n ? at + n : ims_word_end(text, at);

		if (n)
			ims_address_text(p, part(text, at, end));
		else if (end > at &&
			 !ims_word_is_kept(ims_slice(text.at + at, end - at),
					   places))
			ims_word_replace(p, part(text, at, end));
		at = end > at ? end : at + ims_unit_at(text, at).len;
	}
}

static bool is_separator(char c)
{
	return is_one_of(c, "-.()+ ");
}

/* A telephone number with its visual separators (RFC 3966 5.1.1). */
static bool is_number(struct ims_chars text)
{
	bool has_digit = false;

	for (size_t i = 0; i < text.len; i++) {
		if (g_ascii_isdigit(text.at[i]))
			has_digit = true;
		else if (!is_separator(text.at[i]))
			return false;
	}
	return has_digit;
}

/* Parameters from `at` on, each behind a ";" or what else is at hand. */
static void rewrite_param_list(struct ims_pseudonyms *p, struct ims_chars text,
			       size_t at, char separator)
{
	while (at < text.len) {
		size_t end = ims_rewrite_param(p, text, at, separator);

		at = end > at ? end : at + 1;
		if (at < text.len && text.at[at] == separator)
			at++;
	}
}

static void rewrite_number_or_user(struct ims_pseudonyms *p,
				   struct ims_chars text)
{
	if (is_number(text)) {
		ims_word_replace(p, text);
		return;
	}
	ims_name_learn(p, text);
	rewrite_words(p, text, IMS_WORD_USER);
}

void ims_rewrite_number(struct ims_pseudonyms *p, struct ims_chars text)
{
	size_t end = find(text, 0, ";?");

	rewrite_number_or_user(p, part(text, 0, end));
	rewrite_param_list(p, text, end + 1, ';');
}

void ims_rewrite_user(struct ims_pseudonyms *p, struct ims_chars text)
{
	size_t end = find(text, 0, ";");

	rewrite_number_or_user(p, part(text, 0, end));
	/* As of a tel URI (RFC 3261 19.1.6). */
	rewrite_param_list(p, text, end + 1, ';');
}

/* The address that takes up the front of a host, brackets among it. */
static size_t address_of_host(struct ims_chars text, struct ims_chars *address)
{
	size_t start = text.len && text.at[0] == '[';
	size_t n = text.len > start ? ims_address_length(text, start) : 0;

	*address = part(text, start, start + n);
	if (n && start && start + n < text.len && text.at[start + n] == ']')
		return start + n + 1;
	return n;
}

static bool is_port(struct ims_chars text)
{
	if (text.len < 2 || text.len > 6 || text.at[0] != ':')
		return false;
	for (size_t i = 1; i < text.len; i++)
		if (!g_ascii_isdigit(text.at[i]))
			return false;
	return true;
}

void ims_rewrite_host(struct ims_pseudonyms *p, struct ims_chars text)
{
	struct ims_chars address;
	size_t end = address_of_host(text, &address);

	if (end) {
		ims_address_text(p, address);
	} else {
		end = find(text, 0, ":");
		rewrite_words(p, part(text, 0, end), IMS_WORD_HOST);
	}
	if (!is_port(ims_chars_from(text, end)))
		rewrite_words(p, ims_chars_from(text, end), IMS_WORD_HOST);
}

/* The length of a URI's scheme, without its colon; 0: none that is known. */
static size_t scheme_length(struct ims_chars text)
{
	static const char *const schemes[] = {
		"sip",	 "sips",   "tel", "urn",  "aaa",   "aaas", "http",
		"https", "mailto", "im",  "pres", "cid",   "geo",  "data",
		"xmpp",	 "file",   "ftp", "msrp", "msrps", "fax",  "modem",
	};
	size_t colon = 0;

	while (colon < text.len && g_ascii_isalpha(text.at[colon]))
		colon++;
	if (colon == text.len || text.at[colon] != ':')
		return 0;
	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
		if (ims_slice_is_nocase(ims_slice(text.at, colon), schemes[i]))
			return colon;
	return 0;
}

bool ims_has_scheme(struct ims_chars text)
{
	return scheme_length(text) > 0;
}

static size_t last_at(struct ims_chars text)
{
	size_t at = text.len;

	while (at > 0 && text.at[at - 1] != '@')
		at--;
	return at;
}

/* Where the host ends, and its port. */
static size_t host_end(struct ims_chars text, size_t start)
{
	return find(text, start, ";?/ \t\r\n>");
}

/* user:password@host:port;params?headers, or without user. */
static void rewrite_user_host(struct ims_pseudonyms *p, struct ims_chars text)
{
	size_t host = last_at(text), params, headers;

	if (host)
		ims_rewrite_user(p, part(text, 0, host - 1));
	params = host_end(text, host);
	ims_rewrite_host(p, part(text, host, params));
	headers = find(text, params, "?");
	if (params < headers && text.at[params] == ';')
		rewrite_param_list(p, part(text, 0, headers), params + 1, ';');
	else
		rewrite_words(p, part(text, params, headers), 0);
	rewrite_param_list(p, text, headers + 1, '&');
}

static bool starts(struct ims_chars text, const char *prefix)
{
	return ims_slice_starts_nocase(ims_chars_slice(text), prefix);
}

/* RFC 8141; TS 23.003 13.8 and RFC 7254 for the IMEI. */
static void rewrite_urn(struct ims_pseudonyms *p, struct ims_chars text)
{
	if (starts(text, "service:") || starts(text, "urn-7:") ||
	    starts(text, "urn-xxx:"))
		ims_rewrite_prose(p, text, IMS_GRAMMAR_DIGITS);
	else if (starts(text, "gsma:imei:"))
		ims_rewrite_number(p, ims_chars_from(text, 10));
	else
		ims_rewrite_user(
			p, ims_chars_from(text, starts(text, "uuid:") ? 5 : 0));
}

/* //host/path */
static void rewrite_locator(struct ims_pseudonyms *p, struct ims_chars text)
{
	size_t start = starts(text, "//") ? 2 : 0;
	size_t end = host_end(text, start);

	rewrite_user_host(p, part(text, start, end));
	if (end < text.len && text.at[end] == ';')
		rewrite_param_list(p, text, end + 1, ';');
	else
		rewrite_words(p, ims_chars_from(text, end), IMS_WORD_VALUE);
}

void ims_rewrite_uri(struct ims_pseudonyms *p, struct ims_chars text)
{
	size_t scheme = scheme_length(text);
	struct ims_chars rest;

	if (!scheme) {
		if (is_number(text) && text.at[0] == '+')
			ims_word_replace(p, text);
		else
			rewrite_user_host(p, text);
		return;
	}
	rest = ims_chars_from(text, scheme + 1);
	if (starts(text, "tel:") || starts(text, "fax:") ||
	    starts(text, "modem:"))
		ims_rewrite_number(p, rest);
	else if (starts(text, "urn:"))
		rewrite_urn(p, rest);
	else if (starts(rest, "//"))
		rewrite_locator(p, rest);
	else if (starts(text, "data:") || starts(text, "geo:"))
		rewrite_words(p, rest, 0);
	else
		rewrite_user_host(p, rest);
}

/* A name with a dot in it, whose last label is letters, or an address. */
static bool looks_like_host(struct ims_chars text)
{
	size_t colon = find(text, 0, ":"), dot = colon;
	struct ims_chars address;
	size_t end = address_of_host(text, &address);

	if (end)
		return end == text.len || is_port(ims_chars_from(text, end));
	for (size_t i = 0; i < colon; i++)
		if (!g_ascii_isalnum(text.at[i]) &&
		    !is_one_of(text.at[i], ".-_"))
			return false;
	while (dot > 0 && g_ascii_isalpha(text.at[dot - 1]))
		dot--;
	return colon - dot >= 2 && dot >= 2 && text.at[dot - 1] == '.';
}

/* What stands between blanks and the like. */
static void rewrite_piece(struct ims_pseudonyms *p, struct ims_chars text)
{
	if (ims_has_scheme(text) || last_at(text))
		ims_rewrite_uri(p, text);
	else if (looks_like_host(text))
		ims_rewrite_host(p, text);
	else if (is_number(text) && text.at[0] == '+')
		ims_word_replace(p, text);
	else if (!starts(text, "SIP/2.0/"))
		rewrite_words(p, text, IMS_WORD_VALUE | IMS_WORD_HOST);
}

/* A quoted string, without its quotes: a URI, or words. */
static void rewrite_quoted(struct ims_pseudonyms *p, struct ims_chars text)
{
	size_t at = 0;

	/* "<urn:uuid:...>" */
	if (text.len && text.at[0] == '<') {
		ims_rewrite_value(p, text);
		return;
	}
	while (at < text.len) {
		size_t end = find(text, at, " \t\r\n,\"");

		rewrite_piece(p, part(text, at, end));
		at = end + 1;
	}
}

/* The end of the URI at `start`: a comma belongs to it, unless another URI
   follows, as Kamailio has written it. */
static size_t uri_end(struct ims_chars text, size_t start)
{
	size_t end = find(text, start, ",");

	while (end < text.len) {
		size_t next = end + 1;

		while (next < text.len && ims_is_blank(text.at[next]))
			next++;
		if (ims_has_scheme(ims_chars_from(text, next)))
			return end;
		end = find(text, end + 1, ",");
	}
	return text.len;
}

static size_t rewrite_brackets(struct ims_pseudonyms *p, struct ims_chars text,
			       size_t start)
{
	struct ims_chars inner = part(text, start + 1, find(text, start, ">"));
	size_t at = 0;

	while (at < inner.len) {
		size_t end = uri_end(inner, at);

		ims_rewrite_uri(p, part(inner, at, end));
		at = end + 1;
		while (at < inner.len && ims_is_blank(inner.at[at]))
			at++;
	}
	return start + 1 + inner.len;
}

void ims_rewrite_value(struct ims_pseudonyms *p, struct ims_chars text)
{
	size_t at = 0, end;

	while (at < text.len) {
		switch (text.at[at]) {
		case '"':
			end = ims_quoted_end(text, at++);
			rewrite_quoted(p, part(text, at, MAX(at, end - 1)));
			/* One that is never closed ends here too. */
			if (end == text.len && text.at[end - 1] != '"')
				rewrite_words(p, part(text, end - 1, end), 0);
			at = end;
			break;
		case '<':
			at = rewrite_brackets(p, text, at);
			break;
		case ';':
			at = ims_rewrite_param(p, text, at + 1, ';');
			break;
		default:
			end = find(text, at, "\"<>;, \t\r\n");
			rewrite_piece(p, part(text, at, end));
			at = end > at ? end : at + 1;
			break;
		}
	}
}

/* Words up to the first parameter are kept. */
void ims_rewrite_params(struct ims_pseudonyms *p, struct ims_chars text)
{
	size_t at = 0;

	while (at < text.len) {
		size_t end;

		if (text.at[at] == ';') {
			at = ims_rewrite_param(p, text, at + 1, ';');
			continue;
		}
		end = find(text, at, ";");
		ims_rewrite_prose(p, part(text, at, end), IMS_GRAMMAR_DIGITS);
		at = end;
	}
}

static size_t longest_digits(struct ims_chars text)
{
	size_t longest = 0, n = 0;

	for (size_t i = 0; i < text.len; i++) {
		n = g_ascii_isdigit(text.at[i]) ? n + 1 : 0;
		longest = MAX(longest, n);
	}
	return longest;
}

/* So long a number in hex is somebody's: of a card, of a device. */
static bool is_hex_number(struct ims_chars text, size_t digits)
{
	for (size_t i = 0; i < text.len; i++)
		if (!g_ascii_isxdigit(text.at[i]))
			return false;
	return text.len >= digits + 5 && longest_digits(text) > 0;
}

static void rewrite_prose_words(struct ims_pseudonyms *p, struct ims_chars text,
				size_t digits)
{
	size_t at = 0;

	while (at < text.len) {
		size_t n = ims_address_length(text, at);
		size_t end = n ? at + n : ims_word_end(text, at);
		struct ims_chars word = part(text, at, end);

		if (n)
			ims_address_text(p, word);
		else if (longest_digits(word) >= digits ||
			 is_hex_number(word, digits) ||
			 (digits == IMS_PROSE_DIGITS &&
			  ims_name_is_known(p, word)))
			ims_word_replace(p, word);
		at = end > at ? end : at + 1;
	}
}

static void rewrite_prose_piece(struct ims_pseudonyms *p, struct ims_chars text,
				size_t digits)
{
	/* What ends a sentence is no part of a name. */
	while (text.len && is_one_of(text.at[text.len - 1], ".:!?"))
		text.len--;
	if (!starts(text, "urn:service:") && !starts(text, "urn:urn-") &&
	    !starts(text, "SIP/") &&
	    (ims_has_scheme(text) || last_at(text) || looks_like_host(text)))
		rewrite_piece(p, text);
	else if (is_number(text) && longest_digits(text) < digits &&
		 text.at[0] == '+')
		ims_word_replace(p, text);
	else
		rewrite_prose_words(p, text, digits);
}

void ims_rewrite_prose(struct ims_pseudonyms *p, struct ims_chars text,
		       size_t digits)
{
	static const char between[] = " \t\r\n\"'<>(),;=|";
	size_t at = 0;

	while (at < text.len) {
		size_t end = find(text, at, between);

		rewrite_prose_piece(p, part(text, at, end), digits);
		at = end > at ? end : at + 1;
	}
}

void ims_blank(struct ims_chars text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (g_ascii_isdigit(c))
			text.at[i] = '0';
		else if (g_ascii_isalpha(c))
			text.at[i] = 'x';
		else if ((unsigned char)c >= 0x7f ||
			 ((unsigned char)c < ' ' && c != '\r' && c != '\n' &&
			  c != '\t'))
			text.at[i] = '.';
	}
}
