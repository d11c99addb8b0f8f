/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Wireshark's epan library offers for flow graphs. Its own header,
 * epan/sequence_analysis.h, is not installed everywhere: here is what we use,
 * by the same names, so far as it is the same from 4.0 to 4.6.
 */
#ifndef IMS_SEQUENCE_H
#define IMS_SEQUENCE_H

#include "compat.h"

#define MAX_NUM_NODES 40

/* More follows, which is not ours to look at: Wireshark allocates items. */
typedef struct _seq_analysis_item {
	uint32_t frame_number;
	address src_addr;
	uint16_t port_src;
	address dst_addr;
	uint16_t port_dst;
	char *frame_label;
	char *time_str;
	char *comment;
	uint16_t conv_num;
	unsigned fg_color;
	unsigned bg_color;
	ims_sequence_bool has_color_filter;
	ims_sequence_bool display;
	unsigned src_node;
	unsigned dst_node;
} seq_analysis_item_t;

/* More follows the nodes, but not at the same place in every version. */
typedef struct _seq_analysis_info {
	const char *name;
	ims_sequence_bool any_addr;
	int nconv;
	GQueue *items;
	GHashTable *ht;
	address nodes[MAX_NUM_NODES]; /* behind the last: AT_NONE */
} seq_analysis_info_t;

void register_seq_analysis(const char *name, const char *ui_name, int proto_id,
			   const char *tap_listener, unsigned tap_flags,
			   tap_packet_cb tap_func);

/* With the frame's time and addresses; NULL: it has no addresses. */
seq_analysis_item_t *sequence_analysis_create_sai_with_addresses(
	packet_info *pinfo, seq_analysis_info_t *info);

/* Adds the addresses of the items to the nodes, where they are not yet. */
int sequence_analysis_get_nodes(seq_analysis_info_t *info);

#endif
