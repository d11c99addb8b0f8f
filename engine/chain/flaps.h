/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contacts that register again and again: one compact record for each that
 * registered lately. It knows nothing of why they do.
 */
#ifndef IMS_FLAPS_H
#define IMS_FLAPS_H

#include "attempt.h"

/* Records at once: one is forgotten when it is over; beyond, the oldest is,
   which accuses nobody. */
#define IMS_FLAPS_MAX 65536u

/* Rounds that are remembered one by one. */
#define IMS_ROUNDS_KEPT 5u

/* One registration of the row. */
struct ims_round {
	struct ims_frame frame; /* of its final response */
	int64_t time_ns;
};

/* Registrations of one contact, each within a minute of the one before. */
struct ims_rounds {
	struct ims_round last[IMS_ROUNDS_KEPT]; /* the earliest first */
	unsigned n_last;
	unsigned n;	  /* all of them */
	unsigned n_again; /* made while the one before stood */
	int64_t first_ns;
};

struct ims_flaps;

struct ims_flaps *ims_flaps_new(void) IMS_MUST_USE;
void ims_flaps_free(struct ims_flaps *flaps); /* NULL: nothing */

/*
 * Takes note of a settled attempt. The rounds of its contact where this one
 * makes them too many: three, four within a minute where the contact did not
 * deregister in between, or five in a row; told once a row. Else NULL.
 * Borrowed until the next note.
 */
const struct ims_rounds *ims_flaps_note(struct ims_flaps *flaps,
					const struct ims_attempt *attempt)
	IMS_NONNULL_ALL;

/* Contacts that were forgotten before their time because the bound was met. */
uint64_t ims_flaps_let_go(const struct ims_flaps *flaps) IMS_NONNULL_ALL;

#endif
