/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AVPs: made from `name = value`, copied, written (RFC 6733 4.1). */
#include <string.h>

#include <ims/address.h>

#include "avp_tree.h"

#define AVP_VENDOR    0x80
#define AVP_MANDATORY 0x40

static GByteArray *new_data(struct scn *scn)
{
	GByteArray *data = g_byte_array_new();
	g_ptr_array_add(scn->byte_arrays, data);
	return data;
}

void scn_put_u32(GByteArray *out, uint32_t value)
{
	uint32_t network = GUINT32_TO_BE(value);
	g_byte_array_append(out, (const guint8 *)&network, 4);
}

void scn_put_u24(GByteArray *out, uint32_t value)
{
	uint32_t network = GUINT32_TO_BE(value);
	g_byte_array_append(out, (const guint8 *)&network + 1, 3);
}

void scn_avp_write(GByteArray *out, const struct avp *avp)
{
	guint start = out->len;
	uint8_t flags = (uint8_t)((avp->vendor ? AVP_VENDOR : 0) |
				  (avp->mandatory ? AVP_MANDATORY : 0));
	scn_put_u32(out, avp->code);
	g_byte_array_append(out, &flags, 1);
	scn_put_u24(out, 0);
	if (avp->vendor)
		scn_put_u32(out, avp->vendor);
	if (avp->data)
		g_byte_array_append(out, avp->data->data, avp->data->len);
	for (guint i = 0; avp->children && i < avp->children->len; i++)
		scn_avp_write(out, avp->children->pdata[i]);
	uint32_t length = GUINT32_TO_BE(out->len - start);
	memcpy(out->data + start + 5, (const guint8 *)&length + 1, 3);
	while (out->len % 4)
		g_byte_array_append(out, (const guint8 *)"", 1);
}

struct avp *scn_avp_new(struct scn *scn, const struct scn_line *line,
			const char *name)
{
	struct avp *avp = scn_new(scn, sizeof(*avp));
	avp->name = name;
	const struct avp_name *known = avp_find(name);
	if (known) {
		avp->code = known->code;
		avp->vendor = known->vendor;
		avp->type = known->type;
		avp->mandatory = known->mandatory;
	} else if (g_str_has_prefix(name, "AVP(")) {
		char **parts = g_strsplit_set(name + 4, ":)", 3);
		avp->code = (uint32_t)scn_number(line, parts[0]);
		if (parts[1] && *parts[1])
			avp->vendor = (uint32_t)scn_number(line, parts[1]);
		g_strfreev(parts);
	} else {
		scn_fail(line, "no AVP is called %s", name);
	}
	if (avp->type == AVP_GROUP)
		avp->children = scn_list(scn);
	return avp;
}

static void set_number(struct scn *scn, struct avp *avp,
		       const struct scn_line *line, const char *text)
{
	int64_t known = avp_value(avp->name, text);
	avp->data = new_data(scn);
	scn_put_u32(avp->data, known >= 0 ? (uint32_t)known
					  : (uint32_t)scn_number(line, text));
}

/* RFC 6733 4.3.1: the address family, then the address. */
static void set_address(struct scn *scn, struct avp *avp,
			const struct scn_line *line, const char *text)
{
	struct ims_address address;
	if (!ims_address_parse(&address, ims_slice_of(text)))
		scn_fail(line, "%s is no address", text);
	bool v4 = address.family == 4;
	avp->data = new_data(scn);
	g_byte_array_append(avp->data,
			    (const guint8 *)"\0\1\0\2" + (v4 ? 0 : 2), 2);
	g_byte_array_append(avp->data, address.bytes, v4 ? 4 : 16);
}

/* Experimental-Result = 5001: the code of 3GPP. */
static void set_group(struct scn *scn, struct avp *avp,
		      const struct scn_line *line, const char *text)
{
	g_ptr_array_set_size(avp->children, 0);
	if (!*text)
		return;
	if (strcmp(avp->name, "Experimental-Result") != 0)
		scn_fail(line, "%s is a group: { lines }", avp->name);
	scn_avp_add(scn, line, avp->children, "Vendor-Id", "10415");
	scn_avp_add(scn, line, avp->children, "Experimental-Result-Code", text);
}

void scn_avp_set(struct scn *scn, struct avp *avp, const struct scn_line *line,
		 const char *text)
{
	if (g_str_has_prefix(text, "hex:")) {
		GByteArray *bytes = scn_hex(line, text + 4);
		g_ptr_array_add(scn->byte_arrays, bytes);
		avp->data = bytes;
		avp->children = NULL;
		return;
	}
	switch (avp->type) {
	case AVP_GROUP:
		set_group(scn, avp, line, text);
		return;
	case AVP_UNSIGNED:
		set_number(scn, avp, line, text);
		return;
	case AVP_ADDRESS:
		set_address(scn, avp, line, text);
		return;
	case AVP_TEXT:
		avp->data = new_data(scn);
		g_byte_array_append(avp->data, (const guint8 *)text,
				    (guint)strlen(text));
	}
}

struct avp *scn_avp_add(struct scn *scn, const struct scn_line *line,
			GPtrArray *to, const char *name, const char *text)
{
	struct avp *avp = scn_avp_new(scn, line, name);
	scn_avp_set(scn, avp, line, text);
	g_ptr_array_add(to, avp);
	return avp;
}

gint scn_avp_find(const GPtrArray *avps, const char *name)
{
	for (guint i = 0; i < avps->len; i++) {
		const struct avp *avp = avps->pdata[i];
		if (!strcmp(avp->name, name))
			return (gint)i;
	}
	return -1;
}

struct avp *scn_avp_copy(struct scn *scn, const struct avp *avp)
{
	struct avp *copy = scn_new(scn, sizeof(*copy));
	*copy = *avp;
	if (avp->children) {
		copy->children = scn_list(scn);
		for (guint i = 0; i < avp->children->len; i++)
			g_ptr_array_add(
				copy->children,
				scn_avp_copy(scn, avp->children->pdata[i]));
	}
	return copy;
}
