// SPDX-License-Identifier: GPL-2.0-or-later
#include "changes.h"

#include "change_list.h"
#include "change_text.h"
#include "sip_scan.h"

/* Lines that one copy may have more than the other at one place, and all below
   are still found side by side. */
#define MAX_AHEAD 8

/* How each field is read; those that are not here as IMS_CHANGE_LINES. */
static const enum ims_change_reading readings[IMS_SIP_N_HEADERS] = {
	[IMS_SIP_HEADER_ACCEPT] = IMS_CHANGE_LIST,
	[IMS_SIP_HEADER_ALLOW] = IMS_CHANGE_TAGS,
	[IMS_SIP_HEADER_AUTHENTICATION_INFO] = IMS_CHANGE_AUTH_PARAMS,
	[IMS_SIP_HEADER_AUTHORIZATION] = IMS_CHANGE_CREDENTIALS,
	[IMS_SIP_HEADER_CONTACT] = IMS_CHANGE_ADDRESSES,
	[IMS_SIP_HEADER_CONTENT_ENCODING] = IMS_CHANGE_TAGS,
	[IMS_SIP_HEADER_FROM] = IMS_CHANGE_ADDRESSES,
	[IMS_SIP_HEADER_P_ACCESS_NETWORK_INFO] = IMS_CHANGE_LIST,
	[IMS_SIP_HEADER_P_ASSERTED_IDENTITY] = IMS_CHANGE_ADDRESSES,
	[IMS_SIP_HEADER_P_ASSOCIATED_URI] = IMS_CHANGE_ADDRESSES,
	[IMS_SIP_HEADER_P_CHARGING_VECTOR] = IMS_CHANGE_PARAMS,
	[IMS_SIP_HEADER_P_PREFERRED_IDENTITY] = IMS_CHANGE_ADDRESSES,
	[IMS_SIP_HEADER_P_VISITED_NETWORK_ID] = IMS_CHANGE_LIST,
	[IMS_SIP_HEADER_PATH] = IMS_CHANGE_ADDRESSES,
	[IMS_SIP_HEADER_PROXY_AUTHENTICATE] = IMS_CHANGE_CREDENTIALS,
	[IMS_SIP_HEADER_PROXY_AUTHORIZATION] = IMS_CHANGE_CREDENTIALS,
	[IMS_SIP_HEADER_PROXY_REQUIRE] = IMS_CHANGE_TAGS,
	[IMS_SIP_HEADER_REASON] = IMS_CHANGE_LIST,
	[IMS_SIP_HEADER_RECORD_ROUTE] = IMS_CHANGE_ADDRESSES,
	[IMS_SIP_HEADER_REQUIRE] = IMS_CHANGE_TAGS,
	[IMS_SIP_HEADER_ROUTE] = IMS_CHANGE_ADDRESSES,
	[IMS_SIP_HEADER_SECURITY_CLIENT] = IMS_CHANGE_LIST,
	[IMS_SIP_HEADER_SECURITY_SERVER] = IMS_CHANGE_LIST,
	[IMS_SIP_HEADER_SECURITY_VERIFY] = IMS_CHANGE_LIST,
	[IMS_SIP_HEADER_SERVICE_ROUTE] = IMS_CHANGE_ADDRESSES,
	[IMS_SIP_HEADER_SUBSCRIPTION_STATE] = IMS_CHANGE_LIST,
	[IMS_SIP_HEADER_SUPPORTED] = IMS_CHANGE_TAGS,
	[IMS_SIP_HEADER_TO] = IMS_CHANGE_ADDRESSES,
	[IMS_SIP_HEADER_UNSUPPORTED] = IMS_CHANGE_TAGS,
	[IMS_SIP_HEADER_VIA] = IMS_CHANGE_LIST,
	[IMS_SIP_HEADER_WWW_AUTHENTICATE] = IMS_CHANGE_CREDENTIALS,
};

struct copies {
	const struct ims_sip_facts *before;
	const struct ims_sip_facts *after;
};

