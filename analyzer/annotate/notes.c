// SPDX-License-Identifier: GPL-2.0-or-later
#include "notes.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "temporary.h"

struct note {
	struct ims_frame frame;
	uint64_t registration;
	uint64_t at; /* in the file; they come one behind the other */
	uint32_t n;
};

struct ims_notes {
	char *folder;
	FILE *file;    /* NULL: nothing was added */
	GArray *index; /* of struct note */
	uint64_t size; /* of the file */
	uint64_t n_left_out;
	int error; /* errno of the first failure; 0: none */
	char *texts[IMS_NOTES_MAX_OF_PACKET]; /* those read last */
};

struct ims_notes *ims_notes_new(const char *folder)
{
	struct ims_notes *notes = g_new0(struct ims_notes, 1);

	notes->folder = g_strdup(folder);
	notes->index = g_array_new(FALSE, FALSE, sizeof(struct note));
	return notes;
}

static void forget_texts(struct ims_notes *notes)
{
	for (size_t i = 0; i < G_N_ELEMENTS(notes->texts); i++)
		g_clear_pointer(&notes->texts[i], g_free);
}

void ims_notes_free(struct ims_notes *notes)
{
	if (!notes)
		return;
	forget_texts(notes);
	if (notes->file)
		fclose(notes->file);
	g_array_free(notes->index, TRUE);
	g_free(notes->folder);
	g_free(notes);
}

static bool fail(struct ims_notes *notes)
{
	if (!notes->error)
		notes->error = errno ? errno : EIO;
	errno = notes->error;
	return false;
}

/* Cut between characters. */
static uint32_t text_size(const char *text)
{
	size_t n = strlen(text);

	if (n > IMS_NOTES_MAX_TEXT) {
		n = IMS_NOTES_MAX_TEXT;
		while (n && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
	}
	return (uint32_t)n;
}

void ims_notes_add(struct ims_notes *notes, struct ims_frame frame,
		   uint64_t registration, const char *text)
{
	const struct note note = {frame, registration, notes->size,
				  text_size(text)};

	if (notes->index->len == IMS_ANNOTATE_MAX_COMMENTS) {
		notes->n_left_out++;
		return;
	}
	if (notes->error)
		return;
	errno = 0;
	if (!notes->file)
		notes->file = ims_temporary_new(notes->folder);
	if (!notes->file || fwrite(text, 1, note.n, notes->file) != note.n) {
		fail(notes);
		return;
	}
	notes->size += note.n;
	g_array_append_val(notes->index, note);
}

static int compare_frames(const struct ims_frame *a, const struct ims_frame *b)
{
	if (a->capture != b->capture)
		return a->capture < b->capture ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static gint compare_notes(gconstpointer a, gconstpointer b)
{
	const struct note *x = a, *y = b;
	int order = compare_frames(&x->frame, &y->frame);

	return order ? order : x->at < y->at ? -1 : x->at > y->at;
}

static void keep_shown(GArray *index, ims_notes_fn *shows, void *user)
{
	guint n = 0;

	for (guint i = 0; i < index->len; i++) {
		struct note note = g_array_index(index, struct note, i);

		if (shows(user, note.registration))
			g_array_index(index, struct note, n++) = note;
	}
	g_array_set_size(index, n);
}

bool ims_notes_settle(struct ims_notes *notes, ims_notes_fn *shows, void *user)
{
	errno = 0;
	if (notes->error || (notes->file && fflush(notes->file) != 0))
		return fail(notes);
	keep_shown(notes->index, shows, user);
	g_array_sort(notes->index, compare_notes);
	return true;
}

static const struct note *note_at(const struct ims_notes *notes, size_t i)
{
	return &g_array_index(notes->index, struct note, i);
}

/* The first of the frame's, or of what comes behind it. */
static size_t find(const struct ims_notes *notes, const struct ims_frame *frame)
{
	size_t low = 0, high = notes->index->len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_frames(&note_at(notes, middle)->frame, frame) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* NULL: it cannot be read. */
static char *text_of(struct ims_notes *notes, const struct note *note)
{
	char *text = g_malloc(note->n + 1);

	errno = 0;
	text[note->n] = '\0';
	if (fseeko(notes->file, (off_t)note->at, SEEK_SET) == 0 &&
	    fread(text, 1, note->n, notes->file) == note->n)
		return text;
	g_free(text);
	fail(notes);
	return NULL;
}

bool ims_notes_of(struct ims_notes *notes, const char *const **texts, size_t *n,
		  struct ims_frame frame)
{
	size_t first = find(notes, &frame), end = first, most;

	forget_texts(notes);
	while (end < notes->index->len &&
	       compare_frames(&note_at(notes, end)->frame, &frame) == 0)
		end++;
	*texts = (const char *const *)notes->texts;
	*n = MIN(end - first, IMS_NOTES_MAX_OF_PACKET);
	most = *n < end - first ? *n - 1 : *n;
	for (size_t i = 0; i < most; i++) {
		notes->texts[i] = text_of(notes, note_at(notes, first + i));
		if (!notes->texts[i])
			return false;
	}
	if (most < *n)
		notes->texts[most] =
			g_strdup_printf("imsleuth: %" G_GSIZE_FORMAT
					" more findings about this packet",
					end - first - most);
	return true;
}

uint64_t ims_notes_left_out(const struct ims_notes *notes)
{
	return notes->n_left_out;
}
