/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Diameter exchanges and the connections that carry them. */
#ifndef IMS_CX_H
#define IMS_CX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/exchange.h>
#include <ims/registration.h>

#include "diameter_facts.h"
#include "facts.h"

struct ims_attempt;

/* A Diameter connection between two endpoints. */
struct ims_link {
	struct ims_endpoint client; /* opened it, or sent CER; else either */
	struct ims_endpoint server;
	bool client_known;
	enum ims_transport transport;
	const struct ims_facts *opening; /* SYN, INIT; each NULL when unseen */
	const struct ims_facts *opened;
	const struct ims_facts *refused; /* RST, ABORT or ICMP error */
	const struct ims_facts *closed;	 /* FIN, SHUTDOWN: first of them */
	const struct ims_facts *reset;
	const struct ims_facts *cer;
	const struct ims_facts *cea;
	const struct ims_facts *dwr; /* last one, NULL once answered */
	const struct ims_facts *dpr; /* last */
	unsigned n_openings;	     /* attempts to open, SYNs sent again */
	/* Time of the last message or segment event seen; -1: never. */
	int64_t last_from_client_ns;
	int64_t last_from_server_ns;
	/* Time of the last hole in the capture of that direction; -1. */
	int64_t gap_from_client_ns;
	int64_t gap_from_server_ns;
	int64_t first_ns;
	bool is_diameter; /* a Diameter message was seen on it, or its port */
	bool blamed;	  /* a finding of a registration names it */
};

/* A request and its answer, joined over agents. */
struct ims_cx {
	struct ims_exchange about; /* what is reported; kept up to date */
	enum ims_command command;
	/* On the asker's side; NULL when not captured. */
	const struct ims_facts *request;
	const struct ims_facts *answer;
	/* It was sent elsewhere first (3006, an SLF): that answer. */
	const struct ims_facts *redirect;
	/* The same request sent again by its asker (T, or same ids). */
	const struct ims_facts *resent;
	unsigned n_resent;
	/* Where an agent was in between: the far side, else NULL. */
	const struct ims_facts *far_request;
	const struct ims_facts *far_answer;
	struct ims_link *link;	     /* asker's connection; may be NULL */
	struct ims_attempt *attempt; /* or NULL */
	bool guessed; /* the attempt: an answer that names nobody, alone */
	bool doubted; /* and another came that could be its as well */
};

/* The Diameter facts of a message; NULL for NULL. */
const struct ims_diameter_facts *ims_diameter(const struct ims_facts *facts);

/*
 * One number for the HSS that answered and the realm it was asked in, to
 * compare: two cores may be in one capture. 0 where the exchange lacks either.
 */
uint64_t ims_cx_core(const struct ims_cx *cx) IMS_NONNULL_ALL;

/* Code 2xxx, or an Experimental-Result of 2xxx. False without a result. */
bool ims_cx_succeeded(const struct ims_cx *cx) IMS_NONNULL_ALL;

/*
 * Whether the capture can hold no answer that came: since the request, the
 * answerer's direction of the connection goes on (a later message) without a
 * hole. False where that cannot be told.
 */
bool ims_cx_silence_is_proved(const struct ims_cx *cx) IMS_NONNULL_ALL;

#endif
