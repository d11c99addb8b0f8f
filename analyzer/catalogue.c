// SPDX-License-Identifier: GPL-2.0-or-later
#include "catalogue.h"

#include "json_values.h"

static const char *const fact_types[] = {
	[IMS_FACT_STRING] = "string",	[IMS_FACT_INTEGER] = "integer",
	[IMS_FACT_NUMBER] = "number",	[IMS_FACT_BOOLEAN] = "boolean",
	[IMS_FACT_STRINGS] = "strings", [IMS_FACT_FRAME] = "frame",
};

const char *ims_catalogue_fact_type(enum ims_fact_type type)
{
	return (size_t)type < G_N_ELEMENTS(fact_types) ? fact_types[type]
						       : "unknown";
}

static void put_facts(struct ims_json *json, const struct ims_rule *rule)
{
	ims_json_open(json, "facts", '[');
	for (const struct ims_fact_key *k = rule->facts; k && k->key; k++) {
		ims_json_open(json, NULL, '{');
		ims_json_text(json, "key", k->key);
		ims_json_text(json, "type", ims_catalogue_fact_type(k->type));
		ims_json_text(json, "meaning", k->meaning);
		ims_json_close(json, '}');
	}
	ims_json_close(json, ']');
}

static void put_rule(struct ims_json *json, const struct ims_rule *rule)
{
	ims_json_open(json, NULL, '{');
	ims_json_text(json, "slug", rule->slug);
	ims_json_text(json, "family", rule->family);
	ims_json_text(json, "scope", ims_scope_name(rule->scope));
	ims_json_text(json, "severity", ims_severity_name(rule->severity));
	ims_json_text(json, "title", rule->title);
	ims_json_text(json, "explain", rule->explain);
	ims_json_text(json, "recognised", rule->recognised);
	ims_json_text(json, "advice", rule->advice);
	ims_json_open(json, "specs", '[');
	for (const char *const *s = rule->specs; s && *s; s++)
		ims_json_text(json, NULL, *s);
	ims_json_close(json, ']');
	put_facts(json, rule);
	ims_json_close(json, '}');
}

GString *ims_catalogue_json(void)
{
	GString *out = g_string_new("[");
	struct ims_json json = {0};

	for (size_t i = 0; i < ims_rules_count(); i++) {
		struct ims_slice made;

		ims_json_restart(&json);
		put_rule(&json, ims_rules_at(i));
		made = ims_json_made(&json);
		g_string_append(out, i ? ",\n " : "\n ");
		g_string_append_len(out, made.at, (gssize)made.len);
	}
	g_string_append(out, "\n]\n");
	ims_json_clear(&json);
	return out;
}
