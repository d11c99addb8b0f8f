/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's inside: what its parts share. Records that rules see as const
 * are held here inside larger ones that carry the bookkeeping.
 */
#ifndef IMS_CORE_H
#define IMS_CORE_H

#include <glib.h>

#include <ims/engine.h>

#include "attempt.h"
#include "awaited.h"
#include "bindings.h"
#include "check.h"
#include "cx.h"
#include "endings.h"
#include "few.h"
#include "flaps.h"
#include "index.h"
#include "journey.h"
#include "journey_build.h"
#include "nodes.h"
#include "observation.h"
#include "pairs.h"
#include "scopes.h"
#include "set.h"
#include "stock.h"
#include "subscriptions.h"
#include "summary.h"
#include "timers.h"
#include "window.h"

/* Open at once; beyond, the oldest is closed early and counted. */
#define IMS_MAX_OPEN_ATTEMPTS 65536u
#define IMS_MAX_OPEN_CALLS    8192u
/* Requests of one call held at once. */
#define IMS_CALL_MAX_JOURNEYS 64u
#define IMS_MAX_RESTING	      65536u /* Call-IDs that hold nothing */
#define IMS_MAX_OPEN_CX	      32768u
#define IMS_MAX_GIVEN_UP      4096u
#define IMS_MAX_LINKS	      16384u
/* Of them under one Call-ID, and of one identity. */
#define IMS_THREAD_MAX_ATTEMPTS	  16u
#define IMS_THREAD_JUDGED	  16u
#define IMS_IDENTITY_MAX_ATTEMPTS 64u
/* Of one exchange: sides of agents and resends, and messages on all. */
#define IMS_CX_MAX_HOPS	    16u
#define IMS_CX_MAX_MESSAGES 64u

/* Bytes of all messages that are held, wherever they are: what is open is
   closed early. The window holds no more than half of it (see there). */
#define IMS_MAX_HELD ((size_t)128 << 20)

/* How long a thing stays open for what may still come. */
#define IMS_LINGER (600 * IMS_MILLISECOND)
/* A Cx-only attempt and the REGISTER behind it are this near. */
#define IMS_ADOPT	    (2 * IMS_SECOND)
#define IMS_LINGER_UPSTREAM (5 * IMS_SECOND)
/* That fragments were lost is known 3 s after they came: for the first three
   transmissions (timer E) by then. */
#define IMS_LINGER_FRAGMENTS (8 * IMS_SECOND)
#define IMS_CALL_KEPT	     (7200 * IMS_SECOND)
#define IMS_LINK_LINGER	     (60 * IMS_SECOND)

struct ims_draft;
struct ims_drafts;
struct ims_thread;

/* An attempt and its bookkeeping. */
struct ims_open_attempt {
	struct ims_attempt about; /* first: rules see this */
	struct ims_timer timer;
	struct ims_thread *thread; /* NULL: known from Cx alone */
	GList age;		   /* in engine->attempts */
	struct ims_few keys; /* of engine->identities, it is among these */
	char *impi;
	char *impu;
	struct ims_journey *journeys[IMS_FEW]; /* of `about`, while few */
	struct ims_cx *exchanges[IMS_FEW];
	unsigned n_messages;
	bool let_go; /* closed before its time: silence proves nothing */
	bool esp_full;
	struct ims_observed_share heard_before; /* when it began */
};

/* A Diameter exchange and its bookkeeping. */
struct ims_open_cx {
	struct ims_cx about; /* first */
	struct ims_timer timer;
	struct ims_few messages; /* of struct ims_facts, all copies; held */
	struct ims_few hops;	 /* of struct ims_cx_hop: hop-by-hop keys */
	/* By these it is in engine->cx_by_end and cx_by_session; borrowed from
	   `messages`, as are the texts below. NULL: it is not. */
	const struct ims_diameter_facts *join;
	const struct ims_diameter_facts *session;
	const char *vector; /* RAND || AUTN in engine->vectors */
	uint32_t join_hash;
	uint32_t session_hash;
	uint32_t vector_hash;
	GList age;     /* in engine->exchanges */
	GList on_link; /* in its link's exchanges */
	bool reported;
	bool has_waited; /* for a sign of life of its answerer */
	bool is_judged;	 /* it waits for its subscribers to be told */
	char **ended;	 /* keys of what its RTR ends; NULL: no RTR */
	struct ims_slice impi;
	struct ims_slice impu;
	struct ims_slice server_name;
	struct ims_slice origin_host;
	struct ims_slice destination_realm;
};

struct ims_open_link {
	struct ims_link about; /* first */
	struct ims_timer timer;
	GPtrArray *kept;  /* references held for `about` */
	GQueue exchanges; /* open ones that it carries */
	GList age;	  /* in engine->links */
	bool checked;
};

