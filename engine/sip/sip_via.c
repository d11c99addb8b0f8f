// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_via.h"

#include "sip_scan.h"

#define USUAL	  "SIP/2.0/"
#define USUAL_LEN (sizeof(USUAL) - 1)

/* Takes "SIP / 2.0 / UDP" off `rest`: blanks may stand around the slashes. */
static struct ims_slice take_transport(struct ims_slice *rest)
{
	struct ims_slice s = *rest;
	int slashes = 0;
	size_t len;

	if (s.len > USUAL_LEN && memcmp(s.at, USUAL, USUAL_LEN) == 0) {
		s = ims_sip_from(s, USUAL_LEN);
		slashes = 2;
	}
	for (; slashes < 2; slashes++) {
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

void ims_sip_via_parse(struct ims_sip_via *via, struct ims_slice text)
{
	struct ims_sip_param param;
	struct ims_slice params;
	size_t end;

	*via = (struct ims_sip_via){0};
	end = ims_sip_find_unquoted(text, ';');
	params = ims_sip_from(text, end);
	text.len = end;
	via->transport = take_transport(&text);
	if (!via->transport.at)
		return;
	ims_sip_host_port(&via->host, &via->port, text);
	while (ims_sip_param_next(&params, ';', &param))
		set_param(via, &param);
}
