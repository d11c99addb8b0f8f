// SPDX-License-Identifier: GPL-2.0-or-later
/* Header fields by their names. */
#include "lookup.h"
#include "params.h"
#include "rewriting.h"
#include "sip.h"
#include "sip_message.h"

enum form {
	VALUE,	    /* anything: of those that are not listed */
	PARAMS,	    /* words of the protocol, and parameters */
	PARAM_LIST, /* parameters from the start */
	PROSE,
	AUTH,
	AUTH_INFO,
};

struct known {
	const char *name;
	enum form form;
};

/* In order of the names, compact ones among them. */
static const struct known known[] = {
	{"a", PARAMS},
	{"accept", PARAMS},
	{"accept-contact", PARAMS},
	{"accept-encoding", PARAMS},
	{"accept-language", PARAMS},
	{"accept-resource-priority", PARAMS},
	{"allow", PARAMS},
	{"allow-events", PARAMS},
	{"answer-mode", PARAMS},
	{"authentication-info", AUTH_INFO},
	{"authorization", AUTH},
	{"c", PARAMS},
	{"cellular-network-info", PARAMS},
	{"content-disposition", PARAMS},
	{"content-encoding", PARAMS},
	{"content-language", PARAMS},
	{"content-length", PARAMS},
	{"content-type", PARAMS},
	{"cseq", PARAMS},
	{"date", PARAMS},
	{"e", PARAMS},
	{"event", PARAMS},
	{"expires", PARAMS},
	{"feature-caps", PARAMS},
	{"flow-timer", PARAMS},
	{"k", PARAMS},
	{"l", PARAMS},
	{"max-breadth", PARAMS},
	{"max-forwards", PARAMS},
	{"mime-version", PARAMS},
	{"min-expires", PARAMS},
	{"min-se", PARAMS},
	{"o", PARAMS},
	{"p-access-network-info", PARAMS},
	{"p-answer-state", PARAMS},
	{"p-asserted-service", PARAMS},
	{"p-charging-function-addresses", PARAM_LIST},
	{"p-charging-vector", PARAM_LIST},
	{"p-early-media", PARAMS},
	{"p-last-access-network-info", PARAMS},
	{"p-preferred-service", PARAMS},
	{"priority", PARAMS},
	{"privacy", PARAMS},
	{"proxy-authenticate", AUTH},
	{"proxy-authentication-info", AUTH_INFO},
	{"proxy-authorization", AUTH},
	{"proxy-require", PARAMS},
	{"rack", PARAMS},
	{"reason", PARAMS},
	{"recv-info", PARAMS},
	{"reject-contact", PARAMS},
	{"request-disposition", PARAMS},
	{"require", PARAMS},
	{"resource-priority", PARAMS},
	{"retry-after", PARAMS},
	{"rseq", PARAMS},
	{"security-client", PARAMS},
	{"security-server", PARAMS},
	{"security-verify", PARAMS},
	{"server", PROSE},
	{"session-expires", PARAMS},
	{"subscription-state", PARAMS},
	{"supported", PARAMS},
	{"suppress-if-match", PARAMS},
	{"timestamp", PARAMS},
	{"u", PARAMS},
	{"unsupported", PARAMS},
	{"user-agent", PROSE},
	{"warning", PROSE},
	{"www-authenticate", AUTH},
	{"x", PARAMS},
};

static enum form form_of(struct ims_slice name)
{
	const struct known *found =
		ims_lookup(name, known, G_N_ELEMENTS(known), sizeof(known[0]));

	return found ? found->form : VALUE;
}

static void rewrite_param_list(struct ims_pseudonyms *p, struct ims_chars text)
{
	size_t at = 0;

	while (at < text.len) {
		size_t end = ims_rewrite_param(p, text, at, ';');

		at = end > at ? end : at + 1;
	}
}

static void rewrite_field(struct ims_pseudonyms *p, enum form form,
			  struct ims_chars value)
{
	switch (form) {
	case PARAMS:
		ims_rewrite_params(p, value);
		break;
	case PARAM_LIST:
		rewrite_param_list(p, value);
		break;
	case PROSE:
		ims_rewrite_prose(p, value, IMS_PROSE_DIGITS);
		break;
	case AUTH:
		ims_rewrite_auth(p, value, true);
		break;
	case AUTH_INFO:
		ims_rewrite_auth(p, value, false);
		break;
	default:
		ims_rewrite_value(p, value);
		break;
	}
}

/* The field's own slices are of the text that is rewritten. */
static struct ims_chars in(struct ims_chars lines, struct ims_slice part)
{
	return ims_chars(lines.at + (part.at - lines.at), part.len);
}

void ims_rewrite_fields(struct ims_pseudonyms *p, struct ims_chars lines)
{
	struct ims_slice rest = ims_chars_slice(lines);
	struct ims_sip_field field;

	while (ims_sip_field_next(&rest, &field)) {
		if (!field.name.at) {
			ims_rewrite_value(p, in(lines, field.line));
			continue;
		}
		ims_rewrite_prose(p, in(lines, field.name), IMS_GRAMMAR_DIGITS);
		if (field.value.at)
			rewrite_field(p, form_of(field.name),
				      in(lines, field.value));
	}
}
