// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_page.h"

#include <string.h>

#include "escape.h"
#include "wrap.h"

#define RESET "\033[0m"
#define DIM   "\033[2m"

/* Columns between a headline and its slug, and least room for the text. */
#define GAP	 2
#define MIN_ROOM 30
#define INDENT	 2
#define HANG	 4
/* "who" is padded to the widest that is at most this. */
#define MAX_WHO 30

static const char *const colours[] = {
	[IMS_SEVERITY_NOTE] = "\033[1m",
	[IMS_SEVERITY_WARNING] = "\033[1;33m",
	[IMS_SEVERITY_ERROR] = "\033[1;31m",
};

static void put_coloured(struct ims_page *page, const char *colour,
			 const char *text, size_t len)
{
	if (page->colour)
		g_string_append(page->out, colour);
	g_string_append_len(page->out, text, (gssize)len);
	if (page->colour)
		g_string_append(page->out, RESET);
}

static void put_slug(struct ims_page *page, const char *slug, size_t column)
{
	for (; column + strlen(slug) < page->width; column++)
		g_string_append_c(page->out, ' ');
	put_coloured(page, DIM, slug, strlen(slug));
}

void ims_page_headline(struct ims_page *page, enum ims_severity severity,
		       const char *text, const char *slug)
{
	size_t reserved = slug ? strlen(slug) + GAP : 0;
	bool fits = page->width >= reserved + MIN_ROOM;
	char *whole =
		g_strconcat(page->when, page->when[0] ? "  " : "", text, NULL);
	GString *lines = g_string_new(NULL);
	const char *line;

	ims_wrap(lines, whole, HANG,
		 fits ? page->width - (unsigned)reserved : page->width);
	for (line = lines->str; *line;) {
		size_t len = strcspn(line, "\n");

		put_coloured(page, colours[severity], line, len);
		/* A word that cannot be broken leaves no room: below, then. */
		if (slug && ims_columns(line, len) + reserved <= page->width) {
			put_slug(page, slug, ims_columns(line, len));
			slug = NULL;
		}
		g_string_append_c(page->out, '\n');
		line += len + 1;
	}
	if (slug) {
		put_slug(page, slug, 0);
		g_string_append_c(page->out, '\n');
	}
	g_string_free(lines, TRUE);
	g_free(whole);
}

void ims_page_paragraph(struct ims_page *page, const char *label,
			const char *text)
{
	ims_wrap_pad(page->out, INDENT);
	if (label)
		g_string_append_printf(page->out, "%s: ", label);
	ims_wrap(page->out, text, INDENT + (label ? 4 : 0), page->width);
}

void ims_page_frame(const struct ims_page *page, GString *out,
		    struct ims_frame frame)
{
	if (page->files->len > 1)
		g_string_append_printf(out, "%u:", frame.capture);
	g_string_append_printf(out, "%" G_GUINT64_FORMAT, frame.number);
}

void ims_page_frames(const struct ims_page *page, GString *out,
		     const GArray *frames)
{
	const char *comma = "";

	for (guint i = 0; i < frames->len; i++) {
		struct ims_frame f = g_array_index(frames, struct ims_frame, i);

		if (f.number == 0)
			continue;
		g_string_append(out, comma);
		ims_page_frame(page, out, f);
		comma = ", ";
	}
}

struct widths {
	size_t frame;
	size_t who;
};

static char *frame_text(const struct ims_page *page, struct ims_frame frame)
{
	GString *text = g_string_new(NULL);

	if (frame.number)
		ims_page_frame(page, text, frame);
	return g_string_free(text, FALSE);
}

static struct widths measure(const struct ims_page *page,
			     const GArray *evidence)
{
	struct widths widths = {0, 0};

	for (guint i = 0; i < evidence->len; i++) {
		const struct ims_text_evidence *e =
			&g_array_index(evidence, struct ims_text_evidence, i);
		char *frame = frame_text(page, e->frame);

		widths.frame = MAX(widths.frame, strlen(frame));
		g_free(frame);
		if (e->who && ims_columns(e->who, strlen(e->who)) <= MAX_WHO)
			widths.who = MAX(widths.who,
					 ims_columns(e->who, strlen(e->who)));
	}
	return widths;
}

