// SPDX-License-Identifier: GPL-2.0-or-later
#include "profile.h"

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

static struct ims_profile parse(struct ims_slice xml, bool *many)
{
	struct ims_profile profile = {0};
	struct wall wall = wall_new(xml);

	*many = false;
	assert_true(ims_profile_parse(&profile, many, arena, wall.bytes));
	wall_free(&wall);
	assert_true(profile.present);
	assert_int_equal(profile.well_formed, !ims_slice_is_set(profile.error));
	return profile;
}

static struct ims_profile parse_text(const char *xml)
{
	bool many;
	struct ims_profile profile = parse(ims_slice_of(xml), &many);

	assert_false(many);
	return profile;
}

#define SPT(negated, method)                                      \
	"<SPT><ConditionNegated>" negated "</ConditionNegated>"   \
	"<Group>0</Group><Method>" method "</Method><Extension/>" \
	"</SPT>"
#define IFC(priority, trigger, server)                                     \
	"<InitialFilterCriteria><Priority>" priority "</Priority>" trigger \
	"<ApplicationServer><ServerName>" server "</ServerName>"           \
	"<DefaultHandling>1</DefaultHandling></ApplicationServer>"         \
	"</InitialFilterCriteria>"
#define TRIGGER(spts)                                               \
	"<TriggerPoint><ConditionTypeCNF>1</ConditionTypeCNF>" spts \
	"</TriggerPoint>"

