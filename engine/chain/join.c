// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which registration a Diameter exchange belongs to: by the Call-ID where a
 * vendor adds it, by IMPI and IMPU, by the CSCF's address on both protocols,
 * and by order in time. A challenge's nonce corrects it afterwards: that is
 * the vector itself (see ims_join_move).
 */
#include "core.h"

/* A CSCF asks this soon after the REGISTER that made it ask. */
#define JOIN_NS (15 * IMS_SECOND)
/* And this soon after it was sent there the last time. */
#define WAIT_NS (2 * IMS_SECOND)

enum {
	SCORE_IMPI = 8,
	SCORE_IMPU = 4,
	SCORE_NODE = 4,
	SCORE_WAITING = 2,
};

static bool leads_to(const struct ims_hop *hop, const struct ims_address *node)
{
	return ims_address_equal(&hop->to.endpoint.address, node);
}

static bool passes(const struct ims_journey *journey,
		   const struct ims_address *node)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (leads_to(journey->hops[i], node))
			return true;
	return false;
}

static bool goes_through(const struct ims_attempt *attempt,
			 const struct ims_address *node)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++)
		if (passes(attempt->journeys[i], node))
			return true;
	return false;
}

/* Its last REGISTER has no final response yet on the first leg seen. */
static bool is_waiting(const struct ims_attempt *attempt)
{
	const struct ims_journey *last;
	const struct ims_hop *first;

	if (attempt->n_journeys == 0)
		return true;
	last = attempt->journeys[attempt->n_journeys - 1];
	first = ims_journey_first(last);
	return first && !first->final;
}

/* The REGISTER has just reached the node, and not for the first time: a UE
   that did not get the response asks on until a proxy has forgotten the
   transaction and sends it on anew, under the old branch or another. */
static bool is_asked_again(const struct ims_journey *journey,
			   const struct ims_address *node, int64_t since_ns,
			   int64_t now_ns)
{
	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (leads_to(hop, node) && hop->last_request_ns > since_ns &&
		    now_ns - hop->last_request_ns <= WAIT_NS)
			return true;
	}
	return false;
}

/* Its final response came a while ago: what is asked now is for another. */
static bool is_past(const struct ims_attempt *attempt,
		    const struct ims_address *asker, int64_t now_ns)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_facts *final =
		last ? ims_journey_final(last, NULL) : NULL;

	return final && final->sip->status != 401 &&
	       final->sip->status != 407 && final->sip->status != 494 &&
	       now_ns - final->time_ns > IMS_SECOND &&
	       !is_asked_again(last, asker, final->time_ns, now_ns);
}

/* Whom an exchange is about, read once. */
struct about_whom {
	struct ims_identity impi;
	struct ims_identity impu;
};

static int score(const struct ims_open_attempt *attempt,
		 const struct ims_open_cx *cx, const struct about_whom *whom,
		 int64_t now_ns)
{
	const struct ims_attempt *about = &attempt->about;
	int points = 0;

	if (about->kind == IMS_KIND_THIRD_PARTY ||
	    now_ns - about->last_ns > JOIN_NS)
		return 0;
	if (ims_identity_equal(&attempt->about.impi_read, &whom->impi))
		points += SCORE_IMPI;
	if (ims_identity_equal(&attempt->about.impu_read, &whom->impu))
		points += SCORE_IMPU;
	if (points == 0 ||
	    is_past(about, &cx->about.about.asker.address, now_ns))
		return 0;
	if (goes_through(about, &cx->about.about.asker.address))
		points += SCORE_NODE;
	if (is_waiting(about))
		points += SCORE_WAITING;
	return points;
}

struct choice {
	struct ims_open_attempt *best;
	int points;
};

static void choose(struct choice *choice, struct ims_engine *engine,
		   const struct ims_open_cx *cx, const struct about_whom *whom,
		   const struct ims_few *found)
{
	for (unsigned i = 0; found && i < found->n; i++) {
		struct ims_open_attempt *attempt = found->at[i];
		int points = score(attempt, cx, whom, engine->now_ns);

		if (points > choice->points ||
		    (points == choice->points && choice->best &&
		     attempt->about.last_ns > choice->best->about.last_ns))
			*choice = (struct choice){attempt, points};
	}
}

static struct ims_open_attempt *by_identity(struct ims_engine *engine,
					    const struct ims_open_cx *cx)
{
	struct choice choice = {NULL, 0};
	struct about_whom whom;
	const struct ims_few *by_impi;
	const struct ims_few *by_impu;

	ims_identity_read(&whom.impi, cx->impi);
	ims_identity_read(&whom.impu, cx->impu);
	by_impi = ims_index_of(engine->identities, &whom.impi);
	by_impu = ims_index_of(engine->identities, &whom.impu);
	choose(&choice, engine, cx, &whom, by_impi);
	if (by_impu != by_impi)
		choose(&choice, engine, cx, &whom, by_impu);
	return choice.best;
}

