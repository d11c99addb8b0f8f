/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Third-party REGISTERs that profiles ask for, beside those that came: what
 * is missing can be told only at the end of the capture. Compact records, no
 * messages.
 */
#ifndef IMS_AWAITED_H
#define IMS_AWAITED_H

#include "attempt.h"

/* Awaited at once; beyond, the oldest is forgotten. */
#define IMS_AWAITED_MAX 4096u
/* Identities for which one came; beyond, they are forgotten, and nothing from
   before is awaited any more. */
#define IMS_AWAITED_MAX_CAME 65536u
/* Of one identity, the last; where more came since a profile, nothing of it is
   awaited. */
#define IMS_AWAITED_CAME_KEPT 8u
/* Identities of one registration for which it may come. */
#define IMS_AWAITED_MAX_IDENTITIES 16u

/* One that a profile asks for on a first registration. */
struct ims_expectation {
	const char *impi; /* or NULL, as the next two */
	const char *impu;
	const char *call_id;
	const char *server; /* ServerName of the criterion: ims_identity_key */
	unsigned n_identities;	    /* for any of which it may come */
	struct ims_address scscf;   /* who should send it */
	struct ims_address address; /* of the server; family 0: not known */
	struct ims_frame profile;   /* the SAA */
	int64_t profile_ns;
	struct ims_frame ok; /* the 200 */
	int64_t ok_ns;
};

struct ims_awaited;

struct ims_awaited *ims_awaited_new(void) IMS_MUST_USE;
void ims_awaited_free(struct ims_awaited *awaited); /* NULL: nothing */

/* Takes note of a settled attempt: of what its profile asks for, or of a
   third-party REGISTER that came. */
void ims_awaited_note(struct ims_awaited *awaited,
		      const struct ims_attempt *attempt) IMS_NONNULL_ALL;

/* Takes note of a settled request outside REGISTER: it may show where a server
   is. */
void ims_awaited_note_request(struct ims_awaited *awaited,
			      const struct ims_journey *journey)
	IMS_NONNULL_ALL;

/*
 * The next that did not come after `before` (NULL: the first), with its
 * server's address filled in where the capture tells it. NULL: no more.
 */
const struct ims_expectation *ims_awaited_next(
	struct ims_awaited *awaited, const struct ims_expectation *before)
	IMS_NONNULL(1);

/* Forgotten because of a bound. */
uint64_t ims_awaited_let_go(const struct ims_awaited *a) IMS_NONNULL_ALL;

#endif
