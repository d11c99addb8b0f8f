// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>

#include "anonymity.h"
#include "anonymize.h"
#include "complain.h"
#include "feeder.h"
#include "follow.h"
#include "merge.h"
#include "network.h"
#include "octets.h"
#include "stop.h"

/* Packets between two looks at the clock and at the output. */
#define LOOK_EVERY 256
/* The engine is told of time in steps of this; of a live capture, below. */
#define TELL_TIME_NS INT64_C(100000000)
#define TELL_LIVE_NS INT64_C(40000000)
/* Ctrl-C ends what feeds a pipe too: its last packets are waited for. */
#define LAST_WORDS_US G_USEC_PER_SEC

struct ims_analysis {
	struct ims_analysis_input input;
	const struct ims_cli_options *options;
	struct ims_report_options report_options;
	const struct ims_report_format *format;
	struct ims_progress *progress;
	unsigned n_threads;
	struct ims_live live;
	struct ims_capture **captures; /* the merge's own, n_files */
	struct ims_merge *merge;
	struct ims_pseudonyms *pseudonyms; /* NULL: packets as they are */
	struct ims_anonymize *anonymize;
	const struct ims_packet *first; /* read, and not handed on */
	char **names; /* of the files, as reports show them; or NULL */
	struct ims_network *network;
	struct ims_engine *engine;
	struct ims_feeder *feeder;
	struct ims_report *report;
	struct ims_follow follow;
	bool is_announced;
	int64_t asked_us; /* to stop, monotonic; 0: not yet */
	uint64_t n_packets;
	uint64_t told_packets; /* to the progress */
	uint64_t told_bytes;
	int64_t latest_ns; /* of the packets read */
	int64_t due_ns;	   /* when the engine is told of time again */
	atomic_bool stopped;
	uint64_t n_lost; /* events, for want of memory */
};

static bool wants_steps(void *user, const struct ims_registration *r)
{
	struct ims_analysis *a = user;
	struct ims_annotate *annotate = a->input.annotate;

	return a->format->wants_steps(a->report, r) ||
	       (annotate && ims_annotate_wants_steps(annotate, r));
}

static void on_registration(void *user, const struct ims_registration *r)
{
	struct ims_analysis *a = user;

	a->format->registration(a->report, r);
	if (a->input.annotate)
		ims_annotate_registration(a->input.annotate, r);
}

static void on_exchange(void *user, const struct ims_exchange *e)
{
	struct ims_analysis *a = user;

	if (a->format->exchange)
		a->format->exchange(a->report, e);
	if (a->input.annotate)
		ims_annotate_exchange(a->input.annotate, e);
}

static void on_finding(void *user, const struct ims_finding *f)
{
	struct ims_analysis *a = user;

	a->format->finding(a->report, f);
	if (a->input.annotate)
		ims_annotate_finding(a->input.annotate, f);
}

static void on_node(void *user, const struct ims_node *n)
{
	struct ims_analysis *a = user;

	if (a->format->node)
		a->format->node(a->report, n);
}

static void on_copy(void *user, struct ims_frame copy, struct ims_frame first)
{
	struct ims_analysis *a = user;

	ims_annotate_copy(a->input.annotate, copy, first);
}

static void on_call(void *user, const struct ims_call_message *message)
{
	struct ims_analysis *a = user;

	ims_annotate_call(a->input.annotate, message);
}

static void on_part(void *user, struct ims_frame whole, struct ims_frame part)
{
	struct ims_analysis *a = user;

	ims_annotate_part(a->input.annotate, whole, part);
}

static void on_event(void *user, const struct ims_event *event)
{
	struct ims_analysis *a = user;

	if (a->input.annotate)
		ims_annotate_event(a->input.annotate, event);
	if (!ims_feeder_event(a->feeder, event))
		a->n_lost++;
}

static bool on_wait(void *user);

