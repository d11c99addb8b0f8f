/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any two SIP messages as copies of one: what differs between them, read
 * whole; a message differs in nothing from itself. A byte 0 parts the two.
 */
#include <stdlib.h>

#include <ims/message.h>

#include "changes.h"

static volatile unsigned sink;

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void touch(struct ims_slice s)
{
	must(s.at || s.len == 0);
	for (size_t i = 0; i < s.len; i++)
		sink += (unsigned char)s.at[i];
}

static struct ims_facts *facts_of(const uint8_t *data, size_t size)
{
	const struct ims_event event = {
		.kind = IMS_EVENT_SIP,
		.transport = IMS_TRANSPORT_UDP,
		.bytes = ims_slice(data, size),
	};

	return ims_facts_new(&event);
}

static void compare(const struct ims_facts *before,
		    const struct ims_facts *after)
{
	struct ims_changes *changes = ims_changes_new(before, after);

	if (!changes)
		return;
	must(changes->n <= IMS_CHANGES_MAX);
	must(before != after || changes->n == 0);
	for (size_t i = 0; i < changes->n; i++) {
		const struct ims_change *c = &changes->at[i];

		must(c->header.len > 0);
		must(c->kind != IMS_CHANGE_ADDED || !c->before.at);
		must(c->kind != IMS_CHANGE_REMOVED || !c->after.at);
		touch(c->header);
		touch(c->element);
		touch(c->before);
		touch(c->after);
	}
	ims_changes_free(changes);
}

static void seek(const struct ims_facts *facts)
{
	for (int id = 1; id < IMS_SIP_N_HEADERS; id++) {
		const struct ims_sought sought = {
			.header = (enum ims_sip_header_id)id,
			.element = ims_slice_of("lr"),
		};

		sink += ims_message_has(facts, &sought);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, 0, size) : NULL;
	size_t first = end ? (size_t)(end - data) : size;
	size_t second = end ? first + 1 : size;
	struct ims_facts *one = facts_of(data, first);
	struct ims_facts *other = facts_of(data + second, size - second);

	if (one && other) {
		compare(one, other);
		compare(other, one);
		compare(one, one);
		seek(one);
	}
	ims_facts_unref(one);
	ims_facts_unref(other);
	return 0;
}
