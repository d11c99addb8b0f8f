// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_others.h"

#include <string.h>

#include "stamp.h"
#include "text_blocks.h"
#include "text_ladder.h"
#include "wrap.h"

/* Registrations that are incomplete for one reason. */
struct reason {
	char *lacking; /* "" : not known */
	uint64_t n_registrations;
	GPtrArray *names; /* of char * */
	GPtrArray *drawn; /* of struct ims_text_registration *, if asked for */
};

struct ims_text_others {
	bool is_asked;
	bool with_ladders;
	GPtrArray *succeeded; /* of struct ims_text_registration * */
	uint64_t n_succeeded;
	GPtrArray *reasons; /* of struct reason * */
};

static void free_registration(gpointer data)
{
	ims_text_registration_free(data);
}

static void free_reason(gpointer data)
{
	struct reason *reason = data;

	g_free(reason->lacking);
	g_ptr_array_free(reason->names, TRUE);
	g_ptr_array_free(reason->drawn, TRUE);
	g_free(reason);
}

struct ims_text_others *ims_text_others_new(bool is_asked, bool with_ladders)
{
	struct ims_text_others *others = g_new0(struct ims_text_others, 1);

	others->is_asked = is_asked;
	others->with_ladders = with_ladders;
	others->succeeded = g_ptr_array_new_with_free_func(free_registration);
	others->reasons = g_ptr_array_new_with_free_func(free_reason);
	return others;
}

static struct reason *reason_of(struct ims_text_others *others, char *lacking)
{
	struct reason *reason;

	for (guint i = 0; i < others->reasons->len; i++) {
		reason = g_ptr_array_index(others->reasons, i);
		/* The last takes what no other has room for. */
		if (i + 1 == IMS_TEXT_MAX_REASONS ||
		    strcmp(reason->lacking, lacking) == 0) {
			g_free(lacking);
			return reason;
		}
	}
	if (others->reasons->len + 1 == IMS_TEXT_MAX_REASONS) {
		g_free(lacking);
		lacking = g_strdup("for other reasons");
	}
	reason = g_new0(struct reason, 1);
	reason->lacking = lacking;
	reason->names = g_ptr_array_new_with_free_func(g_free);
	reason->drawn = g_ptr_array_new_with_free_func(free_registration);
	g_ptr_array_add(others->reasons, reason);
	return reason;
}

static char *name_of(const struct ims_registration *r)
{
	char *name = ims_text_name_of(r->impi, r->impu);

	return name ? name : g_strdup("somebody unknown");
}

static void add_incomplete(struct ims_text_others *others,
			   const struct ims_registration *r)
{
	char *lacking = ims_text_of(r->lacking, IMS_TEXT_MAX_SENTENCE);
	struct reason *reason =
		reason_of(others, lacking ? lacking : g_strdup(""));

	reason->n_registrations++;
	if (reason->names->len == IMS_TEXT_MAX_INCOMPLETE)
		return;
	g_ptr_array_add(reason->names, name_of(r));
	if (others->with_ladders)
		g_ptr_array_add(reason->drawn,
				ims_text_registration_new(r, true));
}

void ims_text_others_add(struct ims_text_others *others,
			 const struct ims_registration *r)
{
	guint max = others->is_asked ? IMS_TEXT_MAX_LINES_ASKED
				     : IMS_TEXT_MAX_LINES;

	if (r->outcome == IMS_OUTCOME_INCOMPLETE) {
		add_incomplete(others, r);
		return;
	}
	others->n_succeeded++;
	if (others->succeeded->len < max)
		g_ptr_array_add(
			others->succeeded,
			ims_text_registration_new(r, others->with_ladders));
}

/* Those that the reason named, each with its diagram. */
static void put_drawn(struct ims_page *page, const struct reason *reason)
{
	for (guint i = 0; i < reason->drawn->len; i++) {
		const struct ims_text_registration *r =
			g_ptr_array_index(reason->drawn, i);

		if (reason->drawn->len > 1)
			ims_page_paragraph(page, NULL, r->who);
		ims_text_put_ladder(page, r->ladder, NULL);
	}
}

static void put_reason(struct ims_page *page, const struct reason *reason)
{
	GString *text = g_string_new(NULL);

	ims_page_count(text, reason->n_registrations, "registration", NULL);
	g_string_append(text, " incomplete");
	if (*reason->lacking)
		g_string_append_printf(text, ": %s", reason->lacking);
	g_string_append(text, " (");
	ims_text_put_names(text, reason->names, reason->n_registrations);
	g_string_append_c(text, ')');
	ims_wrap(page->out, text->str, 2, page->width);
	g_string_free(text, TRUE);
	put_drawn(page, reason);
}

static void put_succeeded(struct ims_page *page,
			  const struct ims_text_registration *r)
{
	char duration[IMS_STAMP_TEXT];
	GString *line = g_string_new(NULL);

	g_string_append_printf(line, "%-15s %-15s %s", ims_kind_name(r->kind),
			       ims_outcome_name(r->outcome), r->who);
	if (r->status)
		g_string_append_printf(line, ", %u", r->status);
	g_string_append_printf(line, " after %s",
			       ims_duration(duration, r->duration_ns));
	if (r->ue)
		g_string_append_printf(line, ", UE %s", r->ue);
	if (r->scscf)
		g_string_append_printf(line, ", S-CSCF %s", r->scscf);
	g_string_append(page->out, "  ");
	ims_wrap(page->out, line->str, 6, page->width);
	g_string_free(line, TRUE);
	ims_text_put_ladder(page, r->ladder, NULL);
}

static int compare_ids(gconstpointer a, gconstpointer b)
{
	uint64_t x = (*(const struct ims_text_registration *const *)a)->id;
	uint64_t y = (*(const struct ims_text_registration *const *)b)->id;

	return (x > y) - (x < y);
}

static void put_all_succeeded(struct ims_text_others *others,
			      struct ims_page *page)
{
	bool is_few = others->n_succeeded == others->succeeded->len;

	if (others->n_succeeded == 0 || (!is_few && !others->is_asked))
		return;
	g_ptr_array_sort(others->succeeded, compare_ids);
	g_string_append_c(page->out, '\n');
	for (guint i = 0; i < others->succeeded->len; i++)
		put_succeeded(page, g_ptr_array_index(others->succeeded, i));
	if (!is_few)
		g_string_append_printf(
			page->out, "  and %" G_GUINT64_FORMAT " more\n",
			others->n_succeeded - others->succeeded->len);
}

void ims_text_others_put(struct ims_text_others *others, struct ims_page *page)
{
	if (others->reasons->len)
		g_string_append_c(page->out, '\n');
	for (guint i = 0; i < others->reasons->len; i++)
		put_reason(page, g_ptr_array_index(others->reasons, i));
	put_all_succeeded(others, page);
}

void ims_text_others_free(struct ims_text_others *others)
{
	g_ptr_array_free(others->succeeded, TRUE);
	g_ptr_array_free(others->reasons, TRUE);
	g_free(others);
}
