/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pieces of a sequence that wait for what comes before them: fragments of a
 * datagram, segments of a stream, chunks of an association. Kept in order
 * and without overlap; of bytes that came twice the first are kept.
 */
#ifndef IMS_RUNS_H
#define IMS_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/message.h>

/* A packet, as its events say it. */
struct ims_stamp {
	struct ims_frame frame;
	int64_t time_ns;
	uint64_t order; /* of arrival, over all captures */
};

/* From one time to a later one; hostile times do not overflow. */
static inline int64_t ims_elapsed(int64_t from_ns, int64_t to_ns)
{
	int64_t elapsed;

	if (__builtin_sub_overflow(to_ns, from_ns, &elapsed))
		return to_ns > from_ns ? INT64_MAX : INT64_MIN;
	return elapsed;
}

/*
 * `span` positions from `start` on, of which the first `len` bytes are
 * there: fewer when the packet was cut. A chunk takes one position whatever
 * its size. Positions wrap around at 32 bits.
 */
struct ims_piece {
	uint32_t start;
	uint32_t span;
	const uint8_t *at;
	size_t len;
	uint32_t tag; /* the caller's */
	struct ims_stamp stamp;
};

struct ims_run {
	struct ims_run *next;
	struct ims_piece piece; /* its bytes are `data` */
	uint8_t data[];
};

/* Bytes that all users of one kind hold together. */
struct ims_budget {
	size_t used;
	size_t limit;
};

struct ims_runs {
	struct ims_run *first;
	struct ims_run *last;
	size_t n_runs;
	size_t n_bytes; /* what they take of the budget */
};

/* Whether `a` comes before `b` (positions wrap: RFC 9293 3.4). */
static inline bool ims_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static inline uint32_t ims_piece_end(const struct ims_piece *piece)
{
	return piece->start + piece->span;
}

/*
 * Copies those parts of the piece that are not there yet. Returns false when
 * there was no memory for one. `span` is not 0.
 */
bool ims_runs_add(struct ims_runs *runs, struct ims_budget *budget,
		  const struct ims_piece *piece) IMS_NONNULL_ALL IMS_MUST_USE;

/* Takes the first out; the caller frees it with g_free. NULL: empty. */
struct ims_run *ims_runs_pop(struct ims_runs *runs,
			     struct ims_budget *budget) IMS_NONNULL_ALL;

void ims_runs_clear(struct ims_runs *runs,
		    struct ims_budget *budget) IMS_NONNULL_ALL;

/* Takes `positions` off the front of a piece that is longer. */
void ims_piece_trim(struct ims_piece *piece,
		    uint32_t positions) IMS_NONNULL_ALL;

#endif
