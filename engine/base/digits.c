// SPDX-License-Identifier: GPL-2.0-or-later
#include <ims/digits.h>

#include <string.h>

static const char pairs[] = "00010203040506070809"
			    "10111213141516171819"
			    "20212223242526272829"
			    "30313233343536373839"
			    "40414243444546474849"
			    "50515253545556575859"
			    "60616263646566676869"
			    "70717273747576777879"
			    "80818283848586878889"
			    "90919293949596979899";

static unsigned count(uint64_t value)
{
	unsigned n = 1;

	for (; value >= 1000; value /= 1000)
		n += 3;
	return n + (value >= 10) + (value >= 100);
}

char *ims_digits(char out[IMS_DIGITS_MAX], uint64_t value)
{
	char *end;
	char *at;

	if (value < 10) {
		*out = (char)('0' + value);
		return out + 1;
	}
	end = out + count(value);
	at = end;
	for (; value >= 100; value /= 100) {
		at -= 2;
		memcpy(at, pairs + 2 * (value % 100), 2);
	}
	if (value >= 10)
		memcpy(out, pairs + 2 * value, 2);
	else
		*out = (char)('0' + value);
	return end;
}

char *ims_digits_fixed(char *out, uint32_t value, unsigned n)
{
	char *end = out + n;

	for (; n >= 2; n -= 2, value /= 100)
		memcpy(out + n - 2, pairs + 2 * (value % 100), 2);
	if (n)
		*out = (char)('0' + value % 10);
	return end;
}
