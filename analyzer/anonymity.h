/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --anonymize on the command line: its key, and what else names somebody:
   patterns, addresses of --roles, files. */
#ifndef IMS_ANONYMITY_H
#define IMS_ANONYMITY_H

#include <stdbool.h>

#include <ims/attributes.h>
#include <ims/pseudonyms.h>

#include "options.h"

/* Less than this is no key: nobody is to find it by trying. */
#define IMS_ANONYMITY_KEY_MIN 16
#define IMS_ANONYMITY_KEY_MAX 4096

/*
 * Makes the options those of pseudonyms: reads the key's file, or takes a key
 * by chance where `key_file` is NULL; rewrites the subscriber's pattern and the
 * hints' addresses. false after a complaint.
 */
bool ims_anonymity_apply(struct ims_cli_options *options, const char *key_file)
	IMS_NONNULL(1) IMS_MUST_USE;

/* A file's name without its folder, rewritten. The caller frees it. */
char *ims_anonymity_file(struct ims_pseudonyms *p,
			 const char *file) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
