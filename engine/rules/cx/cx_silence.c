// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers that come late, or not at all. */
#include "cx_silence.h"

#include "cx_reading.h"
#include "family.h"
#include "registrant.h"

#define CX_RULE .family = "Cx", .scope = IMS_SCOPE_EXCHANGE

/* What the asker did instead of going on, and when. */
struct surrender {
	const struct ims_facts *facts; /* NULL: nothing such was seen */
	char text[IMS_CX_TEXT];
};

static bool is_asked_by_cscf(const struct ims_cx *cx)
{
	return ims_cx_is_cx(cx) &&
	       (cx->command == IMS_COMMAND_UA ||
		cx->command == IMS_COMMAND_MA ||
		cx->command == IMS_COMMAND_SA || cx->command == IMS_COMMAND_LI);
}

static void surrendered(struct surrender *surrender,
			const struct ims_facts *facts, const char *text)
{
	if (!facts ||
	    (surrender->facts && surrender->facts->time_ns <= facts->time_ns))
		return;
	surrender->facts = facts;
	g_snprintf(surrender->text, sizeof(surrender->text), "%s", text);
}

/* The same request again, or one that begins the matter anew. */
static void asked_again(struct surrender *surrender,
			const struct ims_attempt *attempt,
			const struct ims_cx *cx, int64_t since_ns)
{
	const enum ims_command again[] = {cx->command, IMS_COMMAND_MA};
	/* An S-CSCF that asks for vectors has no registration to assign. */
	size_t n = cx->command == IMS_COMMAND_SA ? 2 : 1;

	if (cx->resent && cx->resent->time_ns >= since_ns)
		surrendered(surrender, cx->resent, "sent the request again");
	/* Another REGISTER, not captured, may be what it asks for now. */
	if (!attempt || !ims_cx_has_ground(attempt, cx))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct ims_cx *next = ims_cx_next(attempt, cx, again[i]);
		char text[32];

		if (!next || next->about.request_time_ns < since_ns)
			continue;
		g_snprintf(text, sizeof(text), "sent another %s",
			   ims_command_name(next->command, true));
		surrendered(surrender, next->request, text);
	}
}

static void answered_for_itself(struct surrender *surrender,
				const struct ims_attempt *attempt,
				const struct ims_cx *cx, int64_t since_ns)
{
	const struct ims_facts *error =
		ims_cx_asker_error(attempt, cx, since_ns);
	char text[IMS_CX_TEXT];

	if (!error)
		return;
	g_snprintf(text, sizeof(text), "answered the REGISTER with %u %.*s",
		   ims_sip(error)->status,
		   IMS_SLICE_ARG(ims_cx_shown(ims_sip(error)->reason_phrase)));
	surrendered(surrender, error, text);
}

static bool is_asked_since(const struct ims_attempt *attempt,
			   const struct ims_cx *cx)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++)
		if (attempt->exchanges[i] != cx &&
		    attempt->exchanges[i]->about.request_time_ns >=
			    cx->about.request_time_ns)
			return true;
	return false;
}

/* Its own leg is not in the capture: the UE's response tells. Nobody asked the
   HSS anything in between, as who is answered does at once. */
static void was_refused_in_the_end(struct surrender *surrender,
				   const struct ims_attempt *attempt,
				   const struct ims_cx *cx, int64_t since_ns)
{
	const struct ims_sip_facts *final = ims_sip(attempt->final);
	char text[IMS_CX_TEXT];

	if (!final || final->status < 400 || final->status == 401 ||
	    final->status == 407 || attempt->final->time_ns < since_ns ||
	    ims_cx_asked_on(attempt, cx) || is_asked_since(attempt, cx))
		return;
	g_snprintf(text, sizeof(text),
		   "did nothing that is in the capture, and the UE's REGISTER "
		   "was answered with %u %.*s",
		   final->status,
		   IMS_SLICE_ARG(ims_cx_shown(final->reason_phrase)));
	surrendered(surrender, attempt->final, text);
}

/* Whoever asked the asker turns to it once more: it is silent itself. */
static void was_asked_anew(struct surrender *surrender,
			   const struct ims_attempt *attempt,
			   const struct ims_cx *cx, int64_t since_ns)
{
	for (unsigned j = 0; j < attempt->n_journeys; j++) {
		const struct ims_journey *journey = attempt->journeys[j];

		if (journey->first_ns > cx->about.request_time_ns)
			continue;
		for (unsigned h = 0; h < journey->n_hops; h++) {
			const struct ims_hop *hop = journey->hops[h];

			if (ims_cx_asks_asker(hop, cx) && hop->request &&
			    hop->first_ns >= since_ns &&
			    !ims_address_equal(&hop->from.endpoint.address,
					       &cx->about.asker.address))
				surrendered(surrender, hop->request,
					    "was asked on a new branch");
		}
	}
}

