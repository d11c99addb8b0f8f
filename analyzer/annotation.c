// SPDX-License-Identifier: GPL-2.0-or-later
#include "annotation.h"

#include <errno.h>
#include <inttypes.h>

#include "complain.h"

/* Whether both would be put in the same place. */
static bool is_same(const struct ims_output *a, const struct ims_output *b)
{
	char *x, *y;
	bool same;

	if (!a->target || !b->target)
		return false;
	x = g_canonicalize_filename(a->target, NULL);
	y = g_canonicalize_filename(b->target, NULL);
	same = strcmp(x, y) == 0;
	g_free(x);
	g_free(y);
	return same;
}

bool ims_annotation_open(struct ims_annotation *annotation,
			 const struct ims_cli_options *options,
			 const struct ims_inputs *inputs,
			 const struct ims_output *report)
{
	const char *path = options->annotate;
	struct ims_output *output = &annotation->output;
	char *folder;

	*annotation = (struct ims_annotation){0};
	if (!path)
		return true;
	if (ims_inputs_hold(inputs, path)) {
		ims_complain_usage(path, "is one of the captures: it would be "
					 "written over");
		return false;
	}
	if (!ims_output_open(output, strcmp(path, "-") == 0 ? NULL : path)) {
		ims_complain(path, "%s", g_strerror(errno));
		return false;
	}
	if (is_same(output, report)) {
		ims_complain_usage(path, "is for the report: it would be "
					 "written over");
		ims_output_discard(output);
		return false;
	}
	folder = output->target ? g_path_get_dirname(output->target) : NULL;
	annotation->annotate = ims_annotate_new(folder);
	g_free(folder);
	return true;
}

static bool write_and_commit(struct ims_annotation *annotation,
			     struct ims_annotate_count *count)
{
	struct ims_output *output = &annotation->output;
	const char *why;

	if (!ims_annotate_write(annotation->annotate, count, &why,
				output->file)) {
		ims_complain(output->name, "%s", why);
		ims_output_discard(output);
		return false;
	}
	errno = 0;
	if (ims_output_commit(output))
		return true;
	ims_complain(output->name, "%s", g_strerror(errno ? errno : EIO));
	return false;
}

bool ims_annotation_close(struct ims_annotation *annotation)
{
	struct ims_annotate_count count;
	bool good = true;

	if (!annotation->annotate)
		return true;
	good = write_and_commit(annotation, &count);
	if (good && count.comments_left_out)
		ims_complain(annotation->output.name,
			     "%" PRIu64 " comments were left out: there is "
			     "room for %u",
			     count.comments_left_out,
			     IMS_ANNOTATE_MAX_COMMENTS);
	ims_annotate_free(annotation->annotate);
	return good;
}
