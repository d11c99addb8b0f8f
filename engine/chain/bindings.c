// SPDX-License-Identifier: GPL-2.0-or-later
#include "bindings.h"

#include "binding_record.h"
#include "binding_texts.h"
#include "check.h"
#include "index.h"

/* Views that are kept for the next who asks. */
#define VIEWS_KEPT 16u

TAILQ_HEAD(ages, ims_binding_record);

struct ims_bindings {
	struct ims_set by_identity; /* records, by each of their keys */
	struct ims_set by_ue;	    /* the last at that address */
	struct ims_set by_rx;	    /* by Rx Session-Id */
	struct ims_shared shared;
	size_t size; /* of all records */
	struct ages ages;
	size_t n;
	GPtrArray *views; /* of struct ims_binding_view */
	unsigned n_open;  /* of them */
	uint64_t let_go;
};

/* What stands for somebody, while it changes. */
struct change {
	struct ims_bindings *all;
	struct ims_binding_view view;
	struct ims_binding_record *record; /* that it was; NULL: a new one */
	struct ims_standing_call *calls;
	struct ims_arena *arena; /* of what is new */
};

G_STATIC_ASSERT(IMS_BINDING_MAX_KEYS <= 32);

struct ims_bindings *ims_bindings_new(void)
{
	struct ims_bindings *b = g_new0(struct ims_bindings, 1);

	TAILQ_INIT(&b->ages);
	b->views = g_ptr_array_new_with_free_func(g_free);
	return b;
}

/* Laid open; the same one for who asks again. */
static const struct ims_binding *view_of(
	struct ims_bindings *b, const struct ims_binding_record *record)
{
	struct ims_binding_view *view;

	for (unsigned i = 0; i < b->n_open; i++) {
		view = b->views->pdata[i];
		if (view->record == record)
			return &view->about;
	}
	if (b->n_open == b->views->len)
		g_ptr_array_add(b->views, g_new(struct ims_binding_view, 1));
	view = b->views->pdata[b->n_open++];
	ims_binding_unpack(view, record);
	return &view->about;
}

void ims_bindings_rest(struct ims_bindings *b)
{
	b->n_open = 0;
	if (b->views->len > VIEWS_KEPT)
		g_ptr_array_set_size(b->views, VIEWS_KEPT);
}

const char *ims_binding_key(const struct ims_binding *binding,
			    const char *before)
{
	const struct ims_binding_view *view =
		(const struct ims_binding_view *)binding;
	unsigned i = 0;

	while (before && view->keys[i++] != before)
		;
	return i < view->n_keys ? view->keys[i] : NULL;
}

/* The bit of its place among the keys; 0: it is none of them. */
static uint32_t bit_of(const struct ims_binding_record *record,
		       const struct ims_identity *identity)
{
	for (unsigned i = 0; i < record->n_keys; i++)
		if (ims_identity_is(identity,
				    ims_binding_record_key(record, i)))
			return 1u << i;
	return 0;
}

static bool is_known_as(const void *value, const void *identity)
{
	return bit_of(value, identity) != 0;
}

static struct ims_binding_record *find(const struct ims_bindings *b,
				       const struct ims_identity *identity)
{
	return ims_set_find(&b->by_identity, ims_identity_hash(identity),
			    is_known_as, identity);
}

static struct ims_binding_record *lookup(const struct ims_bindings *b,
					 struct ims_slice text)
{
	struct ims_identity identity;

	return ims_identity_read(&identity, text) ? find(b, &identity) : NULL;
}

static bool is_at(const void *value, const void *ue)
{
	struct ims_endpoint own = ims_binding_record_ue(value);

	return ims_address_equal(&own.address, ue);
}

static struct ims_binding_record *find_at(const struct ims_bindings *b,
					  const struct ims_address *ue)
{
	return ims_set_find(&b->by_ue, ims_address_hash(ue), is_at, ue);
}

static bool has_session(const void *value, const void *session)
{
	const struct ims_binding_record *record = value;

	return ims_slice_is(*(const struct ims_slice *)session,
			    record->rare->rx_session);
}

static struct ims_binding_record *find_rx(const struct ims_bindings *b,
					  struct ims_slice session)
{
	return ims_set_find(&b->by_rx, ims_set_hash_of(session), has_session,
			    &session);
}

static uint32_t hash_of_rx(const struct ims_binding_record *record)
{
	return ims_set_hash_of(ims_slice_of(record->rare->rx_session));
}