/* A hole in what the answerer sent since: the answer may be in it. */
static bool has_hole(const struct ims_cx *cx)
{
	const struct ims_link *link = cx->link;
	bool asker_is_client;

	if (!link)
		return false;
	asker_is_client = ims_endpoint_equal(&link->client, &cx->about.asker);
	return (asker_is_client ? link->gap_from_server_ns
				: link->gap_from_client_ns) >=
	       cx->about.request_time_ns;
}

/*
 * An I-CSCF that gives up may have had its answer, and found the S-CSCF
 * silent on a leg that is not captured: so a hole is too much doubt there.
 */
static struct surrender find_surrender(const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_cx *cx = check->cx;
	int64_t since_ns = cx->about.request_time_ns + IMS_CX_GIVES_UP;
	struct surrender surrender = {.facts = NULL};

	asked_again(&surrender, attempt, cx, since_ns);
	if (!attempt || (cx->command == IMS_COMMAND_UA && has_hole(cx)))
		return surrender;
	answered_for_itself(&surrender, attempt, cx, since_ns);
	was_refused_in_the_end(&surrender, attempt, cx, since_ns);
	if (cx->command == IMS_COMMAND_MA || cx->command == IMS_COMMAND_SA)
		was_asked_anew(&surrender, attempt, cx, since_ns);
	return surrender;
}

static bool came_at_once(const struct ims_facts *response,
			 const struct ims_cx *cx)
{
	return response && response->time_ns >= cx->about.request_time_ns &&
	       response->time_ns < cx->about.request_time_ns + IMS_AT_ONCE;
}

/* It acted as one that was answered, well or badly; where its own leg is not
   captured, the UE's response shows that. */
static bool had_answer(const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_cx *cx = check->cx;

	if (!attempt)
		return false;
	return came_at_once(ims_cx_asker_error(attempt, cx,
					       cx->about.request_time_ns),
			    cx) ||
	       came_at_once(attempt->final, cx) ||
	       ims_cx_went_on(attempt, cx) || ims_cx_stands_late(attempt, cx);
}

static void tell_unanswered(struct ims_check *check,
			    const struct surrender *surrender, bool proved)
{
	const struct ims_cx *cx = check->cx;
	int64_t until_ns =
		surrender->facts ? surrender->facts->time_ns : check->now_ns;
	double waited = ims_seconds(until_ns - cx->about.request_time_ns);
	struct ims_draft *draft = ims_fire(check);
	GString *sentence = g_string_new(NULL);
	char who[IMS_CX_TEXT];
	char whom[IMS_CX_TEXT];
	char subject[IMS_CX_TEXT];

	g_string_append_printf(
		sentence, "%s did not answer the %s of %s for %s in %.1f s",
		ims_cx_answerer(whom, cx), ims_command_name(cx->command, true),
		ims_cx_asker(who, cx), ims_cx_subject(subject, cx), waited);
	if (proved)
		g_string_append(sentence, ", though the connection lived on");
	if (surrender->facts)
		g_string_append_printf(sentence, "; then the %s %s",
				       ims_cx_asker(who, cx), surrender->text);
	if (cx->answer)
		g_string_append_printf(
			sentence, ", and the answer came %.1f s after the %s",
			ims_seconds(cx->answer->time_ns - cx->request->time_ns),
			ims_command_name(cx->command, true));
	ims_cx_tell(draft, cx);
	ims_draft_number(draft, "waited_s", waited);
	ims_draft_boolean(draft, "connection_alive", proved || cx->answer);
	ims_draft_evidence(draft, surrender->facts, "%s %s",
			   ims_cx_asker(who, cx), surrender->text);
	if (!proved && !cx->answer)
		ims_draft_likely(draft);
	if (ims_cx_explains(check)) {
		ims_cx_append_outcome(sentence, check->attempt);
		ims_cx_tell_outcome(draft, check->attempt);
	} else {
		ims_draft_no_cause(draft);
	}
	ims_draft_summary(draft, "%s.", sentence->str);
	g_string_free(sentence, TRUE);
}

/* The answer came when the asker had given up and answered for itself. */
static struct surrender given_up_before(const struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	struct surrender surrender = {.facts = NULL};

	if (check->attempt)
		answered_for_itself(&surrender, check->attempt, cx,
				    cx->about.request_time_ns +
					    IMS_CX_GIVES_UP);
	if (surrender.facts && surrender.facts->time_ns >= cx->answer->time_ns)
		surrender.facts = NULL;
	return surrender;
}

