// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "experts.h"
#include "fields.h"
#include "kept.h"
#include "prose.h"
#include "show.h"
#include "text.h"

/* Where one frame is shown, and from what. */
struct show {
	const struct ims_kept *kept;
	packet_info *pinfo;
	tvbuff_t *tvb;
	proto_tree *tree;
};

/* Everything here is concluded: no bytes of the frame stand for it. */
static proto_item *generated(proto_item *item)
{
	proto_item_set_generated(item);
	return item;
}

static proto_item *add_text(const struct show *show, enum ims_field field,
			    struct ims_slice text)
{
	char *shown = ims_text(text);
	proto_item *item = NULL;

	if (shown)
		item = generated(proto_tree_add_string(
			show->tree, ims_field(field), show->tvb, 0, 0, shown));
	g_free(shown);
	return item;
}

static proto_item *add_word(const struct show *show, enum ims_field field,
			    const char *word)
{
	return add_text(show, field, ims_slice_of(word));
}

/* A field that is whole in filters and exports, and can be read here too. */
static void add_prose(const struct show *show, enum ims_field field,
		      struct ims_slice text)
{
	proto_item *item = add_text(show, field, text);
	char *shown = ims_text(text);

	if (item && shown)
		ims_prose_below(item, show->tvb, shown);
	g_free(shown);
}

static void add_frame(const struct show *show, enum ims_field field,
		      uint64_t number)
{
	if (number && number <= UINT32_MAX)
		generated(proto_tree_add_uint(show->tree, ims_field(field),
					      show->tvb, 0, 0,
					      (guint32)number));
}

/* The nearest step that is in another frame; `way` is 1 or -1. */
static uint64_t neighbour(const struct ims_registration *r, size_t step,
			  int way)
{
	size_t i = step;

	do
		i = way > 0 ? i + 1 : i - 1;
	while (i < r->n_steps &&
	       r->steps[i].frame.number == r->steps[step].frame.number);
	/* Below the first it is beyond the last. */
	return i < r->n_steps ? r->steps[i].frame.number : 0;
}

static void add_step(const struct show *show, const struct ims_step *step)
{
	add_text(show, IMS_FIELD_STEP, step->message);
	if (!ims_slice_is_empty(step->detail))
		add_text(show, IMS_FIELD_STEP_DETAIL, step->detail);
	add_word(show, IMS_FIELD_LEG, ims_leg_name(step->leg));
	add_word(show, IMS_FIELD_SOURCE_ROLE, ims_role_name(step->from.role));
	add_word(show, IMS_FIELD_DESTINATION_ROLE,
		 ims_role_name(step->to.role));
}

static void add_links(const struct show *show, const struct ims_registration *r,
		      size_t step)
{
	add_frame(show, IMS_FIELD_FIRST_FRAME, r->steps[0].frame.number);
	add_frame(show, IMS_FIELD_PREVIOUS_FRAME, neighbour(r, step, -1));
	add_frame(show, IMS_FIELD_NEXT_FRAME, neighbour(r, step, 1));
	add_frame(show, IMS_FIELD_LAST_FRAME,
		  r->steps[r->n_steps - 1].frame.number);
}

static void show_registration(const struct show *all,
			      const struct ims_registration *r, size_t step)
{
	struct show show = *all;
	proto_item *top = generated(proto_tree_add_uint_format(
		all->tree, ims_field(IMS_FIELD_REGISTRATION), all->tvb, 0, 0,
		(guint32)r->id, "Registration %u (%s): %s%s%s", (unsigned)r->id,
		ims_kind_name(r->kind), ims_outcome_name(r->outcome),
		r->cause ? ", " : "", r->cause ? r->cause->slug : ""));

	show.tree =
		proto_item_add_subtree(top, ims_tree(IMS_TREE_REGISTRATION));
	add_word(&show, IMS_FIELD_KIND, ims_kind_name(r->kind));
	add_word(&show, IMS_FIELD_OUTCOME, ims_outcome_name(r->outcome));
	add_word(&show, IMS_FIELD_CAUSE, r->cause ? r->cause->slug : NULL);
	add_text(&show, IMS_FIELD_IMPI, r->impi);
	add_text(&show, IMS_FIELD_IMPU, r->impu);
	add_step(&show, &r->steps[step]);
	add_links(&show, r, step);
}

