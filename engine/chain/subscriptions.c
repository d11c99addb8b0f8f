// SPDX-License-Identifier: GPL-2.0-or-later
#include "subscriptions.h"

#include "core.h"
#include "reginfo.h"
#include "sip_scan.h"
#include "subscription_table.h"

/* Longer than any subscription that was ever asked for. */
#define EXPIRES_MAX 100000000
/* One that is over is of use for this long, to who asks what it told. */
#define KEPT (2 * IMS_SIP_TIMEOUT)

struct ims_subscriptions {
	struct ims_subscription_table table;
	GPtrArray *found;	 /* of struct ims_subscription *; scratch */
	struct ims_arena *texts; /* of those */
	uint64_t let_go;
};

/* One that is laid open to be changed. */
struct change {
	struct ims_subscriptions *all;
	struct ims_subscription about;
	struct ims_subscription_record *record; /* it was; NULL: a new one */
	struct ims_arena *arena;		/* of what is new */
};

struct ims_subscriptions *ims_subscriptions_new(void)
{
	struct ims_subscriptions *s = g_new0(struct ims_subscriptions, 1);

	s->found = g_ptr_array_new_with_free_func(g_free);
	return s;
}

void ims_subscriptions_free(struct ims_subscriptions *s)
{
	if (!s)
		return;
	ims_subscription_table_clear(&s->table);
	ims_arena_free(s->texts);
	g_ptr_array_free(s->found, TRUE);
	g_free(s);
}

static void add_found(struct ims_subscriptions *s, GHashTable *seen,
		      struct ims_subscription_record *record)
{
	struct ims_subscription *about;

	if (!g_hash_table_add(seen, record))
		return;
	about = g_new(struct ims_subscription, 1);
	ims_subscription_unpack(about, s->texts, &s->table.records, record);
	g_ptr_array_add(s->found, about);
}

const GPtrArray *ims_subscriptions_of(struct ims_subscriptions *s,
				      const char *const *keys)
{
	struct ims_subscriptions_same same;
	GHashTable *seen;

	g_ptr_array_set_size(s->found, 0);
	ims_arena_free(s->texts);
	s->texts = keys ? ims_arena_new(0) : NULL;
	if (!s->texts)
		return s->found;
	seen = g_hash_table_new(NULL, NULL);
	for (; *keys; keys++) {
		ims_subscription_find_same(&same, &s->table, *keys);
		for (unsigned i = 0; i < same.n; i++)
			add_found(s, seen, same.at[i]);
	}
	g_hash_table_destroy(seen);
	return s->found;
}

uint64_t ims_subscriptions_let_go(const struct ims_subscriptions *s)
{
	return s->let_go;
}

const struct ims_subscription_aor *ims_subscription_aor(
	const struct ims_subscription *subscription, const char *key)
{
	for (unsigned i = 0; i < subscription->n_aors; i++)
		if (strcmp(subscription->aors[i].key, key) == 0)
			return &subscription->aors[i];
	return NULL;
}

/* Of a dialog's texts, two line's ends between them and the NUL. */
#define DIALOG_TEXT (IMS_SUBSCRIPTION_MAX_TEXT + 3)

/* Up to its first NUL, as all that reads a dialog does. */
static char *put_line(char *at, struct ims_slice text)
{
	at = mempcpy(at, text.at, strnlen(text.at, text.len));
	*at = '\n';
	return at + 1;
}

/* Call-ID and both tags (RFC 6665 4.1.2.4): the subscriber's is From's in
   SUBSCRIBE, To's in NOTIFY. Returns false for no dialog, or none that is
   kept. */
static bool write_dialog(char out[DIALOG_TEXT], const struct ims_sip_facts *sip)
{
	bool notify = sip->method == IMS_SIP_METHOD_NOTIFY;
	struct ims_slice subscriber = notify ? sip->to_tag : sip->from_tag;
	struct ims_slice notifier = notify ? sip->from_tag : sip->to_tag;

	if (ims_slice_is_empty(subscriber) || ims_slice_is_empty(notifier) ||
	    sip->call_id.len + subscriber.len + notifier.len >
		    IMS_SUBSCRIPTION_MAX_TEXT)
		return false;
	if (ims_slice_is_set(sip->call_id))
		out = put_line(out, sip->call_id);
	else
		*out++ = '\n';
	out = put_line(out, subscriber);
	out = put_line(out, notifier);
	out[-1] = '\0';
	return true;
}

