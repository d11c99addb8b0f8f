// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables.h"

const char *ims_table_command(enum ims_table table)
{
	static const char *const commands[IMS_N_TABLES] = {
		[IMS_TABLE_REGISTRATIONS] = "imsleuth,registrations",
		[IMS_TABLE_FINDINGS] = "imsleuth,findings",
		[IMS_TABLE_CX] = "imsleuth,cx",
	};

	return commands[table];
}
