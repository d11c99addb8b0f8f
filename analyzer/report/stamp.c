// SPDX-License-Identifier: GPL-2.0-or-later
#include "stamp.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <ims/digits.h>

#define NS_PER_S  1000000000
#define NS_DIGITS 9

static void set_clock(struct ims_stamp_clock *clock, int64_t second)
{
	time_t t = (time_t)second;
	struct tm tm = {0};

	gmtime_r(&t, &tm);
	clock->second = second;
	clock->len = strftime(clock->text, sizeof(clock->text),
			      "%Y-%m-%dT%H:%M:%S.", &tm);
}

size_t ims_stamp_put(char out[IMS_STAMP_TEXT], struct ims_stamp_clock *clock,
		     int64_t time_ns)
{
	int64_t second = time_ns / NS_PER_S;
	int64_t ns = time_ns % NS_PER_S;
	char *end;

	if (ns < 0) {
		second--;
		ns += NS_PER_S;
	}
	if (!clock->len || clock->second != second)
		set_clock(clock, second);
	memcpy(out, clock->text, sizeof(clock->text));
	end = ims_digits_fixed(out + clock->len, (uint32_t)ns, NS_DIGITS);
	*end++ = 'Z';
	return (size_t)(end - out);
}

const char *ims_stamp(char out[IMS_STAMP_TEXT], int64_t time_ns)
{
	struct ims_stamp_clock clock = {0};

	out[ims_stamp_put(out, &clock, time_ns)] = '\0';
	return out;
}

const char *ims_duration(char out[IMS_STAMP_TEXT], int64_t duration_ns)
{
	double seconds = (double)duration_ns / NS_PER_S;
	long long whole = duration_ns / NS_PER_S;

	if (whole >= 100)
		snprintf(out, IMS_STAMP_TEXT, "%lld min %lld s", whole / 60,
			 whole % 60);
	else
		snprintf(out, IMS_STAMP_TEXT, whole >= 10 ? "%.1f s" : "%.3f s",
			 seconds);
	return out;
}
