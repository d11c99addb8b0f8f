/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Diameter messages, rewritten where they stand. */
#ifndef IMS_PSEUDONYM_DIAMETER_H
#define IMS_PSEUDONYM_DIAMETER_H

#include "pseudonyms_internal.h"

/* What an AVP's value is. */
enum ims_avp_form {
	IMS_AVP_FORM_OPAQUE, /* not known: words, or bytes, all replaced */
	IMS_AVP_FORM_KEEP,   /* numbers and words of the protocol */
	IMS_AVP_FORM_GROUP,
	IMS_AVP_FORM_HOST,
	IMS_AVP_FORM_URI, /* also an NAI */
	IMS_AVP_FORM_VALUE,
	IMS_AVP_FORM_NUMBER, /* digits as text */
	IMS_AVP_FORM_TBCD,   /* two digits an octet */
	IMS_AVP_FORM_PROSE,
	IMS_AVP_FORM_SESSION,
	IMS_AVP_FORM_XML,
	IMS_AVP_FORM_SDP,
	IMS_AVP_FORM_ADDRESS, /* with its family in front (RFC 6733 4.3.1) */
	IMS_AVP_FORM_IPV4,
	IMS_AVP_FORM_PREFIX, /* RFC 3162 2.3 */
	IMS_AVP_FORM_CHALLENGE,
	IMS_AVP_FORM_AUTHORIZATION, /* RAND and AUTS, or XRES */
	IMS_AVP_FORM_CK,
	IMS_AVP_FORM_IK,
	IMS_AVP_FORM_HA1,
	IMS_AVP_FORM_NONCE,
	IMS_AVP_FORM_RESPONSE,
	IMS_AVP_FORM_AUTS,
};

enum ims_avp_form ims_avp_form(uint32_t vendor, uint32_t code) IMS_PURE;

void ims_rewrite_diameter(struct ims_pseudonyms *p, struct ims_chars message);

/* Keeps what an MAR asks for, and what an MAA hands out. */
void ims_learn_diameter(struct ims_pseudonyms *p, struct ims_slice message);

#endif
