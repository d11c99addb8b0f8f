// SPDX-License-Identifier: GPL-2.0-or-later
/* An attempt as front ends get it, and a request: its steps on all legs, in
   order of time. */
#include <ims/digits.h>

#include "changes.h"
#include "core.h"
#include "draft.h"

/* Bytes of a result's name. */
#define NAME_SHOWN 50

/* One message of an attempt, and what holds it. */
struct source {
	const struct ims_facts *facts;
	const struct ims_journey *journey; /* NULL: no SIP */
	const struct ims_hop *hop;
	const struct ims_open_cx *cx; /* NULL: no Diameter */
};

struct steps {
	struct ims_scratch *memory; /* of all below, and of their texts */
	struct source *sources;
	unsigned n, room;
	const struct ims_draft *cause; /* whose evidence fails; or NULL */
	bool with_changes;
};

/* Texts of a message live as long as it does. */
static struct ims_slice message_of(struct ims_scratch *memory,
				   const struct ims_facts *facts)
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
	return ims_scratch_number(memory, "", facts->sip->status, "");
}

/* "2001 DIAMETER_SUCCESS". */
static struct ims_slice code_and_name(struct ims_scratch *memory,
				      const struct ims_result *result)
{
	char *text = ims_scratch_take(memory, IMS_DIGITS_MAX + 1 + NAME_SHOWN);
	char *end = ims_digits(text, result->code);

	*end++ = ' ';
	end = mempcpy(end, result->name, strnlen(result->name, NAME_SHOWN));
	return ims_slice(text, (size_t)(end - text));
}

static struct ims_slice result_detail(struct ims_scratch *memory,
				      const struct ims_diameter_facts *d)
{
	if (d->is_request || d->result.container == IMS_RESULT_NONE)
		return (struct ims_slice){0};
	if (d->result.name)
		return code_and_name(memory, &d->result);
	return ims_scratch_number(memory, "", d->result.code, "");
}

static bool has_credentials(const struct ims_sip_auth *auth)
{
	return !ims_slice_is_empty(auth->response) ||
	       ims_slice_is_set(auth->auts);
}

static struct ims_slice detail_of(struct ims_scratch *memory,
				  const struct ims_facts *facts)
{
	if (facts->diameter)
		return result_detail(memory, facts->diameter);
	if (facts->kind == IMS_EVENT_ICMP_ERROR)
		return ims_scratch_print(memory, "type %u code %u",
					 facts->icmp_type, facts->icmp_code);
	if (facts->kind == IMS_EVENT_ESP)
		return ims_scratch_print(memory, "SPI %u, number %u",
					 facts->spi, facts->sequence);
	if (!facts->sip->is_request)
		return facts->sip->reason_phrase;
	return ims_scratch_number(memory, "CSeq ", facts->sip->cseq,
				  has_credentials(facts->sip->authorization)
					  ? ", with credentials"
					  : "");
}

static bool is_proof(const struct steps *steps, struct ims_frame frame)
{
	const struct ims_draft *cause = steps->cause;

	for (unsigned i = 0; cause && i < cause->n_evidence; i++) {
		const struct ims_frame *f = &cause->evidence[i].frame;

		if (f->capture == frame.capture && f->number == frame.number)
			return true;
	}
	return false;
}

static void fill_sip(struct ims_step *step, const struct steps *steps,
		     const struct source *source)
{
	const struct ims_facts *facts = source->facts;
	const struct ims_hop *hop = source->hop;
	bool is_error = facts->kind == IMS_EVENT_ICMP_ERROR;
	/* An error goes against what it quotes. */
	bool forward = facts->sip->is_request != is_error;
	const struct ims_party *from = forward ? &hop->from : &hop->to;

	step->leg = hop->leg;
	step->protocol = is_error ? IMS_PROTOCOL_ICMP : IMS_PROTOCOL_SIP;
	/* Some are a router's on the way. */
	if (!is_error ||
	    ims_address_equal(&facts->source.address, &from->endpoint.address))
		step->from.role = from->role;
	step->to.role = forward ? hop->to.role : hop->from.role;
	if (steps->with_changes)
		step->changes =
			ims_message_changes(source->journey, hop, facts);
}

