/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Security-Client, Security-Server and Security-Verify, an element each. */
#ifndef IMS_SIP_MECHANISM_H
#define IMS_SIP_MECHANISM_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/* One sec-mechanism (RFC 3329 2.2; TS 33.203 Annex H). */
struct ims_sip_mechanism {
	struct ims_slice text; /* the whole element as written, trimmed */
	struct ims_slice name; /* "ipsec-3gpp" */
	struct ims_slice q;
	struct ims_slice alg;
	struct ims_slice ealg;
	struct ims_slice prot;
	struct ims_slice mod;
	bool has_spi_c;
	bool has_spi_s;
	bool has_port_c;
	bool has_port_s;
	uint32_t spi_c; /* old grammar: spi */
	uint32_t spi_s;
	uint16_t port_c; /* old grammar: port1 */
	uint16_t port_s; /* old grammar: port2 */
};

/*
 * Reads one element. A number counts as there only when it can be read: a
 * misspelt name or value is an absent one. The parameters of the old grammar
 * (RFC 3329 Appendix A) do not replace those of the new one.
 */
void ims_sip_mechanism_parse(struct ims_sip_mechanism *mechanism,
			     struct ims_slice text) IMS_NONNULL_ALL;

#endif
