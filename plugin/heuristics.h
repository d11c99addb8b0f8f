/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Diameter where Wireshark does not look for it: on any port of TCP and SCTP.
 * It is found by its first message, and Wireshark's own dissector has it from
 * there on.
 */
#ifndef IMS_HEURISTICS_H
#define IMS_HEURISTICS_H

struct _packet_info;
struct _proto_node;
struct dissector_handle;
struct tvbuff;

/*
 * Registers them as heuristics that Analyze > Enabled Protocols lists under
 * the protocol and can switch off.
 */
void ims_heuristics_hand_off(int proto);

/*
 * From this frame on the conversation is the handle's, which gets the tvb.
 * Returns what it did.
 */
int ims_hand_over(struct dissector_handle *handle, struct tvbuff *tvb,
		  struct _packet_info *pinfo, struct _proto_node *tree,
		  void *data);

/*
 * The same for this call only: a protocol on top of another takes bytes in
 * pieces only if the one that gives them has said that it may.
 */
int ims_lend(struct dissector_handle *handle, struct tvbuff *tvb,
	     struct _packet_info *pinfo, struct _proto_node *tree, void *data);

/* Asks for one more segment before these bytes are looked at again. */
void ims_want_more(struct _packet_info *pinfo);

#endif
