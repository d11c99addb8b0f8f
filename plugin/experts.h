/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings as expert infos: one expert field a rule. */
#ifndef IMS_EXPERTS_H
#define IMS_EXPERTS_H

#include <ims/finding.h>

struct expert_field;

/*
 * Registers `imsleuth.rule.SLUG` for every rule of the catalogue, at its
 * severity there. A finding may be graver or lighter than its rule: for that
 * `imsleuth.rule.SLUG.error` and its like are registered too.
 */
void ims_experts_register(int proto);

/* The one that a finding is told by. */
struct expert_field *ims_expert(const struct ims_rule *rule,
				enum ims_severity severity);

#endif
