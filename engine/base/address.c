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
	uint64_t high;
	uint64_t low;

	memcpy(&high, a->bytes, sizeof(high));
	memcpy(&low, a->bytes + sizeof(high), sizeof(low));
	high = (high ^ (low + a->family) * UINT64_C(0x9e3779b97f4a7c15)) *
	       UINT64_C(0xd6e8feb86659fd93);
	return (uint32_t)(high ^ high >> 32);
}

const char *ims_address_format(char out[IMS_ENDPOINT_TEXT],
			       const struct ims_address *a)
{
	int family = a->family == 6 ? AF_INET6 : AF_INET;

	if (a->family == 0 ||
	    !inet_ntop(family, a->bytes, out, IMS_ENDPOINT_TEXT))
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

/* Four numbers without leading zeros, as inet_pton has them: nearly all
   addresses in messages are of this kind. */
static bool parse_dotted(uint8_t bytes[4], struct ims_slice text)
{
	size_t i = 0;

	for (unsigned n = 0; n < 4; n++) {
		unsigned value = 0;
		size_t start;

		if (n > 0 && (i == text.len || text.at[i] != '.'))
			return false;
		start = i += n > 0;
		while (i < text.len && i < start + 3 && text.at[i] >= '0' &&
		       text.at[i] <= '9')
			value = value * 10 + (unsigned)(text.at[i++] - '0');
		if (i == start || value > 255 ||
		    (i > start + 1 && text.at[start] == '0'))
			return false;
		bytes[n] = (uint8_t)value;
	}
	return i == text.len;
}

bool ims_address_parse(struct ims_address *out, struct ims_slice text)
{
	char literal[INET6_ADDRSTRLEN];
	struct ims_address address = {0};

	if (text.len >= 2 && text.at[0] == '[' && text.at[text.len - 1] == ']')
		text = ims_slice(text.at + 1, text.len - 2);
	if (text.len == 0 || text.len >= sizeof(literal) ||
	    memchr(text.at, '\0', text.len))
		return false;
	if (memchr(text.at, ':', text.len)) {
		memcpy(literal, text.at, text.len);
		literal[text.len] = '\0';
		address.family = 6;
		if (inet_pton(AF_INET6, literal, address.bytes) != 1)
			return false;
	} else {
		address.family = 4;
		if (!parse_dotted(address.bytes, text))
			return false;
	}
	*out = address;
	return true;
}
