// SPDX-License-Identifier: GPL-2.0-or-later
#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "words.h"

#define LETTERS_MIN 4
#define LETTERS_MAX 64

static int compare(const void *key, const void *element)
{
	return strcmp(key, *(const char *const *)element);
}

/* Words of phrases, in their order: who is called so is not found in them. */
static bool is_of_phrases(const char *word)
{
	static const char *const words[] = {
		"agent",      "authentication", "authorization", "call",
		"client",     "conference",	"default",	 "domain",
		"error",      "failed",		"forbidden",	 "found",
		"gateway",    "host",		"identity",	 "internal",
		"invalid",    "kamailio",	"mailbox",	 "message",
		"missing",    "network",	"node",		 "open5gs",
		"private",    "proxy",		"public",	 "realm",
		"register",   "registered",	"registrar",	 "request",
		"roaming",    "server",		"service",	 "session",
		"subscriber", "system",		"test",		 "timeout",
		"unknown",    "user",		"visited",	 "voicemail",
		"with",
	};

	return bsearch(word, words, G_N_ELEMENTS(words), sizeof(words[0]),
		       compare) != NULL;
}

/* In small letters; false: it is no name. */
static bool read_name(char out[LETTERS_MAX + 1], struct ims_chars word)
{
	if (word.len < LETTERS_MIN || word.len > LETTERS_MAX)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (!g_ascii_isalnum(word.at[i]))
			return false;
		out[i] = g_ascii_tolower(word.at[i]);
	}
	out[word.len] = '\0';
	return !is_of_phrases(out);
}

void ims_name_learn(struct ims_pseudonyms *p, struct ims_chars user)
{
	char name[LETTERS_MAX + 1];

	if (!read_name(name, user) ||
	    ims_word_is_kept(ims_chars_slice(user), IMS_WORD_USER) ||
	    g_hash_table_contains(p->names, name))
		return;
	if (g_hash_table_size(p->names) >= IMS_NAMES_MAX)
		g_hash_table_remove_all(p->names);
	g_hash_table_add(p->names, g_strdup(name));
}

bool ims_name_is_known(const struct ims_pseudonyms *p, struct ims_chars word)
{
	char name[LETTERS_MAX + 1];

	return read_name(name, word) && g_hash_table_contains(p->names, name);
}
