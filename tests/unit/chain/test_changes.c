// SPDX-License-Identifier: GPL-2.0-or-later
/* The differences between two copies of one message. */
#include "story.h"

#include "change_text.h"
#include "changes.h"

#define UE_VIA "Via: SIP/2.0/UDP 10.9.0.1:5060;branch=z9hG4bKu;rport\r\n"
#define UE_VIA_SEEN                                                  \
	"Via: SIP/2.0/UDP 10.9.0.1:5060;branch=z9hG4bKu;rport=5060;" \
	"received=10.9.0.1\r\n"
#define P_VIA	"Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKp\r\n"
#define REQUEST "REGISTER sip:home.example SIP/2.0\r\n"
#define ANSWER	"SIP/2.0 401 Unauthorized\r\n"
#define DIALOG                                                             \
	"From: <sip:a@home.example>;tag=f\r\nTo: <sip:a@home.example>\r\n" \
	"Call-ID: c\r\nCSeq: 1 REGISTER\r\n"

static struct ims_facts *facts_of(const char *text, size_t len, bool cut)
{
	struct wall wall = wall_new(ims_slice(text, len));
	const struct ims_event event = {
		.kind = IMS_EVENT_SIP,
		.transport = IMS_TRANSPORT_UDP,
		.frame = {.number = 1},
		.source = node_at("ue"),
		.destination = node_at("p"),
		.cut = cut,
		.bytes = wall.bytes,
	};
	struct ims_facts *facts = ims_facts_new(&event);

	assert_non_null(facts);
	wall_free(&wall);
	return facts;
}

static void say(GString *out, struct ims_slice s)
{
	g_string_append_len(out, s.at, (gssize)s.len);
}

/* "+Require/path=path", "-Path=<sip:p>", "~Contact/expires=60>30". */
static GString *said(const struct ims_changes *changes)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < changes->n; i++) {
		const struct ims_change *c = &changes->at[i];

		g_string_append_printf(out, "%s%c", i ? " " : "",
				       "+-~"[c->kind]);
		say(out, c->header);
		if (c->element.at) {
			g_string_append_c(out, '/');
			say(out, c->element);
		}
		if (c->before.at || c->after.at)
			g_string_append_c(out, '=');
		say(out, c->before);
		if (c->before.at && c->after.at)
			g_string_append_c(out, '>');
		say(out, c->after);
	}
	return out;
}

static struct ims_changes *changes_of(const char *before, const char *after,
				      struct ims_facts *facts[2])
{
	facts[0] = facts_of(before, strlen(before), false);
	facts[1] = facts_of(after, strlen(after), false);
	return ims_changes_new(facts[0], facts[1]);
}

static void changes_done(struct ims_changes *changes,
			 struct ims_facts *facts[2])
{
	ims_changes_free(changes);
	ims_facts_unref(facts[0]);
	ims_facts_unref(facts[1]);
}

static void check(const char *before, const char *after, const char *expected)
{
	struct ims_facts *facts[2];
	struct ims_changes *changes = changes_of(before, after, facts);
	GString *text;

	assert_non_null(changes);
	text = said(changes);
	if (strcmp(text->str, expected) != 0)
		fail_msg("of\n%s\nto\n%s\nsaid     \"%s\"\nexpected \"%s\"",
			 before, after, text->str, expected);
	g_string_free(text, TRUE);
	changes_done(changes, facts);
}

struct pair {
	const char *before;
	const char *after;
	const char *expected;
};

