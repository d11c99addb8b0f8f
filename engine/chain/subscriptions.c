// SPDX-License-Identifier: GPL-2.0-or-later
#include "subscriptions.h"

#include "core.h"
#include "reginfo.h"
#include "set.h"
#include "sip_scan.h"

/* Longer than any subscription that was ever asked for. */
#define EXPIRES_MAX 100000000
/* One that is over is of use for this long, to who asks what it told. */
#define KEPT (2 * IMS_SIP_TIMEOUT)

struct record {
	struct ims_subscription about; /* first */
	char *texts;		       /* one after another, of `about` */
	GList age;
	uint32_t hash;
	char dialog[];
};

struct ims_subscriptions {
	struct ims_set by_dialog; /* struct record */
	struct ims_index *by_aor;
	GQueue ages; /* the longest silent first */
	uint64_t let_go;
};

struct ims_subscriptions *ims_subscriptions_new(void)
{
	struct ims_subscriptions *s = g_new0(struct ims_subscriptions, 1);

	s->by_aor = ims_index_new();
	g_queue_init(&s->ages);
	return s;
}

static void drop(struct ims_subscriptions *s, struct record *record)
{
	struct ims_subscription *about = &record->about;

	for (unsigned i = 0; i < about->n_aors; i++)
		ims_index_remove(s->by_aor, about->aors[i].key, record);
	ims_set_remove(&s->by_dialog, record->hash, record);
	g_queue_unlink(&s->ages, &record->age);
	g_free(about->aors);
	g_free(about->legs);
	g_free(record->texts);
	g_free(record);
}

void ims_subscriptions_free(struct ims_subscriptions *s)
{
	if (!s)
		return;
	while (s->ages.head)
		drop(s, s->ages.head->data);
	ims_set_clear(&s->by_dialog);
	ims_index_free(s->by_aor);
	g_free(s);
}

