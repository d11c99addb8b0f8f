// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "experts.h"

#define N_SEVERITIES 3

static struct expert_field *numbers; /* of a rule, one a severity */

static int severity_of(enum ims_severity severity)
{
	switch (severity) {
	case IMS_SEVERITY_ERROR:
		return PI_ERROR;
	case IMS_SEVERITY_WARNING:
		return PI_WARN;
	default:
		return PI_NOTE;
	}
}

static char *name_of(const struct ims_rule *rule, enum ims_severity severity)
{
	if (severity == rule->severity)
		return g_strdup_printf("imsleuth.rule.%s", rule->slug);
	return g_strdup_printf("imsleuth.rule.%s.%s", rule->slug,
			       ims_severity_name(severity));
}

/* Names and records live as long as the program: Wireshark borrows them. */
void ims_experts_register(int proto)
{
	expert_module_t *module = expert_register_protocol(proto);
	size_t n = ims_rules_count() * N_SEVERITIES;
	static ei_register_info *infos;

	infos = g_new0(ei_register_info, n);
	numbers = g_new0(struct expert_field, n);
	for (size_t i = 0; i < n; i++) {
		const struct ims_rule *rule = ims_rules_at(i / N_SEVERITIES);
		enum ims_severity severity =
			(enum ims_severity)(i % N_SEVERITIES);

		numbers[i] = (struct expert_field)EI_INIT;
		infos[i] = (ei_register_info){
			&numbers[i],
			{name_of(rule, severity), PI_PROTOCOL,
			 severity_of(severity), rule->title, EXPFILL},
		};
	}
	expert_register_field_array(module, infos, (int)n);
}

struct expert_field *ims_expert(const struct ims_rule *rule,
				enum ims_severity severity)
{
	for (size_t i = 0; i < ims_rules_count(); i++)
		if (ims_rules_at(i) == rule)
			return &numbers[i * N_SEVERITIES + severity];
	return NULL;
}
