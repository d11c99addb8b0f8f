// SPDX-License-Identifier: GPL-2.0-or-later
#include "scscf_name.h"

#include <ims/attributes.h>

struct host {
	struct ims_slice name;
	struct ims_slice port; /* empty: none written */
};

static struct ims_slice from(struct ims_slice s, size_t start)
{
	return ims_slice(s.at + start, s.len - start);
}

static size_t place_of(struct ims_slice s, char c)
{
	const char *at = s.len ? memchr(s.at, c, s.len) : NULL;

	return at ? (size_t)(at - s.at) : s.len;
}

static size_t end_of_host(struct ims_slice s)
{
	size_t i = 0;

	while (i < s.len && s.at[i] != ';' && s.at[i] != '?' && s.at[i] != '>')
		i++;
	return i;
}

static struct ims_slice without_scheme(struct ims_slice s)
{
	if (ims_slice_starts_nocase(s, "sip:"))
		return from(s, 4);
	return ims_slice_starts_nocase(s, "sips:") ? from(s, 5) : s;
}

/* "sip:user@HOST:PORT;..." */
static struct host host_of(struct ims_slice uri)
{
	struct ims_slice s = without_scheme(ims_slice_trim(uri));
	struct host host;
	size_t at = place_of(s, '@');
	size_t end;

	if (at < s.len)
		s = from(s, at + 1);
	s.len = end_of_host(s);
	end = s.len && s.at[0] == '[' ? place_of(s, ']') : 0;
	end += place_of(from(s, end), ':');
	host.name = ims_slice(s.at, end);
	host.port = end < s.len ? from(s, end + 1) : ims_slice(s.at, 0);
	while (host.name.len && host.name.at[host.name.len - 1] == '.')
		host.name.len--;
	return host;
}

static bool is_address(struct ims_slice name)
{
	if (name.at[0] == '[')
		return true;
	for (size_t i = 0; i < name.len; i++)
		if ((name.at[i] < '0' || name.at[i] > '9') && name.at[i] != '.')
			return false;
	return true;
}

/* "scscf" and "scscf.example.net" */
static bool is_short_for(struct ims_slice part, struct ims_slice whole)
{
	return whole.len > part.len && whole.at[part.len] == '.' &&
	       place_of(part, '.') == part.len &&
	       ims_slice_equal_nocase(part, ims_slice(whole.at, part.len));
}

bool ims_scscf_differ(struct ims_slice a, struct ims_slice b)
{
	struct host x;
	struct host y;

	if (ims_slice_is_empty(a) || ims_slice_is_empty(b) ||
	    ims_slice_equal(a, b))
		return false;
	x = host_of(a);
	y = host_of(b);
	if (!x.name.len || !y.name.len)
		return false;
	if (ims_slice_equal_nocase(x.name, y.name))
		return x.port.len && y.port.len &&
		       !ims_slice_equal(x.port, y.port);
	return is_address(x.name) == is_address(y.name) &&
	       !is_short_for(x.name, y.name) && !is_short_for(y.name, x.name);
}
