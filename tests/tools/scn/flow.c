/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements: what declares, includes, and edits the flow of a scenario. */
#include <stdlib.h>
#include <string.h>

#include <ims/address.h>

#include "flow.h"

struct statement {
	struct scn *scn;
	const char *scope;
	const struct scn_line *head;
	char **words; /* words[0] is the verb */
	GPtrArray *block;
};

static const char *scoped_name(struct scn *scn, const char *scope,
			       const char *name)
{
	return *scope ? scn_printf(scn, "%s.%s", scope, name) : name;
}

static gint find_index(struct scn *scn, const char *label)
{
	for (guint i = 0; i < scn->items->len; i++) {
		struct scn_item *item = scn->items->pdata[i];
		if (*label && !strcmp(item->label, label))
			return (gint)i;
	}
	return -1;
}

static guint index_of(struct scn *scn, const char *scope, const char *label,
		      const struct scn_line *line)
{
	gint i = find_index(scn, scoped_name(scn, scope, label));
	if (i < 0)
		i = find_index(scn, label);
	if (i < 0)
		scn_fail(line, "no message is labelled %s", label);
	return (guint)i;
}

struct scn_item *scn_find(struct scn *scn, const char *scope, const char *label,
			  const struct scn_line *line)
{
	return scn->items->pdata[index_of(scn, scope, label, line)];
}

static const char *word(const struct statement *s, size_t i, const char *what)
{
	for (size_t k = 0; k <= i; k++)
		if (!s->words[k])
			scn_fail(s->head, "%s: %s is missing", s->words[0],
				 what);
	return s->words[i];
}

/* let NAME = TEXT, or the lines of the block; filled in where it is used. */
static void run_let(const struct statement *s)
{
	const char *name = word(s, 1, "a name");
	if (!s->words[2] || strcmp(s->words[2], "=") != 0)
		scn_fail(s->head, "let NAME = TEXT");
	const char *equals = strchr(s->head->text, '=') + 1;
	GString *text = g_string_new(equals + strspn(equals, " "));
	for (guint i = 0; i < s->block->len; i++) {
		struct scn_line *line = s->block->pdata[i];
		if (text->len)
			g_string_append_c(text, '\n');
		g_string_append(text, line->text);
	}
	g_hash_table_insert(s->scn->variables,
			    (char *)scoped_name(s->scn, s->scope, name),
			    scn_keep(s->scn, g_string_free(text, FALSE)));
}

static bool parse_endpoint(struct ims_endpoint *out, const char *text)
{
	const char *colon = strrchr(text, ':');
	bool bare_ipv6 = colon && strchr(text, ':') != colon && text[0] != '[';
	size_t len = colon && !bare_ipv6 && !g_str_has_suffix(text, "]")
			     ? (size_t)(colon - text)
			     : strlen(text);
	if (!ims_address_parse(&out->address, ims_slice(text, len)))
		return false;
	out->port =
		text[len] ? (uint16_t)strtoul(text + len + 1, NULL, 10) : 5060;
	return true;
}

/* node NAME ADDRESS[:PORT] [cx=PORT] [host=NAME] */
static void run_node(const struct statement *s)
{
	const char *name = word(s, 1, "a name");
	struct scn_node *node = scn_new(s->scn, sizeof(*node));
	struct scn_line address = *s->head;
	address.text = word(s, 2, "an address");
	const char *text = scn_expand(s->scn, s->scope, &address);
	if (!parse_endpoint(&node->endpoint, text))
		scn_fail(s->head, "%s is no address", text);
	node->diameter_port = node->endpoint.port;
	node->host = scn_printf(s->scn, "%s.${domain}", name);
	for (size_t i = 3; s->words[i]; i++) {
		if (g_str_has_prefix(s->words[i], "cx="))
			node->diameter_port =
				(guint16)scn_number(s->head, s->words[i] + 3);
		else if (g_str_has_prefix(s->words[i], "host="))
			node->host = s->words[i] + 5;
		else
			scn_fail(s->head, "node: what is %s?", s->words[i]);
	}
	g_hash_table_insert(s->scn->nodes,
			    (char *)scoped_name(s->scn, s->scope, name), node);
}

