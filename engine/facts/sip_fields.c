// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The header of a message: its fields kept in order, unfolded, found by id.
 */
#include "sip_find.h"
#include "sip_message.h"
#include "sip_reader.h"
#include "sip_scan.h"

void ims_sip_reader_flaw(struct ims_sip_reader *reader, enum ims_sip_flaw flaw,
			 size_t offset)
{
	int64_t *first = &reader->facts->flaw_offset;

	reader->facts->flaws |= flaw;
	if (*first < 0 || (int64_t)offset < *first)
		*first = (int64_t)offset;
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

/* Enters field `i` behind those of its id. */
static void chain_field(struct ims_sip_reader *reader, size_t i,
			enum ims_sip_header_id id)
{
	uint16_t place = (uint16_t)(i + 1);

	if (reader->first[id] == 0)
		reader->first[id] = place;
	else
		reader->next[reader->last[id] - 1] = place;
	reader->last[id] = place;
	reader->next[i] = 0;
}

/* As it is kept: with its folds undone in the copy. */
static struct ims_sip_header header_of(struct ims_sip_reader *reader,
				       const struct ims_sip_field *field)
{
	size_t value_len = field->value.len;

	if (field->folded)
		value_len =
			unfold(reader->copy + ims_sip_reader_place(
						      reader, field->value.at),
			       value_len);
	return (struct ims_sip_header){
		.at = field->name.at,
		.name_len = (uint32_t)field->name.len,
		.value_place = (uint32_t)(field->value.at - field->name.at),
		.value_len = (uint32_t)value_len,
		.id = (uint8_t)field->id,
		.folded = field->folded,
	};
}

/*
 * Takes the field that `rest` begins with off it, if it is written as nearly
 * all are: "Name: value", CRLF, and another line that is no fold. False, and
 * nothing is done, where ims_sip_field_next has to look.
 */
static bool take_usual(struct ims_slice *rest, struct ims_sip_header *header)
{
	const struct ims_sip_stops ends = {{':', ':', ':', ':', '\n'},
					   IMS_SIP_ONLY};
	const char *at = rest->at;
	size_t colon = ims_sip_find(*rest, 0, ends);
	size_t len, value, end;

	if (colon == rest->len || at[colon] != ':')
		return false;
	len = ims_sip_line_end(*rest, colon);
	if (len == 0 || len == rest->len || at[len - 2] != '\r' ||
	    at[len] == ' ' || at[len] == '\t')
		return false;
	value = colon + 1 + (at[colon + 1] == ' ');
	end = len - 2;
	if (value >= end || ims_sip_is_blank(at[value]) ||
	    ims_sip_is_blank(at[end - 1]))
		return false;
	header->id = (uint8_t)ims_sip_header_find(ims_slice(at, colon));
	if (header->id == IMS_SIP_HEADER_OTHER)
		return false;
	header->at = at;
	header->name_len = (uint32_t)colon;
	header->value_place = (uint32_t)value;
	header->value_len = (uint32_t)(end - value);
	header->folded = false;
	*rest = ims_sip_from(*rest, len);
	return true;
}

/* The same of a field of any form, or a line that is none. False at the end. */
static bool take_any(struct ims_sip_reader *reader, struct ims_slice *rest,
		     struct ims_sip_header *header, bool *is_field)
{
	struct ims_sip_field field;

	/* Half a value would be a false one. */
	if (!ims_sip_field_next(rest, &field) || (!field.ended && reader->cut))
		return false;
	*is_field = field.name.at;
	if (*is_field)
		*header = header_of(reader, &field);
	else
		ims_sip_reader_flaw(
			reader, IMS_SIP_FLAW_BAD_HEADER,
			ims_sip_reader_place(reader, field.line.at));
	return true;
}

/* There are as many as are kept: is there one more? */
static void note_more(struct ims_sip_reader *reader, struct ims_slice *rest)
{
	struct ims_sip_field field;

	if (!ims_sip_field_next(rest, &field) || (!field.ended && reader->cut))
		return;
	ims_sip_reader_flaw(reader, IMS_SIP_FLAW_LISTS_CUT,
			    ims_sip_reader_place(reader, field.line.at));
	reader->fields_cut = true;
}

/* Takes the fields off `rest` into `headers`; returns how many there are. */
static size_t find_fields(struct ims_sip_reader *reader,
			  struct ims_sip_header headers[IMS_SIP_MAX_HEADERS],
			  struct ims_slice *rest)
{
	size_t n = 0;

	for (size_t lines = 0; lines < IMS_SIP_MAX_HEADERS; lines++) {
		bool is_field = true;

		if (!take_usual(rest, &headers[n]) &&
		    !take_any(reader, rest, &headers[n], &is_field))
			return n;
		if (is_field) {
			chain_field(reader, n, headers[n].id);
			n++;
		}
	}
	note_more(reader, rest);
	return n;
}

/* Finds where the header ends of which `rest` has not been read. */
static void find_end(struct ims_sip_reader *reader, struct ims_slice rest,
		     struct ims_slice bytes)
{
	size_t at = bytes.len - rest.len;
	size_t end = bytes.len;

	/* There are lines in it where the fields are too many. */
	while (at < bytes.len && !ims_sip_is_empty_line(bytes, at, &end)) {
		at = ims_sip_line_end(bytes, at);
		if (at == 0)
			at = bytes.len;
	}
	reader->has_end = at < bytes.len;
	reader->header_len = end;
}

void ims_sip_reader_header(struct ims_sip_reader *reader, size_t len)
{
	struct ims_sip_header found[IMS_SIP_MAX_HEADERS];
	struct ims_slice bytes = ims_slice(reader->copy, len);
	struct ims_sip_facts *facts = reader->facts;
	struct ims_slice rest;

	reader->header_len = len;
	reader->start_len = ims_sip_line_end(bytes, 0);
	if (reader->start_len == 0)
		return;
	rest = ims_sip_from(bytes, reader->start_len);
	facts->n_headers = find_fields(reader, found, &rest);
	find_end(reader, rest, bytes);
	facts->headers = ims_arena_copy_n(reader->arena, found,
					  facts->n_headers, sizeof(*found));
	if (facts->n_headers > 0 && !facts->headers)
		reader->no_memory = true;
}
