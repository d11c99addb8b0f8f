/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `imsleuth CAPTURE...`: from checked options to an exit status. */
#ifndef IMS_RUN_H
#define IMS_RUN_H

#include "options.h"

enum ims_exit {
	IMS_EXIT_GOOD,
	IMS_EXIT_ERRORS, /* findings of severity error */
	IMS_EXIT_FAILED, /* usage, input not read whole, output not written */
};

enum ims_exit ims_run(const struct ims_cli_options *options) IMS_NONNULL_ALL;

#endif