/* One Call-ID: the attempts made under it, or a call. */
struct ims_thread {
	struct ims_few attempts; /* open ones, oldest first; borrowed */
	struct ims_few journeys; /* of a call; owned */
	GHashTable *told;	 /* rules that spoke once in this call */
	struct ims_timer timer;
	int64_t last_ns;
	GList age;  /* in engine->calls, when it holds journeys */
	GList rest; /* in engine->resting */
	bool is_call;
	bool is_resting;
	uint32_t hash; /* of its Call-ID */
	/* The attempt under it that was closed last. */
	uint32_t closed_cseq;
	uint64_t closed_branch;
	int64_t closed_until_ns; /* what comes of it until then is no news */
	/* The transactions of a call that were judged last, likewise. */
	unsigned n_judged; /* ever */
	int64_t judged_until_ns;
	uint64_t judged[IMS_THREAD_JUDGED];
	char call_id[]; /* key in engine->threads */
};

struct ims_engine {
	struct ims_options options;
	struct ims_sink sink;
	struct ims_pool *pool;	 /* of what is fed */
	struct ims_stock *stock; /* of the chain's records */
	struct ims_window *window;
	struct ims_timers *timers;
	int64_t now_ns;	  /* of what was applied last */
	int64_t clock_ns; /* the front end's word of how far the capture is */
	size_t held;	  /* bytes of the messages there are */
	bool ended;

	struct ims_set threads;	      /* struct ims_thread, by Call-ID */
	GQueue attempts;	      /* open, oldest first */
	GQueue calls;		      /* threads that are calls */
	GQueue resting;		      /* threads that were closed lately */
	struct ims_index *identities; /* identity -> open attempts */
	GHashTable *ues;	      /* address -> the last attempt from it */

	GQueue exchanges;	  /* open, oldest first */
	struct ims_set cx_by_hop; /* struct ims_cx_hop, by its key */
	GHashTable *given_up;	  /* the same, of requests told as unanswered */
	GQueue given_up_ages;
	struct ims_set cx_by_end;     /* by Origin-Host, end-to-end, command */
	struct ims_set cx_by_session; /* by Session-Id and these two */
	struct ims_set vectors;	      /* cx, by RAND || AUTN */
	struct ims_set link_table;    /* links, by their endpoints */
	GQueue links;		      /* the longest silent first */
	GPtrArray *links_found;	      /* scratch of ims_links_of */

	struct ims_bindings *bindings;
	struct ims_subscriptions *subscriptions;
	struct ims_endings *endings;
	int64_t heard_ns; /* of the capture, without timers; 0: nothing */
	struct ims_nodes *nodes;
	struct ims_pairs *pairs;
	struct ims_flaps *flaps;
	struct ims_awaited *awaited;
	struct ims_observation *observation;
	struct ims_counts *counts;
	struct ims_scopes *scopes;
	struct ims_drafts *drafts; /* of the judgement that goes on */
	uint64_t n_registrations;  /* ids given */
	uint64_t n_exchanges;
	uint64_t n_findings;
	struct ims_summary summary;
};

/* bounds.c: so many things went, or were not taken, because of a bound. */
void ims_let_go(struct ims_engine *engine, enum ims_bound bound,
		uint64_t n) IMS_NONNULL_ALL;

/* cx.c: a Diameter message. */
void ims_cx_apply(struct ims_engine *engine,
		  struct ims_facts *facts) IMS_NONNULL_ALL;
void ims_cx_free(struct ims_engine *engine,
		 struct ims_open_cx *cx) IMS_NONNULL_ALL;
/* Before its time: judges it if need be, and frees it. */
void ims_cx_close(struct ims_engine *engine,
		  struct ims_open_cx *cx) IMS_NONNULL_ALL;
/* The oldest of engine->given_up goes. */
void ims_cx_forget(struct ims_engine *engine) IMS_NONNULL_ALL;
/* For engine->given_up, which owns its keys. */
GHashTable *ims_cx_given_up_table_new(void) IMS_MUST_USE;
/* The oldest goes before its time, and what it was joined to. */
void ims_cx_let_go(struct ims_engine *engine,
		   enum ims_bound bound) IMS_NONNULL_ALL;
/* Hands it to the sink and counts it, once. */
void ims_cx_report(struct ims_engine *engine,
		   struct ims_open_cx *cx) IMS_NONNULL_ALL;
/* The exchange whose MAA holds that nonce's RAND and AUTN; NULL: none. */
struct ims_open_cx *ims_cx_of_nonce(struct ims_engine *engine,
				    struct ims_slice nonce) IMS_NONNULL(1);

