// SPDX-License-Identifier: GPL-2.0-or-later
/* How the Cx families read an exchange. */
#include <inttypes.h>

#include "cx_reading.h"

#define SHOWN_MAX 160

bool ims_cx_is_cx(const struct ims_cx *cx)
{
	return cx->about.application == IMS_APPLICATION_CX ||
	       cx->about.application == IMS_APPLICATION_RFC4740;
}

struct ims_slice ims_cx_shown(struct ims_slice text)
{
	if (text.len > SHOWN_MAX)
		text.len = SHOWN_MAX;
	return text;
}

/* TS 29.228 6: RTR and PPR are the HSS's, all others a CSCF's. */
static bool from_hss(const struct ims_cx *cx)
{
	return cx->command == IMS_COMMAND_RT || cx->command == IMS_COMMAND_PP;
}

static enum ims_role asker_role(const struct ims_cx *cx)
{
	if (from_hss(cx))
		return IMS_ROLE_HSS;
	return cx->command == IMS_COMMAND_UA || cx->command == IMS_COMMAND_LI
		       ? IMS_ROLE_I_CSCF
		       : IMS_ROLE_S_CSCF;
}

/* RFC 6733 7.2: an answer with the E bit may be any node's on the way. */
static enum ims_role answerer_role(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *answer = ims_diameter(cx->answer);

	if (answer && answer->is_error)
		return IMS_ROLE_UNKNOWN;
	if (from_hss(cx))
		return IMS_ROLE_S_CSCF;
	return cx->about.n_agents && !cx->far_answer ? IMS_ROLE_DRA
						     : IMS_ROLE_HSS;
}

const char *ims_cx_asker(char out[IMS_CX_TEXT], const struct ims_cx *cx)
{
	struct ims_party party = {.role = asker_role(cx),
				  .endpoint = cx->about.asker};
	char text[IMS_PARTY_TEXT];

	g_snprintf(out, IMS_CX_TEXT, "%s", ims_party_format(text, &party));
	return out;
}

/* Before an agent stands the far side, who answered. */
static const struct ims_endpoint *answerer_at(const struct ims_cx *cx)
{
	return cx->far_answer ? &cx->far_answer->source : &cx->about.answerer;
}

const char *ims_cx_answerer(char out[IMS_CX_TEXT], const struct ims_cx *cx)
{
	struct ims_party party = {.role = answerer_role(cx),
				  .endpoint = *answerer_at(cx)};
	char text[IMS_PARTY_TEXT];

	g_snprintf(out, IMS_CX_TEXT, "%s%s",
		   party.role == IMS_ROLE_UNKNOWN ? "Diameter node " : "",
		   ims_party_format(text, &party));
	return out;
}

const char *ims_cx_answerer_host(char out[IMS_CX_TEXT], const struct ims_cx *cx)
{
	const struct ims_diameter_facts *answer = ims_diameter(cx->answer);
	size_t len;

	ims_cx_answerer(out, cx);
	len = strlen(out);
	if (answer && !ims_slice_is_empty(answer->origin_host))
		g_snprintf(out + len, IMS_CX_TEXT - len, " (%.*s)",
			   IMS_SLICE_ARG(ims_cx_shown(answer->origin_host)));
	return out;
}

const char *ims_cx_result(char out[IMS_CX_TEXT], const struct ims_cx *cx)
{
	const struct ims_result *result = &cx->about.result;

	if (result->container == IMS_RESULT_NONE)
		g_snprintf(out, IMS_CX_TEXT, "no result");
	else if (result->name)
		g_snprintf(out, IMS_CX_TEXT, "%s %" PRIu32 " (%s)",
			   ims_result_container_name(result->container),
			   result->code, result->name);
	else
		g_snprintf(out, IMS_CX_TEXT,
			   "%s %" PRIu32 " of vendor %" PRIu32,
			   ims_result_container_name(result->container),
			   result->code, result->vendor);
	return out;
}

