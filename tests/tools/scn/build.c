/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From statements to events: endpoints, kinds, times, frame numbers. */
#include <stdlib.h>
#include <string.h>

#include <ims/address.h>

#include "flow.h"

#define START_NS (INT64_C(1767225600) * 1000000000) /* 2026-01-01T00:00:00Z */

gint64 scn_seconds(const struct scn_line *line, const char *text)
{
	char *end;
	double seconds = g_ascii_strtod(text, &end);
	if (end == text || *end || seconds < 0)
		scn_fail(line, "%s is no number of seconds", text);
	return (gint64)(seconds * 1e9 + 0.5);
}

guint64 scn_number(const struct scn_line *line, const char *text)
{
	char *end;
	bool hex = g_str_has_prefix(text, "0x");
	guint64 value = g_ascii_strtoull(text, &end, hex ? 16 : 10);
	if (!g_ascii_isxdigit(text[0]) || *end)
		scn_fail(line, "%s is no number", text);
	return value;
}

GByteArray *scn_hex(const struct scn_line *line, const char *text)
{
	GByteArray *bytes = g_byte_array_new();
	for (; *text; text++) {
		if (*text == ' ')
			continue;
		if (!g_ascii_isxdigit(text[0]) || !g_ascii_isxdigit(text[1]))
			scn_fail(line, "no pair of hexadecimal digits: %s",
				 text);
		guint8 byte = (guint8)(g_ascii_xdigit_value(text[0]) << 4 |
				       g_ascii_xdigit_value(text[1]));
		g_byte_array_append(bytes, &byte, 1);
		text++;
	}
	return bytes;
}

/* patch OFFSET HEX: other bytes from there on. */
static void patch(struct scn_item *item, const struct scn_line *line,
		  char **words)
{
	if (!words[1] || !words[2])
		scn_fail(line, "patch OFFSET HEX");
	guint64 offset = scn_number(line, words[1]);
	GByteArray *bytes = scn_hex(line, words[2]);
	if (offset + bytes->len > item->bytes->len)
		scn_fail(line, "the message has %u bytes", item->bytes->len);
	memcpy(item->bytes->data + offset, bytes->data, bytes->len);
	g_byte_array_unref(bytes);
}

bool scn_edit_bytes(struct scn *scn, struct scn_item *item,
		    const struct scn_line *line)
{
	char **words = scn_words(scn, line->text, 3);
	if (words[0] && !strcmp(words[0], "patch")) {
		patch(item, line, words);
		return true;
	}
	if (!words[0] || strcmp(words[0], "cut") != 0)
		return false;
	if (!words[1])
		scn_fail(line, "cut BYTES: how many are left");
	item->cut = (gssize)scn_number(line, words[1]);
	return true;
}

/* NODE, NODE:PORT, or a literal ADDRESS:PORT. */
static struct ims_endpoint endpoint(struct scn *scn,
				    const struct scn_item *item,
				    const char *written, bool diameter)
{
	struct scn_line line = item->head;
	line.text = written;
	written = scn_expand(scn, item->scope, &line);
	const char *colon = strrchr(written, ':');
	const struct scn_node *node = scn_node(scn, item->scope, written);
	guint64 port = 0;
	if (!node && colon) {
		char *name = g_strndup(written, (gsize)(colon - written));
		node = scn_node(scn, item->scope, name);
		port = scn_number(&item->head, colon + 1);
		g_free(name);
	}
	if (!node)
		scn_fail(&item->head, "no node is called %s", written);
	struct ims_endpoint out = node->endpoint;
	if (port)
		out.port = (uint16_t)port;
	else if (diameter)
		out.port = node->diameter_port;
	return out;
}

