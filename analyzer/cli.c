// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli.h"

#include <signal.h>
#include <string.h>

#include "explain.h"
#include "heap.h"
#include "options.h"
#include "run.h"

static int run(int argc, char **argv)
{
	struct ims_cli_options options;
	int status = IMS_EXIT_FAILED;

	switch (ims_cli_options_read(&options, argc, argv)) {
	case IMS_CLI_RUN:
		status = (int)ims_run(&options);
		break;
	case IMS_CLI_DONE:
		status = IMS_EXIT_GOOD;
		break;
	case IMS_CLI_USAGE:
		break;
	}
	ims_cli_options_clear(&options);
	return status;
}

int ims_cli(int argc, char **argv)
{
	/* A closed pipe is an error of write(), where it is dealt with. */
	signal(SIGPIPE, SIG_IGN);
	ims_heap_prepare();
	if (argc > 1 && strcmp(argv[1], "explain") == 0)
		return (int)ims_explain(argc - 1, argv + 1);
	return run(argc, argv);
}
