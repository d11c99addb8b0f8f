// SPDX-License-Identifier: GPL-2.0-or-later
/* Which S-CSCF serves a user: what the HSS says, and what is done. */
#include "cx_reading.h"
#include "cx_standing.h"
#include "family.h"
#include "registrant.h"
#include "request.h"
#include "scscf_name.h"

/* From the UAA up to the attempt's next UAR. */
struct span {
	int64_t from_ns;
	int64_t to_ns;
};

/* Where another S-CSCF than the HSS named is spoken of. */
struct other {
	const struct ims_facts *facts; /* NULL: nowhere */
	const struct ims_hop *hop; /* the REGISTER sent on, where captured */
	const struct ims_cx *cx;   /* the MAR or SAR; or NULL */
	struct ims_slice name;
};

static bool is_in(const struct span *span, int64_t ns)
{
	return ns >= span->from_ns && ns < span->to_ns;
}

static bool names_one(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *answer = ims_diameter(cx->answer);

	return cx->request && answer && !cx->guessed && ims_cx_is_cx(cx) &&
	       ims_cx_is_whole(cx->answer) && ims_cx_succeeded(cx) &&
	       !ims_slice_is_empty(answer->server_name);
}

static bool leaves_no_choice(const struct ims_cx *uar)
{
	return names_one(uar) && !uar->answer->diameter->has_capabilities;
}

static struct span span_of(const struct ims_attempt *attempt,
			   const struct ims_cx *uar)
{
	struct span span = {uar->about.answer_time_ns, INT64_MAX};

	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *next = attempt->exchanges[i];

		if (next != uar && next->command == IMS_COMMAND_UA &&
		    next->about.request_time_ns >= span.from_ns)
			span.to_ns =
				MIN(span.to_ns, next->about.request_time_ns);
	}
	return span;
}

static bool same_host(struct ims_sip_address a, struct ims_sip_address b)
{
	return ims_slice_equal_nocase(a.host, b.host) && a.port == b.port;
}

/*
 * The S-CSCF that a request is sent to, by the hop before: by a new
 * Request-URI, or by a Route put on top (TS 24.229 5.3.1.2). Absent where
 * neither tells.
 */
static struct ims_slice sent_to(const struct ims_hop *hop)
{
	const struct ims_sip_facts *sent = hop->request->sip;
	const struct ims_sip_facts *came = hop->above->request->sip;

	if (!same_host(sent->request_uri, came->request_uri))
		return sent->request_uri.uri;
	/* Fewer than came: it took off its own. */
	if (sent->routes.n && sent->routes.n >= came->routes.n &&
	    (!came->routes.n ||
	     !same_host(sent->routes.at[0], came->routes.at[0])))
		return sent->routes.at[0].uri;
	return ims_slice_of(NULL);
}

static bool is_sent_by(const struct ims_hop *hop, const struct ims_cx *uar)
{
	return ims_address_equal(&hop->from.endpoint.address,
				 &uar->about.asker.address);
}

/* The I-CSCF sent on what had come to it. */
static bool is_sent_on(const struct ims_hop *hop, const struct ims_cx *uar)
{
	return hop->request && is_sent_by(hop, uar) && hop->above &&
	       hop->above->request && ims_cx_asks_asker(hop->above, uar);
}

/* It came to nothing: then another S-CSCF may be tried. */
static bool has_failed(const struct ims_hop *hop)
{
	if (hop->icmp)
		return true;
	if (!hop->final)
		return !hop->provisional;
	return hop->final->sip->status >= 300 &&
	       hop->final->sip->status != 401 && hop->final->sip->status != 407;
}

/* Before `ns` the I-CSCF tried somebody in vain; `but` does not count. */
static bool was_tried(const struct ims_attempt *attempt,
		      const struct ims_cx *uar, const struct ims_hop *but,
		      const struct span *span)
{
	for (unsigned j = 0; j < attempt->n_journeys; j++) {
		const struct ims_journey *journey = attempt->journeys[j];

		for (unsigned h = 0; h < journey->n_hops; h++) {
			const struct ims_hop *hop = journey->hops[h];

			if (hop != but && is_sent_by(hop, uar) &&
			    is_in(span, hop->first_ns) && has_failed(hop))
				return true;
		}
	}
	return false;
}

static void take_earlier(struct other *other, const struct other *found)
{
	if (!other->facts || found->facts->time_ns < other->facts->time_ns)
		*other = *found;
}

