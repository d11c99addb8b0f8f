// SPDX-License-Identifier: GPL-2.0-or-later
#include "html_records.h"

#include "html_json.h"
#include "text_changes.h"

static void put_endpoint(struct ims_html_block *block,
			 const struct ims_endpoint *e)
{
	char text[IMS_ENDPOINT_TEXT];

	ims_html_block_text(
		block, e->address.family ? ims_endpoint_format(text, e) : NULL);
}

/* "P-CSCF 10.0.0.1:5060", or what of it is known. */
static void put_party(struct ims_html_block *block, const struct ims_party *p)
{
	const char *role = ims_role_name(p->role);
	char address[IMS_ENDPOINT_TEXT] = "", text[IMS_ENDPOINT_TEXT + 16];
	bool has_address = p->endpoint.address.family != 0;

	if (has_address)
		ims_endpoint_format(address, &p->endpoint);
	g_snprintf(text, sizeof(text), "%s%s%s", role ? role : "",
		   role && has_address ? " " : "", address);
	ims_html_block_text(block, text);
}

static void put_frame(struct ims_json *out, struct ims_frame frame)
{
	ims_json_count(out, NULL, frame.capture);
	ims_json_count(out, NULL, frame.number);
}

/* Those that registrations fail by, as lines of the text report. */
static void put_told(struct ims_html_block *block,
		     const struct ims_changes *changes)
{
	char *told = ims_text_changes(changes);
	char **lines = g_strsplit(told ? told : "", "\n", -1);

	ims_json_open(&block->records, NULL, '[');
	for (char **line = lines; *line; line++)
		ims_html_block_text(block, *line);
	ims_json_close(&block->records, ']');
	g_strfreev(lines);
	g_free(told);
}

/* All in one list: whether it was cut, the lines, five values a change. */
static void put_changes(struct ims_html_block *block,
			const struct ims_changes *changes)
{
	struct ims_json *out = &block->records;

	if (!changes) {
		ims_json_count(out, NULL, 0);
		return;
	}
	ims_json_open(out, NULL, '[');
	ims_json_count(out, NULL, changes->cut);
	put_told(block, changes);
	for (size_t i = 0; i < changes->n; i++) {
		const struct ims_change *c = &changes->at[i];

		ims_html_block_text(block, ims_change_kind_name(c->kind));
		ims_html_block_wire(block, c->header);
		ims_html_block_wire(block, c->element);
		ims_html_block_wire(block, c->before);
		ims_html_block_wire(block, c->after);
	}
	ims_json_close(out, ']');
}

static void put_step(struct ims_html_block *block, const struct ims_step *s,
		     int64_t start_ns)
{
	struct ims_json *out = &block->records;

	ims_json_open(out, NULL, '[');
	put_frame(out, s->frame);
	ims_html_ms(out, NULL, s->time_ns - start_ns);
	put_party(block, &s->from);
	put_party(block, &s->to);
	ims_html_block_text(block, ims_leg_name(s->leg));
	ims_html_block_text(block, ims_protocol_name(s->protocol));
	ims_html_block_wire(block, s->message);
	ims_html_block_wire(block, s->detail);
	ims_json_count(out, NULL, s->copies);
	ims_json_count(out, NULL, s->failing);
	put_changes(block, s->changes);
	ims_json_close(out, ']');
}

void ims_html_registration_details(struct ims_html_block *block,
				   const struct ims_registration *r)
{
	struct ims_json *out = &block->records;

	ims_json_open(out, NULL, '[');
	ims_json_count(out, NULL, r->id);
	ims_html_block_wire(block, r->lacking);
	ims_json_open(out, NULL, '[');
	for (int leg = IMS_LEG_GM; leg <= IMS_LEG_RX; leg++)
		if (r->legs & 1u << leg)
			ims_html_block_text(block,
					    ims_leg_name((enum ims_leg)leg));
	ims_json_close(out, ']');
	ims_json_open(out, NULL, '[');
	for (size_t i = 0; i < r->n_findings; i++)
		ims_json_count(out, NULL, r->findings[i]);
	ims_json_close(out, ']');
	ims_json_open(out, NULL, '[');
	for (size_t i = 0; i < r->n_steps; i++)
		put_step(block, &r->steps[i], r->start_ns);
	ims_json_close(out, ']');
	ims_json_close(out, ']');
}

void ims_html_registration_row(struct ims_html_block *block,
			       const struct ims_registration *r, uint64_t place)
{
	struct ims_json *out = &block->records;

	ims_json_open(out, NULL, '[');
	ims_json_count(out, NULL, r->id);
	ims_json_count(out, NULL, place);
	ims_html_ms(out, NULL, r->start_ns);
	ims_html_ms(out, NULL, r->end_ns - r->start_ns);
	ims_json_count(out, NULL, r->ims);
	ims_html_block_text(block, ims_kind_name(r->kind));
	ims_html_block_text(block, ims_outcome_name(r->outcome));
	ims_html_block_text(block, r->cause ? r->cause->slug : NULL);
	ims_json_count(out, NULL, r->status);
	ims_html_block_wire(block, r->reason);
	ims_html_block_wire(block, r->impi);
	ims_html_block_wire(block, r->impu);
	ims_html_block_wire(block, r->call_id);
	put_endpoint(block, &r->ue);
	ims_html_block_wire(block, r->scscf);
	if (r->expires < 0)
		ims_json_null(out, NULL);
	else
		ims_json_count(out, NULL, (uint64_t)r->expires);
	ims_json_close(out, ']');
}