static void open_captures(struct ims_analysis *a)
{
	size_t n = a->input.n_files;

	a->captures = g_new0(struct ims_capture *, n);
	for (size_t i = 0; i < n; i++)
		a->captures[i] =
			a->input.coming == IMS_COMING_HEARD
				? ims_capture_listen(&a->live, (uint32_t)i)
				: ims_capture_open(a->input.files[i],
						   (uint32_t)i);
	if (a->input.coming != IMS_COMING_READ)
		ims_capture_on_wait(a->captures[0], on_wait, a);
	a->merge = ims_merge_new(a->captures, a->input.offsets_ns, n);
}

static void open_engine(struct ims_analysis *a, bool is_threaded)
{
	const struct ims_cli_options *options = a->options;
	const struct ims_options engine_options = {
		.answer_timeout_ns = options->answer_timeout_ns,
		.slow_answer_ns = options->slow_answer_ns,
		.hints = (const struct ims_role_hint *)(const void *)
				 options->hints->data,
		.n_hints = options->hints->len,
		.changes = options->format->lists_changes || options->ladder,
		.request_steps =
			options->format->lists_requests || options->ladder,
		/* Who lists them of steps does not show them of evidence. */
		.changes_from = options->format->lists_changes
					? IMS_N_SEVERITIES
					: options->severity,
		.signatures = options->signatures.signatures,
	};
	const struct ims_sink sink = {
		.user = a,
		.wants_steps = wants_steps,
		.registration = on_registration,
		.exchange = on_exchange,
		.finding = on_finding,
		.node = on_node,
		.copy = a->input.annotate ? on_copy : NULL,
		.call = a->input.annotate ? on_call : NULL,
	};

	a->engine = ims_engine_new(&engine_options, &sink);
	a->feeder = ims_feeder_new(a->engine, is_threaded);
	a->network = ims_network_new(on_event, a);
	if (a->input.annotate)
		ims_network_tell_parts(a->network, on_part);
}

/* The first packet's time is the start that --from and --to count from. */
static void open_report(struct ims_analysis *a, int64_t first_ns)
{
	struct ims_report_options *o = &a->report_options;

	o->from_ns = ims_moment_time(&a->options->from, first_ns);
	o->to_ns = ims_moment_time(&a->options->to, first_ns);
	if (a->input.coming != IMS_COMING_READ)
		ims_follow_begin(&a->follow,
				 a->input.coming != IMS_COMING_PIPED, first_ns);
	o->live = a->follow.is_live;
	/* Who looks on has the findings for progress. */
	a->progress->is_wanted &= !o->live || a->options->progress;
	a->report = a->format->new (o);
	if (a->input.annotate) {
		/* What is in the files may not be read again with pseudonyms:
		   it is not what was looked at. */
		const struct ims_annotate_input input = {
			.files = o->files,
			.offsets_ns = a->input.offsets_ns,
			.n_files = a->input.n_files,
			.is_live = a->input.coming != IMS_COMING_READ ||
				   a->anonymize,
		};

		ims_annotate_begin(a->input.annotate, &input, o);
	}
}

static void step_forward(struct ims_analysis *a)
{
	uint64_t read = 0;

	for (size_t i = 0; i < a->input.n_files; i++) {
		uint64_t file_read = 0, file_size = 0;

		ims_capture_progress(a->captures[i], &file_read, &file_size);
		read += file_read;
	}
	ims_progress_step(a->progress, a->n_packets - a->told_packets,
			  read - a->told_bytes);
	a->told_packets = a->n_packets;
	a->told_bytes = read;
}

/* The engine knows only of signalling: silence is told by the rest. */
G_GNUC_NO_INLINE static void tell_time(struct ims_analysis *a, int64_t time_ns)
{
	int64_t step_ns = a->follow.is_live ? TELL_LIVE_NS : TELL_TIME_NS;

	ims_feeder_clock(a->feeder, time_ns);
	a->due_ns = ims_time_add(time_ns, step_ns);
	if (a->follow.is_live)
		ims_feeder_flush(a->feeder);
}

