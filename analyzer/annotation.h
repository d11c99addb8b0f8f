/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of --annotate: written whole or not at all. */
#ifndef IMS_ANNOTATION_H
#define IMS_ANNOTATION_H

#include <stdbool.h>

#include <ims/attributes.h>

#include "annotate.h"
#include "inputs.h"
#include "output.h"

/* All zero: none is wanted. */
struct ims_annotation {
	struct ims_annotate *annotate; /* NULL: none is wanted */
	struct ims_output output;
};

/*
 * Opens what the options name, if they do; `report` is where the report goes.
 * Returns false after a complaint; then there is nothing to close.
 */
bool ims_annotation_open(
	struct ims_annotation *annotation,
	const struct ims_cli_options *options, const struct ims_inputs *inputs,
	const struct ims_output *report) IMS_NONNULL_ALL IMS_MUST_USE;

/* Everything was analysed: writes it and puts it in place. Returns false after
   a complaint; then what was there is left as it was. */
bool ims_annotation_close(struct ims_annotation *annotation)
	IMS_NONNULL_ALL IMS_MUST_USE;

#endif
