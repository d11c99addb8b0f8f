/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An attempt: one registration from its first REGISTER to the final response,
 * on all legs, with the Cx exchanges that belong to it.
 */
#ifndef IMS_ATTEMPT_H
#define IMS_ATTEMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/registration.h>

#include "cx.h"
#include "index.h"
#include "journey.h"

#define IMS_ATTEMPT_MAX_JOURNEYS  64
#define IMS_ATTEMPT_MAX_EXCHANGES 64
#define IMS_ATTEMPT_MAX_MESSAGES  1024
#define IMS_ATTEMPT_MAX_ESP	  64

/* A UE sends until its timer runs out (timer F, 32 s), and final responses come
   within some 10 s, when a node behind gives up: one that stops earlier than
   this may have had its own, captured or not. */
#define IMS_LEAST_SENDING (15 * IMS_SECOND)

/* An application server that the profile's filter criteria tell of REGISTER. */
struct ims_binding_server {
	const char *server;	  /* ServerName */
	int64_t default_handling; /* 0 continued, 1 terminated; -1: none */
};

/*
 * What stands between a UE and its core after a registration, as bindings.h
 * lays it open. Strings are borrowed, NULL where unknown.
 */
struct ims_binding {
	const char *impi;
	const char *impu; /* the one registered first */
	const char *call_id;
	const char *scscf;
	/* Security-Server as last sent to the UE, elements as written. */
	const char *const *security_server;
	const char *security_nonce; /* of the challenge that it was sent in */
	const struct ims_binding_server *servers;
	unsigned n_servers;
	struct ims_endpoint ue;	   /* source of its REGISTER, unprotected */
	struct ims_endpoint pcscf; /* where it went */
	/* Ports of the agreement in force; 0: none. */
	uint16_t ue_port_c, ue_port_s, pcscf_port_c, pcscf_port_s;
	bool serves_clear;  /* a REGISTER to pcscf_port_s outside ESP got 200 */
	int64_t expires_ns; /* when it ends; INT64_MAX: unknown */
	int64_t since_ns;
	uint64_t registration; /* id of the last that made or kept it */
	/* The SAA by which the HSS took note of it under `scscf`; number 0:
	   none was captured. */
	struct ims_frame assigned;
	int64_t assigned_ns;
	uint64_t core;		 /* ims_cx_core of that exchange */
	const char *rx_session;	 /* Session-Id of the AAR for its signalling */
	struct ims_frame rx_end; /* the STR that ended it, and when; 0: none */
	int64_t rx_end_ns;
};

struct ims_rounds;

struct ims_attempt {
	uint64_t id;
	bool ims;
	enum ims_kind kind;
	enum ims_outcome outcome; /* settled before rules look */
	struct ims_slice call_id; /* absent: known from Cx alone */
	struct ims_slice impi;
	struct ims_slice impu;
	struct ims_identity impi_read; /* of these texts */
	struct ims_identity impu_read;
	struct ims_slice scscf;
	int64_t expires; /* granted, else asked; -1 */
	uint16_t status;
	struct ims_slice reason;
	/* The response that settled it, and where it was seen; or NULL. */
	const struct ims_facts *final;
	const struct ims_hop *final_hop;

	struct ims_journey **journeys; /* REGISTERs, in order of CSeq/time */
	unsigned n_journeys;
	struct ims_cx **exchanges; /* in order of time */
	unsigned n_exchanges;
	struct ims_facts **esp; /* unread, under its agreement */
	unsigned n_esp;

	/* Family 0 or role unknown where the capture does not tell. */
	struct ims_endpoint ue;
	struct ims_party pcscf;
	struct ims_party icscf;
	struct ims_party scscf_node;

	/* What stood for this identity when it began; NULL: nothing known. */
	const struct ims_binding *before;
	/* Of a third-party REGISTER: the profile of a registration of that
	   identity that is still open; or NULL. */
	const struct ims_profile *asked_by;
	/* A contact of that identity then stood under its Call-ID. */
	bool stood_under_call;

