// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Clocks of capture points compared by the packets that passed several. Each
 * pair of files with enough packets in common is an edge of a graph; a file's
 * offset is the sum of the edges on the shortest way from the first file.
 */
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "merge.h"
#include "octets.h"

/* How much of each file's begin is read, and of all files together. */
#define IMS_CLOCK_PACKETS     200000
#define IMS_CLOCK_BYTES	      (64u * 1024 * 1024)
#define IMS_CLOCK_ALL_PACKETS (2u * 1000 * 1000)

#define IMS_CLOCK_LEAST_SHARED 5
#define IMS_CLOCK_AGREEMENT_NS 10000000
/* The copies of one packet in one file come within this. */
#define IMS_CLOCK_COPIES_NS 50000000
/* Files apart in time share this part (1/n) of the shorter, or nothing. */
#define IMS_CLOCK_LEAST_PART 10

struct sighting {
	uint64_t identity;
	int64_t time_ns;
	uint32_t file;
};

/* What must be added to the times of `to` to have those of `from`. */
struct difference {
	uint32_t from;
	uint32_t to;
	int64_t ns;
};

/* From when to when, by its own clock, a file has packets. */
struct reach {
	int64_t first_ns;
	int64_t last_ns;
	bool is_known;
};

struct sightings {
	struct sighting *at;
	size_t n;
	struct reach *reach; /* by file */
};

struct differences {
	struct difference *at;
	size_t n;
};

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int by_identity(const void *left, const void *right)
{
	const struct sighting *a = left;
	const struct sighting *b = right;
	int order = COMPARE(a->identity, b->identity);

	if (!order)
		order = COMPARE(a->file, b->file);
	return order ? order : COMPARE(a->time_ns, b->time_ns);
}

static int by_files(const void *left, const void *right)
{
	const struct difference *a = left;
	const struct difference *b = right;
	int order = COMPARE(a->from, b->from);

	if (!order)
		order = COMPARE(a->to, b->to);
	return order ? order : COMPARE(a->ns, b->ns);
}

static void extend(struct reach *reach, int64_t time_ns)
{
	if (!reach->is_known || time_ns < reach->first_ns)
		reach->first_ns = time_ns;
	if (!reach->is_known || time_ns > reach->last_ns)
		reach->last_ns = time_ns;
	reach->is_known = true;
}

static void see(struct sightings *seen, const char *file, uint32_t index,
		size_t n, ims_identity_fn *identity)
{
	struct ims_capture *capture = ims_capture_open(file, index);
	const struct ims_capture_info *info = ims_capture_info(capture);
	struct ims_packet packet;
	enum ims_read kind;

	while (info->packets < n && info->bytes < IMS_CLOCK_BYTES) {
		struct sighting new = {.file = index};
		kind = ims_capture_read(capture, &packet);
		if (kind == IMS_READ_END || kind == IMS_READ_ERROR)
			break;
		if (kind != IMS_READ_PACKET)
			continue;
		extend(&seen->reach[index], packet.time_ns);
		new.identity = identity(&packet);
		new.time_ns = packet.time_ns;
		if (new.identity)
			seen->at[seen->n++] = new;
	}
	ims_capture_close(capture);
}

static bool is_same(const struct sighting *a, const struct sighting *b)
{
	return a->identity == b->identity && a->file == b->file;
}

/*
 * A packet that comes again in a file says nothing: which of them is it? But
 * copies follow within an instant where every packet is captured twice: then
 * it is the first.
 */
static void drop_repeated(struct sightings *seen)
{
	size_t kept = 0;

	for (size_t i = 0, next; i < seen->n; i = next) {
		next = i + 1;
		while (next < seen->n && is_same(&seen->at[i], &seen->at[next]))
			next++;
		if (ims_time_sub(seen->at[next - 1].time_ns,
				 seen->at[i].time_ns) < IMS_CLOCK_COPIES_NS)
			seen->at[kept++] = seen->at[i];
	}
	seen->n = kept;
}

static void add(struct differences *found, const struct sighting *from,
		const struct sighting *to)
{
	found->at[found->n++] = (struct difference){
		.from = from->file,
		.to = to->file,
		.ns = ims_time_sub(from->time_ns, to->time_ns),
	};
}

/* Not all pairs: that many points of capture would be too many pairs. */
static void compare(struct differences *found, const struct sightings *seen)
{
	size_t first = 0;

	for (size_t i = 1; i < seen->n; i++) {
		if (seen->at[i].identity != seen->at[first].identity) {
			first = i;
			continue;
		}
		add(found, &seen->at[first], &seen->at[i]);
		if (i - 1 != first)
			add(found, &seen->at[i - 1], &seen->at[i]);
	}
}

/* n differences in order, of one pair of files: do they say the same? */
static bool agree(const struct difference *at, size_t n, int64_t median)
{
	size_t near = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t off = ims_time_sub(at[i].ns, median);
		near += off >= -IMS_CLOCK_AGREEMENT_NS &&
			off <= IMS_CLOCK_AGREEMENT_NS;
	}
	return n >= IMS_CLOCK_LEAST_SHARED && near > n / 2;
}

