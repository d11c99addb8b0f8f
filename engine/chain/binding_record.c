// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Behind the record: texts (see ims_packed_put_ending), then what points into
 * them and the rest: the UE, the bits of the keys, IMPU, IMPI and keys, what is
 * shared, the other texts that it has, the mechanisms, the ports of the
 * agreement, numbers. Identities and keys are in parts (parted.h).
 */
#include "binding_record.h"

#include <glib.h>

enum {
	HAS_CALL_ID = 1 << 0,
	HAS_IMPI = 1 << 1,
	HAS_IMPU = 1 << 2,
	HAS_NONCE = 1 << 3,
	N_TEXTS = 4,
};

enum {
	N_BITS = 2,   /* numbers of them */
	N_SHARED = 4, /* S-CSCF, P-CSCF, servers, core */
};

#define MAX_TEXTS                                                    \
	((N_TEXTS + IMS_BINDING_MAX_KEYS + IMS_SIP_MAX_MECHANISMS) * \
	 (IMS_BINDING_MAX_TEXT + 1))
#define MAX_ENTRIES                                              \
	((N_TEXTS + IMS_BINDING_MAX_KEYS) * IMS_PARTED_MAX +     \
	 (IMS_SIP_MAX_MECHANISMS + 10) * IMS_PACKED_NUMBER_MAX + \
	 6 * sizeof(uint16_t) + sizeof(struct ims_address))

G_STATIC_ASSERT(MAX_TEXTS <= UINT16_MAX);
G_STATIC_ASSERT(IMS_BINDING_MAX_KEYS < 1 << 5);
G_STATIC_ASSERT(IMS_SIP_MAX_MECHANISMS < 1 << 6);
G_STATIC_ASSERT(IMS_BINDING_MAX_KEYS <= IMS_PARTED_MAX_HASHES);

/* One that is a record's own. */
static void put_text(struct ims_packed *entries, struct ims_packed *texts,
		     const char *text)
{
	ims_packed_put_number(entries,
			      ims_packed_put_text(texts, ims_slice_of(text)));
}

static const char *get_text(const char **at, const char *texts)
{
	return texts + ims_packed_get_number(at);
}

static void put_port(struct ims_packed *entries, uint16_t port)
{
	ims_packed_put(entries, &port, sizeof(port));
}

static uint16_t get_port(const char **at)
{
	uint16_t port;

	ims_packed_get(at, &port, sizeof(port));
	return port;
}

/* The texts there are, of those that may be missing: bits. */
static unsigned has(const struct ims_binding *about)
{
	return (about->call_id ? HAS_CALL_ID : 0u) |
	       (about->impi ? HAS_IMPI : 0u) | (about->impu ? HAS_IMPU : 0u) |
	       (about->security_nonce ? HAS_NONCE : 0u);
}

static bool has_ports(const struct ims_binding *about)
{
	return about->ue_port_c || about->ue_port_s || about->pcscf_port_c ||
	       about->pcscf_port_s;
}

/* The URI first: its user ends with that of the IMPI, and of a key. */
static void put_identities(struct ims_packed *entries, struct ims_packed *texts,
			   struct ims_shared *shared,
			   const struct ims_binding_view *view)
{
	const struct ims_binding *about = &view->about;

	if (about->impu)
		ims_parted_put(entries, texts, shared, about->impu);
	if (about->impi)
		ims_parted_put(entries, texts, shared, about->impi);
	for (unsigned i = 0; i < view->n_keys; i++)
		ims_parted_put(entries, texts, shared, view->keys[i]);
}

static void put_texts(struct ims_packed *entries, struct ims_packed *texts,
		      const struct ims_binding_view *view)
{
	const struct ims_binding *about = &view->about;

	if (about->call_id)
		put_text(entries, texts, about->call_id);
	if (about->security_nonce)
		put_text(entries, texts, about->security_nonce);
	for (unsigned i = 0; view->mechanisms[i]; i++)
		put_text(entries, texts, view->mechanisms[i]);
}

static void put_ports(struct ims_packed *entries,
		      const struct ims_binding *about)
{
	put_port(entries, about->ue_port_c);
	put_port(entries, about->ue_port_s);
	put_port(entries, about->pcscf_port_c);
	put_port(entries, about->pcscf_port_s);
}

static void get_ports(const char **at, struct ims_binding *about)
{
	about->ue_port_c = get_port(at);
	about->ue_port_s = get_port(at);
	about->pcscf_port_c = get_port(at);
	about->pcscf_port_s = get_port(at);
}

