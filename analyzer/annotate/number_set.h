/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bounded set of numbers that are as good as random: hashes of things. */
#ifndef IMS_ANNOTATE_NUMBER_SET_H
#define IMS_ANNOTATE_NUMBER_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

/* What is beyond is not taken: 16 MiB then. */
#define IMS_NUMBER_SET_MAX (1u << 20)

/* All zero: empty. */
struct ims_number_set {
	uint64_t *slots; /* 0: free */
	size_t n_slots;	 /* a power of 2, twice the numbers at least */
	size_t n;
};

void ims_number_set_add(struct ims_number_set *set,
			uint64_t number) IMS_NONNULL_ALL;
bool ims_number_set_has(const struct ims_number_set *set,
			uint64_t number) IMS_NONNULL_ALL IMS_PURE;
void ims_number_set_fini(struct ims_number_set *set) IMS_NONNULL_ALL;

#endif