static struct ims_slice before_parameters(struct ims_slice value)
{
	value.len = ims_sip_find_unquoted(value, ';');
	return ims_slice_trim(value);
}

static int64_t expires_parameter(struct ims_slice value)
{
	static const char name[] = "expires=";
	size_t at = ims_slice_find_nocase(value, name);
	uint64_t seconds;

	if (at >= value.len)
		return -1;
	at += strlen(name);
	value = before_parameters(ims_slice(value.at + at, value.len - at));
	return ims_slice_to_uint(value, EXPIRES_MAX, &seconds)
		       ? (int64_t)seconds
		       : -1;
}

static void end(int64_t *ended_ns, int64_t time_ns)
{
	*ended_ns = MIN(*ended_ns, time_ns);
}

static void grant(int64_t *expires_ns, int64_t *ended_ns, int64_t seconds,
		  int64_t time_ns)
{
	if (seconds == 0)
		end(ended_ns, time_ns);
	if (seconds >= 0)
		*expires_ns = time_ns + MIN(seconds, EXPIRES_MAX) * IMS_SECOND;
}

static void make_room_of(struct ims_subscriptions *s, const char *key)
{
	struct ims_subscription_record *oldest;
	struct ims_subscriptions_same same;

	ims_subscription_find_same(&same, &s->table, key);
	if (same.n < IMS_SUBSCRIPTIONS_SAME_AOR)
		return;
	oldest = same.at[0];
	for (unsigned i = 1; i < same.n; i++)
		if (same.at[i]->last_ns < oldest->last_ns)
			oldest = same.at[i];
	ims_subscription_remove(&s->table, oldest);
}

/* The key of it; NULL: it is none, or none that is kept. */
static const char *key_of(struct ims_arena *arena, struct ims_slice uri)
{
	struct ims_identity identity;
	char *key;

	if (uri.len > IMS_SUBSCRIPTION_MAX_TEXT ||
	    !ims_identity_read(&identity, uri))
		return NULL;
	key = ims_arena_take(arena, uri.len + 1);
	if (key)
		ims_identity_write(key, &identity);
	return key;
}

static struct ims_subscription_aor *aor_get(struct change *change,
					    struct ims_slice uri)
{
	struct ims_subscription *about = &change->about;
	const char *key = key_of(change->arena, uri);
	struct ims_subscription_aor *aor;

	if (!key)
		return NULL;
	aor = (struct ims_subscription_aor *)ims_subscription_aor(about, key);
	if (aor || about->n_aors == IMS_SUBSCRIPTION_MAX_AORS)
		return aor;
	make_room_of(change->all, key);
	aor = &about->aors[about->n_aors++];
	*aor = (struct ims_subscription_aor){.key = key, .terminated_ns = -1};
	return aor;
}

/* RFC 3680 5.1: a full document lists all there is. */
static void end_unlisted(struct ims_subscription *about,
			 const bool listed[IMS_SUBSCRIPTION_MAX_AORS],
			 int64_t time_ns)
{
	for (unsigned i = 0; i < about->n_aors; i++) {
		if (listed[i])
			continue;
		about->aors[i].is_active = false;
		about->aors[i].terminated_ns = time_ns;
	}
}

static void take_registrations(struct change *change,
			       const struct ims_reginfo *reginfo,
			       int64_t time_ns)
{
	bool listed[IMS_SUBSCRIPTION_MAX_AORS] = {false};

	for (size_t i = 0; i < reginfo->n_registrations; i++) {
		const struct ims_reginfo_registration *registration =
			&reginfo->registrations[i];
		struct ims_subscription_aor *aor =
			aor_get(change, registration->aor);

		if (!aor)
			continue;
		listed[aor - change->about.aors] = true;
		aor->is_active = registration->is_active;
		if (registration->is_terminated)
			aor->terminated_ns = time_ns;
	}
	if (reginfo->is_full)
		end_unlisted(&change->about, listed, time_ns);
}

