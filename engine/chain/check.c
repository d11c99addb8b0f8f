// SPDX-License-Identifier: GPL-2.0-or-later
/* What a rule may ask beyond what it is given. */
#include "check.h"

#include "core.h"

const char *ims_party_format(char out[IMS_PARTY_TEXT],
			     const struct ims_party *party)
{
	char address[IMS_ENDPOINT_TEXT];
	const char *role = ims_role_name(party->role);
	char *end = out;

	ims_address_format(address, &party->endpoint.address);
	if (role)
		end = g_stpcpy(end, role);
	if (role && address[0])
		*end++ = ' ';
	if (address[0])
		end = g_stpcpy(end, address);
	if (end == out)
		g_stpcpy(out, "an unknown node");
	return out;
}

/* Nodes of the core are known by what they do; a UE by its REGISTER. */
static bool is_ue(const struct ims_check *check, const struct ims_address *at)
{
	return ims_binding_at(check, at) ||
	       g_hash_table_contains(check->engine->ues, at);
}

struct ims_party ims_party_at(const struct ims_check *check,
			      const struct ims_endpoint *at)
{
	struct ims_party party = {
		.role = ims_nodes_role(check->engine->nodes, at),
		.endpoint = *at,
	};

	if (party.role == IMS_ROLE_UNKNOWN && is_ue(check, &at->address))
		party.role = IMS_ROLE_UE;
	return party;
}

bool ims_options_have(const struct ims_sip_options *options, const char *tag)
{
	for (size_t i = 0; i < options->n; i++)
		if (ims_slice_is_nocase(options->at[i], tag))
			return true;
	return false;
}

int64_t ims_last_sip(const struct ims_check *check,
		     const struct ims_address *from,
		     const struct ims_address *to)
{
	return ims_pairs_last(check->engine->pairs, from, to, IMS_HEARD_SIP);
}

bool ims_leg_is_whole(const struct ims_check *check,
		      const struct ims_address *a, const struct ims_address *b,
		      int64_t since_ns)
{
	static const enum ims_heard holes[] = {IMS_HEARD_GAP, IMS_HEARD_ESP};
	const struct ims_pairs *pairs = check->engine->pairs;

	for (size_t i = 0; i < G_N_ELEMENTS(holes); i++)
		if (ims_pairs_last(pairs, a, b, holes[i]) >= since_ns ||
		    ims_pairs_last(pairs, b, a, holes[i]) >= since_ns)
			return false;
	return true;
}

bool ims_leg_goes_on(const struct ims_check *check, const struct ims_address *a,
		     const struct ims_address *b, int64_t since_ns)
{
	return ims_leg_is_whole(check, a, b, since_ns) &&
	       MAX(ims_last_sip(check, a, b), ims_last_sip(check, b, a)) >
		       since_ns;
}

const struct ims_binding *ims_binding_of(const struct ims_check *check,
					 struct ims_slice identity)
{
	return ims_bindings_find(check->engine->bindings, identity,
				 check->now_ns);
}

const struct ims_binding *ims_binding_at(const struct ims_check *check,
					 const struct ims_address *ue)
{
	return ims_bindings_at(check->engine->bindings, ue, check->now_ns);
}

const struct ims_binding *ims_binding_of_impu(const struct ims_check *check,
					      bool *barred,
					      struct ims_slice impu)
{
	return ims_bindings_find_public(check->engine->bindings, barred, impu,
					check->now_ns);
}

bool ims_binding_is_doubted(const struct ims_check *check,
			    const struct ims_binding *binding)
{
	const char *const *keys;

	if (!binding->assigned.number)
		return true;
	keys = ims_bindings_keys(check->engine->bindings, binding);
	for (; *keys; keys++)
		if (ims_endings_doubt(check->engine->endings,
				      ims_slice_of(*keys),
				      binding->assigned_ns))
			return true;
	return false;
}

const struct ims_ending *ims_ending_of(const struct ims_check *check,
				       struct ims_slice identity)
{
	return ims_endings_last(check->engine->endings, identity);
}

static bool overlap(const struct ims_attempt *a, const struct ims_attempt *b)
{
	return a->start_ns <= b->last_ns && b->start_ns <= a->last_ns;
}

bool ims_others_register(const struct ims_check *check,
			 struct ims_slice identity)
{
	const struct ims_attempt *own = check->attempt;
	const struct ims_few *found =
		ims_index_of_text(check->engine->identities, identity);
	bool others = false;

	for (unsigned i = 0; found && i < found->n; i++) {
		const struct ims_open_attempt *other = found->at[i];

		if (&other->about != own &&
		    other->about.kind != IMS_KIND_THIRD_PARTY &&
		    (!own || overlap(&other->about, own)))
			others = true;
	}
	return others;
}

const struct ims_expectation *ims_awaited_after(
	const struct ims_check *check, const struct ims_expectation *before)
{
	return ims_awaited_next(check->engine->awaited, before);
}

int64_t ims_median_latency(const struct ims_check *check,
			   const struct ims_cx *cx)
{
	return ims_counts_median(check->engine->counts, cx);
}

bool ims_first_in_call(struct ims_check *check)
{
	return ims_first_of_kind(check, check->rule);
}

bool ims_first_flaw_between(struct ims_check *check, uint32_t flaws)
{
	return ims_pairs_first_flaws(
		check->engine->pairs, &check->message->source.address,
		&check->message->destination.address, flaws);
}

bool ims_first_of_kind(struct ims_check *check, const void *kind)
{
	struct ims_thread *thread = NULL;

	if (check->journey)
		thread = ims_thread_find((struct ims_engine *)check->engine,
					 check->journey->call_id);
	else if (check->attempt && ims_slice_is_set(check->attempt->call_id))
		thread = ims_thread_find((struct ims_engine *)check->engine,
					 check->attempt->call_id);
	if (!thread)
		return true;
	if (!thread->told)
		thread->told = g_hash_table_new(NULL, NULL);
	return g_hash_table_add(thread->told, (gpointer)kind);
}
