// SPDX-License-Identifier: GPL-2.0-or-later
#include "permutation.h"

#include <stdbool.h>
#include <string.h>

#define SHA256_SIZE 32
/* Eight suffice for a Feistel network whose rounds nobody can tell from
   chance; as in NIST SP 800-38G, ten for the small domains. */
#define ROUNDS 10

void ims_prf_init(struct ims_prf *prf, const void *key, size_t len)
{
	prf->keyed = g_hmac_new(G_CHECKSUM_SHA256, key, len);
}

void ims_prf_fini(struct ims_prf *prf)
{
	g_hmac_unref(prf->keyed);
	prf->keyed = NULL;
}

/* One block: HMAC(counter, label, 0, bytes). */
static void block(const struct ims_prf *prf, uint32_t counter,
		  const char *label, const void *in, size_t n_in,
		  uint8_t out[SHA256_SIZE])
{
	const uint8_t number[4] = {(uint8_t)(counter >> 24),
				   (uint8_t)(counter >> 16),
				   (uint8_t)(counter >> 8), (uint8_t)counter};
	GHmac *hmac = g_hmac_copy(prf->keyed);
	gsize size = SHA256_SIZE;

	g_hmac_update(hmac, number, sizeof(number));
	g_hmac_update(hmac, (const guchar *)label, (gssize)strlen(label) + 1);
	if (n_in)
		g_hmac_update(hmac, in, (gssize)n_in);
	g_hmac_get_digest(hmac, out, &size);
	g_hmac_unref(hmac);
}

void ims_prf_fill(const struct ims_prf *prf, const char *label, const void *in,
		  size_t n_in, uint8_t *out, size_t n_out)
{
	uint8_t bytes[SHA256_SIZE];
	uint32_t counter = 0;

	while (n_out) {
		size_t n = MIN(n_out, sizeof(bytes));

		block(prf, counter++, label, in, n_in, bytes);
		memcpy(out, bytes, n);
		out += n;
		n_out -= n;
	}
}

/* Adds to each symbol of one half what the key makes of the other half. */
static void shift(const struct ims_prf *prf, const char *label, uint8_t *half,
		  const uint8_t *radix, size_t n, const uint8_t *input,
		  size_t n_input)
{
	uint8_t amounts[2 * IMS_WORD_MAX] = {0};

	ims_prf_fill(prf, label, input, n_input, amounts, 2 * n);
	for (size_t i = 0; i < n; i++) {
		unsigned amount =
			(unsigned)amounts[2 * i] << 8 | amounts[2 * i + 1];

		half[i] = (uint8_t)((half[i] + amount) % radix[i]);
	}
}

void ims_permute(const struct ims_prf *prf, const char *label, uint8_t *symbols,
		 const uint8_t *radix, size_t n)
{
	size_t left = n / 2;
	uint8_t input[2 + 2 * IMS_WORD_MAX];

	input[1] = (uint8_t)n;
	memcpy(input + 2, radix, n);
	for (unsigned round = 0; round < ROUNDS; round++) {
		bool is_left = round % 2 && left;
		size_t target = is_left ? 0 : left;
		size_t n_target = is_left ? left : n - left;
		size_t n_other = n - n_target;

		input[0] = (uint8_t)round;
		memcpy(input + 2 + n, symbols + (is_left ? left : 0), n_other);
		shift(prf, label, symbols + target, radix + target, n_target,
		      input, 2 + n + n_other);
	}
}

uint8_t ims_permute_small(const struct ims_prf *prf, const char *label,
			  const void *in, size_t n_in, uint8_t value,
			  unsigned n)
{
	uint8_t order[256];
	uint8_t chance[4 * 256] = {0};

	for (unsigned i = 0; i < n; i++)
		order[i] = (uint8_t)i;
	ims_prf_fill(prf, label, in, n_in, chance, 4 * (size_t)n);
	for (unsigned i = n; i > 1; i--) {
		const uint8_t *at = chance + 4 * (size_t)(i - 1);
		uint32_t number = (uint32_t)at[0] << 24 |
				  (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
				  at[3];
		unsigned j = number % i;
		uint8_t kept = order[i - 1];

		order[i - 1] = order[j];
		order[j] = kept;
	}
	return order[value];
}
