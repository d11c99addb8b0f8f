// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A wrong claim would spoil somebody's HTTP, and costs more than a message
 * missed: beyond what the engine asks of Diameter on a port where it may be
 * expected, the first message of a conversation must have a command and an
 * application that are known and go together, and begin with an AVP of the
 * base protocol. What follows it is not asked again.
 */
#include "compat.h"

#include <ims/message.h>

#include "heuristics.h"

#define HEADER_SIZE	20
#define AVP_HEADER_SIZE 8
#define FLAGS_AT	4
#define APPLICATION_AT	8
#define FLAG_REQUEST	0x80000000u
#define FLAG_ERROR	0x20000000u
#define AVP_FLAG_VENDOR 0x80000000u
#define LOW_24_BITS	0xffffffu
#define AVP_USER_NAME	1
#define AVP_BASE_FIRST	257
#define AVP_BASE_LAST	299
/* Wireshark takes none shorter: Origin-Host and Origin-Realm (RFC 6733). */
#define MESSAGE_SIZE_MIN 36
/* Enough to be sure, and to be worth waiting for the rest of that. */
#define SURE_SIZE    (HEADER_SIZE + AVP_HEADER_SIZE)
#define HOPEFUL_SIZE APPLICATION_AT

enum verdict {
	FOREIGN,
	HOPEFUL,
	SURE
};

/* In which applications a command is used. */
enum usage {
	BETWEEN_PEERS, /* the base protocol, RFC 6733 5.3 to 5.5 */
	OF_SESSIONS,   /* the base protocol and what uses it, 8 and 9 */
	OF_AN_APPLICATION,
};

struct commands {
	guint32 first, last;
	enum usage usage;
};

/* IANA's registry, and Wireshark's dictionary. */
static const struct commands known[] = {
	{257, 257, BETWEEN_PEERS},	       /* Capabilities-Exchange */
	{258, 258, OF_SESSIONS},	       /* Re-Auth */
	{260, 260, OF_AN_APPLICATION},	       /* AA-Mobile-Node */
	{262, 262, OF_AN_APPLICATION},	       /* Home-Agent-MIP */
	{265, 265, OF_AN_APPLICATION},	       /* AA */
	{268, 268, OF_AN_APPLICATION},	       /* EAP */
	{271, 271, OF_SESSIONS},	       /* Accounting */
	{272, 272, OF_AN_APPLICATION},	       /* Credit-Control */
	{274, 275, OF_SESSIONS},	       /* Abort-, Session-Termination */
	{280, 280, BETWEEN_PEERS},	       /* Device-Watchdog */
	{282, 282, BETWEEN_PEERS},	       /* Disconnect-Peer */
	{283, 288, OF_AN_APPLICATION},	       /* RFC 4740 */
	{300, 330, OF_AN_APPLICATION},	       /* 3GPP's first, as Cx, S6a */
	{8388620, 8388734, OF_AN_APPLICATION}, /* 3GPP's later ones */
};

static dissector_handle_t over_tcp;
static dissector_handle_t over_sctp;

static const struct commands *find_commands(guint32 code)
{
	for (size_t i = 0; i < array_length(known); i++)
		if (code >= known[i].first && code <= known[i].last)
			return &known[i];
	return NULL;
}

/* What the engine leaves open, as far as the bytes go. */
static bool header_is_known(tvbuff_t *tvb, guint there)
{
	guint32 flags_and_command = tvb_get_ntohl(tvb, FLAGS_AT);
	const struct commands *commands =
		find_commands(flags_and_command & LOW_24_BITS);
	guint32 application;

	/* An error is an answer (RFC 6733 3). */
	if (!commands || (flags_and_command & FLAG_REQUEST &&
			  flags_and_command & FLAG_ERROR))
		return false;
	if (there < APPLICATION_AT + 4 || commands->usage == OF_SESSIONS)
		return true;
	application = tvb_get_ntohl(tvb, APPLICATION_AT);
	return (commands->usage == BETWEEN_PEERS) == (application == 0);
}

/*
 * Nearly always Session-Id, Origin-Host or Result-Code (RFC 6733 4.5). That
 * it fits into the message, the engine has seen.
 */
