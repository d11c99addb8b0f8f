/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalogue of diagnoses as front ends see it: `imsleuth explain`, the
 * plugin's expert infos and the documentation come from these records.
 */
#ifndef IMS_RULE_H
#define IMS_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

enum ims_severity {
	IMS_SEVERITY_NOTE,
	IMS_SEVERITY_WARNING,
	IMS_SEVERITY_ERROR,
};
#define IMS_N_SEVERITIES 3

enum ims_fact_type {
	IMS_FACT_STRING,
	IMS_FACT_INTEGER,
	IMS_FACT_NUMBER,
	IMS_FACT_BOOLEAN,
	IMS_FACT_STRINGS, /* a list */
	IMS_FACT_FRAME,
};

/* One key that the `facts` of a rule's findings may hold. */
struct ims_fact_key {
	const char *key;
	enum ims_fact_type type;
	const char *meaning;
};

/* What a rule looks at, once it is final. Each kind has its own view. */
enum ims_scope {
	IMS_SCOPE_REGISTRATION,
	IMS_SCOPE_EXCHANGE, /* a Cx exchange, of a registration or not */
	IMS_SCOPE_REQUEST,  /* a SIP request outside REGISTER, on all legs */
	IMS_SCOPE_PEER,	    /* a Diameter connection */
	IMS_SCOPE_MESSAGE,  /* a SIP or Diameter message */
	IMS_SCOPE_CAPTURE,  /* the capture as a whole, at its end */
	/* What became of an RTR, when its subscribers had time to be told. */
	IMS_SCOPE_TERMINATION,
};

struct ims_check; /* engine's own: what a check is given */

struct ims_rule {
	const char *slug;
	const char *family;	  /* "Cx", "Registration", ... */
	const char *title;	  /* one line */
	const char *explain;	  /* what it means */
	const char *recognised;	  /* when it fires, and when it does not */
	const char *advice;	  /* what to look at and to change */
	const char *const *specs; /* clauses, NULL at the end */
	const struct ims_fact_key *facts; /* key NULL at the end; or NULL */
	enum ims_severity severity;	  /* as the catalogue has it */
	enum ims_scope scope;
	/*
	 * How near to the origin of a failure a finding of this rule is: the
	 * greatest of a failed registration's findings is its cause. 0: never
	 * a cause.
	 */
	uint8_t origin;
	/* Only said of a failure that nothing nearer to its origin explains. */
	bool is_echo;
	/* Bits, the engine's own (signs.h): it is asked where all of them are,
	   as it has nothing to say without. */
	uint32_t needs;
	void (*check)(struct ims_check *check);
};

/* The catalogue in its order: how many rules, and each; NULL beyond. */
size_t ims_rules_count(void);
const struct ims_rule *ims_rules_at(size_t index);

/* The rule of that slug, or NULL. */
const struct ims_rule *ims_rule_find(const char *slug) IMS_NONNULL_ALL;

/* "note", "warning", "error". */
const char *ims_severity_name(enum ims_severity severity);
/* "registration", "exchange", ... */
const char *ims_scope_name(enum ims_scope scope);

#endif
