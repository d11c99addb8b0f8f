// SPDX-License-Identifier: GPL-2.0-or-later
#include "merge.h"

#include <glib.h>
#include <sys/resource.h>

#include "octets.h"
#include "suspend.h"

struct member {
	struct ims_capture *capture;
	int64_t offset_ns;
	enum ims_read kind; /* of the head */
	struct ims_packet head;
	int64_t key;   /* the head's time, corrected */
	bool waiting;  /* the head is known by its time only */
	uint64_t turn; /* when it was last read */
};

struct ims_merge {
	struct member *members;
	size_t n_members;
	struct member **heap; /* those not at their end, the earliest first */
	size_t n_heap;
	bool given; /* the caller has the first one's head */
	bool begun;
	bool many; /* more than may be open at a time; of fewer these say
		      nothing: */
	uint64_t turn;
	size_t n_open;
	size_t max_open;
};

static bool is_before(const struct member *a, const struct member *b)
{
	if (a->key != b->key)
		return a->key < b->key;
	return a < b; /* as they were given */
}

static void swap(struct ims_merge *merge, size_t a, size_t b)
{
	struct member *kept = merge->heap[a];

	merge->heap[a] = merge->heap[b];
	merge->heap[b] = kept;
}

static void sift_up(struct ims_merge *merge, size_t at)
{
	while (at) {
		size_t above = (at - 1) / 2;
		if (!is_before(merge->heap[at], merge->heap[above]))
			break;
		swap(merge, at, above);
		at = above;
	}
}

static void sift_down(struct ims_merge *merge, size_t at)
{
	for (;;) {
		size_t least = at;
		for (size_t i = 2 * at + 1; i <= 2 * at + 2; i++)
			if (i < merge->n_heap &&
			    is_before(merge->heap[i], merge->heap[least]))
				least = i;
		if (least == at)
			break;
		swap(merge, at, least);
		at = least;
	}
}

/* Half of what the process may have: others need descriptors too. */
static size_t max_open(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 ||
	    limit.rlim_cur >= 2 * IMS_MERGE_MAX_OPEN)
		return IMS_MERGE_MAX_OPEN;
	return MAX((size_t)limit.rlim_cur / 2, 1);
}

struct ims_merge *ims_merge_new(struct ims_capture *const *captures,
				const int64_t *offsets_ns, size_t n_captures)
{
	struct ims_merge *merge = g_new0(struct ims_merge, 1);

	merge->members = g_new0(struct member, n_captures);
	merge->heap = g_new0(struct member *, n_captures);
	merge->n_members = n_captures;
	merge->max_open = max_open();
	merge->many = n_captures > merge->max_open;
	for (size_t i = 0; i < n_captures; i++) {
		merge->members[i].capture = captures[i];
		merge->members[i].offset_ns = offsets_ns[i];
		merge->members[i].key = INT64_MIN;
	}
	return merge;
}

void ims_merge_free(struct ims_merge *merge)
{
	if (!merge)
		return;
	for (size_t i = 0; i < merge->n_members; i++)
		ims_capture_close(merge->members[i].capture);
	g_free(merge->members);
	g_free(merge->heap);
	g_free(merge);
}

/* The one that was read longest ago gives up its descriptor. */
static void pause_one(struct ims_merge *merge)
{
	struct member *oldest = NULL;

	for (size_t i = 0; i < merge->n_members; i++) {
		struct member *member = &merge->members[i];
		if (ims_capture_is_pausable(member->capture) &&
		    (!oldest || member->turn < oldest->turn))
			oldest = member;
	}
	if (!oldest)
		return;
	ims_capture_pause(oldest->capture);
	merge->n_open--;
}

/* Opens it if it must be, in the place of another. */
static void read_one_of_many(struct ims_merge *merge, struct member *member)
{
	bool was_open = ims_capture_is_pausable(member->capture);

	if (!was_open && merge->n_open >= merge->max_open)
		pause_one(merge);
	member->turn = ++merge->turn;
	member->kind = ims_capture_read(member->capture, &member->head);
	merge->n_open -= was_open;
	merge->n_open += ims_capture_is_pausable(member->capture);
}

/* Reads the member's next head. An error keeps the place of what it follows. */
static void advance(struct ims_merge *merge, struct member *member)
{
	member->waiting = false;
	if (merge->many)
		read_one_of_many(merge, member);
	else
		member->kind = ims_capture_read(member->capture, &member->head);
	if (member->kind != IMS_READ_PACKET && member->kind != IMS_READ_DROPS)
		return;
	member->head.time_ns =
		ims_time_add(member->head.time_ns, member->offset_ns);
	member->key = member->head.time_ns;
}

/* Of many files those whose turn is far hold neither descriptor nor memory. */
static void let_wait(struct ims_merge *merge, struct member *member)
{
	bool was_open = ims_capture_is_pausable(member->capture);

	member->waiting = ims_capture_rewind(member->capture);
	if (member->waiting)
		merge->n_open -= was_open;
}

static void begin(struct ims_merge *merge)
{
	merge->begun = true;
	for (size_t i = 0; i < merge->n_members; i++) {
		struct member *member = &merge->members[i];
		advance(merge, member);
		if (member->kind == IMS_READ_END)
			continue;
		if (merge->many)
			let_wait(merge, member);
		merge->heap[merge->n_heap++] = member;
		sift_up(merge, merge->n_heap - 1);
	}
}

static void advance_first(struct ims_merge *merge)
{
	struct member *first = merge->heap[0];

	advance(merge, first);
	if (first->kind == IMS_READ_END)
		merge->heap[0] = merge->heap[--merge->n_heap];
	sift_down(merge, 0);
}

/* There is nothing to merge: the packet goes straight to the caller. */
static enum ims_read read_only_one(const struct ims_merge *merge,
				   struct ims_packet *packet)
{
	const struct member *member = &merge->members[0];
	enum ims_read kind = ims_capture_read(member->capture, packet);

	if (kind == IMS_READ_PACKET || kind == IMS_READ_DROPS)
		packet->time_ns =
			ims_time_add(packet->time_ns, member->offset_ns);
	return kind;
}

G_GNUC_NO_INLINE static enum ims_read read_earliest(struct ims_merge *merge,
						    struct ims_packet *packet)
{
	if (!merge->begun)
		begin(merge);
	else if (merge->given)
		advance_first(merge);
	while (merge->n_heap && merge->heap[0]->waiting)
		advance_first(merge);
	merge->given = merge->n_heap > 0;
	if (!merge->given) {
		*packet = (struct ims_packet){0};
		return IMS_READ_END;
	}
	*packet = merge->heap[0]->head;
	return merge->heap[0]->kind;
}

enum ims_read ims_merge_read(struct ims_merge *merge, struct ims_packet *packet)
{
	return merge->n_members == 1 ? read_only_one(merge, packet)
				     : read_earliest(merge, packet);
}
