// SPDX-License-Identifier: GPL-2.0-or-later
#include "cx_register.h"

#include <inttypes.h>

#include "cx_reading.h"
#include "index.h"

/* A REGISTER is asked about within this, or was sent again. */
#define ASKED_WITHIN (5 * IMS_SECOND)

static bool is_about(const struct ims_cx *cx, const struct ims_facts *request)
{
	return ims_same_identity(cx->about.impu, request->sip->to.uri);
}

const struct ims_hop *ims_cx_asked_about(const struct ims_check *check,
					 const struct ims_cx *cx)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_hop *hop;
	int64_t now_ns = cx->about.request_time_ns;

	if (!attempt || cx->guessed || !ims_is_own(attempt) ||
	    !ims_cx_is_whole(cx->request) || !ims_cx_has_ground(attempt, cx) ||
	    ims_others_register(check, attempt->impu))
		return NULL;
	hop = ims_cx_asked_on(attempt, cx);
	return now_ns - hop->first_ns <= ASKED_WITHIN &&
			       is_about(cx, hop->request)
		       ? hop
		       : NULL;
}

void ims_expires_append(GString *text, const struct ims_sip_facts *sip)
{
	const char *comma = "";

	if (sip->contact_star) {
		g_string_append(text, "Contact: *");
		comma = ", ";
	}
	if (sip->expires >= 0) {
		g_string_append_printf(text, "%sExpires %" PRId64, comma,
				       sip->expires);
		comma = ", ";
	}
	for (size_t i = 0; i < sip->n_contacts && i < 2; i++) {
		if (sip->contacts[i].expires < 0)
			continue;
		g_string_append_printf(text, "%sexpires=%" PRId64 " in Contact",
				       comma, sip->contacts[i].expires);
		comma = ", ";
	}
	if (!*comma)
		g_string_append(text, "no expiry, so the default");
}

const char *ims_wish_name(enum ims_wish wish)
{
	return wish == IMS_WISH_END ? "deregisters" : "registers";
}

void ims_cx_tell_register(struct ims_draft *draft, const struct ims_hop *hop,
			  const char *expires)
{
	char to[IMS_PARTY_TEXT];

	ims_draft_evidence(draft, hop->request, "REGISTER to %s, which %s: %s",
			   ims_party_format(to, &hop->to),
			   ims_wish_name(ims_wish_of(hop->request)), expires);
	ims_draft_text(draft, "register", expires);
}