/* "5001 DIAMETER_ERROR_USER_UNKNOWN (Experimental-Result 10415)" */
static void add_result(const struct show *show, const struct ims_result *result)
{
	GString *text = g_string_new(NULL);

	g_string_printf(text, "%u", result->code);
	if (result->name)
		g_string_append_printf(text, " %s", result->name);
	g_string_append_printf(text, " (%s",
			       ims_result_container_name(result->container));
	if (result->vendor)
		g_string_append_printf(text, " %u", result->vendor);
	g_string_append_c(text, ')');
	add_word(show, IMS_FIELD_CX_RESULT, text->str);
	g_string_free(text, TRUE);
}

static void show_answer(const struct show *all, const struct ims_exchange *e)
{
	struct show show = *all;

	show.tree = proto_tree_add_subtree_format(
		all->tree, all->tvb, 0, 0, ims_tree(IMS_TREE_CX), NULL,
		"Answer to %s (%s)", e->command,
		ims_application_name(e->application));
	if (e->result.container != IMS_RESULT_NONE)
		add_result(&show, &e->result);
	if (e->request.number) {
		int64_t took_ns = e->answer_time_ns - e->request_time_ns;
		nstime_t took = {
			.secs = (time_t)(took_ns / 1000000000),
			.nsecs = (int)(took_ns % 1000000000),
		};

		generated(proto_tree_add_time(
			show.tree, ims_field(IMS_FIELD_CX_ANSWER_TIME),
			show.tvb, 0, 0, &took));
	}
	add_frame(&show, IMS_FIELD_CX_REQUEST_FRAME, e->request.number);
}

static void add_evidence(const struct show *show, const struct ims_finding *f,
			 size_t part)
{
	for (size_t i = 0; i < f->n_evidence; i++)
		if (i != part)
			add_frame(show, IMS_FIELD_FINDING_FRAME,
				  f->evidence[i].frame.number);
}

/* "Finding (error): sip_420_sec_agree - 420 Bad Extension: BYE of alice" */
static proto_item *add_finding(const struct show *show,
			       const struct ims_finding *f)
{
	char *headline = ims_text(f->headline);
	proto_item *item = generated(proto_tree_add_string_format(
		show->tree, ims_field(IMS_FIELD_FINDING), show->tvb, 0, 0,
		f->rule->slug, "Finding (%s): %s - %s",
		ims_severity_name(f->severity), f->rule->slug,
		headline ? headline : f->rule->title));

	g_free(headline);
	return item;
}

static void add_known(const struct show *show,
		      const struct ims_signature *signature)
{
	char *text;

	if (!signature)
		return;
	text = ims_signature_text(signature);
	add_word(show, IMS_FIELD_FINDING_PRODUCT, signature->product);
	add_prose(show, IMS_FIELD_FINDING_KNOWN, ims_slice_of(text));
	g_free(text);
}