/* The handling of each, and its name with the NUL. */
static uint32_t share_servers(struct ims_shared *shared,
			      const struct ims_binding *about)
{
	char room[IMS_BINDING_MAX_SERVERS *
		  (sizeof(about->servers->default_handling) +
		   IMS_BINDING_MAX_TEXT + 1)];
	struct ims_packed bytes = {room, 0};

	for (unsigned i = 0; i < about->n_servers; i++) {
		const struct ims_binding_server *one = &about->servers[i];

		ims_packed_put(&bytes, &one->default_handling,
			       sizeof(one->default_handling));
		ims_packed_put_text(
			&bytes, ims_slice_of(one->server ? one->server : ""));
	}
	return about->n_servers ? ims_shared_take(shared, ims_slice(bytes.at,
								    bytes.size))
				: 0;
}

static void lay_out_servers(struct ims_binding_view *view,
			    struct ims_slice bytes)
{
	struct ims_binding *about = &view->about;
	const char *at = bytes.at;

	while (at < bytes.at + bytes.len) {
		struct ims_binding_server *one =
			&view->servers[about->n_servers++];

		ims_packed_get(&at, &one->default_handling,
			       sizeof(one->default_handling));
		one->server = at;
		at += strlen(at) + 1;
	}
	about->servers = about->n_servers ? view->servers : NULL;
}

static uint32_t share_core(struct ims_shared *shared, uint64_t core)
{
	return core ? ims_shared_take(shared, ims_slice((const char *)&core,
							sizeof(core)))
		    : 0;
}

/* ims_binding_record_free gives it back. Ports are of agreements, so the
   P-CSCF's is not among it. */
static void put_shared(struct ims_packed *entries, struct ims_shared *shared,
		       const struct ims_binding *about)
{
	const uint32_t numbers[N_SHARED] = {
		ims_shared_take(shared, ims_slice_of(about->scscf)),
		ims_shared_take_address(shared, &about->pcscf.address),
		share_servers(shared, about),
		share_core(shared, about->core),
	};

	for (unsigned i = 0; i < N_SHARED; i++)
		ims_packed_put_number(entries, numbers[i]);
}

static void get_shared(const char **at, struct ims_binding_view *view,
		       const struct ims_shared *shared)
{
	struct ims_binding *about = &view->about;
	uint32_t numbers[N_SHARED];
	struct ims_slice core;

	for (unsigned i = 0; i < N_SHARED; i++)
		numbers[i] = (uint32_t)ims_packed_get_number(at);
	about->scscf = ims_shared_text(shared, numbers[0]);
	about->pcscf.address = ims_shared_address(shared, numbers[1]);
	lay_out_servers(view, ims_shared_bytes(shared, numbers[2]));
	core = ims_shared_bytes(shared, numbers[3]);
	if (core.at)
		memcpy(&about->core, core.at, sizeof(about->core));
}

static void put_numbers(struct ims_packed *entries,
			const struct ims_binding *about)
{
	put_port(entries, about->pcscf.port);
	ims_packed_put_number(entries, about->registration);
	ims_packed_put_number(entries, about->assigned.number);
	if (about->assigned.capture)
		ims_packed_put_number(entries, about->assigned.capture);
	ims_packed_put_time(entries, about->assigned_ns, about->since_ns, 0);
}

static void get_numbers(const char **at, struct ims_binding *about,
			const struct ims_binding_record *record)
{
	about->pcscf.port = get_port(at);
	about->registration = ims_packed_get_number(at);
	about->assigned.number = ims_packed_get_number(at);
	if (record->has_capture)
		about->assigned.capture = (uint32_t)ims_packed_get_number(at);
	about->assigned_ns = ims_packed_get_time(at, about->since_ns, 0);
}

static void put_ue(struct ims_packed *entries, const struct ims_endpoint *ue)
{
	ims_packed_put_address(entries, &ue->address);
	put_port(entries, ue->port);
}

static void get_ue(const char **at, struct ims_endpoint *ue)
{
	ims_packed_get_address(at, &ue->address);
	ue->port = get_port(at);
}

static void put_all(struct ims_packed *entries, struct ims_packed *texts,
		    struct ims_shared *shared,
		    const struct ims_binding_view *view)
{
	const struct ims_binding *about = &view->about;

	put_ue(entries, &about->ue);
	ims_packed_put_number(entries, view->bits.public);
	ims_packed_put_number(entries, view->bits.barred);
	put_identities(entries, texts, shared, view);
	put_shared(entries, shared, about);
	put_texts(entries, texts, view);
	if (has_ports(about))
		put_ports(entries, about);
	put_numbers(entries, about);
}

static unsigned count_mechanisms(const struct ims_binding_view *view)
{
	unsigned n = 0;

	while (view->mechanisms[n])
		n++;
	return n;
}

