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
	static enum {
		UNKNOWN,
		WINDOW,
		NONE
	} host;

	if (host == UNKNOWN)
		host = ask() ? WINDOW : NONE;
	return host == WINDOW;
}

bool ims_host_has_read_all(void)
{
	const ws_info_t *info = ims_host_is_window() ? ask() : NULL;

	return info && info->cf_state == FILE_READ_DONE;
}

static void *queue_scan(capture_file *file, void *unused _U_)
{
	/* Only the reading of a file ends with what was queued meanwhile;
	   after a live capture it would stand in the way of other filters. */
	if (file && file->read_lock && file->dfilter &&
	    file->redissection_queued == RESCAN_NONE)
		file->redissection_queued = RESCAN_SCAN;
	return NULL;
}

void ims_host_filter_again(void)
{
	if (ims_host_is_window())
		plugin_if_get_capture_file(queue_scan, NULL);
}
