// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * User-Authorization-Type and Server-Assignment-Type beside the REGISTER that
 * they are about, and beside what stands.
 */
#include <inttypes.h>

#include "cx_reading.h"
#include "cx_standing.h"
#include "family.h"
#include "index.h"
#include "registrant.h"
#include "request.h"
#include "scscf_name.h"

/* TS 29.229 6.3.24 and 6.3.15; RFC 4740 9.10 and 9.4. */
enum {
	AUTHORIZE_REGISTRATION = 0,
	AUTHORIZE_DEREGISTRATION = 1,
	AUTHORIZE_CAPABILITIES = 2,
};

enum {
	ASSIGN_REGISTRATION = 1,
	ASSIGN_RE_REGISTRATION = 2,
	ASSIGN_USER_DEREGISTRATION = 5,
	ASSIGN_USER_DEREGISTRATION_STORE = 7,
	ASSIGN_AUTHENTICATION_FAILURE = 9,
	ASSIGN_AUTHENTICATION_TIMEOUT = 10,
};

/* A REGISTER is asked about within this, or was sent again. */
#define ASKED_WITHIN (5 * IMS_SECOND)

static bool is_about(const struct ims_cx *cx, const struct ims_facts *request)
{
	return ims_same_identity(cx->about.impu, request->sip->to.uri);
}

/*
 * The leg on which the asker got the REGISTER that it asks about: seen to
 * arrive just before, not answered yet, and the only one there can be. NULL
 * where that is not sure.
 */
static const struct ims_hop *asked_about(const struct ims_check *check,
					 const struct ims_cx *cx)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_hop *hop;
	int64_t now_ns = cx->about.request_time_ns;

	if (!attempt || cx->guessed || !ims_is_own(attempt) ||
	    !ims_cx_is_whole(cx->request) || !ims_cx_has_ground(attempt, cx) ||
	    ims_others_register(check, attempt->impu))
		return NULL;
	hop = ims_cx_asked_on(attempt, cx);
	return now_ns - hop->first_ns <= ASKED_WITHIN &&
			       is_about(cx, hop->request)
		       ? hop
		       : NULL;
}

/* "Expires 3600, contact expires 0", as far as the REGISTER has them. */
static void append_expires(GString *text, const struct ims_sip_facts *sip)
{
	const char *comma = "";

	if (sip->contact_star) {
		g_string_append(text, "Contact: *");
		comma = ", ";
	}
	if (sip->expires >= 0) {
		g_string_append_printf(text, "%sExpires %" PRId64, comma,
				       sip->expires);
		comma = ", ";
	}
	for (size_t i = 0; i < sip->n_contacts && i < 2; i++) {
		if (sip->contacts[i].expires < 0)
			continue;
		g_string_append_printf(text, "%sexpires=%" PRId64 " in Contact",
				       comma, sip->contacts[i].expires);
		comma = ", ";
	}
	if (!*comma)
		g_string_append(text, "no expiry, so the default");
}

static const char *wish_name(enum ims_wish wish)
{
	return wish == IMS_WISH_END ? "deregisters" : "registers";
}

static const char *authorization_name(int64_t type)
{
	if (type < 0)
		return "REGISTRATION (none given)";
	return ims_authorization_type_name(type);
}

/* The two do not agree. Type 2 asks for capabilities because an S-CSCF failed,
   whatever the REGISTER wants; without the AVP it is 0. */
static bool contradicts(int64_t type, enum ims_wish wish)
{
	if (wish == IMS_WISH_STAY)
		return type == AUTHORIZE_DEREGISTRATION;
	return wish == IMS_WISH_END &&
	       (type < 0 || type == AUTHORIZE_REGISTRATION);
}

static void tell_register(struct ims_draft *draft, const struct ims_hop *hop,
			  const char *expires)
{
	char to[IMS_PARTY_TEXT];

	ims_draft_evidence(draft, hop->request, "REGISTER to %s, which %s: %s",
			   ims_party_format(to, &hop->to),
			   wish_name(ims_wish_of(hop->request)), expires);
	ims_draft_text(draft, "register", expires);
}

