// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of an attempt, as CONTRACT words it: before rules look. */
#include "core.h"

static bool is_asked_to_end(const struct ims_sip_facts *sip)
{
	if (sip->contact_star)
		return sip->expires == 0;
	if (sip->n_contacts && sip->contacts[0].expires >= 0)
		return sip->contacts[0].expires == 0;
	return sip->expires == 0;
}

/* TS 24.229 5.1.6.2: the "sos" URI parameter in Contact. */
static bool is_emergency(const struct ims_sip_facts *sip)
{
	struct ims_slice params;

	if (!sip->n_contacts)
		return false;
	params = sip->contacts[0].address.uri_params;
	for (size_t i = 0; i < params.len; i++) {
		struct ims_slice rest =
			ims_slice(params.at + i, params.len - i);

		if ((i == 0 || params.at[i - 1] == ';') &&
		    ims_slice_starts_nocase(rest, "sos") &&
		    (rest.len == 3 || strchr("=;", rest.at[3])))
			return true;
	}
	return false;
}

/* Cx tells where SIP does not: the user deregisters by 1 (TS 29.229 6.3.24)
   or by an assignment of 5 or 7. */
static bool cx_asks_to_end(const struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_diameter_facts *d =
			ims_diameter(attempt->exchanges[i]->request);

		if (!d)
			continue;
		if (d->command == IMS_COMMAND_UA && d->authorization_type == 1)
			return true;
		if (d->command == IMS_COMMAND_SA &&
		    (d->assignment_type == 5 || d->assignment_type == 7))
			return true;
	}
	return false;
}

static bool cx_refreshes(const struct ims_attempt *attempt)
{
	const struct ims_cx *sa =
		ims_attempt_exchange(attempt, IMS_COMMAND_SA, INT64_MAX);

	return sa && sa->request && sa->request->diameter->assignment_type == 2;
}

static const struct ims_sip_facts *first_request(
	const struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_facts *request =
			ims_journey_request(attempt->journeys[i]);

		if (request)
			return request->sip;
	}
	return NULL;
}

static enum ims_kind kind_of(const struct ims_attempt *attempt)
{
	const struct ims_sip_facts *sip = first_request(attempt);
	const struct ims_binding *before = attempt->before;

	if (attempt->kind == IMS_KIND_THIRD_PARTY)
		return IMS_KIND_THIRD_PARTY;
	if (!sip && cx_asks_to_end(attempt))
		return IMS_KIND_DEREGISTRATION;
	if (!sip)
		return before || cx_refreshes(attempt) ? IMS_KIND_REFRESH
						       : IMS_KIND_INITIAL;
	if (sip->n_contacts == 0 && !sip->contact_star)
		return IMS_KIND_FETCH;
	if (is_asked_to_end(sip))
		return IMS_KIND_DEREGISTRATION;
	if (is_emergency(sip))
		return IMS_KIND_EMERGENCY;
	if (attempt->stood_under_call)
		return IMS_KIND_REFRESH;
	/* It already stands on an agreement that the capture did not see. */
	if (!before && sip->security_verify.n)
		return IMS_KIND_REFRESH;
	return IMS_KIND_INITIAL;
}

static bool is_to_end(const struct ims_attempt *attempt)
{
	const struct ims_sip_facts *sip = first_request(attempt);

	return sip ? is_asked_to_end(sip) : cx_asks_to_end(attempt);
}

static void succeed(struct ims_attempt *attempt)
{
	attempt->outcome = is_to_end(attempt) ? IMS_OUTCOME_DEREGISTERED
					      : IMS_OUTCOME_REGISTERED;
}

static void leave_open(struct ims_attempt *attempt, const char *lacking)
{
	attempt->outcome = IMS_OUTCOME_INCOMPLETE;
	attempt->lacking = lacking;
}

/* An SAA that made or ended the registration, after `since_ns`. */
static bool is_assigned(const struct ims_attempt *attempt, int64_t since_ns)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *cx = attempt->exchanges[i];
		const struct ims_diameter_facts *d = ims_diameter(cx->request);

		if (cx->command != IMS_COMMAND_SA || !cx->answer ||
		    !ims_cx_succeeded(cx) ||
		    cx->about.request_time_ns < since_ns)
			continue;
		if (!d || d->assignment_type == 1 || d->assignment_type == 2 ||
		    d->assignment_type == 5 || d->assignment_type == 7)
			return true;
	}
	return false;
}

