// SPDX-License-Identifier: GPL-2.0-or-later
/* What is chosen of that which is shown. */
#include "annotate_internal.h"

#include <glib.h>

#include "affair.h"
#include "escape.h"
#include "filter.h"
#include "note_text.h"

struct ims_annotate *ims_annotate_new(const char *folder)
{
	struct ims_annotate *a = g_new0(struct ims_annotate, 1);

	a->folder = g_strdup(folder);
	a->choice = ims_choice_new(folder);
	a->notes = ims_notes_new(folder);
	return a;
}

void ims_annotate_free(struct ims_annotate *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->input.n_files; i++) {
		g_free(a->captures[i].name);
		ims_kept_free(a->captures[i].kept);
	}
	g_free(a->captures);
	g_free(a->names);
	g_strfreev(a->files);
	g_free(a->offsets_ns);
	ims_choice_free(a->choice);
	ims_notes_free(a->notes);
	g_free(a->why);
	g_free(a->folder);
	g_free(a);
}

void ims_annotate_rewrite(struct ims_annotate *a, ims_annotate_fn *rewrite,
			  void *user)
{
	a->rewrite = rewrite;
	a->user = user;
}

static char *name_of(const char *file)
{
	char *base = g_path_get_basename(file);
	GString *name = g_string_new(NULL);

	ims_escape_append(name, strcmp(file, "-") == 0
					? ims_slice_of("standard input")
					: ims_slice_of(base));
	g_free(base);
	return g_string_free(name, FALSE);
}

static char **copy_files(const struct ims_annotate_input *input)
{
	char **files = g_new0(char *, input->n_files + 1);

	for (size_t i = 0; i < input->n_files; i++)
		files[i] = g_strdup(input->files[i]);
	return files;
}

void ims_annotate_begin(struct ims_annotate *a,
			const struct ims_annotate_input *input,
			const struct ims_report_options *shown)
{
	a->files = copy_files(input);
	a->offsets_ns = g_memdup2(input->offsets_ns,
				  input->n_files * sizeof(*a->offsets_ns));
	a->input = *input;
	a->input.files = (const char *const *)a->files;
	a->input.offsets_ns = a->offsets_ns;
	a->shown = *shown;
	a->is_filtered = shown->only_failed || shown->subscriber ||
			 shown->from_ns != INT64_MIN ||
			 shown->to_ns != INT64_MAX;
	a->captures = g_new0(struct ims_annotated, input->n_files);
	a->names = g_new0(char *, input->n_files);
	for (size_t i = 0; i < input->n_files; i++) {
		a->captures[i] = (struct ims_annotated){
			.name = name_of(input->files[i]),
			.kept = ims_kept_new(input->files[i], input->is_live,
					     a->folder),
			.first_ns = -1,
			.until_ns = -1,
		};
		a->names[i] = a->captures[i].name;
	}
}

void ims_annotate_packet(struct ims_annotate *a,
			 const struct ims_packet *packet)
{
	struct ims_annotated *capture = &a->captures[packet->capture];

	if (capture->kept)
		ims_kept_packet(capture->kept, packet, capture->dropped);
	capture->dropped = 0;
}

void ims_annotate_drops(struct ims_annotate *a, const struct ims_packet *packet)
{
	a->captures[packet->capture].dropped += packet->wire;
}

void ims_annotate_part(struct ims_annotate *a, struct ims_frame whole,
		       struct ims_frame part)
{
	ims_choice_part(a->choice, whole, part);
}

void ims_annotate_event(struct ims_annotate *a, const struct ims_event *event)
{
	struct ims_affair affair = ims_affair_of(event);

	if (affair.is_of_connection)
		ims_choice_connection(a->choice, event->frame, &event->source,
				      &event->destination);
	else if (affair.is_gap)
		ims_choice_gap(a->choice, event->frame, &event->source,
			       &event->destination);
	else if (affair.is_of_exchange)
		ims_choice_message(a->choice, event->frame, affair.exchange);
}

