/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIP messages of a scenario: written out, or made from another one. */
#include <stdlib.h>
#include <string.h>

#include <ims/address.h>

#include "flow.h"

struct scn_sip {
	const char *start;
	GPtrArray *headers; /* "Name: value" */
	const char *body;   /* with CRLFs; NULL: none */
	bool bare;	    /* no Content-Length is added */
};

struct edit {
	struct scn *scn;
	struct scn_item *item;
	struct scn_sip *sip;
	const struct scn_line *line;
	const char *rest; /* of the line, behind the verb */
};

static int number_of(const char *text)
{
	return (int)strtol(text, NULL, 10);
}

static bool is_response(const struct scn_sip *sip)
{
	return g_str_has_prefix(sip->start, "SIP/2.0 ");
}

static size_t name_length(const char *header)
{
	return strcspn(header, ": \t");
}

static bool has_name(const char *header, const char *name)
{
	size_t len = name_length(name);
	return name_length(header) == len &&
	       !g_ascii_strncasecmp(header, name, len);
}

static gint find_header(const struct scn_sip *sip, const char *name)
{
	for (guint i = 0; i < sip->headers->len; i++)
		if (has_name(sip->headers->pdata[i], name))
			return (gint)i;
	return -1;
}

const char *scn_sip_header(const struct scn_sip *sip, const char *name)
{
	gint i = find_header(sip, name);
	if (i < 0)
		return NULL;
	const char *value = strchr(sip->headers->pdata[i], ':');
	return value ? value + 1 + strspn(value + 1, " ") : "";
}

static struct scn_sip *source_sip(const struct edit *e, const char *label,
				  struct scn_item **source)
{
	*source = scn_find(e->scn, e->item->scope, label, e->line);
	scn_build(e->scn, *source);
	if (!(*source)->sip)
		scn_fail(e->line, "%s is no SIP message", label);
	return (*source)->sip;
}

static void copy_from(const struct edit *e, const struct scn_sip *from)
{
	e->sip->start = from->start;
	e->sip->body = from->body;
	e->sip->bare = from->bare;
	for (guint i = 0; i < from->headers->len; i++)
		g_ptr_array_add(e->sip->headers, from->headers->pdata[i]);
}

/* copy LABEL */
static void do_copy(const struct edit *e)
{
	struct scn_item *source;
	copy_from(e, source_sip(e, e->rest, &source));
}

/* RFC 3581 4: a bare rport is filled in, received is added. */
static void fill_rport(const struct edit *e, const struct scn_item *source)
{
	gint i = find_header(e->sip, "Via");
	const char *via = i < 0 ? "" : e->sip->headers->pdata[i];
	const char *rport = strstr(via, ";rport");
	if (!rport || rport[6] == '=')
		return;
	char ip[IMS_ENDPOINT_TEXT];
	e->sip->headers->pdata[i] = scn_printf(
		e->scn, "%.*s;rport=%u;received=%s%s", (int)(rport - via), via,
		source->event.source.port,
		ims_address_format(ip, &source->event.source.address),
		rport + 6);
}

static void push(const struct edit *e, const char *header)
{
	gint i = find_header(e->sip, header);
	g_ptr_array_insert(e->sip->headers, i < 0 ? 0 : i, (char *)header);
}

static void lower_max_forwards(const struct edit *e)
{
	gint i = find_header(e->sip, "Max-Forwards");
	const char *value = scn_sip_header(e->sip, "Max-Forwards");
	if (value)
		e->sip->headers->pdata[i] = scn_printf(
			e->scn, "Max-Forwards: %d", number_of(value) - 1);
}

static const char *transport_name(const struct scn_item *item)
{
	switch (item->event.transport) {
	case IMS_TRANSPORT_TCP:
		return "TCP";
	case IMS_TRANSPORT_SCTP:
		return "SCTP";
	default:
		return "UDP";
	}
}

/* A proxy's Via; the branch is its own for each transaction. */
static void push_via(const struct edit *e)
{
	char sent_by[IMS_ENDPOINT_TEXT];
	ims_endpoint_format(sent_by, &e->item->event.source);
	const char *branch = e->item->label;
	push(e, scn_printf(e->scn, "Via: SIP/2.0/%s %s;branch=z9hG4bK%08x.%u",
			   transport_name(e->item), sent_by, g_str_hash(branch),
			   e->item->index));
}

static void remove_first(const struct edit *e, const char *name)
{
	gint i = find_header(e->sip, name);
	if (i < 0)
		scn_fail(e->line, "it has no %s", name);
	g_ptr_array_remove_index(e->sip->headers, (guint)i);
}