/* At once, so that there was no time to try another in vain. */
static bool is_prompt(const struct ims_hop *hop, const struct span *span)
{
	return hop->first_ns - MAX(span->from_ns, hop->above->first_ns) <=
	       IMS_AT_ONCE;
}

static void look_at_hops(struct other *other, const struct ims_attempt *attempt,
			 const struct ims_cx *uar, const struct span *span)
{
	struct ims_slice named = uar->answer->diameter->server_name;

	for (unsigned j = 0; j < attempt->n_journeys; j++) {
		const struct ims_journey *journey = attempt->journeys[j];

		for (unsigned h = 0; h < journey->n_hops; h++) {
			const struct ims_hop *hop = journey->hops[h];
			const struct span before = {span->from_ns,
						    hop->first_ns};
			struct other found = {.facts = hop->request,
					      .hop = hop};

			if (!is_sent_on(hop, uar) ||
			    !is_in(span, hop->first_ns) ||
			    !is_prompt(hop, span))
				continue;
			found.name = sent_to(hop);
			if (ims_scscf_differ(named, found.name) &&
			    !was_tried(attempt, uar, hop, &before))
				take_earlier(other, &found);
		}
	}
}

/* The REGISTER that the I-CSCF sent on last before `ns`; NULL: none is in the
   capture. */
static const struct ims_hop *last_sent(const struct ims_attempt *attempt,
				       const struct ims_cx *uar,
				       const struct span *span)
{
	const struct ims_hop *last = NULL;

	for (unsigned j = 0; j < attempt->n_journeys; j++) {
		const struct ims_journey *journey = attempt->journeys[j];

		for (unsigned h = 0; h < journey->n_hops; h++) {
			const struct ims_hop *hop = journey->hops[h];

			if (is_sent_on(hop, uar) &&
			    is_in(span, hop->first_ns) &&
			    (!last || hop->first_ns > last->first_ns))
				last = hop;
		}
	}
	return last;
}

static bool names_itself(const struct ims_cx *cx)
{
	return (cx->command == IMS_COMMAND_MA ||
		cx->command == IMS_COMMAND_SA) &&
	       cx->request && ims_cx_is_cx(cx) &&
	       !ims_slice_is_empty(cx->request->diameter->server_name);
}

/* It got there and was acted on: no other try lies in between. */
static bool led_to(const struct ims_hop *hop, int64_t when_ns)
{
	return when_ns - hop->first_ns <= IMS_AT_ONCE && hop->n_requests == 1 &&
	       !(hop->icmp && hop->icmp->time_ns <= when_ns) &&
	       !(hop->final && hop->final->time_ns <= when_ns);
}

static void look_at_cx(struct other *other, const struct ims_attempt *attempt,
		       const struct ims_cx *uar, const struct span *span)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *cx = attempt->exchanges[i];
		struct other found = {.facts = cx->request, .cx = cx};
		struct span before = *span;

		if (!names_itself(cx) ||
		    !is_in(span, cx->about.request_time_ns))
			continue;
		before.to_ns = cx->about.request_time_ns;
		found.name = cx->request->diameter->server_name;
		found.hop = last_sent(attempt, uar, &before);
		if (!ims_scscf_differ(uar->answer->diameter->server_name,
				      found.name) ||
		    was_tried(attempt, uar, found.hop, &before))
			continue;
		/* Unseen, another may have been tried if there was time. */
		if (found.hop ? led_to(found.hop, before.to_ns)
			      : before.to_ns - before.from_ns <= IMS_AT_ONCE)
			take_earlier(other, &found);
	}
}

static void tell_other(struct ims_draft *draft, GString *sentence,
		       const struct other *other, const struct ims_cx *uar)
{
	struct ims_slice name = ims_cx_shown(other->name);
	char who[IMS_CX_TEXT];

	if (!other->cx) {
		ims_cx_asker(who, uar);
		g_string_append_printf(sentence,
				       ", and %s sent the REGISTER to %.*s",
				       who, IMS_SLICE_ARG(name));
		ims_draft_evidence(draft, other->facts,
				   "%s: REGISTER sent to %.*s", who,
				   IMS_SLICE_ARG(name));
		ims_draft_text(draft, "used_in", "REGISTER");
		return;
	}
	ims_cx_asker(who, other->cx);
	g_string_append_printf(sentence,
			       ", and %s asked the HSS as %.*s in its %s", who,
			       IMS_SLICE_ARG(name),
			       ims_command_name(other->cx->command, true));
	if (other->hop)
		ims_draft_evidence(draft, other->hop->request,
				   "the REGISTER as the I-CSCF sent it on");
	ims_draft_evidence(draft, other->facts, "%s: %s, Server-Name %.*s", who,
			   ims_command_name(other->cx->command, true),
			   IMS_SLICE_ARG(name));
	ims_draft_text(draft, "used_in",
		       ims_command_name(other->cx->command, true));
}

