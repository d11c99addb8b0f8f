// SPDX-License-Identifier: GPL-2.0-or-later
/* Conditions from the text of their keys. */
#include "signature_pattern.h"

#include <string.h>

#include "diameter_names.h"
#include "sip_names.h"

enum protocol {
	SIP,
	DIAMETER,
};

struct pattern_key {
	const char *name;
	enum protocol protocol;
	/* What is wrong with the value, to be freed; NULL: nothing. */
	char *(*read)(struct ims_pattern *pattern, const char *value);
};

static const struct {
	const char *name;
	enum ims_pattern_part part;
} parts[] = {
	{"User-Name", IMS_PATTERN_USER_NAME},
	{"Public-Identity", IMS_PATTERN_PUBLIC_IDENTITY},
	{"Visited-Network-Identifier", IMS_PATTERN_VISITED_NETWORK},
	{"Server-Name", IMS_PATTERN_SERVER_NAME},
	{"SIP-Authorization", IMS_PATTERN_AUTHORIZATION},
};

void ims_pattern_init(struct ims_pattern *pattern)
{
	*pattern = (struct ims_pattern){
		.containers = -1,
		.error_bit = -1,
		.application = -1,
	};
}

void ims_pattern_clear(struct ims_pattern *pattern)
{
	g_clear_pointer(&pattern->statuses, g_array_unref);
	g_clear_pointer(&pattern->results, g_array_unref);
	g_free(pattern->reason);
	g_strfreev(pattern->methods);
	g_strfreev(pattern->servers);
	g_free(pattern->header_name);
	g_free(pattern->header_value);
	g_strfreev(pattern->commands);
	g_free(pattern->error_message);
	g_strfreev(pattern->peers);
	ims_pattern_init(pattern);
}

char **ims_pattern_list(const char *value)
{
	char **list = g_strsplit(value, ",", -1);

	for (size_t i = 0; list[i]; i++)
		g_strstrip(list[i]);
	for (size_t i = 0; list[i]; i++) {
		if (!*list[i]) {
			g_strfreev(list);
			return NULL;
		}
	}
	return list;
}

static char *no_list(void)
{
	return g_strdup("a part of the list is empty");
}

static bool is_anything(const char *glob)
{
	return glob[strspn(glob, "*")] == '\0';
}

/* Takes over a glob that says something. */
static char *read_glob(char **glob, const char *value)
{
	if (is_anything(value))
		return g_strdup_printf("'%s' matches anything", value);
	*glob = g_strdup(value);
	return NULL;
}

static char *read_globs(char ***globs, const char *value)
{
	char **list = ims_pattern_list(value);

	if (!list)
		return no_list();
	for (size_t i = 0; list[i]; i++) {
		if (is_anything(list[i])) {
			g_strfreev(list);
			return g_strdup_printf("'%s' matches anything", value);
		}
	}
	*globs = list;
	return NULL;
}

static bool read_number(const char *text, uint64_t max, uint64_t *number)
{
	return ims_slice_to_uint(ims_slice_of(text), max, number);
}

static char *add_status(GArray *statuses, const char *text)
{
	uint64_t number;
	uint16_t status;

	if (!read_number(text, 699, &number) || number < 100)
		return g_strdup_printf("'%s' is not a status from 100 to 699",
				       text);
	status = (uint16_t)number;
	g_array_append_val(statuses, status);
	return NULL;
}

static char *read_status(struct ims_pattern *pattern, const char *value)
{
	char **list = ims_pattern_list(value);
	char *wrong = NULL;

	if (!list)
		return no_list();
	pattern->statuses = g_array_new(FALSE, FALSE, sizeof(uint16_t));
	for (size_t i = 0; list[i] && !wrong; i++)
		wrong = add_status(pattern->statuses, list[i]);
	g_strfreev(list);
	return wrong;
}

static char *read_reason(struct ims_pattern *pattern, const char *value)
{
	return read_glob(&pattern->reason, value);
}

static char *read_method(struct ims_pattern *pattern, const char *value)
{
	char **list = ims_pattern_list(value);
	char *wrong = NULL;

	if (!list)
		return no_list();
	for (size_t i = 0; list[i] && !wrong; i++)
		if (ims_sip_method_find(ims_slice_of(list[i])) ==
		    IMS_SIP_METHOD_OTHER)
			wrong = g_strdup_printf("'%s' is no method of SIP",
						list[i]);
	pattern->methods = list;
	return wrong;
}

static char *read_server(struct ims_pattern *pattern, const char *value)
{
	return read_globs(&pattern->servers, value);
}

/* "Name: glob". */
static char *read_header(struct ims_pattern *pattern, const char *value)
{
	const char *colon = strchr(value, ':');

	if (!colon || colon == value)
		return g_strdup_printf("'%s' is not as 'Name: pattern'", value);
	pattern->header_name =
		g_strchomp(g_strndup(value, (gsize)(colon - value)));
	pattern->header_value = g_strchug(g_strdup(colon + 1));
	return is_anything(pattern->header_value)
		       ? g_strdup_printf("'%s' matches anything", value)
		       : NULL;
}

static bool is_command(const char *name)
{
	for (int c = IMS_COMMAND_CE; c <= IMS_COMMAND_RA; c++)
		for (int request = 0; request <= 1; request++)
			if (strcmp(name, ims_command_name((enum ims_command)c,
							  request)) == 0)
				return true;
	return false;
}

