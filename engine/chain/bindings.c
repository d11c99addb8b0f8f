// SPDX-License-Identifier: GPL-2.0-or-later
#include "bindings.h"

#include "binding_texts.h"
#include "check.h"
#include "index.h"
#include "set.h"
#include "standing_calls.h"

struct record {
	struct ims_binding about; /* first */
	GList age;
	char *texts; /* of `about`, one after another */
	char *keys;  /* in by_identity, likewise */
	uint32_t keys_size;
	uint32_t n_keys;
	size_t size; /* of it all, as far as it differs */
	/* Bits, by place in `keys`: the public ones, and those barred. */
	uint32_t public;
	uint32_t barred;
	struct ims_standing_call *calls;
	bool is_over; /* kept for `calls` alone */
};

G_STATIC_ASSERT(IMS_BINDINGS_MAX_IMPUS < 32);

struct ims_bindings {
	struct ims_set by_identity; /* struct record, by each of its keys */
	struct ims_set by_ue;	    /* the last at that address */
	struct ims_set by_rx;	    /* by Rx Session-Id */
	size_t size;		    /* of all records */
	GQueue ages;
	uint64_t let_go;
};

struct ims_bindings *ims_bindings_new(void)
{
	return g_new0(struct ims_bindings, 1);
}

const char *ims_binding_key(const struct ims_binding *binding,
			    const char *before)
{
	const struct record *record = (const struct record *)binding;
	const char *next = before ? before + strlen(before) + 1 : record->keys;

	return record->keys && next < record->keys + record->keys_size ? next
								       : NULL;
}

/* The bit of its place among the keys; 0: it is none of them. */
static uint32_t bit_of(const struct record *record,
		       const struct ims_identity *identity)
{
	const char *key = NULL;
	uint32_t bit = 1;

	while ((key = ims_binding_key(&record->about, key))) {
		if (ims_identity_is(identity, key))
			return bit;
		bit <<= 1;
	}
	return 0;
}

static bool is_known_as(const void *value, const void *identity)
{
	return bit_of(value, identity) != 0;
}

static struct record *find(const struct ims_bindings *b,
			   const struct ims_identity *identity)
{
	return ims_set_find(&b->by_identity, ims_identity_hash(identity),
			    is_known_as, identity);
}

static struct record *lookup(const struct ims_bindings *b,
			     struct ims_slice text)
{
	struct ims_identity identity;

	return ims_identity_read(&identity, text) ? find(b, &identity) : NULL;
}

static bool is_at(const void *value, const void *ue)
{
	return ims_address_equal(
		&((const struct record *)value)->about.ue.address, ue);
}

static struct record *find_at(const struct ims_bindings *b,
			      const struct ims_address *ue)
{
	return ims_set_find(&b->by_ue, ims_address_hash(ue), is_at, ue);
}

static bool has_session(const void *value, const void *session)
{
	return ims_slice_is(*(const struct ims_slice *)session,
			    ((const struct record *)value)->about.rx_session);
}

static struct record *find_rx(const struct ims_bindings *b,
			      struct ims_slice session)
{
	return ims_set_find(&b->by_rx, ims_set_hash_of(session), has_session,
			    &session);
}

static void leave_rx(struct ims_bindings *b, struct record *record)
{
	struct ims_slice session = ims_slice_of(record->about.rx_session);

	ims_set_remove(&b->by_rx, ims_set_hash_of(session), record);
}

static void forget_rx(struct ims_bindings *b, struct record *record)
{
	if (record->about.rx_session)
		leave_rx(b, record);
	g_clear_pointer(&record->about.rx_session, g_free);
	record->about.rx_end_ns = 0;
}

static void leave_address(struct ims_bindings *b, struct record *record)
{
	ims_set_remove(&b->by_ue, ims_address_hash(&record->about.ue.address),
		       record);
}

static void drop(struct ims_bindings *b, struct record *record)
{
	const char *key = NULL;

	while ((key = ims_binding_key(&record->about, key))) {
		struct ims_identity identity = ims_identity_of_key(key);

		ims_set_remove(&b->by_identity, ims_identity_hash(&identity),
			       record);
	}
	leave_address(b, record);
	forget_rx(b, record);
	g_queue_unlink(&b->ages, &record->age);
	b->size -= record->size;
	g_free(record->keys);
	g_free(record->texts);
	g_free(record->about.security_server);
	g_free(record->about.servers);
	ims_standing_calls_free(&record->calls);
	g_free(record);
}

void ims_bindings_free(struct ims_bindings *b)
{
	if (!b)
		return;
	while (b->ages.head)
		drop(b, b->ages.head->data);
	ims_set_clear(&b->by_identity);
	ims_set_clear(&b->by_ue);
	ims_set_clear(&b->by_rx);
	g_free(b);
}

