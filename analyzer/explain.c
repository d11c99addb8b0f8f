// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain.h"

#include <errno.h>
#include <string.h>

#include "catalogue.h"
#include "complain.h"
#include "escape.h"
#include "known.h"
#include "wrap.h"

/* Slugs named when one is mistaken, and how far they may be off. */
#define MAX_SUGGESTIONS 3
#define MAX_SLUG	64

static const char help[] =
	"Usage:\n"
	"  imsleuth explain              the catalogue: slug, severity, title\n"
	"  imsleuth explain RULE         one rule: what it means, how it is "
	"recognised,\n"
	"                                what to do, where it is written\n"
	"  imsleuth explain --json       the catalogue as JSON\n";

/* The families in the order in which the catalogue first names them. */
static void list_family(GString *out, const char *family)
{
	g_string_append_printf(out, "%s%s\n", out->len ? "\n" : "", family);
	for (size_t i = 0; i < ims_rules_count(); i++) {
		const struct ims_rule *rule = ims_rules_at(i);

		if (strcmp(rule->family, family) != 0)
			continue;
		g_string_append_printf(out, "  %-32s %-8s ", rule->slug,
				       ims_severity_name(rule->severity));
		ims_wrap(out, rule->title, 44, IMS_WRAP_WIDTH);
	}
}

static bool is_first_of_family(size_t index)
{
	const char *family = ims_rules_at(index)->family;

	for (size_t i = 0; i < index; i++)
		if (strcmp(ims_rules_at(i)->family, family) == 0)
			return false;
	return true;
}

static void list(GString *out)
{
	for (size_t i = 0; i < ims_rules_count(); i++)
		if (is_first_of_family(i))
			list_family(out, ims_rules_at(i)->family);
}

static void add_part(GString *out, const char *heading, const char *text)
{
	g_string_append_printf(out, "\n%s\n  ", heading);
	ims_wrap(out, text, 2, IMS_WRAP_WIDTH);
}

static void add_facts(GString *out, const struct ims_fact_key *facts)
{
	if (!facts || !facts->key)
		return;
	g_string_append(out, "\nFacts of a finding\n");
	for (; facts->key; facts++) {
		g_string_append_printf(out, "  %-24s %-8s ", facts->key,
				       ims_catalogue_fact_type(facts->type));
		ims_wrap(out, facts->meaning ? facts->meaning : "", 36,
			 IMS_WRAP_WIDTH);
	}
}

static void add_escaped(GString *out, const char *text)
{
	GString *shown = g_string_new(NULL);

	ims_escape_append(shown, ims_slice_of(text));
	g_string_append(out, "  ");
	ims_wrap(out, shown->str, 4, IMS_WRAP_WIDTH);
	g_string_free(shown, TRUE);
}

/* What products are known for it. */
static void add_known(GString *out, const struct ims_rule *rule,
		      const struct ims_signatures *signatures)
{
	const struct ims_signature *const *list;
	size_t n = ims_signatures_of(signatures, &list, rule);
	char *last = NULL;

	if (n)
		g_string_append(out, "\nKnown deviations\n");
	for (size_t i = 0; i < n; i++) {
		char *text = ims_signature_text(list[i]);

		/* One deviation may have several signatures. */
		if (g_strcmp0(text, last) != 0)
			add_escaped(out, text);
		g_free(last);
		last = text;
	}
	g_free(last);
}

static void explain(GString *out, const struct ims_rule *rule,
		    const struct ims_signatures *signatures)
{
	g_string_append_printf(out, "%s  (%s, %s)\n", rule->slug,
			       ims_severity_name(rule->severity), rule->family);
	ims_wrap(out, rule->title, 0, IMS_WRAP_WIDTH);
	add_part(out, "What it means", rule->explain);
	add_part(out, "How it is recognised", rule->recognised);
	add_part(out, "What to do", rule->advice);
	add_known(out, rule, signatures);
	g_string_append(out, "\nWhere it is written\n");
	for (const char *const *s = rule->specs; s && *s; s++) {
		g_string_append(out, "  ");
		ims_wrap(out, *s, 4, IMS_WRAP_WIDTH);
	}
	add_facts(out, rule->facts);
}

