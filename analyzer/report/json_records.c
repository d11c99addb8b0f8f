// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_records.h"

#include "json_values.h"

/* The id of a registration that may not be there. */
static json_t *reference(uint64_t id)
{
	return id ? ims_json_count(id) : json_null();
}

static json_t *legs_of(uint32_t legs)
{
	json_t *list = json_array();

	for (int leg = IMS_LEG_GM; leg <= IMS_LEG_RX; leg++)
		if (legs & 1u << leg)
			json_array_append_new(
				list,
				ims_json_text(ims_leg_name((enum ims_leg)leg)));
	return list;
}

static json_t *change_of(const struct ims_change *c)
{
	json_t *o = json_object();

	ims_json_put(o, "kind", ims_json_text(ims_change_kind_name(c->kind)));
	ims_json_put(o, "header", ims_json_wire(c->header));
	ims_json_put(o, "element", ims_json_wire(c->element));
	ims_json_put(o, "before", ims_json_wire(c->before));
	ims_json_put(o, "after", ims_json_wire(c->after));
	return o;
}

/* null: not known, which is not the same as none. */
static json_t *changes_of(const struct ims_changes *changes)
{
	json_t *list;

	if (!changes)
		return json_null();
	list = json_array();
	for (size_t i = 0; i < changes->n; i++)
		json_array_append_new(list, change_of(&changes->at[i]));
	return list;
}

static json_t *step_of(const struct ims_step *s, int64_t start_ns)
{
	json_t *o = json_object();

	ims_json_put(o, "frame", ims_json_frame(s->frame));
	ims_json_put(o, "time", ims_json_stamp(s->time_ns));
	ims_json_put(o, "offset_ms",
		     json_real((double)(s->time_ns - start_ns) / 1e6));
	ims_json_put(o, "from", ims_json_party(&s->from));
	ims_json_put(o, "to", ims_json_party(&s->to));
	ims_json_put(o, "leg", ims_json_text(ims_leg_name(s->leg)));
	ims_json_put(o, "protocol",
		     ims_json_text(ims_protocol_name(s->protocol)));
	ims_json_put(o, "message", ims_json_wire(s->message));
	ims_json_put(o, "detail", ims_json_wire(s->detail));
	ims_json_put(o, "copies", ims_json_count(s->copies));
	ims_json_put(o, "changes", changes_of(s->changes));
	if (s->changes && s->changes->cut)
		ims_json_put(o, "changes_cut", json_true());
	return o;
}

static void put_course(json_t *o, const struct ims_registration *r)
{
	json_t *steps = json_array(), *findings = json_array();

	for (size_t i = 0; i < r->n_steps; i++)
		json_array_append_new(steps,
				      step_of(&r->steps[i], r->start_ns));
	for (size_t i = 0; i < r->n_findings; i++)
		json_array_append_new(findings, ims_json_count(r->findings[i]));
	ims_json_put(o, "legs", legs_of(r->legs));
	ims_json_put(o, "steps", steps);
	ims_json_put(o, "findings", findings);
	ims_json_put(o, "lacking", ims_json_wire(r->lacking));
}

void ims_json_registration(json_t *o, const struct ims_registration *r)
{
	ims_json_put(o, "id", ims_json_count(r->id));
	ims_json_put(o, "ims", json_boolean(r->ims));
	ims_json_put(o, "kind", ims_json_text(ims_kind_name(r->kind)));
	ims_json_put(o, "outcome", ims_json_text(ims_outcome_name(r->outcome)));
	ims_json_put(o, "cause",
		     r->cause ? ims_json_text(r->cause->slug) : json_null());
	ims_json_put(o, "status",
		     r->status ? json_integer(r->status) : json_null());
	ims_json_put(o, "reason", ims_json_wire(r->reason));
	ims_json_put(o, "impi", ims_json_wire(r->impi));
	ims_json_put(o, "impu", ims_json_wire(r->impu));
	ims_json_put(o, "call_id", ims_json_wire(r->call_id));
	ims_json_put(o, "ue", ims_json_endpoint(&r->ue));
	ims_json_put(o, "scscf", ims_json_wire(r->scscf));
	ims_json_put(o, "expires",
		     r->expires < 0 ? json_null() : json_integer(r->expires));
	ims_json_put(o, "start", ims_json_stamp(r->start_ns));
	ims_json_put(o, "end", ims_json_stamp(r->end_ns));
	ims_json_put(o, "duration_ms",
		     json_real((double)(r->end_ns - r->start_ns) / 1e6));
	put_course(o, r);
}

