/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the capture itself shows, whatever was said in it: which directions it
 * holds, what it lacks, what it holds twice, what cannot be read, connections
 * that nobody took and messages that never arrived whole. Rules ask it about
 * the capture as a whole. It judges nothing, and each of its tables is
 * bounded, so that it does not grow with the capture.
 */
#ifndef IMS_OBSERVATION_H
#define IMS_OBSERVATION_H

#include <glib.h>

#include "cx.h"
#include "facts.h"
#include "few.h"
#include "journey.h"

/* Bounds; what is beyond is counted in ims_observation_let_go. */
#define IMS_OBSERVED_MAX_LEGS	8192u /* of which one direction is missing */
#define IMS_OBSERVED_MAX_LOSSES 256u  /* kinds times captures */
#define IMS_OBSERVED_MAX_TLS	256u  /* servers */
/* Addresses and ports at which SIP is spoken; beyond, they are forgotten. */
#define IMS_OBSERVED_MAX_ENDS	  4096u
#define IMS_OBSERVED_MAX_DIALS	  1024u
#define IMS_OBSERVED_MAX_PARTIAL  1024u
#define IMS_OBSERVED_MAX_OF_CALL  8u /* of them, under one Call-ID */
#define IMS_OBSERVED_MAX_CAPTURES 64u
/* Of each thing: the first so many are kept to be shown. */
#define IMS_OBSERVED_SIGHTINGS 4u
#define IMS_OBSERVED_CLIENTS   16u
/* A Call-ID or identity that is longer is not kept. */
#define IMS_OBSERVED_TEXT 256u

/* Where and when something was seen, after its record is gone. */
struct ims_sighting {
	struct ims_frame frame;
	int64_t time_ns;
	enum ims_transport transport;
	struct ims_endpoint source;
	struct ims_endpoint destination;
};

struct ims_sightings {
	struct ims_sighting at[IMS_OBSERVED_SIGHTINGS];
	unsigned n; /* kept */
	struct ims_sighting last;
};

/* What says that the other side spoke, though it is not in the capture. */
enum ims_unseen {
	IMS_UNSEEN_REQUEST, /* it is answered */
	IMS_UNSEEN_ANSWER,  /* what follows from it is done */
	IMS_UNSEEN_BYTES,   /* they are acknowledged */
};
#define IMS_N_UNSEEN 3

/* What one end of a leg sent the other. */
struct ims_observed_side {
	uint64_t n_sip;
	uint64_t n_diameter;
	bool heard; /* ESP, TLS, the opening of a connection, a fragment */
	struct ims_sighting first; /* a message */
	unsigned n_unseen[IMS_N_UNSEEN];
	struct ims_sightings proofs;
	enum ims_unseen kinds[IMS_OBSERVED_SIGHTINGS]; /* of proofs.at */
};

/* Signalling between two addresses of which one was seen to send; sides[i] is
   what ends[i] sent. */
struct ims_observed_leg {
	struct ims_address ends[2];
	struct ims_observed_side sides[2];
};

enum ims_loss {
	IMS_LOSS_STREAM,    /* bytes of TCP, chunks of SCTP */
	IMS_LOSS_CUT,	    /* messages behind the snapshot length */
	IMS_LOSS_FRAGMENTS, /* of SIP messages whose beginning is there */
	IMS_LOSS_DROPS,	    /* packets that the capture reports */
};

/* What one capture lacks, by kind. */
struct ims_observed_loss {
	enum ims_loss kind;
	uint32_t capture;
	uint64_t n;	  /* events */
	uint64_t missing; /* bytes of TCP; packets dropped */
	uint64_t chunks;  /* of SCTP */
	struct ims_sightings sightings;
};

struct ims_observed_copies {
	uint64_t n;	    /* packets that were copies */
	uint32_t most;	    /* times that one packet was seen */
	uint64_t n_between; /* of two captures: copies in the other one */
	struct ims_sighting first;
	struct ims_sighting copy; /* of that one */
};

/* TLS or DTLS on a port of signalling. */
struct ims_observed_tls {
	struct ims_endpoint server;
	enum ims_transport transport;
	uint64_t n; /* seconds of connections */
	struct ims_address clients[IMS_OBSERVED_CLIENTS];
	unsigned n_clients;
	bool more_clients;
	struct ims_sighting first;
	struct ims_sighting last;
};

/* A client's attempts to connect to a SIP port of a node, until one succeeds;
   of several ports the one that it tried in vain. */
struct ims_observed_dial {
	struct ims_address client;
	struct ims_endpoint server;
	enum ims_transport transport;
	unsigned n_connections; /* attempts, not counting SYNs sent again */
	unsigned n_refused;
	unsigned n_syns;    /* most that one attempt sent */
	int64_t longest_ns; /* from the first to the last of one attempt */
	bool by_icmp;
	bool is_protected;
	bool stood;	/* a later one was accepted */
	bool fell_back; /* the server then answered a request by other means */
	bool told;	/* a finding names it */
	struct ims_sightings openings;
	struct ims_sighting refusal; /* the first; number 0: none */
	/* The request whose Request-URI named the server just before the first
	   was tried, and its Call-ID; number 0, NULL: none. */
	struct ims_sighting request;
	char *call_id;
	/* Bookkeeping. */
	uint16_t port; /* of the client, now */
	unsigned n_syns_now;
	int64_t since_ns;
	bool is_in_vain;    /* refused, or several SYNs went unanswered */
	int64_t retried_ns; /* request by other means; -1: none */
	GList age;
};

