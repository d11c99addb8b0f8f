// SPDX-License-Identifier: GPL-2.0-or-later
#include "anonymity.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "complain.h"

#define KEY_SIZE 32

static GBytes *key_by_chance(void)
{
	uint8_t key[KEY_SIZE];

	if (getrandom(key, sizeof(key), 0) != (ssize_t)sizeof(key)) {
		ims_complain("--anonymize", "no key: %s", g_strerror(errno));
		return NULL;
	}
	return g_bytes_new(key, sizeof(key));
}

/* The key is all that the file holds, but for a line end at its end. */
static GBytes *key_of_file(const char *file)
{
	char *bytes = NULL;
	GError *error = NULL;
	gsize n = 0;

	if (!g_file_get_contents(file, &bytes, &n, &error)) {
		ims_complain("--anonymize-key", "%s", error->message);
		g_error_free(error);
		return NULL;
	}
	while (n && (bytes[n - 1] == '\n' || bytes[n - 1] == '\r'))
		n--;
	if (n < IMS_ANONYMITY_KEY_MIN || n > IMS_ANONYMITY_KEY_MAX) {
		ims_complain(file, "a key has %d to %d bytes",
			     IMS_ANONYMITY_KEY_MIN, IMS_ANONYMITY_KEY_MAX);
		g_free(bytes);
		return NULL;
	}
	return g_bytes_new_take(bytes, n);
}

static void rewrite_hints(GArray *hints, const struct ims_pseudonyms *p)
{
	for (guint i = 0; i < hints->len; i++)
		ims_pseudonym_address(
			p, &g_array_index(hints, struct ims_role_hint, i)
				    .endpoint.address);
}

bool ims_anonymity_apply(struct ims_cli_options *options, const char *key_file)
{
	struct ims_pseudonyms *p;
	bool good = true;
	gsize n;

	options->key = key_file ? key_of_file(key_file) : key_by_chance();
	if (!options->key)
		return false;
	p = ims_pseudonyms_new(g_bytes_get_data(options->key, &n),
			       g_bytes_get_size(options->key));
	rewrite_hints(options->hints, p);
	if (options->subscriber &&
	    !ims_pseudonyms_pattern(p, options->subscriber)) {
		ims_complain_usage(
			"--subscriber",
			"with --anonymize a name or number is given whole: "
			"what a part of one becomes cannot be told");
		good = false;
	}
	ims_pseudonyms_free(p);
	return good;
}

/* How much of the name stands before its endings: packed as, and what. */
static size_t stem_length(const char *name)
{
	static const char *const endings[] = {
		".gz", ".zst", ".xz", ".lz4", ".pcapng", ".pcap", ".cap",
	};
	size_t n = strlen(name);

	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		size_t ending = strlen(endings[i]);

		if (n >= ending && g_ascii_strncasecmp(name + n - ending,
						       endings[i], ending) == 0)
			n -= ending;
	}
	return n;
}

char *ims_anonymity_file(struct ims_pseudonyms *p, const char *file)
{
	char *name = strcmp(file, "-") == 0 ? g_strdup(file)
					    : g_path_get_basename(file);

	ims_pseudonyms_text(p, name, stem_length(name));
	return name;
}
