/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Diameter request and its answer, once, however many agents it crossed. */
#ifndef IMS_EXCHANGE_H
#define IMS_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/message.h>
#include <ims/slice.h>

enum ims_application {
	IMS_APPLICATION_BASE,	 /* 0 */
	IMS_APPLICATION_CX,	 /* 16777216, Cx and Dx */
	IMS_APPLICATION_RFC4740, /* 6 */
	IMS_APPLICATION_RX,	 /* 16777236 */
	IMS_APPLICATION_OTHER,	 /* never handed out */
};

enum ims_result_container {
	IMS_RESULT_NONE,
	IMS_RESULT_CODE,	 /* Result-Code (268) */
	IMS_RESULT_EXPERIMENTAL, /* Experimental-Result (297) */
};

struct ims_result {
	enum ims_result_container container;
	uint32_t vendor; /* of Experimental-Result; else 0 */
	uint32_t code;
	const char *name; /* of its container's registry, or NULL; static */
};

/* Borrowed: lives for the callback that hands it over. */
struct ims_exchange {
	uint64_t id;	       /* from 1, in order of the request's time */
	uint64_t registration; /* id, or 0 */
	enum ims_application application;
	const char *command;	  /* "UAR", "MAR", ...; static */
	struct ims_frame request; /* number 0: not in the capture */
	struct ims_frame answer;
	int64_t request_time_ns; /* of the first that is there */
	int64_t answer_time_ns;	 /* -1: no answer */
	struct ims_endpoint asker;
	struct ims_endpoint answerer;
	struct ims_result result;
	struct ims_slice impi;
	struct ims_slice impu;
	struct ims_slice server_name;
	struct ims_slice origin_host; /* of the request; else of the answer */
	struct ims_slice destination_realm;
	uint32_t n_agents; /* relays between whose both sides are captured */
};

/* "Cx", "SIP (RFC 4740)", "Rx", "base". */
const char *ims_application_name(enum ims_application application);
/* "Result-Code", "Experimental-Result"; NULL for NONE. */
const char *ims_result_container_name(enum ims_result_container container);

#endif