/* The REGISTER that the UAR contradicts; NULL: none. */
static const struct ims_hop *contradicted(const struct ims_check *check,
					  const struct ims_cx *cx)
{
	const struct ims_diameter_facts *d = ims_diameter(cx->request);
	const struct ims_hop *hop;

	if (cx->command != IMS_COMMAND_UA || !d || !ims_cx_is_cx(cx))
		return NULL;
	hop = asked_about(check, cx);
	return hop && contradicts(d->authorization_type,
				  ims_wish_of(hop->request))
		       ? hop
		       : NULL;
}

/* Each UAR of an attempt does so: it is told once. */
static bool was_told(const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;

	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		if (attempt->exchanges[i] == check->cx)
			break;
		if (contradicted(check, attempt->exchanges[i]))
			return true;
	}
	return false;
}

static void check_authorization_type(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	const struct ims_diameter_facts *d = ims_diameter(cx->request);
	const struct ims_hop *hop = contradicted(check, cx);
	struct ims_draft *draft;
	GString *expires;
	char who[IMS_CX_TEXT];

	if (!hop || was_told(check))
		return;
	expires = g_string_new(NULL);
	append_expires(expires, hop->request->sip);
	draft = ims_fire(check);
	ims_draft_summary(
		draft,
		"%s asked with User-Authorization-Type %s for %.*s, whose "
		"REGISTER %s (%s).",
		ims_cx_asker(who, cx),
		authorization_name(d->authorization_type),
		IMS_SLICE_ARG(ims_cx_shown(ims_registrant(check->attempt))),
		wish_name(ims_wish_of(hop->request)), expires->str);
	tell_register(draft, hop, expires->str);
	ims_draft_evidence(draft, cx->request, "%s: UAR, %s", who,
			   authorization_name(d->authorization_type));
	ims_cx_tell(draft, cx);
	if (d->authorization_type >= 0)
		ims_draft_integer(draft, "authorization_type",
				  d->authorization_type);
	g_string_free(expires, TRUE);
}

static const struct ims_rule cx_authorization_type_mismatch = {
	.slug = "cx_authorization_type_mismatch",
	.family = "Cx",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_EXCHANGE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The UAR asks for something else than the REGISTER",
	.explain =
		"User-Authorization-Type tells the HSS whether the user "
		"registers or deregisters. With the wrong one it checks the "
		"wrong things: for DE_REGISTRATION no roaming, and it refuses "
		"with 5003 who is not registered; for REGISTRATION it may "
		"refuse a deregistration from a network where the user may "
		"not register.",
	.recognised =
		"A whole UAR with type DE_REGISTRATION for a REGISTER whose "
		"contacts all stay, or REGISTRATION (0, or no such AVP) for "
		"one whose contacts all go. A contact's own expires counts "
		"before Expires; Contact: * goes with Expires 0. Only where "
		"the REGISTER for the same IMPU is seen to reach the I-CSCF "
		"within 5 s before and has no final response yet, and no "
		"other attempt of that identity is under way. Not for type 2 "
		"(REGISTRATION_AND_CAPABILITIES), for a REGISTER without "
		"Contact, one cut off, or one that keeps some contacts only.",
	.advice = "This is the I-CSCF's doing. Kamailio takes the greatest of "
		  "Expires and all expires of Contact: a UE that sends Expires "
		  "above 0 beside expires=0 in Contact deregisters by RFC 3261 "
		  "and not by Kamailio. Make the UE (or the P-CSCF) send both "
		  "alike, or mend the I-CSCF.",
	.specs = IMS_SPECS("TS 29.228 6.1.1", "TS 29.229 6.3.24",
			   "RFC 3261 10.2.2"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS,
		{"authorization_type", IMS_FACT_INTEGER,
		 "User-Authorization-Type; absent where the UAR has none"},
		{"register", IMS_FACT_STRING, "what the REGISTER says"}),
	.check = check_authorization_type,
};

