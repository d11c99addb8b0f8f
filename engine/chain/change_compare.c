// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lines of one field in two copies. Each falls into items, and those into
 * a base and parameters: "<sip:a@b;lr>;q=1" has the base "<sip:a@b" and two
 * parameters. Items that are equal are set aside; of the rest those with one
 * base are the same item with other parameters; what is left came or went.
 * All by sorting: hostile lines cost n log n.
 */
#include "change_list.h"
#include "change_text.h"
#include "sip_address.h"
#include "sip_scan.h"

struct item {
	struct ims_slice text;
	struct ims_slice base;
	struct ims_change_params params;
	unsigned place;
	bool done;
};

/* Most fields have few; of those the heap knows nothing. */
#define FEW 8

struct items {
	struct item *at;
	unsigned n;
	unsigned room;
	struct item few[FEW];
};

static struct ims_slice until(struct ims_slice text, const char *end)
{
	return ims_slice(text.at, (size_t)(end - text.at));
}

struct ims_slice ims_change_scheme(struct ims_slice line)
{
	return ims_slice(line.at, ims_sip_word_length(line));
}

static void read_address(struct item *item)
{
	struct ims_sip_address address = {0};

	ims_sip_address_parse(&address, item->text);
	if (address.uri_params.at)
		item->base = until(item->text, address.uri_params.at - 1);
	else if (address.uri.at)
		item->base =
			until(item->text, address.uri.at + address.uri.len);
	item->params.of_uri = address.uri_params;
	item->params.of_field = address.params;
}

static void read_value(struct item *item)
{
	size_t end = ims_sip_find_unquoted(item->text, ';');

	item->base.len = end;
	if (end < item->text.len)
		item->params.of_field = ims_sip_from(item->text, end + 1);
}

static struct item item_of(struct ims_slice text,
			   enum ims_change_reading reading, unsigned place)
{
	struct item item = {.text = text, .base = text, .place = place};

	switch (reading) {
	case IMS_CHANGE_LIST:
		read_value(&item);
		break;
	case IMS_CHANGE_ADDRESSES:
		read_address(&item);
		break;
	case IMS_CHANGE_CREDENTIALS:
		item.base = ims_change_scheme(text);
		item.params.of_field = ims_sip_from(text, item.base.len);
		break;
	case IMS_CHANGE_PARAMS:
	case IMS_CHANGE_AUTH_PARAMS:
		item.base.len = 0;
		item.params.of_field = text;
		break;
	case IMS_CHANGE_LINES:
	case IMS_CHANGE_TAGS:
		break;
	}
	return item;
}

bool ims_change_is_list(enum ims_change_reading reading)
{
	return reading == IMS_CHANGE_TAGS || reading == IMS_CHANGE_LIST ||
	       reading == IMS_CHANGE_ADDRESSES;
}

static void items_clear(struct items *items)
{
	if (items->at != items->few)
		g_free(items->at);
}

/* Returns false when there are too many. */
static bool items_add(struct items *items, const struct item *item)
{
	if (items->n == IMS_CHANGE_MAX_PARTS)
		return false;
	if (items->n == items->room) {
		struct item *more = g_new(struct item, 2 * items->room);

		memcpy(more, items->at, items->n * sizeof(*more));
		items_clear(items);
		items->at = more;
		items->room *= 2;
	}
	items->at[items->n++] = *item;
	return true;
}

/* Returns false when there are too many. To be cleared in either case. */
static bool items_fill(struct items *items,
		       const struct ims_change_lines *lines,
		       enum ims_change_reading reading)
{
	items->at = items->few;
	items->n = 0;
	items->room = FEW;
	for (unsigned i = 0; i < lines->n; i++) {
		struct ims_slice rest = lines->at[i];
		struct ims_slice text = rest;

		do {
			struct item item;

			if (ims_change_is_list(reading) &&
			    !ims_sip_list_next(&rest, &text))
				break;
			if (ims_change_is_list(reading) && text.len == 0)
				continue;
			item = item_of(text, reading, items->n);
			if (!items_add(items, &item))
				return false;
		} while (ims_change_is_list(reading));
	}
	return true;
}

static void items_sort(struct items *items,
		       int (*compare)(const void *, const void *))
{
	if (items->n > 1)
		qsort(items->at, items->n, sizeof(items->at[0]), compare);
}

static int by_text(const void *a, const void *b)
{
	const struct item *x = a;
	const struct item *y = b;
	int order = ims_text_compare(x->text, y->text);

	return order ? order : (x->place > y->place) - (x->place < y->place);
}

static int compare_tags(const struct item *a, const struct item *b)
{
	return ims_text_compare_nocase(a->text, b->text);
}

