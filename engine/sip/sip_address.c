// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_address.h"

#include "sip_find.h"
#include "sip_scan.h"

#define USUAL	  "sip:"
#define USUAL_LEN (sizeof(USUAL) - 1)

static bool begins_with(struct ims_slice s, char c)
{
	return s.len > 0 && s.at[0] == c;
}

/* Where `s` has a `c`: takes off `s` what is from there on, and gives it. */
static struct ims_slice split_off(struct ims_slice *s, char c)
{
	size_t at = begins_with(*s, c) ? 0 : ims_sip_find_char(*s, c);
	struct ims_slice behind = {0};

	if (at < s->len) {
		behind = ims_sip_from(*s, at + 1);
		s->len = at;
	}
	return behind;
}

/*
 * Takes off `rest` all behind the host or number; its parameters are returned.
 * A comma is of no legal URI: another begins.
 */
static struct ims_slice take_params(struct ims_slice *rest)
{
	const struct ims_sip_stops ends = {{',', ',', ',', '?', ';'},
					   IMS_SIP_ONLY};
	size_t at = ims_sip_find(*rest, 0, ends);
	struct ims_slice params = {0};

	if (at < rest->len && rest->at[at] == ';') {
		params = ims_sip_from(*rest, at + 1);
		params.len = ims_sip_find(
			params, 0,
			(struct ims_sip_stops){{',', ',', ',', ',', '?'},
					       IMS_SIP_ONLY});
	}
	rest->len = at;
	return params;
}

/* Of a URI the parts behind its scheme (RFC 3261 19.1.1, RFC 3966 3). */
static void parse_parts(struct ims_sip_address *address, struct ims_slice rest)
{
	bool is_sip = ims_slice_is_nocase(address->scheme, "sip") ||
		      ims_slice_is_nocase(address->scheme, "sips");
	size_t at = is_sip ? ims_sip_find_char(rest, '@') : rest.len;

	/* A user may hold ";" and "?", so "@" is looked for first. */
	if (at < rest.len) {
		address->user = ims_slice(rest.at, at);
		rest = ims_sip_from(rest, at + 1);
	}
	address->uri_params = take_params(&rest);
	if (is_sip)
		ims_sip_host_port(&address->host, &address->port, rest);
	else if (ims_slice_is_nocase(address->scheme, "tel"))
		address->user = ims_slice_trim(rest);
}

/*
 * Reads "sip:user@host:port;params" at one look, which nearly every URI is: to
 * the end, or in brackets to the ">". Returns how long it is; 0, and nothing is
 * kept of it, where it may be another.
 */
static size_t take_usual(struct ims_sip_address *address, struct ims_slice text,
			 bool in_brackets)
{
	const struct ims_sip_stops user_ends = {{'@', '@', '@', '<', '>'},
						IMS_SIP_ONLY};
	const struct ims_sip_stops ends = {{',', '?', '?', '<', '>'},
					   IMS_SIP_ONLY};
	size_t start = USUAL_LEN;
	struct ims_slice params = {0};
	struct ims_slice user = {0};
	struct ims_slice host;
	uint16_t port;
	size_t at, end;

	if (text.len <= USUAL_LEN || memcmp(text.at, USUAL, USUAL_LEN) != 0)
		return 0;
	at = ims_sip_find(text, USUAL_LEN, user_ends);
	if (at < text.len && text.at[at] == '@') {
		user = ims_slice(text.at + start, at - start);
		start = at + 1;
	}
	end = ims_sip_host_port_take(&host, &port, ims_sip_from(text, start));
	if (end == 0)
		return 0;
	end += start;
	if (end < text.len && text.at[end] == ';') {
		params.at = text.at + end + 1;
		end = ims_sip_find(text, end + 1, ends);
		params.len = (size_t)(text.at + end - params.at);
	}
	if (end < text.len && (!in_brackets || text.at[end] != '>' ||
			       ims_is_blank(text.at[end - 1])))
		return 0;
	address->uri = ims_slice(text.at, end);
	address->scheme = ims_slice(text.at, USUAL_LEN - 1);
	address->user = user;
	address->host = host;
	address->port = port;
	address->uri_params = params;
	return end;
}

/* The parts of a URI of any form. */
static void parse_any(struct ims_sip_address *address, struct ims_slice uri)
{
	size_t colon = ims_sip_find_char(uri, ':');

	address->uri = uri;
	address->scheme = address->user = address->host = address->uri_params =
		(struct ims_slice){0};
	address->port = 0;
	if (colon == uri.len)
		return;
	address->scheme = ims_slice_trim(ims_slice(uri.at, colon));
	parse_parts(address, ims_sip_from(uri, colon + 1));
}

/* Sets all parts of the URI, each once. */
static void parse_bare(struct ims_sip_address *address, struct ims_slice uri)
{
	if (take_usual(address, uri, false) == 0)
		parse_any(address, uri);
}

/* Likewise of "<...>", which is taken off `rest`. */
static void take_bracketed(struct ims_sip_address *address,
			   struct ims_slice *rest)
{
	size_t len = take_usual(address, ims_sip_from(*rest, 1), true);

	if (len == 0)
		parse_any(address, ims_sip_brackets_take(rest));
	else
		*rest = ims_sip_from(*rest,
				     len + 1 < rest->len ? len + 2 : len + 1);
}

void ims_sip_uri_parse(struct ims_sip_address *address, struct ims_slice uri)
{
	address->text = ims_slice_trim(uri);
	address->display = address->params = (struct ims_slice){0};
	parse_bare(address, address->text);
}

void ims_sip_address_parse(struct ims_sip_address *address,
			   struct ims_slice text)
{
	struct ims_slice rest;
	size_t open;

	address->text = ims_slice_trim(text);
	address->display = (struct ims_slice){0};
	rest = address->text;
	open = begins_with(rest, '<') ? 0 : ims_sip_find_unquoted(rest, '<');
	if (open == rest.len) {
		/* Without brackets all parameters are the field's (20.10). */
		address->params = split_off(&rest, ';');
		parse_bare(address, ims_slice_trim(rest));
		return;
	}
	if (open > 0)
		address->display = ims_sip_unquote(ims_slice(rest.at, open));
	rest = ims_sip_from(rest, open);
	take_bracketed(address, &rest);
	address->params = split_off(&rest, ';');
}
