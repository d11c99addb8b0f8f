// SPDX-License-Identifier: GPL-2.0-or-later
#include <ims/address.h>

#include <arpa/inet.h>
#include <stdio.h>

bool ims_address_equal(const struct ims_address *a, const struct ims_address *b)
{
	return a->family == b->family &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool ims_endpoint_equal(const struct ims_endpoint *a,
			const struct ims_endpoint *b)
{
	return a->port == b->port &&
	       ims_address_equal(&a->address, &b->address);
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

uint32_t ims_address_hash(const struct ims_address *a)
{
	uint64_t hash = ims_slice_hash(ims_slice(a->bytes, sizeof(a->bytes)));

	return (uint32_t)(hash ^ (hash >> 32)) ^ a->family;
}

/* As inet_ntop writes it, which takes printf for it. */
static void format_4(char *out, const uint8_t bytes[4])
{
	for (unsigned i = 0; i < 4; i++) {
		uint8_t b = bytes[i];

		if (i > 0)
			*out++ = '.';
		if (b >= 100)
			*out++ = (char)('0' + b / 100);
		if (b >= 10)
			*out++ = (char)('0' + b / 10 % 10);
		*out++ = (char)('0' + b % 10);
	}
	*out = '\0';
}

const char *ims_address_format(char out[IMS_ENDPOINT_TEXT],
			       const struct ims_address *a)
{
	if (a->family == 4)
		format_4(out, a->bytes);
	else if (a->family != 6 ||
		 !inet_ntop(AF_INET6, a->bytes, out, IMS_ENDPOINT_TEXT))
		out[0] = '\0';
	return out;
}

const char *ims_endpoint_format(char out[IMS_ENDPOINT_TEXT],
				const struct ims_endpoint *e)
{
	char address[IMS_ENDPOINT_TEXT];

	ims_address_format(address, &e->address);
	if (e->port == 0 || e->address.family == 0)
		snprintf(out, IMS_ENDPOINT_TEXT, "%.45s", address);
	else
		snprintf(out, IMS_ENDPOINT_TEXT,
			 e->address.family == 6 ? "[%.45s]:%u" : "%.45s:%u",
			 address, e->port);
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
