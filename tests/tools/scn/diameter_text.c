/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Diameter messages of a scenario: `AVP = value` lines made into bytes. */
#include <string.h>

#include <ims/address.h>

#include "avp_tree.h"

#define FLAG_REQUEST   0x80
#define FLAG_PROXIABLE 0x40

struct scn_diameter {
	uint32_t command;
	uint32_t application;
	uint8_t flags;
	uint32_t hop_by_hop;
	uint32_t end_to_end;
	bool bare; /* nothing is added by itself */
	GPtrArray *avps;
	struct scn_item *request; /* of an answer; or NULL */
	bool answered;		  /* of a request */
};

struct edit {
	struct scn *scn;
	struct scn_item *item;
	struct scn_diameter *diameter;
	const struct scn_line *line;
	const char *rest;
};

static bool is_request(const struct scn_diameter *diameter)
{
	return diameter->flags & FLAG_REQUEST;
}

static GByteArray *write_message(const struct scn_diameter *diameter)
{
	GByteArray *out = g_byte_array_new();
	scn_put_u32(out, 0);
	g_byte_array_append(out, &diameter->flags, 1);
	scn_put_u24(out, diameter->command);
	scn_put_u32(out, diameter->application);
	scn_put_u32(out, diameter->hop_by_hop);
	scn_put_u32(out, diameter->end_to_end);
	for (guint i = 0; i < diameter->avps->len; i++)
		scn_avp_write(out, diameter->avps->pdata[i]);
	uint32_t head = GUINT32_TO_BE(1u << 24 | out->len);
	memcpy(out->data, &head, 4);
	return out;
}

/* The list that the last name of a path "A.B.C" stands in. */
static GPtrArray *walk(const struct edit *e, const char *path,
		       const char **name, bool make)
{
	GPtrArray *list = e->diameter->avps;
	char **names = g_strsplit(path, ".", -1);
	size_t i = 0;
	for (; names[i + 1]; i++) {
		gint at = scn_avp_find(list, names[i]);
		if (at < 0 && !make)
			scn_fail(e->line, "it has no %s", names[i]);
		char *kept = scn_keep(e->scn, g_strdup(names[i]));
		struct avp *avp =
			at < 0 ? scn_avp_add(e->scn, e->line, list, kept, "")
			       : list->pdata[at];
		if (!avp->children)
			scn_fail(e->line, "%s is no group", names[i]);
		list = avp->children;
	}
	*name = scn_keep(e->scn, g_strdup(names[i]));
	g_strfreev(names);
	return list;
}

/* "PATH = VALUE" taken apart; a value may be in quotes, or be empty. */
static const char *split(const struct edit *e, char **path)
{
	const char *equals = strstr(e->rest, " =");
	if (!equals)
		scn_fail(e->line, "AVP = VALUE");
	*path = scn_keep(e->scn, g_strndup(e->rest, (gsize)(equals - e->rest)));
	const char *value = equals + 2 + strspn(equals + 2, " ");
	size_t len = strlen(value);
	if (len >= 2 && value[0] == '"' && value[len - 1] == '"')
		return scn_keep(e->scn, g_strndup(value + 1, len - 2));
	return value;
}

static void do_add(const struct edit *e)
{
	char *path;
	const char *value = split(e, &path);
	const char *name;
	GPtrArray *list = walk(e, path, &name, true);
	scn_avp_add(e->scn, e->line, list, name, value);
}

/*
 * set PATH = VALUE. A result is either one: setting Result-Code takes
 * Experimental-Result away, and the reverse.
 */
