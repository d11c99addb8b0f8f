// SPDX-License-Identifier: GPL-2.0-or-later
/* Conditions on a Diameter message. */
#include <string.h>

#include "diameter_names.h"
#include "signature_conditions.h"

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
		return ims_condition_no_list();
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
	    !ims_condition_number(text + len + strspn(text + len, " "),
				  UINT32_MAX, &code))
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
		return ims_condition_no_list();
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

static char *read_truth(int *truth, const char *value)
{
	bool is_true = strcmp(value, "true") == 0;

	if (!is_true && strcmp(value, "false") != 0)
		return g_strdup_printf("'%s' is not true or false", value);
	*truth = is_true;
	return NULL;
}

static char *read_error_bit(struct ims_pattern *pattern, const char *value)
{
	return read_truth(&pattern->error_bit, value);
}

static char *read_answered(struct ims_pattern *pattern, const char *value)
{
	return read_truth(&pattern->answered, value);
}

static char *read_application(struct ims_pattern *pattern, const char *value)
{
	uint64_t number;

	if (!ims_condition_number(value, UINT32_MAX, &number))
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
		return ims_condition_no_list();
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
	return ims_condition_glob(&pattern->error_message, value);
}

static char *read_peer(struct ims_pattern *pattern, const char *value)
{
	return ims_condition_globs(&pattern->peers, value);
}

static char *read_receiver(struct ims_pattern *pattern, const char *value)
{
	return ims_condition_globs(&pattern->receivers, value);
}

static const struct ims_condition keys[] = {
	{"command", read_command},
	{"result", read_result},
	{"container", read_container},
	{"error-bit", read_error_bit},
	{"answer-application", read_application},
	{"request-has", read_request_has},
	{"request-lacks", read_request_lacks},
	{"error-message", read_error_message},
	{"peer", read_peer},
	{"receiver", read_receiver},
	{"answered", read_answered},
};

const struct ims_conditions ims_conditions_diameter = {keys,
						       G_N_ELEMENTS(keys)};
