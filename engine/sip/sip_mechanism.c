// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip_mechanism.h"

#include "sip_scan.h"

static void set_spi(bool *has, uint32_t *spi, struct ims_slice value)
{
	uint64_t number;

	if (*has || !ims_slice_to_uint(value, UINT32_MAX, &number))
		return;
	*has = true;
	*spi = (uint32_t)number;
}

static void set_port(bool *has, uint16_t *port, struct ims_slice value)
{
	uint64_t number;

	if (*has || !ims_slice_to_uint(value, UINT16_MAX, &number))
		return;
	*has = true;
	*port = (uint16_t)number;
}

/* The field of a parameter that is text; NULL for the others. */
static struct ims_slice *text_field(struct ims_sip_mechanism *m,
				    struct ims_slice name)
{
	if (ims_slice_is_nocase(name, "q"))
		return &m->q;
	if (ims_slice_is_nocase(name, "alg"))
		return &m->alg;
	if (ims_slice_is_nocase(name, "ealg"))
		return &m->ealg;
	if (ims_slice_is_nocase(name, "prot"))
		return &m->prot;
	if (ims_slice_is_nocase(name, "mod"))
		return &m->mod;
	return NULL;
}

static void set_param(struct ims_sip_mechanism *m,
		      const struct ims_sip_param *p)
{
	struct ims_slice *text = text_field(m, p->name);

	if (text && !text->at)
		*text = p->value;
	else if (ims_slice_is_nocase(p->name, "spi-c"))
		set_spi(&m->has_spi_c, &m->spi_c, p->value);
	else if (ims_slice_is_nocase(p->name, "spi-s"))
		set_spi(&m->has_spi_s, &m->spi_s, p->value);
	else if (ims_slice_is_nocase(p->name, "port-c"))
		set_port(&m->has_port_c, &m->port_c, p->value);
	else if (ims_slice_is_nocase(p->name, "port-s"))
		set_port(&m->has_port_s, &m->port_s, p->value);
}

/* RFC 3329 Appendix A. */
static void set_old_param(struct ims_sip_mechanism *old,
			  const struct ims_sip_param *p)
{
	if (ims_slice_is_nocase(p->name, "spi"))
		set_spi(&old->has_spi_c, &old->spi_c, p->value);
	else if (ims_slice_is_nocase(p->name, "port1"))
		set_port(&old->has_port_c, &old->port_c, p->value);
	else if (ims_slice_is_nocase(p->name, "port2"))
		set_port(&old->has_port_s, &old->port_s, p->value);
}

/* What the new grammar left open. */
static void fill_from_old(struct ims_sip_mechanism *m,
			  const struct ims_sip_mechanism *old)
{
	if (!m->has_spi_c && old->has_spi_c) {
		m->has_spi_c = true;
		m->spi_c = old->spi_c;
	}
	if (!m->has_port_c && old->has_port_c) {
		m->has_port_c = true;
		m->port_c = old->port_c;
	}
	if (!m->has_port_s && old->has_port_s) {
		m->has_port_s = true;
		m->port_s = old->port_s;
	}
}

void ims_sip_mechanism_parse(struct ims_sip_mechanism *mechanism,
			     struct ims_slice text)
{
	struct ims_sip_param param;
	struct ims_slice params;
	struct ims_sip_mechanism old = {0};
	size_t end;

	*mechanism = (struct ims_sip_mechanism){0};
	mechanism->text = ims_slice_trim(text);
	text = mechanism->text;
	end = ims_sip_find_unquoted(text, ';');
	mechanism->name = ims_slice_trim(ims_slice(text.at, end));
	params = ims_sip_from(text, end);
	while (ims_sip_param_next(&params, ';', &param)) {
		set_param(mechanism, &param);
		set_old_param(&old, &param);
	}
	fill_from_old(mechanism, &old);
}
