// SPDX-License-Identifier: GPL-2.0-or-later
#include "times.h"

#include <glib.h>

#define NS_PER_S    INT64_C(1000000000)
#define MAX_SECONDS (INT64_MAX / NS_PER_S - 1)
#define MAX_YEAR    2261 /* the last whole one in 63 bits of nanoseconds */

/* Reads ".5" as 500000000: at most nine digits, at least one. */
static bool read_fraction(const char **at, int64_t *ns)
{
	int64_t unit = NS_PER_S / 10;
	const char *p = *at + 1;

	*ns = 0;
	if (!g_ascii_isdigit(*p))
		return false;
	for (; g_ascii_isdigit(*p); p++, unit /= 10) {
		if (unit == 0)
			return false;
		*ns += (*p - '0') * unit;
	}
	*at = p;
	return true;
}

bool ims_seconds_parse(int64_t *ns, const char *text)
{
	bool is_negative = *text == '-';
	const char *p = text + (*text == '-' || *text == '+');
	int64_t seconds = 0, fraction = 0;

	if (!g_ascii_isdigit(*p))
		return false;
	for (; g_ascii_isdigit(*p); p++) {
		seconds = seconds * 10 + (*p - '0');
		if (seconds > MAX_SECONDS)
			return false;
	}
	if (*p == '.' && !read_fraction(&p, &fraction))
		return false;
	if (*p != '\0')
		return false;
	*ns = seconds * NS_PER_S + fraction;
	if (is_negative)
		*ns = -*ns;
	return true;
}

/* Reads exactly `n` digits and then `end`; '\0' as `end`: nothing. */
static bool read_field(const char **at, int n, char end, int *value)
{
	const char *p = *at;

	*value = 0;
	for (int i = 0; i < n; i++, p++) {
		if (!g_ascii_isdigit(*p))
			return false;
		*value = *value * 10 + (*p - '0');
	}
	if (end && *p++ != end)
		return false;
	*at = p;
	return true;
}

/* "Z", "+02:00" or "-05:30", in seconds east of UTC. */
static bool read_zone(const char **at, int *seconds)
{
	int sign = **at == '-' ? -1 : 1;
	int hours, minutes;

	*seconds = 0;
	if (**at == 'Z' || **at == 'z') {
		(*at)++;
		return true;
	}
	if (**at != '+' && **at != '-')
		return false;
	(*at)++;
	if (!read_field(at, 2, ':', &hours) ||
	    !read_field(at, 2, '\0', &minutes) || hours > 23 || minutes > 59)
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

struct date {
	int year, month, day, hour, minute, second;
};

static bool read_date(const char **at, struct date *d)
{
	if (!read_field(at, 4, '-', &d->year) ||
	    !read_field(at, 2, '-', &d->month) ||
	    !read_field(at, 2, '\0', &d->day))
		return false;
	if (!**at || !strchr("Tt ", **at))
		return false;
	(*at)++;
	return read_field(at, 2, ':', &d->hour) &&
	       read_field(at, 2, ':', &d->minute) &&
	       read_field(at, 2, '\0', &d->second);
}

static bool is_date(const struct date *d)
{
	return d->year >= 1970 && d->year <= MAX_YEAR && d->month >= 1 &&
	       d->month <= 12 && d->day >= 1 &&
	       g_date_valid_dmy((GDateDay)d->day, (GDateMonth)d->month,
				(GDateYear)d->year) &&
	       d->hour <= 23 && d->minute <= 59 && d->second <= 60;
}

/* Days since 1970-01-01; g_date_get_julian counts from 0001-01-01. */
static int64_t days_of(const struct date *d)
{
	const int64_t julian_1970 = 719163;
	GDate date;

	g_date_set_dmy(&date, (GDateDay)d->day, (GDateMonth)d->month,
		       (GDateYear)d->year);
	return (int64_t)g_date_get_julian(&date) - julian_1970;
}

bool ims_rfc3339_parse(int64_t *ns, const char *text)
{
	const char *p = text;
	int64_t fraction = 0, seconds;
	struct date d;
	int zone;

	if (!read_date(&p, &d) || !is_date(&d))
		return false;
	if (*p == '.' && !read_fraction(&p, &fraction))
		return false;
	if (!read_zone(&p, &zone) || *p != '\0')
		return false;
	seconds = days_of(&d) * 86400 + d.hour * 3600 + d.minute * 60 +
		  d.second - zone;
	*ns = seconds * NS_PER_S + fraction;
	return true;
}

bool ims_moment_parse(struct ims_moment *moment, const char *text)
{
	if (g_ascii_isdigit(*text) && ims_seconds_parse(&moment->ns, text)) {
		moment->is_relative = true;
		return true;
	}
	moment->is_relative = false;
	return ims_rfc3339_parse(&moment->ns, text);
}

int64_t ims_moment_time(const struct ims_moment *moment, int64_t first_ns)
{
	if (!moment->is_relative)
		return moment->ns;
	if (first_ns > INT64_MAX - moment->ns)
		return INT64_MAX;
	return first_ns + moment->ns;
}
