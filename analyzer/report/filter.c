// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter.h"

#include <glib.h>
#include <string.h>

#include <ims/glob.h>

static struct ims_slice after(struct ims_slice s, size_t n)
{
	return ims_slice(s.at + n, s.len - n);
}

/* sip:+49301@ims.example;user=phone is also +49301@..., +49301 and 49301. */
static bool match_identity(const char *pattern, struct ims_slice identity)
{
	static const char *const schemes[] = {"sip:", "sips:", "tel:"};
	size_t user;

	if (ims_slice_is_empty(identity))
		return false;
	if (ims_glob(pattern, identity))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
		if (ims_slice_starts_nocase(identity, schemes[i])) {
			identity = after(identity, strlen(schemes[i]));
			break;
		}
	}
	for (user = 0; user < identity.len; user++)
		if (identity.at[user] == '@' || identity.at[user] == ';')
			break;
	if (ims_glob(pattern, identity) ||
	    ims_glob(pattern, ims_slice(identity.at, user)))
		return true;
	return user > 0 && identity.at[0] == '+' &&
	       ims_glob(pattern, ims_slice(identity.at + 1, user - 1));
}

bool ims_filter_subscriber(const char *pattern, struct ims_slice impi,
			   struct ims_slice impu)
{
	return match_identity(pattern, impi) || match_identity(pattern, impu);
}

bool ims_filter_has_failed(const struct ims_registration *r)
{
	return r->outcome != IMS_OUTCOME_REGISTERED &&
	       r->outcome != IMS_OUTCOME_DEREGISTERED;
}

static bool is_subscriber(const struct ims_report_options *o,
			  struct ims_slice impi, struct ims_slice impu)
{
	return !o->subscriber ||
	       ims_filter_subscriber(o->subscriber, impi, impu);
}

bool ims_filter_registration(const struct ims_report_options *o,
			     const struct ims_registration *r)
{
	if (o->only_failed && !ims_filter_has_failed(r))
		return false;
	return r->end_ns >= o->from_ns && r->start_ns <= o->to_ns &&
	       is_subscriber(o, r->impi, r->impu);
}

bool ims_filter_exchange(const struct ims_report_options *o,
			 const struct ims_exchange *e)
{
	return e->request_time_ns >= o->from_ns &&
	       e->request_time_ns <= o->to_ns &&
	       is_subscriber(o, e->impi, e->impu);
}

bool ims_filter_finding(const struct ims_report_options *o,
			const struct ims_finding *f)
{
	return f->severity >= o->severity && f->time_ns >= o->from_ns &&
	       f->time_ns <= o->to_ns && is_subscriber(o, f->impi, f->impu);
}
