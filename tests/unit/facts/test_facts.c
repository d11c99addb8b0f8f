// SPDX-License-Identifier: GPL-2.0-or-later
#include "facts.h"

#include <glib.h>

#include "diameter/maker.h"
#include "diameter_facts.h"
#include "sip_facts.h"

static const char sip_text[] =
	"REGISTER sip:ims.example SIP/2.0\r\n"
	"Via: SIP/2.0/UDP 10.70.1.101:5060;branch=z9hG4bK1\r\n"
	"From: <sip:a@ims.example>;tag=1\r\n"
	"To: <sip:a@ims.example>\r\n"
	"Call-ID: facts@example\r\n"
	"CSeq: 1 REGISTER\r\n"
	"Content-Length: 0\r\n"
	"\r\n";

static struct maker maker;

static struct ims_slice make_dwr(void)
{
	maker_begin(&maker, 0x80, 280, 0);
	maker_text(&maker, 0, 264, "scscf.example");
	return maker_end(&maker);
}

static void an_event_is_copied(void **state)
{
	struct ims_event event = {
		.kind = IMS_EVENT_ESP,
		.transport = IMS_TRANSPORT_TCP,
		.frame = {3, 44},
		.time_ns = 1234567890123456789,
		.ip_id = 5,
		.protected = true,
		.cut = true,
		.icmp_type = 3,
		.icmp_code = 4,
		.spi = 6,
		.sequence = 7,
		.missing = 8,
		.source = {{4, {10, 0, 0, 1}}, 5060},
		.destination = {{4, {10, 0, 0, 2}}, 5061},
		.quoted_source = {{4, {10, 0, 0, 3}}, 5062},
		.quoted_destination = {{4, {10, 0, 0, 4}}, 5063},
		.bytes = {0},
	};
	struct ims_facts *f = ims_facts_new(&event);

	(void)state;
	assert_non_null(f);
	assert_int_equal(f->references, 1);
	assert_int_equal(f->copies, 1);
	assert_int_equal(f->kind, IMS_EVENT_ESP);
	assert_int_equal(f->transport, IMS_TRANSPORT_TCP);
	assert_int_equal(f->frame.capture, 3);
	assert_int_equal(f->frame.number, 44);
	assert_int_equal(f->time_ns, 1234567890123456789);
	assert_int_equal(f->ip_id, 5);
	assert_true(f->protected);
	assert_true(f->cut);
	assert_int_equal(f->icmp_type, 3);
	assert_int_equal(f->icmp_code, 4);
	assert_int_equal(f->spi, 6);
	assert_int_equal(f->sequence, 7);
	assert_int_equal(f->missing, 8);
	assert_true(ims_endpoint_equal(&f->source, &event.source));
	assert_true(ims_endpoint_equal(&f->destination, &event.destination));
	assert_true(
		ims_endpoint_equal(&f->quoted_source, &event.quoted_source));
	assert_true(ims_endpoint_equal(&f->quoted_destination,
				       &event.quoted_destination));
	assert_int_equal(f->length, 0);
	assert_int_equal(f->arrival, 0);
	assert_null(f->sip);
	assert_null(f->diameter);
	ims_facts_unref(f);
}

static void a_sip_message_is_read(void **state)
{
	struct wall wall = wall_new(ims_slice_of(sip_text));
	struct ims_event event = {.kind = IMS_EVENT_SIP, .bytes = wall.bytes};
	struct ims_facts *f = ims_facts_new(&event);

	(void)state;
	wall_free(&wall);
	assert_non_null(f);
	assert_non_null(f->sip);
	assert_null(f->diameter);
	assert_true(ims_slice_is(f->sip->call_id, "facts@example"));
	assert_int_equal(f->length, sizeof(sip_text) - 1);
	assert_int_equal(f->hash, ims_slice_hash(ims_slice_of(sip_text)));
	ims_facts_unref(f);
}

static void a_diameter_message_is_read(void **state)
{
	struct ims_slice dwr = make_dwr();
	struct ims_event event = {.kind = IMS_EVENT_DIAMETER, .bytes = dwr};
	struct ims_facts *f = ims_facts_new(&event);

	(void)state;
	assert_non_null(f);
	assert_null(f->sip);
	assert_non_null(f->diameter);
	assert_int_equal(f->diameter->command, IMS_COMMAND_DW);
	assert_int_equal(f->diameter->flaws, 0);
	assert_int_equal(f->length, dwr.len);
	assert_int_equal(f->hash, 0);
	ims_facts_unref(f);

	event.cut = true;
	f = ims_facts_new(&event);
	assert_non_null(f);
	assert_int_equal(f->diameter->flaws, IMS_DIAMETER_FLAW_CUT);
	ims_facts_unref(f);
}

