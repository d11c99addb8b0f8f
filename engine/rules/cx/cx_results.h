/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules about one result of the HSS each: tables of their codes in each
 * container, and one check for all.
 */
#ifndef IMS_CX_RESULTS_H
#define IMS_CX_RESULTS_H

#include "cx_reading.h"
#include "family.h"

#define IMS_ASKS(command) (1u << IMS_COMMAND_##command)
/* What CSCFs ask; in RTA and PPA it is the CSCF that speaks. */
#define IMS_ASKS_ALL (IMS_ASKS(UA) | IMS_ASKS(SA) | IMS_ASKS(LI) | IMS_ASKS(MA))

#define IMS_RESULT_CODES_MAX 5

/* A finding in the making. */
struct ims_result_tale {
	const struct ims_check *check;
	const struct ims_cx *cx;
	struct ims_draft *draft;
	GString *sentence; /* so far, without its full stop */
};

/* What a rule is about, and how it puts it. */
struct ims_result_codes {
	const struct ims_rule *rule;
	uint32_t experimental; /* in Experimental-Result of 3GPP; 0: none */
	uint32_t rfc4740;      /* in Result-Code of application 6; 0: none */
	uint32_t result_codes[IMS_RESULT_CODES_MAX]; /* in Result-Code */
	uint32_t commands;   /* bits: IMS_ASKS(...); 0: all that CSCFs ask */
	const char *meaning; /* behind "HSS ... answered ... with ...: " */
	/* Facts, evidence and words of this rule alone; may be NULL. */
	void (*add)(struct ims_result_tale *tale);
};

struct ims_result_table {
	const struct ims_result_codes *at;
	size_t n;
};

/* cx_results.c and cx_base_results.c. */
extern const struct ims_result_table ims_results_of_3gpp;
extern const struct ims_result_table ims_results_of_base;

/* What the records have in common. */
#define IMS_RESULT_RULE                                                        \
	.family = "Cx", .scope = IMS_SCOPE_EXCHANGE, .origin = IMS_ORIGIN_HSS, \
	.needs = IMS_SIGN_ERROR, .check = ims_result_check

#define IMS_RESULT_KEYS                                                        \
	IMS_CX_KEYS, {"code", IMS_FACT_INTEGER, "the result's number"},        \
		{"container", IMS_FACT_STRING,                                 \
		 "Result-Code or Experimental-Result"},                        \
		{"vendor", IMS_FACT_INTEGER,                                   \
		 "Vendor-Id of the Experimental-Result, else 0"},              \
		{"name", IMS_FACT_STRING, "the result's name"},                \
		{"answered_by", IMS_FACT_STRING, "Origin-Host of the answer"}, \
	{                                                                      \
		"error_message", IMS_FACT_STRING,                              \
			"Error-Message of the answer"                          \
	}

/* The check of every rule in the tables. */
void ims_result_check(struct ims_check *check) IMS_NONNULL_ALL;

/* Whether a rule of the tables is about the exchange's result. */
bool ims_result_is_listed(const struct ims_cx *cx) IMS_NONNULL_ALL;

/* Tells of the result: facts, evidence, sentence, cause or not. */
void ims_result_tell(struct ims_check *check, const char *meaning,
		     void (*add)(struct ims_result_tale *tale))
	IMS_NONNULL(1, 2);

#endif
