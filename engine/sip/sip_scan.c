// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_scan.h"

#include "sip_find.h"

#define XML_QUOTE "&quot;"

/* What the script of one core wrote for a host it did not know. */
#define NULL_HOST "<null>"

size_t ims_sip_word_length(struct ims_slice s)
{
	return ims_sip_find(s, 0,
			    (struct ims_sip_stops){{' ', ' ', ' ', ' ', ' '},
						   IMS_SIP_BLANKS});
}

/*
 * Offset behind the quoted string that starts at `at`; where it has no end,
 * behind its quote. A backslash takes the next character with it inside and
 * outside of quotes: so a quote that was once found to have no partner is
 * the last one that is looked at, and scanning stays linear.
 */
static size_t skip_quoted(struct ims_slice s, size_t at)
{
	const struct ims_sip_stops stops = {{'"', '"', '"', '"', '\\'},
					    IMS_SIP_ONLY};
	size_t i = ims_sip_find(s, at + 1, stops);

	while (i < s.len && s.at[i] == '\\')
		i = i + 2 < s.len ? ims_sip_find(s, i + 2, stops) : s.len;
	return i < s.len ? i + 1 : at + 1;
}

/* How many characters the "<" at `at` and its ">", or the end, enclose. */
static size_t enclosed(struct ims_slice s, size_t at)
{
	const struct ims_sip_stops stops = {{'>', '>', '>', '>', '<'},
					    IMS_SIP_ONLY};
	size_t i = ims_sip_find(s, at + 1, stops);

	while (i < s.len && s.at[i] == '<') {
		if (ims_slice_starts_nocase(ims_sip_from(s, i), NULL_HOST))
			i += sizeof(NULL_HOST) - 2;
		i = ims_sip_find(s, i + 1, stops);
	}
	return i - at - 1;
}

/* Offset behind the character, pair or quoted string at `at`. */
static size_t skip_one(struct ims_slice s, size_t at)
{
	if (s.at[at] == '"')
		return skip_quoted(s, at);
	if (s.at[at] == '\\' && at + 1 < s.len)
		return at + 2;
	return at + 1;
}

/* From the stop at `i` on. Apart, since few searches come here: so those that
   do not are shorter, and read fewer lines of cache. */
static __attribute__((noinline)) size_t find_beyond(struct ims_slice s,
						    size_t i, char c)
{
	const struct ims_sip_stops stops = {{c, c, c, '"', '\\'}, IMS_SIP_ONLY};

	while (i < s.len && s.at[i] != c)
		i = ims_sip_find(s, skip_one(s, i), stops);
	return i;
}

/* From `i` on, which is outside quotes. Inline, for `c` to be known. */
static inline __attribute__((always_inline)) size_t find_unquoted(
	struct ims_slice s, size_t i, char c)
{
	const struct ims_sip_stops stops = {{c, c, c, '"', '\\'}, IMS_SIP_ONLY};

	i = ims_sip_find(s, i, stops);
	return i < s.len && s.at[i] != c ? find_beyond(s, i, c) : i;
}

/* The character is known to the compiler, where it is one that is common. */
size_t ims_sip_find_unquoted(struct ims_slice s, char c)
{
	switch (c) {
	case ';':
		return find_unquoted(s, 0, ';');
	case '<':
		return find_unquoted(s, 0, '<');
	default:
		return find_unquoted(s, 0, c);
	}
}

/* Offset of the first comma that separates. */
static size_t element_end(struct ims_slice s)
{
	const struct ims_sip_stops stops = {{',', ',', '<', '"', '\\'},
					    IMS_SIP_ONLY};
	size_t i = ims_sip_find(s, 0, stops);

	while (i < s.len && s.at[i] != ',') {
		if (s.at[i] == '<')
			i += 1 + enclosed(s, i);
		if (i < s.len)
			i = ims_sip_find(s, skip_one(s, i), stops);
	}
	return i;
}

void ims_sip_list_take(struct ims_slice *rest, struct ims_slice *element)
{
	struct ims_slice s = *rest;
	size_t end = element_end(s);

	*element = ims_slice_trim(ims_slice(s.at, end));
	*rest = end < s.len ? ims_sip_from(s, end + 1) : (struct ims_slice){0};
}

struct ims_slice ims_sip_brackets_take(struct ims_slice *rest)
{
	struct ims_slice inside = ims_slice(rest->at + 1, enclosed(*rest, 0));
	size_t end = 1 + inside.len;

	*rest = ims_sip_from(*rest, end < rest->len ? end + 1 : end);
	return ims_slice_trim(inside);
}

/* The value in the quotes that `s` starts with, which are `open` long. */
static struct ims_slice quoted_value(struct ims_slice s, size_t open)
{
	size_t end;