/* Mostly they are copied as they are. */
static bool is_same_word(struct ims_slice a, struct ims_slice b)
{
	return ims_slice_equal(a, b) || ims_slice_equal_nocase(a, b);
}

static bool is_same_via(const struct ims_sip_via *a,
			const struct ims_sip_via *b)
{
	return ims_slice_equal(a->branch, b->branch) && a->port == b->port &&
	       is_same_word(a->host, b->host) &&
	       is_same_word(a->transport, b->transport);
}

/* RFC 3261 16.6 8, 16.7 3, 18.2.1; RFC 3581 4: the sender's Via on top of a
   request; off a response; and received, rport in the one below. */
static bool is_via_expected(const struct copies *copies)
{
	const struct ims_sip_facts *more = copies->after;
	const struct ims_sip_facts *less = copies->before;

	if (!more->is_request) {
		more = copies->before;
		less = copies->after;
	}
	if (more->n_vias != less->n_vias + 1)
		return false;
	for (size_t i = 0; i < less->n_vias; i++)
		if (!is_same_via(&more->vias[i + 1], &less->vias[i]))
			return false;
	return true;
}

static const struct ims_sip_header *field_of(const struct ims_sip_facts *sip,
					     enum ims_sip_header_id id)
{
	for (size_t i = 0; i < sip->n_headers; i++)
		if (sip->headers[i].id == id)
			return &sip->headers[i];
	return NULL;
}

/* RFC 3261 16.6 3. */
static bool is_max_forwards_expected(const struct copies *copies)
{
	const struct ims_sip_header *before =
		field_of(copies->before, IMS_SIP_HEADER_MAX_FORWARDS);
	const struct ims_sip_header *after =
		field_of(copies->after, IMS_SIP_HEADER_MAX_FORWARDS);
	uint64_t was;
	uint64_t is;

	return before && after &&
	       ims_sip_number_parse(&was, ims_sip_header_value(before),
				    UINT32_MAX) &&
	       ims_sip_number_parse(&is, ims_sip_header_value(after),
				    UINT32_MAX) &&
	       was == is + 1;
}

/* Written otherwise, or put in, for the same body. */
static bool is_length_expected(const struct copies *copies)
{
	return copies->before->body_length == copies->after->body_length;
}

/* Whether a difference in these is what every proxy must make. */
static const struct {
	enum ims_sip_header_id id;
	bool (*is_expected)(const struct copies *copies);
} expected[] = {
	{IMS_SIP_HEADER_VIA, is_via_expected},
	{IMS_SIP_HEADER_MAX_FORWARDS, is_max_forwards_expected},
	{IMS_SIP_HEADER_CONTENT_LENGTH, is_length_expected},
};

enum ims_change_reading ims_change_reading(enum ims_sip_header_id id)
{
	return readings[id];
}

static bool is_expected(const struct copies *copies, enum ims_sip_header_id id)
{
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
		if (expected[i].id == id)
			return expected[i].is_expected(copies);
	return false;
}

void ims_change_add(const struct ims_change_field *field,
		    struct ims_slice element, struct ims_slice before,
		    struct ims_slice after)
{
	struct ims_change_list *list = field->list;
	struct ims_change change = {
		.kind = !before.at  ? IMS_CHANGE_ADDED
			: !after.at ? IMS_CHANGE_REMOVED
				    : IMS_CHANGE_CHANGED,
		.header = field->name,
		.element = element,
	};

	if (list->n == IMS_CHANGES_MAX) {
		list->cut = true;
		return;
	}
	if (!field->is_hidden && !ims_text_names_secret(element)) {
		if (!ims_text_has_secret(before))
			change.before = before;
		if (!ims_text_has_secret(after))
			change.after = after;
	}
	list->at[list->n++] = change;
}

static bool is_same_text(const char *a, const char *b, uint32_t len,
			 uint32_t other_len)
{
	return len == other_len && memcmp(a, b, len) == 0;
}

