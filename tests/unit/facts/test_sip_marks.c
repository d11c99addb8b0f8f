// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <glib.h>

#include "arena.h"
#include "facts.h"
#include "sip_facts.h"

/* The marks of a message with these header fields. */
static uint32_t marks_of(const char *start, const char *fields)
{
	struct ims_arena *arena = ims_arena_new(4096);
	char *text = g_strdup_printf(
		"%s\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n"
		"From: <sip:a@home>;tag=1\r\nTo: <sip:a@home>\r\n"
		"Call-ID: 1\r\nCSeq: 1 REGISTER\r\n%s\r\n",
		start, fields);
	const struct ims_sip_facts *facts =
		ims_sip_facts_new(arena, ims_slice_of(text), false);
	uint32_t marks;

	assert_non_null(facts);
	assert_int_equal(facts->flaws, 0);
	marks = facts->marks;
	g_free(text);
	ims_arena_free(arena);
	return marks;
}

struct shape {
	const char *fields;
	uint32_t marks;
};

static void check_all(const char *start, const struct shape *shapes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t marks = marks_of(start, shapes[i].fields);

		if (marks != shapes[i].marks)
			fail_msg("%s: marks %x, not %x", shapes[i].fields,
				 marks, shapes[i].marks);
	}
}

static void requests(void **state)
{
	const uint32_t odd = IMS_SIP_MARK_ODD_HOST | IMS_SIP_MARK_LOCAL_HOST;
	const uint32_t local = IMS_SIP_MARK_LOCAL_HOST;
	const struct shape shapes[] = {
		{"", 0},
		{"Contact: <sip:a@10.0.0.1>\r\n", 0},
		{"Contact: <sip:a@192.0.2.1>\r\n", 0},
		{"Contact: *\r\nExpires: 0\r\n", 0},
		{"Contact: <tel:+1>\r\n", 0},
		{"Contact: <sip:a@0.0.0.0>\r\n", odd},
		{"Contact: <sip:a@[::]:5060>\r\n", odd},
		{"Contact: <sip:a@[2001:db8::1]>\r\n", 0},
		{"Contact: <sip:a@127.0.0.1>\r\n", local},
		{"Contact: <sip:a@169.254.1.1>\r\n", local},
		{"Contact: <sip:a@[fe80::1]>\r\n", local},
		{"Via: SIP/2.0/UDP 0.0.0.0;branch=z9hG4bK2\r\n", odd},
		{"Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK2\r\n", local},
		{"Record-Route: <sip:0.0.0.0;lr>\r\n", odd},
		{"Path: <sip:term@0.0.0.0;lr>\r\n", odd},
		{"Service-Route: <sip:orig@0.0.0.0;lr>\r\n", odd},
		/* Nobody sends there by it. */
		{"Route: <sip:0.0.0.0;lr>\r\n", 0},
		{"Supported: path\r\n", 0},
		{"Supported: path,,gruu\r\n", IMS_SIP_MARK_EMPTY_OPTION},
		{"Require: path\r\n", IMS_SIP_MARK_REQUIRES},
		{"Require: path,\r\n",
		 IMS_SIP_MARK_REQUIRES | IMS_SIP_MARK_EMPTY_OPTION},
		{"Proxy-Require: Sec-Agree\r\n",
		 IMS_SIP_MARK_REQUIRES | IMS_SIP_MARK_AGREEMENT},
		{"Security-Client: ipsec-3gpp;alg=hmac-md5-96\r\n",
		 IMS_SIP_MARK_AGREEMENT},
		{"Security-Verify: ipsec-3gpp;alg=hmac-md5-96\r\n",
		 IMS_SIP_MARK_AGREEMENT},
		{"Authorization: Digest username=\"a\"\r\n", 0},
		{"Authorization: Digest response=\"\", auts=\"\"\r\n", 0},
		{"Authorization: Digest response=\"ab\"\r\n",
		 IMS_SIP_MARK_RESPONSE},
		{"Authorization: Digest auts=\"ab\"\r\n", IMS_SIP_MARK_AUTS},
		{"Authorization: Digest\r\n username=\"a\"\r\n",
		 IMS_SIP_MARK_FOLDED},
		{"Proxy-Authorization: Digest\r\n username=\"a\"\r\n",
		 IMS_SIP_MARK_FOLDED},
		{"Subject: a\r\n b\r\n", 0},
	};

	(void)state;
	check_all("REGISTER sip:home SIP/2.0", shapes, G_N_ELEMENTS(shapes));
}

static void responses(void **state)
{
	static const struct shape shapes[] = {
		{"WWW-Authenticate: Digest nonce=\"a\"\r\n", 0},
		{"WWW-Authenticate: Digest nonce=\"a\", ck=\"b\"\r\n",
		 IMS_SIP_MARK_KEYS},
		{"WWW-Authenticate: Digest nonce=\"a\", ik=\"b\"\r\n",
		 IMS_SIP_MARK_KEYS},
		{"Security-Server: ipsec-3gpp;alg=hmac-md5-96\r\n",
		 IMS_SIP_MARK_AGREEMENT},
	};

	(void)state;
	check_all("SIP/2.0 401 Unauthorized", shapes, G_N_ELEMENTS(shapes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(responses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
