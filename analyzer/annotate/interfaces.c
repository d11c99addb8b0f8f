// SPDX-License-Identifier: GPL-2.0-or-later
#include "interfaces.h"

#include <errno.h>

void ims_interfaces_init(struct ims_interfaces *interfaces)
{
	interfaces->known =
		g_array_new(FALSE, FALSE, sizeof(struct ims_interface_of));
	interfaces->by_key = g_hash_table_new_full(g_int64_hash, g_int64_equal,
						   g_free, NULL);
}

void ims_interfaces_fini(struct ims_interfaces *interfaces)
{
	g_array_free(interfaces->known, TRUE);
	g_hash_table_destroy(interfaces->by_key);
}

static bool add(uint32_t *id, struct ims_pcapng_writer *writer,
		const struct ims_packet *packet,
		const struct ims_pcapng_interface *about)
{
	struct ims_pcapng_interface written =
		about ? *about : (struct ims_pcapng_interface){0};

	if (packet->link_type > UINT16_MAX) {
		errno = EINVAL;
		return false;
	}
	written.link_type = (uint16_t)packet->link_type;
	return ims_pcapng_writer_interface(writer, id, &written);
}

bool ims_interfaces_find(struct ims_interfaces *interfaces,
			 struct ims_interface_of **of,
			 struct ims_pcapng_writer *writer,
			 const struct ims_packet *packet,
			 const struct ims_pcapng_interface *about)
{
	int64_t key =
		(int64_t)((uint64_t)packet->capture << 32 | packet->link_type);
	struct ims_interface_of new = {.capture = packet->capture};
	GArray *known = interfaces->known;
	gpointer at;

	if (!g_hash_table_lookup_extended(interfaces->by_key, &key, NULL,
					  &at)) {
		if (!add(&new.id, writer, packet, about))
			return false;
		at = GUINT_TO_POINTER(known->len);
		g_hash_table_insert(interfaces->by_key,
				    g_memdup2(&key, sizeof(key)), at);
		g_array_append_val(known, new);
	}
	*of = &g_array_index(known, struct ims_interface_of,
			     GPOINTER_TO_UINT(at));
	return true;
}