/* termination.c: who is to be told of what an RTR ends. */
/* Notes which identities it ends, while what stands for them is known. */
void ims_termination_note(struct ims_engine *engine,
			  struct ims_open_cx *cx) IMS_NONNULL_ALL;
/* It was done, and somebody has subscribed to one of them. */
bool ims_termination_awaits(struct ims_engine *engine,
			    const struct ims_open_cx *cx) IMS_NONNULL_ALL;
/* Their subscriptions, each once; of struct ims_subscription *. Borrowed. */
const GPtrArray *ims_termination_found(struct ims_engine *engine,
				       const struct ims_open_cx *cx)
	IMS_NONNULL_ALL;

/* link.c: connections and what befalls them. */
struct ims_open_link *ims_link_message(struct ims_engine *engine,
				       struct ims_facts *facts) IMS_NONNULL_ALL;
/* NULL: none between these. */
struct ims_open_link *ims_link_find(
	const struct ims_engine *engine, const struct ims_endpoint *a,
	const struct ims_endpoint *b) IMS_NONNULL_ALL;
void ims_link_event(struct ims_engine *engine,
		    struct ims_facts *facts) IMS_NONNULL_ALL;
void ims_link_free(struct ims_engine *engine,
		   struct ims_open_link *link) IMS_NONNULL_ALL;
/* The Product-Name that the sender or the receiver of a message (its `end`)
   gave in CER or CEA; absent where the capture does not hold it. */
struct ims_slice ims_link_product(
	struct ims_engine *engine, const struct ims_facts *message,
	const struct ims_endpoint *end) IMS_NONNULL_ALL;

/* join.c: which attempt an exchange belongs to. */
void ims_join(struct ims_engine *engine,
	      struct ims_open_cx *cx) IMS_NONNULL_ALL;
void ims_join_move(struct ims_engine *engine, struct ims_open_cx *cx,
		   struct ims_open_attempt *attempt) IMS_NONNULL_ALL;
/* At its end: gives back what was guessed and is not borne out. */
void ims_join_settle(struct ims_engine *engine,
		     struct ims_open_attempt *attempt) IMS_NONNULL_ALL;

/* attempts.c: REGISTER on its legs. */
void ims_attempt_apply(struct ims_engine *engine, struct ims_thread *thread,
		       struct ims_facts *facts) IMS_NONNULL_ALL;
/* An ICMP error that quotes the start of a REGISTER. */
void ims_attempt_icmp(struct ims_engine *engine,
		      struct ims_facts *facts) IMS_NONNULL_ALL;

/* partials.c: a SIP message of which fragments are missing, and what the
   transaction that it is of already shows. */
void ims_partial_apply(struct ims_engine *engine,
		       const struct ims_facts *facts) IMS_NONNULL_ALL;

/* protected.c: ESP that could not be read, of an attempt or of none. */
void ims_attempt_esp(struct ims_engine *engine,
		     struct ims_facts *esp) IMS_NONNULL_ALL;

/* attempt.c: how long it stays open, and what then. */
struct ims_open_attempt *ims_attempt_open(struct ims_engine *engine,
					  struct ims_thread *thread,
					  int64_t time_ns) IMS_NONNULL(1);
/* It is one of those under that Call-ID from now on. */
void ims_attempt_enter(struct ims_open_attempt *attempt,
		       struct ims_thread *thread) IMS_NONNULL_ALL;
/* Something of it was seen: it stays open for what may follow. */
void ims_attempt_touch(struct ims_engine *engine,
		       struct ims_open_attempt *attempt,
		       int64_t time_ns) IMS_NONNULL_ALL;
/* For finding it again; nothing of one that is none. */
void ims_attempt_known_as(struct ims_engine *engine,
			  struct ims_open_attempt *attempt,
			  const struct ims_identity *identity) IMS_NONNULL_ALL;
/* An attempt known from Cx alone turns out to be that REGISTER's. */
struct ims_open_attempt *ims_attempt_adopt(
	struct ims_engine *engine, struct ims_thread *thread,
	const struct ims_facts *facts) IMS_NONNULL_ALL;
/* Its exchanges turned out to be another's: frees it, unsaid. */
void ims_attempt_drop(struct ims_engine *engine,
		      struct ims_open_attempt *attempt) IMS_NONNULL_ALL;
/* Closes it before its time. */
void ims_attempt_let_go(struct ims_engine *engine,
			struct ims_open_attempt *attempt,
			enum ims_bound bound) IMS_NONNULL_ALL;
/* Settles, checks, reports and frees it. */
void ims_attempt_close(struct ims_engine *engine,
		       struct ims_open_attempt *attempt) IMS_NONNULL_ALL;