	if (open > 1) {
		s = ims_sip_from(s, open);
		return ims_slice(s.at, ims_slice_find_nocase(s, XML_QUOTE));
	}
	end = skip_quoted(s, 0);
	if (end == 1)
		return ims_sip_from(s, 1);
	return ims_slice(s.at + 1, end - 2);
}

struct ims_slice ims_sip_unquote(struct ims_slice s)
{
	s = ims_slice_trim(s);
	if (s.len > 0 && s.at[0] == '"')
		return quoted_value(s, 1);
	if (s.len > 0 && s.at[0] == '&' &&
	    ims_slice_starts_nocase(s, XML_QUOTE))
		return quoted_value(s, sizeof(XML_QUOTE) - 1);
	return s;
}

/*
 * The value at `start`, and where the parameter ends. In quotes with nothing
 * behind them, as most are, it needs no second look.
 */
static inline __attribute__((always_inline)) size_t take_value(
	struct ims_slice *value, struct ims_slice s, size_t start,
	char separator)
{
	size_t end = start;

	if (start < s.len && s.at[start] == '"')
		end = skip_quoted(s, start);
	if (end > start + 1 && (end == s.len || s.at[end] == separator)) {
		*value = ims_slice(s.at + start + 1, end - start - 2);
		return end;
	}
	end = find_unquoted(s, start, separator);
	*value = ims_slice(s.at + start, end - start);
	/* Blanks and quotes, "&quot;" too, are below most of what begins one.
	 */
	if (value->len > 0 &&
	    (ims_is_blank(s.at[end - 1]) || (unsigned char)s.at[start] <= '&'))
		*value = ims_sip_unquote(*value);
	return end;
}

static inline __attribute__((always_inline)) bool param_next(
	struct ims_slice *rest, char separator, struct ims_sip_param *param)
{
	const struct ims_sip_stops stops = {
		{separator, separator, '=', '"', '\\'}, IMS_SIP_ONLY};

	while (rest->len > 0) {
		struct ims_slice s = *rest;
		size_t equals = ims_sip_find(s, 0, stops);
		size_t end = equals;

		param->value = (struct ims_slice){0};
		if (equals < s.len && s.at[equals] == '=') {
			end = take_value(&param->value, s, equals + 1,
					 separator);
		} else if (equals < s.len && s.at[equals] != separator) {
			/* What is quoted before it may hold one. */
			end = find_unquoted(s, equals, separator);
			equals = ims_sip_find_char(ims_slice(s.at, end), '=');
			if (equals < end)
				param->value = ims_sip_unquote(ims_slice(
					s.at + equals + 1, end - equals - 1));
		}
		param->name = ims_slice_trim(ims_slice(s.at, equals));
		*rest = ims_sip_from(s, end < s.len ? end + 1 : end);
		if (param->name.len > 0)
			return true;
	}
	return false;
}

bool ims_sip_param_next(struct ims_slice *rest, char separator,
			struct ims_sip_param *param)
{
	switch (separator) {
	case ';':
		return param_next(rest, ';', param);
	case ',':
		return param_next(rest, ',', param);
	default:
		return param_next(rest, separator, param);
	}
}

/* Whether `params` begin with that name and "=". */
static inline bool begins(struct ims_slice params, struct ims_slice name)
{
	return params.len > name.len && params.at[name.len] == '=' &&
	       (ims_sip_is_spelt(params.at, name.at, name.len) ||
		ims_same_nocase(params.at, name.at, name.len));
}

bool ims_sip_param_take(struct ims_slice *rest, struct ims_slice *value,
			struct ims_slice name)
{
	struct ims_slice s = *rest;
	size_t end;

	if (!begins(s, name))
		return false;
	end = take_value(value, s, name.len + 1, ';');
	*rest = ims_sip_from(s, end + (end < s.len));
	return true;
}

/* Whether the first parameter may be of that name, or of one longer. */
static bool may_be(struct ims_slice params, struct ims_slice name)
{
	size_t i = 0;

	while (i < params.len && ims_is_blank(params.at[i]))
		i++;
	return params.len - i >= name.len && name.len > 0 &&
	       ((params.at[i] ^ name.at[0]) & ~0x20) == 0 &&
	       ims_same_nocase(params.at + i, name.at, name.len);
}

struct ims_slice ims_sip_param_get(struct ims_slice params,
				   struct ims_slice name)
{
	struct ims_sip_param param;

