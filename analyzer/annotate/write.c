// SPDX-License-Identifier: GPL-2.0-or-later
/* The second reading: what was chosen is written. */
#include <errno.h>
#include <glib.h>

#include "annotate_internal.h"
#include "interfaces.h"
#include "merge.h"
#include "octets.h"
#include "pcapng_writer.h"

struct writing {
	struct ims_annotate *of;
	struct ims_pcapng_writer *writer;
	struct ims_interfaces interfaces;
	/* By capture: packets that were lost before the next, and those that
	   are not told yet, these among them. */
	uint64_t *dropped;
	uint64_t *untold;
	struct ims_annotate_count count;
};

static bool fail(struct ims_annotate *a, const char *what)
{
	g_free(a->why);
	a->why = what ? g_strdup_printf("%s: %s", what, g_strerror(errno))
		      : g_strdup(g_strerror(errno));
	return false;
}

/* NULL with the reason told. */
static struct ims_merge *open_again(struct ims_annotate *a)
{
	size_t n = a->input.n_files;
	struct ims_capture **captures = g_new0(struct ims_capture *, n);
	int64_t *offsets_ns = g_new0(int64_t, n);
	struct ims_merge *merge = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		struct ims_kept *kept = a->captures[i].kept;
		const char *file = a->input.files[i];

		errno = 0;
		/* What is kept has been corrected already. */
		offsets_ns[i] = kept ? 0 : a->input.offsets_ns[i];
		if (kept)
			file = ims_kept_file(kept);
		if (!file)
			break;
		captures[i] = ims_capture_open(file, (uint32_t)i);
	}
	if (i == n)
		merge = ims_merge_new(captures, offsets_ns, n);
	else if (errno == EFBIG)
		a->why = g_strdup_printf(
			"%s has too much signalling to be kept, and cannot be "
			"read twice: write it to a file first",
			a->captures[i].name);
	else
		fail(a, "temporary file");
	for (i = 0; !merge && i < n; i++)
		ims_capture_close(captures[i]);
	g_free(captures);
	g_free(offsets_ns);
	return merge;
}

static bool find_interface(struct writing *w, struct ims_interface_of **of,
			   const struct ims_packet *packet)
{
	char *origin = ims_annotate_origin(w->of, packet->capture);
	const struct ims_pcapng_interface about = {.description = origin};
	bool found = ims_interfaces_find(&w->interfaces, of, w->writer, packet,
					 &about);

	g_free(origin);
	return found || fail(w->of, NULL);
}

/* `packet` is as it is to be written, `frame` as it was read. */
static bool write_packet(struct writing *w, const struct ims_packet *packet,
			 struct ims_frame frame)
{
	struct ims_pcapng_notes notes = {.dropped = w->dropped[frame.capture]};
	struct ims_interface_of *of;

	if (!ims_notes_of(w->of->notes, &notes.comments, &notes.n_comments,
			  frame))
		return fail(w->of, "temporary file");
	if (!find_interface(w, &of, packet))
		return false;
	if (!ims_pcapng_writer_packet(w->writer, of->id, packet, &notes))
		return fail(w->of, NULL);
	of->dropped += notes.dropped;
	w->untold[frame.capture] -= notes.dropped;
	w->dropped[frame.capture] = 0;
	w->count.packets++;
	return true;
}

static bool take(struct writing *w, const struct ims_packet *packet)
{
	const struct ims_annotate *a = w->of;
	struct ims_frame frame = {packet->capture, packet->number};
	struct ims_packet written = *packet;

	/* What no packet says of itself in a file that leaves others out. */
	if (ims_choice_is_behind_gap(a->choice, frame)) {
		w->dropped[frame.capture]++;
		w->untold[frame.capture]++;
	}
	if (!ims_choice_has(a->choice, frame))
		return true;
	if (!a->rewrite || a->rewrite(a->user, &written))
		return write_packet(w, &written, frame);
	w->count.left_out++;
	return true;
}

static uint64_t n_done(const struct writing *w)
{
	return w->count.packets + w->count.left_out;
}

/* Until all that was chosen is there. What was wrong with a capture was told
   when it was read for the first time. */
static bool copy_packets(struct writing *w, struct ims_merge *merge)
{
	uint64_t n = ims_choice_count(w->of->choice);
	struct ims_packet packet;
	enum ims_read what;

	while (n_done(w) < n &&
	       (what = ims_merge_read(merge, &packet)) != IMS_READ_END) {
		if (what == IMS_READ_DROPS)
			w->dropped[packet.capture] += packet.wire;
		else if (what == IMS_READ_PACKET && !take(w, &packet))
			return false;
	}
	if (n_done(w) == n)
		return true;
	g_free(w->of->why);
	w->of->why = g_strdup("a capture has changed since it was read first");
	return false;
}

/* What no packet could tell: losses behind the last one, and the end. */
static bool write_spans(struct writing *w)
{
	const struct ims_annotate *a = w->of;

	for (guint i = 0; i < w->interfaces.known->len; i++) {
		const struct ims_interface_of *of = &g_array_index(
			w->interfaces.known, struct ims_interface_of, i);
		const struct ims_annotated *capture = &a->captures[of->capture];
		int64_t offset_ns = a->input.offsets_ns[of->capture];
		const struct ims_pcapng_span span = {
			.start_ns = ims_time_add(capture->first_ns, offset_ns),
			.end_ns = ims_time_add(capture->until_ns, offset_ns),
			.dropped = of->dropped + w->untold[of->capture],
		};

		if (!ims_pcapng_writer_span(w->writer, of->id, &span))
			return fail(w->of, NULL);
		w->untold[of->capture] = 0;
	}
	return true;
}

static bool write_all(struct writing *w)
{
	struct ims_merge *merge = open_again(w->of);
	bool good = merge && copy_packets(w, merge) && write_spans(w);

	ims_merge_free(merge);
	if (good && !ims_pcapng_writer_flush(w->writer))
		good = fail(w->of, NULL);
	return good;
}

static bool shows(void *user, uint64_t registration)
{
	return ims_choice_shows(user, registration);
}

bool ims_annotate_write(struct ims_annotate *a,
			struct ims_annotate_count *count, const char **why,
			FILE *out)
{
	struct writing w = {.of = a};
	struct ims_pcapng_section section = {.is_selection = true};
	char *about;
	bool good;

	*count = (struct ims_annotate_count){0};
	if (!ims_choice_settle(a->choice) ||
	    !ims_notes_settle(a->notes, shows, a->choice)) {
		fail(a, "temporary file");
		*why = a->why;
		return false;
	}
	about = ims_annotate_about(a);
	section.comment = about;
	w.writer = ims_pcapng_writer_new(out, &section);
	w.dropped = g_new0(uint64_t, a->input.n_files);
	w.untold = g_new0(uint64_t, a->input.n_files);
	for (size_t i = 0; i < a->input.n_files; i++)
		w.untold[i] = a->captures[i].dropped_in_all;
	w.count.comments_left_out = ims_notes_left_out(a->notes);
	ims_interfaces_init(&w.interfaces);
	good = write_all(&w);
	*count = w.count;
	*why = a->why;
	ims_interfaces_fini(&w.interfaces);
	g_free(w.dropped);
	g_free(w.untold);
	ims_pcapng_writer_free(w.writer);
	g_free(about);
	return good;
}
