/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program but for main: so that tests can link it. */
#ifndef IMS_CLI_H
#define IMS_CLI_H

/* Reads the arguments, does what they say, returns the exit status. */
int ims_cli(int argc, char **argv);

#endif
