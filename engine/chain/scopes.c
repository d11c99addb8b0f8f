// SPDX-License-Identifier: GPL-2.0-or-later
#include "scopes.h"

#include <glib.h>

struct ims_scopes {
	GPtrArray *rules[IMS_SCOPE_TERMINATION + 1];
};

struct ims_scopes *ims_scopes_new(void)
{
	struct ims_scopes *scopes = g_new(struct ims_scopes, 1);
	const struct ims_rule *rule;

	for (size_t i = 0; i < G_N_ELEMENTS(scopes->rules); i++)
		scopes->rules[i] = g_ptr_array_new();
	for (size_t i = 0; (rule = ims_rules_at(i)); i++)
		g_ptr_array_add(scopes->rules[rule->scope], (gpointer)rule);
	for (size_t i = 0; i < G_N_ELEMENTS(scopes->rules); i++)
		g_ptr_array_add(scopes->rules[i], NULL);
	return scopes;
}

void ims_scopes_free(struct ims_scopes *scopes)
{
	if (!scopes)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(scopes->rules); i++)
		g_ptr_array_free(scopes->rules[i], TRUE);
	g_free(scopes);
}

const struct ims_rule *const *ims_scopes_rules(const struct ims_scopes *scopes,
					       enum ims_scope scope)
{
	return (const struct ims_rule *const *)scopes->rules[scope]->pdata;
}