/* Nothing stands any more, or nothing but other contacts. */
static void give_up(struct ims_bindings *b, struct record *record,
		    int64_t now_ns)
{
	record->is_over = true;
	if (!ims_standing_calls_any(record->calls, now_ns))
		drop(b, record);
}

static const struct ims_binding *standing(struct ims_bindings *b,
					  struct record *record, int64_t now_ns)
{
	if (record && record->about.expires_ns < now_ns) {
		give_up(b, record, now_ns);
		return NULL;
	}
	return record && !record->is_over ? &record->about : NULL;
}

const struct ims_binding *ims_bindings_find(struct ims_bindings *b,
					    struct ims_slice identity,
					    int64_t now_ns)
{
	return standing(b, lookup(b, identity), now_ns);
}

const struct ims_binding *ims_bindings_at(struct ims_bindings *b,
					  const struct ims_address *ue,
					  int64_t now_ns)
{
	return standing(b, find_at(b, ue), now_ns);
}

const struct ims_binding *ims_bindings_find_public(struct ims_bindings *b,
						   bool *barred,
						   struct ims_slice impu,
						   int64_t now_ns)
{
	struct record *record = NULL;
	struct ims_identity identity;
	uint32_t bit;

	*barred = false;
	if (ims_identity_read(&identity, impu))
		record = find(b, &identity);
	if (!record)
		return NULL;
	bit = bit_of(record, &identity);
	*barred = record->barred & bit;
	return record->public & bit ? standing(b, record, now_ns) : NULL;
}

void ims_bindings_end(struct ims_bindings *b, struct ims_slice identity)
{
	struct record *record = lookup(b, identity);

	if (record)
		drop(b, record);
}

void ims_bindings_leave(struct ims_bindings *b, struct ims_slice identity,
			struct ims_slice call_id, int64_t now_ns)
{
	struct record *record = lookup(b, identity);

	if (!record)
		return;
	if (ims_standing_calls_remove(&record->calls, call_id))
		give_up(b, record, now_ns);
	else
		drop(b, record);
}

bool ims_bindings_stand_under(const struct ims_bindings *b,
			      struct ims_slice identity,
			      struct ims_slice call_id, int64_t when_ns)
{
	const struct record *record = lookup(b, identity);

	return record &&
	       ims_standing_calls_have(record->calls, call_id, when_ns);
}

static void add_key(struct record *record, const struct ims_identity *identity,
		    size_t most)
{
	char *key;

	record->keys = g_realloc(record->keys, record->keys_size + most + 1);
	key = record->keys + record->keys_size;
	ims_identity_write(key, identity);
	record->keys_size += (uint32_t)strlen(key) + 1;
	record->keys = g_realloc(record->keys, record->keys_size);
	record->n_keys++;
}

/* Another record under one of its identities is the same set, made anew. */
static void known_as(struct ims_bindings *b, struct record *record,
		     struct ims_slice text)
{
	struct ims_identity identity;
	struct record *other;

	if (!ims_identity_read(&identity, text))
		return;
	other = find(b, &identity);
	if (other == record || record->n_keys > IMS_BINDINGS_MAX_IMPUS)
		return;
	if (other)
		drop(b, other);
	add_key(record, &identity, text.len);
	ims_set_add(&b->by_identity, ims_identity_hash(&identity), record);
}

static void known_publicly(struct ims_bindings *b, struct record *record,
			   struct ims_slice impu, bool barred)
{
	struct ims_identity identity;

	known_as(b, record, impu);
	if (!ims_identity_read(&identity, impu))
		return;
	record->public |= bit_of(record, &identity);
	if (barred)
		record->barred |= bit_of(record, &identity);
}

static char *copy(struct ims_slice s)
{
	return ims_slice_is_set(s) ? g_strndup(s.at, s.len) : NULL;
}

/* All identities of the implicit set: the profile's, and P-Associated-URI. */
static void take_identities(struct ims_bindings *b, struct record *record,
			    const struct ims_attempt *attempt)
{
	const struct ims_profile *profile = ims_attempt_profile(attempt);
	const struct ims_sip_facts *final = ims_sip(attempt->final);

	known_as(b, record, attempt->impi);
	known_publicly(b, record, attempt->impu, false);
	for (size_t i = 0; profile && i < profile->n_identities; i++)
		known_publicly(b, record, profile->identities[i].uri,
			       profile->identities[i].barred);
	for (size_t i = 0; final && i < final->associated_uris.n; i++)
		known_publicly(b, record, final->associated_uris.at[i].uri,
			       false);
}

