// SPDX-License-Identifier: GPL-2.0-or-later
#include "summary.h"

#include <glib.h>
#include <math.h>

/* 1 us to 100 s in steps of 1 %. */
#define HISTOGRAM_BUCKETS 1860
#define HISTOGRAM_FIRST	  1000.0 /* ns */
#define HISTOGRAM_STEP	  1.01

struct histogram {
	uint64_t n;
	int64_t max_ns;
	uint32_t buckets[HISTOGRAM_BUCKETS];
};

struct command_count {
	const char *command; /* static: the key */
	uint64_t count;
	uint64_t errors;
	uint64_t unanswered;
	struct histogram latency;
};

struct peer_key {
	struct ims_address address;
	const char *command;
};

struct peer {
	struct peer_key key; /* first: the table knows it by that */
	struct histogram latency;
};

struct ims_counts {
	GHashTable *commands; /* name -> struct command_count */
	GHashTable *peers;    /* struct peer, its own key */
	GHashTable *rules;    /* rule -> struct ims_rule_count */
	struct ims_command_count *command_list;
	struct ims_rule_count *rule_list;
};

static guint peer_hash(gconstpointer key)
{
	const struct peer_key *peer = key;

	return ims_address_hash(&peer->address) ^ g_str_hash(peer->command);
}

static gboolean peer_equal(gconstpointer a, gconstpointer b)
{
	const struct peer_key *x = a;
	const struct peer_key *y = b;

	return ims_address_equal(&x->address, &y->address) &&
	       strcmp(x->command, y->command) == 0;
}

struct ims_counts *ims_counts_new(void)
{
	struct ims_counts *counts = g_new0(struct ims_counts, 1);

	counts->commands =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	counts->peers =
		g_hash_table_new_full(peer_hash, peer_equal, g_free, NULL);
	counts->rules = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	return counts;
}

void ims_counts_free(struct ims_counts *counts)
{
	if (!counts)
		return;
	g_hash_table_destroy(counts->commands);
	g_hash_table_destroy(counts->peers);
	g_hash_table_destroy(counts->rules);
	g_free(counts->command_list);
	g_free(counts->rule_list);
	g_free(counts);
}

static void histogram_add(struct histogram *h, int64_t ns)
{
	double bucket = 0;

	if (ns < 0)
		ns = 0;
	if ((double)ns > HISTOGRAM_FIRST)
		bucket =
			log((double)ns / HISTOGRAM_FIRST) / log(HISTOGRAM_STEP);
	if (bucket > HISTOGRAM_BUCKETS - 1)
		bucket = HISTOGRAM_BUCKETS - 1;
	h->buckets[(size_t)bucket]++;
	h->n++;
	if (ns > h->max_ns)
		h->max_ns = ns;
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
	return (struct peer_key){cx->about.answerer.address, cx->about.command};
}

static struct peer *peer_get(struct ims_counts *counts, const struct ims_cx *cx)
{
	struct peer_key key = key_of(cx);
	struct peer *peer = g_hash_table_lookup(counts->peers, &key);

	if (peer || g_hash_table_size(counts->peers) == IMS_COUNTS_MAX_PEERS)
		return peer;
	peer = g_new0(struct peer, 1);
	peer->key = key;
	g_hash_table_add(counts->peers, peer);
	return peer;
}

static void count_latency(struct ims_counts *counts,
			  struct command_count *count, const struct ims_cx *cx)
{
	int64_t ns = cx->about.answer_time_ns - cx->about.request_time_ns;
	struct peer *peer = peer_get(counts, cx);

	histogram_add(&count->latency, ns);
	if (peer)
		histogram_add(&peer->latency, ns);
}

void ims_counts_exchange(struct ims_counts *counts, const struct ims_cx *cx)
{
	struct command_count *count =
		g_hash_table_lookup(counts->commands, cx->about.command);

	if (!count) {
		count = g_new0(struct command_count, 1);
		count->command = cx->about.command;
		g_hash_table_insert(counts->commands, (char *)cx->about.command,
				    count);
	}
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
	const struct peer *peer = g_hash_table_lookup(counts->peers, &key);
	const struct command_count *count;

	if (peer)
		return histogram_share(&peer->latency, 0.5);
	count = g_hash_table_lookup(counts->commands, cx->about.command);
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
		.command = count->command,
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
	GHashTableIter i;
	gpointer value;
	size_t n = 0;

	summarise_rules(counts, summary);
	counts->command_list =
		g_renew(struct ims_command_count, counts->command_list,
			g_hash_table_size(counts->commands) + 1);
	g_hash_table_iter_init(&i, counts->commands);
	while (g_hash_table_iter_next(&i, NULL, &value))
		counts->command_list[n++] = summarise(value);
	qsort(counts->command_list, n, sizeof(counts->command_list[0]),
	      commands_by_name);
	summary->commands = counts->command_list;
	summary->n_commands = n;
}
