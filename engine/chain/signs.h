/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is to be seen of a registration, an exchange or a message, in
 * bits. A rule names those without which it has nothing to say, and is not
 * asked where one of them is missing: of most that goes well, most rules have
 * nothing to say. A sign may stand where a rule then finds nothing; it must
 * not be missing where a rule would find something.
 */
#ifndef IMS_SIGNS_H
#define IMS_SIGNS_H

#include <stdint.h>

#include "attempt.h"
#include "cx.h"
#include "journey.h"

/* RFC 3261 18.1.1: what may go over UDP when the path's MTU is not known. */
#define IMS_UDP_MOST 1300u

enum ims_sign {
	/* Of a registration, for all that is asked about it. */
	IMS_SIGN_IMS = 1u << 0,
	IMS_SIGN_OWN = 1u << 1,	   /* the UE's, not a third party's */
	IMS_SIGN_FAILED = 1u << 2, /* rejected, challenged, unanswered */
	IMS_SIGN_LOST = 1u << 3,   /* a response did not reach the UE */
	IMS_SIGN_EXCHANGE = 1u << 4,

	/* Of its SIP messages, or of a call's request and responses. */
	IMS_SIGN_CHALLENGE = 1u << 5, /* 401 or 407 */
	IMS_SIGN_REFUSAL = 1u << 6,   /* another of 300 and more */
	IMS_SIGN_AUTS = 1u << 7,      /* credentials with auts */
	IMS_SIGN_KEYS = 1u << 8,      /* a challenge with ck or ik */
	/* A REGISTER with a response to a challenge got 401 or 403. */
	IMS_SIGN_CREDENTIALS_REFUSED = 1u << 9,
	/* Something of a security agreement: a Security-* field, the
	   option-tag required, ESP, or one that stood before. */
	IMS_SIGN_SECURITY = 1u << 10,
	/* Of its messages: a response to a challenge, a 401 or 403. */
	IMS_SIGN_RESPONSE = 1u << 23,
	IMS_SIGN_DENIED = 1u << 24,
	/* What the marks of that name say of a message: sip_facts.h. */
	IMS_SIGN_FOLDED = 1u << 25,
	IMS_SIGN_ODD_HOST = 1u << 26,
	IMS_SIGN_EMPTY_OPTION = 1u << 27,
	IMS_SIGN_REQUIRES = 1u << 28,
	/* A request of more than IMS_UDP_MOST bytes over UDP. */
	IMS_SIGN_LARGE = 1u << 29,
	/* An address may be offered to a peer that cannot reach it: one of the
	   two ends is outside of private networks, nothing answered, or a host
	   may be local. */
	IMS_SIGN_EXPOSED = 1u << 30,
	/* Ports may be agreed on. Of a call always: it may be anybody's. */
	IMS_SIGN_PORTS = 1u << 22,

	/* Of an exchange; its registration's are seen as well. */
	IMS_SIGN_UA = 1u << 11,
	IMS_SIGN_SA = 1u << 12,
	IMS_SIGN_LI = 1u << 13,
	IMS_SIGN_MA = 1u << 14,
	IMS_SIGN_RT = 1u << 15,
	IMS_SIGN_PP = 1u << 16,
	IMS_SIGN_UA_OR_LI = 1u << 17,
	IMS_SIGN_ERROR = 1u << 18, /* a result of 3000 and more on its way */
	/* No answer; or the asker may have given up before it came. */
	IMS_SIGN_SILENCE = 1u << 19,

	/* Of a message. */
	IMS_SIGN_SIP_FLAW = 1u << 20,
	IMS_SIGN_AVP_FLAW = 1u << 21,
};

/* Those of a journey, and what one more of its messages adds to them. */
uint32_t ims_signs_add(uint32_t signs,
		       const struct ims_facts *message) IMS_NONNULL_ALL;
/* All that is asked about an attempt but what is its exchanges' own. */
uint32_t ims_signs_of_attempt(const struct ims_attempt *attempt)
	IMS_NONNULL_ALL;
/* A call's request; `binding`: what stands for its sender, or NULL. */
uint32_t ims_signs_of_request(const struct ims_journey *journey,
			      const struct ims_binding *binding) IMS_NONNULL(1);
/* `attempt`: the signs of the one that it belongs to; 0: none. */
uint32_t ims_signs_of_exchange(const struct ims_cx *cx,
			       uint32_t attempt) IMS_NONNULL_ALL;
uint32_t ims_signs_of_message(const struct ims_facts *message) IMS_NONNULL_ALL;

#endif
