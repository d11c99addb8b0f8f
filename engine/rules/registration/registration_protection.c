// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether the S-CSCF is told that a REGISTER came on a security association:
 * it trusts nothing else (TS 24.229 5.4.1.2.2).
 */
#include "agreement/sec_agree.h"
#include "family.h"
#include "registrant.h"

/*
 * The request came to the P-CSCF on a security association: in ESP, or where
 * the agreement protects (a capture behind the decryption, or ESP that was
 * never set up). A card without keys for the challenge answers unprotected
 * (TS 24.229 5.1.1.5.3).
 */
static bool is_protected(const struct ims_check *check,
			 const struct ims_journey *journey)
{
	const struct ims_facts *request = ims_ue_request(journey);
	struct ims_agreed agreed;
	struct ims_port_uses uses;

	if (!request || !ims_slice_is_empty(request->sip->authorization->auts))
		return false;
	if (request->protected)
		return true;
	if (!ims_agreed_read(&agreed, check, ims_ue_leg(journey)))
		return false;
	ims_port_uses_read(&uses, &agreed, request);
	return (uses.pcscf & IMS_PORT_SERVER) != 0;
}

static bool says_protected(const struct ims_sip_auth *credentials)
{
	return !ims_slice_is_empty(credentials->integrity_protected) &&
	       !ims_slice_is_nocase(credentials->integrity_protected, "no");
}

/* The leg nearest to the S-CSCF, none having said that it was protected. */
static const struct ims_hop *find_unmarked(const struct ims_check *check,
					   const struct ims_journey *journey)
{
	const struct ims_hop *found = NULL;

	if (!is_protected(check, journey))
		return NULL;
	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->depth < 2 || !hop->request)
			continue;
		if (says_protected(hop->request->sip->authorization))
			return NULL;
		if (ims_message_is_whole(hop->request) &&
		    hop->request->sip->authorization->present)
			found = hop;
	}
	return found;
}

/* Kamailio's S-CSCF does not look at integrity-protected. */
static bool may_look_at_it(const struct ims_facts *challenge)
{
	struct ims_slice server = challenge->sip->server;

	return ims_slice_find_nocase(server, "kamailio") == server.len;
}

/* Protected, unmarked, and challenged all the same, though nothing is known
   to be wrong with the answer. */
static bool is_challenged_unmarked(const struct ims_check *check,
				   const struct ims_journey *journey)
{
	const struct ims_facts *challenge =
		ims_journey_challenge(journey, NULL);
	const struct ims_sip_facts *request;
	const struct ims_hop *maker;

	if (!challenge || !find_unmarked(check, journey))
		return false;
	maker = ims_journey_maker(journey, challenge);
	request = ims_ue_request(journey)->sip;
	return may_look_at_it(maker ? maker->final : challenge) &&
	       ims_response_proof(
		       request,
		       ims_attempt_vector(check->attempt,
					  request->authorization->nonce,
					  NULL)) != IMS_PROOF_WRONG;
}

/* So often, in a row and to the end, that it is what keeps the S-CSCF from
   going on. */
#define LOOP_LEAST 2

static bool explains_loop(const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	unsigned run = 0;

	if (attempt->outcome != IMS_OUTCOME_CHALLENGED)
		return false;
	for (unsigned i = 0; i < attempt->n_journeys; i++)
		run = is_challenged_unmarked(check, attempt->journeys[i])
			      ? run + 1
			      : 0;
	return run >= LOOP_LEAST;
}

static void tell_unmarked(struct ims_check *check,
			  const struct ims_journey *journey,
			  const struct ims_hop *hop)
{
	const struct ims_sip_auth *credentials =
		hop->request->sip->authorization;
	struct ims_slice value = credentials->integrity_protected;
	struct ims_draft *draft = ims_fire(check);
	const char *how = ims_slice_is_empty(value)
				  ? "without integrity-protected"
				  : "with integrity-protected=\"no\"";
	char pcscf[IMS_PARTY_TEXT];
	char to[IMS_PARTY_TEXT];

	ims_party_format(pcscf, &ims_ue_leg(journey)->to);
	ims_draft_summary(draft,
			  "The protected REGISTER of %.*s reaches %s %s: %s "
			  "does not say that it was protected",
			  IMS_SLICE_ARG(ims_registrant(check->attempt)),
			  ims_party_format(to, &hop->to), how, pcscf);
	ims_draft_evidence(draft, ims_ue_request(journey),
			   "REGISTER on the security association");
	ims_draft_evidence(draft, hop->request, "REGISTER %s", how);
	ims_draft_text(draft, "sent_by", pcscf);
	ims_draft_text(draft, "sent_to", to);
	if (!ims_slice_is_empty(value))
		ims_draft_string(draft, "value", value);
	if (explains_loop(check))
		ims_draft_likely(draft);
	else
		ims_draft_no_cause(draft);
}

static void check_integrity(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;

	if (!attempt->ims || !ims_is_own(attempt))
		return;
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_hop *hop =
			find_unmarked(check, attempt->journeys[i]);

		if (hop) {
			tell_unmarked(check, attempt->journeys[i], hop);
			return;
		}
	}
}

static const struct ims_rule integrity_protected_missing = {
	.slug = "integrity_protected_missing",
	.family = "Registration",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	/* Nearer than the refusal of an answer that is right. */
	.origin = IMS_ORIGIN_CREDENTIALS + 2,
	.title = "The S-CSCF is not told that a REGISTER was protected",
	.explain = "The P-CSCF tells the S-CSCF in Authorization whether a "
		   "REGISTER came on a security association: "
		   "integrity-protected=\"yes\". The S-CSCF trusts only that, "
		   "and has to challenge every REGISTER that is not marked, "
		   "the answer to its challenge too. Kamailio's S-CSCF does "
		   "not look at it, and its P-CSCF does not write it: both "
		   "together work, each with another maker's node may not.",
	.recognised =
		"A REGISTER that came to the P-CSCF in ESP, or to the port "
		"that the agreement of this UE protects, and whose copies "
		"behind the P-CSCF have Authorization without "
		"integrity-protected, or with \"no\". Not where no "
		"agreement stands, for an answer with auts, where no leg "
		"behind the P-CSCF is captured, nor where the message is cut. "
		"Told once for each attempt. It is the cause only "
		"when two REGISTERs or more so unmarked were challenged again "
		"to the end, nothing is known to be wrong with their "
		"answers and the S-CSCF is no Kamailio.",
	.advice =
		"Let the P-CSCF set integrity-protected=\"yes\" in "
		"Authorization of a REGISTER that came on the security "
		"association, and \"no\" in any other, and take out what a UE "
		"may have written there. Kamailio has no function for it: "
		"rewrite Authorization in the route for REGISTER (remove_hf "
		"and append_hf, as common scripts do with "
		"WWW-Authenticate).",
	.specs = IMS_SPECS("TS 24.229 5.2.2", "TS 24.229 5.4.1.2.2",
			   "TS 24.229 7.2A.2"),
	.facts = IMS_FACT_KEYS(
		{"sent_by", IMS_FACT_STRING, "the P-CSCF"},
		{"sent_to", IMS_FACT_STRING, "the last node captured"},
		{"value", IMS_FACT_STRING, "integrity-protected as it came"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN | IMS_SIGN_SECURITY,
	.check = check_integrity,
};

static const struct ims_rule *const rules[] = {
	&integrity_protected_missing,
};

const struct ims_rule_list ims_rules_register_protection = {
	rules, G_N_ELEMENTS(rules)};
