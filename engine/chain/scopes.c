// SPDX-License-Identifier: GPL-2.0-or-later
#include "scopes.h"

#include <glib.h>

struct ims_scopes {
	struct ims_scope_rules of[IMS_SCOPE_TERMINATION + 1];
};

static void add(struct ims_scope_rules *scope, const struct ims_rule *rule)
{
	scope->rules =
		g_renew(const struct ims_rule *, scope->rules, scope->n + 1);
	scope->needs = g_renew(uint32_t, scope->needs, scope->n + 1);
	scope->rules[scope->n] = rule;
	scope->needs[scope->n++] = rule->needs;
}

struct ims_scopes *ims_scopes_new(void)
{
	struct ims_scopes *scopes = g_new0(struct ims_scopes, 1);
	const struct ims_rule *rule;

	for (size_t i = 0; (rule = ims_rules_at(i)); i++)
		add(&scopes->of[rule->scope], rule);
	return scopes;
}

void ims_scopes_free(struct ims_scopes *scopes)
{
	if (!scopes)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(scopes->of); i++) {
		g_free(scopes->of[i].rules);
		g_free(scopes->of[i].needs);
	}
	g_free(scopes);
}

const struct ims_scope_rules *ims_scopes_rules(const struct ims_scopes *scopes,
					       enum ims_scope scope)
{
	return &scopes->of[scope];
}
