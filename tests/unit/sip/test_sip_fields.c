// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include "sip_address.h"
#include "sip_auth.h"
#include "sip_mechanism.h"
#include "sip_via.h"

#define IS(slice, text) assert_true(ims_slice_is(slice, text))

static void vias(void **state)
{
	static const struct {
		const char *text;
		struct {
			const char *transport, *host, *branch, *received;
		} is;
		unsigned port, rport;
		bool has_rport;
	} cases[] = {
		{"SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;rport",
		 {"UDP", "10.0.0.1", "z9hG4bK1", NULL},
		 5060,
		 0,
		 true},
		{"SIP / 2.0 / TCP  [2001:db8::1] : 5062 ; received = "
		 "2001:db8::2 ;rport=6001; branch=\"x\"",
		 {"TCP", "[2001:db8::1]", "x", "2001:db8::2"},
		 5062,
		 6001,
		 true},
		{"SIP/2.0/TLS-SCTP first.example",
		 {"TLS-SCTP", "first.example", NULL, NULL},
		 0,
		 0,
		 false},
		{"SIP/2.0/UDP\r\n host;RPORT=x;ttl=1;Branch=b",
		 {"UDP", "host", "b", NULL},
		 0,
		 0,
		 true},
		{"SIP/2.0/UDP h\\;x:5060;branch=b",
		 {"UDP", "h\\", "b", NULL},
		 0,
		 0,
		 false},
		{"SIP/2.0/TCP h:1;branch=a;received=1;branch=\"b;c\"",
		 {"TCP", "h", "b;c", "1"},
		 1,
		 0,
		 false},
		{"SIP/2.0/UDP", {"UDP", "", NULL, NULL}, 0, 0, false},
		{"SIP/2.0", {NULL, NULL, NULL, NULL}, 0, 0, false},
		{"", {NULL, NULL, NULL, NULL}, 0, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wall wall = wall_new(ims_slice_of(cases[i].text));
		struct ims_sip_via via;

		ims_sip_via_parse(&via, wall.bytes);
		IS(via.transport, cases[i].is.transport);
		IS(via.host, cases[i].is.host);
		IS(via.branch, cases[i].is.branch);
		IS(via.received, cases[i].is.received);
		assert_int_equal(via.port, cases[i].port);
		assert_int_equal(via.rport, cases[i].rport);
		assert_int_equal(via.has_rport, cases[i].has_rport);
		wall_free(&wall);
	}
}

static const struct address_case {
	const char *text;
	const char *display, *uri, *scheme, *user, *host;
	unsigned port;
	const char *uri_params, *params;
} addresses[] = {
	{"<sip:a@b.example:5060;lr>;tag=1", NULL, "sip:a@b.example:5060;lr",
	 "sip", "a", "b.example", 5060, "lr", "tag=1"},
	{"\"A. \\\"B\\\" <C>\" <sips:a@b>;x=\"1;2\"", "A. \\\"B\\\" <C>",
	 "sips:a@b", "sips", "a", "b", 0, NULL, "x=\"1;2\""},
	{"Alice Smith <sip:a@b>", "Alice Smith", "sip:a@b", "sip", "a", "b", 0,
	 NULL, NULL},
	/* Without brackets the parameters are the field's. */
	{"sip:a@b:5062;tag=x", NULL, "sip:a@b:5062", "sip", "a", "b", 5062,
	 NULL, "tag=x"},
	{"<tel:+4930123;phone-context=de>;tag=1", NULL,
	 "tel:+4930123;phone-context=de", "tel", "+4930123", NULL, 0,
	 "phone-context=de", "tag=1"},
	{"tel:+4930123", NULL, "tel:+4930123", "tel", "+4930123", NULL, 0, NULL,
	 NULL},
	{"<sip:+49;npdi@b;user=phone?x=y;z>", NULL,
	 "sip:+49;npdi@b;user=phone?x=y;z", "sip", "+49;npdi", "b", 0,
	 "user=phone", NULL},
	{"<sip:[2001:db8::1]:6100;transport=tcp>", NULL,
	 "sip:[2001:db8::1]:6100;transport=tcp", "sip", NULL, "[2001:db8::1]",
	 6100, "transport=tcp", NULL},
	{"<sip:u:pw@h>", NULL, "sip:u:pw@h", "sip", "u:pw", "h", 0, NULL, NULL},
	{"*", NULL, "*", NULL, NULL, NULL, 0, NULL, NULL},
	{"<urn:service:sos>", NULL, "urn:service:sos", "urn", NULL, NULL, 0,
	 NULL, NULL},
	{"<sip:alice@a.example, tel:+1>", NULL, "sip:alice@a.example, tel:+1",
	 "sip", "alice", "a.example", 0, NULL, NULL},
	{"<tel:+1, sip:alice@a.example>", NULL, "tel:+1, sip:alice@a.example",
	 "tel", "+1", NULL, 0, NULL, NULL},
	{"<sip:2720@<null>>;x", NULL, "sip:2720@<null>", "sip", "2720",
	 "<null>", 0, NULL, "x"},
	{"<sip:a@<null>:5060>", NULL, "sip:a@<null>:5060", "sip", "a", "<null>",
	 5060, NULL, NULL},
	/* Near the usual form, and not of it. */
	{"<sip:a<b@c>;tag=1", NULL, "sip:a<b@c", "sip", "a<b", "c", 0, NULL,
	 "tag=1"},
	{"<sip:a@b;x=1 >;tag=2", NULL, "sip:a@b;x=1", "sip", "a", "b", 0, "x=1",
	 "tag=2"},
	{"<sip:a@b<null>c>", NULL, "sip:a@b<null>c", "sip", "a", "b<null", 0,
	 NULL, NULL},
	{"<sip:h;p=a@b>", NULL, "sip:h;p=a@b", "sip", "h;p=a", "b", 0, NULL,
	 NULL},
	{"sip:a@b@c", NULL, "sip:a@b@c", "sip", "a", "b@c", 0, NULL, NULL},
	{"<sip:a@h:5060x>", NULL, "sip:a@h:5060x", "sip", "a", "h", 0, NULL,
	 NULL},
	{"<sip:a@b;x=<y>>;z", NULL, "sip:a@b;x=<y", "sip", "a", "b", 0, "x=<y",
	 "z"},
	{"<sip:a@b;x?y>", NULL, "sip:a@b;x?y", "sip", "a", "b", 0, "x", NULL},
	{"sip:a@b>;tag=1", NULL, "sip:a@b>", "sip", "a", "b", 0, NULL, "tag=1"},
	/* Quotes and brackets that nobody closed. */
	{"\"Alice <sip:a@b>;tag=1", "Alice", "sip:a@b", "sip", "a", "b", 0,
	 NULL, "tag=1"},
	{"<sip:a@b;tag=1", NULL, "sip:a@b;tag=1", "sip", "a", "b", 0, "tag=1",
	 NULL},
	{"<sip:@>", NULL, "sip:@", "sip", "", "", 0, NULL, NULL},
	{"<>", NULL, "", NULL, NULL, NULL, 0, NULL, NULL},
	{"<", NULL, "", NULL, NULL, NULL, 0, NULL, NULL},
	{"", NULL, "", NULL, NULL, NULL, 0, NULL, NULL},
};

static void address_is(const struct ims_sip_address *a,
		       const struct address_case *c)
{
	IS(a->display, c->display);
	IS(a->uri, c->uri);
	IS(a->scheme, c->scheme);
	IS(a->user, c->user);
	IS(a->host, c->host);
	assert_int_equal(a->port, c->port);
	IS(a->uri_params, c->uri_params);
	IS(a->params, c->params);
}

static void addresses_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct wall wall = wall_new(ims_slice_of(addresses[i].text));
		struct ims_sip_address address;

		ims_sip_address_parse(&address, wall.bytes);
		IS(address.text, addresses[i].text);
		address_is(&address, &addresses[i]);
		wall_free(&wall);
	}
}

