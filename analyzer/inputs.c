// SPDX-License-Identifier: GPL-2.0-or-later
#include "inputs.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "complain.h"
#include "merge.h"
#include "network.h"

static const char *file_at(const struct ims_inputs *inputs, guint i)
{
	return g_ptr_array_index(inputs->files, i);
}

static void add_folder(struct ims_inputs *inputs, const char *folder)
{
	guint n_before = inputs->files->len;

	if (!ims_capture_folder(inputs->files, folder)) {
		ims_complain(folder, "%s", g_strerror(errno));
		inputs->is_whole = false;
	} else if (inputs->files->len == n_before) {
		ims_complain(folder, "no capture in this folder");
		inputs->is_whole = false;
	}
}

static void add(struct ims_inputs *inputs, const char *name)
{
	struct stat st;

	if (strcmp(name, "-") != 0 && stat(name, &st) == 0 &&
	    S_ISDIR(st.st_mode))
		add_folder(inputs, name);
	else
		g_ptr_array_add(inputs->files, g_strdup(name));
}

static bool is_named(const char *file, const char *name)
{
	char *base = g_path_get_basename(file);
	bool same = strcmp(file, name) == 0 || strcmp(base, name) == 0;

	g_free(base);
	return same;
}

/* "CAPTURE=S": the capture as given, or the last part of its name. */
static bool set_offset(struct ims_inputs *inputs, const char *text)
{
	const char *equals = strrchr(text, '=');
	bool found = false;
	int64_t offset_ns;
	char *name;

	if (!equals || !ims_seconds_parse(&offset_ns, equals + 1)) {
		ims_complain_usage("--time-offset",
				   "'%s' is not CAPTURE=SECONDS", text);
		return false;
	}
	name = g_strndup(text, (gsize)(equals - text));
	for (guint i = 0; i < inputs->files->len; i++) {
		if (!is_named(file_at(inputs, i), name))
			continue;
		inputs->offsets_ns[i] = offset_ns;
		inputs->is_given[i] = true;
		found = true;
	}
	if (!found)
		ims_complain_usage("--time-offset",
				   "'%s' is not among the captures", name);
	g_free(name);
	return found;
}

/* Not a file: whoever writes into it may still be at it. */
static bool is_pipe(const char *name)
{
	bool is_standard = strcmp(name, "-") == 0;
	struct stat st;

	return (is_standard ? fstat(STDIN_FILENO, &st) : stat(name, &st)) ==
		       0 &&
	       !S_ISREG(st.st_mode);
}

static enum ims_coming coming_of(const struct ims_inputs *inputs,
				 const struct ims_cli_options *options)
{
	bool is_one = inputs->files->len == 1 && !options->separate;

	if (options->interface)
		return strcmp(options->interface, "-") == 0 ? IMS_COMING_LIVE
							    : IMS_COMING_HEARD;
	return is_one && is_pipe(file_at(inputs, 0)) ? IMS_COMING_PIPED
						     : IMS_COMING_READ;
}

static void add_all(struct ims_inputs *inputs,
		    const struct ims_cli_options *options)
{
	if (options->interface)
		g_ptr_array_add(inputs->files, g_strdup(options->interface));
	for (size_t i = 0; options->captures && options->captures[i]; i++)
		add(inputs, options->captures[i]);
}

bool ims_inputs_find(struct ims_inputs *inputs,
		     const struct ims_cli_options *options)
{
	*inputs = (struct ims_inputs){
		.files = g_ptr_array_new_with_free_func(g_free),
		.is_whole = true,
	};
	add_all(inputs, options);
	inputs->coming = coming_of(inputs, options);
	inputs->offsets_ns = g_new0(int64_t, inputs->files->len);
	inputs->is_given = g_new0(bool, inputs->files->len);
	if (inputs->files->len == 0)
		return false;
	for (size_t i = 0; options->time_offsets && options->time_offsets[i];
	     i++)
		if (!set_offset(inputs, options->time_offsets[i]))
			return false;
	return true;
}

/* With no more than one offset open there is nothing to compare it with. */
static bool is_estimate_needed(const struct ims_inputs *inputs)
{
	for (guint i = 1; i < inputs->files->len; i++)
		if (!inputs->is_given[i])
			return true;
	return false;
}

void ims_inputs_estimate(struct ims_inputs *inputs)
{
	guint n = inputs->files->len;
	int64_t *estimates;

	if (!is_estimate_needed(inputs))
		return;
	estimates = g_new0(int64_t, n);
	ims_clock_offsets(estimates, (const char *const *)inputs->files->pdata,
			  n, ims_network_identity);
	for (guint i = 1; i < n; i++)
		if (!inputs->is_given[i])
			inputs->offsets_ns[i] =
				estimates[i] + inputs->offsets_ns[0];
	g_free(estimates);
}

uint64_t ims_inputs_size(const struct ims_inputs *inputs)
{
	uint64_t size = 0;
	struct stat st;

	if (inputs->coming == IMS_COMING_HEARD)
		return 0;
	for (guint i = 0; i < inputs->files->len; i++) {
		if (stat(file_at(inputs, i), &st) != 0 || !S_ISREG(st.st_mode))
			return 0;
		size += (uint64_t)st.st_size;
	}
	return size;
}

bool ims_inputs_hold(const struct ims_inputs *inputs, const char *path)
{
	struct stat target, st;

	if (inputs->coming == IMS_COMING_HEARD)
		return false;
	if (stat(path, &target) != 0 || !S_ISREG(target.st_mode))
		return false;
	for (guint i = 0; i < inputs->files->len; i++)
		if (stat(file_at(inputs, i), &st) == 0 &&
		    st.st_dev == target.st_dev && st.st_ino == target.st_ino)
			return true;
	return false;
}

void ims_inputs_clear(struct ims_inputs *inputs)
{
	g_ptr_array_free(inputs->files, TRUE);
	g_free(inputs->offsets_ns);
	g_free(inputs->is_given);
}