/* An SAA alone does not tell when it was asked for. */
static bool is_assigned_after(const struct ims_attempt *attempt,
			      int64_t challenge_ns)
{
	const struct ims_cx *sar =
		ims_attempt_exchange(attempt, IMS_COMMAND_SA, INT64_MAX);

	return sar && sar->request && is_assigned(attempt, challenge_ns);
}

static bool is_refused_by_cx(const struct ims_attempt *attempt)
{
	const struct ims_cx *last;

	if (attempt->n_exchanges == 0)
		return false;
	last = attempt->exchanges[attempt->n_exchanges - 1];
	/* A redirection refuses nothing. */
	return last->answer && last->answer != last->redirect &&
	       last->about.result.code >= 3000;
}

static void settle_from_cx(struct ims_attempt *attempt)
{
	if (is_assigned(attempt, INT64_MIN))
		succeed(attempt);
	else if (is_refused_by_cx(attempt))
		attempt->outcome = IMS_OUTCOME_REJECTED;
	else
		leave_open(attempt,
			   "no SIP leg, and no Server-Assignment-Answer");
}

/* The capture goes on long enough to tell silence from an early end. */
static bool waited(const struct ims_attempt *attempt)
{
	return !attempt->capture_ended ||
	       attempt->settled_ns - attempt->last_ns >= IMS_SIP_TIMEOUT;
}

/* The leg nearer to the UE is captured, and the challenge is not on it: what
   came of it there is not known. */
static bool is_seen_upstream_only(const struct ims_attempt *attempt,
				  const struct ims_journey *last)
{
	const struct ims_hop *first = ims_journey_first(last);

	return first && first->request && attempt->final_hop &&
	       attempt->final_hop->depth > first->depth;
}

static void settle_challenged(struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	/* By an answer to it that the capture lacks; what was asked for before
	   the challenge came in vain, for the S-CSCF had given up. */
	if (is_assigned_after(attempt, attempt->final->time_ns))
		succeed(attempt);
	else if (is_assigned(attempt, attempt->final->time_ns))
		leave_open(attempt, "an SAA came after the challenge, and its "
				    "SAR is not in the capture");
	else if (attempt->esp_unread)
		leave_open(attempt, "what the UE sent in ESP after the "
				    "challenge could not be read");
	else if (attempt->ue_went_on)
		leave_open(attempt, "the UE's answer to the challenge is not "
				    "in the capture, and it went on");
	else if (attempt->ue_gap)
		leave_open(attempt, "the UE's answer to the challenge may be "
				    "among the bytes that the capture lacks");
	else if (!attempt->final_hop->request)
		leave_open(attempt, "the REGISTER that was challenged is not "
				    "in the capture");
	else if (is_seen_upstream_only(attempt, last) &&
		 !attempt->response_lost)
		leave_open(attempt, "the UE's leg shows no challenge");
	else if (attempt->request_in_pieces)
		leave_open(attempt, "the capture lacks fragments of the UE's "
				    "answer to the challenge");
	else if (attempt->capture_lossy)
		leave_open(attempt, "the capture lacks other messages "
				    "meanwhile, and may lack the UE's answer "
				    "to the challenge");
	else if (attempt->began_anew || waited(attempt))
		attempt->outcome = IMS_OUTCOME_CHALLENGED;
	else
		leave_open(attempt, "the capture ends before the UE's answer "
				    "to the challenge");
}

static bool anything_came_back(const struct ims_journey *journey)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (journey->hops[i]->provisional || journey->hops[i]->final)
			return true;
	return false;
}

/* With no sign of life where the leg is known to be captured in that direction
   fewer will do: timer E, 0.5, 1, 2 s. A UE that is calm has had its answer. */
#define LEAST_TRANSMISSIONS 4
/* A proxy gives up after some 5 s of it. */
#define LEAST_PROXY_TRANSMISSIONS 3

/* The node asked did something with it: answered, forwarded, asked the HSS. */
static bool shows_life(const struct ims_attempt *attempt,
		       const struct ims_journey *journey,
		       const struct ims_hop *hop)
{
	return hop->provisional || ims_hop_has_below(journey, hop) ||
	       attempt->n_exchanges;
}

