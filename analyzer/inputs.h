/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The captures of a run: folders opened up, clocks set. */
#ifndef IMS_INPUTS_H
#define IMS_INPUTS_H

#include <glib.h>
#include <stdbool.h>

#include "analysis.h"
#include "options.h"

struct ims_inputs {
	GPtrArray *files;    /* of char *, owned */
	int64_t *offsets_ns; /* those that were given; else 0 */
	bool *is_given;	     /* whether its offset was */
	enum ims_coming coming;
	bool is_whole; /* false: a folder could not be read */
};

/*
 * Finds the captures and the offsets given. Returns false after a complaint
 * when there is none, or an offset is wrong; to be cleared in any case.
 */
bool ims_inputs_find(struct ims_inputs *inputs,
		     const struct ims_cli_options *options)
	IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * Estimates the offsets that were not given, when there are several captures:
 * against the first, and so with the offset given for it.
 */
void ims_inputs_estimate(struct ims_inputs *inputs) IMS_NONNULL_ALL;

/* Bytes of all files; 0: not known, as of a pipe. */
uint64_t ims_inputs_size(const struct ims_inputs *inputs) IMS_NONNULL_ALL;

/* Whether `path` is one of the captures: not to be written over. */
bool ims_inputs_hold(const struct ims_inputs *inputs,
		     const char *path) IMS_NONNULL_ALL;

void ims_inputs_clear(struct ims_inputs *inputs) IMS_NONNULL_ALL;

#endif
