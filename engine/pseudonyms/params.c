// SPDX-License-Identifier: GPL-2.0-or-later
#include "params.h"

#include "lookup.h"
#include "rewriting.h"
#include "words.h"

enum action {
	VALUE, /* anything: of those that are not listed */
	KEEP,  /* it is of the protocol; long numbers are replaced */
	PROSE,
	HOST,
	URI,
	BRANCH,
	CELL,
};

struct known {
	const char *name;
	enum action action;
};

/* In order of the names. */
static const struct known known[] = {
	{"alg", KEEP},
	{"alias", KEEP},
	{"audio", KEEP},
	{"automata", KEEP},
	{"boundary", KEEP},
	{"branch", BRANCH},
	{"cause", KEEP},
	{"ccf", HOST},
	{"cgi-3gpp", CELL},
	{"charset", KEEP},
	{"comp", KEEP},
	{"d-alg", KEEP},
	{"d-qop", KEEP},
	{"data", KEEP},
	{"duration", KEEP},
	{"ealg", KEEP},
	{"ecf", HOST},
	{"events", KEEP},
	{"expires", KEEP},
	{"gruu", KEEP},
	{"handling", KEEP},
	{"icid-generated-at", HOST},
	{"index", KEEP},
	{"keep", KEEP},
	{"level", KEEP},
	{"local-time-zone", KEEP},
	{"lr", KEEP},
	{"maddr", HOST},
	{"method", KEEP},
	{"methods", KEEP},
	{"mobility", KEEP},
	{"mod", KEEP},
	{"nat", KEEP},
	{"ob", KEEP},
	{"orig", KEEP},
	{"orig-ioi", HOST},
	{"phone-context", URI},
	{"port-c", KEEP},
	{"port-s", KEEP},
	{"prot", KEEP},
	{"protocol", KEEP},
	{"pub-gruu", URI},
	{"purpose", KEEP},
	{"q", KEEP},
	{"r2", KEEP},
	{"reason", KEEP},
	{"received", HOST},
	{"received-ip", HOST},
	{"refresher", KEEP},
	{"reg-id", KEEP},
	{"regstate", KEEP},
	{"retry-after", KEEP},
	{"rport", KEEP},
	{"schemes", KEEP},
	{"sescase", KEEP},
	{"sos", KEEP},
	{"spi-c", KEEP},
	{"spi-s", KEEP},
	{"temp-gruu", URI},
	{"term-ioi", HOST},
	{"text", PROSE},
	{"transit-ioi", HOST},
	{"transport", KEEP},
	{"ttl", KEEP},
	{"type", KEEP},
	{"user", KEEP},
	{"utran-cell-id-3gpp", CELL},
	{"utran-sai-3gpp", CELL},
	{"version", KEEP},
	{"video", KEEP},
};

static enum action action_of(struct ims_slice name)
{
	const struct known *found =
		ims_lookup(name, known, G_N_ELEMENTS(known), sizeof(known[0]));

	if (found)
		return found->action;
	/* Feature tags (RFC 3840): what a terminal can. */
	if (ims_slice_starts_nocase(name, "+g."))
		return KEEP;
	return VALUE;
}

/* RFC 3261 8.1.1.7: what begins so is a branch of this standard. */
static void rewrite_branch(struct ims_pseudonyms *p, struct ims_chars value)
{
	if (ims_slice_starts_nocase(ims_chars_slice(value), "z9hG4bK"))
		value = ims_chars_from(value, 7);
	ims_rewrite_value(p, value);
}

/* A cell begins with its network's MCC and MNC (TS 24.229 7.2A.4), and they
   are kept, five digits or six. */
static void rewrite_cell(struct ims_pseudonyms *p, struct ims_chars value)
{
	size_t n = 0;

	while (n < value.len && n < 6 && g_ascii_isdigit(value.at[n]))
		n++;
	ims_rewrite_user(p, ims_chars_from(value, n == 6 ? n : 0));
}

static void rewrite_by(struct ims_pseudonyms *p, struct ims_chars value,
		       enum action action)
{
	switch (action) {
	case KEEP:
		ims_rewrite_prose(p, value, IMS_GRAMMAR_DIGITS);
		break;
	case PROSE:
		ims_rewrite_prose(p, value, IMS_PROSE_DIGITS);
		break;
	case HOST:
		ims_rewrite_host(p, value);
		break;
	case URI:
		ims_rewrite_uri(p, value);
		break;
	case BRANCH:
		rewrite_branch(p, value);
		break;
	case CELL:
		rewrite_cell(p, value);
		break;
	default:
		ims_rewrite_value(p, value);
		break;
	}
}

size_t ims_quoted_end(struct ims_chars text, size_t start)
{
	for (size_t i = start + 1; i < text.len; i++) {
		if (text.at[i] == '\\')
			i++;
		else if (text.at[i] == '"')
			return i + 1;
	}
	return text.len;
}

/* Before the closing quote, if there is one at all. */
static size_t inner_end(struct ims_chars text, size_t start, size_t end)
{
	return end > start && text.at[end - 1] == '"' ? end - 1 : end;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool ends_value(char c, char separator)
{
	return c == separator || c == ',' || c == '>' || c == '?' ||
	       (separator != '&' && c == ';');
}

static size_t name_end(struct ims_chars text, size_t at, char separator)
{
	while (at < text.len && text.at[at] != '=' && text.at[at] != '"' &&
	       !is_blank(text.at[at]) && !ends_value(text.at[at], separator))
		at++;
	return at;
}

static size_t skip_blank(struct ims_chars text, size_t at)
{
	while (at < text.len && is_blank(text.at[at]))
		at++;
	return at;
}

size_t ims_rewrite_param(struct ims_pseudonyms *p, struct ims_chars text,
			 size_t start, char separator)
{
	size_t at = skip_blank(text, start),
	       end = name_end(text, at, separator);
	enum action action = action_of(ims_slice(text.at + at, end - at));

	ims_rewrite_prose(p, ims_chars(text.at + at, end - at),
			  IMS_GRAMMAR_DIGITS);
	at = skip_blank(text, end);
	if (at >= text.len || text.at[at] != '=')
		return at;
	at = skip_blank(text, at + 1);
	if (at < text.len && text.at[at] == '"') {
		end = ims_quoted_end(text, at++);
		rewrite_by(
			p,
			ims_chars(text.at + at, inner_end(text, at, end) - at),
			action);
		return end;
	}
	end = at;
	/* RFC 3261's gen-value may be an address of IPv6, without quotes. */
	while (end < text.len && !is_blank(text.at[end]) &&
	       !ends_value(text.at[end], separator))
		end++;
	rewrite_by(p, ims_chars(text.at + at, end - at), action);
	return end;
}
