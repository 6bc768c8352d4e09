/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Bytes that grow at the end: what a guest has sent, or what it is to receive.
 */
#ifndef DRYDOCK_SIM_DEVICES_BYTE_BUFFER_H
#define DRYDOCK_SIM_DEVICES_BYTE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"

/** Most bytes of one buffer: several times the longest report a kernel prints. */
#define SIM_BYTE_BUFFER_MAX ((size_t)256 << 20)

/** All zero: empty. */
struct sim_byte_buffer {
    uint8_t *bytes; /**< one more than size is allocated, and it is 0 */
    size_t size;
    size_t capacity;
};

/** Append bytes. Returns 0, or -1 without memory or beyond SIM_BYTE_BUFFER_MAX; all or none. */
SIM_MUST_CHECK int sim_byte_buffer_append(struct sim_byte_buffer *to, const void *bytes,
                                          size_t size);

/** Free the memory; the buffer is empty. */
void sim_byte_buffer_free(struct sim_byte_buffer *buffer);

#endif
