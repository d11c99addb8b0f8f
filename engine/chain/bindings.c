// SPDX-License-Identifier: GPL-2.0-or-later
#include "bindings.h"

#include "check.h"
#include "index.h"
#include "standing_calls.h"

struct record {
	struct ims_binding about; /* first */
	GList age;
	GPtrArray *keys; /* of char * in by_identity */
	/* Bits, by place in `keys`: the public ones, and those barred. */
	uint32_t public;
	uint32_t barred;
	struct ims_standing_call *calls;
	bool is_over; /* kept for `calls` alone */
};

G_STATIC_ASSERT(IMS_BINDINGS_MAX_IMPUS < 32);

struct ims_bindings {
	GHashTable *by_identity; /* key -> record */
	GHashTable *by_ue;	 /* address -> record, the last there */
	GHashTable *by_rx;	 /* Rx Session-Id -> record; borrowed keys */
	GQueue ages;
	uint64_t let_go;
};

struct ims_bindings *ims_bindings_new(void)
{
	struct ims_bindings *b = g_new0(struct ims_bindings, 1);

	b->by_identity = g_hash_table_new(ims_text_hash, g_str_equal);
	b->by_ue = ims_address_table_new();
	b->by_rx = g_hash_table_new(ims_text_hash, g_str_equal);
	g_queue_init(&b->ages);
	return b;
}

static void servers_free(struct ims_binding *binding)
{
	for (unsigned i = 0; i < binding->n_servers; i++)
		g_free(binding->servers[i].server);
	g_free(binding->servers);
	binding->servers = NULL;
	binding->n_servers = 0;
}

static void forget_rx(struct ims_bindings *b, struct record *record)
{
	char *session = record->about.rx_session;

	if (session && g_hash_table_lookup(b->by_rx, session) == record)
		g_hash_table_remove(b->by_rx, session);
	g_clear_pointer(&record->about.rx_session, g_free);
	record->about.rx_end_ns = 0;
}

static void drop(struct ims_bindings *b, struct record *record)
{
	for (unsigned i = 0; i < record->keys->len; i++)
		if (g_hash_table_lookup(b->by_identity,
					record->keys->pdata[i]) == record)
			g_hash_table_remove(b->by_identity,
					    record->keys->pdata[i]);
	if (g_hash_table_lookup(b->by_ue, &record->about.ue.address) == record)
		g_hash_table_remove(b->by_ue, &record->about.ue.address);
	forget_rx(b, record);
	g_queue_unlink(&b->ages, &record->age);
	g_ptr_array_free(record->keys, TRUE);
	g_free(record->about.impi);
	g_strfreev(record->about.impus);
	g_free(record->about.call_id);
	g_free(record->about.scscf);
	g_strfreev(record->about.security_server);
	g_free(record->about.security_nonce);
	servers_free(&record->about);
	ims_standing_calls_free(&record->calls);
	g_free(record);
}

void ims_bindings_free(struct ims_bindings *b)
{
	if (!b)
		return;
	while (b->ages.head)
		drop(b, b->ages.head->data);
	g_hash_table_destroy(b->by_identity);
	g_hash_table_destroy(b->by_ue);
	g_hash_table_destroy(b->by_rx);
	g_free(b);
}

static struct record *lookup(const struct ims_bindings *b,
			     struct ims_slice identity)
{
	char *key = ims_identity_key(identity);
	struct record *record = NULL;

	if (key)
		record = g_hash_table_lookup(b->by_identity, key);
	g_free(key);
	return record;
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
	return standing(b, g_hash_table_lookup(b->by_ue, ue), now_ns);
}

static uint32_t bit_of(const struct record *record, const char *key)
{
	for (unsigned i = 0; i < record->keys->len; i++)
		if (strcmp(record->keys->pdata[i], key) == 0)
			return 1u << i;
	return 0;
}

