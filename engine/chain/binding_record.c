// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Behind the record: texts (see ims_packed_put_text), then where in them the
 * keys are, the UE, the places of the other texts that it has, of the
 * mechanisms, and the ports of the agreement.
 */
#include "binding_record.h"

#include <glib.h>

#include "packed.h"

enum {
	HAS_CALL_ID = 1 << 0,
	HAS_IMPI = 1 << 1,
	HAS_IMPU = 1 << 2,
	HAS_NONCE = 1 << 3,
	N_TEXTS = 4,
};

#define MAX_TEXTS                                                    \
	((N_TEXTS + IMS_BINDING_MAX_KEYS + IMS_SIP_MAX_MECHANISMS) * \
	 (IMS_BINDING_MAX_TEXT + 1))
#define MAX_ENTRIES                                                      \
	((N_TEXTS + IMS_BINDING_MAX_KEYS + IMS_SIP_MAX_MECHANISMS + 4) * \
		 sizeof(uint16_t) +                                      \
	 sizeof(struct ims_endpoint))

G_STATIC_ASSERT(MAX_TEXTS <= UINT16_MAX);

static void put_place(struct ims_packed *entries, struct ims_packed *texts,
		      const char *text)
{
	uint16_t place = ims_packed_put_text(texts, text);

	ims_packed_put(entries, &place, sizeof(place));
}

static const char *get_text(const char **at, const char *texts)
{
	uint16_t place;

	ims_packed_get(at, &place, sizeof(place));
	return texts + place;
}

/* The texts there are, of those that may be missing: bits. */
static uint16_t has(const struct ims_binding *about)
{
	return (about->call_id ? HAS_CALL_ID : 0) |
	       (about->impi ? HAS_IMPI : 0) | (about->impu ? HAS_IMPU : 0) |
	       (about->security_nonce ? HAS_NONCE : 0);
}

static bool has_ports(const struct ims_binding *about)
{
	return about->ue_port_c || about->ue_port_s || about->pcscf_port_c ||
	       about->pcscf_port_s;
}

static void put_ports(struct ims_packed *entries,
		      const struct ims_binding *about)
{
	const uint16_t ports[] = {about->ue_port_c, about->ue_port_s,
				  about->pcscf_port_c, about->pcscf_port_s};

	ims_packed_put(entries, ports, sizeof(ports));
}

static void get_ports(const char **at, struct ims_binding *about)
{
	uint16_t ports[4];

	ims_packed_get(at, ports, sizeof(ports));
	about->ue_port_c = ports[0];
	about->ue_port_s = ports[1];
	about->pcscf_port_c = ports[2];
	about->pcscf_port_s = ports[3];
}

static void put_all(struct ims_packed *texts, struct ims_packed *entries,
		    const struct ims_binding_view *view)
{
	const struct ims_binding *about = &view->about;
	const char *const some[] = {about->call_id, about->impi,
				    about->security_nonce};

	/* The URI first: the IMPI and two keys are the end of most. */
	if (about->impu)
		ims_packed_put_text(texts, about->impu);
	for (unsigned i = 0; i < view->n_keys; i++)
		put_place(entries, texts, view->keys[i]);
	ims_packed_put_address(entries, &about->ue.address);
	ims_packed_put(entries, &about->ue.port, sizeof(about->ue.port));
	for (size_t i = 0; i < G_N_ELEMENTS(some); i++)
		if (some[i])
			put_place(entries, texts, some[i]);
	if (about->impu)
		put_place(entries, texts, about->impu);
	for (unsigned i = 0; view->mechanisms[i]; i++)
		put_place(entries, texts, view->mechanisms[i]);
	if (has_ports(about))
		put_ports(entries, about);
}

