// SPDX-License-Identifier: GPL-2.0-or-later
/* The header fields of a message: kept in order, unfolded, found by id. */
#include "sip_message.h"
#include "sip_reader.h"
#include "sip_scan.h"

void ims_sip_reader_flaw(struct ims_sip_reader *reader, enum ims_sip_flaw flaw,
			 const char *at)
{
	int64_t offset = at - reader->copy.at;
	int64_t *first = &reader->facts->flaw_offset;

	reader->facts->flaws |= flaw;
	if (*first < 0 || offset < *first)
		*first = offset;
}

const struct ims_sip_header *ims_sip_reader_field(
	const struct ims_sip_reader *reader, enum ims_sip_header_id id,
	const struct ims_sip_header *previous)
{
	const struct ims_sip_header *headers = reader->facts->headers;
	const struct ims_sip_header *end;
	const struct ims_sip_header *h;

	if (reader->first[id] == 0)
		return NULL;
	end = headers + reader->facts->n_headers;
	h = previous ? previous + 1 : headers + reader->first[id] - 1;
	while (h < end && h->id != id)
		h++;
	return h < end ? h : NULL;
}

struct ims_slice ims_sip_reader_value(const struct ims_sip_reader *reader,
				      enum ims_sip_header_id id)
{
	const struct ims_sip_header *h = ims_sip_reader_field(reader, id, NULL);

	return h ? h->value : (struct ims_slice){0};
}

/*
 * Makes each fold in `text`, line ends and the blanks around them, one SP
 * (RFC 3261 7.3.1). Returns the new length, which is not above the old one.
 */
static size_t unfold(char *text, size_t len)
{
	size_t out = 0;
	size_t i = 0;

	while (i < len) {
		if (text[i] != '\r' && text[i] != '\n') {
			text[out++] = text[i++];
			continue;
		}
		while (out > 0 && ims_sip_is_blank(text[out - 1]))
			out--;
		while (i < len && ims_sip_is_blank(text[i]))
			i++;
		text[out++] = ' ';
	}
	return out;
}

static size_t count_fields(struct ims_slice fields)
{
	struct ims_sip_field field;
	size_t n = 0;

	while (n < IMS_SIP_MAX_HEADERS && ims_sip_field_next(&fields, &field))
		n++;
	return n;
}

static void keep_field(struct ims_sip_reader *reader,
		       struct ims_sip_header *header,
		       const struct ims_sip_field *field, char *copy)
{
	size_t i = reader->facts->n_headers++;

	header->id = field->id;
	header->name = field->name;
	header->value = field->value;
	header->folded = field->folded;
	if (field->folded)
		header->value.len =
			unfold(copy + (field->value.at - reader->copy.at),
			       field->value.len);
	if (reader->first[field->id] == 0)
		reader->first[field->id] = (uint16_t)(i + 1);
}

void ims_sip_reader_fields(struct ims_sip_reader *reader,
			   struct ims_slice fields, char *copy)
{
	size_t max = count_fields(fields);
	struct ims_sip_header *headers;
	struct ims_sip_field field;

	headers = max ? ims_arena_alloc_n(reader->arena, max, sizeof(*headers))
		      : NULL;
	if (max && !headers) {
		reader->no_memory = true;
		return;
	}
	reader->facts->headers = headers;
	while (ims_sip_field_next(&fields, &field)) {
		/* Half a value would be a false one. */
		if (!field.ended && reader->cut)
			return;
		if (max-- == 0) {
			ims_sip_reader_flaw(reader, IMS_SIP_FLAW_LISTS_CUT,
					    field.line.at);
			reader->fields_cut = true;
			return;
		}
		if (field.name.at)
			keep_field(reader, headers++, &field, copy);
		else
			ims_sip_reader_flaw(reader, IMS_SIP_FLAW_BAD_HEADER,
					    field.line.at);
	}
}