/* Field lines of a request at the UE's leg and behind the P-CSCF. */
static const struct pair requests[] = {
	{"", "", ""},
	/* What every proxy changes, and what is only written otherwise. */
	{"Max-Forwards: 70\r\n", "Max-Forwards: 69\r\n", ""},
	{"Max-Forwards: 70\r\n", "Max-Forwards: 70\r\n", ""},
	{"Max-Forwards: 10\r\n", "Max-Forwards: 70\r\n", "~Max-Forwards=10>70"},
	{"", "Max-Forwards: 70\r\n", "+Max-Forwards=70"},
	{"Content-Length: 0\r\n", "l:  0\r\n", ""},
	{"", "Content-Length: 0\r\n", ""},
	{"k: path, gruu\r\n", "SUPPORTED: gruu\r\nSupported: PATH\r\n", ""},
	{"Require: a\r\nExpires: 5\r\n", "Expires: 5\r\nRequire: a\r\n", ""},
	{"Security-Client: ipsec-3gpp;\r\n alg=x;  spi-c=1\r\n",
	 "Security-Client: ipsec-3gpp;alg=x; spi-c=1\r\n", ""},
	{"X-Odd: a, b\r\n", "x-odd: a ,b\r\n", ""},
	{"User-Agent: one  phone\r\n", "User-Agent: one phone\r\n", ""},
	{"User-Agent: one phone\r\n", "User-Agent: onephone\r\n",
	 "~User-Agent=one phone>onephone"},
	{"User-Agent: \"a  b\"\r\n", "User-Agent: \"a b\"\r\n",
	 "~User-Agent=\"a  b\">\"a b\""},
	/* Option-tags. */
	{"", "Require: path\r\n", "+Require/path=path"},
	{"Require: sec-agree\r\nProxy-Require: sec-agree\r\n",
	 "Require: path\r\n",
	 "-Proxy-Require/sec-agree=sec-agree +Require/path=path "
	 "-Require/sec-agree=sec-agree"},
	{"Require: sec-agree, SEC-agree\r\n", "Require: Sec-Agree\r\n", ""},
	{"Require: a, b\r\n", "Require: ,b\r\n", "-Require/a=a"},
	{"", "Require:\r\n", "+Require="},
	/* Lists of addresses. */
	{"", "Path: <sip:p;lr>\r\n", "+Path=<sip:p;lr>"},
	{"Route: <sip:p;lr>, <sip:s;lr>\r\n", "Route: <sip:s;lr>\r\n",
	 "-Route=<sip:p;lr>"},
	{"Route: <sip:p;lr>\r\nRoute: <sip:s;lr>\r\n", "",
	 "-Route=<sip:p;lr>, <sip:s;lr>"},
	{"Contact: <sip:a@1;ob>;expires=60;+g.x\r\n",
	 "Contact: <sip:a@1;ob;alias=2>;+g.x;EXPIRES=30\r\n",
	 "~Contact/expires=60>30 +Contact/alias=2"},
	{"m: <sip:a@1>\r\n", "Contact: <sip:a@2>;q=1\r\n",
	 "~Contact=<sip:a@1>><sip:a@2>;q=1"},
	{"Contact: <sip:a@1>, <sip:b@1>\r\n", "Contact: <sip:c@1>\r\n",
	 "-Contact=<sip:a@1> +Contact=<sip:c@1> -Contact=<sip:b@1>"},
	{"Contact: <sip:a@1;lr>;x\r\n", "Contact: <sip:a@1>\r\n",
	 "-Contact/x=x -Contact/lr=lr"},
	/* One URI twice: not told which is which. */
	{"Route: <sip:p;x=1>, <sip:p;x=2>\r\n", "Route: <sip:p;x=3>\r\n",
	 "-Route=<sip:p;x=1> +Route=<sip:p;x=3> -Route=<sip:p;x=2>"},
	{"Route: <sip:p;x=1>, <sip:p;x=2>\r\n",
	 "Route: <sip:p;x=1>, <sip:p;x=3>\r\n", "~Route/x=2>3"},
	/* Credentials; what is secret is not shown. */
	{"Authorization: Digest username=\"a\", nonce=\"\"\r\n",
	 "Authorization: Digest username=\"a\",nonce=\"\","
	 "integrity-protected=no\r\n",
	 "+Authorization/integrity-protected=no"},
	{"Authorization: Digest "
	 "a=1,response=\"00\",integrity-protected=yes\r\n",
	 "Authorization: Digest "
	 "response=\"11\",integrity-protected=\"yes\"\r\n",
	 "-Authorization/a=1 ~Authorization/response"},
	{"Authorization: Digest response=\"00\"\r\n", "",
	 "-Authorization=Digest"},
	{"Authorization: Digest a=1\r\n",
	 "Authorization: Digest a=1\r\nAuthorization: Basic c2VjcmV0\r\n",
	 "+Authorization=Basic"},
	/* Mechanisms. */
	{"Security-Client: ipsec-3gpp;alg=x;spi-c=1\r\n",
	 "Security-Client: ipsec-3gpp;alg=x;spi-c=2\r\n",
	 "~Security-Client/spi-c=1>2"},
	{"Security-Verify: ipsec-3gpp;alg=x, tls\r\n",
	 "Security-Verify: tls\r\n", "-Security-Verify=ipsec-3gpp;alg=x"},
	/* Others. */
	{"P-Charging-Vector: icid-value=1;orig-ioi=a\r\n",
	 "P-Charging-Vector: orig-ioi=a;icid-value=2;term-ioi=b\r\n",
	 "~P-Charging-Vector/icid-value=1>2 +P-Charging-Vector/term-ioi=b"},
	/* One name several times, some of them alike in front. */
	{"P-Charging-Vector: x=1;y=2;Y=3;z=4\r\n",
	 "P-Charging-Vector: x=1;y=2;y=5;w=6\r\n",
	 "+P-Charging-Vector/w=6 ~P-Charging-Vector/Y=3>5 "
	 "-P-Charging-Vector/z=4"},
	{"P-Charging-Vector: x=1;x=1;x=2\r\n", "P-Charging-Vector: x=1;x=2\r\n",
	 "~P-Charging-Vector/x=1>2 -P-Charging-Vector/x=2"},
	{"P-Access-Network-Info: 3GPP;cell=1\r\n",
	 "P-Access-Network-Info: 3GPP;cell=2;network-provided\r\n",
	 "~P-Access-Network-Info/cell=1>2 "
	 "+P-Access-Network-Info/network-provided=network-provided"},
	{"X-B: 1\r\nX-A: 1\r\nx-b: 2\r\n", "X-b: 2\r\nX-C: 3\r\n",
	 "-X-A=1 -X-B=1 +X-C=3"},
	{"Expires: 600\r\n", "Expires: 60\r\n", "~Expires=600>60"},
	/* Passwords and keys wherever they are written. */
	{"", "X-Login: user;passwd=x\r\n", "+X-Login"},
	{"", "X-Vector: ck=1;ik=2\r\n", "+X-Vector"},
	{"", "X-Password: x\r\n", "+X-Password"},
	{"", "X-Track: track=1\r\n", "+X-Track=track=1"},
	{"", "Path: <sip:p:pw@h;lr>\r\n", "+Path"},
	{"", "Path: <sip:p@h:5060;lr>\r\n", "+Path=<sip:p@h:5060;lr>"},
	{"Contact: <sip:a@1>\r\n", "Contact: <sip:a@1;token=x>\r\n",
	 "+Contact/token"},
	{"Authentication-Info: nextnonce=\"1\", qop=auth\r\n",
	 "Authentication-Info: nextnonce=\"2\"\r\n",
	 "~Authentication-Info/nextnonce -Authentication-Info/qop"},
};