static json_t *result_of(const struct ims_result *result)
{
	json_t *o;

	if (result->container == IMS_RESULT_NONE)
		return json_null();
	o = json_object();
	ims_json_put(o, "code", ims_json_count(result->code));
	ims_json_put(
		o, "container",
		ims_json_text(ims_result_container_name(result->container)));
	ims_json_put(o, "vendor",
		     result->container == IMS_RESULT_EXPERIMENTAL
			     ? ims_json_count(result->vendor)
			     : json_null());
	ims_json_put(o, "name", ims_json_text(result->name));
	return o;
}

void ims_json_exchange(json_t *o, const struct ims_exchange *e)
{
	bool is_paired = e->request.number && e->answer.number;

	ims_json_put(o, "id", ims_json_count(e->id));
	ims_json_put(o, "registration", reference(e->registration));
	ims_json_put(o, "application",
		     ims_json_text(ims_application_name(e->application)));
	ims_json_put(o, "command", ims_json_text(e->command));
	ims_json_put(o, "request", ims_json_frame(e->request));
	ims_json_put(o, "answer", ims_json_frame(e->answer));
	ims_json_put(o, "result", result_of(&e->result));
	ims_json_put(o, "latency_ms",
		     is_paired ? json_real((double)(e->answer_time_ns -
						    e->request_time_ns) /
					   1e6)
			       : json_null());
	ims_json_put(o, "impi", ims_json_wire(e->impi));
	ims_json_put(o, "impu", ims_json_wire(e->impu));
	ims_json_put(o, "server_name", ims_json_wire(e->server_name));
	ims_json_put(o, "origin_host", ims_json_wire(e->origin_host));
	ims_json_put(o, "destination_realm",
		     ims_json_wire(e->destination_realm));
}

/* Every key of the rule, in its order: null for what this finding lacks. */
static json_t *facts_of(const struct ims_finding *f)
{
	json_t *o = json_object();

	for (const struct ims_fact_key *k = f->rule->facts; k && k->key; k++)
		ims_json_put(o, k->key, json_null());
	for (size_t i = 0; i < f->n_facts; i++)
		ims_json_put(o, f->facts[i].key, ims_json_fact(&f->facts[i]));
	return o;
}

static json_t *signature_of(const struct ims_signature *signature)
{
	json_t *o;

	if (!signature)
		return json_null();
	o = json_object();
	ims_json_put(o, "name", ims_json_text(signature->name));
	ims_json_put(o, "product", ims_json_text(signature->product));
	ims_json_put(o, "component", ims_json_text(signature->component));
	ims_json_put(o, "versions", ims_json_text(signature->versions));
	ims_json_put(o, "says", ims_json_text(signature->says));
	ims_json_put(o, "advice", ims_json_text(signature->advice));
	ims_json_put(o, "source", ims_json_text(signature->source));
	return o;
}

static void put_evidence(json_t *o, const struct ims_finding *f)
{
	json_t *frames = json_array(), *specs = json_array();

	for (size_t i = 0; i < f->n_evidence; i++)
		if (f->evidence[i].frame.number)
			json_array_append_new(
				frames, ims_json_frame(f->evidence[i].frame));
	for (const char *const *s = f->rule->specs; s && *s; s++)
		json_array_append_new(specs, ims_json_text(*s));
	ims_json_put(o, "frames", frames);
	ims_json_put(o, "summary", ims_json_wire(f->summary));
	ims_json_put(o, "advice", ims_json_wire(f->advice));
	ims_json_put(o, "specs", specs);
	ims_json_put(o, "facts", facts_of(f));
	ims_json_put(o, "signature", signature_of(f->signature));
}

void ims_json_finding(json_t *o, const struct ims_finding *f)
{
	ims_json_put(o, "id", ims_json_count(f->id));
	ims_json_put(o, "rule", ims_json_text(f->rule->slug));
	ims_json_put(o, "severity",
		     ims_json_text(ims_severity_name(f->severity)));
	ims_json_put(o, "confidence",
		     ims_json_text(ims_confidence_name(f->confidence)));
	ims_json_put(o, "registration", reference(f->registration));
	ims_json_put(o, "call_id", ims_json_wire(f->call_id));
	ims_json_put(o, "impi", ims_json_wire(f->impi));
	ims_json_put(o, "impu", ims_json_wire(f->impu));
	ims_json_put(o, "time", ims_json_stamp(f->time_ns));
	put_evidence(o, f);
}

void ims_json_node(json_t *o, const struct ims_node *n)
{
	json_t *roles = json_array(), *names = json_array();
	char address[IMS_ENDPOINT_TEXT];

	for (int role = IMS_ROLE_UE; role < IMS_N_ROLES; role++)
		if (n->roles & 1u << role)
			json_array_append_new(roles,
					      ims_json_text(ims_role_name(
						      (enum ims_role)role)));
	for (size_t i = 0; i < n->n_names; i++)
		if (!ims_slice_is_empty(n->names[i]))
			json_array_append_new(names,
					      ims_json_wire(n->names[i]));
	ims_json_put(o, "address",
		     ims_json_text(ims_address_format(address, &n->address)));
	ims_json_put(o, "roles", roles);
	ims_json_put(o, "names", names);
	ims_json_put(o, "confidence",
		     ims_json_text(ims_confidence_name(n->confidence)));
}

