/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The copies of one message on successive legs: what a node added, changed or
 * took out of a request or response that it passed on. Built once, read by
 * rules and reports.
 *
 * What every proxy must change is no change: its Via on top of a request (and
 * off a response), received and rport in the Via below, Max-Forwards less one,
 * a Content-Length that says the same. Everything else is, Route and
 * Record-Route too. The order of header fields, lists and parameters, blanks,
 * folds, compact names and quotes around a parameter do not count.
 */
#ifndef IMS_CHANGES_H
#define IMS_CHANGES_H

#include <ims/change.h>

#include "journey.h"

/*
 * What `after` has otherwise than `before`, of the copies of one message. Both
 * must outlive the list: it borrows from them. NULL: it can't be told, for a
 * header is not all there (cut, or longer than is kept).
 */
struct ims_changes *ims_changes_new(const struct ims_facts *before,
				    const struct ims_facts *after)
	IMS_NONNULL_ALL IMS_MUST_USE;
void ims_changes_free(struct ims_changes *changes); /* NULL: nothing */

/*
 * The first change of that kind to that field. `element` (case ignored) is an
 * option-tag or the name of a parameter; NULL: the field as a whole, or a
 * value of its list. NULL when there is none, or no `changes`.
 */
const struct ims_change *ims_changes_find(const struct ims_changes *changes,
					  enum ims_change_kind kind,
					  enum ims_sip_header_id header,
					  const char *element);

/*
 * The copy that `message`, on `hop`, was made from: of a request the one on
 * the leg above, of a response the one on the leg below it (same status, same
 * To tag). NULL: not captured, or it was made by the sender, as a 100 is.
 */
const struct ims_facts *ims_copy_before(
	const struct ims_journey *journey, const struct ims_hop *hop,
	const struct ims_facts *message) IMS_NONNULL_ALL;

/*
 * What the sender of `message` changed in it. Compared when first asked for
 * and kept with the journey: borrowed for the check. NULL: not known, see
 * ims_copy_before and ims_changes_new. Of a request the sender is hop->from,
 * of a response hop->to.
 */
const struct ims_changes *ims_message_changes(
	const struct ims_journey *journey, const struct ims_hop *hop,
	const struct ims_facts *message) IMS_NONNULL_ALL;

/* The same of the hop's request, and of its final response; NULL: no such. */
const struct ims_changes *ims_hop_changes(const struct ims_journey *journey,
					  const struct ims_hop *hop)
	IMS_NONNULL_ALL;
const struct ims_changes *ims_hop_final_changes(
	const struct ims_journey *journey,
	const struct ims_hop *hop) IMS_NONNULL_ALL;

/* What was kept of a journey's changes goes. */
void ims_journey_forget_changes(struct ims_journey *journey) IMS_NONNULL_ALL;

/* Something that may stand in a message. */
struct ims_sought {
	enum ims_sip_header_id header;
	enum ims_sip_header_id or_header; /* in that one as well; 0: none */
	/* Option-tag or parameter (case ignored); absent: the field. */
	struct ims_slice element;
};

/* It stands there. NULL: false. */
bool ims_message_has(const struct ims_facts *message,
		     const struct ims_sought *sought) IMS_NONNULL(2);

/*
 * Where it entered a request's journey, and where it left it. The parties are
 * NULL where the copy on the leg before was not captured, or not whole.
 */
struct ims_trace {
	const struct ims_hop *entered; /* first leg that has it; NULL: none */
	const struct ims_party *put_in_by;
	const struct ims_hop *kept; /* the next leg, deeper, that has it */
	const struct ims_hop *left; /* lacks it, and the leg above it has it */
	const struct ims_party *taken_out_by;
};

void ims_journey_trace(struct ims_trace *trace,
		       const struct ims_journey *journey,
		       const struct ims_sought *sought) IMS_NONNULL_ALL;

#endif
