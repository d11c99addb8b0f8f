// SPDX-License-Identifier: GPL-2.0-or-later
#include "html_summary.h"

#include "html_json.h"

/* null when there is none, which `none` stands for. */
static void put_ms(struct ims_json *out, const char *key, int64_t ns,
		   int64_t none)
{
	if (ns == none)
		ims_json_null(out, key);
	else
		ims_html_ms(out, key, ns);
}

void ims_html_capture(struct ims_json *out, const struct ims_capture_report *c)
{
	ims_json_open(out, NULL, '{');
	ims_json_count(out, "capture", c->capture);
	ims_html_text(out, "file", c->file);
	ims_html_text(out, "format", c->format);
	ims_html_text(out, "compression", c->compression);
	ims_json_open(out, "links", '[');
	for (size_t i = 0; i < c->n_link_types; i++)
		ims_html_text(out, NULL, c->link_types[i]);
	ims_json_close(out, ']');
	ims_json_count(out, "packets", c->packets);
	ims_json_count(out, "bytes", c->bytes);
	put_ms(out, "first", c->packets ? c->first_ns : -1, -1);
	put_ms(out, "last", c->packets ? c->last_ns : -1, -1);
	ims_json_boolean(out, "truncated", c->truncated);
	ims_html_text(out, "error", c->error);
	ims_json_count(out, "dropped", c->dropped);
	ims_json_count(out, "sip", c->sip_messages);
	ims_json_count(out, "diameter", c->diameter_messages);
	ims_json_count(out, "tls", c->tls_packets);
	ims_json_count(out, "esp", c->esp_packets);
	ims_json_count(out, "undecoded", c->undecoded_packets);
	ims_json_count(out, "let_go", c->let_go);
	put_ms(out, "clock_offset", c->clock_offset_ns, 0);
	ims_json_close(out, '}');
}

void ims_html_node(struct ims_json *out, const struct ims_node *n)
{
	char address[IMS_ENDPOINT_TEXT];

	ims_json_open(out, NULL, '{');
	ims_html_text(out, "address", ims_address_format(address, &n->address));
	ims_json_open(out, "roles", '[');
	for (int role = IMS_ROLE_UE; role < IMS_N_ROLES; role++)
		if (n->roles & 1u << role)
			ims_html_text(out, NULL,
				      ims_role_name((enum ims_role)role));
	ims_json_close(out, ']');
	ims_json_open(out, "names", '[');
	for (size_t i = 0; i < n->n_names; i++)
		if (!ims_slice_is_empty(n->names[i]))
			ims_html_string(out, NULL, n->names[i]);
	ims_json_close(out, ']');
	ims_html_text(out, "confidence", ims_confidence_name(n->confidence));
	ims_json_close(out, '}');
}

void ims_html_filters(struct ims_json *out, const struct ims_report_options *o)
{
	ims_json_open(out, "filters", '{');
	ims_json_boolean(out, "only_failed", o->only_failed);
	ims_html_text(out, "subscriber", o->subscriber);
	ims_html_text(out, "severity", ims_severity_name(o->severity));
	put_ms(out, "from", o->from_ns, INT64_MIN);
	put_ms(out, "to", o->to_ns, INT64_MAX);
	ims_json_close(out, '}');
}

static void put_rule(struct ims_json *out, const struct ims_rule_count *count)
{
	const struct ims_rule *rule = count->rule;

	ims_json_open(out, NULL, '{');
	ims_html_text(out, "slug", rule->slug);
	ims_html_text(out, "title", rule->title);
	ims_html_text(out, "severity", ims_severity_name(rule->severity));
	ims_html_text(out, "explain", rule->explain);
	ims_html_text(out, "recognised", rule->recognised);
	ims_html_text(out, "advice", rule->advice);
	ims_json_open(out, "specs", '[');
	for (const char *const *s = rule->specs; s && *s; s++)
		ims_html_text(out, NULL, *s);
	ims_json_close(out, ']');
	ims_json_count(out, "findings", count->findings);
	ims_json_count(out, "causes", count->causes);
	ims_json_close(out, '}');
}

static void put_command(struct ims_json *out, const struct ims_command_count *c)
{
	ims_json_open(out, NULL, '{');
	ims_html_text(out, "command", c->command);
	ims_json_count(out, "count", c->count);
	ims_json_count(out, "errors", c->errors);
	ims_json_count(out, "unanswered", c->unanswered);
	put_ms(out, "p50", c->latency.p50_ns, -1);
	put_ms(out, "p95", c->latency.p95_ns, -1);
	put_ms(out, "max", c->latency.max_ns, -1);
	ims_json_close(out, '}');
}

static void put_messages(struct ims_json *out, const struct ims_summary *s)
{
	ims_json_open(out, "messages", '{');
	ims_json_count(out, "sip", s->sip_messages);
	ims_json_count(out, "diameter", s->diameter_messages);
	ims_json_count(out, "copies", s->copies);
	ims_json_count(out, "late", s->late);
	ims_json_count(out, "let_go", s->let_go);
	ims_json_close(out, '}');
}

void ims_html_summary(struct ims_json *out, const struct ims_summary *s)
{
	ims_json_open(out, "outcomes", '{');
	for (int i = 0; i < IMS_N_OUTCOMES; i++)
		ims_json_count(out, ims_outcome_name((enum ims_outcome)i),
			       s->registrations[i]);
	ims_json_close(out, '}');
	ims_json_open(out, "rules", '[');
	for (size_t i = 0; i < s->n_rules; i++)
		put_rule(out, &s->rules[i]);
	ims_json_close(out, ']');
	ims_json_open(out, "commands", '[');
	for (size_t i = 0; i < s->n_commands; i++)
		put_command(out, &s->commands[i]);
	ims_json_close(out, ']');
	put_messages(out, s);
}