/* KEY=NUMBER among the words, or `otherwise`. */
static guint64 option(const struct scn_item *item, const char *key,
		      guint64 otherwise)
{
	size_t len = strlen(key);
	for (size_t i = 0; item->how[i]; i++)
		if (g_str_has_prefix(item->how[i], key) &&
		    item->how[i][len] == '=')
			return scn_number(&item->head, item->how[i] + len + 1);
	return otherwise;
}

static bool has_word(const struct scn_item *item, const char *word)
{
	return g_strv_contains((const char *const *)item->how, word);
}

static const struct {
	const char *word;
	enum ims_event_kind kind;
} connection_words[] = {
	{"syn", IMS_EVENT_CONNECTION_OPENING},
	{"init", IMS_EVENT_CONNECTION_OPENING},
	{"syn-ack", IMS_EVENT_CONNECTION_OPENED},
	{"cookie-ack", IMS_EVENT_CONNECTION_OPENED},
	{"refuse", IMS_EVENT_CONNECTION_REFUSED},
	{"fin", IMS_EVENT_CONNECTION_CLOSED},
	{"shutdown", IMS_EVENT_CONNECTION_CLOSED},
	{"rst", IMS_EVENT_CONNECTION_RESET},
	{"abort", IMS_EVENT_CONNECTION_RESET},
	{"gap", IMS_EVENT_GAP},
	{"tls", IMS_EVENT_TLS},
	{"fragment-lost", IMS_EVENT_FRAGMENT_LOST},
};

/* udp, tcp, sctp: one of the words above, else a SIP message. */
static void build_transport(struct scn *scn, struct scn_item *item)
{
	struct ims_event *event = &item->event;
	event->protected = has_word(item, "protected");
	event->spi = (uint32_t)option(item, "spi", 0);
	event->missing = option(item, "missing", 0);
	for (size_t i = 0; i < G_N_ELEMENTS(connection_words); i++) {
		if (has_word(item, connection_words[i].word)) {
			event->kind = connection_words[i].kind;
			return;
		}
	}
	event->kind = IMS_EVENT_SIP;
	scn_build_sip(scn, item);
}

static const struct {
	const char *word;
	uint8_t type;
	uint8_t code;
} icmp_words[] = {
	{"host-unreachable", 3, 1},
	{"port-unreachable", 3, 3},
	{"prohibited", 3, 13},
	{"time-exceeded", 11, 0},
};

/* icmp WHAT LABEL: what the labelled message met. */
static void build_icmp(struct scn *scn, struct scn_item *item)
{
	struct ims_event *event = &item->event;
	if (!item->how[1] || !item->how[2])
		scn_fail(&item->head, "icmp WHAT LABEL");
	struct scn_item *quoted =
		scn_find(scn, item->scope, item->how[2], &item->head);
	scn_build(scn, quoted);
	event->kind = IMS_EVENT_ICMP_ERROR;
	event->source.port = 0;
	event->destination.port = 0;
	event->quoted_source = quoted->event.source;
	event->quoted_destination = quoted->event.destination;
	if (quoted->bytes)
		item->bytes = g_byte_array_ref(quoted->bytes);
	for (size_t i = 0; i < G_N_ELEMENTS(icmp_words); i++) {
		if (!strcmp(item->how[1], icmp_words[i].word)) {
			event->icmp_type = icmp_words[i].type;
			event->icmp_code = icmp_words[i].code;
			return;
		}
	}
	scn_fail(&item->head, "icmp: what is %s?", item->how[1]);
}

static void build_esp(struct scn *scn, struct scn_item *item)
{
	(void)scn;
	item->event.kind = IMS_EVENT_ESP;
	item->event.source.port = 0;
	item->event.destination.port = 0;
	item->event.spi = (uint32_t)option(item, "spi", 0);
	item->event.sequence = (uint32_t)option(item, "seq", 1);
}

