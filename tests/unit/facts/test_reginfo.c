// SPDX-License-Identifier: GPL-2.0-or-later
#include "reginfo.h"

#include <glib.h>

#include "unit.h"

static struct ims_arena *arena;

static int arena_opens(void **state)
{
	(void)state;
	arena = ims_arena_new(0);
	return arena ? 0 : -1;
}

static int arena_closes(void **state)
{
	(void)state;
	ims_arena_free(arena);
	return 0;
}

static struct ims_reginfo parse(struct ims_slice xml)
{
	struct ims_reginfo reginfo;
	struct wall wall = wall_new(xml);

	assert_true(ims_reginfo_parse(&reginfo, arena, wall.bytes));
	wall_free(&wall);
	return reginfo;
}

static struct ims_reginfo parse_text(const char *xml)
{
	return parse(ims_slice_of(xml));
}

/* RFC 3680 7.4, and a registration whose only contact ended. */
static const char two[] =
	"<?xml version=\"1.0\"?>"
	"<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"0\" "
	"state=\"full\">"
	"<registration aor=\"sip:joe@example.com\" id=\"as9\" "
	"state=\"active\"><contact id=\"76\" state=\"active\" "
	"event=\"registered\"><uri>sip:joe@pc</uri></contact></registration>"
	"<registration aor='tel:+1555' id=\"a\" state=\"active\">"
	"<contact id=\"77\" state=\"terminated\" event=\"deactivated\">"
	"<uri>sip:joe@pc</uri></contact></registration>"
	"<registration aor=\"sip:gone@example.com\" state=\"terminated\"/>"
	"</reginfo>";

static void registrations(void **state)
{
	struct ims_reginfo r = parse_text(two);

	(void)state;
	assert_false(r.unread);
	assert_true(r.is_full);
	assert_int_equal(r.n_registrations, 3);
	assert_true(
		ims_slice_is(r.registrations[0].aor, "sip:joe@example.com"));
	assert_true(r.registrations[0].is_active);
	assert_false(r.registrations[0].is_terminated);
	assert_true(ims_slice_is(r.registrations[1].aor, "tel:+1555"));
	assert_true(r.registrations[1].is_active);
	assert_true(r.registrations[1].is_terminated);
	assert_false(r.registrations[2].is_active);
	assert_true(r.registrations[2].is_terminated);
}

static void prefixes_do_not_count(void **state)
{
	struct ims_reginfo r =
		parse_text("<r:reginfo state='partial'><r:registration "
			   "aor='a' state='init'/></r:reginfo>");

	(void)state;
	assert_false(r.unread);
	assert_false(r.is_full);
	assert_int_equal(r.n_registrations, 1);
	assert_false(r.registrations[0].is_active);
	assert_false(r.registrations[0].is_terminated);
}

static void what_cannot_be_read(void **state)
{
	static const char *const texts[] = {
		"",
		"no XML",
		"<other/>",
		"<reginfo><registration aor='a'></reginfo>",
		"<reginfo><registration/></reginfo>",
		"<!DOCTYPE a [<!ENTITY x 'y'>]><reginfo/>",
	};
	GString *many = g_string_new("<reginfo>");

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_true(parse_text(texts[i]).unread);
	for (size_t i = 0; i <= IMS_REGINFO_MAX; i++)
		g_string_append(many, "<registration aor='a'/>");
	g_string_append(many, "</reginfo>");
	assert_true(parse(ims_slice(many->str, many->len)).unread);
	g_string_free(many, TRUE);
	for (size_t i = 0; i < sizeof(two) - 2; i++)
		assert_true(parse(ims_slice(two, i)).unread);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registrations),
		cmocka_unit_test(prefixes_do_not_count),
		cmocka_unit_test(what_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, arena_opens, arena_closes);
}
