// SPDX-License-Identifier: GPL-2.0-or-later
/* Registration: the challenge, and what the UE made of it. */
#include "family.h"
#include "registrant.h"

#define FAMILY "Registration"

static const char *nonce_verdict(const struct ims_sip_auth *challenge)
{
	if (!ims_slice_starts_nocase(challenge->algorithm, "AKAv"))
		return "no AKA challenge";
	return ims_nonce_bytes(challenge->nonce) >= IMS_RAND_AUTN
		       ? "holds RAND and AUTN"
		       : "too short for RAND and AUTN";
}

/* The P-CSCF puts Security-Server in: behind it there is none to see. */
static const char *server_verdict(const struct ims_hop *hop,
				  const struct ims_sip_facts *challenge)
{
	const struct ims_sip_facts *request = ims_sip(hop->request);

	if (hop->depth > 1)
		return "the UE's leg is not in the capture";
	if (!request || !request->security_client.n)
		return "no agreement was offered";
	return challenge->security_server.n ? "present" : "missing";
}

/* What reached the UE is seen on its leg, where that leg is captured. */
static bool is_seen_by_ue(const struct ims_journey *journey,
			  const struct ims_hop *challenged)
{
	return challenged->depth == ims_journey_first(journey)->depth;
}

static bool has_credentials(const struct ims_sip_facts *request)
{
	return request && !ims_slice_is_empty(request->authorization->response);
}

/* Without AKA there is no card that drops a challenge, and without IMS no
   agreement: it is the password, or a user who gave up. */
static void tell_digest(struct ims_draft *draft,
			const struct ims_attempt *attempt, bool is_again)
{
	ims_draft_summary(draft, "%.*s %s",
			  IMS_SLICE_ARG(ims_registrant(attempt)),
			  is_again ? "answered its challenge, was challenged "
				     "anew, and sent no more"
				   : "was challenged and did not answer");
	ims_draft_advice(
		draft, "%s",
		is_again
			? "A second challenge refuses the first answer: "
			  "compare user name, realm and password of the client "
			  "with the registrar's (its log says which), unless "
			  "the challenge says stale=true: then the client "
			  "should have answered anew."
			: "See why the client sends no credentials: it has "
			  "none for this realm, does not know the algorithm of "
			  "the challenge, or never got the challenge (compare "
			  "the address that its Via gives with where the "
			  "response went).");
}

static void check_challenge_unanswered(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_hop *hop = NULL;
	const struct ims_facts *challenge;
	struct ims_draft *draft;
	const char *nonce;
	const char *server;

	if (!ims_is_own(attempt) || attempt->outcome != IMS_OUTCOME_CHALLENGED)
		return;
	challenge = ims_journey_challenge(ims_attempt_last(attempt), &hop);
	if (!challenge || !is_seen_by_ue(ims_attempt_last(attempt), hop))
		return;
	nonce = nonce_verdict(challenge->sip->challenge);
	server = server_verdict(hop, challenge->sip);
	draft = ims_fire(check);
	if (attempt->ims)
		ims_draft_summary(draft,
				  "%.*s was challenged and did not answer "
				  "(nonce: %s; Security-Server: %s)",
				  IMS_SLICE_ARG(ims_registrant(attempt)), nonce,
				  server);
	else
		tell_digest(draft, attempt,
			    has_credentials(ims_sip(hop->request)));
	ims_draft_evidence(draft, hop->request, "REGISTER%s",
			   has_credentials(ims_sip(hop->request))
				   ? " with credentials"
				   : "");
	ims_draft_evidence(draft, challenge, "%u %.*s; no REGISTER follows",
			   challenge->sip->status,
			   IMS_SLICE_ARG(challenge->sip->reason_phrase));
	ims_draft_text(draft, "nonce", nonce);
	ims_draft_text(draft, "security_server", server);
	ims_draft_string(draft, "algorithm",
			 challenge->sip->challenge->algorithm);
	if (hop->depth > 1 || !attempt->began_anew)
		ims_draft_likely(draft);
}