static void requests_differ(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(requests); i++) {
		const struct pair *p = &requests[i];
		char *before = g_strconcat(REQUEST UE_VIA DIALOG, p->before,
					   "\r\n", NULL);
		char *after = g_strconcat(REQUEST P_VIA UE_VIA_SEEN DIALOG,
					  p->after, "\r\n", NULL);

		check(before, after, p->expected);
		g_free(before);
		g_free(after);
	}
}

/* Of a response: as the P-CSCF got it, and as it handed it on. */
static const struct pair responses[] = {
	{"WWW-Authenticate: Digest realm=\"h\", nonce=\"n\", ck=\"01\", "
	 "ik=\"02\"\r\n",
	 "WWW-Authenticate: Digest realm=\"h\", nonce=\"n\"\r\n"
	 "Security-Server: ipsec-3gpp;spi-c=1\r\n",
	 "+Security-Server=ipsec-3gpp;spi-c=1 -WWW-Authenticate/ck "
	 "-WWW-Authenticate/ik"},
	{"WWW-Authenticate: Digest nonce=\"n\"\r\n",
	 "WWW-Authenticate: Digest nonce=\"m\"\r\n", "~WWW-Authenticate/nonce"},
	{"Service-Route: <sip:s;lr>\r\n", "Service-Route: <sip:s;lr>\r\n", ""},
};