/* What nearly all lines are: the same, and in the same order. */
static bool is_same_line(const struct ims_sip_header *a,
			 const struct ims_sip_header *b)
{
	return a->id == b->id &&
	       is_same_text(a->at + a->value_place, b->at + b->value_place,
			    a->value_len, b->value_len) &&
	       (a->id != IMS_SIP_HEADER_OTHER ||
		is_same_text(a->at, b->at, a->name_len, b->name_len));
}

/* How many of `most` lines from there on are the same. Apart from what comes
   of those that are not. */
G_GNUC_NO_INLINE static size_t count_same(const struct ims_sip_header *a,
					  const struct ims_sip_header *b,
					  size_t most)
{
	size_t n = 0;

	while (n < most && is_same_line(&a[n], &b[n]))
		n++;
	return n;
}

/* How far below `from` the next line of that field is; MAX_AHEAD: further. */
static size_t distance(const struct ims_sip_facts *sip, size_t from,
		       enum ims_sip_header_id id)
{
	size_t n = 0;

	while (n < MAX_AHEAD && from + n < sip->n_headers &&
	       sip->headers[from + n].id != id)
		n++;
	return from + n < sip->n_headers ? n : MAX_AHEAD;
}

/* Fields by id. */
#define SET_WORDS ((IMS_SIP_N_HEADERS + 63) / 64)

struct field_set {
	uint64_t bits[SET_WORDS];
};

static void set_add(struct field_set *set, enum ims_sip_header_id id)
{
	set->bits[id / 64] |= UINT64_C(1) << id % 64;
}

/* Takes the least of them out. Returns false when there is none. */
static bool set_take(enum ims_sip_header_id *id, struct field_set *set)
{
	for (unsigned i = 0; i < SET_WORDS; i++)
		if (set->bits[i]) {
			unsigned bit = (unsigned)__builtin_ctzll(set->bits[i]);

			set->bits[i] &= set->bits[i] - 1;
			*id = (enum ims_sip_header_id)(64 * i + bit);
			return true;
		}
	return false;
}

/*
 * Walks down both copies side by side. A field has all its lines in common, in
 * their order, unless one was passed over: then it is in `set`.
 */
static void find_different(struct field_set *set, const struct copies *copies)
{
	const struct ims_sip_facts *before = copies->before;
	const struct ims_sip_facts *after = copies->after;
	size_t i = 0;
	size_t k = 0;

	while (i < before->n_headers && k < after->n_headers) {
		size_t n_same = count_same(
			&before->headers[i], &after->headers[k],
			MIN(before->n_headers - i, after->n_headers - k));
		enum ims_sip_header_id x, y;
		size_t to_x, to_y;

		i += n_same;
		k += n_same;
		if (i == before->n_headers || k == after->n_headers)
			break;
		x = before->headers[i].id;
		y = after->headers[k].id;
		to_x = distance(after, k, x);
		to_y = distance(before, i, y);
		if (to_x >= to_y) {
			set_add(set, x);
			i++;
		}
		if (to_y >= to_x) {
			set_add(set, y);
			k++;
		}
	}
	for (; i < before->n_headers; i++)
		set_add(set, before->headers[i].id);
	for (; k < after->n_headers; k++)
		set_add(set, after->headers[k].id);
}

/* The lines as one, as a list is written (RFC 3261 7.3.1). */
static struct ims_slice join(struct ims_change_list *list,
			     const struct ims_change_lines *lines)
{
	struct ims_slice joined;
	GString *text;

	if (lines->n == 1)
		return lines->at[0];
	text = g_string_new(NULL);
	for (unsigned i = 0; i < lines->n; i++) {
		if (i)
			g_string_append(text, ", ");
		g_string_append_len(text, lines->at[i].at,
				    (gssize)lines->at[i].len);
	}
	if (!list->texts)
		list->texts = g_string_chunk_new(256);
	joined = ims_slice(g_string_chunk_insert_len(list->texts, text->str,
						     (gssize)text->len),
			   text->len);
	g_string_free(text, TRUE);
	return joined;
}

