/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of one registration, step by step. */
#ifndef IMS_REGISTRATION_H
#define IMS_REGISTRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/change.h>
#include <ims/message.h>
#include <ims/rule.h>
#include <ims/slice.h>

enum ims_kind {
	IMS_KIND_INITIAL,
	IMS_KIND_REFRESH,
	IMS_KIND_DEREGISTRATION,
	IMS_KIND_THIRD_PARTY,
	IMS_KIND_EMERGENCY,
	IMS_KIND_FETCH,
};

enum ims_outcome {
	IMS_OUTCOME_REGISTERED,
	IMS_OUTCOME_DEREGISTERED,
	IMS_OUTCOME_REJECTED,
	IMS_OUTCOME_CHALLENGED,
	IMS_OUTCOME_UNANSWERED,
	IMS_OUTCOME_INCOMPLETE,
};
#define IMS_N_OUTCOMES 6

enum ims_leg {
	IMS_LEG_NONE,
	IMS_LEG_GM,
	IMS_LEG_MW,
	IMS_LEG_CX,
	IMS_LEG_ISC,
	IMS_LEG_RX,
};

enum ims_role {
	IMS_ROLE_UNKNOWN,
	IMS_ROLE_UE,
	IMS_ROLE_P_CSCF,
	IMS_ROLE_I_CSCF,
	IMS_ROLE_S_CSCF,
	IMS_ROLE_HSS,
	IMS_ROLE_SLF,
	IMS_ROLE_DRA,
	IMS_ROLE_AS,
	IMS_ROLE_MRF,
	IMS_ROLE_PCRF,
	IMS_ROLE_REGISTRAR, /* of a registration that is not IMS */
};
#define IMS_N_ROLES 12

/* Protocol of a step; the names are the contract's. */
enum ims_protocol {
	IMS_PROTOCOL_SIP,
	IMS_PROTOCOL_CX,
	IMS_PROTOCOL_RX,
	IMS_PROTOCOL_ESP,
	IMS_PROTOCOL_ICMP,
	IMS_PROTOCOL_TCP,
	IMS_PROTOCOL_SCTP,
};

struct ims_party {
	enum ims_role role;
	struct ims_endpoint endpoint; /* family 0: not known */
};

struct ims_step {
	struct ims_frame frame;
	int64_t time_ns;
	struct ims_party from;
	struct ims_party to;
	enum ims_leg leg;
	enum ims_protocol protocol;
	struct ims_slice message; /* "REGISTER", "401", "UAR" */
	struct ims_slice detail;  /* may be absent */
	uint32_t copies;	  /* 1: seen once */
	bool failing;		  /* the step at which it failed */
	/*
	 * What `from` changed in the copy that it passed on. NULL: they were
	 * not asked for, or it is no SIP message, or the capture has no copy of
	 * it on the leg before, as of one that was made here.
	 */
	const struct ims_changes *changes;
};

/* Borrowed: lives for the callback that hands it over. */
struct ims_registration {
	uint64_t id; /* from 1, in order of start */
	bool ims;
	enum ims_kind kind;
	enum ims_outcome outcome;
	const struct ims_rule *cause; /* or NULL */
	uint16_t status;	      /* final SIP status; 0: none seen */
	struct ims_slice reason;      /* its phrase */
	struct ims_slice impi;
	struct ims_slice impu;
	struct ims_slice call_id;
	struct ims_endpoint ue; /* family 0: not known */
	struct ims_slice scscf;
	int64_t expires; /* seconds; -1: unknown */
	int64_t start_ns;
	int64_t end_ns;
	uint32_t legs; /* bits: 1u << enum ims_leg */
	/* Why it is incomplete: what the capture lacks. Absent otherwise. */
	struct ims_slice lacking;
	const struct ims_step *steps;
	size_t n_steps;
	const uint64_t *findings; /* their ids */
	size_t n_findings;
};

/* The contract's words: "third-party", "registered", "gm", "P-CSCF", "SIP". */
const char *ims_kind_name(enum ims_kind kind);
const char *ims_outcome_name(enum ims_outcome outcome);
const char *ims_leg_name(enum ims_leg leg);    /* NULL for NONE */
const char *ims_role_name(enum ims_role role); /* NULL for UNKNOWN */
const char *ims_protocol_name(enum ims_protocol protocol);

/* Reads a role's name ("P-CSCF", case ignored); false when it is none. */
bool ims_role_parse(enum ims_role *role, struct ims_slice text)
	IMS_NONNULL(1) IMS_MUST_USE;

#endif