void ims_binding_rare_drop(struct ims_binding_records *records,
			   struct ims_binding_record *record)
{
	struct ims_binding_rare *rare = ims_binding_rare_of(records, record);
	struct ims_binding_rx *rx = ims_binding_rx_of(records, record);

	if (!rare)
		return;
	ims_standing_calls_free(&records->depot, &rare->calls);
	if (rx) {
		ims_numbered_remove(&records->rx, rare->rx);
		g_free(rx->session);
		g_free(rx);
	}
	ims_depot_remove(&records->depot, record->rare);
	record->rare = 0;
}

static const char *entries_of(const struct ims_binding_record *record)
{
	return record->data + record->texts_size;
}

static const char *bits_of(const struct ims_binding_record *record)
{
	const char *at = entries_of(record);
	struct ims_endpoint ue;

	get_ue(&at, &ue);
	return at;
}

static const char *identities_of(const struct ims_binding_record *record)
{
	const char *at = bits_of(record);

	ims_packed_skip_numbers(&at, N_BITS);
	return at;
}

/* Of them, those that are no keys. */
static unsigned n_named(const struct ims_binding_record *record)
{
	return (record->has & HAS_IMPI ? 1 : 0) +
	       (record->has & HAS_IMPU ? 1 : 0);
}

static const char *keys_of(const struct ims_binding_record *record)
{
	const char *at = identities_of(record);

	ims_packed_skip_numbers(&at, n_named(record) * IMS_PARTED_NUMBERS);
	return at;
}

static const char *behind_shared(const struct ims_binding_record *record)
{
	const char *at = keys_of(record);

	ims_packed_skip_numbers(&at,
				record->n_keys * IMS_PARTED_NUMBERS + N_SHARED);
	return at;
}

static void lay_out_texts(struct ims_binding_view *view, const char **at,
			  const struct ims_binding_record *record)
{
	struct ims_binding *about = &view->about;
	const char *texts = record->data;

	if (record->has & HAS_CALL_ID)
		about->call_id = get_text(at, texts);
	if (record->has & HAS_NONCE)
		about->security_nonce = get_text(at, texts);
	for (unsigned i = 0; i < record->n_mechanisms; i++)
		view->mechanisms[i] = get_text(at, texts);
	view->mechanisms[record->n_mechanisms] = NULL;
	if (record->n_mechanisms)
		about->security_server = view->mechanisms;
	if (record->has_ports)
		get_ports(at, about);
}

static void lay_out_identities(struct ims_binding_view *view, const char **at,
			       struct ims_arena *arena,
			       const struct ims_shared *shared,
			       const struct ims_binding_record *record)
{
	const char *texts = record->data;

	if (record->has & HAS_IMPU)
		view->about.impu = ims_parted_text(
			ims_parted_get(at, texts, shared), arena);
	if (record->has & HAS_IMPI)
		view->about.impi = ims_parted_text(
			ims_parted_get(at, texts, shared), arena);
	view->n_keys = 0;
	ims_packed_skip_numbers(at, record->n_keys * IMS_PARTED_NUMBERS);
}

void ims_binding_unpack_keys(struct ims_binding_view *view,
			     struct ims_arena *arena,
			     const struct ims_binding_records *records,
			     const struct ims_binding_record *record)
{
	const char *at = keys_of(record);

	for (unsigned i = 0; i < record->n_keys; i++) {
		const char *key = ims_parted_text(
			ims_parted_get(&at, record->data, &records->shared),
			arena);

		view->keys[i] = key ? key : "";
	}
	view->n_keys = record->n_keys;
	view->keys[view->n_keys] = NULL;
}

static void lay_out_rx(struct ims_binding *about,
		       const struct ims_binding_rx *rx)
{
	if (!rx)
		return;
	about->rx_session = rx->session;
	about->rx_end = rx->end;
	about->rx_end_ns = rx->end_ns;
}

void ims_binding_unpack(struct ims_binding_view *view, struct ims_arena *arena,
			const struct ims_binding_records *records,
			const struct ims_binding_record *record)
{
	const struct ims_shared *shared = &records->shared;
	const char *at = identities_of(record);

	view->number = record->number;
	view->about = (struct ims_binding){
		.expires_ns = record->expires_ns,
		.since_ns = record->since_ns,
		.serves_clear = record->serves_clear,
	};
	view->about.ue = ims_binding_record_ue(record);
	view->bits = ims_binding_record_bits(record);
	lay_out_identities(view, &at, arena, shared, record);
	get_shared(&at, view, shared);
	lay_out_texts(view, &at, record);
	get_numbers(&at, &view->about, record);
	lay_out_rx(&view->about, ims_binding_rx_of(records, record));
}

