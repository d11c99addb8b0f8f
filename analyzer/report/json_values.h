/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Single values as JSON. Each function returns a new reference; what is
 * unknown is null.
 */
#ifndef IMS_JSON_VALUES_H
#define IMS_JSON_VALUES_H

#include <jansson.h>

#include <ims/finding.h>
#include <ims/registration.h>

/* Text from the wire; absent and empty are null. */
json_t *ims_json_wire(struct ims_slice wire);
/* Likewise, of a NUL-terminated string or NULL. */
json_t *ims_json_text(const char *text);
json_t *ims_json_count(uint64_t n);
json_t *ims_json_stamp(int64_t time_ns);
/* Milliseconds; -1 ns is null. */
json_t *ims_json_ms(int64_t ns);
/* "IP:port"; null for family 0. */
json_t *ims_json_endpoint(const struct ims_endpoint *endpoint) IMS_NONNULL_ALL;
/* {"capture", "frame"}; null for frame 0. */
json_t *ims_json_frame(struct ims_frame frame);
/* "P-CSCF 10.0.0.1:5060", or what of it is known. */
json_t *ims_json_party(const struct ims_party *party) IMS_NONNULL_ALL;
json_t *ims_json_fact(const struct ims_fact *fact) IMS_NONNULL_ALL;

/* object[key] = value, which is taken over. */
void ims_json_put(json_t *object, const char *key, json_t *value)
	IMS_NONNULL(1, 2);

/* One line without its end, freed with g_free. */
char *ims_json_dump(const json_t *value) IMS_NONNULL_ALL;

/* jansson allocates as GLib does. To be called before any of the above. */
void ims_json_init(void);

#endif
