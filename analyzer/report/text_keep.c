// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_keep.h"

#include <string.h>

#include "escape.h"
#include "text_changes.h"

/* Words of "Diameter node 10.0.0.1". */
#define MAX_WORDS 3

char *ims_text_of(struct ims_slice wire, size_t max)
{
	bool is_cut = wire.len > max;
	GString *text;

	if (ims_slice_is_empty(wire))
		return NULL;
	text = g_string_new(NULL);
	ims_escape_append(text, ims_slice(wire.at, MIN(wire.len, max)));
	if (is_cut)
		g_string_append(text, "...");
	return g_string_free(text, FALSE);
}

/*
 * How much of `saying` names who says it: the words up to an address, which
 * is one of the first three. 0: nobody is named.
 */
static size_t who_of(struct ims_slice saying)
{
	size_t at = 0;

	for (int n = 0; n < MAX_WORDS && at < saying.len; n++) {
		struct ims_slice word = {saying.at + at, 0};
		struct ims_address address;

		while (at + word.len < saying.len && word.at[word.len] != ' ')
			word.len++;
		at += word.len + 1;
		if (word.len && word.at[word.len - 1] == ':')
			word.len--;
		if (ims_address_parse(&address, word))
			return (size_t)(word.at + word.len - saying.at);
	}
	return 0;
}

/* Without the host name that may follow the address: the summary has it. */
static struct ims_slice skip_name(struct ims_slice rest)
{
	const char *end;

	if (rest.len < 2 || memcmp(rest.at, " (", 2) != 0)
		return rest;
	end = memmem(rest.at, rest.len, "): ", 3);
	if (!end)
		return rest;
	end++;
	return ims_slice(end, rest.len - (size_t)(end - rest.at));
}

/* "UE 10.0.0.1: BYE" is said by someone; "Require: path" is not. */
static void split_saying(struct ims_text_evidence *e, struct ims_slice saying)
{
	size_t len = who_of(saying);

	if (len > 0) {
		e->who = ims_text_of(ims_slice(saying.at, len),
				     IMS_TEXT_MAX_NAME);
		saying =
			skip_name(ims_slice(saying.at + len, saying.len - len));
		if (saying.len && saying.at[0] == ':')
			saying = ims_slice(saying.at + 1, saying.len - 1);
		saying = ims_slice_trim(saying);
	}
	e->what = ims_text_of(saying, IMS_TEXT_MAX_SENTENCE);
}

static void clear_evidence(gpointer data)
{
	struct ims_text_evidence *e = data;

	g_free(e->who);
	g_free(e->what);
	g_free(e->changes);
	g_free(e->by);
}

/* "P-CSCF 10.0.0.1", or what of it is known. */
static char *party_of(const struct ims_party *party)
{
	const char *role = ims_role_name(party->role);
	char address[IMS_ENDPOINT_TEXT];

	ims_address_format(address, &party->endpoint.address);
	return g_strdup_printf("%s%s%s", role ? role : "",
			       role && address[0] ? " " : "", address);
}

/* Of evidence `i`; but a message that was sent again is told once. */
static void keep_changes(struct ims_text_evidence *kept,
			 const struct ims_finding *f, size_t i)
{
	const struct ims_evidence *e = &f->evidence[i];

	for (size_t k = 0; k < i; k++)
		if (f->evidence[k].changes == e->changes)
			return;
	kept->changes = ims_text_changes(e->changes);
	if (!kept->changes)
		return;
	kept->by = party_of(&e->by);
	if (kept->by[0] && g_strcmp0(kept->by, kept->who) != 0)
		return;
	g_free(kept->by);
	kept->by = NULL;
}

static char *known_of(const struct ims_signature *signature)
{
	char *text = signature ? ims_signature_text(signature) : NULL;
	char *shown = ims_text_of(ims_slice_of(text), IMS_TEXT_MAX_SENTENCE);

	g_free(text);
	return shown;
}

struct ims_text_finding *ims_text_finding_new(const struct ims_finding *f)
{
	struct ims_text_finding *kept = g_new0(struct ims_text_finding, 1);

