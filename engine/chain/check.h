/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a rule is given and how it speaks. A rule is a pure function of what
 * it is given: it reads chains and facts, and drafts findings.
 */
#ifndef IMS_CHECK_H
#define IMS_CHECK_H

#include <glib.h>

#include <ims/engine.h>

#include "attempt.h"
#include "awaited.h"
#include "cx.h"
#include "endings.h"
#include "flaps.h"
#include "journey.h"
#include "observation.h"
#include "signs.h"
#include "subscriptions.h"

#define IMS_SECOND	((int64_t)1000000000)
#define IMS_MILLISECOND ((int64_t)1000000)
/* RFC 3261 17.1.2.2, timer F = 64*T1: what a SIP asker waits. */
#define IMS_SIP_TIMEOUT (32 * IMS_SECOND)
/* RFC 6665 4.2.2: NOTIFY is sent at once. In this time it was retransmitted at
   0.5, 1.5, 3.5 and 7.5 s, if nobody answered it. */
#define IMS_NOTIFY_WAIT (10 * IMS_SECOND)
/* A node that acts on within this has had its answer, captured or not. */
#define IMS_AT_ONCE (1500 * IMS_MILLISECOND)

struct ims_drafts;
struct ims_engine;

/*
 * By scope: REGISTRATION has `attempt`; EXCHANGE has `cx`, and `attempt` if
 * the exchange belongs to one. REQUEST has `journey`, one after the other:
 * each request outside REGISTER, with what is held of its call, and each
 * REGISTER of an attempt, then `attempt` is set too. PEER has `link` at the
 * end of a connection; it is also asked about each failed attempt, then
 * `attempt` is set and `link` NULL. MESSAGE has `message`, each once, and with
 * it the attempt, exchange or journey that holds it; those that nothing holds
 * (what belongs nowhere, the base protocol's) are asked about alone, as they
 * come. CAPTURE has nothing but the engine and the observation: it is asked
 * once, at the end, and before that about each failed attempt, then `attempt`
 * is set. TERMINATION has `cx`, an RTR that was done, IMS_NOTIFY_WAIT after its
 * answer; it is not asked where nobody has subscribed, nor where the capture
 * ends before.
 */
struct ims_check {
	const struct ims_engine *engine;
	const struct ims_options *options; /* with the defaults filled in */
	const struct ims_observation *observation;
	const struct ims_rule *rule;
	uint32_t signs; /* of what is asked about */
	const struct ims_attempt *attempt;
	const struct ims_cx *cx;
	const struct ims_journey *journey;
	struct ims_link *link;
	const struct ims_facts *message;
	/* The call `journey` belongs to: what is still held of it, in order of
	   time; `journey` among them. The first INVITE is kept. */
	struct ims_journey *const *call;
	unsigned n_call;
	/* What stands for the UE that sent the journey's request; or NULL. */
	const struct ims_binding *binding;
	/* Of an RTR: what it ends, as ims_identity_key() has it (NULL at the
	   end), and who has subscribed to that, now or lately. */
	const char *const *ended;
	const struct ims_subscription *const *subscriptions;
	unsigned n_subscriptions;
	int64_t now_ns;	    /* capture time now */
	bool capture_ended; /* no more will come */
	struct ims_drafts *drafts;
};

struct ims_draft;

/* Begins a finding of the rule being checked. Never NULL. */
struct ims_draft *ims_fire(struct ims_check *check) IMS_NONNULL_ALL;

/* Of other severity than the rule's own. */
void ims_draft_severity(struct ims_draft *draft,
			enum ims_severity severity) IMS_NONNULL_ALL;
void ims_draft_likely(struct ims_draft *draft) IMS_NONNULL_ALL;

/* This one does not explain the attempt's failure, although its rule may. */
void ims_draft_no_cause(struct ims_draft *draft) IMS_NONNULL_ALL;

