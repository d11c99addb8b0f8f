// SPDX-License-Identifier: GPL-2.0-or-later
#include "change_words.h"

#include <glib.h>

static void put(GString *out, struct ims_slice text)
{
	g_string_append_len(out, text.at, (gssize)text.len);
}

static void put_party(GString *out, const struct ims_party *by)
{
	const char *role = ims_role_name(by->role);
	char address[IMS_ENDPOINT_TEXT];

	ims_address_format(address, &by->endpoint.address);
	if (role)
		g_string_append_printf(out, "%s ", role);
	if (address[0])
		g_string_append_printf(out, "%s ", address);
}

static void put_value(GString *out, const struct ims_change *c)
{
	struct ims_slice value = c->after.at ? c->after : c->before;

	if (c->kind == IMS_CHANGE_CHANGED) {
		if (!c->before.len || !c->after.len)
			return;
		g_string_append(out, " (");
		put(out, c->before);
		g_string_append(out, " -> ");
		put(out, c->after);
		g_string_append_c(out, ')');
	} else if (value.len && !ims_slice_equal(value, c->element)) {
		g_string_append(out, c->element.at ? "=" : ": ");
		put(out, value);
	}
}

struct ims_slice ims_change_words(const struct ims_party *by,
				  const struct ims_change *change)
{
	GString *out = g_string_new(NULL);
	size_t len;

	put_party(out, by);
	g_string_append_printf(out, "%s ", ims_change_kind_name(change->kind));
	put(out, change->header);
	if (change->element.at) {
		g_string_append(out, ": ");
		put(out, change->element);
	}
	put_value(out, change);
	len = out->len;
	return ims_slice(g_string_free(out, FALSE), len);
}
