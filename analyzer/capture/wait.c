// SPDX-License-Identifier: GPL-2.0-or-later
#include "wait.h"

#include <errno.h>
#include <poll.h>

bool ims_wait(const struct ims_wait *wait, int fd)
{
	struct pollfd what = {.fd = fd, .events = POLLIN};
	int n;

	do {
		if (wait->fn && !wait->fn(wait->user))
			return false;
		n = poll(&what, 1, IMS_WAIT_MS);
	} while (n == 0 ? fd >= 0 : n < 0 && errno == EINTR);
	/* What else fails, reading tells. */
	return true;
}