/* What is wrong with a Server-Assignment-Type. */
struct objection {
	const char *what;	   /* behind "... although"; NULL: nothing */
	const struct ims_hop *hop; /* the REGISTER that shows it; or NULL */
	const struct ims_binding *binding; /* what stands; or NULL */
	const struct ims_ending *ending;   /* how it ended; or NULL */
	bool likely;
};

static bool deregisters(int64_t type)
{
	return type == ASSIGN_USER_DEREGISTRATION ||
	       type == ASSIGN_USER_DEREGISTRATION_STORE;
}

/* A 200 lists the contacts that are left (RFC 3261 10.3). */
static bool leaves_nothing(const struct ims_hop *hop)
{
	const struct ims_sip_facts *final = ims_sip(hop->final);

	if (!final || final->status != 200 || hop->final->cut ||
	    final->contact_star)
		return false;
	for (size_t i = 0; i < final->n_contacts; i++)
		if (final->contacts[i].expires != 0)
			return false;
	return true;
}

/* Beside the REGISTER. */
static bool objects_to_register(struct objection *objection,
				const struct ims_check *check, int64_t type)
{
	const struct ims_hop *hop = asked_about(check, check->cx);
	enum ims_wish wish = ims_wish_of(hop ? hop->request : NULL);

	if (wish == IMS_WISH_STAY && deregisters(type))
		objection->what = "the REGISTER registers";
	/* RE_REGISTRATION may tell the HSS of the contacts that are left. */
	if (wish == IMS_WISH_END &&
	    (type == ASSIGN_REGISTRATION ||
	     (type == ASSIGN_RE_REGISTRATION && leaves_nothing(hop))))
		objection->what = "the REGISTER deregisters";
	objection->hop = hop;
	return objection->what != NULL;
}

static const struct ims_cx *first_of(const struct ims_attempt *attempt,
				     enum ims_command command)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++)
		if (attempt->exchanges[i]->command == command)
			return attempt->exchanges[i];
	return NULL;
}

/* The HSS itself says that nothing is registered. */
static bool is_first(const struct ims_attempt *attempt)
{
	const struct ims_cx *uar = first_of(attempt, IMS_COMMAND_UA);
	const struct ims_result *result = uar ? &uar->about.result : NULL;

	if (!uar || !uar->request || !uar->answer)
		return false;
	if (uar->about.application == IMS_APPLICATION_RFC4740)
		return result->container == IMS_RESULT_CODE &&
		       result->code == 2003;
	return result->container == IMS_RESULT_EXPERIMENTAL &&
	       result->vendor == IMS_DIAMETER_VENDOR_3GPP &&
	       result->code == 2001;
}

/* REGISTRATION for the refresh of what the same S-CSCF has registered. */
static bool objects_to_first(struct objection *objection,
			     const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_cx *cx = check->cx;
	const struct ims_binding *binding;

	if (!attempt || attempt->kind != IMS_KIND_REFRESH || is_first(attempt))
		return false;
	binding = ims_cx_stood(check);
	if (!binding || !binding->call_id || !binding->impi ||
	    !ims_slice_is(attempt->call_id, binding->call_id) ||
	    !ims_slice_is(cx->about.impi, binding->impi) || !binding->scscf ||
	    ims_scscf_differ(ims_slice_of(binding->scscf),
			     cx->request->diameter->server_name))
		return false;
	objection->what = "it has the user registered already, and the UE "
			  "only refreshes that";
	objection->binding = binding;
	objection->likely = true;
	return true;
}

/* RE_REGISTRATION after the HSS's word that it is over, and while the HSS says
   that this is the first. */
static bool objects_to_again(struct objection *objection,
			     const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_cx *cx = check->cx;

	if (!attempt || attempt->before || !is_first(attempt))
		return false;
	objection->ending = ims_ending_of(check, cx->about.impu);
	if (!objection->ending ||
	    objection->ending->ended_ns >= attempt->start_ns)
		return false;
	objection->what = objection->ending->terminated
				  ? "the HSS has terminated the registration"
				  : "the registration has ended";
	objection->likely = true;
	return true;
}