/* A stream is not sent on again, and shows by its numbers that nothing came
   back on it. */
static bool stood_alone(const struct ims_attempt *attempt,
			const struct ims_journey *journey,
			const struct ims_hop *hop)
{
	return hop->request->transport != IMS_TRANSPORT_UDP &&
	       attempt->kind != IMS_KIND_THIRD_PARTY &&
	       !attempt->answers_unread && !attempt->ue_gap &&
	       !shows_life(attempt, journey, hop);
}

static bool sent_in_vain(const struct ims_attempt *attempt,
			 const struct ims_journey *journey,
			 const struct ims_hop *hop)
{
	if (attempt->kind == IMS_KIND_THIRD_PARTY)
		return hop->n_requests >= LEAST_PROXY_TRANSMISSIONS;
	if (hop->last_request_ns - hop->first_ns >= IMS_LEAST_SENDING ||
	    stood_alone(attempt, journey, hop))
		return true;
	return hop->n_requests >= LEAST_TRANSMISSIONS && attempt->pcscf_heard &&
	       !shows_life(attempt, journey, hop);
}

/* Twice T2, the longest that a client rests between two transmissions (RFC 3261
   17.1.2.2): told by ICMP that nobody is there, it has given up. */
#define GIVEN_UP_AFTER_ICMP (8 * IMS_SECOND)

/* Timer F runs from the first transmission (RFC 3261 17.1.2.2), and however
   short the capture is after the last. */
static bool waited_for(const struct ims_attempt *attempt,
		       const struct ims_hop *hop)
{
	return waited(attempt) ||
	       attempt->settled_ns - hop->first_ns >= IMS_SIP_TIMEOUT ||
	       (hop->icmp &&
		attempt->settled_ns - attempt->last_ns >= GIVEN_UP_AFTER_ICMP);
}

/*
 * Whether the UE waited in vain: it sent again and again, was refused by
 * ICMP, or began anew once its timer had run out, and nothing came back. Less
 * proves nothing: captures lose packets too.
 */
static bool waited_in_vain(const struct ims_attempt *attempt,
			   const struct ims_journey *last)
{
	const struct ims_hop *first = ims_journey_first(last);

	if (!first || !first->request || attempt->ue_went_on ||
	    attempt->esp_unread)
		return false;
	if (first->icmp || sent_in_vain(attempt, last, first))
		return attempt->began_anew || waited_for(attempt, first);
	return attempt->began_anew && !anything_came_back(last) &&
	       attempt->settled_ns - first->first_ns >= IMS_SIP_TIMEOUT;
}

static void settle_unanswered(struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	if (is_assigned(attempt, last->first_ns))
		succeed(attempt);
	else if (attempt->response_in_pieces)
		leave_open(attempt, "the capture lacks fragments of the "
				    "response");
	else if (waited_in_vain(attempt, last))
		attempt->outcome = IMS_OUTCOME_UNANSWERED;
	else if (is_refused_by_cx(attempt) && waited(attempt))
		attempt->outcome = IMS_OUTCOME_REJECTED;
	else if (attempt->capture_ended && !waited(attempt))
		leave_open(attempt,
			   "the capture ends before the final response");
	else
		leave_open(attempt, "the final response is not in the capture");
}

/* A UE that never got the response is not registered, whatever the core
   thinks; its deregistration counts, and so does a refusal. */
static bool is_unanswered_by_loss(const struct ims_attempt *attempt)
{
	unsigned status =
		ims_sip(attempt->lost) ? attempt->lost->sip->status : 0;

	if (ims_is_challenge(status))
		return true;
	return status >= 200 && status < 300 && !is_to_end(attempt);
}

static void settle_outcome(struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	unsigned status;

	if (!last) {
		settle_from_cx(attempt);
		return;
	}
	attempt->lost = ims_attempt_lost_response(attempt);
	if (is_unanswered_by_loss(attempt)) {
		attempt->outcome = IMS_OUTCOME_UNANSWERED;
		return;
	}
	attempt->final = ims_journey_final(last, &attempt->final_hop);
	if (!attempt->final) {
		settle_unanswered(attempt);
		return;
	}
	status = attempt->final->sip->status;
	attempt->status = (uint16_t)status;
	attempt->reason = attempt->final->sip->reason_phrase;
	if (ims_is_challenge(status))
		settle_challenged(attempt);
	else if (status < 300 && !is_to_end(attempt) &&
		 ims_attempt_still_asks(attempt))
		leave_open(attempt, "the capture ends while the UE, whose leg "
				    "shows no response, still asks");
	else if (status < 300)
		succeed(attempt);
	else
		attempt->outcome = IMS_OUTCOME_REJECTED;
}

