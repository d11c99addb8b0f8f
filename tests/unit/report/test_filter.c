// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include "filter.h"
#include "sample.h"
#include "stamp.h"

static bool is_of(const char *pattern, const char *impi, const char *impu)
{
	return ims_filter_subscriber(pattern, ims_slice_of(impi),
				     ims_slice_of(impu));
}

static void subscribers_are_found_by_any_name(void **state)
{
	const char *impi = "001010000000001@ims.example";
	const char *impu = "sip:+49301234@ims.example;user=phone";

	(void)state;
	assert_true(is_of("001010000000001@ims.example", impi, impu));
	assert_true(is_of("001010000000001", impi, impu));
	assert_true(is_of("sip:+49301234@*", impi, impu));
	assert_true(is_of("+49301234", impi, impu));
	assert_true(is_of("49301234", impi, impu));
	assert_true(is_of("*1234", NULL, "tel:+49301234"));
	assert_false(is_of("9301234", impi, impu));
	assert_false(is_of("*", NULL, NULL));
	assert_false(is_of("*", "", ""));
}

static void registrations_are_filtered(void **state)
{
	struct ims_registration good = registered(1, "sip:alice@ims.example");
	struct ims_registration bad = rejected(2, "sip:bob@ims.example");
	struct ims_report_options o = no_limits;

	(void)state;
	assert_true(ims_filter_registration(&o, &good));
	o.only_failed = true;
	assert_false(ims_filter_registration(&o, &good));
	assert_true(ims_filter_registration(&o, &bad));
	o.from_ns = bad.end_ns;
	assert_true(ims_filter_registration(&o, &bad));
	o.from_ns = bad.end_ns + 1;
	assert_false(ims_filter_registration(&o, &bad));
	o.from_ns = INT64_MIN;
	o.to_ns = bad.start_ns - 1;
	assert_false(ims_filter_registration(&o, &bad));
}

static void findings_are_filtered(void **state)
{
	struct ims_registration bad = rejected(2, "sip:bob@ims.example");
	struct ims_finding f = cause_of(1, &bad);
	struct ims_report_options o = no_limits;

	(void)state;
	f.severity = IMS_SEVERITY_WARNING;
	assert_true(ims_filter_finding(&o, &f));
	o.severity = IMS_SEVERITY_ERROR;
	assert_false(ims_filter_finding(&o, &f));
	o.severity = IMS_SEVERITY_WARNING;
	assert_true(ims_filter_finding(&o, &f));
	o.subscriber = "carol";
	assert_false(ims_filter_finding(&o, &f));
	o.subscriber = "bob";
	assert_true(ims_filter_finding(&o, &f));
	o.to_ns = f.time_ns - 1;
	assert_false(ims_filter_finding(&o, &f));
}

static void times_are_rfc_3339(void **state)
{
	char out[IMS_STAMP_TEXT];

	(void)state;
	assert_string_equal(ims_stamp(out, 0),
			    "1970-01-01T00:00:00.000000000Z");
	assert_string_equal(ims_stamp(out, START + 1),
			    "2024-05-01T10:00:00.000000001Z");
	assert_string_equal(ims_stamp(out, -1),
			    "1969-12-31T23:59:59.999999999Z");
	assert_string_equal(ims_stamp(out, INT64_MAX),
			    "2262-04-11T23:47:16.854775807Z");
	assert_string_equal(ims_duration(out, 142000000), "0.142 s");
	assert_string_equal(ims_duration(out, 12 * SECOND), "12.0 s");
	assert_string_equal(ims_duration(out, 200 * SECOND), "3 min 20 s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(subscribers_are_found_by_any_name),
		cmocka_unit_test(registrations_are_filtered),
		cmocka_unit_test(findings_are_filtered),
		cmocka_unit_test(times_are_rfc_3339),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