static void request_uri_keeps_its_params(void **state)
{
	static const struct address_case is = {
		NULL,  NULL,	      "sip:a@b:5060;alias=1~2;x",
		"sip", "a",	      "b",
		5060,  "alias=1~2;x", NULL};
	struct ims_sip_address address;

	(void)state;
	ims_sip_uri_parse(&address, ims_slice_of(" sip:a@b:5060;alias=1~2;x"));
	address_is(&address, &is);
	ims_sip_uri_parse(&address, (struct ims_slice){0});
	assert_null(address.uri.at);
}

static void credentials(void **state)
{
	struct wall wall = wall_new(ims_slice_of(
		"Digest  username=\"001@ims.example\",\r\n realm=\"a, \\\"b\","
		"NONCE = \"n==\" , uri=\"sip:a;b=c\", response=\"\","
		"algorithm=AKAv1-MD5,qop=auth-int,nc=00000001, cnonce=\"c\","
		"opaque=\"o\",auts=\"x\",integrity-protected=yes,"
		"realm=\"second\",stale=TRUE,ck=\"11\",ik=\"22\",unknown=1"));
	struct ims_sip_auth a;

	(void)state;
	ims_sip_auth_parse(&a, wall.bytes);
	assert_true(a.present);
	assert_false(a.folded);
	IS(a.scheme, "Digest");
	IS(a.username, "001@ims.example");
	IS(a.realm, "a, \\\"b");
	IS(a.nonce, "n==");
	IS(a.uri, "sip:a;b=c");
	IS(a.response, "");
	IS(a.algorithm, "AKAv1-MD5");
	IS(a.qop, "auth-int");
	IS(a.nc, "00000001");
	IS(a.cnonce, "c");
	IS(a.opaque, "o");
	IS(a.auts, "x");
	IS(a.integrity_protected, "yes");
	IS(a.stale, "TRUE");
	IS(a.ck, "11");
	IS(a.ik, "22");
	wall_free(&wall);
}

