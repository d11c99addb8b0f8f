// SPDX-License-Identifier: GPL-2.0-or-later
#include "diameter_names.h"

#include <stddef.h>

struct command {
	uint32_t application;
	uint32_t code;
	enum ims_command command;
};

static const struct command commands[] = {
	/* RFC 6733 3.1 */
	{IMS_DIAMETER_APPLICATION_BASE, 257, IMS_COMMAND_CE},
	{IMS_DIAMETER_APPLICATION_BASE, 280, IMS_COMMAND_DW},
	{IMS_DIAMETER_APPLICATION_BASE, 282, IMS_COMMAND_DP},
	/* TS 29.229 6.1 */
	{IMS_DIAMETER_APPLICATION_CX, 300, IMS_COMMAND_UA},
	{IMS_DIAMETER_APPLICATION_CX, 301, IMS_COMMAND_SA},
	{IMS_DIAMETER_APPLICATION_CX, 302, IMS_COMMAND_LI},
	{IMS_DIAMETER_APPLICATION_CX, 303, IMS_COMMAND_MA},
	{IMS_DIAMETER_APPLICATION_CX, 304, IMS_COMMAND_RT},
	{IMS_DIAMETER_APPLICATION_CX, 305, IMS_COMMAND_PP},
	/* RFC 4740 8 */
	{IMS_DIAMETER_APPLICATION_RFC4740, 283, IMS_COMMAND_UA},
	{IMS_DIAMETER_APPLICATION_RFC4740, 284, IMS_COMMAND_SA},
	{IMS_DIAMETER_APPLICATION_RFC4740, 285, IMS_COMMAND_LI},
	{IMS_DIAMETER_APPLICATION_RFC4740, 286, IMS_COMMAND_MA},
	{IMS_DIAMETER_APPLICATION_RFC4740, 287, IMS_COMMAND_RT},
	{IMS_DIAMETER_APPLICATION_RFC4740, 288, IMS_COMMAND_PP},
	/* TS 29.214 5.6 */
	{IMS_DIAMETER_APPLICATION_RX, 258, IMS_COMMAND_RA},
	{IMS_DIAMETER_APPLICATION_RX, 265, IMS_COMMAND_AA},
	{IMS_DIAMETER_APPLICATION_RX, 274, IMS_COMMAND_AS},
	{IMS_DIAMETER_APPLICATION_RX, 275, IMS_COMMAND_ST},
};

/* The answer's name, then the request's. */
#define NAMES(command) [IMS_COMMAND_##command] = {#command "A", #command "R"}

static const char *const names[][2] = {
	[IMS_COMMAND_OTHER] = {"?", "?"},
	NAMES(CE),
	NAMES(DW),
	NAMES(DP),
	NAMES(UA),
	NAMES(SA),
	NAMES(LI),
	NAMES(MA),
	NAMES(RT),
	NAMES(PP),
	NAMES(AA),
	NAMES(ST),
	NAMES(AS),
	NAMES(RA),
};

enum ims_application ims_diameter_application(uint32_t id)
{
	switch (id) {
	case IMS_DIAMETER_APPLICATION_BASE:
		return IMS_APPLICATION_BASE;
	case IMS_DIAMETER_APPLICATION_CX:
		return IMS_APPLICATION_CX;
	case IMS_DIAMETER_APPLICATION_RFC4740:
		return IMS_APPLICATION_RFC4740;
	case IMS_DIAMETER_APPLICATION_RX:
		return IMS_APPLICATION_RX;
	default:
		return IMS_APPLICATION_OTHER;
	}
}

enum ims_command ims_diameter_command(uint32_t application_id, uint32_t code)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].application == application_id &&
		    commands[i].code == code)
			return commands[i].command;
	return IMS_COMMAND_OTHER;
}

const char *ims_command_name(enum ims_command command, bool request)
{
	size_t i = (size_t)command;

	if (i >= sizeof(names) / sizeof(names[0]))
		i = IMS_COMMAND_OTHER;
	return names[i][request];
}
