// SPDX-License-Identifier: GPL-2.0-or-later
#include "diameter.h"
#include "pseudonyms_internal.h"
#include "rewriting.h"
#include "sip.h"
#include "words.h"

static void unref_bytes(gpointer bytes)
{
	g_bytes_unref(bytes);
}

struct ims_pseudonyms *ims_pseudonyms_new(const void *key, size_t len)
{
	struct ims_pseudonyms *p = g_new0(struct ims_pseudonyms, 1);

	ims_prf_init(&p->prf, key, len);
	p->words = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
					 unref_bytes, unref_bytes);
	p->addresses = ims_addresses_new();
	p->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	ims_vault_init(&p->vault);
	return p;
}

void ims_pseudonyms_free(struct ims_pseudonyms *p)
{
	if (!p)
		return;
	ims_vault_fini(&p->vault);
	g_hash_table_destroy(p->words);
	g_hash_table_destroy(p->addresses);
	g_hash_table_destroy(p->names);
	ims_prf_fini(&p->prf);
	g_free(p);
}

void ims_pseudonyms_learn(struct ims_pseudonyms *p, enum ims_event_kind kind,
			  struct ims_slice message)
{
	if (kind == IMS_EVENT_DIAMETER)
		ims_learn_diameter(p, message);
}

void ims_pseudonyms_message(struct ims_pseudonyms *p, enum ims_event_kind kind,
			    char *message, size_t len)
{
	if (kind == IMS_EVENT_SIP)
		ims_rewrite_sip(p, ims_chars(message, len), 0);
	else if (kind == IMS_EVENT_DIAMETER)
		ims_rewrite_diameter(p, ims_chars(message, len));
}

void ims_pseudonyms_text(struct ims_pseudonyms *p, char *text, size_t len)
{
	ims_rewrite_user(p, ims_chars(text, len));
}

static bool is_wild(char c)
{
	return c == '*' || c == '?' || c == '[' || c == ']';
}

/* So many digits are taken for all of a number, whatever is beside them. */
#define WHOLE_DIGITS 10

static bool is_whole_number(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isdigit(word[i]))
			return false;
	return len >= WHOLE_DIGITS;
}

/* Whether a word at one of the ends goes on in the wildcard beside it. */
static bool is_cut(const char *pattern, size_t start, size_t end)
{
	struct ims_chars text = ims_chars((char *)pattern + start, end - start);
	size_t first = start ? ims_word_end(text, 0) : 0;
	size_t last = text.len;

	while (is_wild(pattern[end]) && last > 0 &&
	       ims_is_word((uint8_t)text.at[last - 1]))
		last--;
	return (first && !is_whole_number(text.at, first)) ||
	       (last < text.len &&
		!is_whole_number(text.at + last, text.len - last));
}

bool ims_pseudonyms_pattern(struct ims_pseudonyms *p, char *pattern)
{
	size_t at = 0;

	while (pattern[at]) {
		size_t start = at;

		while (pattern[at] && !is_wild(pattern[at]))
			at++;
		if (at > start) {
			if (is_cut(pattern, start, at))
				return false;
			ims_rewrite_uri(p,
					ims_chars(pattern + start, at - start));
		}
		while (is_wild(pattern[at]))
			at++;
	}
	return true;
}
