// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What was offered and what was chosen: Security-Client of a REGISTER beside
 * Security-Server of the answer to it, on the UE's own leg.
 */
#include "family.h"
#include "sec_agree.h"

/* One REGISTER on the UE's leg and its answer; each may be NULL. */
struct round {
	const struct ims_hop *leg;
	const struct ims_facts *request;
	const struct ims_facts *answer;
	const struct ims_sip_mechanisms *client; /* never NULL once read */
	const struct ims_sip_mechanisms *server;
};

static const struct ims_sip_mechanisms none;

static bool read_round(struct round *round, const struct ims_check *check,
		       unsigned place)
{
	const struct ims_attempt *attempt = check->attempt;

	if (!attempt->ims || attempt->kind == IMS_KIND_THIRD_PARTY)
		return false;
	round->leg = ims_ue_leg(attempt->journeys[place]);
	if (!round->leg)
		return false;
	round->request = ims_ue_request(attempt->journeys[place]);
	round->answer = ims_message_is_whole(round->leg->final)
				? round->leg->final
				: NULL;
	round->client =
		round->request ? &round->request->sip->security_client : &none;
	round->server =
		round->answer ? &round->answer->sip->security_server : &none;
	return true;
}

static bool is_ipsec(const struct ims_sip_mechanism *mechanism)
{
	return ims_slice_is_nocase(mechanism->name, "ipsec-3gpp");
}

static bool same(struct ims_slice a, struct ims_slice b, const char *absent)
{
	if (!ims_slice_is_set(a))
		a = ims_slice_of(absent);
	if (!ims_slice_is_set(b))
		b = ims_slice_of(absent);
	return ims_slice_equal_nocase(a, b);
}

/* What is left out has a default: RFC 3329 A, TS 33.203 H. */
static bool fits(const struct ims_sip_mechanism *offered,
		 const struct ims_sip_mechanism *chosen)
{
	if (!ims_slice_equal_nocase(offered->name, chosen->name))
		return false;
	return !is_ipsec(offered) ||
	       (same(offered->alg, chosen->alg, "") &&
		same(offered->ealg, chosen->ealg, "null") &&
		same(offered->prot, chosen->prot, "esp") &&
		same(offered->mod, chosen->mod, "trans"));
}

static bool meet(const struct ims_sip_mechanisms *client,
		 const struct ims_sip_mechanisms *server)
{
	for (size_t i = 0; i < client->n; i++)
		for (size_t k = 0; k < server->n; k++)
			if (fits(&client->at[i], &server->at[k]))
				return true;
	return false;
}

/* "ipsec-3gpp hmac-sha-1-96/null", of all in the list. */
static void append_algorithms(GString *text,
			      const struct ims_sip_mechanisms *mechanisms)
{
	for (size_t i = 0; i < mechanisms->n; i++) {
		const struct ims_sip_mechanism *m = &mechanisms->at[i];
		struct ims_slice ealg = ims_slice_is_set(m->ealg)
						? m->ealg
						: ims_slice_of("null");

		g_string_append_printf(text, "%s%.*s", i ? ", " : "",
				       IMS_SLICE_ARG(ims_shown(m->name)));
		if (is_ipsec(m))
			g_string_append_printf(text, " %.*s/%.*s",
					       IMS_SLICE_ARG(ims_shown(m->alg)),
					       IMS_SLICE_ARG(ims_shown(ealg)));
	}
}

/* The two lists as evidence, and as the facts `offered` and `chosen`. */
static void tell_lists(struct ims_draft *draft, const struct round *round)
{
	GString *offered = g_string_new(NULL);
	GString *chosen = g_string_new(NULL);

	append_algorithms(offered, round->client);
	append_algorithms(chosen, round->server);
	ims_draft_evidence(draft, round->request, "Security-Client: %s",
			   offered->str);
	ims_draft_evidence(draft, round->answer, "Security-Server: %s",
			   chosen->str);
	ims_draft_text(draft, "offered", offered->str);
	ims_draft_text(draft, "chosen", chosen->str);
	g_string_free(offered, TRUE);
	g_string_free(chosen, TRUE);
}

