// SPDX-License-Identifier: GPL-2.0-or-later
#include "reader.h"

#include <glib.h>

static enum ims_read fail(struct ims_reading *reading, char *error)
{
	g_free(reading->error);
	reading->error = error;
	return IMS_READ_ERROR;
}

/* The packet that cannot be read, counted as Wireshark counts. */
static unsigned long long next_packet(const struct ims_reading *reading)
{
	return reading->info->packets + 1;
}

enum ims_read ims_reading_damaged(struct ims_reading *reading, const char *what,
				  ...)
{
	va_list arguments;
	char *why;

	va_start(arguments, what);
	why = g_strdup_vprintf(what, arguments);
	va_end(arguments);
	fail(reading, g_strdup_printf("damaged in packet %llu: %s",
				      next_packet(reading), why));
	g_free(why);
	return IMS_READ_ERROR;
}

enum ims_read ims_reading_end(struct ims_reading *reading)
{
	const char *fault = ims_input_fault(reading->input);

	if (!fault)
		return IMS_READ_END;
	return fail(reading, g_strdup_printf("not readable from packet %llu "
					     "on: %s",
					     next_packet(reading), fault));
}

enum ims_read ims_reading_cut(struct ims_reading *reading, uint64_t there,
			      uint64_t of, const char *what)
{
	if (ims_reading_end(reading) == IMS_READ_ERROR)
		return IMS_READ_ERROR;
	return fail(reading,
		    g_strdup_printf("cut short in packet %llu: %llu of %llu "
				    "%sbytes are there",
				    next_packet(reading),
				    (unsigned long long)there,
				    (unsigned long long)of, what));
}
