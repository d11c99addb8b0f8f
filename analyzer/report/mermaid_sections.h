/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a diagram: a registration or a refused request each, its
 * ladder between a note that says what it is and one that says why it failed.
 */
#ifndef IMS_MERMAID_SECTIONS_H
#define IMS_MERMAID_SECTIONS_H

#include "ladder.h"
#include "mermaid_nodes.h"

struct ims_mermaid_section {
	int64_t start_ns;
	uint64_t id; /* of the registration, or of the finding */
	bool is_registration;
	bool failed;
	char *title;		   /* escaped for a terminal, as `why` */
	char *why;		   /* or NULL */
	struct ims_ladder *ladder; /* or NULL: no steps */
	char *text;		   /* once there is room for it */
};

struct ims_mermaid_section *ims_mermaid_section_of_registration(
	const struct ims_registration *r) IMS_NONNULL_ALL IMS_MUST_USE;
struct ims_mermaid_section *ims_mermaid_section_of_finding(
	const struct ims_finding *f) IMS_NONNULL_ALL IMS_MUST_USE;
void ims_mermaid_section_free(struct ims_mermaid_section *section);

/* "cx_user_unknown: what the finding says", to be freed. */
char *ims_mermaid_why(const struct ims_finding *f) IMS_NONNULL_ALL;

/*
 * Appends the section's lines, and adds to *used the participants that they
 * name. Frames are "1:12" where `with_captures`.
 */
void ims_mermaid_section_put(const struct ims_mermaid_section *section,
			     struct ims_mermaid_nodes *nodes, GString *out,
			     uint64_t *used,
			     bool with_captures) IMS_NONNULL_ALL;

#endif