bool ims_cx_says(const struct ims_cx *cx, uint32_t experimental,
		 uint32_t rfc4740)
{
	const struct ims_result *result = &cx->about.result;

	if (cx->about.application == IMS_APPLICATION_RFC4740)
		return result->container == IMS_RESULT_CODE &&
		       result->code == rfc4740;
	return cx->about.application == IMS_APPLICATION_CX &&
	       result->container == IMS_RESULT_EXPERIMENTAL &&
	       result->vendor == IMS_DIAMETER_VENDOR_3GPP &&
	       result->code == experimental;
}

/* "sip:a@b" and "a@b": the IMPU is derived from the IMPI (TS 23.003 13.4B),
   or named after it. */
static bool is_derived(struct ims_slice impu, struct ims_slice impi)
{
	return impu.len == impi.len + 4 &&
	       ims_slice_starts_nocase(impu, "sip:") &&
	       ims_slice_equal(ims_slice(impu.at + 4, impi.len), impi);
}

const char *ims_cx_subject(char out[IMS_CX_TEXT], const struct ims_cx *cx)
{
	struct ims_slice impu = ims_cx_shown(cx->about.impu);
	struct ims_slice impi = ims_cx_shown(cx->about.impi);

	if (ims_slice_is_empty(impu) && ims_slice_is_empty(impi))
		g_snprintf(out, IMS_CX_TEXT, "an unnamed user");
	else if (ims_slice_is_empty(impu))
		g_snprintf(out, IMS_CX_TEXT, "IMPI %.*s", IMS_SLICE_ARG(impi));
	else if (ims_slice_is_empty(impi) || is_derived(impu, impi))
		g_snprintf(out, IMS_CX_TEXT, "%.*s", IMS_SLICE_ARG(impu));
	else
		g_snprintf(out, IMS_CX_TEXT, "%.*s (IMPI %.*s)",
			   IMS_SLICE_ARG(impu), IMS_SLICE_ARG(impi));
	return out;
}

void ims_cx_tell(struct ims_draft *draft, const struct ims_cx *cx)
{
	char who[IMS_CX_TEXT];
	char what[IMS_CX_TEXT];

	ims_draft_text(draft, "command", ims_command_name(cx->command, true));
	ims_draft_string(draft, "impi", cx->about.impi);
	ims_draft_string(draft, "impu", cx->about.impu);
	ims_draft_string(draft, "destination_realm",
			 cx->about.destination_realm);
	ims_draft_evidence(
		draft, cx->request, "%s: %s for %s", ims_cx_asker(who, cx),
		ims_command_name(cx->command, true), ims_cx_subject(what, cx));
	ims_draft_evidence(
		draft, cx->answer, "%s: %s, %s", ims_cx_answerer(who, cx),
		ims_command_name(cx->command, false), ims_cx_result(what, cx));
}

static bool has_final(const struct ims_attempt *attempt)
{
	return attempt && ims_sip(attempt->final);
}

void ims_cx_tell_outcome(struct ims_draft *draft,
			 const struct ims_attempt *attempt)
{
	const struct ims_sip_facts *sip;
	struct ims_party maker;
	char who[IMS_PARTY_TEXT];

	if (!has_final(attempt))
		return;
	sip = ims_sip(attempt->final);
	maker = attempt->final_hop
			? attempt->final_hop->to
			: (struct ims_party){.endpoint =
						     attempt->final->source};
	ims_draft_evidence(draft, attempt->final, "%s: %u %.*s to the REGISTER",
			   ims_party_format(who, &maker), sip->status,
			   IMS_SLICE_ARG(ims_cx_shown(sip->reason_phrase)));
}

void ims_cx_append_outcome(GString *sentence, const struct ims_attempt *attempt)
{
	const struct ims_sip_facts *sip;

	if (!has_final(attempt))
		return;
	sip = ims_sip(attempt->final);
	g_string_append_printf(sentence, "; the UE got %u %.*s", sip->status,
			       IMS_SLICE_ARG(ims_cx_shown(sip->reason_phrase)));
}

