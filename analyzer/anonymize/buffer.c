// SPDX-License-Identifier: GPL-2.0-or-later
#include "buffer.h"

#include <string.h>

struct ims_buffer *ims_buffer_new(const uint8_t *bytes, size_t len)
{
	struct ims_buffer *buffer = g_new0(struct ims_buffer, 1);

	buffer->n_references = 1;
	buffer->bytes = g_malloc(len ? len : 1);
	if (len)
		memcpy(buffer->bytes, bytes, len);
	buffer->len = buffer->kept = len;
	buffer->notes = g_array_new(FALSE, FALSE, sizeof(struct ims_note));
	buffer->ranges = g_array_new(FALSE, FALSE, sizeof(struct ims_range));
	return buffer;
}

struct ims_buffer *ims_buffer_ref(struct ims_buffer *buffer)
{
	buffer->n_references++;
	return buffer;
}

void ims_buffer_unref(struct ims_buffer *buffer)
{
	if (!buffer || --buffer->n_references)
		return;
	g_array_free(buffer->notes, TRUE);
	g_array_free(buffer->ranges, TRUE);
	g_free(buffer->bytes);
	g_free(buffer);
}

void ims_buffer_blank(struct ims_buffer *buffer, size_t at, size_t len)
{
	if (at < buffer->len)
		memset(buffer->bytes + at, 0, MIN(len, buffer->len - at));
}

static bool is_in_esp(const struct ims_buffer *buffer)
{
	for (guint i = 0; i + 1 < buffer->notes->len; i++)
		if (g_array_index(buffer->notes, struct ims_note, i).layer ==
		    IMS_LAYER_ESP)
			return true;
	return false;
}

/* ESP without its trailer cannot be read, though it could before. */
void ims_buffer_cut(struct ims_buffer *buffer, size_t at)
{
	ims_buffer_blank(buffer, at, buffer->len);
	if (buffer->is_packet && !is_in_esp(buffer))
		buffer->kept = MIN(buffer->kept, at);
}

/* RFC 4303 2.4: padding, which counts up, its length, what is inside. */
static void blank_esp_check(struct ims_buffer *buffer,
			    const struct ims_note *esp,
			    const struct ims_note *inner)
{
	size_t at = inner->at + inner->len, end = esp->at + esp->len;
	size_t pad = 0;

	while (at + pad + 2 <= end &&
	       (buffer->bytes[at + pad] != pad ||
		buffer->bytes[at + pad + 1] != inner->ip.protocol))
		pad++;
	if (at + pad + 2 < end)
		ims_buffer_blank(buffer, at + pad + 2, end - at - pad - 2);
	/* The initialization vector. */
	ims_buffer_blank(buffer, esp->at + 8, inner->at - esp->at - 8);
}

/* What stands between the end of a header's content and the end of what it is
   in belongs to nothing that was read. */
static void blank_trailers(struct ims_buffer *buffer)
{
	for (guint i = 0; i + 1 < buffer->notes->len; i++) {
		const struct ims_note *outer =
			&g_array_index(buffer->notes, struct ims_note, i);
		const struct ims_note *inner = outer + 1;
		size_t end = inner->at + inner->len;

		if (outer->layer == IMS_LAYER_ESP)
			blank_esp_check(buffer, outer, inner);
		else if (end < outer->at + outer->len)
			ims_buffer_blank(buffer, end,
					 outer->at + outer->len - end);
	}
}

void ims_buffer_finish(struct ims_buffer *buffer,
		       const struct ims_rewriting *with)
{
	guint n = buffer->notes->len;

	if (buffer->done)
		return;
	buffer->done = true;
	if (n == 0) {
		ims_buffer_cut(buffer, 0);
		return;
	}
	blank_trailers(buffer);
	ims_payload_finish(
		buffer, &g_array_index(buffer->notes, struct ims_note, n - 1),
		with);
	ims_headers_rewrite(buffer, with);
	while (n-- > 0)
		ims_check_mend(
			buffer,
			&g_array_index(buffer->notes, struct ims_note, n),
			with);
}
