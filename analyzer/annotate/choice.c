// SPDX-License-Identifier: GPL-2.0-or-later
#include "choice.h"

#include <glib.h>

#include "frame_set.h"
#include "spill.h"
#include "ties.h"

/* With `whole` goes `part`; likewise of a packet and its copy. */
struct bond {
	struct ims_frame whole;
	struct ims_frame part;
};

/* A message of a registration, or evidence of a finding about one. */
struct member {
	uint64_t registration;
	struct ims_frame frame;
	enum ims_hidden whose;
};

struct ims_choice {
	struct ims_frame_set frames;
	struct ims_frame_set evidence; /* not yet among them */
	struct ims_frame_set shown;    /* registrations, as frames of one
					  capture */
	struct ims_frame_set opened;   /* likewise, not shown but written */
	struct ims_spill *findings;    /* struct member */
	struct ims_spill *hidden;      /* struct member */
	struct ims_ties connections;   /* by pair_of */
	struct ims_ties exchanges;
	struct ims_frame_set of_exchanges; /* chosen with all of theirs */
	struct ims_ties calls;		   /* by Call-ID */
	struct ims_spill *subscriptions;   /* struct ims_subscription */
	struct ims_number_set subscribed;  /* to whom */
	struct ims_ties gaps;		   /* by pair_of */
	struct ims_frame_set behind_gaps;
	struct ims_frame_set nothing;
	struct ims_spill *copies; /* struct bond */
	struct ims_spill *parts;  /* struct bond, a part's own parts first */
};

struct ims_choice *ims_choice_new(const char *folder)
{
	struct ims_choice *choice = g_new0(struct ims_choice, 1);

	ims_ties_init(&choice->connections, folder);
	ims_ties_init(&choice->exchanges, folder);
	ims_ties_init(&choice->gaps, folder);
	ims_ties_init(&choice->calls, folder);
	choice->subscriptions =
		ims_spill_new(folder, sizeof(struct ims_subscription));
	choice->findings = ims_spill_new(folder, sizeof(struct member));
	choice->hidden = ims_spill_new(folder, sizeof(struct member));
	choice->copies = ims_spill_new(folder, sizeof(struct bond));
	choice->parts = ims_spill_new(folder, sizeof(struct bond));
	return choice;
}

void ims_choice_free(struct ims_choice *choice)
{
	if (!choice)
		return;
	ims_frame_set_fini(&choice->frames);
	ims_frame_set_fini(&choice->evidence);
	ims_frame_set_fini(&choice->shown);
	ims_frame_set_fini(&choice->opened);
	ims_spill_free(choice->findings);
	ims_spill_free(choice->hidden);
	ims_frame_set_fini(&choice->of_exchanges);
	ims_ties_fini(&choice->connections);
	ims_ties_fini(&choice->exchanges);
	ims_ties_fini(&choice->gaps);
	ims_ties_fini(&choice->calls);
	ims_spill_free(choice->subscriptions);
	ims_number_set_fini(&choice->subscribed);
	ims_frame_set_fini(&choice->behind_gaps);
	ims_spill_free(choice->copies);
	ims_spill_free(choice->parts);
	g_free(choice);
}

/* The same in both directions. */
static uint64_t pair_of(const struct ims_endpoint *a,
			const struct ims_endpoint *b)
{
	const struct ims_endpoint *ends[2] = {a, b};
	uint8_t bytes[2 * 19] = {0};

	if (ims_endpoint_compare(a, b) > 0) {
		ends[0] = b;
		ends[1] = a;
	}
	for (size_t i = 0; i < 2; i++) {
		uint8_t *at = bytes + 19 * i;

		memcpy(at, ends[i]->address.bytes, 16);
		at[16] = ends[i]->address.family;
		at[17] = (uint8_t)(ends[i]->port >> 8);
		at[18] = (uint8_t)ends[i]->port;
	}
	return ims_slice_hash(ims_slice(bytes, sizeof(bytes)));
}

void ims_choice_frame(struct ims_choice *choice, struct ims_frame frame)
{
	ims_frame_set_add(&choice->frames, frame);
}

void ims_choice_exchange(struct ims_choice *choice, struct ims_frame frame)
{
	ims_frame_set_add(&choice->frames, frame);
	ims_frame_set_add(&choice->of_exchanges, frame);
}

void ims_choice_message(struct ims_choice *choice, struct ims_frame frame,
			uint64_t exchange)
{
	ims_ties_add(&choice->exchanges, frame, exchange);
}

static struct ims_frame as_frame(uint64_t registration)
{
	return (struct ims_frame){.number = registration};
}

void ims_choice_shown(struct ims_choice *choice, uint64_t registration)
{
	ims_frame_set_add(&choice->shown, as_frame(registration));
}

bool ims_choice_shows(const struct ims_choice *choice, uint64_t registration)
{
	return registration == 0 ||
	       ims_frame_set_has(&choice->shown, as_frame(registration));
}

void ims_choice_hidden(struct ims_choice *choice, uint64_t registration,
		       enum ims_hidden whose, struct ims_frame frame)
{
	const struct member member = {registration, frame, whose};

	ims_spill_add(choice->hidden, &member);
}

void ims_choice_evidence(struct ims_choice *choice, uint64_t registration,
			 struct ims_frame frame)
{
	const struct member member = {registration, frame, IMS_HIDDEN_OURS};

