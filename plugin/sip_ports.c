// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Wireshark's SIP dissector takes any text for the continuation of a message
 * if it is asked by port: it is asked only from the first message on. Before
 * that what is no text belongs to the port's former protocol. Text does not:
 * X11 would take a length from the middle of a SIP message, and wait for so
 * many bytes.
 */
#include "compat.h"

#include <ims/message.h>

#include "heuristics.h"
#include "settings.h"
#include "sip_ports.h"

#define PORTS "tcp.port"
/* So much tells text from X11, where every other byte is zero. */
#define GLANCE 64u
/* A start line is within this, or none. */
#define LOOK 4096u

static dissector_handle_t sip;
static dissector_handle_t sip_or_former;
/* Ports taken, to the handles that they had: NULL for none. */
static GHashTable *former;

static bool is_text(struct ims_slice bytes)
{
	static const char spaces[] = {'\t', '\r', '\n'};

	for (size_t i = 0; i < bytes.len && i < GLANCE; i++)
		if ((unsigned char)bytes.at[i] < ' ' &&
		    !memchr(spaces, bytes.at[i], sizeof(spaces)))
			return false;
	return true;
}

static struct ims_slice beginning_of(tvbuff_t *tvb)
{
	guint there = MIN(tvb_captured_length(tvb), LOOK);

	if (there == 0)
		return ims_slice("", 0);
	return ims_slice((const char *)tvb_get_ptr(tvb, 0, (gint)there), there);
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
		   void *data)
{
	struct ims_slice bytes = beginning_of(tvb);
	dissector_handle_t other;
	size_t length;

	if (bytes.len > 0 &&
	    ims_sip_extent(bytes, &length) != IMS_EXTENT_FOREIGN) {
		if (memchr(bytes.at, '\n', bytes.len))
			return ims_hand_over(sip, tvb, pinfo, tree, data);
		if (!pinfo->can_desegment || bytes.len == LOOK)
			return 0;
		ims_want_more(pinfo);
		return (int)tvb_captured_length(tvb);
	}
	other = g_hash_table_lookup(former,
				    GUINT_TO_POINTER(pinfo->match_uint));
	return other && !is_text(bytes)
		       ? ims_lend(other, tvb, pinfo, tree, data)
		       : 0;
}

/* What a user has chosen for the port by Decode As stands. */
static void set_port(guint32 port, dissector_handle_t handle)
{
	dissector_table_t table = find_dissector_table(PORTS);
	bool is_chosen = dissector_is_uint_changed(table, port);
	dissector_handle_t choice = dissector_get_uint_handle(table, port);

	dissector_delete_uint(PORTS, port, handle);
	if (handle)
		dissector_add_uint(PORTS, port, handle);
	if (is_chosen)
		dissector_change_uint(PORTS, port, choice);
}

static void take(guint32 port, gpointer unused _U_)
{
	dissector_handle_t handle =
		dissector_get_default_uint_handle(PORTS, port);

	/* Wireshark has SIP there; port 0 is no port. */
	if (handle == sip || port == 0 ||
	    g_hash_table_contains(former, GUINT_TO_POINTER(port)))
		return;
	g_hash_table_insert(former, GUINT_TO_POINTER(port), handle);
	set_port(port, sip_or_former);
}

static gboolean give_back(gpointer port, gpointer handle, gpointer wanted)
{
	if (value_is_in_range(wanted, GPOINTER_TO_UINT(port)))
		return FALSE;
	set_port(GPOINTER_TO_UINT(port), handle);
	return TRUE;
}

void ims_sip_ports_follow(void)
{
	range_t *wanted = ims_settings_sip_ports();

	if (!sip)
		return;
	g_hash_table_foreach_remove(former, give_back, wanted);
	range_foreach(wanted, take, NULL);
}

void ims_sip_ports_hand_off(int proto)
{
	sip = find_dissector("sip.tcp");
	sip_or_former = create_dissector_handle(dissect, proto);
	former = g_hash_table_new(NULL, NULL);
	ims_sip_ports_follow();
}
