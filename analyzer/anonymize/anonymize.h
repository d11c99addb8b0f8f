/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets without their subscribers. It stands between the captures and
 * whatever reads them, so that reports and annotated captures hold nothing but
 * pseudonyms, and agree.
 *
 * Each packet keeps its headers, with other addresses, and of its payload
 * those bytes that are SIP or Diameter, rewritten where they stand (see
 * ims/pseudonyms.h): lengths, sequence numbers, fragments stay what they were,
 * checksums are mended, right ones to right ones. All else is not handed on:
 * what cannot be read, behind the header of ESP or TLS, and what is no
 * signalling; bytes that other protocols sent in between are 0.
 *
 * A message is known when its last byte is, and a response is judged by what
 * the HSS gave, which another interface may have captured. So packets are held
 * back for a while, and come in the order in which they were read. A network
 * of its own puts the messages together, and says through its tap where in the
 * packets their bytes are.
 */
#ifndef IMS_ANONYMIZE_H
#define IMS_ANONYMIZE_H

#include <ims/attributes.h>
#include <ims/pseudonyms.h>

#include "capture.h"

/* Packets are held back so long, by their own time; fewer where that is more
   than the bounds. */
#define IMS_ANONYMIZE_AHEAD_NS	  (5 * INT64_C(1000000000))
#define IMS_ANONYMIZE_MAX_PACKETS 65536
#define IMS_ANONYMIZE_MAX_BYTES	  (64u * 1024u * 1024u)

struct ims_anonymize;

/* Reads the next packet, as ims_capture_read. */
typedef enum ims_read ims_packet_source(void *user, struct ims_packet *packet);

/* Packets whose payload is not handed on, or not all of it. */
struct ims_anonymized {
	uint64_t esp; /* with a cipher */
	uint64_t tls;
	uint64_t other; /* media and the like */
};

/* The pseudonyms and the source are borrowed. Never NULL. */
struct ims_anonymize *ims_anonymize_new(struct ims_pseudonyms *pseudonyms,
					ims_packet_source *source, void *user)
	IMS_NONNULL(1, 2) IMS_MUST_USE;

/* The next of what the source reads; a packet's bytes are borrowed until the
   next call. */
enum ims_read ims_anonymize_read(struct ims_anonymize *anonymize,
				 struct ims_packet *packet)
	IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * It is `now_ns`: the next that need not be held back any longer, without
 * waiting for the source; it may be called while the source waits. false: none.
 */
bool ims_anonymize_next(struct ims_anonymize *anonymize, enum ims_read *what,
			struct ims_packet *packet,
			int64_t now_ns) IMS_NONNULL_ALL IMS_MUST_USE;

/* Of a capture's packets so far; zeroes where it had none. */
struct ims_anonymized ims_anonymize_count(const struct ims_anonymize *anonymize,
					  uint32_t capture) IMS_NONNULL_ALL;

void ims_anonymize_free(struct ims_anonymize *anonymize); /* NULL: nothing */

#endif
