/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a Diameter connection served Cx at some time, and why not. */
#ifndef IMS_CX_LINKS_H
#define IMS_CX_LINKS_H

#include "check.h"

enum ims_trouble {
	IMS_TROUBLE_NONE,     /* it stands, or nothing tells otherwise */
	IMS_TROUBLE_ABSENT,   /* it began later */
	IMS_TROUBLE_PENDING,  /* it was still coming up */
	IMS_TROUBLE_FOREIGN,  /* of other applications */
	IMS_TROUBLE_UNKNOWN,  /* it never stood; the capture lacks why */
	IMS_TROUBLE_REJECTED, /* the capabilities exchange was refused */
	IMS_TROUBLE_SILENT,   /* nobody answers at its other end */
	IMS_TROUBLE_ENDED,    /* it stood, and was ended */
};

/* What was wrong with it, and what shows that. */
struct ims_diagnosis {
	enum ims_trouble trouble;
	const struct ims_facts *asked;	/* SYN, INIT, CER or DWR; or NULL */
	const struct ims_facts *answer; /* refusal, CEA or end; or NULL */
	const char *what; /* static: "answered CER with an error"; or NULL */
};

/* How the connection was at `when_ns`. */
struct ims_diagnosis ims_link_diagnosis(const struct ims_link *link,
					int64_t when_ns) IMS_NONNULL_ALL;

/* How it was, seen from its end: the sign that ims_link_end gave. */
struct ims_diagnosis ims_link_ended(const struct ims_link *link,
				    const struct ims_facts *end)
	IMS_NONNULL_ALL;

/* The first sign of its end at or before `when_ns`: DPR, FIN, reset; or
   NULL. */
const struct ims_facts *ims_link_end(const struct ims_link *link,
				     int64_t when_ns) IMS_NONNULL_ALL;

/* The side that a message or event came from. */
bool ims_link_is_client(const struct ims_link *link,
			const struct ims_facts *facts) IMS_NONNULL_ALL;

#endif
