// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "settings.h"

#define MILLISECOND INT64_C(1000000)

static ims_preference_bool marks = TRUE;
static guint answer_timeout_s = 10;
static guint slow_answer_ms = 1000;
static range_t *sip_ports;
static const char *signatures;

void ims_settings_register(int proto, void (*apply)(void))
{
	module_t *module = prefs_register_protocol(proto, apply);

	/* Kamailio's S-CSCF; Wireshark takes 6000 to 6063 for X11. */
	range_convert_str(wmem_epan_scope(), &sip_ports, "6060", 65535);
	prefs_register_bool_preference(
		module, "marks", "Mark findings in the Info column",
		"Frames that prove a finding get its severity and the rule's "
		"name at the end of their Info column",
		&marks);
	prefs_register_range_preference(
		module, "sip_tcp_ports", "TCP ports of SIP",
		"SIP over TCP is expected on these ports, beside those of the "
		"SIP dissector (Kamailio's S-CSCF uses 6060, which Wireshark "
		"takes for X11)",
		&sip_ports, 65535);
	prefs_register_uint_preference(
		module, "answer_timeout", "Answer timeout of Cx (s)",
		"A Cx request that has no answer after so many seconds is "
		"unanswered (rule cx_unanswered)",
		10, &answer_timeout_s);
	prefs_register_uint_preference(
		module, "slow_answer", "Slow answer of Cx (ms)",
		"A Cx answer that comes later is slow (rule cx_slow_answer)",
		10, &slow_answer_ms);
	prefs_register_filename_preference(
		module, "signatures", "Vendor signatures",
		"A file of known deviations of products, in addition to the "
		"one that is installed and to imsleuth/signatures.conf in "
		"your configuration",
		&signatures, FALSE);
}

struct ims_options ims_settings_options(void)
{
	return (struct ims_options){
		.answer_timeout_ns = answer_timeout_s * 1000 * MILLISECOND,
		.slow_answer_ns = slow_answer_ms * MILLISECOND,
	};
}

const char *ims_settings_signatures(void)
{
	return signatures;
}

bool ims_settings_marks(void)
{
	return marks;
}

struct epan_range *ims_settings_sip_ports(void)
{
	return sip_ports;
}
