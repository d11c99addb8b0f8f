// SPDX-License-Identifier: GPL-2.0-or-later
#include "stamp.h"

#include <stdio.h>
#include <time.h>

#define NS_PER_S 1000000000

const char *ims_stamp(char out[IMS_STAMP_TEXT], int64_t time_ns)
{
	int64_t seconds = time_ns / NS_PER_S;
	int64_t ns = time_ns % NS_PER_S;
	struct tm tm = {0};
	time_t t;
	size_t n;

	if (ns < 0) {
		seconds--;
		ns += NS_PER_S;
	}
	t = (time_t)seconds;
	gmtime_r(&t, &tm);
	n = strftime(out, IMS_STAMP_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, IMS_STAMP_TEXT - n, ".%09uZ", (unsigned)ns);
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
