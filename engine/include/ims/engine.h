/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine: events in, registrations, exchanges, findings and nodes out.
 * It has no globals, prints nothing, never exits; several engines can live in
 * one process, each used by one thread at a time.
 *
 * It puts events in order of time within a window, drops copies of one
 * packet, joins Cx to SIP, and hands over each thing once it is final: then
 * it lets it go, so that memory follows what is open and not what was read.
 */
#ifndef IMS_ENGINE_H
#define IMS_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/exchange.h>
#include <ims/finding.h>
#include <ims/message.h>
#include <ims/registration.h>
#include <ims/rule.h>
#include <ims/signature.h>

struct ims_engine;

/* A node of the core: one address and the roles it was seen in. */
struct ims_node {
	struct ims_address address;
	uint32_t roles;		       /* bits: 1u << enum ims_role */
	const struct ims_slice *names; /* Origin-Hosts, host names of URIs */
	size_t n_names;
	enum ims_confidence confidence;
};

/* A SIP message of a call or subscription: of any method but REGISTER.
   Borrowed. */
struct ims_call_message {
	struct ims_frame frame;
	int64_t time_ns;
	struct ims_slice call_id;
	struct ims_slice event; /* of a SUBSCRIBE or NOTIFY: "reg" */
	struct ims_slice from;	/* URIs, as written */
	struct ims_slice to;
};

/* What is called when something is final; any member may be NULL. */
struct ims_sink {
	void *user;
	/*
	 * Whether anyone will look at the steps of a registration, which is
	 * shown without them and its legs; if not, it is handed over so. NULL:
	 * always.
	 */
	bool (*wants_steps)(void *user, const struct ims_registration *);
	void (*registration)(void *user, const struct ims_registration *);
	void (*exchange)(void *user, const struct ims_exchange *);
	void (*finding)(void *user, const struct ims_finding *);
	void (*node)(void *user, const struct ims_node *); /* at the end */
	/*
	 * `copy` holds the same packet as `first`, taken at another point: it
	 * is left out of everything else. Told when it is dropped.
	 */
	void (*copy)(void *user, struct ims_frame copy, struct ims_frame first);
	/* Told as they come, whatever becomes of them. */
	void (*call)(void *user, const struct ims_call_message *);
};

struct ims_role_hint {
	struct ims_endpoint endpoint; /* port 0: any */
	enum ims_role role;
};

struct ims_options {
	int64_t answer_timeout_ns;	   /* cx_unanswered; 0: 10 s */
	int64_t slow_answer_ns;		   /* cx_slow_answer; 0: 1 s */
	const struct ims_role_hint *hints; /* copied */
	size_t n_hints;
	bool changes;	    /* steps are to have them: see ims_step */
	bool request_steps; /* findings are to have them: see ims_finding */
	/* The least severity of findings whose evidence is to have them:
	   nobody compares what nobody looks at. 0: all. */
	enum ims_severity changes_from;
	/* Each rule is asked about all that its scope has, whatever it needs:
	   slow, and says the same. For tests. */
	bool asks_all;
	/* Which product behaves so; borrowed, outlives the engine and what
	   is kept of its findings. NULL: findings name no product. */
	const struct ims_signatures *signatures;
};

/* Distribution of a command's answer times: nanoseconds; -1: none. */
struct ims_latency {
	int64_t p50_ns;
	int64_t p95_ns;
	int64_t max_ns;
};

struct ims_command_count {
	const char *command; /* "UAR" */
	uint64_t count;
	uint64_t errors;
	uint64_t unanswered;
	struct ims_latency latency;
};

struct ims_rule_count {
	const struct ims_rule *rule;
	uint64_t findings;
	uint64_t errors; /* of them, of severity error */
	uint64_t causes;
};

