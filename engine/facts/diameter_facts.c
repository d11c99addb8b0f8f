// SPDX-License-Identifier: GPL-2.0-or-later
#include "diameter_facts.h"

#include "diameter_reader.h"
#include "facts.h"
#include "profile.h"

void ims_diameter_flaw(struct ims_diameter_reader *reader,
		       enum ims_diameter_flaw flaw, size_t offset)
{
	reader->facts->flaws |= flaw;
	if (reader->facts->flaw_offset < 0)
		reader->facts->flaw_offset = (int64_t)offset;
}

void ims_diameter_malformed(struct ims_diameter_reader *reader,
			    enum ims_diameter_flaw flaw,
			    const struct ims_diameter_avp *avp)
{
	struct ims_malformed_avp *malformed = &reader->facts->malformed_avp;

	ims_diameter_flaw(reader, flaw, avp->offset);
	if (malformed->present)
		return;
	*malformed = (struct ims_malformed_avp){
		.present = true,
		.in_length = flaw == IMS_DIAMETER_FLAW_AVP_LENGTH,
		.offset = (int64_t)avp->offset,
		.vendor = avp->vendor,
		.code = avp->code,
		.name = ims_diameter_avp_name(avp->vendor, avp->code),
	};
}

/* The groups that are open, outermost first. */
struct level {
	struct ims_diameter_walk walk;
	enum ims_diameter_place place;
};

struct levels {
	struct level at[IMS_DIAMETER_MAX_DEPTH];
	size_t n;
};

static void enter(struct ims_diameter_reader *reader, struct levels *levels,
		  const struct ims_diameter_avp *group,
		  enum ims_diameter_place place)
{
	if (levels->n == IMS_DIAMETER_MAX_DEPTH)
		ims_diameter_flaw(reader, IMS_DIAMETER_FLAW_DEPTH,
				  group->offset);
	else
		levels->at[levels->n++] =
			(struct level){ims_diameter_walk_group(group), place};
}

/* Of Failed-AVP the first AVP counts, be it the malformed one. */
static void read_failed(struct ims_failed_avp *failed,
			const struct ims_diameter_avp *avp)
{
	if (failed->present || avp->code == 0)
		return;
	failed->present = true;
	failed->vendor = avp->vendor;
	failed->code = avp->code;
	failed->name = ims_diameter_avp_name(avp->vendor, avp->code);
}

/* RFC 6733 7.5: what is in Failed-AVP is what another had sent. */
static bool is_in_failed(const struct levels *levels,
			 enum ims_diameter_place place)
{
	for (size_t i = 0; i < levels->n; i++)
		if (levels->at[i].place == IMS_PLACE_FAILED)
			return true;
	return place == IMS_PLACE_FAILED;
}

static void read_avp(struct ims_diameter_reader *reader, struct levels *levels,
		     enum ims_diameter_place place, enum ims_diameter_step step,
		     const struct ims_diameter_avp *avp)
{
	enum ims_diameter_avp_id id;
	bool grouped;

	if (place == IMS_PLACE_FAILED)
		read_failed(&reader->facts->failed_avp, avp);
	if (step == IMS_DIAMETER_STEP_MALFORMED) {
		if (is_in_failed(levels, place))
			ims_diameter_flaw(reader, IMS_DIAMETER_FLAW_AVP_LENGTH,
					  avp->offset);
		else
			ims_diameter_malformed(
				reader, IMS_DIAMETER_FLAW_AVP_LENGTH, avp);
		return;
	}
	id = ims_diameter_avp_find(avp->vendor, avp->code);
	grouped = ims_diameter_avp_is_grouped(id);
	/* Half a value says nothing; half a group still holds whole AVPs. */
	if (step == IMS_DIAMETER_STEP_AVP || grouped)
		ims_diameter_field_read(reader, place, id, avp);
	if (grouped)
		enter(reader, levels, avp, ims_diameter_place_in(place, id));
}

