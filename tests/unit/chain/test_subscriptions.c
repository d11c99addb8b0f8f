// SPDX-License-Identifier: GPL-2.0-or-later
#include "subscriptions.h"

#include "story.h"
#include "subscription_record.h"

#define SECOND ((int64_t)1000000000)

static struct ims_subscriptions *subscriptions;

static int they_begin(void **state)
{
	(void)state;
	subscriptions = ims_subscriptions_new();
	return 0;
}

static int they_end(void **state)
{
	(void)state;
	ims_subscriptions_free(subscriptions);
	return 0;
}

/* The leg of what comes. */
static struct ims_address from = {.family = 4, .bytes = {1}};
static struct ims_address to = {.family = 4, .bytes = {2}};

static void apply(unsigned at, const char *text)
{
	struct ims_event event = {
		.kind = IMS_EVENT_SIP,
		.transport = IMS_TRANSPORT_UDP,
		.frame = {.number = at},
		.time_ns = at * SECOND,
		.source = {.address = from},
		.destination = {.address = to},
		.bytes = ims_slice_of(text),
	};
	struct ims_facts *facts = ims_facts_new(&event);

	assert_non_null(facts);
	ims_subscriptions_apply(subscriptions, facts);
	ims_facts_unref(facts);
}

/* A NOTIFY of dialog `call`; `body` NULL: none. */
static void notify(unsigned at, const char *call, unsigned cseq,
		   const char *state, const char *body)
{
	char *text = g_strdup_printf(
		"NOTIFY sip:ue SIP/2.0\r\nVia: SIP/2.0/UDP s;branch=z9%u\r\n"
		"From: <sip:a@h>;tag=n\r\nTo: <sip:w@h>;tag=s\r\n"
		"Call-ID: %s\r\nCSeq: %u NOTIFY\r\nEvent: Reg;id=1\r\n"
		"Contact: <sip:scscf.h:6060>\r\nSubscription-State: %s\r\n"
		"Content-Type: application/reginfo+xml\r\n\r\n%s",
		cseq, call, cseq, state, body ? body : "");

	apply(at, text);
	g_free(text);
}

static void answer(unsigned at, const char *call, unsigned cseq,
		   unsigned status)
{
	char *text = g_strdup_printf(
		"SIP/2.0 %u OK\r\nVia: SIP/2.0/UDP s;branch=z9%u\r\n"
		"From: <sip:a@h>;tag=n\r\nTo: <sip:w@h>;tag=s\r\n"
		"Call-ID: %s\r\nCSeq: %u NOTIFY\r\n\r\n",
		status, cseq, call, cseq);

	apply(at, text);
	g_free(text);
}

#define REGINFO(state, list) "<reginfo state=\"" state "\">" list "</reginfo>"
#define AOR(uri, state)	     "<registration aor=\"" uri "\" state=\"" state "\"/>"

static const GPtrArray *all_of(const char *key)
{
	const char *const keys[] = {key, NULL};

	return ims_subscriptions_of(subscriptions, keys);
}

static const struct ims_subscription *only(const char *key)
{
	const GPtrArray *found = all_of(key);

	assert_int_equal(found->len, 1);
	return found->pdata[0];
}

