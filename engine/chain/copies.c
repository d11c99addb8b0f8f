// SPDX-License-Identifier: GPL-2.0-or-later
/* Which messages of a journey are copies of one, and what differs. */
#include <glib.h>

#include "changes.h"

/* What was compared, by the message's place in its hop. */
struct ims_hop_changes {
	struct ims_changes *of; /* NULL: not known */
	bool asked;
};

static bool is_response_to(const struct ims_facts *message,
			   const struct ims_facts *copy)
{
	return copy->kind == IMS_EVENT_SIP && !copy->sip->is_request &&
	       copy->sip->status == message->sip->status &&
	       ims_slice_equal(copy->sip->to_tag, message->sip->to_tag);
}

/* The last that came in before it went out; clocks of two points may differ,
   then the first. */
static const struct ims_facts *find_response(const struct ims_hop *below,
					     const struct ims_facts *message)
{
	const struct ims_facts *found = NULL;

	for (unsigned i = 0; i < below->n_messages; i++) {
		const struct ims_facts *copy = below->messages[i];

		if (is_response_to(message, copy) &&
		    (!found || copy->time_ns <= message->time_ns))
			found = copy;
	}
	return found;
}

/* RFC 3261 16.7 5: a 100 is never forwarded. */
const struct ims_facts *ims_copy_before(const struct ims_journey *journey,
					const struct ims_hop *hop,
					const struct ims_facts *message)
{
	const struct ims_facts *found = NULL;

	if (message->kind != IMS_EVENT_SIP)
		return NULL;
	if (message->sip->is_request)
		return hop->above ? hop->above->request : NULL;
	if (message->sip->status == 100)
		return NULL;
	for (unsigned i = 0; !found && i < journey->n_hops; i++)
		if (journey->hops[i]->above == hop)
			found = find_response(journey->hops[i], message);
	return found;
}

/* Place of the message in its hop, of a retransmission the first one's. */
static unsigned place_of(const struct ims_hop *hop,
			 const struct ims_facts *message)
{
	for (unsigned i = 0; i < hop->n_messages; i++)
		if (hop->messages[i] == message ||
		    (hop->messages[i]->kind == message->kind &&
		     hop->messages[i]->hash == message->hash &&
		     hop->messages[i]->length == message->length))
			return i;
	return hop->n_messages;
}

/* For all messages of all hops at once: mostly all are asked for. */
static void make_places(struct ims_journey *journey)
{
	struct ims_hop_changes *places;
	unsigned n = 0;

	for (unsigned i = 0; i < journey->n_hops; i++)
		n += journey->hops[i]->n_messages;
	places = g_new0(struct ims_hop_changes, n);
	journey->changes = places;
	for (unsigned i = 0; i < journey->n_hops; i++) {
		journey->hops[i]->changes = places;
		places += journey->hops[i]->n_messages;
	}
}

const struct ims_changes *ims_message_changes(const struct ims_journey *journey,
					      const struct ims_hop *hop,
					      const struct ims_facts *message)
{
	unsigned place = place_of(hop, message);
	const struct ims_facts *copy;
	struct ims_hop_changes *kept;

	if (place == hop->n_messages)
		return NULL;
	/* What is kept is no part of what a journey says. */
	if (!journey->changes)
		make_places((struct ims_journey *)journey);
	kept = &hop->changes[place];
	if (kept->asked)
		return kept->of;
	kept->asked = true;
	copy = ims_copy_before(journey, hop, hop->messages[place]);
	if (copy)
		kept->of = ims_changes_new(copy, hop->messages[place]);
	return kept->of;
}

const struct ims_changes *ims_hop_changes(const struct ims_journey *journey,
					  const struct ims_hop *hop)
{
	return hop->request ? ims_message_changes(journey, hop, hop->request)
			    : NULL;
}

const struct ims_changes *ims_hop_final_changes(
	const struct ims_journey *journey, const struct ims_hop *hop)
{
	return hop->final ? ims_message_changes(journey, hop, hop->final)
			  : NULL;
}

void ims_journey_forget_changes(struct ims_journey *journey)
{
	if (!journey->changes)
		return;
	for (unsigned i = 0; i < journey->n_hops; i++) {
		struct ims_hop *hop = journey->hops[i];

		for (unsigned k = 0; k < hop->n_messages; k++)
			ims_changes_free(hop->changes[k].of);
		hop->changes = NULL;
	}
	g_clear_pointer(&journey->changes, g_free);
}
