// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading a Diameter connection's life. Captures begin in mid-connection and
   lose packets: what does not show a trouble is none. */
#include "cx_links.h"

/* A watchdog or CER is late after this: peers answer both at once. Who ends
   the connection before has said so, who ends it later gave up. */
#define PATIENCE (2 * IMS_SECOND)

static bool happened(const struct ims_facts *facts, int64_t when_ns)
{
	return facts && facts->time_ns <= when_ns;
}

bool ims_link_is_client(const struct ims_link *link,
			const struct ims_facts *facts)
{
	return ims_endpoint_equal(&link->client, &facts->source);
}

const struct ims_facts *ims_link_end(const struct ims_link *link,
				     int64_t when_ns)
{
	const struct ims_facts *const ends[] = {link->dpr, link->closed,
						link->reset};
	const struct ims_facts *first = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		if (happened(ends[i], when_ns) &&
		    (!first || ends[i]->time_ns < first->time_ns))
			first = ends[i];
	return first;
}

/* The other side said something after that. */
static bool spoke_after(const struct ims_link *link,
			const struct ims_facts *asked)
{
	return (ims_link_is_client(link, asked)
			? link->last_from_server_ns
			: link->last_from_client_ns) > asked->time_ns;
}

/* A sign that the capture has that side's packets: else it proves nothing of
   its silence. */
static bool is_heard(const struct ims_link *link, bool client)
{
	const struct ims_facts *const signs[] = {link->opened, link->closed,
						 link->reset};

	if ((client ? link->last_from_client_ns : link->last_from_server_ns) >=
	    0)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
		if (signs[i] && ims_link_is_client(link, signs[i]) == client)
			return true;
	return false;
}

/* It may have: a hole. */
static bool may_have_spoken(const struct ims_link *link,
			    const struct ims_facts *asked)
{
	return (ims_link_is_client(link, asked)
			? link->gap_from_server_ns
			: link->gap_from_client_ns) >= asked->time_ns;
}

static bool lists(const struct ims_diameter_facts *capabilities, uint32_t id)
{
	for (size_t i = 0; i < capabilities->applications.n; i++)
		if (capabilities->applications.at[i] == id)
			return true;
	return false;
}

static bool lists_cx(const struct ims_diameter_facts *capabilities)
{
	return lists(capabilities, IMS_DIAMETER_APPLICATION_CX) ||
	       lists(capabilities, IMS_DIAMETER_APPLICATION_RFC4740);
}

/* RFC 6733 2.4: a relay passes on every application. */
static bool carries(const struct ims_diameter_facts *capabilities, uint32_t id)
{
	return lists(capabilities, id) ||
	       lists(capabilities, IMS_DIAMETER_APPLICATION_RELAY);
}

static bool have_common_cx(const struct ims_diameter_facts *cer,
			   const struct ims_diameter_facts *cea)
{
	return (carries(cer, IMS_DIAMETER_APPLICATION_CX) &&
		carries(cea, IMS_DIAMETER_APPLICATION_CX)) ||
	       (carries(cer, IMS_DIAMETER_APPLICATION_RFC4740) &&
		carries(cea, IMS_DIAMETER_APPLICATION_RFC4740));
}

/* Rx, Gx, S6a and others: none of Cx's business. A list that is not there
   tells nothing. */
static bool is_foreign(const struct ims_link *link)
{
	const struct ims_diameter_facts *cer = ims_diameter(link->cer);
	const struct ims_diameter_facts *cea = ims_diameter(link->cea);

	if (!cer || cer->applications.n == 0 || lists_cx(cer))
		return false;
	if (!lists(cer, IMS_DIAMETER_APPLICATION_RELAY))
		return true;
	return cea && cea->applications.n > 0 && !have_common_cx(cer, cea);
}

static struct ims_diagnosis diagnosis(enum ims_trouble trouble,
				      const struct ims_facts *asked,
				      const struct ims_facts *answer,
				      const char *what)
{
	return (struct ims_diagnosis){.trouble = trouble,
				      .asked = asked,
				      .answer = answer,
				      .what = what};
}

static struct ims_diagnosis no_trouble(void)
{
	return diagnosis(IMS_TROUBLE_NONE, NULL, NULL, NULL);
}

static struct ims_diagnosis pending(void)
{
	return diagnosis(IMS_TROUBLE_PENDING, NULL, NULL, NULL);
}

static struct ims_diagnosis unknown(void)
{
	return diagnosis(IMS_TROUBLE_UNKNOWN, NULL, NULL, NULL);
}