static void responses_differ(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(responses); i++) {
		const struct pair *p = &responses[i];
		char *before = g_strconcat(ANSWER P_VIA UE_VIA_SEEN DIALOG,
					   p->before, "\r\n", NULL);
		char *after = g_strconcat(ANSWER UE_VIA_SEEN DIALOG, p->after,
					  "\r\n", NULL);

		check(before, after, p->expected);
		g_free(before);
		g_free(after);
	}
}

static void targets_and_vias(void **state)
{
	(void)state;
	check("REGISTER sip:h SIP/2.0\r\n" UE_VIA DIALOG "\r\n",
	      "REGISTER sip:s SIP/2.0\r\n" P_VIA UE_VIA DIALOG "\r\n",
	      "~Request-URI=sip:h>sip:s");
	/* Hides where it came from. */
	check(REQUEST UE_VIA DIALOG "\r\n",
	      REQUEST P_VIA "Via: SIP/2.0/UDP hidden;branch=z9hG4bKh\r\n" DIALOG
			    "\r\n",
	      "-Via=SIP/2.0/UDP 10.9.0.1:5060;branch=z9hG4bKu;rport "
	      "+Via=SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKp "
	      "+Via=SIP/2.0/UDP hidden;branch=z9hG4bKh");
}

/* Another length, and a body of another length. */
static void body_changes(void **state)
{
	(void)state;
	check(REQUEST UE_VIA DIALOG "Content-Length: 2\r\n\r\nab",
	      REQUEST P_VIA UE_VIA DIALOG "Content-Length: 3\r\n\r\nabc",
	      "~Content-Length=2>3");
}

static void changes_are_found(void **state)
{
	struct ims_facts *facts[2];
	struct ims_changes *changes = changes_of(
		REQUEST UE_VIA DIALOG "Require: sec-agree\r\n\r\n",
		REQUEST P_VIA UE_VIA DIALOG "Path: <sip:p>\r\n\r\n", facts);

	(void)state;
	assert_non_null(ims_changes_find(changes, IMS_CHANGE_ADDED,
					 IMS_SIP_HEADER_PATH, NULL));
	assert_null(ims_changes_find(changes, IMS_CHANGE_REMOVED,
				     IMS_SIP_HEADER_PATH, NULL));
	assert_non_null(ims_changes_find(changes, IMS_CHANGE_REMOVED,
					 IMS_SIP_HEADER_REQUIRE, "Sec-Agree"));
	assert_null(ims_changes_find(changes, IMS_CHANGE_REMOVED,
				     IMS_SIP_HEADER_REQUIRE, NULL));
	assert_null(ims_changes_find(changes, IMS_CHANGE_REMOVED,
				     IMS_SIP_HEADER_REQUIRE, "path"));
	assert_null(ims_changes_find(NULL, IMS_CHANGE_ADDED,
				     IMS_SIP_HEADER_PATH, NULL));
	changes_done(changes, facts);
}

