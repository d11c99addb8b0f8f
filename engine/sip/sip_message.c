// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_message.h"

#include "sip_find.h"
#include "sip_scan.h"

#define VERSION	      "SIP/2.0"
#define VERSION_LEN   (sizeof(VERSION) - 1)
#define STATUS_DIGITS 3

static bool starts_with(struct ims_slice s, const char *text, size_t len)
{
	return s.len >= len && memcmp(s.at, text, len) == 0;
}

size_t ims_sip_line_end(struct ims_slice s, size_t start)
{
	const char *lf = NULL;

	if (start < s.len)
		lf = memchr(s.at + start, '\n', s.len - start);
	return lf ? (size_t)(lf - s.at) + 1 : 0;
}

bool ims_sip_is_empty_line(struct ims_slice s, size_t start, size_t *end)
{
	if (start < s.len && s.at[start] == '\r')
		start++;
	if (start >= s.len || s.at[start] != '\n')
		return false;
	*end = start + 1;
	return true;
}

size_t ims_sip_header_length(struct ims_slice bytes)
{
	size_t at = 0;
	size_t end = 0;

	while ((at = ims_sip_line_end(bytes, at)) != 0)
		if (ims_sip_is_empty_line(bytes, at, &end))
			return end;
	return 0;
}

static void parse_status(struct ims_sip_start *start, struct ims_slice rest)
{
	struct ims_slice digits;
	uint64_t status = 0;

	rest = ims_slice_trim(rest);
	digits = ims_slice(rest.at,
			   rest.len < STATUS_DIGITS ? rest.len : STATUS_DIGITS);
	if (digits.len != STATUS_DIGITS ||
	    (rest.len > STATUS_DIGITS && rest.at[STATUS_DIGITS] != ' ') ||
	    !ims_slice_to_uint(digits, 699, &status) || status < 100)
		return;
	start->well_formed = true;
	start->status = (uint16_t)status;
	start->reason = ims_slice_trim(ims_sip_from(rest, STATUS_DIGITS));
}

static void parse_request(struct ims_sip_start *start, struct ims_slice line)
{
	const char *space = memchr(line.at, ' ', line.len);
	struct ims_slice rest;

	start->is_request = true;
	start->method_text = line;
	if (space)
		start->method_text.len = (size_t)(space - line.at);
	start->method = ims_sip_method_find(start->method_text);
	if (!space || start->method_text.len == 0)
		return;
	rest = ims_slice_trim(ims_sip_from(line, start->method_text.len));
	if (rest.len <= VERSION_LEN ||
	    rest.at[rest.len - VERSION_LEN - 1] != ' ' ||
	    !starts_with(ims_sip_from(rest, rest.len - VERSION_LEN), VERSION,
			 VERSION_LEN))
		return;
	start->uri = ims_slice_trim(ims_slice(rest.at, rest.len - VERSION_LEN));
	start->well_formed = start->uri.len > 0;
}

void ims_sip_start_parse(struct ims_sip_start *start, struct ims_slice line)
{
	*start = (struct ims_sip_start){0};
	line = ims_slice_trim(line);
	if (line.len == 0)
		return;
	if (starts_with(line, VERSION " ", VERSION_LEN + 1))
		parse_status(start, ims_sip_from(line, VERSION_LEN));
	else
		parse_request(start, line);
}

void ims_sip_message_parse(struct ims_sip_message *message,
			   struct ims_slice bytes)
{
	size_t start_len = ims_sip_line_end(bytes, 0);
	bool has_line_end = start_len != 0;

	*message = (struct ims_sip_message){.header_len = bytes.len};
	if (!has_line_end)
		start_len = bytes.len;
	ims_sip_start_parse(&message->start, ims_slice(bytes.at, start_len));
	if (!has_line_end) {
		message->start.well_formed = false;
		return;
	}
	message->header_len = ims_sip_header_length(bytes);
	message->has_end = message->header_len != 0;
	if (message->has_end)
		message->body = ims_sip_from(bytes, message->header_len);
	else
		message->header_len = bytes.len;
	message->fields = ims_slice(bytes.at + start_len,
				    message->header_len - start_len);
}

/* What stands behind the colon, trimmed; usual is one SP before it and CRLF. */
static struct ims_slice value_of(struct ims_slice line, size_t colon)
{
	const char *at = line.at + colon + 1;
	const char *end = line.at + line.len;

	if (end > at && end[-1] == '\n')
		end--;
	if (end > at && end[-1] == '\r')
		end--;
	if (at < end && *at == ' ')
		at++;
	if (at == end || ims_is_blank(*at))
		return ims_slice_trim(ims_sip_from(line, colon + 1));
	while (ims_is_blank(end[-1]))
		end--;
	return ims_slice(at, (size_t)(end - at));
}

/* False: no name and colon stand there. `colon`: offset of the first one in the
   first line, or none there. */
static bool split_name(struct ims_sip_field *field, size_t colon)
{
	if (colon >= field->line.len && field->folded)
		colon = ims_sip_find_char(field->line, ':');
	if (colon >= field->line.len)
		return false;
	field->value = value_of(field->line, colon);
	field->name = ims_slice(field->line.at, colon);
	field->id = ims_sip_header_find(field->name);
	if (field->id != IMS_SIP_HEADER_OTHER)
		return true;
	/* With a blank before the colon, or in it, or not known. */
	field->name = ims_slice_trim(field->name);
	field->id = ims_sip_header_find(field->name);
	return field->name.len > 0 &&
	       ims_sip_word_length(field->name) == field->name.len;
}

/* As ims_sip_line_end, of the first line; finds the first colon of it on the
   way: beyond the line where there is none. */
static size_t first_line_end(struct ims_slice s, size_t *colon)
{
	const struct ims_sip_stops stops = {{':', ':', ':', ':', '\n'},
					    IMS_SIP_ONLY};
	size_t at = ims_sip_find(s, 0, stops);

	*colon = s.len;
	if (at == s.len)
		return 0;
	if (s.at[at] == '\n')
		return at + 1;
	*colon = at;
	return ims_sip_line_end(s, at);
}

bool ims_sip_field_next(struct ims_slice *rest, struct ims_sip_field *field)
{
	size_t colon;
	size_t end = 0;

	if (rest->len == 0 || ims_sip_is_empty_line(*rest, 0, &end))
		return false;
	field->folded = false;
	field->ended = true;
	end = first_line_end(*rest, &colon);
	while (end != 0 && end < rest->len &&
	       (rest->at[end] == ' ' || rest->at[end] == '\t')) {
		field->folded = true;
		end = ims_sip_line_end(*rest, end);
	}
	if (end == 0) {
		field->ended = false;
		end = rest->len;
	}
	field->line = ims_slice(rest->at, end);
	if (!split_name(field, colon)) {
		field->id = IMS_SIP_HEADER_OTHER;
		field->name = (struct ims_slice){0};
		field->value = ims_slice_trim(field->line);
	}
	*rest = ims_sip_from(*rest, end);
	return true;
}
