/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What compact records are packed of: nothing of it is aligned. */
#ifndef IMS_PACKED_H
#define IMS_PACKED_H

#include <ims/address.h>
#include <ims/slice.h>

/* Bytes that a number takes, at most. */
#define IMS_PACKED_NUMBER_MAX 10u

/* Bytes while they are put together: a place of the caller's, which is large
   enough. */
struct ims_packed {
	char *at;
	size_t size;
};

void ims_packed_put(struct ims_packed *packed, const void *value,
		    size_t size) IMS_NONNULL_ALL;
/* Seven bits a byte: a small one takes one. */
void ims_packed_put_number(struct ims_packed *packed,
			   uint64_t number) IMS_NONNULL_ALL;
/* A time, as its distance from one that is kept whole: shorter the nearer it
   is. Neither is negative, but that `none`, which stands for no time and takes
   one byte, may be. */
void ims_packed_put_time(struct ims_packed *packed, int64_t time_ns,
			 int64_t from_ns, int64_t none) IMS_NONNULL_ALL;
/* As long as its family has it. */
void ims_packed_put_address(struct ims_packed *packed,
			    const struct ims_address *address) IMS_NONNULL_ALL;
/* A text with a NUL, where there are texts only. Returns where it is. */
uint16_t ims_packed_put_text(struct ims_packed *texts,
			     struct ims_slice text) IMS_NONNULL_ALL;
/* The same of one that may end another, and has no place of its own then. */
uint16_t ims_packed_put_ending(struct ims_packed *texts,
			       struct ims_slice text) IMS_NONNULL_ALL;

/* What was put at *at, which goes on behind it. */
void ims_packed_get(const char **at, void *value, size_t size) IMS_NONNULL_ALL;
uint64_t ims_packed_get_number(const char **at) IMS_NONNULL_ALL;
void ims_packed_skip_numbers(const char **at, unsigned n) IMS_NONNULL_ALL;
int64_t ims_packed_get_time(const char **at, int64_t from_ns,
			    int64_t none) IMS_NONNULL_ALL;
void ims_packed_get_address(const char **at,
			    struct ims_address *address) IMS_NONNULL_ALL;

#endif
