// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounds as they are told. */
#include "core.h"

#define CLOSED_EARLY(what) what " was closed early", what "s were closed early"
#define FORGOTTEN(what)	   what " was forgotten", what "s were forgotten"
#define NOT_KEPT(what)	   what " was not kept", what "s were not kept"

static const struct ims_bound_text texts[] = {
	[IMS_BOUND_MEMORY] = {"memory", "message was lost for want of memory",
			      "messages were lost for want of memory", 0, ""},
	[IMS_BOUND_HELD] = {"messages_held",
			    "registration, call or exchange was closed early",
			    "registrations, calls or exchanges were closed "
			    "early",
			    IMS_MAX_HELD, "bytes of messages"},
	[IMS_BOUND_REGISTRATIONS] = {"open_registrations",
				     CLOSED_EARLY("registration"),
				     IMS_MAX_OPEN_ATTEMPTS, "open at once"},
	[IMS_BOUND_OF_CALL_ID] = {"registrations_of_call_id",
				  CLOSED_EARLY("registration"),
				  IMS_THREAD_MAX_ATTEMPTS,
				  "open under one Call-ID"},
	[IMS_BOUND_OF_IDENTITY] = {"registrations_of_identity",
				   CLOSED_EARLY("registration"),
				   IMS_IDENTITY_MAX_ATTEMPTS,
				   "open of one identity"},
	[IMS_BOUND_OF_REGISTRATION] = {"messages_of_registration",
				       NOT_KEPT("message"),
				       IMS_ATTEMPT_MAX_MESSAGES,
				       "of one registration, fewer of a kind"},
	[IMS_BOUND_CALLS] = {"open_calls", CLOSED_EARLY("call"),
			     IMS_MAX_OPEN_CALLS, "open at once"},
	[IMS_BOUND_OF_CALL] = {"messages_of_call", NOT_KEPT("message"),
			       IMS_CALL_MAX_JOURNEYS,
			       "requests of one call, each of some messages"},
	[IMS_BOUND_CALL_IDS] = {"call_ids", FORGOTTEN("Call-ID"),
				IMS_MAX_RESTING, "that were closed lately"},
	[IMS_BOUND_EXCHANGES] = {"open_exchanges",
				 CLOSED_EARLY("Diameter exchange"),
				 IMS_MAX_OPEN_CX, "open at once"},
	[IMS_BOUND_OF_EXCHANGE] = {"messages_of_exchange", NOT_KEPT("message"),
				   IMS_CX_MAX_MESSAGES,
				   "of one exchange, over some agents"},
	[IMS_BOUND_LINKS] = {"links", FORGOTTEN("connection"), IMS_MAX_LINKS,
			     "at once"},
	[IMS_BOUND_BINDINGS] = {"bindings", FORGOTTEN("standing registration"),
				IMS_BINDINGS_MAX, "at once, or their bytes"},
	[IMS_BOUND_SUBSCRIPTIONS] = {"subscriptions", FORGOTTEN("subscription"),
				     IMS_SUBSCRIPTIONS_MAX, "at once"},
	[IMS_BOUND_PAIRS] = {"pairs", "pair of addresses was forgotten",
			     "pairs of addresses were forgotten", IMS_PAIRS_MAX,
			     "at once"},
	[IMS_BOUND_ENDINGS] = {"endings",
			       "sign of a registration's end was forgotten",
			       "signs of registrations' ends were forgotten",
			       IMS_ENDINGS_MAX, "at once"},
	[IMS_BOUND_AWAITED] = {"awaited",
			       FORGOTTEN("awaited third-party REGISTER"),
			       IMS_AWAITED_MAX, "at once"},
	[IMS_BOUND_ROUNDS] = {"rounds",
			      "contact that registered lately was forgotten",
			      "contacts that registered lately were forgotten",
			      IMS_FLAPS_MAX, "at once"},
	[IMS_BOUND_GIVEN_UP] = {"given_up", FORGOTTEN("unanswered request"),
				IMS_MAX_GIVEN_UP, "at once"},
	[IMS_BOUND_NODES] = {"nodes", "role of a node was not kept",
			     "roles of nodes were not kept", IMS_NODES_MAX,
			     "nodes"},
	[IMS_BOUND_OBSERVED] = {"observed",
				"observation of the capture was not kept",
				"observations of the capture were not kept", 0,
				""},
};

G_STATIC_ASSERT(G_N_ELEMENTS(texts) == IMS_N_BOUNDS);

const struct ims_bound_text *ims_bound_text(enum ims_bound bound)
{
	return &texts[bound];
}

void ims_let_go(struct ims_engine *engine, enum ims_bound bound, uint64_t n)
{
	engine->summary.let_go += n;
	engine->summary.let_go_by[bound] += n;
}
