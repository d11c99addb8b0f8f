// SPDX-License-Identifier: GPL-2.0-or-later
/* Registration: what the P-CSCF refuses for reasons of its own. */
#include <inttypes.h>

#include "cx/cx_reading.h"
#include "family.h"
#include "registrant.h"
#include "rejection.h"
#include "request.h"

#define REGISTRATION                                              \
	.family = "Registration", .severity = IMS_SEVERITY_ERROR, \
	.scope = IMS_SCOPE_REGISTRATION

/* What became of the P-CSCF's question to the PCRF. */
enum rx {
	RX_NONE,
	RX_UNANSWERED,
	RX_ERROR,
	RX_SUCCESS,
};

static const char *const rx_texts[] = {
	[RX_NONE] = "no AAR in the capture",
	[RX_UNANSWERED] = "AAR unanswered",
	[RX_ERROR] = "AAA with an error",
	[RX_SUCCESS] = "AAA with success",
};

/* The last AAR for the UE between the last REGISTER and its refusal. */
static const struct ims_cx *find_aar(const struct ims_attempt *attempt)
{
	int64_t since_ns = ims_attempt_last(attempt)->first_ns;
	const struct ims_cx *aar = ims_attempt_exchange(
		attempt, IMS_COMMAND_AA, attempt->final->time_ns);

	return aar && aar->request && aar->request->time_ns >= since_ns ? aar
									: NULL;
}

static enum rx rx_of(const struct ims_attempt *attempt,
		     const struct ims_cx *aar)
{
	if (!aar)
		return RX_NONE;
	if (!aar->answer || aar->answer->time_ns > attempt->final->time_ns)
		return RX_UNANSWERED;
	return ims_cx_succeeded(aar) ? RX_SUCCESS : RX_ERROR;
}

/* Words that only a refusal for want of QoS has: Kamailio's P-CSCF says
   "Can't register to QoS for signalling" and "Register N5 QoS authorization
   failed". */
static bool says_qos(const struct ims_sip_facts *final)
{
	static const char *const words[] = {"qos", "rx", "n5", "pcrf", "pcf"};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (ims_has_word(final->reason_phrase, words[i]))
			return true;
	return false;
}

/* The status names a reason of its own. */
static bool speaks_of_other(unsigned status)
{
	static const unsigned codes[] = {400, 407, 420, 421, 423, 439,
					 478, 482, 483, 494, 513};

	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		if (codes[i] == status)
			return true;
	return status < 400;
}

/* The REGISTER is not on its way to the core: it was not sent on since the
   AAR, and what was sent before has its answer. */
static bool is_held(const struct ims_journey *journey, int64_t since_ns)
{
	for (unsigned i = 0; i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];

		if (hop->depth > 1 &&
		    (hop->first_ns >= since_ns || !hop->final))
			return false;
	}
	return true;
}

/* Without a word of QoS the exchange itself must account for the refusal. */
static bool accounts_for(const struct ims_attempt *attempt,
			 const struct ims_cx *aar, enum rx rx)
{
	int64_t final_ns = attempt->final->time_ns;

	if (speaks_of_other(attempt->status) || !aar ||
	    !is_held(ims_attempt_last(attempt), aar->request->time_ns))
		return false;
	if (rx == RX_ERROR)
		return final_ns - aar->answer->time_ns < IMS_AT_ONCE;
	return rx == RX_UNANSWERED &&
	       final_ns - aar->request->time_ns >= IMS_CX_GIVES_UP &&
	       ims_cx_silence_is_proved(aar);
}

static void append_rx(GString *sentence, const struct ims_attempt *attempt,
		      const struct ims_cx *aar, enum rx rx)
{
	char ue[IMS_ENDPOINT_TEXT];
	char pcrf[IMS_ENDPOINT_TEXT];
	char result[IMS_CX_TEXT];

	/* N5 is HTTP/2, which is not read. */
	if (rx == RX_NONE && ims_has_word(attempt->reason, "n5"))
		return;
	ims_address_format(ue, &attempt->ue.address);
	if (rx == RX_NONE) {
		g_string_append_printf(sentence,
				       "; no AAR for %s is in the capture", ue);
		return;
	}
	ims_address_format(pcrf, &aar->about.answerer.address);
	if (rx == RX_UNANSWERED)
		g_string_append_printf(
			sentence, "; the AAR for %s to %s was not answered", ue,
			pcrf);
	else
		g_string_append_printf(sentence,
				       "; %s answered the AAR for %s with %s",
				       pcrf, ue, ims_cx_result(result, aar));
}

