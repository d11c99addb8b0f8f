// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plain XML (XML 1.0, fifth edition), as nearly every HSS and S-CSCF writes
 * it. A tenth of what libxml2 takes for it, which stays the judge: whatever
 * is not known here to be well-formed is refused, and read by it.
 */
#include "xml.h"

#define MAX_DEPTH      32
#define MAX_ATTRIBUTES 32 /* of one element */

/* What a byte may be part of. */
enum kind {
	BLANK = 1,
	TEXT = 2,
	VALUE = 4, /* of an attribute: text that is taken as it stands */
	NAME = 8,
	START = 16, /* of a name */
};

#define T (TEXT | VALUE)
#define N (T | NAME)
#define S (N | START)

/* ASCII without references, markup and line ends to be normalized. */
static const uint8_t kinds[256] = {
	/* clang-format off */
	0, 0, 0, 0, 0, 0, 0, 0, 0, BLANK | TEXT, BLANK | TEXT, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	/*       !  "  #  $  %  &  '  (  )  *  +  ,  -  .  / */
	BLANK | T, T, T, T, T, T, 0, T, T, T, T, T, T, N, N, T,
	/* 0  1  2  3  4  5  6  7  8  9  :  ;  <  =  >  ? */
	N, N, N, N, N, N, N, N, N, N, N, T, 0, T, 0, T,
	T, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S,
	S, S, S, S, S, S, S, S, S, S, S, T, T, T, T, S,
	T, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S,
	S, S, S, S, S, S, S, S, S, S, S, T, T, T, T, 0,
	/* clang-format on */
};

struct scan {
	const struct ims_xml_handler *handler;
	const char *at;
	const char *end;
	struct ims_slice open[MAX_DEPTH]; /* names, outermost first */
	size_t depth;
	struct ims_xml_attribute attributes[MAX_ATTRIBUTES];
	size_t n_attributes;
};

/* The longest run of such bytes; the scan stands behind it. */
static struct ims_slice take(struct scan *scan, enum kind kind)
{
	const char *from = scan->at;
	const char *at = from;

	while (at < scan->end && kinds[(unsigned char)*at] & kind)
		at++;
	scan->at = at;
	return ims_slice(from, (size_t)(at - from));
}

static bool take_byte(struct scan *scan, char byte)
{
	if (scan->at == scan->end || *scan->at != byte)
		return false;
	scan->at++;
	return true;
}

static bool take_word(struct scan *scan, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(scan->end - scan->at) < len ||
	    memcmp(scan->at, word, len) != 0)
		return false;
	scan->at += len;
	return true;
}

/* Empty: none begins here. */
static struct ims_slice take_name(struct scan *scan)
{
	if (scan->at == scan->end || !(kinds[(unsigned char)*scan->at] & START))
		return (struct ims_slice){0};
	return take(scan, NAME);
}

static bool take_value(struct scan *scan, struct ims_slice *value)
{
	const char *from;
	char quote;

	if (scan->at == scan->end)
		return false;
	quote = *scan->at++;
	if (quote != '"' && quote != '\'')
		return false;
	from = scan->at;
	while (scan->at < scan->end && *scan->at != quote &&
	       kinds[(unsigned char)*scan->at] & VALUE)
		scan->at++;
	*value = ims_slice(from, (size_t)(scan->at - from));
	return take_byte(scan, quote);
}

/* Its name is kept whole: two of an element must not be the same (3.1). */
static bool take_attribute(struct scan *scan)
{
	struct ims_xml_attribute *attribute =
		&scan->attributes[scan->n_attributes];

	if (scan->n_attributes == MAX_ATTRIBUTES)
		return false;
	attribute->name = take_name(scan);
	if (ims_slice_is_empty(attribute->name))
		return false;
	for (size_t i = 0; i < scan->n_attributes; i++)
		if (ims_slice_equal(scan->attributes[i].name, attribute->name))
			return false;
	take(scan, BLANK);
	if (!take_byte(scan, '='))
		return false;
	take(scan, BLANK);
	scan->n_attributes++;
	return take_value(scan, &attribute->value);
}

