// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "host.h"
#include "menu.h"
#include "session.h"
#include "tables.h"

#define FIELD "imsleuth.registration"

/* "3", or "3, 4" for a frame that is a packet of several; "": of none. */
static GString *registrations_of(const struct ims_kept *kept, uint32_t frame)
{
	GArray *found = ims_kept_registrations_at(kept, frame);
	GString *ids = g_string_new(NULL);

	for (guint i = 0; i < found->len; i++) {
		const struct ims_registration *r = ims_kept_registration(
			kept, g_array_index(found, size_t, i));

		g_string_append_printf(ids, "%s%" G_GUINT64_FORMAT,
				       i ? ", " : "", r->id);
	}
	g_array_free(found, TRUE);
	return ids;
}

/* NULL: the frame is of no registration. To be freed by g_free. */
static char *filter_of(uint32_t frame)
{
	const struct ims_kept *kept = ims_session_kept();
	char *filter = NULL;
	GString *ids;

	if (!kept)
		return NULL;
	ids = registrations_of(kept, frame);
	if (strchr(ids->str, ','))
		filter = g_strdup_printf(FIELD " in {%s}", ids->str);
	else if (ids->len)
		filter = g_strdup_printf(FIELD " == %s", ids->str);
	g_string_free(ids, TRUE);
	return filter;
}

static ims_conversation_has has_registration(
	packet_info *pinfo IMS_CONVERSATION_DATA)
{
	char *filter = filter_of(pinfo->num);

	g_free(filter);
	return filter != NULL;
}

static char *registration_filter(packet_info *pinfo IMS_CONVERSATION_DATA)
{
	return filter_of(pinfo->num);
}

static void *take_number(frame_data *frame, void *number)
{
	*(uint32_t *)number = frame->num;
	return NULL;
}

static void show_registration(ext_menubar_gui_type gui _U_, gpointer object _U_,
			      gpointer data _U_)
{
	uint32_t number = 0;
	char *filter;

	plugin_if_get_frame_data(take_number, &number);
	filter = number ? filter_of(number) : NULL;
	if (filter)
		plugin_if_apply_filter(filter, TRUE);
	else if (number)
		report_warning("Frame %u belongs to no registration.", number);
	else
		report_warning("Select a packet of a registration first.");
	g_free(filter);
}

static void show_filtered(ext_menubar_gui_type gui _U_, gpointer object _U_,
			  gpointer filter)
{
	if (ims_session_kept())
		plugin_if_apply_filter(filter, TRUE);
}

/* As if it had been asked for on the command line. */
static void show_table(ext_menubar_gui_type gui _U_, gpointer object _U_,
		       gpointer command)
{
	if (ims_session_kept() && process_stat_cmd_arg(command))
		start_requested_stats();
}

static void add_tables(ext_menu_t *menu)
{
	for (int i = 0; i < IMS_N_TABLES; i++) {
		enum ims_table table = (enum ims_table)i;

		ext_menubar_add_entry(menu, ims_table_shape(table)->label, NULL,
				      show_table,
				      (gpointer)ims_table_command(table));
	}
}

void ims_menu_register(int proto)
{
	static char failed[] = FIELD " && !(imsleuth.outcome in "
				     "{\"registered\", \"deregistered\"})";
	static char findings[] = "imsleuth.finding";
	ext_menu_t *menu;

	IMS_CONVERSATION_REGISTER("imsleuth", "IMS registration",
				  has_registration, registration_filter);
	if (!ims_host_is_window())
		return;
	menu = ext_menubar_register_menu(proto, "IMS", TRUE);
	ext_menubar_set_parentmenu(menu, "Telephony");
	add_tables(menu);
	ext_menubar_add_separator(menu);
	ext_menubar_add_entry(menu, "&Show this registration",
			      "All packets of the registration that the "
			      "selected one is of",
			      show_registration, NULL);
	ext_menubar_add_entry(menu, "&Only failed registrations", NULL,
			      show_filtered, failed);
	ext_menubar_add_entry(menu, "Only f&indings", NULL, show_filtered,
			      findings);
}
