// SPDX-License-Identifier: GPL-2.0-or-later
#include "bindings.h"

#include "binding_table.h"
#include "binding_texts.h"
#include "check.h"
#include "endings.h"

/* Views that are kept for the next who asks. */
#define VIEWS_KEPT 16u
/* Bytes of texts, likewise. */
#define TEXTS_KEPT 16384u

struct ims_bindings {
	struct ims_binding_table table;
	GPtrArray *views;	 /* of struct ims_binding_view */
	unsigned n_open;	 /* of them */
	struct ims_arena *texts; /* of those; NULL: none */
	uint64_t let_go;
};

/* What stands for somebody, while it changes. */
struct change {
	struct ims_bindings *all;
	struct ims_binding_view view;
	struct ims_identity read[IMS_BINDING_MAX_KEYS]; /* of its keys */
	struct ims_binding_record *record; /* that it was; NULL: a new one */
	uint32_t calls;
	struct ims_arena *arena; /* of what is new */
};

G_STATIC_ASSERT(IMS_BINDING_MAX_KEYS <= 32);

struct ims_bindings *ims_bindings_new(void)
{
	struct ims_bindings *b = g_new0(struct ims_bindings, 1);

	b->views = g_ptr_array_new_with_free_func(g_free);
	return b;
}

/* Laid open; the same one for who asks again. NULL: there is no memory. */
static const struct ims_binding *view_of(
	struct ims_bindings *b, const struct ims_binding_record *record)
{
	struct ims_binding_view *view;

	for (unsigned i = 0; i < b->n_open; i++) {
		view = b->views->pdata[i];
		if (view->number == record->number)
			return &view->about;
	}
	if (!b->texts)
		b->texts = ims_arena_new(0);
	if (!b->texts)
		return NULL;
	if (b->n_open == b->views->len)
		g_ptr_array_add(b->views, g_new(struct ims_binding_view, 1));
	view = b->views->pdata[b->n_open++];
	ims_binding_unpack(view, b->texts, &b->table.records, record);
	return &view->about;
}

void ims_bindings_rest(struct ims_bindings *b)
{
	b->n_open = 0;
	if (b->texts && ims_arena_size(b->texts) > TEXTS_KEPT)
		ims_arena_free(g_steal_pointer(&b->texts));
	if (b->views->len > VIEWS_KEPT)
		g_ptr_array_set_size(b->views, VIEWS_KEPT);
}

const char *const *ims_bindings_keys(struct ims_bindings *b,
				     const struct ims_binding *binding)
{
	struct ims_binding_view *view = (struct ims_binding_view *)binding;
	const struct ims_binding_records *records = &b->table.records;

	/* What has changed since is known as nothing. */
	view->keys[0] = NULL;
	if (view->number)
		ims_binding_unpack_keys(
			view, b->texts, records,
			ims_binding_record_at(records, view->number));
	return view->keys;
}

static struct ims_binding_record *find(const struct ims_bindings *b,
				       const struct ims_identity *identity)
{
	return ims_slice_is_set(identity->user)
		       ? ims_binding_find(&b->table, identity)
		       : NULL;
}

static struct ims_binding_record *lookup(const struct ims_bindings *b,
					 struct ims_slice text)
{
	struct ims_identity identity;

	ims_identity_read(&identity, text);
	return find(b, &identity);
}

static struct ims_binding_rare *rare_of(const struct ims_bindings *b,
					const struct ims_binding_record *record)
{
	return ims_binding_rare_of(&b->table.records, record);
}

/* Who asks again sees what it is then. */
static void forget_view(struct ims_bindings *b,
			const struct ims_binding_record *record)
{
	for (unsigned i = 0; i < b->n_open; i++) {
		struct ims_binding_view *view = b->views->pdata[i];

		if (view->number == record->number)
			view->number = 0;
	}
}

static void drop(struct ims_bindings *b, struct ims_binding_record *record)
{
	forget_view(b, record);
	ims_binding_remove(&b->table, record);
}