static struct ims_slice whole(struct ims_change_list *list,
			      enum ims_change_reading reading,
			      const struct ims_change_lines *lines)
{
	if (!lines->n)
		return (struct ims_slice){0};
	if (reading == IMS_CHANGE_CREDENTIALS)
		return ims_change_scheme(lines->at[0]);
	return join(list, lines);
}

/* The lines of one field here and there. */
static void compare(const struct ims_change_field *field,
		    enum ims_change_reading reading,
		    const struct ims_change_lines *before,
		    const struct ims_change_lines *after)
{
	const struct ims_slice none = {0};

	if (before->n && after->n)
		ims_change_compare(field, reading, before, after);
	else if (reading != IMS_CHANGE_TAGS ||
		 !ims_change_tags(field, before, after))
		ims_change_add(field, none, whole(field->list, reading, before),
			       whole(field->list, reading, after));
}

struct lines {
	struct ims_slice at[IMS_SIP_MAX_HEADERS];
	struct ims_change_lines about;
};

static void lines_fill(struct lines *lines, const struct ims_sip_facts *sip,
		       enum ims_sip_header_id id)
{
	lines->about = (struct ims_change_lines){lines->at, 0};
	for (size_t i = 0; i < sip->n_headers; i++)
		if (sip->headers[i].id == id)
			lines->at[lines->about.n++] =
				ims_sip_header_value(&sip->headers[i]);
}

static bool is_same(const struct lines *a, const struct lines *b)
{
	unsigned i = 0;

	while (i < a->about.n && i < b->about.n &&
	       ims_slice_equal(a->at[i], b->at[i]))
		i++;
	return i == a->about.n && i == b->about.n;
}

static void compare_known(struct ims_change_list *list,
			  const struct copies *copies,
			  enum ims_sip_header_id id)
{
	const struct ims_change_field field = {
		.list = list,
		.name = ims_slice_of(ims_sip_header_name(id)),
		.is_hidden = id == IMS_SIP_HEADER_AUTHENTICATION_INFO,
	};
	struct lines was;
	struct lines is;

	if (is_expected(copies, id))
		return;
	lines_fill(&was, copies->before, id);
	lines_fill(&is, copies->after, id);
	if (!is_same(&was, &is))
		compare(&field, readings[id], &was.about, &is.about);
}

/* Fields whose names are not known, by name, in order. */
struct others {
	const struct ims_sip_header *at[IMS_SIP_MAX_HEADERS];
	unsigned n;
};

static int by_name(const void *a, const void *b)
{
	const struct ims_sip_header *x =
		*(const struct ims_sip_header *const *)a;
	const struct ims_sip_header *y =
		*(const struct ims_sip_header *const *)b;
	int order = ims_text_compare_nocase(ims_sip_header_written(x),
					    ims_sip_header_written(y));

	return order ? order : (x > y) - (x < y);
}

static void others_fill(struct others *others, const struct ims_sip_facts *sip)
{
	others->n = 0;
	for (size_t i = 0; i < sip->n_headers; i++)
		if (sip->headers[i].id == IMS_SIP_HEADER_OTHER)
			others->at[others->n++] = &sip->headers[i];
	qsort(others->at, others->n, sizeof(others->at[0]), by_name);
}

/* Takes the fields of that name from *at on. */
static void take_lines(struct lines *lines, const struct others *others,
		       unsigned *at, struct ims_slice name)
{
	lines->about = (struct ims_change_lines){lines->at, 0};
	while (*at < others->n &&
	       ims_slice_equal_nocase(ims_sip_header_written(others->at[*at]),
				      name))
		lines->at[lines->about.n++] =
			ims_sip_header_value(others->at[(*at)++]);
}

