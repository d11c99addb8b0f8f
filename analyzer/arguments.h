/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arguments as POSIX has them (Utility Conventions 12.2), for GLib's reader. */
#ifndef IMS_ARGUMENTS_H
#define IMS_ARGUMENTS_H

#include <glib.h>

/*
 * A copy of `argv`, to be freed by g_strfreev, in which the value of a short
 * option is an argument of its own: "-j4" is "-j", "4". GLib wants it so.
 * `entries`: the options that there are, to the one without a name.
 */
char **ims_arguments_new(const GOptionEntry *entries, int argc,
			 char *const *argv);

#endif
