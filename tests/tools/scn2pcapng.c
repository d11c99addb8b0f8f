/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scn2pcapng LIBRARY {FILE.scn FILE.pcapng}...: scenarios as captures. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcapng_writer.h"
#include "scn/packets.h"

#define LINKTYPE_ETHERNET 1

static bool write_events(struct ims_pcapng_writer *writer,
			 const struct scn *scn)
{
	static const struct ims_pcapng_interface ethernet = {
		.link_type = LINKTYPE_ETHERNET,
	};
	uint32_t interface;
	if (!ims_pcapng_writer_interface(writer, &interface, &ethernet))
		return false;
	struct packets *packets = packets_new();
	size_t n;
	const struct scn_event *events = scn_events(scn, &n);
	bool written = true;
	for (size_t i = 0; i < n && written; i++) {
		size_t wire;
		GByteArray *bytes = packets_of(packets, &events[i], &wire);
		if (!bytes)
			continue;
		struct ims_packet packet = {
			.time_ns = events[i].event.time_ns,
			.link_type = LINKTYPE_ETHERNET,
			.captured = bytes->len,
			.wire = (uint32_t)wire,
			.bytes = bytes->data,
		};
		written = ims_pcapng_writer_packet(writer, interface, &packet,
						   NULL);
		g_byte_array_unref(bytes);
	}
	packets_free(packets);
	return written && ims_pcapng_writer_flush(writer);
}

static bool make_capture(const char *name, const char *scenario,
			 const char *library)
{
	FILE *file = fopen(name, "wb");
	if (!file) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		return false;
	}
	struct scn *scn = scn_read(scenario, library);
	struct ims_pcapng_writer *writer = ims_pcapng_writer_new(file, NULL);
	bool written = write_events(writer, scn);
	if (!written)
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
	ims_pcapng_writer_free(writer);
	scn_free(scn);
	return fclose(file) == 0 && written;
}

int main(int argc, char **argv)
{
	if (argc < 4 || argc % 2 != 0) {
		fputs("usage: scn2pcapng LIBRARY {FILE.scn FILE.pcapng}...\n",
		      stderr);
		return 2;
	}
	bool made = true;
	for (int i = 2; i < argc && made; i += 2)
		made = make_capture(argv[i + 1], argv[i], argv[1]);
	return made ? EXIT_SUCCESS : EXIT_FAILURE;
}
