/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signalling in a few words a message, fed to an engine, and what the engine
 * said of it. Nodes are ue, ue2, p, i, s, as, hss, dra and pcrf.
 *
 *   sip(story, 0.1, "ue", "p", "REGISTER 1 call via=u1 auth=NONCE");
 *   sip(story, 0.2, "p", "ue", "401 1 call via=u1 chal=NONCE");
 *   cx(story, 0.3, "i", "hss", "UAR 7 impi=alice impu=alice");
 */
#ifndef STORY_H
#define STORY_H

#include <glib.h>
#include <ims/engine.h>

#include "diameter/maker.h"
#include "unit.h"

#define STORY_DOMAIN "ims.mnc001.mcc001.3gppnetwork.org"
/* 2026-01-01T00:00:00Z: time 0 of a story. */
#define STORY_EPOCH ((int64_t)1767225600 * 1000000000)

struct told_registration {
	uint64_t id;
	bool ims;
	enum ims_kind kind;
	enum ims_outcome outcome;
	char *cause; /* slug */
	unsigned status;
	char *impi;
	char *impu;
	char *call_id;
	char *scscf;
	char *lacking;
	struct ims_endpoint ue;
	int64_t expires;
	int64_t start_ns;
	int64_t end_ns;
	uint32_t legs;
	struct ims_step *steps; /* without their texts' storage */
	char **messages;
	size_t n_steps;
};

struct told_exchange {
	uint64_t id;
	uint64_t registration;
	const char *command;
	uint64_t request;
	uint64_t answer;
	uint32_t code;
	uint32_t n_agents;
	int64_t answer_time_ns;
	char *impi;
};

struct told_finding {
	uint64_t id;
	uint64_t registration;
	const struct ims_rule *rule;
	bool is_cause;
	enum ims_severity severity;
};

struct told_node {
	struct ims_address address;
	uint32_t roles;
};

struct story {
	struct ims_engine *engine;
	uint64_t frame; /* of the event fed last */
	GArray *registrations;
	GArray *exchanges;
	GArray *findings;
	GArray *nodes;
	struct maker maker;
	uint32_t ip_id;
};

#define told(story, i) \
	(&g_array_index((story)->registrations, struct told_registration, i))
#define told_cx(story, i) \
	(&g_array_index((story)->exchanges, struct told_exchange, i))
#define told_finding_at(story, i) \
	(&g_array_index((story)->findings, struct told_finding, i))

static inline char *story_text(struct ims_slice s)
{
	return s.at ? g_strndup(s.at, s.len) : NULL;
}

static inline void story_registration(void *user,
				      const struct ims_registration *r)
{
	struct story *story = user;
	struct told_registration t = {
		.id = r->id,
		.ims = r->ims,
		.kind = r->kind,
		.outcome = r->outcome,
		.cause = r->cause ? g_strdup(r->cause->slug) : NULL,
		.status = r->status,
		.impi = story_text(r->impi),
		.impu = story_text(r->impu),
		.call_id = story_text(r->call_id),
		.scscf = story_text(r->scscf),
		.lacking = story_text(r->lacking),
		.ue = r->ue,
		.expires = r->expires,
		.start_ns = r->start_ns,
		.end_ns = r->end_ns,
		.legs = r->legs,
		.n_steps = r->n_steps,
	};

	t.steps = g_memdup2(r->steps, r->n_steps * sizeof(*r->steps));
	t.messages = g_new0(char *, r->n_steps + 1);
	for (size_t i = 0; i < r->n_steps; i++)
		t.messages[i] = story_text(r->steps[i].message);
	g_array_append_val(story->registrations, t);
}

static inline void story_exchange(void *user, const struct ims_exchange *e)
{
	struct story *story = user;
	struct told_exchange t = {
		.id = e->id,
		.registration = e->registration,
		.command = e->command,
		.request = e->request.number,
		.answer = e->answer.number,
		.code = e->result.code,
		.n_agents = e->n_agents,
		.answer_time_ns = e->answer_time_ns,
		.impi = story_text(e->impi),
	};

	g_array_append_val(story->exchanges, t);
}

static inline void story_finding(void *user, const struct ims_finding *f)
{
	struct story *story = user;
	struct told_finding t = {f->id, f->registration, f->rule, f->is_cause,
				 f->severity};

	g_array_append_val(story->findings, t);
}

static inline void story_node(void *user, const struct ims_node *n)
{
	struct story *story = user;
	struct told_node t = {n->address, n->roles};

	g_array_append_val(story->nodes, t);
}

