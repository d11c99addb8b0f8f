// SPDX-License-Identifier: GPL-2.0-or-later
#include "cells.h"

#include <inttypes.h>
#include <time.h>

#include "text.h"

#define NS_PER_MS 1000000
#define MS_PER_S  1000

char *ims_cell_ms(int64_t duration_ns)
{
	if (duration_ns < 0)
		return NULL;
	return g_strdup_printf("%.3f", (double)duration_ns / NS_PER_MS);
}

char *ims_cell_number(uint64_t number)
{
	return number ? g_strdup_printf("%" PRIu64, number) : NULL;
}

/* "2024-05-01 10:11:12.001": in order of text it is in order of time. */
static char *cell_time(int64_t time_ns)
{
	int64_t ms = time_ns / NS_PER_MS - (time_ns % NS_PER_MS < 0);
	int64_t rest = ms % MS_PER_S;
	struct tm tm = {0};
	char text[40];
	time_t seconds;

	if (rest < 0)
		rest += MS_PER_S;
	seconds = (time_t)((ms - rest) / MS_PER_S);
	gmtime_r(&seconds, &tm);
	if (strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm) == 0)
		return NULL;
	return g_strdup_printf("%s.%03d", text, (int)rest);
}

static char *cell_endpoint(const struct ims_endpoint *endpoint)
{
	char text[IMS_ENDPOINT_TEXT];

	if (endpoint->address.family == 0)
		return NULL;
	return g_strdup(ims_endpoint_format(text, endpoint));
}

char *ims_registration_cell(const struct ims_registration *r,
			    enum ims_registration_cell cell)
{
	switch (cell) {
	case IMS_REGISTRATION_ID:
		return ims_cell_number(r->id);
	case IMS_REGISTRATION_START:
		return cell_time(r->start_ns);
	case IMS_REGISTRATION_KIND:
		return g_strdup(ims_kind_name(r->kind));
	case IMS_REGISTRATION_OUTCOME:
		return g_strdup(ims_outcome_name(r->outcome));
	case IMS_REGISTRATION_CAUSE:
		return g_strdup(r->cause ? r->cause->slug : NULL);
	case IMS_REGISTRATION_STATUS:
		return ims_cell_number(r->status);
	case IMS_REGISTRATION_DURATION:
		return ims_cell_ms(r->end_ns - r->start_ns);
	case IMS_REGISTRATION_FRAME:
		return r->n_steps ? ims_cell_number(r->steps[0].frame.number)
				  : NULL;
	case IMS_REGISTRATION_UE:
		return cell_endpoint(&r->ue);
	case IMS_REGISTRATION_IMPI:
		return ims_text(r->impi);
	case IMS_REGISTRATION_IMPU:
		return ims_text(r->impu);
	case IMS_REGISTRATION_SCSCF:
		return ims_text(r->scscf);
	default:
		return NULL;
	}
}

char *ims_finding_cell(const struct ims_finding *f, enum ims_finding_cell cell)
{
	switch (cell) {
	case IMS_FINDING_ID:
		return ims_cell_number(f->id);
	case IMS_FINDING_SEVERITY:
		return g_strdup(ims_severity_name(f->severity));
	case IMS_FINDING_RULE:
		return g_strdup(f->rule->slug);
	case IMS_FINDING_CONFIDENCE:
		return g_strdup(ims_confidence_name(f->confidence));
	case IMS_FINDING_REGISTRATION:
		return ims_cell_number(f->registration);
	case IMS_FINDING_FRAME:
		return f->n_evidence
			       ? ims_cell_number(f->evidence[0].frame.number)
			       : NULL;
	case IMS_FINDING_IDENTITY:
		return ims_text(ims_slice_is_empty(f->impi) ? f->impu
							    : f->impi);
	case IMS_FINDING_SUMMARY:
		return ims_text(f->summary);
	default:
		return NULL;
	}
}
