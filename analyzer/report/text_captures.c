// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_captures.h"

#include <inttypes.h>

#include "wrap.h"

struct ims_text_captures {
	GPtrArray *damage; /* of char *: lines */
	GPtrArray *clocks; /* of char *: lines */
	uint64_t n_damaged;
	uint64_t n_corrected;
	struct ims_capture_report sum; /* its counts only */
	GArray *let_go_by;	       /* of struct ims_bound_count: the sums */
};

struct ims_text_captures *ims_text_captures_new(void)
{
	struct ims_text_captures *captures =
		g_new0(struct ims_text_captures, 1);

	captures->damage = g_ptr_array_new_with_free_func(g_free);
	captures->clocks = g_ptr_array_new_with_free_func(g_free);
	captures->let_go_by =
		g_array_new(FALSE, FALSE, sizeof(struct ims_bound_count));
	return captures;
}

static char *name_of(const struct ims_capture_report *c)
{
	char *name = ims_text_of(ims_slice_of(c->file), IMS_TEXT_MAX_NAME);

	return name ? name : g_strdup("?");
}

static void add_damage(struct ims_text_captures *captures,
		       const struct ims_capture_report *c)
{
	char *name, *error;

	if (captures->n_damaged++ >= IMS_TEXT_MAX_DAMAGED)
		return;
	name = name_of(c);
	error = ims_text_of(ims_slice_of(c->error), IMS_TEXT_MAX_SENTENCE);
	g_ptr_array_add(captures->damage,
			g_strdup_printf("%s could not be read whole%s%s", name,
					error ? ": " : "", error ? error : ""));
	g_free(error);
	g_free(name);
}

static void add_clock(struct ims_text_captures *captures,
		      const struct ims_capture_report *c)
{
	char *name;

	if (captures->n_corrected++ >= IMS_TEXT_MAX_CLOCKS)
		return;
	name = name_of(c);
	g_ptr_array_add(captures->clocks,
			g_strdup_printf("The clock of %s was corrected by "
					"%+.6f s.",
					name,
					(double)c->clock_offset_ns / 1e9));
	g_free(name);
}

static void add_let_go(GArray *sums, const struct ims_bound_count *count)
{
	for (guint i = 0; i < sums->len; i++) {
		struct ims_bound_count *sum =
			&g_array_index(sums, struct ims_bound_count, i);

		if (sum->bound != count->bound)
			continue;
		sum->n += count->n;
		return;
	}
	g_array_append_val(sums, *count);
}

void ims_text_captures_add(struct ims_text_captures *captures,
			   const struct ims_capture_report *c)
{
	struct ims_capture_report *sum = &captures->sum;

	if (c->truncated || c->error)
		add_damage(captures, c);
	if (c->clock_offset_ns)
		add_clock(captures, c);
	sum->packets += c->packets;
	sum->dropped += c->dropped;
	for (size_t i = 0; i < c->n_let_go_by; i++)
		add_let_go(captures->let_go_by, &c->let_go_by[i]);
	sum->sip_messages += c->sip_messages;
	sum->diameter_messages += c->diameter_messages;
	sum->tls_packets += c->tls_packets;
	sum->esp_packets += c->esp_packets;
	sum->undecoded_packets += c->undecoded_packets;
	sum->bare_esp += c->bare_esp;
	sum->bare_tls += c->bare_tls;
	sum->bare_other += c->bare_other;
}

void ims_text_captures_put_damage(const struct ims_text_captures *captures,
				  struct ims_page *page, bool is_first)
{
	if (captures->n_damaged == 0)
		return;
	if (!is_first)
		g_string_append_c(page->out, '\n');
	for (guint i = 0; i < captures->damage->len; i++)
		ims_page_headline(page, IMS_SEVERITY_ERROR,
				  g_ptr_array_index(captures->damage, i), NULL);
	if (captures->n_damaged > captures->damage->len) {
		g_string_append(page->out, "and ");
		ims_page_count(page->out,
			       captures->n_damaged - captures->damage->len,
			       "other capture", NULL);
		g_string_append_c(page->out, '\n');
	}
	if (is_first)
		g_string_append_c(page->out, '\n');
}

/* ", 12 TLS packets" where there are any. */
static void add_some(GString *text, uint64_t n, const char *what)
{
	if (n == 0)
		return;
	g_string_append(text, ", ");
	ims_page_count(text, n, what, NULL);
}

