// SPDX-License-Identifier: GPL-2.0-or-later
#include "xml_library.h"

#include <dlfcn.h>
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum {
	NOT_TRIED,
	LOADED,
	MISSING,
};

static const struct function {
	const char *name;
	size_t offset; /* in struct ims_xml_library */
} functions[] = {
	{"xmlNewParserCtxt", offsetof(struct ims_xml_library, new_parser)},
	{"xmlCtxtReadMemory", offsetof(struct ims_xml_library, read_memory)},
	{"xmlStopParser", offsetof(struct ims_xml_library, stop_parser)},
	{"xmlFreeParserCtxt", offsetof(struct ims_xml_library, free_parser)},
	{"xmlFreeDoc", offsetof(struct ims_xml_library, free_document)},
	{"xmlSetStructuredErrorFunc",
	 offsetof(struct ims_xml_library, set_error_handler)},
	{"__xmlStructuredError",
	 offsetof(struct ims_xml_library, error_handler)},
	{"__xmlStructuredErrorContext",
	 offsetof(struct ims_xml_library, error_user)},
};

/* It stays as long as the process. */
static bool load(struct ims_xml_library *library)
{
	void *handle = dlopen(IMS_LIBXML_SONAME, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; handle && i < G_N_ELEMENTS(functions); i++) {
		void *at = dlsym(handle, functions[i].name);

		if (!at)
			return false;
		memcpy((char *)library + functions[i].offset, &at, sizeof(at));
	}
	return handle;
}

const struct ims_xml_library *ims_xml_library(void)
{
	static struct ims_xml_library library;
	static gsize state = NOT_TRIED;

	if (g_once_init_enter(&state))
		g_once_init_leave(&state, load(&library) ? LOADED : MISSING);
	return state == LOADED ? &library : NULL;
}
