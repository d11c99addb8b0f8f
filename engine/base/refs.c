// SPDX-License-Identifier: GPL-2.0-or-later
#include "refs.h"

#include <string.h>

#include <glib.h>

/* Behind where hashes belong, for those that are pushed on. */
#define BEHIND 16u
/* Places of a segment are a multiple of so many: what one leaves that grows is
   as large as what another takes, and memory has no holes that fit nobody. */
#define STEP 64u
/* On average, before there are twice as many segments. */
#define SEGMENT_N 1024u

static size_t n_segments(const struct ims_refs *refs)
{
	return refs->segments ? (size_t)1 << refs->bits : 0;
}

void ims_refs_clear(struct ims_refs *refs)
{
	for (size_t i = 0; i < n_segments(refs); i++)
		g_free(refs->segments[i].places);
	g_free(refs->segments);
	*refs = (struct ims_refs){0};
}

static void set_free(struct ims_ref *places, uint32_t from, uint32_t to)
{
	for (; from < to; from++)
		places[from] = (struct ims_ref){.hash = UINT32_MAX};
}

static uint32_t rounded(uint32_t places)
{
	return (places + STEP - 1) / STEP * STEP;
}

/* More places behind. */
static void extend(struct ims_refs_segment *segment)
{
	uint32_t was = segment->room;

	segment->room = rounded(was + was / 16 + 1);
	segment->places =
		g_renew(struct ims_ref, segment->places, segment->room);
	set_free(segment->places, was, segment->room);
}

/* Behind all whose hashes are as great. */
static void put(const struct ims_refs *refs, struct ims_refs_segment *segment,
		struct ims_ref ref)
{
	uint32_t i = ims_refs_home(refs, segment, ref.hash);
	uint32_t end;

	while (segment->places[i].number && segment->places[i].hash <= ref.hash)
		i++;
	end = i;
	while (segment->places[end].number)
		end++;
	if (end + 1 == segment->room)
		extend(segment);
	memmove(&segment->places[i + 1], &segment->places[i],
		(end - i) * sizeof(ref));
	segment->places[i] = ref;
	segment->n++;
}

/* An empty one, in which so many hashes or some more have their places. */
static struct ims_refs_segment segment_new(uint32_t size)
{
	struct ims_refs_segment segment = {.room = rounded(size + BEHIND)};

	segment.size = segment.room - BEHIND;
	segment.places = g_new(struct ims_ref, segment.room);
	set_free(segment.places, 0, segment.room);
	return segment;
}

/* Into an empty one, all that there is in places that are in order: each goes
   behind the one before, and no search is made. */
static void fill(const struct ims_refs *refs, struct ims_refs_segment *segment,
		 const struct ims_ref *from, uint32_t n_places)
{
	uint32_t end = 0;

	for (uint32_t i = 0; i < n_places; i++) {
		if (!from[i].number)
			continue;
		end = MAX(end, ims_refs_home(refs, segment, from[i].hash));
		if (end + 1 >= segment->room)
			extend(segment);
		segment->places[end++] = from[i];
		segment->n++;
	}
}

static void resize(const struct ims_refs *refs,
		   struct ims_refs_segment *segment, uint32_t size)
{
	struct ims_refs_segment old = *segment;

	*segment = segment_new(size);
	fill(refs, segment, old.places, old.room);
	g_free(old.places);
}

/* At most fifteen sixteenths of it are taken when there is one more. */
static void make_room(const struct ims_refs *refs,
		      struct ims_refs_segment *segment)
{
	if ((segment->n + 1) * 16 > segment->size * 15)
		resize(refs, segment, segment->size + segment->size / 16 + 1);
}

/* The two halves of what was one, each as large as it needs to be. */
static void split_one(const struct ims_refs *refs,
		      struct ims_refs_segment half[2],
		      const struct ims_refs_segment *old)
{
	uint32_t n[2] = {0};
	uint32_t middle = 0;

	for (uint32_t i = 0; i < old->room; i++) {
		const struct ims_ref *ref = &old->places[i];
		bool upper = ref->number &&
			     ims_refs_segment_of(refs, ref->hash) == &half[1];

		n[upper] += ref->number != 0;
		if (!n[1])
			middle = i + 1;
	}
	for (unsigned h = 0; h < 2; h++)
		half[h] = segment_new(n[h] + n[h] / 8);
	fill(refs, &half[0], old->places, middle);
	fill(refs, &half[1], old->places + middle, old->room - middle);
}

static void split(struct ims_refs *refs)
{
	size_t n_old = n_segments(refs);
	struct ims_refs_segment *old = refs->segments;

	refs->bits++;
	refs->segments = g_new0(struct ims_refs_segment, n_old * 2);
	for (size_t i = 0; i < n_old; i++) {
		split_one(refs, &refs->segments[i * 2], &old[i]);
		g_free(old[i].places);
	}
	g_free(old);
}

void ims_refs_add(struct ims_refs *refs, uint32_t hash, uint32_t number)
{
	uint32_t spread = ims_refs_spread(hash);
	struct ims_refs_segment *segment;

	if (!refs->segments)
		refs->segments = g_new0(struct ims_refs_segment, 1);
	else if (refs->n >= n_segments(refs) * SEGMENT_N)
		split(refs);
	segment = ims_refs_segment_of(refs, spread);
	make_room(refs, segment);
	put(refs, segment, (struct ims_ref){spread, number});
	refs->n++;
}

/* What comes behind a place that falls free moves up, as far as it stands
   behind where it belongs. */
static void close_gap(const struct ims_refs *refs,
		      struct ims_refs_segment *segment, uint32_t gap)
{
	const struct ims_ref *places = segment->places;
	uint32_t end = gap + 1;

	while (places[end].number &&
	       ims_refs_home(refs, segment, places[end].hash) < end)
		end++;
	memmove(&segment->places[gap], &segment->places[gap + 1],
		(end - gap - 1) * sizeof(places[0]));
	set_free(segment->places, end - 1, end);
}

/* What was full once does not stay large. */
static void shrink(const struct ims_refs *refs,
		   struct ims_refs_segment *segment)
{
	if (segment->size > 2 * STEP && segment->n * 3 < segment->size)
		resize(refs, segment, segment->size / 2);
	if (segment->n)
		return;
	g_free(segment->places);
	*segment = (struct ims_refs_segment){.n = 0};
}

bool ims_refs_remove(struct ims_refs *refs, uint32_t hash, uint32_t number)
{
	struct ims_refs_walk walk = ims_refs_walk(refs, hash);
	struct ims_refs_segment *segment;
	uint32_t found;

	/* A record may be there under several hashes. */
	while ((found = ims_refs_next(&walk)) && found != number)
		;
	if (!found)
		return false;
	segment = ims_refs_segment_of(refs, walk.spread);
	close_gap(refs, segment, (uint32_t)(walk.at - segment->places) - 1);
	segment->n--;
	refs->n--;
	shrink(refs, segment);
	return true;
}