static void tell_no_common(struct ims_check *check, const struct round *round)
{
	struct ims_draft *draft = ims_fire(check);
	GString *offered = g_string_new(NULL);
	GString *chosen = g_string_new(NULL);
	char party[IMS_PARTY_TEXT];

	append_algorithms(offered, round->client);
	append_algorithms(chosen, round->server);
	ims_draft_summary(
		draft, "%s chose %s, of which %.*s offered nothing (%s)",
		ims_party_format(party, &round->leg->to), chosen->str,
		IMS_SLICE_ARG(ims_shown(round->request->sip->from.uri)),
		offered->str);
	tell_lists(draft, round);
	if (ims_attempt_succeeded(check->attempt))
		ims_draft_severity(draft, IMS_SEVERITY_WARNING);
	g_string_free(offered, TRUE);
	g_string_free(chosen, TRUE);
}

static void check_sec_agree_no_common_algorithm(struct ims_check *check)
{
	struct round round;

	for (unsigned i = 0; i < check->attempt->n_journeys; i++) {
		if (!read_round(&round, check, i) || !round.client->n ||
		    !round.server->n || meet(round.client, round.server))
			continue;
		tell_no_common(check, &round);
		return;
	}
}

static const struct ims_fact_key lists_keys[] = {
	{"offered", IMS_FACT_STRING, "Security-Client: alg/ealg"},
	{"chosen", IMS_FACT_STRING, "Security-Server: alg/ealg"},
	{NULL, IMS_FACT_STRING, NULL},
};

static const struct ims_rule sec_agree_no_common_algorithm = {
	.slug = "sec_agree_no_common_algorithm",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_AGREEMENT,
	.title = "The P-CSCF chose what the UE did not offer",
	.explain = "The UE goes on with the first mechanism of "
		   "Security-Server that it knows. Here none is among those "
		   "that it offered: other algorithms for integrity or "
		   "encryption, or another mode. The UE gives up, or the two "
		   "ends encrypt differently and understand nothing.",
	.recognised =
		"On the UE's own leg no mechanism of Security-Server agrees "
		"with one of Security-Client in name, alg, ealg, prot and "
		"mod; what is left out is null, esp and trans. A warning "
		"where the registration succeeded all the same.",
	.advice = "Give both a common algorithm: hmac-sha-1-96 or hmac-md5-96 "
		  "with null is what most phones offer. Kamailio's "
		  "ims_ipsec_pcscf 5.6 takes the first mechanism that the UE "
		  "lists; later releases have ipsec_preferred_alg and "
		  "ipsec_preferred_ealg, and the configuration around it "
		  "may allow fewer than the UE has.",
	.specs = IMS_SPECS("RFC 3329 2.3.1", "TS 33.203 7.2"),
	.facts = lists_keys,
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN | IMS_SIGN_SECURITY,
	.check = check_sec_agree_no_common_algorithm,
};

/* q in thousandths (RFC 3261 25.1: at most three digits); -1: none. */
static int q_of(const struct ims_sip_mechanism *mechanism)
{
	struct ims_slice q = mechanism->q;
	int value;

	if (q.len == 0 || (q.at[0] != '0' && q.at[0] != '1'))
		return -1;
	value = (q.at[0] - '0') * 1000;
	for (size_t i = 2, unit = 100; i < q.len && unit; i++, unit /= 10) {
		if (q.at[i] < '0' || q.at[i] > '9')
			return -1;
		value += (q.at[i] - '0') * (int)unit;
	}
	return value;
}

static const struct ims_sip_mechanism *find_duplicate_q(
	const struct ims_sip_mechanisms *mechanisms)
{
	for (size_t i = 1; i < mechanisms->n; i++)
		for (size_t k = 0; k < i; k++)
			if (q_of(&mechanisms->at[i]) >= 0 &&
			    q_of(&mechanisms->at[i]) ==
				    q_of(&mechanisms->at[k]))
				return &mechanisms->at[i];
	return NULL;
}

static const struct ims_fact_key duplicate_q_keys[] = {
	{"header", IMS_FACT_STRING, "Security-Client or Security-Server"},
	{"q", IMS_FACT_STRING, "what two mechanisms have"},
	{NULL, IMS_FACT_STRING, NULL},
};

static bool tell_duplicate_q(struct ims_check *check,
			     const struct ims_facts *message,
			     const struct ims_sip_mechanisms *mechanisms,
			     const char *header)
{
	const struct ims_sip_mechanism *found = find_duplicate_q(mechanisms);
	struct ims_draft *draft;
	char party[IMS_ENDPOINT_TEXT];

	if (!found)
		return false;
	ims_endpoint_format(party, &message->source);
	draft = ims_fire(check);
	ims_draft_summary(draft,
			  "%s of %s gives two mechanisms the same q=%.*s",
			  header, party, IMS_SLICE_ARG(ims_shown(found->q)));
	ims_draft_evidence(draft, message, "%s: q=%.*s twice", header,
			   IMS_SLICE_ARG(ims_shown(found->q)));
	ims_draft_text(draft, "header", header);
	ims_draft_string(draft, "q", found->q);
	return true;
}

