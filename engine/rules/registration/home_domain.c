// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The home domain that a UE registers in, where it is made of its IMSI.
 */
#include "family.h"
#include "registrant.h"
#include "request.h"

/* TS 23.003 13.2: ims.mnc<MNC>.mcc<MCC>.3gppnetwork.org, three digits each. */
#define CODE_DIGITS 3
#define MOST_LABELS 16

struct domain {
	struct ims_slice labels[MOST_LABELS];
	unsigned n;
	int mnc; /* place of its label; -1: none */
	int mcc;
};

/* "mnc" or "mcc" and nothing but digits. */
static bool is_code(struct ims_slice label, const char *name)
{
	if (label.len < 4 || !ims_slice_starts_nocase(label, name))
		return false;
	for (size_t i = 3; i < label.len; i++)
		if (label.at[i] < '0' || label.at[i] > '9')
			return false;
	return true;
}

static bool has_text(struct ims_slice s, const char *text)
{
	return ims_slice_find_nocase(s, text) < s.len;
}

/* False for what has too many labels to be such a name. */
static bool split_domain(struct domain *domain, struct ims_slice host)
{
	domain->n = 0;
	domain->mnc = domain->mcc = -1;
	while (host.len > 0) {
		const char *dot = memchr(host.at, '.', host.len);
		size_t len = dot ? (size_t)(dot - host.at) : host.len;
		struct ims_slice label = ims_slice(host.at, len);

		if (domain->n == MOST_LABELS)
			return false;
		if (is_code(label, "mnc") && domain->mnc < 0)
			domain->mnc = (int)domain->n;
		if (is_code(label, "mcc") && domain->mcc < 0)
			domain->mcc = (int)domain->n;
		domain->labels[domain->n++] = label;
		if (dot)
			len++;
		host = ims_slice(host.at + len, host.len - len);
	}
	return domain->n > 0;
}

static bool label_is(const struct domain *domain, int at, const char *text)
{
	return at >= 0 && (unsigned)at < domain->n &&
	       ims_slice_is_nocase(domain->labels[at], text);
}

static bool has_digits(const struct domain *domain, int at)
{
	return domain->labels[at].len == 3 + CODE_DIGITS;
}

/* What stands behind mnc and mcc. */
static const char *flaw_of_end(const struct domain *domain)
{
	int behind = MAX(domain->mnc, domain->mcc) + 1;
	int last = (int)domain->n - 1;

	/* Names in the public DNS (GSMA IR.67); not judged. */
	if (label_is(domain, behind, "pub"))
		return NULL;
	if (last == behind + 1 && label_is(domain, behind, "3gppnetwork") &&
	    label_is(domain, last, "org"))
		return NULL;
	return "it does not end in 3gppnetwork.org";
}

/* What stands ahead of them; subdomains of ims. are the operator's own. */
static const char *flaw_of_start(const struct domain *domain)
{
	int ahead = MIN(domain->mnc, domain->mcc) - 1;

	if (ahead < 0)
		return "ims. is missing in front";
	if (label_is(domain, ahead, "epc") || label_is(domain, ahead, "5gc"))
		return "it is the packet core's name, not that of the IMS";
	return NULL;
}

static bool has_digits_at(struct ims_slice host, size_t at)
{
	for (size_t i = at; i < at + CODE_DIGITS; i++)
		if (host.at[i] < '0' || host.at[i] > '9')
			return false;
	return true;
}

/* Letter by letter as the standard has it, which most are. */
static bool is_exact(struct ims_slice host)
{
	static const char form[] = "ims.mncNNN.mccNNN.3gppnetwork.org";

	return host.len == sizeof(form) - 1 && memcmp(host.at, form, 7) == 0 &&
	       has_digits_at(host, 7) &&
	       memcmp(host.at + 10, form + 10, 4) == 0 &&
	       has_digits_at(host, 14) &&
	       memcmp(host.at + 17, form + 17, sizeof(form) - 18) == 0;
}

/*
 * What is wrong with a name that means to be a home domain derived from an
 * IMSI; NULL: nothing, or it is another name, as operators' own domains are.
 */