static void fire_mismatch(struct ims_check *check, const struct ims_cx *uar,
			  const struct other *other)
{
	struct ims_slice named =
		ims_cx_shown(uar->answer->diameter->server_name);
	struct ims_draft *draft = ims_fire(check);
	GString *sentence = g_string_new(NULL);
	char who[IMS_CX_TEXT];

	g_string_append_printf(
		sentence, "%s named %.*s as the S-CSCF of %.*s",
		ims_cx_answerer_host(who, uar), IMS_SLICE_ARG(named),
		IMS_SLICE_ARG(ims_cx_shown(ims_registrant(check->attempt))));
	ims_cx_tell(draft, uar);
	ims_draft_string(draft, "named", uar->answer->diameter->server_name);
	ims_draft_string(draft, "used", other->name);
	tell_other(draft, sentence, other, uar);
	ims_draft_summary(draft, "%s.", sentence->str);
	g_string_free(sentence, TRUE);
	if (!other->hop)
		ims_draft_likely(draft);
}

static void check_name_mismatch(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;

	for (unsigned i = 0; ims_is_own(attempt) && i < attempt->n_exchanges;
	     i++) {
		const struct ims_cx *uar = attempt->exchanges[i];
		struct other other = {0};
		struct span span;

		if (uar->command != IMS_COMMAND_UA || !leaves_no_choice(uar))
			continue;
		span = span_of(attempt, uar);
		look_at_hops(&other, attempt, uar, &span);
		look_at_cx(&other, attempt, uar, &span);
		if (other.facts) {
			fire_mismatch(check, uar, &other);
			return;
		}
	}
}

static const struct ims_rule cx_scscf_name_mismatch = {
	.slug = "cx_scscf_name_mismatch",
	.family = "Cx",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_NEVER,
	.title = "Another S-CSCF is used than the HSS named",
	.explain =
		"The HSS named the user's S-CSCF in Server-Name, and the "
		"REGISTER went to another, or the S-CSCF that got it asks the "
		"HSS under another name. The HSS keeps the name that MAR and "
		"SAR give it: calls to the user are sent where that name "
		"leads, "
		"and an HSS that checks it refuses the SAR (5005).",
	.recognised =
		"A whole UAA with success, Server-Name and no "
		"Server-Capabilities; then, before the next UAR, a REGISTER "
		"that the I-CSCF sends on to another (by Request-URI, or by a "
		"Route on top) within 1.5 s, or a MAR or SAR whose Server-Name "
		"is another. Not when the I-CSCF tried anybody before and got "
		"an error, ICMP or nothing. Names are compared by host and "
		"port: scheme, user part, parameters, case and a last dot make "
		"no difference, nor do an address beside a name, a short name "
		"beside the same in full, or a port beside none. Likely only "
		"where the I-CSCF's REGISTER is not in the capture, and then "
		"only of a MAR or SAR within 1.5 s of the UAA; else it must "
		"come "
		"within 1.5 s of that REGISTER, sent once.",
	.advice =
		"Give the S-CSCF one name everywhere. Kamailio's S-CSCF takes "
		"the one in its MAR from name of ims_auth, the one in its SAR "
		"from scscf_name of ims_registrar_scscf: compare both with "
		"what the HSS has for the user (FHoSS: preferred S-CSCF set "
		"and scscf_name of the IMPU; PyHSS: scscf_pool; Open5GS learns "
		"it from MAR and SAR) and, on the I-CSCF, with the table "
		"s_cscf and preferred_scscf_uri.",
	.specs = IMS_SPECS("TS 29.228 6.1.1", "TS 29.228 6.1.2",
			   "TS 24.229 5.3.1.2"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS, {"named", IMS_FACT_STRING, "by the HSS in UAA"},
		{"used", IMS_FACT_STRING, "the other S-CSCF"},
		{"used_in", IMS_FACT_STRING, "REGISTER, MAR or SAR"}),
	.needs = IMS_SIGN_OWN | IMS_SIGN_EXCHANGE,
	.check = check_name_mismatch,
};

