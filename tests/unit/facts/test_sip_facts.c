// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <glib.h>

#include "arena.h"
#include "facts.h"
#include "sip_facts.h"
#include "sip_texts.h"

#define IS(slice, text) assert_true(ims_slice_is(slice, text))

static struct ims_arena *arena;

static int arena_up(void **state)
{
	(void)state;
	arena = ims_arena_new(4096);
	return arena ? 0 : -1;
}

static int arena_down(void **state)
{
	(void)state;
	ims_arena_free(arena);
	arena = NULL;
	return 0;
}

/* The record outlives the bytes that it was made from. */
static const struct ims_sip_facts *facts_of(const char *text, bool cut)
{
	struct wall wall = wall_new(ims_slice_of(text));
	const struct ims_sip_facts *facts =
		ims_sip_facts_new(arena, wall.bytes, cut);

	wall_free(&wall);
	assert_non_null(facts);
	return facts;
}

static void start_and_dialog(void **state)
{
	const struct ims_sip_facts *f = facts_of(register_text, false);

	(void)state;
	assert_true(f->is_request);
	assert_int_equal(f->method, IMS_SIP_METHOD_REGISTER);
	IS(f->method_text, "REGISTER");
	IS(f->request_uri.host, "ims.mnc001.mcc001.3gppnetwork.org");
	assert_int_equal(f->status, 0);
	IS(f->reason_phrase, NULL);
	IS(f->call_id, "call-1@10.70.1.102");
	assert_int_equal(f->cseq, 2);
	IS(f->from.display, "Bob, \\\"B\\\"");
	IS(f->from.uri, "sip:bob@ims.example");
	IS(f->from_tag, "f1");
	IS(f->to.user, "bob");
	IS(f->to_tag, NULL);
	assert_int_equal(f->flaws, 0);
	assert_true(f->flaw_offset == -1);
}

static void vias_over_all_lines(void **state)
{
	const struct ims_sip_facts *f = facts_of(register_text, false);

	(void)state;
	assert_int_equal(f->n_vias, 3);
	IS(f->vias[0].transport, "UDP");
	IS(f->vias[0].host, "10.70.2.11");
	assert_int_equal(f->vias[0].port, 5060);
	IS(f->vias[0].branch, "z9hG4bKb.1");
	IS(f->vias[1].transport, "TCP");
	IS(f->vias[1].host, "[2001:db8::7]");
	IS(f->vias[1].received, "2001:db8::8");
	assert_int_equal(f->vias[1].rport, 7600);
	IS(f->vias[2].host, "far.example");
	assert_true(f->vias[2].has_rport);
	assert_int_equal(f->vias[2].rport, 0);
}

static void contacts_and_routes(void **state)
{
	const struct ims_sip_facts *f = facts_of(register_text, false);

	(void)state;
	assert_int_equal(f->n_contacts, 2);
	IS(f->contacts[0].address.host, "[2001:db8::7]");
	assert_int_equal(f->contacts[0].address.port, 7600);
	IS(f->contacts[0].address.uri_params, "transport=tcp");
	assert_true(f->contacts[0].expires == 600000);
	IS(f->contacts[1].address.uri, "sip:bob@10.0.0.9");
	assert_true(f->contacts[1].expires == -1);
	assert_false(f->contact_star);
	assert_true(f->expires == 600000);
	assert_true(f->min_expires == -1);
	assert_int_equal(f->paths.n, 1);
	IS(f->paths.at[0].user, "term");
	assert_int_equal(f->routes.n, 2);
	IS(f->routes.at[1].uri, "sip:second.example");
	assert_int_equal(f->service_routes.n, 0);
	assert_null(f->service_routes.at);
}

static void lists_of_a_response(void **state)
{
	const struct ims_sip_facts *f = facts_of(ok_text, false);

	(void)state;
	assert_int_equal(f->n_contacts, 1);
	assert_true(f->contact_star);
	IS(f->contacts[0].address.uri, "*");
	assert_int_equal(f->associated_uris.n, 2);
	IS(f->associated_uris.at[0].text, "<sip:bob@ims.example, tel:+491>");
	IS(f->associated_uris.at[1].user, "+492");
	IS(f->service_routes.at[0].uri, "sip:orig@scscf.example:6060;lr");
	assert_int_equal(f->record_routes.n, 2);
	IS(f->record_routes.at[0].host, "a");
	IS(f->record_routes.at[1].host, "b");
	assert_int_equal(f->unsupported.n, 2);
	IS(f->unsupported.at[1], "path");
	assert_true(f->require.present && f->require.empty_element);
	assert_int_equal(f->require.n, 0);
	assert_true(f->expires == -1);
	/* No Content-Length: the body is the rest (RFC 3261 18.3). */
	assert_int_equal(f->body_length, strlen("without length"));
	assert_int_equal(f->flaws, 0);
}