/* The handling of each, and its name with the NUL. */
static const char *share_servers(struct ims_shared *shared,
				 const struct ims_binding *about)
{
	GString *bytes = g_string_new(NULL);
	const char *found;

	for (unsigned i = 0; i < about->n_servers; i++) {
		const struct ims_binding_server *one = &about->servers[i];
		const char *name = one->server ? one->server : "";

		g_string_append_len(bytes, (const char *)&one->default_handling,
				    sizeof(one->default_handling));
		g_string_append_len(bytes, name, (gssize)strlen(name) + 1);
	}
	found = about->n_servers
			? ims_shared_take(shared,
					  ims_slice(bytes->str, bytes->len))
			: NULL;
	g_string_free(bytes, TRUE);
	return found;
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

static const char *share_endpoint(struct ims_shared *shared,
				  const struct ims_endpoint *endpoint)
{
	char room[sizeof(*endpoint)];
	struct ims_packed packed = {room, 0};

	if (!endpoint->address.family)
		return NULL;
	ims_packed_put_address(&packed, &endpoint->address);
	ims_packed_put(&packed, &endpoint->port, sizeof(endpoint->port));
	return ims_shared_take(shared, ims_slice(packed.at, packed.size));
}

static void get_endpoint(const char **at, struct ims_endpoint *endpoint)
{
	ims_packed_get_address(at, &endpoint->address);
	ims_packed_get(at, &endpoint->port, sizeof(endpoint->port));
}

static uint8_t count_mechanisms(const struct ims_binding_view *view)
{
	uint8_t n = 0;

	while (view->mechanisms[n])
		n++;
	return n;
}

struct ims_binding_record *ims_binding_pack(struct ims_shared *shared,
					    const struct ims_binding_view *view)
{
	const struct ims_binding *about = &view->about;
	char texts_room[MAX_TEXTS];
	char entries_room[MAX_ENTRIES];
	struct ims_packed texts = {texts_room, 0};
	struct ims_packed entries = {entries_room, 0};
	struct ims_binding_record *record;

	put_all(&texts, &entries, view);
	record = g_malloc(
		MAX(sizeof(*record), offsetof(struct ims_binding_record, data) +
					     texts.size + entries.size));
	*record = (struct ims_binding_record){
		.scscf = ims_shared_take(shared, ims_slice_of(about->scscf)),
		.pcscf = share_endpoint(shared, &about->pcscf),
		.servers = share_servers(shared, about),
		.expires_ns = about->expires_ns,
		.since_ns = about->since_ns,
		.registration = about->registration,
		.assigned_number = about->assigned.number,
		.assigned_capture = about->assigned.capture,
		.assigned_ns = about->assigned_ns,
		.core = about->core,
		.public = view->public,
		.barred = view->barred,
		.has = has(about),
		.texts_size = (uint16_t)texts.size,
		.serves_clear = about->serves_clear,
		.has_ports = has_ports(about),
		.n_keys = (uint8_t)view->n_keys,
		.n_mechanisms = count_mechanisms(view),
	};
	memcpy(record->data, texts.at, texts.size);
	memcpy(record->data + texts.size, entries.at, entries.size);
	return record;
}

static void rare_free(struct ims_binding_rare *rare)
{
	if (!rare)
		return;
	ims_standing_calls_free(&rare->calls);
	g_free(rare->rx_session);
	g_free(rare);
}

void ims_binding_record_free(struct ims_shared *shared,
			     struct ims_binding_record *record)
{
	ims_shared_give(shared, record->scscf);
	ims_shared_give(shared, record->pcscf);
	ims_shared_give(shared, record->servers);
	rare_free(record->rare);
	g_free(record);
}

static void lay_out_texts(struct ims_binding_view *view, const char **at)
{
	const struct ims_binding_record *record = view->record;
	struct ims_binding *about = &view->about;

	if (record->has & HAS_CALL_ID)
		about->call_id = get_text(at, record->data);
	if (record->has & HAS_IMPI)
		about->impi = get_text(at, record->data);
	if (record->has & HAS_NONCE)
		about->security_nonce = get_text(at, record->data);
	if (record->has & HAS_IMPU)
		about->impu = get_text(at, record->data);
	for (unsigned i = 0; i < record->n_mechanisms; i++)
		view->mechanisms[i] = get_text(at, record->data);
	view->mechanisms[record->n_mechanisms] = NULL;
	if (record->n_mechanisms)
		about->security_server = view->mechanisms;
}

static void lay_out_rare(struct ims_binding *about,
			 const struct ims_binding_rare *rare)
{
	about->rx_session = rare->rx_session;
	about->rx_end = rare->rx_end;
	about->rx_end_ns = rare->rx_end_ns;
}

void ims_binding_unpack(struct ims_binding_view *view,
			const struct ims_binding_record *record)
{
	const char *at = record->data + record->texts_size;
	const char *pcscf = record->pcscf;

	view->record = record;
	view->about = (struct ims_binding){
		.scscf = record->scscf,
		.expires_ns = record->expires_ns,
		.since_ns = record->since_ns,
		.registration = record->registration,
		.assigned = {record->assigned_capture, record->assigned_number},
		.assigned_ns = record->assigned_ns,
		.core = record->core,
		.serves_clear = record->serves_clear,
	};
	view->public = record->public;
	view->barred = record->barred;
	view->n_keys = record->n_keys;
	for (unsigned i = 0; i < record->n_keys; i++)
		view->keys[i] = get_text(&at, record->data);
	get_endpoint(&at, &view->about.ue);
	lay_out_texts(view, &at);
	if (record->has_ports)
		get_ports(&at, &view->about);
	if (pcscf)
		get_endpoint(&pcscf, &view->about.pcscf);
	lay_out_servers(view, ims_shared_bytes(record->servers));
	if (record->rare)
		lay_out_rare(&view->about, record->rare);
}

const char *ims_binding_record_key(const struct ims_binding_record *record,
				   unsigned i)
{
	const char *at =
		record->data + record->texts_size + i * sizeof(uint16_t);

	return get_text(&at, record->data);
}

static const char *behind_keys(const struct ims_binding_record *record)
{
	return record->data + record->texts_size +
	       record->n_keys * sizeof(uint16_t);
}

struct ims_endpoint ims_binding_record_ue(
	const struct ims_binding_record *record)
{
	const char *at = behind_keys(record);
	struct ims_endpoint ue;

	get_endpoint(&at, &ue);
	return ue;
}

const char *ims_binding_record_call_id(const struct ims_binding_record *record)
{
	const char *at = behind_keys(record);
	struct ims_endpoint ue;

	get_endpoint(&at, &ue);
	return record->has & HAS_CALL_ID ? get_text(&at, record->data) : NULL;
}

struct ims_binding_rare *ims_binding_rare(struct ims_binding_record *record)
{
	if (!record->rare)
		record->rare = g_new0(struct ims_binding_rare, 1);
	return record->rare;
}
