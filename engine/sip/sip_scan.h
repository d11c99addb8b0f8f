/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the grammars of all header fields have in common (RFC 3261 25.1):
 * comma-separated lists, parameters, quoted strings, host and port, numbers.
 * A quote that is never closed counts as an ordinary character; a "<" that
 * is never closed reaches to the end. Everything is linear in its input.
 */
#ifndef IMS_SIP_SCAN_H
#define IMS_SIP_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/slice.h>

/* What is left of `s` from `start` on, which is not beyond its end. */
static inline struct ims_slice ims_sip_from(struct ims_slice s, size_t start)
{
	return ims_slice(s.at + start, s.len - start);
}

static inline bool ims_sip_is_blank(char c)
{
	return ims_is_blank(c);
}

/* The length of what stands before the first blank. */
size_t ims_sip_word_length(struct ims_slice s) IMS_PURE;

/* The same, of a list that has not ended and may be of several. */
void ims_sip_list_take(struct ims_slice *rest,
		       struct ims_slice *element) IMS_NONNULL_ALL;

/*
 * Takes the next element of a comma-separated list off `rest`, trimmed;
 * commas in quotes and angle brackets do not separate. Empty elements are
 * given too, one for an empty list. Returns false when rest->at is NULL,
 * which it is after the last element.
 */
static inline bool ims_sip_list_next(struct ims_slice *rest,
				     struct ims_slice *element)
{
	if (!rest->at)
		return false;
	if (rest->len > 0 && memchr(rest->at, ',', rest->len)) {
		ims_sip_list_take(rest, element);
	} else {
		/* It stands alone, as most do, or is the last one. */
		*element = ims_slice_trim(*rest);
		*rest = (struct ims_slice){0};
	}
	return true;
}

/*
 * Takes "<...>" off `rest`, which starts with "<", and returns what is in it,
 * trimmed. A host written as "<null>" does not end it.
 */
struct ims_slice ims_sip_brackets_take(struct ims_slice *rest) IMS_NONNULL_ALL;

struct ims_sip_param {
	struct ims_slice name;
	struct ims_slice value; /* without quotes; absent where no "=" stands */
};

/*
 * Takes the next "name=value" or "name" off `rest`, which ends at
 * `separator` or the end; empty ones are passed over. Returns false at the
 * end.
 */
bool ims_sip_param_next(struct ims_slice *rest, char separator,
			struct ims_sip_param *param) IMS_NONNULL_ALL;

/*
 * Takes the first parameter off `rest`, which has them with semicolons, and its
 * value, if it begins with that name and "=", as nearly all are written that
 * have one. False, and it is left, where it is another or may be.
 */
bool ims_sip_param_take(struct ims_slice *rest, struct ims_slice *value,
			struct ims_slice name) IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * The value of the first parameter of that name (case ignored) in a
 * semicolon-separated list; absent when it is not there, empty when it has
 * no value.
 */
struct ims_slice ims_sip_param_get(struct ims_slice params,
				   struct ims_slice name) IMS_PURE;

static inline struct ims_slice ims_sip_param_find(struct ims_slice params,
						  const char *name)
{
	return ims_sip_param_get(params, ims_slice_of(name));
}

/*
 * Without the quotes around it, if they are there; `&quot;`, which phones
 * have sent, counts as one. Backslashes stay as written. A closing quote
 * that is missing is not missed.
 */
struct ims_slice ims_sip_unquote(struct ims_slice s) IMS_PURE;

/* Offset of the first `c` outside quotes; s.len when there is none. */
size_t ims_sip_find_unquoted(struct ims_slice s, char c) IMS_PURE;

/*
 * Splits "host", "host:port", "[IPv6]" and "[IPv6]:port"; blanks around the
 * parts do not count, and what stands behind them is left aside. *port is 0
 * where none is written, or no port number. An IPv6 address without brackets
 * is a host without port.
 */
void ims_sip_host_port(struct ims_slice *host, uint16_t *port,
		       struct ims_slice text) IMS_NONNULL_ALL;

/*
 * Of text that begins with a host, and perhaps a port, in their usual form: how
 * long they are together, without any quote or backslash. Where 0, or anything
 * but a separator stands behind them, they may be in another, which
 * ims_sip_host_port reads, and nothing is said of them.
 */
size_t ims_sip_host_port_take(struct ims_slice *host, uint16_t *port,
			      struct ims_slice text) IMS_NONNULL_ALL;

/*
 * The number that `text` begins with, where a blank, ";", "(" or the end
 * follows; false, and *value as it was, when there is none or it is above
 * `max`.
 */
bool ims_sip_number_parse(uint64_t *value, struct ims_slice text,
			  uint64_t max) IMS_NONNULL_ALL IMS_MUST_USE;

/* CSeq (20.16). Each is 0 or absent when it cannot be read. */
struct ims_sip_cseq {
	bool has_number;
	uint32_t number;
	struct ims_slice method;
};

void ims_sip_cseq_parse(struct ims_sip_cseq *cseq,
			struct ims_slice text) IMS_NONNULL_ALL;

#endif
