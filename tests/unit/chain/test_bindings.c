// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands, through being packed and laid open. */
#include "bindings.h"

#include <glib.h>

#include "endings.h"

#include "unit.h"

#define SECOND ((int64_t)1000000000)

static struct ims_bindings *bindings;
static struct ims_endings *endings;

static int they_begin(void **state)
{
	(void)state;
	bindings = ims_bindings_new();
	endings = ims_endings_new();
	return 0;
}

static int they_end(void **state)
{
	(void)state;
	ims_bindings_free(bindings);
	ims_endings_free(endings);
	return 0;
}

static const struct ims_endpoint ue = {{4, {10, 0, 0, 1}}, 5060};
static const struct ims_endpoint pcscf = {{6, {0x20, 1, [15] = 9}}, 5061};

/* Of one that a response grants, which names its identities. */
static void stand_at(const struct ims_endpoint *where, const char *impi,
		     const char *impu, const char *call_id, int64_t at_ns,
		     const struct ims_sip_addresses *associated)
{
	struct ims_sip_facts sip = {.status = 200};
	struct ims_facts final = {.sip = &sip};
	struct ims_attempt attempt = {
		.id = (uint64_t)(at_ns / SECOND),
		.call_id = ims_slice_of(call_id),
		.impi = ims_slice_of(impi),
		.impu = ims_slice_of(impu),
		.scscf = ims_slice_of("sip:scscf.h"),
		.expires = 600,
		.start_ns = at_ns,
		.last_ns = at_ns,
		.ue = *where,
		.pcscf = {.endpoint = pcscf},
		.final = &final,
	};

	ims_identity_read(&attempt.impi_read, attempt.impi);
	ims_identity_read(&attempt.impu_read, attempt.impu);
	if (associated)
		sip.associated_uris = *associated;
	ims_bindings_stand(bindings, endings, &attempt);
	ims_bindings_rest(bindings);
}

static void stand_for(const char *impu, const char *call_id, int64_t at_ns,
		      const struct ims_sip_addresses *associated)
{
	stand_at(&ue, "alice@h", impu, call_id, at_ns, associated);
}

static const struct ims_binding *found(const char *identity, int64_t now_ns)
{
	return ims_bindings_find(bindings, ims_slice_of(identity), now_ns);
}

static bool stands_under(const char *call_id, int64_t when_ns)
{
	struct ims_identity alice = ims_identity_of_key("alice@h");

	return ims_bindings_stand_under(bindings, &alice, ims_slice_of(call_id),
					when_ns);
}

static void leave(const char *call_id, int64_t now_ns)
{
	ims_bindings_leave(bindings, ims_slice_of("alice@h"),
			   ims_slice_of(call_id), now_ns);
}

static void all_of_it_is_there(void **state)
{
	const struct ims_sip_address tel = {.uri = ims_slice_of("tel:+1")};
	const struct ims_sip_addresses associated = {&tel, 1};
	const struct ims_binding *b;
	const char *const *keys;
	bool barred;

	(void)state;
	stand_for("sip:alice@h", "c", SECOND, &associated);
	b = found("tel:+1", 2 * SECOND);
	assert_non_null(b);
	assert_ptr_equal(found("alice@h", 2 * SECOND), b);
	assert_ptr_equal(ims_bindings_at(bindings, &ue.address, 2 * SECOND), b);
	assert_true(ims_bindings_are_at(bindings, &ue.address, 2 * SECOND));
	assert_false(ims_bindings_are_at(bindings, &pcscf.address, 2 * SECOND));
	assert_string_equal(b->impi, "alice@h");
	assert_string_equal(b->impu, "sip:alice@h");
	assert_string_equal(b->call_id, "c");
	assert_string_equal(b->scscf, "sip:scscf.h");
	assert_true(ims_endpoint_equal(&b->ue, &ue));
	assert_true(ims_endpoint_equal(&b->pcscf, &pcscf));
	assert_int_equal(b->expires_ns, 601 * SECOND);
	assert_null(b->security_server);
	assert_null(b->rx_session);
	assert_int_equal(b->n_servers, 0);
	keys = ims_bindings_keys(bindings, b);
	assert_string_equal(keys[0], "alice@h");
	assert_string_equal(keys[1], "+1");
	assert_null(keys[2]);
	assert_ptr_equal(ims_bindings_find_public(bindings, &barred,
						  ims_slice_of("tel:+1"),
						  2 * SECOND),
			 b);
	assert_null(found("tel:+1", 602 * SECOND));
	assert_null(found("alice@h", 2 * SECOND)); /* it went with its time */
}