const struct ims_binding *ims_bindings_find_public(struct ims_bindings *b,
						   bool *barred,
						   struct ims_slice impu,
						   int64_t now_ns)
{
	char *key = ims_identity_key(impu);
	struct record *record =
		key ? g_hash_table_lookup(b->by_identity, key) : NULL;
	uint32_t bit = record ? bit_of(record, key) : 0;

	*barred = record && (record->barred & bit);
	if (record && !(record->public & bit))
		record = NULL;
	g_free(key);
	return standing(b, record, now_ns);
}

const GPtrArray *ims_binding_keys(const struct ims_binding *binding)
{
	return ((const struct record *)binding)->keys;
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

/* Another record under one of its identities is the same set, made anew. */
static void known_as(struct ims_bindings *b, struct record *record,
		     struct ims_slice identity)
{
	char *key = ims_identity_key(identity);
	struct record *other;

	if (!key)
		return;
	other = g_hash_table_lookup(b->by_identity, key);
	if (other == record || record->keys->len > IMS_BINDINGS_MAX_IMPUS) {
		g_free(key);
		return;
	}
	if (other)
		drop(b, other);
	g_hash_table_insert(b->by_identity, key, record);
	g_ptr_array_add(record->keys, key);
}

static void known_publicly(struct ims_bindings *b, struct record *record,
			   struct ims_slice impu, bool barred)
{
	char *key;

	known_as(b, record, impu);
	key = ims_identity_key(impu);
	if (key) {
		record->public |= bit_of(record, key);
		if (barred)
			record->barred |= bit_of(record, key);
	}
	g_free(key);
}

static char *copy(struct ims_slice s)
{
	return ims_slice_is_set(s) ? g_strndup(s.at, s.len) : NULL;
}

static char **copy_mechanisms(const struct ims_sip_mechanisms *mechanisms)
{
	char **list;

	if (!mechanisms->n)
		return NULL;
	list = g_new0(char *, mechanisms->n + 1);
	for (size_t i = 0; i < mechanisms->n; i++)
		list[i] = copy(mechanisms->at[i].text);
	return list;
}

static const struct ims_sip_facts *last_with_agreement(
	const struct ims_attempt *attempt)
{
	const struct ims_sip_facts *found = NULL;

	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_hop *hop = NULL;
		const struct ims_facts *challenge =
			ims_journey_challenge(attempt->journeys[i], &hop);

		if (challenge && hop->depth == 1 &&
		    challenge->sip->security_server.n)
			found = challenge->sip;
	}
	return found;
}

static const struct ims_sip_mechanisms *last_offer(
	const struct ims_attempt *attempt)
{
	const struct ims_sip_mechanisms *found = NULL;

	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_hop *hop =
			ims_journey_first(attempt->journeys[i]);

		if (hop && hop->depth == 1 && hop->request &&
		    hop->request->sip->security_client.n)
			found = &hop->request->sip->security_client;
	}
	return found;
}

/* Some leg shows a challenge, or a REGISTER that answers one. */
static bool was_challenged(const struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_facts *request =
			ims_journey_request(attempt->journeys[i]);

		if (ims_journey_challenge(attempt->journeys[i], NULL) ||
		    (request &&
		     !ims_slice_is_empty(request->sip->authorization.response)))
			return true;
	}
	return false;
}

static void forget_agreement(struct ims_binding *binding)
{
	g_strfreev(binding->security_server);
	binding->security_server = NULL;
	g_clear_pointer(&binding->security_nonce, g_free);
	binding->pcscf_port_c = binding->pcscf_port_s = 0;
	binding->ue_port_c = binding->ue_port_s = 0;
	binding->serves_clear = false;
}

/* The P-CSCF takes on its protected port what is not protected: a laboratory
   without IPsec, or a capture from behind it. */
static void note_clear(struct ims_binding *binding,
		       const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_hop *hop = last ? ims_journey_first(last) : NULL;

	if (!hop || hop->depth != 1 || !hop->request || !hop->final ||
	    hop->request->protected || hop->final->sip->status >= 300)
		return;
	binding->serves_clear |=
		binding->pcscf_port_s &&
		hop->request->destination.port == binding->pcscf_port_s;
}

