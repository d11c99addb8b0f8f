/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Diameter message on its way from view to facts: what is gathered while
 * its AVPs are walked. Only for the files that do the reading.
 */
#ifndef IMS_DIAMETER_READER_H
#define IMS_DIAMETER_READER_H

#include "arena.h"
#include "diameter_avps.h"
#include "diameter_facts.h"
#include "diameter_message.h"

/* Where an AVP stands decides what it means: 602 in a SAR or in 603. */
enum ims_diameter_place {
	IMS_PLACE_NONE, /* in a group that says nothing to us */
	IMS_PLACE_MESSAGE,
	IMS_PLACE_APPLICATION,	/* 260 */
	IMS_PLACE_RESULT,	/* 297 */
	IMS_PLACE_FAILED,	/* 279 */
	IMS_PLACE_CAPABILITIES, /* 603, 372 */
	IMS_PLACE_AUTH_ITEM,	/* 612, 376 */
	IMS_PLACE_DIGEST,	/* 635, 379, 380 in the above */
	IMS_PLACE_REASON,	/* 615, 383 */
	IMS_PLACE_ASSOCIATED,	/* 632 */
	IMS_PLACE_USER_DATA,	/* 389 */
	IMS_N_PLACES
};

struct ims_text_list {
	struct ims_slice at[IMS_DIAMETER_MAX_LIST];
	size_t n;
};

struct ims_number_list {
	uint32_t at[IMS_DIAMETER_MAX_LIST];
	size_t n;
};

/* Lists are written up to their n, and not read beyond it. */
struct ims_diameter_reader {
	struct ims_arena *arena;
	struct ims_slice bytes; /* of the message */
	struct ims_slice copy;	/* of it, in the arena; absent: not kept */
	struct ims_diameter_facts *facts;
	bool no_memory;
	size_t n_avps;
	int64_t result_code; /* -1: none; likewise the next two */
	int64_t experimental_code;
	int64_t experimental_vendor;
	struct ims_slice user_data; /* borrowed of the message */
	size_t user_data_offset;
	struct ims_text_list public_identities;
	struct ims_text_list redirect_hosts;
	struct ims_text_list capability_servers;
	struct ims_text_list associated_identities;
	struct ims_number_list mandatory_capabilities;
	struct ims_number_list optional_capabilities;
	struct ims_number_list applications;
	struct ims_auth_item auth_items[IMS_DIAMETER_MAX_LIST];
	size_t n_auth_items;
	struct ims_auth_item *auth_item; /* the open one; NULL: one too many */
};

/* Notes what is wrong; the offset is kept of the first. */
void ims_diameter_flaw(struct ims_diameter_reader *reader,
		       enum ims_diameter_flaw flaw,
		       size_t offset) IMS_NONNULL_ALL;

/* The same of an AVP of the sender's own; kept of the first. */
void ims_diameter_malformed(struct ims_diameter_reader *reader,
			    enum ims_diameter_flaw flaw,
			    const struct ims_diameter_avp *avp) IMS_NONNULL_ALL;

/* Takes from `avp`, which is an `id` in `place`, what facts want of it. */
void ims_diameter_field_read(
	struct ims_diameter_reader *reader, enum ims_diameter_place place,
	enum ims_diameter_avp_id id,
	const struct ims_diameter_avp *avp) IMS_NONNULL_ALL;

/* The place that a grouped AVP opens; NONE where facts want nothing of it. */
enum ims_diameter_place ims_diameter_place_in(enum ims_diameter_place place,
					      enum ims_diameter_avp_id id);

#endif
