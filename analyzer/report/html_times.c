// SPDX-License-Identifier: GPL-2.0-or-later
#include "html_times.h"

#include "html_json.h"

#define MS     INT64_C(1000000)
#define SECOND (1000 * MS)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

/* Each divides the next; the last is wide enough for all 64 bits. */
static const int64_t widths_ns[] = {
	100 * MS,    500 * MS,	  SECOND,      5 * SECOND,
	10 * SECOND, 30 * SECOND, MINUTE,      5 * MINUTE,
	10 * MINUTE, 30 * MINUTE, HOUR,	       6 * HOUR,
	24 * HOUR,   240 * HOUR,  2400 * HOUR, 24000 * HOUR,
};

struct interval {
	int64_t index; /* its start is index * width */
	uint64_t counts[IMS_N_OUTCOMES];
};

struct ims_html_times {
	size_t width;
	GArray *intervals; /* by index */
};

struct ims_html_times *ims_html_times_new(void)
{
	struct ims_html_times *times = g_new0(struct ims_html_times, 1);

	times->intervals = g_array_new(FALSE, FALSE, sizeof(struct interval));
	return times;
}

void ims_html_times_free(struct ims_html_times *times)
{
	g_array_free(times->intervals, TRUE);
	g_free(times);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static struct interval *at(const struct ims_html_times *times, guint i)
{
	return &g_array_index(times->intervals, struct interval, i);
}

/* The place of the first that is not before `index`. */
static guint place_of(const struct ims_html_times *times, int64_t index)
{
	guint low = 0, high = times->intervals->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (at(times, middle)->index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct interval *get(struct ims_html_times *times, int64_t index)
{
	guint place = place_of(times, index);
	const struct interval none = {.index = index};

	if (place == times->intervals->len || at(times, place)->index != index)
		g_array_insert_val(times->intervals, place, none);
	return at(times, place);
}

/* From the first to the last, those between them in which nothing was. */
static bool is_too_long(const struct ims_html_times *times)
{
	guint n = times->intervals->len;

	return n > 0 && at(times, n - 1)->index - at(times, 0)->index >=
				IMS_HTML_MAX_INTERVALS;
}

static void widen(struct ims_html_times *times)
{
	int64_t ratio = widths_ns[times->width + 1] / widths_ns[times->width];
	guint n_kept = 0;

	for (guint i = 0; i < times->intervals->len; i++) {
		struct interval *from = at(times, i), *to;

		from->index = floor_div(from->index, ratio);
		if (n_kept && at(times, n_kept - 1)->index == from->index) {
			to = at(times, n_kept - 1);
			for (int o = 0; o < IMS_N_OUTCOMES; o++)
				to->counts[o] += from->counts[o];
		} else {
			*at(times, n_kept++) = *from;
		}
	}
	g_array_set_size(times->intervals, n_kept);
	times->width++;
}

void ims_html_times_add(struct ims_html_times *times, int64_t time_ns,
			enum ims_outcome outcome)
{
	get(times, floor_div(time_ns, widths_ns[times->width]))
		->counts[outcome]++;
	while (is_too_long(times) && times->width + 1 < G_N_ELEMENTS(widths_ns))
		widen(times);
}

/* The earliest times are not a whole interval's start away from the end. */
static int64_t start_of(const struct interval *interval, int64_t width_ns)
{
	return interval->index < INT64_MIN / width_ns
		       ? INT64_MIN
		       : interval->index * width_ns;
}

void ims_html_times_put(const struct ims_html_times *times,
			struct ims_json *out, const char *key)
{
	int64_t width_ns = widths_ns[times->width];

	ims_json_open(out, key, '{');
	ims_html_ms(out, "width", width_ns);
	ims_json_open(out, "intervals", '[');
	for (guint i = 0; i < times->intervals->len; i++) {
		const struct interval *interval = at(times, i);

		ims_json_open(out, NULL, '[');
		ims_html_ms(out, NULL, start_of(interval, width_ns));
		for (int o = 0; o < IMS_N_OUTCOMES; o++)
			ims_json_count(out, NULL, interval->counts[o]);
		ims_json_close(out, ']');
	}
	ims_json_close(out, ']');
	ims_json_close(out, '}');
}