/* forward LABEL: as a proxy does (RFC 3261 16.6, 16.7). */
static void do_forward(const struct edit *e)
{
	struct scn_item *source;
	copy_from(e, source_sip(e, e->rest, &source));
	if (is_response(e->sip)) {
		remove_first(e, "Via");
		return;
	}
	fill_rport(e, source);
	lower_max_forwards(e);
	push_via(e);
}

static bool is_copied_to_response(const char *header, int status)
{
	return has_name(header, "Via") || has_name(header, "From") ||
	       has_name(header, "To") || has_name(header, "Call-ID") ||
	       has_name(header, "CSeq") ||
	       (status > 100 && status < 300 &&
		has_name(header, "Record-Route"));
}

/* Every hop below one server sees its tag (RFC 3261 8.2.6.2). */
static void add_to_tag(const struct edit *e)
{
	gint i = find_header(e->sip, "To");
	const char *to = i < 0 ? NULL : e->sip->headers->pdata[i];
	const char *call_id = scn_sip_header(e->sip, "Call-ID");
	if (to && !strstr(to, ";tag="))
		e->sip->headers->pdata[i] =
			scn_printf(e->scn, "%s;tag=%08x", to,
				   g_str_hash(call_id ? call_id : "") ^
					   g_str_hash(e->item->from));
}

/* reply LABEL STATUS REASON (RFC 3261 8.2.6) */
static void do_reply(const struct edit *e)
{
	char **words = scn_words(e->scn, e->rest, 2);
	if (!words[0] || !words[1])
		scn_fail(e->line, "reply LABEL STATUS REASON");
	struct scn_item *source;
	struct scn_sip *request = source_sip(e, words[0], &source);
	int status = number_of(words[1]);
	e->sip->start = scn_printf(e->scn, "SIP/2.0 %s", words[1]);
	for (guint i = 0; i < request->headers->len; i++)
		if (is_copied_to_response(request->headers->pdata[i], status))
			g_ptr_array_add(e->sip->headers,
					request->headers->pdata[i]);
	fill_rport(e, source);
	if (status > 100)
		add_to_tag(e);
}

/* status CODE REASON: of a reply, with what its request gives it only. */
static void do_status(const struct edit *e)
{
	GPtrArray *headers = e->sip->headers;
	e->sip->start = scn_printf(e->scn, "SIP/2.0 %s", e->rest);
	e->sip->body = NULL;
	for (guint i = headers->len; i-- > 0;)
		if (!is_copied_to_response(headers->pdata[i],
					   number_of(e->rest)))
			g_ptr_array_remove_index(headers, i);
}

static void do_start(const struct edit *e)
{
	e->sip->start = e->rest;
}

static void do_add(const struct edit *e)
{
	g_ptr_array_add(e->sip->headers, (char *)e->rest);
}

static void do_push(const struct edit *e)
{
	push(e, e->rest);
}

static void do_pop(const struct edit *e)
{
	remove_first(e, e->rest);
}

static void do_delete(const struct edit *e)
{
	remove_first(e, e->rest);
	while (find_header(e->sip, e->rest) >= 0)
		remove_first(e, e->rest);
}

/* set Name: value, in the place of the first one; the others go. */
static void do_set(const struct edit *e)
{
	gint first = find_header(e->sip, e->rest);
	while (find_header(e->sip, e->rest) >= 0)
		remove_first(e, e->rest);
	g_ptr_array_insert(e->sip->headers, first, (char *)e->rest);
}

static unsigned replace_all(struct scn *scn, const char **text, const char *old,
			    const char *new)
{
	char **parts = g_strsplit(*text, old, -1);
	unsigned n = g_strv_length(parts);
	if (n > 1)
		*text = scn_keep(scn, g_strjoinv(new, parts));
	g_strfreev(parts);
	return n > 1 ? n - 1 : 0;
}

/* change OLD => NEW: in the whole message, wherever it stands. */
static void do_change(const struct edit *e)
{
	char **sides = g_strsplit(e->rest, " =>", 2);
	if (!sides[0] || !*sides[0] || !sides[1])
		scn_fail(e->line, "change OLD => NEW");
	const char *old = sides[0];
	const char *new = sides[1] + (sides[1][0] == ' ');
	unsigned n = replace_all(e->scn, &e->sip->start, old, new);
	for (guint i = 0; i < e->sip->headers->len; i++) {
		const char *header = e->sip->headers->pdata[i];
		n += replace_all(e->scn, &header, old, new);
		e->sip->headers->pdata[i] = (char *)header;
	}
	if (e->sip->body)
		n += replace_all(e->scn, &e->sip->body, old, new);
	if (!n)
		scn_fail(e->line, "it does not hold \"%s\"", old);
	g_strfreev(sides);
}

static const char *with_crlf(struct scn *scn, const char *text)
{
	const char *out = text;
	replace_all(scn, &out, "\n", "\r\n");
	return scn_printf(scn, "%s\r\n", out);
}

