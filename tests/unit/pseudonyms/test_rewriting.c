// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <string.h>

#include "rewriting.h"
#include "sip.h"

/* Below each character: "=" it stays, "*" it is of a run that changes, " "
   (or the end) nothing is said of it. */
struct sample {
	const char *text;
	const char *mask;
};

typedef void rewrite(struct ims_pseudonyms *p, struct ims_chars text);

/* A run of so few may become itself by chance. */
#define CHANCE 2

static void look(const struct sample *sample, const char *made)
{
	size_t n = strlen(sample->mask), run = 0;
	bool changed = false;

	assert_int_equal(strlen(made), strlen(sample->text));
	for (size_t i = 0; i <= n; i++) {
		if (sample->mask[i] == '=' && made[i] != sample->text[i])
			fail_msg("'%s' became '%s': not alike at %zu",
				 sample->text, made, i);
		if (sample->mask[i] == '*') {
			run++;
			changed |= made[i] != sample->text[i];
			continue;
		}
		if (run > CHANCE && !changed)
			fail_msg("'%s' became '%s': unchanged before %zu",
				 sample->text, made, i);
		run = 0;
		changed = false;
	}
}

static void try(const struct sample *samples, size_t n, rewrite *fn)
{
	struct ims_pseudonyms *p = ims_pseudonyms_new("a key", 5);

	for (size_t i = 0; i < n; i++) {
		struct wall wall = wall_new(ims_slice_of(samples[i].text));
		char *made;

		fn(p, ims_chars((char *)wall.bytes.at, wall.bytes.len));
		made = g_strndup(wall.bytes.at, wall.bytes.len);
		look(&samples[i], made);
		g_free(made);
		wall_free(&wall);
	}
	ims_pseudonyms_free(p);
}

static void uris(void **state)
{
	static const struct sample samples[] = {
		{"sip:+15550100002@ims.mnc001.mcc001.3gppnetwork.org;user="
		 "phone",
		 "=====***********============================================"
		 "="},
		{"sip:001010000000002@ims.mnc001.mcc001.3gppnetwork.org",
		 "=========**********=================================="},
		{"sip:alice:secret@10.70.1.101:5060;transport=udp;lr",
		 "====*****=******======= =   ======================"},
		{"sips:alice@operator.example.com:5061?subject=hello",
		 "=====*****=********==========================*****"},
		{"tel:+1-555-010-0002;phone-context=+1555",
		 "===== =   =   =****================****"},
		{"urn:service:sos.police", "======================"},
		{"urn:urn-7:3gpp-service.ims.icsi.mmtel",
		 "====================================="},
		{"urn:gsma:imei:86728703-163376-0",
		 "===================***=******= "},
		{"urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
		 "=========********=****=****=****=************"},
		{"sip:[2001:db8::17]:5060", "===============  ======"},
		{"aaa://hss01.operator.org:3868;transport=tcp",
		 "============********======================="},
		{"sip:anonymous@anonymous.invalid",
		 "==============================="},
		{"001010000000002@ims.mnc001.mcc001.3gppnetwork.org",
		 "=====**********=================================="},
		{"sip:orig@scscf.ims.mnc001.mcc001.3gppnetwork.org:6060;lr",
		 "========================================================"},
		{"sip:%2b15550100002@h.com", "=======***********=*===="},
		{"data:text/plain,alice", "======***=*****=*****"},
	};

	(void)state;
	try(samples, G_N_ELEMENTS(samples), ims_rewrite_uri);
}

static void values(void **state)
{
	static const struct sample samples[] = {
		{"\"Alice Smith\" <sip:alice@ims.com>;tag=a50bad73eddad0f0",
		 "=*****=*****=======*****==============****************"},
		{"SIP/2.0/UDP 10.70.1.101:5060;branch=z9hG4bK58825fec18;rport",
		 "================== =   ====================**********======"},
		{"SIP/2.0/TCP pcscf.operator.org;received=10.1.2.3;rport=5060",
		 "==================********================= = ============="},
		{"802beb7d3756ba2b@10.70.1.102",
		 "****************======= =   "},
		{"<sip:b@10.0.0.1;alias=10.0.0.2~5060~1>;expires=3600",
		 "=====*==== = = ========== = = ====================="},
		{"<sip:a@h.org>;+sip.instance=\"<urn:gsma:imei:867287031633760>"
		 "\"",
		 "=====*=*=========================================**********="
		 "="},
		{"<sip:a@h.org>;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3Ammtel\";reg-"
		 "id=1",
		 "=====*=*===================================================="
		 "="},
		{"*", "="},
		{"\"unclosed", "=********"},
		{"<sip:alice@h.org, tel:+15550100002>",
		 "=====*****=*===========***********="},
	};

	(void)state;
	try(samples, G_N_ELEMENTS(samples), ims_rewrite_value);
}

