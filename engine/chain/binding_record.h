/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands, at rest: as little as can be, for there is one for each
 * subscriber. It is laid open for who reads or changes it, and packed anew.
 */
#ifndef IMS_BINDING_RECORD_H
#define IMS_BINDING_RECORD_H

#include "bindings.h"
#include "depot.h"
#include "parted.h"
#include "standing_calls.h"

/* The IMPI too is a key. */
#define IMS_BINDING_MAX_KEYS (IMS_BINDINGS_MAX_IMPUS + 1)

/* What most have not: a record of the depot too. */
struct ims_binding_rare {
	uint32_t calls; /* but for the record's own Call-ID: standing_calls.h */
	uint32_t rx;	/* number of its Rx session; 0: none */
};

/* One's Rx session, which hardly anybody has. */
struct ims_binding_rx {
	char *session;
	bool is_last; /* the last of that session */
	struct ims_frame end;
	int64_t end_ns;
};

struct ims_binding_record {
	struct ims_age age; /* first */
	/* As in struct ims_binding, like what is packed behind. */
	int64_t expires_ns;
	int64_t since_ns;
	uint32_t number; /* its own */
	uint32_t rare;	 /* number of what is rare of it; 0: nothing */
	uint16_t texts_size;
	uint8_t n_mechanisms : 6;
	bool is_over : 1;  /* kept for calls alone */
	bool is_of_ue : 1; /* the last at that address */
	uint8_t n_keys : 5;
	bool has_call : 1; /* of its own Call-ID */
	bool serves_clear : 1;
	bool has_ports : 1;
	uint8_t has : 4;      /* texts; see binding_record.c */
	bool has_capture : 1; /* the SAA is of another than the first */
	char data[];	      /* see binding_record.c */
};

/* By place of the key: the public ones, and those barred. */
struct ims_binding_bits {
	uint32_t public;
	uint32_t barred;
};

/* One laid open: texts are borrowed. */
struct ims_binding_view {
	struct ims_binding about; /* first */
	uint32_t number;	  /* of the record; 0: of none */
	const char *keys[IMS_BINDING_MAX_KEYS + 1]; /* NULL at the end */
	unsigned n_keys;
	struct ims_binding_bits bits;
	const char
		*mechanisms[IMS_SIP_MAX_MECHANISMS + 1]; /* NULL at the end */
	struct ims_binding_server servers[IMS_BINDING_MAX_SERVERS];
};

/* Records, and what they share. All zero: none. */
struct ims_binding_records {
	struct ims_depot depot;
	struct ims_shared shared;
	struct ims_numbered rx; /* struct ims_binding_rx */
};

/* All of them have been freed by then. */
void ims_binding_records_clear(struct ims_binding_records *records)
	IMS_NONNULL_ALL;

static inline struct ims_binding_record *ims_binding_record_at(
	const struct ims_binding_records *records, uint32_t number)
{
	return ims_depot_at(&records->depot, number);
}

/* What is told of in the view, but for what is rare: over a record that it was
   (NULL: none), which keeps its number, if it fits there; else a new one.
   Who it is by age, its calls, and what it is the last of are the caller's.
   Never NULL. */
struct ims_binding_record *ims_binding_pack(struct ims_binding_records *records,
					    const struct ims_binding_view *view,
					    struct ims_binding_record *over)
	IMS_NONNULL(1, 2) IMS_MUST_USE;
void ims_binding_record_free(struct ims_binding_records *records,
			     struct ims_binding_record *record) IMS_NONNULL_ALL;

/* Lays it open, but for the keys, for which few ask. Texts stay where they are
   until the record is freed; those of identities go to `arena`, and are not
   there when it has no memory. */
void ims_binding_unpack(struct ims_binding_view *view, struct ims_arena *arena,
			const struct ims_binding_records *records,
			const struct ims_binding_record *record)
	IMS_NONNULL_ALL;
/* And these; an empty one for each that has no memory. */
void ims_binding_unpack_keys(
	struct ims_binding_view *view, struct ims_arena *arena,
	const struct ims_binding_records *records,
	const struct ims_binding_record *record) IMS_NONNULL_ALL;

struct ims_binding_bits ims_binding_record_bits(
	const struct ims_binding_record *record) IMS_NONNULL_ALL;
/* The bit of the place that the identity has among the keys; 0: it is none. */
uint32_t ims_binding_record_bit(const struct ims_binding_records *records,
				const struct ims_binding_record *record,
				const struct ims_identity *identity)
	IMS_NONNULL_ALL;
/* Of its keys. */
struct ims_parted_hashes ims_binding_record_hashes(
	const struct ims_binding_records *records,
	const struct ims_binding_record *record) IMS_NONNULL_ALL;
/* NULL: none. */
const char *ims_binding_record_call_id(const struct ims_binding_record *record)
	IMS_NONNULL_ALL;
struct ims_endpoint ims_binding_record_ue(
	const struct ims_binding_record *record) IMS_NONNULL_ALL;

/* NULL: nothing is rare. */
static inline struct ims_binding_rare *ims_binding_rare_of(
	const struct ims_binding_records *records,
	const struct ims_binding_record *record)
{
	return record->rare ? ims_depot_at(&records->depot, record->rare)
			    : NULL;
}

/* The same, made if need be. */
struct ims_binding_rare *ims_binding_rare_get(
	struct ims_binding_records *records,
	struct ims_binding_record *record) IMS_NONNULL_ALL;

/* NULL: none. */
static inline struct ims_binding_rx *ims_binding_rx_of(
	const struct ims_binding_records *records,
	const struct ims_binding_record *record)
{
	const struct ims_binding_rare *rare =
		ims_binding_rare_of(records, record);

	return rare && rare->rx ? records->rx.at[rare->rx] : NULL;
}

/* The same, made if need be. */
struct ims_binding_rx *ims_binding_rx_get(struct ims_binding_records *records,
					  struct ims_binding_record *record)
	IMS_NONNULL_ALL;
/* Frees it. */
void ims_binding_rare_drop(struct ims_binding_records *records,
			   struct ims_binding_record *record) IMS_NONNULL_ALL;

#endif