static char *read_command(struct ims_pattern *pattern, const char *value)
{
	char **list = ims_pattern_list(value);
	char *wrong = NULL;

	if (!list)
		return no_list();
	for (size_t i = 0; list[i] && !wrong; i++)
		if (!is_command(list[i]))
			wrong = g_strdup_printf("'%s' is no command as UAR or "
						"UAA",
						list[i]);
	pattern->commands = list;
	return wrong;
}

static enum ims_result_container container_of(const char *name, size_t len)
{
	for (int c = IMS_RESULT_CODE; c <= IMS_RESULT_EXPERIMENTAL; c++)
		if (ims_slice_is(ims_slice(name, len),
				 ims_result_container_name(
					 (enum ims_result_container)c)))
			return (enum ims_result_container)c;
	return IMS_RESULT_NONE;
}

static char *add_result(GArray *results, const char *text)
{
	size_t len = strcspn(text, " ");
	struct ims_pattern_result result = {.container =
						    container_of(text, len)};
	uint64_t code;

	if (result.container == IMS_RESULT_NONE ||
	    !read_number(text + len + strspn(text + len, " "), UINT32_MAX,
			 &code))
		return g_strdup_printf("'%s' is not as 'Result-Code 5012' or "
				       "'Experimental-Result 5001'",
				       text);
	result.code = (uint32_t)code;
	g_array_append_val(results, result);
	return NULL;
}

static char *read_result(struct ims_pattern *pattern, const char *value)
{
	char **list = ims_pattern_list(value);
	char *wrong = NULL;

	if (!list)
		return no_list();
	pattern->results =
		g_array_new(FALSE, FALSE, sizeof(struct ims_pattern_result));
	for (size_t i = 0; list[i] && !wrong; i++)
		wrong = add_result(pattern->results, list[i]);
	g_strfreev(list);
	return wrong;
}

static char *read_container(struct ims_pattern *pattern, const char *value)
{
	static const struct {
		const char *name;
		int bits;
	} words[] = {
		{"none", 0},
		{"Result-Code", IMS_PATTERN_RESULT_CODE},
		{"Experimental-Result", IMS_PATTERN_EXPERIMENTAL},
		{"both", IMS_PATTERN_RESULT_CODE | IMS_PATTERN_EXPERIMENTAL},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(value, words[i].name) == 0) {
			pattern->containers = words[i].bits;
			return NULL;
		}
	}
	return g_strdup_printf("'%s' is not one of Result-Code, "
			       "Experimental-Result, both, none",
			       value);
}

static char *read_error_bit(struct ims_pattern *pattern, const char *value)
{
	bool is_true = strcmp(value, "true") == 0;

	if (!is_true && strcmp(value, "false") != 0)
		return g_strdup_printf("'%s' is not true or false", value);
	pattern->error_bit = is_true;
	return NULL;
}

static char *read_application(struct ims_pattern *pattern, const char *value)
{
	uint64_t number;

	if (!read_number(value, UINT32_MAX, &number))
		return g_strdup_printf("'%s' is not the number of an "
				       "application",
				       value);
	pattern->application = (int64_t)number;
	return NULL;
}

static char *read_parts(unsigned *bits, const char *value)
{
	char **list = ims_pattern_list(value);
	char *wrong = NULL;

	if (!list)
		return no_list();
	for (size_t i = 0; list[i] && !wrong; i++) {
		size_t p = 0;

		while (p < G_N_ELEMENTS(parts) &&
		       strcmp(parts[p].name, list[i]) != 0)
			p++;
		if (p < G_N_ELEMENTS(parts))
			*bits |= parts[p].part;
		else
			wrong = g_strdup_printf(
				"'%s' is not one of User-Name, "
				"Public-Identity, Visited-Network-Identifier, "
				"Server-Name, SIP-Authorization",
				list[i]);
	}
	g_strfreev(list);
	return wrong;
}

static char *read_request_has(struct ims_pattern *pattern, const char *value)
{
	return read_parts(&pattern->request_has, value);
}

static char *read_request_lacks(struct ims_pattern *pattern, const char *value)
{
	return read_parts(&pattern->request_lacks, value);
}

static char *read_error_message(struct ims_pattern *pattern, const char *value)
{
	return read_glob(&pattern->error_message, value);
}

static char *read_peer(struct ims_pattern *pattern, const char *value)
{
	return read_globs(&pattern->peers, value);
}

static const struct pattern_key keys[] = {
	{"status", SIP, read_status},
	{"reason", SIP, read_reason},
	{"method", SIP, read_method},
	{"server", SIP, read_server},
	{"header", SIP, read_header},
	{"command", DIAMETER, read_command},
	{"result", DIAMETER, read_result},
	{"container", DIAMETER, read_container},
	{"error-bit", DIAMETER, read_error_bit},
	{"answer-application", DIAMETER, read_application},
	{"request-has", DIAMETER, read_request_has},
	{"request-lacks", DIAMETER, read_request_lacks},
	{"error-message", DIAMETER, read_error_message},
	{"peer", DIAMETER, read_peer},
};

static const struct pattern_key *find_key(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

bool ims_pattern_has_key(const char *key)
{
	return find_key(key) != NULL;
}

bool ims_pattern_add(struct ims_pattern *pattern, const char *key,
		     const char *value, char **error)
{
	const struct pattern_key *known = find_key(key);

	g_assert(known);
	*error = known->read(pattern, value);
	if (*error)
		return false;
	if (known->protocol == SIP)
		pattern->n_sip++;
	else
		pattern->n_diameter++;
	if (!pattern->n_sip || !pattern->n_diameter)
		return true;
	*error = g_strdup("is of the other protocol: a signature is of SIP or "
			  "of Diameter");
	return false;
}