/* The SAA that registered the user in the same attempt, before. */
static const struct ims_cx *registered_by(const struct ims_attempt *attempt,
					  const struct ims_cx *cx)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++) {
		const struct ims_cx *sar = attempt->exchanges[i];
		const struct ims_diameter_facts *d = ims_diameter(sar->request);

		if (sar->command == IMS_COMMAND_SA && d && sar->answer &&
		    ims_cx_succeeded(sar) &&
		    (d->assignment_type == ASSIGN_REGISTRATION ||
		     d->assignment_type == ASSIGN_RE_REGISTRATION) &&
		    sar->answer->time_ns < cx->about.request_time_ns)
			return sar;
	}
	return NULL;
}

static bool begins_anew(const struct ims_attempt *attempt, int64_t since_ns)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++)
		if (attempt->journeys[i]->first_ns > since_ns)
			return true;
	return false;
}

static const char succeeded[] =
	"the authentication had succeeded, and none was begun since";

/* AUTHENTICATION_FAILURE or _TIMEOUT after a success. */
static bool objects_to_failure(struct objection *objection,
			       const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_cx *cx = check->cx;
	const struct ims_cx *sar;

	if (attempt) {
		sar = registered_by(attempt, cx);
		if (!sar || ims_others_register(check, cx->about.impu) ||
		    begins_anew(attempt, sar->answer->time_ns))
			return false;
		objection->what = succeeded;
		return true;
	}
	objection->binding = ims_cx_stood(check);
	if (!objection->binding || !objection->binding->scscf ||
	    ims_others_register(check, cx->about.impu) ||
	    ims_scscf_differ(ims_slice_of(objection->binding->scscf),
			     cx->request->diameter->server_name))
		return false;
	objection->what = succeeded;
	objection->likely = true;
	return true;
}

static bool object(struct objection *objection, const struct ims_check *check)
{
	int64_t type = ims_diameter(check->cx->request)->assignment_type;

	*objection = (struct objection){0};
	if (objects_to_register(objection, check, type))
		return true;
	*objection = (struct objection){0};
	switch (type) {
	case ASSIGN_REGISTRATION:
		return objects_to_first(objection, check);
	case ASSIGN_RE_REGISTRATION:
		return objects_to_again(objection, check);
	case ASSIGN_AUTHENTICATION_FAILURE:
	case ASSIGN_AUTHENTICATION_TIMEOUT:
		return objects_to_failure(objection, check);
	default:
		return false;
	}
}

static void tell_state(struct ims_draft *draft, const struct ims_check *check,
		       const struct objection *objection)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_ending *ending = objection->ending;
	const struct ims_cx *uar;
	const struct ims_cx *sar;

	if (objection->binding)
		ims_cx_tell_stood(draft, objection->binding);
	if (ending) {
		ims_draft_evidence_at(
			draft, ending->frame, ending->ended_ns, "%s",
			ending->terminated
				? "RTA: the S-CSCF agreed to the termination"
				: "SAA: the HSS agreed to its end");
		uar = first_of(attempt, IMS_COMMAND_UA);
		ims_draft_evidence(draft, uar->answer,
				   "UAA: FIRST_REGISTRATION");
	}
	sar = attempt ? registered_by(attempt, check->cx) : NULL;
	if (objection->what == succeeded && sar)
		ims_draft_evidence(draft, sar->answer,
				   "SAA: the user was registered");
}