static void read_avps(struct ims_diameter_reader *reader,
		      struct ims_diameter_walk message)
{
	struct levels levels; /* written up to its n */

	levels.at[0] = (struct level){message, IMS_PLACE_MESSAGE};
	levels.n = 1;
	while (levels.n > 0) {
		struct level *level = &levels.at[levels.n - 1];
		enum ims_diameter_place place = level->place;
		struct ims_diameter_avp avp;
		enum ims_diameter_step step;

		step = ims_diameter_next(&level->walk, &avp);
		if (step != IMS_DIAMETER_STEP_AVP)
			levels.n--;
		if (step == IMS_DIAMETER_STEP_END)
			continue;
		if (reader->n_avps++ == IMS_DIAMETER_MAX_AVPS) {
			ims_diameter_flaw(reader, IMS_DIAMETER_FLAW_MANY,
					  avp.offset);
			return;
		}
		read_avp(reader, &levels, place, step, &avp);
	}
}

static void take_header(struct ims_diameter_facts *facts,
			const struct ims_diameter_header *header)
{
	facts->is_request = header->flags & IMS_DIAMETER_FLAG_REQUEST;
	facts->is_proxiable = header->flags & IMS_DIAMETER_FLAG_PROXIABLE;
	facts->is_error = header->flags & IMS_DIAMETER_FLAG_ERROR;
	facts->is_retransmitted = header->flags & IMS_DIAMETER_FLAG_RETRANSMIT;
	facts->application_id = header->application_id;
	facts->application = ims_diameter_application(header->application_id);
	facts->command_code = header->command_code;
	facts->command = ims_diameter_command(header->application_id,
					      header->command_code);
	facts->hop_by_hop = header->hop_by_hop;
	facts->end_to_end = header->end_to_end;
}

static void take_result(struct ims_diameter_facts *facts,
			const struct ims_diameter_reader *reader)
{
	struct ims_result *result = &facts->result;

	facts->has_result_code = reader->result_code >= 0;
	facts->has_experimental_result = reader->experimental_code >= 0;
	if (facts->has_result_code)
		facts->result_code = (uint32_t)reader->result_code;
	if (facts->has_experimental_result) {
		result->container = IMS_RESULT_EXPERIMENTAL;
		result->code = (uint32_t)reader->experimental_code;
		if (reader->experimental_vendor > 0)
			result->vendor = (uint32_t)reader->experimental_vendor;
	} else if (facts->has_result_code) {
		result->container = IMS_RESULT_CODE;
		result->code = facts->result_code;
	}
	result->name =
		ims_diameter_result_name(result->container, result->vendor,
					 result->code, facts->application);
}

