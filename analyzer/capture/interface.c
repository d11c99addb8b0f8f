// SPDX-License-Identifier: GPL-2.0-or-later
#include "interface.h"

#include <glib.h>

#include "octets.h"

/* draft-ietf-opsawg-pcapng 4.2 */
#define OPTION_TSRESOL	9
#define OPTION_TSOFFSET 14

#define NS_PER_S 1000000000

bool ims_options_next(struct ims_options *options, struct ims_option *option)
{
	size_t padded;

	if (options->n < 4)
		return false;
	option->code = ims_load16(options->at, options->big);
	option->n = ims_load16(options->at + 2, options->big);
	option->value = options->at + 4;
	padded = 4 + ((size_t)option->n + 3) / 4 * 4;
	if (option->code == 0 || padded > options->n)
		return false;
	options->at += padded;
	options->n -= padded;
	return true;
}

static uint64_t power_of_ten(unsigned exponent)
{
	uint64_t power = 1;

	while (exponent--)
		power *= 10;
	return power;
}

void ims_interface_read_options(struct ims_interface *interface,
				struct ims_options options)
{
	struct ims_option option;

	while (ims_options_next(&options, &option)) {
		if (option.code == OPTION_TSRESOL && option.n >= 1)
			interface->resolution = option.value[0];
		if (option.code == OPTION_TSOFFSET && option.n >= 8)
			interface->offset_s =
				(int64_t)ims_load64(option.value, options.big);
	}
	/* Of a power of two, which has the upper bit, none is. */
	if (interface->resolution <= 9)
		interface->tick_ns = power_of_ten(9u - interface->resolution);
}

static int64_t saturated(uint64_t ns)
{
	return ns > INT64_MAX ? INT64_MAX : (int64_t)ns;
}

static int64_t whole_time(uint64_t ticks, uint64_t tick_ns)
{
	uint64_t ns;

	if (__builtin_mul_overflow(ticks, tick_ns, &ns))
		return INT64_MAX;
	return saturated(ns);
}

/* Of ticks that are finer than a nanosecond. */
static int64_t decimal_time(uint64_t ticks, unsigned exponent)
{
	if (exponent > 9 + 19) /* 64 bits of these are no nanosecond */
		return 0;
	return saturated(ticks / power_of_ten(exponent - 9));
}

static int64_t binary_time(uint64_t ticks, unsigned exponent)
{
	uint64_t seconds = exponent < 64 ? ticks >> exponent : 0;
	uint64_t ns;

	if (exponent < 64)
		ticks -= seconds << exponent;
	/* a fraction of 2^-32 s is finer than a nanosecond */
	if (exponent > 32) {
		ticks = exponent - 32 < 64 ? ticks >> (exponent - 32) : 0;
		exponent = 32;
	}
	if (__builtin_mul_overflow(seconds, (uint64_t)NS_PER_S, &ns))
		return INT64_MAX;
	return ims_time_add(saturated(ns),
			    (int64_t)(ticks * NS_PER_S >> exponent));
}

static int64_t odd_time(uint8_t resolution, uint64_t ticks)
{
	unsigned exponent = resolution & 0x7f;

	return resolution & 0x80 ? binary_time(ticks, exponent)
				 : decimal_time(ticks, exponent);
}

int64_t ims_interface_time(const struct ims_interface *interface,
			   uint64_t ticks)
{
	int64_t offset;
	int64_t time;

	time = interface->tick_ns ? whole_time(ticks, interface->tick_ns)
				  : odd_time(interface->resolution, ticks);
	if (__builtin_mul_overflow(interface->offset_s, (int64_t)NS_PER_S,
				   &offset))
		offset = interface->offset_s < 0 ? INT64_MIN : INT64_MAX;
	return ims_time_add(time, offset);
}

static uint64_t lost(const struct ims_interface *interface)
{
	return MAX(interface->drops_by_packet, interface->drops_in_sum);
}

uint64_t ims_interface_lost(struct ims_interface *interface, uint64_t n)
{
	uint64_t before = lost(interface);

	interface->drops_by_packet += n;
	return lost(interface) - before;
}

uint64_t ims_interface_lost_in_sum(struct ims_interface *interface,
				   uint64_t sum)
{
	uint64_t before = lost(interface);

	interface->drops_in_sum = MAX(interface->drops_in_sum, sum);
	return lost(interface) - before;
}