static void give_shared(struct ims_shared *shared,
			const struct ims_binding_record *record)
{
	const char *at = identities_of(record);

	for (unsigned i = 0; i < n_named(record) + record->n_keys; i++)
		ims_parted_give(&at, shared);
	for (unsigned i = 0; i < N_SHARED; i++)
		ims_shared_give(shared, (uint32_t)ims_packed_get_number(&at));
}

void ims_binding_record_free(struct ims_binding_records *records,
			     struct ims_binding_record *record)
{
	give_shared(&records->shared, record);
	ims_binding_rare_drop(records, record);
	ims_depot_remove(&records->depot, record->number);
}

/* One with room for so much behind it. */
static struct ims_binding_record *record_get(
	struct ims_binding_records *records, size_t size,
	struct ims_binding_record *over)
{
	uint32_t number;

	size = MAX(sizeof(*over),
		   offsetof(struct ims_binding_record, data) + size);
	if (over && ims_depot_fits(&records->depot, over->number, size)) {
		give_shared(&records->shared, over);
		return over;
	}
	number = ims_depot_add(&records->depot, size);
	over = ims_binding_record_at(records, number);
	*over = (struct ims_binding_record){.number = number};
	return over;
}

struct ims_binding_record *ims_binding_pack(struct ims_binding_records *records,
					    const struct ims_binding_view *view,
					    struct ims_binding_record *over)
{
	const struct ims_binding *about = &view->about;
	char texts_room[MAX_TEXTS];
	char entries_room[MAX_ENTRIES];
	struct ims_packed texts = {texts_room, 0};
	struct ims_packed entries = {entries_room, 0};
	struct ims_binding_record *record;

	put_all(&entries, &texts, &records->shared, view);
	record = record_get(records, texts.size + entries.size, over);
	record->expires_ns = about->expires_ns;
	record->since_ns = about->since_ns;
	record->texts_size = (uint16_t)texts.size;
	record->n_keys = view->n_keys & 0x1f;
	record->n_mechanisms = count_mechanisms(view) & 0x3f;
	record->has = has(about) & 0xf;
	record->has_capture = about->assigned.capture != 0;
	record->serves_clear = about->serves_clear;
	record->has_ports = has_ports(about);
	memcpy(record->data, texts.at, texts.size);
	memcpy(record->data + texts.size, entries.at, entries.size);
	return record;
}

struct ims_binding_bits ims_binding_record_bits(
	const struct ims_binding_record *record)
{
	const char *at = bits_of(record);
	struct ims_binding_bits bits;

	bits.public = (uint32_t)ims_packed_get_number(&at);
	bits.barred = (uint32_t)ims_packed_get_number(&at);
	return bits;
}

uint32_t ims_binding_record_bit(const struct ims_binding_records *records,
				const struct ims_binding_record *record,
				const struct ims_identity *identity)
{
	unsigned place =
		ims_parted_find(keys_of(record), record->n_keys, record->data,
				&records->shared, identity);

	return place < record->n_keys ? 1u << place : 0;
}

struct ims_parted_hashes ims_binding_record_hashes(
	const struct ims_binding_records *records,
	const struct ims_binding_record *record)
{
	return ims_parted_hashes_of(keys_of(record), record->n_keys,
				    record->data, &records->shared);
}

struct ims_endpoint ims_binding_record_ue(
	const struct ims_binding_record *record)
{
	const char *at = entries_of(record);
	struct ims_endpoint ue;

	get_ue(&at, &ue);
	return ue;
}

const char *ims_binding_record_call_id(const struct ims_binding_record *record)
{
	const char *at = behind_shared(record);

	return record->has & HAS_CALL_ID ? get_text(&at, record->data) : NULL;
}

struct ims_binding_rare *ims_binding_rare_get(
	struct ims_binding_records *records, struct ims_binding_record *record)
{
	struct ims_binding_rare *rare = ims_binding_rare_of(records, record);

	if (rare)
		return rare;
	record->rare = ims_depot_add(&records->depot, sizeof(*rare));
	rare = ims_binding_rare_of(records, record);
	*rare = (struct ims_binding_rare){0};
	return rare;
}

struct ims_binding_rx *ims_binding_rx_get(struct ims_binding_records *records,
					  struct ims_binding_record *record)
{
	struct ims_binding_rare *rare = ims_binding_rare_get(records, record);

	if (!rare->rx)
		rare->rx = ims_numbered_add(&records->rx,
					    g_new0(struct ims_binding_rx, 1));
	return ims_binding_rx_of(records, record);
}

void ims_binding_records_clear(struct ims_binding_records *records)
{
	ims_shared_clear(&records->shared);
	ims_depot_clear(&records->depot);
	ims_numbered_clear(&records->rx);
}
