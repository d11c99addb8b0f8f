// SPDX-License-Identifier: GPL-2.0-or-later
#include "mermaid_sections.h"

#include <string.h>

#include "mermaid_text.h"
#include "stamp.h"
#include "text_keep.h"

/* Columns of a note and of a message before it is broken. */
#define NOTE_WIDTH    72
#define MESSAGE_WIDTH 54
/* Bytes of a note; what is longer ends in "...". */
#define MAX_NOTE 1000
#define NS_PER_S 1000000000

/* "Registration 1 of alice: rejected, 403 Forbidden". */
static char *title_of(const struct ims_registration *r)
{
	char *who = ims_text_name_of(r->impi, r->impu);
	char *reason = ims_text_of(r->reason, IMS_TEXT_MAX_NAME);
	char *lacking = ims_text_of(r->lacking, IMS_TEXT_MAX_NAME);
	GString *title = g_string_new("Registration");

	g_string_append_printf(title, " %" G_GUINT64_FORMAT " of %s (%s): %s",
			       r->id, who ? who : "somebody unknown",
			       ims_kind_name(r->kind),
			       ims_outcome_name(r->outcome));
	if (r->status)
		g_string_append_printf(title, ", %u %s", r->status,
				       reason ? reason : "");
	if (lacking)
		g_string_append_printf(title, ", %s", lacking);
	g_free(who);
	g_free(reason);
	g_free(lacking);
	return g_string_free(title, FALSE);
}

struct ims_mermaid_section *ims_mermaid_section_of_registration(
	const struct ims_registration *r)
{
	struct ims_mermaid_section *section =
		g_new0(struct ims_mermaid_section, 1);

	section->start_ns = r->start_ns;
	section->id = r->id;
	section->is_registration = true;
	section->failed = r->outcome != IMS_OUTCOME_REGISTERED &&
			  r->outcome != IMS_OUTCOME_DEREGISTERED;
	section->title = title_of(r);
	section->why = r->cause ? g_strdup(r->cause->slug) : NULL;
	section->ladder = ims_ladder_new(r->steps, r->n_steps, r->start_ns);
	return section;
}

char *ims_mermaid_why(const struct ims_finding *f)
{
	char *summary = ims_text_of(f->summary, MAX_NOTE);
	char *why = g_strdup_printf(
		"%s%s: %s", f->rule->slug,
		f->confidence == IMS_CONFIDENCE_LIKELY ? " (likely)" : "",
		summary ? summary : f->rule->title);

	g_free(summary);
	return why;
}

struct ims_mermaid_section *ims_mermaid_section_of_finding(
	const struct ims_finding *f)
{
	struct ims_mermaid_section *section =
		g_new0(struct ims_mermaid_section, 1);

	section->start_ns = f->n_steps ? f->steps[0].time_ns : f->time_ns;
	section->id = f->id;
	section->failed = true;
	section->title = ims_text_of(f->headline, MAX_NOTE);
	if (!section->title)
		section->title = g_strdup(f->rule->title);
	section->why = ims_mermaid_why(f);
	section->ladder =
		ims_ladder_new(f->steps, f->n_steps, section->start_ns);
	return section;
}

void ims_mermaid_section_free(struct ims_mermaid_section *section)
{
	if (!section)
		return;
	g_free(section->title);
	g_free(section->why);
	g_free(section->text);
	ims_ladder_free(section->ladder);
	g_free(section);
}

/* What a section is put with. */
struct place {
	const struct ims_ladder *ladder;
	GString *out;
	guint *numbers; /* of the participants, by column */
	guint first, last;
	bool with_captures;
	bool is_long; /* times in seconds */
};

static void put_note(const struct place *p, const char *text)
{
	if (p->first == p->last)
		g_string_append_printf(p->out, "    Note over n%u: ", p->first);
	else
		g_string_append_printf(
			p->out, "    Note over n%u,n%u: ", p->first, p->last);
	ims_mermaid_wrap(p->out, text, NOTE_WIDTH);
	g_string_append_c(p->out, '\n');
}

static void add_time(const struct place *p, GString *text, int64_t time_ns)
{
	double offset = (double)(time_ns - p->ladder->start_ns);

	if (p->is_long)
		g_string_append_printf(text, "%.3f s", offset / 1e9);
	else
		g_string_append_printf(text, "%.1f ms", offset / 1e6);
}

