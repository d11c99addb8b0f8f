/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One SIP message as chains and rules read it. Slices are absent (at NULL)
 * where the message lacks the thing; lists then have n 0. Quoted strings are
 * without their quotes; header values are unfolded (RFC 3261 7.3.1: a fold is
 * one SP). Lists are in the order of the message, over all lines of the name.
 */
#ifndef IMS_SIP_FACTS_H
#define IMS_SIP_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/slice.h>

#include "sip_address.h"
#include "sip_auth.h"
#include "sip_mechanism.h"
#include "sip_names.h"
#include "sip_via.h"

/* Bounds; what is beyond is not kept and IMS_SIP_FLAW_LISTS_CUT says so. */
#define IMS_SIP_MAX_HEADERS    256
#define IMS_SIP_MAX_VIAS       32
#define IMS_SIP_MAX_LIST       64
#define IMS_SIP_MAX_MECHANISMS 32
#define IMS_SIP_MAX_REGINFO    (64u * 1024u) /* bytes */

/* There are some twenty in a message: small. */
struct ims_sip_header {
	const char *at;	      /* its name as written */
	uint32_t name_len;    /* bytes */
	uint32_t value_place; /* from `at` */
	uint32_t value_len;
	uint8_t id;  /* an enum ims_sip_header_id */
	bool folded; /* it was written over several lines */
};

static inline struct ims_slice ims_sip_header_written(
	const struct ims_sip_header *header)
{
	return ims_slice(header->at, header->name_len);
}

static inline struct ims_slice ims_sip_header_value(
	const struct ims_sip_header *header)
{
	return ims_slice(header->at + header->value_place, header->value_len);
}

/* Contact with what RFC 3261 20.10 and RFC 5626 give it. */
struct ims_sip_contact {
	struct ims_sip_address address;
	int64_t expires; /* -1: none, or no number */
};

struct ims_sip_list {
	const struct ims_slice *at;
	size_t n;
};

struct ims_sip_addresses {
	const struct ims_sip_address *at;
	size_t n;
};

/* Option-tags of Require and the like; empty elements are left out. */
struct ims_sip_options {
	const struct ims_slice *at;
	size_t n;
	bool present;	    /* a header field of that name stands */
	bool empty_element; /* ", sec-agree", or an empty field */
};

struct ims_sip_mechanisms {
	const struct ims_sip_mechanism *at;
	size_t n;
	bool present;
};

/*
 * What is wrong with the message: bits. What the capture cut off is no flaw;
 * a header field that it cut in the middle is left out.
 */
enum ims_sip_flaw {
	IMS_SIP_FLAW_NO_VIA = 1u << 0,
	IMS_SIP_FLAW_NO_FROM = 1u << 1,
	IMS_SIP_FLAW_NO_TO = 1u << 2,
	IMS_SIP_FLAW_NO_CALL_ID = 1u << 3,
	IMS_SIP_FLAW_NO_CSEQ = 1u << 4,
	IMS_SIP_FLAW_BAD_CSEQ = 1u << 5,    /* no number, or another method */
	IMS_SIP_FLAW_BAD_LENGTH = 1u << 6,  /* Content-Length no number, or
					       beyond the bytes there are */
	IMS_SIP_FLAW_TWO_LENGTHS = 1u << 7, /* that differ */
	IMS_SIP_FLAW_BAD_HEADER = 1u << 8,  /* a line without a colon */
	IMS_SIP_FLAW_LISTS_CUT = 1u << 9,   /* a bound above was met */
	IMS_SIP_FLAW_NO_END = 1u << 10,	    /* header without empty line */
	IMS_SIP_FLAW_BAD_START = 1u << 11,  /* start line not whole */
};

/*
 * What a rule looks for and most messages lack, in bits: seen while the message
 * is read, so that nobody has to go through it for them later. A mark may stand
 * where the rule then finds nothing, never the other way.
 */
