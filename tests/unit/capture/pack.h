/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compressed data, made and, for comparison, unpacked byte by byte. */
#ifndef PACK_H
#define PACK_H

#include "unit.h"

#include <glib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

enum packing {
	PLAIN,
	GZIP,
	ZSTD,
	XZ,
	LZ4,
};

static inline const char *packing_name(enum packing packing)
{
	static const char *const names[] = {"", "gzip", "zstd", "xz", "lz4"};

	return names[packing];
}

/* Room for n bytes and for what any format adds to them. */
#define PACK_ROOM(n) ((n)*2 + (1 << 20))

/* ---- packing; a block is closed every `block` bytes; 0: as it likes ---- */

static inline size_t pack_gzip(uint8_t *out, size_t room, const uint8_t *in,
			       size_t n, size_t block)
{
	z_stream z = {.next_out = out, .avail_out = (uInt)room};

	assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, MAX_WBITS + 16, 8,
				      Z_DEFAULT_STRATEGY),
			 Z_OK);
	z.next_in = (z_const Bytef *)in;
	for (size_t at = 0; block && at < n; at += block) {
		z.avail_in = (uInt)MIN(block, n - at);
		assert_int_equal(deflate(&z, Z_SYNC_FLUSH), Z_OK);
	}
	z.avail_in = (uInt)(in + n - z.next_in);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

static inline size_t pack_zstd(uint8_t *out, size_t room, const uint8_t *in,
			       size_t n, size_t block)
{
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	ZSTD_outBuffer to = {out, room, 0};
	ZSTD_inBuffer from = {in, 0, 0};

	ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
	while (block && from.size + block < n) {
		from.size += block;
		assert_int_equal(
			ZSTD_compressStream2(zstd, &to, &from, ZSTD_e_flush),
			0);
	}
	from.size = n;
	assert_int_equal(ZSTD_compressStream2(zstd, &to, &from, ZSTD_e_end), 0);
	ZSTD_freeCCtx(zstd);
	return to.pos;
}

static inline size_t pack_xz(uint8_t *out, size_t room, const uint8_t *in,
			     size_t n, size_t block)
{
	lzma_stream xz = LZMA_STREAM_INIT;

	assert_int_equal(lzma_easy_encoder(&xz, 0, LZMA_CHECK_CRC32), LZMA_OK);
	xz.next_out = out;
	xz.avail_out = room;
	xz.next_in = in;
	for (size_t at = 0; block && at + block < n; at += block) {
		xz.avail_in = block;
		assert_int_equal(lzma_code(&xz, LZMA_FULL_FLUSH),
				 LZMA_STREAM_END);
	}
	xz.avail_in = (size_t)(in + n - xz.next_in);
	assert_int_equal(lzma_code(&xz, LZMA_FINISH), LZMA_STREAM_END);
	lzma_end(&xz);
	return xz.total_out;
}

static inline size_t pack_lz4(uint8_t *out, size_t room, const uint8_t *in,
			      size_t n, size_t block)
{
	/* with a checksum of each block where blocks are asked for */
	const LZ4F_preferences_t like = {
		.frameInfo = {
			.blockSizeID = block ? LZ4F_max64KB : LZ4F_max256KB,
			.contentChecksumFlag = LZ4F_contentChecksumEnabled,
			.blockChecksumFlag = block ? LZ4F_blockChecksumEnabled
						   : LZ4F_noBlockChecksum}};
	size_t done, part = block ? block : n;
	LZ4F_cctx *lz4;

	LZ4F_createCompressionContext(&lz4, LZ4F_VERSION);
	done = LZ4F_compressBegin(lz4, out, room, &like);
	for (size_t at = 0; at < n; at += part) {
		done += LZ4F_compressUpdate(lz4, out + done, room - done,
					    in + at, MIN(part, n - at), NULL);
		done += LZ4F_flush(lz4, out + done, room - done, NULL);
	}
	done += LZ4F_compressEnd(lz4, out + done, room - done, NULL);
	assert_true(done < room);
	LZ4F_freeCompressionContext(lz4);
	return done;
}

static inline void pack_onto(GByteArray *onto, const void *in, size_t n,
			     enum packing packing, size_t block)
{
	static size_t (*const pack[])(uint8_t *, size_t, const uint8_t *,
				      size_t, size_t) = {
		NULL, pack_gzip, pack_zstd, pack_xz, pack_lz4};
	size_t room = PACK_ROOM(n);
	uint8_t *out = g_malloc(room);
	size_t packed = pack[packing](out, room, in, n, block);

