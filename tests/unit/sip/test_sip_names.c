// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include <ctype.h>

#include "sip_names.h"

static enum ims_sip_header_id find(const char *name)
{
	return ims_sip_header_find(ims_slice_of(name));
}

static const struct {
	enum ims_sip_header_id id;
	const char *name;
	const char *compact;
} headers[] = {
#define X(id, text, compact) {IMS_SIP_HEADER_##id, text, compact},
	IMS_SIP_HEADERS(X)
#undef X
};

static void every_header_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		assert_int_equal(find(headers[i].name), headers[i].id);
		assert_string_equal(ims_sip_header_name(headers[i].id),
				    headers[i].name);
		if (headers[i].compact)
			assert_int_equal(find(headers[i].compact),
					 headers[i].id);
	}
	assert_null(ims_sip_header_name(IMS_SIP_HEADER_OTHER));
	assert_null(ims_sip_header_name(IMS_SIP_N_HEADERS));
}

static void headers_ignore_case(void **state)
{
	(void)state;
	for (int id = 1; id < IMS_SIP_N_HEADERS; id++) {
		const char *name =
			ims_sip_header_name((enum ims_sip_header_id)id);
		char changed[32];
		size_t i;

		for (i = 0; name[i]; i++)
			changed[i] = (char)(i % 2 ? tolower(name[i])
						  : toupper(name[i]));
		changed[i] = '\0';
		assert_int_equal(find(changed), id);
	}
	assert_int_equal(find("V"), IMS_SIP_HEADER_VIA);
}

static void other_headers_are_other(void **state)
{
	static const char *const names[] = {
		"",	     "x",	  "Vi",
		"Viaa",	     "DC-Info",	  "Call_ID",
		"Security-", "X-Unknown", "P-Access-Network-Infos",
		"z",	     "\xff",	  "A-header-name-beyond-all-others",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(find(names[i]), IMS_SIP_HEADER_OTHER);
	assert_int_equal(ims_sip_header_find((struct ims_slice){0}),
			 IMS_SIP_HEADER_OTHER);
	assert_int_equal(ims_sip_header_find(ims_slice("Via\0", 4)),
			 IMS_SIP_HEADER_OTHER);
}

static void methods_mind_case(void **state)
{
	(void)state;
#define X(name)                                                    \
	assert_int_equal(ims_sip_method_find(ims_slice_of(#name)), \
			 IMS_SIP_METHOD_##name);
	IMS_SIP_METHODS(X)
#undef X
	assert_int_equal(ims_sip_method_find(ims_slice_of("register")),
			 IMS_SIP_METHOD_OTHER);
	assert_int_equal(ims_sip_method_find(ims_slice_of("REGISTERS")),
			 IMS_SIP_METHOD_OTHER);
	assert_int_equal(ims_sip_method_find(ims_slice_of("REG")),
			 IMS_SIP_METHOD_OTHER);
	assert_int_equal(ims_sip_method_find((struct ims_slice){0}),
			 IMS_SIP_METHOD_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_header_is_found),
		cmocka_unit_test(headers_ignore_case),
		cmocka_unit_test(other_headers_are_other),
		cmocka_unit_test(methods_mind_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