bool ims_cx_is_whole(const struct ims_facts *facts)
{
	const struct ims_diameter_facts *diameter = ims_diameter(facts);

	return diameter && !facts->cut &&
	       !(diameter->flaws & ~(uint32_t)IMS_DIAMETER_FLAW_VALUE);
}

static bool has_failed(const struct ims_attempt *attempt)
{
	return attempt->outcome != IMS_OUTCOME_REGISTERED &&
	       attempt->outcome != IMS_OUTCOME_DEREGISTERED &&
	       attempt->outcome != IMS_OUTCOME_INCOMPLETE;
}

/* TS 29.229 6.3.15: 1 registers, 2 registers again; others end or ask. */
static bool assigns(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *request = ims_diameter(cx->request);

	return cx->command != IMS_COMMAND_SA || !request ||
	       request->assignment_type == 1 || request->assignment_type == 2;
}

/* A SAR that only reports how a registration ended explains none of it, and a
   registration asks no LIR: that is of a request that shares its legs. */
static bool decides(const struct ims_attempt *attempt, const struct ims_cx *cx)
{
	if (cx->command == IMS_COMMAND_SA)
		return assigns(cx) || attempt->kind == IMS_KIND_DEREGISTRATION;
	return cx->command == IMS_COMMAND_UA || cx->command == IMS_COMMAND_MA;
}

bool ims_cx_explains(const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_cx *cx = check->cx;

	if (!attempt || !has_failed(attempt) || !decides(attempt, cx))
		return false;
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *other = attempt->exchanges[i];

		if (other->command == cx->command && other->answer &&
		    other->about.request_time_ns > cx->about.request_time_ns &&
		    assigns(other) == assigns(cx))
			return false;
	}
	return true;
}

const struct ims_cx *ims_cx_next(const struct ims_attempt *attempt,
				 const struct ims_cx *cx,
				 enum ims_command command)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *other = attempt->exchanges[i];

		if (other != cx && other->command == command &&
		    other->about.request_time_ns >= cx->about.request_time_ns &&
		    ims_address_equal(&other->about.asker.address,
				      &cx->about.asker.address))
			return other;
	}
	return NULL;
}

bool ims_cx_asks_asker(const struct ims_hop *hop, const struct ims_cx *cx)
{
	return ims_address_equal(&hop->to.endpoint.address,
				 &cx->about.asker.address);
}

const struct ims_diameter_facts *ims_cx_whole_answer(const struct ims_cx *cx)
{
	return ims_cx_is_cx(cx) && ims_cx_is_whole(cx->answer)
		       ? ims_diameter(cx->answer)
		       : NULL;
}

void ims_cx_finish(struct ims_draft *draft, GString *sentence,
		   const struct ims_attempt *explained)
{
	if (explained) {
		ims_cx_append_outcome(sentence, explained);
		ims_cx_tell_outcome(draft, explained);
	} else {
		ims_draft_no_cause(draft);
	}
	ims_draft_summary(draft, "%s.", sentence->str);
	g_string_free(sentence, TRUE);
}

const struct ims_attempt *ims_cx_explained(const struct ims_check *check)
{
	return ims_cx_explains(check) ? check->attempt : NULL;
}

const struct ims_attempt *ims_cx_explained_if_stuck(
	const struct ims_check *check)
{
	const struct ims_attempt *attempt = ims_cx_explained(check);

	return attempt && ims_cx_went_on(attempt, check->cx) ? NULL : attempt;
}

GString *ims_cx_begin(const struct ims_cx *cx)
{
	GString *sentence = g_string_new(NULL);
	char who[IMS_CX_TEXT];
	char subject[IMS_CX_TEXT];

	g_string_append_printf(sentence, "%s answered the %s for %s",
			       ims_cx_answerer(who, cx),
			       ims_command_name(cx->command, true),
			       ims_cx_subject(subject, cx));
	return sentence;
}
