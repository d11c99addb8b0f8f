/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the text report keeps of a registration or finding until it is
 * printed: owned, escaped for a terminal, and bounded.
 */
#ifndef IMS_TEXT_KEEP_H
#define IMS_TEXT_KEEP_H

#include <glib.h>

#include "ladder.h"
#include "report.h"

/* Bytes of an identity and of a sentence; what is longer ends in "...". */
#define IMS_TEXT_MAX_NAME     200
#define IMS_TEXT_MAX_SENTENCE 2000
/* Frames kept of one finding or registration. */
#define IMS_TEXT_MAX_FRAMES 64

struct ims_text_evidence {
	struct ims_frame frame;
	char *who;     /* "UE 10.0.0.1", or NULL */
	char *what;    /* or NULL */
	char *changes; /* what `by` did to it: lines, or NULL */
	char *by;      /* as `who`; NULL where it is the same, or unknown */
};

struct ims_text_finding {
	const struct ims_rule *rule;
	enum ims_severity severity;
	enum ims_confidence confidence;
	int64_t time_ns;
	uint64_t id;
	char *headline; /* or NULL */
	char *summary;
	char *advice;		   /* or NULL */
	char *known;		   /* which product behaves so, or NULL */
	GArray *evidence;	   /* of struct ims_text_evidence */
	size_t n_left_out;	   /* evidence above IMS_TEXT_MAX_FRAMES */
	struct ims_ladder *ladder; /* of the request; NULL: not asked for */
};

struct ims_text_registration {
	uint64_t id;
	enum ims_kind kind;
	enum ims_outcome outcome;
	const struct ims_rule *cause;
	uint16_t status;
	char *who;    /* short, as ims_text_name_of has it */
	char *reason; /* or NULL, as the following */
	char *impi;
	char *impu;
	char *ue;
	char *scscf;
	int64_t end_ns;
	int64_t duration_ns;
	GArray *frames;		   /* of struct ims_frame: its steps */
	struct ims_ladder *ladder; /* or NULL: not asked for */
};

/* NULL for what is absent or empty; else escaped and to be freed. */
char *ims_text_of(struct ims_slice wire, size_t max);

/*
 * The short name of a subscriber, as ims_text_of: the IMPU, else the IMPI,
 * without its scheme, and without a realm of 3gppnetwork.org.
 */
char *ims_text_name_of(struct ims_slice impi, struct ims_slice impu);

struct ims_text_finding *ims_text_finding_new(const struct ims_finding *f)
	IMS_NONNULL_ALL IMS_MUST_USE;
void ims_text_finding_free(struct ims_text_finding *f); /* NULL: nothing */

struct ims_text_registration *ims_text_registration_new(
	const struct ims_registration *r,
	bool with_ladder) IMS_NONNULL_ALL IMS_MUST_USE;
void ims_text_registration_free(struct ims_text_registration *r);

#endif
