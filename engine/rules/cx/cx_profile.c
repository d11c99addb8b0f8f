// SPDX-License-Identifier: GPL-2.0-or-later
/* The user profile that the HSS hands out: missing, unreadable, or not of the
   identity that registers. */
#include <inttypes.h>

#include "cx_reading.h"
#include "family.h"
#include "index.h"

#define CX_RULE .family = "Cx", .scope = IMS_SCOPE_EXCHANGE

/* Values of Server-Assignment-Type (TS 29.229 6.3.15; RFC 4740 9.4). */
enum {
	REGISTRATION = 1,
	RE_REGISTRATION = 2,
	UNREGISTERED_USER = 3,
};

/* User-Data-Already-Available (TS 29.229 6.3.26; RFC 4740 9.13). */
#define DATA_NOT_AVAILABLE 0

static const struct ims_diameter_facts *whole_request(const struct ims_cx *cx)
{
	return ims_cx_is_cx(cx) && ims_cx_is_whole(cx->request)
		       ? ims_diameter(cx->request)
		       : NULL;
}

/* " (REGISTRATION)" behind the number, where it has a name. */
static void append_assignment(GString *sentence, int64_t type)
{
	const char *name = ims_assignment_type_name(type);

	if (name)
		g_string_append(sentence, name);
	else
		g_string_append_printf(sentence,
				       "Server-Assignment-Type %" PRId64, type);
}

/* TS 29.228 6.1.2: NO_ASSIGNMENT asks for the profile too; what ends a
   registration gets none. */
static bool asks_for_profile(const struct ims_diameter_facts *sar)
{
	return sar && sar->data_already_available == DATA_NOT_AVAILABLE &&
	       sar->assignment_type >= 0 &&
	       sar->assignment_type <= UNREGISTERED_USER;
}

static void check_no_user_profile(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_diameter_facts *sar = whole_request(cx);
	const struct ims_diameter_facts *saa = ims_cx_whole_answer(cx);
	struct ims_draft *draft;
	GString *sentence;

	if (cx->command != IMS_COMMAND_SA || !asks_for_profile(sar) || !saa ||
	    !ims_cx_succeeded(cx) || saa->profile.present)
		return;
	draft = ims_fire(check);
	sentence = ims_cx_begin(cx);
	g_string_append(sentence, " (");
	append_assignment(sentence, sar->assignment_type);
	g_string_append(
		sentence,
		") with success, but gave no User-Data, although the S-CSCF "
		"had said by User-Data-Already-Available 0 that it has none");
	ims_cx_tell(draft, cx);
	ims_draft_integer(draft, "assignment_type", sar->assignment_type);
	ims_draft_text(draft, "assignment",
		       ims_assignment_type_name(sar->assignment_type));
	ims_cx_finish(draft, sentence, ims_cx_explained_if_stuck(check));
}

static const struct ims_rule cx_no_user_profile = {
	.slug = "cx_no_user_profile",
	CX_RULE,
	.severity = IMS_SEVERITY_WARNING,
	.origin = IMS_ORIGIN_HSS,
	.title = "The HSS gives no user profile",
	.explain =
		"The profile tells the S-CSCF the identities that register "
		"together, which of them are barred, and which application "
		"servers to ask. Without one the S-CSCF has no "
		"P-Associated-URI to give and no services to run; some refuse "
		"the registration (500).",
	.recognised =
		"A whole SAA with success and without User-Data (606; 389 in "
		"RFC 4740) to a whole SAR with User-Data-Already-Available 0 "
		"and Server-Assignment-Type NO_ASSIGNMENT, REGISTRATION, "
		"RE_REGISTRATION or UNREGISTERED_USER. Not where the S-CSCF "
		"said that it has the profile (1), or did not say, and not "
		"for what ends a registration. It is the cause of a failure "
		"only where the S-CSCF then did not go on.",
	.advice = "In the HSS give the public identity a service profile and "
		  "put it into an implicit registration set (FHoSS: a service "
		  "profile at the IMPU; PyHSS: the template that the "
		  "subscriber's ifc_path names). If the profile is there, read "
		  "the HSS's log for why it could not be made into XML.",
	.specs = IMS_SPECS("TS 29.228 6.1.2", "TS 29.229 6.3.26",
			   "RFC 4740 8.4"),
	.facts = IMS_FACT_KEYS(IMS_CX_KEYS,
			       {"assignment_type", IMS_FACT_INTEGER,
				"Server-Assignment-Type of the SAR"},
			       {"assignment", IMS_FACT_STRING, "its name"}),
	.needs = IMS_SIGN_SA,
	.check = check_no_user_profile,
};