static void do_set(const struct edit *e)
{
	char *path;
	const char *value = split(e, &path);
	const char *name;
	GPtrArray *list = walk(e, path, &name, true);
	gint at = scn_avp_find(list, name);
	const char *other = !strcmp(name, "Result-Code") ? "Experimental-Result"
			    : !strcmp(name, "Experimental-Result")
				    ? "Result-Code"
				    : "";
	gint other_at = at < 0 ? scn_avp_find(list, other) : -1;
	if (other_at >= 0)
		list->pdata[other_at] = scn_avp_new(e->scn, e->line, name);
	at = other_at >= 0 ? other_at : at;
	if (at < 0)
		scn_avp_add(e->scn, e->line, list, name, value);
	else
		scn_avp_set(e->scn, list->pdata[at], e->line, value);
}

static void do_delete(const struct edit *e)
{
	const char *name;
	GPtrArray *list = walk(e, e->rest, &name, false);
	gint at = scn_avp_find(list, name);
	if (at < 0)
		scn_fail(e->line, "it has no %s", name);
	for (; at >= 0; at = scn_avp_find(list, name))
		g_ptr_array_remove_index(list, (guint)at);
}

static struct scn_item *source_item(const struct edit *e, const char *label)
{
	struct scn_item *item =
		scn_find(e->scn, e->item->scope, label, e->line);
	scn_build(e->scn, item);
	if (!item->diameter)
		scn_fail(e->line, "%s is no Diameter message", label);
	return item;
}

/* copy LABEL: the same message once more, identifiers and all. */
static void do_copy(const struct edit *e)
{
	const struct scn_diameter *from = source_item(e, e->rest)->diameter;
	struct scn_diameter *to = e->diameter;
	to->flags = from->flags;
	to->hop_by_hop = from->hop_by_hop;
	to->end_to_end = from->end_to_end;
	to->bare = true;
	g_ptr_array_set_size(to->avps, 0);
	for (guint i = 0; i < from->avps->len; i++)
		g_ptr_array_add(to->avps,
				scn_avp_copy(e->scn, from->avps->pdata[i]));
}

/*
 * relay LABEL: as an agent passes it on (RFC 6733 6.1.9, 6.2.2): the
 * Hop-by-Hop Identifier is the agent's own, and a request's route recorded.
 */
static void do_relay(const struct edit *e)
{
	uint32_t own = e->diameter->hop_by_hop;
	do_copy(e);
	e->diameter->hop_by_hop = own;
	if (is_request(e->diameter))
		scn_avp_add(
			e->scn, e->line, e->diameter->avps, "Route-Record",
			scn_variable(e->scn, e->item->scope,
				     scn_printf(e->scn, "%s.host",
						source_item(e, e->rest)->from),
				     e->line));
}

/* flags RPET: all of them that are set. */
static void do_flags(const struct edit *e)
{
	static const char letters[] = "RPET";
	e->diameter->flags = 0;
	for (const char *at = e->rest; *at; at++) {
		const char *letter = strchr(letters, *at);
		if (!letter)
			scn_fail(e->line, "flags are R, P, E and T");
		e->diameter->flags |= (uint8_t)(0x80 >> (letter - letters));
	}
}

static void do_bare(const struct edit *e)
{
	e->diameter->bare = true;
}

static void do_application(const struct edit *e)
{
	e->diameter->application = (uint32_t)scn_number(e->line, e->rest);
}

static void do_hop_by_hop(const struct edit *e)
{
	e->diameter->hop_by_hop = (uint32_t)scn_number(e->line, e->rest);
}

static void do_end_to_end(const struct edit *e)
{
	e->diameter->end_to_end = (uint32_t)scn_number(e->line, e->rest);
}

static void take_request(struct scn_diameter *answer, struct scn_item *request)
{
	request->diameter->answered = true;
	answer->request = request;
	answer->hop_by_hop = request->diameter->hop_by_hop;
	answer->end_to_end = request->diameter->end_to_end;
}

/* answer LABEL: where it is not the latest request of that name. */
static void do_answer(const struct edit *e)
{
	take_request(e->diameter, source_item(e, e->rest));
}