static void note_time(struct ims_analysis *a, int64_t time_ns)
{
	if (time_ns <= a->latest_ns)
		return;
	a->latest_ns = time_ns;
	if (time_ns > a->due_ns)
		tell_time(a, time_ns);
}

static bool take(struct ims_analysis *a, enum ims_read what,
		 const struct ims_packet *packet);

/* What --anonymize has held back long enough. Returns how far time is for who
   sees no more than that. */
static int64_t take_held(struct ims_analysis *a, int64_t now_ns)
{
	struct ims_packet packet;
	enum ims_read what;

	while (ims_anonymize_next(a->anonymize, &what, &packet, now_ns))
		take(a, what, &packet);
	return now_ns - IMS_ANONYMIZE_AHEAD_NS;
}

/* Whoever waits for what is proven gets it, and timers run out in silence. */
static void pass_time(struct ims_analysis *a)
{
	if (a->follow.is_live) {
		int64_t now_ns = ims_follow_now(&a->follow);

		if (a->anonymize)
			now_ns = take_held(a, now_ns);
		ims_network_clock(a->network, now_ns);
		note_time(a, now_ns);
	}
	ims_feeder_flush(a->feeder);
	if (a->progress->is_wanted)
		step_forward(a);
}

static bool is_stopped(struct ims_analysis *a)
{
	int64_t now_us;

	if (ferror(a->report_options.out) || atomic_load(&a->stopped))
		return true;
	if (!ims_stop_is_asked())
		return false;
	now_us = g_get_monotonic_time();
	if (!a->asked_us)
		a->asked_us = now_us;
	return a->input.coming == IMS_COMING_HEARD ||
	       now_us - a->asked_us > LAST_WORDS_US;
}

/* Once it could be opened: a person may wait long for the first finding. */
static void announce(struct ims_analysis *a)
{
	if (!a->is_announced && a->input.coming == IMS_COMING_HEARD &&
	    !a->options->quiet)
		ims_complain(a->live.interface,
			     "listening; Ctrl-C ends it with the summary");
	a->is_announced = true;
}

/* While a pipe or an interface is waited for. */
static bool on_wait(void *user)
{
	struct ims_analysis *a = user;

	announce(a);
	/* Without a report there was no packet yet. */
	if (a->report)
		pass_time(a);
	return !is_stopped(a);
}

/* Out of line, for most packets concern the network alone. */
G_GNUC_NO_INLINE static void show_packet(struct ims_analysis *a,
					 const struct ims_packet *packet)
{
	if (a->input.annotate)
		ims_annotate_packet(a->input.annotate, packet);
	if (a->follow.is_live)
		ims_follow_packet(&a->follow, packet->time_ns);
}

static void take_packet(struct ims_analysis *a, const struct ims_packet *packet)
{
	if (a->input.annotate || a->follow.is_live)
		show_packet(a, packet);
	ims_network_packet(a->network, packet);
	note_time(a, packet->time_ns);
	a->n_packets++;
}

static void take_drops(struct ims_analysis *a, const struct ims_packet *packet)
{
	if (a->input.annotate)
		ims_annotate_drops(a->input.annotate, packet);
	ims_network_drops(a->network, packet->capture, packet->number,
			  packet->time_ns, packet->wire);
}

/* Returns false when it is of no use to go on: nobody takes the output. */
static bool take(struct ims_analysis *a, enum ims_read what,
		 const struct ims_packet *packet)
{
	if (what == IMS_READ_PACKET)
		take_packet(a, packet);
	else if (what == IMS_READ_DROPS)
		take_drops(a, packet);
	if (a->n_packets % LOOK_EVERY != 0)
		return true;
	if (a->progress->is_wanted)
		step_forward(a);
	return !ferror(a->report_options.out) && !atomic_load(&a->stopped);
}

static enum ims_read read_merge(void *user, struct ims_packet *packet)
{
	struct ims_analysis *a = user;

