/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The observation's inside: what its files share. */
#ifndef IMS_OBSERVED_PARTS_H
#define IMS_OBSERVED_PARTS_H

#include "observation.h"
#include "set.h"

struct ims_observation {
	struct ims_set legs;	   /* struct ims_observed_leg */
	struct ims_set whole_legs; /* those of which both sides were seen */
	GQueue whole_ages;
	GArray *losses;	     /* struct ims_observed_loss */
	GArray *tls;	     /* struct ims_observed_tls */
	GHashTable *dials;   /* struct ims_observed_dial */
	struct ims_set ends; /* where SIP is spoken: see observed_ends.h */
	GQueue open_dials;   /* of which nothing is known yet; oldest first */
	GQueue vain_dials;
	GHashTable *partials; /* Call-ID -> GPtrArray of them */
	GQueue partial_ages;
	struct ims_observed_copies copies;
	struct ims_observed_share share;
	struct ims_frame cut; /* of the last message that is cut */
	/* By capture: fragments other than first ones are in it. */
	bool has_fragments[IMS_OBSERVED_MAX_CAPTURES];
	uint64_t let_go;
};

/* Keeps the first few and the last. */
void ims_sightings_add(struct ims_sightings *sightings,
		       const struct ims_facts *facts) IMS_NONNULL_ALL;
struct ims_sighting ims_sighting_of(const struct ims_facts *facts)
	IMS_NONNULL_ALL;
gint ims_sighting_compare(const struct ims_sighting *a,
			  const struct ims_sighting *b) IMS_NONNULL_ALL;

/* observed_legs.c */
void ims_legs_free(struct ims_observation *o) IMS_NONNULL_ALL;
void ims_legs_observe(struct ims_observation *o,
		      const struct ims_facts *facts) IMS_NONNULL_ALL;

/* observed_dials.c */
GHashTable *ims_dials_table_new(void) IMS_MUST_USE;
void ims_dials_observe(struct ims_observation *o,
		       const struct ims_facts *facts) IMS_NONNULL_ALL;

/* observed_partials.c */
GHashTable *ims_partials_table_new(void) IMS_MUST_USE;
void ims_partials_observe(struct ims_observation *o,
			  const struct ims_facts *facts) IMS_NONNULL_ALL;
void ims_partials_free(struct ims_observation *o) IMS_NONNULL_ALL;

/* What stands in the SIP ports, or comes under a security agreement. */
bool ims_is_sip_port(uint16_t port);

#endif
