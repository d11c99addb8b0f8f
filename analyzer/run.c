// SPDX-License-Identifier: GPL-2.0-or-later
#include "run.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "analysis.h"
#include "annotation.h"
#include "complain.h"
#include "heap.h"
#include "inputs.h"
#include "output.h"
#include "series.h"
#include "stop.h"

struct run {
	const struct ims_cli_options *options;
	struct ims_inputs inputs;
	struct ims_output output;
	struct ims_annotation annotation;
	struct ims_progress progress;
	struct ims_report_options report;
};

/* Columns of the terminal; 0: unknown. */
static unsigned width_of(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* Of the user's locale; the program's own stays "C". */
static bool is_utf8(void)
{
	locale_t user = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	const char *set = user ? nl_langinfo_l(CODESET, user) : "";
	bool is = g_ascii_strcasecmp(set, "UTF-8") == 0 ||
		  g_ascii_strcasecmp(set, "UTF8") == 0;

	if (user)
		freelocale(user);
	return is;
}

static void set_report_options(struct run *run)
{
	const struct ims_cli_options *o = run->options;
	const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
	int fd = fileno(run->output.file);
	bool is_terminal = isatty(fd) == 1;

	run->report = (struct ims_report_options){
		.out = run->output.file,
		/* no-color.org: set, and not empty. */
		.colour = is_terminal && !(no_colour && *no_colour) && term &&
			  strcmp(term, "dumb") != 0,
		.only_failed = o->only_failed,
		.severity = o->severity,
		.subscriber = o->subscriber,
		.width = is_terminal ? width_of(fd) : 0,
		.ladder = o->ladder,
		.unicode = is_utf8(),
	};
}

/* A second thread is hardly sooner done with one capture, and both together
   take half as much CPU time again: only who asks for it gets it there. */
static unsigned threads_for(const struct run *run)
{
	if (run->options->n_threads)
		return run->options->n_threads;
	return run->inputs.files->len > 1 ? g_get_num_processors() : 1;
}

static struct ims_analysis_result analyse_together(struct run *run)
{
	const struct ims_analysis_input input = {
		.files = (const char *const *)run->inputs.files->pdata,
		.offsets_ns = run->inputs.offsets_ns,
		.n_files = run->inputs.files->len,
		.annotate = run->annotation.annotate,
		.coming = run->inputs.coming,
		.filter = run->options->capture_filter,
	};
	struct ims_analysis *analysis =
		ims_analysis_new(&input, run->options, &run->report,
				 &run->progress, threads_for(run));

	ims_analysis_read(analysis);
	return ims_analysis_finish(analysis);
}

/* Returns errno of what went wrong with the output, or 0. */
static int close_output(struct run *run, int write_error)
{
	if (write_error) {
		ims_output_discard(&run->output);
		return write_error;
	}
	errno = 0;
	if (ims_output_commit(&run->output))
		return 0;
	return errno ? errno : EIO;
}

static enum ims_exit analyse_all(struct run *run)
{
	struct ims_analysis_result result;
	int write_error;
	bool is_annotated;

	if (!run->options->separate || run->inputs.files->len == 1)
		ims_heap_share();
	set_report_options(run);
	if (run->options->separate) {
		result =
			ims_series_run(&run->inputs, run->options, &run->report,
				       &run->progress, threads_for(run));
	} else {
		ims_inputs_estimate(&run->inputs);
		result = analyse_together(run);
	}
	is_annotated = ims_annotation_close(&run->annotation);
	write_error = close_output(run, result.write_error);
	if (write_error) {
		/* Whoever read the pipe had enough: no reason to complain. */
		if (write_error != EPIPE)
			ims_complain(run->output.name, "%s",
				     g_strerror(write_error));
		return IMS_EXIT_FAILED;
	}
	if (!result.is_whole || !run->inputs.is_whole || !is_annotated)
		return IMS_EXIT_FAILED;
	return result.has_errors ? IMS_EXIT_ERRORS : IMS_EXIT_GOOD;
}

static enum ims_exit run_to_output(struct run *run)
{
	const char *path = run->options->output;

	if (path && ims_inputs_hold(&run->inputs, path)) {
		ims_complain_usage(path, "is one of the captures: it would be "
					 "written over");
		return IMS_EXIT_FAILED;
	}
	if (!ims_output_open(&run->output, path)) {
		ims_complain(path, "%s", g_strerror(errno));
		return IMS_EXIT_FAILED;
	}
	if (!ims_annotation_open(&run->annotation, run->options, &run->inputs,
				 &run->output)) {
		ims_output_discard(&run->output);
		return IMS_EXIT_FAILED;
	}
	return analyse_all(run);
}

enum ims_exit ims_run(const struct ims_cli_options *options)
{
	struct run run = {.options = options};
	enum ims_exit status = IMS_EXIT_FAILED;

	ims_progress_init(&run.progress, options->quiet, options->progress);
	if (ims_inputs_find(&run.inputs, options)) {
		run.progress.size = ims_inputs_size(&run.inputs);
		if (run.inputs.coming != IMS_COMING_READ)
			ims_stop_on_signals();
		status = run_to_output(&run);
	}
	ims_inputs_clear(&run.inputs);
	return status;
}