static const char *flaw_of_domain(struct ims_slice host)
{
	struct domain domain;
	const char *flaw;

	if (is_exact(host) || !has_text(host, "3gpp") ||
	    !split_domain(&domain, host))
		return NULL;
	if (domain.mnc < 0 && domain.mcc < 0)
		return label_is(&domain, 0, "ims") && domain.n == 3 &&
				       label_is(&domain, 1, "3gppnetwork")
			       ? "mnc and mcc are missing"
			       : NULL;
	if (domain.mnc < 0)
		return "mnc is missing";
	if (domain.mcc < 0)
		return "mcc is missing";
	if (!has_digits(&domain, domain.mnc))
		return "mnc has not three digits";
	if (!has_digits(&domain, domain.mcc))
		return "mcc has not three digits";
	if (domain.mcc + 1 == domain.mnc)
		return "mcc stands ahead of mnc";
	if (domain.mnc + 1 != domain.mcc)
		return "mnc and mcc do not stand together";
	flaw = flaw_of_end(&domain);
	return flaw ? flaw : flaw_of_start(&domain);
}

/* "1" as "001"; digits beyond three are no code. False then. */
static bool pad_code(char out[CODE_DIGITS + 1], struct ims_slice label)
{
	size_t n = label.len - 3;

	if (n > CODE_DIGITS)
		return false;
	memset(out, '0', CODE_DIGITS);
	memcpy(out + CODE_DIGITS - n, label.at + 3, n);
	out[CODE_DIGITS] = '\0';
	return true;
}

/* "ims.mnc001.mcc001.3gppnetwork.org", or NULL where it cannot be told. To be
   freed. */
static char *right_domain(struct ims_slice host)
{
	struct domain domain;
	char mnc[CODE_DIGITS + 1];
	char mcc[CODE_DIGITS + 1];

	if (!split_domain(&domain, host) || domain.mnc < 0 || domain.mcc < 0 ||
	    !has_digits(&domain, domain.mcc) ||
	    !pad_code(mnc, domain.labels[domain.mnc]) ||
	    !pad_code(mcc, domain.labels[domain.mcc]))
		return NULL;
	return g_strdup_printf("ims.mnc%s.mcc%s.3gppnetwork.org", mnc, mcc);
}

#define PLACES 4

/* A REGISTER's names of the home domain, and which of them are flawed. */
struct names {
	struct ims_slice wrong;		/* the first flawed one */
	struct ims_slice where[PLACES]; /* "Request-URI", "To" */
	size_t n_where;
	const char *flaw;
	/* The last one that was found to be well: most of a UE's names are
	   one and the same. */
	struct ims_slice well;
};

static void look_at(struct names *names, const char *where,
		    struct ims_slice host)
{
	const char *flaw;

	if (host.len > 0 && host.at[host.len - 1] == '.')
		host.len--;
	if (host.len == 0 || ims_slice_equal(host, names->well))
		return;
	flaw = flaw_of_domain(host);
	if (!flaw) {
		names->well = host;
		return;
	}
	if (!names->flaw) {
		names->wrong = host;
		names->flaw = flaw;
	}
	names->where[names->n_where++] = ims_slice_of(where);
}

/* Behind the I-CSCF the Request-URI is the S-CSCF's. */
static void look_for_names(struct names *names,
			   const struct ims_sip_facts *request)
{
	if (request->n_vias <= 2)
		look_at(names, "Request-URI", request->request_uri.host);
	look_at(names, "To", request->to.host);
	look_at(names, "From", request->from.host);
	look_at(names, "realm", request->authorization->realm);
}

/* Refused as one whose domain is not served or not found, by whom has not
   asked the HSS. */
static bool may_be_refused_for_it(const struct ims_attempt *attempt)
{
	return attempt->outcome == IMS_OUTCOME_REJECTED &&
	       attempt->n_exchanges == 0 &&
	       (attempt->status == 403 || attempt->status == 404 ||
		attempt->status == 478 || attempt->status == 604);
}

