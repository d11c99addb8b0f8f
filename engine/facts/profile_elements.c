// SPDX-License-Identifier: GPL-2.0-or-later
/* What the elements of a user profile mean: a table (TS 29.228 B, E). */
#include "profile_reader.h"

static struct ims_slice keep_text(struct ims_profile_reader *reader,
				  struct ims_slice text)
{
	struct ims_slice copy = ims_arena_copy(reader->arena, text);

	if (ims_slice_is_set(text) && !ims_slice_is_set(copy))
		reader->no_memory = true;
	return copy;
}

/* tBool of the schema: "0" and "1", or their words. */
static bool is_true(struct ims_slice text)
{
	return ims_slice_is(text, "1") || ims_slice_is(text, "true");
}

static int64_t number_of(struct ims_slice text)
{
	uint64_t number;

	if (!ims_slice_to_uint(text, INT64_MAX, &number))
		return -1;
	return (int64_t)number;
}

static size_t service_profile(const struct ims_profile_reader *reader)
{
	return reader->n_service_profiles ? reader->n_service_profiles - 1 : 0;
}

static void service_profile_opens(struct ims_profile_reader *reader)
{
	reader->n_service_profiles++;
}

static void private_id_closes(struct ims_profile_reader *reader,
			      struct ims_slice text)
{
	if (!ims_slice_is_set(reader->profile->private_id))
		reader->profile->private_id = keep_text(reader, text);
}

static void public_identity_opens(struct ims_profile_reader *reader)
{
	reader->identity = (struct ims_profile_identity){
		.service_profile = service_profile(reader)};
}

/* TS 23.003 13.4A, 13.5: a wildcard is a regular expression between "!". */
static void identity_closes(struct ims_profile_reader *reader,
			    struct ims_slice text)
{
	if (!ims_slice_is_empty(text) && memchr(text.at, '!', text.len))
		reader->profile->has_wildcards = true;
	if (!ims_slice_is_set(reader->identity.uri))
		reader->identity.uri = keep_text(reader, text);
}

static void wildcard_closes(struct ims_profile_reader *reader,
			    struct ims_slice text IMS_UNUSED)
{
	reader->profile->has_wildcards = true;
}

static void barring_closes(struct ims_profile_reader *reader,
			   struct ims_slice text)
{
	reader->identity.barred = is_true(text);
}

static void public_identity_closes(struct ims_profile_reader *reader,
				   struct ims_slice text)
{
	struct ims_profile *profile = reader->profile;

	(void)text;
	if (!ims_slice_is_set(reader->identity.uri))
		return;
	if (profile->n_identities == IMS_PROFILE_MAX_IDENTITIES)
		reader->many = true;
	else
		reader->identities[profile->n_identities++] = reader->identity;
}

static void ifc_opens(struct ims_profile_reader *reader)
{
	reader->ifc = (struct ims_profile_ifc){
		.priority = -1,
		.default_handling = -1,
		.service_profile = service_profile(reader),
	};
	reader->has_trigger = false;
	reader->is_unregistered_part = false;
}

static void priority_closes(struct ims_profile_reader *reader,
			    struct ims_slice text)
{
	reader->ifc.priority = number_of(text);
}

static void server_name_closes(struct ims_profile_reader *reader,
			       struct ims_slice text)
{
	if (!ims_slice_is_set(reader->ifc.server))
		reader->ifc.server = keep_text(reader, text);
}

static void default_handling_closes(struct ims_profile_reader *reader,
				    struct ims_slice text)
{
	reader->ifc.default_handling = number_of(text);
}

static void trigger_point_opens(struct ims_profile_reader *reader)
{
	reader->has_trigger = true;
	reader->groups = reader->groups_met = reader->groups_not_met = 0;
	reader->groups_lost = false;
	reader->is_cnf = false;
}

static void condition_closes(struct ims_profile_reader *reader,
			     struct ims_slice text)
{
	reader->is_cnf = is_true(text);
}

/*
 * B.2.2: in conjunctive normal form each group needs an SPT that is met, in
 * disjunctive form one group needs all of its SPTs.
 */
static void trigger_point_closes(struct ims_profile_reader *reader,
				 struct ims_slice text)
{
	bool met = reader->is_cnf ? !(reader->groups & ~reader->groups_met)
				  : reader->groups & ~reader->groups_not_met;

	(void)text;
	reader->ifc.on_first_register =
		met && reader->groups && !reader->groups_lost;
}

static void spt_opens(struct ims_profile_reader *reader)
{
	reader->spt_is_negated = false;
	reader->spt_is_register = false;
	reader->spt_is_known = false;
	reader->has_type = reader->has_first = false;
	reader->spt_groups = 0;
}

