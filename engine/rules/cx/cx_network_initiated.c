// SPDX-License-Identifier: GPL-2.0-or-later
/* What the HSS asks of the S-CSCF: to end a registration, to take a profile. */
#include <inttypes.h>

#include "cx_reading.h"
#include "family.h"
#include "registrant.h"

#define CX_RULE .family = "Cx", .scope = IMS_SCOPE_EXCHANGE

/* RFC 6733 7.1.3: the asker is to turn to another node. */
#define REDIRECT_INDICATION 3006

enum fate {
	FATE_OPEN, /* the capture does not tell */
	FATE_DONE,
	FATE_REFUSED,
	FATE_UNANSWERED,
};

struct verdict {
	enum fate fate;
	bool proved; /* unanswered: the connection lived on, without a hole */
	double waited_s;
};

/* The HSS asks again only where it has no answer (RFC 6733 5.5.4). */
static bool was_resent(const struct ims_cx *cx)
{
	return cx->resent &&
	       cx->resent->time_ns - cx->request->time_ns >= IMS_CX_GIVES_UP;
}

static struct verdict judge(const struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_result *result = &cx->about.result;
	int64_t waited_ns = check->now_ns - cx->about.request_time_ns;
	struct verdict verdict = {.waited_s = ims_seconds(waited_ns)};

	if (cx->answer) {
		if (ims_cx_succeeded(cx))
			verdict.fate = FATE_DONE;
		else if (result->code >= 3000 &&
			 result->code != REDIRECT_INDICATION)
			verdict.fate = FATE_REFUSED;
		return verdict;
	}
	if (cx->far_answer || waited_ns < check->options->answer_timeout_ns)
		return verdict;
	verdict.proved = ims_cx_silence_is_proved(cx);
	if (verdict.proved || was_resent(cx))
		verdict.fate = FATE_UNANSWERED;
	return verdict;
}

static bool is_code(const struct ims_cx *cx, uint32_t experimental,
		    uint32_t rfc4740)
{
	const struct ims_result *result = &cx->about.result;

	if (result->container == IMS_RESULT_EXPERIMENTAL)
		return result->vendor == IMS_DIAMETER_VENDOR_3GPP &&
		       result->code == experimental;
	return result->container == IMS_RESULT_CODE &&
	       cx->about.application == IMS_APPLICATION_RFC4740 &&
	       result->code == rfc4740;
}

/* DIAMETER_ERROR_USER_UNKNOWN, of the S-CSCF. */
static bool is_unknown_there(const struct ims_cx *cx)
{
	return is_code(cx, 5001, 5032);
}

static void append_silence(GString *sentence, const struct ims_cx *cx,
			   const struct verdict *verdict)
{
	g_string_append_printf(sentence, "no answer came in %.1f s",
			       verdict->waited_s);
	if (verdict->proved)
		g_string_append(sentence, ", though the connection lived on");
	else
		g_string_append_printf(sentence,
				       ", and the HSS sent the %s again",
				       ims_command_name(cx->command, true));
}

static void tell_verdict(struct ims_draft *draft, const struct ims_cx *cx,
			 const struct verdict *verdict)
{
	const struct ims_result *result = &cx->about.result;

	ims_draft_boolean(draft, "answered", cx->answer != NULL);
	if (result->container != IMS_RESULT_NONE) {
		ims_draft_integer(draft, "code", result->code);
		ims_draft_text(draft, "container",
			       ims_result_container_name(result->container));
		ims_draft_text(draft, "name", result->name);
	}
	if (verdict->fate != FATE_UNANSWERED)
		return;
	ims_draft_number(draft, "waited_s", verdict->waited_s);
	if (!verdict->proved) {
		ims_draft_evidence(draft, cx->resent, "the same %s again",
				   ims_command_name(cx->command, true));
		ims_draft_likely(draft);
	}
}

#define VERDICT_KEYS                                                   \
	{"answered", IMS_FACT_BOOLEAN, "an answer is in the capture"}, \
		{"code", IMS_FACT_INTEGER, "result of the answer"},    \
		{"container", IMS_FACT_STRING,                         \
		 "Result-Code or Experimental-Result"},                \
		{"name", IMS_FACT_STRING, "name of the result"},       \
	{                                                              \
		"waited_s", IMS_FACT_NUMBER,                           \
			"seconds without an answer so far"             \
	}

/* TS 29.228 6.1.3.1: who registered for an emergency stays registered. */
static bool is_kept_for_emergency(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *rta = ims_diameter(cx->answer);

	return rta && rta->keeps_emergency;
}

