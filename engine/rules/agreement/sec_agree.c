// SPDX-License-Identifier: GPL-2.0-or-later
#include "sec_agree.h"

bool ims_parameter_next(struct ims_slice *rest, struct ims_parameter *parameter)
{
	size_t end = 0;
	size_t equals = SIZE_MAX;
	bool quoted = false;

	if (rest->len == 0)
		return false;
	for (; end < rest->len && (quoted || rest->at[end] != ';'); end++) {
		if (rest->at[end] == '"')
			quoted = !quoted;
		else if (rest->at[end] == '=' && equals == SIZE_MAX)
			equals = end;
	}
	parameter->value = ims_slice_of(NULL);
	parameter->name = ims_slice_trim(
		ims_slice(rest->at, equals < end ? equals : end));
	if (equals < end)
		parameter->value = ims_slice_trim(
			ims_slice(rest->at + equals + 1, end - equals - 1));
	if (end < rest->len)
		end++;
	*rest = ims_slice(rest->at + end, rest->len - end);
	return true;
}

bool ims_parameter_find(struct ims_parameter *found, struct ims_slice mechanism,
			struct ims_slice name)
{
	while (ims_parameter_next(&mechanism, found))
		if (ims_slice_equal_nocase(found->name, name))
			return true;
	return false;
}

/* Whether all of a's parameters stand in b with the same value. */
static enum ims_likeness has_all(struct ims_slice a, struct ims_slice b)
{
	enum ims_likeness likeness = IMS_LIKENESS_SAME;
	struct ims_parameter mine;
	struct ims_parameter yours;

	while (ims_parameter_next(&a, &mine)) {
		if (mine.name.len == 0)
			continue;
		if (ims_parameter_find(&yours, b, mine.name) &&
		    ims_slice_equal_nocase(mine.value, yours.value))
			continue;
		if (!ims_slice_is_nocase(mine.name, "q"))
			return IMS_LIKENESS_DIFFER;
		likeness = IMS_LIKENESS_BUT_Q;
	}
	return likeness;
}

static enum ims_likeness worse(enum ims_likeness a, enum ims_likeness b)
{
	return a > b ? a : b;
}

enum ims_likeness ims_mechanism_compare(struct ims_slice a, struct ims_slice b)
{
	if (ims_slice_equal(a, b))
		return IMS_LIKENESS_SAME;
	return worse(has_all(a, b), has_all(b, a));
}

enum ims_likeness ims_security_compare(const struct ims_security_list *server,
				       const struct ims_sip_mechanisms *verify)
{
	enum ims_likeness likeness = IMS_LIKENESS_SAME;

	if (server->n != verify->n)
		return IMS_LIKENESS_DIFFER;
	for (size_t i = 0; i < server->n; i++)
		likeness = worse(likeness,
				 ims_mechanism_compare(server->at[i],
						       verify->at[i].text));
	return likeness;
}

static char *parameter_text(const struct ims_parameter *parameter)
{
	struct ims_slice name = ims_shown(parameter->name);
	struct ims_slice value = ims_shown(parameter->value);

	return g_strdup_printf("%.*s%s%.*s", IMS_SLICE_ARG(name),
			       ims_slice_is_set(value) ? "=" : "",
			       IMS_SLICE_ARG(value));
}

static void add_difference(GPtrArray *list, const struct ims_parameter *sent,
			   const struct ims_parameter *verified)
{
	char *was = sent ? parameter_text(sent) : NULL;
	char *is = verified ? parameter_text(verified) : NULL;

	g_ptr_array_add(list, !was  ? g_strdup_printf("%s was added", is)
			      : !is ? g_strdup_printf("%s was left out", was)
				    : g_strdup_printf("%s became %s", was, is));
	g_free(was);
	g_free(is);
}

static void compare_parameters(GPtrArray *list, struct ims_slice sent,
			       struct ims_slice verified)
{
	struct ims_parameter mine;
	struct ims_parameter yours;
	struct ims_slice rest = sent;

	while (ims_parameter_next(&rest, &mine))
		if (mine.name.len == 0)
			continue;
		else if (!ims_parameter_find(&yours, verified, mine.name))
			add_difference(list, &mine, NULL);
		else if (!ims_slice_equal_nocase(mine.value, yours.value))
			add_difference(list, &mine, &yours);
	rest = verified;
	while (ims_parameter_next(&rest, &mine))
		if (mine.name.len &&
		    !ims_parameter_find(&yours, sent, mine.name))
			add_difference(list, NULL, &mine);
}

GPtrArray *ims_security_differences(const struct ims_security_list *server,
				    const struct ims_sip_mechanisms *verify)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	if (server->n != verify->n)
		g_ptr_array_add(list,
				g_strdup_printf("%zu mechanisms became %zu",
						server->n, verify->n));
	for (size_t i = 0; i < server->n && i < verify->n; i++)
		compare_parameters(list, server->at[i], verify->at[i].text);
	return list;
}

