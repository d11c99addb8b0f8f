/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is told of registrations: one compact record for each subscription to
 * the reg event (RFC 3680), made by the first NOTIFY that can be read.
 */
#ifndef IMS_SUBSCRIPTIONS_H
#define IMS_SUBSCRIPTIONS_H

#include <glib.h>

#include "facts.h"
#include "index.h"

/* At once, and of one identity (UE, P-CSCF, some AS: more are those that a UE
   left behind when it subscribed anew); beyond, the longest silent is
   forgotten, and begins again with its next NOTIFY. Of one subscription, and
   the legs of one NOTIFY: what is beyond is not known. */
#define IMS_SUBSCRIPTIONS_MAX	   262144u
#define IMS_SUBSCRIPTIONS_SAME_AOR 8u
#define IMS_SUBSCRIPTION_MAX_AORS  16u
#define IMS_SUBSCRIPTION_MAX_LEGS  4u
#define IMS_SUBSCRIPTION_MAX_TEXT  512u
/* Call-ID and both tags, with what parts them. */
#define IMS_SUBSCRIPTION_MAX_DIALOG (IMS_SUBSCRIPTION_MAX_TEXT + 3)

/* An address of record, as the NOTIFYs of a subscription tell of it. */
struct ims_subscription_aor {
	const char *key; /* as ims_identity_write() has it */
	bool is_active;
	int64_t terminated_ns; /* when one last said so; -1: never */
};

struct ims_subscription_leg {
	struct ims_address from;
	struct ims_address to;
};

struct ims_subscription {
	const char *subscriber; /* URI in To of its NOTIFYs */
	const char *notifier;	/* host of their Contact; NULL: none */
	const char *state;	/* Subscription-State of the last, "active" */
	struct ims_subscription_aor aors[IMS_SUBSCRIPTION_MAX_AORS];
	unsigned n_aors;
	/* The last NOTIFY that was captured. */
	struct ims_frame last_frame;
	int64_t last_ns;
	uint32_t last_cseq;
	bool last_answered; /* 2xx */
	/* Who sends them, as their first leg shows; family 0: not captured. */
	struct ims_address source;
	/* Where the last was seen. */
	struct ims_subscription_leg legs[IMS_SUBSCRIPTION_MAX_LEGS];
	unsigned n_legs;
	int64_t since_ns;   /* of the first NOTIFY */
	int64_t expires_ns; /* as last granted; -1: not told */
	int64_t ended_ns;   /* by either side; INT64_MAX: not seen */
	/* When one was sent last of which the capture does not show what it
	   said; -1: never. */
	int64_t unread_ns;
};

struct ims_subscriptions;

struct ims_subscriptions *ims_subscriptions_new(void) IMS_MUST_USE;
void ims_subscriptions_free(struct ims_subscriptions *s); /* NULL: nothing */

/* A SIP message; any but SUBSCRIBE and NOTIFY is passed over. */
void ims_subscriptions_apply(struct ims_subscriptions *s,
			     const struct ims_facts *facts) IMS_NONNULL_ALL;

/* Those that tell of any of the identities, by their keys (NULL at the end;
   NULL: none): each once, of struct ims_subscription *. Borrowed until the
   next message, or until this is asked again. */
const GPtrArray *ims_subscriptions_of(struct ims_subscriptions *s,
				      const char *const *keys) IMS_NONNULL(1);

/* What it tells of that identity; NULL: nothing. */
const struct ims_subscription_aor *ims_subscription_aor(
	const struct ims_subscription *subscription,
	const char *key) IMS_NONNULL_ALL;

/* Forgotten because of the bound. */
uint64_t ims_subscriptions_let_go(const struct ims_subscriptions *s)
	IMS_NONNULL_ALL;

#endif
