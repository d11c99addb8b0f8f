/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the engine made of a scenario, kept, and what was expected of it. */
#ifndef SCN_OUTCOME_H
#define SCN_OUTCOME_H

#include <glib.h>

#include <ims/engine.h>

#include "scn.h"

struct outcome_finding {
	char *slug;
	enum ims_severity severity;
	enum ims_confidence confidence;
	bool is_cause;
	guint64 registration;
	GArray *frames;	   /* of guint64 */
	GHashTable *facts; /* key: text */
	char *text;	   /* summary, advice and what the evidence says */
};

struct outcome_registration {
	guint64 id;
	GHashTable *values; /* "outcome": "rejected", ... */
};

struct outcome {
	GPtrArray *findings;
	GPtrArray *registrations; /* in order of their ids */
	/* Rules that were not asked for want of what they need would have said
	   something. */
	bool needs_too_much;
};

/* Feeds the events from `first` up to but not `end` to an engine, and to
   another that asks all rules; prints what that says if it says more. */
struct outcome *outcome_new(const struct scn_event *events, size_t first,
			    size_t end);
void outcome_free(struct outcome *outcome);

/* All of it, for the reader of a failed test. */
void outcome_print(const struct outcome *outcome);

/* The same in a form to be compared, without what a front end words. */
void outcome_print_lines(const struct outcome *outcome);

struct expectation;

/*
 * What the scenario says of its outcome; see tests/scn/README.md. `rule` is
 * the rule under test, or NULL; `fires` whether it shall.
 */
struct expectation *expectation_new(const struct scn *scn, const char *rule,
				    bool fires);
void expectation_free(struct expectation *expectation);

/* Prints each that is not met; returns how many. */
unsigned expectation_check(const struct expectation *expectation,
			   const struct outcome *outcome);

/*
 * Prints each finding of severity error that is neither expected nor
 * allowed; under `expect nothing else` those of severity warning too. A rule
 * that needs too much is printed and counted as well.
 */
unsigned expectation_check_others(const struct expectation *expectation,
				  const struct outcome *outcome);

#endif
