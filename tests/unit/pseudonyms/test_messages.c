// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <string.h>

#include "diameter.h"
#include "diameter_avps.h"
#include "digest.h"
#include "secrets.h"
#include "sip_auth.h"

#define NONCE "lxfGtBvJD0DHan47t870JA1Su+HeGrm54HP/D8A3JnM="

static struct ims_pseudonyms *pseudonyms(void)
{
	return ims_pseudonyms_new("a key", 5);
}

/* A request that answers a challenge. */
static char *request(const char *algorithm, const char *response,
		     const char *more)
{
	return g_strdup_printf(
		"REGISTER sip:ims.org SIP/2.0\r\n"
		"Authorization: Digest username=\"alice@ims.org\", "
		"realm=\"ims.org\", nonce=\"" NONCE "\", uri=\"sip:ims.org\", "
		"response=\"%s\", algorithm=%s%s\r\n"
		"Content-Length: 0\r\n\r\n",
		response, algorithm, more);
}

static struct ims_sip_auth auth_of(const char *message)
{
	struct ims_sip_auth auth;
	const char *start = strstr(message, "Digest");

	ims_sip_auth_parse(&auth, ims_slice(start, strcspn(start, "\r")));
	return auth;
}

static void md5(char out[33], const char *text)
{
	char *sum = g_compute_checksum_for_string(G_CHECKSUM_MD5, text, -1);

	g_strlcpy(out, sum, 33);
	g_free(sum);
}

/* RFC 2617 3.2.2.1, without qop. */
static void respond(char out[33], const struct ims_sip_auth *auth,
		    const char *ha1)
{
	char *text = g_strdup_printf("REGISTER:%.*s", IMS_SLICE_ARG(auth->uri));
	char ha2[33];

	md5(ha2, text);
	g_free(text);
	text = g_strdup_printf("%s:%.*s:%s", ha1, IMS_SLICE_ARG(auth->nonce),
			       ha2);
	md5(out, text);
	g_free(text);
}

static void ha1_of(char out[33], const struct ims_sip_auth *auth,
		   const uint8_t *password, size_t len)
{
	GByteArray *bytes = g_byte_array_new();
	char *sum;

	g_byte_array_append(bytes, (const guint8 *)auth->username.at,
			    (guint)auth->username.len);
	g_byte_array_append(bytes, (const guint8 *)":", 1);
	g_byte_array_append(bytes, (const guint8 *)auth->realm.at,
			    (guint)auth->realm.len);
	g_byte_array_append(bytes, (const guint8 *)":", 1);
	g_byte_array_append(bytes, password, (guint)len);
	sum = g_compute_checksum_for_data(G_CHECKSUM_MD5, bytes->data,
					  bytes->len);
	g_strlcpy(out, sum, 33);
	g_free(sum);
	g_byte_array_unref(bytes);
}

static void aka_right_stays_right(void **state)
{
	uint8_t xres[8] = {1, 2, 3, 4, 5, 6, 7, 8}, made[8], challenge[32];
	struct ims_pseudonyms *p = pseudonyms();
	char *text = request("AKAv1-MD5", "", "");
	struct ims_sip_auth auth = auth_of(text);
	char ha1[33], response[33];

	(void)state;
	ims_base64_bytes(challenge, sizeof(challenge), auth.nonce);
	ims_digest_keep_xres(p, ims_slice(challenge, 32), ims_slice(xres, 8));
	ha1_of(ha1, &auth, xres, 8);
	respond(response, &auth, ha1);
	g_free(text);
	text = request("AKAv1-MD5", response, "");
	ims_pseudonyms_message(p, IMS_EVENT_SIP, text, strlen(text));
	auth = auth_of(text);
	memcpy(made, xres, 8);
	ims_secret_bytes(p, IMS_SECRET_XRES, made, 8);
	assert_memory_not_equal(made, xres, 8);
	ha1_of(ha1, &auth, made, 8);
	assert_memory_not_equal(auth.response.at, response, 32);
	respond(response, &auth, ha1);
	assert_memory_equal(auth.response.at, response, 32);
	/* The challenge is that of the MAA. */
	ims_secret_bytes(p, IMS_SECRET_CHALLENGE, challenge, 32);
	ims_base64_bytes(made, 8, auth.nonce);
	assert_memory_equal(made, challenge, 8);
	g_free(text);
	ims_pseudonyms_free(p);
}