/* Only the answer was captured, and it names nobody: it belongs to the one
   attempt that waits at the node it goes to, if there is just one. */
#define LOOK_AT 256

/* The last REGISTER has reached the node, which has not responded to it. */
static bool waits_at(const struct ims_attempt *attempt,
		     const struct ims_address *node, int64_t now_ns)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	for (unsigned i = 0; last && i < last->n_hops; i++) {
		const struct ims_hop *hop = last->hops[i];

		if (leads_to(hop, node) && hop->request && !hop->final &&
		    now_ns - hop->last_request_ns <= WAIT_NS)
			return true;
	}
	return false;
}

/* Where in a registration the command stands: UAR, MAR, SAR; -1: nowhere. */
static int stage(enum ims_command command)
{
	switch (command) {
	case IMS_COMMAND_UA:
		return 0;
	case IMS_COMMAND_MA:
		return 1;
	case IMS_COMMAND_SA:
		return 2;
	default:
		return -1;
	}
}

/* Its own request of that kind, or of what comes after it, is there, for the
   last REGISTER. */
static bool has_asked(const struct ims_attempt *attempt,
		      enum ims_command command)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	for (unsigned i = 0; last && i < attempt->n_exchanges; i++) {
		const struct ims_cx *cx = attempt->exchanges[i];

		if (stage(cx->command) >= stage(command) && cx->request &&
		    cx->request->time_ns >= last->first_ns)
			return true;
	}
	return false;
}

/* An answer was guessed to be its already: there are two that name nobody,
   and one of them is of somebody whose REGISTER was not captured. */
static struct ims_cx *guessed_before(const struct ims_attempt *attempt,
				     enum ims_command command)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	for (unsigned i = 0; last && i < attempt->n_exchanges; i++) {
		struct ims_cx *cx = attempt->exchanges[i];

		if (cx->guessed && cx->command == command &&
		    cx->about.answer_time_ns >= last->first_ns)
			return cx;
	}
	return NULL;
}

/* Credentials without a response, and not over a security association, are
   challenged, not accepted (TS 24.229 5.4.1.2.1): no SAR is for them. */
static bool awaits_challenge(const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_facts *request =
		last ? ims_journey_request(last) : NULL;
	const struct ims_sip_auth *auth =
		request ? request->sip->authorization : NULL;

	return auth && auth->present && !request->protected &&
	       ims_slice_is_empty(auth->response) &&
	       !ims_slice_is_nocase(auth->integrity_protected, "yes") &&
	       !request->sip->security_verify.n;
}

static struct ims_open_attempt *by_node(struct ims_engine *engine,
					const struct ims_open_cx *cx)
{
	struct ims_open_attempt *found = NULL;
	struct ims_cx *rival;
	unsigned n = 0;

	if (cx->about.request)
		return NULL;
	for (GList *l = engine->attempts.tail; l && n < LOOK_AT;
	     l = l->prev, n++) {
		struct ims_open_attempt *attempt = l->data;

		if (attempt->about.kind == IMS_KIND_THIRD_PARTY ||
		    !is_waiting(&attempt->about) ||
		    has_asked(&attempt->about, cx->about.command) ||
		    (cx->about.command == IMS_COMMAND_SA &&
		     awaits_challenge(&attempt->about)) ||
		    !waits_at(&attempt->about, &cx->about.about.asker.address,
			      engine->now_ns))
			continue;
		rival = guessed_before(&attempt->about, cx->about.command);
		if (rival)
			rival->doubted = true;
		if (found || rival)
			return NULL;
		found = attempt;
	}
	return found;
}

static struct ims_open_attempt *by_call_id(struct ims_engine *engine,
					   const struct ims_diameter_facts *d)
{
	struct ims_thread *thread = NULL;

	if (!ims_slice_is_empty(d->call_id))
		thread = ims_thread_find(engine, d->call_id);
	if (!thread || thread->attempts.n == 0)
		return NULL;
	return thread->attempts.at[thread->attempts.n - 1];
}

static struct ims_open_attempt *by_address(struct ims_engine *engine,
					   const struct ims_diameter_facts *d)
{
	struct ims_open_attempt *attempt =
		g_hash_table_lookup(engine->ues, &d->framed_ip);

	if (attempt && engine->now_ns - attempt->about.last_ns > JOIN_NS)
		return NULL;
	return attempt;
}

