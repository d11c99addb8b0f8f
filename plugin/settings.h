/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin's preferences: Edit > Preferences > Protocols > imsleuth. */
#ifndef IMS_SETTINGS_H
#define IMS_SETTINGS_H

#include <stdbool.h>

#include <ims/engine.h>

/* `apply` is called whenever one of them was changed. */
void ims_settings_register(int proto, void (*apply)(void));

/* Thresholds of the rules. */
struct ims_options ims_settings_options(void);

/* Whether evidence frames get a mark in the Info column. */
bool ims_settings_marks(void);

/* TCP ports on which SIP is expected, beside Wireshark's own. */
struct epan_range *ims_settings_sip_ports(void);

/* A file of vendor signatures in addition; NULL or empty: none. */
const char *ims_settings_signatures(void);

#endif
