// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An interface, through libpcap: packets as they come, and what was dropped
 * for want of room or by the interface, which is asked for once in a while.
 */
#include "live.h"

#include <glib.h>
#include <pcap/pcap.h>

#include "octets.h"

#define SNAPSHOT 262144
/* The kernel's: so many packets may come while a report waits for a terminal.
 */
#define BUFFER (16 * 1024 * 1024)
/* The kernel gathers packets for as long; findings are due within 2 s. */
#define GATHER_MS 50
/* Packets between two looks, and time between two questions for drops. */
#define LOOK_EVERY   256
#define ASK_AFTER_US (G_USEC_PER_SEC / 5)

struct live_reader {
	struct ims_reader reader;
	struct ims_reading *reading;
	const struct ims_wait *wait;
	pcap_t *pcap;
	int fd; /* -1: there is none to wait for */
	uint32_t link_type;
	int64_t tick_ns;
	unsigned unlooked; /* packets since the last look */
	int64_t asked_us;  /* for drops; monotonic */
	uint32_t dropped;  /* told; a count of 32 bits that goes round */
	bool is_over;
};

/* Those that are new since the last time; 0: none, or not known. */
static uint32_t new_drops(struct live_reader *self)
{
	struct pcap_stat stat;
	uint32_t all, new;

	self->asked_us = g_get_monotonic_time();
	if (pcap_stats(self->pcap, &stat) != 0)
		return 0;
	all = stat.ps_drop + stat.ps_ifdrop;
	new = all - self->dropped;
	self->dropped = all;
	return new;
}

/* Returns whether there are drops to be told. */
static bool look(struct live_reader *self, struct ims_packet *packet)
{
	uint32_t n = 0;

	self->unlooked = 0;
	if (!self->is_over && self->wait->fn)
		self->is_over = !self->wait->fn(self->wait->user);
	if (self->is_over ||
	    g_get_monotonic_time() - self->asked_us > ASK_AFTER_US)
		n = new_drops(self);
	*packet = (struct ims_packet){
		.number = self->reading->info->packets + 1,
		.time_ns = self->reading->info->packets
				   ? self->reading->last_ns
				   : g_get_real_time() * 1000,
		.wire = n,
	};
	return n > 0;
}

static void fill(const struct live_reader *self, struct ims_packet *packet,
		 const struct pcap_pkthdr *header, const u_char *bytes)
{
	packet->time_ns = (int64_t)header->ts.tv_sec * 1000000000 +
			  (int64_t)header->ts.tv_usec * self->tick_ns;
	packet->link_type = self->link_type;
	packet->captured = header->caplen;
	packet->wire = MAX(header->len, header->caplen);
	packet->bytes = bytes;
}

static enum ims_read failed(struct live_reader *self)
{
	self->reading->error = g_strdup(pcap_geterr(self->pcap));
	return IMS_READ_ERROR;
}

static enum ims_read read_packet(struct ims_reader *reader,
				 struct ims_packet *packet)
{
	struct live_reader *self = (struct live_reader *)reader;
	struct pcap_pkthdr *header;
	const u_char *bytes;

	while (!self->is_over) {
		int what;

		if (self->unlooked >= LOOK_EVERY && look(self, packet))
			return IMS_READ_DROPS;
		what = pcap_next_ex(self->pcap, &header, &bytes);
		if (what < 0)
			return failed(self);
		if (what > 0) {
			self->unlooked++;
			fill(self, packet, header, bytes);
			return IMS_READ_PACKET;
		}
		self->is_over = !ims_wait(self->wait, self->fd);
		if (look(self, packet))
			return IMS_READ_DROPS;
	}
	return IMS_READ_END;
}

static void free_reader(struct ims_reader *reader)
{
	struct live_reader *self = (struct live_reader *)reader;

	if (self->pcap)
		pcap_close(self->pcap);
	g_free(self);
}

/* "; there are: eth0, lo": to be freed. */
static char *interfaces_there(void)
{
	GString *text = g_string_new(NULL);
	char why[PCAP_ERRBUF_SIZE];
	pcap_if_t *all;

	if (pcap_findalldevs(&all, why) != 0)
		return g_string_free(text, FALSE);
	for (const pcap_if_t *one = all; one; one = one->next)
		g_string_append_printf(text, "%s%s",
				       one == all ? "; there are: " : ", ",
				       one->name);
	pcap_freealldevs(all);
	return g_string_free(text, FALSE);
}

static bool refuse(struct live_reader *self, const char *interface, int status)
{
	char *there;

	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		self->reading->error = g_strdup_printf(
			"not permitted to capture; dumpcap may be: "
			"dumpcap -q -i %s -w - | imsleuth -",
			interface);
		break;
	case PCAP_ERROR_NO_SUCH_DEVICE:
		there = interfaces_there();
		self->reading->error =
			g_strdup_printf("no such interface%s", there);
		g_free(there);
		break;
	default:
		self->reading->error =
			g_strdup_printf("cannot be listened to: %s%s%s",
					pcap_statustostr(status),
					*pcap_geterr(self->pcap) ? ": " : "",
					pcap_geterr(self->pcap));
	}
	return false;
}

static bool set_filter(struct live_reader *self, const char *filter)
{
	const char *text = filter ? filter : IMS_LIVE_FILTER;
	struct bpf_program program;
	bool is_set;

	if (!*text)
		return true;
	if (pcap_compile(self->pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) !=
	    0) {
		/* A link that knows no IP has no media to be left out. */
		if (!filter)
			return true;
		self->reading->error = g_strdup_printf("capture filter: %s",
						       pcap_geterr(self->pcap));
		return false;
	}
	is_set = pcap_setfilter(self->pcap, &program) == 0;
	pcap_freecode(&program);
	if (!is_set)
		self->reading->error = g_strdup_printf("capture filter: %s",
						       pcap_geterr(self->pcap));
	return is_set;
}

static bool open_interface(struct live_reader *self,
			   const struct ims_live *live)
{
	char why[PCAP_ERRBUF_SIZE];
	int status;

	self->pcap = pcap_create(live->interface, why);
	if (!self->pcap) {
		self->reading->error = g_strdup(why);
		return false;
	}
	pcap_set_snaplen(self->pcap, SNAPSHOT);
	pcap_set_promisc(self->pcap, 1);
	pcap_set_timeout(self->pcap, GATHER_MS);
	pcap_set_buffer_size(self->pcap, BUFFER);
	/* Refused, they are microseconds. */
	pcap_set_tstamp_precision(self->pcap, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(self->pcap);
	if (status < 0)
		return refuse(self, live->interface, status);
	if (pcap_setnonblock(self->pcap, 1, why) != 0) {
		self->reading->error = g_strdup(why);
		return false;
	}
	return set_filter(self, live->filter);
}

struct ims_reader *ims_live_reader(struct ims_reading *reading,
				   const struct ims_live *live,
				   const struct ims_wait *wait)
{
	struct live_reader *self = g_new0(struct live_reader, 1);

	self->reader.read = read_packet;
	self->reader.free = free_reader;
	self->reading = reading;
	self->wait = wait;
	if (!open_interface(self, live)) {
		free_reader(&self->reader);
		return NULL;
	}
	self->fd = pcap_get_selectable_fd(self->pcap);
	self->tick_ns = pcap_get_tstamp_precision(self->pcap) ==
					PCAP_TSTAMP_PRECISION_NANO
				? 1
				: 1000;
	self->link_type = ims_link_types_add_dlt(&reading->link_types,
						 pcap_datalink(self->pcap));
	return &self->reader;
}