static const struct {
	const char *verb;
	void (*run)(const struct edit *e);
} verbs[] = {
	{"set", do_set},
	{"add", do_add},
	{"delete", do_delete},
	{"copy", do_copy},
	{"relay", do_relay},
	{"flags", do_flags},
	{"bare", do_bare},
	{"application", do_application},
	{"hop-by-hop", do_hop_by_hop},
	{"end-to-end", do_end_to_end},
	{"answer", do_answer},
};

static bool run_edit(struct scn *scn, struct scn_item *item,
		     const struct scn_line *line)
{
	struct scn_line filled = *line;
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
		size_t len = strlen(verbs[i].verb);
		if (strncmp(line->text, verbs[i].verb, len) != 0 ||
		    (line->text[len] && line->text[len] != ' '))
			continue;
		filled.text = line->text + len + strspn(line->text + len, " ");
		struct edit e = {scn, item, item->diameter, line,
				 scn_expand(scn, item->scope, &filled)};
		verbs[i].run(&e);
		return true;
	}
	return false;
}

/* The last request that this one can be the answer to. */
static void find_request(struct scn *scn, struct scn_item *item)
{
	struct scn_diameter *answer = item->diameter;
	struct scn_item *found = NULL;
	for (guint i = 0; i < scn->items->len; i++) {
		struct scn_item *other = scn->items->pdata[i];
		if (other == item)
			break;
		if (other->state == SCN_NOT_BUILT)
			scn_build(scn, other);
		struct scn_diameter *request = other->diameter;
		if (request && is_request(request) && !request->answered &&
		    request->command == answer->command &&
		    request->application == answer->application &&
		    ims_endpoint_equal(&other->event.source,
				       &item->event.destination) &&
		    ims_endpoint_equal(&other->event.destination,
				       &item->event.source))
			found = other;
	}
	if (found)
		take_request(answer, found);
}

struct automatic {
	struct scn *scn;
	struct scn_item *item;
	guint at; /* where the next one goes */
};

static void put_first(struct automatic *a, const char *name, const char *text)
{
	GPtrArray *avps = a->item->diameter->avps;
	if (scn_avp_find(avps, name) >= 0 || !text)
		return;
	struct avp *avp = scn_avp_add(a->scn, &a->item->head, avps, name, text);
	g_ptr_array_remove_index(avps, avps->len - 1);
	g_ptr_array_insert(avps, (gint)a->at++, avp);
}

static const char *variable(struct automatic *a, const char *format,
			    const char *name)
{
	char *full = g_strdup_printf(format, name);
	const char *text =
		scn_variable(a->scn, a->item->scope, full, &a->item->head);
	g_free(full);
	return text;
}

/* RFC 6733 8.8: the answer has the request's. */
static const char *session_id(struct automatic *a)
{
	const struct scn_item *request = a->item->diameter->request;
	if (!request)
		return scn_printf(a->scn, "%s;1;%u",
				  variable(a, "%s.host", a->item->from),
				  a->item->index);
	gint at = scn_avp_find(request->diameter->avps, "Session-Id");
	if (at < 0)
		return NULL;
	const struct avp *avp = request->diameter->avps->pdata[at];
	return scn_keep(a->scn, g_strndup((const char *)avp->data->data,
					  avp->data->len));
}

static void put_application(struct automatic *a)
{
	GPtrArray *avps = a->item->diameter->avps;
	const char *name = "Vendor-Specific-Application-Id";
	const struct scn_line *line = &a->item->head;
	if (scn_avp_find(avps, name) >= 0)
		return;
	put_first(a, name, "");
	struct avp *group = avps->pdata[a->at - 1];
	scn_avp_add(a->scn, line, group->children, "Vendor-Id", "10415");
	scn_avp_add(a->scn, line, group->children, "Auth-Application-Id",
		    scn_printf(a->scn, "%u", a->item->diameter->application));
}