static const struct {
	const char *word;
	enum ims_transport transport;
	bool diameter;
	void (*build)(struct scn *scn, struct scn_item *item);
} ways[] = {
	{"udp", IMS_TRANSPORT_UDP, false, build_transport},
	{"tcp", IMS_TRANSPORT_TCP, false, build_transport},
	{"sctp", IMS_TRANSPORT_SCTP, false, build_transport},
	{"cx", IMS_TRANSPORT_TCP, true, scn_build_diameter},
	{"dsip", IMS_TRANSPORT_TCP, true, scn_build_diameter},
	{"rx", IMS_TRANSPORT_TCP, true, scn_build_diameter},
	{"sh", IMS_TRANSPORT_TCP, true, scn_build_diameter},
	{"base", IMS_TRANSPORT_TCP, true, scn_build_diameter},
	{"diameter", IMS_TRANSPORT_TCP, true, build_transport},
	{"icmp", IMS_TRANSPORT_NONE, false, build_icmp},
	{"esp", IMS_TRANSPORT_NONE, false, build_esp},
};

/* "cx/sctp": over another transport than the usual one. */
static enum ims_transport written_transport(const char *how,
					    enum ims_transport usual)
{
	if (g_str_has_suffix(how, "/sctp"))
		return IMS_TRANSPORT_SCTP;
	return usual;
}

static void build_way(struct scn *scn, struct scn_item *item)
{
	char **way = g_strsplit(item->how[0], "/", 2);
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		if (strcmp(way[0], ways[i].word) != 0)
			continue;
		struct ims_event *event = &item->event;
		event->transport =
			written_transport(item->how[0], ways[i].transport);
		event->source =
			endpoint(scn, item, item->from, ways[i].diameter);
		event->destination =
			endpoint(scn, item, item->to, ways[i].diameter);
		ways[i].build(scn, item);
		g_strfreev(way);
		return;
	}
	scn_fail(&item->head, "by what is %s?", item->how[0]);
}

void scn_build(struct scn *scn, struct scn_item *item)
{
	if (item->state == SCN_BUILDING)
		scn_fail(&item->head, "a message made of itself");
	if (item->state == SCN_BUILT)
		return;
	item->state = SCN_BUILDING;
	if (item->idle) {
		item->event.transport = IMS_TRANSPORT_UDP;
		item->event.source = scn_node(scn, "", "clock")->endpoint;
		item->event.destination = scn_node(scn, "", "tower")->endpoint;
	} else if (!item->from) {
		if (!item->how[1])
			scn_fail(&item->head, "drops N");
		item->event.kind = IMS_EVENT_DROPS;
		item->event.missing = scn_number(&item->head, item->how[1]);
	} else {
		build_way(scn, item);
	}
	if (!item->bytes && item->edits->len)
		scn_fail(item->edits->pdata[0], "it has no bytes to edit");
	item->state = SCN_BUILT;
}

static void emit(struct scn *scn, const struct scn_item *item, gint64 later_ns,
		 bool duplicate)
{
	struct scn_event out = {
		.event = item->event,
		.label = item->label,
		.duplicate = duplicate,
		.idle = item->idle,
	};
	out.event.time_ns = item->time_ns + later_ns;
	/* A packet sent again is another packet: another IP identification. */
	if (item->event.transport == IMS_TRANSPORT_UDP)
		out.event.ip_id =
			1 + item->index +
			(duplicate ? 0 : (uint32_t)(later_ns / 100000)) % 30000;
	if (item->bytes) {
		size_t n = item->bytes->len;
		out.event.cut = item->cut >= 0 && (size_t)item->cut < n;
		if (out.event.cut) {
			out.cut_off = n - (size_t)item->cut;
			n = (size_t)item->cut;
		}
		out.event.bytes = ims_slice(item->bytes->data, n);
	}
	g_array_append_val(scn->events, out);
}

static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct scn_event *x = a;
	const struct scn_event *y = b;
	return (x->event.time_ns > y->event.time_ns) -
	       (x->event.time_ns < y->event.time_ns);
}

