// SPDX-License-Identifier: GPL-2.0-or-later
/* Diameter exchanges by what their messages have in common. Keys are what the
   messages hold: nothing is copied. */
#include "cx_record.h"

static bool same_bytes(struct ims_slice a, struct ims_slice b)
{
	return a.len == b.len && (!a.len || memcmp(a.at, b.at, a.len) == 0);
}

static uint32_t hash_of(const struct ims_diameter_facts *d,
			struct ims_slice text)
{
	return ims_set_hash_of(text) ^ d->end_to_end * 0x9e3779b1u ^
	       d->command_code;
}

static bool same_ids(const struct ims_diameter_facts *a,
		     const struct ims_diameter_facts *b)
{
	return a->end_to_end == b->end_to_end &&
	       a->command_code == b->command_code;
}

/* An answer may lack the request's Origin-Host: requests only. */
static bool is_of_end(const void *value, const void *key)
{
	const struct ims_diameter_facts *own =
		((const struct ims_open_cx *)value)->join;
	const struct ims_diameter_facts *d = key;

	return same_ids(own, d) && same_bytes(own->origin_host, d->origin_host);
}

static bool is_of_session(const void *value, const void *key)
{
	const struct ims_diameter_facts *own =
		((const struct ims_open_cx *)value)->session;
	const struct ims_diameter_facts *d = key;

	return same_ids(own, d) && same_bytes(own->session_id, d->session_id);
}

struct ims_open_cx *ims_cx_of_end(const struct ims_engine *engine,
				  const struct ims_diameter_facts *d)
{
	return ims_set_find(&engine->cx_by_end, hash_of(d, d->origin_host),
			    is_of_end, d);
}

struct ims_open_cx *ims_cx_of_session(const struct ims_engine *engine,
				      const struct ims_diameter_facts *d)
{
	return ims_set_find(&engine->cx_by_session, hash_of(d, d->session_id),
			    is_of_session, d);
}

/* In the place of the one that goes by that key. */
static void replace(struct ims_set *table, uint32_t hash, ims_set_same_fn *same,
		    const void *key, void *value)
{
	const void *old = ims_set_find(table, hash, same, key);

	if (old)
		ims_set_remove(table, hash, old);
	ims_set_add(table, hash, value);
}

void ims_cx_known_by_end(struct ims_engine *engine, struct ims_open_cx *cx,
			 const struct ims_diameter_facts *d)
{
	cx->join_hash = hash_of(d, d->origin_host);
	replace(&engine->cx_by_end, cx->join_hash, is_of_end, d, cx);
	cx->join = d;
}

void ims_cx_known_by_session(struct ims_engine *engine, struct ims_open_cx *cx,
			     const struct ims_diameter_facts *d)
{
	cx->session_hash = hash_of(d, d->session_id);
	replace(&engine->cx_by_session, cx->session_hash, is_of_session, d, cx);
	cx->session = d;
}

static uint32_t hop_hash(const struct ims_cx_hop *hop)
{
	return hop->hop_by_hop * 0x9e3779b1u ^ hop->asker.port ^
	       ims_address_hash(&hop->asker.address);
}

static bool is_of_hop(const void *value, const void *key)
{
	const struct ims_cx_hop *x = value;
	const struct ims_cx_hop *y = key;

	return x->hop_by_hop == y->hop_by_hop &&
	       ims_endpoint_equal(&x->asker, &y->asker) &&
	       ims_endpoint_equal(&x->answerer, &y->answerer);
}

static guint hop_hash_of(gconstpointer hop)
{
	return hop_hash(hop);
}

static gboolean hop_equal(gconstpointer a, gconstpointer b)
{
	return is_of_hop(a, b);
}

GHashTable *ims_cx_given_up_table_new(void)
{
	return g_hash_table_new_full(hop_hash_of, hop_equal, g_free, NULL);
}

struct ims_cx_hop *ims_cx_hop_find(const struct ims_engine *engine,
				   const struct ims_cx_hop *key)
{
	return ims_set_find(&engine->cx_by_hop, hop_hash(key), is_of_hop, key);
}

void ims_cx_add_hop(struct ims_engine *engine, struct ims_open_cx *cx,
		    struct ims_facts *facts)
{
	struct ims_cx_hop *hop = ims_stock_take(engine->stock, sizeof(*hop));
	bool forward = facts->diameter->is_request;

	hop->asker = forward ? facts->source : facts->destination;
	hop->answerer = forward ? facts->destination : facts->source;
	hop->hop_by_hop = facts->diameter->hop_by_hop;
	hop->cx = cx;
	hop->request = forward ? facts : NULL;
	hop->answer = forward ? NULL : facts;
	ims_few_add(&cx->hops, hop);
	replace(&engine->cx_by_hop, hop_hash(hop), is_of_hop, hop, hop);
	ims_cx_hold(cx, facts);
}

static uint32_t vector_hash(const char *vector)
{
	return ims_set_hash_of(ims_slice(vector, IMS_RAND_AUTN));
}

static bool is_of_vector(const void *value, const void *vector)
{
	return memcmp(((const struct ims_open_cx *)value)->vector, vector,
		      IMS_RAND_AUTN) == 0;
}

static struct ims_open_cx *of_vector(const struct ims_engine *engine,
				     const char *vector)
{
	return ims_set_find(&engine->vectors, vector_hash(vector), is_of_vector,
			    vector);
}

void ims_cx_known_by_vector(struct ims_engine *engine, struct ims_open_cx *cx,
			    const struct ims_diameter_facts *maa)
{
	if (cx->vector || maa->n_auth_items == 0 ||
	    maa->auth_items[0].authenticate.len != IMS_RAND_AUTN)
		return;
	cx->vector = maa->auth_items[0].authenticate.at;
	cx->vector_hash = vector_hash(cx->vector);
	replace(&engine->vectors, cx->vector_hash, is_of_vector, cx->vector,
		cx);
}

/* A nonce of AKA is this long at least, in base64; a longer one is none. */
#define NONCE_LEAST 43u
#define NONCE_MOST  1024u

struct ims_open_cx *ims_cx_of_nonce(struct ims_engine *engine,
				    struct ims_slice nonce)
{
	guchar bytes[NONCE_MOST];
	gint state = 0;
	guint save = 0;
	gsize len;

	if (!engine->vectors.n || nonce.len < NONCE_LEAST ||
	    nonce.len > NONCE_MOST)
		return NULL;
	len = g_base64_decode_step(nonce.at, nonce.len, bytes, &state, &save);
	return len >= IMS_RAND_AUTN ? of_vector(engine, (const char *)bytes)
				    : NULL;
}

void ims_cx_unknown(struct ims_engine *engine, struct ims_open_cx *cx)
{
	for (unsigned i = 0; i < cx->hops.n; i++)
		ims_set_remove(&engine->cx_by_hop, hop_hash(cx->hops.at[i]),
			       cx->hops.at[i]);
	if (cx->join)
		ims_set_remove(&engine->cx_by_end, cx->join_hash, cx);
	if (cx->session)
		ims_set_remove(&engine->cx_by_session, cx->session_hash, cx);
	if (cx->vector)
		ims_set_remove(&engine->vectors, cx->vector_hash, cx);
}
