// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Does a SIP message start here, and where does it end? Asked of every UDP
 * payload and at many places of every TCP stream, so that most foreign bytes
 * are sent away by the first few of them.
 *
 * Cost: a call looks at the header once, HEADER_MAX bytes at most.
 * A caller that asks again at every packet of a header that never ends pays
 * that for each packet, so the sum is bounded by packets times that constant
 * and not by the square of the stream. Once the header is there PARTIAL tells
 * the length, and nobody need ask again before so many bytes have come.
 */
#include <ims/message.h>

#include "sip_message.h"
#include "sip_scan.h"

/* A header that has not ended by then is none. */
#define HEADER_MAX (64u * 1024u)
/* Neither is a request line. */
#define START_LINE_MAX 4096u
#define METHOD_MAX     32u

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "SIP/2.0 ddd" and a blank or line end, as far as bytes go. */
static enum ims_extent status_line(struct ims_slice bytes)
{
	static const char pattern[] = "SIP/2.0 ddd";
	size_t len = sizeof(pattern) - 1;

	for (size_t i = 0; i < len && i < bytes.len; i++)
		if (pattern[i] == 'd' ? !is_digit(bytes.at[i])
				      : bytes.at[i] != pattern[i])
			return IMS_EXTENT_FOREIGN;
	if (bytes.len <= len)
		return IMS_EXTENT_PARTIAL;
	if (bytes.at[len - 3] < '1' || bytes.at[len - 3] > '6')
		return IMS_EXTENT_FOREIGN;
	if (bytes.at[len] == ' ' || bytes.at[len] == '\r' ||
	    bytes.at[len] == '\n')
		return IMS_EXTENT_WHOLE;
	return IMS_EXTENT_FOREIGN;
}

/* Whether `s` may become the name of a known method. */
static bool begins_method(struct ims_slice s)
{
	static const char *const names[] = {
#define X(name) #name,
		IMS_SIP_METHODS(X)
#undef X
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (s.len <= strlen(names[i]) &&
		    memcmp(s.at, names[i], s.len) == 0)
			return true;
	return false;
}

/* A line that has not ended: a known method, and text as far as it goes. */
static enum ims_extent open_request_line(struct ims_slice line, size_t method)
{
	struct ims_slice name = ims_slice(line.at, method);

	if (method == line.len)
		return begins_method(name) ? IMS_EXTENT_PARTIAL
					   : IMS_EXTENT_FOREIGN;
	if (line.len >= START_LINE_MAX ||
	    ims_sip_method_find(name) == IMS_SIP_METHOD_OTHER)
		return IMS_EXTENT_FOREIGN;
	for (size_t i = method; i < line.len; i++)
		if ((unsigned char)line.at[i] < ' ' &&
		    !(line.at[i] == '\r' && i + 1 == line.len))
			return IMS_EXTENT_FOREIGN;
	return IMS_EXTENT_PARTIAL;
}

static enum ims_extent request_line(struct ims_slice bytes)
{
	struct ims_sip_start start;
	struct ims_slice line = bytes;
	size_t method = 0;
	const char *lf;

	if (line.len > START_LINE_MAX)
		line.len = START_LINE_MAX;
	while (method < line.len && method <= METHOD_MAX &&
	       is_upper(line.at[method]))
		method++;
	if (method == 0 || method > METHOD_MAX ||
	    (method < line.len && line.at[method] != ' '))
		return IMS_EXTENT_FOREIGN;
	lf = memchr(line.at, '\n', line.len);
	if (!lf)
		return open_request_line(line, method);
	line.len = (size_t)(lf - line.at);
	ims_sip_start_parse(&start, line);
	return start.is_request && start.well_formed ? IMS_EXTENT_WHOLE
						     : IMS_EXTENT_FOREIGN;
}

/* WHOLE: a start line of SIP stands. */
static enum ims_extent start_line(struct ims_slice bytes)
{
	enum ims_extent status;

	if (bytes.len == 0)
		return IMS_EXTENT_PARTIAL;
	if (!is_upper(bytes.at[0]))
		return IMS_EXTENT_FOREIGN;
	if (bytes.at[0] != 'S')
		return request_line(bytes);
	status = status_line(bytes);
	return status == IMS_EXTENT_FOREIGN ? request_line(bytes) : status;
}

/* A number too long to be held is too long in any case. */
static bool read_length(struct ims_slice value, uint64_t *length)
{
	if (value.len == 0)
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (!is_digit(value.at[i]))
			return false;
	if (!ims_slice_to_uint(value, UINT64_MAX, length))
		*length = UINT64_MAX;
	return true;
}

/* Its long form or its short one, "l". */
static bool may_be_length(char first)
{
	return first == 'C' || first == 'c' || first == 'L' || first == 'l';
}

/*
 * The first Content-Length that is a number; 0 where there is none. `rest`
 * starts behind the start line. Most lines are passed over unread.
 */
static uint64_t content_length(struct ims_slice rest)
{
	struct ims_sip_field field;
	uint64_t length = 0;

	while (rest.len > 0) {
		if (!may_be_length(rest.at[0])) {
			size_t end = ims_sip_line_end(rest, 0);

			if (end == 0)
				return 0;
			rest = ims_sip_from(rest, end);
		} else if (!ims_sip_field_next(&rest, &field)) {
			return 0;
		} else if (field.id == IMS_SIP_HEADER_CONTENT_LENGTH &&
			   read_length(field.value, &length)) {
			return length;
		}
	}
	return 0;
}

enum ims_extent ims_sip_begins(struct ims_slice bytes)
{
	return start_line(bytes);
}

/* What is before the body, at most HEADER_MAX bytes; 0: it goes on. */
static size_t header_of(struct ims_slice bytes)
{
	return ims_sip_header_length(ims_slice(
		bytes.at, bytes.len < HEADER_MAX ? bytes.len : HEADER_MAX));
}

static bool has_giant_body(struct ims_slice header)
{
	return content_length(
		       ims_sip_from(header, ims_sip_line_end(header, 0))) >
	       IMS_SIP_MESSAGE_MAX - header.len;
}

bool ims_sip_is_too_large(struct ims_slice bytes)
{
	size_t header;

	if (start_line(bytes) != IMS_EXTENT_WHOLE)
		return false;
	header = header_of(bytes);
	return header ? has_giant_body(ims_slice(bytes.at, header))
		      : bytes.len >= HEADER_MAX;
}

enum ims_extent ims_sip_extent(struct ims_slice bytes, size_t *length)
{
	enum ims_extent extent = start_line(bytes);
	struct ims_slice header = bytes;
	uint64_t body;

	*length = 0;
	if (extent != IMS_EXTENT_WHOLE)
		return extent;
	if (header.len > HEADER_MAX)
		header.len = HEADER_MAX;
	header.len = ims_sip_header_length(header);
	if (header.len == 0)
		return bytes.len < HEADER_MAX ? IMS_EXTENT_PARTIAL
					      : IMS_EXTENT_FOREIGN;
	body = content_length(
		ims_sip_from(header, ims_sip_line_end(header, 0)));
	if (body > IMS_SIP_MESSAGE_MAX - header.len)
		return IMS_EXTENT_FOREIGN;
	*length = header.len + (size_t)body;
	return *length <= bytes.len ? IMS_EXTENT_WHOLE : IMS_EXTENT_PARTIAL;
}