/*
 * A frame that proves it, and what the frame shows (fmt NULL: nothing to
 * say). NULL facts are passed over. Frames are put in order of time; a frame
 * given twice stands once, with what was said first.
 */
void ims_draft_evidence(struct ims_draft *draft, const struct ims_facts *facts,
			const char *fmt, ...) IMS_NONNULL(1) IMS_PRINTF(3, 4);

/* The same for a frame whose facts are no longer held. */
void ims_draft_evidence_at(struct ims_draft *draft, struct ims_frame frame,
			   int64_t time_ns, const char *fmt, ...)
	IMS_NONNULL(1, 4) IMS_PRINTF(4, 5);
/* The same, of what is known by its frame alone. */
void ims_draft_sighting(struct ims_draft *draft,
			const struct ims_sighting *sighting, const char *fmt,
			...) IMS_NONNULL(1, 2) IMS_PRINTF(3, 4);

/* A few words of what happened, for a heading: "420 Bad Extension: BYE of
   alice to conf-factory". Without it the rule's title. */
void ims_draft_headline(struct ims_draft *draft, const char *fmt, ...)
	IMS_NONNULL(1, 2) IMS_PRINTF(2, 3);
/* One sentence with this capture's facts. Required. */
void ims_draft_summary(struct ims_draft *draft, const char *fmt, ...)
	IMS_NONNULL(1, 2) IMS_PRINTF(2, 3);
/* What to do here; without it the rule's own advice. */
void ims_draft_advice(struct ims_draft *draft, const char *fmt, ...)
	IMS_NONNULL(1, 2) IMS_PRINTF(2, 3);

/*
 * The fact `key`, one of the rule's keys with that type (asserted). An absent
 * slice, NULL text or facts is passed over.
 */
void ims_draft_string(struct ims_draft *draft, const char *key,
		      struct ims_slice value) IMS_NONNULL(1, 2);
void ims_draft_text(struct ims_draft *draft, const char *key, const char *value)
	IMS_NONNULL(1, 2);
void ims_draft_integer(struct ims_draft *draft, const char *key, int64_t value)
	IMS_NONNULL(1, 2);
void ims_draft_number(struct ims_draft *draft, const char *key, double value)
	IMS_NONNULL(1, 2);
void ims_draft_boolean(struct ims_draft *draft, const char *key, bool value)
	IMS_NONNULL(1, 2);
void ims_draft_frame(struct ims_draft *draft, const char *key,
		     const struct ims_facts *facts) IMS_NONNULL(1, 2);
void ims_draft_place(struct ims_draft *draft, const char *key,
		     struct ims_frame frame) IMS_NONNULL_ALL;
void ims_draft_strings(struct ims_draft *draft, const char *key,
		       const struct ims_slice *values, size_t n_values)
	IMS_NONNULL(1, 2);

/* Whom it is about, where attempt, exchange and journey do not say. */
void ims_draft_about(struct ims_draft *draft, struct ims_slice impi,
		     struct ims_slice impu) IMS_NONNULL(1);

/* Which call; borrowed, lives as long as the check. */
void ims_draft_call(struct ims_draft *draft,
		    struct ims_slice call_id) IMS_NONNULL_ALL;

/* True the first time this rule asks in this call (Call-ID): a condition
   that every request of a call repeats is told once. */
bool ims_first_in_call(struct ims_check *check) IMS_NONNULL_ALL;
/* The same of one kind of what the rule tells: `kind` is the address of a
   constant of the rule's. */
bool ims_first_of_kind(struct ims_check *check,
		       const void *kind) IMS_NONNULL_ALL;
/* Of a message that nothing holds: one of these flaws was not yet told of its
   sender towards its receiver. To be asked by one rule. */
bool ims_first_flaw_between(struct ims_check *check,
			    uint32_t flaws) IMS_NONNULL_ALL;

/* "P-CSCF 10.70.1.1", the role alone or the address alone. `out` is
   returned. */