/* What stands up to the end of a tag that has begun. */
static bool take_attributes(struct scan *scan)
{
	scan->n_attributes = 0;
	while (take(scan, BLANK).len && scan->at < scan->end &&
	       kinds[(unsigned char)*scan->at] & START)
		if (!take_attribute(scan))
			return false;
	return true;
}

static bool is_declared(const struct scan *scan, size_t i, const char *name)
{
	return i < scan->n_attributes &&
	       ims_slice_is(scan->attributes[i].name, name);
}

/* 2.8: in this order; any encoding will do whose ASCII is ASCII. */
static bool take_declaration(struct scan *scan)
{
	const struct ims_xml_attribute *a = scan->attributes;
	size_t i = 0;

	if (!take_word(scan, "<?xml"))
		return true;
	if (!take_attributes(scan) || !take_word(scan, "?>"))
		return false;
	if (!is_declared(scan, i, "version") ||
	    !ims_slice_is(a[i].value, "1.0"))
		return false;
	i++;
	if (is_declared(scan, i, "encoding")) {
		if (!ims_slice_is_nocase(a[i].value, "utf-8") &&
		    !ims_slice_is_nocase(a[i].value, "us-ascii"))
			return false;
		i++;
	}
	if (is_declared(scan, i, "standalone")) {
		if (!ims_slice_is(a[i].value, "yes") &&
		    !ims_slice_is(a[i].value, "no"))
			return false;
		i++;
	}
	take(scan, BLANK);
	return i == scan->n_attributes;
}

static void tell_open(struct scan *scan, struct ims_slice name)
{
	const struct ims_xml_attributes attributes = {scan->attributes,
						      scan->n_attributes};

	for (size_t i = 0; i < scan->n_attributes; i++)
		scan->attributes[i].name =
			ims_xml_local(scan->attributes[i].name);
	scan->handler->opens(scan->handler->user, ims_xml_local(name),
			     &attributes);
}

static void tell_close(const struct scan *scan, struct ims_slice name,
		       struct ims_slice text)
{
	struct ims_slice trimmed = {0};

	if (text.len <= IMS_XML_MAX_TEXT)
		trimmed = ims_slice_trim(text);
	scan->handler->closes(scan->handler->user, ims_xml_local(name),
			      trimmed);
}

/* A start tag, or that of an empty element, behind its "<". */
static bool take_start(struct scan *scan)
{
	struct ims_slice name = take_name(scan);
	bool is_empty;

	if (ims_slice_is_empty(name) || scan->depth == MAX_DEPTH ||
	    !take_attributes(scan))
		return false;
	is_empty = take_byte(scan, '/');
	if (!take_byte(scan, '>'))
		return false;
	tell_open(scan, name);
	if (is_empty)
		tell_close(scan, name, ims_slice(scan->at, 0));
	else
		scan->open[scan->depth++] = name;
	return true;
}

/* An end tag, behind its "</"; `text` is what stood before it. */
static bool take_end(struct scan *scan, struct ims_slice text)
{
	struct ims_slice name = scan->open[scan->depth - 1];
	size_t there = (size_t)(scan->end - scan->at);

	if (there < name.len || memcmp(scan->at, name.at, name.len) != 0)
		return false;
	scan->at += name.len;
	take(scan, BLANK);
	if (!take_byte(scan, '>'))
		return false;
	scan->depth--;
	tell_close(scan, name, text);
	return true;
}

bool ims_xml_plain(const struct ims_xml_handler *handler, struct ims_slice xml)
{
	struct scan scan; /* lists are written up to their n */

	scan.handler = handler;
	scan.at = xml.at;
	scan.end = xml.at + xml.len;
	scan.depth = scan.n_attributes = 0;
	if (!take_declaration(&scan) || !take_byte(&scan, '<') ||
	    !take_start(&scan))
		return false;
	while (scan.depth) {
		struct ims_slice text = take(&scan, TEXT);

		if (!take_byte(&scan, '<'))
			return false;
		if (take_byte(&scan, '/') ? !take_end(&scan, text)
					  : !take_start(&scan))
			return false;
	}
	take(&scan, BLANK);
	return scan.at == scan.end;
}
