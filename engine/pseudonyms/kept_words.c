// SPDX-License-Identifier: GPL-2.0-or-later
/* Words that name nobody: those of protocols, and roles of nodes. */
#include <glib.h>

#include "lookup.h"
#include "words.h"

struct kept {
	const char *word;
	unsigned places;
};

#define U IMS_WORD_USER
#define H IMS_WORD_HOST
#define V IMS_WORD_VALUE

/* In order of the words. What ends in digits is kept if it is without them. */
static const struct kept kept[] = {
	{"5gc", H},
	{"aaa", V},
	{"aaas", V},
	{"active", V},
	{"ambulance", U | V},
	{"anonymous", U | H},
	{"any", V},
	{"arpa", H},
	{"as", H},
	{"bgcf", H},
	{"bsf", H},
	{"com", H},
	{"core", H},
	{"cscf", H},
	{"cx", H},
	{"diameter", H | V},
	{"dns", H},
	{"dra", H},
	{"ecscf", H},
	{"emergency", U | H | V},
	{"epc", H},
	{"example", H},
	{"fire", U | V},
	{"full", V},
	{"gm", H},
	{"home", H},
	{"hss", H},
	{"http", V},
	{"https", V},
	{"ibcf", H},
	{"icscf", H},
	{"ims", H},
	{"in", V},
	{"internal", H},
	{"invalid", U | H},
	{"ip", V},
	{"ip4", V},
	{"ip6", V},
	{"lab", H},
	{"lan", H},
	{"local", H},
	{"localdomain", H},
	{"localhost", H},
	{"mgcf", H},
	{"mo", U},
	{"mrf", H},
	{"mrfc", H},
	{"mrfp", H},
	{"mt", U},
	{"mtas", H},
	{"mw", H},
	{"nai", H},
	{"net", H},
	{"no", V},
	{"none", V},
	{"null", H | V},
	{"off", V},
	{"on", V},
	{"org", H},
	{"orig", U},
	{"partial", V},
	{"pcf", H},
	{"pcrf", H},
	{"pcscf", H},
	{"police", U | V},
	{"proxy", H},
	{"pub", H},
	{"realm", H},
	{"registrar", H},
	{"restricted", U},
	{"sbc", H},
	{"scscf", H},
	{"sctp", V},
	{"service", U | V},
	{"sip", H | V},
	{"sips", V},
	{"slf", H},
	{"sos", U | V},
	{"tas", H},
	{"tcp", V},
	{"tel", V},
	{"term", U},
	{"test", H},
	{"tls", V},
	{"true", V},
	{"udm", H},
	{"udp", V},
	{"unavailable", U},
	{"urn", V},
	{"visited", H},
	{"wlan", H},
	{"ws", V},
	{"wss", V},
	{"www", H},
	{"xcap", H},
	{"yes", V},
};

static bool is_known(struct ims_slice word, unsigned places)
{
	const struct kept *found =
		ims_lookup(word, kept, G_N_ELEMENTS(kept), sizeof(kept[0]));

	return found && found->places & places;
}

/* TS 23.003 13.2: mnc001, mcc001. */
static bool is_network_code(struct ims_slice word)
{
	if (word.len < 4 || word.len > 6 ||
	    (!ims_slice_starts_nocase(word, "mnc") &&
	     !ims_slice_starts_nocase(word, "mcc")))
		return false;
	for (size_t i = 3; i < word.len; i++)
		if (!g_ascii_isdigit(word.at[i]))
			return false;
	return true;
}

bool ims_word_is_kept(struct ims_slice word, unsigned places)
{
	struct ims_slice stem = word;

	if (is_known(word, places))
		return true;
	if (!(places & IMS_WORD_HOST))
		return false;
	/* 3gppnetwork, however it is misspelt: a diagnosis tells of that. */
	if (is_network_code(word) || ims_slice_starts_nocase(word, "3gpp"))
		return true;
	/* scscf2, hss01 */
	while (stem.len && g_ascii_isdigit(stem.at[stem.len - 1]))
		stem.len--;
	return stem.len < word.len && word.len - stem.len <= 3 && stem.len &&
	       is_known(stem, IMS_WORD_HOST & places);
}
