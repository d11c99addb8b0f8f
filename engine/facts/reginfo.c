// SPDX-License-Identifier: GPL-2.0-or-later
#include "reginfo.h"

struct reader {
	struct ims_reginfo *reginfo;
	struct ims_arena *arena;
	size_t depth; /* elements that are open */
	/* The open one; NULL: none, or one too many. */
	struct ims_reginfo_registration *open;
	bool no_memory;
};

static bool state_is(const struct ims_xml_attributes *attributes,
		     const char *state)
{
	return ims_slice_is(ims_xml_value(attributes, "state"), state);
}

static void registration_opens(struct reader *reader,
			       const struct ims_xml_attributes *attributes)
{
	struct ims_reginfo *reginfo = reader->reginfo;
	struct ims_slice aor = ims_xml_value(attributes, "aor");

	reader->open = NULL;
	if (reginfo->n_registrations == IMS_REGINFO_MAX || aor.len == 0 ||
	    aor.len > IMS_XML_MAX_TEXT) {
		reginfo->unread = true;
		return;
	}
	reader->open = &reginfo->registrations[reginfo->n_registrations++];
	*reader->open = (struct ims_reginfo_registration){
		.aor = ims_arena_copy(reader->arena, aor),
		.is_active = state_is(attributes, "active"),
		.is_terminated = state_is(attributes, "terminated"),
	};
	if (!ims_slice_is_set(reader->open->aor))
		reader->no_memory = true;
}

static void again(void *user)
{
	struct reader *reader = user;

	reader->depth = 0;
	reader->open = NULL;
	reader->reginfo->unread = false;
	reader->reginfo->is_full = false;
	reader->reginfo->n_registrations = 0;
}

static void opens(void *user, struct ims_slice name,
		  const struct ims_xml_attributes *attributes)
{
	struct reader *reader = user;

	if (reader->depth++ == 0) {
		reader->reginfo->unread = !ims_slice_is(name, "reginfo");
		reader->reginfo->is_full = state_is(attributes, "full");
	} else if (ims_slice_is(name, "registration")) {
		registration_opens(reader, attributes);
	} else if (ims_slice_is(name, "contact") && reader->open &&
		   state_is(attributes, "terminated")) {
		reader->open->is_terminated = true;
	}
}

static void closes(void *user, struct ims_slice name,
		   struct ims_slice text IMS_UNUSED)
{
	struct reader *reader = user;

	reader->depth--;
	if (ims_slice_is(name, "registration"))
		reader->open = NULL;
}

bool ims_reginfo_parse(struct ims_reginfo *reginfo, struct ims_arena *arena,
		       struct ims_slice xml)
{
	struct reader reader = {.reginfo = reginfo, .arena = arena};
	const struct ims_xml_handler handler = {again, opens, closes, &reader};
	struct ims_xml_result result;

	again(&reader);
	ims_xml_read(&result, &handler, xml);
	if (!result.well_formed)
		reginfo->unread = true;
	return !result.no_memory && !reader.no_memory;
}
