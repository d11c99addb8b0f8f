// SPDX-License-Identifier: GPL-2.0-or-later
#include "series.h"

#include <errno.h>
#include <stdio.h>

/* Analyses begun before their turn, each with a report that is not written
   yet: so many times the threads. */
#define AHEAD 2

/* One capture. */
struct job {
	struct ims_analysis *analysis;
	FILE *own; /* what its report is written to; NULL: to the output */
	bool is_read;
};

struct series {
	const struct ims_inputs *inputs;
	const struct ims_cli_options *options;
	const struct ims_report_options *report;
	struct ims_progress *progress;
	struct job *jobs; /* one a capture */
	guint n_jobs;
	guint n_begun;
	unsigned n_threads; /* for analyses; more than one: side by side */
	unsigned n_threads_each;
	GThreadPool *pool;
	GMutex lock; /* of is_read */
	GCond changed;
};

/* Returns errno, or 0. */
static int begin(struct series *series, guint i)
{
	struct job *job = &series->jobs[i];
	struct ims_report_options report = *series->report;
	const struct ims_analysis_input input = {
		.files = (const char *const *)series->inputs->files->pdata + i,
		.offsets_ns = series->inputs->offsets_ns + i,
		.n_files = 1,
	};

	if (series->n_threads > 1) {
		job->own = tmpfile();
		if (!job->own)
			return errno;
		report.out = job->own;
	}
	report.heading = input.files[0];
	job->analysis =
		ims_analysis_new(&input, series->options, &report,
				 series->progress, series->n_threads_each);
	return 0;
}

static void run_job(gpointer data, gpointer user)
{
	struct series *series = user;
	struct job *job = data;

	ims_analysis_read(job->analysis);
	g_mutex_lock(&series->lock);
	job->is_read = true;
	g_cond_signal(&series->changed);
	g_mutex_unlock(&series->lock);
}

/* Begins those whose turn is near. Returns errno, or 0. */
static int begin_until(struct series *series, guint end)
{
	int error = 0;

	while (!error && series->n_begun < MIN(end, series->n_jobs)) {
		struct job *job = &series->jobs[series->n_begun];

		error = begin(series, series->n_begun);
		if (error)
			break;
		series->n_begun++;
		if (series->pool)
			g_thread_pool_push(series->pool, job, NULL);
		else
			run_job(job, series);
	}
	return error;
}

static void wait_for(struct series *series, const struct job *job)
{
	g_mutex_lock(&series->lock);
	while (!job->is_read)
		g_cond_wait(&series->changed, &series->lock);
	g_mutex_unlock(&series->lock);
}

/* Appends all of `from` to `to`, and closes it. Returns errno, or 0. */
static int move(FILE *to, FILE *from)
{
	char buffer[16384];
	size_t n;
	int error = 0;

	rewind(from);
	errno = 0;
	while (!error && (n = fread(buffer, 1, sizeof(buffer), from)) > 0)
		if (fwrite(buffer, 1, n, to) != n)
			error = errno ? errno : EIO;
	if (!error && ferror(from))
		error = EIO;
	fclose(from);
	return error;
}

static void add_result(struct ims_analysis_result *sum,
		       const struct ims_analysis_result *one)
{
	sum->is_whole = sum->is_whole && one->is_whole;
	sum->has_errors = sum->has_errors || one->has_errors;
	if (!sum->write_error)
		sum->write_error = one->write_error;
}

/* Its turn: everything before it is written. */
static void end(struct series *series, struct job *job,
		struct ims_analysis_result *sum)
{
	struct ims_analysis_result result;
	int error;

	wait_for(series, job);
	result = ims_analysis_finish(job->analysis);
	add_result(sum, &result);
	if (!job->own)
		return;
	error = move(series->report->out, job->own);
	if (!sum->write_error)
		sum->write_error = error;
}

static void end_all(struct series *series, struct ims_analysis_result *sum)
{
	const struct ims_report_format *format = series->options->format;
	FILE *out = series->report->out;
	guint ahead = series->pool ? AHEAD * series->n_threads : 1;
	guint i;

	fputs(format->series_start, out);
	for (i = 0; i < series->n_jobs && !sum->write_error; i++) {
		if (i > 0)
			fputs(format->series_between, out);
		sum->write_error = begin_until(series, i + ahead);
		if (i < series->n_begun)
			end(series, &series->jobs[i], sum);
	}
	/* Nobody takes the rest of what was begun. */
	for (guint rest = i; rest < series->n_begun; rest++)
		ims_analysis_stop(series->jobs[rest].analysis);
	for (; i < series->n_begun; i++)
		end(series, &series->jobs[i], sum);
	fputs(format->series_end, out);
}

struct ims_analysis_result ims_series_run(
	const struct ims_inputs *inputs, const struct ims_cli_options *options,
	const struct ims_report_options *report, struct ims_progress *progress,
	unsigned n_threads)
{
	struct ims_analysis_result sum = {.is_whole = true};
	struct series series = {
		.inputs = inputs,
		.options = options,
		.report = report,
		.progress = progress,
		.n_jobs = inputs->files->len,
		.n_threads = MIN(n_threads, inputs->files->len),
		.n_threads_each = 1,
	};

	series.jobs = g_new0(struct job, series.n_jobs);
	g_mutex_init(&series.lock);
	g_cond_init(&series.changed);
	if (series.n_threads == 1)
		series.n_threads_each = n_threads;
	if (series.n_threads > 1)
		series.pool = g_thread_pool_new(
			run_job, &series, (int)series.n_threads, FALSE, NULL);
	end_all(&series, &sum);
	if (series.pool)
		g_thread_pool_free(series.pool, FALSE, TRUE);
	g_mutex_clear(&series.lock);
	g_cond_clear(&series.changed);
	g_free(series.jobs);
	return sum;
}
