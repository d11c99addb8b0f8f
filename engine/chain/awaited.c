// SPDX-License-Identifier: GPL-2.0-or-later
#include "awaited.h"

#include "check.h"
#include "index.h"
#include "servers.h"
#include "set.h"

/* A server is told at once; what comes later is of another occasion. */
#define WINDOW IMS_SIP_TIMEOUT

struct record {
	struct ims_expectation about; /* first */
	int64_t met_ns;		      /* one came then; -1: none so far */
	int64_t next_ns; /* the UE's next REGISTER; INT64_MAX: none so far */
	bool is_met;	 /* and so in that queue */
	GList age;
	struct ims_few keys; /* of `waiting`, it is among these */
	char texts[];
};

/* What came is asked for since the SAR of a registration that is still open:
   nobody keeps one open for so long. */
#define CAME_KEPT (600 * IMS_SECOND)

/* One third-party REGISTER for an identity. */
struct one {
	char *server; /* as ims_identity_key; NULL: not known */
	int64_t time_ns;
};

/* The last of them for one identity. */
struct came {
	struct one *last; /* a place for each, by count */
	unsigned n;	  /* ever */
	uint32_t hash;
	int64_t newest_ns;
	GList age;
	char identity[]; /* likewise */
};

struct ims_awaited {
	GQueue ages;		   /* of struct record, oldest first */
	GQueue met;		   /* those that one came for, for a while */
	struct ims_index *waiting; /* identity -> records */
	struct ims_set came;	   /* struct came */
	GQueue came_ages;	   /* the longest without one first */
	struct ims_servers servers;
	uint64_t let_go;
};

static unsigned n_kept(const struct came *came)
{
	return MIN(came->n, IMS_AWAITED_CAME_KEPT);
}

static void came_drop(struct ims_awaited *a, struct came *came)
{
	for (unsigned i = 0; i < n_kept(came); i++)
		g_free(came->last[i].server);
	ims_set_remove(&a->came, came->hash, came);
	g_queue_unlink(&a->came_ages, &came->age);
	g_free(came->last);
	g_free(came);
}

static void came_drop_all(struct ims_awaited *a)
{
	while (a->came_ages.head)
		came_drop(a, a->came_ages.head->data);
}

static bool is_for(const void *value, const void *identity)
{
	return ims_identity_is(identity,
			       ((const struct came *)value)->identity);
}

static struct came *came_for(const struct ims_awaited *a,
			     const struct ims_identity *identity)
{
	return ims_set_find(&a->came, identity->hash, is_for, identity);
}

static struct came *came_new(struct ims_awaited *a,
			     const struct ims_identity *identity)
{
	struct came *came =
		g_malloc0(sizeof(*came) + ims_identity_size(identity));

	ims_identity_write(came->identity, identity);
	came->hash = identity->hash;
	came->age.data = came;
	ims_set_add(&a->came, came->hash, came);
	g_queue_push_tail_link(&a->came_ages, &came->age);
	return came;
}

struct ims_awaited *ims_awaited_new(void)
{
	struct ims_awaited *a = g_new0(struct ims_awaited, 1);

	g_queue_init(&a->ages);
	g_queue_init(&a->met);
	a->waiting = ims_index_new(NULL);
	g_queue_init(&a->came_ages);
	return a;
}

static GQueue *queue_of(struct ims_awaited *a, const struct record *record)
{
	return record->is_met ? &a->met : &a->ages;
}

static void drop(struct ims_awaited *a, struct record *record)
{
	for (unsigned i = 0; i < record->keys.n; i++)
		ims_index_remove(a->waiting, record->keys.at[i], record);
	ims_few_clear(&record->keys);
	g_queue_unlink(queue_of(a, record), &record->age);
	g_free(record);
}

static void drop_all(struct ims_awaited *a)
{
	while (a->ages.head)
		drop(a, a->ages.head->data);
	while (a->met.head)
		drop(a, a->met.head->data);
}

void ims_awaited_free(struct ims_awaited *a)
{
	if (!a)
		return;
	drop_all(a);
	ims_index_free(a->waiting);
	came_drop_all(a);
	ims_set_clear(&a->came);
	ims_servers_clear(&a->servers);
	g_free(a);
}

static void forget_old(struct ims_awaited *a, int64_t now_ns)
{
	while (a->came_ages.head) {
		struct came *oldest = a->came_ages.head->data;

		if (now_ns - oldest->newest_ns <= CAME_KEPT)
			return;
		came_drop(a, oldest);
	}
}