static void leave_rx(struct ims_bindings *b, struct ims_binding_record *record)
{
	if (!record->rare || !record->rare->is_of_rx)
		return;
	ims_set_remove(&b->by_rx, hash_of_rx(record), record);
	record->rare->is_of_rx = false;
}

static uint32_t hash_of_ue(const struct ims_binding_record *record)
{
	struct ims_endpoint ue = ims_binding_record_ue(record);

	return ims_address_hash(&ue.address);
}

static void leave_address(struct ims_bindings *b,
			  struct ims_binding_record *record)
{
	if (record->is_of_ue)
		ims_set_remove(&b->by_ue, hash_of_ue(record), record);
	record->is_of_ue = false;
}

static uint32_t hash_of_key(const struct ims_binding_record *record, unsigned i)
{
	struct ims_identity identity =
		ims_identity_of_key(ims_binding_record_key(record, i));

	return ims_identity_hash(&identity);
}

/* How large it is, about, for the bound. */
static size_t size_of(const struct ims_binding_record *record)
{
	return sizeof(*record) + record->texts_size;
}

/* The youngest from now on. */
static void put_in(struct ims_bindings *b, struct ims_binding_record *record)
{
	for (unsigned i = 0; i < record->n_keys; i++)
		ims_set_add(&b->by_identity, hash_of_key(record, i), record);
	if (record->is_of_ue)
		ims_set_add(&b->by_ue, hash_of_ue(record), record);
	if (record->rare && record->rare->is_of_rx)
		ims_set_add(&b->by_rx, hash_of_rx(record), record);
	TAILQ_INSERT_TAIL(&b->ages, record, age);
	b->size += size_of(record);
	b->n++;
}

static void drop(struct ims_bindings *b, struct ims_binding_record *record)
{
	for (unsigned i = 0; i < record->n_keys; i++)
		ims_set_remove(&b->by_identity, hash_of_key(record, i), record);
	leave_address(b, record);
	leave_rx(b, record);
	TAILQ_REMOVE(&b->ages, record, age);
	b->size -= size_of(record);
	b->n--;
	for (unsigned i = 0; i < b->n_open; i++) {
		struct ims_binding_view *view = b->views->pdata[i];

		if (view->record == record)
			view->record = NULL;
	}
	ims_binding_record_free(&b->shared, record);
}

void ims_bindings_free(struct ims_bindings *b)
{
	if (!b)
		return;
	while (!TAILQ_EMPTY(&b->ages))
		drop(b, TAILQ_FIRST(&b->ages));
	ims_set_clear(&b->by_identity);
	ims_set_clear(&b->by_ue);
	ims_set_clear(&b->by_rx);
	ims_shared_clear(&b->shared);
	g_ptr_array_free(b->views, TRUE);
	g_free(b);
}

/* Calls: the one of the record's own Call-ID, and what is rare. */

static bool is_own_call(const struct ims_binding_record *record,
			struct ims_slice call_id)
{
	return record->has_call &&
	       ims_slice_is(call_id, ims_binding_record_call_id(record));
}

static bool any_call(const struct ims_binding_record *record, int64_t when_ns)
{
	return (record->has_call && record->expires_ns >= when_ns) ||
	       (record->rare &&
		ims_standing_calls_any(record->rare->calls, when_ns));
}

static bool remove_call(struct ims_binding_record *record,
			struct ims_slice call_id)
{
	if (is_own_call(record, call_id)) {
		record->has_call = false;
		return true;
	}
	return record->rare &&
	       ims_standing_calls_remove(&record->rare->calls, call_id);
}

/* All of them, newest first, which the record has no longer. */
static struct ims_standing_call *take_calls(struct ims_binding_record *record)
{
	struct ims_standing_call *calls = NULL;

	if (record->rare)
		calls = g_steal_pointer(&record->rare->calls);
	if (record->has_call)
		ims_standing_calls_add(
			&calls,
			ims_slice_of(ims_binding_record_call_id(record)),
			record->since_ns, record->expires_ns);
	record->has_call = false;
	return calls;
}

static void give_calls(struct ims_binding_record *record,
		       struct ims_standing_call *calls)
{
	const char *own = ims_binding_record_call_id(record);

	record->has_call = calls && own && strcmp(calls->call_id, own) == 0 &&
			   calls->since_ns == record->since_ns &&
			   calls->expires_ns == record->expires_ns;
	if (record->has_call)
		ims_standing_calls_remove(&calls, ims_slice_of(own));
	if (calls)
		ims_binding_rare(record)->calls = calls;
}

