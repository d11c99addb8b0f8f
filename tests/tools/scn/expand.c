/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "${...}": variables, nodes, and the functions of authentication. */
#include <string.h>

#include <ims/address.h>

#include "flow.h"

#define MAX_DEPTH 16

struct place {
	struct scn *scn;
	const char *scope;
	const struct scn_line *line;
	unsigned depth;
};

static const char *expand(const struct place *place, const char *text);

/* "bob.reg1" is known in scope "bob" as "reg1"; what is global, everywhere. */
static void *scoped(GHashTable *table, const char *scope, const char *name)
{
	char *full = g_strdup_printf("%s.%s", scope, name);
	void *found = g_hash_table_lookup(table, full);
	g_free(full);
	return found ? found : g_hash_table_lookup(table, name);
}

const struct scn_node *scn_node(struct scn *scn, const char *scope,
				const char *name)
{
	return scoped(scn->nodes, scope, name);
}

/* ${icscf}, ${icscf.ip}, ${icscf.port}, ${icscf.host}. */
static const char *node_text(const struct place *place, const char *name)
{
	struct scn *scn = place->scn;
	const char *dot = strrchr(name, '.');
	const char *what = dot ? dot + 1 : "";
	char out[IMS_ENDPOINT_TEXT];
	const struct scn_node *node = scn_node(scn, place->scope, name);
	if (node)
		return scn_printf(scn, "%s",
				  ims_endpoint_format(out, &node->endpoint));
	if (!dot)
		return NULL;
	char *base = scn_keep(scn, g_strndup(name, (gsize)(dot - name)));
	node = scn_node(scn, place->scope, base);
	if (!node)
		return NULL;
	if (!strcmp(what, "port"))
		return scn_printf(scn, "%u", node->endpoint.port);
	if (!strcmp(what, "host"))
		return expand(place, node->host);
	if (!strcmp(what, "ip"))
		return scn_printf(
			scn, "%s",
			ims_address_format(out, &node->endpoint.address));
	return NULL;
}

static const char *variable(const struct place *place, const char *name)
{
	const char *text = scoped(place->scn->variables, place->scope, name);
	return text ? expand(place, text) : node_text(place, name);
}

const char *scn_variable(struct scn *scn, const char *scope, const char *name,
			 const struct scn_line *line)
{
	struct place place = {scn, scope, line, 0};
	return variable(&place, name);
}

/* NAME=VALUE among the words, else the variable of that name, else "". */
static const char *argument(const struct place *place, char **words,
			    const char *name)
{
	size_t len = strlen(name);
	for (size_t i = 0; words[i]; i++)
		if (g_str_has_prefix(words[i], name) && words[i][len] == '=')
			return words[i] + len + 1;
	const char *text = variable(place, name);
	return text ? text : "";
}

static const char *md5(struct scn *scn, const void *bytes, size_t n)
{
	return scn_keep(scn,
			g_compute_checksum_for_data(G_CHECKSUM_MD5, bytes, n));
}

/* H(user:realm:password); a password "hex:..." is bytes (RFC 3310 3.3). */
static const char *ha1(const struct place *place, char **words)
{
	const char *given = argument(place, words, "ha1");
	if (*given)
		return given;
	const char *password = argument(place, words, "password");
	GString *text = g_string_new(NULL);
	g_string_printf(text, "%s:%s:", argument(place, words, "impi"),
			argument(place, words, "realm"));
	if (g_str_has_prefix(password, "hex:")) {
		GByteArray *bytes = scn_hex(place->line, password + 4);
		g_string_append_len(text, (const char *)bytes->data,
				    bytes->len);
		g_byte_array_unref(bytes);
	} else {
		g_string_append(text, password);
	}
	const char *sum = md5(place->scn, text->str, text->len);
	g_string_free(text, TRUE);
	return sum;
}

