// SPDX-License-Identifier: GPL-2.0-or-later
/* What is not plain, by libxml2. */
#include "xml.h"

#include <stdio.h>
#include <string.h>

#include "xml_library.h"

/* libxml2 2.12 made what its error handlers are given const. */
#if LIBXML_VERSION >= 21200
#define PARSER_ERROR const xmlError
#else
#define PARSER_ERROR xmlError
#endif

/* An XML declaration is at the start, and no longer than this. */
#define DECLARATION_MAX 128

struct reader {
	const struct ims_xml_handler *handler;
	struct ims_xml_result *result;
	const struct ims_xml_library *library;
	xmlParserCtxt *parser;
	struct ims_xml_attribute attributes[IMS_XML_MAX_ATTRIBUTES];
	/* Since the last tag; may pass the size of text: then it is lost. */
	char text[IMS_XML_MAX_TEXT];
	size_t text_len;
};

static struct ims_slice local_name(const xmlChar *name)
{
	return ims_xml_local(ims_slice_of((const char *)name));
}

/* `attributes`: name and value in turn, NULL at the end; or NULL. */
static void element_opens(void *user, const xmlChar *name,
			  const xmlChar **attributes)
{
	struct reader *reader = user;
	struct ims_xml_attributes list = {reader->attributes, 0};

	for (; attributes && attributes[0] && list.n < IMS_XML_MAX_ATTRIBUTES;
	     attributes += 2)
		reader->attributes[list.n++] = (struct ims_xml_attribute){
			.name = local_name(attributes[0]),
			.value = ims_slice_of((const char *)attributes[1]),
		};
	reader->text_len = 0;
	reader->handler->opens(reader->handler->user, local_name(name), &list);
}

static void element_closes(void *user, const xmlChar *name)
{
	struct reader *reader = user;
	struct ims_slice text = {0};

	if (reader->text_len <= sizeof(reader->text))
		text = ims_slice_trim(
			ims_slice(reader->text, reader->text_len));
	reader->text_len = 0;
	reader->handler->closes(reader->handler->user, local_name(name), text);
}

static void text_comes(void *user, const xmlChar *text, int len)
{
	struct reader *reader = user;
	size_t n = len > 0 ? (size_t)len : 0;

	if (reader->text_len + n <= sizeof(reader->text))
		memcpy(reader->text + reader->text_len, text, n);
	reader->text_len += n;
}

/* The first fault is the telling one: the others follow from it. Of several
   lines the later ones quote the document. */
static void set_fault(struct ims_xml_result *result, const char *message)
{
	if (!result->fault[0])
		snprintf(result->fault, sizeof(result->fault), "%.*s",
			 (int)strcspn(message, "\n"), message);
}

static void error_comes(void *user, PARSER_ERROR *error)
{
	struct reader *reader = user;

	if (error->code == XML_ERR_NO_MEMORY)
		reader->result->no_memory = true;
	else if (error->level == XML_ERR_FATAL && error->message)
		set_fault(reader->result, error->message);
}

/*
 * A document type is passed over, and nothing it names is loaded; but its
 * own declarations can make a short document cost any amount of time, so they
 * are not read at all.
 */
static void document_type_comes(void *user, const xmlChar *name IMS_UNUSED,
				const xmlChar *external IMS_UNUSED,
				const xmlChar *system IMS_UNUSED)
{
	struct reader *reader = user;
	xmlParserCtxt *parser = reader->parser;

	if (*parser->input->cur != '[')
		return;
	set_fault(reader->result, "Document type with declarations of its own");
	reader->result->unread = true;
	reader->library->stop_parser(parser);
}

/*
 * The first generation of callbacks: libxml2 then keeps no table of
 * namespaces (which play no part) and adds no default attributes. Without
 * callbacks for entities none is known, and none loaded.
 */
static const xmlSAXHandler callbacks = {
	.internalSubset = document_type_comes,
	.startElement = element_opens,
	.endElement = element_closes,
	.characters = text_comes,
	.cdataBlock = text_comes,
	.ignorableWhitespace = text_comes,
};

/* The name of the encoding that the document declares; absent: none. */
static struct ims_slice declared_encoding(struct ims_slice xml)
{
	static const char word[] = "encoding=";
	struct ims_slice name = xml;
	size_t at;
	const char *end;

