// SPDX-License-Identifier: GPL-2.0-or-later
#include "cx_peer_words.h"

#include <inttypes.h>

#include "cx_reading.h"

static const char *side_text(char out[IMS_CX_TEXT],
			     const struct ims_endpoint *endpoint,
			     const struct ims_facts *said)
{
	const struct ims_diameter_facts *diameter = ims_diameter(said);
	char address[IMS_ENDPOINT_TEXT];

	ims_address_format(address, &endpoint->address);
	if (diameter && !ims_slice_is_empty(diameter->origin_host))
		g_snprintf(out, IMS_CX_TEXT, "%s (%.*s)", address,
			   IMS_SLICE_ARG(ims_cx_shown(diameter->origin_host)));
	else
		g_snprintf(out, IMS_CX_TEXT, "%s", address);
	return out;
}

/* CER and CEA name the sides; where DWR or DPR do too, they are as good. */
static void tell_sides(struct ims_draft *draft, const struct ims_link *link)
{
	const struct ims_diameter_facts *cer = ims_diameter(link->cer);
	const struct ims_diameter_facts *cea = ims_diameter(link->cea);
	char text[IMS_ENDPOINT_TEXT];

	ims_draft_text(draft, "client",
		       ims_endpoint_format(text, &link->client));
	ims_draft_text(draft, "server",
		       ims_endpoint_format(text, &link->server));
	if (cer)
		ims_draft_string(draft, "client_host", cer->origin_host);
	if (cea)
		ims_draft_string(draft, "server_host", cea->origin_host);
}

static const char *event_text(const struct ims_facts *facts)
{
	switch (facts->kind) {
	case IMS_EVENT_CONNECTION_OPENING:
		return "asks for a connection";
	case IMS_EVENT_CONNECTION_REFUSED:
		return "refuses the connection";
	case IMS_EVENT_CONNECTION_CLOSED:
		return "closes the connection";
	case IMS_EVENT_CONNECTION_RESET:
		return "resets the connection";
	case IMS_EVENT_ICMP_ERROR:
		return "says that it cannot be reached";
	default:
		return "sends";
	}
}

static void tell_event(struct ims_draft *draft, const struct ims_facts *facts)
{
	const struct ims_diameter_facts *diameter = ims_diameter(facts);
	char who[IMS_CX_TEXT];

	if (!facts)
		return;
	side_text(who, &facts->source, facts);
	if (diameter && diameter->result.container != IMS_RESULT_NONE)
		ims_draft_evidence(
			draft, facts, "%s: %s, %s %" PRIu32 " (%s)", who,
			ims_command_name(diameter->command, false),
			ims_result_container_name(diameter->result.container),
			diameter->result.code,
			diameter->result.name ? diameter->result.name
					      : "unknown");
	else if (diameter)
		ims_draft_evidence(draft, facts, "%s: %s", who,
				   ims_command_name(diameter->command,
						    diameter->is_request));
	else
		ims_draft_evidence(draft, facts, "%s %s", who,
				   event_text(facts));
}

GString *ims_peer_sentence(const struct ims_link *link,
			   const struct ims_diagnosis *found, unsigned n)
{
	const struct ims_diameter_facts *answer = ims_diameter(found->answer);
	bool by_client = found->asked ? !ims_link_is_client(link, found->asked)
				      : ims_link_is_client(link, found->answer);
	GString *sentence = g_string_new(NULL);
	char actor[IMS_CX_TEXT];
	char other[IMS_CX_TEXT];

	side_text(actor, by_client ? &link->client : &link->server,
		  by_client ? link->cer : link->cea);
	side_text(other, by_client ? &link->server : &link->client,
		  by_client ? link->cea : link->cer);
	g_string_append_printf(sentence, "Diameter peer %s of %s %s", actor,
			       other, found->what);
	if (answer && answer->result.container != IMS_RESULT_NONE &&
	    answer->result.code >= 3000)
		g_string_append_printf(
			sentence, ": %s %" PRIu32 " (%s)",
			ims_result_container_name(answer->result.container),
			answer->result.code,
			answer->result.name ? answer->result.name : "unknown");
	if (n > 1)
		g_string_append_printf(sentence, " (%u connections alike)", n);
	return sentence;
}

void ims_peer_tell(struct ims_draft *draft, const struct ims_link *link,
		   const struct ims_diagnosis *found, unsigned n)
{
	tell_sides(draft, link);
	ims_draft_text(draft, "what", found->what);
	ims_draft_integer(draft, "connections", n);
	tell_event(draft, found->asked);
	tell_event(draft, found->answer);
}

void ims_peer_end(struct ims_draft *draft, GString *sentence)
{
	ims_draft_summary(draft, "%s.", sentence->str);
	g_string_free(sentence, TRUE);
}