bool ims_message_is_whole(const struct ims_facts *facts)
{
	const struct ims_sip_facts *sip = ims_sip(facts);

	return sip && !facts->cut &&
	       !(sip->flaws & (IMS_SIP_FLAW_NO_END | IMS_SIP_FLAW_LISTS_CUT));
}

const struct ims_hop *ims_ue_leg(const struct ims_journey *journey)
{
	const struct ims_hop *hop = ims_journey_first(journey);

	if (!hop || hop->depth != 1 ||
	    (hop->from.role != IMS_ROLE_UE &&
	     hop->from.role != IMS_ROLE_UNKNOWN))
		return NULL;
	return hop;
}

const struct ims_facts *ims_ue_request(const struct ims_journey *journey)
{
	const struct ims_hop *hop = ims_ue_leg(journey);

	return hop && ims_message_is_whole(hop->request) ? hop->request : NULL;
}

static bool take_list(struct ims_security_list *list,
		      const struct ims_facts *message)
{
	const struct ims_sip_mechanisms *from = &message->sip->security_server;

	list->n = 0;
	list->message = message;
	for (size_t i = 0; i < from->n && i < IMS_SIP_MAX_MECHANISMS; i++)
		list->at[list->n++] = from->at[i].text;
	return list->n > 0 && ims_message_is_whole(message);
}

static bool take_binding(struct ims_security_list *list,
			 const struct ims_binding *binding)
{
	list->n = 0;
	list->message = NULL;
	if (!binding || !binding->security_server)
		return false;
	for (const char *const *text = binding->security_server;
	     *text && list->n < IMS_SIP_MAX_MECHANISMS; text++)
		list->at[list->n++] = ims_slice_of(*text);
	return list->n > 0;
}

/* The credentials that it repeats answer the challenge which made the agreement
   that stands: else there was another since, which the capture lacks. */
static bool is_still_that(const struct ims_binding *binding,
			  const struct ims_sip_auth *credentials)
{
	return !binding || !binding->security_nonce ||
	       ims_slice_is_empty(credentials->nonce) ||
	       ims_slice_equal(credentials->nonce,
			       ims_slice_of(binding->security_nonce));
}

static unsigned place_of(const struct ims_attempt *attempt,
			 const struct ims_journey *journey)
{
	unsigned i = 0;

	while (i < attempt->n_journeys && attempt->journeys[i] != journey)
		i++;
	return i;
}

/* The last answer before it, on the UE's leg, that has a Security-Server
   and, unless absent, that nonce. */
static const struct ims_facts *answer_before(const struct ims_attempt *attempt,
					     unsigned place,
					     struct ims_slice nonce)
{
	for (unsigned i = place; i-- > 0;) {
		const struct ims_hop *hop = ims_ue_leg(attempt->journeys[i]);
		const struct ims_facts *final = hop ? hop->final : NULL;

		if (!final)
			continue;
		if (ims_slice_is_set(nonce)
			    ? ims_slice_equal(final->sip->challenge->nonce,
					      nonce)
			    : final->sip->security_server.n > 0)
			return final;
	}
	return NULL;
}

/*
 * Credentials answer a challenge. Where that challenge is not of this attempt
 * they are those of the registration before, or the capture lost it: a new
 * challenge tells which (TS 24.229 5.1.1.4.1 repeats the old credentials).
 */
static bool list_of_attempt(struct ims_security_list *list,
			    const struct ims_attempt *attempt,
			    const struct ims_journey *journey,
			    const struct ims_sip_facts *request)
{
	const struct ims_sip_auth *credentials = request->authorization;
	bool answers = !ims_slice_is_empty(credentials->response) ||
		       ims_slice_is_set(credentials->auts);
	unsigned place = place_of(attempt, journey);
	const struct ims_hop *leg = ims_ue_leg(journey);
	const struct ims_facts *answer = answer_before(
		attempt, place,
		answers ? credentials->nonce : ims_slice_of(NULL));

	if (answer)
		return take_list(list, answer);
	if (place > 0)
		return false;
	if (answers && !(leg && leg->final && leg->final->sip->status == 401))
		return false;
	return is_still_that(attempt->before, credentials) &&
	       take_binding(list, attempt->before);
}

/* What stands for the sender, and stood when the request was made. */
static const struct ims_binding *binding_then(const struct ims_check *check,
					      const struct ims_facts *request,
					      const struct ims_journey *journey)
{
	const struct ims_binding *b = check->binding;

	if (!b || b->since_ns > journey->first_ns ||
	    !ims_address_equal(&b->ue.address, &request->source.address) ||
	    !ims_address_equal(&b->pcscf.address,
			       &request->destination.address))
		return NULL;
	return b;
}

bool ims_security_server_for(struct ims_security_list *list,
			     const struct ims_check *check,
			     const struct ims_journey *journey)
{
	const struct ims_facts *request = ims_ue_request(journey);
	const struct ims_binding *binding;

	if (!request)
		return false;
	if (check->attempt)
		return list_of_attempt(list, check->attempt, journey,
				       request->sip);
	binding = binding_then(check, request, journey);
	/* Behind one address there may be other UEs: by the ports. */
	if (!binding || (request->destination.port != binding->pcscf_port_s &&
			 request->destination.port != binding->pcscf_port_c))
		return false;
	return take_binding(list, binding);
}

