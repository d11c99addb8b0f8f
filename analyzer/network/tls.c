// SPDX-License-Identifier: GPL-2.0-or-later
#include "tls.h"

#include "network_internal.h"

#define RECORD_MAX (16384u + 2048u) /* RFC 5246 6.2.3 */

struct seen {
	struct ims_entry entry;
	int64_t told_ns;
};

/* change_cipher_spec, alert, handshake, application_data */
static bool is_content_type(uint8_t type)
{
	return type >= 20 && type <= 23;
}

bool ims_tls_begins(const uint8_t *at, size_t len)
{
	return len >= 5 && is_content_type(at[0]) && at[1] == 3 && at[2] <= 4 &&
	       ims_be16(at + 3) <= RECORD_MAX;
}

bool ims_dtls_begins(const uint8_t *at, size_t len)
{
	return len >= 13 && is_content_type(at[0]) && at[1] == 0xfe &&
	       (at[2] == 0xff || at[2] == 0xfd) &&
	       ims_be16(at + 11) <= RECORD_MAX;
}

void ims_tls_see(struct ims_network *network, const struct ims_flow *flow,
		 int64_t *told_ns)
{
	int64_t now = flow->stamp.time_ns;
	struct ims_event event;

	ims_network_counter(network, flow->stamp.frame.capture)->tls_packets++;
	if (*told_ns != INT64_MIN &&
	    ims_elapsed(*told_ns, now) < IMS_TLS_INTERVAL_NS &&
	    ims_elapsed(now, *told_ns) < IMS_TLS_INTERVAL_NS)
		return;
	*told_ns = now;
	event = ims_event_of(flow, IMS_EVENT_TLS);
	network->sink(network->user, &event);
}

void ims_dtls_see(struct ims_network *network, const struct ims_flow *flow)
{
	struct ims_table *table = &network->dtls.table;
	struct ims_key key;
	struct seen *seen;

	ims_key_of_pair(&key, &flow->source, &flow->destination);
	seen = (struct seen *)ims_table_find(table, &key);
	if (seen) {
		ims_table_touch(table, &seen->entry, network->now_ns);
	} else {
		/* The oldest is forgotten: it may be told once too often. */
		if (table->n_entries >= IMS_DTLS_MAX) {
			seen = (struct seen *)table->oldest;
			ims_table_remove(table, &seen->entry);
		} else {
			seen = g_try_malloc(sizeof(*seen));
		}
		if (!seen)
			return;
		seen->told_ns = INT64_MIN;
		ims_table_add(table, &seen->entry, &key, network->now_ns);
	}
	ims_tls_see(network, flow, &seen->told_ns);
}

void ims_dtls_init(struct ims_dtls *dtls)
{
	ims_table_init(&dtls->table);
}

void ims_dtls_fini(struct ims_dtls *dtls)
{
	while (dtls->table.oldest) {
		struct ims_entry *oldest = dtls->table.oldest;

		ims_table_remove(&dtls->table, oldest);
		g_free(oldest);
	}
	ims_table_fini(&dtls->table);
}