/* A message that is dropped keeps its place in time. */
static void make_events(struct scn *scn)
{
	gint64 now = START_NS;
	for (guint i = 0; i < scn->items->len; i++) {
		struct scn_item *item = scn->items->pdata[i];
		now = (item->absolute ? START_NS : now) + item->delta_ns;
		item->time_ns = now;
		scn_build(scn, item);
		if (item->dropped)
			continue;
		emit(scn, item, 0, false);
		for (guint k = 0; k < item->duplicates->len; k++)
			emit(scn, item,
			     g_array_index(item->duplicates, gint64, k), true);
		for (guint k = 0; k < item->repeats->len; k++)
			emit(scn, item, g_array_index(item->repeats, gint64, k),
			     false);
	}
	g_array_sort(scn->events, by_time);
	guint64 number = 0;
	for (guint i = 0; i < scn->events->len; i++) {
		struct ims_event *event =
			&g_array_index(scn->events, struct scn_event, i).event;
		/* A report of drops is no packet. */
		number += event->kind != IMS_EVENT_DROPS;
		event->frame.number = number;
	}
}

static void predefine(struct scn *scn)
{
	static const char *const statements[] = {
		"node clock 192.0.2.1:9 host=clock.invalid",
		"node tower 192.0.2.2:9 host=tower.invalid",
		"let domain = ims.mnc001.mcc001.3gppnetwork.org",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
		struct scn_line line = {"(predefined)", 0, statements[i]};
		scn_statement(scn, "", &line, scn_list(scn));
	}
}

GPtrArray *scn_list(struct scn *scn)
{
	GPtrArray *list = g_ptr_array_new();
	g_ptr_array_add(scn->lists, list);
	return list;
}

struct scn *scn_read(const char *path, const char *library)
{
	struct scn *scn = g_new0(struct scn, 1);
	scn->library = library;
	scn->pool = g_ptr_array_new_with_free_func(g_free);
	scn->lists = g_ptr_array_new_with_free_func(
		(GDestroyNotify)g_ptr_array_unref);
	scn->byte_arrays = g_ptr_array_new_with_free_func(
		(GDestroyNotify)g_byte_array_unref);
	scn->items = g_ptr_array_new();
	scn->variables = g_hash_table_new(g_str_hash, g_str_equal);
	scn->nodes = g_hash_table_new(g_str_hash, g_str_equal);
	scn->events = g_array_new(FALSE, FALSE, sizeof(struct scn_event));
	scn->expectations = g_array_new(FALSE, FALSE, sizeof(struct scn_line));
	predefine(scn);
	g_hash_table_insert(scn->variables, (char *)"fold", (char *)"\r\n\t");
	scn_read_file(scn, path, "");
	make_events(scn);
	return scn;
}

static void free_item(gpointer data, gpointer user)
{
	(void)user;
	struct scn_item *item = data;
	g_array_unref(item->repeats);
	g_array_unref(item->duplicates);
	if (item->bytes)
		g_byte_array_unref(item->bytes);
}

void scn_free(struct scn *scn)
{
	if (!scn)
		return;
	g_ptr_array_foreach(scn->items, free_item, NULL);
	g_ptr_array_unref(scn->items);
	g_hash_table_unref(scn->variables);
	g_hash_table_unref(scn->nodes);
	g_array_unref(scn->events);
	g_array_unref(scn->expectations);
	g_ptr_array_unref(scn->lists);
	g_ptr_array_unref(scn->byte_arrays);
	g_ptr_array_unref(scn->pool);
	g_free(scn);
}

const struct scn_event *scn_events(const struct scn *scn, size_t *n)
{
	*n = scn->events->len;
	return (const struct scn_event *)(const void *)scn->events->data;
}

const struct scn_line *scn_expectations(const struct scn *scn, size_t *n)
{
	*n = scn->expectations->len;
	return (const struct scn_line *)(const void *)scn->expectations->data;
}
