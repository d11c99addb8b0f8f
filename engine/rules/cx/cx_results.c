// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the HSS answered, in the words of Cx: 3GPP's Experimental-Results and
 * RFC 4740's Result-Codes for the same conditions.
 */
#include <inttypes.h>

#include "cx_results.h"

static void append_slice(GString *sentence, const char *before,
			 struct ims_slice text)
{
	if (!ims_slice_is_empty(text))
		g_string_append_printf(sentence, "%s%.*s", before,
				       IMS_SLICE_ARG(ims_cx_shown(text)));
}

static void add_realm(struct ims_result_tale *tale)
{
	append_slice(tale->sentence, " in realm ",
		     tale->cx->about.destination_realm);
}

static const struct ims_rule cx_user_unknown = {
	.slug = "cx_user_unknown",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The HSS does not know the user",
	.explain =
		"The HSS has no subscription for the private or public "
		"identity that it was asked about. The identities come from "
		"the UE: of a SIM without ISIM they are derived from the IMSI "
		"and the PLMN.",
	.recognised =
		"UAA, MAA, SAA or LIA with Experimental-Result 5001 of 3GPP, "
		"or with Result-Code 5032 of RFC 4740. Not Result-Code 5001, "
		"which is DIAMETER_AVP_UNSUPPORTED.",
	.advice =
		"Look both identities up in the HSS exactly as they are "
		"written here, realm included. Provision the IMSI-derived "
		"IMPI and IMPU, and the MSISDN as further IMPUs of the same "
		"implicit set. Two digits of MNC stand as three in the realm "
		"(mnc001, not mnc01). Where the request had no Authorization, "
		"the CSCF derived the IMPI from the IMPU: an HSS that holds "
		"the IMPU under another IMPI says the same.",
	.specs = IMS_SPECS("TS 29.229 6.2.2.1", "TS 29.228 6.1.1",
			   "RFC 4740 10.1"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS),
};

static const struct ims_rule cx_identities_dont_match = {
	.slug = "cx_identities_dont_match",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The IMPU belongs to another IMPI",
	.explain = "The HSS knows the public identity, but not together with "
		   "this private identity.",
	.recognised =
		"UAA, MAA, SAA or LIA with Experimental-Result 5002 of 3GPP, "
		"or with Result-Code 5033 of RFC 4740. Not Result-Code 5002, "
		"DIAMETER_UNKNOWN_SESSION_ID.",
	.advice =
		"Associate the IMPU with this IMPI in the HSS, or correct the "
		"identity that the UE has (username in Authorization against "
		"To). A softphone often sends the IMPU's user part as "
		"username.",
	.specs = IMS_SPECS("TS 29.229 6.2.2.2", "TS 29.228 6.1.1",
			   "RFC 4740 10.1"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS),
};

/* TS 29.228 6.1.4: a LIR asks for someone who is called. */
static void add_not_registered(struct ims_result_tale *tale)
{
	if (tale->cx->command == IMS_COMMAND_LI)
		ims_draft_advice(
			tale->draft,
			"Nobody is registered under that identity, and it has "
			"no services for the unregistered state. Look whether "
			"its registration ended before (Expires, RTR), or "
			"whether the HSS lost it: then restore the S-CSCF's "
			"name there. The caller gets 480.");
	else if (tale->cx->command == IMS_COMMAND_SA)
		ims_draft_advice(
			tale->draft,
			"The HSS holds no registration for the S-CSCF to renew "
			"or end. After a restart of the HSS without its data, "
			"or two HSSs behind one name, the UE has to register "
			"anew: end the registration on the S-CSCF.");
}

static const struct ims_rule cx_identity_not_registered = {
	.slug = "cx_identity_not_registered",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The HSS has no registration for the identity",
	.explain =
		"The HSS knows the identity, but it is not registered there, "
		"and what was asked needs a registration.",
	.recognised =
		"UAA, SAA or LIA with Experimental-Result 5003 of 3GPP, or "
		"with Result-Code 5034 of RFC 4740. Not Result-Code 5003, "
		"which is DIAMETER_AUTHORIZATION_REJECTED.",
	.advice =
		"In a UAA this is the answer to a deregistration of someone "
		"who is not registered: see whether User-Authorization-Type "
		"is DE_REGISTRATION and why the UE or the P-CSCF thinks it is "
		"registered. For a registration the HSS is wrong to say so.",
	.specs = IMS_SPECS("TS 29.229 6.2.2.3", "TS 29.228 6.1.1",
			   "TS 29.228 6.1.4", "RFC 4740 10.1"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS),
};