	if (a->first) {
		*packet = *a->first;
		a->first = NULL;
		return IMS_READ_PACKET;
	}
	return ims_merge_read(a->merge, packet);
}

static enum ims_read read_next(struct ims_analysis *a,
			       struct ims_packet *packet)
{
	return a->anonymize ? ims_anonymize_read(a->anonymize, packet)
			    : read_merge(a, packet);
}

/* A file may say that it went on in silence behind its last packet. */
static int64_t end_of(const struct ims_analysis *a)
{
	int64_t end_ns = a->latest_ns;

	for (size_t i = 0; i < a->input.n_files; i++) {
		const struct ims_capture_info *info =
			ims_capture_info(a->captures[i]);
		int64_t until_ns;

		if (info->packets &&
		    !__builtin_add_overflow(info->until_ns,
					    a->input.offsets_ns[i], &until_ns))
			end_ns = MAX(end_ns, until_ns);
	}
	return end_ns;
}

static void read_all(struct ims_analysis *a, enum ims_read what,
		     struct ims_packet *packet)
{
	while (what != IMS_READ_END && take(a, what, packet))
		what = read_next(a, packet);
	ims_network_finish(a->network);
	if (a->n_packets)
		ims_feeder_clock(a->feeder, end_of(a));
	ims_feeder_finish(a->feeder);
}

static void report_bare(const struct ims_analysis *a,
			struct ims_capture_report *report)
{
	struct ims_anonymized count;

	report->is_anonymized = a->anonymize != NULL;
	if (!a->anonymize)
		return;
	count = ims_anonymize_count(a->anonymize, report->capture);
	report->bare_esp = count.esp;
	report->bare_tls = count.tls;
	report->bare_other = count.other;
}

/* What was listened to went on in silence until it was ended. */
static void annotate_capture(const struct ims_analysis *a, uint32_t i,
			     struct ims_capture_info info)
{
	if (a->follow.is_live && info.packets)
		info.until_ns = MAX(info.until_ns, a->latest_ns);
	ims_annotate_capture(a->input.annotate, i, &info);
}

/* Those that were met; returns how many. */
static size_t list_bounds(struct ims_bound_count by[IMS_NETWORK_N_BOUNDS],
			  const struct ims_network_count *count)
{
	size_t n = 0;

	for (int i = 0; i < IMS_NETWORK_N_BOUNDS; i++)
		if (count->let_go_at[i])
			by[n++] = (struct ims_bound_count){
				ims_network_bound_text(
					(enum ims_network_bound)i),
				count->let_go_at[i]};
	return n;
}

static void report_capture(struct ims_analysis *a, size_t i)
{
	const struct ims_capture_info *info = ims_capture_info(a->captures[i]);
	struct ims_network_count count =
		ims_network_count(a->network, (uint32_t)i);
	struct ims_bound_count by[IMS_NETWORK_N_BOUNDS];
	size_t n_by = list_bounds(by, &count);
	int64_t offset_ns = a->input.offsets_ns[i];
	struct ims_capture_report report = {
		.capture = (uint32_t)i,
		.file = a->report_options.files[i],
		.format = info->format,
		.compression = info->compression,
		.link_types = info->link_types,
		.n_link_types = info->n_link_types,
		.packets = info->packets,
		.bytes = info->bytes,
		.first_ns = info->packets ? info->first_ns + offset_ns : -1,
		.last_ns = info->packets ? info->last_ns + offset_ns : -1,
		.truncated = info->truncated,
		.error = info->error,
		.dropped = info->dropped,
		.sip_messages = count.sip_messages,
		.diameter_messages = count.diameter_messages,
		.tls_packets = count.tls_packets,
		.esp_packets = count.esp_packets,
		.undecoded_packets = count.undecoded_packets,
		.let_go = count.let_go,
		.let_go_by = by,
		.n_let_go_by = n_by,
		.clock_offset_ns = offset_ns,
	};

	report_bare(a, &report);
	if (a->format->capture)
		a->format->capture(a->report, &report);
	if (a->input.annotate)
		annotate_capture(a, (uint32_t)i, *info);
}