static void credentials_as_they_are_sent(void **state)
{
	struct ims_sip_auth a;

	(void)state;
	ims_sip_auth_parse(&a, ims_slice_of("Digest realm=&quot;r&quot;,"
					    "nonce=&quot;n==&quot;,qop=auth"));
	IS(a.realm, "r");
	IS(a.nonce, "n==");
	IS(a.qop, "auth");
	ims_sip_auth_parse(&a, ims_slice_of("Digest nonce=\"n, qop=auth"));
	IS(a.nonce, "n");
	IS(a.qop, "auth");
	ims_sip_auth_parse(&a, ims_slice_of("Basic"));
	assert_true(a.present);
	IS(a.scheme, "Basic");
	IS(a.realm, NULL);
	ims_sip_auth_parse(&a, ims_slice_of(""));
	assert_true(a.present);
	IS(a.scheme, "");
}

static void mechanisms(void **state)
{
	struct wall wall = wall_new(ims_slice_of(
		" ipsec-3gpp; alg = hmac-sha-1-96;EALG=aes-cbc;prot=esp;"
		"mod=trans;q=0.1;SPI-C=4294967295;spi-s=0;port-c=5100;"
		"Port-S=6100 "));
	struct ims_sip_mechanism m;

	(void)state;
	ims_sip_mechanism_parse(&m, wall.bytes);
	assert_int_equal(m.text.len, wall.bytes.len - 2);
	IS(m.name, "ipsec-3gpp");
	IS(m.alg, "hmac-sha-1-96");
	IS(m.ealg, "aes-cbc");
	IS(m.prot, "esp");
	IS(m.mod, "trans");
	IS(m.q, "0.1");
	assert_true(m.has_spi_c && m.has_spi_s && m.has_port_c && m.has_port_s);
	assert_true(m.spi_c == 4294967295u);
	assert_int_equal(m.spi_s, 0);
	assert_int_equal(m.port_c, 5100);
	assert_int_equal(m.port_s, 6100);
	wall_free(&wall);
}

static void mechanisms_of_the_old_grammar(void **state)
{
	struct ims_sip_mechanism m;

	(void)state;
	ims_sip_mechanism_parse(&m, ims_slice_of("ipsec-3gpp;spi=7;Port1=1;"
						 "port2=2;alg=\"a;b\""));
	assert_true(m.has_spi_c && m.has_port_c && m.has_port_s);
	assert_false(m.has_spi_s);
	assert_int_equal(m.spi_c, 7);
	assert_int_equal(m.port_c, 1);
	assert_int_equal(m.port_s, 2);
	IS(m.alg, "a;b");
	/* The new one prevails wherever it stands. */
	ims_sip_mechanism_parse(&m, ims_slice_of("x;spi=7;port1=1;port-c=3;"
						 "spi-c=8"));
	assert_int_equal(m.spi_c, 8);
	assert_int_equal(m.port_c, 3);
}

static void mechanisms_misspelt(void **state)
{
	struct ims_sip_mechanism m;

	(void)state;
	ims_sip_mechanism_parse(&m, ims_slice_of("ipsec-3gpp;spi-c=x;spi_s=1;"
						 "port-c=65536;ports=2;alg"));
	IS(m.name, "ipsec-3gpp");
	assert_false(m.has_spi_c || m.has_spi_s || m.has_port_c ||
		     m.has_port_s);
	IS(m.alg, NULL);
	ims_sip_mechanism_parse(&m, ims_slice_of("digest"));
	IS(m.name, "digest");
	IS(m.text, "digest");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vias),
		cmocka_unit_test(addresses_are_read),
		cmocka_unit_test(request_uri_keeps_its_params),
		cmocka_unit_test(credentials),
		cmocka_unit_test(credentials_as_they_are_sent),
		cmocka_unit_test(mechanisms),
		cmocka_unit_test(mechanisms_of_the_old_grammar),
		cmocka_unit_test(mechanisms_misspelt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
