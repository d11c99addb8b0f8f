// SPDX-License-Identifier: GPL-2.0-or-later
#include "story.h"

#include <glib.h>

#include "network.h"
#include "spool.h"

/* The engine is told of time in steps of this, as the command line does. */
#define TELL_TIME_NS INT64_C(100000000)
/* While the capture goes on, at most one part in so many of the time. */
#define SHARE 20

struct ims_story {
	struct ims_options options;
	struct ims_network *network;
	struct ims_spool *spool;
	struct ims_kept *kept; /* NULL: nobody asked yet */
	bool is_told;	       /* `kept` holds everything there is */
	bool has_ended;
	uint64_t number;   /* of the last packet */
	uint64_t place;	   /* in the spool, before that packet */
	int n_messages;	   /* of the packet being read */
	int n_others;	   /* events of it that are not its inside */
	int64_t latest_ns; /* of the packets */
	int64_t told_ns;
	gint64 told_at_us; /* when the engine last ran, and for how long */
	gint64 told_took_us;
};

static void on_event(void *user, const struct ims_event *event)
{
	struct ims_story *story = user;

	if (event->kind == IMS_EVENT_SIP || event->kind == IMS_EVENT_DIAMETER)
		story->n_messages++;
	else if (event->kind != IMS_EVENT_ESP && event->kind != IMS_EVENT_TLS)
		story->n_others++;
	story->is_told = false;
	ims_spool_event(story->spool, event);
}

struct ims_story *ims_story_new(const struct ims_options *options)
{
	struct ims_story *story = g_new0(struct ims_story, 1);

	story->options = *options;
	story->options.changes = true;
	story->network = ims_network_new(on_event, story);
	story->spool = ims_spool_new(IMS_SPOOL_MEMORY);
	return story;
}

void ims_story_free(struct ims_story *story)
{
	if (!story)
		return;
	ims_network_free(story->network);
	ims_spool_free(story->spool);
	ims_kept_free(story->kept);
	g_free(story);
}

/* The engine knows only of signalling: silence is told by the rest. */
static void tell_time(struct ims_story *story, int64_t time_ns)
{
	if (story->number > 1 && time_ns <= story->latest_ns)
		return;
	story->latest_ns = time_ns;
	if (story->number == 1 || time_ns - story->told_ns > TELL_TIME_NS) {
		ims_spool_clock(story->spool, time_ns);
		story->told_ns = time_ns;
	}
}

int ims_story_packet(struct ims_story *story, const struct ims_packet *packet)
{
	bool decoded;

	if (packet->number == story->number)
		ims_spool_rewind(story->spool, story->place);
	story->has_ended = false;
	story->number = packet->number;
	story->place = ims_spool_place(story->spool);
	story->n_messages = 0;
	story->n_others = 0;
	decoded = ims_network_packet(story->network, packet);
	tell_time(story, packet->time_ns);
	return decoded ? story->n_messages : -1;
}

void ims_story_message(struct ims_story *story, const struct ims_event *event)
{
	/* It was read after all: no unread ESP, no TLS. What its coming told
	   of other packets stands. */
	if (story->n_messages == 0 && story->n_others == 0)
		ims_spool_rewind(story->spool, story->place);
	on_event(story, event);
}

void ims_story_end(struct ims_story *story)
{
	if (story->has_ended)
		return;
	story->has_ended = true;
	story->is_told = false;
	ims_network_finish(story->network);
	if (story->number)
		ims_spool_clock(story->spool, story->latest_ns);
}

static void feed(void *user, const struct ims_event *event)
{
	/* What there is no memory for is counted by the engine. */
	(void)!ims_engine_feed(user, event);
}

static void clock_on(void *user, int64_t time_ns)
{
	ims_engine_clock(user, time_ns);
}

static void run(struct ims_story *story)
{
	struct ims_kept *kept = ims_kept_new();
	struct ims_sink sink = ims_kept_sink(kept);
	struct ims_engine *engine = ims_engine_new(&story->options, &sink);
	const struct ims_spool_reader reader = {
		.user = engine,
		.event = feed,
		.clock = clock_on,
	};

	ims_spool_read(story->spool, &reader);
	ims_engine_finish(engine);
	ims_kept_finish(kept, ims_engine_summary(engine));
	ims_engine_free(engine);
	ims_kept_free(story->kept);
	story->kept = kept;
}

static bool is_time(const struct ims_story *story, gint64 now_us)
{
	return !story->kept || story->has_ended ||
	       now_us - story->told_at_us > story->told_took_us * SHARE;
}

const struct ims_kept *ims_story_tell(struct ims_story *story)
{
	gint64 now_us = g_get_monotonic_time();

	if (!story->is_told && is_time(story, now_us)) {
		run(story);
		story->is_told = true;
		story->told_at_us = g_get_monotonic_time();
		story->told_took_us = story->told_at_us - now_us;
	}
	return story->kept;
}
