// SPDX-License-Identifier: GPL-2.0-or-later
#include "stop.h"

#include <signal.h>
#include <stddef.h>

/* A handler knows of nothing else. */
static volatile sig_atomic_t is_asked;

static void ask(int signal_number)
{
	(void)signal_number;
	is_asked = 1;
}

static void take_over(int signal_number)
{
	/* Reads and writes that are under way go on. */
	struct sigaction action = {
		.sa_handler = ask,
		.sa_flags = (int)(SA_RESETHAND | SA_RESTART),
	};
	struct sigaction old;

	/* Ignored, as of a job in the background, it stays so. */
	if (sigaction(signal_number, NULL, &old) == 0 &&
	    old.sa_handler != SIG_IGN)
		sigaction(signal_number, &action, NULL);
}

void ims_stop_on_signals(void)
{
	take_over(SIGINT);
	take_over(SIGTERM);
}

bool ims_stop_is_asked(void)
{
	return is_asked != 0;
}