static void options(void **state)
{
	const struct ims_sip_facts *f = facts_of(register_text, false);

	(void)state;
	assert_true(f->require.present && f->require.empty_element);
	assert_int_equal(f->require.n, 2);
	IS(f->require.at[0], "path");
	IS(f->require.at[1], "sec-agree");
	assert_true(f->proxy_require.present);
	assert_false(f->proxy_require.empty_element);
	IS(f->proxy_require.at[0], "sec-agree");
	assert_int_equal(f->supported.n, 2);
	IS(f->supported.at[1], "gruu");
	assert_false(f->supported.empty_element);
	assert_false(f->unsupported.present);
	assert_int_equal(f->unsupported.n, 0);
}

static void security_agreement(void **state)
{
	const struct ims_sip_facts *f = facts_of(register_text, false);
	const struct ims_sip_facts *c = facts_of(challenge_text, false);

	(void)state;
	assert_true(f->security_client.present && f->security_verify.present);
	assert_false(f->security_server.present);
	assert_int_equal(f->security_client.n, 2);
	IS(f->security_client.at[0].alg, "hmac-md5-96");
	assert_int_equal(f->security_client.at[0].port_s, 4);
	IS(f->security_client.at[1].text,
	   "ipsec-3gpp;alg=hmac-sha-1-96;spi-c=5");
	assert_false(f->security_client.at[1].has_spi_s);
	assert_int_equal(f->security_verify.n, 1);
	assert_int_equal(f->security_verify.at[0].spi_c, 9);
	assert_int_equal(f->security_verify.at[0].port_s, 11);
	assert_int_equal(c->security_server.n, 1);
	assert_int_equal(c->security_server.at[0].spi_s, 4097);
	IS(c->security_server.at[0].q, "0.1");
}

static void authorization_of_scheme_digest(void **state)
{
	const struct ims_sip_facts *f = facts_of(register_text, false);
	const struct ims_sip_auth *a = f->authorization;

	(void)state;
	assert_true(a->present && a->folded);
	IS(a->scheme, "Digest");
	IS(a->username, "bob@ims.example");
	IS(a->nonce, "bm9uY2U=");
	IS(a->response, "00112233445566778899aabbccddeeff");
	IS(a->qop, "auth-int");
	IS(a->nc, "00000001");
	IS(a->auts, "YXV0cw==");
	IS(a->integrity_protected, "yes");
	assert_false(f->challenge->present);
}

static void challenge(void **state)
{
	const struct ims_sip_facts *f = facts_of(challenge_text, false);
	const struct ims_sip_auth *c = f->challenge;

	(void)state;
	assert_false(f->is_request);
	assert_int_equal(f->status, 401);
	IS(f->reason_phrase, "Unauthorized - Challenging the UE");
	assert_int_equal(f->method, IMS_SIP_METHOD_REGISTER);
	IS(f->method_text, "REGISTER");
	IS(f->request_uri.uri, NULL);
	IS(f->from.uri, "sip:bob@ims.example");
	IS(f->from_tag, "f1");
	IS(f->to_tag, "t1");
	assert_true(c->present);
	assert_false(c->folded);
	IS(c->qop, "auth,auth-int");
	IS(c->stale, "true");
	IS(c->ck, "0123");
	IS(c->ik, "4567");
	assert_true(f->min_expires == 60);
	IS(f->reason, "SIP;cause=401;text=\"x\"");
	IS(f->warning, "399 a \"w\"");
	IS(f->server, "Kamailio S-CSCF");
	assert_int_equal(f->body_length, 0);
	assert_int_equal(f->flaws, 0);
}

static void single_values(void **state)
{
	const struct ims_sip_facts *f = facts_of(register_text, false);

	(void)state;
	IS(f->visited_network_id, "ims.mnc002.mcc002.3gppnetwork.org");
	IS(f->charging_vector,
	   "icid-value=\"abc;1\";icid-generated-at=10.0.0.1");
	IS(f->server, "phone");
	IS(f->content_type, "text/plain");
}

