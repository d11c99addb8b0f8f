// SPDX-License-Identifier: GPL-2.0-or-later
/* The one check behind the rules about results. */
#include "cx_results.h"

static bool is_among(const uint32_t codes[IMS_RESULT_CODES_MAX], uint32_t code)
{
	for (unsigned i = 0; i < IMS_RESULT_CODES_MAX && codes[i]; i++)
		if (codes[i] == code)
			return true;
	return false;
}

/* RFC 6733 7.6: a number means nothing without its container and vendor. */
static bool has_result(const struct ims_result_codes *entry,
		       const struct ims_cx *cx)
{
	const struct ims_result *result = &cx->about.result;
	uint32_t commands = entry->commands ? entry->commands : IMS_ASKS_ALL;

	if (!(commands & (1u << cx->command)))
		return false;
	if (result->container == IMS_RESULT_EXPERIMENTAL)
		return entry->experimental &&
		       result->vendor == IMS_DIAMETER_VENDOR_3GPP &&
		       result->code == entry->experimental;
	if (result->container != IMS_RESULT_CODE)
		return false;
	return is_among(entry->result_codes, result->code) ||
	       (entry->rfc4740 && result->code == entry->rfc4740 &&
		cx->about.application == IMS_APPLICATION_RFC4740);
}

static const struct ims_result_table *const tables[] = {
	&ims_results_of_3gpp,
	&ims_results_of_base,
};

bool ims_result_is_listed(const struct ims_cx *cx)
{
	for (size_t t = 0; t < G_N_ELEMENTS(tables); t++)
		for (size_t i = 0; i < tables[t]->n; i++)
			if (has_result(&tables[t]->at[i], cx))
				return true;
	return false;
}

static const struct ims_result_codes *entry_of(const struct ims_rule *rule)
{
	for (size_t t = 0; t < G_N_ELEMENTS(tables); t++)
		for (size_t i = 0; i < tables[t]->n; i++)
			if (tables[t]->at[i].rule == rule)
				return &tables[t]->at[i];
	return NULL;
}

static void add_facts(const struct ims_result_tale *tale)
{
	const struct ims_result *result = &tale->cx->about.result;
	const struct ims_diameter_facts *answer =
		ims_diameter(tale->cx->answer);
	struct ims_draft *draft = tale->draft;

	ims_draft_integer(draft, "code", result->code);
	ims_draft_text(draft, "container",
		       ims_result_container_name(result->container));
	ims_draft_integer(draft, "vendor", result->vendor);
	ims_draft_text(draft, "name", result->name);
	if (answer) {
		ims_draft_string(draft, "answered_by", answer->origin_host);
		ims_draft_string(draft, "error_message", answer->error_message);
	}
}

void ims_result_tell(struct ims_check *check, const char *meaning,
		     void (*add)(struct ims_result_tale *tale))
{
	const struct ims_cx *cx = check->cx;
	/* An error of the way: its name says more than its address. */
	bool is_error = cx->answer && ims_diameter(cx->answer)->is_error;
	struct ims_result_tale tale = {.check = check,
				       .cx = cx,
				       .draft = ims_fire(check),
				       .sentence = g_string_new(NULL)};
	char answerer[IMS_CX_TEXT];
	char subject[IMS_CX_TEXT];
	char result[IMS_CX_TEXT];

	g_string_append_printf(tale.sentence,
			       "%s answered the %s for %s with %s: %s",
			       is_error ? ims_cx_answerer_host(answerer, cx)
					: ims_cx_answerer(answerer, cx),
			       ims_command_name(cx->command, true),
			       ims_cx_subject(subject, cx),
			       ims_cx_result(result, cx), meaning);
	ims_cx_tell(tale.draft, cx);
	add_facts(&tale);
	if (add)
		add(&tale);
	if (ims_cx_explains(check)) {
		ims_cx_append_outcome(tale.sentence, check->attempt);
		ims_cx_tell_outcome(tale.draft, check->attempt);
	} else {
		ims_draft_no_cause(tale.draft);
	}
	ims_draft_summary(tale.draft, "%s.", tale.sentence->str);
	g_string_free(tale.sentence, TRUE);
}

void ims_result_check(struct ims_check *check)
{
	const struct ims_result_codes *entry = entry_of(check->rule);

	if (entry && ims_cx_is_cx(check->cx) && has_result(entry, check->cx) &&
	    ims_cx_is_labelled(check->cx))
		ims_result_tell(check, entry->meaning, entry->add);
}
