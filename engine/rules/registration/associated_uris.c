// SPDX-License-Identifier: GPL-2.0-or-later
/* P-Associated-URI (RFC 7315 4.1) that cannot be read. */
#include "family.h"
#include "register_legs.h"
#include "registrant.h"
#include "request.h"
#include "sip_scan.h"

static const char *const schemes[] = {"sip:", "sips:", "tel:", "urn:"};

/* A comma is legal in a user part; ", tel:" begins another URI. */
static bool holds_two(struct ims_slice uri)
{
	const char *comma;

	while (uri.len && (comma = memchr(uri.at, ',', uri.len))) {
		uri = ims_slice(comma + 1,
				uri.len - (size_t)(comma + 1 - uri.at));
		for (size_t k = 0; k < G_N_ELEMENTS(schemes); k++)
			if (ims_slice_starts_nocase(ims_slice_trim(uri),
						    schemes[k]))
				return true;
	}
	return false;
}

static bool has(struct ims_slice text, char c)
{
	return text.len && memchr(text.at, c, text.len);
}

static bool has_unquoted(struct ims_slice text, char c)
{
	bool is_plain = !has(text, '"') && !has(text, '\\');

	return has(text, c) &&
	       (is_plain || ims_sip_find_unquoted(text, c) < text.len);
}

/* NULL: it is well. */
static const char *flaw_of_uri(const struct ims_sip_address *address)
{
	bool is_sip = ims_slice_is_nocase(address->scheme, "sip") ||
		      ims_slice_is_nocase(address->scheme, "sips");

	if (holds_two(address->uri))
		return "two URIs stand in one pair of brackets";
	if (has_unquoted(address->text, '<') !=
	    has_unquoted(address->text, '>'))
		return "a bracket has no partner";
	if (ims_slice_is_empty(address->scheme))
		return "it is no URI";
	if (is_sip &&
	    (ims_slice_is_empty(address->host) || address->host.at[0] == '<'))
		return "it has no host";
	if (ims_slice_is_nocase(address->scheme, "tel") &&
	    ims_slice_is_empty(address->user))
		return "it has no number";
	return NULL;
}

struct malformed {
	const struct ims_facts *message;
	const struct ims_hop *hop;
	const struct ims_sip_address *address;
	const char *flaw;
	/* The last list that is well: the legs have it alike. */
	const struct ims_sip_addresses *well;
};

static bool is_alike(const struct ims_sip_addresses *a,
		     const struct ims_sip_addresses *b)
{
	if (!a || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!ims_slice_equal(a->at[i].text, b->at[i].text))
			return false;
	return true;
}

static bool find_in_message(struct malformed *found, const struct ims_hop *hop,
			    const struct ims_facts *message)
{
	const struct ims_sip_facts *sip = ims_sip(message);

	if (!sip || sip->associated_uris.n == 0 ||
	    is_alike(found->well, &sip->associated_uris))
		return false;
	for (size_t i = 0; i < sip->associated_uris.n; i++) {
		const char *flaw = flaw_of_uri(&sip->associated_uris.at[i]);

		if (!flaw)
			continue;
		found->message = message;
		found->hop = hop;
		found->address = &sip->associated_uris.at[i];
		found->flaw = flaw;
		return true;
	}
	found->well = &sip->associated_uris;
	return false;
}

/* The copy nearest to who wrote it. */
static bool find_malformed(struct malformed *found,
			   const struct ims_journey *journey)
{
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (find_in_message(found, journey->hops[i],
				    journey->hops[i]->request))
			return true;
	for (unsigned i = journey->n_hops; i-- > 0;)
		if (find_in_message(found, journey->hops[i],
				    journey->hops[i]->final))
			return true;
	return false;
}

static void tell_malformed(struct ims_check *check,
			   const struct malformed *found)
{
	const struct ims_sip_facts *sip = found->message->sip;
	struct ims_slice text = ims_shown(found->address->text);
	struct ims_draft *draft = ims_fire(check);
	char name[IMS_PARTY_TEXT];
	char by[IMS_MAKER_TEXT];

	if (sip->is_request) {
		ims_party_format(by, &found->hop->from);
		g_snprintf(name, sizeof(name), "the REGISTER");
	} else {
		ims_maker_format(by, found->hop);
		g_snprintf(name, sizeof(name), "the %u", sip->status);
	}
	ims_draft_summary(draft,
			  "P-Associated-URI in %s of %s for %.*s is malformed: "
			  "%s",
			  name, by,
			  IMS_SLICE_ARG(ims_registrant(check->attempt)),
			  found->flaw);
	ims_draft_evidence(draft, found->message, "P-Associated-URI: %.*s",
			   IMS_SLICE_ARG(text));
	ims_draft_string(draft, "uri", text);
	ims_draft_text(draft, "flaw", found->flaw);
	ims_draft_text(draft, "message",
		       sip->is_request ? "REGISTER" : "response");
	ims_draft_text(draft, "sent_by", by);
}

static void check_associated_uri(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	struct malformed found = {0};

	for (unsigned i = 0; attempt->ims && i < attempt->n_journeys; i++)
		if (find_malformed(&found, attempt->journeys[i])) {
			tell_malformed(check, &found);
			return;
		}
}

static const struct ims_rule associated_uri_malformed = {
	.slug = "associated_uri_malformed",
	.family = "Registration",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_NEVER,
	.title = "P-Associated-URI cannot be read",
	.explain = "P-Associated-URI is a list of addresses, each with "
		   "brackets of its own. One that does not parse is lost to "
		   "the UE or the application server, and a strict one "
		   "refuses the message. Kamailio's ims_isc before the "
		   "mending of its issue 4291 writes tel: URIs into the "
		   "brackets of the sip: URI ahead of them in third-party "
		   "REGISTERs.",
	.recognised =
		"An element of P-Associated-URI, in a response to REGISTER or "
		"in a third-party REGISTER of the IMS, with a second URI in "
		"its brackets, with a bracket that has no partner, without a "
		"scheme, or a sip: URI without host or a tel: URI without "
		"number. A comma in a user part is legal. Told once for each "
		"attempt, of the copy nearest to who wrote it.",
	.advice = "If an S-CSCF of Kamailio wrote it into a third-party "
		  "REGISTER, update it, or take the header field out on the "
		  "application server's side before it is parsed. Otherwise "
		  "look at the identities in the profile (SAA, User-Data): "
		  "each Identity has to be one URI.",
	.specs = IMS_SPECS("RFC 7315 4.1", "RFC 3261 20.10"),
	.facts = IMS_FACT_KEYS(
		{"uri", IMS_FACT_STRING, "the element as written"},
		{"flaw", IMS_FACT_STRING, "what is wrong with it"},
		{"message", IMS_FACT_STRING, "REGISTER or response"},
		{"sent_by", IMS_FACT_STRING, "who wrote it"}),
	.needs = IMS_SIGN_IMS,
	.check = check_associated_uri,
};

static const struct ims_rule *const rules[] = {
	&associated_uri_malformed,
};

const struct ims_rule_list ims_rules_associated_uris = {rules,
							G_N_ELEMENTS(rules)};