/* Levenshtein's distance; both at most MAX_SLUG characters long. */
static size_t distance(const char *a, const char *b)
{
	size_t row[MAX_SLUG + 1];
	size_t n = strlen(b);

	for (size_t k = 0; k <= n; k++)
		row[k] = k;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t k = 0; k < n; k++) {
			size_t change = diagonal + (a[i] != b[k]);

			diagonal = row[k + 1];
			row[k + 1] = MIN(change, MIN(row[k], row[k + 1]) + 1);
		}
	}
	return row[n];
}

/* Smaller is nearer; SIZE_MAX: not near at all. */
static size_t remoteness(const char *slug, const char *word)
{
	size_t off;

	if (strlen(word) > MAX_SLUG || strlen(slug) > MAX_SLUG)
		return SIZE_MAX;
	off = distance(slug, word);
	if (strlen(word) >= 3 && strstr(slug, word))
		return MIN(off, 1 + strlen(slug) / 8);
	return off <= strlen(word) / 3 + 1 ? off : SIZE_MAX;
}

static void suggest(const char *given)
{
	/* As people write it: sec-agree, CX_USER. */
	char *word = g_strdelimit(g_ascii_strdown(given, -1), "- ", '_');
	const char *best[MAX_SUGGESTIONS + 1] = {NULL};
	GString *line = g_string_new("there is no such rule");
	size_t floor = 0;

	for (size_t n = 0; n < MAX_SUGGESTIONS;) {
		size_t least = SIZE_MAX;

		for (size_t i = 0; i < ims_rules_count(); i++) {
			size_t off = remoteness(ims_rules_at(i)->slug, word);

			if (off >= floor && off < least)
				least = off;
		}
		if (least == SIZE_MAX)
			break;
		for (size_t i = 0; i < ims_rules_count() && n < MAX_SUGGESTIONS;
		     i++)
			if (remoteness(ims_rules_at(i)->slug, word) == least)
				best[n++] = ims_rules_at(i)->slug;
		floor = least + 1;
	}
	for (size_t n = 0; best[n]; n++)
		g_string_append_printf(line, "%s%s",
				       n ? ", " : "; did you mean ", best[n]);
	g_string_append(line, best[0] ? "?" : "");
	ims_complain(given, "%s", line->str);
	g_string_free(line, TRUE);
	g_free(word);
	fputs("'imsleuth explain' lists them all.\n", stderr);
}

static enum ims_exit print(GString *out)
{
	enum ims_exit status = IMS_EXIT_GOOD;

	errno = 0;
	fputs(out->str, stdout);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		if (errno != EPIPE)
			ims_complain("standard output", "%s",
				     g_strerror(errno ? errno : EIO));
		status = IMS_EXIT_FAILED;
	}
	g_string_free(out, TRUE);
	return status;
}

static enum ims_exit explain_rule(const struct ims_rule *rule)
{
	struct ims_signature_files files;
	enum ims_exit status = IMS_EXIT_FAILED;
	GString *out;

	if (ims_known_load(&files, NULL)) {
		out = g_string_new(NULL);
		explain(out, rule, files.signatures);
		status = print(out);
	}
	ims_signature_files_clear(&files);
	return status;
}

enum ims_exit ims_explain(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : NULL;
	const struct ims_rule *rule;
	GString *out;

	if (argc > 2) {
		ims_complain_usage("explain", "one rule at a time");
		return IMS_EXIT_FAILED;
	}
	if (word && strcmp(word, "--json") == 0)
		return print(ims_catalogue_json());
	if (word && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0))
		return print(g_string_new(help));
	rule = word ? ims_rule_find(word) : NULL;
	if (word && !rule) {
		suggest(word);
		return IMS_EXIT_FAILED;
	}
	if (rule)
		return explain_rule(rule);
	out = g_string_new(NULL);
	list(out);
	return print(out);
}
