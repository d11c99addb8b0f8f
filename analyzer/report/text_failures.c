// SPDX-License-Identifier: GPL-2.0-or-later
#include "text_failures.h"

/* One half of a failure, waiting for the other. */
struct half {
	struct ims_text_failure failure;
	bool is_dropped; /* its registration is not listed */
};

struct ims_text_failures {
	unsigned max_full;
	bool with_ladders;
	ims_text_failure_fn *tell; /* NULL: they are kept */
	void *user;
	GHashTable *halves; /* registration id: struct half */
	GPtrArray *causes;  /* of struct ims_text_cause * */
};

static void free_failure(gpointer data)
{
	struct ims_text_failure *failure = data;

	ims_text_registration_free(failure->registration);
	ims_text_finding_free(failure->finding);
	g_free(failure);
}

static void free_half(gpointer data)
{
	struct half *half = data;

	ims_text_registration_free(half->failure.registration);
	ims_text_finding_free(half->failure.finding);
	g_free(half);
}

static void free_cause(gpointer data)
{
	struct ims_text_cause *cause = data;

	g_ptr_array_free(cause->full, TRUE);
	g_ptr_array_free(cause->named, TRUE);
	g_free(cause);
}

struct ims_text_failures *ims_text_failures_new(unsigned max_full,
						bool with_ladders)
{
	struct ims_text_failures *failures =
		g_new0(struct ims_text_failures, 1);

	failures->max_full = max_full;
	failures->with_ladders = with_ladders;
	failures->halves = g_hash_table_new_full(g_int64_hash, g_int64_equal,
						 g_free, free_half);
	failures->causes = g_ptr_array_new_with_free_func(free_cause);
	return failures;
}

void ims_text_failures_tell(struct ims_text_failures *failures,
			    ims_text_failure_fn *fn, void *user)
{
	failures->tell = fn;
	failures->user = user;
}

static struct ims_text_cause *cause_of(struct ims_text_failures *failures,
				       const struct ims_rule *rule)
{
	struct ims_text_cause *cause;

	for (guint i = 0; i < failures->causes->len; i++) {
		cause = g_ptr_array_index(failures->causes, i);
		if (cause->rule == rule)
			return cause;
	}
	cause = g_new0(struct ims_text_cause, 1);
	cause->rule = rule;
	cause->full = g_ptr_array_new_with_free_func(free_failure);
	cause->named = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(failures->causes, cause);
	return cause;
}

/* Takes it over. */
static void keep_by_cause(struct ims_text_failures *failures,
			  struct ims_text_failure *failure)
{
	const struct ims_text_registration *registration =
		failure->registration;
	struct ims_text_cause *cause = cause_of(failures, registration->cause);

	cause->n_failures++;
	if (cause->full->len < failures->max_full) {
		g_ptr_array_add(cause->full, failure);
		return;
	}
	if (cause->named->len < IMS_TEXT_MAX_NAMED)
		g_ptr_array_add(cause->named, g_strdup(registration->who));
	free_failure(failure);
}

/* Takes over both. */
static void settle(struct ims_text_failures *failures,
		   struct ims_text_registration *registration,
		   struct ims_text_finding *finding)
{
	struct ims_text_failure *failure = g_new0(struct ims_text_failure, 1);

	failure->registration = registration;
	failure->finding = finding;
	if (!failures->tell) {
		keep_by_cause(failures, failure);
		return;
	}
	failures->tell(failures->user, failure);
	free_failure(failure);
}

static struct half *new_half(struct ims_text_failures *failures, uint64_t id)
{
	struct half *half;
	uint64_t *key;

	if (g_hash_table_size(failures->halves) >= IMS_TEXT_MAX_WAITING)
		return NULL;
	half = g_new0(struct half, 1);
	key = g_new(uint64_t, 1);
	*key = id;
	g_hash_table_insert(failures->halves, key, half);
	return half;
}

static struct ims_text_registration *keep(
	const struct ims_text_failures *failures,
	const struct ims_registration *registration)
{
	return ims_text_registration_new(registration, failures->with_ladders);
}

static void wait_for_finding(struct ims_text_failures *failures,
			     const struct ims_registration *registration,
			     bool is_listed)
{
	struct half *half = new_half(failures, registration->id);

	if (half && is_listed)
		half->failure.registration = keep(failures, registration);
	else if (half)
		half->is_dropped = true;
	else if (is_listed)
		settle(failures, keep(failures, registration), NULL);
}

void ims_text_failures_add(struct ims_text_failures *failures,
			   const struct ims_registration *registration,
			   bool is_listed)
{
	struct half *half =
		g_hash_table_lookup(failures->halves, &registration->id);

	if (half && is_listed) {
		settle(failures, keep(failures, registration),
		       g_steal_pointer(&half->failure.finding));
	} else if (!half && registration->cause) {
		wait_for_finding(failures, registration, is_listed);
		return;
	} else if (is_listed) {
		settle(failures, keep(failures, registration), NULL);
	}
	g_hash_table_remove(failures->halves, &registration->id);
}

void ims_text_failures_explain(struct ims_text_failures *failures,
			       const struct ims_finding *finding)
{
	struct half *half =
		g_hash_table_lookup(failures->halves, &finding->registration);

	if (!half) {
		half = new_half(failures, finding->registration);
		if (half)
			half->failure.finding = ims_text_finding_new(finding);
		return;
	}
	if (!half->is_dropped)
		settle(failures, g_steal_pointer(&half->failure.registration),
		       ims_text_finding_new(finding));
	g_hash_table_remove(failures->halves, &finding->registration);
}

static int compare_causes(gconstpointer a, gconstpointer b)
{
	const struct ims_text_cause *left =
		*(const struct ims_text_cause *const *)a;
	const struct ims_text_cause *right =
		*(const struct ims_text_cause *const *)b;

	if (left->n_failures != right->n_failures)
		return left->n_failures > right->n_failures ? -1 : 1;
	if (!left->rule || !right->rule)
		return (left->rule == NULL) - (right->rule == NULL);
	return strcmp(left->rule->slug, right->rule->slug);
}

static int compare_failures(gconstpointer a, gconstpointer b)
{
	const struct ims_text_failure *left =
		*(const struct ims_text_failure *const *)a;
	const struct ims_text_failure *right =
		*(const struct ims_text_failure *const *)b;
	uint64_t x = left->registration->id, y = right->registration->id;

	return (x > y) - (x < y);
}

/* Registrations whose finding never came are listed without it. */
static void settle_halves(struct ims_text_failures *failures)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, failures->halves);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct half *half = value;

		if (half->failure.registration)
			settle(failures,
			       g_steal_pointer(&half->failure.registration),
			       NULL);
	}
	g_hash_table_remove_all(failures->halves);
}

const GPtrArray *ims_text_failures_finish(struct ims_text_failures *failures)
{
	settle_halves(failures);
	g_ptr_array_sort(failures->causes, compare_causes);
	for (guint i = 0; i < failures->causes->len; i++) {
		struct ims_text_cause *cause =
			g_ptr_array_index(failures->causes, i);

		g_ptr_array_sort(cause->full, compare_failures);
	}
	return failures->causes;
}

void ims_text_failures_free(struct ims_text_failures *failures)
{
	g_hash_table_destroy(failures->halves);
	g_ptr_array_free(failures->causes, TRUE);
	g_free(failures);
}