/* Server-Assignment-Type: those by which a UE's own REGISTER is carried on
   (TS 29.229 6.3.15); the others are the network's doing. */
static bool is_ue_assignment(int64_t type)
{
	return type == 1 || type == 2 || type == 5 || type == 7;
}

/* A capture of Cx alone tells of registrations too, but not of nobody's: where
   packets are cut short it has requests without an identity. */
static bool can_begin(const struct ims_open_cx *cx)
{
	const struct ims_facts *request = cx->about.request;

	if (!cx->impi.at && !cx->impu.at)
		return false;
	switch (cx->about.command) {
	case IMS_COMMAND_UA:
	case IMS_COMMAND_MA:
		return request != NULL;
	case IMS_COMMAND_SA:
		return request &&
		       is_ue_assignment(request->diameter->assignment_type);
	default:
		return false;
	}
}

static bool belongs_to_one(const struct ims_open_cx *cx)
{
	switch (cx->about.command) {
	case IMS_COMMAND_UA:
	case IMS_COMMAND_MA:
	case IMS_COMMAND_SA:
		return true;
	default:
		return false;
	}
}

static void attach(struct ims_engine *engine, struct ims_open_cx *cx,
		   struct ims_open_attempt *attempt)
{
	struct ims_attempt *about = &attempt->about;

	if (about->n_exchanges == IMS_ATTEMPT_MAX_EXCHANGES) {
		ims_let_go(engine, IMS_BOUND_OF_REGISTRATION, 1);
		return;
	}
	about->exchanges = ims_few_room(about->exchanges, attempt->exchanges,
					about->n_exchanges);
	about->exchanges[about->n_exchanges++] = &cx->about;
	for (unsigned i = about->n_exchanges - 1;
	     i > 0 && about->exchanges[i - 1]->about.id > cx->about.about.id;
	     i--) {
		about->exchanges[i] = about->exchanges[i - 1];
		about->exchanges[i - 1] = &cx->about;
	}
	cx->about.attempt = about;
	cx->about.about.registration = about->id;
	ims_timer_stop(engine->timers, &cx->timer);
	ims_attempt_touch(engine, attempt, engine->now_ns);
}

static void detach(struct ims_open_cx *cx)
{
	struct ims_attempt *about = cx->about.attempt;
	unsigned k = 0;

	for (unsigned i = 0; i < about->n_exchanges; i++)
		if (about->exchanges[i] != &cx->about)
			about->exchanges[k++] = about->exchanges[i];
	about->n_exchanges = k;
	cx->about.attempt = NULL;
	cx->about.about.registration = 0;
}

static void move(struct ims_engine *engine, struct ims_open_cx *cx,
		 struct ims_open_attempt *attempt)
{
	if (attempt->about.n_exchanges == IMS_ATTEMPT_MAX_EXCHANGES) {
		ims_let_go(engine, IMS_BOUND_OF_REGISTRATION, 1);
		return;
	}
	if (cx->about.attempt)
		detach(cx);
	attach(engine, cx, attempt);
}

/* One known from Cx alone is wholly the registration that its vector is of. */
static void merge(struct ims_engine *engine, struct ims_open_attempt *cx_only,
		  struct ims_open_attempt *attempt)
{
	struct ims_attempt *about = &cx_only->about;

	while (about->n_exchanges &&
	       attempt->about.n_exchanges < IMS_ATTEMPT_MAX_EXCHANGES)
		move(engine, ims_cx_open(about->exchanges[0]), attempt);
	if (about->n_exchanges)
		return;
	attempt->about.start_ns = MIN(attempt->about.start_ns, about->start_ns);
	ims_attempt_drop(engine, cx_only);
}

void ims_join_move(struct ims_engine *engine, struct ims_open_cx *cx,
		   struct ims_open_attempt *attempt)
{
	struct ims_open_attempt *old =
		cx->about.attempt ? ims_attempt_record(cx->about.attempt)
				  : NULL;

	if (old == attempt)
		return;
	attempt->about.ims = true;
	if (old && !old->thread)
		merge(engine, old, attempt);
	else
		move(engine, cx, attempt);
}

static struct ims_open_attempt *begin(struct ims_engine *engine,
				      struct ims_open_cx *cx)
{
	struct ims_open_attempt *attempt =
		ims_attempt_open(engine, NULL, cx->about.about.request_time_ns);