/* NULL for an empty array, and for want of memory, which is noted. */
static const void *keep(struct ims_diameter_reader *reader, const void *at,
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

static struct ims_diameter_list keep_texts(struct ims_diameter_reader *reader,
					   const struct ims_text_list *list)
{
	return (struct ims_diameter_list){
		keep(reader, list->at, list->n * sizeof(list->at[0])), list->n};
}

static struct ims_diameter_numbers keep_numbers(
	struct ims_diameter_reader *reader, const struct ims_number_list *list)
{
	return (struct ims_diameter_numbers){
		keep(reader, list->at, list->n * sizeof(list->at[0])), list->n};
}

static void take_lists(struct ims_diameter_facts *facts,
		       struct ims_diameter_reader *reader)
{
	facts->public_identities =
		keep_texts(reader, &reader->public_identities);
	facts->redirect_hosts = keep_texts(reader, &reader->redirect_hosts);
	facts->capability_servers =
		keep_texts(reader, &reader->capability_servers);
	facts->associated_identities =
		keep_texts(reader, &reader->associated_identities);
	facts->mandatory_capabilities =
		keep_numbers(reader, &reader->mandatory_capabilities);
	facts->optional_capabilities =
		keep_numbers(reader, &reader->optional_capabilities);
	facts->applications = keep_numbers(reader, &reader->applications);
	facts->auth_items =
		keep(reader, reader->auth_items,
		     reader->n_auth_items * sizeof(reader->auth_items[0]));
	facts->n_auth_items = reader->n_auth_items;
}

static void take_profile(struct ims_diameter_facts *facts,
			 struct ims_diameter_reader *reader)
{
	bool many = false;

	if (!ims_slice_is_set(reader->user_data))
		return;
	if (!ims_profile_parse(&facts->profile, &many, reader->arena,
			       reader->user_data))
		reader->no_memory = true;
	if (many)
		ims_diameter_flaw(reader, IMS_DIAMETER_FLAW_MANY,
				  reader->user_data_offset);
}

static void read_message(struct ims_diameter_reader *reader,
			 struct ims_slice bytes, bool cut)
{
	struct ims_diameter_facts *facts = reader->facts;
	struct ims_diameter_header header;

	if (ims_diameter_header_parse(&header, bytes)) {
		take_header(facts, &header);
		read_avps(reader, ims_diameter_walk_message(&header, bytes));
		take_result(facts, reader);
		take_lists(facts, reader);
		take_profile(facts, reader);
		cut |= bytes.len < header.length;
	} else {
		cut = true;
	}
	if (cut)
		ims_diameter_flaw(reader, IMS_DIAMETER_FLAW_CUT, bytes.len);
}

/* Not zeroed: its lists are larger than most messages. */
static void reader_init(struct ims_diameter_reader *reader,
			struct ims_arena *arena, struct ims_slice bytes)
{
	reader->arena = arena;
	reader->bytes = bytes;
	reader->copy = (struct ims_slice){0};
	reader->no_memory = false;
	reader->n_avps = 0;
	reader->result_code = -1;
	reader->experimental_code = -1;
	reader->experimental_vendor = -1;
	reader->user_data = (struct ims_slice){0};
	reader->user_data_offset = 0;
	reader->public_identities.n = 0;
	reader->redirect_hosts.n = 0;
	reader->capability_servers.n = 0;
	reader->associated_identities.n = 0;
	reader->mandatory_capabilities.n = 0;
	reader->optional_capabilities.n = 0;
	reader->applications.n = 0;
	reader->n_auth_items = 0;
	reader->auth_item = NULL;
}

static struct ims_diameter_facts *facts_new(struct ims_arena *arena)
{
	struct ims_diameter_facts *facts =
		ims_arena_alloc(arena, sizeof(*facts));

	if (!facts)
		return NULL;
	facts->application = IMS_APPLICATION_OTHER;
	facts->authorization_type = -1;
	facts->assignment_type = -1;
	facts->data_already_available = -1;
	facts->number_auth_items = -1;
	facts->reason_code = -1;
	facts->disconnect_cause = -1;
	facts->rx_request_type = -1;
	facts->abort_cause = -1;
	facts->flaw_offset = -1;
	return facts;
}

/* `copy`: of the message, or the absent slice, when each text is copied. */
static const struct ims_diameter_facts *read_facts(struct ims_arena *arena,
						   struct ims_slice bytes,
						   struct ims_slice copy,
						   bool cut)
{
	struct ims_diameter_facts *facts = facts_new(arena);
	struct ims_diameter_reader reader;

	if (!facts)
		return NULL;
	reader_init(&reader, arena, bytes);
	reader.facts = facts;
	reader.copy = copy;
	read_message(&reader, bytes, cut);
	return reader.no_memory ? NULL : facts;
}

const struct ims_diameter_facts *ims_diameter_facts_new(struct ims_arena *arena,
							struct ims_slice bytes,
							bool cut)
{
	return read_facts(arena, bytes, (struct ims_slice){0}, cut);
}

const struct ims_diameter_facts *ims_diameter_facts_read(
	struct ims_arena *arena, struct ims_slice bytes, bool cut)
{
	return read_facts(arena, bytes, bytes, cut);
}