static void a_subscription(void **state)
{
	const struct ims_subscription *s;

	(void)state;
	notify(1, "c", 5, "active;expires=600",
	       REGINFO("full",
		       AOR("sip:a@h", "active") AOR("tel:+1", "active")));
	assert_int_equal(only("+1")->since_ns, 1 * SECOND);
	s = only("a@h");
	assert_string_equal(s->subscriber, "sip:w@h");
	assert_string_equal(s->notifier, "scscf.h");
	assert_string_equal(s->state, "active");
	assert_int_equal(s->since_ns, 1 * SECOND);
	assert_int_equal(s->expires_ns, 601 * SECOND);
	assert_int_equal(s->source.bytes[0], 1);
	assert_int_equal(s->n_legs, 1);
	assert_false(s->last_answered);
	assert_true(ims_subscription_aor(s, "a@h")->is_active);
	assert_null(ims_subscription_aor(s, "b@h"));

	answer(2, "c", 5, 200);
	assert_true(only("a@h")->last_answered);
	notify(3, "c", 5, "active;expires=600", NULL); /* again, or its copy */
	s = only("a@h");
	assert_true(s->last_answered);
	assert_int_equal(s->last_ns, 1 * SECOND);
	assert_int_equal(s->unread_ns, -1);

	notify(4, "c", 6, "active;expires=596",
	       REGINFO("partial", AOR("sip:a@h", "terminated")));
	s = only("a@h");
	assert_false(ims_subscription_aor(s, "a@h")->is_active);
	assert_int_equal(ims_subscription_aor(s, "a@h")->terminated_ns,
			 4 * SECOND);
	assert_true(ims_subscription_aor(s, "+1")->is_active);
	notify(5, "c", 7, "terminated", REGINFO("full", ""));
	s = only("+1");
	assert_int_equal(ims_subscription_aor(s, "+1")->terminated_ns,
			 5 * SECOND);
	assert_int_equal(s->ended_ns, 5 * SECOND);
	assert_int_equal(s->unread_ns, -1);
}

static void what_the_capture_lacks(void **state)
{
	(void)state;
	notify(1, "c", 5, "active;expires=600",
	       REGINFO("full", AOR("sip:a@h", "active")));
	answer(2, "c", 6, 200);
	assert_int_equal(only("a@h")->unread_ns, 2 * SECOND);
	notify(3, "c", 8, "active;expires=600",
	       REGINFO("full", AOR("sip:a@h", "active")));
	assert_int_equal(only("a@h")->unread_ns, 3 * SECOND);
	notify(4, "c", 9, "active;expires=600", "<reginfo");
	assert_int_equal(only("a@h")->unread_ns, 4 * SECOND);
	notify(5, "c", 10, "active;expires=600", NULL);
	assert_int_equal(only("a@h")->unread_ns, 5 * SECOND);
	assert_true(ims_subscription_aor(only("a@h"), "a@h")->is_active);
	assert_int_equal(only("a@h")->ended_ns, INT64_MAX);
	answer(6, "c", 10, 481);
	assert_int_equal(only("a@h")->ended_ns, 6 * SECOND);
}

static void what_makes_none(void **state)
{
	(void)state;
	notify(1, "c", 5, "active", NULL);
	notify(1, "c", 5, "active", "<reginfo");
	notify(1, "c", 5, "active", REGINFO("full", ""));
	answer(2, "c", 5, 200);
	apply(3, "NOTIFY sip:ue SIP/2.0\r\nFrom: <sip:a@h>;tag=n\r\n"
		 "To: <sip:w@h>\r\nCall-ID: c\r\nCSeq: 1 NOTIFY\r\n"
		 "Event: reg\r\nContent-Type: application/reginfo+xml\r\n\r\n"
		 "<reginfo><registration aor='sip:a@h'/></reginfo>");
	assert_int_equal(all_of("a@h")->len, 0);
}

static void the_subscriber_ends_it(void **state)
{
	(void)state;
	notify(1, "c", 5, "active;expires=600",
	       REGINFO("full", AOR("sip:a@h", "active")));
	apply(2, "SIP/2.0 200 OK\r\nFrom: <sip:w@h>;tag=s\r\n"
		 "To: <sip:a@h>;tag=n\r\nCall-ID: c\r\nCSeq: 2 SUBSCRIBE\r\n"
		 "Expires: 100\r\n\r\n");
	assert_int_equal(only("a@h")->expires_ns, 102 * SECOND);
	apply(3, "SUBSCRIBE sip:s SIP/2.0\r\nFrom: <sip:w@h>;tag=s\r\n"
		 "To: <sip:a@h>;tag=n\r\nCall-ID: c\r\nCSeq: 3 SUBSCRIBE\r\n"
		 "Event: reg\r\nExpires: 0\r\n\r\n");
	assert_int_equal(only("a@h")->ended_ns, 3 * SECOND);
}

