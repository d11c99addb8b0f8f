// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_ladder.h"

#include <string.h>

#include "escape.h"
#include "ladder_layout.h"
#include "stamp.h"
#include "wrap.h"

#define RESET "\033[0m"
#define RED   "\033[1;31m"
#define DIM   "\033[2m"

/* Where a text begins that has a word too long for anywhere else. */
#define MARGIN 4

/* What it is drawn with. */
struct pen {
	const char *lifeline;
	const char *line;
	const char *unread; /* the line of what could not be read */
	const char *right;
	const char *left;
	const char *self; /* from a column to itself */
};

static const struct pen ascii = {"|", "-", ".", ">", "<", "*"};
static const struct pen boxes = {
	"\xe2\x94\x82", /* U+2502 */
	"\xe2\x94\x80", /* U+2500 */
	"\xe2\x94\x84", /* U+2504 */
	"\xe2\x96\xba", /* U+25BA */
	"\xe2\x97\x84", /* U+25C4 */
	"\xe2\x97\x8f", /* U+25CF */
};

struct drawing {
	struct ims_page *page;
	const struct ims_ladder *ladder;
	struct ims_layout *layout;
	const struct pen *pen;
};

/* Lifelines from *next on that stand left of `column`; sets *next. */
static void put_lifelines(const struct drawing *d, GString *line, guint *next,
			  unsigned column)
{
	for (; *next < d->layout->n_lines; (*next)++) {
		unsigned at = d->layout->at[*next];

		if (at >= column)
			return;
		if (at < ims_wrap_column(line))
			continue;
		ims_wrap_pad(line, at);
		g_string_append(line, d->pen->lifeline);
	}
}

/* Takes over `line`. */
static void put_line(const struct drawing *d, GString *line, const char *colour)
{
	GString *out = d->page->out;

	while (line->len && line->str[line->len - 1] == ' ')
		g_string_truncate(line, line->len - 1);
	if (d->page->colour && colour)
		g_string_append(out, colour);
	g_string_append_len(out, line->str, (gssize)line->len);
	if (d->page->colour && colour)
		g_string_append(out, RESET);
	g_string_append_c(out, '\n');
	g_string_free(line, TRUE);
}

/* A line of text that begins at `column`, lifelines at its sides. */
static void put_beside(const struct drawing *d, const char *text, size_t len,
		       unsigned column, const char *colour)
{
	GString *line = g_string_new(NULL);
	guint next = 0;

	put_lifelines(d, line, &next, column > 0 ? column - 1 : 0);
	ims_wrap_pad(line, column);
	g_string_append_len(line, text, (gssize)len);
	g_string_append_c(line, ' ');
	put_lifelines(d, line, &next, d->page->ladder_width);
	put_line(d, line, colour);
}

/* `text` from `column` on, in as many lines as it takes; what cannot be
   broken at a blank is broken anywhere. */
static void put_text(const struct drawing *d, const char *text, unsigned column,
		     unsigned hang, const char *colour)
{
	unsigned room = d->page->ladder_width - column;
	GString *lines = g_string_new(NULL);

	ims_wrap(lines, text, hang, room);
	for (const char *line = lines->str; *line;) {
		size_t len = strcspn(line, "\n");
		size_t fits = ims_columns_fit(line, len, room);

		if (fits == 0)
			break; /* a wide character where there is no room */
		put_beside(d, line, fits, column, colour);
		line += fits + (line[fits] == '\n' ? 1 : 0);
	}
	g_string_free(lines, TRUE);
}

static unsigned longest_word(const char *text)
{
	size_t longest = 0, len;

	for (; *text; text += len + strspn(text + len, " ")) {
		len = strcspn(text, " ");
		longest = MAX(longest, ims_columns(text, len));
	}
	return (unsigned)longest;
}

/*
 * Below an arrow, from its left end on; but where the text has little room
 * there it begins further to the left.
 */
static void put_note(const struct drawing *d, const struct ims_ladder_row *row,
		     const char *text, unsigned hang, const char *colour)
{
	const struct ims_layout *layout = d->layout;
	unsigned column = MIN(ims_layout_at(layout, row->from),
			      ims_layout_at(layout, row->to)) +
			  2;
	unsigned need =
		(unsigned)MIN(ims_columns(text, strlen(text)), IMS_LAYOUT_NOTE);
	unsigned width = d->page->ladder_width;

	if (column + need > width)
		column = MAX(width - need, layout->gutter);
	if (column + longest_word(text) > width)
		column = MARGIN;
	put_text(d, text, column, hang, colour);
}

