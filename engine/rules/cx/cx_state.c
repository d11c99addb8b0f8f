// SPDX-License-Identifier: GPL-2.0-or-later
/* What the HSS says of a registration, beside what it confirmed before. */
#include "cx_reading.h"
#include "cx_standing.h"
#include "family.h"
#include "registrant.h"

static double since(const struct ims_cx *cx, const struct ims_binding *binding)
{
	return ims_seconds(cx->about.request_time_ns - binding->assigned_ns);
}

/* FIRST_REGISTRATION: 2001, in RFC 4740 2003. */
static bool is_first_registration(const struct ims_cx *cx)
{
	return cx->command == IMS_COMMAND_UA && cx->request && !cx->guessed &&
	       ims_cx_says(cx, 2001, 2003);
}

/* Told once an attempt: its later UARs are answered alike. */
static bool was_told(const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;

	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		if (attempt->exchanges[i] == check->cx)
			break;
		if (is_first_registration(attempt->exchanges[i]))
			return true;
	}
	return false;
}

static bool same_impi(const struct ims_cx *cx,
		      const struct ims_binding *binding)
{
	return !binding->impi || ims_slice_is_empty(cx->about.impi) ||
	       ims_slice_is(cx->about.impi, binding->impi);
}

static void check_first_repeated(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_binding *binding;
	struct ims_draft *draft;
	char who[IMS_CX_TEXT];
	char whom[IMS_CX_TEXT];

	if (!check->attempt || !is_first_registration(cx) ||
	    (check->attempt->kind != IMS_KIND_INITIAL &&
	     check->attempt->kind != IMS_KIND_REFRESH))
		return;
	binding = ims_cx_stood(check);
	if (!binding || !same_impi(cx, binding) || was_told(check))
		return;
	draft = ims_fire(check);
	ims_draft_summary(
		draft,
		"%s calls this a first registration of %s, though it took "
		"note of one %.1f s before and nothing in the capture ended "
		"it.",
		ims_cx_answerer_host(who, cx), ims_cx_subject(whom, cx),
		since(cx, binding));
	ims_cx_tell(draft, cx);
	ims_cx_tell_stood(draft, binding);
	ims_draft_integer(draft, "code", cx->about.result.code);
	ims_draft_text(draft, "scscf", binding->scscf);
	ims_draft_number(draft, "seconds", since(cx, binding));
	ims_draft_likely(draft);
}

static const struct ims_rule cx_first_registration_repeated = {
	.slug = "cx_first_registration_repeated",
	.family = "Cx",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_EXCHANGE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The HSS has lost a registration that stands",
	.explain =
		"The HSS answered FIRST_REGISTRATION for an identity whose "
		"registration it had confirmed to the S-CSCF, and which has "
		"not ended. It forgot it (restart, failover to an instance "
		"without its data, an entry made anew). Until the UE "
		"registers again, calls to it fail, and another S-CSCF may be "
		"chosen while the first still holds the old registration.",
	.recognised =
		"UAA with Experimental-Result 2001 of 3GPP (RFC 4740: "
		"Result-Code 2003; Result-Code 2001 is DIAMETER_SUCCESS and "
		"means nothing of the kind) to the UAR of an attempt to "
		"register, for the IMPI and an IMPU of a set that "
		"stands. " IMS_CX_STOOD_UNLESS
		" An IMPU of another implicit set and another IMPI do not "
		"count.",
	.advice = "Look at the HSS's log between the two frames for a restart, "
		  "a failover or a change of this subscriber, and whether it "
		  "keeps its registrations over a restart (in Open5GS and "
		  "PyHSS the serving S-CSCF is stored with the subscriber). "
		  "Where two HSS instances serve one realm, check that they "
		  "share the data.",
	.specs = IMS_SPECS("TS 29.228 6.1.1", "TS 29.229 6.2.1"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS, {"code", IMS_FACT_INTEGER, "the result"},
		{"scscf", IMS_FACT_STRING, "who had registered the user"},
		{"seconds", IMS_FACT_NUMBER, "from its SAA to this UAR"}),
	.needs = IMS_SIGN_UA,
	.check = check_first_repeated,
};

static void check_inconsistent(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_binding *binding;
	struct ims_draft *draft;
	char who[IMS_CX_TEXT];
	char whom[IMS_CX_TEXT];
	char what[IMS_CX_TEXT];

	if (cx->command != IMS_COMMAND_LI || !cx->request ||
	    (!ims_cx_says(cx, 5003, 5034) && !ims_cx_says(cx, 5001, 5032)))
		return;
	binding = ims_cx_stood(check);
	if (!binding)
		return;
	draft = ims_fire(check);
	ims_draft_summary(draft,
			  "%s answered the LIR for %s with %s, though it took "
			  "note of the registration %.1f s before and nothing "
			  "in the capture ended it.",
			  ims_cx_answerer_host(who, cx),
			  ims_cx_subject(whom, cx), ims_cx_result(what, cx),
			  since(cx, binding));
	ims_cx_tell(draft, cx);
	ims_cx_tell_stood(draft, binding);
	ims_draft_integer(draft, "code", cx->about.result.code);
	ims_draft_text(draft, "name", cx->about.result.name);
	ims_draft_text(draft, "scscf", binding->scscf);
	ims_draft_text(draft, "registered_as", binding->impu);
	ims_draft_number(draft, "seconds", since(cx, binding));
	ims_draft_likely(draft);
}

static const struct ims_rule cx_hss_inconsistent = {
	.slug = "cx_hss_inconsistent",
	.family = "Cx",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_EXCHANGE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The HSS does not know of a registration it confirmed",
	.explain =
		"Somebody calls the user (or sends a message); the I-CSCF "
		"asks where the user is, and the HSS says not registered, or "
		"unknown, for an identity of a set that stands. The call "
		"fails with 480 or 404 (Kamailio: 604), although the UE and "
		"its S-CSCF are ready for it.",
	.recognised =
		"LIA with Experimental-Result 5003 or 5001 of 3GPP (RFC 4740: "
		"5034 or 5032) for an identity that the SAA's profile, "
		"P-Associated-URI or the REGISTER has in a set that "
		"stands. " IMS_CX_STOOD_UNLESS
		" An identity that the profile bars does not count.",
	.advice = "If it is an IMPU of the implicit set other than the one in "
		  "the REGISTER, the HSS registers that one only: look how it "
		  "groups IMPUs (FHoSS: implicit set of each IMPU; all of them "
		  "take the state of the one registered). Else look for a "
		  "restart or failover of the HSS between the frames.",
	.specs = IMS_SPECS("TS 29.228 6.1.4", "TS 29.228 6.5",
			   "TS 29.228 6.1.2"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS, {"code", IMS_FACT_INTEGER, "the result"},
		{"name", IMS_FACT_STRING, "its name"},
		{"scscf", IMS_FACT_STRING, "who had registered the user"},
		{"registered_as", IMS_FACT_STRING,
		 "the IMPU in the REGISTER or SAR"},
		{"seconds", IMS_FACT_NUMBER, "from its SAA to this LIR"}),
	.needs = IMS_SIGN_LI | IMS_SIGN_ERROR,
	.check = check_inconsistent,
};

static const struct ims_rule *const rules[] = {
	&cx_first_registration_repeated,
	&cx_hss_inconsistent,
};

const struct ims_rule_list ims_rules_cx_state = {rules, G_N_ELEMENTS(rules)};