/* Two phones: what one leaves, the other stands under. */
static void contacts_go_one_by_one(void **state)
{
	(void)state;
	stand_for("sip:alice@h", "c", 1 * SECOND, NULL);
	stand_for("sip:alice@h", "d", 2 * SECOND, NULL);
	assert_true(stands_under("c", 3 * SECOND));
	assert_true(stands_under("d", 3 * SECOND));
	assert_false(stands_under("d", 2 * SECOND)); /* since then */
	assert_false(stands_under("c", 602 * SECOND));
	assert_true(stands_under("d", 602 * SECOND));
	stand_for("sip:alice@h", "c", 4 * SECOND, NULL);
	assert_false(stands_under("c", 4 * SECOND));
	assert_true(stands_under("d", 4 * SECOND));
	leave("c", 5 * SECOND);
	assert_null(found("alice@h", 5 * SECOND));
	assert_false(stands_under("c", 6 * SECOND));
	assert_true(stands_under("d", 6 * SECOND));
	leave("d", 6 * SECOND);
	assert_false(stands_under("d", 6 * SECOND));
	stand_for("sip:alice@h", "e", 7 * SECOND, NULL);
	assert_non_null(found("alice@h", 8 * SECOND));
	ims_bindings_end(bindings, ims_slice_of("alice@h"));
	assert_null(found("alice@h", 8 * SECOND));
}

/* Told of already when a later one was; but it counts as heard of. */
static void an_earlier_one_changes_nothing(void **state)
{
	(void)state;
	stand_for("sip:alice@h", "c", 5 * SECOND, NULL);
	stand_for("sip:alice@h", "d", 4 * SECOND, NULL);
	assert_int_equal(found("alice@h", 6 * SECOND)->registration, 5);
	assert_false(stands_under("d", 6 * SECOND));
}

/* What is read stays as it was until they rest, whatever else is asked. */
static void views_stay(void **state)
{
	char impu[32];
	const struct ims_binding *first;

	(void)state;
	stand_for("sip:alice@h", "c", SECOND, NULL);
	first = found("alice@h", 2 * SECOND);
	for (unsigned i = 0; i < 100; i++) {
		g_snprintf(impu, sizeof(impu), "sip:nobody%u@h", i);
		assert_null(found(impu, 2 * SECOND));
		assert_ptr_equal(found("alice@h", 2 * SECOND), first);
	}
	assert_string_equal(first->impu, "sip:alice@h");
	stand_for("sip:alice@h", "d", 3 * SECOND, NULL);
	assert_string_equal(found("alice@h", 4 * SECOND)->call_id, "d");
}

/* Whoever registers at an address is the one there, until he goes elsewhere. */
static void they_move(void **state)
{
	static const struct ims_endpoint other = {{4, {10, 0, 0, 2}}, 5060};
	const struct ims_binding *b;

	(void)state;
	stand_for("sip:alice@h", "c", SECOND, NULL);
	stand_at(&other, "alice@h", "sip:alice@h", "c", 2 * SECOND, NULL);
	assert_false(ims_bindings_are_at(bindings, &ue.address, 3 * SECOND));
	b = ims_bindings_at(bindings, &other.address, 3 * SECOND);
	assert_ptr_equal(b, found("alice@h", 3 * SECOND));
	assert_true(ims_endpoint_equal(&b->ue, &other));
	stand_at(&other, "bob@h", "sip:bob@h", "d", 4 * SECOND, NULL);
	b = ims_bindings_at(bindings, &other.address, 5 * SECOND);
	assert_string_equal(b->impi, "bob@h");
	ims_bindings_end(bindings, ims_slice_of("bob@h"));
	assert_false(ims_bindings_are_at(bindings, &other.address, 5 * SECOND));
	assert_non_null(found("alice@h", 5 * SECOND));
}

