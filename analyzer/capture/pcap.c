// SPDX-License-Identifier: GPL-2.0-or-later
/* libpcap reads pcap, from our input; what it does not tell is looked up. */
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

struct pcap_reader {
	struct ims_reader reader;
	struct ims_reading *reading;
	pcap_t *pcap;
	size_t granted; /* bytes that libpcap may read now */
	uint32_t link_type;
	size_t record_header;
	bool big;
	bool old; /* before 2.4 the two lengths may be the other way round */
};

/*
 * The file that libpcap reads. stdio reads ahead; with no more than one record
 * granted at a time the input still stands where libpcap does.
 */
static ssize_t give(void *user, char *buffer, size_t n)
{
	struct pcap_reader *self = user;
	struct ims_input *input = self->reading->input;
	size_t part = MIN(n, MAX(self->granted, 1));
	const uint8_t *bytes;

	part = ims_input_peek(input, &bytes, part);
	if (part)
		memcpy(buffer, bytes, part);
	ims_input_take(input, part);
	self->granted -= MIN(part, self->granted);
	return (ssize_t)part;
}

/* The bytes of the next record; 0 at the end, and with the error told. */
static size_t next_record(struct pcap_reader *self)
{
	struct ims_reading *reading = self->reading;
	const uint8_t *at;
	uint32_t captured;
	size_t whole;
	size_t n;

	n = ims_input_peek(reading->input, &at, self->record_header);
	if (!n)
		return 0;
	if (n < self->record_header) {
		ims_reading_cut(reading, n, self->record_header, "header ");
		return 0;
	}
	captured = ims_load32(at + 8, self->big);
	if (self->old)
		captured = MIN(captured, ims_load32(at + 12, self->big));
	if (captured > IMS_PACKET_MAX) {
		ims_reading_damaged(reading, "it claims to have %u bytes",
				    captured);
		return 0;
	}
	whole = self->record_header + captured;
	n = ims_input_peek(reading->input, &at, whole);
	if (n == whole)
		return whole;
	ims_reading_cut(reading, n - self->record_header, captured, "");
	return 0;
}

/* Wireshark too takes the seconds as unsigned: they last until 2106. */
static int64_t time_of(const struct pcap_pkthdr *header)
{
	int64_t seconds = (uint32_t)header->ts.tv_sec;

	return seconds * 1000000000 + (int64_t)header->ts.tv_usec;
}

static enum ims_read read_packet(struct ims_reader *reader,
				 struct ims_packet *packet)
{
	struct pcap_reader *self = (struct pcap_reader *)reader;
	struct pcap_pkthdr *header;

	self->granted = next_record(self);
	if (!self->granted)
		return self->reading->error ? IMS_READ_ERROR
					    : ims_reading_end(self->reading);
	if (pcap_next_ex(self->pcap, &header, &packet->bytes) != 1)
		return ims_reading_damaged(self->reading, "%s",
					   pcap_geterr(self->pcap));
	packet->time_ns = time_of(header);
	packet->link_type = self->link_type;
	packet->captured = header->caplen;
	packet->wire = MAX(header->len, header->caplen);
	return IMS_READ_PACKET;
}

static void free_reader(struct ims_reader *reader)
{
	struct pcap_reader *self = (struct pcap_reader *)reader;

	if (self->pcap)
		pcap_close(self->pcap);
	g_free(self);
}

static bool open_pcap(struct pcap_reader *self)
{
	FILE *file =
		fopencookie(self, "rb", (cookie_io_functions_t){.read = give});
	char why[PCAP_ERRBUF_SIZE] = "not enough memory";

	self->granted = FILE_HEADER;
	if (file)
		self->pcap = pcap_fopen_offline_with_tstamp_precision(
			file, PCAP_TSTAMP_PRECISION_NANO, why);
	if (self->pcap)
		return true;
	if (file)
		fclose(file);
	ims_reading_damaged(self->reading, "%s", why);
	return false;
}

/* libpcap keeps the byte order and the LINKTYPE_ of the file to itself. */
static bool read_file_header(struct pcap_reader *self)
{
	const uint8_t *header;
	uint32_t in_file;
	size_t n;

	n = ims_input_peek(self->reading->input, &header, FILE_HEADER);
	if (n < FILE_HEADER) {
		ims_reading_cut(self->reading, n, FILE_HEADER, "file header ");
		return false;
	}
	self->big = header[0] == 0xa1;
	self->old = ims_load16(header + 6, self->big) < 4;
	self->record_header = ims_load32(header, self->big) == PATCHED_MAGIC
				      ? PATCHED_HEADER
				      : RECORD_HEADER;
	/* draft-ietf-opsawg-pcap 4: the upper bits are about the FCS */
	in_file = ims_load32(header + 20, self->big) & 0x03ffffff;
	self->link_type =
		ims_link_types_add(&self->reading->link_types, in_file);
	return true;
}

struct ims_reader *ims_pcap_reader(struct ims_reading *reading)
{
	struct pcap_reader *self = g_new0(struct pcap_reader, 1);

	self->reader.read = read_packet;
	self->reader.free = free_reader;
	self->reading = reading;
	if (!read_file_header(self) || !open_pcap(self)) {
		free_reader(&self->reader);
		return NULL;
	}
	return &self->reader;
}
