// SPDX-License-Identifier: GPL-2.0-or-later
#include "summary.h"

#include <glib.h>
#include <math.h>

#include "diameter_names.h"
#include "set.h"

/* 1 us to 100 s in steps of 1 %. */
#define HISTOGRAM_BUCKETS 1860
#define HISTOGRAM_FIRST	  1000.0 /* ns */
#define HISTOGRAM_STEP	  1.01

struct histogram {
	uint64_t n;
	int64_t max_ns;
	uint32_t buckets[HISTOGRAM_BUCKETS];
};

/* Of the commands that have a name; all others are one. */
#define N_COMMANDS (IMS_COMMAND_RA + 1)

struct command_count {
	enum ims_command command;
	uint64_t count;
	uint64_t errors;
	uint64_t unanswered;
	struct histogram latency;
};

struct peer_key {
	struct ims_address address;
	enum ims_command command;
};

struct peer {
	struct peer_key key; /* first */
	struct histogram latency;
};

struct ims_counts {
	struct command_count *commands[N_COMMANDS]; /* NULL: none so far */
	struct ims_set peers;			    /* struct peer */
	GHashTable *rules; /* rule -> struct ims_rule_count */
	struct ims_command_count *command_list;
	struct ims_rule_count *rule_list;
};

static uint32_t peer_hash(const struct peer_key *key)
{
	return ims_address_hash(&key->address) ^
	       (uint32_t)key->command * 0x9e3779b1u;
}

static bool is_of(const void *value, const void *key)
{
	const struct peer_key *x = value;
	const struct peer_key *y = key;

	return x->command == y->command &&
	       ims_address_equal(&x->address, &y->address);
}

struct ims_counts *ims_counts_new(void)
{
	struct ims_counts *counts = g_new0(struct ims_counts, 1);

	counts->rules = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	return counts;
}

void ims_counts_free(struct ims_counts *counts)
{
	struct peer *peer;
	size_t i = 0;

	if (!counts)
		return;
	while ((peer = ims_set_next(&counts->peers, &i)))
		g_free(peer);
	ims_set_clear(&counts->peers);
	for (i = 0; i < N_COMMANDS; i++)
		g_free(counts->commands[i]);
	g_hash_table_destroy(counts->rules);
	g_free(counts->command_list);
	g_free(counts->rule_list);
	g_free(counts);
}

/* Place of a latency among the buckets. */
static size_t bucket_of(int64_t ns)
{
	double bucket = 0;

	if ((double)ns > HISTOGRAM_FIRST)
		bucket =
			log((double)ns / HISTOGRAM_FIRST) / log(HISTOGRAM_STEP);
	return (size_t)MIN(bucket, HISTOGRAM_BUCKETS - 1);
}

static void histogram_add(struct histogram *h, int64_t ns, size_t bucket)
{
	h->buckets[bucket]++;
	h->n++;
	h->max_ns = MAX(h->max_ns, ns);
}

/* The middle of the bucket that holds the share; never above the largest. */
static int64_t histogram_share(const struct histogram *h, double share)
{
	double wanted = (double)h->n * share;
	uint64_t seen = 0;

	if (h->n == 0)
		return -1;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->buckets[i];
		if ((double)seen >= wanted && h->buckets[i]) {
			double ns = HISTOGRAM_FIRST *
				    pow(HISTOGRAM_STEP, (double)i + 0.5);

			return ns < (double)h->max_ns ? (int64_t)ns : h->max_ns;
		}
	}
	return h->max_ns;
}

static struct peer_key key_of(const struct ims_cx *cx)
{
	return (struct peer_key){cx->about.answerer.address, cx->command};
}

static struct peer *find_peer(const struct ims_counts *counts,
			      const struct peer_key *key)
{
	return ims_set_find(&counts->peers, peer_hash(key), is_of, key);
}

static struct peer *peer_get(struct ims_counts *counts, const struct ims_cx *cx)
{
	struct peer_key key = key_of(cx);
	struct peer *peer = find_peer(counts, &key);

	if (peer || counts->peers.n == IMS_COUNTS_MAX_PEERS)
		return peer;
	peer = g_new0(struct peer, 1);
	peer->key = key;
	ims_set_add(&counts->peers, peer_hash(&key), peer);
	return peer;
}

