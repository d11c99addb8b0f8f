/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registrations as a flow graph, the roles being its columns: in the window
 * by Statistics > Flow Graph, in tshark by `-2 -z flow,imsleuth,network`.
 */
#ifndef IMS_FLOW_H
#define IMS_FLOW_H

/* To be called when protocols are registered. */
void ims_flow_register(int proto);

#endif