/* Complains of what could not be read. Returns whether all was. */
static bool check_whole(const struct ims_analysis *a)
{
	bool is_whole = a->n_lost == 0;

	for (size_t i = 0; i < a->input.n_files; i++) {
		const struct ims_capture_info *info =
			ims_capture_info(a->captures[i]);

		if (!info->truncated && !info->error)
			continue;
		is_whole = false;
		ims_complain(info->file, "%s",
			     info->error ? info->error
					 : "could not be read to its end");
	}
	if (a->n_lost)
		ims_complain(NULL,
			     "out of memory: %" PRIu64
			     " messages were not looked at",
			     a->n_lost);
	return is_whole;
}

struct ims_analysis_result ims_analysis_finish(struct ims_analysis *a)
{
	const struct ims_summary *summary = ims_engine_summary(a->engine);
	struct ims_analysis_result result = {.has_errors = summary->has_errors};

	ims_progress_clear(a->progress);
	result.is_whole = check_whole(a);
	for (size_t i = 0; i < a->input.n_files; i++)
		report_capture(a, i);
	if (!a->format->finish(a->report, summary))
		result.write_error = errno ? errno : EIO;
	a->format->free(a->report);
	ims_feeder_free(a->feeder);
	ims_engine_free(a->engine);
	ims_network_free(a->network);
	ims_anonymize_free(a->anonymize);
	ims_pseudonyms_free(a->pseudonyms);
	g_strfreev(a->names);
	ims_merge_free(a->merge);
	g_free(a->captures);
	g_free(a);
	return result;
}

/* Nothing that comes out of it is as it was. */
static void open_pseudonyms(struct ims_analysis *a, GBytes *key)
{
	struct ims_report_options *o = &a->report_options;
	gsize n;

	a->pseudonyms = ims_pseudonyms_new(g_bytes_get_data(key, &n),
					   g_bytes_get_size(key));
	a->anonymize = ims_anonymize_new(a->pseudonyms, read_merge, a);
	a->names = g_new0(char *, a->input.n_files + 1);
	for (size_t i = 0; i < a->input.n_files; i++)
		a->names[i] =
			ims_anonymity_file(a->pseudonyms, a->input.files[i]);
	o->files = (const char *const *)a->names;
	if (o->heading)
		o->heading = a->names[0];
}

struct ims_analysis *ims_analysis_new(const struct ims_analysis_input *input,
				      const struct ims_cli_options *options,
				      const struct ims_report_options *report,
				      struct ims_progress *progress,
				      unsigned n_threads)
{
	struct ims_analysis *a = g_new0(struct ims_analysis, 1);

	a->input = *input;
	a->options = options;
	a->report_options = *report;
	a->report_options.files = a->input.files;
	a->report_options.n_files = a->input.n_files;
	a->format = options->format;
	a->live = (struct ims_live){input->files[0], input->filter};
	a->progress = progress;
	a->n_threads = n_threads;
	a->latest_ns = a->due_ns = INT64_MIN;
	if (options->key)
		open_pseudonyms(a, options->key);
	return a;
}

void ims_analysis_stop(struct ims_analysis *a)
{
	atomic_store(&a->stopped, true);
}

void ims_analysis_read(struct ims_analysis *a)
{
	struct ims_packet packet = {0}, first;
	enum ims_read what;

	open_captures(a);
	open_engine(a, a->n_threads > 1);
	do
		what = read_merge(a, &packet);
	while (what == IMS_READ_ERROR);
	open_report(a, what == IMS_READ_END ? 0 : packet.time_ns);
	/* It is held back; but what is live is followed from now on. */
	if (a->anonymize && what == IMS_READ_PACKET) {
		first = packet;
		a->first = &first;
		what = read_next(a, &packet);
	}
	read_all(a, what, &packet);
}
