// SPDX-License-Identifier: GPL-2.0-or-later
/* The catalogue: all families in order. */
#include "family.h"

static const struct ims_rule_list *const families[] = {
	/* clang-format off */
	&ims_rules_cx_results,
	&ims_rules_cx_base_results,
	&ims_rules_cx_answers,
	&ims_rules_cx_silence,
	&ims_rules_cx_scscf,
	&ims_rules_cx_state,
	&ims_rules_cx_scheme,
	&ims_rules_cx_profile,
	&ims_rules_cx_network_initiated,
	&ims_rules_cx_termination,
	&ims_rules_cx_peers,
	&ims_rules_registration,
	&ims_rules_register_pcscf,
	&ims_rules_register_refused,
	&ims_rules_register_lost,
	&ims_rules_register_course,
	&ims_rules_challenges,
	&ims_rules_register_requests,
	&ims_rules_register_answers,
	&ims_rules_register_protection,
	&ims_rules_home_domain,
	&ims_rules_associated_uris,
	&ims_rules_bad_extension,
	&ims_rules_extensions,
	&ims_rules_sec_agree_choice,
	&ims_rules_sec_agree_legs,
	&ims_rules_sec_agree_offer,
	&ims_rules_sec_agree_verify,
	&ims_rules_authentication,
	&ims_rules_digest,
	&ims_rules_aka_nonce,
	&ims_rules_nonces,
	&ims_rules_unusable_addresses,
	&ims_rules_exposed_addresses,
	&ims_rules_transport,
	&ims_rules_malformed,
	&ims_rules_sip_form,
	&ims_rules_capture,
	&ims_rules_cx_authorization,
	&ims_rules_cx_assignment,
	/* clang-format on */
};

#define N_FAMILIES (sizeof(families) / sizeof(families[0]))

size_t ims_rules_count(void)
{
	size_t n = 0;

	for (size_t i = 0; i < N_FAMILIES; i++)
		n += families[i]->n_rules;
	return n;
}

const struct ims_rule *ims_rules_at(size_t index)
{
	for (size_t i = 0; i < N_FAMILIES; i++) {
		if (index < families[i]->n_rules)
			return families[i]->rules[index];
		index -= families[i]->n_rules;
	}
	return NULL;
}

const struct ims_rule *ims_rule_find(const char *slug)
{
	const struct ims_rule *rule;

	for (size_t i = 0; (rule = ims_rules_at(i)); i++)
		if (strcmp(rule->slug, slug) == 0)
			return rule;
	return NULL;
}
