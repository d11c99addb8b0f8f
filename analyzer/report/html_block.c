// SPDX-License-Identifier: GPL-2.0-or-later
#include "html_block.h"

#include "html_json.h"

static void begin(struct ims_html_block *block)
{
	ims_json_restart(&block->records);
	ims_json_open(&block->records, NULL, '[');
	ims_json_restart(&block->strings);
	ims_json_open(&block->strings, NULL, '[');
	ims_json_null(&block->strings, NULL);
	g_hash_table_remove_all(block->indices);
}

void ims_html_block_init(struct ims_html_block *block, const char *kind)
{
	*block = (struct ims_html_block){
		.kind = kind,
		.key = g_string_new(NULL),
		.indices = g_hash_table_new_full(g_str_hash, g_str_equal,
						 g_free, NULL),
	};
	begin(block);
}

void ims_html_block_clear(struct ims_html_block *block)
{
	ims_json_clear(&block->records);
	ims_json_clear(&block->strings);
	g_string_free(block->key, TRUE);
	g_hash_table_destroy(block->indices);
}

/* Its key is the text as JSON: bytes that are shown alike are one. */
static guint index_of(struct ims_html_block *block, struct ims_slice wire)
{
	gpointer known;
	guint index;

	if (ims_slice_is_empty(wire))
		return 0;
	g_string_truncate(block->key, 0);
	ims_html_quote(block->key, wire);
	known = g_hash_table_lookup(block->indices, block->key->str);
	if (known)
		return GPOINTER_TO_UINT(known);
	index = g_hash_table_size(block->indices) + 1;
	g_hash_table_insert(block->indices,
			    g_strndup(block->key->str, block->key->len),
			    GUINT_TO_POINTER(index));
	ims_json_literal(&block->strings, NULL,
			 ims_slice(block->key->str, block->key->len));
	return index;
}

void ims_html_block_wire(struct ims_html_block *block, struct ims_slice wire)
{
	ims_json_count(&block->records, NULL, index_of(block, wire));
}

void ims_html_block_text(struct ims_html_block *block, const char *text)
{
	ims_html_block_wire(block, ims_slice_of(text));
}

void ims_html_block_pass(struct ims_html_block *block,
			 struct ims_writer *writer)
{
	if (ims_json_made(&block->records).len +
		    ims_json_made(&block->strings).len >=
	    IMS_HTML_BLOCK_BYTES)
		ims_html_block_write(block, writer);
}

void ims_html_block_write(struct ims_html_block *block,
			  struct ims_writer *writer)
{
	struct ims_slice strings = ims_json_made(&block->strings);
	struct ims_slice records = ims_json_made(&block->records);

	if (records.len <= 1)
		return;
	ims_writer_puts(writer, "<script type=\"application/json\" "
				"data-block=\"");
	ims_writer_puts(writer, block->kind);
	ims_writer_puts(writer, "\">{\"strings\":");
	ims_writer_put(writer, strings.at, strings.len);
	ims_writer_puts(writer, "],\"records\":");
	ims_writer_put(writer, records.at, records.len);
	ims_writer_puts(writer, "]}</script>\n");
	block->n_written++;
	begin(block);
}