/* body TEXT; a variable may hold several lines. */
static void do_body(const struct edit *e)
{
	e->sip->body = *e->rest ? with_crlf(e->scn, e->rest) : NULL;
}

static void do_bare(const struct edit *e)
{
	e->sip->bare = true;
}

static const struct {
	const char *verb;
	void (*run)(const struct edit *e);
} verbs[] = {
	{"copy", do_copy},     {"forward", do_forward}, {"reply", do_reply},
	{"start", do_start},   {"status", do_status},	{"set", do_set},
	{"add", do_add},       {"push", do_push},	{"pop", do_pop},
	{"delete", do_delete}, {"change", do_change},	{"body", do_body},
	{"bare", do_bare},
};

/* A verb that stands alone in the line, or before a blank. */
static bool is_verb(const char *text, const char *verb)
{
	size_t len = strlen(verb);
	return !strncmp(text, verb, len) && (!text[len] || text[len] == ' ');
}

static bool run_edit(struct scn *scn, struct scn_item *item,
		     const struct scn_line *line)
{
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
		if (!is_verb(line->text, verbs[i].verb))
			continue;
		const char *rest = line->text + strlen(verbs[i].verb);
		struct scn_line filled = *line;
		filled.text = rest + strspn(rest, " ");
		struct edit e = {scn, item, item->sip, line,
				 scn_expand(scn, item->scope, &filled)};
		verbs[i].run(&e);
		return true;
	}
	return false;
}

/* The rest of a block is the body, as it stands. */
static const char *read_body(struct scn *scn, const struct scn_item *item,
			     guint first)
{
	GString *text = g_string_new(NULL);
	for (guint i = first; i < item->block->len; i++) {
		const char *line =
			scn_expand(scn, item->scope, item->block->pdata[i]);
		g_string_append(text, with_crlf(scn, line));
	}
	return scn_keep(scn, g_string_free(text, FALSE));
}

/* A message written out: start line, header, empty line, body. */
static void read_message(struct scn *scn, struct scn_item *item)
{
	GPtrArray *headers = item->sip->headers;
	for (guint i = 0; i < item->block->len; i++) {
		const struct scn_line *line = item->block->pdata[i];
		const char *text = scn_expand(scn, item->scope, line);
		if (!*text) {
			item->sip->body = read_body(scn, item, i + 1);
			return;
		}
		if (i == 0)
			item->sip->start = text;
		else if (g_ascii_isspace(*text) && headers->len)
			headers->pdata[headers->len - 1] = scn_printf(
				scn, "%s\r\n%s",
				(char *)headers->pdata[headers->len - 1], text);
		else
			g_ptr_array_add(headers, (char *)text);
	}
}

static void append(GByteArray *bytes, const char *text)
{
	g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
}

static void write_message(struct scn_item *item)
{
	const struct scn_sip *sip = item->sip;
	GByteArray *out = g_byte_array_new();
	append(out, sip->start);
	append(out, "\r\n");
	for (guint i = 0; i < sip->headers->len; i++) {
		append(out, sip->headers->pdata[i]);
		append(out, "\r\n");
	}
	if (!sip->bare && find_header(sip, "Content-Length") < 0 &&
	    find_header(sip, "l") < 0) {
		char length[32];
		g_snprintf(length, sizeof(length), "Content-Length: %zu\r\n",
			   sip->body ? strlen(sip->body) : 0);
		append(out, length);
	}
	append(out, "\r\n");
	if (sip->body)
		append(out, sip->body);
	item->bytes = out;
}

void scn_build_sip(struct scn *scn, struct scn_item *item)
{
	if (!item->block->len)
		scn_fail(&item->head, "a message without text");
	item->sip = scn_new(scn, sizeof(*item->sip));
	item->sip->headers = scn_list(scn);
	const struct scn_line *first = item->block->pdata[0];
	if (g_ascii_islower(first->text[0])) {
		for (guint i = 0; i < item->block->len; i++) {
			const struct scn_line *line = item->block->pdata[i];
			if (!run_edit(scn, item, line))
				scn_fail(line, "what is this: %s", line->text);
		}
	} else {
		read_message(scn, item);
	}
	GPtrArray *later = g_ptr_array_new();
	for (guint i = 0; i < item->edits->len; i++)
		if (!run_edit(scn, item, item->edits->pdata[i]))
			g_ptr_array_add(later, item->edits->pdata[i]);
	write_message(item);
	for (guint i = 0; i < later->len; i++)
		if (!scn_edit_bytes(scn, item, later->pdata[i]))
			scn_fail(later->pdata[i], "what is this: %s",
				 ((struct scn_line *)later->pdata[i])->text);
	g_ptr_array_free(later, TRUE);
}
