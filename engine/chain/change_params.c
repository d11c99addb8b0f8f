// SPDX-License-Identifier: GPL-2.0-or-later
/* The parameters of one value in two copies: n log n, by sorting what is behind
   those that both begin with. */
#include "change_list.h"
#include "change_text.h"
#include "sip_scan.h"

struct param {
	struct ims_sip_param about;
	bool of_uri;
	unsigned place;
};

/* Most values have few; of those the heap knows nothing. */
#define FEW 16

struct params {
	struct param *at;
	unsigned n;
	unsigned room;
	struct param few[FEW];
};

static int by_name(const void *a, const void *b)
{
	const struct param *x = a;
	const struct param *y = b;
	int order = x->of_uri - y->of_uri;

	if (!order)
		order = ims_text_compare_nocase(x->about.name, y->about.name);
	return order ? order : (x->place > y->place) - (x->place < y->place);
}

static void params_clear(struct params *params)
{
	if (params->at != params->few)
		g_free(params->at);
}

static void params_add(struct params *params, const struct param *param)
{
	if (params->n == params->room) {
		struct param *more = g_new(struct param, 2 * params->room);

		memcpy(more, params->at, params->n * sizeof(*more));
		params_clear(params);
		params->at = more;
		params->room *= 2;
	}
	params->at[params->n++] = *param;
}

static void read_params(struct params *params, struct ims_slice rest,
			char separator, bool of_uri)
{
	struct param param = {.of_uri = of_uri};

	while (params->n <= IMS_CHANGE_MAX_PARTS &&
	       ims_sip_param_next(&rest, separator, &param.about)) {
		param.place = params->n;
		params_add(params, &param);
	}
}

/* In their order; to be cleared. */
static void params_fill(struct params *params,
			const struct ims_change_params *from, char separator)
{
	params->at = params->few;
	params->n = 0;
	params->room = FEW;
	read_params(params, from->of_uri, separator, true);
	read_params(params, from->of_field, separator, false);
}

static void params_sort(struct params *params, unsigned from)
{
	if (params->n - from > 1)
		qsort(params->at + from, params->n - from,
		      sizeof(params->at[0]), by_name);
}

/* What is shown of a parameter: its value, or that it stands. */
static struct ims_slice shown_of(const struct param *param)
{
	return param->about.value.len ? param->about.value : param->about.name;
}

static void add_param(const struct ims_change_field *field,
		      const struct param *before, const struct param *after)
{
	const struct ims_slice none = {0};
	const struct param *any = before ? before : after;

	if (!any)
		return;
	ims_change_add(field, any->about.name, before ? shown_of(before) : none,
		       after ? shown_of(after) : none);
}

static bool is_same_value(const struct param *a, const struct param *b)
{
	return a->about.value.len == b->about.value.len &&
	       (!a->about.value.len ||
		ims_slice_equal(a->about.value, b->about.value));
}

/* How many both begin with: mostly all but one or two. Of each name these are
   the first, here and there, so that the rest compares as it would with
   them. */
static unsigned count_same(const struct params *before,
			   const struct params *after)
{
	unsigned n = 0;

	while (n < before->n && n < after->n &&
	       before->at[n].of_uri == after->at[n].of_uri &&
	       ims_slice_equal(before->at[n].about.name,
			       after->at[n].about.name) &&
	       is_same_value(&before->at[n], &after->at[n]))
		n++;
	return n;
}

static void compare(const struct ims_change_field *field, struct params *before,
		    struct params *after)
{
	unsigned i = count_same(before, after);
	unsigned k = i;

	params_sort(before, i);
	params_sort(after, i);
	while (i < before->n || k < after->n) {
		const struct param *x = i < before->n ? &before->at[i] : NULL;
		const struct param *y = k < after->n ? &after->at[k] : NULL;
		int order = !x ? 1 : !y ? -1 : x->of_uri - y->of_uri;

		if (!order)
			order = ims_text_compare_nocase(x->about.name,
							y->about.name);
		if (order || !is_same_value(x, y))
			add_param(field, order <= 0 ? x : NULL,
				  order >= 0 ? y : NULL);
		i += order <= 0;
		k += order >= 0;
	}
}

void ims_change_params(const struct ims_change_field *field,
		       const struct ims_change_params *before,
		       const struct ims_change_params *after, char separator)
{
	struct params x;
	struct params y;

	params_fill(&x, before, separator);
	params_fill(&y, after, separator);
	if (x.n > IMS_CHANGE_MAX_PARTS || y.n > IMS_CHANGE_MAX_PARTS)
		field->list->cut = true;
	else
		compare(field, &x, &y);
	params_clear(&x);
	params_clear(&y);
}