/* Who sends a profile sends it in SAA or PPR. NULL: none, or not all of it. */
static const struct ims_facts *profile_carrier(const struct ims_cx *cx)
{
	const struct ims_facts *carrier = NULL;

	if (ims_cx_is_cx(cx) && cx->command == IMS_COMMAND_SA)
		carrier = cx->answer;
	else if (ims_cx_is_cx(cx) && cx->command == IMS_COMMAND_PP)
		carrier = cx->request;
	return ims_cx_is_whole(carrier) &&
			       ims_diameter(carrier)->profile.present
		       ? carrier
		       : NULL;
}

/* RFC 4740 9.12 leaves the type of its user data open: there only what began
   as an IMSSubscription can be a bad one. */
static bool is_malformed(const struct ims_cx *cx,
			 const struct ims_profile *profile)
{
	if (cx->about.application == IMS_APPLICATION_RFC4740)
		return profile->is_subscription && !profile->well_formed;
	return !profile->is_subscription || !profile->well_formed;
}

static void check_user_profile_malformed(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_facts *carrier = profile_carrier(cx);
	const struct ims_profile *profile =
		carrier ? &ims_diameter(carrier)->profile : NULL;
	struct ims_draft *draft;
	GString *sentence;
	char who[IMS_CX_TEXT];
	char subject[IMS_CX_TEXT];

	if (!profile || !is_malformed(cx, profile))
		return;
	draft = ims_fire(check);
	sentence = g_string_new(NULL);
	g_string_append_printf(
		sentence, "The User-Data of %s in the %s for %s is %s",
		cx->command == IMS_COMMAND_SA ? ims_cx_answerer(who, cx)
					      : ims_cx_asker(who, cx),
		ims_command_name(cx->command, cx->command == IMS_COMMAND_PP),
		ims_cx_subject(subject, cx),
		profile->well_formed ? "XML, but no IMSSubscription"
				     : "not well-formed XML");
	if (!ims_slice_is_empty(profile->error))
		g_string_append_printf(
			sentence, ": \"%.*s\"",
			IMS_SLICE_ARG(ims_cx_shown(profile->error)));
	ims_cx_tell(draft, cx);
	ims_draft_boolean(draft, "well_formed", profile->well_formed);
	ims_draft_string(draft, "error", profile->error);
	ims_cx_finish(draft, sentence, ims_cx_explained_if_stuck(check));
}

