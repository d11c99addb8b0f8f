// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Server-Assignment-Type beside the REGISTER that it is about, and beside what
 * stands.
 */
#include <inttypes.h>

#include "cx_reading.h"
#include "cx_register.h"
#include "cx_standing.h"
#include "family.h"
#include "scscf_name.h"

/* TS 29.229 6.3.15; RFC 4740 took the numbers over. */
enum {
	ASSIGN_REGISTRATION = 1,
	ASSIGN_RE_REGISTRATION = 2,
	ASSIGN_USER_DEREGISTRATION = 5,
	ASSIGN_USER_DEREGISTRATION_STORE = 7,
	ASSIGN_AUTHENTICATION_FAILURE = 9,
	ASSIGN_AUTHENTICATION_TIMEOUT = 10,
};

/* What is wrong with a Server-Assignment-Type. */
struct objection {
	const char *what;	   /* behind "... although"; NULL: nothing */
	const struct ims_hop *hop; /* the REGISTER that shows it; or NULL */
	const struct ims_binding *binding; /* what stands; or NULL */
	const struct ims_ending *ending;   /* how it ended; or NULL */
	const struct ims_cx *first; /* the UAR answered with it; or NULL */
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
	const struct ims_sip_facts *final = hop ? ims_sip(hop->final) : NULL;

	if (!final || final->status != 200 || hop->final->cut ||
	    final->contact_star)
		return false;
	for (size_t i = 0; i < final->n_contacts; i++)
		if (final->contacts[i].expires != 0)
			return false;
	return true;
}

/* It registers as well: then the other is of a contact that was replaced. */
static bool assigns_besides(const struct ims_attempt *attempt,
			    const struct ims_cx *cx)
{
	for (unsigned i = 0; attempt && i < attempt->n_exchanges; i++) {
		const struct ims_cx *other = attempt->exchanges[i];
		const struct ims_diameter_facts *d =
			ims_diameter(other->request);

		if (other != cx && other->command == IMS_COMMAND_SA &&
		    (!d || d->assignment_type == ASSIGN_REGISTRATION ||
		     d->assignment_type == ASSIGN_RE_REGISTRATION))
			return true;
	}
	return false;
}

/* Beside the REGISTER. */
static bool objects_to_register(struct objection *objection,
				const struct ims_check *check, int64_t type)
{
	const struct ims_hop *hop =
		check->attempt ? ims_cx_asked_on(check->attempt, check->cx)
			       : NULL;
	enum ims_wish wish = ims_wish_of(hop ? hop->request : NULL);

	if (wish == IMS_WISH_STAY && deregisters(type) &&
	    !assigns_besides(check->attempt, check->cx))
		objection->what = "the REGISTER registers";
	/* RE_REGISTRATION may tell the HSS of the contacts that are left. */
	if (wish == IMS_WISH_END &&
	    (type == ASSIGN_REGISTRATION ||
	     (type == ASSIGN_RE_REGISTRATION && leaves_nothing(hop))))
		objection->what = "the REGISTER deregisters";
	objection->hop = hop;
	return objection->what && ims_cx_asked_about(check, check->cx) == hop;
}

static const struct ims_cx *first_of(const struct ims_attempt *attempt,
				     enum ims_command command)
{
	for (unsigned i = 0; i < attempt->n_exchanges; i++)
		if (attempt->exchanges[i]->command == command)
			return attempt->exchanges[i];
	return NULL;
}

/* What the HSS said of the user at the attempt's first UAR. */
enum standing {
	STANDING_UNASKED,
	STANDING_UNKNOWN, /* the answer is not in the capture */
	STANDING_FIRST,	  /* nothing is registered */
	STANDING_OTHER,
};

static enum standing standing_of(const struct ims_attempt *attempt)
{
	const struct ims_cx *uar = first_of(attempt, IMS_COMMAND_UA);

	if (!uar)
		return STANDING_UNASKED;
	if (!uar->request || !uar->answer)
		return STANDING_UNKNOWN;
	return ims_cx_says(uar, 2001, 2003) ? STANDING_FIRST : STANDING_OTHER;
}