/* outcome.c: what became of it, before rules look. */
void ims_attempt_settle(struct ims_engine *engine,
			struct ims_open_attempt *attempt) IMS_NONNULL_ALL;

/* lost.c: the response that was made and did not reach the UE, which asked
   on. Wants the attempt's kind and what is known of the UE. NULL: none. */
const struct ims_facts *ims_attempt_lost_response(
	const struct ims_attempt *attempt) IMS_NONNULL_ALL;
/* One was made, and the UE asks on as far as the capture goes. */
bool ims_attempt_still_asks(const struct ims_attempt *attempt) IMS_NONNULL_ALL;

/* The request came inside ESP, its final response outside. */
bool ims_hop_is_answered_outside(const struct ims_hop *first) IMS_NONNULL_ALL;

/* parties.c: who is who on an attempt's or a call's legs. */
void ims_parties_of_attempt(struct ims_engine *engine,
			    struct ims_attempt *attempt) IMS_NONNULL_ALL;
void ims_parties_of_journey(struct ims_engine *engine,
			    struct ims_journey *journey) IMS_NONNULL_ALL;

/* calls.c: requests outside REGISTER. */
void ims_call_apply(struct ims_engine *engine, struct ims_thread *thread,
		    struct ims_facts *facts) IMS_NONNULL_ALL;
/* The oldest goes before its time. */
void ims_calls_let_go(struct ims_engine *engine,
		      enum ims_bound bound) IMS_NONNULL_ALL;
void ims_call_close(struct ims_engine *engine,
		    struct ims_thread *thread) IMS_NONNULL_ALL;

/* threads.c */
struct ims_thread *ims_thread_get(struct ims_engine *engine,
				  struct ims_slice call_id) IMS_NONNULL(1);
struct ims_thread *ims_thread_find(struct ims_engine *engine,
				   struct ims_slice call_id) IMS_NONNULL(1);
/* Frees it once it holds nothing. */
void ims_thread_release(struct ims_engine *engine,
			struct ims_thread *thread) IMS_NONNULL_ALL;

/* All that hold nothing. */
void ims_threads_release(struct ims_engine *engine) IMS_NONNULL_ALL;

/* judge.c: the rules' turn. */
void ims_judge_attempt(struct ims_engine *engine,
		       struct ims_open_attempt *attempt) IMS_NONNULL_ALL;
void ims_judge_exchange(struct ims_engine *engine,
			struct ims_open_cx *cx) IMS_NONNULL_ALL;
/* Once more, when its subscribers had the time to be told. */
void ims_judge_termination(struct ims_engine *engine,
			   struct ims_open_cx *cx) IMS_NONNULL_ALL;
void ims_judge_request(struct ims_engine *engine, struct ims_thread *thread,
		       struct ims_journey *journey) IMS_NONNULL_ALL;
void ims_judge_link(struct ims_engine *engine,
		    struct ims_open_link *link) IMS_NONNULL_ALL;
/* A message that no attempt, exchange or journey holds. */
void ims_judge_stray(struct ims_engine *engine,
		     const struct ims_facts *message) IMS_NONNULL_ALL;
/* Once, at the end. */
void ims_judge_capture(struct ims_engine *engine) IMS_NONNULL_ALL;

/* report.c: the attempt as front ends get it. `cause`: the draft that explains
   its failure, or NULL. */
void ims_attempt_report(struct ims_engine *engine,
			const struct ims_open_attempt *attempt,
			const struct ims_draft *cause, const uint64_t *findings,
			size_t n_findings) IMS_NONNULL(1, 2);

/*
 * report.c: the steps of one request on all legs, in order of time; failing
 * are the evidence of `proof`. Sets *n. They are kept as long as drafts are.
 */
const struct ims_step *ims_request_steps(
	const struct ims_engine *engine, const struct ims_journey *journey,
	const struct ims_draft *proof, size_t *n) IMS_NONNULL_ALL IMS_MUST_USE;

/* The record around a part of it. */
static inline struct ims_open_cx *ims_cx_open(struct ims_cx *cx)
{
	return (struct ims_open_cx *)cx;
}

static inline struct ims_open_attempt *ims_attempt_record(
	struct ims_attempt *attempt)
{
	return (struct ims_open_attempt *)attempt;
}

/* Sets *text to a copy of `slice`, which ends with its first NUL, if it is not
   set yet. ims_stock_give_text. */
void ims_text_default(struct ims_engine *engine, char **text,
		      struct ims_slice slice) IMS_NONNULL(1, 2);
/* What is kept of a text, which ends with its first NUL; borrowed from it. */
struct ims_slice ims_until_nul(struct ims_slice text);

#endif
