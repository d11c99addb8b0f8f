// SPDX-License-Identifier: GPL-2.0-or-later
/* User-Authorization-Type beside the REGISTER that it is about. */
#include "cx_reading.h"
#include "cx_register.h"
#include "family.h"

/* TS 29.229 6.3.24; RFC 4740 took the numbers over. */
enum {
	AUTHORIZE_REGISTRATION = 0,
	AUTHORIZE_DEREGISTRATION = 1,
};

static const char *authorization_name(int64_t type)
{
	if (type < 0)
		return "REGISTRATION (none given)";
	return ims_authorization_type_name(type);
}

/* The two do not agree. Type 2 asks for capabilities because an S-CSCF failed,
   whatever the REGISTER wants; without the AVP it is 0. */
static bool contradicts(int64_t type, enum ims_wish wish)
{
	if (wish == IMS_WISH_STAY)
		return type == AUTHORIZE_DEREGISTRATION;
	return wish == IMS_WISH_END &&
	       (type < 0 || type == AUTHORIZE_REGISTRATION);
}

/* The REGISTER that the UAR contradicts; NULL: none. */
static const struct ims_hop *contradicted(const struct ims_check *check,
					  const struct ims_cx *cx)
{
	const struct ims_diameter_facts *d = ims_diameter(cx->request);
	const struct ims_hop *hop;

	if (cx->command != IMS_COMMAND_UA || !d || !ims_cx_is_cx(cx) ||
	    !check->attempt)
		return NULL;
	hop = ims_cx_asked_on(check->attempt, cx);
	if (!hop ||
	    !contradicts(d->authorization_type, ims_wish_of(hop->request)))
		return NULL;
	return ims_cx_asked_about(check, cx);
}

/* Each UAR of an attempt does so: it is told once. */
static bool was_told(const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;

	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		if (attempt->exchanges[i] == check->cx)
			break;
		if (contradicted(check, attempt->exchanges[i]))
			return true;
	}
	return false;
}

static void check_authorization_type(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_diameter_facts *d = ims_diameter(cx->request);
	const struct ims_hop *hop = contradicted(check, cx);
	struct ims_draft *draft;
	GString *expires;
	char who[IMS_CX_TEXT];

	if (!hop || was_told(check))
		return;
	expires = g_string_new(NULL);
	ims_expires_append(expires, hop->request->sip);
	draft = ims_fire(check);
	ims_draft_summary(
		draft,
		"%s asked with User-Authorization-Type %s for %.*s, whose "
		"REGISTER %s (%s).",
		ims_cx_asker(who, cx),
		authorization_name(d->authorization_type),
		IMS_SLICE_ARG(ims_cx_shown(ims_registrant(check->attempt))),
		ims_wish_name(ims_wish_of(hop->request)), expires->str);
	ims_cx_tell_register(draft, hop, expires->str);
	ims_draft_evidence(draft, cx->request, "%s: UAR, %s", who,
			   authorization_name(d->authorization_type));
	ims_cx_tell(draft, cx);
	if (d->authorization_type >= 0)
		ims_draft_integer(draft, "authorization_type",
				  d->authorization_type);
	g_string_free(expires, TRUE);
}

static const struct ims_rule cx_authorization_type_mismatch = {
	.slug = "cx_authorization_type_mismatch",
	.family = "Cx",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_EXCHANGE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The UAR asks for something else than the REGISTER",
	.explain =
		"User-Authorization-Type tells the HSS whether the user "
		"registers or deregisters. With the wrong one it checks the "
		"wrong things: for DE_REGISTRATION no roaming, and it refuses "
		"with 5003 who is not registered; for REGISTRATION it may "
		"refuse a deregistration from a network where the user may "
		"not register.",
	.recognised =
		"A whole UAR with type DE_REGISTRATION for a REGISTER whose "
		"contacts all stay, or REGISTRATION (0, or no such AVP) for "
		"one whose contacts all go. A contact's own expires counts "
		"before Expires; Contact: * goes with Expires 0. Only where "
		"the REGISTER for the same IMPU is seen to reach the I-CSCF "
		"within 5 s before and has no final response yet, and no "
		"other attempt of that identity is under way. Not for type 2 "
		"(REGISTRATION_AND_CAPABILITIES), for a REGISTER without "
		"Contact, one cut off, or one that keeps some contacts only.",
	.advice = "This is the I-CSCF's doing. Kamailio takes the greatest of "
		  "Expires and all expires of Contact: a UE that sends Expires "
		  "above 0 beside expires=0 in Contact deregisters by RFC 3261 "
		  "and not by Kamailio. Make the UE (or the P-CSCF) send both "
		  "alike, or mend the I-CSCF.",
	.specs = IMS_SPECS("TS 29.228 6.1.1", "TS 29.229 6.3.24",
			   "RFC 3261 10.2.2"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS,
		{"authorization_type", IMS_FACT_INTEGER,
		 "User-Authorization-Type; absent where the UAR has none"},
		{"register", IMS_FACT_STRING, "what the REGISTER says"}),
	.needs = IMS_SIGN_UA,
	.check = check_authorization_type,
};

static const struct ims_rule *const rules[] = {
	&cx_authorization_type_mismatch,
};

const struct ims_rule_list ims_rules_cx_authorization = {rules,
							 G_N_ELEMENTS(rules)};
