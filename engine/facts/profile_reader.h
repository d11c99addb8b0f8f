/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A user profile on its way from XML to facts: what is gathered while its
 * elements open and close. Only for the files that do the reading.
 */
#ifndef IMS_PROFILE_READER_H
#define IMS_PROFILE_READER_H

#include "profile.h"
#include "xml.h"

struct ims_profile_reader {
	struct ims_arena *arena;
	struct ims_profile *profile;
	bool no_memory;
	bool many;
	size_t depth; /* elements that are open */
	size_t n_service_profiles;

	struct ims_profile_identity identity; /* the open one; likewise: */
	struct ims_profile_ifc ifc;
	bool has_trigger;
	bool spt_is_negated;
	bool spt_is_register;
	bool spt_is_known;	 /* nothing but a Method */
	bool has_type;		 /* RegistrationType stands */
	bool has_first;		 /* one of them is for a first REGISTER */
	uint64_t spt_groups;	 /* bits of the open SPT's groups */
	uint64_t groups;	 /* all there are */
	uint64_t groups_met;	 /* with an SPT that is met for sure */
	uint64_t groups_not_met; /* with one that may not be */
	bool groups_lost;	 /* beyond what the bits hold */
	bool is_cnf;
	bool is_unregistered_part;

	/* Up to n_identities and n_ifcs of the profile. */
	struct ims_profile_identity identities[IMS_PROFILE_MAX_IDENTITIES];
	struct ims_profile_ifc ifcs[IMS_PROFILE_MAX_IFCS];
};

/* `name` is the local name: HSSs differ in namespaces and prefixes. */
void ims_profile_element_opens(struct ims_profile_reader *reader,
			       struct ims_slice name) IMS_NONNULL_ALL;

/* `text`: of an element without children all it holds; absent: too long. */
void ims_profile_element_closes(struct ims_profile_reader *reader,
				struct ims_slice name, struct ims_slice text)
	IMS_NONNULL(1);

#endif
