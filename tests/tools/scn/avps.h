/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AVPs and commands by name, for writing Diameter in scenarios. */
#ifndef SCN_AVPS_H
#define SCN_AVPS_H

#include <stdbool.h>
#include <stdint.h>

enum avp_type {
	AVP_TEXT, /* and octets: text as it stands, or hex:00ff */
	AVP_UNSIGNED,
	AVP_ADDRESS,
	AVP_GROUP,
};

struct avp_name {
	const char *name;
	uint32_t code;
	uint32_t vendor;
	enum avp_type type;
	bool mandatory;
};

/* NULL where the name is not known. */
const struct avp_name *avp_find(const char *name);

/* The number of an enumerated value of that AVP ("REGISTRATION"); -1: none. */
int64_t avp_value(const char *avp, const char *value);

/*
 * The code of a command ("UAR") in an application ("cx", "dsip", "rx",
 * "sh", "base"), whether it is a request, and the application's id. False
 * where that application has no such command.
 */
bool avp_command(const char *application, const char *command, uint32_t *code,
		 bool *request, uint32_t *application_id);

#endif
