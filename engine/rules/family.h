/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the families of rules share. A family is a file: its rules' checks,
 * their records, and at its foot the list that makes them part of the
 * catalogue (an unlisted rule does not compile: -Wunused-const-variable).
 */
#ifndef IMS_FAMILY_H
#define IMS_FAMILY_H

#include "check.h"

/*
 * How near to the origin of a failure a rule's finding is; the greatest of a
 * failed registration's findings is its cause, the earliest among equals.
 */
enum ims_origin {
	IMS_ORIGIN_NEVER = 0,	     /* no cause of a failed registration */
	IMS_ORIGIN_ECHO = 10,	     /* a refusal that nothing else explains */
	IMS_ORIGIN_SILENCE = 20,     /* a side that says nothing more */
	IMS_ORIGIN_LOOP = 30,	     /* going round without an end */
	IMS_ORIGIN_STALE = 35,	     /* answers to challenges of old */
	IMS_ORIGIN_NEXT_HOP = 40,    /* a hop that never answered */
	IMS_ORIGIN_AGREEMENT = 50,   /* security agreement gone wrong */
	IMS_ORIGIN_EXTENSION = 60,   /* an option-tag refused */
	IMS_ORIGIN_MALFORMED = 65,   /* a REGISTER that is no good SIP */
	IMS_ORIGIN_CREDENTIALS = 70, /* a response that is wrong */
	IMS_ORIGIN_PEER = 80,	     /* no Diameter connection */
	IMS_ORIGIN_UNANSWERED = 85,  /* a Cx request without answer */
	IMS_ORIGIN_HSS = 90,	     /* what the HSS said */
	IMS_ORIGIN_LAST_LEG = 95,    /* the P-CSCF, whatever the core said */
};

#define IMS_SPECS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define IMS_FACT_KEYS(...)                          \
	((const struct ims_fact_key[]){__VA_ARGS__, \
				       {NULL, IMS_FACT_STRING, NULL}})

/* The families, in the catalogue's order. */
extern const struct ims_rule_list ims_rules_cx_results;
extern const struct ims_rule_list ims_rules_cx_base_results;
extern const struct ims_rule_list ims_rules_cx_answers;
extern const struct ims_rule_list ims_rules_cx_silence;
extern const struct ims_rule_list ims_rules_cx_scscf;
extern const struct ims_rule_list ims_rules_cx_state;
extern const struct ims_rule_list ims_rules_cx_scheme;
extern const struct ims_rule_list ims_rules_cx_profile;
extern const struct ims_rule_list ims_rules_cx_network_initiated;
extern const struct ims_rule_list ims_rules_cx_termination;
extern const struct ims_rule_list ims_rules_cx_peers;
extern const struct ims_rule_list ims_rules_registration;
extern const struct ims_rule_list ims_rules_register_pcscf;
extern const struct ims_rule_list ims_rules_register_refused;
extern const struct ims_rule_list ims_rules_register_lost;
extern const struct ims_rule_list ims_rules_register_course;
extern const struct ims_rule_list ims_rules_challenges;
extern const struct ims_rule_list ims_rules_register_requests;
extern const struct ims_rule_list ims_rules_register_answers;
extern const struct ims_rule_list ims_rules_register_protection;
extern const struct ims_rule_list ims_rules_home_domain;
extern const struct ims_rule_list ims_rules_associated_uris;
extern const struct ims_rule_list ims_rules_bad_extension;
extern const struct ims_rule_list ims_rules_extensions;
extern const struct ims_rule_list ims_rules_sec_agree_choice;
extern const struct ims_rule_list ims_rules_sec_agree_legs;
extern const struct ims_rule_list ims_rules_sec_agree_offer;
extern const struct ims_rule_list ims_rules_sec_agree_verify;
extern const struct ims_rule_list ims_rules_authentication;
extern const struct ims_rule_list ims_rules_digest;
extern const struct ims_rule_list ims_rules_aka_nonce;
extern const struct ims_rule_list ims_rules_nonces;
extern const struct ims_rule_list ims_rules_unusable_addresses;
extern const struct ims_rule_list ims_rules_exposed_addresses;
extern const struct ims_rule_list ims_rules_transport;
extern const struct ims_rule_list ims_rules_malformed;
extern const struct ims_rule_list ims_rules_sip_form;
extern const struct ims_rule_list ims_rules_capture;
extern const struct ims_rule_list ims_rules_cx_authorization;
extern const struct ims_rule_list ims_rules_cx_assignment;

#endif
