/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages with other names: the first byte chooses the protocol. What is
 * rewritten twice by one key from the same bytes is the same, and nothing is
 * written beside it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ims/pseudonyms.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *renamed(struct ims_pseudonyms *p, enum ims_event_kind kind,
		     const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	ims_pseudonyms_message(p, kind, copy, size);
	return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ims_pseudonyms *p;
	enum ims_event_kind kind;
	char *one, *other;

	if (size == 0)
		return 0;
	kind = data[0] == 1 ? IMS_EVENT_DIAMETER : IMS_EVENT_SIP;
	p = ims_pseudonyms_new("a key", 5);
	ims_pseudonyms_learn(p, kind, ims_slice(data, size));
	one = renamed(p, kind, data, size);
	other = renamed(p, kind, data, size);
	if (memcmp(one, other, size) != 0)
		abort();
	free(one);
	free(other);
	ims_pseudonyms_free(p);
	return 0;
}