static void tell_domain(struct ims_check *check, const struct names *names,
			const struct ims_facts *request)
{
	const struct ims_attempt *attempt = check->attempt;
	struct ims_slice wrong = ims_shown(names->wrong);
	struct ims_draft *draft = ims_fire(check);
	char *right = right_domain(names->wrong);

	ims_draft_summary(draft, "%.*s registers in the domain %.*s: %s%s%s",
			  IMS_SLICE_ARG(ims_registrant(attempt)),
			  IMS_SLICE_ARG(wrong), names->flaw,
			  right ? "; it should be " : "", right ? right : "");
	ims_draft_evidence(draft, request, "REGISTER; %.*s: %.*s",
			   IMS_SLICE_ARG(names->where[0]),
			   IMS_SLICE_ARG(wrong));
	ims_draft_string(draft, "domain", wrong);
	ims_draft_text(draft, "flaw", names->flaw);
	ims_draft_text(draft, "expected", right);
	ims_draft_strings(draft, "where", names->where, names->n_where);
	if (may_be_refused_for_it(attempt)) {
		ims_draft_evidence(draft, attempt->final, "%u %.*s",
				   attempt->status,
				   IMS_SLICE_ARG(ims_shown(attempt->reason)));
		ims_draft_likely(draft);
	} else {
		ims_draft_no_cause(draft);
	}
	g_free(right);
}

static void check_home_domain(struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	struct names names = {0};

	if (!attempt->ims || !ims_is_own(attempt))
		return;
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_facts *request =
			ims_journey_request(attempt->journeys[i]);

		if (!request)
			continue;
		look_for_names(&names, request->sip);
		if (names.flaw) {
			tell_domain(check, &names, request);
			return;
		}
	}
}

static const struct ims_rule home_domain_malformed = {
	.slug = "home_domain_malformed",
	.family = "Registration",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
	/* Nearer than the refusal, farther than a name that did not resolve. */
	.origin = IMS_ORIGIN_ECHO + 1,
	.title = "The home domain is not written as the IMSI gives it",
	.explain = "A UE without an ISIM makes its home domain of its IMSI: "
		   "ims.mnc<MNC>.mcc<MCC>.3gppnetwork.org, with three digits "
		   "each, an MNC of two digits getting a 0 in front. A name "
		   "near to that is found in no DNS and known to no HSS: mnc01 "
		   "instead of mnc001 is the usual one, from a tool or a "
		   "configuration that counts digits otherwise.",
	.recognised =
		"The domain in Request-URI, To, From or realm of a UE's "
		"REGISTER has 3gpp in it and is near to that form: mnc or mcc "
		"without three digits, swapped or missing, no ims. in front, "
		"epc. or 5gc. instead of it, another ending than "
		"3gppnetwork.org. An operator's own domain is right, "
		"names below ims. and in pub.3gppnetwork.org are not "
		"judged. It is the cause, likely, of a 403, 404, 478 or 604 "
		"that nothing else explains and before which the HSS was not "
		"asked.",
	.advice = "Compare the name with the IMSI, the zone in the DNS, "
		  "realm and domain in the CSCFs' configuration (Kamailio: "
		  "NETWORKNAME) and in the HSS: all have to write it in "
		  "one way, with three digits. On the UE look at the ISIM "
		  "(EF_DOMAIN, EF_IMPU) or the length of the MNC in EF_AD.",
	.specs = IMS_SPECS("TS 23.003 13.2"),
	.facts = IMS_FACT_KEYS(
		{"domain", IMS_FACT_STRING, "the name as written"},
		{"flaw", IMS_FACT_STRING, "what is wrong with it"},
		{"expected", IMS_FACT_STRING, "what it should be"},
		{"where", IMS_FACT_STRINGS,
		 "where it stands: Request-URI, To, From, realm"}),
	.needs = IMS_SIGN_IMS | IMS_SIGN_OWN,
	.check = check_home_domain,
};

static const struct ims_rule *const rules[] = {
	&home_domain_malformed,
};

const struct ims_rule_list ims_rules_home_domain = {rules, G_N_ELEMENTS(rules)};
