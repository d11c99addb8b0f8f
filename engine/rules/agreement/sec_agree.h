/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the rules about the security agreement (RFC 3329, TS 33.203) read the
 * leg between a UE and its P-CSCF: the offer (Security-Client), the choice
 * (Security-Server), the proof (Security-Verify) and the ports that follow
 * from them. It fires nothing.
 */
#ifndef IMS_SEC_AGREE_H
#define IMS_SEC_AGREE_H

#include "check.h"
#include "request.h"

/* A parameter of a mechanism: "spi-c" and "4096"; value absent without "=". */
struct ims_parameter {
	struct ims_slice name;
	struct ims_slice value;
};

/*
 * Takes the next parameter, split at ";" outside quotes, off `rest`. The
 * first of a mechanism is its name. False at the end.
 */
bool ims_parameter_next(struct ims_slice *rest,
			struct ims_parameter *parameter) IMS_NONNULL_ALL;

/* The parameter of that name in a mechanism's text; false: it has none. */
bool ims_parameter_find(struct ims_parameter *found, struct ims_slice mechanism,
			struct ims_slice name) IMS_NONNULL(1);

/* What two mechanisms have in common. */
enum ims_likeness {
	IMS_LIKENESS_SAME,   /* case, blanks and order do not matter */
	IMS_LIKENESS_BUT_Q,  /* they differ in q alone */
	IMS_LIKENESS_DIFFER, /* in a parameter, or in which they have */
};
enum ims_likeness ims_mechanism_compare(struct ims_slice a, struct ims_slice b);

/* A list of mechanisms as written, and the message that had it. */
struct ims_security_list {
	struct ims_slice at[IMS_SIP_MAX_MECHANISMS];
	size_t n;
	const struct ims_facts *message; /* NULL: of an earlier registration */
};

/* The worst of its elements' likeness, which have to be in one order. */
enum ims_likeness ims_security_compare(const struct ims_security_list *server,
				       const struct ims_sip_mechanisms *verify)
	IMS_NONNULL_ALL;

/* "spi-s=4097 became spi-s=999", each a char * to be freed by the array. */
GPtrArray *ims_security_differences(const struct ims_security_list *server,
				    const struct ims_sip_mechanisms *verify)
	IMS_NONNULL_ALL IMS_MUST_USE;

/* The journey's leg from the UE to its P-CSCF; NULL: none, or not captured. */
const struct ims_hop *ims_ue_leg(const struct ims_journey *journey)
	IMS_NONNULL_ALL;

/* A request on it that is all there; NULL otherwise. */
const struct ims_facts *ims_ue_request(const struct ims_journey *journey)
	IMS_NONNULL_ALL;

/* All of the message is there, so that what it lacks it does not have. */
bool ims_message_is_whole(const struct ims_facts *facts);

/*
 * The Security-Server that the journey's request has to mirror: of the
 * challenge that it answers, else of the agreement that stood. False where
 * the capture does not show which that is.
 */
bool ims_security_server_for(struct ims_security_list *list,
			     const struct ims_check *check,
			     const struct ims_journey *journey) IMS_NONNULL_ALL;

/* Ports of one agreement (TS 33.203 7.1). */
struct ims_ports {
	uint16_t ue_c;
	uint16_t ue_s;
	uint16_t pcscf_c;
	uint16_t pcscf_s;
	int64_t since_ns; /* when it was offered to the UE */
};

#define IMS_MAX_PORTS 8

/* The agreements that may be in force on a leg, and its two ends. */
struct ims_agreed {
	struct ims_ports ports[IMS_MAX_PORTS];
	unsigned n;
	bool ue_asks; /* the UE is the leg's near end */
};

/* False: none is known for that leg, or it is none of a UE's. */
bool ims_agreed_read(struct ims_agreed *agreed, const struct ims_check *check,
		     const struct ims_hop *hop) IMS_NONNULL_ALL;

/* What a port of one side is for, in any of the agreements: bits. */
enum ims_port_use {
	IMS_PORT_CLIENT = 1u << 0,
	IMS_PORT_SERVER = 1u << 1,
};

/* Bits of enum ims_port_use for both ends of a message on that leg. */
struct ims_port_uses {
	unsigned ue;
	unsigned pcscf;
	uint16_t ue_port;
	uint16_t pcscf_port;
};
void ims_port_uses_read(struct ims_port_uses *uses,
			const struct ims_agreed *agreed,
			const struct ims_facts *message) IMS_NONNULL_ALL;

#endif
