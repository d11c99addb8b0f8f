/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registration state that a NOTIFY tells (RFC 3680): which addresses of
 * record it says are registered, and which no longer.
 */
#ifndef IMS_REGINFO_H
#define IMS_REGINFO_H

#include "arena.h"
#include "xml.h"

/* Registrations of one document; beyond, `unread` says so. */
#define IMS_REGINFO_MAX 64

struct ims_reginfo_registration {
	struct ims_slice aor;
	bool is_active;	    /* state="active" */
	bool is_terminated; /* state="terminated", or a contact's is */
};

struct ims_reginfo {
	/* Not well-formed, no reginfo, or beyond a bound: what is there may
	   say anything. */
	bool unread;
	/* state="full": what it does not list there is not. */
	bool is_full;
	struct ims_reginfo_registration registrations[IMS_REGINFO_MAX];
	size_t n_registrations;
};

/* Texts go to `arena`. False only when there is no memory. */
bool ims_reginfo_parse(struct ims_reginfo *reginfo, struct ims_arena *arena,
		       struct ims_slice xml) IMS_NONNULL(1, 2) IMS_MUST_USE;

#endif