/* use NAME [as SCOPE] [+SECONDS] */
static void run_use(const struct statement *s)
{
	struct scn *scn = s->scn;
	const char *name = word(s, 1, "a name");
	const char *scope = s->scope;
	gint64 later_ns = 0;
	for (size_t i = 2; s->words[i]; i++) {
		if (!strcmp(s->words[i], "as"))
			scope = scoped_name(scn, s->scope,
					    word(s, ++i, "a scope"));
		else
			later_ns = scn_seconds(s->head, s->words[i]);
	}
	char *file = scn_printf(scn, "%s/%s.scn", scn->library, name);
	guint first = scn->cursor;
	scn_read_file(scn, file, scope);
	if (first < scn->items->len) {
		struct scn_item *item = scn->items->pdata[first];
		item->delta_ns += later_ns;
	}
}

typedef void item_fn(struct scn_item *item, const struct statement *s);

/* Labels with * and ?, and the ranges `a .. b`, `a ..` and `.. b`. */
static void each(const struct statement *s, char **words, item_fn *fn)
{
	GPtrArray *items = s->scn->items;
	if (!words[0])
		scn_fail(s->head, "%s: which?", s->words[0]);
	for (size_t w = 0; words[w]; w++) {
		bool range = words[w + 1] && !strcmp(words[w + 1], "..");
		bool head = !strcmp(words[w], "..");
		unsigned n = 0;
		if (range || head) {
			guint from = head ? 0
					  : index_of(s->scn, s->scope, words[w],
						     s->head);
			w += head ? 1 : 2;
			guint to = words[w] ? index_of(s->scn, s->scope,
						       words[w], s->head)
					    : items->len - 1;
			for (guint i = from; i <= to; i++, n++)
				fn(items->pdata[i], s);
			if (!words[w])
				return;
			continue;
		}
		const char *full = scoped_name(s->scn, s->scope, words[w]);
		for (guint i = 0; i < items->len; i++) {
			struct scn_item *item = items->pdata[i];
			if (*item->label &&
			    (g_pattern_match_simple(full, item->label))) {
				fn(item, s);
				n++;
			}
		}
		if (!n)
			scn_fail(s->head, "no message is labelled %s",
				 words[w]);
	}
}

static void drop_item(struct scn_item *item, const struct statement *s)
{
	(void)s;
	item->dropped = true;
}

/* "ue:32768" is the node ue, at another port. */
static bool is_node(const char *written, const char *name)
{
	size_t len = strlen(name);
	return !strncmp(written, name, len) &&
	       (!written[len] || written[len] == ':');
}

static bool is_between(const struct scn_item *item, const char *a,
		       const char *b)
{
	return item->from &&
	       ((is_node(item->from, a) && is_node(item->to, b)) ||
		(is_node(item->from, b) && is_node(item->to, a)));
}

/* drop LABEL..., or drop leg NODE NODE: not in the capture. */
static void run_drop(const struct statement *s)
{
	if (!s->words[1] || strcmp(s->words[1], "leg") != 0) {
		each(s, s->words + 1, drop_item);
		return;
	}
	const char *a = word(s, 2, "a node");
	const char *b = word(s, 3, "a node");
	for (guint i = 0; i < s->scn->items->len; i++) {
		struct scn_item *item = s->scn->items->pdata[i];
		item->dropped |= is_between(item, a, b);
	}
}

/* keep leg NODE NODE [leg NODE NODE...]: all else is not in the capture. */
static void run_keep(const struct statement *s)
{
	for (guint i = 0; i < s->scn->items->len; i++) {
		struct scn_item *item = s->scn->items->pdata[i];
		bool kept = false;
		for (size_t w = 1; s->words[w]; w += 3) {
			if (strcmp(s->words[w], "leg") != 0)
				scn_fail(s->head, "keep leg NODE NODE");
			kept |= is_between(item, word(s, w + 1, "a node"),
					   word(s, w + 2, "a node"));
		}
		item->dropped |= !kept;
	}
}

/* The rest of the line behind the first n words, and the block. */
static void add_edits(struct scn_item *item, const struct statement *s)
{
	char **rest = scn_words(s->scn, s->head->text, 3);
	if (rest[1] && rest[2]) {
		struct scn_line *line = scn_new(s->scn, sizeof(*line));
		*line = *s->head;
		line->text = rest[2];
		g_ptr_array_add(item->edits, line);
	}
	for (guint i = 0; i < s->block->len; i++)
		g_ptr_array_add(item->edits, s->block->pdata[i]);
}