/* What says that there was no answer in time: what the asker did instead, or
 *proved, that the connection lived on in silence. */
static bool was_silent(const struct ims_check *check,
		       struct surrender *surrender, bool *proved)
{
	const struct ims_cx *cx = check->cx;
	bool long_ago = check->now_ns - cx->about.request_time_ns >=
			check->options->answer_timeout_ns;

	*proved = false;
	if (!is_asked_by_cscf(cx) || !cx->request || had_answer(check))
		return false;
	if (cx->answer) {
		*surrender = given_up_before(check);
		return surrender->facts;
	}
	if (cx->far_answer)
		return false;
	*surrender = find_surrender(check);
	*proved = ims_cx_silence_is_proved(cx);
	return surrender->facts || (*proved && long_ago);
}

bool ims_cx_is_unanswered(const struct ims_check *check)
{
	struct surrender surrender;
	bool proved;

	return was_silent(check, &surrender, &proved);
}

static void check_unanswered(struct ims_check *check)
{
	struct surrender surrender;
	bool proved;

	if (was_silent(check, &surrender, &proved))
		tell_unanswered(check, &surrender, proved);
}

static const struct ims_rule cx_unanswered = {
	.slug = "cx_unanswered",
	CX_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.origin = IMS_ORIGIN_UNANSWERED,
	.title = "The HSS did not answer",
	.explain = "A request of a CSCF had no answer. The CSCF waits for its "
		   "Diameter timer and then fails the registration for itself: "
		   "Kamailio's I-CSCF with 408 or 480, which its P-CSCF makes "
		   "504; an S-CSCF with 480 or 500. An unanswered SAR can show "
		   "as a second 401.",
	.recognised =
		"UAR, MAR, SAR or LIR without an answer, and either the "
		"answer timeout has passed and the answerer sent something "
		"later on the connection, with no hole in its direction since "
		"the request; or (likely only, unless that is so as well) the "
		"asker plainly gave up 2 s later or more: it answered the "
		"REGISTER with an error of 400 or more that is no challenge, "
		"sent the request again, or, for a REGISTER seen to reach it "
		"and not answered by then, another of that kind (a MAR "
		"instead of a SAR counts too); a silent S-CSCF is also asked "
		"on a new branch; where its own leg is not in the capture, the "
		"UE got such an error, and nothing was asked in between. After "
		"a UAR whose answer may be in a hole "
		"only the request sent again, or another UAR, counts: the "
		"error may be for an S-CSCF that is silent. Also where the "
		"answer came after such an error. Not where the "
		"asker acted as one that has its answer, so that the capture "
		"lost it: it (or whoever answered the UE) refused within "
		"1.5 s, sent the REGISTER on, challenged, asked the next "
		"thing, got a 200 through, or the UE answered its challenge. "
		"Not where that stands up to 2 s before the request (TCP sent "
		"a lost segment again), where an agent in between has the "
		"answer, or where the capture ends before the timeout.",
	.advice =
		"Look into the HSS's log for this request: did it arrive, and "
		"did the HSS choke on it? Some HSSs answer nothing at all to "
		"a command they lack (LIR) or an identity they cannot parse. "
		"Behind an agent, find the leg on which the request is lost. "
		"If all requests to this HSS go unanswered, see the watchdogs "
		"on the connection (cx_peer_silent).",
	.specs = IMS_SPECS("RFC 6733 6.2", "TS 29.228 6.1.1", "TS 29.228 6.3"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS,
		{"waited_s", IMS_FACT_NUMBER,
		 "seconds until the asker gave up, else until now"},
		{"connection_alive", IMS_FACT_BOOLEAN,
		 "the answerer sent something later, and nothing is missing"}),
	.needs = IMS_SIGN_SILENCE,
	.check = check_unanswered,
};

