// SPDX-License-Identifier: GPL-2.0-or-later
#include "refusal.h"

#include "changes.h"

/* What reached the asker decides; a 420 that a node made good is one too. */
static const struct ims_hop *find_refused(const struct ims_journey *journey)
{
	const struct ims_facts *final = ims_journey_final(journey, NULL);
	const struct ims_hop *found = NULL;

	if (final && final->sip->status == 420)
		return ims_journey_maker(journey, final);
	for (unsigned i = 0; i < journey->n_hops; i++)
		if (journey->hops[i]->final &&
		    journey->hops[i]->final->sip->status == 420)
			found = journey->hops[i];
	return found;
}

/* Legs deeper than `depth` are in the capture, for other requests. */
static bool deeper_is_captured(const struct ims_check *check, unsigned depth)
{
	unsigned n;
	struct ims_journey *const *journeys = ims_siblings(check, &n);

	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < journeys[i]->n_hops; j++)
			if (journeys[i]->hops[j]->depth > depth)
				return true;
	return false;
}

/* The request was for that very node. */
static bool is_target(const struct ims_hop *hop)
{
	const struct ims_sip_facts *sip = ims_sip(hop->request);
	struct ims_address host;

	return sip && ims_address_parse(&host, sip->request_uri.host) &&
	       ims_address_equal(&host, &hop->to.endpoint.address);
}

/* A proxy may have got the 420 from behind, on a leg that is not captured. */
static bool far_end_made_it(const struct ims_check *check,
			    const struct ims_hop *hop)
{
	if (ims_hop_may_be_relayed(check->journey, hop))
		return false;
	switch (hop->to.role) {
	case IMS_ROLE_UE:
	case IMS_ROLE_AS:
	case IMS_ROLE_MRF:
	case IMS_ROLE_REGISTRAR:
		return true;
	case IMS_ROLE_S_CSCF:
		if (check->journey->method == IMS_SIP_METHOD_REGISTER)
			return true;
		break;
	default:
		break;
	}
	return is_target(hop) || deeper_is_captured(check, hop->depth);
}

static void add_tag(struct ims_refusal *refusal, struct ims_slice tag)
{
	unsigned at = refusal->n_tags;

	for (unsigned i = 0; i < refusal->n_tags; i++)
		if (ims_slice_equal_nocase(refusal->tags[i], tag))
			return;
	if (refusal->n_tags == IMS_REFUSED_TAGS)
		return;
	if (ims_slice_is_nocase(tag, IMS_SEC_AGREE))
		for (; at > 0; at--)
			refusal->tags[at] = refusal->tags[at - 1];
	refusal->tags[at] = tag;
	refusal->n_tags++;
}

static void add_tags(struct ims_refusal *refusal,
		     const struct ims_sip_options *options)
{
	for (size_t i = 0; i < options->n; i++)
		add_tag(refusal, options->at[i]);
}

/* The refused request as near to the one who refused it as captured. */
static const struct ims_sip_facts *refused_request(
	const struct ims_refusal *refusal)
{
	const struct ims_journey *journey = refusal->journey;

	if (refusal->at->request)
		return refusal->at->request->sip;
	for (unsigned i = journey->n_hops; i-- > 0;)
		if (journey->hops[i]->request)
			return journey->hops[i]->request->sip;
	return NULL;
}

/* RFC 3261 8.2.2.3: Unsupported names them; a node on the way may lose it. */
static void read_tags(struct ims_refusal *refusal)
{
	const struct ims_journey *journey = refusal->journey;
	const struct ims_sip_facts *request = refused_request(refusal);

	add_tags(refusal, &refusal->answer->sip->unsupported);
	for (unsigned i = 0; i < journey->n_hops && !refusal->n_tags; i++) {
		const struct ims_facts *final = journey->hops[i]->final;

		if (final && final->sip->status == 420)
			add_tags(refusal, &final->sip->unsupported);
	}
	refusal->is_named = refusal->n_tags > 0;
	if (refusal->is_named || !request)
		return;
	add_tags(refusal, &request->require);
	add_tags(refusal, &request->proxy_require);
}

static void read_way(struct ims_refusal *refusal)
{
	const struct ims_sought sought = {
		.header = IMS_SIP_HEADER_REQUIRE,
		.or_header = IMS_SIP_HEADER_PROXY_REQUIRE,
		.element = refusal->tags[0],
	};
	struct ims_trace trace;

	ims_journey_trace(&trace, refusal->journey, &sought);
	refusal->carrier = trace.entered;
	refusal->is_put_in = trace.put_in_by;
	refusal->passed_on = trace.kept;
}

bool ims_refusal_read(struct ims_refusal *refusal,
		      const struct ims_check *check)
{
	memset(refusal, 0, sizeof(*refusal));
	refusal->journey = check->journey;
	refusal->at = find_refused(check->journey);
	if (!refusal->at)
		return false;
	refusal->answer = refusal->at->final;
	refusal->is_maker = far_end_made_it(check, refusal->at);
	read_tags(refusal);
	if (refusal->n_tags)
		read_way(refusal);
	return true;
}

const char *ims_refuser_format(char out[IMS_REFUSER_TEXT],
			       const struct ims_refusal *refusal)
{
	char party[IMS_PARTY_TEXT];

	g_snprintf(out, IMS_REFUSER_TEXT, "%s%s",
		   ims_party_format(party, &refusal->at->to),
		   refusal->is_maker ? "" : " or a node behind it");
	return out;
}

void ims_refusal_append_tags(GString *text, const struct ims_refusal *refusal)
{
	for (unsigned i = 0; i < refusal->n_tags; i++)
		g_string_append_printf(
			text, "%s%.*s", i ? ", " : "",
			IMS_SLICE_ARG(ims_shown(refusal->tags[i])));
}
