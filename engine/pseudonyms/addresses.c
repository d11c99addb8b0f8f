// SPDX-License-Identifier: GPL-2.0-or-later
#include "addresses.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

#define GROUPS	   8
#define LABEL_SIZE 64
#define MAC_SIZE   6
#define MAC_FAMILY 1
/* The longest is IPv6 with IPv4 in it, of 45. */
#define ADDRESS_TEXT_MAX 48

/* So many octets stay as they are; 4: all of them. */
static unsigned kept_octets(const uint8_t *octet)
{
	switch (octet[0]) {
	case 0:	  /* this host */
	case 127: /* loopback */
		return 4;
	case 10: /* RFC 1918 */
		return 1;
	case 100:
		return octet[1] >= 64 && octet[1] < 128; /* RFC 6598 */
	case 169:
		return octet[1] == 254 ? 2 : 0; /* RFC 3927 */
	case 172:
		return octet[1] >> 4 == 1; /* RFC 1918 */
	case 192:
		if (octet[1] == 0 && (octet[2] == 0 || octet[2] == 2))
			return 3; /* RFC 5737, RFC 6890 */
		return octet[1] == 168 ? 2 : 0;
	case 198:
		if (octet[1] == 51 && octet[2] == 100)
			return 3; /* RFC 5737 */
		return octet[1] == 18 || octet[1] == 19 ? 2 : 0;
	case 203:
		return octet[1] == 0 && octet[2] == 113 ? 3 : 0;
	default:
		return octet[0] >= 224 ? 4 : 0; /* multicast, broadcast */
	}
}

/* Octets that take as many digits, and of a range that is split in the second
   octet those that stay in it. */
static void range_of(unsigned *low, unsigned *high, const uint8_t *octet,
		     unsigned i, unsigned kept)
{
	*low = octet[i] < 10 ? 0 : octet[i] < 100 ? 10 : 100;
	*high = octet[i] < 10 ? 9 : octet[i] < 100 ? 99 : 255;
	if (i != 1 || kept != 1 || octet[0] == 10)
		return;
	*low = MAX(*low, octet[0] == 172 ? 16u : 64u);
	*high = MIN(*high, octet[0] == 172 ? 31u : 127u);
}

static void permute_octets(const struct ims_pseudonyms *p, uint8_t *octet,
			   unsigned kept)
{
	const uint8_t old[4] = {octet[0], octet[1], octet[2], octet[3]};

	for (unsigned i = kept; i < 4; i++) {
		unsigned low, high;
		uint8_t place[5] = {(uint8_t)i};

		range_of(&low, &high, old, i, kept);
		memcpy(place + 1, old, i);
		octet[i] = (uint8_t)(low +
				     ims_permute_small(&p->prf, "octet", place,
						       1 + i,
						       (uint8_t)(old[i] - low),
						       high - low + 1));
	}
}

/* A public address does not become one of the others. */
static void replace_ipv4(const struct ims_pseudonyms *p, uint8_t *octet)
{
	unsigned kept = kept_octets(octet);

	do
		permute_octets(p, octet, kept);
	while (kept_octets(octet) != kept);
}

static uint16_t group_at(const uint8_t *bytes, unsigned i)
{
	return (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
}

/* ::ffff:10.0.0.1 and NAT64 (RFC 6052): IPv4 in the last two groups. */
static bool holds_ipv4(const uint8_t *bytes)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const uint8_t nat64[12] = {0, 0x64, 0xff, 0x9b};

	return memcmp(bytes, mapped, sizeof(mapped)) == 0 ||
	       memcmp(bytes, nat64, sizeof(nat64)) == 0;
}

/* So many groups stay: what says of which kind the address is. */
static unsigned kept_groups(const uint8_t *bytes)
{
	static const uint8_t zero[15];

	if (bytes[0] == 0xff) /* multicast */
		return GROUPS;
	if (memcmp(bytes, zero, sizeof(zero)) == 0 && bytes[15] <= 1)
		return GROUPS;
	if (group_at(bytes, 0) == 0x2001 && group_at(bytes, 1) == 0x0db8)
		return 2;
	return 1;
}