/* edit LABEL[,LABEL...] OPERATION, or the operations in the block. */
static void run_edit(const struct statement *s)
{
	char **labels = g_strsplit(word(s, 1, "a label"), ",", -1);
	if (!s->words[2] && !s->block->len)
		scn_fail(s->head, "edit: what?");
	each(s, labels, add_edits);
	g_strfreev(labels);
}

static void run_delay(const struct statement *s)
{
	struct scn_item *item =
		scn_find(s->scn, s->scope, word(s, 1, "a label"), s->head);
	item->delta_ns = scn_seconds(s->head, word(s, 2, "seconds"));
}

/* route LABEL FROM > TO HOW: other endpoints, or another transport. */
static void run_route(const struct statement *s)
{
	struct scn_item *item =
		scn_find(s->scn, s->scope, word(s, 1, "a label"), s->head);
	if (g_strv_length(s->words) < 6 || strcmp(s->words[3], ">") != 0)
		scn_fail(s->head, "route LABEL FROM > TO HOW");
	item->from = s->words[2];
	item->to = s->words[4];
	item->how = s->words + 5;
}

static void add_offsets(const struct statement *s, GArray *offsets)
{
	word(s, 2, "seconds");
	for (size_t i = 2; s->words[i]; i++) {
		gint64 ns = scn_seconds(s->head, s->words[i]);
		g_array_append_val(offsets, ns);
	}
}

/* repeat LABEL SECONDS...: sent again, that long after it was. */
static void run_repeat(const struct statement *s)
{
	add_offsets(s,
		    scn_find(s->scn, s->scope, word(s, 1, "a label"), s->head)
			    ->repeats);
}

/* duplicate LABEL SECONDS...: the same packet, seen again by the capture. */
static void run_duplicate(const struct statement *s)
{
	add_offsets(s,
		    scn_find(s->scn, s->scope, word(s, 1, "a label"), s->head)
			    ->duplicates);
}

/* after LABEL, before LABEL, or `after all`: where what follows goes. */
static void run_after(const struct statement *s)
{
	const char *label = word(s, 1, "a label");
	if (!strcmp(label, "all"))
		s->scn->cursor = s->scn->items->len;
	else
		s->scn->cursor = index_of(s->scn, s->scope, label, s->head) + 1;
}

static void run_before(const struct statement *s)
{
	s->scn->cursor =
		index_of(s->scn, s->scope, word(s, 1, "a label"), s->head);
}

static void run_generated(const struct statement *s, const char *text,
			  const char *block)
{
	struct scn *scn = s->scn;
	struct scn_line *head = scn_new(scn, sizeof(*head));
	*head = *s->head;
	head->text = text;
	GPtrArray *lines = scn_list(scn);
	char **texts = g_strsplit(block, "\n", -1);
	for (size_t i = 0; texts[i]; i++) {
		struct scn_line *line = scn_new(scn, sizeof(*line));
		*line = *s->head;
		line->text = scn_keep(scn, g_strdup(texts[i]));
		g_ptr_array_add(lines, line);
	}
	g_strfreev(texts);
	scn_statement(scn, s->scope, head, lines);
}

static struct scn_item *new_item(const struct statement *s, const char *label,
				 const char *time)
{
	struct scn *scn = s->scn;
	struct scn_item *item = scn_new(scn, sizeof(*item));
	item->head = *s->head;
	item->scope = s->scope;
	item->label = *label ? scoped_name(scn, s->scope, label) : label;
	if (find_index(scn, item->label) >= 0)
		scn_fail(s->head, "two messages are labelled %s", label);
	item->index = scn->n_items++;
	item->absolute = time[0] == '@';
	item->delta_ns = scn_seconds(s->head, time + 1);
	item->block = s->block;
	item->edits = scn_list(scn);
	item->repeats = g_array_new(FALSE, FALSE, sizeof(gint64));
	item->duplicates = g_array_new(FALSE, FALSE, sizeof(gint64));
	item->cut = -1;
	g_ptr_array_insert(scn->items, (gint)scn->cursor++, item);
	return item;
}

/* end +SECONDS: the capture goes on until then, with nothing to be read. */
static void run_end(const struct statement *s)
{
	const char *time = word(s, 1, "+SECONDS");
	s->scn->cursor = s->scn->items->len;
	new_item(s, "", time)->idle = true;
}