/* What is over makes room; of one identity no more are kept than that. */
static void they_are_bounded(void **state)
{
	const struct ims_subscription *first;
	const struct ims_subscription *last;
	const GPtrArray *same;
	char call[32];

	(void)state;
	for (unsigned i = 0; i < 2 * IMS_SUBSCRIPTIONS_SAME_AOR; i++) {
		g_snprintf(call, sizeof(call), "c%u", i);
		notify(1 + i, call, 1, "active;expires=600",
		       REGINFO("full", AOR("sip:a@h", "active")
					       AOR("sip:b@h", "active")));
		notify(1 + i, "standing", 1 + i, "active;expires=600",
		       REGINFO("full", AOR("sip:a@h", "active")));
	}
	same = all_of("a@h");
	assert_int_equal(same->len, IMS_SUBSCRIPTIONS_SAME_AOR);
	/* The longest silent went: not the one that is told all the time, nor
	   the newest. */
	last = same->pdata[same->len - 1];
	assert_int_equal(last->since_ns,
			 2 * IMS_SUBSCRIPTIONS_SAME_AOR * SECOND);
	first = same->pdata[0];
	assert_int_equal(first->since_ns, SECOND);
	notify(10000, "later", 1, "active;expires=600",
	       REGINFO("full", AOR("sip:c@h", "active")));
	assert_int_equal(all_of("a@h")->len, 0);
	assert_string_equal(only("c@h")->state, "active");
	assert_int_equal(ims_subscriptions_let_go(subscriptions), 0);
}

static void many_aors(void **state)
{
	GString *xml = g_string_new("<reginfo state='full'>");

	(void)state;
	for (unsigned i = 0; i < IMS_SUBSCRIPTION_MAX_AORS + 3; i++)
		g_string_append_printf(
			xml, "<registration aor='sip:%u@h' state='active'/>",
			i);
	g_string_append(xml, "</reginfo>");
	notify(1, "c", 1, "active;expires=600", xml->str);
	notify(2, "c", 2, "active;expires=600", xml->str);
	assert_int_equal(only("0@h")->n_aors, IMS_SUBSCRIPTION_MAX_AORS);
	g_string_free(xml, TRUE);
}

/* From where to where it goes, and who is told of several, each once. */
static void what_they_keep(void **state)
{
	static const char *const keys[] = {"+1", "x@h", "a@h", NULL};
	const struct ims_subscription *s;
	const GPtrArray *found;

	(void)state;
	notify(1, "c", 5, "active;expires=600",
	       REGINFO("full",
		       AOR("sip:a@h", "active") AOR("tel:+1", "active")));
	notify(1, "d", 5, "active",
	       REGINFO("full", AOR("sip:a@h", "terminated")));
	found = ims_subscriptions_of(subscriptions, keys);
	assert_int_equal(found->len, 2);
	s = found->pdata[0];
	assert_int_equal(s->n_aors, 2);
	assert_int_equal(s->legs[0].from.bytes[0], 1);
	assert_int_equal(s->legs[0].to.bytes[0], 2);
	assert_int_equal(s->last_frame.number, 1);
	s = found->pdata[1];
	assert_int_equal(s->n_aors, 1);
	assert_int_equal(s->expires_ns, -1);
	assert_int_equal(s->aors[0].terminated_ns, SECOND);
	assert_int_equal(ims_subscriptions_of(subscriptions, NULL)->len, 0);
}

static void is_leg(const struct ims_subscription_leg *leg, uint8_t sender,
		   uint8_t receiver)
{
	assert_int_equal(leg->from.bytes[0], sender);
	assert_int_equal(leg->to.bytes[0], receiver);
}

/* Over one leg after another, by nodes of either family: all there is for, and
   what else was told of stays. */
