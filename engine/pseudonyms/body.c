// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "rewriting.h"
#include "sip.h"
#include "sip_message.h"
#include "sip_scan.h"
#include "words.h"

static size_t line_end(struct ims_chars text, size_t at)
{
	const char *end = memchr(text.at + at, '\n', text.len - at);

	return end ? (size_t)(end - text.at) + 1 : text.len;
}

/* Attributes that name nobody, but for addresses and long numbers. */
static bool is_plain_attribute(struct ims_slice line)
{
	static const char *const names[] = {
		"rtpmap:",    "fmtp:",	     "ptime:",	   "maxptime:",
		"sendrecv",   "sendonly",    "recvonly",   "inactive",
		"curr:",      "des:",	     "conf:",	   "rtcp:",
		"rtcp-fb:",   "mid:",	     "group:",	   "setup:",
		"rtcp-mux",   "extmap:",     "framerate:", "quality:",
		"candidate:", "connection:",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (ims_slice_starts_nocase(line, names[i]))
			return true;
	return false;
}

/* a=name:value; the name stays. */
static void rewrite_attribute(struct ims_pseudonyms *p, struct ims_chars line)
{
	const char *colon = memchr(line.at, ':', line.len);

	if (is_plain_attribute(ims_chars_slice(line))) {
		ims_rewrite_prose(p, line, IMS_GRAMMAR_DIGITS);
		return;
	}
	if (colon)
		ims_rewrite_value(
			p, ims_chars_from(line, (size_t)(colon + 1 - line.at)));
}

/* RFC 8866 5: a letter, "=", a value. */
void ims_rewrite_sdp(struct ims_pseudonyms *p, struct ims_chars text)
{
	size_t at = 0;

	while (at < text.len) {
		size_t end = line_end(text, at);
		struct ims_chars line = ims_chars(text.at + at, end - at);
		struct ims_chars value;

		at = end;
		if (line.len < 2 || line.at[1] != '=') {
			ims_rewrite_value(p, line);
			continue;
		}
		value = ims_chars_from(line, 2);
		if (line.at[0] == 'a')
			rewrite_attribute(p, value);
		else if (strchr("vcbtmrz", line.at[0]))
			ims_rewrite_prose(p, value, IMS_GRAMMAR_DIGITS);
		else
			ims_rewrite_value(p, value);
	}
}

static bool has_suffix(struct ims_slice type, const char *suffix)
{
	size_t n = strlen(suffix);

	return type.len >= n &&
	       ims_same_nocase(type.at + type.len - n, suffix, n);
}

/* The header of a part, then its body. */
static void rewrite_part(struct ims_pseudonyms *p, struct ims_chars part,
			 unsigned depth)
{
	struct ims_slice rest = ims_chars_slice(part), type = {0};
	struct ims_sip_field field;
	size_t header = ims_sip_header_length(rest);
	bool is_packed = false;

	if (header == 0) {
		ims_blank(part);
		return;
	}
	rest.len = header;
	while (ims_sip_field_next(&rest, &field)) {
		struct ims_slice name = field.name;

		is_packed |= name.at &&
			     (field.id == IMS_SIP_HEADER_CONTENT_ENCODING ||
			      ims_slice_is_nocase(name,
						  "Content-Transfer-Encoding"));
		if (field.id == IMS_SIP_HEADER_CONTENT_TYPE)
			type = field.value;
	}
	ims_rewrite_body(p, ims_chars_from(part, header),
			 is_packed ? (struct ims_slice){0} : type, depth);
	ims_rewrite_fields(p, ims_chars(part.at, header));
}

/* RFC 2046 5.1: a line of "--" and the boundary stands between parts. */
static void rewrite_parts(struct ims_pseudonyms *p, struct ims_chars body,
			  unsigned depth)
{
	size_t at = 0, start = 0;

	while (at < body.len) {
		size_t end = line_end(body, at);

		if (end - at >= 2 && memcmp(body.at + at, "--", 2) == 0) {
			rewrite_part(p, ims_chars(body.at + start, at - start),
				     depth);
			ims_rewrite_prose(p, ims_chars(body.at + at, end - at),
					  IMS_GRAMMAR_DIGITS);
			start = end;
		}
		at = end;
	}
	rewrite_part(p, ims_chars_from(body, start), depth);
}

static bool is_readable(struct ims_chars body, unsigned depth)
{
	return depth < IMS_BODY_DEPTH && !memchr(body.at, '\0', body.len);
}

void ims_rewrite_body(struct ims_pseudonyms *p, struct ims_chars body,
		      struct ims_slice type, unsigned depth)
{
	type.len = type.at ? ims_sip_find_unquoted(type, ';') : 0;
	type = type.at ? ims_slice_trim(type) : type;
	if (!is_readable(body, depth))
		type.len = 0;
	if (ims_slice_is_nocase(type, "application/sdp"))
		ims_rewrite_sdp(p, body);
	else if (has_suffix(type, "+xml") || has_suffix(type, "/xml"))
		ims_rewrite_xml(p, body);
	else if (ims_slice_starts_nocase(type, "multipart/"))
		rewrite_parts(p, body, depth + 1);
	else if (ims_slice_is_nocase(type, "message/sipfrag") ||
		 ims_slice_is_nocase(type, "message/sip"))
		ims_rewrite_sip(p, body, depth + 1);
	else
		ims_blank(body);
}