static void check_sec_agree_duplicate_q(struct ims_check *check)
{
	struct round round;

	for (unsigned i = 0; i < check->attempt->n_journeys; i++)
		if (read_round(&round, check, i) &&
		    (tell_duplicate_q(check, round.request, round.client,
				      "Security-Client") ||
		     tell_duplicate_q(check, round.answer, round.server,
				      "Security-Server")))
			return;
}

static const struct ims_rule sec_agree_duplicate_q = {
	.slug = "sec_agree_duplicate_q",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.title = "Two mechanisms with one preference",
	.explain = "q orders the mechanisms; all of a list must have "
		   "different ones. With two alike the other side cannot "
		   "know which goes first, and the two ends may choose "
		   "differently.",
	.recognised = "On the UE's own leg two mechanisms of one "
		      "Security-Client or Security-Server have q of the same "
		      "value (0.1 and 0.10 are one). Mechanisms without q "
		      "are not compared.",
	.advice = "Give each mechanism its own q where the list is made; a "
		  "UE had better send none.",
	.specs = IMS_SPECS("RFC 3329 2.2"),
	.facts = duplicate_q_keys,
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN | IMS_SIGN_SECURITY,
	.check = check_sec_agree_duplicate_q,
};

/* What an ipsec-3gpp mechanism lacks or has wrong. */
#define MAX_FAULTS 8

struct faults {
	char text[MAX_FAULTS][96];
	unsigned n;
	bool is_lacking; /* a parameter is absent or misspelt */
};

static void IMS_PRINTF(2, 3)
	add_fault(struct faults *faults, const char *fmt, ...)
{
	va_list args;

	if (faults->n == MAX_FAULTS)
		return;
	va_start(args, fmt);
	g_vsnprintf(faults->text[faults->n++], sizeof(faults->text[0]), fmt,
		    args);
	va_end(args);
}

/* "spi_c" and the like: no name of TS 33.203 H nor of RFC 3329 A. */
static bool is_misspelt(struct ims_slice name)
{
	static const char *const right[] = {
		"spi-c", "spi-s", "port-c", "port-s", "spi", "port1", "port2"};

	if (!ims_slice_starts_nocase(name, "spi") &&
	    !ims_slice_starts_nocase(name, "port"))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(right); i++)
		if (ims_slice_is_nocase(name, right[i]))
			return false;
	return true;
}

static void find_misspelt(struct faults *faults,
			  const struct ims_sip_mechanism *mechanism)
{
	struct ims_slice rest = mechanism->text;
	struct ims_parameter parameter;

	while (ims_parameter_next(&rest, &parameter))
		if (is_misspelt(parameter.name))
			add_fault(faults, "%.*s is no parameter",
				  (int)MIN(parameter.name.len, 32u),
				  parameter.name.at);
}

static void find_absent(struct faults *faults,
			const struct ims_sip_mechanism *m)
{
	struct ims_parameter old;
	unsigned before = faults->n;

	/* RFC 3329 A has one SPI, and ports that may be left out. */
	if (ims_parameter_find(&old, m->text, ims_slice_of("spi")))
		return;
	if (!m->has_spi_c)
		add_fault(faults, "no spi-c");
	if (!m->has_spi_s)
		add_fault(faults, "no spi-s");
	if (!m->has_port_c)
		add_fault(faults, "no port-c");
	if (!m->has_port_s)
		add_fault(faults, "no port-s");
	if (faults->n == before)
		return;
	faults->is_lacking = true;
	find_misspelt(faults, m);
}

/* RFC 4303 2.1: SPIs below 256 are reserved. */
static void find_wrong_spi(struct faults *faults,
			   const struct ims_sip_mechanism *m)
{
	if (m->has_spi_c && m->spi_c < 256)
		add_fault(faults, "spi-c=%u is below 256", m->spi_c);
	if (m->has_spi_s && m->spi_s < 256)
		add_fault(faults, "spi-s=%u is below 256", m->spi_s);
	if (m->has_spi_c && m->has_spi_s && m->spi_c == m->spi_s)
		add_fault(faults, "spi-c and spi-s are both %u", m->spi_c);
}

