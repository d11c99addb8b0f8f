/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TS 29.229, RFC 4740, RFC 6733, TS 29.214 and TS 29.329, by name. */
#include <stddef.h>
#include <string.h>

#include "avps.h"

#define TGPP 10415

/* Names of RFC 4740 that TS 29.229 has too begin with "Dsip-" here. */
static const struct avp_name avps[] = {
	{"User-Name", 1, 0, AVP_TEXT, true},
	{"Class", 25, 0, AVP_TEXT, true},
	{"Host-IP-Address", 257, 0, AVP_ADDRESS, true},
	{"Auth-Application-Id", 258, 0, AVP_UNSIGNED, true},
	{"Acct-Application-Id", 259, 0, AVP_UNSIGNED, true},
	{"Vendor-Specific-Application-Id", 260, 0, AVP_GROUP, true},
	{"Redirect-Host-Usage", 261, 0, AVP_UNSIGNED, true},
	{"Redirect-Max-Cache-Time", 262, 0, AVP_UNSIGNED, true},
	{"Session-Id", 263, 0, AVP_TEXT, true},
	{"Origin-Host", 264, 0, AVP_TEXT, true},
	{"Supported-Vendor-Id", 265, 0, AVP_UNSIGNED, true},
	{"Vendor-Id", 266, 0, AVP_UNSIGNED, true},
	{"Firmware-Revision", 267, 0, AVP_UNSIGNED, false},
	{"Result-Code", 268, 0, AVP_UNSIGNED, true},
	{"Product-Name", 269, 0, AVP_TEXT, false},
	{"Disconnect-Cause", 273, 0, AVP_UNSIGNED, true},
	{"Auth-Session-State", 277, 0, AVP_UNSIGNED, true},
	{"Origin-State-Id", 278, 0, AVP_UNSIGNED, true},
	{"Failed-AVP", 279, 0, AVP_GROUP, true},
	{"Proxy-Host", 280, 0, AVP_TEXT, true},
	{"Error-Message", 281, 0, AVP_TEXT, false},
	{"Route-Record", 282, 0, AVP_TEXT, true},
	{"Destination-Realm", 283, 0, AVP_TEXT, true},
	{"Proxy-Info", 284, 0, AVP_GROUP, true},
	{"Redirect-Host", 292, 0, AVP_TEXT, true},
	{"Destination-Host", 293, 0, AVP_TEXT, true},
	{"Error-Reporting-Host", 294, 0, AVP_TEXT, false},
	{"Termination-Cause", 295, 0, AVP_UNSIGNED, true},
	{"Origin-Realm", 296, 0, AVP_TEXT, true},
	{"Experimental-Result", 297, 0, AVP_GROUP, true},
	{"Experimental-Result-Code", 298, 0, AVP_UNSIGNED, true},
	{"Inband-Security-Id", 299, 0, AVP_UNSIGNED, true},
	{"Framed-IP-Address", 8, 0, AVP_TEXT, true},
	/* RFC 4740, and RFC 4590 below it */
	{"Digest-Response", 103, 0, AVP_TEXT, true},
	{"Digest-Realm", 104, 0, AVP_TEXT, true},
	{"Digest-Nonce", 105, 0, AVP_TEXT, true},
	{"Digest-Response-Auth", 106, 0, AVP_TEXT, true},
	{"Digest-Method", 108, 0, AVP_TEXT, true},
	{"Digest-URI", 109, 0, AVP_TEXT, true},
	{"Digest-QoP", 110, 0, AVP_TEXT, true},
	{"Digest-Algorithm", 111, 0, AVP_TEXT, true},
	{"Digest-CNonce", 113, 0, AVP_TEXT, true},
	{"Digest-Nonce-Count", 114, 0, AVP_TEXT, true},
	{"Digest-Username", 115, 0, AVP_TEXT, true},
	{"Digest-HA1", 121, 0, AVP_TEXT, true},
	{"SIP-AOR", 122, 0, AVP_TEXT, true},
	{"SIP-Accounting-Information", 368, 0, AVP_GROUP, true},
	{"SIP-Server-URI", 371, 0, AVP_TEXT, true},
	{"Dsip-Server-Capabilities", 372, 0, AVP_GROUP, true},
	{"Dsip-Mandatory-Capability", 373, 0, AVP_UNSIGNED, true},
	{"Dsip-Optional-Capability", 374, 0, AVP_UNSIGNED, true},
	{"Dsip-Server-Assignment-Type", 375, 0, AVP_UNSIGNED, true},
	{"Dsip-Auth-Data-Item", 376, 0, AVP_GROUP, true},
	{"Dsip-Authentication-Scheme", 377, 0, AVP_UNSIGNED, true},
	{"Dsip-Item-Number", 378, 0, AVP_UNSIGNED, true},
	{"Dsip-Authenticate", 379, 0, AVP_GROUP, true},
	{"Dsip-Authorization", 380, 0, AVP_GROUP, true},
	{"Dsip-Authentication-Info", 381, 0, AVP_GROUP, true},
	{"Dsip-Number-Auth-Items", 382, 0, AVP_UNSIGNED, true},
	{"Dsip-Deregistration-Reason", 383, 0, AVP_GROUP, true},
	{"Dsip-Reason-Code", 384, 0, AVP_UNSIGNED, true},
	{"Dsip-Reason-Info", 385, 0, AVP_TEXT, true},
	{"Dsip-Visited-Network-Id", 386, 0, AVP_TEXT, true},
	{"Dsip-User-Authorization-Type", 387, 0, AVP_UNSIGNED, true},
	{"Dsip-Supported-User-Data-Type", 388, 0, AVP_TEXT, true},
	{"Dsip-User-Data", 389, 0, AVP_GROUP, true},
	{"Dsip-User-Data-Type", 390, 0, AVP_TEXT, true},
	{"Dsip-User-Data-Contents", 391, 0, AVP_TEXT, true},
	{"Dsip-User-Data-Already-Available", 392, 0, AVP_UNSIGNED, true},
	{"SIP-Method", 393, 0, AVP_TEXT, true},
	/* TS 29.229 */
	{"Visited-Network-Identifier", 600, TGPP, AVP_TEXT, true},
	{"Public-Identity", 601, TGPP, AVP_TEXT, true},
	{"Server-Name", 602, TGPP, AVP_TEXT, true},
	{"Server-Capabilities", 603, TGPP, AVP_GROUP, true},
	{"Mandatory-Capability", 604, TGPP, AVP_UNSIGNED, true},
	{"Optional-Capability", 605, TGPP, AVP_UNSIGNED, true},
	{"User-Data", 606, TGPP, AVP_TEXT, true},
	{"SIP-Number-Auth-Items", 607, TGPP, AVP_UNSIGNED, true},
	{"SIP-Authentication-Scheme", 608, TGPP, AVP_TEXT, true},
	{"SIP-Authenticate", 609, TGPP, AVP_TEXT, true},
	{"SIP-Authorization", 610, TGPP, AVP_TEXT, true},
	{"SIP-Authentication-Context", 611, TGPP, AVP_TEXT, true},
	{"SIP-Auth-Data-Item", 612, TGPP, AVP_GROUP, true},
	{"SIP-Item-Number", 613, TGPP, AVP_UNSIGNED, true},
	{"Server-Assignment-Type", 614, TGPP, AVP_UNSIGNED, true},
	{"Deregistration-Reason", 615, TGPP, AVP_GROUP, true},
	{"Reason-Code", 616, TGPP, AVP_UNSIGNED, true},
	{"Reason-Info", 617, TGPP, AVP_TEXT, true},
	{"Charging-Information", 618, TGPP, AVP_GROUP, true},
	{"Primary-Charging-Collection-Function-Name", 621, TGPP, AVP_TEXT,
	 true},
	{"User-Authorization-Type", 623, TGPP, AVP_UNSIGNED, true},
	{"User-Data-Already-Available", 624, TGPP, AVP_UNSIGNED, true},
	{"Confidentiality-Key", 625, TGPP, AVP_TEXT, true},
	{"Integrity-Key", 626, TGPP, AVP_TEXT, true},
	{"Supported-Features", 628, TGPP, AVP_GROUP, false},
	{"Feature-List-ID", 629, TGPP, AVP_UNSIGNED, false},
	{"Feature-List", 630, TGPP, AVP_UNSIGNED, false},
	{"Associated-Identities", 632, TGPP, AVP_GROUP, false},
	{"Originating-Request", 633, TGPP, AVP_UNSIGNED, true},
	{"Wildcarded-Public-Identity", 634, TGPP, AVP_TEXT, false},
	{"SIP-Digest-Authenticate", 635, TGPP, AVP_GROUP, false},
	{"UAR-Flags", 637, TGPP, AVP_UNSIGNED, false},
	{"Loose-Route-Indication", 638, TGPP, AVP_UNSIGNED, false},
	{"SCSCF-Restoration-Info", 639, TGPP, AVP_GROUP, false},
	{"Identity-with-Emergency-Registration", 651, TGPP, AVP_GROUP, false},
	{"Multiple-Registration-Indication", 648, TGPP, AVP_UNSIGNED, false},
	/* TS 29.329 */
	{"User-Identity", 700, TGPP, AVP_GROUP, true},
	{"MSISDN", 701, TGPP, AVP_TEXT, true},
	{"Sh-User-Data", 702, TGPP, AVP_TEXT, true},
	{"Data-Reference", 703, TGPP, AVP_UNSIGNED, true},
	/* TS 29.214 */
	{"Abort-Cause", 500, TGPP, AVP_UNSIGNED, true},
	{"AF-Application-Identifier", 504, TGPP, AVP_TEXT, true},
	{"Flow-Description", 507, TGPP, AVP_TEXT, true},
	{"Flow-Number", 509, TGPP, AVP_UNSIGNED, true},
	{"Flows", 510, TGPP, AVP_GROUP, true},
	{"Flow-Usage", 512, TGPP, AVP_UNSIGNED, true},
	{"Specific-Action", 513, TGPP, AVP_UNSIGNED, true},
	{"Media-Component-Description", 517, TGPP, AVP_GROUP, true},
	{"Media-Component-Number", 518, TGPP, AVP_UNSIGNED, true},
	{"Media-Sub-Component", 519, TGPP, AVP_GROUP, true},
	{"Media-Type", 520, TGPP, AVP_UNSIGNED, true},
	{"Subscription-Id", 443, 0, AVP_GROUP, true},
	{"Subscription-Id-Data", 444, 0, AVP_TEXT, true},
	{"Subscription-Id-Type", 450, 0, AVP_UNSIGNED, true},
};

