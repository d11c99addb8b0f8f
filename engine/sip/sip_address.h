/* SPDX-License-Identifier: GPL-2.0-or-later */
/* name-addr and addr-spec: From, To, Contact, Route and their like. */
#ifndef IMS_SIP_ADDRESS_H
#define IMS_SIP_ADDRESS_H

#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/* A name-addr or addr-spec and its header parameters (RFC 3261 20.10). */
struct ims_sip_address {
	struct ims_slice text;	     /* whole element as written */
	struct ims_slice display;    /* without quotes */
	struct ims_slice uri;	     /* "sip:a@b;p=1"; "*" for the star */
	struct ims_slice scheme;     /* "sip" */
	struct ims_slice user;	     /* of sip, sips: before "@"; tel: number */
	struct ims_slice host;	     /* of sip, sips; IPv6 with brackets */
	uint16_t port;		     /* 0: none written */
	struct ims_slice uri_params; /* behind the first ";" of the URI */
	struct ims_slice params;     /* behind the first ";" of the element */
};

/*
 * Reads one element of a list, or the whole of a field that is no list.
 * Where brackets hold more than one URI, as one core writes them, `uri` is
 * all of it and the parts are those of the first.
 */
void ims_sip_address_parse(struct ims_sip_address *address,
			   struct ims_slice text) IMS_NONNULL_ALL;

/* The same for a bare URI, whose ";" are its own: a Request-URI. */
void ims_sip_uri_parse(struct ims_sip_address *address,
		       struct ims_slice uri) IMS_NONNULL_ALL;

#endif
