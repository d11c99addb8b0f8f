/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine says of one capture, by frame. Packets are taken as they
 * are read for the first time and only turned into events; the engine runs
 * over the events when somebody asks. So a capture costs little as long as
 * nobody asks, and what is known at its end is known of its first frame too.
 * Nothing of Wireshark is in here.
 */
#ifndef IMS_STORY_H
#define IMS_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/engine.h>

#include "kept.h"
#include "packet.h"

struct ims_story;

/* Options are copied. Never NULL. */
struct ims_story *ims_story_new(const struct ims_options *options)
	IMS_NONNULL_ALL IMS_MUST_USE;
void ims_story_free(struct ims_story *story); /* NULL: nothing */

/*
 * The next packet of the capture. Returns how many messages it completed, or
 * -1: its link type or network layer is none that can be read. A number that
 * comes again takes back the packet that had it: a filter threw that out.
 */
int ims_story_packet(struct ims_story *story,
		     const struct ims_packet *packet) IMS_NONNULL_ALL;

/* A message that was not in the packet as it is: it had to be decrypted. */
void ims_story_message(struct ims_story *story,
		       const struct ims_event *event) IMS_NONNULL_ALL;

/* The capture has ended: what is left in reassembly comes out. */
void ims_story_end(struct ims_story *story) IMS_NONNULL_ALL;

/*
 * What is known of the capture so far: the engine runs if there is anything
 * that it has not seen. While the capture goes on it does not for every new
 * packet: then it may be a moment behind. Borrowed until the next packet.
 */
const struct ims_kept *ims_story_tell(struct ims_story *story) IMS_NONNULL_ALL;

#endif