static void wrong_stays_wrong(void **state)
{
	uint8_t xres[8] = {1, 2, 3, 4, 5, 6, 7, 8}, challenge[32];
	struct ims_pseudonyms *p = pseudonyms();
	char *text =
		request("AKAv1-MD5", "0123456789abcdef0123456789abcdef", "");
	char *again = g_strdup(text);
	struct ims_sip_auth auth = auth_of(text);
	char ha1[33], response[33];

	(void)state;
	ims_base64_bytes(challenge, sizeof(challenge), auth.nonce);
	ims_digest_keep_xres(p, ims_slice(challenge, 32), ims_slice(xres, 8));
	ims_pseudonyms_message(p, IMS_EVENT_SIP, text, strlen(text));
	auth = auth_of(text);
	ims_secret_bytes(p, IMS_SECRET_XRES, xres, 8);
	ha1_of(ha1, &auth, xres, 8);
	respond(response, &auth, ha1);
	assert_memory_not_equal(auth.response.at, response, 32);
	assert_null(strstr(text, "0123456789abcdef"));
	ims_pseudonyms_message(p, IMS_EVENT_SIP, again, strlen(again));
	assert_string_equal(text, again);
	g_free(text);
	g_free(again);
	ims_pseudonyms_free(p);
}

static void digest_right_stays_right(void **state)
{
	char ha1[33] = "939e7578ed9e3c518a452acee763bce9";
	struct ims_pseudonyms *p = pseudonyms();
	char *text = request("MD5", "", "");
	struct ims_sip_auth auth = auth_of(text);
	char response[33];

	(void)state;
	ims_digest_keep_ha1(p, ims_slice_hash(auth.username),
			    ims_slice(ha1, 32));
	respond(response, &auth, ha1);
	g_free(text);
	text = request("MD5", response, "");
	ims_pseudonyms_message(p, IMS_EVENT_SIP, text, strlen(text));
	auth = auth_of(text);
	ims_secret_hex(p, IMS_SECRET_HA1, ims_chars(ha1, 32));
	assert_string_not_equal(ha1, "939e7578ed9e3c518a452acee763bce9");
	respond(response, &auth, ha1);
	assert_memory_equal(auth.response.at, response, 32);
	g_free(text);
	ims_pseudonyms_free(p);
}

/* RFC 3310 3.4: with auts, the password is empty. */
static void resynchronization(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();
	const char *auts = ", auts=\"AAECAwQFBgcICQoLDA0=\"";
	char *text = request("AKAv1-MD5", "", auts);
	struct ims_sip_auth auth = auth_of(text);
	uint8_t bytes[14], made[14];
	char ha1[33], response[33];

	(void)state;
	ha1_of(ha1, &auth, (const uint8_t *)"", 0);
	respond(response, &auth, ha1);
	g_free(text);
	text = request("AKAv1-MD5", response, auts);
	ims_base64_bytes(bytes, 14, auth_of(text).auts);
	ims_pseudonyms_message(p, IMS_EVENT_SIP, text, strlen(text));
	auth = auth_of(text);
	ha1_of(ha1, &auth, (const uint8_t *)"", 0);
	respond(response, &auth, ha1);
	assert_memory_equal(auth.response.at, response, 32);
	ims_secret_bytes(p, IMS_SECRET_AUTS, bytes, 14);
	ims_base64_bytes(made, 14, auth.auts);
	assert_memory_equal(made, bytes, 14);
	g_free(text);
	ims_pseudonyms_free(p);
}

/* The AMF says what AUTN is for, and stays. */
static void autn_keeps_its_field(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();
	uint8_t bytes[32] = {0};

	(void)state;
	bytes[16 + 6] = 0x80;
	ims_secret_bytes(p, IMS_SECRET_CHALLENGE, bytes, sizeof(bytes));
	assert_int_equal(bytes[16 + 6], 0x80);
	assert_int_equal(bytes[16 + 7], 0);
	assert_int_not_equal(bytes[0] | bytes[1] | bytes[16] | bytes[17], 0);
	ims_pseudonyms_free(p);
}

/* Each AVP that the engine knows is known here; of these, nothing is. */
static void every_avp_has_a_form(void **state)
{
	static const struct {
		enum ims_diameter_avp_id id;
		uint32_t vendor;
		uint32_t code;
		const char *name;
	} avps[] = {
#define X(id, vendor, code, name) {IMS_AVP_##id, vendor, code, name},
		IMS_DIAMETER_AVPS(X)
#undef X
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(avps); i++) {
		bool is_opaque =
			avps[i].id == IMS_AVP_CLASS ||
			avps[i].id == IMS_AVP_PROXY_STATE ||
			avps[i].id == IMS_AVP_AF_CHARGING_IDENTIFIER ||
			avps[i].id == IMS_AVP_SIP_AUTHENTICATION_CONTEXT;
		enum ims_avp_form form =
			ims_avp_form(avps[i].vendor, avps[i].code);

		if ((form == IMS_AVP_FORM_OPAQUE) != is_opaque)
			fail_msg("%s", avps[i].name);
	}
}