static void show_finding(const struct show *all, const struct ims_finding *f,
			 size_t part)
{
	struct show show = *all;
	char *summary = ims_text(f->summary);
	proto_item *top = add_finding(all, f);

	show.tree = proto_item_add_subtree(top, ims_tree(IMS_TREE_FINDING));
	expert_add_info_format(all->pinfo, top,
			       ims_expert(f->rule, f->severity), "%s", summary);
	add_word(&show, IMS_FIELD_FINDING_SEVERITY,
		 ims_severity_name(f->severity));
	add_word(&show, IMS_FIELD_FINDING_CONFIDENCE,
		 ims_confidence_name(f->confidence));
	add_prose(&show, IMS_FIELD_FINDING_SUMMARY, f->summary);
	add_text(&show, IMS_FIELD_FINDING_SAYING, f->evidence[part].saying);
	add_known(&show, f->signature);
	add_prose(&show, IMS_FIELD_FINDING_ADVICE, f->advice);
	for (const char *const *spec = f->rule->specs; *spec; spec++)
		add_word(&show, IMS_FIELD_FINDING_SPEC, *spec);
	add_evidence(&show, f, part);
	g_free(summary);
}

static void show_mention(const struct show *show, const struct ims_mention *m)
{
	switch (m->kind) {
	case IMS_MENTION_STEP:
		show_registration(show,
				  ims_kept_registration(show->kept, m->item),
				  m->part);
		break;
	case IMS_MENTION_ANSWER:
		show_answer(show, ims_kept_exchange(show->kept, m->item));
		break;
	case IMS_MENTION_EVIDENCE:
		show_finding(show, ims_kept_finding(show->kept, m->item),
			     m->part);
		break;
	case IMS_MENTION_COPY:
		break;
	}
}

/* A copy is a packet of its registration as the first is, but proves nothing
   that the first does not prove. */
static void show_copy(const struct show *show, const struct ims_mention *copy)
{
	const struct ims_mention *m;
	size_t n = ims_kept_mentions(show->kept, &m, copy->item);

	add_frame(show, IMS_FIELD_COPY_OF, copy->item);
	for (size_t i = 0; i < n; i++)
		if (m[i].kind == IMS_MENTION_STEP)
			show_mention(show, &m[i]);
}

void ims_show_frame(const struct ims_kept *kept, int proto, packet_info *pinfo,
		    tvbuff_t *tvb, proto_tree *tree)
{
	struct show show = {.kept = kept, .pinfo = pinfo, .tvb = tvb};
	const struct ims_mention *m;
	size_t n = ims_kept_mentions(kept, &m, pinfo->num);
	proto_item *top;

	if (n == 0)
		return;
	top = generated(proto_tree_add_item(tree, proto, tvb, 0, 0, ENC_NA));
	show.tree = proto_item_add_subtree(top, ims_tree(IMS_TREE_ALL));
	for (size_t i = 0; i < n; i++) {
		if (m[i].kind == IMS_MENTION_COPY)
			show_copy(&show, &m[i]);
		else
			show_mention(&show, &m[i]);
	}
}

static char letter(enum ims_severity severity)
{
	switch (severity) {
	case IMS_SEVERITY_ERROR:
		return 'E';
	case IMS_SEVERITY_WARNING:
		return 'W';
	default:
		return 'N';
	}
}

/* Two refusals for one reason get one mark. */
static bool is_marked(const struct ims_kept *kept, const struct ims_mention *m,
		      size_t n, const struct ims_finding *f)
{
	for (size_t i = 0; i < n; i++) {
		const struct ims_finding *before =
			m[i].kind == IMS_MENTION_EVIDENCE
				? ims_kept_finding(kept, m[i].item)
				: NULL;

		if (before && before->rule == f->rule &&
		    before->severity == f->severity)
			return true;
	}
	return false;
}

void ims_show_mark(const struct ims_kept *kept, packet_info *pinfo)
{
	const struct ims_mention *m;
	size_t n = ims_kept_mentions(kept, &m, pinfo->num);

	for (size_t i = 0; i < n; i++) {
		const struct ims_finding *f;

		if (m[i].kind != IMS_MENTION_EVIDENCE)
			continue;
		f = ims_kept_finding(kept, m[i].item);
		if (is_marked(kept, m, i, f))
			continue;
		col_append_fstr(pinfo->cinfo, COL_INFO, " [%c %s]",
				letter(f->severity), f->rule->slug);
	}
}