void ims_text_captures_put_contents(const struct ims_text_captures *captures,
				    struct ims_page *page)
{
	const struct ims_capture_report *sum = &captures->sum;
	GString *text = g_string_new(NULL);

	ims_page_count(text, sum->packets, "packet", NULL);
	g_string_append(text, ": ");
	ims_page_count(text, sum->sip_messages, "SIP message", NULL);
	g_string_append(text, ", ");
	ims_page_count(text, sum->diameter_messages, "Diameter message", NULL);
	add_some(text, sum->tls_packets, "TLS packet");
	add_some(text, sum->esp_packets, "ESP packet");
	add_some(text, sum->undecoded_packets,
		 "packet that could not be decoded");
	g_string_append_c(text, '.');
	ims_wrap(page->out, text->str, 2, page->width);
	g_string_free(text, TRUE);
}

static void remark(struct ims_page *page, bool *is_first, uint64_t n,
		   const char *one, const char *many)
{
	GString *text;

	if (n == 0)
		return;
	text = g_string_new(NULL);
	ims_page_count(text, n, one, many);
	if (*is_first)
		g_string_append_c(page->out, '\n');
	*is_first = false;
	ims_wrap(page->out, text->str, 2, page->width);
	g_string_free(text, TRUE);
}

static void remark_bound(struct ims_page *page, bool *is_first, uint64_t n,
			 const struct ims_bound_text *bound)
{
	char *room =
		bound->most
			? g_strdup_printf(": there is room for %" PRIu64 " %s.",
					  bound->most, bound->what)
			: g_strdup(".");
	char *one = g_strconcat(bound->one, room, NULL);
	char *many = g_strconcat(bound->many, room, NULL);

	remark(page, is_first, n, one, many);
	g_free(room);
	g_free(one);
	g_free(many);
}

/* Which bound was met, and what went for it. */
static void remark_bounds(struct ims_page *page, bool *is_first,
			  const GArray *of_captures,
			  const struct ims_summary *summary)
{
	for (guint i = 0; i < of_captures->len; i++) {
		const struct ims_bound_count *count =
			&g_array_index(of_captures, struct ims_bound_count, i);

		remark_bound(page, is_first, count->n, count->bound);
	}
	for (int i = 0; i < IMS_N_BOUNDS; i++)
		remark_bound(page, is_first, summary->let_go_by[i],
			     ims_bound_text((enum ims_bound)i));
}

/* What --anonymize does not look into, it does not hand on. */
static void remark_bare(struct ims_page *page, bool *is_first,
			const struct ims_capture_report *sum)
{
	remark(page, is_first, sum->bare_esp,
	       "packet of ESP was left without what it holds.",
	       "packets of ESP were left without what they hold.");
	remark(page, is_first, sum->bare_tls,
	       "packet of TLS was left without what it holds.",
	       "packets of TLS were left without what they hold.");
	remark(page, is_first, sum->bare_other,
	       "packet that is neither SIP nor Diameter was left without what "
	       "it holds.",
	       "packets that are neither SIP nor Diameter were left without "
	       "what they hold.");
}

void ims_text_captures_put_remarks(const struct ims_text_captures *captures,
				   struct ims_page *page,
				   const struct ims_summary *summary)
{
	const struct ims_capture_report *sum = &captures->sum;
	bool is_first = true;

	remark(page, &is_first, sum->dropped,
	       "packet is missing: the capture says that it was dropped.",
	       "packets are missing: the capture says that they were dropped.");
	remark_bounds(page, &is_first, captures->let_go_by, summary);
	remark(page, &is_first, summary->late,
	       "message came too late in the capture to be put in order.",
	       "messages came too late in the capture to be put in order.");
	remark(page, &is_first, sum->undecoded_packets,
	       "packet could not be decoded.", "packets could not be decoded.");
	remark_bare(page, &is_first, sum);
	for (guint i = 0; i < captures->clocks->len; i++) {
		if (is_first)
			g_string_append_c(page->out, '\n');
		is_first = false;
		ims_wrap(page->out, g_ptr_array_index(captures->clocks, i), 2,
			 page->width);
	}
	if (captures->n_corrected > captures->clocks->len)
		remark(page, &is_first,
		       captures->n_corrected - captures->clocks->len,
		       "other clock was corrected.",
		       "other clocks were corrected.");
}

void ims_text_captures_free(struct ims_text_captures *captures)
{
	g_ptr_array_free(captures->damage, TRUE);
	g_ptr_array_free(captures->clocks, TRUE);
	g_array_free(captures->let_go_by, TRUE);
	g_free(captures);
}