static void all_legs(void **state)
{
	const char *xml = REGINFO("full", AOR("sip:a@ims.example", "active")
						  AOR("tel:+1", "active"));
	const struct ims_address first = from;
	const struct ims_address second = to;
	const struct ims_subscription *s;

	(void)state;
	notify(1, "c", 5, "active;expires=600", xml);
	for (uint8_t i = 1; i < IMS_SUBSCRIPTION_MAX_LEGS + 2; i++) {
		from = (struct ims_address){i % 2 ? 6 : 4, {(uint8_t)(i * 2)}};
		to = (struct ims_address){i % 2 ? 4 : 6,
					  {(uint8_t)(i * 2 + 1)}};
		notify(1 + i, "c", 5, "active;expires=600", xml);
	}
	from = first;
	to = second;
	s = only("+1");
	assert_int_equal(s->n_legs, IMS_SUBSCRIPTION_MAX_LEGS);
	is_leg(&s->legs[0], 1, 2);
	for (uint8_t i = 1; i < s->n_legs; i++)
		is_leg(&s->legs[i], (uint8_t)(i * 2), (uint8_t)(i * 2 + 1));
	assert_int_equal(s->legs[1].from.family, 6);
	assert_int_equal(s->source.bytes[0],
			 (IMS_SUBSCRIPTION_MAX_LEGS + 1) * 2);
	assert_int_equal(s->since_ns, SECOND);
	assert_int_equal(s->last_ns, SECOND);
	assert_string_equal(s->subscriber, "sip:w@h");
	assert_string_equal(s->aors[0].key, "a@ims.example");
	notify(20, "c", 6, "active;expires=600", xml);
	assert_int_equal(only("a@ims.example")->n_legs, 1);
	assert_int_equal(only("a@ims.example")->expires_ns, 620 * SECOND);
}

/* A key that is longer than any is not kept, nor is what it is of. */
static void texts_are_bounded(void **state)
{
	char *user = g_strnfill(IMS_SUBSCRIPTION_MAX_TEXT, 'u');
	char *xml = g_strdup_printf("<reginfo state='full'><registration "
				    "aor='sip:%s@h' state='active'/></reginfo>",
				    user);

	(void)state;
	notify(1, "c", 1, "active", xml);
	notify(2, user, 1, "active", REGINFO("full", AOR("sip:a@h", "active")));
	assert_int_equal(all_of("a@h")->len, 0);
	g_free(xml);
	g_free(user);
}

/* Whole seconds and the first capture are shorter, and nothing else. */
static void numbers_come_back(void **state)
{
	static const int64_t expires[] = {
		-1,
		0,
		5 * SECOND,
		5 * SECOND + 1,
		6 * SECOND,
		605 * SECOND,
		606 * SECOND + 7,
		INT64_MAX / 8 * 7,
	};
	struct ims_subscription_records records;

	(void)state;
	memset(&records, 0, sizeof(records));
	for (unsigned i = 0; i < 4 * G_N_ELEMENTS(expires); i++) {
		struct ims_arena *arena = ims_arena_new(0);
		struct ims_subscription about = {
			.since_ns = SECOND,
			.expires_ns = expires[i / 4],
			.ended_ns = i & 2 ? 7 * SECOND : INT64_MAX,
			.unread_ns = -1,
			.last_ns = 5 * SECOND,
			.last_cseq = 300,
			.last_frame = {.capture = i & 1 ? 200 : 0,
				       .number = 12345678},
			.n_aors = 1,
			.aors = {{.key = "a@ims.example",
				  .is_active = true,
				  .terminated_ns = -1}},
		};
		struct ims_subscription_record *record = ims_subscription_pack(
			&records, &about, "c\nt\nu", NULL);
		struct ims_subscription read;

		ims_subscription_unpack(&read, arena, &records, record);
		assert_int_equal(read.expires_ns, about.expires_ns);
		assert_int_equal(read.since_ns, SECOND);
		assert_int_equal(read.ended_ns, about.ended_ns);
		assert_int_equal(read.last_cseq, 300);
		assert_int_equal(read.last_frame.capture,
				 about.last_frame.capture);
		assert_int_equal(read.last_frame.number, 12345678);
		assert_string_equal(read.aors[0].key, "a@ims.example");
		assert_true(read.aors[0].is_active);
		assert_int_equal(ims_subscription_since(record), SECOND);
		ims_subscription_record_free(&records, record);
		ims_arena_free(arena);
	}
	ims_shared_clear(&records.shared);
	ims_depot_clear(&records.depot);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, they_begin, they_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(numbers_come_back),
		CASE(a_subscription),
		CASE(what_the_capture_lacks),
		CASE(what_makes_none),
		CASE(the_subscriber_ends_it),
		CASE(they_are_bounded),
		CASE(many_aors),
		CASE(what_they_keep),
		CASE(texts_are_bounded),
		CASE(all_legs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