/* What is beyond the bound is left out, and the list says so. */
static void bound_is_told(void **state)
{
	GString *before = g_string_new(REQUEST UE_VIA DIALOG "Require: a");
	GString *after = g_string_new(REQUEST P_VIA UE_VIA DIALOG);
	struct ims_facts *facts[2];
	struct ims_changes *changes;

	(void)state;
	for (unsigned i = 0; i <= IMS_CHANGES_MAX; i++)
		g_string_append_printf(before, ", tag%u", i);
	g_string_append(before, "\r\n\r\n");
	g_string_append(after, "Require: a\r\n\r\n");
	changes = changes_of(before->str, after->str, facts);
	assert_int_equal(changes->n, IMS_CHANGES_MAX);
	assert_true(changes->cut);
	changes_done(changes, facts);
	g_string_free(before, TRUE);
	g_string_free(after, TRUE);
}

static const char *const lines[] = {
	UE_VIA,
	"From: <sip:a@home.example>;tag=f\r\n",
	"Path: <sip:p>\r\n",
	"Path: <sip:q>\r\n",
	"X-Odd: 1\r\n",
	"X-Odd: 2\r\n",
	"X-Even: 1\r\n",
	"Supported: a, b\r\n",
	"Max-Forwards: 70\r\n",
	"Expires: 60\r\n",
	"Contact: <sip:a@10.9.0.1>\r\n",
	"Call-ID: c\r\n",
	"CSeq: 1 REGISTER\r\n",
	"User-Agent: u\r\n",
};

/* All lines but `without` in an order by chance, of one field as above. */
static void shuffle(GString *out, unsigned *random, size_t without)
{
	const size_t n = G_N_ELEMENTS(lines);
	bool put[G_N_ELEMENTS(lines)] = {false};

	g_string_assign(out, REQUEST);
	for (size_t left = n; left > 0; left--) {
		size_t i = (*random = *random * 1664525 + 1013904223) >> 16;
		size_t name;

		while (put[i % n])
			i++;
		i %= n;
		name = (size_t)(strchr(lines[i], ':') - lines[i]);
		while (i > 0 && !put[i - 1] &&
		       strncmp(lines[i - 1], lines[i], name + 1) == 0)
			i--;
		put[i] = true;
		if (i != without)
			g_string_append(out, lines[i]);
	}
	g_string_append(out, "\r\n");
}

/* The order of different fields says nothing, and hides nothing. */
static void order_does_not_count(void **state)
{
	static const char *const missing[G_N_ELEMENTS(lines)] = {
		[2] = "-Path=<sip:p>", [5] = "-X-Odd=2",
		[6] = "-X-Even=1",     [7] = "-Supported/a=a -Supported/b=b",
		[9] = "-Expires=60",   [13] = "-User-Agent=u",
	};
	GString *before = g_string_new(NULL), *after = g_string_new(NULL);
	unsigned random = 1;

	(void)state;
	for (unsigned n = 0; n < 1000; n++) {
		size_t without = n % (G_N_ELEMENTS(lines) + 1);
		struct ims_facts *facts[2];
		struct ims_changes *changes;
		GString *text;

		if (without < G_N_ELEMENTS(lines) && !missing[without])
			continue;
		shuffle(before, &random, G_N_ELEMENTS(lines));
		shuffle(after, &random, without);
		changes = changes_of(before->str, after->str, facts);
		text = said(changes);
		assert_string_equal(text->str, without < G_N_ELEMENTS(lines)
						       ? missing[without]
						       : "");
		g_string_free(text, TRUE);
		changes_done(changes, facts);
	}
	g_string_free(before, TRUE);
	g_string_free(after, TRUE);
}

