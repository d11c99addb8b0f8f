// SPDX-License-Identifier: GPL-2.0-or-later
/* An attempt as front ends get it: its steps on all legs, in order of time. */
#include "changes.h"
#include "core.h"

static struct ims_slice message_of(const struct ims_facts *facts, char text[16])
{
	if (facts->diameter)
		return ims_slice_of(ims_command_name(
			facts->diameter->command, facts->diameter->is_request));
	if (facts->kind == IMS_EVENT_ICMP_ERROR)
		return ims_slice_of("ICMP error");
	if (facts->kind == IMS_EVENT_ESP)
		return ims_slice_of("ESP");
	if (facts->sip->is_request)
		return facts->sip->method_text;
	g_snprintf(text, 16, "%u", facts->sip->status);
	return ims_slice_of(text);
}

static struct ims_slice result_detail(const struct ims_diameter_facts *d,
				      char text[64])
{
	if (d->is_request || d->result.container == IMS_RESULT_NONE)
		return (struct ims_slice){0};
	if (d->result.name)
		g_snprintf(text, 64, "%u %.50s", d->result.code,
			   d->result.name);
	else
		g_snprintf(text, 64, "%u", d->result.code);
	return ims_slice_of(text);
}

static struct ims_slice detail_of(const struct ims_facts *facts, char text[64])
{
	if (facts->diameter)
		return result_detail(facts->diameter, text);
	if (facts->kind == IMS_EVENT_ICMP_ERROR) {
		g_snprintf(text, 64, "type %u code %u", facts->icmp_type,
			   facts->icmp_code);
		return ims_slice_of(text);
	}
	if (facts->kind == IMS_EVENT_ESP) {
		g_snprintf(text, 64, "SPI %u, number %u", facts->spi,
			   facts->sequence);
		return ims_slice_of(text);
	}
	if (!facts->sip->is_request)
		return facts->sip->reason_phrase;
	g_snprintf(text, 64, "CSeq %u%s", facts->sip->cseq,
		   ims_slice_is_empty(facts->sip->authorization.response) &&
				   !ims_slice_is_set(
					   facts->sip->authorization.auts)
			   ? ""
			   : ", with credentials");
	return ims_slice_of(text);
}

/* Texts made for a step, freed with the list. */
struct ims_steps {
	GArray *list; /* of struct ims_step */
	GStringChunk *texts;
	const GArray *proof; /* frames of the cause */
	bool with_changes;
};

static struct ims_slice held(const struct ims_steps *steps,
			     struct ims_slice text)
{
	if (!text.at)
		return text;
	return ims_slice(g_string_chunk_insert_len(steps->texts, text.at,
						   (gssize)text.len),
			 text.len);
}

static bool is_proof(const struct ims_steps *steps, struct ims_frame frame)
{
	for (unsigned i = 0; i < steps->proof->len; i++) {
		const struct ims_frame *f =
			&g_array_index(steps->proof, struct ims_frame, i);

		if (f->capture == frame.capture && f->number == frame.number)
			return true;
	}
	return false;
}

static struct ims_step *add(struct ims_steps *steps,
			    const struct ims_facts *facts)
{
	char message[16];
	char detail[64];
	struct ims_step step = {
		.frame = facts->frame,
		.time_ns = facts->time_ns,
		.copies = facts->copies,
		.message = held(steps, message_of(facts, message)),
		.detail = held(steps, detail_of(facts, detail)),
		.failing = is_proof(steps, facts->frame),
	};

	g_array_append_val(steps->list, step);
	return &g_array_index(steps->list, struct ims_step,
			      steps->list->len - 1);
}

static void add_sip(struct ims_steps *steps, const struct ims_journey *journey,
		    const struct ims_hop *hop, const struct ims_facts *facts)
{
	bool forward = facts->kind == IMS_EVENT_SIP && facts->sip->is_request;
	struct ims_step *step = add(steps, facts);

	step->leg = hop->leg;
	step->protocol = facts->kind == IMS_EVENT_ICMP_ERROR ? IMS_PROTOCOL_ICMP
							     : IMS_PROTOCOL_SIP;
	step->from = forward ? hop->from : hop->to;
	step->to = forward ? hop->to : hop->from;
	step->from.endpoint = facts->source;
	step->to.endpoint = facts->destination;
	if (steps->with_changes)
		step->changes = ims_message_changes(journey, hop, facts);
}

static void add_diameter(struct ims_steps *steps,
			 const struct ims_engine *engine,
			 const struct ims_open_cx *cx,
			 const struct ims_facts *facts)
{
	bool rx = cx->about.about.application == IMS_APPLICATION_RX;
	struct ims_step *step = add(steps, facts);
	struct ims_endpoint from = facts->source;
	struct ims_endpoint to = facts->destination;
	enum ims_role asker = cx->about.command == IMS_COMMAND_UA
				      ? IMS_ROLE_I_CSCF
				      : IMS_ROLE_S_CSCF;
	const struct ims_endpoint *end =
		facts->diameter->is_request ? &from : &to;
	bool near = ims_address_equal(&end->address,
				      &cx->about.about.asker.address);

	step->leg = rx ? IMS_LEG_RX : IMS_LEG_CX;
	step->protocol = rx ? IMS_PROTOCOL_RX : IMS_PROTOCOL_CX;
	step->from.endpoint = from;
	step->to.endpoint = to;
	step->from.role = ims_nodes_role(engine->nodes, &from);
	step->to.role = ims_nodes_role(engine->nodes, &to);
	if (rx || !near)
		return;
	if (facts->diameter->is_request)
		step->from.role = asker;
	else
		step->to.role = asker;
}