/* One AVP behind a header that says nothing. */
static size_t make_avp(uint8_t *at, uint32_t code, uint32_t vendor,
		       const void *value, size_t len)
{
	size_t header = vendor ? 12 : 8, total = header + len;

	memset(at, 0, 20 + total + 3);
	at[0] = 1;
	at[3] = (uint8_t)(20 + (total + 3) / 4 * 4);
	at += 20;
	at[2] = (uint8_t)(code >> 8);
	at[3] = (uint8_t)code;
	at[4] = vendor ? 0xc0 : 0x40;
	at[7] = (uint8_t)total;
	at[10] = (uint8_t)(vendor >> 8);
	at[11] = (uint8_t)vendor;
	memcpy(at + header, value, len);
	return 20 + header;
}

static void numbers_in_tbcd(void **state)
{
	static const uint8_t msisdn[] = {0x51, 0x55, 0x10, 0x00, 0x20, 0xf0};
	struct ims_pseudonyms *p = pseudonyms();
	uint8_t message[64];
	size_t at = make_avp(message, 701, 10415, msisdn, sizeof(msisdn));
	char text[] = "15550100020", made[12] = {0};

	(void)state;
	ims_pseudonyms_message(p, IMS_EVENT_DIAMETER, (char *)message,
			       message[3]);
	for (unsigned i = 0; i < 11; i++)
		made[i] = (char)('0' + (message[at + i / 2] >> (i % 2 ? 4 : 0) &
					0x0f));
	ims_pseudonyms_text(p, text, strlen(text));
	assert_string_equal(made, text);
	assert_int_equal(message[at + 5] >> 4, 0x0f);
	ims_pseudonyms_free(p);
}

/* What is not known is replaced, bytes and words. */
static void unknown_avps(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();
	uint8_t message[64];
	size_t at = make_avp(message, 9999, 4242, "sip:alice@ims.org", 17);

	(void)state;
	ims_pseudonyms_message(p, IMS_EVENT_DIAMETER, (char *)message,
			       message[3]);
	assert_memory_equal(message + at, "sip:", 4);
	assert_null(memmem(message + at, 17, "alice", 5));
	at = make_avp(message, 9999, 4242, "\x00\x01\x02\x03\x04\x05", 6);
	ims_pseudonyms_message(p, IMS_EVENT_DIAMETER, (char *)message,
			       message[3]);
	assert_memory_not_equal(message + at, "\x00\x01\x02\x03\x04\x05", 6);
	ims_pseudonyms_free(p);
}

/* In a phrase too, but not where words of the protocol stand. */
static void names_in_phrases(void **state)
{
	char text[] = "SIP/2.0 404 No path for Alice, unknown user\r\n"
		      "From: <sip:alice@ims.org>\r\n"
		      "To: <sip:path@ims.org>\r\n"
		      "Path: <sip:10.0.0.1;lr>\r\n"
		      "Contact: <sip:user@ims.org>\r\n"
		      "Supported: path\r\n\r\n";
	struct ims_pseudonyms *p = pseudonyms();

	(void)state;
	ims_pseudonyms_message(p, IMS_EVENT_SIP, text, strlen(text));
	assert_null(strstr(text, "Alice"));
	assert_non_null(strstr(text, ", unknown user\r\n"));
	assert_non_null(strstr(text, "Path: <sip:10."));
	assert_non_null(strstr(text, "Supported: path\r\n"));
	ims_pseudonyms_free(p);
}

static void patterns(void **state)
{
	struct ims_pseudonyms *p = pseudonyms();
	char whole[] = "+15550100002@*", cut[] = "1555*", host[] = "*@ims.com";
	char before[] = "*0002@ims.com";
	char number[] = "15550100002", suffix[] = "*15550100002";

	(void)state;
	ims_pseudonyms_text(p, number, strlen(number));
	assert_true(ims_pseudonyms_pattern(p, whole));
	assert_memory_equal(whole + 1, number, 11);
	assert_false(ims_pseudonyms_pattern(p, cut));
	assert_false(ims_pseudonyms_pattern(p, before));
	assert_true(ims_pseudonyms_pattern(p, host));
	assert_string_equal(host, "*@ims.com");
	assert_true(ims_pseudonyms_pattern(p, suffix));
	assert_memory_equal(suffix, "*", 1);
	assert_string_equal(suffix + 1, number);
	ims_pseudonyms_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aka_right_stays_right),
		cmocka_unit_test(wrong_stays_wrong),
		cmocka_unit_test(digest_right_stays_right),
		cmocka_unit_test(resynchronization),
		cmocka_unit_test(autn_keeps_its_field),
		cmocka_unit_test(every_avp_has_a_form),
		cmocka_unit_test(numbers_in_tbcd),
		cmocka_unit_test(unknown_avps),
		cmocka_unit_test(names_in_phrases),
		cmocka_unit_test(patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