/* A header that is not all there says nothing of what it lacks. */
static void parts_are_not_compared(void **state)
{
	static const char text[] = REQUEST P_VIA UE_VIA DIALOG
		"Path: <sip:p>\r\nRequire: path\r\n\r\n";
	struct ims_facts *whole = facts_of(text, strlen(text), false);
	GString *many = g_string_new(REQUEST UE_VIA);
	struct ims_facts *long_one;

	(void)state;
	for (size_t len = 0; len <= strlen(text); len++) {
		struct ims_facts *part = facts_of(text, len, true);

		assert_null(ims_changes_new(whole, part));
		assert_null(ims_changes_new(part, whole));
		ims_facts_unref(part);
		/* Not known to be cut: no more than odd. */
		part = facts_of(text, len, false);
		ims_changes_free(ims_changes_new(whole, part));
		ims_changes_free(ims_changes_new(part, whole));
		ims_facts_unref(part);
	}
	for (unsigned i = 0; i < IMS_SIP_MAX_HEADERS; i++)
		g_string_append(many, "X: y\r\n");
	g_string_append(many, "\r\n");
	long_one = facts_of(many->str, many->len, false);
	assert_null(ims_changes_new(whole, long_one));
	assert_null(ims_changes_new(long_one, whole));
	ims_facts_unref(long_one);
	ims_facts_unref(whole);
	g_string_free(many, TRUE);
}

/*
 * Fields of 200 kB that differ in their last bytes, of all kinds: compared in
 * a moment, or the bound is told.
 */
