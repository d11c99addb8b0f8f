// SPDX-License-Identifier: GPL-2.0-or-later
#include "reginfo.h"

#include <string.h>

struct reader {
	struct ims_reginfo *reginfo;
	struct ims_arena *arena;
	size_t depth; /* elements that are open */
	/* The open one; NULL: none, or one too many. */
	struct ims_reginfo_registration *open;
	bool no_memory;
};

static bool state_is(const char *const *attributes, const char *state)
{
	return ims_slice_is(ims_xml_attribute(attributes, "state"), state);
}

static void registration_opens(struct reader *reader,
			       const char *const *attributes)
{
	struct ims_reginfo *reginfo = reader->reginfo;
	struct ims_slice aor = ims_xml_attribute(attributes, "aor");

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

static void opens(void *user, const char *name, const char *const *attributes)
{
	struct reader *reader = user;

	if (reader->depth++ == 0) {
		reader->reginfo->unread = strcmp(name, "reginfo") != 0;
		reader->reginfo->is_full = state_is(attributes, "full");
	} else if (strcmp(name, "registration") == 0) {
		registration_opens(reader, attributes);
	} else if (strcmp(name, "contact") == 0 && reader->open &&
		   state_is(attributes, "terminated")) {
		reader->open->is_terminated = true;
	}
}

static void closes(void *user, const char *name,
		   struct ims_slice text IMS_UNUSED)
{
	struct reader *reader = user;

	reader->depth--;
	if (strcmp(name, "registration") == 0)
		reader->open = NULL;
}

bool ims_reginfo_parse(struct ims_reginfo *reginfo, struct ims_arena *arena,
		       struct ims_slice xml)
{
	struct reader reader = {.reginfo = reginfo, .arena = arena};
	const struct ims_xml_handler handler = {opens, closes, &reader};
	struct ims_xml_result result;

	*reginfo = (struct ims_reginfo){0};
	ims_xml_read(&result, &handler, xml);
	if (!result.well_formed)
		reginfo->unread = true;
	return !result.no_memory && !reader.no_memory;
}