static void find_faults(struct faults *faults,
			const struct ims_sip_mechanisms *mechanisms)
{
	memset(faults, 0, sizeof(*faults));
	for (size_t i = 0; i < mechanisms->n && !faults->n; i++) {
		if (!is_ipsec(&mechanisms->at[i]))
			continue;
		find_absent(faults, &mechanisms->at[i]);
		find_wrong_spi(faults, &mechanisms->at[i]);
	}
}

/* The attempt came no further than the UE's leg. */
static bool ended_on_ue_leg(const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);

	if (attempt->outcome == IMS_OUTCOME_CHALLENGED)
		return true;
	return (attempt->outcome == IMS_OUTCOME_REJECTED ||
		attempt->outcome == IMS_OUTCOME_UNANSWERED) &&
	       last && last->n_hops == 1;
}

static const struct ims_fact_key parameter_keys[] = {
	{"header", IMS_FACT_STRING, "Security-Client or Security-Server"},
	{"faults", IMS_FACT_STRINGS, "what is wrong with it"},
	{"mechanisms", IMS_FACT_STRING, "the first mechanism as written"},
	{NULL, IMS_FACT_STRING, NULL},
};

static bool tell_faults(struct ims_check *check,
			const struct ims_facts *message,
			const struct ims_sip_mechanisms *mechanisms,
			const char *header)
{
	struct faults faults;
	struct ims_slice texts[MAX_FAULTS];
	struct ims_draft *draft;
	GString *all;
	char from[IMS_ENDPOINT_TEXT];

	find_faults(&faults, mechanisms);
	if (!message || !faults.n)
		return false;
	all = g_string_new(NULL);
	for (unsigned i = 0; i < faults.n; i++) {
		g_string_append_printf(all, "%s%s", i ? ", " : "",
				       faults.text[i]);
		texts[i] = ims_slice_of(faults.text[i]);
	}
	draft = ims_fire(check);
	ims_draft_summary(draft, "%s of %s: %s", header,
			  ims_endpoint_format(from, &message->source),
			  all->str);
	ims_draft_evidence(draft, message, "%s: %s", header, all->str);
	ims_draft_text(draft, "header", header);
	ims_draft_strings(draft, "faults", texts, faults.n);
	ims_draft_string(draft, "mechanisms", mechanisms->at[0].text);
	if (faults.is_lacking && ended_on_ue_leg(check->attempt))
		ims_draft_severity(draft, IMS_SEVERITY_ERROR);
	else
		ims_draft_no_cause(draft);
	g_string_free(all, TRUE);
	return true;
}

static void check_sec_agree_parameter_missing(struct ims_check *check)
{
	bool client = false;
	bool server = false;
	struct round round;

	for (unsigned i = 0; i < check->attempt->n_journeys; i++) {
		if (!read_round(&round, check, i))
			continue;
		client = client || tell_faults(check, round.request,
					       round.client, "Security-Client");
		server = server || tell_faults(check, round.answer,
					       round.server, "Security-Server");
	}
}

static const struct ims_rule sec_agree_parameter_missing = {
	.slug = "sec_agree_parameter_missing",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	.origin = IMS_ORIGIN_AGREEMENT,
	.title = "An SPI or port of the agreement is missing or wrong",
	.explain =
		"For ipsec-3gpp each side names the two SPIs and the two "
		"ports at which it receives. Without them the other side "
		"cannot set up its security associations. SPIs below 256 are "
		"reserved, and each of a pair needs its own.",
	.recognised =
		"On the UE's own leg a mechanism ipsec-3gpp of "
		"Security-Client or Security-Server lacks spi-c, spi-s, "
		"port-c or port-s (the old spi, port1 and port2 are taken "
		"too), or an SPI is below 256, or both are the same. An "
		"error where something is missing and the attempt came no "
		"further than that leg.",
	.advice = "Look at the message as it left its sender: a name "
		  "misspelt (spi_c for spi-c) is as good as missing. "
		  "Kamailio: ipsec_spi_id_start of ims_ipsec_pcscf is 100 "
		  "unless set; set it to 256 or more.",
	.specs = IMS_SPECS("TS 33.203 7.1", "RFC 4303 2.1"),
	.facts = parameter_keys,
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN | IMS_SIGN_SECURITY,
	.check = check_sec_agree_parameter_missing,
};