/* Users alike in domains that are not, and without one. */
static void domains_tell_them_apart(void **state)
{
	static const char *const domains[] = {
		"", "@h", "@ims.example", "@ims.example.org", "@ims.examplf"};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(domains); i++) {
		const struct ims_endpoint where = {{4, {10, 0, 1, (uint8_t)i}},
						   5060};
		char *impi = g_strconcat("alice", domains[i], NULL);
		char *impu = g_strconcat("sip:alice", domains[i], NULL);

		stand_at(&where, impi, impu, "c", (i + 1) * SECOND, NULL);
		g_free(impu);
		g_free(impi);
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(domains); i++) {
		char *impi = g_strconcat("alice", domains[i], NULL);
		const struct ims_binding *b = found(impi, 20 * SECOND);

		assert_int_equal(b->registration, i + 1);
		assert_string_equal(b->impi, impi);
		assert_string_equal(ims_bindings_keys(bindings, b)[0], impi);
		assert_int_equal(b->ue.address.bytes[3], i);
		g_free(impi);
	}
	assert_non_null(found("sip:alice@IMS.Example;x=y", 20 * SECOND));
	assert_null(found("alice@ims.exampl", 20 * SECOND));
	ims_bindings_end(bindings, ims_slice_of("alice@ims.example"));
	assert_null(found("alice@ims.example", 20 * SECOND));
	assert_non_null(found("alice", 20 * SECOND));
}

/* Texts beyond the bound are as if they were not there. */
static void texts_are_bounded(void **state)
{
	char *text = g_strnfill(IMS_BINDING_MAX_TEXT + 1, 'x');

	(void)state;
	stand_for(text, text, SECOND, NULL);
	assert_non_null(found("alice@h", 2 * SECOND));
	assert_null(found("alice@h", 2 * SECOND)->impu);
	assert_null(found("alice@h", 2 * SECOND)->call_id);
	assert_true(stands_under(text, 2 * SECOND));
	assert_null(found(text, 2 * SECOND));
	g_free(text);
}

static void stand_starving(void *user)
{
	char *names = g_strnfill(90, 'x');
	struct ims_sip_address all[IMS_BINDINGS_MAX_IMPUS];
	struct ims_sip_addresses associated = {all, G_N_ELEMENTS(all)};
	unsigned *n = user;

	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++) {
		names[i] = 'y';
		all[i] = (struct ims_sip_address){
			.uri = ims_slice(names + i, 80 - i)};
	}
	they_begin(NULL);
	for (unsigned i = 1; i < 4; i++) {
		stand_for("sip:alice@h", "c", i * SECOND, &associated);
		*n += ims_bindings_are_at(bindings, &ue.address,
					  (i + 1) * SECOND);
	}
	ims_bindings_end(bindings, ims_slice_of("alice@h"));
	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
		ims_bindings_end(bindings, all[i].uri);
	/* What a lookup looks at stands. */
	for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
		assert_null(
			ims_bindings_find(bindings, all[i].uri, 5 * SECOND));
	they_end(NULL);
	g_free(names);
}

/* What is lost of a record that is laid open is not in its tables either. */
static void want_of_memory_leaves_nothing_behind(void **state)
{
	unsigned n = 0;

	(void)state;
	assert_true(starve(stand_starving, &n) > 6);
	assert_true(n >= 3);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, they_begin, they_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(all_of_it_is_there),
		CASE(contacts_go_one_by_one),
		CASE(an_earlier_one_changes_nothing),
		CASE(views_stay),
		CASE(they_move),
		CASE(domains_tell_them_apart),
		CASE(texts_are_bounded),
		cmocka_unit_test(want_of_memory_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
