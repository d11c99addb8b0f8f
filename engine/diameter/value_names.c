// SPDX-License-Identifier: GPL-2.0-or-later
/* Enumerated values. RFC 4740 took 3GPP's numbers, so one table serves both. */
#include "diameter_names.h"

#include <stddef.h>

/* TS 29.229 6.3.15; RFC 4740 9.6.1 has the first twelve. */
static const char *const assignment_types[] = {
	"NO_ASSIGNMENT",
	"REGISTRATION",
	"RE_REGISTRATION",
	"UNREGISTERED_USER",
	"TIMEOUT_DEREGISTRATION",
	"USER_DEREGISTRATION",
	"TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME",
	"USER_DEREGISTRATION_STORE_SERVER_NAME",
	"ADMINISTRATIVE_DEREGISTRATION",
	"AUTHENTICATION_FAILURE",
	"AUTHENTICATION_TIMEOUT",
	"DEREGISTRATION_TOO_MUCH_DATA",
	"AAA_USER_DATA_REQUEST",
	"PGW_UPDATE",
	"RESTORATION",
};

/* TS 29.229 6.3.17 */
static const char *const reason_codes[] = {
	"PERMANENT_TERMINATION",
	"NEW_SERVER_ASSIGNED",
	"SERVER_CHANGE",
	"REMOVE_S-CSCF",
};

/* TS 29.229 6.3.24 */
static const char *const authorization_types[] = {
	"REGISTRATION",
	"DE_REGISTRATION",
	"REGISTRATION_AND_CAPABILITIES",
};

static const char *name_at(const char *const *names, size_t n, int64_t value)
{
	return value >= 0 && (uint64_t)value < n ? names[value] : NULL;
}

#define NAME_AT(table, value) \
	name_at(table, sizeof(table) / sizeof((table)[0]), value)

const char *ims_assignment_type_name(int64_t type)
{
	return NAME_AT(assignment_types, type);
}

const char *ims_reason_code_name(int64_t code)
{
	return NAME_AT(reason_codes, code);
}

const char *ims_authorization_type_name(int64_t type)
{
	return NAME_AT(authorization_types, type);
}