/* The group keeps its number of digits, and 0 stays 0, for "::". */
static uint16_t replace_group(const struct ims_pseudonyms *p, const char *label,
			      uint16_t group)
{
	uint8_t digit[4], radix[4] = {16, 16, 16, 16};
	size_t n = 0;

	if (group == 0)
		return 0;
	for (unsigned shift = 16; shift > 0; shift -= 4)
		if (n || group >> (shift - 4))
			digit[n++] = (group >> (shift - 4)) & 0x0f;
	digit[0]--;
	radix[0] = 15;
	ims_permute(&p->prf, label, digit, radix, n);
	group = (uint16_t)(digit[0] + 1);
	for (size_t i = 1; i < n; i++)
		group = (uint16_t)(group << 4 | digit[i]);
	return group;
}

static void permute_groups(const struct ims_pseudonyms *p, uint8_t *bytes,
			   unsigned kept)
{
	char label[LABEL_SIZE] = "group";
	size_t n = strlen(label);

	for (unsigned i = 0; i < GROUPS; i++) {
		uint16_t old = group_at(bytes, i);
		uint16_t made = i < kept ? old : replace_group(p, label, old);

		bytes[2 * i] = (uint8_t)(made >> 8);
		bytes[2 * i + 1] = (uint8_t)made;
		n += (size_t)snprintf(label + n, sizeof(label) - n, ":%x", old);
	}
}

static void replace_ipv6(const struct ims_pseudonyms *p, uint8_t *bytes)
{
	unsigned kept = kept_groups(bytes);

	if (holds_ipv4(bytes)) {
		replace_ipv4(p, bytes + 12);
		return;
	}
	if (kept == GROUPS)
		return;
	do
		permute_groups(p, bytes, kept);
	while (kept_groups(bytes) != kept);
}

/* An address, of IP or of the link layer, and its pseudonym. */
struct known_address {
	struct ims_address old;
	struct ims_address made;
};

static guint hash_known(gconstpointer known)
{
	return ims_address_hash(&((const struct known_address *)known)->old);
}

static gboolean equal_known(gconstpointer a, gconstpointer b)
{
	return ims_address_equal(&((const struct known_address *)a)->old,
				 &((const struct known_address *)b)->old);
}

GHashTable *ims_addresses_new(void)
{
	return g_hash_table_new_full(hash_known, equal_known, g_free, NULL);
}

static const struct known_address *find_known(const struct ims_pseudonyms *p,
					      const struct ims_address *address)
{
	const struct known_address asked = {.old = *address};

	return g_hash_table_lookup(p->addresses, &asked);
}

static void keep_known(const struct ims_pseudonyms *p,
		       const struct ims_address *old,
		       const struct ims_address *made)
{
	struct known_address *known = g_new(struct known_address, 1);

	*known = (struct known_address){*old, *made};
	if (g_hash_table_size(p->addresses) >= IMS_ADDRESSES_MAX)
		g_hash_table_remove_all(p->addresses);
	g_hash_table_replace(p->addresses, known, known);
}

void ims_pseudonym_address(const struct ims_pseudonyms *p,
			   struct ims_address *address)
{
	const struct ims_address old = *address;
	const struct known_address *known;

	if (address->family != 4 && address->family != 6)
		return;
	known = find_known(p, address);
	if (known) {
		*address = known->made;
		return;
	}
	if (address->family == 4)
		replace_ipv4(p, address->bytes);
	else
		replace_ipv6(p, address->bytes);
	keep_known(p, &old, address);
}

/* The multicast bit and that of local administration stay (IEEE 802). */
static void replace_mac(const struct ims_pseudonyms *p, uint8_t *mac)
{
	uint8_t nibble[2 * MAC_SIZE], radix[2 * MAC_SIZE];
	uint8_t flags = mac[0] & 3;

	for (size_t i = 0; i < MAC_SIZE; i++) {
		nibble[2 * i] = mac[i] >> 4;
		nibble[2 * i + 1] = mac[i] & 0x0f;
		radix[2 * i] = radix[2 * i + 1] = 16;
	}
	nibble[1] >>= 2;
	radix[1] = 4;
	ims_permute(&p->prf, "mac", nibble, radix, sizeof(nibble));
	nibble[1] = (uint8_t)(nibble[1] << 2 | flags);
	for (size_t i = 0; i < MAC_SIZE; i++)
		mac[i] = (uint8_t)(nibble[2 * i] << 4 | nibble[2 * i + 1]);
}