static const struct ims_rule challenge_unanswered = {
	.slug = "challenge_unanswered",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_SILENCE,
	.is_echo = true,
	.title = "The challenge was never answered",
	.explain =
		"The UE got 401 and sent no second REGISTER. A UE drops a "
		"challenge in silence when AUTN does not check (wrong K, OP or "
		"OPc in the HSS, or the wrong application on the card), or "
		"when it wanted a security agreement and none came.",
	.recognised =
		"The last response of the attempt is a challenge, no REGISTER "
		"follows it for 32 s of capture or the UE begins anew. Not "
		"when the UE goes on with other requests or in ESP that could "
		"not be read, when its stream has a hole in the capture, or "
		"when its leg is captured and shows no challenge, and not "
		"where the capture plainly lacks one message of a hundred or "
		"more since the attempt began: the answer may be among them.",
	.advice =
		"Compare K, OPc (or OP) and AMF of the card with those in the "
		"HSS (PyHSS: its AuC entry; Open5GS and FHoSS: the "
		"subscriber's; osmo-auc-gen computes AUTN from them), and "
		"which application (ISIM or USIM) the UE uses. If "
		"Security-Server is missing although the UE offered "
		"Security-Client, look at the P-CSCF (Kamailio: WITH_IPSEC and "
		"ims_ipsec_pcscf). If the nonce is too short, look at the "
		"scheme the HSS gave in MAA.",
	.specs =
		IMS_SPECS("TS 24.229 5.1.1.5", "TS 33.203 6.1", "RFC 3310 3.3"),
	.facts = IMS_FACT_KEYS(
		{"nonce", IMS_FACT_STRING, "what the nonce looks like"},
		{"security_server", IMS_FACT_STRING, "Security-Server in it"},
		{"algorithm", IMS_FACT_STRING, "algorithm of the challenge"}),
	.needs = IMS_SIGN_OWN | IMS_SIGN_FAILED,
	.check = check_challenge_unanswered,
};

#define LOOP_LEAST 3

static void check_challenge_loop(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_hop *hop = NULL;
	struct ims_draft *draft;
	unsigned run = 0;
	unsigned longest = 0;

	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		run = ims_journey_challenge(attempt->journeys[i], NULL)
			      ? run + 1
			      : 0;
		longest = MAX(longest, run);
	}
	if (!ims_is_own(attempt) || longest < LOOP_LEAST)
		return;
	draft = ims_fire(check);
	ims_draft_summary(draft, "%.*s was challenged %u times in a row",
			  IMS_SLICE_ARG(ims_registrant(attempt)), longest);
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_facts *challenge =
			ims_journey_challenge(attempt->journeys[i], &hop);

		ims_draft_evidence(draft, challenge, "challenge to CSeq %u",
				   attempt->journeys[i]->cseq);
	}
	ims_draft_integer(draft, "challenges", longest);
	if (attempt->outcome == IMS_OUTCOME_REGISTERED ||
	    attempt->outcome == IMS_OUTCOME_DEREGISTERED)
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
}

static const struct ims_rule challenge_loop = {
	.slug = "challenge_loop",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_LOOP,
	.title = "Challenged again and again",
	.explain = "The S-CSCF answered REGISTER after REGISTER with a new "
		   "challenge. It does not accept the responses, does not see "
		   "that the request is protected, or lost the vector it had "
		   "sent.",
	.recognised = "Three or more challenges in a row in one attempt; a "
		      "warning when it succeeded in the end.",
	.advice =
		"A plain registrar challenges again when the password is "
		"wrong (Kamailio's auth, Asterisk): compare it, the user name "
		"and the realm. Then see whether each REGISTER answers the "
		"nonce of the challenge before it; whether a proxy strips or "
		"folds Authorization; "
		"whether two S-CSCFs share the load without sharing vectors; "
		"and whether the P-CSCF adds integrity-protected=\"yes\".",
	.specs = IMS_SPECS("TS 24.229 5.4.1.2", "RFC 3261 22.2"),
	.facts = IMS_FACT_KEYS(
		{"challenges", IMS_FACT_INTEGER, "how many in a row"}),
	.needs = IMS_SIGN_OWN | IMS_SIGN_CHALLENGE,
	.check = check_challenge_loop,
};

static const struct ims_rule *const rules[] = {
	&challenge_unanswered,
	&challenge_loop,
};

const struct ims_rule_list ims_rules_challenges = {rules, G_N_ELEMENTS(rules)};
