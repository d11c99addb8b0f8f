// SPDX-License-Identifier: GPL-2.0-or-later
/* What is read as plain XML is what libxml2 reads of it, word for word. */
#include "xml.h"

#include <glib.h>

#include "unit.h"

static void write_again(void *user)
{
	g_string_truncate(user, 0);
}

static void write_slice(GString *out, struct ims_slice s)
{
	if (!ims_slice_is_set(s))
		g_string_append(out, " absent");
	else
		g_string_append_printf(out, " '%.*s'", IMS_SLICE_ARG(s));
}

static void write_open(void *user, struct ims_slice name,
		       const struct ims_xml_attributes *attributes)
{
	g_string_append(user, "open");
	write_slice(user, name);
	for (size_t i = 0; i < attributes->n; i++) {
		write_slice(user, attributes->at[i].name);
		write_slice(user, attributes->at[i].value);
	}
	g_string_append_c(user, '\n');
}

static void write_close(void *user, struct ims_slice name,
			struct ims_slice text)
{
	g_string_append(user, "close");
	write_slice(user, name);
	write_slice(user, text);
	g_string_append_c(user, '\n');
}

static struct ims_xml_handler writer(GString *out)
{
	return (struct ims_xml_handler){write_again, write_open, write_close,
					out};
}

/* Whether it was plain; then libxml2 finds no fault, and reads the same. */
static bool check(struct ims_slice text)
{
	GString *plain = g_string_new(NULL), *parsed = g_string_new(NULL);
	const struct ims_xml_handler to_plain = writer(plain);
	const struct ims_xml_handler to_parsed = writer(parsed);
	struct ims_xml_result result = {0};
	struct wall wall = wall_new(text);
	bool is_plain = ims_xml_plain(&to_plain, wall.bytes);

	if (is_plain) {
		ims_xml_parse(&result, &to_parsed, wall.bytes);
		assert_string_equal(result.fault, "");
		assert_true(result.well_formed);
		assert_string_equal(plain->str, parsed->str);
	}
	wall_free(&wall);
	g_string_free(plain, TRUE);
	g_string_free(parsed, TRUE);
	return is_plain;
}

static const char *const plain[] = {
	"<a/>",
	"<a></a>",
	"<a />\n",
	"<a>text</a >\t\n",
	"<?xml version=\"1.0\"?><a/>",
	"<?xml version='1.0' encoding='utf-8' standalone=\"yes\" ?>\n<a/>",
	"<?xml version=\"1.0\" standalone=\"no\"?>\n<a>\n</a>",
	"<p:a xmlns:p=\"urn:x\"><p:b x=\"1\" p:x = '2'> a b\n</p:b></p:a>",
	"<a x=\"it's\" y='\"'><b/>tail<c>]]</c>more</a>",
	"<a.b-c_1><_>\"</_><A:B:c/></a.b-c_1>",
};

/* Well-formed or not: not for us. */
static const char *const refused[] = {
	"",
	" <a/>",
	"a",
	"<",
	"<a",
	"<a>",
	"<a/",
	"<a></b>",
	"<a></a",
	"<a></ab>",
	"<ab></a>",
	"<a/><b/>",
	"<a/>text",
	"<1/>",
	"<:a/>",
	"< a/>",
	"<a><b></a></b>",
	"<a x/>",
	"<a x=1/>",
	"<a x='1/>",
	"<a x='1'y='2'/>",
	"<a x='1' x='2'/>",
	"<a x='<'/>",
	"<a x='\n'/>",
	"<a x='&amp;'/>",
	"<a>&amp;</a>",
	"<a>\r\n</a>",
	"<a>]]></a>",
	"<a><!-- --></a>",
	"<a><![CDATA[b]]></a>",
	"<a><?b?></a>",
	"<!DOCTYPE a><a/>",
	"<a>\x01</a>",
	"<a>\x7f</a>",
	"<a>\xc3\xa9</a>",
	"\xef\xbb\xbf<a/>",
	"<?xml?><a/>",
	"<?xml version=\"1.1\"?><a/>",
	"<?xml encoding=\"utf-8\" version=\"1.0\"?><a/>",
	"<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>",
	"<?xml version=\"1.0\" standalone=\"maybe\"?><a/>",
	"<?xml version=\"1.0\" x=\"y\"?><a/>",
	"<?xml version=\"1.0\"><a/>",
	" <?xml version=\"1.0\"?><a/>",
};

static void plain_documents(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
		if (!check(ims_slice_of(plain[i])))
			fail_msg("refused: %s", plain[i]);
}

static void other_documents(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++)
		if (check(ims_slice_of(refused[i])))
			fail_msg("not refused: %s", refused[i]);
}

/* Each byte left out, each made another, each cut off: no fault is missed. */
static void damaged_documents(void **state)
{
	static const char others[] = "<>/='\"&a: \n\r!?-]\x01\x80";
	GString *text = g_string_new(NULL);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
		for (size_t at = 0; at < strlen(plain[i]); at++) {
			g_string_assign(text, plain[i]);
			g_string_erase(text, (gssize)at, 1);
			check(ims_slice(text->str, text->len));
			g_string_truncate(text, at);
			check(ims_slice(text->str, text->len));
			g_string_assign(text, plain[i]);
			for (size_t k = 0; k < sizeof(others); k++) {
				text->str[at] = others[k];
				check(ims_slice(text->str, text->len));
			}
		}
	g_string_free(text, TRUE);
}

/* `n` of `unit` between `before` and `after`. */
static bool check_many(const char *before, const char *unit, size_t n,
		       const char *after)
{
	GString *text = g_string_new(before);
	bool is_plain;

	for (size_t i = 0; i < n; i++)
		g_string_append(text, unit);
	g_string_append(text, after);
	is_plain = check(ims_slice(text->str, text->len));
	g_string_free(text, TRUE);
	return is_plain;
}

static void its_bounds(void **state)
{
	GString *attributes = g_string_new("<a");

	(void)state;
	assert_true(check_many("<a>", "x", IMS_XML_MAX_TEXT, "</a>"));
	assert_true(check_many("<a>", "x", IMS_XML_MAX_TEXT + 1, "</a>"));
	assert_true(check_many("<a>", "<b/>", 1000, "</a>"));
	assert_false(check_many("", "<a>", 33, ""));
	for (int i = 0; i < 32; i++)
		g_string_append_printf(attributes, " x%d=''", i);
	assert_true(check_many(attributes->str, "", 0, "/>"));
	assert_false(check_many(attributes->str, " y=''", 1, "/>"));
	g_string_free(attributes, TRUE);
}

static void void_is_read_again(void **state)
{
	GString *out = g_string_new(NULL);
	const struct ims_xml_handler handler = writer(out);
	struct ims_xml_result result;

	(void)state;
	ims_xml_read(&result, &handler, ims_slice_of("<a><b/>&lt;</a>"));
	assert_true(result.well_formed);
	assert_string_equal(out->str, "open 'a'\nopen 'b'\nclose 'b' ''\n"
				      "close 'a' '<'\n");
	g_string_free(out, TRUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_documents),
		cmocka_unit_test(other_documents),
		cmocka_unit_test(damaged_documents),
		cmocka_unit_test(its_bounds),
		cmocka_unit_test(void_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