static void add_esp(struct ims_steps *steps, const struct ims_attempt *attempt,
		    const struct ims_facts *facts)
{
	struct ims_step *step = add(steps, facts);
	bool from_ue =
		ims_address_equal(&facts->source.address, &attempt->ue.address);

	step->leg = IMS_LEG_GM;
	step->protocol = IMS_PROTOCOL_ESP;
	step->from.role = from_ue ? IMS_ROLE_UE : IMS_ROLE_P_CSCF;
	step->to.role = from_ue ? IMS_ROLE_P_CSCF : IMS_ROLE_UE;
	step->from.endpoint = facts->source;
	step->to.endpoint = facts->destination;
}

static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct ims_step *x = a;
	const struct ims_step *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->frame.number < y->frame.number
		       ? -1
		       : x->frame.number > y->frame.number;
}

static void add_journey(struct ims_steps *steps,
			const struct ims_journey *journey)
{
	for (unsigned k = 0; k < journey->n_hops; k++)
		for (unsigned m = 0; m < journey->hops[k]->n_messages; m++)
			add_sip(steps, journey, journey->hops[k],
				journey->hops[k]->messages[m]);
}

static uint32_t collect(struct ims_steps *steps,
			const struct ims_engine *engine,
			const struct ims_attempt *attempt)
{
	uint32_t legs = 0;

	for (unsigned i = 0; i < attempt->n_journeys; i++)
		add_journey(steps, attempt->journeys[i]);
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_open_cx *cx =
			ims_cx_open(attempt->exchanges[i]);

		for (unsigned k = 0; k < cx->messages->len; k++)
			add_diameter(steps, engine, cx, cx->messages->pdata[k]);
	}
	for (unsigned i = 0; i < attempt->n_esp; i++)
		add_esp(steps, attempt, attempt->esp[i]);
	g_array_sort(steps->list, by_time);
	for (unsigned i = 0; i < steps->list->len; i++)
		legs |= 1u
			<< g_array_index(steps->list, struct ims_step, i).leg;
	return legs & ~1u;
}

/* It runs to its final response; without one, to the last that was seen. */
static int64_t end_of(const struct ims_attempt *attempt, const GArray *steps)
{
	if (attempt->final)
		return attempt->final->time_ns;
	return steps->len
		       ? g_array_index(steps, struct ims_step, steps->len - 1)
				 .time_ns
		       : attempt->last_ns;
}

void ims_attempt_report(struct ims_engine *engine,
			const struct ims_open_attempt *attempt,
			const struct ims_rule *cause, const GArray *findings,
			const GArray *proof)
{
	const struct ims_attempt *about = &attempt->about;
	struct ims_steps steps = {
		.list = g_array_new(FALSE, TRUE, sizeof(struct ims_step)),
		.texts = g_string_chunk_new(1024),
		.proof = proof,
		.with_changes = engine->options.changes,
	};
	uint32_t legs = collect(&steps, engine, about);
	struct ims_registration out = {
		.id = about->id,
		.ims = about->ims,
		.kind = about->kind,
		.outcome = about->outcome,
		.cause = cause,
		.status = about->status,
		.reason = about->reason,
		.impi = about->impi,
		.impu = about->impu,
		.call_id = about->call_id,
		.ue = about->ue,
		.scscf = about->scscf,
		.expires = about->expires,
		.start_ns = about->start_ns,
		.end_ns = end_of(about, steps.list),
		.legs = legs,
		.lacking = ims_slice_of(about->lacking),
		.steps = (const struct ims_step *)(void *)steps.list->data,
		.n_steps = steps.list->len,
		.findings = (const uint64_t *)(void *)findings->data,
		.n_findings = findings->len,
	};

	if (engine->sink.registration)
		engine->sink.registration(engine->sink.user, &out);
	g_array_free(steps.list, TRUE);
	g_string_chunk_free(steps.texts);
}

struct ims_steps *ims_request_steps(const struct ims_engine *engine,
				    const struct ims_journey *journey,
				    const GArray *proof)
{
	struct ims_steps *steps;
	GArray *frames;

	if (!engine->options.request_steps)
		return NULL;
	frames = g_array_new(FALSE, FALSE, sizeof(struct ims_frame));
	for (unsigned i = 0; i < proof->len; i++)
		g_array_append_val(
			frames,
			g_array_index(proof, struct ims_evidence, i).frame);
	steps = g_new(struct ims_steps, 1);
	*steps = (struct ims_steps){
		.list = g_array_new(FALSE, TRUE, sizeof(struct ims_step)),
		.texts = g_string_chunk_new(1024),
		.proof = frames,
		.with_changes = engine->options.changes,
	};
	add_journey(steps, journey);
	g_array_sort(steps->list, by_time);
	g_array_free(frames, TRUE);
	steps->proof = NULL;
	return steps;
}

const struct ims_step *ims_steps_list(const struct ims_steps *steps, size_t *n)
{
	*n = steps ? steps->list->len : 0;
	return *n ? (const struct ims_step *)(void *)steps->list->data : NULL;
}

void ims_steps_free(struct ims_steps *steps)
{
	if (!steps)
		return;
	g_array_free(steps->list, TRUE);
	g_string_chunk_free(steps->texts);
	g_free(steps);
}
