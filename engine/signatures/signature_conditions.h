/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions by their keys: how the text of each is read into a pattern. */
#ifndef IMS_SIGNATURE_CONDITIONS_H
#define IMS_SIGNATURE_CONDITIONS_H

#include "signature_pattern.h"

struct ims_condition {
	const char *key;
	/* What is wrong with the value, to be freed; NULL: nothing. */
	char *(*read)(struct ims_pattern *pattern, const char *value);
};

struct ims_conditions {
	const struct ims_condition *at;
	size_t n;
};

extern const struct ims_conditions ims_conditions_sip;
extern const struct ims_conditions ims_conditions_diameter;

/* Each of these says what is wrong, to be freed, or NULL, and then sets what
   it was given. */
char *ims_condition_glob(char **glob, const char *value) IMS_NONNULL_ALL;
char *ims_condition_globs(char ***globs, const char *value) IMS_NONNULL_ALL;
/* What is wrong with a list that ims_pattern_list refuses. */
char *ims_condition_no_list(void);

/* A glob that says nothing. */
bool ims_condition_is_anything(const char *glob) IMS_NONNULL_ALL IMS_PURE;
/* A decimal number up to `max`; else false. */
bool ims_condition_number(const char *text, uint64_t max,
			  uint64_t *number) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
