// SPDX-License-Identifier: GPL-2.0-or-later
#include "temporary.h"

#include <fcntl.h>
#include <unistd.h>

FILE *ims_temporary_new(const char *folder)
{
	FILE *file = NULL;
	int fd = -1;

#ifdef O_TMPFILE
	if (folder)
		fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#else
	(void)folder;
#endif
	if (fd >= 0)
		file = fdopen(fd, "w+");
	if (fd >= 0 && !file)
		close(fd);
	return file ? file : tmpfile();
}