static void check_slow_answer(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	int64_t latency_ns;
	int64_t median_ns;
	struct ims_draft *draft;
	char whom[IMS_CX_TEXT];
	char subject[IMS_CX_TEXT];
	char median[48] = "";

	if (!ims_cx_is_cx(cx) || !cx->request || !cx->answer)
		return;
	latency_ns = cx->answer->time_ns - cx->request->time_ns;
	if (latency_ns <= check->options->slow_answer_ns)
		return;
	median_ns = ims_median_latency(check, cx);
	draft = ims_fire(check);
	ims_cx_tell(draft, cx);
	ims_draft_number(draft, "latency_ms",
			 (double)latency_ns / (double)IMS_MILLISECOND);
	if (median_ns >= 0) {
		double ms = (double)median_ns / (double)IMS_MILLISECOND;

		ims_draft_number(draft, "median_ms", ms);
		g_snprintf(median, sizeof(median),
			   ", the median of its answers is %.1f ms", ms);
	}
	ims_draft_no_cause(draft);
	ims_draft_summary(draft, "%s took %.2f s to answer the %s for %s%s.",
			  ims_cx_answerer(whom, cx), ims_seconds(latency_ns),
			  ims_command_name(cx->command, true),
			  ims_cx_subject(subject, cx), median);
}

static const struct ims_rule cx_slow_answer = {
	.slug = "cx_slow_answer",
	CX_RULE,
	.severity = IMS_SEVERITY_WARNING,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The HSS answered late",
	.explain = "The answer took longer than the threshold. A registration "
		   "waits for three of them; over UDP the UE retransmits after "
		   "half a second.",
	.recognised =
		"Time between request and answer on the asker's side above "
		"the option for slow answers (1 s).",
	.advice =
		"Compare with the median: if all answers of this peer are "
		"slow, look at its load, its database and the network; if "
		"this one alone is, at this subscriber's record and the HSS's "
		"log at this moment. Where both sides of an agent are "
		"captured, see which side takes the time.",
	.specs = IMS_SPECS("RFC 3261 17.1.2", "RFC 6733 6.2"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS,
		{"latency_ms", IMS_FACT_NUMBER, "time to this answer"},
		{"median_ms", IMS_FACT_NUMBER,
		 "median of this peer's answers to that command"}),
	.check = check_slow_answer,
};

/* After a failover: the first was sent to another peer, on a connection that
   need not be in the capture. */
static void append_resent(GString *sentence, const struct ims_cx *cx)
{
	char who[IMS_CX_TEXT];
	char subject[IMS_CX_TEXT];

	g_string_append_printf(sentence, "%s sent its %s for %s ",
			       ims_cx_asker(who, cx),
			       ims_command_name(cx->command, true),
			       ims_cx_subject(subject, cx));
	if (!cx->resent)
		g_string_append(sentence,
				"with the T bit: again, though the first is "
				"not in the capture");
	else
		g_string_append_printf(
			sentence, "again, first after %.2f s%s",
			ims_seconds(cx->resent->time_ns - cx->request->time_ns),
			ims_diameter(cx->resent)->is_retransmitted
				? ", with the T bit"
				: "");
}

static void check_retransmitted(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_diameter_facts *resent = ims_diameter(cx->resent);
	struct ims_draft *draft;
	GString *sentence;

	if (!ims_cx_is_cx(cx) || !cx->request)
		return;
	if (!resent && !ims_diameter(cx->request)->is_retransmitted)
		return;
	draft = ims_fire(check);
	ims_cx_tell(draft, cx);
	ims_draft_integer(draft, "times", resent ? cx->n_resent : 1);
	ims_draft_boolean(draft, "flagged",
			  !resent || resent->is_retransmitted);
	ims_draft_evidence(
		draft, cx->resent, "the same %s again%s",
		ims_command_name(cx->command, true),
		resent && resent->is_retransmitted ? ", with the T bit" : "");
	sentence = g_string_new(NULL);
	append_resent(sentence, cx);
	ims_cx_finish(draft, sentence, NULL);
}

static const struct ims_rule cx_retransmitted = {
	.slug = "cx_retransmitted",
	CX_RULE,
	.severity = IMS_SEVERITY_NOTE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "A Cx request was sent again",
	.explain =
		"The asker repeated a request with its identifiers, as after "
		"a failover to another peer (with the T bit). The answerer "
		"must not treat it as a second request.",
	.recognised =
		"The same Origin-Host and End-to-End Identifier once more "
		"from the same node, or a request with the T bit, the first "
		"of which the capture does not hold. A copy on the far side "
		"of an agent is none.",
	.advice = "See why the first was not answered in time: a connection "
		  "that failed just then, or a slow HSS.",
	.specs = IMS_SPECS("RFC 6733 5.5.4", "RFC 6733 3"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS,
		{"times", IMS_FACT_INTEGER, "how often it was sent again"},
		{"flagged", IMS_FACT_BOOLEAN, "with the T bit"}),
	.check = check_retransmitted,
};

static const struct ims_rule *const rules[] = {
	&cx_unanswered,
	&cx_slow_answer,
	&cx_retransmitted,
};

const struct ims_rule_list ims_rules_cx_silence = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