static void compare_others(struct ims_change_list *list,
			   const struct copies *copies)
{
	struct others x;
	struct others y;
	struct lines was;
	struct lines is;
	unsigned i = 0;
	unsigned k = 0;

	others_fill(&x, copies->before);
	others_fill(&y, copies->after);
	while (i < x.n || k < y.n) {
		int order = i == x.n ? 1
			    : k == y.n
				    ? -1
				    : ims_text_compare_nocase(
					      ims_sip_header_written(x.at[i]),
					      ims_sip_header_written(y.at[k]));
		struct ims_change_field field = {
			.list = list,
			.name = order <= 0 ? ims_sip_header_written(x.at[i])
					   : ims_sip_header_written(y.at[k]),
		};

		take_lines(&was, &x, &i, field.name);
		take_lines(&is, &y, &k, field.name);
		if (is_same(&was, &is))
			continue;
		field.is_hidden = ims_text_names_secret(field.name);
		compare(&field, IMS_CHANGE_LINES, &was.about, &is.about);
	}
}

static void compare_target(struct ims_change_list *list,
			   const struct copies *copies)
{
	const struct ims_change_field field = {
		.list = list,
		.name = ims_slice_of("Request-URI"),
	};
	const struct ims_slice none = {0};
	struct ims_slice was = copies->before->request_uri.text;
	struct ims_slice is = copies->after->request_uri.text;

	if (was.at && is.at && !ims_slice_equal(was, is))
		ims_change_add(&field, none, was, is);
}

/* What is missing from a part of a header is not missing from it. */
static bool is_whole(const struct ims_facts *facts)
{
	return facts->sip && !facts->cut &&
	       facts->sip->n_headers < IMS_SIP_MAX_HEADERS;
}

/* A list that is done, in one piece. */
struct kept {
	struct ims_changes about; /* first */
	GStringChunk *texts;
	struct ims_change at[];
};

/* What most copies are: no list is made for them. */
static const struct ims_changes no_changes = {0};

static struct ims_changes *keep(const struct ims_change_list *list)
{
	struct kept *kept;

	if (!list->n && !list->cut)
		return (struct ims_changes *)&no_changes;
	kept = g_malloc(sizeof(*kept) + list->n * sizeof(kept->at[0]));
	memcpy(kept->at, list->at, list->n * sizeof(kept->at[0]));
	kept->texts = list->texts;
	kept->about = (struct ims_changes){kept->at, list->n, .cut = list->cut};
	return &kept->about;
}

struct ims_changes *ims_changes_new(const struct ims_facts *before,
				    const struct ims_facts *after)
{
	const struct copies copies = {before->sip, after->sip};
	struct field_set different = {0};
	struct ims_change_list list;
	enum ims_sip_header_id id;
	bool others = false;

	if (!is_whole(before) || !is_whole(after))
		return NULL;
	/* The places for changes need no zeros. */
	list.n = 0;
	list.cut = false;
	list.texts = NULL;
	find_different(&different, &copies);
	while (set_take(&id, &different))
		if (id == IMS_SIP_HEADER_OTHER)
			others = true;
		else
			compare_known(&list, &copies, id);
	compare_target(&list, &copies);
	if (others)
		compare_others(&list, &copies);
	return keep(&list);
}

void ims_changes_free(struct ims_changes *changes)
{
	struct kept *kept = (struct kept *)changes;

	if (!changes || changes == &no_changes)
		return;
	if (kept->texts)
		g_string_chunk_free(kept->texts);
	g_free(kept);
}

const struct ims_change *ims_changes_find(const struct ims_changes *changes,
					  enum ims_change_kind kind,
					  enum ims_sip_header_id header,
					  const char *element)
{
	const char *name = ims_sip_header_name(header);

	for (size_t i = 0; changes && i < changes->n; i++) {
		const struct ims_change *c = &changes->at[i];

		if (c->kind == kind && c->header.at == name &&
		    (element ? ims_slice_is_nocase(c->element, element)
			     : !c->element.at))
			return c;
	}
	return NULL;
}