	kept->rule = f->rule;
	kept->severity = f->severity;
	kept->confidence = f->confidence;
	kept->time_ns = f->time_ns;
	kept->id = f->id;
	kept->headline = ims_text_of(f->headline, IMS_TEXT_MAX_SENTENCE);
	kept->summary = ims_text_of(f->summary, IMS_TEXT_MAX_SENTENCE);
	if (!kept->summary)
		kept->summary = g_strdup(f->rule->title);
	kept->advice = ims_text_of(f->advice, IMS_TEXT_MAX_SENTENCE);
	kept->known = known_of(f->signature);
	kept->evidence =
		g_array_new(FALSE, TRUE, sizeof(struct ims_text_evidence));
	g_array_set_clear_func(kept->evidence, clear_evidence);
	for (size_t i = 0; i < f->n_evidence; i++) {
		struct ims_text_evidence e = {.frame = f->evidence[i].frame};

		if (i >= IMS_TEXT_MAX_FRAMES) {
			kept->n_left_out++;
			continue;
		}
		split_saying(&e, f->evidence[i].saying);
		keep_changes(&e, f, i);
		g_array_append_val(kept->evidence, e);
	}
	/* What is no failure would draw the same once more. */
	if (f->severity == IMS_SEVERITY_ERROR && f->n_steps)
		kept->ladder = ims_ladder_new(f->steps, f->n_steps,
					      f->steps[0].time_ns);
	return kept;
}

void ims_text_finding_free(struct ims_text_finding *f)
{
	if (!f)
		return;
	g_free(f->headline);
	g_free(f->summary);
	g_free(f->advice);
	g_free(f->known);
	g_array_free(f->evidence, TRUE);
	ims_ladder_free(f->ladder);
	g_free(f);
}

static bool ends_with(struct ims_slice s, const char *end)
{
	size_t len = strlen(end);

	return s.len >= len &&
	       ims_slice_is_nocase(ims_slice(s.at + s.len - len, len), end);
}

char *ims_text_name_of(struct ims_slice impi, struct ims_slice impu)
{
	struct ims_slice name = ims_slice_is_empty(impu) ? impi : impu;
	size_t user = 0;

	if (ims_slice_starts_nocase(name, "sip:") ||
	    ims_slice_starts_nocase(name, "tel:"))
		name = ims_slice(name.at + 4, name.len - 4);
	while (user < name.len && name.at[user] != '@')
		user++;
	if (user > 0 && ends_with(name, ".3gppnetwork.org"))
		name.len = user;
	return ims_text_of(name, IMS_TEXT_MAX_NAME);
}

static char *endpoint_of(const struct ims_endpoint *e)
{
	char out[IMS_ENDPOINT_TEXT];

	return e->address.family ? g_strdup(ims_endpoint_format(out, e)) : NULL;
}

static void keep_frames(struct ims_text_registration *kept,
			const struct ims_registration *r)
{
	size_t n = MIN(r->n_steps, IMS_TEXT_MAX_FRAMES);

	kept->frames = g_array_new(FALSE, FALSE, sizeof(struct ims_frame));
	for (size_t i = 0; i < n; i++)
		g_array_append_val(kept->frames, r->steps[i].frame);
}

struct ims_text_registration *ims_text_registration_new(
	const struct ims_registration *r, bool with_ladder)
{
	struct ims_text_registration *kept =
		g_new0(struct ims_text_registration, 1);

	kept->id = r->id;
	kept->kind = r->kind;
	kept->outcome = r->outcome;
	kept->cause = r->cause;
	kept->status = r->status;
	kept->reason = ims_text_of(r->reason, IMS_TEXT_MAX_NAME);
	kept->who = ims_text_name_of(r->impi, r->impu);
	kept->impi = ims_text_of(r->impi, IMS_TEXT_MAX_NAME);
	kept->impu = ims_text_of(r->impu, IMS_TEXT_MAX_NAME);
	kept->ue = endpoint_of(&r->ue);
	kept->scscf = ims_text_of(r->scscf, IMS_TEXT_MAX_NAME);
	kept->end_ns = r->end_ns;
	kept->duration_ns = r->end_ns - r->start_ns;
	keep_frames(kept, r);
	if (with_ladder)
		kept->ladder =
			ims_ladder_new(r->steps, r->n_steps, r->start_ns);
	if (!kept->who)
		kept->who = g_strdup(kept->ue ? kept->ue : "somebody unknown");
	return kept;
}

void ims_text_registration_free(struct ims_text_registration *r)
{
	if (!r)
		return;
	g_free(r->reason);
	g_free(r->who);
	g_free(r->impi);
	g_free(r->impu);
	g_free(r->ue);
	g_free(r->scscf);
	g_array_free(r->frames, TRUE);
	ims_ladder_free(r->ladder);
	g_free(r);
}
