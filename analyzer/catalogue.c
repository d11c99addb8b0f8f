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

static json_t *facts_of(const struct ims_rule *rule)
{
	json_t *list = json_array();

	for (const struct ims_fact_key *k = rule->facts; k && k->key; k++) {
		json_t *o = json_object();

		ims_json_put(o, "key", ims_json_text(k->key));
		ims_json_put(o, "type",
			     ims_json_text(ims_catalogue_fact_type(k->type)));
		ims_json_put(o, "meaning", ims_json_text(k->meaning));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *rule_of(const struct ims_rule *rule)
{
	json_t *o = json_object(), *specs = json_array();

	for (const char *const *s = rule->specs; s && *s; s++)
		json_array_append_new(specs, ims_json_text(*s));
	ims_json_put(o, "slug", ims_json_text(rule->slug));
	ims_json_put(o, "family", ims_json_text(rule->family));
	ims_json_put(o, "scope", ims_json_text(ims_scope_name(rule->scope)));
	ims_json_put(o, "severity",
		     ims_json_text(ims_severity_name(rule->severity)));
	ims_json_put(o, "title", ims_json_text(rule->title));
	ims_json_put(o, "explain", ims_json_text(rule->explain));
	ims_json_put(o, "recognised", ims_json_text(rule->recognised));
	ims_json_put(o, "advice", ims_json_text(rule->advice));
	ims_json_put(o, "specs", specs);
	ims_json_put(o, "facts", facts_of(rule));
	return o;
}

GString *ims_catalogue_json(void)
{
	GString *out = g_string_new("[");

	ims_json_init();
	for (size_t i = 0; i < ims_rules_count(); i++) {
		json_t *rule = rule_of(ims_rules_at(i));
		char *text = ims_json_dump(rule);

		g_string_append(out, i ? ",\n " : "\n ");
		g_string_append(out, text);
		g_free(text);
		json_decref(rule);
	}
	g_string_append(out, "\n]\n");
	return out;
}