	int64_t start_ns;
	int64_t last_ns;    /* last message of it */
	int64_t settled_ns; /* time of the capture when it became final */
	/* The attempt became final because the capture ended, not by timer:
	   then absence proves less. */
	bool capture_ended;
	/* The UE began anew (another attempt of the same identity) by then. */
	bool began_anew;
	/* Unread ESP between the UE and its P-CSCF after the first challenge:
	   the leg is alive and cannot be read. */
	bool esp_unread;
	/* SIP from the P-CSCF to the UE was seen: that direction is captured.
	 */
	bool pcscf_heard;
	int64_t pcscf_heard_ns; /* the last of it; -1: never */
	/* Of what the P-CSCF sent the UE since it began something could not be
	   read, or is missing: ESP, a hole in a stream. */
	bool answers_unread;
	/* The P-CSCF passed on to the UE, since it began, a NOTIFY that says
	   that its registration is terminated. */
	bool ue_notified_end;
	/* The response (or, of a deregistration, the SAA) that was made and did
	   not reach the UE, which asked on; NULL: none known. */
	const struct ims_facts *lost;
	/* Set by the registration with which its contact comes to register
	   again and again. */
	const struct ims_rounds *rounds;
	/* The capture lacks bytes that the UE sent after its last REGISTER. */
	bool ue_gap;
	/* Of a later REGISTER, or of the response to the last, the capture has
	   only the first fragments; and that may be its own fault. */
	bool request_in_pieces;
	bool response_in_pieces;
	bool response_lost; /* and that is not the capture's fault */
	/* SIP that the UE sent outside REGISTER after its last REGISTER, or a
	   REGISTER whose CSeq says that one between was not captured. */
	bool ue_went_on;
	/* The capture has lost so much since it began that what is not in it
	   may have been sent. */
	bool capture_lossy;
	const char *lacking; /* for incomplete: what the capture lacks */
};

/* The journey of the last REGISTER; NULL: known from Cx alone. */
const struct ims_journey *ims_attempt_last(const struct ims_attempt *attempt)
	IMS_NONNULL_ALL;

/* What a REGISTER asks for, in seconds: of its first contact, else of the
   header; -1: neither says. NULL: -1. */
int64_t ims_asked_expires(const struct ims_sip_facts *request);

/* The last that an SAA of it gave, with any identity; or NULL. */
const struct ims_profile *ims_attempt_profile(const struct ims_attempt *attempt)
	IMS_NONNULL_ALL;

/* The last exchange of that command at or before `before_ns`; or NULL. */
struct ims_cx *ims_attempt_exchange(const struct ims_attempt *attempt,
				    enum ims_command command,
				    int64_t before_ns) IMS_NONNULL_ALL;

/* The challenge (401, 407) that journey got, on its first leg that has one;
   sets *hop unless NULL. NULL: none. */
const struct ims_facts *ims_journey_challenge(const struct ims_journey *j,
					      const struct ims_hop **hop);

/*
 * The vector behind a nonce: the item of an MAA of this attempt whose
 * RAND and AUTN are the nonce, or (SIP Digest) the MAA that came last before
 * the challenge. Sets *cx unless NULL. NULL: not captured.
 */
const struct ims_auth_item *ims_attempt_vector(
	const struct ims_attempt *attempt, struct ims_slice nonce,
	const struct ims_cx **cx) IMS_NONNULL(1);

/* Whether the response in the credentials follows from the vector. */
enum ims_proof {
	IMS_PROOF_UNKNOWN, /* something needed is not there */
	IMS_PROOF_RIGHT,
	IMS_PROOF_WRONG,
};

/*
 * Recomputes the response of `request`'s Authorization (RFC 2617, 7616 MD5;
 * RFC 3310: the password is RES as bytes; with auts it is empty): from XRES
 * for AKAv1-MD5, from Digest-HA1 for SIP Digest. qop none, auth, auth-int;
 * UNKNOWN where qop stands without nc or cnonce.
 */
enum ims_proof ims_response_proof(const struct ims_sip_facts *request,
				  const struct ims_auth_item *vector)
	IMS_NONNULL(1);

/* RAND || AUTN (TS 33.203 6.1; RFC 3310 3.2). */
#define IMS_RAND_AUTN 32u

/* How many bytes the base64 in a nonce holds (blanks and padding do not
   count); 0: it is no base64. */
size_t ims_nonce_bytes(struct ims_slice nonce);

/* "bytes" as base64 would write RAND and AUTN equal to nonce's start. */
bool ims_nonce_is_vector(struct ims_slice nonce, struct ims_slice rand_autn);

#endif
