/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands, at rest: as little as can be, for there is one for each
 * subscriber. It is laid open for who reads or changes it, and packed anew.
 */
#ifndef IMS_BINDING_RECORD_H
#define IMS_BINDING_RECORD_H

#include <sys/queue.h>

#include "bindings.h"
#include "shared.h"
#include "standing_calls.h"

/* The IMPI too is a key. */
#define IMS_BINDING_MAX_KEYS (IMS_BINDINGS_MAX_IMPUS + 1)

/* What most have not. */
struct ims_binding_rare {
	/* NULL: none but the one of the record's own Call-ID. */
	struct ims_standing_call *calls;
	char *rx_session;
	bool is_of_rx; /* the last of that session */
	struct ims_frame rx_end;
	int64_t rx_end_ns;
};

struct ims_binding_record {
	TAILQ_ENTRY(ims_binding_record) age;
	struct ims_binding_rare *rare; /* owned; or NULL */
	const char *scscf;	       /* shared, like the next two */
	const char *pcscf;
	const char *servers;
	/* As in struct ims_binding. */
	int64_t expires_ns;
	int64_t since_ns;
	uint64_t registration;
	uint64_t assigned_number;
	int64_t assigned_ns;
	uint64_t core;
	uint32_t assigned_capture;
	/* Bits, by place of the key: the public ones, and those barred. */
	uint32_t public;
	uint32_t barred;
	uint16_t has; /* texts; see binding_record.c */
	uint16_t texts_size;
	bool is_over : 1;  /* kept for calls alone */
	bool is_of_ue : 1; /* the last at that address */
	bool has_call : 1; /* of its own Call-ID */
	bool serves_clear : 1;
	bool has_ports : 1;
	uint8_t n_keys;
	uint8_t n_mechanisms;
	char data[]; /* see binding_record.c */
};

/* One laid open: texts are borrowed. */
struct ims_binding_view {
	struct ims_binding about; /* first */
	const struct ims_binding_record *record;
	const char *keys[IMS_BINDING_MAX_KEYS];
	unsigned n_keys;
	uint32_t public;
	uint32_t barred;
	const char
		*mechanisms[IMS_SIP_MAX_MECHANISMS + 1]; /* NULL at the end */
	struct ims_binding_server servers[IMS_BINDING_MAX_SERVERS];
};

/* What is told of in the view, but for what is rare. Who it is by age, its
   calls, and what it is the last of are the caller's. Never NULL. */
struct ims_binding_record *ims_binding_pack(struct ims_shared *shared,
					    const struct ims_binding_view *view)
	IMS_NONNULL_ALL IMS_MUST_USE;
void ims_binding_record_free(struct ims_shared *shared,
			     struct ims_binding_record *record) IMS_NONNULL_ALL;

/* Lays it open. Texts stay where they are until the record is freed. */
void ims_binding_unpack(struct ims_binding_view *view,
			const struct ims_binding_record *record)
	IMS_NONNULL_ALL;

/* Key number i of n_keys. */
const char *ims_binding_record_key(const struct ims_binding_record *record,
				   unsigned i) IMS_NONNULL_ALL;
/* NULL: none. */
const char *ims_binding_record_call_id(const struct ims_binding_record *record)
	IMS_NONNULL_ALL;
struct ims_endpoint ims_binding_record_ue(
	const struct ims_binding_record *record) IMS_NONNULL_ALL;

/* What is rare, made if need be. */
struct ims_binding_rare *ims_binding_rare(struct ims_binding_record *record)
	IMS_NONNULL_ALL;

#endif
