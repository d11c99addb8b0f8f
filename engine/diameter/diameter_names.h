/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands, AVPs and results of Diameter base, Cx/Dx, RFC 4740 and Rx. */
#ifndef IMS_DIAMETER_NAMES_H
#define IMS_DIAMETER_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/exchange.h>

#define IMS_DIAMETER_APPLICATION_BASE	 0u
#define IMS_DIAMETER_APPLICATION_RFC4740 6u
#define IMS_DIAMETER_APPLICATION_CX	 16777216u
#define IMS_DIAMETER_APPLICATION_RX	 16777236u
#define IMS_DIAMETER_APPLICATION_RELAY	 0xffffffffu
#define IMS_DIAMETER_VENDOR_3GPP	 10415u

/* What a command is, in whichever application it has its code. */
enum ims_command {
	IMS_COMMAND_OTHER,
	IMS_COMMAND_CE, /* 257 Capabilities-Exchange */
	IMS_COMMAND_DW, /* 280 Device-Watchdog */
	IMS_COMMAND_DP, /* 282 Disconnect-Peer */
	IMS_COMMAND_UA, /* User-Authorization */
	IMS_COMMAND_SA, /* Server-Assignment */
	IMS_COMMAND_LI, /* Location-Info */
	IMS_COMMAND_MA, /* Multimedia-Auth */
	IMS_COMMAND_RT, /* Registration-Termination */
	IMS_COMMAND_PP, /* Push-Profile */
	IMS_COMMAND_AA, /* Rx 265 AA */
	IMS_COMMAND_ST, /* Rx 275 Session-Termination */
	IMS_COMMAND_AS, /* Rx 274 Abort-Session */
	IMS_COMMAND_RA, /* Rx 258 Re-Auth */
};

enum ims_application ims_diameter_application(uint32_t id);

/* OTHER where that application does not have that code. */
enum ims_command ims_diameter_command(uint32_t application_id, uint32_t code);

/* "UAR" or "UAA"; "?" for OTHER. Static. */
const char *ims_command_name(enum ims_command command, bool request);

/*
 * The name of a result, keyed by its container, vendor and (for codes that
 * RFC 4740 adds to Result-Code) the application; NULL where no registry has
 * it. Static.
 */
const char *ims_diameter_result_name(enum ims_result_container container,
				     uint32_t vendor, uint32_t code,
				     enum ims_application application);

/* "Server-Name"; NULL where unknown. Vendor 0: base and RFC 4740. Static. */
const char *ims_diameter_avp_name(uint32_t vendor, uint32_t code);

/* "REGISTRATION" (614, RFC 4740 375); NULL where unknown. Static. */
const char *ims_assignment_type_name(int64_t type);
/* "PERMANENT_TERMINATION" (616); NULL where unknown. Static. */
const char *ims_reason_code_name(int64_t code);
/* "DE_REGISTRATION" (623); NULL where unknown. Static. */
const char *ims_authorization_type_name(int64_t type);

#endif
