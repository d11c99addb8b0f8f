/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ESP (RFC 4303) with NULL encryption (RFC 2410). Nothing in a packet says
 * that it is not encrypted, nor how long its integrity check value is: both
 * show in its trailer, and the checksum of what is inside makes it sure.
 */
#ifndef IMS_ESP_H
#define IMS_ESP_H

#include <ims/attributes.h>

#include "layers.h"
#include "table.h"

/* Security associations remembered; the oldest is forgotten. */
#define IMS_ESP_MAX_ASSOCIATIONS 8192
/* So many packets not read, and the rest is taken to be encrypted. */
#define IMS_ESP_TRIES 16

struct ims_network;

struct ims_esp {
	struct ims_table table;
};

void ims_esp_init(struct ims_esp *esp) IMS_NONNULL_ALL;
void ims_esp_fini(struct ims_esp *esp) IMS_NONNULL_ALL;

/*
 * The ESP packet at the cursor. Returns true when it could be read: the
 * cursor is at what is inside. Else an event tells of it.
 */
bool ims_esp_open(struct ims_network *network,
		  struct ims_cursor *cursor) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
