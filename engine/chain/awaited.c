// SPDX-License-Identifier: GPL-2.0-or-later
#include "awaited.h"

#include "check.h"
#include "index.h"
#include "set.h"

/* A server is told at once; what comes later is of another occasion. */
#define WINDOW IMS_SIP_TIMEOUT

struct record {
	struct ims_expectation about; /* first */
	int64_t met_ns;		      /* one came then; -1: none so far */
	int64_t next_ns; /* the UE's next REGISTER; INT64_MAX: none so far */
	bool is_met;	 /* and so in that queue */
	GList age;
};

/* What came is asked for since the SAR of a registration that is still open:
   nobody keeps one open for so long. */
#define CAME_KEPT (600 * IMS_SECOND)

/* One third-party REGISTER for an identity. */
struct one {
	char *server; /* key; NULL: not known */
	int64_t time_ns;
};

/* The last of them for one identity. */
struct came {
	struct one *last; /* a place for each, by count */
	unsigned n;	  /* ever */
	uint32_t hash;
	int64_t newest_ns;
	GList age;
	char identity[];
};

struct ims_awaited {
	GQueue ages;		   /* of struct record, oldest first */
	GQueue met;		   /* those that one came for, for a while */
	struct ims_index *waiting; /* identity -> records */
	struct ims_set came;	   /* struct came */
	GQueue came_ages;	   /* the longest without one first */
	GHashTable *servers;	   /* server -> struct ims_address */
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
	return strcmp(((const struct came *)value)->identity, identity) == 0;
}

static struct came *came_for(const struct ims_awaited *a, const char *identity)
{
	return ims_set_find(&a->came, ims_set_hash_of(ims_slice_of(identity)),
			    is_for, identity);
}

static struct came *came_new(struct ims_awaited *a, const char *identity)
{
	size_t size = strlen(identity) + 1;
	struct came *came = g_malloc0(sizeof(*came) + size);

	memcpy(came->identity, identity, size);
	came->hash = ims_set_hash_of(ims_slice_of(identity));
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
	a->servers = g_hash_table_new_full(ims_text_hash, g_str_equal, g_free,
					   g_free);
	return a;
}

static GQueue *queue_of(struct ims_awaited *a, const struct record *record)
{
	return record->is_met ? &a->met : &a->ages;
}

static struct ims_few *waiting_for(struct ims_awaited *a, const char *key)
{
	struct ims_identity identity = ims_identity_of_key(key);

	return ims_index_get(a->waiting, &identity);
}

static void drop(struct ims_awaited *a, struct record *record)
{
	for (char **identity = record->about.identities; *identity; identity++)
		ims_index_remove(a->waiting, waiting_for(a, *identity), record);
	g_queue_unlink(queue_of(a, record), &record->age);
	g_free(record->about.impi);
	g_free(record->about.impu);
	g_free(record->about.call_id);
	g_strfreev(record->about.identities);
	g_free(record->about.server);
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
	g_hash_table_destroy(a->servers);
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

static void remember(struct ims_awaited *a, const char *identity,
		     const char *server, int64_t time_ns)
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
	*one = (struct one){g_strdup(server), time_ns};
	came->newest_ns = MAX(came->newest_ns, time_ns);
	g_queue_unlink(&a->came_ages, &came->age);
	g_queue_push_tail_link(&a->came_ages, &came->age);
}

