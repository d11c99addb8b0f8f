// SPDX-License-Identifier: GPL-2.0-or-later
/* The authentication scheme on its way: asked of the HSS, given by it, and in
   the challenge that the UE gets. */
#include "cx_reading.h"
#include "family.h"

enum scheme {
	SCHEME_ANY, /* left open, not known here, or without a challenge */
	SCHEME_DIGEST,
	SCHEME_AKAV1_MD5,
	SCHEME_AKAV2_MD5,
	SCHEME_AKAV2_SHA256,
};

/* Names of TS 29.229 6.3.9 and of RFC 3310, 4169, 7616, and what HSSs make of
   them; the first are those without "Digest-". */
#define NAME(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}

static const struct {
	struct ims_slice name;
	enum scheme scheme;
} schemes[] = {
	{NAME("AKAv1-MD5"), SCHEME_AKAV1_MD5},
	{NAME("AKAv2-MD5"), SCHEME_AKAV2_MD5},
	{NAME("AKAv2-SHA-256"), SCHEME_AKAV2_SHA256},
	{NAME("SIP Digest"), SCHEME_DIGEST},
	{NAME("HTTP_DIGEST_MD5"), SCHEME_DIGEST},
	{NAME("MD5"), SCHEME_DIGEST},
	{NAME("MD5-sess"), SCHEME_DIGEST},
	{NAME("SHA-256"), SCHEME_DIGEST},
	{NAME("SHA-256-sess"), SCHEME_DIGEST},
	{NAME("SHA-512-256"), SCHEME_DIGEST},
	{NAME("SHA-512-256-sess"), SCHEME_DIGEST},
};

static enum scheme scheme_of(struct ims_slice name)
{
	static const char digest[] = "Digest-";

	name = ims_slice_trim(name);
	if (ims_slice_starts_nocase(name, digest))
		name = ims_slice(name.at + strlen(digest),
				 name.len - strlen(digest));
	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
		if (ims_slice_equal_nocase(name, schemes[i].name))
			return schemes[i].scheme;
	return SCHEME_ANY;
}

/* RFC 4740's DIGEST says nothing of the algorithm; the item may. */
static enum scheme scheme_of_item(const struct ims_auth_item *item)
{
	if (ims_slice_is(item->scheme, "DIGEST"))
		return scheme_of(item->digest_algorithm);
	return scheme_of(item->scheme);
}

/* One of the message's items is of that scheme, or may be. */
static bool agrees(const struct ims_diameter_facts *message, enum scheme scheme)
{
	bool found = scheme == SCHEME_ANY || message->n_auth_items == 0;

	for (size_t i = 0; !found && i < message->n_auth_items; i++) {
		enum scheme item = scheme_of_item(&message->auth_items[i]);

		found = item == SCHEME_ANY || item == scheme;
	}
	return found;
}

/* What was asked for is among what was given. */
static bool is_given_as_asked(const struct ims_diameter_facts *mar,
			      const struct ims_diameter_facts *maa)
{
	for (size_t i = 0; i < mar->n_auth_items; i++)
		if (agrees(maa, scheme_of_item(&mar->auth_items[i])))
			return true;
	return mar->n_auth_items == 0;
}

static bool challenges_once(const struct ims_facts *challenge)
{
	const struct ims_sip_facts *sip = ims_sip(challenge);
	unsigned n = 0;

	for (size_t i = 0; i < sip->n_headers; i++)
		n += sip->headers[i].id == IMS_SIP_HEADER_WWW_AUTHENTICATE;
	return n == 1 && sip->challenge->present &&
	       ims_slice_is_nocase(sip->challenge->scheme, "Digest");
}

/* RFC 2617 3.2.1: without one it is MD5. */
static enum scheme scheme_of_challenge(const struct ims_facts *challenge)
{
	struct ims_slice algorithm = ims_sip(challenge)->challenge->algorithm;

	return ims_slice_is_empty(algorithm) ? SCHEME_DIGEST
					     : scheme_of(algorithm);
}

/* The other MAR came in between: the challenge is made of its answer. */
static bool is_superseded(const struct ims_attempt *attempt,
			  const struct ims_cx *cx, int64_t challenge_ns)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *other = attempt->exchanges[i];

		if (other != cx && other->command == IMS_COMMAND_MA &&
		    other->about.request_time_ns >= cx->about.request_time_ns &&
		    other->about.request_time_ns <= challenge_ns)
			return true;
	}
	return false;
}

/* The 401 to the REGISTER for which the S-CSCF had asked. NULL: none, or one
   that may be made of another answer. */
static const struct ims_facts *challenge_after(
	const struct ims_attempt *attempt, const struct ims_cx *cx)
{
	for (unsigned j = 0; attempt && j < attempt->n_journeys; j++) {
		const struct ims_journey *journey = attempt->journeys[j];
		const struct ims_facts *challenge =
			ims_journey_challenge(journey, NULL);

		if (!challenge || challenge->time_ns < cx->answer->time_ns)
			continue;
		if (journey->first_ns > cx->about.request_time_ns ||
		    challenge->sip->status != 401 || challenge->cut ||
		    !challenges_once(challenge) ||
		    is_superseded(attempt, cx, challenge->time_ns))
			return NULL;
		return challenge;
	}
	return NULL;
}