static void check_assignment_type(struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	struct objection objection;
	struct ims_draft *draft;
	GString *expires;
	const char *name;
	int64_t type;
	char who[IMS_CX_TEXT];
	char whom[IMS_CX_TEXT];

	if (cx->command != IMS_COMMAND_SA || !ims_cx_is_cx(cx) ||
	    !ims_cx_is_whole(cx->request) || !object(&objection, check))
		return;
	type = cx->request->diameter->assignment_type;
	name = ims_assignment_type_name(type);
	draft = ims_fire(check);
	ims_draft_summary(draft,
			  "%s sent Server-Assignment-Type %" PRId64
			  " (%s) for %s, although %s.",
			  ims_cx_asker(who, cx), type, name,
			  ims_cx_subject(whom, cx), objection.what);
	if (objection.hop) {
		expires = g_string_new(NULL);
		append_expires(expires, objection.hop->request->sip);
		tell_register(draft, objection.hop, expires->str);
		g_string_free(expires, TRUE);
	}
	tell_state(draft, check, &objection);
	ims_draft_evidence(draft, cx->request, "%s: SAR, %s", who, name);
	ims_cx_tell(draft, cx);
	ims_draft_integer(draft, "assignment_type", type);
	ims_draft_text(draft, "name", name);
	ims_draft_text(draft, "objection", objection.what);
	if (objection.likely)
		ims_draft_likely(draft);
}

static const struct ims_rule cx_assignment_type_mismatch = {
	.slug = "cx_assignment_type_mismatch",
	.family = "Cx",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_EXCHANGE,
	.origin = IMS_ORIGIN_NEVER,
	.title = "The SAR says something else than what happened",
	.explain = "Server-Assignment-Type tells the HSS what became of the "
		   "registration, and the HSS keeps its state by it. With the "
		   "wrong one HSS and S-CSCF hold different things: a user who "
		   "is registered and cannot be called, or one who is gone and "
		   "still has an S-CSCF; some HSSs refuse it (5007, 5012).",
	.recognised =
		"A whole SAR. USER_DEREGISTRATION (5, 7) for a REGISTER whose "
		"contacts all stay; REGISTRATION (1) for one whose contacts "
		"all go, and RE_REGISTRATION (2) for such a one whose 200 "
		"leaves no contact: only where that REGISTER for the same "
		"IMPU is seen to reach the S-CSCF within 5 s before and has "
		"no final response yet, and no other attempt of the identity "
		"is under way. AUTHENTICATION_FAILURE (9) or "
		"AUTHENTICATION_TIMEOUT (10) after the SAA that registered "
		"the user, with no REGISTER in between. Likely only: "
		"REGISTRATION for a refresh (same Call-ID, IMPI and S-CSCF) of "
		"what stands, unless the HSS says FIRST_REGISTRATION; "
		"RE_REGISTRATION after an RTR for PERMANENT_TERMINATION or a "
		"SAR that ended it was answered with success, while the UAA "
		"says FIRST_REGISTRATION. What stands, and what "
		"ended: " IMS_CX_STOOD_UNLESS,
	.advice =
		"This is the S-CSCF's doing. Kamailio takes the type from its "
		"own usrloc and from the greatest of Expires and all expires "
		"of Contact: RE_REGISTRATION after an RTR means that it still "
		"holds the user (look at its handling of RTR, and remove the "
		"record), REGISTRATION for a refresh that it lost its memory "
		"(restart without a database). 9 or 10 after a success comes "
		"of two challenges for one REGISTER sent again: the S-CSCF "
		"must treat REGISTER statefully.",
	.specs = IMS_SPECS("TS 29.229 6.3.15", "TS 29.228 6.1.2"),
	.facts = IMS_FACT_KEYS(
		IMS_CX_KEYS,
		{"assignment_type", IMS_FACT_INTEGER, "Server-Assignment-Type"},
		{"name", IMS_FACT_STRING, "its name"},
		{"objection", IMS_FACT_STRING, "why it cannot be"},
		{"register", IMS_FACT_STRING, "what the REGISTER says"}),
	.check = check_assignment_type,
};

static const struct ims_rule *const rules[] = {
	&cx_authorization_type_mismatch,
	&cx_assignment_type_mismatch,
};

const struct ims_rule_list ims_rules_cx_types = {rules, G_N_ELEMENTS(rules)};