static void add_frame(const struct place *p, GString *text,
		      struct ims_frame frame)
{
	if (p->with_captures)
		g_string_append_printf(text, "%u:", frame.capture);
	g_string_append_printf(text, "%" G_GUINT64_FORMAT, frame.number);
}

/* "REGISTER CSeq 1, x3": to be freed. */
static char *text_of(const struct ims_ladder_row *row)
{
	GString *text = g_string_new(row->message);

	if (row->detail)
		g_string_append_printf(text, " %s", row->detail);
	if (row->n_times > 1)
		g_string_append_printf(text, ", x%u", row->n_times);
	return g_string_free(text, FALSE);
}

/* "(frame 12, 3.7 ms; the last 15, 8.1 ms)". */
static char *place_of(const struct place *p, const struct ims_ladder_row *row)
{
	GString *text = g_string_new("(frame ");

	add_frame(p, text, row->frame);
	g_string_append(text, ", ");
	add_time(p, text, row->time_ns);
	if (row->n_times > 1) {
		g_string_append(text, "; the last ");
		add_frame(p, text, row->last_frame);
		g_string_append(text, ", ");
		add_time(p, text, row->last_ns);
	}
	g_string_append_c(text, ')');
	return g_string_free(text, FALSE);
}

static const char *arrow_of(const struct ims_ladder_row *row)
{
	if (row->protocol == IMS_PROTOCOL_ICMP)
		return "--x"; /* back, and with a cross */
	if (row->protocol == IMS_PROTOCOL_ESP)
		return "-)";
	return row->is_answer ? "-->>" : "->>";
}

static void put_row(const struct place *p, const struct ims_ladder_row *row)
{
	char *text = text_of(row), *place = place_of(p, row);
	bool fits = strlen(text) + strlen(place) < MESSAGE_WIDTH;

	g_string_append_printf(p->out, "    n%u%sn%u: ", p->numbers[row->from],
			       arrow_of(row), p->numbers[row->to]);
	ims_mermaid_wrap(p->out, text, MESSAGE_WIDTH);
	g_string_append(p->out, fits ? " " : "<br/>");
	ims_mermaid_escape(p->out, place);
	g_string_append_c(p->out, '\n');
	g_free(text);
	g_free(place);
}

/* Those in a row that fail stand on a red ground. */
static void put_rows(const struct place *p)
{
	bool is_red = false;

	for (guint i = 0; i < p->ladder->rows->len; i++) {
		const struct ims_ladder_row *row = ims_ladder_row(p->ladder, i);

		if (is_red && (!row->failing || row->n_left_out)) {
			g_string_append(p->out, "    end\n");
			is_red = false;
		}
		if (row->n_left_out) {
			char *text = g_strdup_printf(
				"%u messages are not shown", row->n_left_out);

			put_note(p, text);
			g_free(text);
		}
		if (row->failing && !is_red) {
			g_string_append(p->out,
					"    rect rgba(255, 64, 64, 0.2)\n");
			is_red = true;
		}
		put_row(p, row);
	}
	if (is_red)
		g_string_append(p->out, "    end\n");
}

static void put_title(const struct place *p,
		      const struct ims_mermaid_section *section)
{
	char stamp[IMS_STAMP_TEXT];
	char *text = g_strdup_printf("%s, begins %s", section->title,
				     ims_stamp(stamp, section->start_ns));

	put_note(p, text);
	g_free(text);
}

void ims_mermaid_section_put(const struct ims_mermaid_section *section,
			     struct ims_mermaid_nodes *nodes, GString *out,
			     uint64_t *used, bool with_captures)
{
	const struct ims_ladder *ladder = section->ladder;
	struct place p = {
		.ladder = ladder,
		.out = out,
		.with_captures = with_captures,
	};
	uint64_t here = 0;

	if (!ladder)
		return;
	p.is_long = ims_ladder_end(ladder) - ladder->start_ns >= NS_PER_S;
	p.numbers = g_new0(guint, ladder->columns->len);
	for (guint i = 0; i < ladder->columns->len; i++) {
		p.numbers[i] =
			ims_mermaid_node(nodes, ims_ladder_column(ladder, i));
		here |= UINT64_C(1) << p.numbers[i];
	}
	ims_mermaid_nodes_ends(nodes, &p.first, &p.last, here);
	put_title(&p, section);
	put_rows(&p);
	if (section->why)
		put_note(&p, section->why);
	g_free(p.numbers);
	*used |= here;
}
