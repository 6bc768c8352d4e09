/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers in a text that is not terminated, so not for strtoull(). Mail programs turn
 * blanks at the beginning of a line into no-break spaces, two bytes in UTF-8.
 */
#include "sim/pci/text/text_number.h"

#include <ctype.h>

static unsigned int digit_value(char character)
{
    int digit = tolower((unsigned char)character);

    return (unsigned int)(isdigit(digit) ? digit - '0' : digit - 'a' + 10);
}

static bool is_digit(const char *at, const char *end, unsigned int radix)
{
    return at < end && (radix == 16 ? isxdigit((unsigned char)*at) : isdigit((unsigned char)*at));
}

bool sim_text_number_read(const char **at, const char *end, unsigned int radix, uint64_t *number)
{
    const char *digit = *at;
    uint64_t value = 0;

    while (is_digit(digit, end, radix)) {
        if (value > (UINT64_MAX - 15) / radix) {
            return false;
        }
        value = value * radix + digit_value(*digit++);
    }
    if (digit == *at) {
        return false;
    }
    *at = digit;
    *number = value;
    return true;
}

bool sim_text_number_read_milli(const char **at, const char *end, uint64_t *number)
{
    const char *digit = *at;
    uint64_t value = 0;
    unsigned int scale = 1000;

    if (!sim_text_number_read(&digit, end, 10, &value) || value > UINT64_MAX / 2000) {
        return false;
    }
    value *= scale;
    if (end - digit >= 2 && digit[0] == '.' && isdigit((unsigned char)digit[1])) {
        for (digit++; is_digit(digit, end, 10); digit++) {
            scale /= 10;
            value += (uint64_t)scale * digit_value(*digit);
        }
    }
    *at = digit;
    *number = value;
    return true;
}
