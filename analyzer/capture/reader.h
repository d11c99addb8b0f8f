/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of one file format, and what all readers share. */
#ifndef IMS_CAPTURE_READER_H
#define IMS_CAPTURE_READER_H

#include <stdint.h>

#include <ims/attributes.h>

#include "capture.h"
#include "input.h"
#include "linktype.h"

/* A packet that claims more bytes is damage: no link carries it. */
#define IMS_PACKET_MAX (16u * 1024 * 1024)

struct ims_reading {
	struct ims_input *input;
	struct ims_link_types link_types;
	const struct ims_capture_info *info; /* of the packets read so far */
	bool selected;			     /* see ims_packet */
	int64_t last_ns;  /* of the last packet; 0 before the first */
	int64_t until_ns; /* the latest end of an interface that is told of */
	char *error;	  /* g_free'd by the owner */
};

/*
 * `read` gives packets with link_type, captured, wire, bytes and time_ns, and
 * drops with wire, time_ns and number, all else zeroed; capture, and of packets
 * number and selected, are the caller's to fill in.
 */
struct ims_reader {
	enum ims_read (*read)(struct ims_reader *reader,
			      struct ims_packet *packet);
	void (*free)(struct ims_reader *reader);
};

/* Never NULL; `reading` must live longer. */
struct ims_reader *ims_pcapng_reader(struct ims_reading *reading)
	IMS_NONNULL_ALL IMS_MUST_USE;

/* NULL with reading->error set when libpcap does not take the file. */
struct ims_reader *ims_pcap_reader(struct ims_reading *reading)
	IMS_NONNULL_ALL IMS_MUST_USE;

/* Sets reading->error: "damaged in packet N: ...". IMS_READ_ERROR always. */
enum ims_read ims_reading_damaged(struct ims_reading *reading, const char *what,
				  ...) IMS_PRINTF(2, 3) IMS_NONNULL(1, 2);

/*
 * The file ends where it should not: sets reading->error, "cut short in
 * packet N: 60 of 1500 bytes are there". `what`, in "%s bytes": of what they
 * are, "" for the packet's. IMS_READ_ERROR always.
 */
enum ims_read ims_reading_cut(struct ims_reading *reading, uint64_t there,
			      uint64_t of, const char *what) IMS_NONNULL_ALL;

/* At the end of a whole packet or block: END, or ERROR for a fault there. */
enum ims_read ims_reading_end(struct ims_reading *reading) IMS_NONNULL_ALL;

#endif