static json_t *link_types_of(const struct ims_capture_report *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->n_link_types; i++)
		json_array_append_new(list, ims_json_text(c->link_types[i]));
	return list;
}

void ims_json_capture(json_t *o, const struct ims_capture_report *c)
{
	bool has_packets = c->packets > 0;

	ims_json_put(o, "capture", ims_json_count(c->capture));
	ims_json_put(o, "file", ims_json_text(c->file));
	ims_json_put(o, "format", ims_json_text(c->format));
	ims_json_put(o, "link_types", link_types_of(c));
	ims_json_put(o, "packets", ims_json_count(c->packets));
	ims_json_put(o, "bytes", ims_json_count(c->bytes));
	ims_json_put(o, "first",
		     has_packets ? ims_json_stamp(c->first_ns) : json_null());
	ims_json_put(o, "last",
		     has_packets ? ims_json_stamp(c->last_ns) : json_null());
	ims_json_put(o, "truncated", json_boolean(c->truncated));
	ims_json_put(o, "sip_messages", ims_json_count(c->sip_messages));
	ims_json_put(o, "diameter_messages",
		     ims_json_count(c->diameter_messages));
	ims_json_put(o, "tls_packets", ims_json_count(c->tls_packets));
	ims_json_put(o, "esp_packets", ims_json_count(c->esp_packets));
	ims_json_put(o, "undecoded_packets",
		     ims_json_count(c->undecoded_packets));
	ims_json_put(o, "compression", ims_json_text(c->compression));
	ims_json_put(o, "error", ims_json_text(c->error));
	ims_json_put(o, "dropped", ims_json_count(c->dropped));
	ims_json_put(o, "let_go", ims_json_count(c->let_go));
	ims_json_put(o, "clock_offset_ms",
		     json_real((double)c->clock_offset_ns / 1e6));
}

static json_t *commands_of(const struct ims_summary *s)
{
	json_t *commands = json_object();

	for (size_t i = 0; i < s->n_commands; i++) {
		const struct ims_command_count *c = &s->commands[i];
		json_t *o = json_object(), *latency = json_object();

		ims_json_put(latency, "p50", ims_json_ms(c->latency.p50_ns));
		ims_json_put(latency, "p95", ims_json_ms(c->latency.p95_ns));
		ims_json_put(latency, "max", ims_json_ms(c->latency.max_ns));
		ims_json_put(o, "count", ims_json_count(c->count));
		ims_json_put(o, "errors", ims_json_count(c->errors));
		ims_json_put(o, "unanswered", ims_json_count(c->unanswered));
		ims_json_put(o, "latency_ms", latency);
		ims_json_put(commands, c->command, o);
	}
	return commands;
}

/* Those that were met. */
static json_t *bounds_of(const struct ims_summary *s)
{
	json_t *o = json_object();

	for (int i = 0; i < IMS_N_BOUNDS; i++)
		if (s->let_go_by[i])
			ims_json_put(o, ims_bound_text((enum ims_bound)i)->name,
				     ims_json_count(s->let_go_by[i]));
	return o;
}

static json_t *messages_of(const struct ims_summary *s)
{
	json_t *o = json_object();

	ims_json_put(o, "sip", ims_json_count(s->sip_messages));
	ims_json_put(o, "diameter", ims_json_count(s->diameter_messages));
	ims_json_put(o, "copies", ims_json_count(s->copies));
	ims_json_put(o, "late", ims_json_count(s->late));
	ims_json_put(o, "let_go", ims_json_count(s->let_go));
	if (s->let_go)
		ims_json_put(o, "let_go_by", bounds_of(s));
	return o;
}

void ims_json_summary(json_t *o, const struct ims_summary *s)
{
	json_t *outcomes = json_object(), *causes = json_object();
	json_t *findings = json_object();

	for (int i = 0; i < IMS_N_OUTCOMES; i++)
		ims_json_put(outcomes, ims_outcome_name((enum ims_outcome)i),
			     ims_json_count(s->registrations[i]));
	for (size_t i = 0; i < s->n_rules; i++) {
		const struct ims_rule_count *c = &s->rules[i];

		if (c->causes)
			ims_json_put(causes, c->rule->slug,
				     ims_json_count(c->causes));
		if (c->findings)
			ims_json_put(findings, c->rule->slug,
				     ims_json_count(c->findings));
	}
	ims_json_put(o, "registrations", outcomes);
	ims_json_put(o, "causes", causes);
	ims_json_put(o, "findings", findings);
	ims_json_put(o, "exchanges", commands_of(s));
	ims_json_put(o, "messages", messages_of(s));
}