/* What may be met; what is beyond is closed early, or not kept. */
enum ims_bound {
	IMS_BOUND_MEMORY,	 /* there was none for an event */
	IMS_BOUND_HELD,		 /* bytes of all messages that are open */
	IMS_BOUND_REGISTRATIONS, /* open at once */
	IMS_BOUND_OF_CALL_ID,	 /* of them */
	IMS_BOUND_OF_IDENTITY,
	IMS_BOUND_OF_REGISTRATION, /* messages, exchanges */
	IMS_BOUND_CALLS,	   /* open at once */
	IMS_BOUND_OF_CALL,	   /* requests, messages */
	IMS_BOUND_CALL_IDS,	   /* remembered for what comes late */
	IMS_BOUND_EXCHANGES,	   /* open at once */
	IMS_BOUND_OF_EXCHANGE,	   /* messages, agents */
	IMS_BOUND_LINKS,	   /* Diameter connections */
	IMS_BOUND_BINDINGS,	   /* what stands */
	IMS_BOUND_SUBSCRIPTIONS,
	IMS_BOUND_PAIRS,    /* of addresses that spoke */
	IMS_BOUND_ENDINGS,  /* signs of them */
	IMS_BOUND_AWAITED,  /* third-party REGISTERs */
	IMS_BOUND_ROUNDS,   /* contacts that registered lately */
	IMS_BOUND_GIVEN_UP, /* requests told as unanswered */
	IMS_BOUND_NODES,
	IMS_BOUND_OBSERVED, /* of the capture itself */
};
#define IMS_N_BOUNDS 21

/* "N MANY: there is room for MOST WHAT." */
struct ims_bound_text {
	const char *name; /* "open_registrations" */
	const char *one;
	const char *many;
	uint64_t most; /* 0: there is no number */
	const char *what;
};

const struct ims_bound_text *ims_bound_text(enum ims_bound bound);

/* Of the whole, whatever is filtered later. */
struct ims_summary {
	uint64_t registrations[IMS_N_OUTCOMES];
	const struct ims_rule_count *rules; /* those that fired; by slug */
	size_t n_rules;
	const struct ims_command_count *commands; /* those seen */
	size_t n_commands;
	uint64_t sip_messages; /* copies left out */
	uint64_t diameter_messages;
	uint64_t copies; /* packets seen more than once, left out */
	uint64_t late;	 /* events older than the window */
	uint64_t let_go; /* things closed early because a bound was met */
	uint64_t let_go_by[IMS_N_BOUNDS]; /* the same, by the bound */
	bool has_errors;		  /* a finding of severity error */
};

/* NULL options: all defaults. Never NULL; sink is copied. */
struct ims_engine *ims_engine_new(const struct ims_options *options,
				  const struct ims_sink *sink)
	IMS_NONNULL(2) IMS_MUST_USE;

/* An event that a front end lost for want of memory: it is counted. */
void ims_engine_lost(struct ims_engine *engine) IMS_NONNULL_ALL;

/*
 * Takes one event; nothing of it is kept but copies, which are read when their
 * turn comes. Calls the sink for what became final, of several events at a time
 * (ims_engine_clock lets out all that is due). Returns false when the event was
 * lost for want of memory.
 */
bool ims_engine_feed(struct ims_engine *engine,
		     const struct ims_event *event) IMS_NONNULL_ALL;

/*
 * The capture goes on until `time_ns` at least, whatever its packets hold:
 * timers run by it. Called once in a while, and before finish with the time of
 * the last packet; earlier times than before are passed over.
 */
void ims_engine_clock(struct ims_engine *engine,
		      int64_t time_ns) IMS_NONNULL_ALL;

/* No more events: everything open becomes final. Feed no more after it. */
void ims_engine_finish(struct ims_engine *engine) IMS_NONNULL_ALL;

/* After finish; borrowed, lives as long as the engine. */
const struct ims_summary *ims_engine_summary(struct ims_engine *engine)
	IMS_NONNULL_ALL;

void ims_engine_free(struct ims_engine *engine); /* NULL: nothing */

#endif
