// SPDX-License-Identifier: GPL-2.0-or-later
#include "kept_packets.h"

#include <errno.h>
#include <glib.h>
#include <sys/stat.h>

#include "interfaces.h"
#include "network.h"
#include "pcapng_writer.h"
#include "temporary.h"

/* What a packet costs beside its bytes, about. */
#define BLOCK_SIZE 32

struct ims_kept {
	char *folder;
	FILE *file; /* NULL: not opened yet */
	struct ims_pcapng_writer *writer;
	struct ims_interfaces interfaces;
	uint64_t size;
	char *name;
	int error; /* errno of the first failure; 0: none */
};

struct ims_kept *ims_kept_new(const char *file, bool is_live,
			      const char *folder)
{
	struct ims_kept *kept;
	struct stat st;

	if (!is_live && strcmp(file, "-") != 0 && stat(file, &st) == 0 &&
	    S_ISREG(st.st_mode))
		return NULL;
	kept = g_new0(struct ims_kept, 1);
	kept->folder = g_strdup(folder);
	ims_interfaces_init(&kept->interfaces);
	return kept;
}

void ims_kept_free(struct ims_kept *kept)
{
	if (!kept)
		return;
	ims_pcapng_writer_free(kept->writer);
	if (kept->file)
		fclose(kept->file);
	ims_interfaces_fini(&kept->interfaces);
	g_free(kept->name);
	g_free(kept->folder);
	g_free(kept);
}

static bool fail(struct ims_kept *kept, int error)
{
	if (!kept->error)
		kept->error = error ? error : EIO;
	return false;
}

static bool open_file(struct ims_kept *kept)
{
	if (kept->writer)
		return true;
	errno = 0;
	kept->file = ims_temporary_new(kept->folder);
	if (!kept->file)
		return fail(kept, errno);
	kept->writer = ims_pcapng_writer_new(kept->file, NULL);
	return true;
}

void ims_kept_packet(struct ims_kept *kept, const struct ims_packet *packet,
		     uint64_t dropped)
{
	const struct ims_pcapng_notes notes = {.dropped = dropped};
	struct ims_packet written = *packet;
	struct ims_interface_of *of;

	if (kept->error || !open_file(kept))
		return;
	/* Its number is used up, its bytes are not. */
	if (packet->link_type > UINT16_MAX || ims_network_is_media(packet)) {
		written.captured = 0;
		written.link_type = MIN(packet->link_type, UINT16_MAX);
	}
	kept->size += BLOCK_SIZE + written.captured;
	if (kept->size > IMS_KEPT_MAX)
		fail(kept, EFBIG);
	else if (!ims_interfaces_find(&kept->interfaces, &of, kept->writer,
				      &written, NULL) ||
		 !ims_pcapng_writer_packet(kept->writer, of->id, &written,
					   &notes))
		fail(kept, errno);
}

const char *ims_kept_file(struct ims_kept *kept)
{
	if (!kept->error && open_file(kept) &&
	    !ims_pcapng_writer_flush(kept->writer))
		fail(kept, errno);
	if (kept->error) {
		errno = kept->error;
		return NULL;
	}
	g_free(kept->name);
	kept->name = g_strdup_printf("/proc/self/fd/%d", fileno(kept->file));
	return kept->name;
}
