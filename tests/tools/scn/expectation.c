/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `expect` and `allow` lines, and whether an outcome meets them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outcome.h"

enum wish_kind {
	WISH_FINDING,
	WISH_NO_FINDING,
	WISH_REGISTRATION,
	WISH_ALLOWED,
};

struct wish {
	enum wish_kind kind;
	const struct scn_line *line;
	char *slug;
	char **words; /* the conditions */
	char *says;   /* or NULL */
	unsigned number;
};

struct expectation {
	const struct scn *scn;
	GPtrArray *wishes;
	bool nothing_else;
	struct scn_line own; /* stands for the rule under test */
};

static unsigned number_of(const char *text)
{
	return (unsigned)strtoul(text, NULL, 10);
}

static void free_wish(gpointer data)
{
	struct wish *wish = data;
	g_free(wish->slug);
	g_strfreev(wish->words);
	g_free(wish->says);
	g_free(wish);
}

static void add_wish(struct expectation *e, const struct scn_line *line,
		     enum wish_kind kind, char **words)
{
	struct wish *wish = g_new0(struct wish, 1);
	wish->kind = kind;
	wish->line = line;
	if (kind != WISH_REGISTRATION) {
		if (!words[0])
			scn_fail(line, "which rule?");
		if (!ims_rule_find(words[0]))
			scn_fail(line, "no rule is called %s", words[0]);
		wish->slug = g_strdup(*words++);
	} else {
		wish->number = 1;
		if (words[0] && g_ascii_isdigit(words[0][0]))
			wish->number = number_of(*words++);
	}
	wish->words = g_strdupv(words);
	const char *says = strstr(line->text, " says ");
	if (says) {
		wish->says = g_strdup(says + strlen(" says "));
		for (size_t i = 0; wish->words[i]; i++)
			if (!strcmp(wish->words[i], "says"))
				for (size_t k = i; wish->words[k]; k++)
					g_clear_pointer(&wish->words[k],
							g_free);
	}
	g_ptr_array_add(e->wishes, wish);
}

static void read_line(struct expectation *e, const struct scn_line *line)
{
	char **words = g_strsplit_set(line->text, " \t", -1);
	char **at = words + 1;
	if (!strcmp(words[0], "allow"))
		for (; *at; at++)
			add_wish(e, line, WISH_ALLOWED, (char *[]){*at, NULL});
	else if (!strcmp(line->text, "expect nothing else"))
		e->nothing_else = true;
	else if (at[0] && !strcmp(at[0], "no"))
		for (at++; *at; at++)
			add_wish(e, line, WISH_NO_FINDING,
				 (char *[]){*at, NULL});
	else if (at[0] && !strcmp(at[0], "registration"))
		add_wish(e, line, WISH_REGISTRATION, at + 1);
	else
		add_wish(e, line, WISH_FINDING, at);
	g_strfreev(words);
}

static bool wishes_for(const struct expectation *e, const char *slug)
{
	for (guint i = 0; i < e->wishes->len; i++) {
		const struct wish *wish = e->wishes->pdata[i];
		if (wish->slug && wish->kind != WISH_NO_FINDING &&
		    !strcmp(wish->slug, slug))
			return true;
	}
	return false;
}

struct expectation *expectation_new(const struct scn *scn, const char *rule,
				    bool fires)
{
	struct expectation *e = g_new0(struct expectation, 1);
	e->scn = scn;
	e->wishes = g_ptr_array_new_with_free_func(free_wish);
	size_t n;
	const struct scn_line *lines = scn_expectations(scn, &n);
	for (size_t i = 0; i < n; i++)
		read_line(e, &lines[i]);
	e->own = (struct scn_line){"(the rule under test)", 0, "expect"};
	if (rule && (!fires || !wishes_for(e, rule)))
		add_wish(e, &e->own, fires ? WISH_FINDING : WISH_NO_FINDING,
			 (char *[]){(char *)rule, NULL});
	return e;
}

void expectation_free(struct expectation *e)
{
	g_ptr_array_unref(e->wishes);
	g_free(e);
}

static bool has_frame(const struct outcome_finding *finding, guint64 number)
{
	for (guint i = 0; i < finding->frames->len; i++)
		if (g_array_index(finding->frames, guint64, i) == number)
			return true;
	return false;
}

/* A label stands for all frames of its statement: one of them is enough. */
static bool has_label(const struct expectation *e, const struct wish *wish,
		      const struct outcome_finding *finding, const char *label)
{
	size_t n;
	const struct scn_event *events = scn_events(e->scn, &n);
	bool known = false;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(events[i].label, label) != 0)
			continue;
		known = true;
		if (has_frame(finding, events[i].event.frame.number))
			return true;
	}
	if (!known)
		scn_fail(wish->line, "no message in the capture is labelled %s",
			 label);
	return false;
}

