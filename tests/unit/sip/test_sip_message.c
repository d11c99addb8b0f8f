// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"

#include "sip_message.h"

#define IS(slice, text) assert_true(ims_slice_is(slice, text))

static void start_lines(void **state)
{
	static const struct {
		const char *line;
		bool well_formed;
		bool is_request;
		const char *method; /* NULL: absent */
		const char *uri;
		unsigned status;
		const char *reason;
	} cases[] = {
		{"REGISTER sip:a SIP/2.0", true, true, "REGISTER", "sip:a", 0,
		 NULL},
		{"REGISTER   sip:a  SIP/2.0 \r", true, true, "REGISTER",
		 "sip:a", 0, NULL},
		/* Blanks that do not belong there stay in the URI. */
		{"INVITE sip:a b@c SIP/2.0", true, true, "INVITE", "sip:a b@c",
		 0, NULL},
		{"FROB sip:a SIP/2.0", true, true, "FROB", "sip:a", 0, NULL},
		{"SIP/2.0 401 Unauthorized", true, false, NULL, NULL, 401,
		 "Unauthorized"},
		{"SIP/2.0 200", true, false, NULL, NULL, 200, ""},
		{"SIP/2.0 200 ", true, false, NULL, NULL, 200, ""},
		{"SIP/2.0 2001 OK", false, false, NULL, NULL, 0, NULL},
		{"SIP/2.0 99", false, false, NULL, NULL, 0, NULL},
		{"SIP/2.0 abc", false, false, NULL, NULL, 0, NULL},
		{"REGISTER", false, true, "REGISTER", NULL, 0, NULL},
		{"REGISTER sip:a", false, true, "REGISTER", NULL, 0, NULL},
		{"REGISTER SIP/2.0", false, true, "REGISTER", NULL, 0, NULL},
		{"REGISTER sip:a RTSP/1.0", false, true, "REGISTER", NULL, 0,
		 NULL},
		{"", false, false, NULL, NULL, 0, NULL},
		{" \r\n", false, false, NULL, NULL, 0, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wall wall = wall_new(ims_slice_of(cases[i].line));
		struct ims_sip_start start;

		ims_sip_start_parse(&start, wall.bytes);
		assert_int_equal(start.well_formed, cases[i].well_formed);
		assert_int_equal(start.is_request, cases[i].is_request);
		IS(start.method_text, cases[i].method);
		IS(start.uri, cases[i].uri);
		assert_int_equal(start.status, cases[i].status);
		IS(start.reason, cases[i].reason);
		wall_free(&wall);
	}
}

static const char message_text[] = "NOTIFY sip:a SIP/2.0\r\n"
				   "v: SIP/2.0/UDP a;branch=1\r\n"
				   "Subject:\t I know you're there,\r\n"
				   "\t  pick up\r\n"
				   "   the phone  \r\n"
				   "no colon here\r\n"
				   "two words: 1\r\n"
				   ": nameless\r\n"
				   "CSeq  :1 NOTIFY\n"
				   "Empty:\r\n"
				   "\r\n"
				   "body\r\n\r\nmore";

static void fields_in_order(void **state)
{
	static const struct {
		enum ims_sip_header_id id;
		const char *name;
		const char *value;
		bool folded;
	} expected[] = {
		{IMS_SIP_HEADER_VIA, "v", "SIP/2.0/UDP a;branch=1", false},
		{IMS_SIP_HEADER_OTHER, "Subject",
		 "I know you're there,\r\n\t  pick up\r\n   the phone", true},
		{IMS_SIP_HEADER_OTHER, NULL, "no colon here", false},
		{IMS_SIP_HEADER_OTHER, NULL, "two words: 1", false},
		{IMS_SIP_HEADER_OTHER, NULL, ": nameless", false},
		{IMS_SIP_HEADER_CSEQ, "CSeq", "1 NOTIFY", false},
		{IMS_SIP_HEADER_OTHER, "Empty", "", false},
	};
	struct wall wall = wall_new(ims_slice_of(message_text));
	struct ims_sip_message m;
	struct ims_sip_field field;

	(void)state;
	ims_sip_message_parse(&m, wall.bytes);
	assert_true(m.start.well_formed && m.has_end);
	assert_int_equal(m.start.method, IMS_SIP_METHOD_NOTIFY);
	IS(m.body, "body\r\n\r\nmore");
	assert_int_equal(m.header_len + m.body.len, wall.bytes.len);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		assert_true(ims_sip_field_next(&m.fields, &field));
		assert_int_equal(field.id, expected[i].id);
		IS(field.name, expected[i].name);
		IS(field.value, expected[i].value);
		assert_int_equal(field.folded, expected[i].folded);
		assert_true(field.ended);
	}
	assert_false(ims_sip_field_next(&m.fields, &field));
	wall_free(&wall);
}

/* Lines and their lengths add up in every prefix. */
static void every_prefix(void **state)
{
	struct ims_slice all = ims_slice_of(message_text);
	size_t header = ims_sip_header_length(all);

	(void)state;
	assert_int_equal(header, strlen(message_text) - 12);
	for (size_t i = 0; i <= all.len; i++) {
		struct wall wall = wall_new(ims_slice(all.at, i));
		struct ims_sip_message m;
		struct ims_sip_field field;
		size_t lines = 0;
		bool ended = true;

		ims_sip_message_parse(&m, wall.bytes);
		assert_int_equal(m.has_end, i >= header);
		assert_int_equal(m.header_len, i < header ? i : header);
		assert_int_equal(m.start.well_formed, i >= 22);
		while (ims_sip_field_next(&m.fields, &field)) {
			assert_true(ended);
			lines += field.line.len;
			ended = field.ended;
		}
		lines += m.fields.len;
		if (i >= 22)
			assert_int_equal(lines + 22, m.header_len);
		wall_free(&wall);
	}
}

static void without_end(void **state)
{
	struct ims_slice text = ims_slice_of("BYE sip:a SIP/2.0\r\nTo: b");
	struct ims_sip_message m;
	struct ims_sip_field field;

	(void)state;
	ims_sip_message_parse(&m, text);
	assert_false(m.has_end);
	assert_null(m.body.at);
	assert_true(ims_sip_field_next(&m.fields, &field));
	assert_false(field.ended);
	IS(field.value, "b");
	assert_false(ims_sip_field_next(&m.fields, &field));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(start_lines),
		cmocka_unit_test(fields_in_order),
		cmocka_unit_test(every_prefix),
		cmocka_unit_test(without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
