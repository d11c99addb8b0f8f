// SPDX-License-Identifier: GPL-2.0-or-later
#include "words.h"

#include <string.h>

/* Letters of a hexadecimal number stay such: a UUID remains one. */
#define HEX_LETTERS 6
#define HEX_MIN	    8 /* so long a word is taken for a number */

#define IMSI_DIGITS 15
#define MCC_DIGITS  3

/* A word without what does not count, as numbers below their radix. */
struct symbols {
	uint8_t value[IMS_WORD_MAX];
	uint8_t radix[IMS_WORD_MAX];
	size_t n;
	bool is_digits; /* nothing but */
	bool is_hex;
};

struct ims_unit ims_unit_at(struct ims_chars text, size_t at)
{
	const char *s = text.at + at;

	if (*s == '%' && text.len - at >= 3 && g_ascii_isxdigit(s[1]) &&
	    g_ascii_isxdigit(s[2]))
		return (struct ims_unit){
			(uint8_t)(g_ascii_xdigit_value(s[1]) << 4 |
				  g_ascii_xdigit_value(s[2])),
			3};
	return (struct ims_unit){(uint8_t)*s, 1};
}

bool ims_is_word(uint8_t c)
{
	return g_ascii_isalnum((char)c) || c >= 0x80;
}

size_t ims_word_end(struct ims_chars text, size_t start)
{
	while (start < text.len) {
		struct ims_unit unit = ims_unit_at(text, start);

		if (!ims_is_word(unit.c))
			break;
		start += unit.len;
	}
	return start;
}

/* What may stand in this place instead; 1: nothing else. */
static uint8_t radix_of(uint8_t c)
{
	if (g_ascii_isdigit((char)c))
		return 10;
	if (g_ascii_isalpha((char)c))
		return 26;
	return c >= 0x80 && c < 0xc0 ? 64 : 1; /* the rest of a character */
}

static uint8_t value_of(uint8_t c)
{
	if (g_ascii_isdigit((char)c))
		return (uint8_t)(c - '0');
	if (g_ascii_isalpha((char)c))
		return (uint8_t)(g_ascii_tolower((char)c) - 'a');
	return c & 0x3f;
}

static uint8_t character_of(uint8_t value, uint8_t old)
{
	if (g_ascii_isdigit((char)old))
		return (uint8_t)('0' + value);
	if (g_ascii_isupper((char)old))
		return (uint8_t)('A' + value);
	if (g_ascii_islower((char)old))
		return (uint8_t)('a' + value);
	return (uint8_t)(0x80 | value);
}

/* Reads a piece from `*at` on, of IMS_WORD_MAX symbols at most. */
static void read_symbols(struct symbols *symbols, struct ims_chars word,
			 size_t *at)
{
	size_t digits = 0, letters = 0, hex = 0;

	symbols->n = 0;
	while (*at < word.len && symbols->n < IMS_WORD_MAX) {
		struct ims_unit unit = ims_unit_at(word, *at);
		uint8_t radix = radix_of(unit.c);

		*at += unit.len;
		if (radix == 1)
			continue;
		symbols->value[symbols->n] = value_of(unit.c);
		symbols->radix[symbols->n++] = radix;
		digits += radix == 10;
		letters += radix == 26;
		hex += radix == 26 && value_of(unit.c) < HEX_LETTERS;
	}
	symbols->is_digits = digits == symbols->n;
	symbols->is_hex = symbols->n >= HEX_MIN && digits && hex == letters &&
			  digits + letters == symbols->n;
}

static void write_unit(char *s, struct ims_unit unit, uint8_t c)
{
	bool is_upper;

	if (unit.len == 1) {
		*s = (char)c;
		return;
	}
	is_upper = g_ascii_isupper(s[1]) || g_ascii_isupper(s[2]);
	s[1] = (is_upper ? "0123456789ABCDEF" : "0123456789abcdef")[c >> 4];
	s[2] = (is_upper ? "0123456789ABCDEF" : "0123456789abcdef")[c & 0x0f];
}

/* Writes a piece to where it was read. */
static void write_symbols(const struct symbols *symbols, struct ims_chars word,
			  size_t at)
{
	size_t i = 0;

	while (i < symbols->n) {
		struct ims_unit unit = ims_unit_at(word, at);

		if (radix_of(unit.c) != 1) {
			uint8_t c = character_of(symbols->value[i++], unit.c);

			write_unit(word.at + at, unit, c);
		}
		at += unit.len;
	}
}

