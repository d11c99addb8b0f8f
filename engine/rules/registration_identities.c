// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names in a registration: the home domain that the UE asks for, and the
 * identities that are told of it.
 */
#include "family.h"
#include "register_legs.h"
#include "registrant.h"
#include "request.h"
#include "sip_scan.h"

#define FAMILY "Registration"

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

	/* TS 23.003 D: names of the public DNS; not judged. */
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

/*
 * What is wrong with a name that means to be a home domain derived from an
 * IMSI; NULL: nothing, or it is another name, as operators' own domains are.
 */
static const char *flaw_of_domain(struct ims_slice host)
{
	struct domain domain;
	const char *flaw;

	if (!has_text(host, "3gpp") || !split_domain(&domain, host))
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
};

static void look_at(struct names *names, const char *where,
		    struct ims_slice host)
{
	const char *flaw;

	if (host.len > 0 && host.at[host.len - 1] == '.')
		host.len--;
	flaw = flaw_of_domain(host);
	if (!flaw)
		return;
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
	memset(names, 0, sizeof(*names));
	if (request->n_vias <= 2)
		look_at(names, "Request-URI", request->request_uri.host);
	look_at(names, "To", request->to.host);
	look_at(names, "From", request->from.host);
	look_at(names, "realm", request->authorization.realm);
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
	struct names names;

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
	.family = FAMILY,
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
	.specs = IMS_SPECS("TS 23.003 13.2", "TS 24.229 5.1.1.1A"),
	.facts = IMS_FACT_KEYS(
		{"domain", IMS_FACT_STRING, "the name as written"},
		{"flaw", IMS_FACT_STRING, "what is wrong with it"},
		{"expected", IMS_FACT_STRING, "what it should be"},
		{"where", IMS_FACT_STRINGS,
		 "where it stands: Request-URI, To, From, realm"}),
	.check = check_home_domain,
};

static const char *const schemes[] = {"sip:", "sips:", "tel:", "urn:"};

/* A comma is legal in a user part; ", tel:" begins another URI. */
static bool holds_two(struct ims_slice uri)
{
	for (size_t i = 0; i < uri.len; i++) {
		struct ims_slice rest = ims_slice_trim(
			ims_slice(uri.at + i + 1, uri.len - i - 1));

		if (uri.at[i] != ',')
			continue;
		for (size_t k = 0; k < G_N_ELEMENTS(schemes); k++)
			if (ims_slice_starts_nocase(rest, schemes[k]))
				return true;
	}
	return false;
}

static bool has_unquoted(struct ims_slice text, char c)
{
	return ims_sip_find_unquoted(text, c) < text.len;
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
};

static bool find_in_message(struct malformed *found, const struct ims_hop *hop,
			    const struct ims_facts *message)
{
	const struct ims_sip_facts *sip = ims_sip(message);

	for (size_t i = 0; sip && i < sip->associated_uris.n; i++) {
		const char *flaw = flaw_of_uri(&sip->associated_uris.at[i]);

		if (!flaw)
			continue;
		found->message = message;
		found->hop = hop;
		found->address = &sip->associated_uris.at[i];
		found->flaw = flaw;
		return true;
	}
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
	struct malformed found;

	for (unsigned i = 0; attempt->ims && i < attempt->n_journeys; i++)
		if (find_malformed(&found, attempt->journeys[i])) {
			tell_malformed(check, &found);
			return;
		}
}

static const struct ims_rule associated_uri_malformed = {
	.slug = "associated_uri_malformed",
	.family = FAMILY,
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
	.check = check_associated_uri,
};

static const struct ims_rule *const rules[] = {
	&home_domain_malformed,
	&associated_uri_malformed,
};

const struct ims_rule_list ims_rules_registration_identities = {
	rules, G_N_ELEMENTS(rules)};
