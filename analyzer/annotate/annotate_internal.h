/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What annotate.c collects and write.c writes. */
#ifndef IMS_ANNOTATE_INTERNAL_H
#define IMS_ANNOTATE_INTERNAL_H

#include "annotate.h"
#include "choice.h"
#include "kept_packets.h"
#include "notes.h"

/* One of the captures. */
struct ims_annotated {
	char *name;	       /* the last part of its name, fit to be shown */
	struct ims_kept *kept; /* NULL: it can be read twice */
	uint64_t dropped;      /* packets, before the next */
	uint64_t dropped_in_all;
	uint64_t packets;
	int64_t first_ns; /* as its clock says; -1: no packet */
	int64_t until_ns;
};

struct ims_annotate {
	char *folder;
	ims_annotate_fn *rewrite; /* NULL: packets go as they are */
	void *user;
	struct ims_annotate_input input; /* of the two that follow */
	char **files;
	int64_t *offsets_ns;
	struct ims_report_options shown;
	bool is_filtered;		/* not all registrations are shown */
	struct ims_annotated *captures; /* input.n_files */
	char **names;			/* theirs */
	struct ims_choice *choice;
	struct ims_notes *notes;
	char *why; /* it could not be written */
};

/* What is said of the whole file, to be freed. */
char *ims_annotate_about(const struct ims_annotate *annotate)
	IMS_NONNULL_ALL IMS_MUST_USE;

/* What is said of where a capture's packets are from, to be freed. */
char *ims_annotate_origin(const struct ims_annotate *annotate,
			  uint32_t capture) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
