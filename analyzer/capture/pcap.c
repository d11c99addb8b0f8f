// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libpcap judges a pcap file's header; its records, of 16 bytes each before
 * the packet, are read here, in place: through libpcap, which copies each
 * part by stdio, reading took most of what a packet of media costs.
 */
#include <glib.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "octets.h"
#include "reader.h"

#define FILE_HEADER    24
#define RECORD_HEADER  16
#define PATCHED_MAGIC  0xa1b2cd34 /* Kuznetsov's, with longer records */
#define PATCHED_HEADER 24
#define NANO_MAGIC     0xa1b23c4d

/* A record that claims more is damaged, as libpcap and Wireshark have it. */
#define CAPTURED_MAX 262144u

/* Before 2.4 the two lengths may be the other way round. */
enum order {
	AS_NAMED,
	AS_THEY_FIT,
	SWAPPED,
};

struct pcap_reader {
	struct ims_reader reader;
	struct ims_reading *reading;
	uint32_t link_type;
	uint32_t captured_max;
	uint32_t snapshot; /* bytes of a packet beyond it are left out */
	size_t record_header;
	int64_t tick_ns;
	bool big;
	enum order order;
};

/* What a record says of its packet; the same in all kinds of pcap. */
struct record {
	uint32_t seconds;
	uint32_t ticks;
	uint32_t captured;
	uint32_t wire;
};

/* `n` bytes are there of a record that should go on. */
static enum ims_read stop(struct pcap_reader *self, size_t n)
{
	if (!n)
		return ims_reading_end(self->reading);
	return ims_reading_cut(self->reading, n, self->record_header,
			       "header ");
}

static bool is_swapped(const struct pcap_reader *self,
		       const struct record *record)
{
	return self->order == SWAPPED ||
	       (self->order == AS_THEY_FIT && record->captured > record->wire);
}

IMS_INLINE struct record record_of(const struct pcap_reader *self,
				   const uint8_t *header)
{
	struct record record = {
		.seconds = ims_load32(header, self->big),
		.ticks = ims_load32(header + 4, self->big),
		.captured = ims_load32(header + 8, self->big),
		.wire = ims_load32(header + 12, self->big),
	};

	if (self->order != AS_NAMED && is_swapped(self, &record)) {
		uint32_t kept = record.captured;

		record.captured = record.wire;
		record.wire = kept;
	}
	return record;
}

/* The record at `at` is there, whole. Wireshark too takes the seconds as
   unsigned: they last until 2106. */
IMS_INLINE enum ims_read take(struct pcap_reader *self,
			      struct ims_packet *packet, const uint8_t *at,
			      const struct record *record)
{
	packet->time_ns = (int64_t)record->seconds * 1000000000 +
			  (int64_t)record->ticks * self->tick_ns;
	packet->link_type = self->link_type;
	packet->captured = MIN(record->captured, self->snapshot);
	packet->wire = MAX(record->wire, packet->captured);
	packet->bytes = at + self->record_header;
	ims_input_take(self->reading->input,
		       self->record_header + record->captured);
	return IMS_READ_PACKET;
}

/* Out of line, so that what is there is taken without ado. */
G_GNUC_NO_INLINE static enum ims_read read_on(struct pcap_reader *self,
					      struct ims_packet *packet)
{
	struct ims_input *input = self->reading->input;
	struct record record;
	const uint8_t *at;
	size_t n;

	n = ims_input_peek(input, &at, self->record_header);
	if (n < self->record_header)
		return stop(self, n);
	record = record_of(self, at);
	if (record.captured > self->captured_max)
		return ims_reading_damaged(self->reading,
					   "it claims to have %u bytes",
					   record.captured);
	n = ims_input_peek(input, &at, self->record_header + record.captured);
	if (n < self->record_header + record.captured)
		return ims_reading_cut(self->reading, n - self->record_header,
				       record.captured, "");
	return take(self, packet, at, &record);
}

static enum ims_read read_packet(struct ims_reader *reader,
				 struct ims_packet *packet)
{
	struct pcap_reader *self = (struct pcap_reader *)reader;
	struct record record;
	const uint8_t *at;
	size_t n;

	n = ims_input_there(self->reading->input, &at);
	if (n < self->record_header)
		return read_on(self, packet);
	record = record_of(self, at);
	if (record.captured > self->captured_max ||
	    n - self->record_header < record.captured)
		return read_on(self, packet);
	return take(self, packet, at, &record);
}

/* D-Bus, USBPcap and EBHSCR, which are none of ours, have larger ones. */
static uint32_t captured_max_of(uint32_t link_type)
{
	switch (link_type) {
	case 231:
	case 249:
	case 279:
		return IMS_PACKET_MAX;
	default:
		return CAPTURED_MAX;
	}
}

static void free_reader(struct ims_reader *reader)
{
	g_free(reader);
}

static enum order order_of(int minor_version)
{
	if (minor_version < 3)
		return SWAPPED;
	return minor_version == 3 ? AS_THEY_FIT : AS_NAMED;
}

/* False, with the error told, when it takes the header for none. */
static bool ask_libpcap(struct pcap_reader *self, const uint8_t *header)
{
	char why[PCAP_ERRBUF_SIZE] = "not enough memory";
	uint8_t copy[FILE_HEADER];
	pcap_t *pcap = NULL;
	FILE *file;

	memcpy(copy, header, FILE_HEADER);
	file = fmemopen(copy, FILE_HEADER, "rb");
	if (file)
		pcap = pcap_fopen_offline(file, why);
	if (!pcap) {
		if (file)
			fclose(file);
		ims_reading_damaged(self->reading, "%s", why);
		return false;
	}
	self->snapshot = (uint32_t)pcap_snapshot(pcap);
	self->order = order_of(pcap_minor_version(pcap));
	pcap_close(pcap);
	return true;
}

/* libpcap keeps the byte order and the LINKTYPE_ of the file to itself. */
static bool read_file_header(struct pcap_reader *self)
{
	const uint8_t *header;
	uint32_t magic, in_file;
	size_t n;

	n = ims_input_peek(self->reading->input, &header, FILE_HEADER);
	if (n < FILE_HEADER) {
		ims_reading_cut(self->reading, n, FILE_HEADER, "file header ");
		return false;
	}
	if (!ask_libpcap(self, header))
		return false;
	self->big = header[0] == 0xa1;
	magic = ims_load32(header, self->big);
	self->record_header =
		magic == PATCHED_MAGIC ? PATCHED_HEADER : RECORD_HEADER;
	self->tick_ns = magic == NANO_MAGIC ? 1 : 1000;
	/* draft-ietf-opsawg-pcap 4: the upper bits are about the FCS */
	in_file = ims_load32(header + 20, self->big) & 0x03ffffff;
	self->captured_max = captured_max_of(in_file);
	self->link_type =
		ims_link_types_add(&self->reading->link_types, in_file);
	ims_input_take(self->reading->input, FILE_HEADER);
	return true;
}

struct ims_reader *ims_pcap_reader(struct ims_reading *reading)
{
	struct pcap_reader *self = g_new0(struct pcap_reader, 1);

	self->reader.read = read_packet;
	self->reader.free = free_reader;
	self->reading = reading;
	if (!read_file_header(self)) {
		free_reader(&self->reader);
		return NULL;
	}
	return &self->reader;
}
