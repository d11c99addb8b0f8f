/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may have ended a registration, by identity: every sign of it as it is
 * seen, and the ends that the HSS confirmed. What nobody is known to have
 * ended still stands; that is only sure while nothing was missed.
 */
#ifndef IMS_ENDINGS_H
#define IMS_ENDINGS_H

#include <glib.h>

#include <ims/message.h>
#include <ims/slice.h>

/* Identities remembered; beyond, the oldest sign counts for everybody. */
#define IMS_ENDINGS_MAX 65536u

/* Nothing of the network seen for so long: the capture was not running. Peers
   of Diameter watch each other every 30 s (RFC 6733 5.5.1, RFC 3539 3.4.1). */
#define IMS_CAPTURE_PAUSE ((int64_t)300 * 1000000000)

struct ims_endings;
struct ims_identity;

/* The last that is known of an identity. */
struct ims_ending {
	int64_t sign_ns;	/* something that may have ended it */
	int64_t ended_ns;	/* it ended, by the HSS's word; -1: no */
	struct ims_frame frame; /* that says so */
	bool terminated;	/* by an RTR; else by a SAR */
	int64_t asked_ns;	/* the first RTR since it stood; -1: none */
};

struct ims_endings *ims_endings_new(void) IMS_MUST_USE;
void ims_endings_free(struct ims_endings *endings); /* NULL: nothing */

/* Something may have ended what stands for the identity. */
void ims_endings_sign(struct ims_endings *endings, struct ims_slice identity,
		      int64_t time_ns) IMS_NONNULL(1);
/* Likewise; and it is the HSS that ends it, by an RTR. */
void ims_endings_ask(struct ims_endings *endings, struct ims_slice identity,
		     int64_t time_ns) IMS_NONNULL(1);
/* For whomever: the capture lacks what would tell. */
void ims_endings_sign_all(struct ims_endings *endings,
			  int64_t time_ns) IMS_NONNULL_ALL;
/* It ended; how->sign_ns and how->asked_ns are not read. */
void ims_endings_confirm(struct ims_endings *endings, struct ims_slice identity,
			 const struct ims_ending *how) IMS_NONNULL(1, 3);
/* It stands again since then: the end is no longer the last that is known. */
void ims_endings_withdraw(struct ims_endings *endings,
			  const struct ims_identity *identity,
			  int64_t since_ns) IMS_NONNULL_ALL;

/* A sign of its end after `since_ns`. An identity that is none: true. */
bool ims_endings_doubt(const struct ims_endings *endings,
		       struct ims_slice identity, int64_t since_ns)
	IMS_NONNULL(1);

/* By then the HSS had ended by an RTR what stood for the identity; that holds
   before the RTR is judged, which waits for its answer. */
bool ims_endings_asked(const struct ims_endings *endings,
		       const struct ims_identity *identity,
		       int64_t when_ns) IMS_NONNULL_ALL;

/* The confirmed end, when nothing was missed or heard since. NULL: none. */
const struct ims_ending *ims_endings_last(const struct ims_endings *endings,
					  struct ims_slice identity)
	IMS_NONNULL(1);

/* Forgotten because of the bound. */
uint64_t ims_endings_let_go(const struct ims_endings *e) IMS_NONNULL_ALL;

#endif
