// SPDX-License-Identifier: GPL-2.0-or-later
#include "spill.h"

#include <errno.h>
#include <glib.h>
#include <stdint.h>

#include "temporary.h"

/* Records in memory when they are read back. */
#define AT_ONCE 4096

struct ims_spill {
	char *folder;
	size_t size; /* of a record */
	FILE *file;  /* NULL: nothing was added */
	uint64_t n;
	int error; /* errno of the first failure; 0: none */
};

struct ims_spill *ims_spill_new(const char *folder, size_t record_size)
{
	struct ims_spill *spill = g_new0(struct ims_spill, 1);

	spill->folder = g_strdup(folder);
	spill->size = record_size;
	return spill;
}

void ims_spill_free(struct ims_spill *spill)
{
	if (!spill)
		return;
	if (spill->file)
		fclose(spill->file);
	g_free(spill->folder);
	g_free(spill);
}

static bool fail(struct ims_spill *spill)
{
	if (!spill->error)
		spill->error = errno ? errno : EIO;
	errno = spill->error;
	return false;
}

void ims_spill_add(struct ims_spill *spill, const void *record)
{
	if (spill->error)
		return;
	errno = 0;
	if (!spill->file)
		spill->file = ims_temporary_new(spill->folder);
	if (!spill->file || fwrite(record, spill->size, 1, spill->file) != 1)
		fail(spill);
	else
		spill->n++;
}

/* The `n` records from the `first` on. */
static bool read_some(struct ims_spill *spill, uint8_t *records, uint64_t first,
		      size_t n)
{
	errno = 0;
	return fseeko(spill->file, (off_t)(first * spill->size), SEEK_SET) ==
		       0 &&
	       fread(records, spill->size, n, spill->file) == n;
}

/* A part of all of them at a time, the parts in the order that is wanted. */
static bool go_through(struct ims_spill *spill, ims_spill_fn *each, void *user,
		       bool is_backwards)
{
	uint8_t *records = g_malloc_n(AT_ONCE, spill->size);
	bool good = true;

	for (uint64_t done = 0; done < spill->n && good;) {
		size_t n = (size_t)MIN(spill->n - done, AT_ONCE);

		good = read_some(spill, records,
				 is_backwards ? spill->n - done - n : done, n);
		for (size_t i = 0; good && i < n; i++)
			each(user,
			     records + spill->size *
					       (is_backwards ? n - 1 - i : i));
		done += n;
	}
	g_free(records);
	return good || fail(spill);
}

static bool is_written(struct ims_spill *spill)
{
	errno = 0;
	if (spill->error || (spill->file && fflush(spill->file) != 0))
		return fail(spill);
	return true;
}

bool ims_spill_each(struct ims_spill *spill, ims_spill_fn *each, void *user)
{
	return is_written(spill) && go_through(spill, each, user, false);
}

bool ims_spill_each_backwards(struct ims_spill *spill, ims_spill_fn *each,
			      void *user)
{
	return is_written(spill) && go_through(spill, each, user, true);
}
