/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TLS and DTLS on ports of signalling: seen, counted, not read. */
#ifndef IMS_TLS_H
#define IMS_TLS_H

#include <ims/attributes.h>

#include "messages.h"
#include "table.h"

/* Pairs of ports with DTLS that are remembered. */
#define IMS_DTLS_MAX 1024
/* One event a connection in this time. */
#define IMS_TLS_INTERVAL_NS INT64_C(1000000000)

struct ims_network;

struct ims_dtls {
	struct ims_table table;
};

/* SIP 5060, 5061 (RFC 3261 19.1.2); Diameter 3868, 5658 (RFC 6733 2.1). */
static inline bool ims_port_is_signalling(uint16_t port)
{
	return port == 5060 || port == 5061 || port == 3868 || port == 5658;
}

/* Whether a record begins the bytes (RFC 8446 5.1; DTLS: RFC 9147 4). */
bool ims_tls_begins(const uint8_t *at, size_t len) IMS_NONNULL_ALL;
bool ims_dtls_begins(const uint8_t *at, size_t len) IMS_NONNULL_ALL;

/*
 * Counts the packet, and makes an event if *told_ns, the time of the
 * connection's last, is not too near.
 */
void ims_tls_see(struct ims_network *network, const struct ims_flow *flow,
		 int64_t *told_ns) IMS_NONNULL_ALL;

/* A packet of DTLS between two endpoints. */
void ims_dtls_see(struct ims_network *network,
		  const struct ims_flow *flow) IMS_NONNULL_ALL;

void ims_dtls_init(struct ims_dtls *dtls) IMS_NONNULL_ALL;
void ims_dtls_fini(struct ims_dtls *dtls) IMS_NONNULL_ALL;

#endif