static int by_tag(const void *a, const void *b)
{
	const struct item *x = a;
	const struct item *y = b;
	int order = compare_tags(x, y);

	return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* What is done comes last. */
static int by_base(const void *a, const void *b)
{
	const struct item *x = a;
	const struct item *y = b;
	int order = x->done - y->done;

	if (!order)
		order = ims_text_compare(x->base, y->base);
	return order ? order : (x->place > y->place) - (x->place < y->place);
}

static int by_place(const void *a, const void *b)
{
	const struct item *x = a;
	const struct item *y = b;

	return x->done != y->done
		       ? x->done - y->done
		       : (x->place > y->place) - (x->place < y->place);
}

/* Sets aside what both have. */
static void match_whole(struct items *before, struct items *after)
{
	unsigned i = 0;
	unsigned k = 0;

	items_sort(before, by_text);
	items_sort(after, by_text);
	while (i < before->n && k < after->n) {
		struct item *x = &before->at[i];
		struct item *y = &after->at[k];
		int order = ims_text_compare(x->text, y->text);

		if (order == 0)
			x->done = y->done = true;
		i += order <= 0;
		k += order >= 0;
	}
}

/* How many items from `i` on have one base. */
static unsigned run_of(const struct items *items, unsigned i)
{
	unsigned n = 0;

	while (i + n < items->n && !items->at[i + n].done &&
	       ims_text_compare(items->at[i].base, items->at[i + n].base) == 0)
		n++;
	return n;
}

/*
 * As many items of one base here as there: the same ones, in their order, with
 * other parameters. Of different numbers it can't be said which is which.
 */
static void match_bases(const struct ims_change_field *field,
			struct items *before, struct items *after,
			char separator)
{
	unsigned i = 0;
	unsigned k = 0;

	items_sort(before, by_base);
	items_sort(after, by_base);
	while (i < before->n && k < after->n) {
		unsigned n = run_of(before, i);
		unsigned m = run_of(after, k);
		int order;

		if (!n || !m)
			break;
		order = ims_text_compare(before->at[i].base, after->at[k].base);
		for (unsigned j = 0; !order && n == m && j < n; j++) {
			struct item *x = &before->at[i + j];
			struct item *y = &after->at[k + j];

			ims_change_params(field, &x->params, &y->params,
					  separator);
			x->done = y->done = true;
		}
		i += order <= 0 ? n : 0;
		k += order >= 0 ? m : 0;
	}
}

static unsigned left_in(struct items *items)
{
	unsigned n = 0;

	items_sort(items, by_place);
	while (n < items->n && !items->at[n].done)
		n++;
	return n;
}

static void add_left(const struct ims_change_field *field,
		     enum ims_change_reading reading, struct items *before,
		     struct items *after)
{
	const struct ims_slice none = {0};
	unsigned n = left_in(before);
	unsigned m = left_in(after);
	bool is_scheme = reading == IMS_CHANGE_CREDENTIALS;

	for (unsigned i = 0; i < n || i < m; i++) {
		struct item *x = i < n ? &before->at[i] : NULL;
		struct item *y = i < m ? &after->at[i] : NULL;
		struct ims_slice was = !x	   ? none
				       : is_scheme ? x->base
						   : x->text;
		struct ims_slice is = !y ? none : is_scheme ? y->base : y->text;

		if (n == 1 && m == 1) {
			ims_change_add(field, none, was, is);
			continue;
		}
		if (x)
			ims_change_add(field, none, was, none);
		if (y)
			ims_change_add(field, none, none, is);
	}
}

static void compare_items(const struct ims_change_field *field,
			  enum ims_change_reading reading, struct items *before,
			  struct items *after)
{
	bool has_params = reading != IMS_CHANGE_LINES;
	char separator = reading == IMS_CHANGE_CREDENTIALS ||
					 reading == IMS_CHANGE_AUTH_PARAMS
				 ? ','
				 : ';';

	match_whole(before, after);
	if (has_params)
		match_bases(field, before, after, separator);
	add_left(field, reading, before, after);
}

static void add_tags(const struct ims_change_field *field, struct items *before,
		     struct items *after)
{
	const struct ims_slice none = {0};
	unsigned i = 0;
	unsigned k = 0;

	items_sort(before, by_tag);
	items_sort(after, by_tag);
	for (;;) {
		struct item *x = i < before->n ? &before->at[i] : NULL;
		struct item *y = k < after->n ? &after->at[k] : NULL;
		int order = !x ? 1 : !y ? -1 : compare_tags(x, y);
		struct item *tag = order <= 0 ? x : y;

		if (!tag)
			return;
		if (order)
			ims_change_add(field, tag->text,
				       order < 0 ? tag->text : none,
				       order > 0 ? tag->text : none);
		/* Twice is no more than once. */
		while (i < before->n && !compare_tags(&before->at[i], tag))
			i++;
		while (k < after->n && !compare_tags(&after->at[k], tag))
			k++;
	}
}

bool ims_change_tags(const struct ims_change_field *field,
		     const struct ims_change_lines *before,
		     const struct ims_change_lines *after)
{
	struct items x;
	struct items y;
	bool whole = items_fill(&x, before, IMS_CHANGE_TAGS);
	bool any;

	whole = items_fill(&y, after, IMS_CHANGE_TAGS) && whole;
	any = x.n || y.n;
	if (whole)
		add_tags(field, &x, &y);
	else
		field->list->cut = true;
	items_clear(&x);
	items_clear(&y);
	return any;
}

void ims_change_compare(const struct ims_change_field *field,
			enum ims_change_reading reading,
			const struct ims_change_lines *before,
			const struct ims_change_lines *after)
{
	struct items x;
	struct items y;
	bool whole;

	if (reading == IMS_CHANGE_TAGS) {
		ims_change_tags(field, before, after);
		return;
	}
	whole = items_fill(&x, before, reading);
	whole = items_fill(&y, after, reading) && whole;
	if (whole)
		compare_items(field, reading, &x, &y);
	else
		field->list->cut = true;
	items_clear(&x);
	items_clear(&y);
}
