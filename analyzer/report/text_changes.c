// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_changes.h"

#include <glib.h>

#include "escape.h"

/* A value is shown beside its name up to this, in bytes. */
#define MAX_VALUE 32
#define MAX_NAME  64

/*
 * Who asks for what, what was agreed, where to reach whom, who one is. Via,
 * Route, Record-Route, charging and what phones say of themselves change on
 * the way in every network.
 */
static const char *const told[] = {
	"Authorization",
	"Contact",
	"Expires",
	"P-Access-Network-Info",
	"P-Asserted-Identity",
	"P-Associated-URI",
	"P-Preferred-Identity",
	"P-Visited-Network-ID",
	"Path",
	"Proxy-Authenticate",
	"Proxy-Authorization",
	"Proxy-Require",
	"Require",
	"Security-Client",
	"Security-Server",
	"Security-Verify",
	"Service-Route",
	"Supported",
	"Unsupported",
	"WWW-Authenticate",
};

static bool is_told(const struct ims_change *change)
{
	/* Of its parameters only how long it holds: proxies add their own. */
	if (ims_slice_is(change->header, "Contact") && change->element.at)
		return ims_slice_is_nocase(change->element, "expires");
	for (size_t i = 0; i < G_N_ELEMENTS(told); i++)
		if (ims_slice_is(change->header, told[i]))
			return true;
	return false;
}

static void put(GString *out, struct ims_slice text)
{
	bool is_cut = text.len > MAX_NAME;

	ims_escape_append(out, ims_slice(text.at, MIN(text.len, MAX_NAME)));
	if (is_cut)
		g_string_append(out, "...");
}

static bool is_short(struct ims_slice value)
{
	return value.len > 0 && value.len <= MAX_VALUE;
}

/* "=no", " 600 -> 60"; nothing for an option-tag, which is its own value. */
static void put_values(GString *out, const struct ims_change *c)
{
	struct ims_slice value = c->after.at ? c->after : c->before;

	if (c->kind == IMS_CHANGE_CHANGED) {
		if (!is_short(c->before) || !is_short(c->after))
			return;
		g_string_append_c(out, ' ');
		put(out, c->before);
		g_string_append(out, " -> ");
		put(out, c->after);
	} else if (c->element.at && is_short(value) &&
		   !ims_slice_equal(value, c->element)) {
		g_string_append_c(out, '=');
		put(out, value);
	}
}

static bool is_same_field(const struct ims_change *a,
			  const struct ims_change *b)
{
	return a && a->kind == b->kind && ims_slice_equal(a->header, b->header);
}

/* One more; `last` is the one before it in the line. */
static void put_change(GString *out, const struct ims_change *last,
		       const struct ims_change *c)
{
	if (is_same_field(last, c) && last->element.at) {
		g_string_append(out, ", ");
	} else {
		g_string_append(out, last ? "; " : "");
		put(out, c->header);
		if (c->element.at)
			g_string_append(out, ": ");
	}
	if (c->element.at)
		put(out, c->element);
	put_values(out, c);
}

static void put_kind(GString *out, const struct ims_changes *changes,
		     enum ims_change_kind kind, unsigned *n)
{
	const struct ims_change *last = NULL;

	for (size_t i = 0; i < changes->n; i++) {
		const struct ims_change *c = &changes->at[i];
		/* Values of one list, which are too long to be shown. */
		bool is_known = is_same_field(last, c) && !c->element.at;

		if (c->kind != kind || !is_told(c) || is_known)
			continue;
		if ((*n)++ >= IMS_TEXT_MAX_CHANGES)
			continue;
		if (!last)
			g_string_append_printf(out, "%s%c ",
					       out->len ? "\n" : "",
					       "+-~"[kind]);
		put_change(out, last, c);
		last = c;
	}
}

char *ims_text_changes(const struct ims_changes *changes)
{
	GString *out;
	unsigned n = 0;

	if (!changes)
		return NULL;
	out = g_string_new(NULL);
	put_kind(out, changes, IMS_CHANGE_ADDED, &n);
	put_kind(out, changes, IMS_CHANGE_REMOVED, &n);
	put_kind(out, changes, IMS_CHANGE_CHANGED, &n);
	if (n > IMS_TEXT_MAX_CHANGES || (n && changes->cut))
		g_string_append(out, "; ...");
	if (n)
		return g_string_free(out, FALSE);
	g_string_free(out, TRUE);
	return NULL;
}