/* False: what the NOTIFY says cannot be read. */
static bool take_reginfo(struct change *change, const struct ims_facts *notify)
{
	struct ims_slice xml = notify->sip->reginfo;
	struct ims_reginfo reginfo;

	if (notify->cut || ims_slice_is_empty(xml) ||
	    !ims_reginfo_parse(&reginfo, change->arena, xml) || reginfo.unread)
		return false;
	take_registrations(change, &reginfo, notify->time_ns);
	return true;
}

static void take_leg(struct ims_subscription *about,
		     const struct ims_facts *notify)
{
	struct ims_subscription_leg *leg;

	if (notify->sip->n_vias == 1)
		about->source = notify->source.address;
	for (unsigned i = 0; i < about->n_legs; i++)
		if (ims_address_equal(&about->legs[i].from,
				      &notify->source.address) &&
		    ims_address_equal(&about->legs[i].to,
				      &notify->destination.address))
			return;
	if (about->n_legs == IMS_SUBSCRIPTION_MAX_LEGS)
		return;
	leg = &about->legs[about->n_legs++];
	leg->from = notify->source.address;
	leg->to = notify->destination.address;
}

/* What is said anew, else what was; NULL where neither is. */
static const char *text_of(struct ims_arena *arena, struct ims_slice said,
			   const char *was)
{
	const char *text = NULL;

	if (!ims_slice_is_empty(said) && said.len <= IMS_SUBSCRIPTION_MAX_TEXT)
		text = ims_arena_text(arena, said);
	return text ? text : was;
}

static void set_texts(struct change *change, const struct ims_sip_facts *sip,
		      struct ims_slice state)
{
	struct ims_subscription *about = &change->about;
	struct ims_slice contact = {0};

	if (sip->n_contacts)
		contact = sip->contacts[0].address.host;
	about->subscriber =
		text_of(change->arena, sip->to.uri, about->subscriber);
	about->notifier = text_of(change->arena, contact, about->notifier);
	about->state = text_of(change->arena, state, about->state);
}

/* The header of a NOTIFY that is news. */
static void take_header(struct change *change, const struct ims_facts *notify)
{
	struct ims_subscription *about = &change->about;
	const struct ims_sip_facts *sip = notify->sip;
	struct ims_slice state = before_parameters(sip->subscription_state);

	/* RFC 3261 12.2.1.1: one more each; the others were not captured. */
	if (about->n_legs && sip->cseq > about->last_cseq + 1)
		about->unread_ns = notify->time_ns;
	about->last_cseq = sip->cseq;
	about->last_ns = notify->time_ns;
	about->last_frame = notify->frame;
	about->last_answered = false;
	about->n_legs = 0;
	set_texts(change, sip, state);
	grant(&about->expires_ns, &about->ended_ns,
	      expires_parameter(sip->subscription_state), notify->time_ns);
	if (ims_slice_is_nocase(state, "terminated"))
		end(&about->ended_ns, notify->time_ns);
}

static bool is_over(const struct ims_subscription_record *record,
		    int64_t now_ns)
{
	return ims_subscription_end(record) < now_ns - KEPT;
}

static void make_room(struct ims_subscription_table *table, uint64_t *let_go,
		      int64_t now_ns)
{
	struct ims_subscription_record *oldest;

	while ((oldest = ims_subscription_oldest(table)) &&
	       is_over(oldest, now_ns))
		ims_subscription_remove(table, oldest);
	if (!oldest || table->n < IMS_SUBSCRIPTIONS_MAX)
		return;
	ims_subscription_remove(table, oldest);
	(*let_go)++;
}

static void notified(struct change *change, const struct ims_facts *notify)
{
	struct ims_subscription *about = &change->about;

	if (!about->n_legs || notify->sip->cseq > about->last_cseq) {
		take_header(change, notify);
		if (!take_reginfo(change, notify))
			about->unread_ns = notify->time_ns;
	}
	take_leg(about, notify);
}

static void settle(struct change *change, const char *dialog)
{
	ims_subscription_put(&change->all->table, change->record,
			     &change->about, dialog);
}

static bool is_of_reg(const struct ims_sip_facts *sip)
{
	return ims_slice_is_nocase(before_parameters(sip->event), "reg");
}