static void put_number(struct ims_json *out, double value)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	/* JSON has no infinity and no NaN. */
	if (value - value != 0)
		ims_json_null(out, NULL);
	else
		ims_html_text(
			out, NULL,
			g_ascii_formatd(text, sizeof(text), "%.15g", value));
}

/* As it is to be read: what is no list is a string. */
static void put_fact_value(struct ims_json *out, const struct ims_fact *fact)
{
	char text[64];

	switch (fact->type) {
	case IMS_FACT_STRING:
		ims_html_string(out, NULL, fact->value.string);
		break;
	case IMS_FACT_INTEGER:
		g_snprintf(text, sizeof(text), "%" G_GINT64_FORMAT,
			   fact->value.integer);
		ims_html_text(out, NULL, text);
		break;
	case IMS_FACT_NUMBER:
		put_number(out, fact->value.number);
		break;
	case IMS_FACT_BOOLEAN:
		ims_html_text(out, NULL, fact->value.boolean ? "yes" : "no");
		break;
	case IMS_FACT_STRINGS:
		ims_json_open(out, NULL, '[');
		for (size_t i = 0; i < fact->value.strings.n; i++)
			ims_html_string(out, NULL, fact->value.strings.at[i]);
		ims_json_close(out, ']');
		break;
	case IMS_FACT_FRAME:
		g_snprintf(text, sizeof(text), "frame %" G_GUINT64_FORMAT,
			   fact->value.frame.number);
		ims_html_text(out, NULL,
			      fact->value.frame.number ? text : NULL);
		break;
	}
}

static const char *meaning_of(const struct ims_rule *rule, const char *key)
{
	for (const struct ims_fact_key *k = rule->facts; k && k->key; k++)
		if (strcmp(k->key, key) == 0)
			return k->meaning;
	return NULL;
}

static void put_facts(struct ims_html_block *block, const struct ims_finding *f)
{
	struct ims_json *out = &block->records;

	ims_json_open(out, NULL, '[');
	for (size_t i = 0; i < f->n_facts; i++) {
		ims_html_block_text(block, f->facts[i].key);
		ims_html_block_text(block,
				    meaning_of(f->rule, f->facts[i].key));
		put_fact_value(out, &f->facts[i]);
	}
	ims_json_close(out, ']');
}

static void put_signature(struct ims_html_block *block,
			  const struct ims_signature *s)
{
	struct ims_json *out = &block->records;

	if (!s) {
		ims_json_count(out, NULL, 0);
		return;
	}
	ims_json_open(out, NULL, '[');
	ims_html_block_text(block, s->name);
	ims_html_block_text(block, s->product);
	ims_html_block_text(block, s->component);
	ims_html_block_text(block, s->versions);
	ims_html_block_text(block, s->says);
	ims_html_block_text(block, s->advice);
	ims_html_block_text(block, s->source);
	ims_json_close(out, ']');
}

static void put_evidence(struct ims_html_block *block,
			 const struct ims_evidence *e)
{
	struct ims_json *out = &block->records;

	ims_json_open(out, NULL, '[');
	put_frame(out, e->frame);
	ims_html_ms(out, NULL, e->time_ns);
	ims_html_block_wire(block, e->saying);
	put_party(block, &e->by);
	put_changes(block, e->changes);
	ims_json_close(out, ']');
}

void ims_html_finding_details(struct ims_html_block *block,
			      const struct ims_finding *f)
{
	struct ims_json *out = &block->records;

	ims_json_open(out, NULL, '[');
	ims_json_count(out, NULL, f->id);
	ims_json_count(out, NULL, f->is_cause);
	ims_html_block_wire(block, f->call_id);
	ims_html_block_wire(block, f->impi);
	ims_html_block_wire(block, f->impu);
	ims_html_block_wire(block, f->headline);
	ims_html_block_wire(block, f->summary);
	ims_html_block_wire(block, f->advice);
	ims_json_open(out, NULL, '[');
	for (size_t i = 0; i < f->n_evidence; i++)
		if (f->evidence[i].frame.number)
			put_evidence(block, &f->evidence[i]);
	ims_json_close(out, ']');
	put_facts(block, f);
	put_signature(block, f->signature);
	ims_json_close(out, ']');
}

void ims_html_finding_row(struct ims_html_block *block,
			  const struct ims_finding *f, uint64_t place)
{
	struct ims_json *out = &block->records;

	ims_json_open(out, NULL, '[');
	ims_json_count(out, NULL, f->id);
	ims_json_count(out, NULL, place);
	ims_html_block_text(block, f->rule->slug);
	ims_html_block_text(block, ims_severity_name(f->severity));
	ims_html_block_text(block, ims_confidence_name(f->confidence));
	ims_json_count(out, NULL, f->registration);
	ims_html_ms(out, NULL, f->time_ns);
	ims_json_close(out, ']');
}