/* Nothing was said on it by then, and its beginning is in the capture. */
static struct ims_diagnosis of_opening(const struct ims_link *link,
				       int64_t when_ns)
{
	if (!link->opening || happened(link->cer, when_ns))
		return no_trouble();
	if (link->cer)
		return pending();
	if (link->last_from_client_ns >= 0 || link->last_from_server_ns >= 0)
		return no_trouble();
	if (link->opened)
		return pending();
	if (happened(link->refused, when_ns))
		return diagnosis(IMS_TROUBLE_SILENT, link->opening,
				 link->refused, "refused the connection");
	if (link->n_openings > 1)
		return diagnosis(IMS_TROUBLE_SILENT, link->opening, NULL,
				 "did not answer the attempts to connect");
	return pending();
}

/*
 * CER without CEA by then. Ended at once by the other side, it was turned
 * away. An asker who does not wait had his answer, whatever it was; so did
 * one whose answer may be in a hole. A reset much later may be of a
 * connection that stood.
 */
static struct ims_diagnosis of_cer(const struct ims_link *link, int64_t when_ns)
{
	const struct ims_facts *end = ims_link_end(link, when_ns);
	bool at_once =
		(end ? end->time_ns : when_ns) - link->cer->time_ns < PATIENCE;
	bool by_asker = end && ims_link_is_client(link, end) ==
				       ims_link_is_client(link, link->cer);

	if (link->cea)
		return pending();
	if (spoke_after(link, link->cer))
		return no_trouble();
	/* Of an earlier connection between the same ports. */
	if (end && end->time_ns < link->cer->time_ns)
		return unknown();
	if (may_have_spoken(link, link->cer) ||
	    !is_heard(link, !ims_link_is_client(link, link->cer)))
		return end ? unknown() : no_trouble();
	if (!end)
		return at_once ? pending()
			       : diagnosis(IMS_TROUBLE_SILENT, link->cer, NULL,
					   "did not answer CER");
	if (at_once && !by_asker)
		return diagnosis(IMS_TROUBLE_REJECTED, link->cer, end,
				 "ended the connection instead of answering "
				 "CER");
	if (at_once || (end == link->reset && !by_asker))
		return unknown();
	return diagnosis(IMS_TROUBLE_SILENT, link->cer, end,
			 "did not answer CER");
}

/* RFC 6733 5.3: the answer is an error, or nothing is in common. */
static struct ims_diagnosis of_cea(const struct ims_link *link)
{
	const struct ims_diameter_facts *cer = ims_diameter(link->cer);
	const struct ims_diameter_facts *cea = ims_diameter(link->cea);

	if (cea->result.code >= 3000)
		return diagnosis(IMS_TROUBLE_REJECTED, link->cer, link->cea,
				 "answered CER with an error");
	if (cer && lists_cx(cer) && cea->applications.n > 0 &&
	    !have_common_cx(cer, cea))
		return diagnosis(IMS_TROUBLE_REJECTED, link->cer, link->cea,
				 "does not offer Cx in CEA");
	return no_trouble();
}

/* A watchdog that found nobody (RFC 3539 3.4). */
static struct ims_diagnosis of_watchdog(const struct ims_link *link,
					int64_t when_ns)
{
	const struct ims_facts *end = ims_link_end(link, when_ns);

	if (!happened(link->dwr, when_ns) || spoke_after(link, link->dwr) ||
	    may_have_spoken(link, link->dwr) ||
	    !is_heard(link, !ims_link_is_client(link, link->dwr)))
		return no_trouble();
	if ((end ? end->time_ns : when_ns) - link->dwr->time_ns < PATIENCE)
		return no_trouble();
	if (end && ims_link_is_client(link, end) !=
			   ims_link_is_client(link, link->dwr))
		return no_trouble();
	return diagnosis(IMS_TROUBLE_SILENT, link->dwr, end,
			 "did not answer DWR");
}

struct ims_diagnosis ims_link_ended(const struct ims_link *link,
				    const struct ims_facts *end)
{
	return diagnosis(IMS_TROUBLE_ENDED, NULL, end,
			 end == link->dpr      ? "sent DPR"
			 : end == link->closed ? "closed the connection"
					       : "reset the connection");
}

struct ims_diagnosis ims_link_diagnosis(const struct ims_link *link,
					int64_t when_ns)
{
	struct ims_diagnosis found;
	const struct ims_facts *end;

	if (link->first_ns > when_ns)
		return diagnosis(IMS_TROUBLE_ABSENT, NULL, NULL, NULL);
	if (is_foreign(link))
		return diagnosis(IMS_TROUBLE_FOREIGN, NULL, NULL, NULL);
	found = of_opening(link, when_ns);
	if (!found.trouble && happened(link->cer, when_ns) &&
	    !happened(link->cea, when_ns))
		found = of_cer(link, when_ns);
	if (!found.trouble && happened(link->cea, when_ns))
		found = of_cea(link);
	if (!found.trouble)
		found = of_watchdog(link, when_ns);
	end = ims_link_end(link, when_ns);
	return !found.trouble && end ? ims_link_ended(link, end) : found;
}
