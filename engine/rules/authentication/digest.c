// SPDX-License-Identifier: GPL-2.0-or-later
/* SIP Digest (TS 33.203 annex N): password, or S-CSCF. */
#include "family.h"
#include "verdict.h"

#define FAMILY "Authentication"

static void check_digest_wrong(struct ims_check *check)
{
	struct ims_verdict verdict;
	struct ims_draft *draft;

	if (!ims_verdict_find(&verdict, check->attempt, IMS_PROOF_WRONG, false))
		return;
	draft = ims_verdict_fire(check, &verdict, "does not follow from");
	ims_draft_summary(draft,
			  "the digest response for %.*s is wrong: the "
			  "password in the UE is not the one in the HSS",
			  IMS_SLICE_ARG(check->attempt->impi));
}

static const struct ims_rule digest_wrong_response = {
	.slug = "digest_wrong_response",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_CREDENTIALS,
	.title = "The UE's digest response is wrong",
	.explain = "The response in the REGISTER was computed again from the "
		   "Digest-HA1 that the MAA carried: they do not agree. "
		   "Password, user name or realm differ between UE and HSS.",
	.recognised = "MAA with Digest-HA1, SIP Digest with MD5, qop none, "
		      "auth or auth-int, the digest-uri as written (it need "
		      "not be the Request-URI); the response does not follow, "
		      "and 401 or 403 came, without stale=true. Not of "
		      "credentials that came before the MAA, nor where a SAR "
		      "left for it, or qop stands without nc or cnonce. A "
		      "warning when a later REGISTER of the attempt did "
		      "better.",
	.advice = "Set the same password in the UE and in the HSS for this "
		  "IMPI. HA1 is over user name, realm and password: check "
		  "that the UE's user name is the IMPI and that the HSS made "
		  "HA1 for this realm.",
	.specs = IMS_SPECS("RFC 2617 3.2.2", "RFC 3261 22.4", "TS 29.228 6.3"),
	.facts = IMS_VERDICT_KEYS,
	.needs = IMS_SIGN_CREDENTIALS_REFUSED,
	.check = check_digest_wrong,
};

static void check_digest_refused(struct ims_check *check)
{
	struct ims_verdict verdict;
	struct ims_draft *draft;

	if (!ims_verdict_find(&verdict, check->attempt, IMS_PROOF_RIGHT, false))
		return;
	draft = ims_verdict_fire(check, &verdict, "follows from");
	ims_draft_summary(draft,
			  "the digest response for %.*s is right, and the "
			  "S-CSCF refused it all the same",
			  IMS_SLICE_ARG(check->attempt->impi));
}

static const struct ims_rule digest_response_refused = {
	.slug = "digest_response_refused",
	.family = FAMILY,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_CREDENTIALS,
	.title = "A right digest response was refused",
	.explain = "The response in the REGISTER follows from the Digest-HA1 "
		   "that the MAA carried, and it answers the latest "
		   "challenge: the password is right. The S-CSCF no longer "
		   "had the vector or the nonce that it had sent, or reads "
		   "qop, nc or the digest-uri differently.",
	.recognised =
		"As digest_wrong_response, with a response that does follow, "
		"on every captured leg, and answers the latest challenge; the "
		"S-CSCF said 401 or 403 to it and no SAR left. A 5xx is no "
		"refusal, nor is a 401 with stale=true (nonce_stale), nor "
		"what another node answered; likely where legs before the "
		"S-CSCF alone are captured. Not where the capture has a hole "
		"in the S-CSCF's connection to the HSS since that REGISTER, "
		"or lacks the MAR. A warning when the attempt succeeded after "
		"all, and where a 403 does not speak of authentication: then "
		"it may be policy, or a SAR that is not in the capture.",
	.advice = "Leave the password alone and read the S-CSCF's log of that "
		  "Call-ID. Kamailio looks for a vector with that nonce for "
		  "the IMPI: compare the time between challenge and answer "
		  "with auth_vector_timeout of ims_auth, see whether one "
		  "S-CSCF challenged and another was asked, and whether it "
		  "happens under load (the challenge may leave before its "
		  "vector is stored; the UE's next try then succeeds).",
	.specs = IMS_SPECS("RFC 2617 3.2.2", "RFC 3261 22.4",
			   "TS 24.229 5.4.1.2"),
	.facts = IMS_VERDICT_KEYS,
	.needs = IMS_SIGN_CREDENTIALS_REFUSED,
	.check = check_digest_refused,
};

static const struct ims_rule *const rules[] = {
	&digest_wrong_response,
	&digest_response_refused,
};

const struct ims_rule_list ims_rules_digest = {rules, G_N_ELEMENTS(rules)};
