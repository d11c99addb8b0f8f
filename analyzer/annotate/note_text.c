// SPDX-License-Identifier: GPL-2.0-or-later
#include "note_text.h"

#include <inttypes.h>

#include "escape.h"

/* A line of it, if there is something to be said. */
static void put_line(GString *out, const char *before, struct ims_slice text)
{
	if (ims_slice_is_empty(text))
		return;
	g_string_append_printf(out, "\n%s", before);
	ims_escape_append(out, text);
}

static void put_title(GString *out, const struct ims_finding *finding)
{
	struct ims_slice title = ims_slice_is_empty(finding->headline)
					 ? ims_slice_of(finding->rule->title)
					 : finding->headline;

	g_string_append_printf(
		out, "imsleuth: %s%s %s: ",
		finding->confidence == IMS_CONFIDENCE_LIKELY ? "likely " : "",
		ims_severity_name(finding->severity), finding->rule->slug);
	ims_escape_append(out, title);
}

static void put_known(GString *out, const struct ims_signature *signature)
{
	char *text = signature ? ims_signature_text(signature) : NULL;

	put_line(out, "Known: ", ims_slice_of(text));
	g_free(text);
}

static void put_specs(GString *out, const struct ims_rule *rule)
{
	const char *before = "\nSee: ";

	for (const char *const *s = rule->specs; s && *s; s++) {
		g_string_append_printf(out, "%s%s", before, *s);
		before = "; ";
	}
}

/* "frames 3, 10 of a.pcap, 7 of b.pcap": the name behind its last. */
static void put_frames(GString *out, const struct ims_finding *finding,
		       const char *const *names)
{
	size_t n = MIN(finding->n_evidence, IMS_NOTE_MAX_FRAMES);

	g_string_append(out, n == 1 ? " Proved by frame" : " Proved by frames");
	for (size_t i = 0; i < n; i++) {
		const struct ims_frame *frame = &finding->evidence[i].frame;

		g_string_append_printf(out, "%s %" PRIu64, i ? "," : "",
				       frame->number);
		if (i + 1 == n ||
		    finding->evidence[i + 1].frame.capture != frame->capture)
			g_string_append_printf(out, " of %s",
					       names[frame->capture]);
	}
	if (n < finding->n_evidence)
		g_string_append_printf(out, " and %" G_GSIZE_FORMAT " more",
				       finding->n_evidence - n);
	g_string_append_c(out, '.');
}

/* "Registration 7 of sip:alice@ims.example, its cause." */
static void put_registration(GString *out, const struct ims_finding *finding)
{
	struct ims_slice who = ims_slice_is_empty(finding->impu)
				       ? finding->impi
				       : finding->impu;

	if (finding->registration)
		g_string_append_printf(out, "\nRegistration %" PRIu64,
				       finding->registration);
	else
		g_string_append(out, "\nNo registration");
	if (!ims_slice_is_empty(who)) {
		g_string_append(out, " of ");
		ims_escape_append(out, who);
	}
	if (finding->is_cause)
		g_string_append(out, ": this is why it failed");
	g_string_append_c(out, '.');
}

char *ims_note_text(const struct ims_finding *finding, size_t which,
		    const char *const *names)
{
	GString *out = g_string_new(NULL);

	put_title(out, finding);
	put_line(out, "", finding->summary);
	put_line(out, "Here: ", finding->evidence[which].saying);
	put_known(out, finding->signature);
	put_line(out, "Do: ", finding->advice);
	put_specs(out, finding->rule);
	put_registration(out, finding);
	put_frames(out, finding, names);
	return g_string_free(out, FALSE);
}
