/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finding: a rule that fired, on this capture's facts. */
#ifndef IMS_FINDING_H
#define IMS_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/change.h>
#include <ims/message.h>
#include <ims/registration.h>
#include <ims/rule.h>
#include <ims/signature.h>
#include <ims/slice.h>

enum ims_confidence {
	IMS_CONFIDENCE_CERTAIN, /* proved by its frames */
	IMS_CONFIDENCE_LIKELY,
};

struct ims_fact {
	const char *key; /* one of the rule's keys */
	enum ims_fact_type type;
	union {
		struct ims_slice string;
		int64_t integer;
		double number;
		bool boolean;
		struct ims_frame frame;
		struct {
			const struct ims_slice *at;
			size_t n;
		} strings;
	} value;
};

/*
 * One evidence frame and what it shows ("UE 10.70.1.101: re-INVITE, Require:
 * sec-agree"), in order of time. `saying` may be absent. Where it is a copy of
 * a message that was seen on the leg before, `changes` has what its sender
 * `by` changed in it; else NULL.
 */
struct ims_evidence {
	struct ims_frame frame;
	int64_t time_ns;
	struct ims_slice saying;
	const struct ims_changes *changes;
	struct ims_party by;
};

/*
 * Borrowed: lives for the callback that hands it over. Text may hold bytes
 * from the wire: an output escapes it for itself.
 */
struct ims_finding {
	uint64_t id; /* from 1, in the order in which findings become final */
	const struct ims_rule *rule;
	enum ims_severity severity; /* here; may differ from the rule's */
	enum ims_confidence confidence;
	uint64_t registration; /* its id, or 0 */
	bool is_cause;	       /* of that registration's outcome */
	struct ims_slice call_id;
	struct ims_slice impi;
	struct ims_slice impu;
	int64_t time_ns; /* of its first evidence frame */
	const struct ims_evidence *evidence;
	size_t n_evidence;
	struct ims_slice headline; /* a few words of what happened; may be
				      absent: the rule's title then */
	struct ims_slice summary;  /* one sentence, this capture's facts */
	struct ims_slice advice;   /* what to do here */
	const struct ims_fact *facts;
	size_t n_facts;
	/* The known deviation of a product that explains it; lives as long as
	   the options' signatures. NULL: none. */
	const struct ims_signature *signature;
	/*
	 * Of a finding about one SIP request: the request and what came back,
	 * on all legs, in order of time; `failing` are its evidence frames.
	 * NULL: it is about something else, or they were not asked for (see
	 * ims_options).
	 */
	const struct ims_step *steps;
	size_t n_steps;
};

/* "certain", "likely". */
const char *ims_confidence_name(enum ims_confidence confidence);

#endif
