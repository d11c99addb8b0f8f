// SPDX-License-Identifier: GPL-2.0-or-later
#include "profile.h"

#include "profile_reader.h"

/* Its lists are not read beyond what was written. */
static void reader_init(struct ims_profile_reader *reader,
			struct ims_profile *profile, struct ims_arena *arena)
{
	memset(reader, 0, offsetof(struct ims_profile_reader, identities));
	reader->arena = arena;
	reader->profile = profile;
	*profile = (struct ims_profile){.present = true};
}

static void again(void *user)
{
	struct ims_profile_reader *reader = user;
	bool no_memory = reader->no_memory;

	reader_init(reader, reader->profile, reader->arena);
	reader->no_memory = no_memory;
}

static void opens(void *user, struct ims_slice name,
		  const struct ims_xml_attributes *attributes IMS_UNUSED)
{
	struct ims_profile_reader *reader = user;

	if (reader->depth++ == 0)
		reader->profile->is_subscription =
			ims_slice_is(name, "IMSSubscription");
	ims_profile_element_opens(reader, name);
}

static void closes(void *user, struct ims_slice name, struct ims_slice text)
{
	struct ims_profile_reader *reader = user;

	reader->depth--;
	ims_profile_element_closes(reader, name, text);
}

static void parse(struct ims_profile_reader *reader, struct ims_slice xml)
{
	const struct ims_xml_handler handler = {again, opens, closes, reader};
	struct ims_profile *profile = reader->profile;
	struct ims_xml_result result;

	ims_xml_read(&result, &handler, xml);
	reader->no_memory |= result.no_memory;
	reader->many |= result.unread;
	profile->well_formed = result.well_formed;
	if (!result.fault[0])
		return;
	profile->error =
		ims_arena_copy(reader->arena, ims_slice_of(result.fault));
	if (!ims_slice_is_set(profile->error))
		reader->no_memory = true;
}

static const void *keep(struct ims_profile_reader *reader, const void *at,
			size_t size)
{
	struct ims_slice copy;

	if (size == 0)
		return NULL;
	copy = ims_arena_copy(reader->arena, ims_slice(at, size));
	if (!ims_slice_is_set(copy))
		reader->no_memory = true;
	return copy.at;
}

bool ims_profile_parse(struct ims_profile *profile, bool *many,
		       struct ims_arena *arena, struct ims_slice xml)
{
	struct ims_profile_reader reader;

	reader_init(&reader, profile, arena);
	parse(&reader, xml);
	profile->identities =
		keep(&reader, reader.identities,
		     profile->n_identities * sizeof(reader.identities[0]));
	profile->ifcs = keep(&reader, reader.ifcs,
			     profile->n_ifcs * sizeof(reader.ifcs[0]));
	*many |= reader.many;
	return !reader.no_memory;
}
