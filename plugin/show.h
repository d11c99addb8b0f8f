/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of a frame, put into its tree and its Info column. */
#ifndef IMS_SHOW_H
#define IMS_SHOW_H

struct _packet_info;
struct _proto_node;
struct tvbuff;
struct ims_kept;

/* `tree` may be NULL: then only expert infos are told. */
void ims_show_frame(const struct ims_kept *kept, int proto,
		    struct _packet_info *pinfo, struct tvbuff *tvb,
		    struct _proto_node *tree);

/* The mark of findings, as in " [E sip_420_sec_agree]". */
void ims_show_mark(const struct ims_kept *kept, struct _packet_info *pinfo);

#endif
