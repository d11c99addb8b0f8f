// SPDX-License-Identifier: GPL-2.0-or-later
/* zstd, RFC 8878: frames one behind the other, some of them to be skipped. */
#include <zstd.h>
#include <zstd_errors.h>

#include "decoder.h"

#define WINDOW_LOG_MAX 27 /* 128 MiB, as `zstd` has it */

static void *open_zstd(void)
{
	ZSTD_DCtx *context = ZSTD_createDCtx();

	if (context)
		ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax,
				       WINDOW_LOG_MAX);
	return context;
}

static void close_zstd(void *state)
{
	ZSTD_freeDCtx(state);
}

static enum ims_decoded fault(struct ims_flow *flow, size_t result)
{
	flow->why = ZSTD_getErrorName(result);
	switch (ZSTD_getErrorCode(result)) {
	case ZSTD_error_frameParameter_windowTooLarge:
	case ZSTD_error_memory_allocation:
		return IMS_DECODED_REFUSED;
	default:
		return IMS_DECODED_DAMAGED;
	}
}

static enum ims_decoded step_zstd(void *state, struct ims_flow *flow)
{
	ZSTD_inBuffer in = {flow->in, flow->n_in, 0};
	ZSTD_outBuffer out = {flow->out, flow->n_out, 0};
	size_t result = ZSTD_decompressStream(state, &out, &in);

	if (ZSTD_isError(result))
		return fault(flow, result);
	ims_flow_leave(flow, in.size - in.pos, out.size - out.pos);
	flow->want = ims_flow_want(result);
	return result ? IMS_DECODED_PART : IMS_DECODED_WHOLE;
}

const struct ims_decoder ims_decoder_zstd = {
	.name = "zstd",
	.open = open_zstd,
	.step = step_zstd,
	.close = close_zstd,
};