static const struct ims_rule cx_user_profile_malformed = {
	.slug = "cx_user_profile_malformed",
	CX_RULE,
	.severity = IMS_SEVERITY_ERROR,
	.origin = IMS_ORIGIN_HSS,
	.title = "The user profile cannot be read",
	.explain =
		"User-Data is an XML document whose root is an "
		"IMSSubscription. One that a parser refuses gives the S-CSCF "
		"no identities and no services: it refuses the registration, "
		"or the subscriber registers and has no services.",
	.recognised =
		"User-Data of a whole SAA or PPR that is empty, not "
		"well-formed XML, or another document. In RFC 4740, where the "
		"type of user data is open, only a broken document that began "
		"as an IMSSubscription. Not a message that the capture holds "
		"in part, nor a document beyond the bounds of this reader: "
		"too large, in an encoding other than UTF-8 and ISO-8859, or "
		"with declarations of its own. It is the cause of a failure "
		"only where the S-CSCF then did not go on.",
	.advice = "Look at the subscriber's service profile in the HSS: an "
		  "\"&\" or \"<\" that was typed into a filter criterion or a "
		  "name and not escaped, a letter in another encoding than the "
		  "document says, a template edited by hand (PyHSS: the one "
		  "that ifc_path names). Take User-Data out of the packet and "
		  "let xmllint read it. An S-CSCF that checks it against a "
		  "schema (Kamailio's ims_registrar_scscf: user_data_dtd, "
		  "user_data_xsd) refuses more than this.",
	.specs = IMS_SPECS("TS 29.228 B.2.1", "TS 29.228 E", "TS 29.229 6.3.7"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS,
		{"well_formed", IMS_FACT_BOOLEAN,
		 "it is XML, but no IMSSubscription"},
		{"error", IMS_FACT_STRING, "what the XML parser says"}),
	.check = check_user_profile_malformed,
};

/* As identities are compared, whatever the case and escapes. NULL: not one
   that can be. g_free. */
static char *lenient_key(struct ims_slice identity)
{
	char *key = ims_identity_key(identity);
	char *plain = key ? g_uri_unescape_string(key, NULL) : NULL;
	char *lower = plain ? g_ascii_strdown(plain, -1) : NULL;

	g_free(key);
	g_free(plain);
	return lower;
}

/* RFC 3966 5.1.1: the separators in a number mean nothing. Returns false if
   the user part is no number. */
static bool number_of(const char *key, char *number, size_t size)
{
	size_t n = 0;

	for (; *key && *key != '@'; key++) {
		if (strchr("-.() ", *key))
			continue;
		if ((!g_ascii_isdigit(*key) && *key != '+') || n + 1 == size)
			return false;
		number[n++] = *key;
	}
	number[n] = '\0';
	return n > 0;
}

/* A tel URI and the SIP URI of the same number are one user, although two
   identities (TS 23.003 13.4): which of them is listed proves nothing. */
static bool is_same(const char *a, const char *b)
{
	char x[64];
	char y[64];

	if (strcmp(a, b) == 0)
		return true;
	if (strchr(a, '@') && strchr(b, '@'))
		return false;
	return number_of(a, x, sizeof(x)) && number_of(b, y, sizeof(y)) &&
	       strcmp(x, y) == 0;
}

static bool lists(const struct ims_profile *profile, struct ims_slice impu)
{
	char *wanted;
	bool found;

	for (size_t i = 0; i < profile->n_identities; i++)
		if (ims_slice_equal(profile->identities[i].uri, impu))
			return true;
	wanted = lenient_key(impu);
	found = !wanted;
	for (size_t i = 0; !found && i < profile->n_identities; i++) {
		char *key = lenient_key(profile->identities[i].uri);

		found = !key || is_same(wanted, key);
		g_free(key);
	}
	g_free(wanted);
	return found;
}

/* The identity that the SAR registers; absent: none, or several. */
static struct ims_slice registered(const struct ims_diameter_facts *sar)
{
	if (!sar || sar->public_identities.n != 1 ||
	    (sar->assignment_type != REGISTRATION &&
	     sar->assignment_type != RE_REGISTRATION))
		return (struct ims_slice){0};
	return sar->public_identities.at[0];
}

static void tell_identities(struct ims_draft *draft,
			    const struct ims_profile *profile)
{
	struct ims_slice uris[IMS_DIAMETER_MAX_LIST];
	size_t n = MIN(profile->n_identities, G_N_ELEMENTS(uris));

	for (size_t i = 0; i < n; i++)
		uris[i] = profile->identities[i].uri;
	ims_draft_strings(draft, "identities", uris, n);
}

