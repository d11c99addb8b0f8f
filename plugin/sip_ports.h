/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP ports of a preference on which SIP is looked for before the protocol
 * that Wireshark knows there, as X11 on Kamailio's 6060.
 */
#ifndef IMS_SIP_PORTS_H
#define IMS_SIP_PORTS_H

/* Takes the ports for the first time. */
void ims_sip_ports_hand_off(int proto);

/*
 * The preference may have changed: takes its ports, and gives those that are
 * no longer in it back to whom they belonged.
 */
void ims_sip_ports_follow(void);

#endif
