// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The header of a message: its fields kept in order, unfolded, found by id. Its
 * lines are gone through once, where they came; what is found there is then
 * moved to the copy, where that is another.
 */
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

/* Takes the fields off `rest` into `headers`; returns how many there are. */
static size_t find_fields(struct ims_sip_reader *reader,
			  struct ims_sip_header headers[IMS_SIP_MAX_HEADERS],
			  struct ims_slice *rest, const char *message)
{
	struct ims_sip_field field;
	size_t lines = 0;
	size_t n = 0;

	while (ims_sip_field_next(rest, &field)) {
		size_t offset = (size_t)(field.line.at - message);

		/* Half a value would be a false one. */
		if (!field.ended && reader->cut)
			break;
		if (lines++ == IMS_SIP_MAX_HEADERS) {
			ims_sip_reader_flaw(reader, IMS_SIP_FLAW_LISTS_CUT,
					    offset);
			reader->fields_cut = true;
			break;
		}
		if (!field.name.at) {
			ims_sip_reader_flaw(reader, IMS_SIP_FLAW_BAD_HEADER,
					    offset);
			continue;
		}
		headers[n] = (struct ims_sip_header){
			.at = field.name.at,
			.name_len = (uint32_t)field.name.len,
			.value_place =
				(uint32_t)(field.value.at - field.name.at),
			.value_len = (uint32_t)field.value.len,
			.id = (uint8_t)field.id,
			.folded = field.folded,
		};
		chain_field(reader, n++, field.id);
	}
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

/* What was found in the message is moved to its copy. */
static void keep_fields(struct ims_sip_reader *reader,
			const struct ims_sip_header *found, size_t n,
			const char *message)
{
	struct ims_sip_header *headers;

	headers = ims_arena_copy_n(reader->arena, found, n, sizeof(*headers));
	if (n > 0 && !headers) {
		reader->no_memory = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct ims_sip_header *h = &headers[i];
		char *at = reader->copy + (h->at - message);

		h->at = at;
		if (h->folded)
			h->value_len = (uint32_t)unfold(at + h->value_place,
							h->value_len);
	}
	reader->facts->headers = headers;
	reader->facts->n_headers = n;
}

/* False, which is noted: there is no memory. */
static bool copy_header(struct ims_sip_reader *reader, struct ims_slice bytes)
{
	reader->copy = ims_arena_take(reader->arena, reader->header_len);
	if (!reader->copy) {
		reader->no_memory = true;
		return false;
	}
	if (reader->header_len > 0)
		memcpy(reader->copy, bytes.at, reader->header_len);
	return true;
}

void ims_sip_reader_header(struct ims_sip_reader *reader,
			   struct ims_slice bytes)
{
	struct ims_sip_header found[IMS_SIP_MAX_HEADERS];
	struct ims_slice rest;
	size_t n = 0;

	reader->header_len = bytes.len;
	reader->start_len = ims_sip_line_end(bytes, 0);
	if (reader->start_len > 0) {
		rest = ims_sip_from(bytes, reader->start_len);
		n = find_fields(reader, found, &rest, bytes.at);
		find_end(reader, rest, bytes);
	}
	if (reader->copy || copy_header(reader, bytes))
		keep_fields(reader, found, n, bytes.at);
}