static void remember(struct ims_awaited *a, const struct ims_identity *identity,
		     const struct ims_identity *server, int64_t time_ns)
{
	struct came *came;
	struct one *one;

	forget_old(a, time_ns);
	came = came_for(a, identity);
	if (!came) {
		if (a->came.n == IMS_AWAITED_MAX_CAME) {
			a->let_go += a->ages.length;
			came_drop_all(a);
			drop_all(a);
		}
		came = came_new(a, identity);
	}
	if (came->n < IMS_AWAITED_CAME_KEPT)
		came->last = g_renew(struct one, came->last, came->n + 1);
	one = &came->last[came->n % IMS_AWAITED_CAME_KEPT];
	if (came->n++ >= IMS_AWAITED_CAME_KEPT)
		g_free(one->server);
	*one = (struct one){.time_ns = time_ns};
	if (server) {
		one->server = g_malloc(ims_identity_size(server));
		ims_identity_write(one->server, server);
	}
	came->newest_ns = MAX(came->newest_ns, time_ns);
	g_queue_unlink(&a->came_ages, &came->age);
	g_queue_push_tail_link(&a->came_ages, &came->age);
}

/* Whether that server is one that the criteria waiting for it name. */
static bool is_named(const struct ims_few *records,
		     const struct ims_identity *server)
{
	for (unsigned i = 0; server && i < records->n; i++) {
		const struct record *record = records->at[i];

		if (ims_identity_is(server, record->about.server))
			return true;
	}
	return false;
}

/* One that came after the UE's next REGISTER is for that: an S-CSCF tells of
   each at once. */
static void sort_in(struct ims_awaited *a, struct record *record)
{
	bool is_met = record->met_ns >= 0 && record->met_ns < record->next_ns;

	if (is_met == record->is_met)
		return;
	g_queue_unlink(queue_of(a, record), &record->age);
	record->is_met = is_met;
	g_queue_push_tail_link(queue_of(a, record), &record->age);
}

static void drop_met(struct ims_awaited *a, int64_t now_ns)
{
	while (a->met.head) {
		struct record *record = a->met.head->data;

		if (a->met.length <= IMS_AWAITED_MAX &&
		    now_ns - record->about.ok_ns < 2 * WINDOW)
			return;
		drop(a, record);
	}
}

/* What it may be for is met: the criterion of that server, or all of them where
   it names none of theirs. */
static void meet(struct ims_awaited *a, const struct ims_identity *identity,
		 const struct ims_identity *server, int64_t time_ns)
{
	const struct ims_few *found = ims_index_of(a->waiting, identity);
	bool named = found && is_named(found, server);

	for (unsigned i = 0; found && i < found->n; i++) {
		struct record *record = found->at[i];

		if (time_ns <= record->about.ok_ns + WINDOW &&
		    (!named || ims_identity_is(server, record->about.server)) &&
		    (record->met_ns < 0 || time_ns < record->met_ns)) {
			record->met_ns = time_ns;
			sort_in(a, record);
		}
	}
}

/* What the S-CSCF sends from then on may be for this one. */
static void note_next(struct ims_awaited *a, const struct ims_attempt *attempt)
{
	const struct ims_few *found =
		ims_index_of(a->waiting, &attempt->impu_read);

	for (unsigned i = 0; found && i < found->n; i++) {
		struct record *record = found->at[i];

		if (attempt->start_ns > record->about.ok_ns)
			record->next_ns =
				MIN(record->next_ns, attempt->start_ns);
		sort_in(a, record);
	}
}

/* It goes to the ServerName of the criterion (TS 24.229 5.4.1.7): so the name
   and the address are one server's. */
static void note_third_party(struct ims_awaited *a,
			     const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_hop *hop = last ? ims_journey_first(last) : NULL;
	const struct ims_identity *identity = &attempt->impu_read;
	struct ims_identity server;
	bool is_known =
		hop && hop->request &&
		ims_identity_read(&server, hop->request->sip->request_uri.uri);

	if (ims_slice_is_set(identity->user)) {
		remember(a, identity, is_known ? &server : NULL,
			 attempt->start_ns);
		meet(a, identity, is_known ? &server : NULL, attempt->start_ns);
	}
	if (is_known)
		ims_servers_learn(&a->servers, &server,
				  &hop->to.endpoint.address);
}

/* A call too goes to the ServerName, which is its topmost Route (TS 24.229
   5.4.3.2). */
