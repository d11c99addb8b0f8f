// SPDX-License-Identifier: GPL-2.0-or-later
#include "writer.h"

#include <errno.h>
#include <string.h>

void ims_writer_put(struct ims_writer *writer, const char *text, size_t len)
{
	if (writer->error)
		return;
	errno = 0;
	if (fwrite(text, 1, len, writer->out) != len)
		writer->error = errno ? errno : EIO;
}

void ims_writer_puts(struct ims_writer *writer, const char *text)
{
	ims_writer_put(writer, text, strlen(text));
}

bool ims_writer_finish(struct ims_writer *writer)
{
	errno = 0;
	if (!writer->error && fflush(writer->out) != 0)
		writer->error = errno ? errno : EIO;
	errno = writer->error;
	return writer->error == 0;
}
