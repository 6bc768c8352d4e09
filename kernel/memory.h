/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Bytes in memory: the four functions of <string.h> that freestanding compilers need,
 * as the C standard describes them.
 */
#ifndef DRYDOCK_KERNEL_MEMORY_H
#define DRYDOCK_KERNEL_MEMORY_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);
int memcmp(const void *a, const void *b, size_t count);

#endif
