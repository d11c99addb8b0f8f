// SPDX-License-Identifier: GPL-2.0-or-later
/* gzip, RFC 1952: members one behind the other, then anything. */
#include <glib.h>
#include <limits.h>
#include <zlib.h>

#include "decoder.h"

#define MAGIC_0	   0x1f
#define MAGIC_SIZE 2
#define GZIP_ONLY  16 /* see inflateInit2 */

static void *open_gzip(void)
{
	z_stream *stream = g_new0(z_stream, 1);

	if (inflateInit2(stream, MAX_WBITS + GZIP_ONLY) == Z_OK)
		return stream;
	g_free(stream);
	return NULL;
}

static void close_gzip(void *state)
{
	inflateEnd(state);
	g_free(state);
}

/* What is behind a member and no member is padding, for gzip(1) as well. */
static enum ims_decoded fault(const z_stream *stream, struct ims_flow *flow,
			      int result)
{
	if (result == Z_DATA_ERROR && stream->total_in == MAGIC_SIZE)
		return IMS_DECODED_END;
	flow->why = stream->msg ? stream->msg : zError(result);
	return result == Z_MEM_ERROR ? IMS_DECODED_REFUSED
				     : IMS_DECODED_DAMAGED;
}

static enum ims_decoded step_gzip(void *state, struct ims_flow *flow)
{
	z_stream *stream = state;
	uInt n_in = (uInt)MIN(flow->n_in, UINT_MAX);
	uInt n_out = (uInt)MIN(flow->n_out, UINT_MAX);
	int result;

	if (stream->total_in == 0 && n_in && flow->in[0] != MAGIC_0)
		return IMS_DECODED_END;
	stream->next_in = (z_const Bytef *)flow->in;
	stream->avail_in = n_in;
	stream->next_out = flow->out;
	stream->avail_out = n_out;
	result = inflate(stream, Z_NO_FLUSH);
	ims_flow_leave(flow, flow->n_in - (n_in - stream->avail_in),
		       flow->n_out - (n_out - stream->avail_out));
	flow->want = SIZE_MAX;
	if (result == Z_OK || result == Z_BUF_ERROR)
		return IMS_DECODED_PART;
	if (result != Z_STREAM_END)
		return fault(stream, flow, result);
	inflateReset(stream);
	return IMS_DECODED_WHOLE;
}

const struct ims_decoder ims_decoder_gzip = {
	.name = "gzip",
	.open = open_gzip,
	.step = step_gzip,
	.close = close_gzip,
};
