// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a message meets the conditions of a pattern. */
#include "signature_match.h"

#include <ims/glob.h>

#include "diameter_facts.h"
#include "signature_pattern.h"
#include "sip_facts.h"

static bool has_status(const struct ims_pattern *p,
		       const struct ims_sip_facts *sip)
{
	for (guint i = 0; i < p->statuses->len; i++)
		if (g_array_index(p->statuses, uint16_t, i) == sip->status)
			return true;
	return false;
}

static bool is_one_of(char *const *words, struct ims_slice text)
{
	for (; *words; words++)
		if (ims_slice_is(text, *words))
			return true;
	return false;
}

static bool globs_match(char *const *globs, struct ims_slice text)
{
	for (; *globs; globs++)
		if (ims_glob(*globs, text))
			return true;
	return false;
}

static bool has_header(const struct ims_pattern *p,
		       const struct ims_sip_facts *sip)
{
	for (size_t i = 0; i < sip->n_headers; i++)
		if (ims_slice_is_nocase(
			    ims_sip_header_written(&sip->headers[i]),
			    p->header_name) &&
		    ims_glob(p->header_value,
			     ims_sip_header_value(&sip->headers[i])))
			return true;
	return false;
}

static bool sip_matches(const struct ims_pattern *p,
			const struct ims_sip_facts *sip)
{
	if (p->statuses && !has_status(p, sip))
		return false;
	if (p->methods && !is_one_of(p->methods, sip->method_text))
		return false;
	if (p->reason &&
	    (sip->is_request || !ims_glob(p->reason, sip->reason_phrase)))
		return false;
	if (p->servers && !globs_match(p->servers, sip->server))
		return false;
	return !p->header_name || has_header(p, sip);
}

/* The request to an answer, the answer to a request. Agents leave the
   End-to-End Identifier as it is (RFC 6733 6.1.9). */
static const struct ims_diameter_facts *counterpart(
	const struct ims_signature_case *about,
	const struct ims_diameter_facts *of)
{
	for (size_t i = 0; i < about->n_messages; i++) {
		const struct ims_diameter_facts *d =
			about->messages[i]->diameter;

		if (d && d->is_request != of->is_request &&
		    d->end_to_end == of->end_to_end &&
		    d->command_code == of->command_code)
			return d;
	}
	return NULL;
}

static unsigned parts_of(const struct ims_diameter_facts *request)
{
	unsigned parts = 0;

	if (ims_slice_is_set(request->user_name))
		parts |= IMS_PATTERN_USER_NAME;
	if (request->public_identities.n)
		parts |= IMS_PATTERN_PUBLIC_IDENTITY;
	if (ims_slice_is_set(request->visited_network))
		parts |= IMS_PATTERN_VISITED_NETWORK;
	if (ims_slice_is_set(request->server_name))
		parts |= IMS_PATTERN_SERVER_NAME;
	for (size_t i = 0; i < request->n_auth_items; i++)
		if (ims_slice_is_set(request->auth_items[i].authorization))
			parts |= IMS_PATTERN_AUTHORIZATION;
	return parts;
}

/* It lacks one of those that are listed, and has all of the others. */
static bool request_matches(const struct ims_pattern *p,
			    const struct ims_signature_case *about,
			    const struct ims_diameter_facts *answer)
{
	const struct ims_diameter_facts *request;
	unsigned parts;

	if (!p->request_has && !p->request_lacks)
		return true;
	request = answer->is_request ? NULL : counterpart(about, answer);
	if (!request || request->flaws)
		return false;
	parts = parts_of(request);
	return (parts & p->request_has) == p->request_has &&
	       (!p->request_lacks ||
		(parts & p->request_lacks) != p->request_lacks);
}

static bool has_result(const struct ims_pattern *p,
		       const struct ims_diameter_facts *d)
{
	for (guint i = 0; i < p->results->len; i++) {
		const struct ims_pattern_result *r = &g_array_index(
			p->results, struct ims_pattern_result, i);

		if (r->container == IMS_RESULT_CODE && d->has_result_code &&
		    d->result_code == r->code)
			return true;
		if (r->container == IMS_RESULT_EXPERIMENTAL &&
		    d->result.container == IMS_RESULT_EXPERIMENTAL &&
		    d->result.vendor == IMS_DIAMETER_VENDOR_3GPP &&
		    d->result.code == r->code)
			return true;
	}
	return false;
}

static int containers_of(const struct ims_diameter_facts *d)
{
	return (d->has_result_code ? IMS_PATTERN_RESULT_CODE : 0) |
	       (d->has_experimental_result ? IMS_PATTERN_EXPERIMENTAL : 0);
}

static bool is_made_by(const struct ims_endpoint *end, char *const *globs,
		       const struct ims_signature_case *about,
		       const struct ims_facts *message)
{
	struct ims_slice product;

	if (!about->product_of)
		return false;
	product = about->product_of(about->user, message, end);
	return ims_slice_is_set(product) && globs_match(globs, product);
}

static bool ends_match(const struct ims_pattern *p,
		       const struct ims_signature_case *about,
		       const struct ims_facts *message)
{
	if (p->peers && !is_made_by(&message->source, p->peers, about, message))
		return false;
	return !p->receivers ||
	       is_made_by(&message->destination, p->receivers, about, message);
}

static bool fate_matches(const struct ims_pattern *p,
			 const struct ims_signature_case *about,
			 const struct ims_diameter_facts *d)
{
	if (p->answered < 0)
		return true;
	return d->is_request &&
	       (counterpart(about, d) != NULL) == (p->answered == 1);
}

static bool answer_matches(const struct ims_pattern *p,
			   const struct ims_diameter_facts *d)
{
	if (p->results && !has_result(p, d))
		return false;
	if (p->containers >= 0 &&
	    (d->is_request || containers_of(d) != p->containers))
		return false;
	return p->application < 0 ||
	       (!d->is_request &&
		d->application_id == (uint64_t)p->application);
}

static bool diameter_matches(const struct ims_pattern *p,
			     const struct ims_signature_case *about,
			     const struct ims_facts *message)
{
	const struct ims_diameter_facts *d = message->diameter;

	if (p->commands &&
	    !is_one_of(p->commands, ims_slice_of(ims_command_name(
					    d->command, d->is_request))))
		return false;
	if (!answer_matches(p, d))
		return false;
	if (p->error_bit >= 0 && d->is_error != (p->error_bit == 1))
		return false;
	if (p->error_message && !ims_glob(p->error_message, d->error_message))
		return false;
	return request_matches(p, about, d) && fate_matches(p, about, d) &&
	       ends_match(p, about, message);
}

bool ims_pattern_matches(const struct ims_pattern *pattern,
			 const struct ims_signature_case *about, size_t index)
{
	const struct ims_facts *message = about->messages[index];

	if (pattern->n_sip)
		return message->kind == IMS_EVENT_SIP && message->sip &&
		       sip_matches(pattern, message->sip);
	return message->kind == IMS_EVENT_DIAMETER && message->diameter &&
	       diameter_matches(pattern, about, message);
}
