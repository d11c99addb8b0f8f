/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libxml2, loaded when the first document asks for it, which in most captures
 * none does. With what it needs itself, the Unicode tables and the C++ library
 * among it, the system takes longer to load it than a capture of megabytes
 * takes to be read.
 */
#ifndef IMS_XML_LIBRARY_H
#define IMS_XML_LIBRARY_H

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

/* Its functions that are used, under names without the prefix. */
struct ims_xml_library {
	__typeof__(xmlNewParserCtxt) *new_parser;
	__typeof__(xmlCtxtReadMemory) *read_memory;
	__typeof__(xmlStopParser) *stop_parser;
	__typeof__(xmlFreeParserCtxt) *free_parser;
	__typeof__(xmlFreeDoc) *free_document;
	__typeof__(xmlSetStructuredErrorFunc) *set_error_handler;
	/* Where those of this thread are. */
	__typeof__(__xmlStructuredError) *error_handler;
	__typeof__(__xmlStructuredErrorContext) *error_user;
};

/* On any thread. NULL: it cannot be loaded, and none of it is there. */
const struct ims_xml_library *ims_xml_library(void);

#endif
