/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every rule of the catalogue is whole, and has its two specimens. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include <ims/rule.h>

#include "unit.h"

/* The families of the catalogue; `imsleuth explain` is sorted by them. */
static const char *const families[] = {
	"Cx",
	"Registration",
	"Extensions",
	"Security agreement",
	"Authentication",
	"Capture",
};

static bool is_text(const char *text)
{
	return text && *text && !isspace((unsigned char)*text);
}

static bool is_slug(const char *slug)
{
	return *slug && islower((unsigned char)*slug) &&
	       strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789_") ==
		       strlen(slug);
}

/* "RFC 3261 21.4.15", "TS 29.229 6.2.2.1": a document, then a clause. */
static bool is_citation(const char *spec)
{
	return g_regex_match_simple(
		"^(RFC [1-9][0-9]{2,4}|TS [0-9]{2}\\.[0-9]{3})( [^ ]+)*$", spec,
		G_REGEX_DOLLAR_ENDONLY, 0);
}

static void test_slugs(void **state)
{
	(void)state;
	assert_true(ims_rules_count() > 0);
	for (size_t i = 0; i < ims_rules_count(); i++) {
		const struct ims_rule *rule = ims_rules_at(i);
		if (!is_slug(rule->slug))
			fail_msg("\"%s\" is no slug", rule->slug);
		/* Found by its slug, and no other one before it. */
		if (ims_rule_find(rule->slug) != rule)
			fail_msg("%s is there twice", rule->slug);
	}
	assert_null(ims_rules_at(ims_rules_count()));
	assert_null(ims_rule_find("no_such_rule"));
	assert_null(ims_rule_find(""));
}

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ims_rules_count(); i++) {
		const struct ims_rule *rule = ims_rules_at(i);
		const char *const texts[] = {rule->title, rule->explain,
					     rule->recognised, rule->advice};
		for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
			if (!is_text(texts[k]))
				fail_msg("%s: text %zu is empty", rule->slug,
					 k);
		if (strchr(rule->title, '\n'))
			fail_msg("%s: a title of several lines", rule->slug);
		assert_non_null(rule->check);
		assert_true(rule->severity <= IMS_SEVERITY_ERROR);
		assert_non_null(ims_scope_name(rule->scope));
	}
}

static void test_citations(void **state)
{
	(void)state;
	for (size_t i = 0; i < ims_rules_count(); i++) {
		const struct ims_rule *rule = ims_rules_at(i);
		if (!rule->specs || !rule->specs[0])
			fail_msg("%s cites nothing", rule->slug);
		for (size_t k = 0; rule->specs[k]; k++)
			if (!is_citation(rule->specs[k]))
				fail_msg("%s: \"%s\" is no citation",
					 rule->slug, rule->specs[k]);
	}
	assert_false(is_citation("F12"));
	assert_false(is_citation("RFC"));
	assert_false(is_citation("RFC 3261 "));
	assert_false(is_citation("24.229"));
	assert_true(is_citation("RFC 3329"));
	assert_true(is_citation("TS 24.229 5.1.1.2"));
}

static void test_families(void **state)
{
	(void)state;
	for (size_t i = 0; i < ims_rules_count(); i++) {
		const struct ims_rule *rule = ims_rules_at(i);
		bool known = false;
		for (size_t k = 0; k < sizeof(families) / sizeof(families[0]);
		     k++)
			known |= !strcmp(rule->family, families[k]);
		if (!known)
			fail_msg("%s: no family is called %s", rule->slug,
				 rule->family);
	}
}

static bool key_is_said_before(const struct ims_rule *rule, size_t k)
{
	for (size_t before = 0; before < k; before++)
		if (!strcmp(rule->facts[before].key, rule->facts[k].key))
			return true;
	return false;
}

static void test_fact_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < ims_rules_count(); i++) {
		const struct ims_rule *rule = ims_rules_at(i);
		for (size_t k = 0; rule->facts && rule->facts[k].key; k++) {
			const struct ims_fact_key *fact = &rule->facts[k];
			if (!is_slug(fact->key) || !is_text(fact->meaning) ||
			    key_is_said_before(rule, k))
				fail_msg("%s: fact %s", rule->slug, fact->key);
		}
	}
}

static void test_specimens(void **state)
{
	static const char *const names[] = {"fires.scn", "quiet.scn"};
	unsigned n_missing = 0;
	(void)state;
	for (size_t i = 0; i < ims_rules_count(); i++) {
		for (size_t k = 0; k < 2; k++) {
			char path[4096];
			snprintf(path, sizeof(path), "%s/tests/rules/%s/%s",
				 IMS_SOURCE_DIR, ims_rules_at(i)->slug,
				 names[k]);
			if (access(path, R_OK) == 0)
				continue;
			print_error("missing: %s\n", path);
			n_missing++;
		}
	}
	assert_int_equal(n_missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slugs),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_citations),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_fact_keys),
		cmocka_unit_test(test_specimens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