enum ims_sip_mark {
	/* Authorization or Proxy-Authorization over several lines. */
	IMS_SIP_MARK_FOLDED = 1u << 0,
	/* Via, Contact, Record-Route, Path or Service-Route with a host that
	   begins as none that leads anywhere, or may do so. */
	IMS_SIP_MARK_ODD_HOST = 1u << 1,
	/* Via, Contact or Record-Route with a host that may be loopback or
	   link-local. */
	IMS_SIP_MARK_LOCAL_HOST = 1u << 2,
	IMS_SIP_MARK_EMPTY_OPTION = 1u << 3, /* an empty option-tag */
	IMS_SIP_MARK_REQUIRES = 1u << 4,     /* Require, Proxy-Require */
	/* Security-Client, -Server or -Verify, or their option-tag required. */
	IMS_SIP_MARK_AGREEMENT = 1u << 5,
	IMS_SIP_MARK_RESPONSE = 1u << 6, /* credentials with a response */
	IMS_SIP_MARK_AUTS = 1u << 7,	 /* credentials with auts */
	IMS_SIP_MARK_KEYS = 1u << 8,	 /* a challenge with ck or ik */
};

/* What nearly everybody asks stands first, in two cache lines. */
struct ims_sip_facts {
	uint32_t marks; /* bits of enum ims_sip_mark */
	uint32_t flaws; /* bits of enum ims_sip_flaw */
	/* Of a request its own; of a response the one in CSeq. */
	enum ims_sip_method method;
	uint16_t status; /* of a response; else 0 */
	bool is_request;
	bool has_cseq; /* a number */
	uint32_t cseq;
	bool contact_star; /* one of the contacts is the star */
	struct ims_slice call_id;
	const struct ims_sip_via *vias; /* topmost first */
	size_t n_vias;
	/*
	 * Of several Authorization fields the one of scheme Digest, else the
	 * first; likewise WWW-Authenticate. Without any, one that is not
	 * present: never NULL.
	 */
	const struct ims_sip_auth *authorization;
	const struct ims_sip_auth *challenge;
	struct ims_slice method_text;
	struct ims_slice to_tag;
	const struct ims_sip_contact *contacts;
	size_t n_contacts;
	int64_t expires; /* the header; -1: none */

	struct ims_sip_address request_uri; /* of a request */
	struct ims_sip_address from;
	struct ims_sip_address to;
	struct ims_slice from_tag;
	struct ims_slice reason_phrase;
	int64_t min_expires; /* -1: none */

	struct ims_sip_addresses routes;
	struct ims_sip_addresses record_routes;
	struct ims_sip_addresses paths;
	struct ims_sip_addresses service_routes;
	struct ims_sip_addresses associated_uris;
	struct ims_slice visited_network_id; /* first, without quotes */
	struct ims_slice charging_vector;

	struct ims_sip_options require;
	struct ims_sip_options proxy_require;
	struct ims_sip_options supported;
	struct ims_sip_options unsupported;

	struct ims_sip_mechanisms security_client;
	struct ims_sip_mechanisms security_server;
	struct ims_sip_mechanisms security_verify;

	struct ims_slice reason;  /* Reason header, first field */
	struct ims_slice warning; /* first field */
	struct ims_slice server;  /* Server, else User-Agent */
	struct ims_slice event;	  /* these three with their parameters */
	struct ims_slice subscription_state;
	struct ims_slice content_type;

	size_t body_length; /* bytes of body that were there */
	/*
	 * MD5 of them, which qop=auth-int needs: of a REGISTER, or a request
	 * whose Authorization says auth-int; else, and without body, zeros.
	 */
	uint8_t body_md5[16];
	/* NOTIFY with a reginfo body (RFC 3680): its text; else absent. */
	struct ims_slice reginfo;

	const struct ims_sip_header *headers; /* all, in order */
	size_t n_headers;
	/* The first flaw's place: offset in the message; -1: none. */
	int64_t flaw_offset;
};

#endif
