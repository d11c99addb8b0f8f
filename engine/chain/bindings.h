/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands: one compact record for each registered identity set. */
#ifndef IMS_BINDINGS_H
#define IMS_BINDINGS_H

#include <glib.h>

#include "attempt.h"
#include "index.h"

/* Standing at once, and their bytes; beyond, the oldest is forgotten. */
#define IMS_BINDINGS_MAX	1000000u
#define IMS_BINDINGS_MAX_SIZE	((size_t)1 << 30)
#define IMS_BINDINGS_MAX_IMPUS	16
#define IMS_BINDING_MAX_SERVERS 16
/* Of texts; a longer one is as if it were not there. */
#define IMS_BINDING_MAX_TEXT 1024

struct ims_bindings;
struct ims_endings;

struct ims_bindings *ims_bindings_new(void) IMS_MUST_USE;
void ims_bindings_free(struct ims_bindings *bindings); /* NULL: nothing */

/*
 * What stands for an identity (IMPI or IMPU) at that time; or NULL. This and
 * what the next three return is borrowed until the bindings change or rest.
 */
const struct ims_binding *ims_bindings_find(struct ims_bindings *bindings,
					    struct ims_slice identity,
					    int64_t now_ns) IMS_NONNULL(1);
/* The same of an identity that was read. */
const struct ims_binding *ims_bindings_find_read(
	struct ims_bindings *bindings, const struct ims_identity *identity,
	int64_t now_ns) IMS_NONNULL_ALL;
/*
 * For a public identity of a set: an IMPI that reads alike does not count.
 * *barred tells whether the profile bars it.
 */
const struct ims_binding *ims_bindings_find_public(
	struct ims_bindings *bindings, bool *barred, struct ims_slice impu,
	int64_t now_ns) IMS_NONNULL(1, 2);
/* Of the UE at that address. */
const struct ims_binding *ims_bindings_at(struct ims_bindings *bindings,
					  const struct ims_address *ue,
					  int64_t now_ns) IMS_NONNULL_ALL;

/* Whether that is the address of a UE for which something stands. */
bool ims_bindings_are_at(struct ims_bindings *bindings,
			 const struct ims_address *ue,
			 int64_t now_ns) IMS_NONNULL_ALL;

/* Nobody reads any more what was found. */
void ims_bindings_rest(struct ims_bindings *bindings) IMS_NONNULL_ALL;

/* What one that was found is known as, as ims_identity_key has it; NULL at the
   end. Borrowed like the binding. */
const char *const *ims_bindings_keys(struct ims_bindings *bindings,
				     const struct ims_binding *binding)
	IMS_NONNULL_ALL;

/* Whether a contact of that identity stood under that Call-ID at that time,
   since before then: also one of several phones, when another went. */
bool ims_bindings_stand_under(const struct ims_bindings *bindings,
			      const struct ims_identity *identity,
			      struct ims_slice call_id, int64_t when_ns)
	IMS_NONNULL(1, 2);

/* A registration succeeded: makes or renews what stands for it, under whose
   identities nothing has ended any more. */
void ims_bindings_stand(struct ims_bindings *bindings,
			struct ims_endings *endings,
			const struct ims_attempt *attempt) IMS_NONNULL_ALL;
/* It ended as a whole: by the HSS, or with its consent. */
void ims_bindings_end(struct ims_bindings *bindings, struct ims_slice identity)
	IMS_NONNULL(1);
/* The contact under that Call-ID was deregistered: as far as is known, nothing
   stands any more, but what stood under other Call-IDs is remembered. */
void ims_bindings_leave(struct ims_bindings *bindings,
			struct ims_slice identity, struct ims_slice call_id,
			int64_t now_ns) IMS_NONNULL(1);

/* An STR ends the Rx session: noted at what it is the signalling of. */
void ims_bindings_rx_end(struct ims_bindings *bindings,
			 const struct ims_facts *str) IMS_NONNULL_ALL;

/* Forgotten because of the bound. */
uint64_t ims_bindings_let_go(const struct ims_bindings *bindings)
	IMS_NONNULL_ALL;

#endif
