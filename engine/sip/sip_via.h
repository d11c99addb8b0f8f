/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Via (RFC 3261 20.42; rport: RFC 3581). */
#ifndef IMS_SIP_VIA_H
#define IMS_SIP_VIA_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

struct ims_sip_via {
	struct ims_slice transport; /* "UDP" */
	struct ims_slice host;	    /* sent-by; IPv6 with its brackets */
	uint16_t port;		    /* 0: none written */
	struct ims_slice branch;
	struct ims_slice received;
	uint16_t rport; /* 0: none, or asked for only */
	bool has_rport; /* the parameter stands, with or without a value */
};

/* Reads one element; what cannot be read stays absent or 0. */
void ims_sip_via_parse(struct ims_sip_via *via,
		       struct ims_slice text) IMS_NONNULL_ALL;

#endif
