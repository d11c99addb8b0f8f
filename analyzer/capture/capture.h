/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One capture opened for reading: pcap or pcapng, plain or compressed, from a
 * file or standard input; or an interface. Only this folder knows libpcap.
 */
#ifndef IMS_CAPTURE_H
#define IMS_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ims/attributes.h>

#include "packet.h"

struct ims_capture;

/* What is known of a capture; grows while it is read. */
struct ims_capture_info {
	const char *file;	 /* as given; "-" for standard input */
	const char *format;	 /* "pcap", "pcap (nanoseconds)", "pcapng" */
	const char *compression; /* "gzip", ..., or NULL */
	const char *const *link_types; /* DLT names, "EN10MB" */
	size_t n_link_types;
	uint64_t packets;
	uint64_t bytes;	   /* of packets, as captured */
	int64_t first_ns;  /* earliest time; -1: no packet */
	int64_t last_ns;   /* latest */
	int64_t until_ns;  /* so long it went on, by its own word, which may be
			      behind the last packet; -1: no packet */
	uint64_t dropped;  /* packets that the capture says it lost */
	bool truncated;	   /* could not be read to its end */
	const char *error; /* what was wrong, with the packet; or NULL */
};

enum ims_read {
	IMS_READ_PACKET,
	IMS_READ_DROPS, /* the capture reports drops: packet->number and
			   ->time_ns say where, ->wire how many */
	IMS_READ_END,
	IMS_READ_ERROR, /* damaged from here on: see info->error */
};

/*
 * Opens `file` ("-": standard input). Never NULL: a file that cannot be
 * opened, is empty or is no capture gives IMS_READ_ERROR at the first read.
 * `index` becomes the packets' capture number.
 */
struct ims_capture *ims_capture_open(const char *file, uint32_t index)
	IMS_NONNULL_ALL IMS_MUST_USE;

/*
 * What is listened to by default: all but whole UDP datagrams that begin as
 * RTP and RTCP do (version 2: RFC 3550 5.1), which no message does; on the
 * ports of ESP and SCTP in UDP anything may begin so.
 */
#define IMS_LIVE_FILTER                                        \
	"not (udp and not port 4500 and not port 9899 and "    \
	"((ip[6:2] & 0x3fff = 0 and udp[8] & 0xc0 = 0x80) or " \
	"(ip6[6] = 17 and ip6[48] & 0xc0 = 0x80)))"

struct ims_live {
	const char *interface;
	const char *filter; /* of libpcap; NULL: IMS_LIVE_FILTER; "": all */
};

/* The same for an interface: opened by the first read. `live` is borrowed. */
struct ims_capture *ims_capture_listen(const struct ims_live *live,
				       uint32_t index)
	IMS_NONNULL_ALL IMS_MUST_USE;

/* While nothing comes it is asked at such intervals; of a busy pipe or
   interface now and then. */
#define IMS_WAIT_MS 50

/* Whether to wait on. Must not use the capture. */
typedef bool ims_wait_fn(void *user);

/*
 * Asks `fn` while a read waits for a pipe or an interface; when it says no,
 * the capture is at its end, even amid a packet. To be set before the first
 * read.
 */
void ims_capture_on_wait(struct ims_capture *capture, ims_wait_fn *fn,
			 void *user) IMS_NONNULL(1);

/* The packet's bytes are borrowed until the next call. */
enum ims_read ims_capture_read(struct ims_capture *capture,
			       struct ims_packet *packet)
	IMS_NONNULL_ALL IMS_MUST_USE;

/* Borrowed; its strings live as long as the capture. */
const struct ims_capture_info *ims_capture_info(
	const struct ims_capture *capture) IMS_NONNULL_ALL;

/* Size of the file and how far it is read, for progress; 0: not known. */
void ims_capture_progress(const struct ims_capture *capture, uint64_t *read,
			  uint64_t *size) IMS_NONNULL_ALL;

void ims_capture_close(struct ims_capture *capture); /* NULL: nothing */

#endif