/* Each challenge makes the agreement anew: one that the capture does not hold
   leaves nothing to compare with. Without a challenge the old one stands. */
static void take_agreement(struct ims_binding *binding,
			   const struct ims_attempt *attempt)
{
	const struct ims_sip_facts *challenge = last_with_agreement(attempt);
	const struct ims_sip_mechanisms *offer = last_offer(attempt);

	if (challenge || was_challenged(attempt))
		forget_agreement(binding);
	if (!challenge)
		return;
	binding->security_server = copy_mechanisms(&challenge->security_server);
	binding->security_nonce = copy(challenge->challenge.nonce);
	binding->pcscf_port_c = challenge->security_server.at[0].port_c;
	binding->pcscf_port_s = challenge->security_server.at[0].port_s;
	if (offer) {
		binding->ue_port_c = offer->at[0].port_c;
		binding->ue_port_s = offer->at[0].port_s;
	}
}

/* All identities of the implicit set: the profile's, and P-Associated-URI. */
static void take_identities(struct ims_bindings *b, struct record *record,
			    const struct ims_attempt *attempt)
{
	const struct ims_profile *profile = ims_attempt_profile(attempt);
	const struct ims_sip_facts *final = ims_sip(attempt->final);
	struct ims_binding *binding = &record->about;

	known_as(b, record, attempt->impi);
	known_publicly(b, record, attempt->impu, false);
	for (size_t i = 0; profile && i < profile->n_identities; i++)
		known_publicly(b, record, profile->identities[i].uri,
			       profile->identities[i].barred);
	for (size_t i = 0; final && i < final->associated_uris.n; i++)
		known_publicly(b, record, final->associated_uris.at[i].uri,
			       false);
	if (!binding->impus && ims_slice_is_set(attempt->impu)) {
		binding->impus = g_new0(char *, 2);
		binding->impus[0] = copy(attempt->impu);
	}
}

static void take_servers(struct ims_binding *binding,
			 const struct ims_profile *profile)
{
	if (!profile)
		return;
	servers_free(binding);
	binding->servers =
		g_new0(struct ims_binding_server,
		       MIN(profile->n_ifcs, IMS_BINDING_MAX_SERVERS) + 1);
	for (size_t i = 0; i < profile->n_ifcs &&
			   binding->n_servers < IMS_BINDING_MAX_SERVERS;
	     i++) {
		struct ims_binding_server *server =
			&binding->servers[binding->n_servers];

		if (!profile->ifcs[i].on_register)
			continue;
		server->server = copy(profile->ifcs[i].server);
		server->default_handling = profile->ifcs[i].default_handling;
		binding->n_servers++;
	}
}

/* The last AAR that was granted (TS 29.214 4.4.5). */
static void take_rx(struct ims_bindings *b, struct record *record,
		    const struct ims_attempt *attempt)
{
	const struct ims_cx *aar =
		ims_attempt_exchange(attempt, IMS_COMMAND_AA, INT64_MAX);

	if (!aar || !aar->request || !aar->answer || !ims_cx_succeeded(aar) ||
	    ims_slice_is_empty(aar->request->diameter->session_id))
		return;
	forget_rx(b, record);
	record->about.rx_session = copy(aar->request->diameter->session_id);
	g_hash_table_replace(b->by_rx, record->about.rx_session, record);
}

void ims_bindings_rx_end(struct ims_bindings *b, const struct ims_facts *str)
{
	char *session = copy(str->diameter->session_id);
	struct record *record =
		session ? g_hash_table_lookup(b->by_rx, session) : NULL;

	if (record) {
		record->about.rx_end = str->frame;
		record->about.rx_end_ns = str->time_ns;
	}
	g_free(session);
}

