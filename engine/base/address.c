// SPDX-License-Identifier: GPL-2.0-or-later
#include <ims/address.h>

#include <arpa/inet.h>

#include <ims/digits.h>

static enum ims_reach reach_of_4(const uint8_t *b)
{
	if (b[0] == 127)
		return IMS_REACH_HOST;
	if (b[0] == 169 && b[1] == 254)
		return IMS_REACH_LINK;
	if (b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) ||
	    (b[0] == 192 && b[1] == 168) ||
	    (b[0] == 100 && (b[1] & 0xc0) == 64))
		return IMS_REACH_PRIVATE;
	return IMS_REACH_ALL;
}

enum ims_reach ims_address_reach(const struct ims_address *address)
{
	static const uint8_t loopback[16] = {[15] = 1};
	const uint8_t *b = address->bytes;

	if (address->family == 4)
		return reach_of_4(b);
	if (memcmp(b, loopback, sizeof(loopback)) == 0)
		return IMS_REACH_HOST;
	if (b[0] == 0xfe && (b[1] & 0xc0) == 0x80)
		return IMS_REACH_LINK;
	return (b[0] & 0xfe) == 0xfc ? IMS_REACH_PRIVATE : IMS_REACH_ALL;
}

int ims_endpoint_compare(const struct ims_endpoint *a,
			 const struct ims_endpoint *b)
{
	int order = a->address.family - b->address.family;

	if (order == 0)
		order = memcmp(a->address.bytes, b->address.bytes,
			       sizeof(a->address.bytes));
	if (order == 0)
		order = (int)a->port - (int)b->port;
	return order;
}

/* A number of an address as text, and the dot behind it. */
struct octet {
	char text[4];
};

#define DIGIT(n) ('0' + (n) % 10)
#define FIRST(n) \
	((n) >= 100 ? DIGIT((n) / 100) : (n) >= 10 ? DIGIT((n) / 10) : DIGIT(n))
#define SECOND(n) ((n) >= 100 ? DIGIT((n) / 10) : (n) >= 10 ? DIGIT(n) : '.')
#define THIRD(n)  ((n) >= 100 ? DIGIT(n) : '.')
#define OCTET(n)                                           \
	{                                                  \
		{                                          \
			FIRST(n), SECOND(n), THIRD(n), '.' \
		}                                          \
	}
#define OCTETS_4(n) OCTET(n), OCTET((n) + 1), OCTET((n) + 2), OCTET((n) + 3)
#define OCTETS_16(n) \
	OCTETS_4(n), OCTETS_4((n) + 4), OCTETS_4((n) + 8), OCTETS_4((n) + 12)
#define OCTETS_64(n)                                            \
	OCTETS_16(n), OCTETS_16((n) + 16), OCTETS_16((n) + 32), \
		OCTETS_16((n) + 48)

static const struct octet octets[256] = {OCTETS_64(0), OCTETS_64(64),
					 OCTETS_64(128), OCTETS_64(192)};

/* There is room for a dot behind the last. */
static char *put_ipv4(char *out, const uint8_t bytes[4])
{
	for (int i = 0; i < 4; i++) {
		uint8_t n = bytes[i];

		memcpy(out, octets[n].text, sizeof(octets[n].text));
		out += 2 + (n >= 10) + (n >= 100);
	}
	return out - 1;
}

static char *put_group(char *out, unsigned group)
{
	int shift = 12;

	while (shift && !(group >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*out++ = "0123456789abcdef"[group >> shift & 0xf];
	return out;
}

/* The first of the longest runs of zeros, of two at least (RFC 5952 4.2): sets
 *n to 0 when there is none. */
static int longest_zeros(const unsigned groups[8], int *n)
{
	int first = 0;

	*n = 0;
	for (int i = 0; i < 8; i++) {
		int run = 0;

		while (i + run < 8 && groups[i + run] == 0)
			run++;
		if (run > *n && run > 1) {
			first = i;
			*n = run;
		}
		i += run;
	}
	return first;
}

static char *put_ipv6(char *out, const uint8_t bytes[16])
{
	unsigned groups[8];
	int n_zeros, zeros;

	for (int i = 0; i < 8; i++)
		groups[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
	zeros = longest_zeros(groups, &n_zeros);
	for (int i = 0; i < 8; i++) {
		if (n_zeros && i == zeros) {
			*out++ = ':';
			i += n_zeros - 1;
			if (i == 7)
				*out++ = ':';
			continue;
		}
		if (i)
			*out++ = ':';
		/* RFC 5952 5: IPv4 within, mapped (or, of old, compatible). */
		if (i == 6 && zeros == 0 &&
		    (n_zeros == 6 || (n_zeros == 5 && groups[5] == 0xffff)))
			return put_ipv4(out, bytes + 12);
		out = put_group(out, groups[i]);
	}
	return out;
}

/* Returns the end. Addresses stand in every line of a report: no printf. */
static char *put_address(char *out, const struct ims_address *a)
{
	if (a->family == 6)
		return put_ipv6(out, a->bytes);
	return a->family ? put_ipv4(out, a->bytes) : out;
}

const char *ims_address_format(char out[IMS_ENDPOINT_TEXT],
			       const struct ims_address *a)
{
	*put_address(out, a) = '\0';
	return out;
}

char *ims_endpoint_put(char out[IMS_ENDPOINT_TEXT],
		       const struct ims_endpoint *e)
{
	bool has_port = e->port && e->address.family;
	bool in_brackets = has_port && e->address.family == 6;

	if (in_brackets)
		*out++ = '[';
	out = put_address(out, &e->address);
	if (in_brackets)
		*out++ = ']';
	if (has_port) {
		*out++ = ':';
		out = ims_digits(out, e->port);
	}
	return out;
}

const char *ims_endpoint_format(char out[IMS_ENDPOINT_TEXT],
				const struct ims_endpoint *e)
{
	*ims_endpoint_put(out, e) = '\0';
	return out;
}

/* As inet_pton reads it: four numbers to 255, without leading zeros. */
static bool parse_4(uint8_t bytes[4], struct ims_slice text)
{
	size_t at = 0;

	for (unsigned i = 0; i < 4; i++) {
		unsigned n = 0;
		size_t start;

		if (i > 0 && (at == text.len || text.at[at++] != '.'))
			return false;
		start = at;
		for (; at < text.len && text.at[at] >= '0' &&
		       text.at[at] <= '9' && at - start < 3;
		     at++)
			n = n * 10 + (unsigned)(text.at[at] - '0');
		if (at == start || n > 255 ||
		    (text.at[start] == '0' && at - start > 1))
			return false;
		bytes[i] = (uint8_t)n;
	}
	return at == text.len;
}

bool ims_address_parse(struct ims_address *out, struct ims_slice text)
{
	char literal[INET6_ADDRSTRLEN];
	struct ims_address address = {0};

	if (text.len >= 2 && text.at[0] == '[' && text.at[text.len - 1] == ']')
		text = ims_slice(text.at + 1, text.len - 2);
	if (parse_4(address.bytes, text)) {
		address.family = 4;
		*out = address;
		return true;
	}
	/* What has no colon is a name. */
	if (text.len == 0 || text.len >= sizeof(literal) ||
	    memchr(text.at, '\0', text.len) || !memchr(text.at, ':', text.len))
		return false;
	memcpy(literal, text.at, text.len);
	literal[text.len] = '\0';
	memset(address.bytes, 0, sizeof(address.bytes));
	if (inet_pton(AF_INET6, literal, address.bytes) != 1)
		return false;
	address.family = 6;
	*out = address;
	return true;
}
