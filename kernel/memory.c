/* SPDX-License-Identifier: MIT */
/*
 * The four functions compilers call without being asked, for copies and
 * comparisons of structures. Compiled so that the loops below are not
 * themselves turned into calls to these functions (see CMakeLists.txt).
 */
#include "kernel/memory.h"

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    unsigned char *target = to;
    const unsigned char *source = from;

    while (count-- != 0) {
        *target++ = *source++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t count)
{
    unsigned char *target = to;
    const unsigned char *source = from;

    if (target <= source) {
        for (size_t i = 0; i < count; i++) {
            target[i] = source[i];
        }
        return to;
    }
    while (count-- != 0) {
        target[count] = source[count];
    }
    return to;
}

void *memset(void *to, int value, size_t count)
{
    unsigned char *target = to;

    while (count-- != 0) {
        *target++ = (unsigned char)value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t count)
{
    const unsigned char *left = a;
    const unsigned char *right = b;

    for (size_t i = 0; i < count; i++) {
        if (left[i] != right[i]) {
            return left[i] < right[i] ? -1 : 1;
        }
    }
    return 0;
}
