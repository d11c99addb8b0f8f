// SPDX-License-Identifier: GPL-2.0-or-later
/* What an RTR ends, and who has asked to be told of that (TS 29.228 6.1.3,
   RFC 3680). */
#include "core.h"

static void add(GPtrArray *keys, struct ims_slice identity)
{
	char *key = ims_identity_key(identity);

	for (unsigned i = 0; key && i < keys->len; i++)
		if (strcmp(key, keys->pdata[i]) == 0)
			g_clear_pointer(&key, g_free);
	if (key)
		g_ptr_array_add(keys, key);
}

/* All that is registered under an IMPI: what stands for it, and the IMPU that
   is derived from it (TS 23.003 13.4B). */
static void add_impi(struct ims_engine *engine, GPtrArray *keys,
		     struct ims_slice impi)
{
	const struct ims_binding *binding =
		ims_bindings_find(engine->bindings, impi, engine->now_ns);

	add(keys, impi);
	if (binding)
		add(keys, ims_slice_of(binding->impu));
}

void ims_termination_note(struct ims_engine *engine, struct ims_open_cx *cx)
{
	const struct ims_diameter_facts *rtr = ims_diameter(cx->about.request);
	GPtrArray *keys;

	if (cx->about.command != IMS_COMMAND_RT || !rtr || cx->ended)
		return;
	keys = g_ptr_array_new();
	for (size_t i = 0; i < rtr->public_identities.n; i++)
		add(keys, rtr->public_identities.at[i]);
	if (rtr->public_identities.n == 0) {
		add_impi(engine, keys, rtr->user_name);
		for (size_t i = 0; i < rtr->associated_identities.n; i++)
			add_impi(engine, keys,
				 rtr->associated_identities.at[i]);
	}
	g_ptr_array_add(keys, NULL);
	cx->ended = (char **)g_ptr_array_free(keys, FALSE);
}

const GPtrArray *ims_termination_found(struct ims_engine *engine,
				       const struct ims_open_cx *cx)
{
	return ims_subscriptions_of(engine->subscriptions,
				    (const char *const *)cx->ended);
}

bool ims_termination_awaits(struct ims_engine *engine,
			    const struct ims_open_cx *cx)
{
	return cx->ended && cx->about.answer && ims_cx_succeeded(&cx->about) &&
	       ims_termination_found(engine, cx)->len > 0;
}
