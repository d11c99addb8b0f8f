// SPDX-License-Identifier: GPL-2.0-or-later
/* lz4: frames one behind the other, some of them to be skipped. */
#include <lz4frame.h>

#include "decoder.h"

static void *open_lz4(void)
{
	LZ4F_dctx *context;

	if (LZ4F_isError(
		    LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
		return NULL;
	return context;
}

static void close_lz4(void *state)
{
	LZ4F_freeDecompressionContext(state);
}

static enum ims_decoded step_lz4(void *state, struct ims_flow *flow)
{
	size_t taken = flow->n_in;
	size_t given = flow->n_out;
	size_t result = LZ4F_decompress(state, flow->out, &given, flow->in,
					&taken, NULL);

	if (LZ4F_isError(result)) {
		flow->why = LZ4F_getErrorName(result);
		return IMS_DECODED_DAMAGED;
	}
	ims_flow_leave(flow, flow->n_in - taken, flow->n_out - given);
	flow->want = ims_flow_want(result);
	return result ? IMS_DECODED_PART : IMS_DECODED_WHOLE;
}

const struct ims_decoder ims_decoder_lz4 = {
	.name = "lz4",
	.open = open_lz4,
	.step = step_lz4,
	.close = close_lz4,
};
