/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What unpack.c asks of a compressed format. Each is in unpack_NAME.c, the
 * only file that includes the headers of its library.
 */
#ifndef IMS_CAPTURE_DECODER_H
#define IMS_CAPTURE_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ims_decoded {
	IMS_DECODED_PART,    /* more has to come */
	IMS_DECODED_WHOLE,   /* the data may end here */
	IMS_DECODED_END,     /* what follows is not of the data */
	IMS_DECODED_DAMAGED, /* see why */
	IMS_DECODED_REFUSED, /* it takes too much memory: see why */
};

/* What a step takes and gives; it moves both forward. */
struct ims_flow {
	const uint8_t *in;
	size_t n_in;
	uint8_t *out;
	size_t n_out;
	bool last;   /* nothing comes behind `in` */
	size_t want; /* set by a step: not more is to be given to the next */
	const char *why; /* set with a fault; lives as long as the decoder */
};

struct ims_decoder {
	const char *name;    /* as ims_magic_compression has it */
	void *(*open)(void); /* NULL: no memory */
	/* What could be decoded before a fault is in `out` with the fault. */
	enum ims_decoded (*step)(void *state, struct ims_flow *flow);
	void (*close)(void *state);
};

extern const struct ims_decoder ims_decoder_gzip;
extern const struct ims_decoder ims_decoder_zstd;
extern const struct ims_decoder ims_decoder_xz;
extern const struct ims_decoder ims_decoder_lz4;

/* The most that a hint counts beyond its block: a checksum, a header. */
#define IMS_BEYOND_BLOCK 8

/*
 * How much of what a library of blocks asks for, `hint`, is to be given to it.
 * zstd and lz4 do not say what a call that fails has put out before, so none
 * may see the end of one block and the begin of the next.
 */
static inline size_t ims_flow_want(size_t hint)
{
	return hint > IMS_BEYOND_BLOCK ? hint - IMS_BEYOND_BLOCK : 1;
}

/* Moves on, until this much is left. */
static inline void ims_flow_leave(struct ims_flow *flow, size_t n_in,
				  size_t n_out)
{
	flow->in += flow->n_in - n_in;
	flow->out += flow->n_out - n_out;
	flow->n_in = n_in;
	flow->n_out = n_out;
}

#endif
