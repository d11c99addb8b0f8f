// SPDX-License-Identifier: GPL-2.0-or-later
#include "profile.h"

#include <ims/message.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include "profile_reader.h"

/* libxml2 2.12 made what its error handlers are given const. */
#if LIBXML_VERSION >= 21200
#define PARSER_ERROR const xmlError
#else
#define PARSER_ERROR xmlError
#endif

/* An XML declaration is at the start, and no longer than this. */
#define DECLARATION_MAX 128

static const char *local_name(const xmlChar *name)
{
	const char *colon = strrchr((const char *)name, ':');

	return colon ? colon + 1 : (const char *)name;
}

static void element_opens(void *user, const xmlChar *name,
			  const xmlChar **attributes IMS_UNUSED)
{
	struct ims_profile_reader *reader = user;

	if (reader->depth++ == 0)
		reader->profile->is_subscription =
			strcmp(local_name(name), "IMSSubscription") == 0;
	reader->text_len = 0;
	ims_profile_element_opens(reader, local_name(name));
}

static void element_closes(void *user, const xmlChar *name)
{
	struct ims_profile_reader *reader = user;
	struct ims_slice text = {0};

	if (reader->text_len <= sizeof(reader->text))
		text = ims_slice_trim(
			ims_slice(reader->text, reader->text_len));
	reader->depth--;
	reader->text_len = 0;
	ims_profile_element_closes(reader, local_name(name), text);
}

static void text_comes(void *user, const xmlChar *text, int len)
{
	struct ims_profile_reader *reader = user;
	size_t n = len > 0 ? (size_t)len : 0;

	if (reader->text_len + n <= sizeof(reader->text))
		memcpy(reader->text + reader->text_len, text, n);
	reader->text_len += n;
}

static void set_error(struct ims_profile_reader *reader, const char *message)
{
	/* Of several lines the later ones quote the document. */
	struct ims_slice text = ims_slice(message, strcspn(message, "\n"));

	if (ims_slice_is_set(reader->profile->error))
		return;
	reader->profile->error = ims_arena_copy(reader->arena, text);
	if (!ims_slice_is_set(reader->profile->error))
		reader->no_memory = true;
}

/* The first fault is the telling one: the others follow from it. */
static void error_comes(void *user, PARSER_ERROR *error)
{
	struct ims_profile_reader *reader = user;

	if (error->code == XML_ERR_NO_MEMORY)
		reader->no_memory = true;
	else if (error->level == XML_ERR_FATAL && error->message)
		set_error(reader, error->message);
}

/*
 * A document type is passed over, and nothing it names is loaded; but its
 * own declarations can make a short document cost any amount of time, and no
 * profile has them, so they are not read at all.
 */
static void document_type_comes(void *user, const xmlChar *name IMS_UNUSED,
				const xmlChar *external IMS_UNUSED,
				const xmlChar *system IMS_UNUSED)
{
	struct ims_profile_reader *reader = user;
	xmlParserCtxt *parser = reader->parser;

	if (*parser->input->cur != '[')
		return;
	set_error(reader, "Document type with declarations of its own");
	xmlStopParser(parser);
}

/*
 * The first generation of callbacks: libxml2 then keeps no table of
 * namespaces (which play no part) and adds no default attributes. Without
 * callbacks for entities none is known, and none loaded.
 */
static const xmlSAXHandler handler = {
	.internalSubset = document_type_comes,
	.startElement = element_opens,
	.endElement = element_closes,
	.characters = text_comes,
	.cdataBlock = text_comes,
	.ignorableWhitespace = text_comes,
};

/*
 * What is declared otherwise is taken for UTF-8: other encodings could hide
 * markup from attributes_are_bounded().
 */
static const char *encoding_of(struct ims_slice xml)
{
	if (xml.len > DECLARATION_MAX)
		xml.len = DECLARATION_MAX;
	return ims_slice_find_nocase(xml, "encoding=\"iso-8859-") < xml.len
		       ? "ISO-8859-1"
		       : "UTF-8";
}

static void run(struct ims_profile_reader *reader, struct ims_slice xml)
{
	struct ims_profile *profile = reader->profile;
	xmlParserCtxt *parser = reader->parser;
	/* Of this thread; restored, for a host may have its own. */
	xmlStructuredErrorFunc old_handler = xmlStructuredError;
	void *old_user = xmlStructuredErrorContext;

	*parser->sax = handler;
	parser->userData = reader;
	xmlSetStructuredErrorFunc(reader, error_comes);
	xmlFreeDoc(xmlCtxtReadMemory(parser, xml.at, (int)xml.len, NULL,
				     encoding_of(xml),
				     XML_PARSE_NONET | XML_PARSE_IGNORE_ENC));
	xmlSetStructuredErrorFunc(old_user, old_handler);
	if (!parser->wellFormed)
		set_error(reader, "Document is not well-formed");
	profile->well_formed = !ims_slice_is_set(profile->error);
}

/* Attributes of one tag lie between two "<", which no value can hold. */
static bool attributes_are_bounded(struct ims_slice xml)
{
	size_t n = 0;

	for (size_t i = 0; i < xml.len; i++) {
		if (xml.at[i] == '<')
			n = 0;
		else if (xml.at[i] == '=' && ++n > IMS_PROFILE_MAX_ATTRIBUTES)
			return false;
	}
	return true;
}

static void parse(struct ims_profile_reader *reader, struct ims_slice xml)
{
	if (ims_slice_is_empty(xml)) {
		set_error(reader, "Document is empty");
		return;
	}
	if (xml.len > IMS_DIAMETER_MESSAGE_MAX ||
	    !attributes_are_bounded(xml)) {
		reader->many = true;
		set_error(reader, "Document is too large");
		return;
	}
	reader->parser = xmlNewParserCtxt();
	if (!reader->parser) {
		reader->no_memory = true;
		return;
	}
	run(reader, xml);
	xmlFreeParserCtxt(reader->parser);
}

static const void *keep(struct ims_profile_reader *reader, const void *at,
			size_t size)
{
	struct ims_slice copy;

	if (size == 0)
		return NULL;
	copy = ims_arena_copy(reader->arena, ims_slice(at, size));
	if (!ims_slice_is_set(copy))
		reader->no_memory = true;
	return copy.at;
}

bool ims_profile_parse(struct ims_profile *profile, bool *many,
		       struct ims_arena *arena, struct ims_slice xml)
{
	struct ims_profile_reader reader = {.arena = arena, .profile = profile};

	profile->present = true;
	parse(&reader, xml);
	profile->identities =
		keep(&reader, reader.identities,
		     profile->n_identities * sizeof(reader.identities[0]));
	profile->ifcs = keep(&reader, reader.ifcs,
			     profile->n_ifcs * sizeof(reader.ifcs[0]));
	*many |= reader.many;
	return !reader.no_memory;
}
