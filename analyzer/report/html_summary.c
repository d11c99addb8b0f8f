// SPDX-License-Identifier: GPL-2.0-or-later
#include "html_summary.h"

#include "html_json.h"

static void put_text(GString *out, const char *key, const char *text)
{
	ims_html_key(out, key);
	ims_html_text(out, text);
}

static void put_count(GString *out, const char *key, uint64_t n)
{
	ims_html_key(out, key);
	ims_html_count(out, n);
}

/* null when there is none, which `none` stands for. */
static void put_ms(GString *out, const char *key, int64_t ns, int64_t none)
{
	ims_html_key(out, key);
	if (ns == none)
		ims_html_null(out);
	else
		ims_html_ms(out, ns);
}

void ims_html_capture(GString *out, const struct ims_capture_report *c)
{
	ims_html_open(out, '{');
	put_count(out, "capture", c->capture);
	put_text(out, "file", c->file);
	put_text(out, "format", c->format);
	put_text(out, "compression", c->compression);
	ims_html_key(out, "links");
	ims_html_open(out, '[');
	for (size_t i = 0; i < c->n_link_types; i++)
		ims_html_text(out, c->link_types[i]);
	ims_html_close(out, ']');
	put_count(out, "packets", c->packets);
	put_count(out, "bytes", c->bytes);
	put_ms(out, "first", c->packets ? c->first_ns : -1, -1);
	put_ms(out, "last", c->packets ? c->last_ns : -1, -1);
	ims_html_key(out, "truncated");
	ims_html_bool(out, c->truncated);
	put_text(out, "error", c->error);
	put_count(out, "dropped", c->dropped);
	put_count(out, "sip", c->sip_messages);
	put_count(out, "diameter", c->diameter_messages);
	put_count(out, "tls", c->tls_packets);
	put_count(out, "esp", c->esp_packets);
	put_count(out, "undecoded", c->undecoded_packets);
	put_count(out, "let_go", c->let_go);
	put_ms(out, "clock_offset", c->clock_offset_ns, 0);
	ims_html_close(out, '}');
}

void ims_html_node(GString *out, const struct ims_node *n)
{
	char address[IMS_ENDPOINT_TEXT];

	ims_html_open(out, '{');
	put_text(out, "address", ims_address_format(address, &n->address));
	ims_html_key(out, "roles");
	ims_html_open(out, '[');
	for (int role = IMS_ROLE_UE; role < IMS_N_ROLES; role++)
		if (n->roles & 1u << role)
			ims_html_text(out, ims_role_name((enum ims_role)role));
	ims_html_close(out, ']');
	ims_html_key(out, "names");
	ims_html_open(out, '[');
	for (size_t i = 0; i < n->n_names; i++)
		if (!ims_slice_is_empty(n->names[i]))
			ims_html_wire(out, n->names[i]);
	ims_html_close(out, ']');
	put_text(out, "confidence", ims_confidence_name(n->confidence));
	ims_html_close(out, '}');
}

void ims_html_filters(GString *out, const struct ims_report_options *o)
{
	ims_html_key(out, "filters");
	ims_html_open(out, '{');
	ims_html_key(out, "only_failed");
	ims_html_bool(out, o->only_failed);
	put_text(out, "subscriber", o->subscriber);
	put_text(out, "severity", ims_severity_name(o->severity));
	put_ms(out, "from", o->from_ns, INT64_MIN);
	put_ms(out, "to", o->to_ns, INT64_MAX);
	ims_html_close(out, '}');
}

static void put_rule(GString *out, const struct ims_rule_count *count)
{
	const struct ims_rule *rule = count->rule;

	ims_html_open(out, '{');
	put_text(out, "slug", rule->slug);
	put_text(out, "title", rule->title);
	put_text(out, "severity", ims_severity_name(rule->severity));
	put_text(out, "explain", rule->explain);
	put_text(out, "recognised", rule->recognised);
	put_text(out, "advice", rule->advice);
	ims_html_key(out, "specs");
	ims_html_open(out, '[');
	for (const char *const *s = rule->specs; s && *s; s++)
		ims_html_text(out, *s);
	ims_html_close(out, ']');
	put_count(out, "findings", count->findings);
	put_count(out, "causes", count->causes);
	ims_html_close(out, '}');
}

static void put_command(GString *out, const struct ims_command_count *c)
{
	ims_html_open(out, '{');
	put_text(out, "command", c->command);
	put_count(out, "count", c->count);
	put_count(out, "errors", c->errors);
	put_count(out, "unanswered", c->unanswered);
	put_ms(out, "p50", c->latency.p50_ns, -1);
	put_ms(out, "p95", c->latency.p95_ns, -1);
	put_ms(out, "max", c->latency.max_ns, -1);
	ims_html_close(out, '}');
}

static void put_messages(GString *out, const struct ims_summary *s)
{
	ims_html_key(out, "messages");
	ims_html_open(out, '{');
	put_count(out, "sip", s->sip_messages);
	put_count(out, "diameter", s->diameter_messages);
	put_count(out, "copies", s->copies);
	put_count(out, "late", s->late);
	put_count(out, "let_go", s->let_go);
	ims_html_close(out, '}');
}

void ims_html_summary(GString *out, const struct ims_summary *s)
{
	ims_html_key(out, "outcomes");
	ims_html_open(out, '{');
	for (int i = 0; i < IMS_N_OUTCOMES; i++)
		put_count(out, ims_outcome_name((enum ims_outcome)i),
			  s->registrations[i]);
	ims_html_close(out, '}');
	ims_html_key(out, "rules");
	ims_html_open(out, '[');
	for (size_t i = 0; i < s->n_rules; i++)
		put_rule(out, &s->rules[i]);
	ims_html_close(out, ']');
	ims_html_key(out, "commands");
	ims_html_open(out, '[');
	for (size_t i = 0; i < s->n_commands; i++)
		put_command(out, &s->commands[i]);
	ims_html_close(out, ']');
	put_messages(out, s);
}
