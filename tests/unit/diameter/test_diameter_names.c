// SPDX-License-Identifier: GPL-2.0-or-later
#include "diameter_names.h"

#include "diameter_avps.h"
#include "unit.h"

static void commands_belong_to_their_application(void **state)
{
	static const struct {
		uint32_t application;
		uint32_t code;
		const char *request;
		const char *answer;
	} cases[] = {
		{0, 257, "CER", "CEA"},
		{0, 280, "DWR", "DWA"},
		{0, 282, "DPR", "DPA"},
		{16777216, 300, "UAR", "UAA"},
		{16777216, 301, "SAR", "SAA"},
		{16777216, 302, "LIR", "LIA"},
		{16777216, 303, "MAR", "MAA"},
		{16777216, 304, "RTR", "RTA"},
		{16777216, 305, "PPR", "PPA"},
		{6, 283, "UAR", "UAA"},
		{6, 284, "SAR", "SAA"},
		{6, 285, "LIR", "LIA"},
		{6, 286, "MAR", "MAA"},
		{6, 287, "RTR", "RTA"},
		{6, 288, "PPR", "PPA"},
		{16777236, 258, "RAR", "RAA"},
		{16777236, 265, "AAR", "AAA"},
		{16777236, 274, "ASR", "ASA"},
		{16777236, 275, "STR", "STA"},
		{16777217, 306, "?", "?"},
		{6, 300, "?", "?"},
		{16777216, 283, "?", "?"},
		{0, 300, "?", "?"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum ims_command command = ims_diameter_command(
			cases[i].application, cases[i].code);
		assert_string_equal(ims_command_name(command, true),
				    cases[i].request);
		assert_string_equal(ims_command_name(command, false),
				    cases[i].answer);
	}
	assert_string_equal(ims_command_name((enum ims_command)99, true), "?");
}

static void applications_have_ids(void **state)
{
	(void)state;
	assert_int_equal(ims_diameter_application(0), IMS_APPLICATION_BASE);
	assert_int_equal(ims_diameter_application(6), IMS_APPLICATION_RFC4740);
	assert_int_equal(ims_diameter_application(16777216),
			 IMS_APPLICATION_CX);
	assert_int_equal(ims_diameter_application(16777236),
			 IMS_APPLICATION_RX);
	assert_int_equal(ims_diameter_application(16777217),
			 IMS_APPLICATION_OTHER);
	assert_int_equal(ims_diameter_application(0xffffffff),
			 IMS_APPLICATION_OTHER);
}

static void one_number_has_several_meanings(void **state)
{
	static const struct {
		enum ims_result_container container;
		uint32_t vendor;
		uint32_t code;
		enum ims_application application;
		const char *name;
	} cases[] = {
		{IMS_RESULT_CODE, 0, 5001, IMS_APPLICATION_CX,
		 "DIAMETER_AVP_UNSUPPORTED"},
		{IMS_RESULT_EXPERIMENTAL, 10415, 5001, IMS_APPLICATION_CX,
		 "DIAMETER_ERROR_USER_UNKNOWN"},
		{IMS_RESULT_CODE, 0, 5032, IMS_APPLICATION_RFC4740,
		 "DIAMETER_ERROR_USER_UNKNOWN"},
		{IMS_RESULT_CODE, 0, 5032, IMS_APPLICATION_CX, NULL},
		{IMS_RESULT_CODE, 0, 2001, IMS_APPLICATION_CX,
		 "DIAMETER_SUCCESS"},
		{IMS_RESULT_EXPERIMENTAL, 10415, 2001, IMS_APPLICATION_CX,
		 "DIAMETER_FIRST_REGISTRATION"},
		{IMS_RESULT_CODE, 0, 2003, IMS_APPLICATION_RFC4740,
		 "DIAMETER_FIRST_REGISTRATION"},
		{IMS_RESULT_CODE, 0, 2003, IMS_APPLICATION_BASE, NULL},
		{IMS_RESULT_CODE, 0, 5012, IMS_APPLICATION_CX,
		 "DIAMETER_UNABLE_TO_COMPLY"},
		{IMS_RESULT_EXPERIMENTAL, 10415, 5012, IMS_APPLICATION_CX,
		 "DIAMETER_ERROR_SERVING_NODE_FEATURE_UNSUPPORTED"},
		{IMS_RESULT_EXPERIMENTAL, 10415, 5065, IMS_APPLICATION_RX,
		 "IP-CAN_SESSION_NOT_AVAILABLE"},
		{IMS_RESULT_CODE, 0, 3002, IMS_APPLICATION_RX,
		 "DIAMETER_UNABLE_TO_DELIVER"},
		{IMS_RESULT_EXPERIMENTAL, 0, 5001, IMS_APPLICATION_CX, NULL},
		{IMS_RESULT_EXPERIMENTAL, 13019, 5001, IMS_APPLICATION_CX,
		 NULL},
		{IMS_RESULT_NONE, 0, 2001, IMS_APPLICATION_CX, NULL},
		{IMS_RESULT_CODE, 0, 9999, IMS_APPLICATION_CX, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *name = ims_diameter_result_name(
			cases[i].container, cases[i].vendor, cases[i].code,
			cases[i].application);
		if (cases[i].name) {
			assert_non_null(name);
			assert_string_equal(name, cases[i].name);
		} else {
			assert_null(name);
		}
	}
}

static void every_avp_is_found_by_its_code(void **state)
{
	static const struct {
		enum ims_diameter_avp_id id;
		uint32_t vendor;
		uint32_t code;
		const char *name;
	} avps[] = {
#define X(avp, vendor, code, name) {IMS_AVP_##avp, vendor, code, name},
		IMS_DIAMETER_AVPS(X)
#undef X
	};

	(void)state;
	for (size_t i = 0; i < sizeof(avps) / sizeof(avps[0]); i++) {
		assert_int_equal(
			ims_diameter_avp_find(avps[i].vendor, avps[i].code),
			avps[i].id);
		assert_string_equal(
			ims_diameter_avp_name(avps[i].vendor, avps[i].code),
			avps[i].name);
	}
	assert_string_equal(ims_diameter_avp_name(10415, 602), "Server-Name");
	assert_string_equal(ims_diameter_avp_name(0, 371), "SIP-Server-URI");
	assert_null(ims_diameter_avp_name(0, 602));
	assert_null(ims_diameter_avp_name(10415, 1));
	assert_null(ims_diameter_avp_name(0, 0));
	assert_null(ims_diameter_avp_name(0xffffffff, 0xffffffff));
}

static void groups_are_known(void **state)
{
	(void)state;
	assert_true(ims_diameter_avp_is_grouped(IMS_AVP_CX_SIP_AUTH_DATA_ITEM));
	assert_true(ims_diameter_avp_is_grouped(IMS_AVP_SIP_AUTHENTICATE));
	assert_false(ims_diameter_avp_is_grouped(IMS_AVP_CX_SIP_AUTHENTICATE));
	assert_false(ims_diameter_avp_is_grouped(IMS_AVP_USER_NAME));
	assert_false(ims_diameter_avp_is_grouped(IMS_AVP_OTHER));
}

static void values_have_names(void **state)
{
	(void)state;
	assert_string_equal(ims_assignment_type_name(0), "NO_ASSIGNMENT");
	assert_string_equal(ims_assignment_type_name(5), "USER_DEREGISTRATION");
	assert_string_equal(ims_assignment_type_name(14), "RESTORATION");
	assert_null(ims_assignment_type_name(15));
	assert_null(ims_assignment_type_name(-1));
	assert_string_equal(ims_reason_code_name(3), "REMOVE_S-CSCF");
	assert_null(ims_reason_code_name(4));
	assert_string_equal(ims_authorization_type_name(1), "DE_REGISTRATION");
	assert_null(ims_authorization_type_name(3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_belong_to_their_application),
		cmocka_unit_test(applications_have_ids),
		cmocka_unit_test(one_number_has_several_meanings),
		cmocka_unit_test(every_avp_is_found_by_its_code),
		cmocka_unit_test(groups_are_known),
		cmocka_unit_test(values_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