/* A NOTIFY of a dialog that is not known: the first that can be read. */
static void begin(struct change *change, const char *dialog,
		  const struct ims_facts *notify)
{
	if (ims_slice_is_empty(notify->sip->reginfo))
		return;
	make_room(&change->all->table, &change->all->let_go, notify->time_ns);
	change->about = (struct ims_subscription){
		.since_ns = notify->time_ns,
		.expires_ns = -1,
		.ended_ns = INT64_MAX,
		.unread_ns = -1,
	};
	notified(change, notify);
	if (change->about.n_aors)
		settle(change, dialog);
}

static void lay_open(struct change *change)
{
	ims_subscription_unpack(&change->about, change->arena,
				&change->all->table.records, change->record);
}

/* One of a dialog that is, unless it is older than the last. */
static void go_on(struct change *change, const char *dialog,
		  const struct ims_facts *notify)
{
	lay_open(change);
	if (notify->sip->cseq < change->about.last_cseq)
		return;
	notified(change, notify);
	settle(change, dialog);
}

static void apply_notify(struct ims_subscriptions *s, const char *dialog,
			 struct ims_subscription_record *record,
			 const struct ims_facts *notify)
{
	struct change change = {.all = s, .record = record};

	change.arena = ims_arena_new(notify->sip->reginfo.len);
	if (change.arena && record)
		go_on(&change, dialog, notify);
	else if (change.arena)
		begin(&change, dialog, notify);
	ims_arena_free(change.arena);
}

/* But for a plain one. */
static void notify_answered(struct ims_subscription *about,
			    const struct ims_facts *answer)
{
	const struct ims_sip_facts *sip = answer->sip;

	if (sip->status < 200 || sip->cseq < about->last_cseq)
		return;
	/* The answer proves the NOTIFY that the capture lacks. */
	if (sip->cseq > about->last_cseq)
		about->unread_ns = answer->time_ns;
	/* RFC 6665 4.2.2: a NOTIFY that fails ends the subscription. */
	if (sip->status >= 300)
		end(&about->ended_ns, answer->time_ns);
}

static void subscribed(struct ims_subscription *about,
		       const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;

	if (sip->is_request) {
		if (sip->expires == 0)
			end(&about->ended_ns, facts->time_ns);
	} else if (sip->status == 481) {
		end(&about->ended_ns, facts->time_ns);
	} else if (sip->status >= 200 && sip->status < 300) {
		grant(&about->expires_ns, &about->ended_ns, sip->expires,
		      facts->time_ns);
	}
}

/* What was sent last was answered, which is what most answers say. */
static bool is_plain_answer(const struct ims_subscription_record *record,
			    const struct ims_sip_facts *sip)
{
	return sip->status >= 200 && sip->status < 300 &&
	       sip->cseq == ims_subscription_last_cseq(record);
}

/* An answer to a NOTIFY, or what is of a SUBSCRIBE. */
static void apply_other(struct ims_subscriptions *s, const char *dialog,
			struct ims_subscription_record *record,
			const struct ims_facts *facts)
{
	struct change change = {.all = s, .record = record};
	struct ims_subscription was;

	change.arena = ims_arena_new(0);
	if (!change.arena)
		return;
	lay_open(&change);
	was = change.about;
	if (facts->sip->method == IMS_SIP_METHOD_NOTIFY)
		notify_answered(&change.about, facts);
	else
		subscribed(&change.about, facts);
	if (change.about.expires_ns != was.expires_ns ||
	    change.about.ended_ns != was.ended_ns ||
	    change.about.unread_ns != was.unread_ns)
		settle(&change, dialog);
	ims_arena_free(change.arena);
}

void ims_subscriptions_apply(struct ims_subscriptions *s,
			     const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;
	bool notify = sip->method == IMS_SIP_METHOD_NOTIFY;
	struct ims_subscription_record *record;
	char dialog[DIALOG_TEXT];

	if (!sip->has_cseq ||
	    (!notify && sip->method != IMS_SIP_METHOD_SUBSCRIBE) ||
	    (notify && sip->is_request && !is_of_reg(sip)))
		return;
	if (!write_dialog(dialog, sip))
		return;
	record = ims_subscription_find(&s->table, dialog);
	if (notify && sip->is_request)
		apply_notify(s, dialog, record, facts);
	else if (record && notify && is_plain_answer(record, sip))
		record->last_answered = true;
	else if (record)
		apply_other(s, dialog, record, facts);
}
