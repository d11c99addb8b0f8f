/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any text as a file of vendor signatures: it is taken, or what is wrong is
 * said; what is taken can be asked about messages.
 */
#include <stdlib.h>
#include <string.h>

#include "signature_match.h"

static volatile size_t sink;

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void touch(const struct ims_signature *signature)
{
	char *text = ims_signature_text(signature);

	must(signature->name && signature->source);
	sink += strlen(text) + strlen(signature->source);
	g_free(text);
}

static void ask(const struct ims_signatures *signatures, const char *bytes)
{
	const struct ims_event event = {
		.kind = IMS_EVENT_SIP,
		.bytes = ims_slice_of(bytes),
	};
	struct ims_facts *facts = ims_facts_new(&event);
	const struct ims_facts *messages[] = {facts};
	struct ims_signature_case about = {
		.is_failure = true,
		.messages = messages,
		.n_messages = facts ? 1 : 0,
	};

	for (size_t i = 0; (about.rule = ims_rules_at(i)); i++) {
		const struct ims_signature *found =
			ims_signatures_find(signatures, &about);

		if (found)
			touch(found);
	}
	ims_facts_unref(facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ims_signatures *signatures = ims_signatures_new();
	bool good = ims_signatures_parse(signatures, ims_slice(data, size));

	must(good == !ims_signatures_error(signatures));
	must(good || ims_signatures_count(signatures) == 0);
	for (size_t i = 0; i < ims_signatures_count(signatures); i++)
		touch(ims_signatures_at(signatures, i));
	ask(signatures, "SIP/2.0 403 Forbidden - HSS User Unknown\r\n"
			"CSeq: 1 REGISTER\r\nServer: kamailio\r\n\r\n");
	ims_signatures_free(signatures);
	return 0;
}