static void append_identities(GString *sentence,
			      const struct ims_profile *profile)
{
	const size_t max = 4;

	for (size_t i = 0; i < profile->n_identities && i < max; i++)
		g_string_append_printf(sentence, "%s%.*s", i ? ", " : ": ",
				       IMS_SLICE_ARG(ims_cx_shown(
					       profile->identities[i].uri)));
	if (profile->n_identities > max)
		g_string_append_printf(sentence, " and %zu more",
				       profile->n_identities - max);
	if (profile->n_identities == 0)
		g_string_append(sentence, ": none");
}

static void check_user_profile_identity_missing(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_diameter_facts *saa = ims_cx_whole_answer(cx);
	struct ims_slice impu = registered(whole_request(cx));
	const struct ims_attempt *explained;
	const struct ims_profile *profile;
	struct ims_draft *draft;
	GString *sentence;

	if (cx->command != IMS_COMMAND_SA || !saa || !ims_cx_succeeded(cx) ||
	    ims_slice_is_empty(impu))
		return;
	profile = &saa->profile;
	if (!profile->is_subscription || !profile->well_formed ||
	    profile->has_wildcards || lists(profile, impu))
		return;
	explained = ims_cx_explained_if_stuck(check);
	draft = ims_fire(check);
	sentence = ims_cx_begin(cx);
	g_string_append_printf(
		sentence,
		" with a user profile that does not hold %.*s, the identity "
		"being registered; its identities are",
		IMS_SLICE_ARG(ims_cx_shown(impu)));
	append_identities(sentence, profile);
	ims_cx_tell(draft, cx);
	tell_identities(draft, profile);
	/* Nothing says that this was the S-CSCF's reason. */
	if (explained)
		ims_draft_likely(draft);
	ims_cx_finish(draft, sentence, explained);
}

static const struct ims_rule cx_user_profile_identity_missing = {
	.slug = "cx_user_profile_identity_missing",
	CX_RULE,
	.severity = IMS_SEVERITY_WARNING,
	.origin = IMS_ORIGIN_HSS,
	.title = "The profile lacks the identity that registers",
	.explain =
		"The profile lists the identities of the implicit "
		"registration set; the S-CSCF makes P-Associated-URI of those "
		"that are not barred. If the identity of the REGISTER is not "
		"among them, the S-CSCF refuses (Kamailio: 500), or the UE "
		"goes on under an identity that the S-CSCF does not know.",
	.recognised =
		"SAA with success to a SAR of REGISTRATION or RE_REGISTRATION "
		"for one identity, whose well-formed IMSSubscription has no "
		"Identity that is this one: case, port, parameters and "
		"escapes play no part, and a number as tel URI counts for "
		"the SIP URI of it. Barred identities count. Not where the "
		"profile has a wildcard, or was not read whole. It is the "
		"likely cause of a failure where the S-CSCF then did not go "
		"on.",
	.advice =
		"In the HSS compare the identities of the implicit "
		"registration set with the one in the SAR, letter for letter: "
		"the domain (mnc01 for mnc001), the + of a number, an "
		"IMSI-derived identity that was never entered. Open5GS before "
		"2.2.7 and old FHoSS leave the MSISDN out: upgrade. PyHSS "
		"writes what the template of ifc_path holds.",
	.specs = IMS_SPECS("TS 29.228 6.1.2", "TS 29.228 6.5",
			   "TS 29.228 B.2.1"),
	.facts = IMS_FACT_KEYS(IMS_CX_KEYS, {"identities", IMS_FACT_STRINGS,
					     "what the profile lists"}),
	.needs = IMS_SIGN_SA,
	.check = check_user_profile_identity_missing,
};

static const struct ims_rule *const rules[] = {
	&cx_no_user_profile,
	&cx_user_profile_malformed,
	&cx_user_profile_identity_missing,
};

const struct ims_rule_list ims_rules_cx_profile = {
	rules,
	sizeof(rules) / sizeof(rules[0]),
};
