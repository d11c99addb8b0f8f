// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_address.h"

#include "sip_find.h"
#include "sip_scan.h"

#define USUAL	  "sip:"
#define USUAL_LEN (sizeof(USUAL) - 1)

/* Where `s` has a `c`: takes off `s` what is from there on, and gives it. */
static struct ims_slice split_off(struct ims_slice *s, char c)
{
	size_t at = ims_sip_find_char(*s, c);
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
	const struct ims_sip_stops ends = {{',', ',', ',', '?', ';'}, false};
	size_t at = ims_sip_find(*rest, 0, ends);
	struct ims_slice params = {0};

	if (at < rest->len && rest->at[at] == ';') {
		params = ims_sip_from(*rest, at + 1);
		params.len =
			ims_sip_find(params, 0,
				     (struct ims_sip_stops){
					     {',', ',', ',', ',', '?'}, false});
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
 * Reads "sip:user@host:port;params" at one look, which nearly every URI is.
 * False, and the rest is to be read by its parts, where it is another.
 */
static bool parse_usual(struct ims_sip_address *address, struct ims_slice uri)
{
	struct ims_slice rest = ims_sip_from(uri, USUAL_LEN);
	struct ims_slice user = {0};
	struct ims_slice host;
	uint16_t port;
	size_t at = ims_sip_find_char(rest, '@');

	if (at < rest.len) {
		user = ims_slice(rest.at, at);
		rest = ims_sip_from(rest, at + 1);
	}
	at = ims_sip_host_port_take(&host, &port, rest);
	if (at == 0 || (at < rest.len && rest.at[at] != ';'))
		return false;
	address->scheme = ims_slice(uri.at, USUAL_LEN - 1);
	address->user = user;
	address->host = host;
	address->port = port;
	rest = ims_sip_from(rest, at);
	address->uri_params = take_params(&rest);
	return true;
}

static void parse_uri(struct ims_sip_address *address, struct ims_slice uri)
{
	size_t colon;

	address->uri = uri;
	if (uri.len > USUAL_LEN && memcmp(uri.at, USUAL, USUAL_LEN) == 0 &&
	    parse_usual(address, uri))
		return;
	colon = ims_sip_find_char(uri, ':');
	if (colon == uri.len)
		return;
	address->scheme = ims_slice_trim(ims_slice(uri.at, colon));
	parse_parts(address, ims_sip_from(uri, colon + 1));
}

void ims_sip_uri_parse(struct ims_sip_address *address, struct ims_slice uri)
{
	*address = (struct ims_sip_address){0};
	address->text = ims_slice_trim(uri);
	parse_uri(address, address->text);
}

void ims_sip_address_parse(struct ims_sip_address *address,
			   struct ims_slice text)
{
	struct ims_slice rest;
	size_t open;

	*address = (struct ims_sip_address){0};
	address->text = ims_slice_trim(text);
	rest = address->text;
	open = ims_sip_find_unquoted(rest, '<');
	if (open == rest.len) {
		/* Without brackets all parameters are the field's (20.10). */
		address->params = split_off(&rest, ';');
		parse_uri(address, ims_slice_trim(rest));
		return;
	}
	if (open > 0)
		address->display = ims_sip_unquote(ims_slice(rest.at, open));
	rest = ims_sip_from(rest, open);
	parse_uri(address, ims_sip_brackets_take(&rest));
	address->params = split_off(&rest, ';');
}
