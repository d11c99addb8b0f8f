/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Link types. Files number them as LINKTYPE_, libpcap's functions as DLT_;
 * most numbers are the same, some are not, and libpcap has no function for it.
 */
#ifndef IMS_CAPTURE_LINKTYPE_H
#define IMS_CAPTURE_LINKTYPE_H

#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

/* Distinct link types remembered of a capture; the last name is then "...". */
#define IMS_LINK_TYPES_MAX 64

/* The distinct link types of a capture, in order of appearance. */
struct ims_link_types {
	struct {
		uint32_t in_file;
		uint32_t link_type;
	} seen[IMS_LINK_TYPES_MAX];
	const char *names[IMS_LINK_TYPES_MAX]; /* g_free'd by _fini */
	size_t n;
};

/*
 * Notes what a file's header says and returns the LINKTYPE_ value for it:
 * the same, save for writers that put a DLT_ value there (12 is LINKTYPE_RAW).
 */
uint32_t ims_link_types_add(struct ims_link_types *types,
			    uint32_t in_file) IMS_NONNULL_ALL;
/* The same for a live capture, which has the DLT_ value. */
uint32_t ims_link_types_add_dlt(struct ims_link_types *types,
				int dlt) IMS_NONNULL_ALL;
void ims_link_types_fini(struct ims_link_types *types) IMS_NONNULL_ALL;

#endif
