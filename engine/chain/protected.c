// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ESP that could not be read is a step of the registration whose security
 * agreement it runs under, as long as that is being made: between a UE and
 * its P-CSCF, to an SPI that one of them named (TS 33.203 7.1).
 */
#include "core.h"

/* An association is known by the receiver's SPI. */
static bool has_spi(const struct ims_sip_mechanisms *mechanisms, uint32_t spi)
{
	for (size_t i = 0; i < mechanisms->n; i++) {
		const struct ims_sip_mechanism *m = &mechanisms->at[i];

		if ((m->has_spi_c && m->spi_c == spi) ||
		    (m->has_spi_s && m->spi_s == spi))
			return true;
	}
	return false;
}

/* On the UE's leg, by this time: Security-Client of the request, or
   Security-Server of its challenge. */
static bool is_agreed(const struct ims_attempt *attempt,
		      const struct ims_facts *esp, bool to_ue)
{
	for (unsigned i = 0; i < attempt->n_journeys; i++) {
		const struct ims_hop *hop =
			ims_journey_first(attempt->journeys[i]);

		if (!hop || !hop->final || !hop->request ||
		    !ims_is_challenge(hop->final->sip->status) ||
		    hop->final->time_ns > esp->time_ns)
			continue;
		if (has_spi(to_ue ? &hop->request->sip->security_client
				  : &hop->final->sip->security_server,
			    esp->spi))
			return true;
	}
	return false;
}

static struct ims_open_attempt *attempt_of(const struct ims_engine *engine,
					   const struct ims_facts *esp)
{
	struct ims_open_attempt *attempt;

	attempt = g_hash_table_lookup(engine->ues, &esp->source.address);
	if (attempt && is_agreed(&attempt->about, esp, false))
		return attempt;
	attempt = g_hash_table_lookup(engine->ues, &esp->destination.address);
	if (attempt && is_agreed(&attempt->about, esp, true))
		return attempt;
	return NULL;
}

void ims_attempt_esp(struct ims_engine *engine, struct ims_facts *esp)
{
	struct ims_open_attempt *attempt = attempt_of(engine, esp);
	struct ims_attempt *about;

	if (!attempt)
		return;
	about = &attempt->about;
	if (about->n_esp == IMS_ATTEMPT_MAX_ESP) {
		ims_let_go(engine, IMS_BOUND_OF_REGISTRATION,
			   !attempt->esp_full);
		attempt->esp_full = true;
		return;
	}
	about->esp = g_renew(struct ims_facts *, about->esp, about->n_esp + 1);
	about->esp[about->n_esp++] = ims_facts_ref(esp);
}