/* A 200 lists all that stands (RFC 3261 10.3): what was asked for is its own
   contact's. */
static int64_t granted(const struct ims_sip_facts *given,
		       const struct ims_sip_facts *asked)
{
	const struct ims_sip_contact *own =
		given->n_contacts ? &given->contacts[0] : NULL;

	for (size_t i = 0; asked && asked->n_contacts && i < given->n_contacts;
	     i++) {
		if (ims_slice_equal(given->contacts[i].address.uri,
				    asked->contacts[0].address.uri)) {
			own = &given->contacts[i];
			break;
		}
	}
	return own && own->expires >= 0 ? own->expires : given->expires;
}

static int64_t expires_of(const struct ims_attempt *attempt)
{
	const struct ims_sip_facts *asked = first_request(attempt);
	const struct ims_sip_facts *given = ims_sip(attempt->final);

	if (given && given->status < 300 && granted(given, asked) >= 0)
		return granted(given, asked);
	return ims_asked_expires(asked);
}

/* The first that names it counts. */
static void name_scscf(struct ims_attempt *attempt, struct ims_slice name)
{
	if (!ims_slice_is_set(attempt->scscf) && !ims_slice_is_empty(name))
		attempt->scscf = ims_until_nul(name);
}

/* UAA or LIA name it, MAR and SAR carry it; else the leg towards it. What they
   hold is there as long as the attempt. */
static void find_scscf(struct ims_attempt *about)
{
	for (unsigned i = 0; i < about->n_exchanges; i++)
		name_scscf(about, about->exchanges[i]->about.server_name);
	for (unsigned i = 0;
	     i < about->n_journeys && !ims_slice_is_set(about->scscf); i++) {
		const struct ims_journey *journey = about->journeys[i];

		for (unsigned k = 0; k < journey->n_hops; k++) {
			const struct ims_hop *hop = journey->hops[k];

			if (hop->depth > 1 && hop->request &&
			    hop->to.role == IMS_ROLE_S_CSCF)
				name_scscf(about,
					   hop->request->sip->request_uri.uri);
		}
	}
	if (about->kind == IMS_KIND_THIRD_PARTY && first_request(about) &&
	    first_request(about)->n_contacts)
		name_scscf(about,
			   first_request(about)->contacts[0].address.uri);
}

static const struct ims_binding *stood_before(
	struct ims_engine *engine, const struct ims_attempt *attempt,
	const struct ims_identity *identity)
{
	const struct ims_binding *binding = ims_bindings_find_read(
		engine->bindings, identity, engine->now_ns);

	return binding && binding->since_ns < attempt->start_ns ? binding
								: NULL;
}

/* What stands is known once a registration is final; the S-CSCF asks sooner. */
static const struct ims_profile *asked_by(
	const struct ims_engine *engine, const struct ims_open_attempt *attempt)
{
	const struct ims_few *found =
		ims_index_of(engine->identities, &attempt->about.impu_read);
	const struct ims_profile *profile = NULL;

	for (unsigned i = 0; found && i < found->n && !profile; i++) {
		const struct ims_open_attempt *other = found->at[i];

		if (other->about.start_ns <= attempt->about.start_ns)
			profile = ims_attempt_profile(&other->about);
	}
	return profile;
}

/* By the HSS (TS 29.228 6.1.3), before it began. */
static bool was_ended(const struct ims_engine *engine,
		      const struct ims_open_attempt *attempt)
{
	return ims_endings_asked(engine->endings, &attempt->about.impu_read,
				 attempt->about.start_ns) ||
	       ims_endings_asked(engine->endings, &attempt->about.impi_read,
				 attempt->about.start_ns);
}

/* Where it has not said itself who it is: as its exchanges say, or what
   stood. */
static void name_impi(struct ims_engine *engine,
		      struct ims_open_attempt *attempt)
{
	struct ims_attempt *about = &attempt->about;