void ims_awaited_note_request(struct ims_awaited *a,
			      const struct ims_journey *journey)
{
	for (unsigned i = 0; a->ages.head && i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];
		const struct ims_sip_facts *sip = ims_sip(hop->request);
		struct ims_identity server;

		if (!sip || hop->from.role != IMS_ROLE_S_CSCF || !sip->routes.n)
			continue;
		if (ims_identity_read(&server, sip->routes.at[0].uri))
			ims_servers_learn(&a->servers, &server,
					  &hop->to.endpoint.address);
	}
}

/* The assignment of a first registration with the profile it brought. */
static const struct ims_cx *first_assignment(const struct ims_attempt *attempt)
{
	const struct ims_cx *sa =
		ims_attempt_exchange(attempt, IMS_COMMAND_SA, INT64_MAX);
	const struct ims_profile *profile;

	if (!sa || !sa->request || !sa->answer || !ims_cx_succeeded(sa) ||
	    sa->request->diameter->assignment_type != 1)
		return NULL;
	profile = &sa->answer->diameter->profile;
	return profile->well_formed && profile->is_subscription ? sa : NULL;
}

/* A first registration, and its profile's identities, each once. */
struct first {
	const struct ims_attempt *attempt;
	const struct ims_cx *sa;
	const struct ims_profile *profile;
	struct ims_identity identities[IMS_AWAITED_MAX_IDENTITIES];
	unsigned n_identities;
};

/* The profile's entry for what was registered; NULL: none, or barred. */
static const struct ims_profile_identity *registered_identity(
	const struct ims_profile *profile, const struct ims_identity *identity)
{
	for (size_t i = 0; i < profile->n_identities; i++) {
		const struct ims_profile_identity *one =
			&profile->identities[i];
		struct ims_identity read;

		if (ims_identity_read(&read, one->uri) &&
		    ims_identity_equal(&read, identity))
			return one->barred ? NULL : one;
	}
	return NULL;
}

static bool holds(const struct first *first,
		  const struct ims_identity *identity)
{
	for (unsigned i = 0; i < first->n_identities; i++)
		if (ims_identity_equal(&first->identities[i], identity))
			return true;
	return false;
}

static void take_identities(struct first *first)
{
	const struct ims_profile *profile = first->profile;

	for (size_t i = 0; i < profile->n_identities &&
			   first->n_identities < IMS_AWAITED_MAX_IDENTITIES;
	     i++) {
		struct ims_identity *next =
			&first->identities[first->n_identities];

		if (ims_identity_read(next, profile->identities[i].uri) &&
		    !holds(first, next))
			first->n_identities++;
	}
}

/* Its absence at an earlier registration is known already. */
static bool is_awaited(const struct ims_awaited *a,
		       const struct ims_identity *identity,
		       const struct ims_identity *server)
{
	const struct ims_few *found = ims_index_of(a->waiting, identity);

	for (unsigned i = 0; found && i < found->n; i++) {
		const struct record *record = found->at[i];

		if (!record->is_met &&
		    ims_identity_is(server, record->about.server))
			return true;
	}
	return false;
}

/* Into *at, which goes on behind it; NULL of an absent one. */
static const char *put(char **at, struct ims_slice text)
{
	const char *copy = *at;

	if (!ims_slice_is_set(text))
		return NULL;
	*at = mempcpy(*at, text.at, strnlen(text.at, text.len));
	*(*at)++ = '\0';
	return copy;
}

/* Its texts stand behind it. */
static struct record *record_new(const struct ims_attempt *attempt,
				 const struct ims_identity *server)
{
	struct record *record = g_malloc0(
		sizeof(*record) + attempt->impi.len + attempt->impu.len +
		attempt->call_id.len + 3 + ims_identity_size(server));
	char *at = record->texts;

	record->about.impi = put(&at, attempt->impi);
	record->about.impu = put(&at, attempt->impu);
	record->about.call_id = put(&at, attempt->call_id);
	record->about.server = at;
	ims_identity_write(at, server);
	record->met_ns = -1;
	record->next_ns = INT64_MAX;
	record->age.data = record;
	ims_few_init(&record->keys);
	return record;
}

static void await(struct ims_awaited *a, const struct first *first,
		  const struct ims_identity *server)
{
	const struct ims_attempt *attempt = first->attempt;
	struct record *record;

	if (a->ages.length == IMS_AWAITED_MAX) {
		drop(a, a->ages.head->data);
		a->let_go++;
	}
	record = record_new(attempt, server);
	record->about.scscf = attempt->scscf_node.endpoint.address;
	record->about.profile = first->sa->answer->frame;
	record->about.profile_ns = first->sa->answer->time_ns;
	record->about.ok = attempt->final->frame;
	record->about.ok_ns = attempt->final->time_ns;
	g_queue_push_tail_link(&a->ages, &record->age);
	record->about.n_identities = first->n_identities;
	for (unsigned i = 0; i < first->n_identities; i++) {
		struct ims_few *waiting =
			ims_index_get(a->waiting, &first->identities[i]);

		ims_few_add(waiting, record);
		ims_few_add(&record->keys, waiting);
	}
}

