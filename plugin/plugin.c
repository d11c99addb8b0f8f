// SPDX-License-Identifier: GPL-2.0-or-later
/* What Wireshark calls: the door of the plugin, and its post-dissector. */
#include "compat.h"

#include "experts.h"
#include "fields.h"
#include "flow.h"
#include "heuristics.h"
#include "host.h"
#include "menu.h"
#include "session.h"
#include "settings.h"
#include "show.h"
#include "sip_ports.h"
#include "tables.h"
#include "tap.h"

#define IMS_EXPORT __attribute__((visibility("default")))

IMS_EXPORT extern const char plugin_version[];
IMS_EXPORT extern const int plugin_want_major;
IMS_EXPORT extern const int plugin_want_minor;
IMS_EXPORT void plugin_register(void);
IMS_EXPORT uint32_t plugin_describe(void);

const char plugin_version[] = IMSLEUTH_VERSION;
const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

static int proto;

/* Registered after all protocols: so it is looked up when it is needed. */
static bool are_experts_tapped(void)
{
	static int tap;

	if (!tap)
		tap = find_tap_id("expert");
	return tap && have_tap_listener(tap);
}

/* Whether anybody will see what the tree gets. */
static bool is_tree_wanted(proto_tree *tree)
{
	return proto_field_is_referenced(tree, proto) || are_experts_tapped();
}

static bool is_mark_wanted(packet_info *pinfo)
{
	return ims_settings_marks() && pinfo->cinfo &&
	       col_get_writable(pinfo->cinfo, COL_INFO);
}

/* Expert infos are listed under the protocol that is current. */
static void show_tree(const struct ims_kept *kept, packet_info *pinfo,
		      tvbuff_t *tvb, proto_tree *tree)
{
	const char *saved = pinfo->current_proto;

	pinfo->current_proto = "imsleuth";
	ims_show_frame(kept, proto, pinfo, tvb, tree);
	pinfo->current_proto = saved;
}

/*
 * A frame is read when it is dissected for the first time. What it means is
 * known only when all have been: it is shown whenever it is dissected again.
 */
static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
		   void *unused _U_)
{
	const struct ims_kept *kept;
	bool tree_wanted, mark_wanted;

	if (!pinfo->fd->visited) {
		ims_session_take(pinfo, tvb);
		ims_tap_queue(pinfo, NULL);
		return 0;
	}
	tree_wanted = is_tree_wanted(tree);
	mark_wanted = is_mark_wanted(pinfo);
	if (!tree_wanted && !mark_wanted && !ims_tap_is_wanted())
		return 0;
	kept = ims_session_kept();
	if (kept && tree_wanted)
		show_tree(kept, pinfo, tvb, tree);
	if (kept && mark_wanted)
		ims_show_mark(kept, pinfo);
	if (kept)
		ims_tap_queue(pinfo, kept);
	return 0;
}

static void settings_changed(void)
{
	ims_sip_ports_follow();
}

/*
 * It is called for every frame, and most are none of ours: as a protocol in
 * name only, on and off with the other, it is not entered into the frame's
 * layers and taken out again each time.
 */
static int quiet_proto(void)
{
	return proto_register_protocol_in_name_only(
		"IMS registration analysis, frames", "imsleuth frames",
		"imsleuth_frames", proto, FT_PROTOCOL);
}

static void register_all(void)
{
	proto = proto_register_protocol("IMS registration analysis", "imsleuth",
					"imsleuth");
	register_postdissector(
		register_dissector("imsleuth", dissect, quiet_proto()));
	ims_fields_register(proto);
	ims_experts_register(proto);
	ims_settings_register(proto, settings_changed);
	ims_session_register();
	ims_tap_register();
	if (ims_host_is_window())
		ims_tables_register_window();
	else
		ims_tables_register_terminal();
	ims_flow_register(proto);
	ims_menu_register(proto);
}

static void hand_off(void)
{
	ims_session_hand_off();
	ims_heuristics_hand_off(proto);
	ims_sip_ports_hand_off(proto);
}

void plugin_register(void)
{
	static proto_plugin plugin = {
		.register_protoinfo = register_all,
		.register_handoff = hand_off,
	};

	proto_register_plugin(&plugin);
}

/* Its meaning has come with 4.2: this is a dissector. */
uint32_t plugin_describe(void)
{
	return 1;
}
