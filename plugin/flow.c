// SPDX-License-Identifier: GPL-2.0-or-later
#include "sequence.h"

#include "flow.h"
#include "kept.h"
#include "tap.h"
#include "text.h"

/* So many steps a step goes back to where it was in time. */
#define REACH 10000
/* So many hosts have columns of their own; the others have one a role. */
#define OWN_COLUMNS 24
/* The step at which a registration failed, 0xRRGGBB. */
#define FAILING_TEXT   0x000000
#define FAILING_GROUND 0xffafaf

/*
 * "S-CSCF 10.70.2.13"; NULL for neither. A lab has all roles on one address:
 * they are columns of their own all the same.
 */
static char *party_name(const struct ims_party *party)
{
	const char *role = ims_role_name(party->role);
	char host[IMS_ENDPOINT_TEXT];

	ims_address_format(host, &party->endpoint.address);
	if (role && *host)
		return g_strdup_printf("%s %s", role, host);
	return g_strdup(role ? role : *host ? host : "?");
}

static guint n_nodes(const seq_analysis_info_t *info)
{
	guint n = 0;

	while (n < MAX_NUM_NODES && info->nodes[n].type != AT_NONE)
		n++;
	return n;
}

static bool is_node(const seq_analysis_info_t *info, const char *name)
{
	for (guint i = 0; i < n_nodes(info); i++)
		if (strcmp(info->nodes[i].data, name) == 0)
			return true;
	return false;
}

/* The name of a column that is there, or can be. */
static char *column_name(const seq_analysis_info_t *info,
			 const struct ims_party *party)
{
	char *name = party_name(party);
	const char *role = ims_role_name(party->role);

	if (is_node(info, name) || n_nodes(info) < OWN_COLUMNS)
		return name;
	g_free(name);
	return g_strdup(role ? role : "?");
}

static void set_name(address *address, const char *name)
{
	free_address(address);
	alloc_address_wmem(NULL, address, AT_STRINGZ, (int)strlen(name) + 1,
			   name);
}

/* As in a textbook: from the UE to the HSS; hosts without a role last. */
static int rank(const address *node)
{
	const char *name = node->data;
	enum ims_role role;

	if (!ims_role_parse(&role, ims_slice(name, strcspn(name, " "))) ||
	    role == IMS_ROLE_UNKNOWN)
		return IMS_N_ROLES;
	return (int)role;
}

static void order_nodes(seq_analysis_info_t *info)
{
	guint n = n_nodes(info);

	for (guint i = 1; i < n; i++) {
		address moved = info->nodes[i];
		guint k = i;

		for (; k > 0 && rank(&info->nodes[k - 1]) > rank(&moved); k--)
			info->nodes[k] = info->nodes[k - 1];
		info->nodes[k] = moved;
	}
}

/* Wireshark would number the columns as they come: here they are before. */
static void name_columns(seq_analysis_info_t *info, seq_analysis_item_t *item,
			 const struct ims_step *step)
{
	char *from = column_name(info, &step->from);
	char *to = column_name(info, &step->to);

	if (strcmp(from, to) == 0) {
		char *itself = g_strdup_printf("%s (itself)", to);

		g_free(to);
		to = itself;
	}
	set_name(&item->src_addr, from);
	set_name(&item->dst_addr, to);
	if (!is_node(info, from) || !is_node(info, to)) {
		GQueue only = G_QUEUE_INIT, *all = info->items;

		g_queue_push_tail(&only, item);
		info->items = &only;
		sequence_analysis_get_nodes(info);
		info->items = all;
		g_queue_clear(&only);
		order_nodes(info);
	}
	g_free(from);
	g_free(to);
}

/* "401 Unauthorized", "UAA 2001 DIAMETER_SUCCESS". */
static char *label(const struct ims_step *step)
{
	char *message = ims_text(step->message);
	char *detail = ims_text(step->detail);
	char *text = g_strdup_printf("%s%s%s", message ? message : "",
				     detail && *detail ? " " : "",
				     detail ? detail : "");

	g_free(message);
	g_free(detail);
	return text;
}

/* "Registration 3 (rejected), gm: 401 Unauthorized". */
static char *comment(const struct ims_registration *r,
		     const struct ims_step *step, const char *text)
{
	const char *leg = ims_leg_name(step->leg);

	return g_strdup_printf("Registration %" G_GUINT64_FORMAT
			       " (%s)%s%s: %s",
			       r->id, ims_outcome_name(r->outcome),
			       leg ? ", " : "", leg ? leg : "", text);
}

/* Of the steps of an item's frame, which all have the frame's time. */
static int64_t time_of(const struct ims_kept *kept, const GList *link)
{
	const seq_analysis_item_t *item = link->data;
	const struct ims_mention *m;

	/* The first are steps: without one there is no item. */
	if (!ims_kept_mentions(kept, &m, item->frame_number))
		return INT64_MIN;
	return ims_kept_registration(kept, m->item)->steps[m->part].time_ns;
}

/* A capture of several interfaces has its frames out of order. */
static void insert(const struct ims_kept *kept, GQueue *items,
		   seq_analysis_item_t *item, int64_t time_ns)
{
	GList *before = items->tail;

	for (int i = 0; before && i < REACH; i++) {
		if (time_of(kept, before) <= time_ns)
			break;
		before = before->prev;
	}
	if (before)
		g_queue_insert_after(items, before, item);
	else
		g_queue_push_head(items, item);
}

/* What a step is taken from. */
struct frame {
	packet_info *pinfo;
	const struct ims_kept *kept;
	seq_analysis_info_t *info;
};

static void add_step(const struct frame *frame,
		     const struct ims_registration *r,
		     const struct ims_step *step)
{
	seq_analysis_item_t *item = sequence_analysis_create_sai_with_addresses(
		frame->pinfo, frame->info);

	if (!item)
		return;
	item->frame_number = frame->pinfo->num;
	item->port_src = step->from.endpoint.port;
	item->port_dst = step->to.endpoint.port;
	item->frame_label = label(step);
	item->comment = comment(r, step, item->frame_label);
	item->conv_num = (uint16_t)r->id;
	if (step->failing) {
		item->has_color_filter = TRUE;
		item->fg_color = FAILING_TEXT;
		item->bg_color = FAILING_GROUND;
	}
	item->display = TRUE;
	name_columns(frame->info, item, step);
	insert(frame->kept, frame->info->items, item, step->time_ns);
}

/* Steps are drawn frame by frame: they have to be known by then. */
static void ask_for_second_pass(void)
{
	static bool is_said;

	if (!is_said)
		fputs("tshark: -z flow,imsleuth needs two passes: -2\n",
		      stderr);
	is_said = true;
}

static tap_packet_status take_frame(void *data, packet_info *pinfo,
				    epan_dissect_t *edt _U_, const void *told,
				    tap_flags_t flags _U_)
{
	const struct frame frame = {pinfo, told, data};
	const struct ims_mention *m;
	size_t n;

	if (!told) {
		ask_for_second_pass();
		return TAP_PACKET_DONT_REDRAW;
	}
	n = ims_kept_mentions(told, &m, pinfo->num);
	for (size_t i = 0; i < n && m[i].kind == IMS_MENTION_STEP; i++) {
		const struct ims_registration *r =
			ims_kept_registration(told, m[i].item);

		add_step(&frame, r, &r->steps[m[i].part]);
	}
	return TAP_PACKET_REDRAW;
}

void ims_flow_register(int proto)
{
	register_seq_analysis("imsleuth", "IMS Registrations", proto, IMS_TAP,
			      TL_REQUIRES_NOTHING, take_frame);
}