/* A SIP message of which never all fragments came. */
struct ims_observed_partial {
	char *call_id;
	char *impu; /* To of a REGISTER, else From; or NULL */
	bool is_request;
	enum ims_sip_method method;
	char name[16]; /* "REGISTER", "200" */
	uint16_t status;
	uint32_t cseq;
	unsigned depth;	 /* Vias */
	uint64_t branch; /* hash of the topmost Via's; 0: none */
	unsigned n;	 /* transmissions, all incomplete */
	/* It arrived after all: answered, passed on, seen whole. */
	bool followed;
	bool told;
	struct ims_endpoint source;
	struct ims_endpoint destination;
	struct ims_sightings sightings;
	struct ims_sighting failure; /* ICMP: not reassembled; number 0: none */
	GList age;
};

/* How much was said so far, and how much of it the capture plainly lacks on
   legs that it holds in both directions. */
struct ims_observed_share {
	uint64_t n_messages; /* SIP and Diameter */
	uint64_t n_missed;   /* that they say were there; bytes as messages */
};

struct ims_observation;

struct ims_observation *ims_observation_new(void) IMS_MUST_USE;
void ims_observation_free(struct ims_observation *o); /* NULL: nothing */

/* Any event, in order. */
void ims_observe(struct ims_observation *o,
		 const struct ims_facts *facts) IMS_NONNULL_ALL;
void ims_observe_copy(struct ims_observation *o, const struct ims_facts *copy,
		      const struct ims_facts *first) IMS_NONNULL_ALL;

/*
 * A request that is final, and the others of its call or attempt: what in
 * them says that an answer or a request was not captured.
 */
void ims_observe_journey(struct ims_observation *o,
			 const struct ims_journey *journey,
			 struct ims_journey *const *call, unsigned n_call)
	IMS_NONNULL(1, 2);
/* The messages of an exchange; `went_on`: its asker got what it asked for. */
void ims_observe_exchange(struct ims_observation *o,
			  const struct ims_few *messages,
			  bool went_on) IMS_NONNULL_ALL;

struct ims_observed_share ims_observed_share(const struct ims_observation *o)
	IMS_NONNULL_ALL;
/*
 * The capture has lost one message of a hundred or more since: then two that
 * would have told of each other, or all of one burst, can be missing, and that
 * something was never sent is not known.
 */
bool ims_observed_is_lossy(const struct ims_observation *o,
			   const struct ims_observed_share *since)
	IMS_NONNULL_ALL;

/* What else is known of a partial message's transaction: a message of it. */
void ims_observe_follow(struct ims_observed_partial *partial,
			const struct ims_facts *facts) IMS_NONNULL_ALL;
/* struct ims_observed_partial * of a Call-ID, oldest first; NULL: none.
   Borrowed. */
const GPtrArray *ims_observed_partials_of(const struct ims_observation *o,
					  struct ims_slice call_id)
	IMS_NONNULL(1);
/*
 * It was sent often enough, and nothing came of it: that its fragments were
 * lost only by the capture is ruled out. `now_ns`: how far the capture is, or
 * INT64_MAX where the sender plainly gave up.
 */
bool ims_partial_is_in_vain(const struct ims_observation *o,
			    const struct ims_observed_partial *partial,
			    int64_t now_ns) IMS_NONNULL_ALL;

/* The one that `facts` is a transmission of; NULL: it was not kept. */
struct ims_observed_partial *ims_observed_partial_of(
	const struct ims_observation *o,
	const struct ims_facts *facts) IMS_NONNULL_ALL;

/* What that node tried in vain in this time; NULL: nothing. */
struct ims_observed_dial *ims_observed_dial_of(
	const struct ims_observation *o, const struct ims_address *client,
	int64_t from_ns, int64_t until_ns) IMS_NONNULL_ALL;

/* The same where only the capture may be at fault, but was sent more often. */
bool ims_partial_is_suspect(const struct ims_observed_partial *partial,
			    int64_t now_ns) IMS_NONNULL_ALL;

/* Each array's container is the caller's (g_ptr_array_free); in order of
   time; what it points at is borrowed. */
GPtrArray *ims_observed_legs_one_way(const struct ims_observation *o)
	IMS_NONNULL_ALL IMS_MUST_USE;
GPtrArray *ims_observed_dials(const struct ims_observation *o)
	IMS_NONNULL_ALL IMS_MUST_USE;
GPtrArray *ims_observed_partials(const struct ims_observation *o)
	IMS_NONNULL_ALL IMS_MUST_USE;

const struct ims_observed_loss *ims_observed_losses(
	const struct ims_observation *o, unsigned *n) IMS_NONNULL_ALL;
const struct ims_observed_tls *ims_observed_tls(const struct ims_observation *o,
						unsigned *n) IMS_NONNULL_ALL;
const struct ims_observed_copies *ims_observed_copies(
	const struct ims_observation *o) IMS_NONNULL_ALL;

/* Things that were not looked at because a bound was met. */
uint64_t ims_observation_let_go(const struct ims_observation *o)
	IMS_NONNULL_ALL;

#endif