void ims_bindings_free(struct ims_bindings *b)
{
	if (!b)
		return;
	ims_binding_table_clear(&b->table);
	ims_arena_free(b->texts);
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

static bool any_call(const struct ims_bindings *b,
		     const struct ims_binding_record *record, int64_t when_ns)
{
	const struct ims_binding_rare *rare = rare_of(b, record);

	return (record->has_call && record->expires_ns >= when_ns) ||
	       (rare && ims_standing_calls_any(&b->table.records.depot,
					       rare->calls, when_ns));
}

static bool remove_call(struct ims_bindings *b,
			struct ims_binding_record *record,
			struct ims_slice call_id)
{
	struct ims_binding_rare *rare = rare_of(b, record);

	if (is_own_call(record, call_id)) {
		record->has_call = false;
		return true;
	}
	return rare && ims_standing_calls_remove(&b->table.records.depot,
						 &rare->calls, call_id);
}

/* All of them, newest first, which the record has no longer. */
static uint32_t take_calls(struct ims_bindings *b,
			   struct ims_binding_record *record)
{
	struct ims_binding_rare *rare = rare_of(b, record);
	uint32_t calls = 0;

	if (rare) {
		calls = rare->calls;
		rare->calls = 0;
	}
	if (record->has_call)
		ims_standing_calls_add(
			&b->table.records.depot, &calls,
			ims_slice_of(ims_binding_record_call_id(record)),
			record->since_ns, record->expires_ns);
	record->has_call = false;
	return calls;
}

static void give_calls(struct ims_bindings *b,
		       struct ims_binding_record *record, uint32_t calls)
{
	struct ims_depot *depot = &b->table.records.depot;
	const char *own = ims_binding_record_call_id(record);
	const struct ims_standing_call *newest =
		calls ? ims_depot_at(depot, calls) : NULL;

	record->has_call = newest && own && strcmp(newest->call_id, own) == 0 &&
			   newest->since_ns == record->since_ns &&
			   newest->expires_ns == record->expires_ns;
	if (record->has_call)
		ims_standing_calls_remove(depot, &calls, ims_slice_of(own));
	if (calls)
		ims_binding_rare_get(&b->table.records, record)->calls = calls;
}

/* Nothing stands any more, or nothing but other contacts. */
static void give_up(struct ims_bindings *b, struct ims_binding_record *record,
		    int64_t now_ns)
{
	record->is_over = true;
	if (!any_call(b, record, now_ns))
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

const struct ims_binding *ims_bindings_find_read(
	struct ims_bindings *b, const struct ims_identity *identity,
	int64_t now_ns)
{
	return standing(b, find(b, identity), now_ns);
}

const struct ims_binding *ims_bindings_at(struct ims_bindings *b,
					  const struct ims_address *ue,
					  int64_t now_ns)
{
	return standing(b, ims_binding_find_at(&b->table, ue), now_ns);
}

bool ims_bindings_are_at(struct ims_bindings *b, const struct ims_address *ue,
			 int64_t now_ns)
{
	return stands(b, ims_binding_find_at(&b->table, ue), now_ns);
}

const struct ims_binding *ims_bindings_find_public(struct ims_bindings *b,
						   bool *barred,
						   struct ims_slice impu,
						   int64_t now_ns)
{
	struct ims_binding_record *record = NULL;
	struct ims_identity identity;
	struct ims_binding_bits bits;
	uint32_t bit;

	*barred = false;
	if (ims_identity_read(&identity, impu))
		record = ims_binding_find(&b->table, &identity);
	if (!record)
		return NULL;
	bit = ims_binding_record_bit(&b->table.records, record, &identity);
	bits = ims_binding_record_bits(record);
	*barred = bits.barred & bit;
	return bits.public & bit ? standing(b, record, now_ns) : NULL;
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
	if (remove_call(b, record, call_id))
		give_up(b, record, now_ns);
	else
		drop(b, record);
}

bool ims_bindings_stand_under(const struct ims_bindings *b,
			      const struct ims_identity *identity,
			      struct ims_slice call_id, int64_t when_ns)
{
	const struct ims_binding_record *record = find(b, identity);
	const struct ims_binding_rare *rare;
	const struct ims_standing_call *call;

	if (!record)
		return false;
	if (is_own_call(record, call_id))
		return record->since_ns < when_ns &&
		       record->expires_ns >= when_ns;
	rare = rare_of(b, record);
	call = rare ? ims_standing_calls_find(&b->table.records.depot,
					      rare->calls, call_id)
		    : NULL;
	return call && call->since_ns < when_ns && call->expires_ns >= when_ns;
}

/* The bit of its place; 0: it is none, or none that is kept. Another record
   under one of its identities is the same set, made anew. */
static uint32_t known_as(struct change *change,
			 const struct ims_identity *identity)
{
	struct ims_binding_view *view = &change->view;
	size_t size = ims_identity_size(identity);
	struct ims_binding_record *other;
	char *key;

	if (!ims_slice_is_set(identity->user) || size > IMS_BINDING_MAX_TEXT)
		return 0;
	for (unsigned i = 0; i < view->n_keys; i++)
		if (ims_identity_equal(identity, &change->read[i]))
			return 1u << i;
	if (view->n_keys == IMS_BINDING_MAX_KEYS)
		return 0;
	key = ims_arena_take(change->arena, size);
	if (!key)
		return 0;
	other = ims_binding_find(&change->all->table, identity);
	if (other)
		drop(change->all, other);
	ims_identity_write(key, identity);
	view->keys[view->n_keys] = key;
	change->read[view->n_keys] = *identity;
	return 1u << view->n_keys++;
}

static void known_publicly(struct change *change, struct ims_slice impu,
			   bool barred)
{
	struct ims_identity identity;
	uint32_t bit;

	ims_identity_read(&identity, impu);
	bit = known_as(change, &identity);
	change->view.bits.public |= bit;
	if (barred)
		change->view.bits.barred |= bit;
}

/* All identities of the implicit set: the profile's, and P-Associated-URI. */
static void take_identities(struct change *change,
			    const struct ims_attempt *attempt)
{
	const struct ims_profile *profile = ims_attempt_profile(attempt);
	const struct ims_sip_facts *final = ims_sip(attempt->final);

	known_as(change, &attempt->impi_read);
	change->view.bits.public |= known_as(change, &attempt->impu_read);
	for (size_t i = 0; profile && i < profile->n_identities; i++)
		known_publicly(change, profile->identities[i].uri,
			       profile->identities[i].barred);
	for (size_t i = 0; final && i < final->associated_uris.n; i++)
		known_publicly(change, final->associated_uris.at[i].uri, false);
}

/* The last AAR that was granted (TS 29.214 4.4.5). */
static void take_rx(struct ims_bindings *b, struct ims_binding_record *record,
		    const struct ims_attempt *attempt)
{
	const struct ims_cx *aar =
		ims_attempt_exchange(attempt, IMS_COMMAND_AA, INT64_MAX);

	if (aar && aar->request && aar->answer && ims_cx_succeeded(aar) &&
	    !ims_slice_is_empty(aar->request->diameter->session_id))
		ims_binding_be_of_rx(&b->table, record,
				     aar->request->diameter->session_id);
}

void ims_bindings_rx_end(struct ims_bindings *b, const struct ims_facts *str)
{
	struct ims_slice session = str->diameter->session_id;
	struct ims_binding_record *record =
		session.at ? ims_binding_find_rx(&b->table, session) : NULL;

	if (record) {
		ims_binding_rx(&b->table, record)->end = str->frame;
		ims_binding_rx(&b->table, record)->end_ns = str->time_ns;
	}
}

static bool is_full(const struct ims_binding_table *table)
{
	return table->n >= IMS_BINDINGS_MAX ||
	       table->size + table->records.shared.size > IMS_BINDINGS_MAX_SIZE;
}

static void make_room(struct ims_bindings *b)
{
	while (b->table.n && is_full(&b->table)) {
		drop(b, ims_binding_oldest(&b->table));
		b->let_go++;
	}
}

static void lay_open(struct change *change,
		     const struct ims_binding_record *record)
{
	const struct ims_binding_records *records = &change->all->table.records;
	struct ims_binding_view *view = &change->view;

	ims_binding_unpack(view, change->arena, records, record);
	ims_binding_unpack_keys(view, change->arena, records, record);
	for (unsigned i = 0; i < view->n_keys; i++)
		change->read[i] = ims_identity_of_key(view->keys[i]);
}

/* Lays open what stands so far, or nothing. False: one that began later has
   been told of already. */
static bool begin(struct change *change, const struct ims_attempt *attempt)
{
	struct ims_bindings *b = change->all;
	struct ims_binding_record *record = find(b, &attempt->impu_read);

	if (!record)
		record = find(b, &attempt->impi_read);
	if (record && !record->is_over) {
		ims_binding_touch(&b->table, record);
		lay_open(change, record);
		if (record->since_ns > attempt->start_ns)
			return false;
		change->calls = take_calls(b, record);
		change->record = record;
		return true;
	}
	if (record) {
		change->calls = take_calls(b, record);
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
	ims_standing_calls_add(&change->all->table.records.depot,
			       &change->calls, attempt->call_id,
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
	struct ims_binding_record *record;
	const struct ims_binding_rare *rare;

	if (change->record)
		forget_view(b, change->record);
	record = ims_binding_put(&b->table, change->record, &change->view);
	if (attempt->ue.address.family)
		ims_binding_be_of_ue(&b->table, record);
	give_calls(b, record, change->calls);
	take_rx(b, record, attempt);
	rare = rare_of(b, record);
	if (rare && !rare->calls && !rare->rx)
		ims_binding_rare_drop(&b->table.records, record);
}

static void withdraw(const struct change *change, struct ims_endings *endings,
		     int64_t since_ns)
{
	for (unsigned i = 0; i < change->view.n_keys; i++)
		ims_endings_withdraw(endings, &change->read[i], since_ns);
}

void ims_bindings_stand(struct ims_bindings *b, struct ims_endings *endings,
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
	withdraw(&change, endings, attempt->last_ns);
	ims_arena_free(change.arena);
}

uint64_t ims_bindings_let_go(const struct ims_bindings *b)
{
	return b->let_go;
}