static const char subscription[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<IMSSubscription xmlns:xsi=\"http://www.w3.org/2001/"
	"XMLSchema-instance\">\n"
	" <PrivateID> 1@ims.example\n </PrivateID>\n"
	" <ServiceProfile>\n"
	"  <PublicIdentity><BarringIndication>1</BarringIndication>"
	"<Identity>sip:1@ims.example</Identity></PublicIdentity>\n"
	"  <PublicIdentity><Identity>sip:a&amp;b@ims.example</Identity>"
	"<Extension><IdentityType>0</IdentityType></Extension>"
	"</PublicIdentity>\n"
	"  <PublicIdentity><BarringIndication>false</BarringIndication>"
	"<Identity><![CDATA[tel:+1]]></Identity></PublicIdentity>\n" IFC(
		"7", TRIGGER(SPT("0", "REGISTER")), "sip:as1")
		IFC("8", TRIGGER(SPT("1", "REGISTER") SPT("0", "INVITE")),
		    "sip:as2") " </ServiceProfile>\n"
			       " <ServiceProfile>\n"
			       "  "
			       "<PublicIdentity><Identity>sip:z@ims.example</"
			       "Identity>"
			       "</PublicIdentity>\n" IFC(
				       "9", "",
				       "sip:as3") " </ServiceProfile>\n"
						  "</IMSSubscription>\n";

static void a_subscription(void **state)
{
	struct ims_profile p = parse_text(subscription);
	static const struct {
		const char *uri;
		bool barred;
		size_t service_profile;
	} identities[] = {
		{"sip:1@ims.example", true, 0},
		{"sip:a&b@ims.example", false, 0},
		{"tel:+1", false, 0},
		{"sip:z@ims.example", false, 1},
	};

	(void)state;
	assert_true(p.well_formed);
	assert_true(p.is_subscription);
	assert_true(ims_slice_is(p.private_id, "1@ims.example"));
	assert_int_equal(p.n_identities, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_true(
			ims_slice_is(p.identities[i].uri, identities[i].uri));
		assert_int_equal(p.identities[i].barred, identities[i].barred);
		assert_int_equal(p.identities[i].service_profile,
				 identities[i].service_profile);
	}
}

static void its_filter_criteria(void **state)
{
	struct ims_profile p = parse_text(subscription);
	static const struct {
		int64_t priority;
		const char *server;
		bool on_register;
		size_t service_profile;
	} ifcs[] = {
		{7, "sip:as1", true, 0},
		{8, "sip:as2", false, 0}, /* REGISTER is negated */
		{9, "sip:as3", true, 1},  /* no TriggerPoint: always */
	};

	(void)state;
	assert_int_equal(p.n_ifcs, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(p.ifcs[i].priority, ifcs[i].priority);
		assert_true(ims_slice_is(p.ifcs[i].server, ifcs[i].server));
		assert_int_equal(p.ifcs[i].default_handling, 1);
		assert_int_equal(p.ifcs[i].on_register, ifcs[i].on_register);
		assert_int_equal(p.ifcs[i].service_profile,
				 ifcs[i].service_profile);
	}
}

static void the_order_in_an_spt_plays_no_part(void **state)
{
	struct ims_profile p = parse_text(
		"<IMSSubscription><InitialFilterCriteria><TriggerPoint>"
		"<SPT><Method>REGISTER</Method>"
		"<ConditionNegated>1</ConditionNegated></SPT></TriggerPoint>"
		"</InitialFilterCriteria><InitialFilterCriteria><TriggerPoint>"
		"<SPT><Method>REGISTER</Method></SPT></TriggerPoint>"
		"</InitialFilterCriteria></IMSSubscription>");

	(void)state;
	assert_int_equal(p.n_ifcs, 2);
	assert_false(p.ifcs[0].on_register);
	assert_true(p.ifcs[1].on_register);
	assert_int_equal(p.ifcs[0].priority, -1);
	assert_int_equal(p.ifcs[0].default_handling, -1);
	assert_false(ims_slice_is_set(p.ifcs[0].server));
}

#define SPT_OF(group, trigger) "<SPT><Group>" group "</Group>" trigger "</SPT>"
#define NOT		       "<ConditionNegated>1</ConditionNegated>"
#define FIRST		       "<Method>REGISTER</Method>"
#define INVITED		       "<Method>INVITE</Method>"
#define HEADER		       "<SIPHeader><Header>From</Header></SIPHeader>"
#define TYPE(n)                                  \
	"<Extension><RegistrationType>" n        \
	"</RegistrationType><RegistrationType>2" \
	"</RegistrationType></Extension>"

/* TS 29.228 B.2.2, F.1; where it cannot be told, it is not sure. */
static void what_a_first_register_meets(void **state)
{
	static const struct {
		bool cnf;
		const char *spts;
		bool sure;
	} cases[] = {
		{false, SPT_OF("0", FIRST), true},
		{true, SPT_OF("0", FIRST), true},
		{false, SPT_OF("0", NOT FIRST), false},
		{false, SPT_OF("0", NOT INVITED), true},
		{false, SPT_OF("0", INVITED), false},
		{false, SPT_OF("0", FIRST TYPE("0")), true},
		{false, SPT_OF("0", FIRST TYPE("1")), false},
		{false, SPT_OF("0", NOT FIRST TYPE("1")), true},
		/* groups: any of them, or all of them */
		{false, SPT_OF("0", INVITED) SPT_OF("1", FIRST), true},
		{true, SPT_OF("0", INVITED) SPT_OF("1", FIRST), false},
		{false, SPT_OF("0", INVITED) SPT_OF("0", FIRST), false},
		{true, SPT_OF("0", INVITED) SPT_OF("0", FIRST), true},
		/* what a method does not tell */
		{false, SPT_OF("0", FIRST) SPT_OF("0", HEADER), false},
		{false, SPT_OF("0", FIRST) SPT_OF("1", HEADER), true},
		{false, SPT_OF("0", FIRST) SPT_OF("0", NOT HEADER), false},
		{true, SPT_OF("0", FIRST) SPT_OF("1", NOT HEADER), false},
		{true, SPT_OF("0", FIRST "<Group>1</Group>"), true},
		{false, SPT_OF("64", FIRST), false},
		{false, SPT_OF("0", FIRST) "<SPT>" INVITED "</SPT>", false},
		{false, "", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		GString *xml = g_string_new("<IMSSubscription>");
		struct ims_profile p;

		g_string_append_printf(
			xml,
			"<InitialFilterCriteria><TriggerPoint>"
			"<ConditionTypeCNF>%d</ConditionTypeCNF>%s"
			"</TriggerPoint></InitialFilterCriteria>"
			"</IMSSubscription>",
			cases[i].cnf, cases[i].spts);
		p = parse_text(xml->str);
		assert_int_equal(p.n_ifcs, 1);
		if (p.ifcs[0].on_first_register != cases[i].sure)
			fail_msg("case %zu", i);
		g_string_free(xml, TRUE);
	}
}

static void without_a_trigger_nothing_is_sure(void **state)
{
	struct ims_profile p = parse_text(
		"<IMSSubscription><InitialFilterCriteria><Priority>1"
		"</Priority></InitialFilterCriteria><InitialFilterCriteria>"
		"<TriggerPoint>" SPT_OF(
			"0",
			FIRST) "</TriggerPoint>"
			       "<ProfilePartIndicator>1</ProfilePartIndicator>"
			       "</InitialFilterCriteria><InitialFilterCriteria>"
			       "<TriggerPoint>" SPT_OF(
				       "0", FIRST) "</TriggerPoint>"
						   "<ProfilePartIndicator>0</"
						   "ProfilePartIndicator>"
						   "</InitialFilterCriteria></"
						   "IMSSubscription>");

	(void)state;
	assert_int_equal(p.n_ifcs, 3);
	assert_false(p.ifcs[0].on_first_register);
	assert_false(p.ifcs[1].on_first_register);
	assert_true(p.ifcs[2].on_first_register);
}

static void namespaces_play_no_part(void **state)
{
	struct ims_profile p = parse_text(
		"<cx:IMSSubscription xmlns:cx=\"urn:x\"><cx:PrivateID>1"
		"</cx:PrivateID><cx:ServiceProfile><cx:PublicIdentity>"
		"<cx:Identity>sip:a</cx:Identity></cx:PublicIdentity>"
		"</cx:ServiceProfile></cx:IMSSubscription>");

	(void)state;
	assert_true(p.is_subscription);
	assert_true(ims_slice_is(p.private_id, "1"));
	assert_int_equal(p.n_identities, 1);
	p = parse_text("<undeclared:IMSSubscription/>");
	assert_true(p.is_subscription);
	assert_true(p.well_formed);
	p = parse_text("<IMSSubscription xmlns=\"urn:x\"/>");
	assert_true(p.is_subscription);
}

static void other_documents_are_no_subscription(void **state)
{
	struct ims_profile p =
		parse_text("<Sh-Data><IMSSubscription/></Sh-Data>");

	(void)state;
	assert_true(p.well_formed);
	assert_false(p.is_subscription);
}

static void faults_are_told_and_what_comes_before_is_kept(void **state)
{
	static const char *const documents[] = {
		"",
		"\n",
		"no XML",
		"<IMSSubscription>",
		"<IMSSubscription></ServiceProfile>",
		"<IMSSubscription/><IMSSubscription/>",
		"<IMSSubscription>&nosuch;</IMSSubscription>",
		"<IMSSubscription>\x01</IMSSubscription>",
		"<IMSSubscription>\xe4</IMSSubscription>",
		"<IMSSubscription a=1/>",
		"<IMSSubscription a=\"1\" a=\"2\"/>",
	};
	struct ims_profile p;

	(void)state;
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		p = parse_text(documents[i]);
		assert_false(p.well_formed);
		assert_true(p.error.len > 5);
		assert_true(p.error.at[p.error.len - 1] != '\n');
	}
	p = parse_text("<IMSSubscription><PrivateID>1</PrivateID>"
		       "<ServiceProfile><PublicIdentity><Identity>sip:a"
		       "</Identity></PublicIdentity><PublicIdentity>"
		       "</ServiceProfile></IMSSubscription>");
	assert_false(p.well_formed);
	assert_true(p.is_subscription);
	assert_true(ims_slice_is(p.private_id, "1"));
	assert_int_equal(p.n_identities, 1);
	assert_true(ims_slice_starts_nocase(p.error, "Opening and ending tag"));
}

static void encodings(void **state)
{
	struct ims_profile p;
	bool many;

	(void)state;
	p = parse_text("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
		       "<IMSSubscription><PrivateID>\xe4</PrivateID>"
		       "</IMSSubscription>");
	assert_true(p.well_formed);
	assert_true(ims_slice_is(p.private_id, "\xc3\xa4"));
	p = parse_text("\xef\xbb\xbf<IMSSubscription/>");
	assert_true(p.well_formed);
	assert_true(p.is_subscription);
	p = parse_text("<?xml version='1.0' encoding='ISO-8859-15'?>"
		       "<IMSSubscription><PrivateID>\xe4</PrivateID>"
		       "</IMSSubscription>");
	assert_true(p.well_formed);
	/* Whatever else is declared is read as UTF-8; where that fails, the
	   fault may be ours. */
	p = parse_text("<?xml version=\"1.0\" encoding=\"UTF-7\"?>"
		       "<IMSSubscription/>");
	assert_true(p.well_formed);
	p = parse(ims_slice_of("<?xml version=\"1.0\" "
			       "encoding=\"windows-1252\"?>"
			       "<IMSSubscription>\xe4</IMSSubscription>"),
		  &many);
	assert_false(p.well_formed);
	assert_true(many);
	p = parse(ims_slice("\xff\xfe<\0a\0/\0>\0", 10), &many);
	assert_false(p.well_formed);
	assert_true(many);
}

static void a_string_of_c(void **state)
{
	static const char xml[] = "<IMSSubscription/>\0";
	bool many;

	(void)state;
	assert_true(parse(ims_slice(xml, sizeof(xml)), &many).well_formed);
	assert_true(parse(ims_slice(xml, sizeof(xml)), &many).is_subscription);
	assert_false(parse(ims_slice("\0\0", 2), &many).well_formed);
	assert_false(many);
}

static void wildcards(void **state)
{
	(void)state;
	assert_true(parse_text("<IMSSubscription><PublicIdentity><Identity>"
			       "sip:chat!.*!@h</Identity></PublicIdentity>"
			       "</IMSSubscription>")
			    .has_wildcards);
	assert_true(parse_text("<IMSSubscription><PublicIdentity><Identity>"
			       "sip:a@h</Identity><Extension><Extension>"
			       "<WildcardedIMPU>sip:a!.*!@h</WildcardedIMPU>"
			       "</Extension></Extension></PublicIdentity>"
			       "</IMSSubscription>")
			    .has_wildcards);
	assert_false(parse_text(subscription).has_wildcards);
}

static void nothing_outside_is_loaded(void **state)
{
	struct ims_profile p;
	bool many;

	(void)state;
	p = parse_text("<!DOCTYPE IMSSubscription SYSTEM \"file:///x.dtd\">"
		       "<IMSSubscription><PrivateID>1</PrivateID>"
		       "</IMSSubscription>");
	assert_true(p.well_formed);
	assert_true(ims_slice_is(p.private_id, "1"));
	p = parse(ims_slice_of("<!DOCTYPE a [<!ENTITY x SYSTEM "
			       "\"file:///x\">]><IMSSubscription>"
			       "<PrivateID>&x;</PrivateID>"
			       "</IMSSubscription>"),
		  &many);
	assert_true(many);
	assert_false(p.well_formed);
	assert_false(ims_slice_is_set(p.private_id));
	assert_true(ims_slice_is(p.error,
				 "Document type with declarations of its own"));
}

/* A document of `n` times `unit` between two ends. */
static struct ims_profile parse_many(const char *head, const char *unit,
				     const char *tail, size_t n)
{
	GString *xml = g_string_new(head);
	struct ims_profile profile;
	bool many;

	for (size_t i = 0; i < n; i++)
		g_string_append(xml, unit);
	g_string_append(xml, tail);
	profile = parse(ims_slice(xml->str, xml->len), &many);
	assert_true(many);
	g_string_free(xml, TRUE);
	return profile;
}

static void everything_is_bounded(void **state)
{
	struct ims_profile p;

	(void)state;
	p = parse_many("<IMSSubscription>",
		       "<PublicIdentity><Identity>a</Identity>"
		       "</PublicIdentity><InitialFilterCriteria/>",
		       "</IMSSubscription>", 300);
	assert_true(p.well_formed);
	assert_int_equal(p.n_identities, IMS_PROFILE_MAX_IDENTITIES);
	assert_int_equal(p.n_ifcs, IMS_PROFILE_MAX_IFCS);
	p = parse_many("<IMSSubscription><PublicIdentity><Identity>", "a",
		       "</Identity></PublicIdentity><PublicIdentity>"
		       "<Identity>b</Identity></PublicIdentity>"
		       "</IMSSubscription>",
		       IMS_PROFILE_MAX_TEXT + 1);
	assert_true(p.well_formed);
	assert_int_equal(p.n_identities, 1);
	assert_true(ims_slice_is(p.identities[0].uri, "b"));
	p = parse_many("<IMSSubscription ", "a='' ", "/>",
		       IMS_PROFILE_MAX_ATTRIBUTES + 1);
	assert_false(p.well_formed);
}

static void every_prefix_is_read(void **state)
{
	bool many;

	(void)state;
	for (size_t i = 0; i < sizeof(subscription) - 2; i++)
		assert_false(
			parse(ims_slice(subscription, i), &many).well_formed);
}

/* Deeper than any document: no hang, no crash. */
static void depth_is_bounded(void **state)
{
	GString *xml = g_string_new(NULL);
	struct ims_profile p;
	bool many;

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		g_string_append(xml, "<a>");
	p = parse(ims_slice(xml->str, xml->len), &many);
	assert_false(p.well_formed);
	g_string_free(xml, TRUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_subscription),
		cmocka_unit_test(its_filter_criteria),
		cmocka_unit_test(a_string_of_c),
		cmocka_unit_test(wildcards),
		cmocka_unit_test(the_order_in_an_spt_plays_no_part),
		cmocka_unit_test(what_a_first_register_meets),
		cmocka_unit_test(without_a_trigger_nothing_is_sure),
		cmocka_unit_test(namespaces_play_no_part),
		cmocka_unit_test(other_documents_are_no_subscription),
		cmocka_unit_test(faults_are_told_and_what_comes_before_is_kept),
		cmocka_unit_test(encodings),
		cmocka_unit_test(nothing_outside_is_loaded),
		cmocka_unit_test(everything_is_bounded),
		cmocka_unit_test(every_prefix_is_read),
		cmocka_unit_test(depth_is_bounded),
	};

	return cmocka_run_group_tests(tests, arena_opens, arena_closes);
}
