/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings made up for signatures: their messages in a few words. */
#ifndef CASES_H
#define CASES_H

#include "unit.h"

#include <glib.h>
#include <string.h>

#include "diameter_facts.h"
#include "signature_match.h"
#include "sip_facts.h"

#define CASE_MAX     4
#define CASE_HEADERS 3 /* of one message */

/* The messages of one finding, and what they are made of. */
struct made {
	struct ims_facts facts[CASE_MAX];
	struct ims_sip_facts sip[CASE_MAX];
	struct ims_sip_header headers[CASE_MAX][CASE_HEADERS];
	struct ims_diameter_facts diameter[CASE_MAX];
	struct ims_slice impu[CASE_MAX];
	struct ims_auth_item item[CASE_MAX];
	const struct ims_facts *messages[CASE_MAX];
	size_t n;
	const char *product;  /* Product-Name of who sends, or NULL */
	const char *receiver; /* and of whom it is sent to */
	char **words;
};

static inline struct ims_slice made_product(void *user,
					    const struct ims_facts *message,
					    const struct ims_endpoint *end)
{
	const struct made *made = user;

	return ims_slice_of(end == &message->source ? made->product
						    : made->receiver);
}

/* "REGISTER 403 Forbidden|Server: x|Name: value" or "INVITE|Name: value". */
static inline void made_sip(struct made *made, const char *text)
{
	char **parts = g_strsplit(text, "|", -1);
	char **words = g_strsplit(parts[0], " ", 3);
	struct ims_sip_facts *sip = &made->sip[made->n];

	sip->method_text = ims_slice_of(g_intern_string(words[0]));
	sip->method = ims_sip_method_find(sip->method_text);
	sip->is_request = !words[1];
	if (words[1]) {
		sip->status = (uint16_t)g_ascii_strtoull(words[1], NULL, 10);
		sip->reason_phrase = ims_slice_of(g_intern_string(words[2]));
	}
	for (size_t i = 1; parts[i]; i++) {
		const char *line = g_intern_string(parts[i]);
		const char *colon = strstr(line, ": ");
		struct ims_sip_header *header = &made->headers[made->n][i - 1];

		assert_non_null(colon);
		assert_true(i <= CASE_HEADERS);
		header->at = line;
		header->name_len = (uint32_t)(colon - line);
		header->value_place = header->name_len + 2;
		header->value_len = (uint32_t)strlen(colon + 2);
		if (ims_slice_is(ims_sip_header_written(header), "Server"))
			sip->server = ims_sip_header_value(header);
		sip->headers = made->headers[made->n];
		sip->n_headers = i;
	}
	made->facts[made->n].kind = IMS_EVENT_SIP;
	made->facts[made->n].sip = sip;
	g_strfreev(words);
	g_strfreev(parts);
}

static inline enum ims_command made_command(const char *name, bool *request)
{
	for (int c = IMS_COMMAND_CE; c <= IMS_COMMAND_RA; c++) {
		for (int r = 0; r <= 1; r++) {
			*request = r;
			if (strcmp(name, ims_command_name((enum ims_command)c,
							  r)) == 0)
				return (enum ims_command)c;
		}
	}
	fail_msg("no command %s", name);
	return IMS_COMMAND_OTHER;
}

static inline void made_value(struct made *made, struct ims_diameter_facts *d,
			      const char *key, const char *value)
{
	uint32_t number = (uint32_t)g_ascii_strtoull(value, NULL, 10);

	if (strcmp(key, "rc") == 0) {
		d->has_result_code = true;
		d->result_code = number;
		if (d->has_experimental_result)
			return;
		d->result.container = IMS_RESULT_CODE;
		d->result.code = number;
	} else if (strcmp(key, "exp") == 0) {
		d->has_experimental_result = true;
		d->result.container = IMS_RESULT_EXPERIMENTAL;
		d->result.vendor = IMS_DIAMETER_VENDOR_3GPP;
		d->result.code = number;
	} else if (strcmp(key, "vendor") == 0) {
		d->result.vendor = number;
	} else if (strcmp(key, "app") == 0) {
		d->application_id = number;
	} else if (strcmp(key, "end") == 0) {
		d->end_to_end = number;
	} else if (strcmp(key, "e") == 0) {
		d->is_error = true;
	} else if (strcmp(key, "impi") == 0) {
		d->user_name = ims_slice_of(value);
	} else if (strcmp(key, "impu") == 0) {
		made->impu[made->n] = ims_slice_of(value);
		d->public_identities.at = &made->impu[made->n];
		d->public_identities.n = 1;
	} else if (strcmp(key, "vn") == 0) {
		d->visited_network = ims_slice_of(value);
	} else if (strcmp(key, "sn") == 0) {
		d->server_name = ims_slice_of(value);
	} else if (strcmp(key, "auts") == 0) {
		made->item[made->n].authorization = ims_slice_of(value);
		d->auth_items = &made->item[made->n];
		d->n_auth_items = 1;
	} else if (strcmp(key, "says") == 0) {
		d->error_message = ims_slice_of(value);
	} else if (strcmp(key, "product") == 0) {
		made->product = value;
	} else if (strcmp(key, "to") == 0) {
		made->receiver = value;
	} else {
		fail_msg("no key %s", key);
	}
}

/* "UAA exp=5001|says=some words". */
static inline void made_diameter(struct made *made, const char *text)
{
	struct ims_diameter_facts *d = &made->diameter[made->n];
	char **words = g_strsplit_set(text, " |", -1);
	char **says = g_strsplit(text, "|says=", 2);

	d->command = made_command(words[0], &d->is_request);
	d->command_code = 300 + (uint32_t)d->command;
	d->application_id = IMS_DIAMETER_APPLICATION_CX;
	for (size_t i = 1; words[i]; i++) {
		char *equals = strchr(words[i], '=');

		if (g_str_has_prefix(words[i], "says="))
			break;
		assert_non_null(equals);
		*equals = '\0';
		made_value(made, d, words[i], g_intern_string(equals + 1));
	}
	if (says[1])
		made_value(made, d, "says", g_intern_string(says[1]));
	made->facts[made->n].kind = IMS_EVENT_DIAMETER;
	made->facts[made->n].diameter = d;
	g_strfreev(says);
	g_strfreev(words);
}

/* Messages with " // " between them: SIP begins with a method. */
static inline void made_init(struct made *made, const char *text)
{
	*made = (struct made){.words = g_strsplit(text, " // ", -1)};
	for (; made->words[made->n]; made->n++) {
		const char *word = made->words[made->n];
		size_t len = strcspn(word, " |");

		assert_true(made->n < CASE_MAX);
		if (ims_sip_method_find(ims_slice(word, len)))
			made_sip(made, word);
		else
			made_diameter(made, word);
		made->messages[made->n] = &made->facts[made->n];
	}
}

static inline void made_clear(struct made *made)
{
	g_strfreev(made->words);
}

/* The name of the signature that a finding of that rule meets; NULL: none. */
static inline const char *met(const struct ims_signatures *signatures,
			      const char *slug, bool is_failure,
			      const char *messages)
{
	const struct ims_signature *found;
	struct made made;
	struct ims_signature_case about = {
		.rule = ims_rule_find(slug),
		.is_failure = is_failure,
		.product_of = made_product,
		.user = &made,
	};

	assert_non_null(about.rule);
	made_init(&made, messages);
	about.messages = made.messages;
	about.n_messages = made.n;
	found = ims_signatures_find(signatures, &about);
	made_clear(&made);
	return found ? found->name : NULL;
}

#endif
