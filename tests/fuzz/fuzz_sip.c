/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a SIP message: where it ends, and its facts as a whole and as
 * a cut message. Every slice is read, and what cannot be is an abort.
 */
#include <stdlib.h>

#include <ims/message.h>

#include "arena.h"
#include "facts.h"
#include "reginfo.h"
#include "sip_facts.h"

static volatile unsigned sink;

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void touch(struct ims_slice s)
{
	must(s.at || s.len == 0);
	for (size_t i = 0; i < s.len; i++)
		sink += (unsigned char)s.at[i];
}

static void touch_address(const struct ims_sip_address *a)
{
	touch(a->text);
	touch(a->display);
	touch(a->uri);
	touch(a->scheme);
	touch(a->user);
	touch(a->host);
	touch(a->uri_params);
	touch(a->params);
}

static void touch_addresses(struct ims_sip_addresses list)
{
	must(list.n <= IMS_SIP_MAX_LIST);
	for (size_t i = 0; i < list.n; i++)
		touch_address(&list.at[i]);
}

static void touch_options(struct ims_sip_options list)
{
	must(list.n <= IMS_SIP_MAX_LIST && (list.present || list.n == 0));
	for (size_t i = 0; i < list.n; i++) {
		must(list.at[i].len > 0);
		touch(list.at[i]);
	}
}

static void touch_mechanisms(struct ims_sip_mechanisms list)
{
	must(list.n <= IMS_SIP_MAX_MECHANISMS);
	for (size_t i = 0; i < list.n; i++) {
		touch(list.at[i].text);
		touch(list.at[i].name);
		touch(list.at[i].q);
		touch(list.at[i].alg);
		touch(list.at[i].ealg);
		touch(list.at[i].prot);
		touch(list.at[i].mod);
	}
}

static void touch_auth(const struct ims_sip_auth *a)
{
	must(a->present || !a->scheme.at);
	touch(a->scheme);
	touch(a->username);
	touch(a->realm);
	touch(a->nonce);
	touch(a->uri);
	touch(a->response);
	touch(a->algorithm);
	touch(a->qop);
	touch(a->nc);
	touch(a->cnonce);
	touch(a->opaque);
	touch(a->auts);
	touch(a->integrity_protected);
	touch(a->ck);
	touch(a->ik);
	touch(a->stale);
}

static void touch_lists(const struct ims_sip_facts *f)
{
	must(f->n_vias <= IMS_SIP_MAX_VIAS);
	for (size_t i = 0; i < f->n_vias; i++) {
		touch(f->vias[i].transport);
		touch(f->vias[i].host);
		touch(f->vias[i].branch);
		touch(f->vias[i].received);
	}
	must(f->n_contacts <= IMS_SIP_MAX_LIST);
	for (size_t i = 0; i < f->n_contacts; i++)
		touch_address(&f->contacts[i].address);
	touch_addresses(f->routes);
	touch_addresses(f->record_routes);
	touch_addresses(f->paths);
	touch_addresses(f->service_routes);
	touch_addresses(f->associated_uris);
	touch_options(f->require);
	touch_options(f->proxy_require);
	touch_options(f->supported);
	touch_options(f->unsupported);
	touch_mechanisms(f->security_client);
	touch_mechanisms(f->security_server);
	touch_mechanisms(f->security_verify);
}

static void touch_values(const struct ims_sip_facts *f)
{
	touch(f->method_text);
	touch_address(&f->request_uri);
	touch(f->reason_phrase);
	touch(f->call_id);
	touch_address(&f->from);
	touch_address(&f->to);
	touch(f->from_tag);
	touch(f->to_tag);
	touch(f->visited_network_id);
	touch(f->charging_vector);
	touch_auth(f->authorization);
	touch_auth(f->challenge);
	touch(f->reason);
	touch(f->warning);
	touch(f->server);
	touch(f->event);
	touch(f->subscription_state);
	touch(f->content_type);
	touch(f->reginfo);
}

static void read_reginfo(struct ims_arena *arena, struct ims_slice xml)
{
	struct ims_reginfo reginfo;

	if (!ims_reginfo_parse(&reginfo, arena, xml))
		return;
	for (size_t i = 0; i < reginfo.n_registrations; i++)
		touch(reginfo.registrations[i].aor);
}

static void read_facts(struct ims_slice bytes, bool cut)
{
	struct ims_arena *arena = ims_arena_new(4096);
	const struct ims_sip_facts *f;

	if (!arena)
		return;
	f = ims_sip_facts_new(arena, bytes, cut);
	if (f) {
		touch_values(f);
		read_reginfo(arena, f->reginfo);
		touch_lists(f);
		must(f->n_headers <= IMS_SIP_MAX_HEADERS);
		for (size_t i = 0; i < f->n_headers; i++) {
			touch(ims_sip_header_written(&f->headers[i]));
			touch(ims_sip_header_value(&f->headers[i]));
		}
		must(f->body_length <= bytes.len);
		must((f->flaws == 0) == (f->flaw_offset < 0));
		must(f->flaw_offset <= (int64_t)bytes.len);
	}
	ims_arena_free(arena);
}

/* What is whole is so without what comes behind, and partial before. */
static void find_extent(struct ims_slice bytes)
{
	size_t length = 0;
	size_t again = 0;

	if (ims_sip_extent(bytes, &length) != IMS_EXTENT_WHOLE)
		return;
	must(length > 0 && length <= bytes.len);
	must(length <= IMS_SIP_MESSAGE_MAX);
	bytes.len = length;
	must(ims_sip_extent(bytes, &again) == IMS_EXTENT_WHOLE);
	must(again == length);
	bytes.len--;
	must(ims_sip_extent(bytes, &again) == IMS_EXTENT_PARTIAL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ims_slice bytes = ims_slice(data, size);

	find_extent(bytes);
	read_facts(bytes, false);
	read_facts(bytes, true);
	return 0;
}
