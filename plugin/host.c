// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "host.h"

/* Only the window answers; without one the record stays as it was. */
static const ws_info_t *ask(void)
{
	ws_info_t *info = NULL;

	plugin_if_get_ws_info(&info);
	return info && info->ws_info_supported ? info : NULL;
}

bool ims_host_is_window(void)
{
	return ask() != NULL;
}

bool ims_host_has_read_all(void)
{
	const ws_info_t *info = ask();

	return info && info->cf_state == FILE_READ_DONE;
}
