// SPDX-License-Identifier: GPL-2.0-or-later
/* What an annotated capture says of itself. */
#include <glib.h>
#include <inttypes.h>

#include "annotate_internal.h"
#include "escape.h"
#include "octets.h"
#include "stamp.h"

static void put_time(GString *out, const char *before, int64_t time_ns)
{
	char stamp[IMS_STAMP_TEXT];

	g_string_append_printf(out, "%s%s", before, ims_stamp(stamp, time_ns));
}

/* "of the failed registrations of *99*, from ... to ...". */
static void put_shown(GString *out, const struct ims_report_options *shown)
{
	g_string_append(out, shown->only_failed ? "of the registrations that "
						  "did not succeed"
						: "of the registrations");
	if (shown->subscriber) {
		g_string_append(out, " of ");
		ims_escape_append(out, ims_slice_of(shown->subscriber));
	}
	if (shown->from_ns != INT64_MIN)
		put_time(out, " from ", shown->from_ns);
	if (shown->to_ns != INT64_MAX)
		put_time(out, " to ", shown->to_ns);
}

static void put_capture(GString *out, const struct ims_annotated *capture,
			int64_t offset_ns)
{
	g_string_append_printf(out, "\n%s: %" PRIu64 " packet%s", capture->name,
			       capture->packets,
			       capture->packets == 1 ? "" : "s");
	if (!capture->packets)
		return;
	put_time(out, ", from ", ims_time_add(capture->first_ns, offset_ns));
	put_time(out, " to ", ims_time_add(capture->until_ns, offset_ns));
}

/* Captures that are named; of more than that it says how many. */
#define MOST_NAMED 64

char *ims_annotate_about(const struct ims_annotate *a)
{
	GString *out = g_string_new("Written by imsleuth " IMSLEUTH_VERSION
				    ": the signalling packets ");
	size_t n = MIN(a->input.n_files, MOST_NAMED);
	uint64_t n_left_out = ims_notes_left_out(a->notes);

	put_shown(out, &a->shown);
	g_string_append_printf(
		out,
		"%s. Findings%s%s%s are comments on the packets that prove "
		"them. Frame numbers in comments are those of the files named "
		"there, not of this one.",
		a->rewrite ? ", rewritten" : ", as they were captured",
		a->shown.severity == IMS_SEVERITY_NOTE ? "" : " of severity ",
		a->shown.severity == IMS_SEVERITY_NOTE
			? ""
			: ims_severity_name(a->shown.severity),
		a->shown.severity == IMS_SEVERITY_WARNING ? " or error" : "");
	if (n_left_out)
		g_string_append_printf(out,
				       " %" PRIu64
				       " comments were left out: there is room "
				       "for %u.",
				       n_left_out, IMS_ANNOTATE_MAX_COMMENTS);
	for (size_t i = 0; i < n; i++)
		put_capture(out, &a->captures[i], a->input.offsets_ns[i]);
	if (n < a->input.n_files)
		g_string_append_printf(out,
				       "\nand %" G_GSIZE_FORMAT " more files",
				       a->input.n_files - n);
	return g_string_free(out, FALSE);
}

char *ims_annotate_origin(const struct ims_annotate *a, uint32_t capture)
{
	int64_t offset_ns = a->input.offsets_ns[capture];

	if (!offset_ns)
		return g_strdup(a->captures[capture].name);
	return g_strdup_printf("%s, its clock corrected by %+.9f s",
			       a->captures[capture].name,
			       (double)offset_ns / 1e9);
}