static void append_refusal(GString *sentence, const struct ims_cx *cx)
{
	char whom[IMS_CX_TEXT];
	char result[IMS_CX_TEXT];

	g_string_append_printf(sentence, "%s answered with %s",
			       ims_cx_answerer_host(whom, cx),
			       ims_cx_result(result, cx));
	if (is_unknown_there(cx))
		g_string_append(sentence,
				": it holds no such registration, which the "
				"HSS believes it has");
}

static void check_termination_failed(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	struct verdict verdict;
	struct ims_draft *draft;
	GString *sentence;
	char who[IMS_CX_TEXT];
	char whom[IMS_CX_TEXT];
	char subject[IMS_CX_TEXT];

	if (!ims_cx_is_cx(cx) || cx->command != IMS_COMMAND_RT ||
	    !cx->request || is_kept_for_emergency(cx))
		return;
	verdict = judge(check);
	if (verdict.fate != FATE_REFUSED && verdict.fate != FATE_UNANSWERED)
		return;
	draft = ims_fire(check);
	sentence = g_string_new(NULL);
	g_string_append_printf(
		sentence, "%s asked %s to end the registration of %s, and ",
		ims_cx_asker(who, cx),
		verdict.fate == FATE_UNANSWERED ? ims_cx_answerer(whom, cx)
						: "the S-CSCF",
		ims_cx_subject(subject, cx));
	if (verdict.fate == FATE_REFUSED)
		append_refusal(sentence, cx);
	else
		append_silence(sentence, cx, &verdict);
	if (cx->about.impu.len == 0)
		g_string_append(sentence, "; the RTR names no Public-Identity");
	ims_cx_tell(draft, cx);
	tell_verdict(draft, cx, &verdict);
	ims_cx_finish(draft, sentence, NULL);
}

static const struct ims_rule cx_termination_failed = {
	.slug = "cx_termination_failed",
	CX_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The S-CSCF did not end the registration",
	.explain =
		"The HSS asked the S-CSCF by RTR to end a registration and "
		"got an error, or no answer. HSS and S-CSCF now disagree: the "
		"subscriber may go on with a registration that was taken from "
		"them, or cannot be called although the UE believes itself "
		"registered.",
	.recognised =
		"An RTR whose answer has a result of 3000 and more (other "
		"than a redirection), or that has none within the answer "
		"timeout (10 s) while the connection goes on in the "
		"answerer's direction without a hole in the capture, or while "
		"the HSS sends the RTR again 2 s later or more. Not where the "
		"capture ends before, nor where the far side of an agent has "
		"an answer, nor where the answer names identities that stay "
		"for an emergency registration.",
	.advice = "Look into the S-CSCF's log at the RTR. Kamailio's S-CSCF "
		  "never answers an RTR that names only the IMPI, or an "
		  "identity that it does not hold: let the HSS put the "
		  "Public-Identities into it (with FHoSS, deregister by public "
		  "identity). With 5001 the S-CSCF was restarted or the UE "
		  "moved to another one: correct the HSS's record, for it will "
		  "send calls there. With 3002 the RTR never reached the "
		  "S-CSCF: compare Destination-Host with the S-CSCF's "
		  "Origin-Host.",
	.specs =
		IMS_SPECS("TS 29.228 6.1.3", "TS 29.229 6.1.9", "RFC 4740 8.9"),
	.facts = IMS_FACT_KEYS(IMS_CX_KEYS, VERDICT_KEYS),
	.needs = IMS_SIGN_RT,
	.check = check_termination_failed,
};

/* "a user profile of 3 identities and charging addresses" */
static void append_pushed(GString *sentence,
			  const struct ims_diameter_facts *ppr)
{
	const char *const and[] = {"", " and ", ", and "};
	unsigned n = 0;

	if (ppr->profile.present) {
		g_string_append_printf(
			sentence, "a user profile of %zu identit%s",
			ppr->profile.n_identities,
			ppr->profile.n_identities == 1 ? "y" : "ies");
		n++;
	}
	if (ppr->has_charging)
		g_string_append_printf(sentence, "%scharging addresses",
				       and[n++]);
	if (ppr->n_auth_items)
		g_string_append_printf(sentence, "%sauthentication data",
				       and[n++]);
	if (n == 0)
		g_string_append(sentence, "data");
}