static void put_frame_and_time(const struct drawing *d, GString *line,
			       const struct ims_ladder_row *row)
{
	char *frame = ims_layout_frame(d->page, row->frame);
	char *time =
		ims_layout_time(d->layout, row->time_ns - d->ladder->start_ns);

	g_string_append(line, row->failing ? "! " : "  ");
	ims_wrap_pad(line, 2 + d->layout->frame - strlen(frame));
	g_string_append(line, frame);
	ims_wrap_pad(line,
		     2 + d->layout->frame + 2 + d->layout->time - strlen(time));
	g_string_append(line, time);
	g_free(frame);
	g_free(time);
}

static void put_strokes(GString *line, const char *stroke, size_t n)
{
	while (n-- > 0)
		g_string_append(line, stroke);
}

/* `room` columns between two lifelines, the label in the middle of them. */
static void put_arrow(const struct drawing *d, GString *line,
		      const struct ims_ladder_row *row, const char *label,
		      unsigned room)
{
	bool is_unread = row->protocol == IMS_PROTOCOL_ESP;
	const char *stroke = is_unread ? d->pen->unread : d->pen->line;
	size_t rest = room - 1 - ims_columns(label, strlen(label));
	bool is_right = ims_layout_place(d->layout, row->from) <
			ims_layout_place(d->layout, row->to);

	if (!is_right)
		g_string_append(line, d->pen->left);
	put_strokes(line, stroke, rest - rest / 2);
	g_string_append(line, label);
	put_strokes(line, stroke, rest / 2);
	if (is_right)
		g_string_append(line, d->pen->right);
}

/* How much of it goes onto the arrow: to be freed. */
static char *label_of(const struct ims_ladder_row *row, unsigned room,
		      bool *has_message, bool *has_detail)
{
	char *both = row->detail
			     ? g_strconcat(row->message, " ", row->detail, NULL)
			     : g_strdup(row->message);

	*has_message = *has_detail = true;
	if (ims_columns(both, strlen(both)) < room)
		return both;
	g_free(both);
	*has_detail = row->detail == NULL;
	if (ims_columns(row->message, strlen(row->message)) < room)
		return g_strdup(row->message);
	*has_message = false;
	return g_strdup("");
}

/* A message's detail is not said again from leg to leg. */
static bool is_told(const struct drawing *d, guint index)
{
	const struct ims_ladder_row *row = ims_ladder_row(d->ladder, index);

	for (guint i = index; !row->failing && i-- > 0;) {
		const struct ims_ladder_row *before =
			ims_ladder_row(d->ladder, i);

		if (strcmp(before->message, row->message) == 0)
			return g_strcmp0(before->detail, row->detail) == 0;
	}
	return false;
}

/* "S-CSCF > HSS", where the arrow does not say it. */
static void add_ends(const struct drawing *d, GString *text,
		     const struct ims_ladder_row *row)
{
	const struct ims_layout *layout = d->layout;
	unsigned last = layout->n_lines - 1;

	if (layout->n_lines == d->ladder->columns->len ||
	    (ims_layout_place(layout, row->from) != last &&
	     ims_layout_place(layout, row->to) != last))
		return;
	g_string_append_printf(text,
			       "%s > %s: ", ims_layout_name(layout, row->from),
			       ims_layout_name(layout, row->to));
}

/* What the arrow had no room for, and how often it was sent again. */
static char *note_of(const struct drawing *d, guint index, bool has_message,
		     bool has_detail)
{
	const struct ims_ladder_row *row = ims_ladder_row(d->ladder, index);
	GString *text = g_string_new(NULL);

	add_ends(d, text, row);
	if (!has_message)
		g_string_append(text, row->message);
	if (!has_detail && !is_told(d, index))
		g_string_append_printf(text, "%s%s", has_message ? "" : " ",
				       row->detail);
	if (row->n_times > 1) {
		char *time = ims_layout_time(
			d->layout, row->last_ns - d->ladder->start_ns);
		char *frame = ims_layout_frame(d->page, row->last_frame);

		g_string_append_printf(text,
				       "%sx%u, the last at %s %s, frame %s",
				       text->len ? ", " : "", row->n_times,
				       time, d->layout->unit, frame);
		g_free(time);
		g_free(frame);
	}
	return g_string_free(text, FALSE);
}