/* The last AAR that was granted (TS 29.214 4.4.5). */
static void take_rx(struct ims_bindings *b, struct record *record,
		    const struct ims_attempt *attempt)
{
	const struct ims_cx *aar =
		ims_attempt_exchange(attempt, IMS_COMMAND_AA, INT64_MAX);
	struct ims_slice session;
	struct record *other;

	if (!aar || !aar->request || !aar->answer || !ims_cx_succeeded(aar) ||
	    ims_slice_is_empty(aar->request->diameter->session_id))
		return;
	forget_rx(b, record);
	record->about.rx_session = copy(aar->request->diameter->session_id);
	session = ims_slice_of(record->about.rx_session);
	other = find_rx(b, session);
	if (other)
		leave_rx(b, other);
	ims_set_add(&b->by_rx, ims_set_hash_of(session), record);
}

void ims_bindings_rx_end(struct ims_bindings *b, const struct ims_facts *str)
{
	struct ims_slice session = str->diameter->session_id;
	struct record *record = session.at ? find_rx(b, session) : NULL;

	if (record) {
		record->about.rx_end = str->frame;
		record->about.rx_end_ns = str->time_ns;
	}
}

static struct record *record_for(struct ims_bindings *b,
				 const struct ims_attempt *attempt)
{
	struct ims_standing_call *calls = NULL;
	struct record *record = lookup(b, attempt->impu);

	if (!record)
		record = lookup(b, attempt->impi);
	if (record && record->is_over) {
		calls = g_steal_pointer(&record->calls);
		drop(b, record);
	} else if (record) {
		g_queue_unlink(&b->ages, &record->age);
		g_queue_push_tail_link(&b->ages, &record->age);
		return record;
	}
	while (b->ages.head && (b->ages.length >= IMS_BINDINGS_MAX ||
				b->size > IMS_BINDINGS_MAX_SIZE)) {
		drop(b, b->ages.head->data);
		b->let_go++;
	}
	record = g_new0(struct record, 1);
	record->age.data = record;
	record->calls = calls;
	g_queue_push_tail_link(&b->ages, &record->age);
	return record;
}

static void take_address(struct ims_bindings *b, struct record *record,
			 const struct ims_endpoint *ue)
{
	struct record *other;

	if (!ue->address.family)
		return;
	leave_address(b, record);
	other = find_at(b, &ue->address);
	if (other)
		leave_address(b, other);
	record->about.ue = *ue;
	ims_set_add(&b->by_ue, ims_address_hash(&ue->address), record);
}

/* How large it is, about, for the bound. */
static void weigh(struct ims_bindings *b, struct record *record,
		  const struct ims_binding_texts *texts)
{
	b->size -= record->size;
	record->size = sizeof(*record) + ims_binding_texts_size(texts) +
		       record->keys_size;
	for (char **text = record->about.security_server; text && *text; text++)
		record->size += sizeof(*text) + strlen(*text);
	for (unsigned i = 0; i < record->about.n_servers; i++)
		record->size +=
			sizeof(struct ims_binding_server) +
			ims_slice_of(record->about.servers[i].server).len;
	b->size += record->size;
}

void ims_bindings_stand(struct ims_bindings *b,
			const struct ims_attempt *attempt)
{
	struct record *record;
	struct ims_binding *binding;
	struct ims_binding_texts texts;
	char *block;

	if (ims_slice_is_empty(attempt->impu) &&
	    ims_slice_is_empty(attempt->impi))
		return;
	record = record_for(b, attempt);
	binding = &record->about;
	/* One that began later has been told of already. */
	if (binding->since_ns > attempt->start_ns)
		return;
	texts = ims_binding_texts_of(binding);
	ims_binding_take(binding, &texts, attempt);
	binding->registration = attempt->id;
	binding->since_ns = attempt->start_ns;
	binding->expires_ns =
		attempt->expires > 0 && attempt->expires < 100000000
			? attempt->last_ns + attempt->expires * IMS_SECOND
			: INT64_MAX;
	ims_standing_calls_add(&record->calls, attempt->call_id,
			       binding->since_ns, binding->expires_ns);
	take_address(b, record, &attempt->ue);
	if (attempt->pcscf.endpoint.address.family)
		binding->pcscf = attempt->pcscf.endpoint;
	take_rx(b, record, attempt);
	take_identities(b, record, attempt);
	block = ims_binding_pack(binding, &texts);
	g_free(record->texts);
	record->texts = block;
	weigh(b, record, &texts);
}

uint64_t ims_bindings_let_go(const struct ims_bindings *b)
{
	return b->let_go;
}
