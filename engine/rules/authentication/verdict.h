/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who was right about a response that was refused: it is computed again from
 * the vector in the MAA. Shared by the rules on AKA and on SIP Digest.
 */
#ifndef IMS_VERDICT_H
#define IMS_VERDICT_H

#include "check.h"

/* A REGISTER that was refused, with what it had to follow from. */
struct ims_verdict {
	const struct ims_journey *journey;
	const struct ims_facts *request;
	const struct ims_cx *cx; /* the MAR and MAA */
	bool is_likely;		 /* another node, or for another reason */
	bool may_be_policy;	 /* 403 that does not speak of authentication */
	bool is_made_good;	 /* a later REGISTER of the attempt is not so */
};

#define IMS_VERDICT_KEYS                                                    \
	IMS_FACT_KEYS({"status", IMS_FACT_INTEGER, "what the S-CSCF said"}, \
		      {"algorithm", IMS_FACT_STRING, "of the credentials"}, \
		      {"qop", IMS_FACT_STRING, "of the credentials"})

/*
 * The first REGISTER of the attempt that was answered 401 or 403, no SAR
 * having left for it, and whose response is proved to be `proof`; AKA, or SIP
 * Digest. For RIGHT it must have been right on every leg, have answered the
 * latest challenge, and have been refused by the S-CSCF. False, and *verdict
 * undefined, where there is none.
 */
bool ims_verdict_find(struct ims_verdict *verdict,
		      const struct ims_attempt *attempt, enum ims_proof proof,
		      bool aka) IMS_NONNULL_ALL;

/*
 * Begins a finding of it, with evidence and the facts of IMS_VERDICT_KEYS;
 * `what`: how the response stands to the MAA ("follows from"). A warning
 * where the attempt succeeded after all, a later REGISTER is not so, or the
 * refusal may be policy.
 */
struct ims_draft *ims_verdict_fire(struct ims_check *check,
				   const struct ims_verdict *verdict,
				   const char *what) IMS_NONNULL_ALL;

/* Whether the S-CSCF refused the REGISTER with 400, 401 or 403. */
enum ims_refuser {
	IMS_REFUSER_OTHER,  /* it did not, or another node did it */
	IMS_REFUSER_LIKELY, /* by what was said; legs to it not captured */
	IMS_REFUSER_SCSCF,
};

enum ims_refuser ims_refused_by_scscf(const struct ims_attempt *attempt,
				      const struct ims_journey *journey)
	IMS_NONNULL_ALL;

/* "stale" is true: the nonce was too old, nothing else was wrong (RFC 2617
   3.2.1). NULL: false. */
bool ims_is_stale(const struct ims_facts *challenge);

/* When the next REGISTER of the attempt was first seen; INT64_MAX: none. */
int64_t ims_next_register_ns(const struct ims_attempt *attempt,
			     const struct ims_journey *journey) IMS_NONNULL_ALL;

#endif
