// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_records.h"

#include <string.h>

#include "json_values.h"

/* The id of a registration that may not be there. */
static void put_reference(struct ims_json *o, const char *key, uint64_t id)
{
	if (id)
		ims_json_count(o, key, id);
	else
		ims_json_null(o, key);
}

static void put_legs(struct ims_json *o, uint32_t legs)
{
	ims_json_open(o, "legs", '[');
	for (int leg = IMS_LEG_GM; leg <= IMS_LEG_RX; leg++)
		if (legs & 1u << leg)
			ims_json_name(o, NULL, ims_leg_name((enum ims_leg)leg));
	ims_json_close(o, ']');
}

static void put_change(struct ims_json *o, const struct ims_change *c)
{
	ims_json_open(o, NULL, '{');
	ims_json_name(o, "kind", ims_change_kind_name(c->kind));
	ims_json_wire(o, "header", c->header);
	ims_json_wire(o, "element", c->element);
	ims_json_wire(o, "before", c->before);
	ims_json_wire(o, "after", c->after);
	ims_json_close(o, '}');
}

/* null: not known, which is not the same as none. */
static void put_changes(struct ims_json *o, const struct ims_changes *changes)
{
	if (!changes) {
		ims_json_null(o, "changes");
		return;
	}
	ims_json_open(o, "changes", '[');
	for (size_t i = 0; i < changes->n; i++)
		put_change(o, &changes->at[i]);
	ims_json_close(o, ']');
	if (changes->cut)
		ims_json_boolean(o, "changes_cut", true);
}

/* More than what put_way writes takes up, and what one value may spoil. */
#define WAY_ROOM (384 + IMS_JSON_ROOM)

/* When, whence and where to: there is room for all of it at once. */
static void put_way(struct ims_json *o, const struct ims_step *s,
		    int64_t start_ns)
{
	ims_json_make_room(o, WAY_ROOM);
	ims_json_put_frame(o, ims_json_key(o, "frame"), s->frame);
	ims_json_put_stamp(o, ims_json_key(o, "time"), s->time_ns);
	ims_json_put_ms(o, ims_json_key(o, "offset_ms"), s->time_ns - start_ns);
	ims_json_put_party(o, ims_json_key(o, "from"), &s->from);
	ims_json_put_party(o, ims_json_key(o, "to"), &s->to);
	ims_json_put_letters(o, ims_json_key(o, "leg"), ims_leg_name(s->leg));
	ims_json_put_letters(o, ims_json_key(o, "protocol"),
			     ims_protocol_name(s->protocol));
}

static void put_step(struct ims_json *o, const struct ims_step *s,
		     int64_t start_ns)
{
	ims_json_open(o, NULL, '{');
	put_way(o, s, start_ns);
	ims_json_wire(o, "message", s->message);
	ims_json_wire(o, "detail", s->detail);
	ims_json_count(o, "copies", s->copies);
	put_changes(o, s->changes);
	ims_json_close(o, '}');
}

static void put_course(struct ims_json *o, const struct ims_registration *r)
{
	put_legs(o, r->legs);
	ims_json_open(o, "steps", '[');
	for (size_t i = 0; i < r->n_steps; i++)
		put_step(o, &r->steps[i], r->start_ns);
	ims_json_close(o, ']');
	ims_json_open(o, "findings", '[');
	for (size_t i = 0; i < r->n_findings; i++)
		ims_json_count(o, NULL, r->findings[i]);
	ims_json_close(o, ']');
	ims_json_wire(o, "lacking", r->lacking);
}

void ims_json_registration(struct ims_json *o, const struct ims_registration *r)
{
	ims_json_count(o, "id", r->id);
	ims_json_boolean(o, "ims", r->ims);
	ims_json_name(o, "kind", ims_kind_name(r->kind));
	ims_json_name(o, "outcome", ims_outcome_name(r->outcome));
	ims_json_name(o, "cause", r->cause ? r->cause->slug : NULL);
	put_reference(o, "status", r->status);
	ims_json_wire(o, "reason", r->reason);
	ims_json_wire(o, "impi", r->impi);
	ims_json_wire(o, "impu", r->impu);
	ims_json_wire(o, "call_id", r->call_id);
	ims_json_endpoint(o, "ue", &r->ue);
	ims_json_wire(o, "scscf", r->scscf);
	if (r->expires < 0)
		ims_json_null(o, "expires");
	else
		ims_json_integer(o, "expires", r->expires);
	ims_json_stamp(o, "start", r->start_ns);
	ims_json_stamp(o, "end", r->end_ns);
	ims_json_ms(o, "duration_ms", r->end_ns - r->start_ns);
	put_course(o, r);
}

