// SPDX-License-Identifier: GPL-2.0-or-later
/* Credentials and challenges. */
#include <string.h>

#include "params.h"
#include "rewriting.h"
#include "secrets.h"
#include "sip.h"

static bool is_kept(struct ims_slice name)
{
	static const char *const names[] = {
		"algorithm", "qop",	"nc",
		"stale",     "charset", "integrity-protected",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (ims_slice_is_nocase(name, names[i]))
			return true;
	return false;
}

static void rewrite_secret(struct ims_pseudonyms *p, struct ims_slice name,
			   struct ims_chars value)
{
	if (ims_slice_is_nocase(name, "ck"))
		ims_secret_hex(p, IMS_SECRET_CK, value);
	else if (ims_slice_is_nocase(name, "ik"))
		ims_secret_hex(p, IMS_SECRET_IK, value);
	else if (ims_slice_is_nocase(name, "auts"))
		ims_secret_base64(p, IMS_SECRET_AUTS, value);
	else if (ims_slice_is_nocase(name, "response") ||
		 ims_slice_is_nocase(name, "rspauth"))
		ims_secret_hex(p, IMS_SECRET_RESPONSE, value);
	else
		ims_rewrite_value(p, value);
}

static void rewrite_param(struct ims_pseudonyms *p, struct ims_slice name,
			  struct ims_chars value)
{
	if (is_kept(name))
		ims_rewrite_prose(p, value, IMS_GRAMMAR_DIGITS);
	else if (ims_slice_is_nocase(name, "realm"))
		ims_rewrite_host(p, value);
	else if (ims_slice_is_nocase(name, "nonce") ||
		 ims_slice_is_nocase(name, "nextnonce"))
		ims_secret_nonce(p, value);
	else if (ims_slice_is_nocase(name, "uri") ||
		 ims_slice_is_nocase(name, "username"))
		ims_rewrite_uri(p, value);
	else
		rewrite_secret(p, name, value);
}

static size_t skip(struct ims_chars text, size_t at, const char *any)
{
	while (at < text.len && text.at[at] && strchr(any, text.at[at]))
		at++;
	return at;
}

static size_t until(struct ims_chars text, size_t at, const char *any)
{
	while (at < text.len && (!text.at[at] || !strchr(any, text.at[at])))
		at++;
	return at;
}

/* name=value, from `at` on; returns where it ends. */
static size_t take_param(struct ims_pseudonyms *p, struct ims_chars text,
			 size_t at)
{
	size_t end = until(text, at, "=, \t\r\n");
	struct ims_slice name = ims_slice(text.at + at, end - at);
	size_t start = skip(text, end, " \t\r\n"), inner;

	if (start == text.len || text.at[start] != '=') {
		ims_rewrite_prose(p, ims_chars(text.at + at, end - at),
				  IMS_GRAMMAR_DIGITS);
		return MAX(start, at + 1);
	}
	start = skip(text, start + 1, " \t\r\n");
	if (start == text.len || text.at[start] != '"') {
		end = until(text, start, ", \t\r\n");
		rewrite_param(p, name, ims_chars(text.at + start, end - start));
		return end;
	}
	end = ims_quoted_end(text, start++);
	inner = end > start && text.at[end - 1] == '"' ? end - 1 : end;
	rewrite_param(p, name, ims_chars(text.at + start, inner - start));
	return end;
}

void ims_rewrite_auth(struct ims_pseudonyms *p, struct ims_chars value,
		      bool has_scheme)
{
	size_t at = skip(value, 0, " \t\r\n"), end;

	if (has_scheme) {
		end = until(value, at, " \t\r\n");
		if (!ims_slice_is_nocase(ims_slice(value.at + at, end - at),
					 "Digest")) {
			ims_rewrite_value(p, ims_chars_from(value, end));
			return;
		}
		at = end;
	}
	while ((at = skip(value, at, ", \t\r\n")) < value.len)
		at = take_param(p, value, at);
}