/* "sip:alice@home.net;x" and "alice@home.net" have "home.net". */
static struct ims_slice domain_of(struct ims_slice identity)
{
	const char *at =
		identity.len ? memchr(identity.at, '@', identity.len) : NULL;
	struct ims_slice domain;
	size_t len = 0;

	if (!at)
		return ims_slice_of(NULL);
	domain = ims_slice(at + 1,
			   identity.len - (size_t)(at + 1 - identity.at));
	while (len < domain.len && !strchr(";>:", domain.at[len]))
		len++;
	domain.len = len;
	return domain;
}

static struct ims_slice home_domain(const struct ims_cx *cx)
{
	struct ims_slice home = domain_of(cx->about.impu);

	if (ims_slice_is_empty(home))
		home = domain_of(cx->about.impi);
	return ims_slice_is_empty(home) ? cx->about.destination_realm : home;
}

static void add_visited_network(struct ims_result_tale *tale)
{
	const struct ims_diameter_facts *request =
		ims_diameter(tale->cx->request);
	struct ims_slice home = home_domain(tale->cx);

	ims_draft_string(tale->draft, "home_domain", home);
	if (!request)
		return;
	ims_draft_string(tale->draft, "visited_network",
			 request->visited_network);
	append_slice(tale->sentence, ": Visited-Network-Identifier is ",
		     request->visited_network);
	append_slice(tale->sentence, ", the home domain ", home);
}

static const struct ims_rule cx_roaming_not_allowed = {
	.slug = "cx_roaming_not_allowed",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The HSS does not let the user in from that network",
	.explain =
		"The subscription does not allow the visited network that the "
		"P-CSCF put into P-Visited-Network-ID and the I-CSCF into "
		"Visited-Network-Identifier.",
	.recognised =
		"UAA, MAA, SAA or LIA with Experimental-Result 5004 of 3GPP, "
		"or with Result-Code 5035 of RFC 4740. Not where the request "
		"lacks an AVP and the HSS misuses the number "
		"(cx_mislabelled_result), nor Result-Code 5004, "
		"DIAMETER_INVALID_AVP_VALUE.",
	.advice = "Compare the visited network with the list that the HSS has "
		  "for this subscription, character for character. Either add "
		  "it there (FHoSS: visited networks of the IMPU), or correct "
		  "the name that the P-CSCF's script puts into "
		  "P-Visited-Network-ID.",
	.specs = IMS_SPECS("TS 29.229 6.2.2.4", "TS 29.228 6.1.1",
			   "RFC 7315 4.3", "RFC 4740 10.1"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS,
			       {"visited_network", IMS_FACT_STRING,
				"Visited-Network-Identifier of the request"},
			       {"home_domain", IMS_FACT_STRING,
				"domain of the subscriber's identity"}),
};

/* PyHSS lacks the subscriber when it says so under another application. */
static bool is_of_other_application(const struct ims_cx *cx)
{
	return cx->answer && ims_diameter(cx->request)->application_id !=
				     ims_diameter(cx->answer)->application_id;
}

static void add_server_name(struct ims_result_tale *tale)
{
	const struct ims_diameter_facts *request =
		ims_diameter(tale->cx->request);

	if (!request)
		return;
	if (is_of_other_application(tale->cx))
		ims_draft_advice(
			tale->draft,
			"The answer has another Application-Id than the "
			"request (cx_answer_other_application): PyHSS answers "
			"so, with 5005, where it does not have the subscriber. "
			"Provision its IMS subscriber with that IMSI and "
			"MSISDN before you look for another S-CSCF.");
	ims_draft_string(tale->draft, "server_name", request->server_name);
	append_slice(tale->sentence, "; the request named ",
		     request->server_name);
}

