/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a node changed in a SIP message that it passed on. */
#ifndef IMS_CHANGE_H
#define IMS_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include <ims/slice.h>

/* Of one copy; what is beyond is left out, and `cut` says so. */
#define IMS_CHANGES_MAX 64

enum ims_change_kind {
	IMS_CHANGE_ADDED,
	IMS_CHANGE_REMOVED,
	IMS_CHANGE_CHANGED,
};

/*
 * One difference between the copy of a message on one leg and that on the leg
 * before it. `header` is the field's full name ("Supported" for "k"), as
 * written where it is not known, and "Request-URI" for what is no field.
 * Without `element` it is the field as a whole, or one value of its list;
 * else an option-tag of it or the name of a parameter in it.
 *
 * `before` and `after` are absent where nothing stood, and where it is not to
 * be shown: keys, nonces, digest responses, passwords. Of credentials and
 * challenges as a whole they are the scheme.
 */
struct ims_change {
	enum ims_change_kind kind;
	struct ims_slice header;
	struct ims_slice element;
	struct ims_slice before;
	struct ims_slice after;
};

/* In order of the fields' names, those that are not known last. */
struct ims_changes {
	const struct ims_change *at;
	size_t n;
	bool cut; /* a bound was met: there may be more */
};

/* "added", "removed", "changed". */
const char *ims_change_kind_name(enum ims_change_kind kind);

#endif
