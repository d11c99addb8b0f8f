/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages that only Wireshark can open: inside TLS or ESP whose keys it was
 * given, in link types that our own layers do not read, in exported PDUs.
 */
#ifndef IMS_DECODED_H
#define IMS_DECODED_H

#include <ims/message.h>

struct _packet_info;

void ims_decoded_hand_off(void);

/*
 * Tells `take` of each message in the frame that Wireshark dissected as SIP or
 * Diameter although its packet could not be read as it is (`n_messages` is
 * what ims_story_packet returned). Bytes are borrowed for the call.
 */
void ims_decoded_messages(const struct _packet_info *pinfo, int n_messages,
			  void (*take)(void *user,
				       const struct ims_event *event),
			  void *user);

#endif