static void params(void **state)
{
	static const struct sample samples[] = {
		{"ipsec-3gpp;alg=hmac-sha-1-96;spi-c=4294967295;port-c=32768",
		 "=========================================================="},
		{"3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=0010100010000001",
		 "=============================================********"},
		{"IEEE-802.11;i-wlan-node-id=00156599fa36",
		 "===========================************"},
		{"reg;id=alice", "=======*****"},
		{"active;expires=600000", "====================="},
	};

	(void)state;
	try(samples, G_N_ELEMENTS(samples), ims_rewrite_params);
}

static void prose_of(struct ims_pseudonyms *p, struct ims_chars text)
{
	ims_rewrite_prose(p, text, IMS_PROSE_DIGITS);
}

static void prose(void **state)
{
	static const struct sample samples[] = {
		{"Forbidden - HSS User Unknown",
		 "============================"},
		{"Kamailio (5.6.3 (x86_64/linux))",
		 "==============================="},
		{"399 10.1.2.3 \"no route to sip:bob@h.org\"",
		 "======= = ====================***=*====="},
		{"No user 15550100002.", "========***********="},
		{"Yealink SIP-T46G 28.83.0 00156599fa36",
		 "=========================************"},
		{"call alice@operator.com now", "=====*****=********========"},
		{"see host.operator.com", "====****=********===="},
	};

	(void)state;
	try(samples, G_N_ELEMENTS(samples), prose_of);
}

static void sdp(void **state)
{
	static const struct sample samples[] = {
		{"v=0\r\no=alice 289084 289085 IN IP4 10.1.2.3\r\ns=Talk\r\n",
		 "=======*****=******=******=========== = ======****=="},
		{"a=rtpmap:96 AMR/8000\r\n", "======================"},
		{"a=crypto:1 AES_CM inline:WVNfX19zZW1jdGwgKC",
		 "========= =***=**=******=******************"},
		{"a=candidate:1 1 UDP 2130706431 192.168.1.5 9 typ host",
		 "======================================= = ==========="},
	};

	(void)state;
	try(samples, G_N_ELEMENTS(samples), ims_rewrite_sdp);
}

static void xml(void **state)
{
	static const struct sample samples[] = {
		{"<PrivateID>001010000000002@ims.com</PrivateID>",
		 "================**********===================="},
		{"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Priority>100000",
		 "======================================================"},
		{"<Identity>sip:&#49;alice@h.org</Identity>",
		 "==============**  ******=*==============="},
		{"<contact state=\"active\" callid=\"abcdef\" "
		 "expires=\"600\"/>",
		 "================================******================="},
		{"<!-- alice was here --><a><![CDATA[bob&carol]]></a>",
		 "=====*****=***=****================***==****======="},
		{"<DisplayName>Alice &amp; Bob",
		 "=============*****=======***"},
		{"<a b='x>y'", "======*=*="},
	};

	(void)state;
	try(samples, G_N_ELEMENTS(samples), ims_rewrite_xml);
}

/* Each kind of text takes anything, and leaves it as long. */
static void hostile(void **state)
{
	static rewrite *const fns[] = {
		ims_rewrite_user,   ims_rewrite_host,  ims_rewrite_uri,
		ims_rewrite_number, ims_rewrite_value, ims_rewrite_params,
		prose_of,	    ims_rewrite_sdp,   ims_rewrite_xml,
		ims_rewrite_fields,
	};
	static const char bytes[] = "a1:;=\"<>@.,%4[]?&/-+ \\\r\n\t(\x80\0'*!";
	struct ims_pseudonyms *p = ims_pseudonyms_new("a key", 5);
	GRand *chance = g_rand_new_with_seed(7);

	(void)state;
	for (unsigned i = 0; i < 4000; i++) {
		char text[48];
		size_t n = (size_t)g_rand_int_range(chance, 0, sizeof(text));
		struct wall wall;

		for (size_t k = 0; k < n; k++)
			text[k] = bytes[g_rand_int_range(chance, 0,
							 sizeof(bytes) - 1)];
		wall = wall_new(ims_slice(text, n));
		fns[i % G_N_ELEMENTS(fns)](p,
					   ims_chars((char *)wall.bytes.at, n));
		wall_free(&wall);
	}
	g_rand_free(chance);
	ims_pseudonyms_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uris),	   cmocka_unit_test(values),
		cmocka_unit_test(params),  cmocka_unit_test(prose),
		cmocka_unit_test(sdp),	   cmocka_unit_test(xml),
		cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
