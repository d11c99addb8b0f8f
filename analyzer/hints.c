// SPDX-License-Identifier: GPL-2.0-or-later
#include "hints.h"

#include "complain.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The text up to the first blank; *line is what follows, trimmed. */
static struct ims_slice take_word(struct ims_slice *line)
{
	struct ims_slice word = {line->at, 0};

	while (word.len < line->len && !is_blank(line->at[word.len]))
		word.len++;
	*line = ims_slice_trim(
		ims_slice(line->at + word.len, line->len - word.len));
	return word;
}

/* An address, with or without port; a bare IPv6 address has none. */
static bool read_endpoint(struct ims_endpoint *endpoint, struct ims_slice text)
{
	struct ims_slice port;
	uint64_t value;
	size_t colon = text.len;

	*endpoint = (struct ims_endpoint){0};
	if (ims_address_parse(&endpoint->address, text))
		return true;
	while (colon > 0 && text.at[colon - 1] != ':')
		colon--;
	if (colon == 0)
		return false;
	port = ims_slice(text.at + colon, text.len - colon);
	if (!ims_slice_to_uint(port, UINT16_MAX, &value) || value == 0)
		return false;
	endpoint->port = (uint16_t)value;
	text.len = colon - 1;
	/* An IPv6 address with a port has brackets. */
	if (text.len && text.at[0] != '[' && memchr(text.at, ':', text.len))
		return false;
	return ims_address_parse(&endpoint->address, text);
}

const char *ims_hints_line(struct ims_role_hint *hint, struct ims_slice line)
{
	struct ims_slice rest = ims_slice_trim(line);
	struct ims_slice address = take_word(&rest);

	if (!read_endpoint(&hint->endpoint, address))
		return "no IP address at the start of the line";
	if (ims_slice_is_empty(rest))
		return "no role after the address";
	if (!ims_role_parse(&hint->role, rest))
		return "not a role (UE, P-CSCF, I-CSCF, S-CSCF, HSS, SLF, DRA, "
		       "AS, MRF, PCRF, registrar)";
	return NULL;
}

static bool read_line(GArray *hints, const char *file, unsigned number,
		      const char *text)
{
	struct ims_slice line = ims_slice(text, strcspn(text, "#"));
	struct ims_role_hint hint;
	const char *wrong;

	line = ims_slice_trim(line);
	if (ims_slice_is_empty(line))
		return true;
	wrong = ims_hints_line(&hint, line);
	if (!wrong && hints->len == IMS_HINTS_MAX)
		wrong = "too many lines";
	if (wrong) {
		ims_complain(file, "line %u: %s", number, wrong);
		return false;
	}
	g_array_append_val(hints, hint);
	return true;
}

bool ims_hints_read(GArray *hints, const char *file)
{
	GError *error = NULL;
	bool good = true;
	char *text, **lines;

	if (!g_file_get_contents(file, &text, NULL, &error)) {
		ims_complain(NULL, "%s", error->message);
		g_error_free(error);
		return false;
	}
	lines = g_strsplit(text, "\n", -1);
	for (unsigned i = 0; good && lines[i]; i++)
		good = read_line(hints, file, i + 1, lines[i]);
	g_strfreev(lines);
	g_free(text);
	return good;
}