/* Whether that server is one that the criteria waiting for it name. */
static bool is_named(const struct ims_few *records, const char *server)
{
	for (unsigned i = 0; server && i < records->n; i++) {
		const struct record *record = records->at[i];

		if (strcmp(record->about.server, server) == 0)
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
static void meet(struct ims_awaited *a, const char *identity,
		 const char *server, int64_t time_ns)
{
	const struct ims_few *found = ims_index_of_key(a->waiting, identity);
	bool named = found && is_named(found, server);

	for (unsigned i = 0; found && i < found->n; i++) {
		struct record *record = found->at[i];

		if (time_ns <= record->about.ok_ns + WINDOW &&
		    (!named || g_strcmp0(record->about.server, server) == 0) &&
		    (record->met_ns < 0 || time_ns < record->met_ns)) {
			record->met_ns = time_ns;
			sort_in(a, record);
		}
	}
}

/* What the S-CSCF sends from then on may be for this one. */
static void note_next(struct ims_awaited *a, const struct ims_attempt *attempt)
{
	char *identity = ims_identity_key(attempt->impu);
	const struct ims_few *found =
		identity ? ims_index_of_key(a->waiting, identity) : NULL;

	for (unsigned i = 0; found && i < found->n; i++) {
		struct record *record = found->at[i];

		if (attempt->start_ns > record->about.ok_ns)
			record->next_ns =
				MIN(record->next_ns, attempt->start_ns);
		sort_in(a, record);
	}
	g_free(identity);
}

static void learn_server(struct ims_awaited *a, char *server,
			 const struct ims_address *address)
{
	if (g_hash_table_size(a->servers) == IMS_AWAITED_MAX_SERVERS)
		g_hash_table_remove_all(a->servers);
	g_hash_table_replace(a->servers, server,
			     g_memdup2(address, sizeof(*address)));
}

/* It goes to the ServerName of the criterion (TS 24.229 5.4.1.7): so the name
   and the address are one server's. */
static void note_third_party(struct ims_awaited *a,
			     const struct ims_attempt *attempt)
{
	const struct ims_journey *last = ims_attempt_last(attempt);
	const struct ims_hop *hop = last ? ims_journey_first(last) : NULL;
	char *identity = ims_identity_key(attempt->impu);
	char *server =
		hop && hop->request
			? ims_identity_key(hop->request->sip->request_uri.uri)
			: NULL;

	if (identity) {
		remember(a, identity, server, attempt->start_ns);
		meet(a, identity, server, attempt->start_ns);
	}
	g_free(identity);
	if (server)
		learn_server(a, server, &hop->to.endpoint.address);
}

/* A call too goes to the ServerName, which is its topmost Route (TS 24.229
   5.4.3.2). */
void ims_awaited_note_request(struct ims_awaited *a,
			      const struct ims_journey *journey)
{
	for (unsigned i = 0; a->ages.head && i < journey->n_hops; i++) {
		const struct ims_hop *hop = journey->hops[i];
		const struct ims_sip_facts *sip = ims_sip(hop->request);
		char *server;

		if (!sip || hop->from.role != IMS_ROLE_S_CSCF || !sip->routes.n)
			continue;
		server = ims_identity_key(sip->routes.at[0].uri);
		if (server)
			learn_server(a, server, &hop->to.endpoint.address);
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

/* The profile's entry for what was registered; NULL: none, or barred. */
static const struct ims_profile_identity *registered_identity(
	const struct ims_profile *profile, const char *identity)
{
	const struct ims_profile_identity *found = NULL;

	for (size_t i = 0; i < profile->n_identities && !found; i++) {
		char *key = ims_identity_key(profile->identities[i].uri);

		if (key && strcmp(key, identity) == 0)
			found = &profile->identities[i];
		g_free(key);
	}
	return found && !found->barred ? found : NULL;
}

static bool holds(const GPtrArray *keys, const char *key)
{
	for (unsigned i = 0; i < keys->len; i++)
		if (strcmp(keys->pdata[i], key) == 0)
			return true;
	return false;
}

static char **identity_keys(const struct ims_profile *profile)
{
	GPtrArray *keys = g_ptr_array_new();

	for (size_t i = 0; i < profile->n_identities &&
			   keys->len < IMS_AWAITED_MAX_IDENTITIES;
	     i++) {
		char *key = ims_identity_key(profile->identities[i].uri);

		if (key && !holds(keys, key))
			g_ptr_array_add(keys, key);
		else
			g_free(key);
	}
	g_ptr_array_add(keys, NULL);
	return (char **)g_ptr_array_free(keys, FALSE);
}

static char *copy(struct ims_slice s)
{
	return ims_slice_is_set(s) ? g_strndup(s.at, s.len) : NULL;
}

/* Its absence at an earlier registration is known already. */
static bool is_awaited(const struct ims_awaited *a, const char *identity,
		       const char *server)
{
	const struct ims_few *found = ims_index_of_key(a->waiting, identity);

	for (unsigned i = 0; found && i < found->n; i++) {
		const struct record *record = found->at[i];

		if (!record->is_met &&
		    strcmp(record->about.server, server) == 0)
			return true;
	}
	return false;
}

static void await(struct ims_awaited *a, const struct ims_attempt *attempt,
		  const struct ims_cx *sa, char *server)
{
	struct record *record;

	if (a->ages.length == IMS_AWAITED_MAX) {
		drop(a, a->ages.head->data);
		a->let_go++;
	}
	record = g_new0(struct record, 1);
	record->about = (struct ims_expectation){
		.impi = copy(attempt->impi),
		.impu = copy(attempt->impu),
		.call_id = copy(attempt->call_id),
		.identities = identity_keys(&sa->answer->diameter->profile),
		.scscf = attempt->scscf_node.endpoint.address,
		.profile = sa->answer->frame,
		.profile_ns = sa->answer->time_ns,
		.ok = attempt->final->frame,
		.ok_ns = attempt->final->time_ns,
	};
	record->met_ns = -1;
	record->next_ns = INT64_MAX;
	record->about.server = server;
	record->age.data = record;
	g_queue_push_tail_link(&a->ages, &record->age);
	for (char **identity = record->about.identities; *identity; identity++)
		ims_few_add(waiting_for(a, *identity), record);
}

static bool names_server(const struct ims_profile *profile, const char *server)
{
	bool named = false;

	for (size_t i = 0; server && i < profile->n_ifcs && !named; i++) {
		char *key = ims_identity_key(profile->ifcs[i].server);

		named = key && strcmp(key, server) == 0;
		g_free(key);
	}
	return named;
}

/* One that came since is forgotten, and may have been any. */
static bool is_any_forgotten(const struct came *came, int64_t since_ns)
{
	unsigned oldest = came->n % IMS_AWAITED_CAME_KEPT;

	return came->n > IMS_AWAITED_CAME_KEPT &&
	       came->last[oldest].time_ns >= since_ns;
}

/* It came already: to that server, or to one that no criterion names. */
static bool has_come(const struct ims_awaited *a,
		     const struct ims_profile *profile, const char *server,
		     const char *identity, int64_t since_ns)
{
	const struct came *came = came_for(a, identity);

	if (came && is_any_forgotten(came, since_ns))
		return true;
	for (unsigned i = 0; came && i < n_kept(came); i++)
		if (came->last[i].time_ns >= since_ns &&
		    (g_strcmp0(came->last[i].server, server) == 0 ||
		     !names_server(profile, came->last[i].server)))
			return true;
	return false;
}

static bool has_come_for_any(const struct ims_awaited *a,
			     const struct ims_cx *sa, const char *server)
{
	const struct ims_profile *profile = &sa->answer->diameter->profile;
	char **identities = identity_keys(profile);
	bool came = false;

	for (unsigned i = 0; identities[i] && !came; i++)
		came = has_come(a, profile, server, identities[i],
				sa->request->time_ns);
	g_strfreev(identities);
	return came;
}

static void note_registration(struct ims_awaited *a,
			      const struct ims_attempt *attempt)
{
	const struct ims_cx *sa = first_assignment(attempt);
	char *identity = ims_identity_key(attempt->impu);
	const struct ims_profile *profile =
		sa ? &sa->answer->diameter->profile : NULL;
	const struct ims_profile_identity *own =
		sa && identity ? registered_identity(profile, identity) : NULL;

	for (size_t i = 0; own && i < profile->n_ifcs; i++) {
		const struct ims_profile_ifc *ifc = &profile->ifcs[i];
		char *server = ims_identity_key(ifc->server);

		if (server && ifc->on_first_register &&
		    ifc->service_profile == own->service_profile &&
		    !is_awaited(a, identity, server) &&
		    !has_come_for_any(a, sa, server))
			await(a, attempt, sa, server);
		else
			g_free(server);
	}
	g_free(identity);
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
	const struct ims_address *known =
		g_hash_table_lookup(a->servers, record->about.server);
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