static void run_expect(const struct statement *s)
{
	struct scn_line line = *s->head;
	line.text = scn_expand(s->scn, s->scope, s->head);
	g_array_append_val(s->scn->expectations, line);
}

static const struct {
	const char *verb;
	void (*run)(const struct statement *s);
} verbs[] = {
	{"let", run_let},      {"node", run_node},
	{"use", run_use},      {"drop", run_drop},
	{"keep", run_keep},    {"edit", run_edit},
	{"delay", run_delay},  {"repeat", run_repeat},
	{"after", run_after},  {"before", run_before},
	{"end", run_end},      {"duplicate", run_duplicate},
	{"route", run_route},  {"expect", run_expect},
	{"allow", run_expect},
};

static bool is_time(const char *word)
{
	return word && (word[0] == '+' || word[0] == '@') &&
	       g_ascii_isdigit(word[1]);
}

/* a > b ping: OPTIONS, and 200 after a millisecond. */
static void run_ping(const struct statement *s, const char *label,
		     const char *time, const char *from, const char *to)
{
	struct scn *scn = s->scn;
	label = *label ? label : scn_printf(scn, "ping%u", scn->n_items);
	run_generated(
		s, scn_printf(scn, "%s: %s %s > %s udp", label, time, from, to),
		scn_printf(scn,
			   "OPTIONS sip:${%s} SIP/2.0\n"
			   "Via: SIP/2.0/UDP ${%s};branch=z9hG4bK%s%u\n"
			   "From: <sip:ping@${%s.ip}>;tag=%s%u\n"
			   "To: <sip:${%s}>\n"
			   "Call-ID: ping%u@${%s.ip}\n"
			   "CSeq: 1 OPTIONS\n"
			   "Max-Forwards: 0",
			   to, from, label, scn->n_items, from, label,
			   scn->n_items, to, scn->n_items, from));
	run_generated(
		s,
		scn_printf(scn, "%s.ok: +0.001 %s > %s udp", label, to, from),
		scn_printf(scn, "reply %s 200 OK", label));
}

/* a > b watchdog: DWR, and DWA after a millisecond. */
static void run_watchdog(const struct statement *s, const char *label,
			 const char *time, const char *from, const char *to)
{
	struct scn *scn = s->scn;
	label = *label ? label : scn_printf(scn, "watchdog%u", scn->n_items);
	run_generated(s,
		      scn_printf(scn, "%s: %s %s > %s base DWR", label, time,
				 from, to),
		      "Origin-State-Id = 1");
	run_generated(s,
		      scn_printf(scn, "%s.ok: +0.001 %s > %s base DWA", label,
				 to, from),
		      "Result-Code = 2001");
}

/* [LABEL:] TIME FROM > TO WORD..., or [LABEL:] TIME drops N */
static void run_event(const struct statement *s)
{
	char **words = s->words;
	const char *label = "";
	if (!is_time(words[0])) {
		label = scn_keep(s->scn,
				 g_strndup(words[0], strlen(words[0]) - 1));
		words++;
	}
	if (words[1] && !strcmp(words[1], "drops")) {
		new_item(s, label, words[0])->how = words + 1;
		return;
	}
	if (g_strv_length(words) < 5 || strcmp(words[2], ">") != 0)
		scn_fail(s->head, "[LABEL:] +TIME FROM > TO HOW");
	if (!strcmp(words[4], "ping")) {
		run_ping(s, label, words[0], words[1], words[3]);
	} else if (!strcmp(words[4], "watchdog")) {
		run_watchdog(s, label, words[0], words[1], words[3]);
	} else {
		struct scn_item *item = new_item(s, label, words[0]);
		item->from = words[1];
		item->to = words[3];
		item->how = words + 4;
	}
}

void scn_statement(struct scn *scn, const char *scope,
		   const struct scn_line *head, GPtrArray *block)
{
	struct statement s = {scn, scope, head, NULL, block};
	s.words = scn_words(scn, head->text, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
		if (!strcmp(s.words[0], verbs[i].verb)) {
			verbs[i].run(&s);
			return;
		}
	}
	bool labelled =
		g_str_has_suffix(s.words[0], ":") && is_time(s.words[1]);
	if (!labelled && !is_time(s.words[0]))
		scn_fail(head, "not a statement: %s", s.words[0]);
	run_event(&s);
}