static bool avp_begins_message(tvbuff_t *tvb)
{
	guint32 code = tvb_get_ntohl(tvb, HEADER_SIZE);
	guint32 flags_and_length = tvb_get_ntohl(tvb, HEADER_SIZE + 4);

	return !(flags_and_length & AVP_FLAG_VENDOR) &&
	       (flags_and_length & LOW_24_BITS) > AVP_HEADER_SIZE &&
	       (code == AVP_USER_NAME ||
		(code >= AVP_BASE_FIRST && code <= AVP_BASE_LAST));
}

/* The more bytes are there, the more is asked of them. */
static enum verdict judge(tvbuff_t *tvb, size_t *length)
{
	guint there = tvb_captured_length(tvb);
	struct ims_slice bytes;

	if (there < HOPEFUL_SIZE)
		return FOREIGN;
	bytes = ims_slice((const char *)tvb_get_ptr(tvb, 0, (gint)there),
			  there);
	if (ims_diameter_extent(bytes, length) == IMS_EXTENT_FOREIGN ||
	    *length < MESSAGE_SIZE_MIN || !header_is_known(tvb, there))
		return FOREIGN;
	if (there < SURE_SIZE)
		return HOPEFUL;
	return avp_begins_message(tvb) ? SURE : FOREIGN;
}

int ims_lend(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo,
	     proto_tree *tree, void *data)
{
	guint16 offered = pinfo->can_desegment;
	int taken;

	/* Else it sinks with every call, and a split message is lost. */
	pinfo->can_desegment = pinfo->saved_can_desegment;
	taken = call_dissector_only(handle, tvb, pinfo, tree, data);
	pinfo->can_desegment = offered;
	return taken;
}

int ims_hand_over(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo,
		  proto_tree *tree, void *data)
{
	/* What came before stays what it was, however often it is looked at. */
	conversation_set_dissector_from_frame_number(
		find_or_create_conversation(pinfo), pinfo->num, handle);
	return ims_lend(handle, tvb, pinfo, tree, data);
}

void ims_want_more(packet_info *pinfo)
{
	pinfo->desegment_offset = 0;
	pinfo->desegment_len = DESEGMENT_ONE_MORE_SEGMENT;
}

/*
 * A capture may begin in the middle of a message. That is not looked for: a
 * whole message behind other bytes may as well be one that another protocol
 * carries. The next segment that begins with a message tells.
 */
static ims_heuristic_result find_in_tcp(tvbuff_t *tvb, packet_info *pinfo,
					proto_tree *tree, void *data)
{
	size_t length;

	switch (judge(tvb, &length)) {
	case SURE:
		return ims_hand_over(over_tcp, tvb, pinfo, tree, data) != 0;
	case HOPEFUL:
		if (!pinfo->can_desegment)
			return FALSE;
		ims_want_more(pinfo);
		return TRUE;
	case FOREIGN:
		break;
	}
	return FALSE;
}

/* SCTP does not ask whose a conversation is: this is asked each time. */
static bool is_known_association(packet_info *pinfo)
{
	conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

	return conversation && conversation_get_dissector(
				       conversation, pinfo->num) == over_sctp;
}

static ims_heuristic_result find_in_sctp(tvbuff_t *tvb, packet_info *pinfo,
					 proto_tree *tree, void *data)
{
	size_t length;

	if (is_known_association(pinfo))
		return ims_lend(over_sctp, tvb, pinfo, tree, data) != 0;
	/* A message of SCTP is one of Diameter (RFC 6733 2.1). */
	if (judge(tvb, &length) != SURE || length != tvb_reported_length(tvb))
		return FALSE;
	return ims_hand_over(over_sctp, tvb, pinfo, tree, data) != 0;
}

void ims_heuristics_hand_off(int proto)
{
	over_tcp = find_dissector("diameter.tcp");
	over_sctp = find_dissector("diameter");
	if (over_tcp)
		heur_dissector_add(
			"tcp", find_in_tcp, "Diameter over TCP on any port",
			"imsleuth_diameter_tcp", proto, HEURISTIC_ENABLE);
	if (over_sctp)
		heur_dissector_add("sctp", find_in_sctp,
				   "Diameter over SCTP without its PPID",
				   "imsleuth_diameter_sctp", proto,
				   HEURISTIC_ENABLE);
}