static const struct ims_rule cx_identity_already_registered = {
	.slug = "cx_identity_already_registered",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The identity is registered on another S-CSCF",
	.explain =
		"The HSS holds this identity as registered in a way that the "
		"request may not override: mostly it is assigned to another "
		"S-CSCF.",
	.recognised =
		"UAA, MAA, SAA or LIA with Experimental-Result 5005 of 3GPP, "
		"or with Result-Code 5036 of RFC 4740. Not where the request "
		"lacks an AVP and the HSS misuses the number "
		"(cx_mislabelled_result), nor Result-Code 5005, "
		"DIAMETER_MISSING_AVP.",
	.advice =
		"See which S-CSCF name the HSS has stored for the subscriber, "
		"and whether that S-CSCF still serves him. After an S-CSCF "
		"was renamed or replaced, clear the stored name (FHoSS: "
		"scscf_name and the state of the IMPU). Two S-CSCFs need the "
		"same Server-Name if they are one.",
	.specs = IMS_SPECS("TS 29.229 6.2.2.5", "TS 29.228 6.1.2",
			   "RFC 4740 10.1"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS, {"server_name", IMS_FACT_STRING,
						 "Server-Name of the request"}),
};

static void add_scheme(struct ims_result_tale *tale)
{
	const struct ims_diameter_facts *request =
		ims_diameter(tale->cx->request);

	if (!request || request->n_auth_items == 0)
		return;
	ims_draft_string(tale->draft, "scheme", request->auth_items[0].scheme);
	append_slice(tale->sentence, ": asked for was ",
		     request->auth_items[0].scheme);
}

static const struct ims_rule cx_auth_scheme_not_supported = {
	.slug = "cx_auth_scheme_not_supported",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The HSS does not do the authentication asked for",
	.explain =
		"The S-CSCF asked for an authentication scheme that the HSS "
		"does not support for this user, for instance AKA for one who "
		"has a password only.",
	.recognised =
		"UAA, MAA, SAA or LIA with Experimental-Result 5006 of 3GPP, "
		"or with Result-Code 5037 of RFC 4740.",
	.advice =
		"Compare SIP-Authentication-Scheme in the MAR with what the "
		"HSS has for the IMPI (FHoSS: the check boxes of the IMPI). "
		"The S-CSCF takes it from the UE's algorithm, else from its "
		"default (Kamailio ims_auth: registration_default_algorithm). "
		"A softphone with MD5 needs an IMPI with SIP Digest; a SIM "
		"needs Digest-AKAv1-MD5.",
	.specs = IMS_SPECS("TS 29.229 6.2.2.6", "TS 29.228 6.3",
			   "RFC 4740 10.1"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS,
			       {"scheme", IMS_FACT_STRING,
				"SIP-Authentication-Scheme of the request"}),
};

static void add_assignment_type(struct ims_result_tale *tale)
{
	const struct ims_diameter_facts *request =
		ims_diameter(tale->cx->request);
	const char *name;

	if (!request || request->assignment_type < 0)
		return;
	name = ims_assignment_type_name(request->assignment_type);
	ims_draft_text(tale->draft, "assignment_type", name);
	g_string_append_printf(
		tale->sentence, ": Server-Assignment-Type was %" PRId64 " (%s)",
		request->assignment_type, name ? name : "unknown");
}

static const struct ims_rule cx_wrong_assignment_type = {
	.slug = "cx_wrong_assignment_type",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The assignment does not fit the registration's state",
	.explain = "Server-Assignment-Type in the SAR is not allowed in the "
		   "state that the HSS has for the identity.",
	.recognised =
		"UAA, MAA, SAA or LIA with Experimental-Result 5007 of 3GPP, "
		"or with Result-Code 5038 of RFC 4740.",
	.advice =
		"S-CSCF and HSS disagree whether the identity is registered. "
		"Compare the type with the state in the HSS: RE_REGISTRATION "
		"and the deregistrations need one that is registered, on this "
		"S-CSCF. Clearing the state in the HSS (FHoSS: state and "
		"scscf_name) or on the S-CSCF brings both together.",
	.specs = IMS_SPECS("TS 29.229 6.2.2.7", "TS 29.228 6.1.2",
			   "RFC 4740 10.1"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS,
			       {"assignment_type", IMS_FACT_STRING,
				"Server-Assignment-Type of the SAR"}),
};

static const struct ims_rule cx_too_much_data = {
	.slug = "cx_too_much_data",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The profile is more than the S-CSCF can take",
	.explain =
		"The user's data is larger than what the receiver can process.",
	.recognised =
		"UAA, MAA, SAA or LIA with Experimental-Result 5008 of 3GPP, "
		"or with Result-Code 5039 of RFC 4740. Not Result-Code 5008, "
		"DIAMETER_AVP_NOT_ALLOWED.",
	.advice =
		"Make the service profile smaller: fewer initial filter "
		"criteria, shared ones where both sides know shared iFC sets.",
	.specs = IMS_SPECS("TS 29.229 6.2.2.8", "TS 29.228 6.1.2",
			   "RFC 4740 10.1"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS),
};