	attempt->about.ims = true;
	ims_text_default(engine, &attempt->impi, cx->impi);
	ims_text_default(engine, &attempt->impu, cx->impu);
	attempt->about.impi = ims_slice_of(attempt->impi);
	attempt->about.impu = ims_slice_of(attempt->impu);
	ims_identity_read(&attempt->about.impi_read, attempt->about.impi);
	ims_identity_read(&attempt->about.impu_read, attempt->about.impu);
	ims_attempt_known_as(engine, attempt, &attempt->about.impi_read);
	ims_attempt_known_as(engine, attempt, &attempt->about.impu_read);
	return attempt;
}

/* A Cx-only attempt is over once its SAA came: what follows is another. */
static bool is_over(const struct ims_open_attempt *attempt,
		    const struct ims_open_cx *cx)
{
	const struct ims_attempt *about = &attempt->about;

	if (attempt->thread || cx->about.command != IMS_COMMAND_UA)
		return false;
	for (unsigned i = 0; i < about->n_exchanges; i++) {
		const struct ims_cx *earlier = about->exchanges[i];

		if (earlier->answer && earlier->answer != earlier->redirect &&
		    (earlier->command == IMS_COMMAND_SA ||
		     !ims_cx_succeeded(earlier)))
			return true;
	}
	return false;
}

/* What was guessed to be the attempt's is nobody's. */
static void give_back(struct ims_engine *engine, struct ims_cx *guess)
{
	detach(ims_cx_open(guess));
	ims_timer_set(engine->timers, &ims_cx_open(guess)->timer,
		      engine->now_ns + IMS_LINGER);
}

/* Its own request turns up: the answer that was guessed to be its is not. */
static void drop_guesses(struct ims_engine *engine,
			 struct ims_open_attempt *attempt,
			 const struct ims_open_cx *cx)
{
	const struct ims_attempt *about = &attempt->about;
	const struct ims_journey *last = ims_attempt_last(about);

	for (unsigned i = about->n_exchanges; last && i-- > 0;) {
		struct ims_cx *guess = about->exchanges[i];

		if (guess->guessed && guess->command == cx->about.command &&
		    guess->about.answer_time_ns >= last->first_ns)
			give_back(engine, guess);
	}
}

/* A challenge and 494 refuse nothing: the UE is to go on. */
static bool is_refusal(const struct ims_sip_facts *sip)
{
	return sip->status >= 300 && !ims_is_challenge(sip->status) &&
	       sip->status != 494;
}

/* Refused soon after the answer came, on a way through who was answered. */
static bool is_followed(const struct ims_attempt *attempt,
			const struct ims_cx *guess)
{
	int64_t since = guess->about.answer_time_ns;
	const struct ims_journey *asked = NULL;
	const struct ims_facts *final;

	/* The REGISTER that it is guessed to be about, not a later one. */
	for (unsigned i = 0; i < attempt->n_journeys; i++)
		if (attempt->journeys[i]->first_ns <= since)
			asked = attempt->journeys[i];
	final = asked ? ims_journey_final(asked, NULL) : NULL;
	return final && passes(asked, &guess->about.asker.address) &&
	       is_refusal(final->sip) && final->time_ns >= since &&
	       final->time_ns - since <= IMS_SECOND;
}

void ims_join_settle(struct ims_engine *engine,
		     struct ims_open_attempt *attempt)
{
	const struct ims_attempt *about = &attempt->about;

	for (unsigned i = about->n_exchanges; i-- > 0;) {
		struct ims_cx *guess = about->exchanges[i];

		if (guess->guessed &&
		    (guess->doubted ||
		     (!ims_cx_succeeded(guess) && !is_followed(about, guess))))
			give_back(engine, guess);
	}
}

void ims_join(struct ims_engine *engine, struct ims_open_cx *cx)
{
	const struct ims_facts *any =
		cx->about.request ? cx->about.request : cx->about.answer;
	struct ims_open_attempt *attempt = NULL;

	if (cx->about.command == IMS_COMMAND_AA) {
		if (any->diameter->framed_ip.family)
			attempt = by_address(engine, any->diameter);
	} else if (belongs_to_one(cx)) {
		attempt = by_call_id(engine, any->diameter);
		if (!attempt)
			attempt = by_identity(engine, cx);
		if (!attempt && (attempt = by_node(engine, cx)))
			cx->about.guessed = true;
		if (attempt && is_over(attempt, cx)) {
			ims_attempt_close(engine, attempt);
			attempt = NULL;
		}
		if (!attempt && can_begin(cx))
			attempt = begin(engine, cx);
	}
	if (!attempt)
		return;
	if (cx->about.command != IMS_COMMAND_AA)
		attempt->about.ims = true;
	if (cx->about.request)
		drop_guesses(engine, attempt, cx);
	attach(engine, cx, attempt);
}