static void hostile_fields(void **state)
{
	static const struct {
		const char *begin;
		const char *part;
	} kinds[] = {
		{"Require: ", "a,"},
		{"Require: ", ","},
		{"Contact: ", "<sip:a@b>,"},
		{"Contact: <sip:a@b", ";a"},
		{"Contact: <sip:a@b>", ";a=1"},
		{"Contact: ", "sip:"},
		{"Authorization: Digest ", "a=1,"},
		{"Security-Client: ", "x;a=\","},
		{"X-Odd: ", "a "},
		{"X-Odd: ", "sip:"},
		{"X-Odd: ", "\"\\"},
		{"P-Charging-Vector: ", "a;"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		GString *text = g_string_new(REQUEST UE_VIA DIALOG);
		struct ims_facts *facts[2];
		gint64 start;

		g_string_append(text, kinds[i].begin);
		while (text->len < 200000)
			g_string_append(text, kinds[i].part);
		facts[0] = facts_of(text->str, text->len, false);
		g_string_append(text, "z\r\n\r\n");
		facts[1] = facts_of(text->str, text->len, false);
		start = g_get_monotonic_time();
		ims_changes_free(ims_changes_new(facts[0], facts[1]));
		assert_true(g_get_monotonic_time() - start < 2000000);
		ims_facts_unref(facts[0]);
		ims_facts_unref(facts[1]);
		g_string_free(text, TRUE);
	}
}

/* 250 lines of one name, long and alike but for their ends. */
static void many_lines(void **state)
{
	GString *texts[2];
	struct ims_facts *facts[2];
	struct ims_changes *changes;
	char *run = g_strnfill(800, 'a');

	(void)state;
	for (unsigned k = 0; k < 2; k++) {
		texts[k] = g_string_new(REQUEST);
		for (unsigned i = 0; i < 250; i++)
			g_string_append_printf(texts[k], "X-%s: %s%u\r\n",
					       i % 2 ? run : "Odd", run,
					       k ? 500 - i : i);
		g_string_append(texts[k], "\r\n");
	}
	changes = changes_of(texts[0]->str, texts[1]->str, facts);
	assert_non_null(changes);
	assert_true(changes->cut);
	changes_done(changes, facts);
	for (unsigned k = 0; k < 2; k++)
		g_string_free(texts[k], TRUE);
	g_free(run);
}

/* The text without the blanks that do not count, byte by byte. */
static char *bare(const char *text)
{
	GString *out = g_string_new(NULL);
	bool quoted = false, blank = false, word = false;

	for (const char *c = text; *c; c++) {
		bool separates = !quoted && strchr(";,=<>", *c);

		if (!quoted && strchr(" \t\r\n", *c)) {
			blank = true;
			continue;
		}
		if (blank && word && !separates)
			g_string_append_c(out, ' ');
		blank = false;
		g_string_append_c(out, *c);
		word = !separates;
		if (quoted && *c == '\\' && c[1])
			g_string_append_c(out, *++c);
		else if (*c == '"')
			quoted = !quoted;
	}
	return g_string_free(out, FALSE);
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

/* However much two texts have in common. */
static void texts_compare_without_blanks(void **state)
{
	static const char alphabet[] = "aab  \t\"\"\\\\;,<=";
	uint32_t random = 1;

	(void)state;
	for (size_t i = 0; i < 30000; i++) {
		char texts[2][40];
		size_t n = i % 30;
		char *plain[2];
		int order;

		for (size_t k = 0; k < n + 4; k++) {
			random = random * 1103515245 + 12345;
			texts[0][k] = alphabet[(random >> 16) %
					       (sizeof(alphabet) - 1)];
			random = random * 1103515245 + 12345;
			texts[1][k] = alphabet[(random >> 16) %
					       (sizeof(alphabet) - 1)];
		}
		memcpy(texts[1], texts[0], n);
		texts[0][n + 4] = '\0';
		texts[1][n + i % 5] = '\0';
		order = ims_text_compare(ims_slice_of(texts[0]),
					 ims_slice_of(texts[1]));
		plain[0] = bare(texts[0]);
		plain[1] = bare(texts[1]);
		assert_int_equal(sign(order), sign(strcmp(plain[0], plain[1])));
		g_free(plain[0]);
		g_free(plain[1]);
	}
}

static void secrets_have_names(void **state)
{
	static const struct {
		const char *text;
		bool has_secret;
	} cases[] = {
		{"", false},
		{"nonce", false},
		{"nonce=x", true},
		{"a=b;CNonce = x", true},
		{"NextNonce=x", true},
		{"nextnonces=x", false},
		{"xnonce=x", false},
		{"ck=", true},
		{"ik-=", false},
		{"my-PassWord=x", true},
		{"pass=x", false},
		{"x_PWD=1", true},
		{"xpw=1", false},
		{"Private-Key=1", true},
		{"client.secret=1", true},
		{"secre=1", false},
		{"access-token=1", true},
		{"@ck=1", true},
		{"[ck=1", true},
		{"\xe3k=1", false},
		{"path", false},
		{"icid-value=a:b@c;icid-generated-at=d", false},
		{"<sip:alice@a:5060>", false},
		{"<sip:alice:x@a>", true},
		{"<SIPS :alice:x@a>", true},
		{"<tel:alice:x@a>", false},
		{"<sip:alice:x>@a", false},
		{"sip:alice:x y@a", false},
		{"sip:a:\"@", false},
		{"sip:", false},
	};
	char *run = g_strnfill(600, 'a');
	char *long_one = g_strconcat("sip:", run, NULL);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(
			ims_text_has_secret(ims_slice_of(cases[i].text)),
			cases[i].has_secret);
	/* What goes on for more than 512 is taken for one. */
	assert_true(ims_text_has_secret(ims_slice(long_one, 4 + 513)));
	assert_false(ims_text_has_secret(ims_slice(long_one, 4 + 512)));
	g_free(long_one);
	g_free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_differ),
		cmocka_unit_test(responses_differ),
		cmocka_unit_test(targets_and_vias),
		cmocka_unit_test(body_changes),
		cmocka_unit_test(changes_are_found),
		cmocka_unit_test(bound_is_told),
		cmocka_unit_test(order_does_not_count),
		cmocka_unit_test(parts_are_not_compared),
		cmocka_unit_test(hostile_fields),
		cmocka_unit_test(many_lines),
		cmocka_unit_test(texts_compare_without_blanks),
		cmocka_unit_test(secrets_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
