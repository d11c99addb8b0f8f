/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One Diameter message as chains and rules read it. Cx and RFC 4740 fill the
 * same fields. Enumerations that the message lacks are -1, slices absent,
 * lists n 0.
 */
#ifndef IMS_DIAMETER_FACTS_H
#define IMS_DIAMETER_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/address.h>
#include <ims/exchange.h>
#include <ims/slice.h>

#include "diameter_names.h"

#define IMS_DIAMETER_MAX_AVPS  512 /* of a message, all depths */
#define IMS_DIAMETER_MAX_DEPTH 8
#define IMS_DIAMETER_MAX_LIST  64

struct ims_diameter_list {
	const struct ims_slice *at;
	size_t n;
};

struct ims_diameter_numbers {
	const uint32_t *at;
	size_t n;
};

/* SIP-Auth-Data-Item (612; RFC 4740: 376). */
struct ims_auth_item {
	int64_t item_number;	 /* -1: none */
	struct ims_slice scheme; /* "Digest-AKAv1-MD5"; RFC 4740: "DIGEST" */
	struct ims_slice authenticate;	/* 609 as bytes: RAND || AUTN */
	struct ims_slice authorization; /* 610 as bytes: XRES (MAA: secret) or
					   RAND || AUTS (MAR) */
	struct ims_slice ck;		/* 625, secret: never printed */
	struct ims_slice ik;		/* 626, secret: never printed */
	/* SIP-Digest-Authenticate (635) or RFC 4740's grouped ones: */
	bool has_digest;
	struct ims_slice digest_realm;
	struct ims_slice digest_algorithm;
	struct ims_slice digest_qop;
	struct ims_slice digest_nonce;
	struct ims_slice digest_ha1; /* 121, secret: never printed */
};

/* An identity of a service profile in Cx-User-Data. */
struct ims_profile_identity {
	struct ims_slice uri;
	bool barred;
	size_t service_profile; /* index, from 0 */
};

/* An initial filter criterion, as far as REGISTER needs it. */
struct ims_profile_ifc {
	int64_t priority;	  /* -1: none */
	struct ims_slice server;  /* ServerName */
	int64_t default_handling; /* 0 continued, 1 terminated; -1: none */
	bool on_register;	  /* a non-negated SPT with Method REGISTER */
	size_t service_profile;
};

/* User-Data (606; RFC 4740: 389), read as IMSSubscription (TS 29.228 E). */
struct ims_profile {
	bool present;	      /* the AVP stands */
	bool well_formed;     /* XML */
	bool is_subscription; /* its root is an IMSSubscription */
	struct ims_slice private_id;
	const struct ims_profile_identity *identities;
	size_t n_identities;
	const struct ims_profile_ifc *ifcs;
	size_t n_ifcs;
	struct ims_slice error; /* the parser's own words, where not well */
};

/* A grouped Failed-AVP (279): the first AVP in it. */
struct ims_failed_avp {
	bool present;
	uint32_t vendor;
	uint32_t code;
	const char *name; /* or NULL */
};

/* The first AVP with IMS_DIAMETER_FLAW_AVP_LENGTH or _VALUE. */
struct ims_malformed_avp {
	bool present;
	bool in_length;	 /* AVP_LENGTH; else VALUE */
	int64_t offset;	 /* of its header, in the message */
	uint32_t vendor; /* these 0 where its header is not there */
	uint32_t code;
	const char *name; /* or NULL */
};

enum ims_diameter_flaw {
	IMS_DIAMETER_FLAW_AVP_LENGTH = 1u << 0, /* AVP beyond its parent, or
						   shorter than its header */
	IMS_DIAMETER_FLAW_VALUE = 1u << 1,	/* a value of the wrong size */
	IMS_DIAMETER_FLAW_DEPTH = 1u << 2,	/* grouped too deep */
	IMS_DIAMETER_FLAW_MANY = 1u << 3,	/* a bound above was met */
	IMS_DIAMETER_FLAW_CUT = 1u << 4,
};

struct ims_diameter_facts {
	bool is_request;
	bool is_error;	       /* E bit */
	bool is_proxiable;     /* P bit */
	bool is_retransmitted; /* T bit */
	uint32_t application_id;
	enum ims_application application;
	uint32_t command_code;
	enum ims_command command;
	uint32_t hop_by_hop;
	uint32_t end_to_end;

	struct ims_slice session_id;
	struct ims_slice origin_host;
	struct ims_slice origin_realm;
	struct ims_slice destination_host;
	struct ims_slice destination_realm;
	size_t n_route_records;
	struct ims_slice user_name;		    /* IMPI */
	struct ims_diameter_list public_identities; /* 601; 122 in RFC 4740 */
	struct ims_slice visited_network;	    /* 600, 386 */

	struct ims_result result; /* Experimental-Result before Result-Code */
	bool has_result_code;
	bool has_experimental_result;
	uint32_t result_code; /* of 268 where it stands */
	struct ims_failed_avp failed_avp;
	struct ims_slice error_message;
	struct ims_slice error_reporting_host;
	struct ims_diameter_list redirect_hosts;

	struct ims_slice server_name; /* 602, 371; empty: stands, and empty */
	bool has_capabilities;	      /* 603, 372 */
	struct ims_diameter_numbers mandatory_capabilities;
	struct ims_diameter_numbers optional_capabilities;
	struct ims_diameter_list capability_servers; /* 602 inside 603 */

	int64_t authorization_type;	/* 623, 387 */
	int64_t assignment_type;	/* 614, 375 */
	int64_t data_already_available; /* 624, 392 */
	int64_t number_auth_items;	/* 607, 382 */
	const struct ims_auth_item *auth_items;
	size_t n_auth_items;
	struct ims_profile profile;
	int64_t reason_code; /* 616, 384, in 615, 383 */
	struct ims_slice reason_info;
	/* Associated-Identities (632): User-Names in it. */
	struct ims_diameter_list associated_identities;
	struct ims_slice call_id; /* AVP 494 of vendor 50 (Kamailio's SAR) */

	/* CER, CEA: what each side can; Vendor-Specific ones included. */
	struct ims_diameter_numbers applications; /* Auth- and Acct- */
	struct ims_slice product_name;
	int64_t disconnect_cause; /* 273 */

	/* Rx: */
	struct ims_address framed_ip; /* 8, 97 */
	int64_t rx_request_type;      /* 533 */
	int64_t abort_cause;	      /* 500 */

	uint32_t flaws;	     /* bits of enum ims_diameter_flaw */
	int64_t flaw_offset; /* of the first; -1: none */
	/* Not one in Failed-AVP, which shows what another had sent. */
	struct ims_malformed_avp malformed_avp;
};

#endif
