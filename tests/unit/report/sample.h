/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up registrations and findings, and a report of them as a string. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "report.h"

#define SECOND INT64_C(1000000000)
/* 2024-05-01T10:00:00Z */
#define START (INT64_C(1714557600) * SECOND)

/* A byte order override, ESC and bytes that are no UTF-8. */
#define HOSTILE "a\x1b[2Jb\xe2\x80\xae\xff\xc3"

static const char *const specs[] = {"TS 29.228 6.1.1.1", "TS 29.229 6.2", NULL};

static const struct ims_fact_key keys[] = {
	{"realm", IMS_FACT_STRING, "Destination-Realm"},
	{"code", IMS_FACT_INTEGER, "the result"},
	{"tags", IMS_FACT_STRINGS, "option tags"},
	{"at", IMS_FACT_FRAME, "where"},
	{"ratio", IMS_FACT_NUMBER, "a number"},
	{"again", IMS_FACT_BOOLEAN, "seen again"},
	{NULL, IMS_FACT_STRING, NULL},
};

static const struct ims_rule unknown_user = {
	.slug = "cx_user_unknown",
	.family = "Cx",
	.title = "The HSS does not know the identity",
	.specs = specs,
	.facts = keys,
	.severity = IMS_SEVERITY_ERROR,
	.scope = IMS_SCOPE_EXCHANGE,
};

IMS_UNUSED static const struct ims_rule path_missing = {
	.slug = "path_missing",
	.family = "Registration",
	.title = "No Path upstream of the P-CSCF",
	.severity = IMS_SEVERITY_WARNING,
	.scope = IMS_SCOPE_REGISTRATION,
};

IMS_UNUSED static const struct ims_signature kamailio = {
	.name = "kamailio-unknown",
	.product = "Kamailio",
	.component = "ims_icscf",
	.says = "It says so.",
	.source = "its source",
};

static inline struct ims_endpoint endpoint(const char *address, uint16_t port)
{
	struct ims_endpoint e = {.port = port};

	assert_true(ims_address_parse(&e.address, ims_slice_of(address)));
	return e;
}

static inline struct ims_registration registered(uint64_t id, const char *impu)
{
	return (struct ims_registration){
		.id = id,
		.ims = true,
		.kind = IMS_KIND_INITIAL,
		.outcome = IMS_OUTCOME_REGISTERED,
		.status = 200,
		.reason = ims_slice_of("OK"),
		.impi = ims_slice_of("alice@ims.example"),
		.impu = ims_slice_of(impu),
		.call_id = ims_slice_of("c1"),
		.ue = endpoint("10.0.0.1", 5060),
		.scscf = ims_slice_of("sip:scscf.ims.example:6060"),
		.expires = 600,
		.start_ns = START,
		.end_ns = START + 142 * SECOND / 1000,
		.legs = 1u << IMS_LEG_GM | 1u << IMS_LEG_CX,
	};
}

static inline struct ims_registration rejected(uint64_t id, const char *impu)
{
	struct ims_registration r = registered(id, impu);

	r.outcome = IMS_OUTCOME_REJECTED;
	r.cause = &unknown_user;
	r.status = 403;
	r.reason = ims_slice_of("Forbidden");
	r.scscf = (struct ims_slice){0};
	r.expires = -1;
	return r;
}

static const struct ims_evidence uaa_evidence[] = {
	{
		.frame = {0, 7},
		.time_ns = START + 7,
		.saying = {"UE 10.0.0.1: REGISTER", 21},
	},
	{
		.frame = {0, 12},
		.time_ns = START + 12,
		.saying = {"HSS 10.0.0.9: UAA 10415/5001", 28},
	},
};

static inline struct ims_finding cause_of(uint64_t id,
					  const struct ims_registration *r)
{
	return (struct ims_finding){
		.id = id,
		.rule = &unknown_user,
		.severity = IMS_SEVERITY_ERROR,
		.confidence = IMS_CONFIDENCE_CERTAIN,
		.registration = r->id,
		.is_cause = true,
		.impi = r->impi,
		.impu = r->impu,
		.time_ns = START + 7,
		.evidence = uaa_evidence,
		.n_evidence = 2,
		.summary = ims_slice_of("The HSS does not know alice."),
		.advice = ims_slice_of("Provision the identity."),
	};
}

/* What is called to fill a report, and a report filled so. */
typedef void feed_fn(const struct ims_report_format *format,
		     struct ims_report *report);

IMS_UNUSED static const struct ims_report_options no_limits = {
	.from_ns = INT64_MIN,
	.to_ns = INT64_MAX,
};

/* To be freed. */
static inline char *render(const char *name, feed_fn *feed,
			   const struct ims_report_options *options,
			   const struct ims_summary *summary)
{
	const struct ims_report_format *format = ims_report_format(name);
	struct ims_report_options o = *options;
	struct ims_report *report;
	char *text = NULL;
	size_t len = 0;

	assert_non_null(format);
	o.out = open_memstream(&text, &len);
	assert_non_null(o.out);
	report = format->new (&o);
	feed(format, report);
	assert_true(format->finish(report, summary));
	format->free(report);
	fclose(o.out);
	return text;
}

static inline void add_capture(const struct ims_report_format *format,
			       struct ims_report *report, const char *file)
{
	static const char *const link_types[] = {"EN10MB", "RAW"};
	const struct ims_capture_report capture = {
		.file = file,
		.format = "pcapng",
		.link_types = link_types,
		.n_link_types = 2,
		.packets = 20,
		.bytes = 4000,
		.first_ns = START,
		.last_ns = START + SECOND,
		.sip_messages = 8,
		.diameter_messages = 4,
	};

	if (format->capture)
		format->capture(report, &capture);
}

#endif