static void put_result(struct ims_json *o, const struct ims_result *result)
{
	if (result->container == IMS_RESULT_NONE) {
		ims_json_null(o, "result");
		return;
	}
	ims_json_open(o, "result", '{');
	ims_json_count(o, "code", result->code);
	ims_json_name(o, "container",
		      ims_result_container_name(result->container));
	if (result->container == IMS_RESULT_EXPERIMENTAL)
		ims_json_count(o, "vendor", result->vendor);
	else
		ims_json_null(o, "vendor");
	ims_json_name(o, "name", result->name);
	ims_json_close(o, '}');
}

void ims_json_exchange(struct ims_json *o, const struct ims_exchange *e)
{
	ims_json_count(o, "id", e->id);
	put_reference(o, "registration", e->registration);
	ims_json_name(o, "application", ims_application_name(e->application));
	ims_json_name(o, "command", e->command);
	ims_json_frame(o, "request", e->request);
	ims_json_frame(o, "answer", e->answer);
	put_result(o, &e->result);
	if (e->request.number && e->answer.number)
		ims_json_ms(o, "latency_ms",
			    e->answer_time_ns - e->request_time_ns);
	else
		ims_json_null(o, "latency_ms");
	ims_json_wire(o, "impi", e->impi);
	ims_json_wire(o, "impu", e->impu);
	ims_json_wire(o, "server_name", e->server_name);
	ims_json_wire(o, "origin_host", e->origin_host);
	ims_json_wire(o, "destination_realm", e->destination_realm);
}

/* The last of that name, or NULL. */
static const struct ims_fact *find_fact(const struct ims_finding *f,
					const char *key)
{
	for (size_t i = f->n_facts; i-- > 0;)
		if (strcmp(f->facts[i].key, key) == 0)
			return &f->facts[i];
	return NULL;
}

/* Every key of the rule, in its order: null for what this finding lacks. */
static void put_facts(struct ims_json *o, const struct ims_finding *f)
{
	ims_json_open(o, "facts", '{');
	for (const struct ims_fact_key *k = f->rule->facts; k && k->key; k++) {
		const struct ims_fact *fact = find_fact(f, k->key);

		if (fact)
			ims_json_fact(o, k->key, fact);
		else
			ims_json_null(o, k->key);
	}
	ims_json_close(o, '}');
}

static void put_signature(struct ims_json *o,
			  const struct ims_signature *signature)
{
	if (!signature) {
		ims_json_null(o, "signature");
		return;
	}
	ims_json_open(o, "signature", '{');
	ims_json_text(o, "name", signature->name);
	ims_json_text(o, "product", signature->product);
	ims_json_text(o, "component", signature->component);
	ims_json_text(o, "versions", signature->versions);
	ims_json_text(o, "says", signature->says);
	ims_json_text(o, "advice", signature->advice);
	ims_json_text(o, "source", signature->source);
	ims_json_close(o, '}');
}

static void put_evidence(struct ims_json *o, const struct ims_finding *f)
{
	ims_json_open(o, "frames", '[');
	for (size_t i = 0; i < f->n_evidence; i++)
		if (f->evidence[i].frame.number)
			ims_json_frame(o, NULL, f->evidence[i].frame);
	ims_json_close(o, ']');
	ims_json_wire(o, "summary", f->summary);
	ims_json_wire(o, "advice", f->advice);
	ims_json_open(o, "specs", '[');
	for (const char *const *s = f->rule->specs; s && *s; s++)
		ims_json_name(o, NULL, *s);
	ims_json_close(o, ']');
	put_facts(o, f);
	put_signature(o, f->signature);
}

void ims_json_finding(struct ims_json *o, const struct ims_finding *f)
{
	ims_json_count(o, "id", f->id);
	ims_json_name(o, "rule", f->rule->slug);
	ims_json_name(o, "severity", ims_severity_name(f->severity));
	ims_json_name(o, "confidence", ims_confidence_name(f->confidence));
	put_reference(o, "registration", f->registration);
	ims_json_wire(o, "call_id", f->call_id);
	ims_json_wire(o, "impi", f->impi);
	ims_json_wire(o, "impu", f->impu);
	ims_json_stamp(o, "time", f->time_ns);
	put_evidence(o, f);
}

void ims_json_node(struct ims_json *o, const struct ims_node *n)
{
	char address[IMS_ENDPOINT_TEXT];

	ims_json_text(o, "address", ims_address_format(address, &n->address));
	ims_json_open(o, "roles", '[');
	for (int role = IMS_ROLE_UE; role < IMS_N_ROLES; role++)
		if (n->roles & 1u << role)
			ims_json_name(o, NULL,
				      ims_role_name((enum ims_role)role));
	ims_json_close(o, ']');
	ims_json_open(o, "names", '[');
	for (size_t i = 0; i < n->n_names; i++)
		if (!ims_slice_is_empty(n->names[i]))
			ims_json_wire(o, NULL, n->names[i]);
	ims_json_close(o, ']');
	ims_json_name(o, "confidence", ims_confidence_name(n->confidence));
}

