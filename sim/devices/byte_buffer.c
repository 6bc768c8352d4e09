/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The capacity doubles, so that a guest that prints byte by byte costs linear time. */
#include "sim/devices/byte_buffer.h"

#include <stdlib.h>
#include <string.h>

int sim_byte_buffer_append(struct sim_byte_buffer *to, const void *bytes, size_t size)
{
    if (size > SIM_BYTE_BUFFER_MAX - to->size) {
        return -1;
    }
    if (to->capacity - to->size <= size) {
        size_t capacity = 2 * to->capacity + size + 256;
        uint8_t *grown = realloc(to->bytes, capacity);

        if (grown == NULL) {
            return -1;
        }
        to->bytes = grown;
        to->capacity = capacity;
    }
    if (size > 0) {
        memcpy(to->bytes + to->size, bytes, size);
    }
    to->size += size;
    to->bytes[to->size] = '\0';
    return 0;
}

void sim_byte_buffer_free(struct sim_byte_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct sim_byte_buffer){.bytes = NULL};
}