	ims_spill_add(choice->findings, &member);
}

void ims_choice_pair(struct ims_choice *choice, const struct ims_endpoint *a,
		     const struct ims_endpoint *b)
{
	if (!a->address.family || !b->address.family)
		return;
	ims_ties_choose(&choice->connections, pair_of(a, b));
	ims_ties_choose(&choice->gaps, pair_of(a, b));
}

static void add_bond(struct ims_spill *spill, struct ims_frame whole,
		     struct ims_frame part)
{
	const struct bond bond = {whole, part};

	ims_spill_add(spill, &bond);
}

void ims_choice_copy(struct ims_choice *choice, struct ims_frame copy,
		     struct ims_frame first)
{
	add_bond(choice->copies, first, copy);
}

void ims_choice_part(struct ims_choice *choice, struct ims_frame whole,
		     struct ims_frame part)
{
	add_bond(choice->parts, whole, part);
}

void ims_choice_connection(struct ims_choice *choice, struct ims_frame frame,
			   const struct ims_endpoint *a,
			   const struct ims_endpoint *b)
{
	ims_ties_add(&choice->connections, frame, pair_of(a, b));
}

void ims_choice_gap(struct ims_choice *choice, struct ims_frame frame,
		    const struct ims_endpoint *a, const struct ims_endpoint *b)
{
	ims_ties_add(&choice->gaps, frame, pair_of(a, b));
}

void ims_choice_of_call(struct ims_choice *choice, struct ims_frame frame,
			uint64_t call)
{
	ims_ties_add(&choice->calls, frame, call);
}

void ims_choice_call(struct ims_choice *choice, uint64_t call)
{
	ims_ties_choose(&choice->calls, call);
}

void ims_choice_subscription(struct ims_choice *choice,
			     const struct ims_subscription *subscription)
{
	ims_spill_add(choice->subscriptions, subscription);
}

void ims_choice_subscribed(struct ims_choice *choice, uint64_t about)
{
	ims_number_set_add(&choice->subscribed, about);
}

static void look_at_subscription(void *user, const void *record)
{
	struct ims_choice *choice = user;
	const struct ims_subscription *s = record;

	for (size_t i = 0; i < G_N_ELEMENTS(s->about); i++)
		if (ims_number_set_has(&choice->subscribed, s->about[i]))
			ims_ties_choose(&choice->calls, s->call);
}

static void take_finding(void *user, const void *record)
{
	struct ims_choice *choice = user;
	const struct member *member = record;

	if (ims_choice_shows(choice, member->registration))
		ims_frame_set_add(&choice->evidence, member->frame);
}

static void look_at_hidden(void *user, const void *record)
{
	struct ims_choice *choice = user;
	const struct member *member = record;

	if (!ims_frame_set_has(&choice->evidence, member->frame))
		return;
	if (member->whose == IMS_HIDDEN_OURS)
		ims_frame_set_add(&choice->opened,
				  as_frame(member->registration));
	else
		ims_frame_set_remove(&choice->evidence, member->frame);
}

/* A part of a registration would be taken for one that lacks the rest. */
static void take_opened(void *user, const void *record)
{
	struct ims_choice *choice = user;
	const struct member *member = record;

	if (ims_frame_set_has(&choice->opened, as_frame(member->registration)))
		ims_frame_set_add(&choice->frames, member->frame);
}

static bool settle_evidence(struct ims_choice *choice)
{
	bool good = ims_spill_each(choice->findings, take_finding, choice) &&
		    ims_spill_each(choice->hidden, look_at_hidden, choice) &&
		    ims_spill_each(choice->hidden, take_opened, choice);

	ims_frame_set_join(&choice->frames, &choice->evidence);
	ims_frame_set_join(&choice->of_exchanges, &choice->evidence);
	return good;
}

static void take_bond(void *user, const void *record)
{
	struct ims_choice *choice = user;
	const struct bond *bond = record;

	if (ims_frame_set_has(&choice->frames, bond->whole))
		ims_frame_set_add(&choice->frames, bond->part);
}

/*
 * With a Diameter message goes its exchange, with any message how its
 * connection began and ended. Copies are of messages, and parts of either;
 * parts have parts, which were told before.
 */
bool ims_choice_settle(struct ims_choice *choice)
{
	return settle_evidence(choice) &&
	       ims_spill_each(choice->subscriptions, look_at_subscription,
			      choice) &&
	       ims_ties_settle(&choice->calls, &choice->frames,
			       &choice->nothing) &&
	       ims_ties_settle(&choice->exchanges, &choice->frames,
			       &choice->of_exchanges) &&
	       ims_ties_settle(&choice->connections, &choice->frames,
			       &choice->frames) &&
	       ims_ties_settle(&choice->gaps, &choice->behind_gaps,
			       &choice->behind_gaps) &&
	       ims_spill_each(choice->copies, take_bond, choice) &&
	       ims_spill_each_backwards(choice->parts, take_bond, choice);
}

uint64_t ims_choice_count(const struct ims_choice *choice)
{
	return choice->frames.n;
}

bool ims_choice_has(const struct ims_choice *choice, struct ims_frame frame)
{
	return ims_frame_set_has(&choice->frames, frame);
}

bool ims_choice_is_behind_gap(const struct ims_choice *choice,
			      struct ims_frame frame)
{
	return ims_frame_set_has(&choice->behind_gaps, frame);
}
