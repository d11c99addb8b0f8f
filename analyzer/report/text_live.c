// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_live.h"

#include <string.h>

#include "stamp.h"
#include "text_blocks.h"

struct ims_text_live {
	struct ims_page *page;
	struct ims_writer *writer;
	unsigned max_full;
	GHashTable *n_told; /* by rule, NULL: none explains it; at most one
			       entry a rule of the catalogue */
};

struct ims_text_live *ims_text_live_new(struct ims_page *page,
					struct ims_writer *writer,
					unsigned max_full)
{
	struct ims_text_live *live = g_new0(struct ims_text_live, 1);

	live->page = page;
	live->writer = writer;
	live->max_full = max_full;
	live->n_told = g_hash_table_new(NULL, NULL);
	ims_writer_live(writer);
	return live;
}

/* One more of that rule: whether it is told in full. */
static bool is_full(struct ims_text_live *live, const struct ims_rule *rule)
{
	gpointer key = (gpointer)rule;
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(live->n_told, key));

	if (n < live->max_full)
		g_hash_table_insert(live->n_told, key, GUINT_TO_POINTER(n + 1));
	return n < live->max_full;
}

/* To the second: frames have the rest. */
static void set_time(struct ims_page *page, int64_t time_ns)
{
	char stamp[IMS_STAMP_TEXT];

	ims_stamp(stamp, time_ns);
	g_snprintf(page->when, sizeof(page->when), "%.*sZ",
		   (int)strcspn(stamp, "."), stamp);
}

static void send(struct ims_text_live *live)
{
	GString *out = live->page->out;

	ims_writer_put(live->writer, out->str, out->len);
	g_string_truncate(out, 0);
	live->page->when[0] = '\0';
}

void ims_text_live_failure(void *user, const struct ims_text_failure *failure)
{
	struct ims_text_live *live = user;

	set_time(live->page, failure->registration->end_ns);
	ims_text_put_failure(live->page, failure,
			     is_full(live, failure->registration->cause));
	send(live);
}

void ims_text_live_finding(struct ims_text_live *live,
			   const struct ims_finding *finding)
{
	struct ims_text_finding *kept = ims_text_finding_new(finding);

	set_time(live->page, finding->time_ns);
	ims_text_put_finding(live->page, kept, is_full(live, finding->rule));
	ims_text_finding_free(kept);
	send(live);
}

void ims_text_live_free(struct ims_text_live *live)
{
	if (!live)
		return;
	g_hash_table_destroy(live->n_told);
	g_free(live);
}