	if (name.len > DECLARATION_MAX)
		name.len = DECLARATION_MAX;
	at = ims_slice_find_nocase(name, "?>");
	name.len = at < name.len ? at : 0;
	at = ims_slice_find_nocase(name, word) + strlen(word);
	if (at >= name.len)
		return (struct ims_slice){0};
	name = ims_slice(name.at + at, name.len - at);
	end = memchr(name.at + 1, name.at[0], name.len - 1);
	return end ? ims_slice(name.at + 1, (size_t)(end - name.at - 1))
		   : (struct ims_slice){0};
}

/*
 * What is declared otherwise is taken for UTF-8: other encodings could hide
 * markup from attributes_are_bounded().
 */
static const char *encoding_of(struct ims_slice declared)
{
	return ims_slice_starts_nocase(declared, "iso-8859-") ? "ISO-8859-1"
							      : "UTF-8";
}

static bool is_utf16(struct ims_slice xml)
{
	return xml.len >= 2 && (memcmp(xml.at, "\xfe\xff", 2) == 0 ||
				memcmp(xml.at, "\xff\xfe", 2) == 0);
}

static bool is_readable(struct ims_slice xml, struct ims_slice declared)
{
	return !is_utf16(xml) &&
	       (!ims_slice_is_set(declared) ||
		ims_slice_is_nocase(declared, "utf-8") ||
		ims_slice_is_nocase(declared, "us-ascii") ||
		ims_slice_starts_nocase(declared, "iso-8859-"));
}

static void run(struct reader *reader, struct ims_slice xml)
{
	struct ims_slice declared = declared_encoding(xml);
	struct ims_xml_result *result = reader->result;
	const struct ims_xml_library *library = reader->library;
	xmlParserCtxt *parser = reader->parser;
	/* Of this thread; restored, for a host may have its own. */
	xmlStructuredErrorFunc old_handler = *library->error_handler();
	void *old_user = *library->error_user();

	*parser->sax = callbacks;
	parser->userData = reader;
	library->set_error_handler(reader, error_comes);
	library->free_document(library->read_memory(
		parser, xml.at, (int)xml.len, NULL, encoding_of(declared),
		XML_PARSE_NONET | XML_PARSE_IGNORE_ENC));
	library->set_error_handler(old_user, old_handler);
	if (!parser->wellFormed)
		set_fault(result, "Document is not well-formed");
	result->well_formed = !result->fault[0];
	if (!result->well_formed && !is_readable(xml, declared))
		result->unread = true;
}

/* Attributes of one tag lie between two "<", which no value can hold. */
static bool attributes_are_bounded(struct ims_slice xml)
{
	size_t n = 0;

	for (size_t i = 0; i < xml.len; i++) {
		if (xml.at[i] == '<')
			n = 0;
		else if (xml.at[i] == '=' && ++n > IMS_XML_MAX_ATTRIBUTES)
			return false;
	}
	return true;
}

static void set_too_large(struct ims_xml_result *result)
{
	set_fault(result, "Document is too large");
	result->unread = true;
}

void ims_xml_parse(struct ims_xml_result *result,
		   const struct ims_xml_handler *handler, struct ims_slice xml)
{
	struct reader reader; /* its text is not read before it is written */

	if (!attributes_are_bounded(xml)) {
		set_too_large(result);
		return;
	}
	reader.handler = handler;
	reader.result = result;
	reader.text_len = 0;
	reader.library = ims_xml_library();
	if (!reader.library) {
		set_fault(result, "libxml2 cannot be loaded");
		result->unread = true;
		return;
	}
	reader.parser = reader.library->new_parser();
	if (!reader.parser) {
		result->no_memory = true;
		return;
	}
	run(&reader, xml);
	reader.library->free_parser(reader.parser);
}

void ims_xml_read(struct ims_xml_result *result,
		  const struct ims_xml_handler *handler, struct ims_slice xml)
{
	*result = (struct ims_xml_result){0};
	while (xml.len && xml.at[xml.len - 1] == '\0')
		xml.len--;
	if (ims_slice_is_empty(xml)) {
		set_fault(result, "Document is empty");
	} else if (xml.len > IMS_XML_MAX) {
		set_too_large(result);
	} else if (ims_xml_plain(handler, xml)) {
		result->well_formed = true;
	} else {
		handler->again(handler->user);
		ims_xml_parse(result, handler, xml);
	}
}

struct ims_slice ims_xml_value(const struct ims_xml_attributes *attributes,
			       const char *name)
{
	for (size_t i = 0; i < attributes->n; i++)
		if (ims_slice_is(attributes->at[i].name, name))
			return attributes->at[i].value;
	return (struct ims_slice){0};
}