#define IMS_PARTY_TEXT 96
const char *ims_party_format(char out[IMS_PARTY_TEXT],
			     const struct ims_party *party) IMS_NONNULL_ALL;

/* Who is at an endpoint, as far as is known by now. */
struct ims_party ims_party_at(const struct ims_check *check,
			      const struct ims_endpoint *at) IMS_NONNULL_ALL;

/* Capture time of the last SIP message from one address to another; -1. */
int64_t ims_last_sip(const struct ims_check *check,
		     const struct ims_address *from,
		     const struct ims_address *to) IMS_NONNULL_ALL;

/* SIP passed between the two after `since_ns`, either way, and the capture
   lacks nothing of it since: no hole in a stream, no ESP that is not read. */
bool ims_leg_goes_on(const struct ims_check *check, const struct ims_address *a,
		     const struct ims_address *b,
		     int64_t since_ns) IMS_NONNULL_ALL;

/* The capture lacks nothing of what passed between the two since: no hole in a
   stream, no ESP that is not read. */
bool ims_leg_is_whole(const struct ims_check *check,
		      const struct ims_address *a, const struct ims_address *b,
		      int64_t since_ns) IMS_NONNULL_ALL;

/*
 * Diameter connections of a node (by address), in order of time: *n of them.
 * Borrowed for the check. Those that are gone for longer than a minute are
 * not among them.
 */
struct ims_link *const *ims_links_of(struct ims_check *check,
				     const struct ims_address *node,
				     unsigned *n) IMS_NONNULL_ALL;

/* The binding that stands for an IMPI or IMPU, or of the UE at an address;
   NULL: none known. */
const struct ims_binding *ims_binding_of(const struct ims_check *check,
					 struct ims_slice identity)
	IMS_NONNULL(1);
/* The binding that stands for a public identity, as one of its set; *barred
   tells whether the profile bars it. NULL: none known. */
const struct ims_binding *ims_binding_of_impu(const struct ims_check *check,
					      bool *barred,
					      struct ims_slice impu)
	IMS_NONNULL(1, 2);
const struct ims_binding *ims_binding_at(const struct ims_check *check,
					 const struct ims_address *ue)
	IMS_NONNULL_ALL;

/*
 * Whether the HSS can hold something else by now than what its SAA for the
 * binding says: that SAA was not captured, something that may have ended it
 * was seen since (RTR, SAR, a REGISTER, an attempt that failed), or the capture
 * has a hole since.
 */
bool ims_binding_is_doubted(const struct ims_check *check,
			    const struct ims_binding *binding) IMS_NONNULL_ALL;

/*
 * By whose word nothing stands for the identity: the last end of it that the
 * HSS confirmed, when nothing was heard or missed since. NULL: none known.
 */
const struct ims_ending *ims_ending_of(const struct ims_check *check,
				       struct ims_slice identity)
	IMS_NONNULL(1);

/* Another attempt of that identity than the check's is under way, at the same
   time as that one where there is one. */
bool ims_others_register(const struct ims_check *check,
			 struct ims_slice identity) IMS_NONNULL(1);

/* The third-party REGISTERs that did not come so far: the one after `before`,
   or (NULL) the first; NULL: no more. Borrowed for the check. */
const struct ims_expectation *ims_awaited_after(
	const struct ims_check *check, const struct ims_expectation *before)
	IMS_NONNULL(1);

/* Median latency of the command's answers from this peer, so far; -1. */
int64_t ims_median_latency(const struct ims_check *check,
			   const struct ims_cx *cx) IMS_NONNULL_ALL;

/* The tag is among the options (case ignored: they are tokens). */
bool ims_options_have(const struct ims_sip_options *options,
		      const char *tag) IMS_NONNULL_ALL;

/* The rules of a family, for the catalogue: defined by each file of rules. */
struct ims_rule_list {
	const struct ims_rule *const *rules;
	size_t n_rules;
};

#endif