/* The attempt's first, so that no S-CSCF can have failed in it before. */
static bool is_first_question(const struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;

	for (unsigned i = 0; i < check->attempt->n_exchanges; i++) {
		const struct ims_cx *other = check->attempt->exchanges[i];

		if (other == cx)
			break;
		if (ims_cx_is_cx(other))
			return false;
	}
	/* REGISTRATION_AND_CAPABILITIES: it looks for another. */
	return cx->request->diameter->authorization_type != 2;
}

/* It can be no other than the one that stood before the attempt. */
static bool is_as_before(const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;

	return attempt &&
	       (!attempt->before ||
		!ims_scscf_differ(ims_slice_of(attempt->before->scscf),
				  check->cx->answer->diameter->server_name));
}

static void check_changed(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_binding *binding;
	struct ims_draft *draft;
	struct ims_slice before;
	char who[IMS_CX_TEXT];
	char whom[IMS_CX_TEXT];

	if (!names_one(cx) ||
	    (cx->command == IMS_COMMAND_UA
		     ? !check->attempt || !is_first_question(check)
		     : cx->command != IMS_COMMAND_LI) ||
	    is_as_before(check))
		return;
	binding = ims_cx_stood(check);
	if (!binding)
		return;
	before = ims_slice_of(binding->scscf);
	if (!ims_scscf_differ(before, cx->answer->diameter->server_name))
		return;
	draft = ims_fire(check);
	ims_draft_summary(
		draft,
		"%s names %.*s as the S-CSCF of %s, though %.*s registered the "
		"user with it and nothing in the capture ended that.",
		ims_cx_answerer_host(who, cx),
		IMS_SLICE_ARG(ims_cx_shown(cx->answer->diameter->server_name)),
		ims_cx_subject(whom, cx), IMS_SLICE_ARG(ims_cx_shown(before)));
	ims_cx_tell(draft, cx);
	ims_draft_evidence_at(draft, binding->assigned, binding->assigned_ns,
			      "SAA: the HSS took note of %.*s",
			      IMS_SLICE_ARG(ims_cx_shown(before)));
	ims_draft_string(draft, "before", before);
	ims_draft_string(draft, "now", cx->answer->diameter->server_name);
	ims_draft_likely(draft);
}

static const struct ims_rule cx_scscf_changed = {
	.slug = "cx_scscf_changed",
	.family = "Cx",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_EXCHANGE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The HSS names another S-CSCF than the one that serves",
	.explain =
		"The user is registered, the HSS has the name of the S-CSCF "
		"from its SAR, and now it names another. The REGISTER or call "
		"goes to an S-CSCF that does not know the user; the one that "
		"does keeps its registration until it expires.",
	.recognised =
		"UAA (the attempt's first, and not for "
		"REGISTRATION_AND_CAPABILITIES) or LIA with success and "
		"Server-Name, with Server-Capabilities beside it or not, for "
		"an identity of a set that another S-CSCF has registered by "
		"its SAR. " IMS_CX_STOOD_UNLESS
		" In a LIA an identity that the profile bars does not count. "
		"Names are compared as in cx_scscf_name_mismatch.",
	.advice =
		"Look in the HSS why the name stored for the user does not "
		"count: PyHSS picks one of scscf_pool at random; in FHoSS see "
		"scscf_name of the IMPU. Two HSS instances that do not share "
		"their data show the same. With one S-CSCF under two names, "
		"set its name as the HSS has it.",
	.specs = IMS_SPECS("TS 29.228 6.1.1", "TS 29.228 6.1.4",
			   "TS 29.228 6.1.2"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS,
		{"before", IMS_FACT_STRING, "Server-Name that it took note of"},
		{"now", IMS_FACT_STRING, "Server-Name in this answer"}),
	.needs = IMS_SIGN_UA_OR_LI,
	.check = check_changed,
};

static const struct ims_rule *const rules[] = {
	&cx_scscf_name_mismatch,
	&cx_scscf_changed,
};

const struct ims_rule_list ims_rules_cx_scscf = {rules, G_N_ELEMENTS(rules)};