static void put_change(struct ims_page *page, const char *line, unsigned indent)
{
	ims_wrap_pad(page->out, indent);
	ims_wrap(page->out, line, indent + 2, page->width);
}

/* What its sender changed, below what is said of it: on one line if there is
   room, else what came, went and changed on a line each. */
static void put_changes(struct ims_page *page,
			const struct ims_text_evidence *e, unsigned indent)
{
	char *text = e->by ? g_strdup_printf("%s  (by %s)", e->changes, e->by)
			   : g_strdup(e->changes);
	char **lines = g_strsplit(text, "\n", -1);
	char *joined = g_strjoinv("  ", lines);
	bool fits = indent + ims_columns(joined, strlen(joined)) <= page->width;

	for (char **line = lines; !fits && *line; line++)
		put_change(page, *line, indent);
	if (fits)
		put_change(page, joined, indent);
	g_free(joined);
	g_strfreev(lines);
	g_free(text);
}

static void put_evidence(struct ims_page *page,
			 const struct ims_text_evidence *e,
			 struct widths widths)
{
	char *frame = frame_text(page, e->frame);
	unsigned indent = (unsigned)(HANG + widths.frame + 2);

	ims_wrap_pad(page->out, HANG + widths.frame - strlen(frame));
	g_string_append_printf(page->out, "%s  ", frame);
	g_free(frame);
	if (e->who) {
		g_string_append(page->out, e->who);
		indent += (unsigned)widths.who + 2;
		if (e->what) {
			ims_wrap_pad(page->out, indent - 2);
			g_string_append(page->out, "  ");
		}
	}
	ims_wrap(page->out, e->what ? e->what : "", indent, page->width);
	if (e->changes)
		put_changes(page, e, indent);
}

void ims_page_evidence(struct ims_page *page,
		       const struct ims_text_finding *finding)
{
	const GArray *evidence = finding->evidence;
	struct widths widths = measure(page, evidence);

	for (guint i = 0; i < evidence->len; i++) {
		const struct ims_text_evidence *e =
			&g_array_index(evidence, struct ims_text_evidence, i);

		/* What says nothing is in Wireshark's filter below. */
		if (e->who || e->what)
			put_evidence(page, e, widths);
	}
	if (finding->n_left_out) {
		ims_wrap_pad(page->out, HANG);
		g_string_append(page->out, "and ");
		ims_page_count(page->out, finding->n_left_out, "frame", NULL);
		g_string_append(page->out, " more\n");
	}
}

static int compare_frames(gconstpointer a, gconstpointer b)
{
	const struct ims_frame *left = a, *right = b;

	if (left->capture != right->capture)
		return left->capture < right->capture ? -1 : 1;
	return (left->number > right->number) - (left->number < right->number);
}

/* The frames from *at on that are of one capture, each once. */
static void put_numbers(GString *text, const GArray *frames, guint *at)
{
	uint32_t capture = g_array_index(frames, struct ims_frame, *at).capture;
	uint64_t last = 0;

	for (; *at < frames->len; (*at)++) {
		struct ims_frame f =
			g_array_index(frames, struct ims_frame, *at);

		if (f.capture != capture)
			break;
		if (f.number == last)
			continue;
		g_string_append_printf(text, "%s%" G_GUINT64_FORMAT,
				       last ? ", " : "", f.number);
		last = f.number;
	}
}

void ims_page_wireshark(struct ims_page *page, GArray *frames)
{
	g_array_sort(frames, compare_frames);
	for (guint i = 0; i < frames->len;) {
		struct ims_frame f = g_array_index(frames, struct ims_frame, i);
		GString *text = g_string_new("Wireshark");

		if (page->files->len > 1 && f.capture < page->files->len)
			g_string_append_printf(text, ", %u = %s", f.capture,
					       (const char *)g_ptr_array_index(
						       page->files, f.capture));
		g_string_append(text, ": frame.number in {");
		put_numbers(text, frames, &i);
		g_string_append_c(text, '}');
		ims_page_paragraph(page, NULL, text->str);
		g_string_free(text, TRUE);
	}
}

void ims_page_count(GString *out, uint64_t n, const char *one, const char *many)
{
	g_string_append_printf(out, "%" G_GUINT64_FORMAT " ", n);
	if (n == 1)
		g_string_append(out, one);
	else if (many)
		g_string_append(out, many);
	else
		g_string_append_printf(out, "%ss", one);
}