static void tell_aar(struct ims_draft *draft, const struct ims_cx *aar,
		     enum rx rx)
{
	char result[IMS_CX_TEXT];

	ims_draft_text(draft, "rx", rx_texts[rx]);
	if (!aar)
		return;
	ims_draft_evidence(draft, aar->request,
			   "AAR: the P-CSCF asks the PCRF for the UE's "
			   "address");
	if (rx == RX_UNANSWERED)
		return;
	ims_draft_evidence(draft, aar->answer, "AAA: %s",
			   ims_cx_result(result, aar));
	ims_draft_integer(draft, "rx_result", aar->about.result.code);
}

static void check_qos_refused(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_sip_facts *final = ims_sip(attempt->final);
	const struct ims_cx *aar;
	struct ims_draft *draft;
	GString *sentence;
	char by[IMS_PARTY_TEXT];
	enum rx rx;

	if (!attempt->ims || !ims_is_rejected(attempt) ||
	    !ims_is_refused_at_first(attempt))
		return;
	aar = find_aar(attempt);
	rx = rx_of(attempt, aar);
	if (!says_qos(final) && !accounts_for(attempt, aar, rx))
		return;
	draft = ims_fire(check);
	ims_party_format(by, &attempt->final_hop->to);
	sentence = g_string_new(NULL);
	g_string_append_printf(
		sentence,
		"%s refused the registration of %.*s for want of QoS: %u %.*s",
		by, IMS_SLICE_ARG(ims_registrant(attempt)), attempt->status,
		IMS_SLICE_ARG(ims_shown(attempt->reason)));
	append_rx(sentence, attempt, aar, rx);
	ims_draft_summary(draft, "%s", sentence->str);
	g_string_free(sentence, TRUE);
	tell_aar(draft, aar, rx);
	ims_tell_rejection(draft, attempt, by);
	if (!says_qos(final))
		ims_draft_likely(draft);
}

