// SPDX-License-Identifier: GPL-2.0-or-later
/* xz: streams one behind the other, with padding between them. */
#include <glib.h>
#include <lzma.h>

#include "decoder.h"

/* `xz -9` makes data that takes 65 MiB. */
#define MEMORY_MAX (UINT64_C(128) * 1024 * 1024)

static void *open_xz(void)
{
	lzma_stream *stream = g_new(lzma_stream, 1);

	*stream = (lzma_stream)LZMA_STREAM_INIT;
	if (lzma_stream_decoder(stream, MEMORY_MAX, LZMA_CONCATENATED) ==
	    LZMA_OK)
		return stream;
	g_free(stream);
	return NULL;
}

static void close_xz(void *state)
{
	lzma_end(state);
	g_free(state);
}

/* liblzma has no words of its own. */
static enum ims_decoded fault(struct ims_flow *flow, lzma_ret result)
{
	switch (result) {
	case LZMA_MEMLIMIT_ERROR:
		flow->why = "it takes more than 128 MiB of memory";
		return IMS_DECODED_REFUSED;
	case LZMA_MEM_ERROR:
		flow->why = "not enough memory";
		return IMS_DECODED_REFUSED;
	case LZMA_FORMAT_ERROR:
		flow->why = "not the xz format";
		return IMS_DECODED_DAMAGED;
	case LZMA_OPTIONS_ERROR:
		flow->why = "unknown options";
		return IMS_DECODED_DAMAGED;
	default:
		flow->why = "wrong structure or checksum";
		return IMS_DECODED_DAMAGED;
	}
}

static enum ims_decoded step_xz(void *state, struct ims_flow *flow)
{
	lzma_stream *stream = state;
	lzma_ret result;

	stream->next_in = flow->in;
	stream->avail_in = flow->n_in;
	stream->next_out = flow->out;
	stream->avail_out = flow->n_out;
	result = lzma_code(stream, flow->last ? LZMA_FINISH : LZMA_RUN);
	ims_flow_leave(flow, stream->avail_in, stream->avail_out);
	flow->want = SIZE_MAX;
	if (result == LZMA_OK || result == LZMA_BUF_ERROR)
		return IMS_DECODED_PART;
	return result == LZMA_STREAM_END ? IMS_DECODED_WHOLE
					 : fault(flow, result);
}

const struct ims_decoder ims_decoder_xz = {
	.name = "xz",
	.open = open_xz,
	.step = step_xz,
	.close = close_xz,
};
