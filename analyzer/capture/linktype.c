// SPDX-License-Identifier: GPL-2.0-or-later
#include "linktype.h"

#include <glib.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

/* A pcap file's header, as libpcap reads and writes it on this machine. */
#define SNAPSHOT 65535
static const struct pcap_file_header empty_file = {
	.magic = 0xa1b2c3d4,
	.version_major = PCAP_VERSION_MAJOR,
	.version_minor = PCAP_VERSION_MINOR,
	.snaplen = SNAPSHOT,
};

/* libpcap tells the DLT_ of a file: so it is given one. */
static int dlt_of(uint32_t link_type)
{
	struct pcap_file_header header = empty_file;
	char why[PCAP_ERRBUF_SIZE];
	int dlt = (int)link_type;
	pcap_t *pcap;
	FILE *file;

	header.linktype = link_type;
	file = fmemopen(&header, sizeof(header), "rb");
	pcap = file ? pcap_fopen_offline(file, why) : NULL;
	if (pcap) {
		dlt = pcap_datalink(pcap);
		pcap_close(pcap);
	} else if (file) {
		fclose(file);
	}
	return dlt;
}

/* libpcap writes the LINKTYPE_ into a file: so it is made to. */
static uint32_t link_type_of(int dlt)
{
	struct pcap_file_header header = {.linktype = (bpf_u_int32)dlt};
	pcap_t *pcap = pcap_open_dead(dlt, SNAPSHOT);
	FILE *file = fmemopen(&header, sizeof(header), "wb");
	pcap_dumper_t *dumper = NULL;

	if (pcap && file) {
		setvbuf(file, NULL, _IONBF, 0);
		dumper = pcap_dump_fopen(pcap, file);
	}
	if (dumper)
		pcap_dump_close(dumper);
	else if (file)
		fclose(file);
	if (pcap)
		pcap_close(pcap);
	return header.linktype;
}

static char *name_of(int dlt, uint32_t link_type)
{
	const char *name = pcap_datalink_val_to_name(dlt);

	return name ? g_strdup(name)
		    : g_strdup_printf("LINKTYPE_%u", link_type);
}

uint32_t ims_link_types_add(struct ims_link_types *types, uint32_t in_file)
{
	size_t n = types->n;
	int dlt;

	for (size_t i = 0; i < n; i++)
		if (types->seen[i].in_file == in_file)
			return types->seen[i].link_type;
	if (n == IMS_LINK_TYPES_MAX)
		return in_file;
	dlt = dlt_of(in_file);
	types->seen[n].in_file = in_file;
	types->seen[n].link_type = link_type_of(dlt);
	types->names[n] = n + 1 == IMS_LINK_TYPES_MAX
				  ? g_strdup("...")
				  : name_of(dlt, types->seen[n].link_type);
	types->n++;
	return types->seen[n].link_type;
}

uint32_t ims_link_types_add_dlt(struct ims_link_types *types, int dlt)
{
	return ims_link_types_add(types, link_type_of(dlt));
}

void ims_link_types_fini(struct ims_link_types *types)
{
	for (size_t i = 0; i < types->n; i++)
		g_free((char *)types->names[i]);
	types->n = 0;
}