void ims_pseudonym_mac(const struct ims_pseudonyms *p, uint8_t mac[6])
{
	static const uint8_t zero[MAC_SIZE];
	/* A family that no address of IP has. */
	struct ims_address old = {.family = MAC_FAMILY}, made;
	const struct known_address *known;

	if (memcmp(mac, zero, MAC_SIZE) == 0 ||
	    memcmp(mac, "\xff\xff\xff\xff\xff\xff", MAC_SIZE) == 0)
		return;
	memcpy(old.bytes, mac, MAC_SIZE);
	known = find_known(p, &old);
	if (known) {
		memcpy(mac, known->made.bytes, MAC_SIZE);
		return;
	}
	made = old;
	replace_mac(p, made.bytes);
	keep_known(p, &old, &made);
	memcpy(mac, made.bytes, MAC_SIZE);
}

static bool is_address_char(char c)
{
	return g_ascii_isxdigit(c) || c == ':' || c == '.';
}

static bool is_of_word(struct ims_chars text, size_t at)
{
	return at < text.len && ims_is_word((uint8_t)text.at[at]);
}

/* Dotted digits; ends before a dot that nothing follows. What is longer than
   an address may be is none. */
static size_t dotted_end(struct ims_chars text, size_t at)
{
	text.len = MIN(text.len, at + ADDRESS_TEXT_MAX);
	while (at < text.len && (g_ascii_isdigit(text.at[at]) ||
				 (text.at[at] == '.' && at + 1 < text.len &&
				  g_ascii_isdigit(text.at[at + 1]))))
		at++;
	return at;
}

size_t ims_address_length(struct ims_chars text, size_t start)
{
	struct ims_address address;
	unsigned colons = 0;
	size_t end;

	if (start >= text.len || !is_address_char(text.at[start]))
		return 0;
	if (start > 0 && (is_of_word(text, start - 1) ||
			  (text.at[start - 1] == '.' && start > 1 &&
			   is_of_word(text, start - 2))))
		return 0;
	end = dotted_end(text, start);
	if (!is_of_word(text, end) &&
	    ims_address_parse(&address,
			      ims_slice(text.at + start, end - start)))
		return end - start;
	for (end = start; end < text.len && end - start < ADDRESS_TEXT_MAX &&
			  is_address_char(text.at[end]);
	     end++)
		colons += text.at[end] == ':';
	while (end > start && text.at[end - 1] == '.')
		end--;
	if (colons < 2 || is_of_word(text, end) ||
	    !ims_address_parse(&address,
			       ims_slice(text.at + start, end - start)))
		return 0;
	return end - start;
}

static void write_ipv4(struct ims_chars text, const uint8_t *octet)
{
	char made[16];
	int n = snprintf(made, sizeof(made), "%u.%u.%u.%u", octet[0], octet[1],
			 octet[2], octet[3]);

	/* Octets written 010 are none that ims_address_parse takes. */
	if ((size_t)n == text.len)
		memcpy(text.at, made, text.len);
	else
		memset(text.at, '0', text.len);
}

static size_t groups_in(struct ims_chars text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		bool begins = i == 0 || text.at[i - 1] == ':';

		n += begins && text.at[i] != ':';
		if (text.at[i] == '.')
			return n + 1; /* the last one is of two */
	}
	return n;
}

/* A run of hex digits, as long and in the case that it was. */
static size_t write_group(struct ims_chars text, size_t at, uint16_t group)
{
	bool is_upper = false;
	size_t n = 0;
	char made[5];

	while (at + n < text.len && g_ascii_isxdigit(text.at[at + n]))
		is_upper |= g_ascii_isupper(text.at[at + n++]);
	snprintf(made, sizeof(made), is_upper ? "%0*X" : "%0*x", (int)MIN(n, 4),
		 group);
	memcpy(text.at + at, made, MIN(n, 4));
	return n;
}

static void write_ipv6(struct ims_chars text, const uint8_t *bytes)
{
	size_t left = groups_in(text);
	const char *dot = memchr(text.at, '.', text.len);
	size_t group = 0, at = 0;

	while (at < text.len) {
		if (text.at[at] == ':') {
			if (at + 1 < text.len && text.at[at + 1] == ':')
				group = GROUPS - left;
			at++;
		} else if (dot && left == 2) {
			write_ipv4(ims_chars_from(text, at), bytes + 12);
			return;
		} else {
			at += write_group(
				text, at,
				group_at(bytes, (unsigned)group++ % GROUPS));
			left--;
		}
	}
}

void ims_address_text(struct ims_pseudonyms *p, struct ims_chars text)
{
	struct ims_address address;

	if (!ims_address_parse(&address, ims_chars_slice(text)))
		return;
	ims_pseudonym_address(p, &address);
	if (address.family == 4)
		write_ipv4(text, address.bytes);
	else
		write_ipv6(text, address.bytes);
}