static void count_latency(struct ims_counts *counts,
			  struct command_count *count, const struct ims_cx *cx)
{
	int64_t ns = cx->about.answer_time_ns - cx->about.request_time_ns;
	size_t bucket = bucket_of(ns);
	struct peer *peer = peer_get(counts, cx);

	histogram_add(&count->latency, ns, bucket);
	if (peer)
		histogram_add(&peer->latency, ns, bucket);
}

static struct command_count *command_get(struct ims_counts *counts,
					 enum ims_command command)
{
	struct command_count **count = &counts->commands[command];

	if (!*count) {
		*count = g_new0(struct command_count, 1);
		(*count)->command = command;
	}
	return *count;
}

void ims_counts_exchange(struct ims_counts *counts, const struct ims_cx *cx)
{
	struct command_count *count = command_get(counts, cx->command);

	count->count++;
	if (!cx->answer)
		count->unanswered++;
	else if (!ims_cx_succeeded(cx))
		count->errors++;
	if (cx->request && cx->answer)
		count_latency(counts, count, cx);
}

static struct ims_rule_count *rule_get(struct ims_counts *counts,
				       const struct ims_rule *rule)
{
	struct ims_rule_count *count = g_hash_table_lookup(counts->rules, rule);

	if (!count) {
		count = g_new0(struct ims_rule_count, 1);
		count->rule = rule;
		g_hash_table_insert(counts->rules, (void *)rule, count);
	}
	return count;
}

void ims_counts_finding(struct ims_counts *counts, const struct ims_rule *rule,
			enum ims_severity severity)
{
	struct ims_rule_count *count = rule_get(counts, rule);

	count->findings++;
	if (severity == IMS_SEVERITY_ERROR)
		count->errors++;
}

void ims_counts_cause(struct ims_counts *counts, const struct ims_rule *rule)
{
	rule_get(counts, rule)->causes++;
}

int64_t ims_counts_median(const struct ims_counts *counts,
			  const struct ims_cx *cx)
{
	struct peer_key key = key_of(cx);
	const struct peer *peer = find_peer(counts, &key);
	const struct command_count *count = counts->commands[cx->command];

	if (peer)
		return histogram_share(&peer->latency, 0.5);
	return count ? histogram_share(&count->latency, 0.5) : -1;
}

static int rules_by_slug(const void *a, const void *b)
{
	const struct ims_rule_count *x = a;
	const struct ims_rule_count *y = b;

	return strcmp(x->rule->slug, y->rule->slug);
}

static int commands_by_name(const void *a, const void *b)
{
	const struct ims_command_count *x = a;
	const struct ims_command_count *y = b;

	return strcmp(x->command, y->command);
}

static void summarise_rules(struct ims_counts *counts,
			    struct ims_summary *summary)
{
	GHashTableIter i;
	gpointer value;
	size_t n = 0;

	counts->rule_list = g_renew(struct ims_rule_count, counts->rule_list,
				    g_hash_table_size(counts->rules) + 1);
	g_hash_table_iter_init(&i, counts->rules);
	while (g_hash_table_iter_next(&i, NULL, &value)) {
		counts->rule_list[n] = *(struct ims_rule_count *)value;
		summary->has_errors |= counts->rule_list[n].errors > 0;
		n++;
	}
	qsort(counts->rule_list, n, sizeof(counts->rule_list[0]),
	      rules_by_slug);
	summary->rules = counts->rule_list;
	summary->n_rules = n;
}

static struct ims_command_count summarise(const struct command_count *count)
{
	bool any = count->latency.n > 0;

	return (struct ims_command_count){
		.command = ims_command_name(count->command, true),
		.count = count->count,
		.errors = count->errors,
		.unanswered = count->unanswered,
		.latency = {histogram_share(&count->latency, 0.5),
			    histogram_share(&count->latency, 0.95),
			    any ? count->latency.max_ns : -1},
	};
}

void ims_counts_summary(struct ims_counts *counts, struct ims_summary *summary)
{
	size_t n = 0;

	summarise_rules(counts, summary);
	counts->command_list = g_renew(struct ims_command_count,
				       counts->command_list, N_COMMANDS);
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (counts->commands[i])
			counts->command_list[n++] =
				summarise(counts->commands[i]);
	qsort(counts->command_list, n, sizeof(counts->command_list[0]),
	      commands_by_name);
	summary->commands = counts->command_list;
	summary->n_commands = n;
}