static inline struct story *story_new(const struct ims_options *options)
{
	struct story *story = g_new0(struct story, 1);
	const struct ims_sink sink = {
		.user = story,
		.registration = story_registration,
		.exchange = story_exchange,
		.finding = story_finding,
		.node = story_node,
	};

	story->registrations =
		g_array_new(FALSE, TRUE, sizeof(struct told_registration));
	story->exchanges =
		g_array_new(FALSE, TRUE, sizeof(struct told_exchange));
	story->findings = g_array_new(FALSE, TRUE, sizeof(struct told_finding));
	story->nodes = g_array_new(FALSE, TRUE, sizeof(struct told_node));
	story->engine = ims_engine_new(options, &sink);
	return story;
}

static inline gint by_id(gconstpointer a, gconstpointer b)
{
	const struct told_registration *x = a;
	const struct told_registration *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* What was told is in order of id then. */
static inline const struct ims_summary *story_end(struct story *story)
{
	ims_engine_finish(story->engine);
	g_array_sort(story->registrations, by_id);
	return ims_engine_summary(story->engine);
}

static inline void story_free(struct story *story)
{
	ims_engine_free(story->engine);
	for (unsigned i = 0; i < story->registrations->len; i++) {
		struct told_registration *t = told(story, i);

		g_free(t->cause);
		g_free(t->impi);
		g_free(t->impu);
		g_free(t->call_id);
		g_free(t->scscf);
		g_free(t->lacking);
		g_free(t->steps);
		g_strfreev(t->messages);
	}
	for (unsigned i = 0; i < story->exchanges->len; i++)
		g_free(told_cx(story, i)->impi);
	g_array_free(story->registrations, TRUE);
	g_array_free(story->exchanges, TRUE);
	g_array_free(story->findings, TRUE);
	g_array_free(story->nodes, TRUE);
	g_free(story);
}

static inline struct ims_endpoint node_at(const char *name)
{
	static const struct {
		const char *name;
		const char *address;
		uint16_t port;
	} nodes[] = {
		{"ue", "10.9.0.1", 5060},   {"ue2", "10.9.0.2", 5060},
		{"p", "10.0.0.1", 5060},    {"i", "10.0.0.2", 5060},
		{"s", "10.0.0.3", 6060},    {"as", "10.0.0.4", 5080},
		{"hss", "10.0.0.9", 3868},  {"dra", "10.0.0.8", 3868},
		{"dra>", "10.0.0.8", 4000}, {"pcrf", "10.0.0.7", 3868},
	};
	struct ims_endpoint at = {0};

	for (size_t i = 0; i < G_N_ELEMENTS(nodes); i++) {
		if (strcmp(nodes[i].name, name) != 0)
			continue;
		assert_true(ims_address_parse(&at.address,
					      ims_slice_of(nodes[i].address)));
		at.port = nodes[i].port;
		return at;
	}
	fail_msg("no node \"%s\"", name);
	return at;
}

static inline struct ims_event story_event(struct story *story,
					   enum ims_event_kind kind,
					   double seconds, const char *from,
					   const char *to)
{
	return (struct ims_event){
		.kind = kind,
		.transport = IMS_TRANSPORT_UDP,
		.frame = {.number = ++story->frame},
		.time_ns = STORY_EPOCH + (int64_t)(seconds * 1e9),
		.source = node_at(from),
		.destination = node_at(to),
		.ip_id = ++story->ip_id,
	};
}

static inline void happen(struct story *story, enum ims_event_kind kind,
			  double seconds, const char *from, const char *to)
{
	struct ims_event event = story_event(story, kind, seconds, from, to);

	event.transport = IMS_TRANSPORT_TCP;
	assert_true(ims_engine_feed(story->engine, &event));
}

/* The word after "key=", to be freed; NULL: none. */
static inline char *word_of(char **words, const char *key)
{
	size_t len = strlen(key);

	for (; *words; words++)
		if (strncmp(*words, key, len) == 0 && (*words)[len] == '=')
			return g_strdup(*words + len + 1);
	return NULL;
}

static inline bool has_word(char **words, const char *word)
{
	return g_strv_contains((const char *const *)words, word);
}

static inline void add_vias(GString *out, char **words)
{
	char *list = word_of(words, "via");
	char **vias = g_strsplit(list ? list : "", "/", -1);

	for (char **via = vias; *via && **via; via++)
		g_string_append_printf(out,
				       "Via: SIP/2.0/UDP %s.example;branch="
				       "z9hG4bK%s\r\n",
				       *via, *via);
	g_strfreev(vias);
	g_free(list);
}

static inline void add_parties(GString *out, char **words)
{
	char *to = word_of(words, "to");
	char *from = word_of(words, "from");
	char *tag = word_of(words, "totag");
	const char *who = to ? to : "alice";

	g_string_append_printf(out, "From: <sip:%s@" STORY_DOMAIN ">;tag=f\r\n",
			       from ? from : who);
	g_string_append_printf(out, "To: <sip:%s@" STORY_DOMAIN ">%s%s\r\n",
			       who, tag ? ";tag=" : "", tag ? tag : "");
	g_free(to);
	g_free(from);
	g_free(tag);
}

static inline void add_header(GString *out, char **words, const char *key,
			      const char *format)
{
	char *value = word_of(words, key);

	for (; value && *format; format++) {
		if (*format == '$')
			g_string_append(out, value);
		else
			g_string_append_c(out, *format);
	}
	g_free(value);
}

static inline GString *sip_text(char **words)
{
	GString *out = g_string_new(NULL);
	bool is_request = !g_ascii_isdigit(words[0][0]);
	char *method = word_of(words, "method");

	if (is_request)
		g_string_append_printf(
			out, "%s sip:" STORY_DOMAIN " SIP/2.0\r\n", words[0]);
	else
		g_string_append_printf(out, "SIP/2.0 %s Why\r\n", words[0]);
	add_vias(out, words);
	add_parties(out, words);
	g_string_append_printf(out, "Call-ID: %s\r\nCSeq: %s %s\r\n", words[2],
			       words[1],
			       is_request ? words[0]
			       : method	  ? method
					  : "REGISTER");
	add_header(out, words, "contact", "Contact: $\r\n");
	if (!has_word(words, "fetch") && !strstr(out->str, "\nContact: "))
		g_string_append(out, "Contact: <sip:alice@10.9.0.1:5060>\r\n");
	add_header(out, words, "expires", "Expires: $\r\n");
	add_header(out, words, "auth",
		   "Authorization: Digest username=\"alice@" STORY_DOMAIN
		   "\", realm=\"" STORY_DOMAIN "\", nonce=\"$\", uri=\"sip:x\","
		   " response=\"00112233445566778899aabbccddeeff\","
		   " algorithm=AKAv1-MD5\r\n");
	add_header(out, words, "chal",
		   "WWW-Authenticate: Digest realm=\"" STORY_DOMAIN
		   "\", nonce=\"$\", algorithm=AKAv1-MD5, qop=\"auth\"\r\n");
	add_header(out, words, "require", "Require: $\r\n");
	add_header(out, words, "unsupported", "Unsupported: $\r\n");
	add_header(out, words, "server", "Security-Server: $\r\n");
	add_header(out, words, "client", "Security-Client: $\r\n");
	add_header(out, words, "verify", "Security-Verify: $\r\n");
	g_string_append(out, "Content-Length: 0\r\n\r\n");
	g_free(method);
	return out;
}

/* "METHOD|STATUS CSEQ CALL-ID [KEY=VALUE...]"; returns the frame. */
static inline uint64_t sip(struct story *story, double seconds,
			   const char *from, const char *to, const char *what)
{
	struct ims_event event =
		story_event(story, IMS_EVENT_SIP, seconds, from, to);
	char **words = g_strsplit(what, " ", -1);
	GString *text = sip_text(words);

	if (has_word(words, "tcp"))
		event.transport = IMS_TRANSPORT_TCP;
	event.bytes = ims_slice(text->str, text->len);
	assert_true(ims_engine_feed(story->engine, &event));
	g_string_free(text, TRUE);
	g_strfreev(words);
	return story->frame;
}

static inline void avp_word(struct maker *m, char **words, const char *key,
			    uint32_t vendor, uint32_t code)
{
	char *value = word_of(words, key);

	if (value)
		maker_text(m, vendor, code, value);
	g_free(value);
}

static inline void avp_number(struct maker *m, char **words, const char *key,
			      uint32_t vendor, uint32_t code)
{
	char *value = word_of(words, key);

	if (value)
		maker_u32(m, vendor, code, (uint32_t)atoi(value));
	g_free(value);
}

static inline void add_address(struct maker *m, char **words)
{
	char *node = word_of(words, "ip");

	if (node)
		maker_avp(m, 0, 8, ims_slice(node_at(node).address.bytes, 4));
	g_free(node);
}

static inline void add_identities(struct maker *m, char **words)
{
	char *impi = word_of(words, "impi");
	char *impu = word_of(words, "impu");
	char text[256];

	if (impi) {
		g_snprintf(text, sizeof(text), "%s@" STORY_DOMAIN, impi);
		maker_text(m, 0, 1, text);
	}
	if (impu) {
		g_snprintf(text, sizeof(text), "sip:%s@" STORY_DOMAIN, impu);
		maker_text(m, 10415, 601, text);
	}
	g_free(impi);
	g_free(impu);
}

static inline void add_results(struct maker *m, char **words)
{
	char *experimental = word_of(words, "exp");
	char *vector = word_of(words, "vector");

	avp_number(m, words, "result", 0, 268);
	if (experimental) {
		maker_open(m, 0, 297);
		maker_u32(m, 0, 266, 10415);
		maker_u32(m, 0, 298, (uint32_t)atoi(experimental));
		maker_close(m);
	}
	if (vector) {
		assert_int_equal(strlen(vector), 32);
		maker_open(m, 10415, 612);
		maker_text(m, 10415, 608, "Digest-AKAv1-MD5");
		maker_text(m, 10415, 609, vector);
		maker_text(m, 10415, 610, "XRESXRES");
		maker_close(m);
	}
	g_free(experimental);
	g_free(vector);
}

static inline uint32_t command_code(const char *name, uint32_t *application)
{
	static const struct {
		const char *name;
		uint32_t code;
		uint32_t application;
	} commands[] = {
		{"UA", 300, 16777216}, {"SA", 301, 16777216},
		{"LI", 302, 16777216}, {"MA", 303, 16777216},
		{"RT", 304, 16777216}, {"PP", 305, 16777216},
		{"AA", 265, 16777236}, {"CE", 257, 0},
		{"DW", 280, 0},	       {"DP", 282, 0},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (strncmp(commands[i].name, name, 2) != 0)
			continue;
		*application = commands[i].application;
		return commands[i].code;
	}
	fail_msg("no command \"%s\"", name);
	return 0;
}

static inline void diameter_bytes(struct maker *m, char **words)
{
	char *end = word_of(words, "e2e");
	char *origin = word_of(words, "origin");
	bool is_request = words[0][2] == 'R';
	uint32_t application;
	uint32_t code = command_code(words[0], &application);

	maker_begin(m,
		    (is_request ? 0xc0u : 0x40u) |
			    (has_word(words, "T") ? 0x10u : 0u),
		    code, application);
	m->len = 12;
	maker_put32(m, (uint32_t)atoi(words[1]));
	maker_put32(m, (uint32_t)atoi(end ? end : words[1]));
	avp_word(m, words, "session", 0, 263);
	maker_text(m, 0, 264,
		   origin	? origin
		   : is_request ? "cscf.example"
				: "hss.example");
	maker_text(m, 0, 296, "example");
	if (is_request)
		maker_text(m, 0, 283, "example");
	avp_word(m, words, "record", 0, 282);
	avp_word(m, words, "call", 50, 494);
	add_identities(m, words);
	avp_word(m, words, "name", 10415, 602);
	avp_number(m, words, "sat", 10415, 614);
	avp_number(m, words, "uat", 10415, 623);
	add_address(m, words);
	add_results(m, words);
	g_free(end);
	g_free(origin);
}

/* "COMMAND HOP-BY-HOP [KEY=VALUE...]"; returns the frame. */
static inline uint64_t cx(struct story *story, double seconds, const char *from,
			  const char *to, const char *what)
{
	struct ims_event event =
		story_event(story, IMS_EVENT_DIAMETER, seconds, from, to);
	char **words = g_strsplit(what, " ", -1);

	event.transport = IMS_TRANSPORT_TCP;
	diameter_bytes(&story->maker, words);
	event.bytes = maker_end(&story->maker);
	assert_true(ims_engine_feed(story->engine, &event));
	g_strfreev(words);
	return story->frame;
}

/* Something unrelated: the capture goes on until then. */
static inline void go_on(struct story *story, double seconds)
{
	cx(story, seconds, "p", "pcrf", "DWR 999999");
	cx(story, seconds, "pcrf", "p", "DWA 999999 result=2001");
	ims_engine_clock(story->engine, STORY_EPOCH + (int64_t)(seconds * 1e9));
}

static inline bool has_finding(const struct story *story, const char *slug)
{
	for (unsigned i = 0; i < story->findings->len; i++)
		if (strcmp(told_finding_at(story, i)->rule->slug, slug) == 0)
			return true;
	return false;
}

#endif
