/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up steps of registrations, for diagrams. */
#ifndef STEPS_H
#define STEPS_H

#include "sample.h"

#define MS INT64_C(1000000)

/* A node by its role, with an address a leg. */
static inline struct ims_party party(enum ims_role role, const char *address)
{
	return (struct ims_party){role, endpoint(address, 5060)};
}

#define UE  party(IMS_ROLE_UE, "10.0.0.1")
#define GM  party(IMS_ROLE_P_CSCF, "10.0.0.2") /* where it faces the UE */
#define MW  party(IMS_ROLE_P_CSCF, "10.1.0.2") /* and the core */
#define I   party(IMS_ROLE_I_CSCF, "10.1.0.3")
#define S   party(IMS_ROLE_S_CSCF, "10.1.0.4")
#define HSS party(IMS_ROLE_HSS, "10.1.0.5")
#define AS  party(IMS_ROLE_AS, "10.1.0.6")

struct story {
	struct ims_step steps[512];
	size_t n;
};

/* The next step, in the next frame, `ms` after the start. */
static inline struct ims_step *say(struct story *story, int64_t ms,
				   struct ims_party from, struct ims_party to,
				   const char *message, const char *detail)
{
	struct ims_step *s;

	assert_true(story->n < G_N_ELEMENTS(story->steps));
	s = &story->steps[story->n++];
	*s = (struct ims_step){
		.frame = {0, story->n},
		.time_ns = START + ms * MS,
		.from = from,
		.to = to,
		.leg = from.role == IMS_ROLE_UE || to.role == IMS_ROLE_UE
			       ? IMS_LEG_GM
			       : IMS_LEG_MW,
		.message = ims_slice_of(message),
		.detail = ims_slice_of(detail),
		.copies = 1,
	};
	return s;
}

static inline struct ims_step *say_cx(struct story *story, int64_t ms,
				      struct ims_party from,
				      struct ims_party to, const char *message,
				      const char *detail)
{
	struct ims_step *s = say(story, ms, from, to, message, detail);

	s->leg = IMS_LEG_CX;
	s->protocol = IMS_PROTOCOL_CX;
	return s;
}

static const struct ims_change path_added[] = {
	{IMS_CHANGE_ADDED, {"Path", 4}, {0}, {0}, {0}},
	{IMS_CHANGE_REMOVED, {"Security-Client", 15}, {0}, {0}, {0}},
};

static const struct ims_changes by_the_pcscf = {path_added, 2, false};

/* The HSS does not know the user, and its answer came late. */
IMS_UNUSED static void tell_refusal(struct story *story)
{
	say(story, 0, UE, GM, "REGISTER", "CSeq 1");
	say(story, 1, GM, UE, "100", "Trying");
	say(story, 2, MW, I, "REGISTER", "CSeq 1")->changes = &by_the_pcscf;
	say_cx(story, 3, I, HSS, "UAR", NULL)->failing = true;
	say(story, 502, MW, I, "REGISTER", "CSeq 1");
	say_cx(story, 601, HSS, I, "UAA", "5001 DIAMETER_ERROR_USER_UNKNOWN")
		->failing = true;
	say(story, 602, I, MW, "403", "Forbidden");
	say(story, 603, GM, UE, "403", "Forbidden")->failing = true;
}

#endif
