// SPDX-License-Identifier: GPL-2.0-or-later
#include "html_latency.h"

#include <math.h>
#include <string.h>

#include "html_json.h"

#define FIRST_NS	 1000.0
#define BUCKETS_A_DECADE 100.0

struct peer {
	const char *command; /* static */
	struct ims_address address;
	uint64_t count;
	uint64_t errors;
	uint64_t unanswered;
	int64_t max_ns; /* -1: none */
	uint32_t buckets[IMS_HTML_LATENCY_BUCKETS];
};

struct ims_html_latency {
	GHashTable *peers; /* struct peer, its own key */
};

static guint peer_hash(gconstpointer key)
{
	const struct peer *peer = key;

	return ims_address_hash(&peer->address) ^ g_str_hash(peer->command);
}

static gboolean peer_equal(gconstpointer a, gconstpointer b)
{
	const struct peer *x = a, *y = b;

	return ims_address_equal(&x->address, &y->address) &&
	       strcmp(x->command, y->command) == 0;
}

struct ims_html_latency *ims_html_latency_new(void)
{
	struct ims_html_latency *latency = g_new0(struct ims_html_latency, 1);

	latency->peers =
		g_hash_table_new_full(peer_hash, peer_equal, g_free, NULL);
	return latency;
}

void ims_html_latency_free(struct ims_html_latency *latency)
{
	g_hash_table_destroy(latency->peers);
	g_free(latency);
}

/* That of the rest, which has no address, is beyond the bound. */
static struct peer *peer_get(struct ims_html_latency *latency,
			     const char *command, struct ims_address address)
{
	const struct peer key = {.command = command, .address = address};
	struct peer *peer = g_hash_table_lookup(latency->peers, &key);

	if (peer)
		return peer;
	if (address.family &&
	    g_hash_table_size(latency->peers) >= IMS_HTML_MAX_PEERS)
		return peer_get(latency, command, (struct ims_address){0});
	peer = g_new0(struct peer, 1);
	peer->command = command;
	peer->address = address;
	peer->max_ns = -1;
	g_hash_table_add(latency->peers, peer);
	return peer;
}

static size_t bucket_of(int64_t ns)
{
	double bucket = 0;

	if ((double)ns > FIRST_NS)
		bucket = log10((double)ns / FIRST_NS) * BUCKETS_A_DECADE;
	if (bucket > IMS_HTML_LATENCY_BUCKETS - 1)
		bucket = IMS_HTML_LATENCY_BUCKETS - 1;
	return (size_t)bucket;
}

/* As the engine's summary counts errors. */
static bool is_error(const struct ims_result *result)
{
	return result->container == IMS_RESULT_NONE || result->code < 2000 ||
	       result->code >= 3000;
}

void ims_html_latency_add(struct ims_html_latency *latency,
			  const struct ims_exchange *e)
{
	struct peer *peer = peer_get(latency, e->command, e->answerer.address);
	int64_t ns = e->answer_time_ns - e->request_time_ns;

	peer->count++;
	if (!e->answer.number) {
		peer->unanswered++;
		return;
	}
	if (is_error(&e->result))
		peer->errors++;
	if (!e->request.number)
		return;
	if (ns < 0)
		ns = 0;
	peer->max_ns = MAX(peer->max_ns, ns);
	peer->buckets[bucket_of(ns)]++;
}

static gint compare_peers(gconstpointer a, gconstpointer b)
{
	const struct peer *x = a, *y = b;
	int order = strcmp(x->command, y->command);

	if (order)
		return order;
	return memcmp(&x->address, &y->address, sizeof(x->address));
}

static void put_peer(struct ims_json *out, const struct peer *peer)
{
	char address[IMS_ENDPOINT_TEXT];

	ims_json_open(out, NULL, '{');
	ims_html_text(out, "command", peer->command);
	ims_html_text(out, "address",
		      ims_address_format(address, &peer->address));
	ims_json_count(out, "count", peer->count);
	ims_json_count(out, "errors", peer->errors);
	ims_json_count(out, "unanswered", peer->unanswered);
	if (peer->max_ns < 0)
		ims_json_null(out, "max");
	else
		ims_html_ms(out, "max", peer->max_ns);
	ims_json_open(out, "buckets", '[');
	for (size_t i = 0; i < IMS_HTML_LATENCY_BUCKETS; i++) {
		if (!peer->buckets[i])
			continue;
		ims_json_count(out, NULL, i);
		ims_json_count(out, NULL, peer->buckets[i]);
	}
	ims_json_close(out, ']');
	ims_json_close(out, '}');
}

void ims_html_latency_put(const struct ims_html_latency *latency,
			  struct ims_json *out, const char *key)
{
	GList *peers = g_list_sort(g_hash_table_get_keys(latency->peers),
				   compare_peers);

	ims_json_open(out, key, '[');
	for (const GList *i = peers; i; i = i->next)
		put_peer(out, i->data);
	ims_json_close(out, ']');
	g_list_free(peers);
}