static void keep(char **text, struct ims_slice value)
{
	if (!ims_slice_is_set(value))
		return;
	g_free(*text);
	*text = copy(value);
}

/* The SAR by which the S-CSCF made itself known for the user, and whose answer
   says that the HSS keeps its name (TS 29.228 6.1.2: not so with 2004 of
   3GPP, 2006 in RFC 4740). */
static const struct ims_cx *assignment_of(const struct ims_attempt *attempt)
{
	/* An emergency registration stands beside the user's own. */
	if (attempt->kind == IMS_KIND_EMERGENCY)
		return NULL;
	for (unsigned i = attempt->n_exchanges; i-- > 0;) {
		const struct ims_cx *cx = attempt->exchanges[i];
		const struct ims_diameter_facts *d = ims_diameter(cx->request);

		if (cx->command == IMS_COMMAND_SA && d && cx->answer &&
		    ims_cx_succeeded(cx) &&
		    (d->assignment_type == 1 || d->assignment_type == 2))
			return cx->about.result.code == 2001 ? cx : NULL;
	}
	return NULL;
}

/* Without a SAR the old assignment is kept with its S-CSCF. */
static void take_assignment(struct ims_binding *binding,
			    const struct ims_attempt *attempt)
{
	const struct ims_cx *sar = assignment_of(attempt);

	if (sar) {
		keep(&binding->scscf, sar->request->diameter->server_name);
		binding->assigned = sar->answer->frame;
		binding->assigned_ns = sar->answer->time_ns;
		binding->core = ims_cx_core(sar);
	} else if (ims_slice_is_set(attempt->scscf) &&
		   (!binding->scscf ||
		    !ims_slice_is(attempt->scscf, binding->scscf))) {
		binding->assigned = (struct ims_frame){0};
		keep(&binding->scscf, attempt->scscf);
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
	if (b->ages.length == IMS_BINDINGS_MAX) {
		drop(b, b->ages.head->data);
		b->let_go++;
	}
	record = g_new0(struct record, 1);
	record->age.data = record;
	record->calls = calls;
	record->keys = g_ptr_array_new_with_free_func(g_free);
	g_queue_push_tail_link(&b->ages, &record->age);
	return record;
}

void ims_bindings_stand(struct ims_bindings *b,
			const struct ims_attempt *attempt)
{
	struct record *record;
	struct ims_binding *binding;

	if (ims_slice_is_empty(attempt->impu) &&
	    ims_slice_is_empty(attempt->impi))
		return;
	record = record_for(b, attempt);
	binding = &record->about;
	/* One that began later has been told of already. */
	if (binding->since_ns > attempt->start_ns)
		return;
	keep(&binding->impi, attempt->impi);
	keep(&binding->call_id, attempt->call_id);
	take_assignment(binding, attempt);
	binding->registration = attempt->id;
	binding->since_ns = attempt->start_ns;
	binding->expires_ns =
		attempt->expires > 0 && attempt->expires < 100000000
			? attempt->last_ns + attempt->expires * IMS_SECOND
			: INT64_MAX;
	ims_standing_calls_add(&record->calls, attempt->call_id,
			       binding->since_ns, binding->expires_ns);
	if (attempt->ue.address.family) {
		if (g_hash_table_lookup(b->by_ue, &binding->ue.address) ==
		    record)
			g_hash_table_remove(b->by_ue, &binding->ue.address);
		binding->ue = attempt->ue;
		g_hash_table_replace(b->by_ue, &binding->ue.address, record);
	}
	if (attempt->pcscf.endpoint.address.family)
		binding->pcscf = attempt->pcscf.endpoint;
	take_agreement(binding, attempt);
	note_clear(binding, attempt);
	take_rx(b, record, attempt);
	take_identities(b, record, attempt);
	take_servers(binding, ims_attempt_profile(attempt));
}

uint64_t ims_bindings_let_go(const struct ims_bindings *b)
{
	return b->let_go;
}