/* The one that the UE goes on with: greatest q, else the first. */
static const struct ims_sip_mechanism *chosen_of(
	const struct ims_sip_mechanisms *server)
{
	const struct ims_sip_mechanism *best = NULL;

	for (size_t i = 0; i < server->n; i++)
		if (is_ipsec(&server->at[i]) &&
		    (!best || q_of(&server->at[i]) > q_of(best)))
			best = &server->at[i];
	return best;
}

/* Deprecated since Release 12 (TS 33.203 H), and better ones. */
static const struct weakness {
	const char *weak;
	const char *better[4];
} integrity = {"hmac-md5-96", {"hmac-sha-1-96", "aes-gmac"}},
  encryption = {"des-ede3-cbc", {"aes-cbc", "aes-gcm"}};

static const char *better_of(const struct weakness *weakness,
			     struct ims_slice value)
{
	for (size_t i = 0; weakness->better[i]; i++)
		if (ims_slice_is_nocase(value, weakness->better[i]))
			return weakness->better[i];
	return NULL;
}

/* The better algorithm that was offered; NULL: what was chosen is well. */
static const char *find_better(const struct round *round,
			       const struct ims_sip_mechanism *chosen)
{
	bool weak_alg = ims_slice_is_nocase(chosen->alg, integrity.weak);
	bool weak_ealg = ims_slice_is_nocase(chosen->ealg, encryption.weak);
	const char *better = NULL;

	for (size_t i = 0; i < round->client->n && !better; i++) {
		const struct ims_sip_mechanism *m = &round->client->at[i];

		if (weak_alg && is_ipsec(m))
			better = better_of(&integrity, m->alg);
		if (!better && weak_ealg && is_ipsec(m))
			better = better_of(&encryption, m->ealg);
	}
	return better;
}

static const struct ims_fact_key weak_keys[] = {
	{"offered", IMS_FACT_STRING, "Security-Client: alg/ealg"},
	{"chosen", IMS_FACT_STRING, "Security-Server: alg/ealg"},
	{"better", IMS_FACT_STRING, "what could have been chosen"},
	{NULL, IMS_FACT_STRING, NULL},
};

static void check_sec_agree_weak_algorithm(struct ims_check *check)
{
	struct round round;

	for (unsigned i = 0; i < check->attempt->n_journeys; i++) {
		const struct ims_sip_mechanism *chosen;
		const char *better;
		struct ims_draft *draft;
		char party[IMS_PARTY_TEXT];

		if (!read_round(&round, check, i))
			continue;
		chosen = chosen_of(round.server);
		better = chosen ? find_better(&round, chosen) : NULL;
		if (!better)
			continue;
		draft = ims_fire(check);
		ims_draft_summary(
			draft, "%s chose %.*s/%.*s although the UE offered %s",
			ims_party_format(party, &round.leg->to),
			IMS_SLICE_ARG(ims_shown(chosen->alg)),
			IMS_SLICE_ARG(ims_shown(chosen->ealg)), better);
		tell_lists(draft, &round);
		ims_draft_text(draft, "better", better);
		return;
	}
}

static const struct ims_rule sec_agree_weak_algorithm = {
	.slug = "sec_agree_weak_algorithm",
	.family = "Security agreement",
	.severity = IMS_SEVERITY_NOTE,
	.scope = IMS_SCOPE_REGISTRATION,
	.title = "A weak algorithm was chosen though a better was offered",
	.explain = "hmac-md5-96 and des-ede3-cbc are deprecated. The UE "
		   "offered better ones; the P-CSCF prefers the old.",
	.recognised = "On the UE's own leg the mechanism of Security-Server "
		      "with the greatest q (else the first) has hmac-md5-96 "
		      "or des-ede3-cbc, and Security-Client has "
		      "hmac-sha-1-96, aes-gmac, or aes-cbc, aes-gcm.",
	.advice = "Let the P-CSCF prefer the better one. Kamailio's "
		  "ims_ipsec_pcscf 5.6 takes the first mechanism that the UE "
		  "lists; later releases have ipsec_preferred_alg and "
		  "ipsec_preferred_ealg.",
	.specs = IMS_SPECS("TS 33.203 7.1", "RFC 3329 2.3.1"),
	.facts = weak_keys,
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN | IMS_SIGN_SECURITY,
	.check = check_sec_agree_weak_algorithm,
};

static const struct ims_rule *const rules[] = {
	&sec_agree_no_common_algorithm,
	&sec_agree_duplicate_q,
	&sec_agree_parameter_missing,
	&sec_agree_weak_algorithm,
};

const struct ims_rule_list ims_rules_sec_agree_choice = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