/* Returns the note that goes below; to be freed. */
static char *put_message(const struct drawing *d, guint index,
			 const char *colour)
{
	const struct ims_ladder_row *row = ims_ladder_row(d->ladder, index);
	unsigned from = ims_layout_at(d->layout, row->from);
	unsigned to = ims_layout_at(d->layout, row->to);
	unsigned left = MIN(from, to), right = MAX(from, to);
	bool has_message = false, has_detail = row->detail == NULL;
	GString *line = g_string_new(NULL);
	guint next = 0;

	put_frame_and_time(d, line, row);
	put_lifelines(d, line, &next, left);
	ims_wrap_pad(line, left);
	if (left == right) {
		g_string_append(line, d->pen->self);
	} else {
		char *label = label_of(row, right - left - 1, &has_message,
				       &has_detail);

		g_string_append(line, d->pen->lifeline);
		put_arrow(d, line, row, label, right - left - 1);
		g_string_append(line, d->pen->lifeline);
		g_free(label);
	}
	put_lifelines(d, line, &next, d->page->ladder_width);
	put_line(d, line, colour);
	return note_of(d, index, has_message, has_detail);
}

static void put_changes(const struct drawing *d,
			const struct ims_ladder_row *row)
{
	char **lines = g_strsplit(row->changes, "\n", -1);

	for (char **line = lines; *line; line++)
		put_note(d, row, *line, 2, NULL);
	g_strfreev(lines);
}

static void put_gap(const struct drawing *d, uint32_t n)
{
	GString *text = g_string_new("... ");

	ims_page_count(text, n, "message", NULL);
	g_string_append(text, " not shown");
	put_text(d, text->str, d->layout->gutter, 0, NULL);
	g_string_free(text, TRUE);
}

static void put_row(const struct drawing *d, guint index)
{
	const struct ims_ladder_row *row = ims_ladder_row(d->ladder, index);
	const char *colour = row->failing ? RED : NULL;
	char *note;

	if (row->n_left_out)
		put_gap(d, row->n_left_out);
	note = put_message(d, index, colour);
	if (*note)
		put_note(d, row, note, 0, colour);
	g_free(note);
	if (row->changes)
		put_changes(d, row);
}

/* The names over their lifelines, frame and time over their numbers. */
static void put_head(const struct drawing *d)
{
	const struct ims_layout *layout = d->layout;
	GString *line = g_string_new(NULL);

	ims_wrap_pad(line, 2 + layout->frame - strlen("frame"));
	g_string_append(line, "frame");
	ims_wrap_pad(line, 2 + layout->frame + 2 + layout->time -
				   strlen(layout->unit));
	g_string_append(line, layout->unit);
	for (guint i = 0; i < layout->n_lines; i++) {
		const char *name = layout->heads[i];

		ims_wrap_pad(line, layout->at[i] - (strlen(name) - 1) / 2);
		g_string_append(line, name);
	}
	put_line(d, line, DIM);
}

/* Who is who, what the mark says, and when it began. */
static void put_legend(const struct drawing *d, const char *proven)
{
	struct ims_layout none = {0}; /* no lifelines yet */
	const struct drawing above = {
		.page = d->page,
		.ladder = d->ladder,
		.layout = &none,
		.pen = d->pen,
	};
	GString *text = g_string_new(NULL);
	char stamp[IMS_STAMP_TEXT];

	if (proven && ims_ladder_has_failing(d->ladder))
		g_string_append_printf(text, "! proves %s; ", proven);
	ims_layout_add_legend(d->layout, text, d->ladder);
	g_string_append_printf(text, "; 0 %s is %s", d->layout->unit,
			       ims_stamp(stamp, d->ladder->start_ns));
	put_text(&above, text->str, 2, 2, NULL);
	g_string_free(text, TRUE);
}

void ims_text_put_ladder(struct ims_page *page, const struct ims_ladder *ladder,
			 const char *proven)
{
	struct drawing d = {
		.page = page,
		.ladder = ladder,
		.pen = page->unicode ? &boxes : &ascii,
	};

	if (!ladder)
		return;
	d.layout = ims_layout_new(page, ladder);
	g_string_append_c(page->out, '\n');
	put_legend(&d, proven);
	put_head(&d);
	for (guint i = 0; i < ladder->rows->len; i++)
		put_row(&d, i);
	g_string_append_c(page->out, '\n');
	ims_layout_free(d.layout);
}