static void headers_are_unfolded(void **state)
{
	const struct ims_sip_facts *f = facts_of(register_text, false);
	size_t n = 0;

	(void)state;
	assert_int_equal(f->n_headers, 25);
	IS(ims_sip_header_written(&f->headers[0]), "v");
	assert_int_equal(f->headers[0].id, IMS_SIP_HEADER_VIA);
	for (size_t i = 0; i < f->n_headers; i++) {
		struct ims_slice value = ims_sip_header_value(&f->headers[i]);

		assert_null(memchr(value.at, '\n', value.len));
		assert_int_equal(
			f->headers[i].folded,
			f->headers[i].id == IMS_SIP_HEADER_SUPPORTED ||
				ims_slice_starts_nocase(value, "Digest"));
		if (f->headers[i].id == IMS_SIP_HEADER_SUPPORTED) {
			IS(value, "path, gruu");
			n++;
		}
		if (ims_slice_starts_nocase(value, "Digest")) {
			size_t at = ims_slice_find_nocase(value, "auth-int");

			assert_memory_equal(value.at + at, "auth-int ,nc=", 13);
			n++;
		}
	}
	assert_int_equal(n, 2);
}

static void body_is_summed_where_digest_needs_it(void **state)
{
	/* MD5("hello"). */
	static const uint8_t hello[16] = {0x5d, 0x41, 0x40, 0x2a, 0xbc, 0x4b,
					  0x2a, 0x76, 0xb9, 0x71, 0x9d, 0x91,
					  0x10, 0x17, 0xc5, 0x92};
	static const uint8_t none[16] = {0};
	const struct ims_sip_facts *f = facts_of(register_text, false);

	(void)state;
	assert_int_equal(f->body_length, 5);
	assert_memory_equal(f->body_md5, hello, 16);
	assert_null(f->reginfo.at);
	f = facts_of("MESSAGE sip:a SIP/2.0\r\nAuthorization: Digest "
		     "qop=AUTH-INT\r\nl: 5\r\n\r\nhello world",
		     false);
	assert_int_equal(f->body_length, 5);
	assert_memory_equal(f->body_md5, hello, 16);
	f = facts_of("MESSAGE sip:a SIP/2.0\r\nAuthorization: Digest "
		     "qop=auth\r\nl: 5\r\n\r\nhello",
		     false);
	assert_memory_equal(f->body_md5, none, 16);
	f = facts_of(ok_text, false);
	assert_memory_equal(f->body_md5, none, 16);
}

static void reginfo_is_kept(void **state)
{
	const struct ims_sip_facts *f = facts_of(notify_text, false);
	GString *text = g_string_new("NOTIFY sip:a SIP/2.0\r\n"
				     "c: Application/RegInfo+XML\r\n\r\n");

	(void)state;
	IS(f->reginfo, "<reginfo/>");
	IS(f->event, "reg;id=1");
	IS(f->subscription_state, "terminated;reason=noresource");
	IS(f->request_uri.uri_params, "alias=10.0.0.1~5060~1");
	f = facts_of("NOTIFY sip:a SIP/2.0\r\nc: application/reginfo+xml\r\n"
		     "e: gzip\r\n\r\nxyz",
		     false);
	assert_null(f->reginfo.at);
	f = facts_of(
		"NOTIFY sip:a SIP/2.0\r\nc: application/pidf+xml\r\n\r\nxyz",
		false);
	assert_null(f->reginfo.at);
	for (size_t i = 0; i < IMS_SIP_MAX_REGINFO + 1; i++)
		g_string_append_c(text, 'x');
	f = facts_of(text->str, true);
	assert_int_equal(f->body_length, IMS_SIP_MAX_REGINFO + 1);
	assert_int_equal(f->reginfo.len, IMS_SIP_MAX_REGINFO);
	assert_true(f->flaws & IMS_SIP_FLAW_LISTS_CUT);
	g_string_free(text, TRUE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_up, arena_down)
	const struct CMUnitTest tests[] = {
		TEST(start_and_dialog),
		TEST(vias_over_all_lines),
		TEST(contacts_and_routes),
		TEST(lists_of_a_response),
		TEST(options),
		TEST(security_agreement),
		TEST(authorization_of_scheme_digest),
		TEST(challenge),
		TEST(single_values),
		TEST(headers_are_unfolded),
		TEST(body_is_summed_where_digest_needs_it),
		TEST(reginfo_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