/* For how long both files have packets, `ns` added to the times of b. */
static int64_t overlap_ns(const struct reach *a, const struct reach *b,
			  int64_t ns)
{
	int64_t first = MAX(a->first_ns, ims_time_add(b->first_ns, ns));
	int64_t last = MIN(a->last_ns, ims_time_add(b->last_ns, ns));

	return ims_time_sub(last, first);
}

static int64_t length_ns(const struct reach *reach)
{
	return ims_time_sub(reach->last_ns, reach->first_ns);
}

/*
 * One capture in several files: the next begins where the one before ended.
 * What stands on both sides of the cut are packets sent twice, the same octet
 * for octet where the sender's IP identification is always 0 (RFC 6864 4.1).
 */
static bool is_continuation(const struct reach *a, const struct reach *b,
			    int64_t ns)
{
	return overlap_ns(a, b, 0) < 0 &&
	       overlap_ns(a, b, ns) <
		       MIN(length_ns(a), length_ns(b)) / IMS_CLOCK_LEAST_PART;
}

/* The differences of each pair become one, their median, or none. */
static void reduce(struct differences *found, const struct reach *reach)
{
	size_t kept = 0;

	for (size_t i = 0, next; i < found->n; i = next) {
		struct difference edge = found->at[i];
		next = i + 1;
		while (next < found->n && found->at[next].from == edge.from &&
		       found->at[next].to == edge.to)
			next++;
		edge.ns = found->at[i + (next - i) / 2].ns;
		if (agree(&found->at[i], next - i, edge.ns) &&
		    !is_continuation(&reach[edge.from], &reach[edge.to],
				     edge.ns))
			found->at[kept++] = edge;
	}
	found->n = kept;
	for (size_t i = 0; i < kept; i++)
		found->at[found->n++] = (struct difference){
			.from = found->at[i].to,
			.to = found->at[i].from,
			.ns = ims_time_sub(0, found->at[i].ns),
		};
}

static size_t first_edge(const struct differences *edges, uint32_t from)
{
	size_t low = 0;
	size_t high = edges->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (edges->at[middle].from < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Files in the order in which they are placed; `placed` is n_files of these. */
struct placing {
	bool *placed;
	uint32_t *order;
	size_t n;
};

static void place(struct placing *placing, uint32_t file)
{
	placing->placed[file] = true;
	placing->order[placing->n++] = file;
}

static void place_neighbours(struct placing *placing, int64_t *offsets_ns,
			     const struct differences *edges, uint32_t file)
{
	for (size_t i = first_edge(edges, file);
	     i < edges->n && edges->at[i].from == file; i++) {
		const struct difference *edge = &edges->at[i];
		if (placing->placed[edge->to])
			continue;
		offsets_ns[edge->to] = ims_time_add(offsets_ns[file], edge->ns);
		place(placing, edge->to);
	}
}

/* A file that shares with none before it has the first file's clock. */
static void place_all(int64_t *offsets_ns, const struct differences *edges,
		      size_t n_files)
{
	struct placing placing = {
		.placed = g_new0(bool, n_files),
		.order = g_new0(uint32_t, n_files),
	};
	size_t next = 0;

	for (uint32_t file = 0; file < n_files; file++) {
		if (!placing.placed[file])
			place(&placing, file);
		for (; next < placing.n; next++)
			place_neighbours(&placing, offsets_ns, edges,
					 placing.order[next]);
	}
	g_free(placing.placed);
	g_free(placing.order);
}

/*
 * The agreed differences, both ways, in order. Of a sighting there are two at
 * most: from the first file that has the packet and from the file before.
 */
static bool find_edges(struct differences *found, const struct sightings *seen)
{
	found->at = g_try_malloc(4 * seen->n * sizeof(*found->at));
	if (!found->at)
		return false;
	compare(found, seen);
	qsort(found->at, found->n, sizeof(*found->at), by_files);
	reduce(found, seen->reach);
	qsort(found->at, found->n, sizeof(*found->at), by_files);
	return true;
}

/* What can be read twice: a pipe would be empty when its turn comes. */
static bool is_regular(const char *file)
{
	struct stat status;

	return strcmp(file, "-") != 0 && stat(file, &status) == 0 &&
	       S_ISREG(status.st_mode);
}

void ims_clock_offsets(int64_t *offsets_ns, const char *const *files,
		       size_t n_files, ims_identity_fn *identity)
{
	size_t each =
		MIN(IMS_CLOCK_PACKETS, IMS_CLOCK_ALL_PACKETS / MAX(n_files, 1));
	struct differences edges = {0};
	struct sightings seen = {0};

	for (size_t i = 0; i < n_files; i++)
		offsets_ns[i] = 0;
	if (n_files > 1)
		seen.at = g_try_malloc(n_files * each * sizeof(*seen.at));
	if (!seen.at)
		return;
	seen.reach = g_new0(struct reach, n_files);
	for (size_t i = 0; i < n_files; i++)
		if (is_regular(files[i]))
			see(&seen, files[i], (uint32_t)i, each, identity);
	qsort(seen.at, seen.n, sizeof(*seen.at), by_identity);
	drop_repeated(&seen);
	if (seen.n && find_edges(&edges, &seen))
		place_all(offsets_ns, &edges, n_files);
	g_free(seen.reach);
	g_free(seen.at);
	g_free(edges.at);
}
