// SPDX-License-Identifier: GPL-2.0-or-later
#include "secrets.h"

#include <string.h>

#include "rewriting.h"
#include "words.h"

#define RAND_SIZE 16
#define AUTN_SIZE 16
#define AMF_AT	  6 /* in AUTN (TS 33.102 6.3.2): it says what AUTN is for */
#define AMF_SIZE  2
#define BYTES_MAX 1024

static const char *const labels[] = {
	[IMS_SECRET_AUTS] = "auts",    [IMS_SECRET_XRES] = "xres",
	[IMS_SECRET_CK] = "ck",	       [IMS_SECRET_IK] = "ik",
	[IMS_SECRET_HA1] = "ha1",      [IMS_SECRET_RESPONSE] = "response",
	[IMS_SECRET_OTHER] = "secret",
};

static void fill(const struct ims_pseudonyms *p, const char *label,
		 uint8_t *bytes, size_t len)
{
	uint8_t made[BYTES_MAX];

	while (len) {
		size_t n = MIN(len, sizeof(made));

		ims_prf_fill(&p->prf, label, bytes, n, made, n);
		memcpy(bytes, made, n);
		bytes += n;
		len -= n;
	}
}

static void fill_autn(const struct ims_pseudonyms *p, uint8_t *bytes,
		      size_t len)
{
	uint8_t amf[AMF_SIZE] = {0};
	bool has_amf = len >= AMF_AT + AMF_SIZE;

	if (has_amf)
		memcpy(amf, bytes + AMF_AT, AMF_SIZE);
	fill(p, "autn", bytes, len);
	if (has_amf)
		memcpy(bytes + AMF_AT, amf, AMF_SIZE);
}

void ims_secret_bytes(const struct ims_pseudonyms *p, enum ims_secret kind,
		      uint8_t *bytes, size_t len)
{
	size_t n = MIN(len, RAND_SIZE);

	if (kind != IMS_SECRET_CHALLENGE && kind != IMS_SECRET_RESYNC) {
		fill(p, labels[kind], bytes, len);
		return;
	}
	fill(p, "rand", bytes, n);
	bytes += n;
	len -= n;
	if (kind == IMS_SECRET_RESYNC) {
		fill(p, "auts", bytes, len);
		return;
	}
	n = MIN(len, AUTN_SIZE);
	fill_autn(p, bytes, n);
	fill(p, "secret", bytes + n, len - n); /* RFC 3310 3.2: server data */
}

static bool is_hex(struct ims_chars text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!g_ascii_isxdigit(text.at[i]))
			return false;
	return text.len > 0;
}

void ims_secret_hex(struct ims_pseudonyms *p, enum ims_secret kind,
		    struct ims_chars text)
{
	uint8_t bytes[BYTES_MAX] = {0};
	size_t n = text.len / 2;

	if (!is_hex(text) || text.len % 2 || n > sizeof(bytes)) {
		ims_rewrite_value(p, text);
		return;
	}
	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)(g_ascii_xdigit_value(text.at[2 * i]) << 4 |
				     g_ascii_xdigit_value(text.at[2 * i + 1]));
	ims_secret_bytes(p, kind, bytes, n);
	for (size_t i = 0; i < text.len; i++) {
		const char *numerals = g_ascii_isupper(text.at[i])
					       ? "0123456789ABCDEF"
					       : "0123456789abcdef";
		unsigned shift = i % 2 ? 0 : 4;

		text.at[i] = numerals[bytes[i / 2] >> shift & 0x0f];
	}
}

static int base64_value(char c)
{
	if (g_ascii_isupper(c))
		return c - 'A';
	if (g_ascii_islower(c))
		return c - 'a' + 26;
	if (g_ascii_isdigit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

size_t ims_base64_bytes(uint8_t *bytes, size_t size, struct ims_slice text)
{
	unsigned bits = 0, n_bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < text.len && n < size; i++) {
		int value = base64_value(text.at[i]);

		if (value < 0)
			continue;
		bits = (bits << 6 | (unsigned)value) & 0x3fff;
		n_bits += 6;
		if (n_bits < 8)
			continue;
		n_bits -= 8;
		bytes[n++] = (uint8_t)(bits >> n_bits);
	}
	return n;
}

/* Over the characters that were read; bits that make no byte become 0. */
static void write_base64(struct ims_chars text, const uint8_t *bytes, size_t n)
{
	static const char numerals[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/";
	unsigned bits = 0, n_bits = 0;
	size_t at = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (base64_value(text.at[i]) < 0)
			continue;
		if (n_bits < 6) {
			bits = (bits << 8 | (at < n ? bytes[at] : 0)) & 0xffff;
			at++;
			n_bits += 8;
		}
		n_bits -= 6;
		text.at[i] = numerals[bits >> n_bits & 0x3f];
	}
}

/* Nothing but its characters, and what a reader of base64 passes over. */
static bool is_base64(struct ims_chars text)
{
	for (size_t i = 0; i < text.len; i++)
		if (base64_value(text.at[i]) < 0 &&
		    (!text.at[i] || !strchr("= \t\\", text.at[i])))
			return false;
	return text.len > 0;
}

void ims_secret_base64(struct ims_pseudonyms *p, enum ims_secret kind,
		       struct ims_chars text)
{
	uint8_t bytes[BYTES_MAX];
	size_t n;

	if (!is_base64(text) || text.len > sizeof(bytes)) {
		ims_rewrite_value(p, text);
		return;
	}
	n = ims_base64_bytes(bytes, sizeof(bytes), ims_chars_slice(text));
	ims_secret_bytes(p, kind, bytes, n);
	write_base64(text, bytes, n);
}

void ims_secret_nonce(struct ims_pseudonyms *p, struct ims_chars text)
{
	uint8_t bytes[BYTES_MAX];
	size_t n = 0;

	if (is_base64(text) && text.len <= sizeof(bytes))
		n = ims_base64_bytes(bytes, sizeof(bytes),
				     ims_chars_slice(text));
	if (is_hex(text) && text.len >= 2 * (RAND_SIZE + AUTN_SIZE))
		ims_secret_hex(p, IMS_SECRET_CHALLENGE, text);
	else if (!is_hex(text) && n >= RAND_SIZE)
		ims_secret_base64(p, IMS_SECRET_CHALLENGE, text);
	else
		ims_rewrite_value(p, text);
}
