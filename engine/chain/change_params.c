// SPDX-License-Identifier: GPL-2.0-or-later
/* The parameters of one value in two copies: n log n, by sorting. */
#include "change_list.h"
#include "change_text.h"
#include "sip_scan.h"

struct param {
	struct ims_sip_param about;
	bool of_uri;
	unsigned place;
};

static gint by_name(gconstpointer a, gconstpointer b)
{
	const struct param *x = a;
	const struct param *y = b;
	int order = x->of_uri - y->of_uri;

	if (!order)
		order = ims_text_compare_nocase(x->about.name, y->about.name);
	return order ? order : (x->place > y->place) - (x->place < y->place);
}

static void read_params(GArray *params, struct ims_slice rest, char separator,
			bool of_uri)
{
	struct param param = {.of_uri = of_uri};

	while (params->len <= IMS_CHANGE_MAX_PARTS &&
	       ims_sip_param_next(&rest, separator, &param.about)) {
		param.place = params->len;
		g_array_append_val(params, param);
	}
}

static GArray *params_new(const struct ims_change_params *from, char separator)
{
	GArray *params = g_array_new(FALSE, FALSE, sizeof(struct param));

	read_params(params, from->of_uri, separator, true);
	read_params(params, from->of_field, separator, false);
	g_array_sort(params, by_name);
	return params;
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

static void compare_sorted(const struct ims_change_field *field,
			   const GArray *before, const GArray *after)
{
	unsigned i = 0;
	unsigned k = 0;

	while (i < before->len || k < after->len) {
		const struct param *x =
			i < before->len
				? &g_array_index(before, struct param, i)
				: NULL;
		const struct param *y =
			k < after->len ? &g_array_index(after, struct param, k)
				       : NULL;
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
	GArray *x = params_new(before, separator);
	GArray *y = params_new(after, separator);

	if (x->len > IMS_CHANGE_MAX_PARTS || y->len > IMS_CHANGE_MAX_PARTS)
		field->list->about.cut = true;
	else
		compare_sorted(field, x, y);
	g_array_free(x, TRUE);
	g_array_free(y, TRUE);
}
