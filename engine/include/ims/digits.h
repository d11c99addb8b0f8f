/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole numbers as decimal text, two digits at a time and without NUL. */
#ifndef IMS_DIGITS_H
#define IMS_DIGITS_H

#include <stdint.h>

#include <ims/attributes.h>

/* Of the longest number. */
#define IMS_DIGITS_MAX 20

/* Writes the number. Returns the end. */
char *ims_digits(char out[IMS_DIGITS_MAX], uint64_t value) IMS_NONNULL_ALL;

/* The last `n` digits of it, zeros in front where it has fewer. Returns the
   end. */
char *ims_digits_fixed(char *out, uint32_t value, unsigned n) IMS_NONNULL_ALL;

#endif
