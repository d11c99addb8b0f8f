// SPDX-License-Identifier: GPL-2.0-or-later
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define INTERVAL_US 200000

void ims_progress_init(struct ims_progress *progress, bool quiet, bool wanted)
{
	bool is_terminal = isatty(STDERR_FILENO);

	*progress = (struct ims_progress){
		.is_terminal = is_terminal,
		.is_wanted = !quiet && (wanted || is_terminal),
		/* A short run shows nothing. */
		.next_us = g_get_monotonic_time() + INTERVAL_US,
	};
	g_mutex_init(&progress->lock);
}

static bool is_due(struct ims_progress *progress)
{
	int64_t now = g_get_monotonic_time();

	if (now < progress->next_us)
		return false;
	progress->next_us = now + INTERVAL_US;
	return true;
}

static void show(struct ims_progress *progress)
{
	const char *start = progress->is_terminal ? "\r" : "imsleuth: ";
	const char *end = progress->is_terminal ? "\033[K" : "\n";
	double read = (double)progress->read;

	if (progress->size > 0 && progress->read <= progress->size)
		fprintf(stderr, "%s%3.0f %%  %" PRIu64 " packets%s", start,
			100.0 * read / (double)progress->size,
			progress->packets, end);
	else
		fprintf(stderr, "%s%" PRIu64 " packets%s", start,
			progress->packets, end);
	fflush(stderr);
	progress->is_shown = progress->is_terminal;
}

void ims_progress_step(struct ims_progress *progress, uint64_t packets,
		       uint64_t read)
{
	if (!progress->is_wanted)
		return;
	g_mutex_lock(&progress->lock);
	progress->packets += packets;
	progress->read += read;
	if (is_due(progress))
		show(progress);
	g_mutex_unlock(&progress->lock);
}

void ims_progress_clear(struct ims_progress *progress)
{
	g_mutex_lock(&progress->lock);
	if (progress->is_shown)
		fputs("\r\033[K", stderr);
	progress->is_shown = false;
	g_mutex_unlock(&progress->lock);
}
