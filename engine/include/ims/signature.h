/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vendor signatures: known deviations of products, by which a finding says
 * which product behaves so. They are written in files (a group a signature,
 * see imsleuth(1)); this reads their text, and reads no files itself.
 */
#ifndef IMS_SIGNATURE_H
#define IMS_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include <ims/attributes.h>
#include <ims/rule.h>
#include <ims/slice.h>

/* Bounds: what is beyond is an error of the file. */
#define IMS_SIGNATURES_MAX_TEXT (1024u * 1024u) /* bytes of one file */
#define IMS_SIGNATURES_MAX	4096		/* in a table */

/* What is said of a product. Lives as long as its table. */
struct ims_signature {
	const char *name;      /* of its group */
	const char *product;   /* "Kamailio" */
	const char *component; /* "ims_icscf (cxdx_uar.c)", or NULL */
	const char *versions;  /* or NULL */
	const char *says;      /* what it does and what that means */
	const char *advice;    /* or NULL */
	const char *source;    /* where it is known from */
};

/*
 * "Kamailio 5 (ims_icscf: cxdx_uar.c): what it says and advises"; as written in
 * the file, not escaped. To be freed with g_free.
 */
char *ims_signature_text(const struct ims_signature *signature)
	IMS_NONNULL_ALL IMS_MUST_USE;

/* A table of them. It is not changed by being asked. */
struct ims_signatures;

/* Without signatures. Never NULL. */
struct ims_signatures *ims_signatures_new(void) IMS_MUST_USE;
void ims_signatures_free(struct ims_signatures *signatures); /* NULL: nothing */

/*
 * Adds those of a file's text. One of a name that a text before had takes
 * that one's place; `disabled = true` leaves the place empty. Returns false,
 * with ims_signatures_error, and adds nothing when anything of it is wrong.
 */
bool ims_signatures_parse(struct ims_signatures *signatures,
			  struct ims_slice text) IMS_NONNULL_ALL IMS_MUST_USE;

/* "[group] key: what is wrong", or without group or key what has none; of the
   last parse that failed, else NULL. */
const char *ims_signatures_error(const struct ims_signatures *signatures)
	IMS_NONNULL_ALL;

/* How many there are, and each in the order in which it was read; NULL
   beyond. */
size_t ims_signatures_count(const struct ims_signatures *signatures)
	IMS_NONNULL_ALL;
const struct ims_signature *ims_signatures_at(
	const struct ims_signatures *signatures, size_t index) IMS_NONNULL_ALL;

/* Those that name this rule, the first that is asked first. Sets *list. */
size_t ims_signatures_of(const struct ims_signatures *signatures,
			 const struct ims_signature *const **list,
			 const struct ims_rule *rule) IMS_NONNULL_ALL;

#endif