static const struct {
	const char *avp;
	const char *name;
	int64_t value;
} values[] = {
	{"Server-Assignment-Type", "NO_ASSIGNMENT", 0},
	{"Server-Assignment-Type", "REGISTRATION", 1},
	{"Server-Assignment-Type", "RE_REGISTRATION", 2},
	{"Server-Assignment-Type", "UNREGISTERED_USER", 3},
	{"Server-Assignment-Type", "TIMEOUT_DEREGISTRATION", 4},
	{"Server-Assignment-Type", "USER_DEREGISTRATION", 5},
	{"Server-Assignment-Type", "TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME",
	 6},
	{"Server-Assignment-Type", "USER_DEREGISTRATION_STORE_SERVER_NAME", 7},
	{"Server-Assignment-Type", "ADMINISTRATIVE_DEREGISTRATION", 8},
	{"Server-Assignment-Type", "AUTHENTICATION_FAILURE", 9},
	{"Server-Assignment-Type", "AUTHENTICATION_TIMEOUT", 10},
	{"Server-Assignment-Type", "DEREGISTRATION_TOO_MUCH_DATA", 11},
	{"User-Authorization-Type", "REGISTRATION", 0},
	{"User-Authorization-Type", "DE_REGISTRATION", 1},
	{"User-Authorization-Type", "REGISTRATION_AND_CAPABILITIES", 2},
	{"Reason-Code", "PERMANENT_TERMINATION", 0},
	{"Reason-Code", "NEW_SERVER_ASSIGNED", 1},
	{"Reason-Code", "SERVER_CHANGE", 2},
	{"Reason-Code", "REMOVE_S-CSCF", 3},
	{"Disconnect-Cause", "REBOOTING", 0},
	{"Disconnect-Cause", "BUSY", 1},
	{"Disconnect-Cause", "DO_NOT_WANT_TO_TALK_TO_YOU", 2},
};