bool ims_annotate_wants_steps(const struct ims_annotate *a,
			      const struct ims_registration *registration)
{
	return a->is_filtered ||
	       ims_filter_registration(&a->shown, registration);
}

static void take_steps(struct ims_annotate *a, const struct ims_step *steps,
		       size_t n)
{
	for (size_t i = 0; i < n; i++) {
		ims_choice_frame(a->choice, steps[i].frame);
		ims_choice_pair(a->choice, &steps[i].from.endpoint,
				&steps[i].to.endpoint);
	}
}

static void hide(struct ims_annotate *a, const struct ims_registration *r)
{
	const char *pattern = a->shown.subscriber;
	enum ims_hidden whose =
		!pattern || ims_filter_subscriber(pattern, r->impi, r->impu)
			? IMS_HIDDEN_OURS
			: IMS_HIDDEN_OTHERS;

	for (size_t i = 0; i < r->n_steps; i++)
		ims_choice_hidden(a->choice, r->id, whose, r->steps[i].frame);
}

void ims_annotate_registration(struct ims_annotate *a,
			       const struct ims_registration *registration)
{
	if (!ims_filter_registration(&a->shown, registration)) {
		hide(a, registration);
		return;
	}
	ims_choice_shown(a->choice, registration->id);
	ims_choice_subscribed(a->choice, ims_slice_hash(registration->impu));
	take_steps(a, registration->steps, registration->n_steps);
}

/* Those of a registration are among its steps. */
void ims_annotate_exchange(struct ims_annotate *a,
			   const struct ims_exchange *exchange)
{
	if (exchange->registration || a->shown.only_failed ||
	    !ims_filter_exchange(&a->shown, exchange))
		return;
	ims_choice_exchange(a->choice, exchange->request);
	ims_choice_exchange(a->choice, exchange->answer);
	ims_choice_pair(a->choice, &exchange->asker, &exchange->answerer);
}

void ims_annotate_finding(struct ims_annotate *a,
			  const struct ims_finding *finding)
{
	if (!ims_filter_finding(&a->shown, finding))
		return;
	if (!finding->registration && ims_slice_is_set(finding->call_id))
		ims_choice_call(a->choice, ims_slice_hash(finding->call_id));
	for (size_t i = 0; i < finding->n_evidence; i++) {
		struct ims_frame frame = finding->evidence[i].frame;
		char *text;

		if (frame.number == 0)
			continue;
		text = ims_note_text(finding, i, (const char *const *)a->names);
		ims_choice_evidence(a->choice, finding->registration, frame);
		ims_notes_add(a->notes, frame, finding->registration, text);
		g_free(text);
	}
}

/* RFC 3680 5.1: the event "reg", perhaps with parameters. */
static bool is_reg(struct ims_slice event)
{
	return ims_slice_starts_nocase(event, "reg") &&
	       (event.len == 3 || strchr(" \t;", event.at[3]));
}

/* The UE, its P-CSCF and others subscribe to the state of a registration. */
void ims_annotate_call(struct ims_annotate *a, const struct ims_call_message *m)
{
	uint64_t call = ims_slice_hash(m->call_id);
	bool is_subscription = is_reg(m->event) && !a->shown.only_failed &&
			       m->time_ns >= a->shown.from_ns &&
			       m->time_ns <= a->shown.to_ns;
	const struct ims_subscription subscription = {
		.call = call,
		.about = {ims_slice_hash(m->from), ims_slice_hash(m->to)},
	};

	ims_choice_of_call(a->choice, m->frame, call);
	if (is_subscription)
		ims_choice_subscription(a->choice, &subscription);
}

void ims_annotate_copy(struct ims_annotate *a, struct ims_frame copy,
		       struct ims_frame first)
{
	ims_choice_copy(a->choice, copy, first);
}

void ims_annotate_capture(struct ims_annotate *a, uint32_t index,
			  const struct ims_capture_info *info)
{
	struct ims_annotated *capture = &a->captures[index];

	capture->packets = info->packets;
	capture->dropped_in_all = info->dropped;
	capture->first_ns = info->first_ns;
	capture->until_ns = info->until_ns;
}