	g_byte_array_append(onto, out, (guint)packed);
	g_free(out);
}

static inline GByteArray *packed(const GByteArray *plain, enum packing packing)
{
	GByteArray *bytes = g_byte_array_new();

	pack_onto(bytes, plain->data, plain->len, packing, 0);
	return bytes;
}

/* ---- the reference: what is given one byte cannot keep two back ---- */

struct reference {
	enum packing packing;
	z_stream gzip;
	ZSTD_DCtx *zstd;
	lzma_stream xz;
	LZ4F_dctx *lz4;
	GByteArray *plain;
	bool whole;  /* the data may end here */
	bool failed; /* and takes no more */
};

static inline struct reference *reference_new(enum packing packing)
{
	struct reference *ref = g_new0(struct reference, 1);

	ref->packing = packing;
	ref->plain = g_byte_array_new();
	inflateInit2(&ref->gzip, MAX_WBITS + 16);
	ref->zstd = ZSTD_createDCtx();
	ref->xz = (lzma_stream)LZMA_STREAM_INIT;
	assert_int_equal(lzma_stream_decoder(&ref->xz, UINT64_MAX, 0), LZMA_OK);
	LZ4F_createDecompressionContext(&ref->lz4, LZ4F_VERSION);
	return ref;
}

static inline void reference_free(struct reference *ref)
{
	inflateEnd(&ref->gzip);
	ZSTD_freeDCtx(ref->zstd);
	lzma_end(&ref->xz);
	LZ4F_freeDecompressionContext(ref->lz4);
	g_byte_array_free(ref->plain, TRUE);
	g_free(ref);
}

static inline size_t reference_gzip(struct reference *ref, const uint8_t *in,
				    uint8_t *out, size_t room)
{
	z_stream *z = &ref->gzip;
	int result;

	z->next_in = (z_const Bytef *)in;
	z->avail_in = 1;
	z->next_out = out;
	z->avail_out = (uInt)room;
	result = inflate(z, Z_SYNC_FLUSH);
	ref->whole = result == Z_STREAM_END;
	ref->failed = result != Z_OK && result != Z_STREAM_END;
	if (ref->whole)
		inflateReset(z);
	return room - z->avail_out;
}

static inline size_t reference_zstd(struct reference *ref, const uint8_t *in,
				    uint8_t *out, size_t room)
{
	ZSTD_inBuffer from = {in, 1, 0};
	ZSTD_outBuffer to = {out, room, 0};
	size_t result = ZSTD_decompressStream(ref->zstd, &to, &from);

	ref->whole = result == 0;
	ref->failed = ZSTD_isError(result);
	return to.pos;
}

static inline size_t reference_xz(struct reference *ref, const uint8_t *in,
				  uint8_t *out, size_t room)
{
	lzma_ret result;

	ref->xz.next_in = in;
	ref->xz.avail_in = 1;
	ref->xz.next_out = out;
	ref->xz.avail_out = room;
	result = lzma_code(&ref->xz, LZMA_RUN);
	room -= ref->xz.avail_out;
	ref->whole = result == LZMA_STREAM_END;
	ref->failed = result != LZMA_OK && result != LZMA_STREAM_END;
	if (ref->whole)
		assert_int_equal(lzma_stream_decoder(&ref->xz, UINT64_MAX, 0),
				 LZMA_OK);
	return room;
}

static inline size_t reference_lz4(struct reference *ref, const uint8_t *in,
				   uint8_t *out, size_t room)
{
	size_t taken = 1;
	size_t result = LZ4F_decompress(ref->lz4, out, &room, in, &taken, NULL);

	ref->whole = result == 0;
	ref->failed = LZ4F_isError(result);
	return ref->failed ? 0 : room;
}

/* Adds to ref->plain what one more byte of data gives. */
static inline void reference_take(struct reference *ref, uint8_t byte)
{
	static size_t (*const take[])(struct reference *, const uint8_t *,
				      uint8_t *, size_t) = {
		NULL, reference_gzip, reference_zstd, reference_xz,
		reference_lz4};
	static uint8_t out[8 << 20];

	if (!ref->failed)
		g_byte_array_append(ref->plain, out,
				    (guint)take[ref->packing](ref, &byte, out,
							      sizeof(out)));
}

#endif
