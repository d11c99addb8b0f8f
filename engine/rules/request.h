/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How rules about single requests read them. It fires nothing. */
#ifndef IMS_REQUEST_H
#define IMS_REQUEST_H

#include "check.h"

#define IMS_SEC_AGREE "sec-agree"

/* The tag is among the options (case ignored: they are tokens). */
bool ims_options_name(const struct ims_sip_options *options,
		      struct ims_slice tag) IMS_NONNULL_ALL;

/* The request has the tag in Require or Proxy-Require. NULL: false. */
bool ims_requires(const struct ims_facts *request, struct ims_slice tag);

/*
 * The requests of the call, or of the attempt, in order of time: *n of them,
 * the one being checked among them.
 */
struct ims_journey *const *ims_siblings(const struct ims_check *check,
					unsigned *n) IMS_NONNULL_ALL;

/*
 * What several requests show is told once: for an attempt with its first that
 * `shows` it, else once a call. To be asked only of a journey that shows it.
 */
bool ims_is_first_to_show(struct ims_check *check,
			  bool (*shows)(const struct ims_check *check,
					const struct ims_journey *journey))
	IMS_NONNULL_ALL;

/* The leg of the journey that `hop` was forwarded to; NULL: none captured. */
const struct ims_hop *ims_hop_next(const struct ims_journey *journey,
				   const struct ims_hop *hop) IMS_NONNULL_ALL;

/*
 * The request was sent on, and of a leg it went on by the capture holds no
 * final response: what the far end of `hop` answered may come from there.
 */
bool ims_hop_may_be_relayed(const struct ims_journey *journey,
			    const struct ims_hop *hop) IMS_NONNULL_ALL;

/* Its request was sent again, and nothing came back. */
bool ims_hop_is_unanswered(const struct ims_hop *hop) IMS_NONNULL_ALL;

/* The request as it was sent last on that leg; NULL: none captured. */
const struct ims_facts *ims_hop_last_request(const struct ims_hop *hop)
	IMS_NONNULL_ALL;

/* "re-INVITE", or the method. */
struct ims_slice ims_request_name(const struct ims_journey *journey)
	IMS_NONNULL_ALL;

/* The attempt came to its end as wanted. NULL: false. */
bool ims_attempt_succeeded(const struct ims_attempt *attempt);

/* At most 160 bytes of what came off the wire: a text is to be read. */
struct ims_slice ims_shown(struct ims_slice text);

#endif
