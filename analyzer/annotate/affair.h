/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an event belongs to, whatever the engine makes of it. */
#ifndef IMS_ANNOTATE_AFFAIR_H
#define IMS_ANNOTATE_AFFAIR_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/attributes.h>
#include <ims/message.h>

struct ims_affair {
	/* How its connection begins, ends and stands: about no subscriber. */
	bool is_of_connection;
	/* What its connection carried, and the capture lacks. */
	bool is_gap;
	/* A Diameter message of anything else: the same for its request, its
	   answer and their copies on all sides of agents. */
	bool is_of_exchange;
	uint64_t exchange;
};

/* Neither, for what is none of both. */
struct ims_affair ims_affair_of(const struct ims_event *event) IMS_NONNULL_ALL;

#endif
