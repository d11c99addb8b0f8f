// SPDX-License-Identifier: GPL-2.0-or-later
#include "ladder_layout.h"

#include <inttypes.h>
#include <string.h>

#define NS_PER_S 1000000000

/* Columns from one lifeline to the next: below the least a head has no room,
   above the most an arrow says no more. */
#define MIN_STEP 4
#define MAX_STEP 24

/* Above a lifeline where its name has no room. */
static const char *const short_names[IMS_N_ROLES] = {
	[IMS_ROLE_UNKNOWN] = "n", [IMS_ROLE_UE] = "UE",
	[IMS_ROLE_P_CSCF] = "P",  [IMS_ROLE_I_CSCF] = "I",
	[IMS_ROLE_S_CSCF] = "S",  [IMS_ROLE_HSS] = "HSS",
	[IMS_ROLE_SLF] = "SLF",	  [IMS_ROLE_DRA] = "DRA",
	[IMS_ROLE_AS] = "AS",	  [IMS_ROLE_MRF] = "MRF",
	[IMS_ROLE_PCRF] = "PCF",  [IMS_ROLE_REGISTRAR] = "reg",
};

#define REST "..."

char *ims_layout_frame(const struct ims_page *page, struct ims_frame frame)
{
	GString *text = g_string_new(NULL);

	ims_page_frame(page, text, frame);
	return g_string_free(text, FALSE);
}

char *ims_layout_time(const struct ims_layout *layout, int64_t offset_ns)
{
	if (strcmp(layout->unit, "ms") == 0)
		return g_strdup_printf("%.1f", (double)offset_ns / 1e6);
	return g_strdup_printf("%.3f", (double)offset_ns / 1e9);
}

static char *name_of(const struct ims_ladder_column *c, bool is_short)
{
	const char *role =
		is_short ? short_names[c->role] : ims_role_name(c->role);
	char *name;

	if (!role)
		role = "node";
	name = c->number == 1 ? g_strdup(role)
			      : g_strdup_printf("%s%s%" PRIu32, role,
						is_short ? "" : " ", c->number);
	return name;
}

/* Of the frames and times that there are. */
static void measure_gutter(struct ims_layout *layout,
			   const struct ims_page *page,
			   const struct ims_ladder *ladder)
{
	layout->unit = ims_ladder_end(ladder) - ladder->start_ns < NS_PER_S
			       ? "ms"
			       : "s";
	layout->time = 2;
	layout->frame = 3; /* with the mark, "frame" fits above */
	for (guint i = 0; i < ladder->rows->len; i++) {
		const struct ims_ladder_row *row = ims_ladder_row(ladder, i);
		char *frame = ims_layout_frame(page, row->frame);
		char *time = ims_layout_time(layout,
					     row->time_ns - ladder->start_ns);

		layout->frame = MAX(layout->frame, (unsigned)strlen(frame));
		layout->time = MAX(layout->time, (unsigned)strlen(time));
		g_free(frame);
		g_free(time);
	}
	layout->gutter = 2 + layout->frame + 2 + layout->time + 2;
}

/* Left and right of its lifeline. */
static unsigned left_of(const char *name)
{
	return (unsigned)(strlen(name) - 1) / 2;
}

static unsigned right_of(const char *name)
{
	return (unsigned)strlen(name) / 2;
}

/* The columns from lifeline to lifeline when `n` have the names; 0: they
   have no room. */
static unsigned step_of(const struct ims_layout *layout, char *const *names,
			unsigned n, unsigned width)
{
	unsigned first = layout->gutter + left_of(names[0]);
	unsigned last = right_of(names[n - 1]) + 1;
	unsigned step;

	if (n == 1)
		return first + last <= width ? MAX_STEP : 0;
	if (first + last > width)
		return 0;
	step = MIN((width - first - last) / (n - 1), MAX_STEP);
	for (unsigned i = 0; i + 1 < n; i++)
		if (right_of(names[i]) + 1 + left_of(names[i + 1]) >= step)
			return 0;
	return step >= MIN_STEP ? step : 0;
}

static char **names_of(const struct ims_ladder *ladder, bool is_short)
{
	char **names = g_new0(char *, ladder->columns->len + 1);

	g_assert(ladder->columns->len > 0); /* steps have ends */
	for (guint i = 0; i < ladder->columns->len; i++)
		names[i] = name_of(ims_ladder_column(ladder, i), is_short);
	return names;
}

/* Takes over `heads`, of which the first `n` stand. */
static void settle(struct ims_layout *layout, char **heads, unsigned n,
		   unsigned step)
{
	layout->heads = heads;
	layout->n_lines = n;
	layout->at = g_new0(unsigned, n);
	for (unsigned i = 0; i < n; i++)
		layout->at[i] = layout->gutter + left_of(heads[0]) + i * step;
}

static void place_lines(struct ims_layout *layout, const struct ims_page *page,
			const struct ims_ladder *ladder)
{
	unsigned n = ladder->columns->len, width = page->ladder_width;
	unsigned step = step_of(layout, layout->names, n, width);
	char **heads;

	if (step) {
		settle(layout, g_strdupv(layout->names), n, step);
		return;
	}
	layout->is_shortened = true;
	heads = names_of(ladder, true);
	while (!(step = step_of(layout, heads, n, width)) && n > 1) {
		n--;
		g_free(heads[n - 1]);
		heads[n - 1] = g_strdup(REST);
	}
	settle(layout, heads, n, step ? step : MIN_STEP);
}

struct ims_layout *ims_layout_new(const struct ims_page *page,
				  const struct ims_ladder *ladder)
{
	struct ims_layout *layout = g_new0(struct ims_layout, 1);

	measure_gutter(layout, page, ladder);
	layout->names = names_of(ladder, false);
	place_lines(layout, page, ladder);
	return layout;
}

void ims_layout_free(struct ims_layout *layout)
{
	if (!layout)
		return;
	g_strfreev(layout->names);
	g_strfreev(layout->heads);
	g_free(layout->at);
	g_free(layout);
}

unsigned ims_layout_place(const struct ims_layout *layout, guint column)
{
	return MIN(column, layout->n_lines - 1);
}

unsigned ims_layout_at(const struct ims_layout *layout, guint column)
{
	return layout->at[ims_layout_place(layout, column)];
}

const char *ims_layout_name(const struct ims_layout *layout, guint column)
{
	return layout->names[column];
}

static void add_addresses(GString *text, const struct ims_ladder_column *c)
{
	for (guint i = 0; i < c->addresses->len; i++) {
		const struct ims_address *a =
			&g_array_index(c->addresses, struct ims_address, i);
		char address[IMS_ENDPOINT_TEXT];

		if (a->family == 0)
			continue;
		g_string_append_printf(text, "%s%s", i ? " and " : " ",
				       ims_address_format(address, a));
	}
	if (c->has_others)
		g_string_append(text, " and others");
}

void ims_layout_add_legend(const struct ims_layout *layout, GString *text,
			   const struct ims_ladder *ladder)
{
	for (guint i = 0; i < ladder->columns->len; i++) {
		const char *head = layout->heads[ims_layout_place(layout, i)];

		g_string_append(text, i ? ", " : "");
		if (strcmp(head, layout->names[i]) != 0)
			g_string_append_printf(text, "%s = ", head);
		g_string_append(text, layout->names[i]);
		add_addresses(text, ims_ladder_column(ladder, i));
	}
}
