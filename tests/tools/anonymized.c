/* SPDX-License-Identifier: GPL-2.0-or-later */
/* anonymized KEY {FILE OUT.pcapng}...: all packets of each capture as
   --anonymize has them, KEY being the key itself. */
#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anonymize.h"
#include "pcapng_writer.h"

#define MAX_LINK_TYPES 64

struct target {
	struct ims_pcapng_writer *writer;
	uint32_t link_types[MAX_LINK_TYPES]; /* by interface */
	uint32_t n_link_types;
};

static enum ims_read read_capture(void *user, struct ims_packet *packet)
{
	return ims_capture_read(user, packet);
}

static bool write_packet(struct target *target, const struct ims_packet *packet)
{
	uint32_t i = 0;

	while (i < target->n_link_types &&
	       target->link_types[i] != packet->link_type)
		i++;
	if (i == MAX_LINK_TYPES)
		return false;
	if (i == target->n_link_types) {
		const struct ims_pcapng_interface interface = {
			.link_type = (uint16_t)packet->link_type,
		};

		target->link_types[target->n_link_types++] = packet->link_type;
		if (!ims_pcapng_writer_interface(target->writer, &i,
						 &interface))
			return false;
	}
	return ims_pcapng_writer_packet(target->writer, i, packet, NULL);
}

static bool write_all(struct target *target, struct ims_anonymize *anonymize)
{
	struct ims_packet packet;
	enum ims_read what;

	while ((what = ims_anonymize_read(anonymize, &packet)) != IMS_READ_END)
		if (what == IMS_READ_PACKET && !write_packet(target, &packet))
			return false;
	return ims_pcapng_writer_flush(target->writer);
}

static bool make_anonymous(const char *out, const char *in, const char *key)
{
	struct target target = {0};
	FILE *file = fopen(out, "wb");

	if (!file) {
		fprintf(stderr, "%s: %s\n", out, strerror(errno));
		return false;
	}
	struct ims_capture *capture = ims_capture_open(in, 0);
	struct ims_pseudonyms *pseudonyms =
		ims_pseudonyms_new(key, strlen(key));
	struct ims_anonymize *anonymize =
		ims_anonymize_new(pseudonyms, read_capture, capture);
	target.writer = ims_pcapng_writer_new(file, NULL);
	bool written = write_all(&target, anonymize);
	if (!written)
		fprintf(stderr, "%s: %s\n", out, strerror(errno));
	struct ims_anonymized count = ims_anonymize_count(anonymize, 0);
	printf("%" PRIu64 " esp, %" PRIu64 " tls, %" PRIu64 " other\n",
	       count.esp, count.tls, count.other);
	ims_pcapng_writer_free(target.writer);
	ims_anonymize_free(anonymize);
	ims_pseudonyms_free(pseudonyms);
	ims_capture_close(capture);
	return fclose(file) == 0 && written;
}

int main(int argc, char **argv)
{
	bool made = true;

	if (argc < 4 || argc % 2 != 0) {
		fputs("usage: anonymized KEY {FILE OUT.pcapng}...\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc && made; i += 2)
		made = make_anonymous(argv[i + 1], argv[i], argv[1]);
	return made ? EXIT_SUCCESS : EXIT_FAILURE;
}
