/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's results, kept whole, and found by frame. A sink of the engine
 * lends what it hands over; here it is copied.
 */
#ifndef IMS_KEPT_H
#define IMS_KEPT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/engine.h>

/* Why a frame is spoken of. */
enum ims_mention_kind {
	IMS_MENTION_STEP,     /* a step of registrations[item]: steps[part] */
	IMS_MENTION_ANSWER,   /* the answer of exchanges[item] */
	IMS_MENTION_EVIDENCE, /* of findings[item]: evidence[part] */
	IMS_MENTION_COPY,     /* of the packet in frame `item` */
};

struct ims_mention {
	uint32_t frame;
	enum ims_mention_kind kind;
	uint32_t item;
	uint32_t part;
};

struct ims_kept;

struct ims_kept *ims_kept_new(void) IMS_MUST_USE;
void ims_kept_free(struct ims_kept *kept); /* NULL: nothing */

/* To be given to an engine; `kept` takes what it says. */
struct ims_sink ims_kept_sink(struct ims_kept *kept) IMS_NONNULL_ALL;

/* The engine has ended: frames can be asked for. */
void ims_kept_finish(struct ims_kept *kept,
		     const struct ims_summary *summary) IMS_NONNULL_ALL;

/* In order of id; everything below is NULL beyond the last. */
const struct ims_registration *ims_kept_registration(
	const struct ims_kept *kept, size_t index) IMS_NONNULL_ALL;
const struct ims_finding *ims_kept_finding(const struct ims_kept *kept,
					   size_t index) IMS_NONNULL_ALL;
const struct ims_exchange *ims_kept_exchange(const struct ims_kept *kept,
					     size_t index) IMS_NONNULL_ALL;

size_t ims_kept_n_registrations(const struct ims_kept *kept) IMS_NONNULL_ALL;
size_t ims_kept_n_findings(const struct ims_kept *kept) IMS_NONNULL_ALL;

/* The registration of that id; NULL: there is none, or id is 0. */
const struct ims_registration *ims_kept_registration_of(
	const struct ims_kept *kept, uint64_t id) IMS_NONNULL_ALL;

/* Commands and how they were answered; rules and how often they fired. */
const struct ims_summary *ims_kept_summary(const struct ims_kept *kept)
	IMS_NONNULL_ALL;

/*
 * What is said of a frame: how many mentions, and the first of them; they
 * stand one behind the other, by kind and item. 0: nothing.
 */
size_t ims_kept_mentions(const struct ims_kept *kept,
			 const struct ims_mention **first,
			 uint32_t frame) IMS_NONNULL_ALL;

/*
 * Which registrations a frame is a packet of: as a step of theirs, or as the
 * copy of one. Their indices (size_t), in order, each once; the caller's, to
 * be freed by g_array_free.
 */
GArray *ims_kept_registrations_at(const struct ims_kept *kept,
				  uint32_t frame) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