static const struct ims_sip_mechanism *with_ports(
	const struct ims_sip_mechanisms *mechanisms)
{
	for (size_t i = 0; i < mechanisms->n; i++)
		if (mechanisms->at[i].has_port_c &&
		    mechanisms->at[i].has_port_s)
			return &mechanisms->at[i];
	return NULL;
}

static void add_ports(struct ims_agreed *agreed, const struct ims_ports *ports)
{
	if (agreed->n < IMS_MAX_PORTS)
		agreed->ports[agreed->n++] = *ports;
}

static void add_binding(struct ims_agreed *agreed,
			const struct ims_binding *binding)
{
	struct ims_ports ports = {binding->ue_port_c, binding->ue_port_s,
				  binding->pcscf_port_c, binding->pcscf_port_s,
				  binding->since_ns};

	if (ports.ue_c || ports.pcscf_s)
		add_ports(agreed, &ports);
}

/* The offer on that leg, or where it is not captured the next one, which
   repeats it. */
static const struct ims_sip_mechanism *offer_at(
	const struct ims_attempt *attempt, unsigned place)
{
	for (unsigned i = place; i < attempt->n_journeys && i <= place + 1;
	     i++) {
		const struct ims_hop *leg = ims_ue_leg(attempt->journeys[i]);
		const struct ims_sip_facts *sip =
			leg ? ims_sip(leg->request) : NULL;

		if (sip && with_ports(&sip->security_client))
			return with_ports(&sip->security_client);
	}
	return NULL;
}

/* The latest rounds count: a hostile attempt may have more than are kept. */
static void add_rounds(struct ims_agreed *agreed,
		       const struct ims_attempt *attempt)
{
	for (unsigned i = attempt->n_journeys; i-- > 0;) {
		const struct ims_hop *leg = ims_ue_leg(attempt->journeys[i]);
		const struct ims_facts *final = leg ? leg->final : NULL;
		const struct ims_sip_mechanism *server =
			final ? with_ports(&final->sip->security_server) : NULL;
		const struct ims_sip_mechanism *client = offer_at(attempt, i);
		struct ims_ports ports;

		if (!server || !client)
			continue;
		ports = (struct ims_ports){client->port_c, client->port_s,
					   server->port_c, server->port_s,
					   final->time_ns};
		add_ports(agreed, &ports);
	}
}

static void read_binding_at(struct ims_agreed *agreed,
			    const struct ims_check *check,
			    const struct ims_hop *hop)
{
	const struct ims_address *from = &hop->from.endpoint.address;
	const struct ims_address *to = &hop->to.endpoint.address;
	const struct ims_binding *b = ims_binding_at(check, from);

	agreed->ue_asks = true;
	if (!b || !ims_address_equal(&b->pcscf.address, to)) {
		b = ims_binding_at(check, to);
		agreed->ue_asks = false;
		if (!b || !ims_address_equal(&b->pcscf.address, from))
			return;
	}
	if (b->since_ns <= hop->first_ns)
		add_binding(agreed, b);
}

bool ims_agreed_read(struct ims_agreed *agreed, const struct ims_check *check,
		     const struct ims_hop *hop)
{
	const struct ims_attempt *attempt = check->attempt;

	agreed->n = 0;
	agreed->ue_asks = false;
	if (!attempt) {
		read_binding_at(agreed, check, hop);
		return agreed->n > 0;
	}
	if (hop->depth != 1 || attempt->kind == IMS_KIND_THIRD_PARTY)
		return false;
	agreed->ue_asks = true;
	if (attempt->before)
		add_binding(agreed, attempt->before);
	add_rounds(agreed, attempt);
	return agreed->n > 0;
}

static unsigned use_of(uint16_t port, uint16_t client, uint16_t server)
{
	/* Protected ports are none of SIP's own (TS 33.203 7.1). */
	if (port == 0 || port == 5060 || port == 5061)
		return 0;
	return (port == client ? IMS_PORT_CLIENT : 0u) |
	       (port == server ? IMS_PORT_SERVER : 0u);
}

void ims_port_uses_read(struct ims_port_uses *uses,
			const struct ims_agreed *agreed,
			const struct ims_facts *message)
{
	bool from_ue = message->sip->is_request == agreed->ue_asks;

	uses->ue = 0;
	uses->pcscf = 0;
	uses->ue_port =
		from_ue ? message->source.port : message->destination.port;
	uses->pcscf_port =
		from_ue ? message->destination.port : message->source.port;
	for (unsigned i = 0; i < agreed->n; i++) {
		const struct ims_ports *ports = &agreed->ports[i];

		if (message->time_ns < ports->since_ns)
			continue;
		uses->ue |= use_of(uses->ue_port, ports->ue_c, ports->ue_s);
		uses->pcscf |= use_of(uses->pcscf_port, ports->pcscf_c,
				      ports->pcscf_s);
	}
}