static void append_answer(GString *sentence, const struct ims_cx *cx,
			  const struct verdict *verdict)
{
	char whom[IMS_CX_TEXT];
	char result[IMS_CX_TEXT];

	if (verdict->fate == FATE_UNANSWERED) {
		g_string_append(sentence, ", and ");
		append_silence(sentence, cx, verdict);
	} else if (cx->answer) {
		g_string_append_printf(sentence, ", which answered with %s",
				       ims_cx_result(result, cx));
	} else {
		g_string_append(sentence,
				"; the capture does not hold the answer");
	}
	if (is_unknown_there(cx))
		g_string_append_printf(sentence,
				       ": %s holds no such registration",
				       ims_cx_answerer(whom, cx));
}

static void tell_pushed(struct ims_draft *draft,
			const struct ims_diameter_facts *ppr)
{
	struct ims_slice uris[IMS_DIAMETER_MAX_LIST];
	size_t n = MIN(ppr->profile.n_identities, G_N_ELEMENTS(uris));

	ims_draft_boolean(draft, "user_data", ppr->profile.present);
	ims_draft_boolean(draft, "charging", ppr->has_charging);
	ims_draft_boolean(draft, "authentication", ppr->n_auth_items > 0);
	for (size_t i = 0; i < n; i++)
		uris[i] = ppr->profile.identities[i].uri;
	ims_draft_strings(draft, "identities", uris, n);
}

static void check_profile_pushed(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_diameter_facts *ppr = ims_diameter(cx->request);
	struct verdict verdict;
	struct ims_draft *draft;
	GString *sentence;
	char who[IMS_CX_TEXT];
	char whom[IMS_CX_TEXT];
	char subject[IMS_CX_TEXT];

	if (!ims_cx_is_cx(cx) || cx->command != IMS_COMMAND_PP || !ppr)
		return;
	verdict = judge(check);
	draft = ims_fire(check);
	sentence = g_string_new(NULL);
	g_string_append_printf(sentence, "%s pushed ", ims_cx_asker(who, cx));
	append_pushed(sentence, ppr);
	g_string_append_printf(sentence, " of %s to %s",
			       ims_cx_subject(subject, cx),
			       ims_cx_answerer(whom, cx));
	append_answer(sentence, cx, &verdict);
	ims_cx_tell(draft, cx);
	tell_pushed(draft, ppr);
	tell_verdict(draft, cx, &verdict);
	if (verdict.fate == FATE_REFUSED || verdict.fate == FATE_UNANSWERED)
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	ims_cx_finish(draft, sentence, NULL);
}

static const struct ims_rule cx_profile_pushed = {
	.slug = "cx_profile_pushed",
	CX_RULE,
	.severity = IMS_SEVERITY_NOTE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The HSS pushed a changed profile",
	.explain = "With PPR the HSS gives the S-CSCF a changed user profile, "
		   "charging addresses or authentication data of a registered "
		   "user. From here on other services and identities are in "
		   "force; if the S-CSCF does not take it, the old ones are "
		   "until the next registration.",
	.recognised =
		"Every PPR, once. A warning where its answer has a result of "
		"3000 and more (other than a redirection), or where it has "
		"none within the answer timeout (10 s) while the connection "
		"goes on in the answerer's direction without a hole in the "
		"capture, or while the HSS sends the PPR again 2 s later or "
		"more.",
	.advice =
		"If a service changed at this moment, this is why. Kamailio's "
		"S-CSCF has no handler for PPR and sends no PPA: let the UE "
		"register anew, or end its registration by RTR, and the new "
		"profile comes with the SAA. With an error, see which part "
		"the S-CSCF rejects (5008: too much data; 5009: user data "
		"that it cannot read).",
	.specs = IMS_SPECS("TS 29.228 6.2.2", "TS 29.229 6.1.11",
			   "RFC 4740 8.11"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS,
		{"user_data", IMS_FACT_BOOLEAN, "the PPR carries a profile"},
		{"charging", IMS_FACT_BOOLEAN,
		 "the PPR carries charging addresses"},
		{"authentication", IMS_FACT_BOOLEAN,
		 "the PPR carries authentication data"},
		{"identities", IMS_FACT_STRINGS, "what the profile lists"},
		VERDICT_KEYS),
	.needs = IMS_SIGN_PP,
	.check = check_profile_pushed,
};

static const struct ims_rule *const rules[] = {
	&cx_termination_failed,
	&cx_profile_pushed,
};

const struct ims_rule_list ims_rules_cx_network_initiated = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