static void fill_diameter(struct ims_step *step,
			  const struct ims_engine *engine,
			  const struct source *source)
{
	const struct ims_cx *cx = &source->cx->about;
	bool rx = cx->about.application == IMS_APPLICATION_RX;
	bool is_request = source->facts->diameter->is_request;
	struct ims_party *near = is_request ? &step->from : &step->to;
	struct ims_party *far = is_request ? &step->to : &step->from;

	step->leg = rx ? IMS_LEG_RX : IMS_LEG_CX;
	step->protocol = rx ? IMS_PROTOCOL_RX : IMS_PROTOCOL_CX;
	far->role = ims_nodes_role(engine->nodes, &far->endpoint);
	if (rx || !ims_address_equal(&near->endpoint.address,
				     &cx->about.asker.address))
		near->role = ims_nodes_role(engine->nodes, &near->endpoint);
	else
		near->role = cx->command == IMS_COMMAND_UA ? IMS_ROLE_I_CSCF
							   : IMS_ROLE_S_CSCF;
}

static void fill_esp(struct ims_step *step, const struct ims_attempt *attempt)
{
	bool from_ue = ims_address_equal(&step->from.endpoint.address,
					 &attempt->ue.address);

	step->leg = IMS_LEG_GM;
	step->protocol = IMS_PROTOCOL_ESP;
	step->from.role = from_ue ? IMS_ROLE_UE : IMS_ROLE_P_CSCF;
	step->to.role = from_ue ? IMS_ROLE_P_CSCF : IMS_ROLE_UE;
}

static void fill(struct ims_step *step, const struct steps *steps,
		 const struct ims_engine *engine,
		 const struct ims_attempt *attempt, const struct source *source)
{
	const struct ims_facts *facts = source->facts;

	*step = (struct ims_step){
		.frame = facts->frame,
		.time_ns = facts->time_ns,
		.copies = facts->copies,
		.message = message_of(steps->memory, facts),
		.detail = detail_of(steps->memory, facts),
		.failing = is_proof(steps, facts->frame),
		.from.endpoint = facts->source,
		.to.endpoint = facts->destination,
	};
	if (source->hop)
		fill_sip(step, steps, source);
	else if (source->cx)
		fill_diameter(step, engine, source);
	else if (attempt)
		fill_esp(step, attempt);
}

static void add(struct steps *steps, struct source source)
{
	if (steps->n == steps->room)
		steps->sources = ims_scratch_grow(steps->memory, steps->sources,
						  &steps->room, steps->n,
						  sizeof(source));
	steps->sources[steps->n++] = source;
}

static void add_journey(struct steps *steps, const struct ims_journey *journey)
{
	for (unsigned k = 0; k < journey->n_hops; k++) {
		const struct ims_hop *hop = journey->hops[k];

		for (unsigned m = 0; m < hop->n_messages; m++)
			add(steps, (struct source){hop->messages[m], journey,
						   hop, NULL});
	}
}

static void collect(struct steps *steps, const struct ims_attempt *attempt)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++)
		add_journey(steps, attempt->journeys[i]);
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_open_cx *cx =
			ims_cx_open(attempt->exchanges[i]);

		for (unsigned k = 0; k < cx->messages.n; k++)
			add(steps, (struct source){cx->messages.at[k], NULL,
						   NULL, cx});
	}
	for (unsigned i = 0; i < attempt->n_esp; i++)
		add(steps, (struct source){.facts = attempt->esp[i]});
}