/* Nothing stands any more, or nothing but other contacts. */
static void give_up(struct ims_bindings *b, struct ims_binding_record *record,
		    int64_t now_ns)
{
	record->is_over = true;
	if (!any_call(record, now_ns))
		drop(b, record);
}

static bool stands(struct ims_bindings *b, struct ims_binding_record *record,
		   int64_t now_ns)
{
	if (record && record->expires_ns < now_ns) {
		give_up(b, record, now_ns);
		return false;
	}
	return record && !record->is_over;
}

static const struct ims_binding *standing(struct ims_bindings *b,
					  struct ims_binding_record *record,
					  int64_t now_ns)
{
	return stands(b, record, now_ns) ? view_of(b, record) : NULL;
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

bool ims_bindings_are_at(struct ims_bindings *b, const struct ims_address *ue,
			 int64_t now_ns)
{
	return stands(b, find_at(b, ue), now_ns);
}

const struct ims_binding *ims_bindings_find_public(struct ims_bindings *b,
						   bool *barred,
						   struct ims_slice impu,
						   int64_t now_ns)
{
	struct ims_binding_record *record = NULL;
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
	struct ims_binding_record *record = lookup(b, identity);

	if (record)
		drop(b, record);
}

void ims_bindings_leave(struct ims_bindings *b, struct ims_slice identity,
			struct ims_slice call_id, int64_t now_ns)
{
	struct ims_binding_record *record = lookup(b, identity);

	if (!record)
		return;
	if (remove_call(record, call_id))
		give_up(b, record, now_ns);
	else
		drop(b, record);
}

bool ims_bindings_stand_under(const struct ims_bindings *b,
			      struct ims_slice identity,
			      struct ims_slice call_id, int64_t when_ns)
{
	const struct ims_binding_record *record = lookup(b, identity);

	if (!record)
		return false;
	if (is_own_call(record, call_id))
		return record->since_ns < when_ns &&
		       record->expires_ns >= when_ns;
	return record->rare &&
	       ims_standing_calls_have(record->rare->calls, call_id, when_ns);
}

/* The bit of its place; 0: it is none, or none that is kept. Another record
   under one of its identities is the same set, made anew. */
static uint32_t known_as(struct change *change, struct ims_slice text)
{
	struct ims_binding_view *view = &change->view;
	struct ims_identity identity;
	struct ims_binding_record *other;
	char *key;

	if (text.len > IMS_BINDING_MAX_TEXT ||
	    !ims_identity_read(&identity, text))
		return 0;
	for (unsigned i = 0; i < view->n_keys; i++)
		if (ims_identity_is(&identity, view->keys[i]))
			return 1u << i;
	if (view->n_keys == IMS_BINDING_MAX_KEYS)
		return 0;
	key = ims_arena_take(change->arena, text.len + 1);
	if (!key)
		return 0;
	other = find(change->all, &identity);
	if (other)
		drop(change->all, other);
	ims_identity_write(key, &identity);
	view->keys[view->n_keys] = key;
	return 1u << view->n_keys++;
}

static void known_publicly(struct change *change, struct ims_slice impu,
			   bool barred)
{
	uint32_t bit = known_as(change, impu);

	change->view.public |= bit;
	if (barred)
		change->view.barred |= bit;
}

/* All identities of the implicit set: the profile's, and P-Associated-URI. */
static void take_identities(struct change *change,
			    const struct ims_attempt *attempt)
{
	const struct ims_profile *profile = ims_attempt_profile(attempt);
	const struct ims_sip_facts *final = ims_sip(attempt->final);

	known_as(change, attempt->impi);
	known_publicly(change, attempt->impu, false);
	for (size_t i = 0; profile && i < profile->n_identities; i++)
		known_publicly(change, profile->identities[i].uri,
			       profile->identities[i].barred);
	for (size_t i = 0; final && i < final->associated_uris.n; i++)
		known_publicly(change, final->associated_uris.at[i].uri, false);
}

static void be_of_rx(struct ims_bindings *b, struct ims_binding_record *record,
		     struct ims_slice session)
{
	struct ims_binding_rare *rare = ims_binding_rare(record);
	struct ims_binding_record *other;

	g_free(rare->rx_session);
	rare->rx_session = g_strndup(session.at, session.len);
	rare->rx_end_ns = 0;
	rare->is_of_rx = true;
	other = find_rx(b, ims_slice_of(rare->rx_session));
	if (other)
		leave_rx(b, other);
}

/* The last AAR that was granted (TS 29.214 4.4.5). */
static void take_rx(struct ims_bindings *b, struct ims_binding_record *record,
		    const struct ims_attempt *attempt)
{
	const struct ims_cx *aar =
		ims_attempt_exchange(attempt, IMS_COMMAND_AA, INT64_MAX);

	if (aar && aar->request && aar->answer && ims_cx_succeeded(aar) &&
	    !ims_slice_is_empty(aar->request->diameter->session_id))
		be_of_rx(b, record, aar->request->diameter->session_id);
}

void ims_bindings_rx_end(struct ims_bindings *b, const struct ims_facts *str)
{
	struct ims_slice session = str->diameter->session_id;
	struct ims_binding_record *record =
		session.at ? find_rx(b, session) : NULL;

	if (record) {
		record->rare->rx_end = str->frame;
		record->rare->rx_end_ns = str->time_ns;
	}
}

static void make_room(struct ims_bindings *b)
{
	while (b->n >= IMS_BINDINGS_MAX ||
	       (b->n && b->size > IMS_BINDINGS_MAX_SIZE)) {
		drop(b, TAILQ_FIRST(&b->ages));
		b->let_go++;
	}
}

/* Lays open what stands so far, or nothing. False: one that began later has
   been told of already. */
static bool begin(struct change *change, const struct ims_attempt *attempt)
{
	struct ims_bindings *b = change->all;
	struct ims_binding_record *record = lookup(b, attempt->impu);

	if (!record)
		record = lookup(b, attempt->impi);
	if (record && !record->is_over) {
		TAILQ_REMOVE(&b->ages, record, age);
		TAILQ_INSERT_TAIL(&b->ages, record, age);
		if (record->since_ns > attempt->start_ns)
			return false;
		change->calls = take_calls(record);
		change->record = record;
		ims_binding_unpack(&change->view, record);
		return true;
	}
	if (record) {
		change->calls = take_calls(record);
		drop(b, record);
	}
	make_room(b);
	return true;
}

static void take(struct change *change, const struct ims_attempt *attempt)
{
	struct ims_binding *binding = &change->view.about;

	ims_binding_take(&change->view, change->arena, attempt);
	binding->registration = attempt->id;
	binding->since_ns = attempt->start_ns;
	binding->expires_ns =
		attempt->expires > 0 && attempt->expires < 100000000
			? attempt->last_ns + attempt->expires * IMS_SECOND
			: INT64_MAX;
	ims_standing_calls_add(&change->calls, attempt->call_id,
			       binding->since_ns, binding->expires_ns);
	if (attempt->ue.address.family)
		binding->ue = attempt->ue;
	if (attempt->pcscf.endpoint.address.family)
		binding->pcscf = attempt->pcscf.endpoint;
	take_identities(change, attempt);
}

/* Packs it anew, in the place of what it was. */
static void settle(struct change *change, const struct ims_attempt *attempt)
{
	struct ims_bindings *b = change->all;
	struct ims_binding_record *record =
		ims_binding_pack(&b->shared, &change->view);
	struct ims_binding_record *was = change->record;
	struct ims_binding_record *other;

	if (was) {
		bool is_of_rx = was->rare && was->rare->is_of_rx;

		record->is_of_ue = was->is_of_ue;
		leave_rx(b, was);
		record->rare = g_steal_pointer(&was->rare);
		if (is_of_rx)
			record->rare->is_of_rx = true;
		drop(b, was);
	}
	if (attempt->ue.address.family) {
		other = find_at(b, &attempt->ue.address);
		if (other)
			leave_address(b, other);
		record->is_of_ue = true;
	}
	give_calls(record, change->calls);
	take_rx(b, record, attempt);
	if (record->rare && !record->rare->calls && !record->rare->rx_session)
		g_clear_pointer(&record->rare, g_free);
	put_in(b, record);
}

void ims_bindings_stand(struct ims_bindings *b,
			const struct ims_attempt *attempt)
{
	struct change change = {.all = b};

	if (ims_slice_is_empty(attempt->impu) &&
	    ims_slice_is_empty(attempt->impi))
		return;
	change.arena = ims_arena_new(0);
	if (change.arena && begin(&change, attempt)) {
		take(&change, attempt);
		settle(&change, attempt);
	}
	ims_arena_free(change.arena);
}

uint64_t ims_bindings_let_go(const struct ims_bindings *b)
{
	return b->let_go;
}