/* Until then it is no larger than it came; folds are undone in what came. */
static void what_is_taken_is_read_later(void **state)
{
	static const char folded[] = "BYE sip:a@ims.example SIP/2.0\r\n"
				     "Call-ID:\r\n later@example\r\n\r\nbody";
	struct wall wall = wall_new(ims_slice_of(folded));
	struct ims_event event = {.kind = IMS_EVENT_SIP, .bytes = wall.bytes};
	struct ims_facts *f = ims_facts_take(NULL, &event);
	size_t held;
	size_t size;

	(void)state;
	wall_free(&wall);
	assert_non_null(f);
	assert_null(f->sip);
	size = ims_facts_size(f);
	assert_true(size < 1024);
	held = size;
	f->account = &held;
	assert_true(ims_facts_read(f, NULL));
	assert_non_null(f->sip);
	assert_true(ims_slice_is(f->sip->call_id, "later@example"));
	assert_true(f->sip->headers[0].folded);
	assert_int_equal(f->sip->body_length, 4);
	assert_true(ims_facts_size(f) > size);
	assert_int_equal(held, ims_facts_size(f));
	/* Once more says nothing new. */
	assert_true(ims_facts_read(f, NULL));
	assert_int_equal(held, ims_facts_size(f));
	ims_facts_unref(f);
	assert_int_equal(held, 0);
}

/* Of what is large only what is read of it is kept. */
static void large_bodies_are_not_kept(void **state)
{
	GString *text = g_string_new(sip_text);
	struct ims_event event = {.kind = IMS_EVENT_SIP};
	struct ims_facts *f;

	(void)state;
	for (int i = 0; i < 100000; i++)
		g_string_append_c(text, 'x');
	event.bytes = ims_slice(text->str, text->len);
	f = ims_facts_take(NULL, &event);
	g_string_free(text, TRUE);
	assert_non_null(f);
	assert_non_null(f->sip);
	assert_true(ims_slice_is(f->sip->call_id, "facts@example"));
	assert_true(ims_facts_size(f) < 10000);
	assert_true(ims_facts_read(f, NULL));
	ims_facts_unref(f);
}

static struct ims_facts *quote(const char *at, size_t len)
{
	struct wall wall = wall_new(ims_slice(at, len));
	struct ims_event event = {
		.kind = IMS_EVENT_ICMP_ERROR,
		.bytes = wall.bytes,
	};
	struct ims_facts *facts = ims_facts_new(&event);

	wall_free(&wall);
	assert_non_null(facts);
	assert_null(facts->diameter);
	return facts;
}

static void icmp_errors_quote_sip(void **state)
{
	struct ims_facts *f = quote(sip_text, 190);

	(void)state;
	assert_non_null(f->sip);
	/* A quote is cut by nature: that is no flaw of the message. */
	assert_int_equal(f->sip->flaws, 0);
	assert_int_equal(f->sip->method, IMS_SIP_METHOD_REGISTER);
	assert_true(ims_slice_is(f->sip->call_id, "facts@example"));
	ims_facts_unref(f);
	/* Less than its first line, or another protocol, says nothing. */
	f = quote(sip_text, 8);
	assert_null(f->sip);
	ims_facts_unref(f);
	f = quote("", 0);
	assert_null(f->sip);
	ims_facts_unref(f);
	f = quote("GET / HTTP/1.1\r\n\r\n", 18);
	assert_null(f->sip);
	ims_facts_unref(f);
}

static void the_last_reference_frees(void **state)
{
	struct ims_event event = {.kind = IMS_EVENT_SIP,
				  .bytes = ims_slice_of(sip_text)};
	struct ims_facts *f = ims_facts_new(&event);

	(void)state;
	assert_non_null(f);
	assert_ptr_equal(ims_facts_ref(f), f);
	assert_int_equal(f->references, 2);
	ims_facts_unref(f);
	assert_int_equal(f->references, 1);
	assert_true(ims_slice_is(f->sip->call_id, "facts@example"));
	ims_facts_unref(f);
	ims_facts_unref(NULL);
}

struct starving {
	struct ims_event event;
	unsigned n_whole;
};

static void starve_facts(void *user)
{
	struct starving *starving = user;
	struct ims_facts *f = ims_facts_new(&starving->event);

	if (f)
		starving->n_whole++;
	ims_facts_unref(f);
}

static void want_of_memory_gives_nothing(void **state)
{
	struct starving sip = {.event = {.kind = IMS_EVENT_SIP}};
	struct starving diameter = {.event = {.kind = IMS_EVENT_DIAMETER}};
	struct starving esp = {.event = {.kind = IMS_EVENT_ESP}};

	(void)state;
	sip.event.bytes = ims_slice_of(sip_text);
	diameter.event.bytes = make_dwr();
	assert_true(starve(starve_facts, &sip) >= 1);
	assert_int_equal(sip.n_whole, 1);
	assert_true(starve(starve_facts, &diameter) >= 1);
	assert_int_equal(diameter.n_whole, 1);
	assert_int_equal(starve(starve_facts, &esp), 1);
	assert_int_equal(esp.n_whole, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_copied),
		cmocka_unit_test(a_sip_message_is_read),
		cmocka_unit_test(a_diameter_message_is_read),
		cmocka_unit_test(what_is_taken_is_read_later),
		cmocka_unit_test(large_bodies_are_not_kept),
		cmocka_unit_test(icmp_errors_quote_sip),
		cmocka_unit_test(the_last_reference_frees),
		cmocka_unit_test(want_of_memory_gives_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
