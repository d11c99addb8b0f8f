// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * XML: user profiles (TS 29.228 annex E), registration information (RFC 3680)
 * and other. Its form stays; which values are of the protocol is known by the
 * elements and attributes that hold them.
 */
#include <string.h>

#include "rewriting.h"
#include "sip.h"

/* A markup's end is looked for so far. */
#define MARKUP_MAX (64u * 1024u)

static bool is_one_of(struct ims_slice name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ims_slice_is_nocase(name, names[i]))
			return true;
	return false;
}

/* Behind the prefix of its namespace. */
static struct ims_slice local_name(struct ims_slice name)
{
	const char *colon = memchr(name.at, ':', name.len);

	return colon ? ims_slice(colon + 1,
				 name.len - (size_t)(colon + 1 - name.at))
		     : name;
}

static bool is_plain_element(struct ims_slice name)
{
	static const char *const names[] = {
		"Priority",
		"Group",
		"ConditionNegated",
		"ConditionTypeCNF",
		"SessionCase",
		"DefaultHandling",
		"BarringIndication",
		"ProfilePartIndicator",
		"Method",
		"RegistrationType",
		"IdentityType",
		"Header",
		"Line",
		"IncludeRegisterRequest",
		"IncludeRegisterResponse",
		"SharedIFCSetID",
		"SubscribedMediaProfileId",
		"ServiceLevel",
		"basic",
		"status",
		"type",
		"alternative-service",
		"action",
		"reason",
		"IMSI-Registration-Status",
		"MaxSimultaneousSessions",
	};

	return is_one_of(local_name(name), names, G_N_ELEMENTS(names));
}

static bool is_plain_attribute(struct ims_slice name)
{
	static const char *const names[] = {
		"version",
		"encoding",
		"standalone",
		"state",
		"event",
		"expires",
		"duration-registered",
		"q",
		"retry-after",
		"cseq",
		"lang",
		"schemaLocation",
		"noNamespaceSchemaLocation",
		"nil",
	};

	return ims_slice_starts_nocase(name, "xmlns") ||
	       is_one_of(local_name(name), names, G_N_ELEMENTS(names));
}

/* "&quot;" and the like are no text; "&#49;" might be all of one. */
static void rewrite_stretch(struct ims_pseudonyms *p, struct ims_chars text,
			    bool is_plain)
{
	if (is_plain)
		ims_rewrite_prose(p, text, IMS_GRAMMAR_DIGITS);
	else
		ims_rewrite_value(p, text);
}

static void rewrite_content(struct ims_pseudonyms *p, struct ims_chars text,
			    bool is_plain)
{
	size_t at = 0, start = 0;

	while (at < text.len) {
		const char *end;

		if (text.at[at] != '&') {
			at++;
			continue;
		}
		end = memchr(text.at + at, ';', MIN(text.len - at, 12));
		if (!end) {
			at++;
			continue;
		}
		rewrite_stretch(p, ims_chars(text.at + start, at - start),
				is_plain);
		start = (size_t)(end + 1 - text.at);
		/* A character by its number becomes a blank. */
		if (text.at[at + 1] == '#')
			memset(text.at + at, ' ', start - at);
		at = start;
	}
	rewrite_stretch(p, ims_chars_from(text, start), is_plain);
}

static bool ends_name(char c)
{
	return c == '=' || c == '/' || c == '>' || c == '?' || ims_is_blank(c);
}

static size_t name_end(struct ims_chars text, size_t at)
{
	while (at < text.len && !ends_name(text.at[at]))
		at++;
	return at;
}

/* The attributes of a tag; names stay, but for long numbers. */
static void rewrite_attributes(struct ims_pseudonyms *p, struct ims_chars tag,
			       size_t at)
{
	while (at < tag.len) {
		size_t end = name_end(tag, at), start;
		struct ims_slice name = ims_slice(tag.at + at, end - at);
		const char *close;

		ims_rewrite_prose(p, ims_chars(tag.at + at, end - at),
				  IMS_GRAMMAR_DIGITS);
		at = MAX(end, at + 1);
		while (end < tag.len && ims_is_blank(tag.at[end]))
			end++;
		if (end == tag.len || tag.at[end] != '=')
			continue;
		start = end + 1;
		while (start < tag.len && ims_is_blank(tag.at[start]))
			start++;
		at = start;
		if (start == tag.len ||
		    (tag.at[start] != '"' && tag.at[start] != '\''))
			continue;
		close = memchr(tag.at + start + 1, tag.at[start],
			       tag.len - start - 1);
		end = close ? (size_t)(close - tag.at) : tag.len;
		rewrite_content(p,
				ims_chars(tag.at + start + 1, end - start - 1),
				is_plain_attribute(name));
		at = MIN(end + 1, tag.len);
	}
}

/* Where the markup at `at`, a "<", ends; quotes may hold a ">". */
static size_t markup_end(struct ims_chars text, size_t at)
{
	char quote = 0;

	for (size_t i = at; i < text.len && i - at < MARKUP_MAX; i++) {
		char c = text.at[i];

		if (quote && c == quote)
			quote = 0;
		else if (quote)
			continue;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return i + 1;
	}
	return text.len;
}

static bool starts(struct ims_chars text, const char *prefix)
{
	return ims_slice_starts_nocase(ims_chars_slice(text), prefix);
}

/* Up to `mark`, which it holds, or the end. */
static size_t end_by(struct ims_chars text, size_t at, const char *mark)
{
	const char *found =
		memmem(text.at + at, text.len - at, mark, strlen(mark));

	return found ? (size_t)(found - text.at) + strlen(mark) : text.len;
}

/* A comment, CDATA, a declaration; returns where it ends, 0 for a tag. */
static size_t rewrite_special(struct ims_pseudonyms *p, struct ims_chars text,
			      size_t at)
{
	struct ims_chars rest = ims_chars_from(text, at);
	size_t end, front;

	if (starts(rest, "<!--")) {
		end = end_by(text, at, "-->");
		front = 4;
	} else if (starts(rest, "<![CDATA[")) {
		end = end_by(text, at, "]]>");
		front = 9;
	} else if (starts(rest, "<!")) {
		end = markup_end(text, at);
		front = 2;
		while (front < end - at && !ims_is_blank(rest.at[front]))
			front++;
	} else {
		return 0;
	}
	front = MIN(front, end - at);
	ims_rewrite_value(p, ims_chars(text.at + at + front, end - at - front));
	return end;
}

void ims_rewrite_xml(struct ims_pseudonyms *p, struct ims_chars text)
{
	bool is_plain = false;
	size_t at = 0;

	while (at < text.len) {
		const char *open = memchr(text.at + at, '<', text.len - at);
		size_t end = open ? (size_t)(open - text.at) : text.len;
		struct ims_chars tag;
		size_t name;

		rewrite_content(p, ims_chars(text.at + at, end - at), is_plain);
		at = end;
		if (at == text.len)
			return;
		end = rewrite_special(p, text, at);
		if (end) {
			at = end;
			continue;
		}
		end = markup_end(text, at);
		tag = ims_chars(text.at + at, end - at);
		name = name_end(tag, 1);
		is_plain = is_plain_element(ims_slice(tag.at + 1, name - 1));
		rewrite_attributes(p, tag, name);
		at = end;
	}
}
