/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capture file that is open, from the first frame to its closing. There
 * is one at a time in a process that loads plugins; this is the only place
 * that holds on to it.
 */
#ifndef IMS_SESSION_H
#define IMS_SESSION_H

#include <stdbool.h>

#include "kept.h"

struct _packet_info;
struct tvbuff;

/* Lets the session follow files being opened and closed. */
void ims_session_register(void);
/* All protocols are known. */
void ims_session_hand_off(void);

/* A frame that is dissected for the first time, with all its bytes. */
void ims_session_take(struct _packet_info *pinfo, struct tvbuff *tvb);

/* What is known of the file; NULL: nothing is open. */
const struct ims_kept *ims_session_kept(void);

/* No more frames will come: the same, of the whole file. */
const struct ims_kept *ims_session_kept_whole(void);

#endif
