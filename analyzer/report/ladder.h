/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a sequence diagram shows of the steps of a registration or request,
 * whatever it is drawn with: nodes as columns, messages as rows in order of
 * time, retransmissions folded into the first. Owned, escaped for a terminal,
 * and bounded.
 */
#ifndef IMS_LADDER_H
#define IMS_LADDER_H

#include <glib.h>

#include "report.h"

#define IMS_LADDER_MAX_COLUMNS 32 /* the last takes what is beyond */
/* Rows kept of the beginning, of the end, and that fail between them. */
#define IMS_LADDER_MAX_FIRST   64
#define IMS_LADDER_MAX_LAST    48
#define IMS_LADDER_MAX_FAILING 16

struct ims_ladder_column {
	enum ims_role role;
	uint32_t number;   /* from 1: which one of its role */
	int rank;	   /* from the UE into the core */
	uint32_t legs;	   /* bits: 1u << enum ims_leg */
	GArray *addresses; /* of struct ims_address, one at least */
	bool has_others;   /* beyond IMS_LADDER_MAX_COLUMNS */
};

struct ims_ladder_row {
	uint32_t n_left_out; /* rows before this one that are not kept */
	struct ims_frame frame;
	int64_t time_ns;
	guint from, to; /* of columns */
	enum ims_protocol protocol;
	bool is_answer; /* a response or an answer */
	bool failing;
	char *message; /* "REGISTER" */
	char *detail;  /* or NULL */
	char *changes; /* what `from` changed in it: lines, or NULL */
	uint32_t n_times;
	struct ims_frame last_frame; /* of its retransmissions */
	int64_t last_ns;
};

struct ims_ladder {
	int64_t start_ns;
	GArray *columns; /* of struct ims_ladder_column, from the UE on */
	GArray *rows;	 /* of struct ims_ladder_row */
};

/* Of `n` steps in order of time; NULL where there are none. */
struct ims_ladder *ims_ladder_new(const struct ims_step *steps, size_t n,
				  int64_t start_ns) IMS_MUST_USE;
void ims_ladder_free(struct ims_ladder *ladder); /* NULL: nothing */

const struct ims_ladder_column *ims_ladder_column(
	const struct ims_ladder *ladder, guint index) IMS_NONNULL_ALL;
const struct ims_ladder_row *ims_ladder_row(const struct ims_ladder *ladder,
					    guint index) IMS_NONNULL_ALL;

/* The time of its last row, with retransmissions. */
int64_t ims_ladder_end(const struct ims_ladder *ladder) IMS_NONNULL_ALL;
bool ims_ladder_has_failing(const struct ims_ladder *ladder) IMS_NONNULL_ALL;

/*
 * The columns, for ladder.c: makes those of the steps, sets the place of
 * each step's ends. `ends` has 2 * n: from, to, from, to.
 */
GArray *ims_ladder_columns(const struct ims_step *steps, size_t n,
			   guint *ends) IMS_NONNULL_ALL IMS_MUST_USE;

/* A response of SIP, an answer of Diameter. */
bool ims_step_is_answer(const struct ims_step *step) IMS_NONNULL_ALL;

#endif
