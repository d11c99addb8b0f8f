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

#include <cfile.h>

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
#include <wsutil/report_message.h>

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

/* A table of this group stands in no menu by itself: it has one of ours. */
#define IMS_GROUP_WITHOUT_MENU REGISTER_ANALYZE_GROUP_CONVERSATION_FILTER

/* How the beginning of a -z says whether it could begin. */
#if IMS_WIRESHARK(4, 6)
typedef bool ims_stat_begun;
#define IMS_STAT_RETURN(has_begun) return (has_begun)
#else
typedef void ims_stat_begun;
#define IMS_STAT_RETURN(has_begun) \
	do {                       \
		if (!(has_begun))  \
			exit(1);   \
	} while (0)
#endif

/* What a conversation filter is told, and what it answers. */
#if IMS_WIRESHARK(4, 4)
typedef bool ims_conversation_has;
#else
typedef gboolean ims_conversation_has;
#endif
#if IMS_WIRESHARK(4, 2)
#define IMS_CONVERSATION_DATA , void *unused _U_
#define IMS_CONVERSATION_REGISTER(...) \
	register_conversation_filter(__VA_ARGS__, NULL)
#else
#define IMS_CONVERSATION_DATA
#define IMS_CONVERSATION_REGISTER(...) register_conversation_filter(__VA_ARGS__)
#endif

/* Of flow graphs: sequence.h. */
#if IMS_WIRESHARK(4, 4)
typedef bool ims_sequence_bool;
#else
typedef gboolean ims_sequence_bool;
#endif

#endif