static const struct {
	const char *name;
	uint32_t id;
} applications[] = {
	{"base", 0},	  {"dsip", 6},	    {"cx", 16777216},
	{"rx", 16777236}, {"sh", 16777217},
};

/* Without the R or A at the end. */
static const struct {
	const char *application;
	const char *command;
	uint32_t code;
} commands[] = {
	{"base", "CE", 257}, {"base", "DW", 280}, {"base", "DP", 282},
	{"cx", "UA", 300},   {"cx", "SA", 301},	  {"cx", "LI", 302},
	{"cx", "MA", 303},   {"cx", "RT", 304},	  {"cx", "PP", 305},
	{"dsip", "UA", 283}, {"dsip", "SA", 284}, {"dsip", "LI", 285},
	{"dsip", "MA", 286}, {"dsip", "RT", 287}, {"dsip", "PP", 288},
	{"rx", "AA", 265},   {"rx", "ST", 275},	  {"rx", "AS", 274},
	{"rx", "RA", 258},   {"sh", "UD", 306},	  {"sh", "SN", 308},
};

#define LENGTH(table) (sizeof(table) / sizeof((table)[0]))

const struct avp_name *avp_find(const char *name)
{
	for (size_t i = 0; i < LENGTH(avps); i++)
		if (!strcmp(avps[i].name, name))
			return &avps[i];
	return NULL;
}

int64_t avp_value(const char *avp, const char *value)
{
	if (!strncmp(avp, "Dsip-", 5))
		avp += 5;
	for (size_t i = 0; i < LENGTH(values); i++)
		if (!strcmp(values[i].avp, avp) &&
		    !strcmp(values[i].name, value))
			return values[i].value;
	return -1;
}

bool avp_command(const char *application, const char *command, uint32_t *code,
		 bool *request, uint32_t *application_id)
{
	size_t len = strlen(command);
	if (len != 3 || (command[2] != 'R' && command[2] != 'A'))
		return false;
	*request = command[2] == 'R';
	for (size_t i = 0; i < LENGTH(applications); i++)
		if (!strcmp(applications[i].name, application))
			*application_id = applications[i].id;
	for (size_t i = 0; i < LENGTH(commands); i++) {
		if (!strcmp(commands[i].application, application) &&
		    !strncmp(commands[i].command, command, 2)) {
			*code = commands[i].code;
			return true;
		}
	}
	return false;
}