static void put_stamp(struct ims_json *o, const char *key,
		      const struct ims_capture_report *c, int64_t time_ns)
{
	if (c->packets)
		ims_json_stamp(o, key, time_ns);
	else
		ims_json_null(o, key);
}

void ims_json_capture(struct ims_json *o, const struct ims_capture_report *c)
{
	ims_json_count(o, "capture", c->capture);
	ims_json_text(o, "file", c->file);
	ims_json_text(o, "format", c->format);
	ims_json_open(o, "link_types", '[');
	for (size_t i = 0; i < c->n_link_types; i++)
		ims_json_text(o, NULL, c->link_types[i]);
	ims_json_close(o, ']');
	ims_json_count(o, "packets", c->packets);
	ims_json_count(o, "bytes", c->bytes);
	put_stamp(o, "first", c, c->first_ns);
	put_stamp(o, "last", c, c->last_ns);
	ims_json_boolean(o, "truncated", c->truncated);
	ims_json_count(o, "sip_messages", c->sip_messages);
	ims_json_count(o, "diameter_messages", c->diameter_messages);
	ims_json_count(o, "tls_packets", c->tls_packets);
	ims_json_count(o, "esp_packets", c->esp_packets);
	ims_json_count(o, "undecoded_packets", c->undecoded_packets);
	ims_json_text(o, "compression", c->compression);
	ims_json_text(o, "error", c->error);
	ims_json_count(o, "dropped", c->dropped);
	ims_json_count(o, "let_go", c->let_go);
	if (c->n_let_go_by) {
		ims_json_open(o, "let_go_by", '{');
		for (size_t i = 0; i < c->n_let_go_by; i++)
			ims_json_count(o, c->let_go_by[i].bound->name,
				       c->let_go_by[i].n);
		ims_json_close(o, '}');
	}
	ims_json_ms(o, "clock_offset_ms", c->clock_offset_ns);
	if (!c->is_anonymized)
		return;
	ims_json_open(o, "without_payload", '{');
	ims_json_count(o, "esp", c->bare_esp);
	ims_json_count(o, "tls", c->bare_tls);
	ims_json_count(o, "other", c->bare_other);
	ims_json_close(o, '}');
}

static void put_command(struct ims_json *o, const struct ims_command_count *c)
{
	ims_json_open(o, c->command, '{');
	ims_json_count(o, "count", c->count);
	ims_json_count(o, "errors", c->errors);
	ims_json_count(o, "unanswered", c->unanswered);
	ims_json_open(o, "latency_ms", '{');
	ims_json_latency(o, "p50", c->latency.p50_ns);
	ims_json_latency(o, "p95", c->latency.p95_ns);
	ims_json_latency(o, "max", c->latency.max_ns);
	ims_json_close(o, '}');
	ims_json_close(o, '}');
}

/* Those that were met. */
static void put_bounds(struct ims_json *o, const struct ims_summary *s)
{
	ims_json_open(o, "let_go_by", '{');
	for (int i = 0; i < IMS_N_BOUNDS; i++)
		if (s->let_go_by[i])
			ims_json_count(o,
				       ims_bound_text((enum ims_bound)i)->name,
				       s->let_go_by[i]);
	ims_json_close(o, '}');
}

static void put_messages(struct ims_json *o, const struct ims_summary *s)
{
	ims_json_open(o, "messages", '{');
	ims_json_count(o, "sip", s->sip_messages);
	ims_json_count(o, "diameter", s->diameter_messages);
	ims_json_count(o, "copies", s->copies);
	ims_json_count(o, "late", s->late);
	ims_json_count(o, "let_go", s->let_go);
	if (s->let_go)
		put_bounds(o, s);
	ims_json_close(o, '}');
}

void ims_json_summary(struct ims_json *o, const struct ims_summary *s)
{
	ims_json_open(o, "registrations", '{');
	for (int i = 0; i < IMS_N_OUTCOMES; i++)
		ims_json_count(o, ims_outcome_name((enum ims_outcome)i),
			       s->registrations[i]);
	ims_json_close(o, '}');
	ims_json_open(o, "causes", '{');
	for (size_t i = 0; i < s->n_rules; i++)
		if (s->rules[i].causes)
			ims_json_count(o, s->rules[i].rule->slug,
				       s->rules[i].causes);
	ims_json_close(o, '}');
	ims_json_open(o, "findings", '{');
	for (size_t i = 0; i < s->n_rules; i++)
		if (s->rules[i].findings)
			ims_json_count(o, s->rules[i].rule->slug,
				       s->rules[i].findings);
	ims_json_close(o, '}');
	ims_json_open(o, "exchanges", '{');
	for (size_t i = 0; i < s->n_commands; i++)
		put_command(o, &s->commands[i]);
	ims_json_close(o, '}');
	put_messages(o, s);
}