/* REGISTRATION for the refresh of what the same S-CSCF has registered. */
static bool objects_to_first(struct objection *objection,
			     const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_cx *cx = check->cx;
	const struct ims_binding *binding;

	if (!attempt || attempt->kind != IMS_KIND_REFRESH ||
	    standing_of(attempt) == STANDING_FIRST ||
	    standing_of(attempt) == STANDING_UNKNOWN)
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

/* RE_REGISTRATION while the HSS says that this is the first. Where the capture
   shows that the HSS had taken note of one, it is the HSS that is wrong. */
static bool objects_to_again(struct objection *objection,
			     const struct ims_check *check)
{
	const struct ims_attempt *attempt = check->attempt;
	const struct ims_cx *cx = check->cx;

	if (!attempt || attempt->kind == IMS_KIND_EMERGENCY ||
	    standing_of(attempt) != STANDING_FIRST || ims_cx_stood(check) ||
	    ims_others_register(check, cx->about.impu) ||
	    registered_by(attempt, cx))
		return false;
	objection->first = first_of(attempt, IMS_COMMAND_UA);
	objection->ending = ims_ending_of(check, cx->about.impu);
	if (objection->ending &&
	    objection->ending->ended_ns >= attempt->start_ns)
		objection->ending = NULL;
	if (!objection->ending)
		objection->what = "the HSS had called this a first one";
	else
		objection->what =
			objection->ending->terminated
				? "the HSS has terminated the registration"
				: "the registration has ended";
	objection->likely = true;
	return true;
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
	const struct ims_cx *sar;

	if (objection->binding)
		ims_cx_tell_stood(draft, objection->binding);
	if (ending)
		ims_draft_evidence_at(
			draft, ending->frame, ending->ended_ns, "%s",
			ending->terminated
				? "RTA: the S-CSCF agreed to the termination"
				: "SAA: the HSS agreed to its end");
	if (objection->first)
		ims_draft_evidence(draft, objection->first->answer,
				   "UAA: FIRST_REGISTRATION");
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
		ims_expires_append(expires, objection.hop->request->sip);
		ims_cx_tell_register(draft, objection.hop, expires->str);
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
		"contacts all stay, with no SAR that registers beside it; "
		"REGISTRATION (1) for one whose contacts "
		"all go, and RE_REGISTRATION (2) for such a one whose 200 "
		"leaves no contact: only where that REGISTER for the same "
		"IMPU is seen to reach the S-CSCF within 5 s before and has "
		"no final response yet, and no other attempt of the identity "
		"is under way. AUTHENTICATION_FAILURE (9) or "
		"AUTHENTICATION_TIMEOUT (10) after the SAA that registered "
		"the user, with no REGISTER in between and none under way; "
		"where it comes after the attempt likely only, from the S-CSCF "
		"that registered what stands. Likely only, too: "
		"REGISTRATION for a refresh (same Call-ID, IMPI and S-CSCF) of "
		"what stands, unless the UAA says FIRST_REGISTRATION or is "
		"missing; RE_REGISTRATION after a UAA of FIRST_REGISTRATION, "
		"where no other attempt is under way (what ended the "
		"registration is told if it is the last that was heard of "
		"it). Not where the HSS had taken note of one that stands: "
		"that is cx_first_registration_repeated. What "
		"stands: " IMS_CX_STOOD_UNLESS,
	.advice =
		"This is the S-CSCF's doing. Kamailio takes the type from its "
		"own usrloc and from the greatest of Expires and all expires "
		"of Contact: RE_REGISTRATION after an RTR, or of one whom the "
		"HSS does not hold, means that it still has the user (look at "
		"its handling of RTR and at restarts of the HSS, and remove "
		"the record), REGISTRATION for a refresh that it lost its "
		"memory "
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
	.needs = IMS_SIGN_SA,
	.check = check_assignment_type,
};

static const struct ims_rule *const rules[] = {
	&cx_assignment_type_mismatch,
};

const struct ims_rule_list ims_rules_cx_assignment = {rules,
						      G_N_ELEMENTS(rules)};