static bool has_labels(const struct expectation *e, const struct wish *wish,
		       const struct outcome_finding *finding, const char *list)
{
	char **labels = g_strsplit(list, ",", -1);
	bool all = true;
	for (size_t i = 0; labels[i]; i++)
		all &= has_label(e, wish, finding, labels[i]);
	g_strfreev(labels);
	return all;
}

/* The words error, cause, ..., frames=LABEL,LABEL and FACT=VALUE. */
static bool meets(const struct expectation *e, const struct wish *wish,
		  const struct outcome_finding *finding, const char *word)
{
	const char *equals = strchr(word, '=');
	if (!strcmp(word, "cause"))
		return finding->is_cause;
	if (!equals)
		return !strcmp(word, ims_severity_name(finding->severity)) ||
		       !strcmp(word, ims_confidence_name(finding->confidence));
	if (g_str_has_prefix(word, "times="))
		return true;
	if (g_str_has_prefix(word, "frames="))
		return has_labels(e, wish, finding, equals + 1);
	if (g_str_has_prefix(word, "registration="))
		return finding->registration ==
		       g_ascii_strtoull(equals + 1, NULL, 10);
	char *key = g_strndup(word, (gsize)(equals - word));
	const char *fact = g_hash_table_lookup(finding->facts, key);
	g_free(key);
	return fact && !strcmp(fact, equals + 1);
}

static bool is_wished(const struct expectation *e, const struct wish *wish,
		      const struct outcome_finding *finding)
{
	if (strcmp(finding->slug, wish->slug) != 0)
		return false;
	for (size_t i = 0; wish->words[i]; i++)
		if (!meets(e, wish, finding, wish->words[i]))
			return false;
	return !wish->says || strstr(finding->text, wish->says);
}

static bool count_is_right(const struct wish *wish, unsigned n)
{
	for (size_t i = 0; wish->words[i]; i++)
		if (g_str_has_prefix(wish->words[i], "times="))
			return n == number_of(wish->words[i] + 6);
	return wish->kind == WISH_NO_FINDING ? n == 0 : n > 0;
}

static bool registration_is_right(const struct wish *wish,
				  const struct outcome *outcome)
{
	if (wish->words[0] && g_str_has_prefix(wish->words[0], "count="))
		return outcome->registrations->len ==
		       number_of(wish->words[0] + 6);
	if (wish->number > outcome->registrations->len)
		return false;
	const struct outcome_registration *registration =
		outcome->registrations->pdata[wish->number - 1];
	for (size_t i = 0; wish->words[i]; i++) {
		char **pair = g_strsplit(wish->words[i], "=", 2);
		const char *value =
			g_hash_table_lookup(registration->values, pair[0]);
		if (!value || !pair[1])
			scn_fail(wish->line,
				 "a registration has no such value: %s",
				 wish->words[i]);
		bool right = !strcmp(value, pair[1]);
		g_strfreev(pair);
		if (!right)
			return false;
	}
	return true;
}

static bool is_met(const struct expectation *e, const struct wish *wish,
		   const struct outcome *outcome)
{
	if (wish->kind == WISH_ALLOWED)
		return true;
	if (wish->kind == WISH_REGISTRATION)
		return registration_is_right(wish, outcome);
	unsigned n = 0;
	for (guint i = 0; i < outcome->findings->len; i++)
		n += is_wished(e, wish, outcome->findings->pdata[i]);
	return count_is_right(wish, n);
}

unsigned expectation_check(const struct expectation *e,
			   const struct outcome *outcome)
{
	unsigned n_unmet = 0;
	for (guint i = 0; i < e->wishes->len; i++) {
		const struct wish *wish = e->wishes->pdata[i];
		if (is_met(e, wish, outcome))
			continue;
		n_unmet++;
		if (wish->line == &e->own)
			printf("%s: %s\n", wish->slug,
			       wish->kind == WISH_FINDING
				       ? "did not fire"
				       : "fired, and should not have");
		else
			printf("%s:%u: not met: %s\n", wish->line->file,
			       wish->line->number, wish->line->text);
	}
	return n_unmet;
}

unsigned expectation_check_others(const struct expectation *e,
				  const struct outcome *outcome)
{
	unsigned n = 0;
	if (outcome->needs_too_much) {
		puts("a rule needs more than it does: see signs.h");
		n++;
	}
	for (guint i = 0; i < outcome->findings->len; i++) {
		const struct outcome_finding *finding =
			outcome->findings->pdata[i];
		if (wishes_for(e, finding->slug))
			continue;
		if (finding->severity < (e->nothing_else ? IMS_SEVERITY_WARNING
							 : IMS_SEVERITY_ERROR))
			continue;
		printf("not expected: %s %s\n",
		       ims_severity_name(finding->severity), finding->slug);
		n++;
	}
	return n;
}
