// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "decoded.h"
#include "frames.h"
#include "host.h"
#include "products.h"
#include "session.h"
#include "settings.h"
#include "story.h"

static struct ims_story *story;

static void open_file(void)
{
	struct ims_options options = ims_settings_options();

	/* What is kept of findings points to what products do. */
	ims_story_free(story);
	options.signatures = ims_products_read(ims_settings_signatures());
	story = ims_story_new(&options);
}

static void close_file(void)
{
	ims_story_free(story);
	story = NULL;
	ims_products_forget();
}

static void end_story(void)
{
	if (story)
		ims_story_end(story);
}

static void first_pass_ended(void)
{
	end_story();
	ims_host_filter_again();
}

void ims_session_hand_off(void)
{
	ims_decoded_hand_off();
}

void ims_session_register(void)
{
	register_init_routine(open_file);
	register_cleanup_routine(close_file);
	register_postseq_cleanup_routine(first_pass_ended);
}

static void take_message(void *user, const struct ims_event *event)
{
	ims_story_message(user, event);
}

void ims_session_take(packet_info *pinfo, tvbuff_t *tvb)
{
	struct ims_packet packet;
	int n_messages;

	if (!story || !ims_frame_packet(&packet, pinfo, tvb))
		return;
	n_messages = ims_story_packet(story, &packet);
	ims_decoded_messages(pinfo, n_messages, take_message, story);
}

const struct ims_kept *ims_session_kept(void)
{
	if (!story)
		return NULL;
	/*
	 * Frames are looked at again: outside a window, which may be
	 * capturing, the first pass has ended then. Not every program says so,
	 * and after a change of preferences none does.
	 */
	if (!ims_host_is_window() || ims_host_has_read_all())
		ims_story_end(story);
	return ims_story_tell(story);
}

const struct ims_kept *ims_session_kept_whole(void)
{
	end_story();
	return story ? ims_story_tell(story) : NULL;
}