static const struct ims_rule register_qos_refused = {
	.slug = "register_qos_refused",
	REGISTRATION,
	.origin = IMS_ORIGIN_LAST_LEG,
	.title = "The P-CSCF could not get QoS for the signalling",
	.explain =
		"Before it lets a UE register, the P-CSCF asks the PCRF (Rx) "
		"or the PCF (N5) for the UE's signalling bearer. It got no "
		"answer, or a refusal, and refused the REGISTER itself: the "
		"core never decided. Experimental-Result 5065 says that the "
		"PCRF has no Gx session for the UE's address: a softphone, a "
		"UE behind NAT, a 5G core without PCRF, or a UE that uses "
		"another APN's address.",
	.recognised =
		"The refusal was made by the first node (no leg behind it has "
		"a refusal), and its reason phrase speaks of QoS, Rx, N5, PCRF "
		"or PCF; or, without such words, an AAR for the UE's address "
		"was answered with an error less than 1.5 s before, or was not "
		"answered for 2 s while its connection lived on, and the "
		"REGISTER was not on its way to the core. A refusal without a "
		"reason and without such an AAR is none.",
	.advice =
		"See whether the P-CSCF has a Diameter connection for "
		"application 16777236 (Kamailio: cdp.list_peers; "
		"pcscf.xml names peer, realm and application), and whether the "
		"PCRF has a Gx session for the UE's address (Framed-IP-Address "
		"in the AAR is the source of the REGISTER as the P-CSCF saw "
		"it; NAT changes it). With N5, see that BSF and PCF answer "
		"npcf-policyauthorization. Where there is no PCRF at all, run "
		"the P-CSCF without Rx (Kamailio: no WITH_RX; for 5G WITH_N5).",
	.specs = IMS_SPECS("TS 29.214 4.4.5", "TS 29.214 5.5"),
	.facts = IMS_FACT_KEYS(
		IMS_REJECTION_KEYS,
		{"rx", IMS_FACT_STRING, "what became of the AAR"},
		{"rx_result", IMS_FACT_INTEGER, "result in the AAA"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_FAILED,
	.check = check_qos_refused,
};

/* The challenge that the first node got and did not hand on. */
static const struct ims_hop *kept_challenge(const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	for (unsigned i = 0; i < last->n_hops; i++) {
		const struct ims_hop *hop = last->hops[i];
		int64_t age_ns;

		if (!hop->final || hop->above != attempt->final_hop ||
		    hop->final->sip->status != 401)
			continue;
		age_ns = attempt->final->time_ns - hop->final->time_ns;
		if (age_ns >= 0 && age_ns < IMS_AT_ONCE)
			return hop;
	}
	return NULL;
}

/* Kamailio: "Service Unavailable (Create ipsec failed)". */
static bool says_ipsec(const struct ims_sip_facts *final)
{
	return ims_has_word(final->reason_phrase, "ipsec");
}

static const char *offer_verdict(const struct ims_sip_facts *request)
{
	if (!request)
		return "not in the capture";
	return request->security_client.n ? "offered" : "missing";
}

static void tell_challenge(struct ims_draft *draft, const struct ims_hop *hop)
{
	const struct ims_sip_auth *challenge = hop->final->sip->challenge;
	bool has_keys = !ims_slice_is_empty(challenge->ck) &&
			!ims_slice_is_empty(challenge->ik);

	ims_draft_evidence(draft, hop->final,
			   "401 reaches the P-CSCF, %s CK and IK",
			   has_keys ? "with" : "without");
	ims_draft_boolean(draft, "has_keys", has_keys);
}

static void check_ipsec_setup_failed(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_sip_facts *final = ims_sip(attempt->final);
	const struct ims_sip_facts *request;
	const struct ims_hop *challenged;
	struct ims_draft *draft;
	char by[IMS_PARTY_TEXT];

	if (!attempt->ims || !ims_is_rejected(attempt) ||
	    !ims_is_refused_at_first(attempt) || attempt->status < 500 ||
	    attempt->status >= 600)
		return;
	request = ims_sip(attempt->final_hop->request);
	challenged = kept_challenge(attempt);
	if (!says_ipsec(final) &&
	    (!challenged || !request || !request->security_client.n))
		return;
	draft = ims_fire(check);
	ims_party_format(by, &attempt->final_hop->to);
	ims_draft_summary(
		draft,
		"%s could not set up the security association for %.*s: it "
		"answered %u %.*s itself%s",
		by, IMS_SLICE_ARG(ims_registrant(attempt)), attempt->status,
		IMS_SLICE_ARG(ims_shown(attempt->reason)),
		challenged ? " when the core's 401 had come" : "");
	if (challenged)
		tell_challenge(draft, challenged);
	ims_draft_evidence(draft, attempt->final, "%u %.*s to the UE",
			   attempt->status,
			   IMS_SLICE_ARG(ims_shown(attempt->reason)));
	ims_draft_integer(draft, "status", attempt->status);
	ims_draft_string(draft, "reason_phrase", attempt->reason);
	ims_draft_text(draft, "refused_by", by);
	ims_draft_text(draft, "security_client", offer_verdict(request));
	if (!says_ipsec(final))
		ims_draft_likely(draft);
}

static const struct ims_rule register_ipsec_setup_failed = {
	.slug = "register_ipsec_setup_failed",
	REGISTRATION,
	.origin = IMS_ORIGIN_AGREEMENT,
	.title = "The P-CSCF could not set up IPsec",
	.explain =
		"The core challenged the UE, but the P-CSCF answered with an "
		"error of its own in place of the 401: it could not make the "
		"security associations that the challenge's keys are for. "
		"There were no CK and IK in the 401, no SPI or port was left, "
		"it listens on no address of the UE's family, the UE's offer "
		"could not be used, or the kernel refused.",
	.recognised =
		"A 5xx made by the first node whose reason phrase speaks of "
		"IPsec; or any 5xx of its own less than 1.5 s after a 401 "
		"reached it from the core, when the UE had offered "
		"Security-Client. Not when a leg behind it shows a refusal "
		"besides the 401.",
	.advice =
		"See has_keys: without CK and IK in the 401 look at the MAA "
		"and the S-CSCF. Else look at the P-CSCF's log and pool "
		"(Kamailio: ims_ipsec_pcscf with ipsec_listen_addr for the "
		"UE's address family, ipsec_max_connections, which "
		"docker_open5gs sets to 10 by IPSEC_MAX_CONN in pcscf.cfg, and "
		"CAP_NET_ADMIN in containers; ip xfrm state shows what is "
		"there).",
	.specs = IMS_SPECS("TS 33.203 7.2", "TS 24.229 5.2.2"),
	.facts = IMS_FACT_KEYS(IMS_REJECTION_KEYS,
			       {"has_keys", IMS_FACT_BOOLEAN,
				"the core's 401 carried CK and IK"},
			       {"security_client", IMS_FACT_STRING,
				"Security-Client in the UE's REGISTER"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_FAILED,
	.check = check_ipsec_setup_failed,
};

static const struct ims_rule *const rules[] = {
	&register_qos_refused,
	&register_ipsec_setup_failed,
};

const struct ims_rule_list ims_rules_register_pcscf = {rules,
						       G_N_ELEMENTS(rules)};