static gint by_time(gconstpointer a, gconstpointer b, gpointer unused)
{
	const struct ims_facts *x = ((const struct source *)a)->facts;
	const struct ims_facts *y = ((const struct source *)b)->facts;

	(void)unused;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->frame.number < y->frame.number
		       ? -1
		       : x->frame.number > y->frame.number;
}

/* They come leg by leg, each in order: few are far from their place. */
#define FEW 32

static void sort(struct source *sources, unsigned n)
{
	if (n > FEW) {
		g_qsort_with_data(sources, (gint)n, sizeof(*sources), by_time,
				  NULL);
		return;
	}
	for (unsigned i = 1; i < n; i++) {
		struct source source = sources[i];
		unsigned k = i;

		for (; k > 0 && by_time(&sources[k - 1], &source, NULL) > 0;
		     k--)
			sources[k] = sources[k - 1];
		sources[k] = source;
	}
}

/* All n of them, in order of time. Without an attempt there is no ESP. */
static struct ims_step *make_steps(struct steps *steps,
				   const struct ims_engine *engine,
				   const struct ims_attempt *attempt)
{
	struct ims_step *made;

	sort(steps->sources, steps->n);
	made = ims_scratch_take(steps->memory, steps->n * sizeof(*made));
	for (unsigned i = 0; i < steps->n; i++)
		fill(&made[i], steps, engine, attempt, &steps->sources[i]);
	return made;
}

/* It runs to its final response; without one, to the last that was seen. */
static int64_t end_of(const struct ims_attempt *attempt,
		      const struct steps *steps)
{
	int64_t last_ns;

	if (attempt->final)
		return attempt->final->time_ns;
	if (!steps->n)
		return attempt->last_ns;
	last_ns = steps->sources[0].facts->time_ns;
	for (unsigned i = 1; i < steps->n; i++)
		last_ns = MAX(last_ns, steps->sources[i].facts->time_ns);
	return last_ns;
}

static uint32_t legs_of(const struct ims_step *steps, unsigned n)
{
	uint32_t legs = 0;

	for (unsigned i = 0; i < n; i++)
		legs |= 1u << steps[i].leg;
	return legs & ~1u;
}

void ims_attempt_report(struct ims_engine *engine,
			const struct ims_open_attempt *attempt,
			const struct ims_draft *cause, const uint64_t *findings,
			size_t n_findings)
{
	const struct ims_attempt *about = &attempt->about;
	const struct ims_sink *sink = &engine->sink;
	struct steps steps = {
		.memory = engine->drafts->memory,
		.cause = cause,
		.with_changes = engine->options.changes,
	};
	struct ims_registration out = {
		.id = about->id,
		.ims = about->ims,
		.kind = about->kind,
		.outcome = about->outcome,
		.cause = cause ? cause->rule : NULL,
		.status = about->status,
		.reason = about->reason,
		.impi = about->impi,
		.impu = about->impu,
		.call_id = about->call_id,
		.ue = about->ue,
		.scscf = about->scscf,
		.expires = about->expires,
		.start_ns = about->start_ns,
		.lacking = ims_slice_of(about->lacking),
		.findings = findings,
		.n_findings = n_findings,
	};

	if (!sink->registration)
		return;
	collect(&steps, about);
	out.end_ns = end_of(about, &steps);
	if (!sink->wants_steps || sink->wants_steps(sink->user, &out)) {
		out.steps = make_steps(&steps, engine, about);
		out.n_steps = steps.n;
		out.legs = legs_of(out.steps, steps.n);
	}
	sink->registration(sink->user, &out);
}

const struct ims_step *ims_request_steps(const struct ims_engine *engine,
					 const struct ims_journey *journey,
					 const struct ims_draft *proof,
					 size_t *n)
{
	struct steps steps = {
		.memory = engine->drafts->memory,
		.cause = proof,
		.with_changes = engine->options.changes,
	};

	add_journey(&steps, journey);
	*n = steps.n;
	return make_steps(&steps, engine, NULL);
}