static void negated_closes(struct ims_profile_reader *reader,
			   struct ims_slice text)
{
	reader->spt_is_negated = is_true(text);
}

static void group_closes(struct ims_profile_reader *reader,
			 struct ims_slice text)
{
	int64_t group = number_of(text);

	if (group >= 0 && group < 64)
		reader->spt_groups |= UINT64_C(1) << group;
	else
		reader->groups_lost = true;
}

static void method_closes(struct ims_profile_reader *reader,
			  struct ims_slice text)
{
	reader->spt_is_register = ims_slice_is(text, "REGISTER");
	reader->spt_is_known = true;
}

/* 0: initial, 1: re-registration, 2: deregistration; none: all of them. */
static void registration_type_closes(struct ims_profile_reader *reader,
				     struct ims_slice text)
{
	reader->has_type = true;
	if (ims_slice_is(text, "0"))
		reader->has_first = true;
}

static void spt_closes(struct ims_profile_reader *reader, struct ims_slice text)
{
	bool is_first = reader->spt_is_register &&
			(!reader->has_type || reader->has_first);

	(void)text;
	if (reader->spt_is_register && !reader->spt_is_negated)
		reader->ifc.on_register = true;
	reader->groups |= reader->spt_groups;
	reader->groups_lost |= reader->spt_groups == 0;
	if (reader->spt_is_known && is_first != reader->spt_is_negated)
		reader->groups_met |= reader->spt_groups;
	else
		reader->groups_not_met |= reader->spt_groups;
}

/* 1: the criterion is for users that are not registered. */
static void part_closes(struct ims_profile_reader *reader,
			struct ims_slice text)
{
	reader->is_unregistered_part = ims_slice_is(text, "1");
}

/* Without a TriggerPoint the criterion is met by any request (B.2.2). */
static void ifc_closes(struct ims_profile_reader *reader, struct ims_slice text)
{
	struct ims_profile *profile = reader->profile;

	(void)text;
	if (!reader->has_trigger)
		reader->ifc.on_register = true;
	if (reader->is_unregistered_part)
		reader->ifc.on_first_register = false;
	if (profile->n_ifcs == IMS_PROFILE_MAX_IFCS)
		reader->many = true;
	else
		reader->ifcs[profile->n_ifcs++] = reader->ifc;
}

#define NAME(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}

static const struct element {
	struct ims_slice name;
	void (*opens)(struct ims_profile_reader *reader);
	void (*closes)(struct ims_profile_reader *reader,
		       struct ims_slice text);
} elements[] = {
	{NAME("PrivateID"), NULL, private_id_closes},
	{NAME("ServiceProfile"), service_profile_opens, NULL},
	{NAME("PublicIdentity"), public_identity_opens, public_identity_closes},
	{NAME("Identity"), NULL, identity_closes},
	{NAME("BarringIndication"), NULL, barring_closes},
	{NAME("WildcardedPSI"), NULL, wildcard_closes},
	{NAME("WildcardedIMPU"), NULL, wildcard_closes},
	{NAME("InitialFilterCriteria"), ifc_opens, ifc_closes},
	{NAME("Priority"), NULL, priority_closes},
	{NAME("ServerName"), NULL, server_name_closes},
	{NAME("DefaultHandling"), NULL, default_handling_closes},
	{NAME("TriggerPoint"), trigger_point_opens, trigger_point_closes},
	{NAME("ConditionTypeCNF"), NULL, condition_closes},
	{NAME("SPT"), spt_opens, spt_closes},
	{NAME("ConditionNegated"), NULL, negated_closes},
	{NAME("Group"), NULL, group_closes},
	{NAME("Method"), NULL, method_closes},
	{NAME("RegistrationType"), NULL, registration_type_closes},
	{NAME("ProfilePartIndicator"), NULL, part_closes},
};

static const struct element *element_find(struct ims_slice name)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (ims_slice_equal(name, elements[i].name))
			return &elements[i];
	return NULL;
}

void ims_profile_element_opens(struct ims_profile_reader *reader,
			       struct ims_slice name)
{
	const struct element *element = element_find(name);

	if (element && element->opens)
		element->opens(reader);
}

void ims_profile_element_closes(struct ims_profile_reader *reader,
				struct ims_slice name, struct ims_slice text)
{
	const struct element *element = element_find(name);

	if (!element || !element->closes)
		return;
	if (!ims_slice_is_set(text))
		reader->many = true;
	element->closes(reader, text);
}
