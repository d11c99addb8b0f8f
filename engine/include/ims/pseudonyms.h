/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pseudonyms: whatever says who somebody is, in SIP and Diameter, is replaced
 * where it stands, by something of the same length and kind, which follows
 * from a key and from what it replaces and from nothing else. So what was
 * equal is equal in all messages, of all captures that are rewritten with the
 * same key, and nobody finds the way back without it.
 *
 * - Numbers become numbers, words words, letter for letter; an IMSI keeps its
 *   MCC and MNC. Private addresses stay private, those of one net in one net.
 * - Of host names the parts stay that name no one: ims.mnc001.mcc001.
 *   3gppnetwork.org, scscf, com.
 * - CK, IK, XRES, RAND, AUTN, nonces, Digest-HA1 are replaced; a response
 *   that followed from what the HSS had given follows from it again, another
 *   one does not. Which it was shows by the MAA, so messages are learned from
 *   before they are rewritten.
 * - What is not understood is replaced: a word too many rather than one too
 *   few.
 */
#ifndef IMS_PSEUDONYMS_H
#define IMS_PSEUDONYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/address.h>
#include <ims/attributes.h>
#include <ims/message.h>
#include <ims/slice.h>

struct ims_pseudonyms;

/* The key's bytes are any, and copied; what they are worth is what the
   pseudonyms are. Never NULL. */
struct ims_pseudonyms *ims_pseudonyms_new(const void *key, size_t len)
	IMS_NONNULL_ALL IMS_MUST_USE;

void ims_pseudonyms_free(struct ims_pseudonyms *p); /* NULL: nothing */

/*
 * Keeps what later messages are judged by: of an MAA the vectors, of an MAR
 * whom it asks for. `kind` is IMS_EVENT_SIP or IMS_EVENT_DIAMETER.
 */
void ims_pseudonyms_learn(struct ims_pseudonyms *p, enum ims_event_kind kind,
			  struct ims_slice message) IMS_NONNULL(1);

/*
 * Rewrites a message, whole or cut, in its place: it is as long as before, and
 * whatever in it says how long something is still holds.
 */
void ims_pseudonyms_message(struct ims_pseudonyms *p, enum ims_event_kind kind,
			    char *message, size_t len) IMS_NONNULL_ALL;

/* Rewrites text of which any word may say who somebody is, such as a file's
   name: all of them. */
void ims_pseudonyms_text(struct ims_pseudonyms *p, char *text,
			 size_t len) IMS_NONNULL_ALL;

/*
 * Rewrites a pattern for identities (ims_glob), so that it matches the
 * pseudonyms of what it matched. false, and nothing is said of `pattern`,
 * where a word of it goes on in a wildcard: its pseudonym cannot be told.
 * Ten digits and more beside a wildcard are taken for a whole number.
 */
bool ims_pseudonyms_pattern(struct ims_pseudonyms *p,
			    char *pattern) IMS_NONNULL_ALL IMS_MUST_USE;

void ims_pseudonym_address(const struct ims_pseudonyms *p,
			   struct ims_address *address) IMS_NONNULL_ALL;

/* An address of the link layer. */
void ims_pseudonym_mac(const struct ims_pseudonyms *p,
		       uint8_t mac[6]) IMS_NONNULL_ALL;

#endif