static const struct ims_rule cx_user_data_not_supported = {
	.slug = "cx_user_data_not_supported",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "The profile is in a form that was not understood",
	.explain = "The user's data has a form that the receiver does not "
		   "support.",
	.recognised =
		"UAA, MAA, SAA or LIA with Experimental-Result 5009 of 3GPP, "
		"or with Result-Code 5040 of RFC 4740. Not Result-Code 5009, "
		"DIAMETER_AVP_OCCURS_TOO_MANY_TIMES.",
	.advice =
		"Compare the versions of the Cx-User-Data schema on HSS and "
		"S-CSCF (TS 29.228 Annex E), and the content types listed for "
		"RFC 4740.",
	.specs = IMS_SPECS("TS 29.229 6.2.2.9", "TS 29.228 6.1.2",
			   "RFC 4740 10.1"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS),
};

static const struct ims_rule cx_feature_unsupported = {
	.slug = "cx_feature_unsupported",
	IMS_RESULT_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.title = "A feature that the CSCF requires is not supported",
	.explain =
		"The request had a Supported-Features AVP with the M bit, and "
		"the HSS lacks one of those features.",
	.recognised =
		"UAA, MAA, SAA or LIA with Experimental-Result 5011 of 3GPP. "
		"Not Result-Code 5011, DIAMETER_UNSUPPORTED_VERSION.",
	.advice =
		"Compare Supported-Features in request and answer, and switch "
		"the feature off on the CSCF or on in the HSS.",
	.specs = IMS_SPECS("TS 29.229 6.2.2"),
	.facts = IMS_FACT_KEYS(IMS_RESULT_KEYS),
};

/* Which result each is about, and what it says of whom it answers. */
static const struct ims_result_codes codes[] = {
	{
		.rule = &cx_user_unknown,
		.experimental = 5001,
		.rfc4740 = 5032,
		.meaning = "it knows no such user",
		.add = add_realm,
	},
	{
		.rule = &cx_identities_dont_match,
		.experimental = 5002,
		.rfc4740 = 5033,
		.meaning = "to the HSS that IMPU is not one of that IMPI",
	},
	{
		.rule = &cx_identity_not_registered,
		.experimental = 5003,
		.rfc4740 = 5034,
		.commands = IMS_ASKS(UA) | IMS_ASKS(SA) | IMS_ASKS(LI),
		.meaning = "the identity is not registered there",
		.add = add_not_registered,
	},
	{
		.rule = &cx_roaming_not_allowed,
		.experimental = 5004,
		.rfc4740 = 5035,
		.meaning = "the user may not register from there",
		.add = add_visited_network,
	},
	{
		.rule = &cx_identity_already_registered,
		.experimental = 5005,
		.rfc4740 = 5036,
		.meaning = "the identity is registered elsewhere",
		.add = add_server_name,
	},
	{
		.rule = &cx_auth_scheme_not_supported,
		.experimental = 5006,
		.rfc4740 = 5037,
		.meaning = "the authentication scheme is not supported",
		.add = add_scheme,
	},
	{
		.rule = &cx_wrong_assignment_type,
		.experimental = 5007,
		.rfc4740 = 5038,
		.meaning = "that assignment is not allowed in this state",
		.add = add_assignment_type,
	},
	{
		.rule = &cx_too_much_data,
		.experimental = 5008,
		.rfc4740 = 5039,
		.meaning = "there is more data than can be taken",
	},
	{
		.rule = &cx_user_data_not_supported,
		.experimental = 5009,
		.rfc4740 = 5040,
		.meaning = "the user's data is of a form it does not support",
	},
	{
		.rule = &cx_feature_unsupported,
		.experimental = 5011,
		.meaning =
			"a feature that the request demands is missing there",
	},
};

const struct ims_result_table ims_results_of_3gpp = {
	codes,
	sizeof(codes) / sizeof(codes[0]),
};

static const struct ims_rule *const rules[] = {
	&cx_user_unknown,
	&cx_identities_dont_match,
	&cx_identity_not_registered,
	&cx_roaming_not_allowed,
	&cx_identity_already_registered,
	&cx_auth_scheme_not_supported,
	&cx_wrong_assignment_type,
	&cx_too_much_data,
	&cx_user_data_not_supported,
	&cx_feature_unsupported,
};

const struct ims_rule_list ims_rules_cx_results = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
