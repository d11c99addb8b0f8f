// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include "sip_digest.h"

#define IS(hex, text) assert_memory_equal(hex, text, IMS_MD5_HEX)

static void hashes(void **state)
{
	char out[IMS_MD5_HEX];

	(void)state;
	/* RFC 1321 A.5. */
	ims_md5(out, ims_slice_of(""));
	IS(out, "d41d8cd98f00b204e9800998ecf8427e");
	ims_md5(out, ims_slice_of("abc"));
	IS(out, "900150983cd24fb0d6963f7d28e17f72");
}

/* The example of RFC 2617 3.5; its other forms by another implementation. */
static void responses(void **state)
{
	struct ims_sip_auth auth = {
		.username = ims_slice_of("Mufasa"),
		.realm = ims_slice_of("testrealm@host.com"),
		.nonce = ims_slice_of("dcd98b7102dd2f0e8b11d0f600bfb0c093"),
		.uri = ims_slice_of("/dir/index.html"),
		.qop = ims_slice_of("auth"),
		.nc = ims_slice_of("00000001"),
		.cnonce = ims_slice_of("0a4f113b"),
	};
	struct ims_slice get = ims_slice_of("GET");
	char ha1[IMS_MD5_HEX];
	char body[IMS_MD5_HEX];
	char out[IMS_MD5_HEX];

	(void)state;
	ims_digest_ha1(ha1, &auth, ims_slice_of("Circle Of Life"));
	IS(ha1, "939e7578ed9e3c518a452acee763bce9");
	ims_md5(body, ims_slice_of("v=0"));
	assert_false(ims_digest_is_of_body(&auth));
	ims_digest_response(out, &auth, get, ims_slice(body, sizeof(body)),
			    ims_slice(ha1, sizeof(ha1)));
	IS(out, "6629fae49393a05397450978507c4ef1");
	auth.qop = ims_slice_of("auth-int");
	assert_true(ims_digest_is_of_body(&auth));
	ims_digest_response(out, &auth, get, ims_slice(body, sizeof(body)),
			    ims_slice(ha1, sizeof(ha1)));
	IS(out, "5db8f67ee86f54b921ff197961aee76e");
	/* RFC 2069: nc and cnonce do not count. */
	auth.qop = (struct ims_slice){0};
	ims_digest_response(out, &auth, get, ims_slice(body, sizeof(body)),
			    ims_slice(ha1, sizeof(ha1)));
	IS(out, "670fd8c2df070c60b045671b8b24ff02");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes),
		cmocka_unit_test(responses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
