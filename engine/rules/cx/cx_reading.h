/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the Cx families read an exchange: what its two sides are called, how
 * far it can be trusted, and what the asker did next. It fires nothing.
 */
#ifndef IMS_CX_READING_H
#define IMS_CX_READING_H

#include "check.h"

/* A CSCF that acts this long after its request had no answer before. */
#define IMS_CX_GIVES_UP (2 * IMS_SECOND)

/* Room for a side with its host name, and for a result. */
#define IMS_CX_TEXT 320

/* The fact keys that every rule about one exchange has. */
#define IMS_CX_KEYS                                                          \
	{"command", IMS_FACT_STRING, "the request: UAR, MAR, SAR, ..."},     \
		{"impi", IMS_FACT_STRING, "User-Name of the request"},       \
		{"impu", IMS_FACT_STRING, "Public-Identity of the request"}, \
	{                                                                    \
		"destination_realm", IMS_FACT_STRING,                        \
			"Destination-Realm of the request"                   \
	}

/* Cx, Dx or RFC 4740: neither Rx nor the base protocol. */
bool ims_cx_is_cx(const struct ims_cx *cx) IMS_NONNULL_ALL;

/* At most 160 bytes of what came off the wire: a text is to be read. */
struct ims_slice ims_cx_shown(struct ims_slice text);

/* "I-CSCF 10.70.2.12"; the role follows from the command. Returns out. */
const char *ims_cx_asker(char out[IMS_CX_TEXT],
			 const struct ims_cx *cx) IMS_NONNULL_ALL;

/* "HSS 10.70.2.20": who answered, or should have; "Diameter node ..." where
   it may be any on the way. Returns out. */
const char *ims_cx_answerer(char out[IMS_CX_TEXT],
			    const struct ims_cx *cx) IMS_NONNULL_ALL;

/* The same with its Origin-Host: "HSS 10.70.2.20 (hss.example.net)". */
const char *ims_cx_answerer_host(char out[IMS_CX_TEXT],
				 const struct ims_cx *cx) IMS_NONNULL_ALL;

/* "Experimental-Result 5001 (DIAMETER_ERROR_USER_UNKNOWN)". Returns out. */
const char *ims_cx_result(char out[IMS_CX_TEXT],
			  const struct ims_cx *cx) IMS_NONNULL_ALL;

/* It has that result of 3GPP in Experimental-Result, or in RFC 4740 that
   Result-Code. */
bool ims_cx_says(const struct ims_cx *cx, uint32_t experimental,
		 uint32_t rfc4740) IMS_NONNULL_ALL;

/* "sip:a@b (IMPI c@b)", or what of it there is. Returns out. */
const char *ims_cx_subject(char out[IMS_CX_TEXT],
			   const struct ims_cx *cx) IMS_NONNULL_ALL;

/* Request and answer as evidence, and the facts of IMS_CX_KEYS. */
void ims_cx_tell(struct ims_draft *draft,
		 const struct ims_cx *cx) IMS_NONNULL_ALL;

/* The final response of the attempt as evidence; nothing where none is. */
void ims_cx_tell_outcome(struct ims_draft *draft,
			 const struct ims_attempt *attempt) IMS_NONNULL(1);

/* ": the UE got 403 Forbidden" behind a sentence, where that is so. */
void ims_cx_append_outcome(GString *sentence, const struct ims_attempt *attempt)
	IMS_NONNULL(1);

/* All of the message is there, so that what it lacks it does not have. */
bool ims_cx_is_whole(const struct ims_facts *facts);

/*
 * Whether the exchange can explain its attempt's failure: the attempt failed,
 * and the same question was not asked again and answered in it.
 */
bool ims_cx_explains(const struct ims_check *check) IMS_NONNULL_ALL;

/*
 * Whether the asker went on as one that has a good answer: it forwarded or
 * challenged, the next command left, the UE got its 200. Looks no further
 * than the same command's next request.
 */
bool ims_cx_went_on(const struct ims_attempt *attempt,
		    const struct ims_cx *cx) IMS_NONNULL_ALL;

/* The hop on which the asker was asked: the last that reached it before its
   request. NULL: none is in the capture. */
const struct ims_hop *ims_cx_asked_on(const struct ims_attempt *attempt,
				      const struct ims_cx *cx) IMS_NONNULL_ALL;

/* The REGISTER for which the asker asks is in the capture, and was open. */
bool ims_cx_has_ground(const struct ims_attempt *attempt,
		       const struct ims_cx *cx) IMS_NONNULL_ALL;

/*
 * Whether what follows from its answer stands shortly before the request: the
 * REGISTER's response, or the REGISTER sent on. The capture then has a later
 * copy of the request (a lost segment that TCP sent again).
 */
bool ims_cx_stands_late(const struct ims_attempt *attempt,
			const struct ims_cx *cx) IMS_NONNULL_ALL;

/*
 * The error (400 and more, no challenge) with which the asker itself answered
 * the REGISTER, from `since_ns` on. NULL: none captured.
 */
const struct ims_facts *ims_cx_asker_error(const struct ims_attempt *attempt,
					   const struct ims_cx *cx,
					   int64_t since_ns) IMS_NONNULL_ALL;

/* The next request of that command by the same asker in the attempt. */
const struct ims_cx *ims_cx_next(const struct ims_attempt *attempt,
				 const struct ims_cx *cx,
				 enum ims_command command) IMS_NONNULL_ALL;

/* Whether that hop is the one the asker was asked on, or another try of it:
   it ends at the asker. */
bool ims_cx_asks_asker(const struct ims_hop *hop,
		       const struct ims_cx *cx) IMS_NONNULL_ALL;

/* Which part of the request the result complains of, where it puts a base
   code's number into 3GPP's Experimental-Result; NULL: it does not. */
const char *ims_cx_mislabelled(const struct ims_cx *cx) IMS_NONNULL_ALL;

/* The result means what its container says: not so where it is mislabelled,
   or where only the request could tell and is not in the capture. */
bool ims_cx_is_labelled(const struct ims_cx *cx) IMS_NONNULL_ALL;

/* The domain of a visited network is another than the subscriber's. */
bool ims_cx_is_visiting(const struct ims_cx *cx) IMS_NONNULL_ALL;

/* The answer to a Cx request where all of it is there; else NULL. */
const struct ims_diameter_facts *ims_cx_whole_answer(const struct ims_cx *cx)
	IMS_NONNULL_ALL;

/* The attempt whose failure the exchange explains; or NULL. */
const struct ims_attempt *ims_cx_explained(const struct ims_check *check)
	IMS_NONNULL_ALL;

/* The same, unless the asker could use the answer nevertheless. */
const struct ims_attempt *ims_cx_explained_if_stuck(
	const struct ims_check *check) IMS_NONNULL_ALL;

/* Begins a sentence: "HSS ... answered the UAR for sip:a@b". */
GString *ims_cx_begin(const struct ims_cx *cx) IMS_NONNULL_ALL IMS_MUST_USE;

/* Ends it and makes it the summary: frees it. What becomes of the attempt
   follows where the finding explains it; NULL: it is no cause. */
void ims_cx_finish(struct ims_draft *draft, GString *sentence,
		   const struct ims_attempt *explained) IMS_NONNULL(1, 2);

#endif
