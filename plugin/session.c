// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "frames.h"
#include "host.h"
#include "session.h"
#include "settings.h"
#include "story.h"

static struct ims_story *story;

static void open_file(void)
{
	struct ims_options options = ims_settings_options();

	ims_story_free(story);
	story = ims_story_new(&options);
}

static void close_file(void)
{
	ims_story_free(story);
	story = NULL;
}

static void first_pass_ended(void)
{
	if (story)
		ims_story_end(story);
}

void ims_session_register(void)
{
	register_init_routine(open_file);
	register_cleanup_routine(close_file);
	register_postseq_cleanup_routine(first_pass_ended);
}

void ims_session_take(packet_info *pinfo, tvbuff_t *tvb)
{
	struct ims_packet packet;

	if (story && ims_frame_packet(&packet, pinfo, tvb))
		ims_story_packet(story, &packet);
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
	first_pass_ended();
	return story ? ims_story_tell(story) : NULL;
}