static struct ims_slice first_scheme(const struct ims_diameter_facts *message)
{
	return message->n_auth_items ? message->auth_items[0].scheme
				     : (struct ims_slice){0};
}

static void tell_given(struct ims_draft *draft,
		       const struct ims_diameter_facts *maa)
{
	struct ims_slice names[IMS_DIAMETER_MAX_LIST];
	size_t n = 0;

	for (size_t i = 0; i < maa->n_auth_items && n < G_N_ELEMENTS(names);
	     i++)
		if (ims_slice_is_set(maa->auth_items[i].scheme))
			names[n++] = maa->auth_items[i].scheme;
	ims_draft_strings(draft, "given", names, n);
}

static void tell_challenge(struct ims_draft *draft, GString *sentence,
			   const struct ims_facts *challenge)
{
	struct ims_slice algorithm = ims_sip(challenge)->challenge->algorithm;

	if (ims_slice_is_empty(algorithm))
		algorithm = ims_slice_of("MD5");
	algorithm = ims_cx_shown(algorithm);
	ims_draft_string(draft, "challenged", algorithm);
	ims_draft_evidence(draft, challenge, "401: the challenge says %.*s",
			   IMS_SLICE_ARG(algorithm));
	g_string_append_printf(sentence, ", and the challenge says %.*s",
			       IMS_SLICE_ARG(algorithm));
}

static void check_auth_scheme_mismatch(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_diameter_facts *mar = ims_diameter(cx->request);
	const struct ims_diameter_facts *maa = ims_cx_whole_answer(cx);
	const struct ims_facts *challenge;
	struct ims_draft *draft;
	GString *sentence;
	char who[IMS_CX_TEXT];
	char whom[IMS_CX_TEXT];
	char subject[IMS_CX_TEXT];

	if (cx->command != IMS_COMMAND_MA || !maa || !ims_cx_succeeded(cx) ||
	    !ims_cx_is_whole(cx->request) || maa->n_auth_items == 0)
		return;
	challenge = challenge_after(check->attempt, cx);
	if (is_given_as_asked(mar, maa) &&
	    (!challenge || agrees(maa, scheme_of_challenge(challenge))))
		return;
	draft = ims_fire(check);
	sentence = g_string_new(NULL);
	g_string_append_printf(
		sentence,
		"%s asked %s for a vector of scheme \"%.*s\" for %s and was "
		"given one of \"%.*s\"",
		ims_cx_asker(who, cx), ims_cx_answerer(whom, cx),
		IMS_SLICE_ARG(ims_cx_shown(first_scheme(mar))),
		ims_cx_subject(subject, cx),
		IMS_SLICE_ARG(ims_cx_shown(first_scheme(maa))));
	ims_cx_tell(draft, cx);
	ims_draft_string(draft, "asked", first_scheme(mar));
	tell_given(draft, maa);
	if (challenge)
		tell_challenge(draft, sentence, challenge);
	ims_cx_finish(draft, sentence, ims_cx_explained_if_stuck(check));
}

static const struct ims_rule cx_auth_scheme_mismatch = {
	.slug = "cx_auth_scheme_mismatch",
	.family = "Cx",
	.scope = IMS_SCOPE_EXCHANGE,
	.severity = IMS_SEVERITY_WARNING,
	.origin = IMS_ORIGIN_HSS,
	.title = "The authentication scheme changes on the way",
	.explain =
		"The S-CSCF asks for a scheme, the HSS gives a vector of one, "
		"and the UE is challenged with one: the three are to be the "
		"same. A UE with a SIM cannot answer plain Digest, a "
		"softphone with a password cannot answer AKA, and a vector of "
		"one makes no challenge of the other.",
	.recognised =
		"SIP-Authentication-Scheme in the MAR, in all items of a "
		"whole MAA with success, and the algorithm of the 401 that "
		"follows for the same REGISTER before any other MAR: two of "
		"them are different ones of AKAv1-MD5, AKAv2-MD5, "
		"AKAv2-SHA-256 and Digest. \"Unknown\", NASS-Bundled, "
		"Early-IMS-Security and names not known here agree with all; "
		"\"SIP Digest\", \"Digest-MD5\" and the other algorithms of "
		"RFC 7616 are one; DIGEST of RFC 4740 is what its algorithm "
		"says. Not where one 401 carries several challenges. "
		"It is the cause of a failure only where the S-CSCF made no "
		"challenge of the vector.",
	.advice = "Give the subscriber the scheme that the UE can do, in the "
		  "HSS (FHoSS: the IMPI's authentication schemes and its "
		  "default; a softphone needs SIP Digest, a SIM AKAv1) and on "
		  "the S-CSCF (Kamailio: registration_default_algorithm of "
		  "ims_auth, or the third parameter of ims_www_challenge).",
	.specs = IMS_SPECS("TS 29.228 6.3", "TS 29.229 6.3.9", "RFC 3310 3.1"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS, {"asked", IMS_FACT_STRING, "scheme of the MAR"},
		{"given", IMS_FACT_STRINGS, "schemes of the MAA"},
		{"challenged", IMS_FACT_STRING, "algorithm of the 401"}),
	.needs = IMS_SIGN_MA,
	.check = check_auth_scheme_mismatch,
};

static const struct ims_rule *const rules[] = {
	&cx_auth_scheme_mismatch,
};

const struct ims_rule_list ims_rules_cx_scheme = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