const struct ims_values *ims_subscriptions_of(const struct ims_subscriptions *s,
					      const char *key)
{
	return ims_index_find(s->by_aor, key);
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

/* Call-ID and both tags (RFC 6665 4.1.2.4): the subscriber's is From's in
   SUBSCRIBE, To's in NOTIFY. NULL: no dialog, or none that is kept. */
static char *dialog_of(const struct ims_sip_facts *sip)
{
	bool notify = sip->method == IMS_SIP_METHOD_NOTIFY;
	struct ims_slice subscriber = notify ? sip->to_tag : sip->from_tag;
	struct ims_slice notifier = notify ? sip->from_tag : sip->to_tag;

	if (ims_slice_is_empty(subscriber) || ims_slice_is_empty(notifier) ||
	    sip->call_id.len + subscriber.len + notifier.len >
		    IMS_SUBSCRIPTION_MAX_TEXT)
		return NULL;
	return g_strdup_printf("%.*s\n%.*s\n%.*s", IMS_SLICE_ARG(sip->call_id),
			       IMS_SLICE_ARG(subscriber),
			       IMS_SLICE_ARG(notifier));
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

static void end(struct ims_subscription *about, int64_t time_ns)
{
	about->ended_ns = MIN(about->ended_ns, time_ns);
}

static void grant(struct ims_subscription *about, int64_t seconds,
		  int64_t time_ns)
{
	if (seconds == 0)
		end(about, time_ns);
	if (seconds >= 0)
		about->expires_ns =
			time_ns + MIN(seconds, EXPIRES_MAX) * IMS_SECOND;
}

static void make_room_of(struct ims_subscriptions *s, const char *key)
{
	const struct ims_values *same = ims_index_find(s->by_aor, key);
	struct record *oldest;

	if (!same || same->len < IMS_SUBSCRIPTIONS_SAME_AOR)
		return;
	oldest = same->pdata[0];
	for (unsigned i = 1; i < same->len; i++) {
		struct record *other = same->pdata[i];

		if (other->about.last_ns < oldest->about.last_ns)
			oldest = other;
	}
	drop(s, oldest);
}

static struct ims_subscription_aor *aor_get(struct ims_subscriptions *s,
					    struct record *record,
					    struct ims_slice uri)
{
	struct ims_subscription *about = &record->about;
	char *key = ims_identity_key(uri);
	struct ims_subscription_aor *aor;

	aor = key ? (struct ims_subscription_aor *)ims_subscription_aor(about,
									key)
		  : NULL;
	if (!key || aor || about->n_aors == IMS_SUBSCRIPTION_MAX_AORS) {
		g_free(key);
		return aor;
	}
	make_room_of(s, key);
	about->aors = g_renew(struct ims_subscription_aor, about->aors,
			      about->n_aors + 1);
	aor = &about->aors[about->n_aors++];
	*aor = (struct ims_subscription_aor){
		.key = ims_index_add(s->by_aor, key, record),
		.terminated_ns = -1,
	};
	g_free(key);
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

static void take_registrations(struct ims_subscriptions *s,
			       struct record *record,
			       const struct ims_reginfo *reginfo,
			       int64_t time_ns)
{
	bool listed[IMS_SUBSCRIPTION_MAX_AORS] = {false};

	for (size_t i = 0; i < reginfo->n_registrations; i++) {
		const struct ims_reginfo_registration *registration =
			&reginfo->registrations[i];
		struct ims_subscription_aor *aor =
			aor_get(s, record, registration->aor);

		if (!aor)
			continue;
		listed[aor - record->about.aors] = true;
		aor->is_active = registration->is_active;
		if (registration->is_terminated)
			aor->terminated_ns = time_ns;
	}
	if (reginfo->is_full)
		end_unlisted(&record->about, listed, time_ns);
}

/* False: what the NOTIFY says cannot be read. */
static bool take_reginfo(struct ims_subscriptions *s, struct record *record,
			 const struct ims_facts *notify)
{
	struct ims_slice xml = notify->sip->reginfo;
	struct ims_reginfo reginfo;
	struct ims_arena *arena;
	bool read;

	if (notify->cut || ims_slice_is_empty(xml))
		return false;
	arena = ims_arena_new(xml.len);
	read = arena && ims_reginfo_parse(&reginfo, arena, xml) &&
	       !reginfo.unread;
	if (read)
		take_registrations(s, record, &reginfo, notify->time_ns);
	ims_arena_free(arena);
	return read;
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
	about->legs = g_renew(struct ims_subscription_leg, about->legs,
			      about->n_legs + 1);
	leg = &about->legs[about->n_legs++];
	leg->from = notify->source.address;
	leg->to = notify->destination.address;
}

/* What is said anew, else what was; absent where neither is. */
static struct ims_slice text_of(struct ims_slice said, const char *was)
{
	if (ims_slice_is_empty(said) || said.len > IMS_SUBSCRIPTION_MAX_TEXT)
		return ims_slice_of(was);
	return ims_slice(said.at, strnlen(said.at, said.len));
}

static const char *put_text(char **at, struct ims_slice text)
{
	char *start = *at;

	if (!ims_slice_is_set(text))
		return NULL;
	memcpy(start, text.at, text.len);
	start[text.len] = '\0';
	*at += text.len + 1;
	return start;
}

static void set_texts(struct record *record, const struct ims_sip_facts *sip,
		      struct ims_slice state)
{
	struct ims_subscription *about = &record->about;
	struct ims_slice contact = {0};
	struct ims_slice subscriber = text_of(sip->to.uri, about->subscriber);
	struct ims_slice notifier;
	char *texts;
	char *at;

	if (sip->n_contacts)
		contact = sip->contacts[0].address.host;
	notifier = text_of(contact, about->notifier);
	state = text_of(state, about->state);
	at = texts = g_malloc(subscriber.len + notifier.len + state.len + 3);
	about->subscriber = put_text(&at, subscriber);
	about->notifier = put_text(&at, notifier);
	about->state = put_text(&at, state);
	g_free(record->texts);
	record->texts = texts;
}

/* The header of a NOTIFY that is news. */
static void take_header(struct record *record, const struct ims_facts *notify)
{
	struct ims_subscription *about = &record->about;
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
	set_texts(record, sip, state);
	grant(about, expires_parameter(sip->subscription_state),
	      notify->time_ns);
	if (ims_slice_is_nocase(state, "terminated"))
		end(about, notify->time_ns);
}

static bool is_over(const struct ims_subscription *about, int64_t now_ns)
{
	return MIN(about->ended_ns, about->expires_ns) < now_ns - KEPT;
}

static void make_room(struct ims_subscriptions *s, int64_t now_ns)
{
	struct record *oldest;

	while (s->ages.head) {
		oldest = s->ages.head->data;
		if (!is_over(&oldest->about, now_ns))
			break;
		drop(s, oldest);
	}
	if (!s->ages.head || s->ages.length < IMS_SUBSCRIPTIONS_MAX)
		return;
	drop(s, s->ages.head->data);
	s->let_go++;
}

static struct record *record_new(struct ims_subscriptions *s,
				 const char *dialog, int64_t time_ns)
{
	size_t size = strlen(dialog) + 1;
	struct record *record = g_malloc0(sizeof(*record) + size);

	make_room(s, time_ns);
	record->about.since_ns = time_ns;
	record->about.expires_ns = -1;
	record->about.ended_ns = INT64_MAX;
	record->about.unread_ns = -1;
	memcpy(record->dialog, dialog, size);
	record->hash = ims_set_hash_of(ims_slice(dialog, size - 1));
	record->age.data = record;
	ims_set_add(&s->by_dialog, record->hash, record);
	g_queue_push_tail_link(&s->ages, &record->age);
	return record;
}

static void notified(struct ims_subscriptions *s, struct record *record,
		     const struct ims_facts *notify)
{
	struct ims_subscription *about = &record->about;

	if (about->n_legs && notify->sip->cseq < about->last_cseq)
		return;
	if (!about->n_legs || notify->sip->cseq > about->last_cseq) {
		take_header(record, notify);
		if (!take_reginfo(s, record, notify))
			about->unread_ns = notify->time_ns;
	}
	take_leg(about, notify);
	g_queue_unlink(&s->ages, &record->age);
	g_queue_push_tail_link(&s->ages, &record->age);
}

static bool is_of_reg(const struct ims_sip_facts *sip)
{
	return ims_slice_is_nocase(before_parameters(sip->event), "reg");
}

/* A NOTIFY of a dialog that is not known: the first that can be read. */
static void begin(struct ims_subscriptions *s, const char *dialog,
		  const struct ims_facts *notify)
{
	struct record *record;

	if (ims_slice_is_empty(notify->sip->reginfo))
		return;
	record = record_new(s, dialog, notify->time_ns);
	notified(s, record, notify);
	if (record->about.n_aors == 0)
		drop(s, record);
}

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
		end(about, answer->time_ns);
	else if (sip->cseq == about->last_cseq)
		about->last_answered = true;
}

static void subscribed(struct ims_subscription *about,
		       const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;

	if (sip->is_request) {
		if (sip->expires == 0)
			end(about, facts->time_ns);
	} else if (sip->status == 481) {
		end(about, facts->time_ns);
	} else if (sip->status >= 200 && sip->status < 300) {
		grant(about, sip->expires, facts->time_ns);
	}
}

static bool is_of(const void *value, const void *dialog)
{
	return strcmp(((const struct record *)value)->dialog, dialog) == 0;
}

static struct record *find(const struct ims_subscriptions *s,
			   const char *dialog)
{
	return ims_set_find(&s->by_dialog,
			    ims_set_hash_of(ims_slice_of(dialog)), is_of,
			    dialog);
}

void ims_subscriptions_apply(struct ims_subscriptions *s,
			     const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = facts->sip;
	bool notify = sip->method == IMS_SIP_METHOD_NOTIFY;
	struct record *record;
	char *dialog;

	if (!sip->has_cseq ||
	    (!notify && sip->method != IMS_SIP_METHOD_SUBSCRIBE) ||
	    (notify && sip->is_request && !is_of_reg(sip)))
		return;
	dialog = dialog_of(sip);
	record = dialog ? find(s, dialog) : NULL;
	if (dialog && !record && notify && sip->is_request)
		begin(s, dialog, facts);
	g_free(dialog);
	if (!record)
		return;
	if (!notify)
		subscribed(&record->about, facts);
	else if (sip->is_request)
		notified(s, record, facts);
	else
		notify_answered(&record->about, facts);
}
