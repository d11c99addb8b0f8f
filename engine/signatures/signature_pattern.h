/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a message must be like for a signature to be met: conditions, all of
 * which must hold of one message. Those of SIP and those of Diameter are not
 * mixed.
 */
#ifndef IMS_SIGNATURE_PATTERN_H
#define IMS_SIGNATURE_PATTERN_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include <ims/exchange.h>
#include <ims/signature.h>

#include "facts.h"

/* What a Diameter request has or lacks; what stands and is empty it has. */
enum ims_pattern_part {
	IMS_PATTERN_USER_NAME = 1u << 0,
	IMS_PATTERN_PUBLIC_IDENTITY = 1u << 1,
	IMS_PATTERN_VISITED_NETWORK = 1u << 2,
	IMS_PATTERN_SERVER_NAME = 1u << 3,
	IMS_PATTERN_AUTHORIZATION = 1u << 4,
};

/* Containers of a result: bits, all of them and no others. */
enum ims_pattern_container {
	IMS_PATTERN_RESULT_CODE = 1u << 0,
	IMS_PATTERN_EXPERIMENTAL = 1u << 1,
};

struct ims_pattern_result {
	enum ims_result_container container;
	uint32_t code;
};

/* NULL, -1 or an empty list: no condition. */
struct ims_pattern {
	unsigned n_sip; /* conditions of each protocol */
	unsigned n_diameter;

	GArray *statuses; /* of uint16_t */
	char *reason;	  /* glob */
	char **methods;
	char **servers; /* globs, one of them */
	char *header_name;
	char *header_value; /* glob */

	char **commands;
	GArray *results;      /* of struct ims_pattern_result */
	int containers;	      /* bits */
	int error_bit;	      /* 0 or 1 */
	int64_t application;  /* of the answer */
	unsigned request_has; /* bits, of the request it answers */
	unsigned request_lacks;
	char *error_message; /* glob */
	char **peers;	     /* globs on its sender's Product-Name */
	char **receivers;    /* the same of whom it was sent to */
	int answered;	     /* of a request: 0 or 1 */
};

/* A pattern without conditions. */
void ims_pattern_init(struct ims_pattern *pattern) IMS_NONNULL_ALL;
void ims_pattern_clear(struct ims_pattern *pattern) IMS_NONNULL_ALL;

/* Whether a pattern has conditions of that name. */
bool ims_pattern_has_key(const char *key) IMS_NONNULL_ALL;

/*
 * Adds the condition `key`. Returns false, with *error (to be freed), where
 * the value is none for it.
 */
bool ims_pattern_add(struct ims_pattern *pattern, const char *key,
		     const char *value,
		     char **error) IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * The parts of a list "A, B", without the blanks around them; NULL where one
 * of them is empty. To be freed with g_strfreev.
 */
char **ims_pattern_list(const char *value) IMS_NONNULL_ALL IMS_MUST_USE;

#endif