	if (attempt->impi)
		return;
	for (unsigned i = 0; i < about->n_exchanges; i++)
		ims_text_default(engine, &attempt->impi,
				 about->exchanges[i]->about.impi);
	if (about->before && about->before->impi)
		ims_text_default(engine, &attempt->impi,
				 ims_slice_of(about->before->impi));
	about->impi = ims_slice_of(attempt->impi);
	ims_identity_read(&attempt->about.impi_read, about->impi);
}

static void find_identities(struct ims_engine *engine,
			    struct ims_open_attempt *attempt)
{
	struct ims_attempt *about = &attempt->about;

	about->before = stood_before(engine, about, &attempt->about.impu_read);
	if (!about->before)
		about->before =
			stood_before(engine, about, &attempt->about.impi_read);
	if (about->kind == IMS_KIND_THIRD_PARTY)
		about->asked_by = asked_by(engine, attempt);
	about->stood_under_call = ims_bindings_stand_under(
		engine->bindings, &attempt->about.impu_read, about->call_id,
		about->start_ns);
	name_impi(engine, attempt);
	if (was_ended(engine, attempt)) {
		about->before = NULL;
		about->stood_under_call = false;
	}
}

static int64_t first_challenge_ns(const struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_facts *challenge =
			ims_journey_challenge(attempt->journeys[i], NULL);

		if (challenge)
			return challenge->time_ns;
	}
	return INT64_MAX;
}

/* What the UE did after its last REGISTER, as far as addresses tell. */
static void look_at_ue(struct ims_engine *engine, struct ims_attempt *attempt)
{
	const struct ims_address *ue = &attempt->ue.address;
	const struct ims_address *pcscf = &attempt->pcscf.endpoint.address;
	int64_t start_ns = attempt->start_ns;
	struct ims_heard_times of_ue;
	struct ims_heard_times of_pcscf;

	attempt->pcscf_heard_ns = -1;
	if (!ue->family || !pcscf->family)
		return;
	of_ue = ims_pairs_times(engine->pairs, ue, pcscf);
	of_pcscf = ims_pairs_times(engine->pairs, pcscf, ue);
	attempt->pcscf_heard_ns = of_pcscf.sip_ns;
	attempt->pcscf_heard = of_pcscf.sip_ns >= 0;
	attempt->answers_unread =
		of_pcscf.esp_ns >= start_ns || of_pcscf.gap_ns >= start_ns;
	attempt->ue_notified_end = of_pcscf.end_ns >= start_ns;
	attempt->ue_went_on |= of_ue.other_request_ns > attempt->last_ns;
	attempt->esp_unread = of_ue.esp_ns >= first_challenge_ns(attempt);
	attempt->ue_gap = of_ue.gap_ns >= start_ns;
}

/* Fragments that the network lost, not the capture, are no excuse. */
static void look_at_fragments(const struct ims_engine *engine,
			      struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const GPtrArray *partials =
		ims_observed_partials_of(engine->observation, attempt->call_id);

	for (unsigned i = 0; last && partials && i < partials->len; i++) {
		const struct ims_observed_partial *partial = partials->pdata[i];

		bool lost = ims_partial_is_in_vain(engine->observation, partial,
						   engine->now_ns);

		if (partial->method != IMS_SIP_METHOD_REGISTER)
			continue;
		if (partial->is_request)
			attempt->request_in_pieces |=
				partial->cseq > last->cseq && !lost;
		else if (partial->cseq == last->cseq)
			*(lost ? &attempt->response_lost
			       : &attempt->response_in_pieces) = true;
	}
}

void ims_attempt_settle(struct ims_engine *engine,
			struct ims_open_attempt *attempt)
{
	struct ims_attempt *about = &attempt->about;

	for (unsigned i = 0; i < about->n_journeys; i++)
		ims_journey_settle(about->journeys[i]);
	about->settled_ns = engine->now_ns;
	about->capture_ended = engine->ended || attempt->let_go;
	find_identities(engine, attempt);
	ims_parties_of_attempt(engine, about);
	look_at_ue(engine, about);
	look_at_fragments(engine, about);
	about->capture_lossy = ims_observed_is_lossy(engine->observation,
						     &attempt->heard_before);
	about->kind = kind_of(about);
	settle_outcome(about);
	about->expires = expires_of(about);
	about->rounds = ims_flaps_note(engine->flaps, about);
	find_scscf(about);
}
