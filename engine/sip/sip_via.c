// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_via.h"

#include "sip_scan.h"

#define USUAL	  "SIP/2.0/"
#define USUAL_LEN (sizeof(USUAL) - 1)

/* Takes "SIP / 2.0 / UDP" off `rest`: blanks may stand around the slashes. */
static struct ims_slice take_transport(struct ims_slice *rest)
{
	struct ims_slice s = *rest;
	size_t len;

	for (int slashes = 0; slashes < 2; slashes++) {
		const char *slash = memchr(s.at, '/', s.len);

		if (!slash)
			return (struct ims_slice){0};
		s = ims_sip_from(s, (size_t)(slash - s.at) + 1);
	}
	s = ims_slice_trim(s);
	len = ims_sip_word_length(s);
	*rest = ims_sip_from(s, len);
	return ims_slice(s.at, len);
}

static void set_param(struct ims_sip_via *via, const struct ims_sip_param *p)
{
	uint64_t port = 0;

	if (ims_slice_is_nocase(p->name, "branch")) {
		via->branch = p->value;
	} else if (ims_slice_is_nocase(p->name, "received")) {
		via->received = p->value;
	} else if (ims_slice_is_nocase(p->name, "rport")) {
		via->has_rport = true;
		if (ims_slice_to_uint(p->value, UINT16_MAX, &port))
			via->rport = (uint16_t)port;
	}
}

/*
 * Reads "SIP/2.0/UDP host:port" up to its parameters, as nearly every one is
 * written; false, and it is to be read by its parts, where it is otherwise.
 */
static bool take_usual(struct ims_sip_via *via, struct ims_slice *text)
{
	struct ims_slice rest = *text;
	size_t len;

	if (rest.len <= USUAL_LEN + 4 || memcmp(rest.at, USUAL, USUAL_LEN) != 0)
		return false;
	rest = ims_sip_from(rest, USUAL_LEN);
	if (memcmp(rest.at, "UDP ", 4) != 0 && memcmp(rest.at, "TCP ", 4) != 0)
		return false;
	via->transport = ims_slice(rest.at, 3);
	rest = ims_sip_from(rest, 4);
	len = ims_sip_host_port_take(&via->host, &via->port, rest);
	if (len == 0 || (len < rest.len && rest.at[len] != ';'))
		return false;
	*text = ims_sip_from(rest, len);
	return true;
}

/* The same by its parts; false: it is no Via. */
static bool take_any(struct ims_sip_via *via, struct ims_slice *text)
{
	size_t end = ims_sip_find_unquoted(*text, ';');
	struct ims_slice by = ims_slice(text->at, end);

	*text = ims_sip_from(*text, end);
	via->transport = take_transport(&by);
	if (!via->transport.at)
		return false;
	ims_sip_host_port(&via->host, &via->port, by);
	return true;
}

void ims_sip_via_parse(struct ims_sip_via *via, struct ims_slice text)
{
	struct ims_sip_param param;

	*via = (struct ims_sip_via){0};
	if (!take_usual(via, &text) && !take_any(via, &text)) {
		*via = (struct ims_sip_via){0};
		return;
	}
	if (text.len > 0)
		text = ims_sip_from(text, 1);
	/* The branch is in all of them, and mostly first or alone. */
	while (text.len > 0)
		if (!ims_sip_param_take(&text, &via->branch,
					ims_slice_of("branch")) &&
		    ims_sip_param_next(&text, ';', &param))
			set_param(via, &param);
}
