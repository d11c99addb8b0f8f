/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wireshark 4.0 to 4.6 in one: what differs between the versions is named
 * here and nowhere else, and so are the headers, which must come in this
 * order. `#if` on a version stands in no other file.
 */
#ifndef IMS_COMPAT_H
#define IMS_COMPAT_H

#include <ws_version.h>

#define IMS_WIRESHARK(major, minor)             \
	(WIRESHARK_VERSION_MAJOR > (major) ||   \
	 (WIRESHARK_VERSION_MAJOR == (major) && \
	  WIRESHARK_VERSION_MINOR >= (minor)))

#include <wireshark.h>

#include <epan/conversation.h>
#include <epan/conversation_filter.h>
#include <epan/dfilter/dfilter.h>
#include <epan/epan_dissect.h>
#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/plugin_if.h>
#include <epan/prefs.h>
#include <epan/proto.h>
#include <epan/range.h>
#include <epan/stat_groups.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <wiretap/pcap-encap.h>
#include <wiretap/wtap.h>

/* A preference that is on or off: the wrong type would be written over. */
#if IMS_WIRESHARK(4, 4)
typedef bool ims_preference_bool;
#else
typedef gboolean ims_preference_bool;
#endif

/* What a heuristic returns. */
#if IMS_WIRESHARK(4, 4)
typedef bool ims_heuristic_result;
#else
typedef gboolean ims_heuristic_result;
#endif

/* The menu of telephony that is no submenu. */
#if IMS_WIRESHARK(4, 4)
#define IMS_TELEPHONY_GROUP REGISTER_TELEPHONY_GROUP_UNSORTED
#else
#define IMS_TELEPHONY_GROUP REGISTER_STAT_GROUP_TELEPHONY
#endif

#endif