/* What every message of the protocol carries, where it is not written. */
static void put_automatic(struct scn *scn, struct scn_item *item)
{
	struct automatic a = {scn, item, 0};
	bool session = item->diameter->application != 0;
	if (session) {
		put_first(&a, "Session-Id", session_id(&a));
		if (item->diameter->application != 6)
			put_application(&a);
		else
			put_first(&a, "Auth-Application-Id", "6");
		put_first(&a, "Auth-Session-State", "1");
	}
	put_first(&a, "Origin-Host", variable(&a, "%s.host", item->from));
	put_first(&a, "Origin-Realm", variable(&a, "%s", "domain"));
	if (session && is_request(item->diameter))
		put_first(&a, "Destination-Realm",
			  variable(&a, "%s", "domain"));
}

/* AVP = VALUE, AVP = { and }: one line of a block. */
static void read_line(struct scn *scn, struct scn_item *item,
		      const struct scn_line *line, GPtrArray *open)
{
	struct scn_line filled = *line;
	filled.text += strspn(filled.text, " \t");
	if (!*filled.text)
		return;
	if (!strcmp(filled.text, "}")) {
		if (!open->len)
			scn_fail(line, "} without {");
		g_ptr_array_set_size(open, (gint)open->len - 1);
		return;
	}
	struct edit e = {scn, item, item->diameter, line,
			 scn_expand(scn, item->scope, &filled)};
	char *name;
	const char *value = split(&e, &name);
	bool group = !strcmp(value, "{");
	GPtrArray *list =
		open->len ? ((struct avp *)open->pdata[open->len - 1])->children
			  : item->diameter->avps;
	struct avp *avp =
		scn_avp_add(scn, line, list, name, group ? "" : value);
	if (!group)
		return;
	if (!avp->children)
		scn_fail(line, "%s is no group", name);
	g_ptr_array_add(open, avp);
}

static void read_block(struct scn *scn, struct scn_item *item)
{
	GPtrArray *open = g_ptr_array_new();
	for (guint i = 0; i < item->block->len; i++) {
		const struct scn_line *line = item->block->pdata[i];
		if (!run_edit(scn, item, line))
			read_line(scn, item, line, open);
	}
	if (open->len)
		scn_fail(&item->head, "{ without }");
	g_ptr_array_free(open, TRUE);
}

static void start(struct scn *scn, struct scn_item *item)
{
	struct scn_diameter *diameter = scn_new(scn, sizeof(*diameter));
	char **way = g_strsplit(item->how[0], "/", 2);
	bool request;
	if (!item->how[1] ||
	    !avp_command(way[0], item->how[1], &diameter->command, &request,
			 &diameter->application))
		scn_fail(&item->head, "%s has no command %s", way[0],
			 item->how[1] ? item->how[1] : "(none written)");
	g_strfreev(way);
	diameter->flags =
		(uint8_t)((request ? FLAG_REQUEST : 0) |
			  (diameter->application ? FLAG_PROXIABLE : 0));
	diameter->hop_by_hop = 0x1000 + item->index;
	diameter->end_to_end = 0x20000000 + item->index;
	diameter->avps = scn_list(scn);
	item->diameter = diameter;
	if (!request)
		find_request(scn, item);
}

void scn_build_diameter(struct scn *scn, struct scn_item *item)
{
	item->event.kind = IMS_EVENT_DIAMETER;
	start(scn, item);
	read_block(scn, item);
	if (!item->diameter->bare)
		put_automatic(scn, item);
	GPtrArray *later = g_ptr_array_new();
	for (guint i = 0; i < item->edits->len; i++)
		if (!run_edit(scn, item, item->edits->pdata[i]))
			g_ptr_array_add(later, item->edits->pdata[i]);
	item->bytes = write_message(item->diameter);
	for (guint i = 0; i < later->len; i++)
		if (!scn_edit_bytes(scn, item, later->pdata[i]))
			scn_fail(later->pdata[i], "what is this: %s",
				 ((struct scn_line *)later->pdata[i])->text);
	g_ptr_array_free(later, TRUE);
}
