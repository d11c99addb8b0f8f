/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts: what one event says, flat and owned. This is the border of
 * ownership: views die with the packet, facts live in the engine. Everything
 * behind it (chains, rules) reads facts and never bytes.
 *
 * An event is taken first, and read when its turn has come: what waits is as
 * small as it came, copies of a packet are never read, and who looks at a
 * record finds it as it was just written. All of a record is shared by
 * reference count and freed whole. Slices point into the record.
 */
#ifndef IMS_FACTS_H
#define IMS_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/message.h>

#include "arena.h"

struct ims_sip_facts;
struct ims_diameter_facts;

/* What nearly everybody asks stands first, in a cache line. */
struct ims_facts {
	uint32_t references;
	enum ims_event_kind kind;
	enum ims_transport transport;
	bool protected;
	bool fragmented;
	bool cut;
	bool is_void; /* there was no memory to read it: good for nothing */
	uint8_t icmp_type;
	uint8_t icmp_code;
	int64_t time_ns;
	struct ims_frame frame;
	/* IMS_EVENT_SIP; ICMP_ERROR that quotes the start of one, or
	   FRAGMENT_LOST that has it. */
	const struct ims_sip_facts *sip;
	/* IMS_EVENT_DIAMETER. */
	const struct ims_diameter_facts *diameter;

	struct ims_endpoint source;
	struct ims_endpoint destination;
	struct ims_arena *arena; /* of what was taken, this record included */
	struct ims_arena *read;	 /* of what was read; NULL: nothing apart */
	size_t *account;	 /* its size is taken off there in the end */
	struct ims_slice bytes;	 /* in `arena`, to be read; absent: none */
	uint64_t arrival; /* count of events fed before it: breaks ties */
	uint64_t hash;	  /* of the event's bytes, for finding copies; 0: none
			     can be found of it, as of all Diameter */
	uint64_t length;  /* of the event's bytes */
	uint32_t copies;  /* packets that held it: 1 when seen once */
	uint32_t ip_id;
	uint32_t spi;
	uint32_t sequence;
	uint64_t missing;
	struct ims_endpoint quoted_source;
	struct ims_endpoint quoted_destination;
};

/*
 * Takes an event into a record with one reference, in memory of the pool; NULL:
 * of the system. NULL only when there is no memory. The pool must outlive the
 * record.
 */
struct ims_facts *ims_facts_take(struct ims_pool *pool,
				 const struct ims_event *event)
	IMS_NONNULL(2) IMS_MUST_USE;

/*
 * Reads what was taken, once, into memory of that pool, which may be another:
 * `sip` or `diameter` is there from then on. A message that is malformed or cut
 * gives one that says so; false only when there is no memory, and then the
 * record is void.
 */
bool ims_facts_read(struct ims_facts *facts, struct ims_pool *pool)
	IMS_NONNULL(1) IMS_MUST_USE;

/* Both; NULL when there is no memory. */
struct ims_facts *ims_facts_new(const struct ims_event *event)
	IMS_NONNULL_ALL IMS_MUST_USE;

/* Bytes taken from the system, for accounting. */
size_t ims_facts_size(const struct ims_facts *facts) IMS_NONNULL_ALL;

struct ims_facts *ims_facts_ref(struct ims_facts *facts) IMS_NONNULL_ALL;
void ims_facts_unref(struct ims_facts *facts); /* NULL: nothing */

/*
 * Reads the SIP message in `bytes` into `arena`: the header is copied once,
 * all slices point into the copy; the body is not kept. `cut`: its end is
 * missing. Never fails but for memory (NULL).
 */
const struct ims_sip_facts *ims_sip_facts_new(struct ims_arena *arena,
					      struct ims_slice bytes, bool cut)
	IMS_NONNULL(1) IMS_MUST_USE;

/* The same without a copy: `bytes`, in which folds are undone, live as long as
   what is read of them. */
const struct ims_sip_facts *ims_sip_facts_read(struct ims_arena *arena,
					       char *bytes, size_t len,
					       bool cut)
	IMS_NONNULL(1) IMS_MUST_USE;

/* The same for Diameter; the profile in User-Data is read by libxml2. */
const struct ims_diameter_facts *ims_diameter_facts_new(struct ims_arena *arena,
							struct ims_slice bytes,
							bool cut)
	IMS_NONNULL(1) IMS_MUST_USE;

/* Likewise without a copy. */
const struct ims_diameter_facts *ims_diameter_facts_read(
	struct ims_arena *arena, struct ims_slice bytes, bool cut)
	IMS_NONNULL(1) IMS_MUST_USE;

#endif