static bool names_server(const struct ims_profile *profile, const char *server)
{
	for (size_t i = 0; server && i < profile->n_ifcs; i++) {
		struct ims_identity named;

		if (ims_identity_read(&named, profile->ifcs[i].server) &&
		    ims_identity_is(&named, server))
			return true;
	}
	return false;
}

/* One that came since is forgotten, and may have been any. */
static bool is_any_forgotten(const struct came *came, int64_t since_ns)
{
	unsigned oldest = came->n % IMS_AWAITED_CAME_KEPT;

	return came->n > IMS_AWAITED_CAME_KEPT &&
	       came->last[oldest].time_ns >= since_ns;
}

/* It came already: to that server, or to one that no criterion names. */
static bool has_come(const struct came *came, const struct first *first,
		     const struct ims_identity *server)
{
	int64_t since_ns = first->sa->request->time_ns;

	if (is_any_forgotten(came, since_ns))
		return true;
	for (unsigned i = 0; i < n_kept(came); i++) {
		const struct one *one = &came->last[i];

		if (one->time_ns >= since_ns &&
		    ((one->server && ims_identity_is(server, one->server)) ||
		     !names_server(first->profile, one->server)))
			return true;
	}
	return false;
}

static bool has_come_for_any(const struct ims_awaited *a,
			     const struct first *first,
			     const struct ims_identity *server)
{
	for (unsigned i = 0; i < first->n_identities; i++) {
		const struct came *came = came_for(a, &first->identities[i]);

		if (came && has_come(came, first, server))
			return true;
	}
	return false;
}

static void note_criteria(struct ims_awaited *a, const struct first *first,
			  const struct ims_profile_identity *own)
{
	for (size_t i = 0; i < first->profile->n_ifcs; i++) {
		const struct ims_profile_ifc *ifc = &first->profile->ifcs[i];
		struct ims_identity server;

		if (ifc->on_first_register &&
		    ifc->service_profile == own->service_profile &&
		    ims_identity_read(&server, ifc->server) &&
		    !is_awaited(a, &first->attempt->impu_read, &server) &&
		    !has_come_for_any(a, first, &server))
			await(a, first, &server);
	}
}

static void note_registration(struct ims_awaited *a,
			      const struct ims_attempt *attempt)
{
	struct first first = {.attempt = attempt,
			      .sa = first_assignment(attempt)};
	const struct ims_profile_identity *own;

	if (!first.sa)
		return;
	first.profile = &first.sa->answer->diameter->profile;
	own = registered_identity(first.profile, &attempt->impu_read);
	if (!own)
		return;
	take_identities(&first);
	note_criteria(a, &first, own);
}

void ims_awaited_note(struct ims_awaited *a, const struct ims_attempt *attempt)
{
	if (attempt->kind == IMS_KIND_THIRD_PARTY) {
		note_third_party(a, attempt);
		return;
	}
	note_next(a, attempt);
	drop_met(a, attempt->start_ns);
	if (attempt->kind == IMS_KIND_INITIAL && attempt->ims &&
	    attempt->outcome == IMS_OUTCOME_REGISTERED && attempt->final &&
	    attempt->scscf_node.endpoint.address.family)
		note_registration(a, attempt);
}

/* By a third-party REGISTER that went to it, else its name is an address. */
static void find_address(const struct ims_awaited *a, struct record *record)
{
	struct ims_identity name = ims_identity_of_key(record->about.server);
	const struct ims_address *known = ims_servers_find(&a->servers, &name);
	const char *at = strrchr(record->about.server, '@');
	const char *host = at ? at + 1 : record->about.server;
	const char *colon = strrchr(host, ':');
	struct ims_address *address = &record->about.address;

	if (known)
		*address = *known;
	else if (!ims_address_parse(address, ims_slice_of(host)) && colon)
		(void)!ims_address_parse(
			address, ims_slice(host, (size_t)(colon - host)));
}

const struct ims_expectation *ims_awaited_next(
	struct ims_awaited *a, const struct ims_expectation *before)
{
	GList *link = before ? ((const struct record *)before)->age.next
			     : a->ages.head;

	if (!link)
		return NULL;
	find_address(a, link->data);
	return link->data;
}

uint64_t ims_awaited_let_go(const struct ims_awaited *a)
{
	return a->let_go;
}