static const char *ha2(const struct place *place, char **words)
{
	struct scn *scn = place->scn;
	const char *method = argument(place, words, "method");
	const char *text =
		scn_printf(scn, "%s:%s", *method ? method : "REGISTER",
			   argument(place, words, "uri"));
	if (!strcmp(argument(place, words, "qop"), "auth-int")) {
		const char *body = argument(place, words, "body");
		text = scn_printf(scn, "%s:%s", text,
				  md5(scn, body, strlen(body)));
	}
	return md5(scn, text, strlen(text));
}

/* The response of RFC 2617 3.2.2.1, without qop or with it. */
static const char *digest(const struct place *place, char **words)
{
	struct scn *scn = place->scn;
	const char *qop = argument(place, words, "qop");
	const char *nonce = argument(place, words, "nonce");
	const char *middle =
		!*qop ? nonce
		      : scn_printf(scn, "%s:%s:%s:%s", nonce,
				   argument(place, words, "nc"),
				   argument(place, words, "cnonce"), qop);
	const char *text = scn_printf(scn, "%s:%s:%s", ha1(place, words),
				      middle, ha2(place, words));
	return md5(scn, text, strlen(text));
}

static const char *base64(const struct place *place, char **words)
{
	GByteArray *bytes = scn_hex(place->line, words[1] ? words[1] : "");
	char *text = g_base64_encode(bytes->data, bytes->len);
	g_byte_array_unref(bytes);
	return scn_keep(place->scn, text);
}

/* ${header LABEL NAME}: the first header field of that name there. */
static const char *header(const struct place *place, char **words)
{
	if (!words[1] || !words[2])
		scn_fail(place->line, "${header LABEL NAME}");
	struct scn_item *item =
		scn_find(place->scn, place->scope, words[1], place->line);
	scn_build(place->scn, item);
	const char *value =
		item->sip ? scn_sip_header(item->sip, words[2]) : NULL;
	if (!value)
		scn_fail(place->line, "%s has no %s", words[1], words[2]);
	return value;
}

static const struct {
	const char *name;
	const char *(*of)(const struct place *place, char **words);
} functions[] = {
	{"digest", digest},
	{"ha1", ha1},
	{"base64", base64},
	{"header", header},
};

static const char *evaluate(const struct place *place, const char *inner)
{
	char **words = scn_words(place->scn, inner, 0);
	for (size_t i = 0; words[0] && i < G_N_ELEMENTS(functions); i++)
		if (!strcmp(words[0], functions[i].name))
			return functions[i].of(place, words);
	const char *text = variable(place, inner);
	if (!text)
		scn_fail(place->line, "nothing is called ${%s}", inner);
	return text;
}

/* The place of the brace that closes the one before `text`; or NULL. */
static const char *closing_brace(const char *text)
{
	unsigned depth = 1;
	for (; *text; text++) {
		if (text[0] == '$' && text[1] == '{')
			depth++;
		else if (*text == '}' && --depth == 0)
			return text;
	}
	return NULL;
}

static const char *expand(const struct place *place, const char *text)
{
	struct place inside = *place;
	if (inside.depth++ == MAX_DEPTH)
		scn_fail(place->line, "a variable that contains itself");
	const char *start = strstr(text, "${");
	if (!start)
		return text;
	GString *out = g_string_new(NULL);
	for (; start; start = strstr(text, "${")) {
		const char *end = closing_brace(start + 2);
		if (!end)
			scn_fail(place->line, "${ without }");
		char *inner = g_strndup(start + 2, (gsize)(end - start - 2));
		g_string_append_len(out, text, start - text);
		g_string_append(out, evaluate(&inside, expand(&inside, inner)));
		scn_keep(place->scn, inner);
		text = end + 1;
	}
	g_string_append(out, text);
	return scn_keep(place->scn, g_string_free(out, FALSE));
}

const char *scn_expand(struct scn *scn, const char *scope,
		       const struct scn_line *line)
{
	struct place place = {scn, scope, line, 0};
	return expand(&place, line->text);
}