/*
 * How many digits of an IMSI are those of its MCC and MNC. Of networks that
 * have MNCs of three digits (ITU-T E.212, operational bulletins): North
 * America and the Caribbean, and some of Central America, Colombia, India.
 */
static size_t network_digits(const uint8_t *digit)
{
	unsigned mcc = digit[0] * 100u + digit[1] * 10u + digit[2];
	bool is_three = (mcc >= 310 && mcc <= 316) || mcc == 302 ||
			(mcc >= 330 && mcc <= 376 && mcc != 340 && mcc != 362 &&
			 mcc != 363 && mcc != 368) ||
			mcc == 405 || mcc == 708 || mcc == 722 || mcc == 732 ||
			mcc == 750;

	return MCC_DIGITS + (is_three ? 3 : 2);
}

/* Digits at the front that stay. With one more in front it is an IMSI too: as
   in a user name of EAP (TS 23.003 19.3). */
static size_t kept_digits(const struct symbols *symbols)
{
	if (symbols->n == IMSI_DIGITS)
		return network_digits(symbols->value);
	if (symbols->n == IMSI_DIGITS + 1)
		return 1 + network_digits(symbols->value + 1);
	return 0;
}

/* A number that does not begin with 0 still does not. */
static void permute_digits(struct ims_pseudonyms *p, struct symbols *symbols)
{
	size_t kept = kept_digits(symbols);
	bool has_zero = symbols->value[0] == 0;

	/* An IMSI with one digit more has the IMSI's own. */
	do
		ims_permute(&p->prf, kept ? "subscriber" : "digits",
			    symbols->value + kept, symbols->radix + kept,
			    symbols->n - kept);
	while (!kept && (symbols->value[0] == 0) != has_zero);
}

static bool looks_hex(const struct symbols *symbols)
{
	bool has_digit = false;

	for (size_t i = 0; i < symbols->n; i++) {
		if (symbols->radix[i] != 10 && symbols->value[i] >= HEX_LETTERS)
			return false;
		has_digit |= symbols->radix[i] == 10;
	}
	return has_digit && symbols->n >= HEX_MIN;
}

/* Whether it is now a word that is never replaced. */
static bool is_taken(const struct symbols *symbols)
{
	char text[IMS_WORD_MAX];

	for (size_t i = 0; i < symbols->n; i++) {
		if (symbols->radix[i] == 64)
			return false;
		text[i] = (char)(symbols->value[i] +
				 (symbols->radix[i] == 10 ? '0' : 'a'));
	}
	return ims_word_is_kept(ims_slice(text, symbols->n),
				IMS_WORD_USER | IMS_WORD_HOST | IMS_WORD_VALUE);
}

static void permute(struct ims_pseudonyms *p, struct symbols *symbols)
{
	bool was_taken = is_taken(symbols);

	if (symbols->is_digits) {
		permute_digits(p, symbols);
		return;
	}
	for (size_t i = 0; symbols->is_hex && i < symbols->n; i++)
		if (symbols->radix[i] == 26)
			symbols->radix[i] = HEX_LETTERS;
	/* Each kind among itself, or two words might meet. */
	do
		ims_permute(&p->prf, symbols->is_hex ? "hex" : "word",
			    symbols->value, symbols->radix, symbols->n);
	while ((!symbols->is_hex && looks_hex(symbols)) ||
	       (!was_taken && is_taken(symbols)));
}

/* The same by what was made before. */
static void replace_symbols(struct ims_pseudonyms *p, struct symbols *symbols)
{
	uint8_t key[2 * IMS_WORD_MAX];
	GBytes *word, *made;

	memcpy(key, symbols->value, symbols->n);
	memcpy(key + symbols->n, symbols->radix, symbols->n);
	word = g_bytes_new(key, 2 * symbols->n);
	made = g_hash_table_lookup(p->words, word);
	if (made) {
		memcpy(symbols->value, g_bytes_get_data(made, NULL),
		       symbols->n);
		g_bytes_unref(word);
		return;
	}
	permute(p, symbols);
	if (g_hash_table_size(p->words) >= IMS_WORDS_MAX)
		g_hash_table_remove_all(p->words);
	g_hash_table_insert(p->words, word,
			    g_bytes_new(symbols->value, symbols->n));
}

void ims_word_replace(struct ims_pseudonyms *p, struct ims_chars word)
{
	struct symbols symbols;
	size_t start = 0, end = 0;

	while (end < word.len) {
		start = end;
		read_symbols(&symbols, word, &end);
		if (!symbols.n)
			continue;
		replace_symbols(p, &symbols);
		write_symbols(&symbols, word, start);
	}
}
