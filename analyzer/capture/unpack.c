// SPDX-License-Identifier: GPL-2.0-or-later
#include "unpack.h"

#include <glib.h>
#include <string.h>

#include "decoder.h"

#define IMS_UNPACK_INPUT (64 * 1024)

struct ims_unpack {
	const struct ims_decoder *decoder;
	void *state;
	struct ims_source *source;
	uint8_t *input; /* at first the head, then what is read behind it */
	size_t begin;	/* not yet decoded: [begin, end) */
	size_t end;
	size_t want; /* of it, by the next step */
	bool last;   /* the source is at its end */
	bool filled; /* the last step left no room: there may be more */
	bool whole;  /* the data may end here */
	bool ended;
	char *fault;
};

static const struct ims_decoder *const decoders[] = {
	&ims_decoder_gzip,
	&ims_decoder_zstd,
	&ims_decoder_xz,
	&ims_decoder_lz4,
};

static bool open_decoder(struct ims_unpack *unpack, const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(decoders); i++)
		if (strcmp(decoders[i]->name, name) == 0)
			unpack->decoder = decoders[i];
	unpack->state = unpack->decoder->open();
	return unpack->state != NULL;
}

/* The head's block, made as large as later reads need it. */
static uint8_t *input_with(uint8_t *head, size_t n_head)
{
	uint8_t *input = g_try_malloc(MAX(n_head, IMS_UNPACK_INPUT));

	if (input && n_head)
		memcpy(input, head, n_head);
	g_free(head);
	return input;
}

struct ims_unpack *ims_unpack_new(struct ims_source *source, const char *name,
				  uint8_t *head, size_t n_head)
{
	struct ims_unpack *unpack = g_new0(struct ims_unpack, 1);

	unpack->source = source;
	unpack->want = 1;
	unpack->end = n_head;
	unpack->input = input_with(head, n_head);
	if (unpack->input && open_decoder(unpack, name))
		return unpack;
	ims_unpack_free(unpack);
	return NULL;
}

void ims_unpack_free(struct ims_unpack *unpack)
{
	if (!unpack)
		return;
	if (unpack->state)
		unpack->decoder->close(unpack->state);
	g_free(unpack->input);
	g_free(unpack->fault);
	g_free(unpack);
}

static void end(struct ims_unpack *unpack, char *fault)
{
	unpack->ended = true;
	unpack->fault = fault;
}

/* Sees to it that there is something to decode, or that it is the last. */
static bool read_more(struct ims_unpack *unpack)
{
	ssize_t got;

	if (unpack->begin < unpack->end || unpack->filled || unpack->last)
		return true;
	got = ims_source_read(unpack->source, unpack->input, IMS_UNPACK_INPUT);
	if (got < 0) {
		end(unpack, g_strdup(unpack->source->fault));
		return false;
	}
	unpack->begin = 0;
	unpack->end = (size_t)got;
	unpack->last = got == 0;
	return true;
}

static void judge(struct ims_unpack *unpack, const struct ims_flow *flow,
		  enum ims_decoded result)
{
	const char *name = unpack->decoder->name;

	unpack->whole = result == IMS_DECODED_WHOLE;
	unpack->filled = !unpack->whole && flow->n_out == 0;
	if (result == IMS_DECODED_DAMAGED)
		end(unpack,
		    g_strdup_printf("%s data damaged: %s", name, flow->why));
	else if (result == IMS_DECODED_REFUSED)
		end(unpack, g_strdup_printf("%s data not unpacked: %s", name,
					    flow->why));
	else if (result == IMS_DECODED_END || (unpack->last && unpack->whole))
		end(unpack, NULL);
	else if (unpack->last && !unpack->filled)
		end(unpack, g_strdup_printf("%s data cut short", name));
}

static size_t decode(struct ims_unpack *unpack, void *buffer, size_t n)
{
	size_t there = unpack->end - unpack->begin;
	struct ims_flow flow = {
		.in = unpack->input + unpack->begin,
		/* what the last step has kept back comes alone */
		.n_in = unpack->filled ? 0 : MIN(there, unpack->want),
		.out = buffer,
		.n_out = n,
		.last = unpack->last,
	};
	enum ims_decoded result = unpack->decoder->step(unpack->state, &flow);

	unpack->begin = (size_t)(flow.in - unpack->input);
	unpack->want = flow.want;
	judge(unpack, &flow, result);
	return n - flow.n_out;
}

ssize_t ims_unpack_read(struct ims_unpack *unpack, void *buffer, size_t n)
{
	size_t given = 0;

	while (!given && !unpack->ended && read_more(unpack)) {
		if (unpack->last && unpack->whole)
			end(unpack, NULL);
		else
			given = decode(unpack, buffer, n);
	}
	if (given)
		return (ssize_t)given;
	return unpack->fault ? -1 : 0;
}

const char *ims_unpack_fault(const struct ims_unpack *unpack)
{
	return unpack->fault;
}

const char *ims_unpack_name(const struct ims_unpack *unpack)
{
	return unpack->decoder->name;
}
