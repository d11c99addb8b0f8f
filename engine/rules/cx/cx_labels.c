// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Results that are not what their container says: some HSSs put the base
 * protocol's numbers for a missing or invalid AVP into 3GPP's
 * Experimental-Result, where they mean something else.
 */
#include "cx_reading.h"

/* RFC 6733 7.1.5, in either order: 5004 invalid, 5005 missing. */
#define ROAMING_NOT_ALLOWED	    5004
#define IDENTITY_ALREADY_REGISTERED 5005

static bool is_digits(struct ims_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
	return true;
}

static struct ims_slice before_at(struct ims_slice impi)
{
	const char *at = impi.len ? memchr(impi.at, '@', impi.len) : NULL;

	return at ? ims_slice(impi.at, (size_t)(at - impi.at)) : impi;
}

static struct ims_slice behind_at(struct ims_slice impi)
{
	const char *at = impi.len ? memchr(impi.at, '@', impi.len) : NULL;

	return at ? ims_slice(at + 1, impi.len - (size_t)(at + 1 - impi.at))
		  : ims_slice_of(NULL);
}

static bool ends_with(struct ims_slice text, struct ims_slice end)
{
	return end.len > 0 && text.len >= end.len &&
	       ims_slice_equal_nocase(
		       ims_slice(text.at + text.len - end.len, end.len), end);
}

static bool is_domain_of(struct ims_slice network, struct ims_slice home)
{
	return ends_with(network, home) || ends_with(home, network);
}

bool ims_cx_is_visiting(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *request = ims_diameter(cx->request);
	struct ims_slice home;

	if (!request || ims_slice_is_empty(request->visited_network))
		return false;
	home = behind_at(request->user_name);
	if (ims_slice_is_empty(home))
		home = request->destination_realm;
	return !ims_slice_is_empty(home) &&
	       !is_domain_of(request->visited_network, home) &&
	       !is_domain_of(request->visited_network,
			     request->destination_realm);
}

/* TS 29.228 6.1.1 to 6.3: what each request must have; SAR may go without
   User-Name where the user is not registered. */
static bool needs_user_name(const struct ims_cx *cx,
			    const struct ims_diameter_facts *request)
{
	return cx->command == IMS_COMMAND_UA || cx->command == IMS_COMMAND_MA ||
	       (cx->command == IMS_COMMAND_SA &&
		(request->assignment_type == 1 ||
		 request->assignment_type == 2));
}

/* TS 29.228 6.1.2, 6.3: an S-CSCF says who it is, and what it assigns. */
static const char *missing_of_scscf(const struct ims_cx *cx,
				    const struct ims_diameter_facts *request)
{
	if (cx->command != IMS_COMMAND_MA && cx->command != IMS_COMMAND_SA)
		return NULL;
	if (!ims_slice_is_set(request->server_name))
		return "Server-Name is missing";
	if (ims_slice_is_empty(request->server_name))
		return "Server-Name is empty";
	return cx->command == IMS_COMMAND_SA && request->assignment_type < 0
		       ? "Server-Assignment-Type is missing"
		       : NULL;
}

static const char *missing_part(const struct ims_cx *cx,
				const struct ims_diameter_facts *request)
{
	bool has_impu = request->public_identities.n > 0;

	if (!ims_slice_is_set(request->user_name) &&
	    needs_user_name(cx, request))
		return "User-Name is missing";
	if (ims_slice_is_set(request->user_name) &&
	    ims_slice_is_empty(request->user_name))
		return "User-Name is empty";
	if (!has_impu && !(cx->command == IMS_COMMAND_SA &&
			   ims_slice_is_set(request->user_name)))
		return "Public-Identity is missing";
	if (has_impu && ims_slice_is_empty(request->public_identities.at[0]))
		return "Public-Identity is empty";
	if (cx->command != IMS_COMMAND_UA)
		return missing_of_scscf(cx, request);
	if (!ims_slice_is_set(request->visited_network))
		return "Visited-Network-Identifier is missing";
	return ims_slice_is_empty(request->visited_network)
		       ? "Visited-Network-Identifier is empty"
		       : NULL;
}

/* What the code says in its own container can be true of that request. */
static bool can_be_meant(const struct ims_cx *cx)
{
	if (cx->about.result.code == ROAMING_NOT_ALLOWED)
		return cx->command == IMS_COMMAND_UA && ims_cx_is_visiting(cx);
	return cx->command == IMS_COMMAND_SA;
}

static bool is_doubtful(const struct ims_result *result)
{
	return result->container == IMS_RESULT_EXPERIMENTAL &&
	       result->vendor == IMS_DIAMETER_VENDOR_3GPP &&
	       (result->code == ROAMING_NOT_ALLOWED ||
		result->code == IDENTITY_ALREADY_REGISTERED);
}

const char *ims_cx_mislabelled(const struct ims_cx *cx)
{
	const struct ims_diameter_facts *request = ims_diameter(cx->request);
	const char *missing;

	if (!is_doubtful(&cx->about.result) || !ims_cx_is_whole(cx->request))
		return NULL;
	missing = missing_part(cx, request);
	if (missing)
		return missing;
	if (!ims_slice_is_empty(request->user_name) &&
	    !is_digits(before_at(request->user_name)) && !can_be_meant(cx))
		return "the user part of User-Name is not digits";
	return NULL;
}

bool ims_cx_is_labelled(const struct ims_cx *cx)
{
	return !is_doubtful(&cx->about.result) ||
	       (ims_cx_is_whole(cx->request) && !ims_cx_mislabelled(cx));
}