	while (params.len > 0) {
		if (begins(params, name)) {
			take_value(&param.value, params, name.len + 1, ';');
			return param.value;
		}
		if (!may_be(params, name)) {
			size_t end = find_unquoted(params, 0, ';');

			params = ims_sip_from(params, end + (end < params.len));
		} else if (ims_sip_param_next(&params, ';', &param) &&
			   ims_slice_equal_nocase(param.name, name)) {
			return param.value.at
				       ? param.value
				       : ims_slice(param.name.at +
							   param.name.len,
						   0);
		}
	}
	return (struct ims_slice){0};
}

bool ims_sip_number_parse(uint64_t *value, struct ims_slice text, uint64_t max)
{
	size_t len = 0;

	text = ims_slice_trim(text);
	while (len < text.len && text.at[len] >= '0' && text.at[len] <= '9')
		len++;
	if (len < text.len && !ims_sip_is_blank(text.at[len]) &&
	    text.at[len] != ';' && text.at[len] != '(')
		return false;
	return ims_slice_to_uint(ims_slice(text.at, len), max, value);
}

/* Offset of the first colon of `s`, or of what ends a host or a port. */
static size_t word_end(struct ims_slice s)
{
	const struct ims_sip_stops stops = {{':', ';', '?', ',', '>'},
					    IMS_SIP_BLANKS};

	return ims_sip_find(s, 0, stops);
}

/* As word_end; but an address with several colons is one word. */
static size_t host_end(struct ims_slice s)
{
	size_t end = word_end(s);
	size_t next;

	if (end == s.len || s.at[end] != ':')
		return end;
	next = end + 1 + word_end(ims_sip_from(s, end + 1));
	if (next == s.len || s.at[next] != ':')
		return end;
	return ims_sip_find(s, next,
			    (struct ims_sip_stops){{';', ';', '?', ',', '>'},
						   IMS_SIP_BLANKS});
}

static size_t bracketed_end(struct ims_slice s)
{
	const char *close = memchr(s.at, ']', s.len);

	return close ? (size_t)(close - s.at) + 1 : s.len;
}

/* Of what begins with a host of any form, where that ends. */
static size_t any_host_end(struct ims_slice text)
{
	if (text.len > 0 && text.at[0] == '[')
		return bracketed_end(text);
	if (ims_slice_starts_nocase(text, NULL_HOST))
		return sizeof(NULL_HOST) - 1;
	return host_end(text);
}

/* With blanks, without a port number, or with what is behind them. */
static void any_host_port(struct ims_slice *host, uint16_t *port,
			  struct ims_slice text)
{
	size_t end = any_host_end(text);
	struct ims_slice rest = ims_slice_trim(ims_sip_from(text, end));
	uint64_t number = 0;

	*host = ims_slice(text.at, end);
	*port = 0;
	if (rest.len == 0 || rest.at[0] != ':')
		return;
	rest = ims_slice_trim(ims_sip_from(rest, 1));
	rest.len = word_end(rest);
	if (ims_slice_to_uint(rest, UINT16_MAX, &number))
		*port = (uint16_t)number;
}

size_t ims_sip_host_port_take(struct ims_slice *host, uint16_t *port,
			      struct ims_slice text)
{
	const struct ims_sip_stops ends = {{'\\', '\\', '\\', '\\', '\\'},
					   IMS_SIP_HOST_ENDS};
	size_t end = ims_sip_find(text, 0, ends);
	unsigned number = 0;
	size_t i = end + 1;

	*host = ims_slice(text.at, end);
	*port = 0;
	if (end == 0 || text.at[0] == '[')
		return 0;
	if (end == text.len || text.at[end] != ':')
		return end;
	for (; i < text.len && text.at[i] >= '0' && text.at[i] <= '9' &&
	       number <= UINT16_MAX;
	     i++)
		number = number * 10 + (unsigned)(text.at[i] - '0');
	if (i == end + 1 || number > UINT16_MAX)
		return 0;
	*port = (uint16_t)number;
	return i;
}

void ims_sip_host_port(struct ims_slice *host, uint16_t *port,
		       struct ims_slice text)
{
	size_t len;

	text = ims_slice_trim(text);
	len = ims_sip_host_port_take(host, port, text);
	if (len == 0 || len < text.len)
		any_host_port(host, port, text);
}

void ims_sip_cseq_parse(struct ims_sip_cseq *cseq, struct ims_slice text)
{
	uint64_t number = 0;
	size_t len;

	*cseq = (struct ims_sip_cseq){0};
	text = ims_slice_trim(text);
	len = ims_sip_word_length(text);
	cseq->has_number =
		ims_slice_to_uint(ims_slice(text.at, len), UINT32_MAX, &number);
	cseq->number = (uint32_t)number;
	text = ims_slice_trim(ims_sip_from(text, len));
	if (text.len > 0)
		cseq->method = text;
}
