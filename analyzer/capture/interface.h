/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interfaces that a pcapng section describes: units of time, losses. */
#ifndef IMS_CAPTURE_INTERFACE_H
#define IMS_CAPTURE_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

/* Interfaces of one section; a file with more is taken as damaged. */
#define IMS_INTERFACES_MAX 65536

struct ims_interface {
	uint32_t link_type;
	uint32_t snapshot;  /* 0: no limit */
	uint8_t resolution; /* if_tsresol as it is in the file */
	uint64_t tick_ns;   /* what it says; 0: no whole number */
	int64_t offset_s;
	/* Two accounts of the same losses: packet by packet, and in sum. */
	uint64_t drops_by_packet;
	uint64_t drops_in_sum;
};

/* The options of a block: what is left of them. */
struct ims_options {
	const uint8_t *at;
	size_t n;
	bool big;
};

struct ims_option {
	uint16_t code;
	uint16_t n;
	const uint8_t *value;
};

/* false at the end, also where an option is longer than what is left. */
bool ims_options_next(struct ims_options *options,
		      struct ims_option *option) IMS_NONNULL_ALL;

/* if_tsresol and if_tsoffset from the options of an interface's block. */
void ims_interface_read_options(struct ims_interface *interface,
				struct ims_options options) IMS_NONNULL_ALL;

/* Nanoseconds since 1970; the end of their range for what is beyond it. */
int64_t ims_interface_time(const struct ims_interface *interface,
			   uint64_t ticks) IMS_NONNULL_ALL;

/*
 * Both return how many losses are new with this: a packet that says how many
 * were lost before it, a statistics block that gives the sum so far.
 */
uint64_t ims_interface_lost(struct ims_interface *interface,
			    uint64_t n) IMS_NONNULL_ALL;
uint64_t ims_interface_lost_in_sum(struct ims_interface *interface,
				   uint64_t sum) IMS_NONNULL_ALL;

#endif
