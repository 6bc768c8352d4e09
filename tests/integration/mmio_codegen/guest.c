/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a driver does with registers, written so that a compiler has every reason to
 * merge, split, repeat, reorder or drop accesses if it may. Compiled once for each
 * compiler and level of optimisation; mmio_codegen.c has the list of accesses that
 * must come out.
 *
 * Four pages from `devices` on are registers of 8, 16, 32 and 64 bits.
 */
#include <stddef.h>

#include "drydock/mmio.h"
#include "drydock/mmio_array.h"
#include "drydock/mmio_block.h"

enum {
    ELEMENTS = 4
};

uint64_t exercise(uint64_t scenario, uint64_t devices, uint32_t *buffer);
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *to, int value, size_t size);

/* Compilers call these on their own; volatile, lest they call them from here. */
void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        ((volatile unsigned char *)to)[i] = ((const volatile unsigned char *)from)[i];
    }
    return to;
}

void *memset(void *to, int value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        ((volatile unsigned char *)to)[i] = (unsigned char)value;
    }
    return to;
}

/* The last registers of the last page: at the top of the address space if the pages are. */
#define DEVICE(X, block)                        \
    X(REGISTER, block, rw8, control8, 0x0010)   \
    X(REGISTER, block, rw16, control16, 0x1010) \
    X(REGISTER, block, wo16, doorbell, 0x1F00)  \
    X(REGISTER, block, rw32, control32, 0x2010) \
    X(REGISTER, block, ro32, progress, 0x2080)  \
    X(REGISTER, block, rw64, control64, 0x3010) \
    X(ARRAY, block, rw8, bytes, 0x0FF8, 8, 1)   \
    X(ARRAY, block, rw16, words, 0x1FE0, 4, 8)  \
    X(ARRAY, block, rw32, longs, 0x2FF0, 4, 4)  \
    X(ARRAY, block, rw64, quads, 0x3FE0, 4, 8)
DD_MMIO_BLOCK(device, 0x4000, DEVICE)

enum {
    ENABLE_HI = 0,
    ENABLE_LO = 0,
    MODE_HI = 6,
    MODE_LO = 4,
};

/* The same again, with results that nobody uses. */
static void repeat(struct device device)
{
    DD_MMIO_WRITE(device_control8(device), 0x5A);
    DD_MMIO_WRITE(device_control8(device), 0x5A);
    (void)DD_MMIO_READ(device_control8(device));
    (void)DD_MMIO_READ(device_control8(device));
    DD_MMIO_WRITE(device_control16(device), 0x5A5B);
    DD_MMIO_WRITE(device_control16(device), 0x5A5B);
    (void)DD_MMIO_READ(device_control16(device));
    (void)DD_MMIO_READ(device_control16(device));
    DD_MMIO_WRITE(device_control32(device), 0x5A5B5C5D);
    DD_MMIO_WRITE(device_control32(device), 0x5A5B5C5D);
    (void)DD_MMIO_READ(device_control32(device));
    (void)DD_MMIO_READ(device_control32(device));
    DD_MMIO_WRITE(device_control64(device), 0x5A5B5C5D5E5F6061);
    DD_MMIO_WRITE(device_control64(device), 0x5A5B5C5D5E5F6061);
    (void)DD_MMIO_READ(device_control64(device));
    (void)DD_MMIO_READ(device_control64(device));
}

/* One byte of a wide register is wanted, or changed. */
static void update(struct device device)
{
    uint64_t mode = DD_MMIO_GET_FIELD(device_control64(device), MODE);

    DD_MMIO_SET_FIELD(device_control32(device), MODE, mode);
    DD_MMIO_SET_FIELD(device_control16(device), ENABLE, 1);
    DD_MMIO_SET(device_control8(device), 0x80);
    DD_MMIO_CLEAR(device_control64(device), 0xFF);
    DD_MMIO_UPDATE(device_control32(device), 0, 0);
}

/* Neighbours, which would make one wide access. */
static uint64_t copy(struct device device)
{
    const uint8_t bytes[ELEMENTS] = {1, 2, 3, 4};
    uint16_t words[ELEMENTS];
    uint32_t longs[ELEMENTS];
    uint64_t quads[ELEMENTS];
    enum dd_status status = DD_MMIO_COPY_TO(device_bytes(device), 4, bytes, ELEMENTS);

    if (status == DD_OK) {
        status = DD_MMIO_COPY_FROM(device_words(device), 0, words, ELEMENTS);
    }
    if (status == DD_OK) {
        status = DD_MMIO_COPY_FROM(device_longs(device), 0, longs, ELEMENTS);
    }
    if (status == DD_OK) {
        status = DD_MMIO_COPY_FROM(device_quads(device), 0, quads, ELEMENTS);
    }
    return (uint64_t)status;
}

static uint64_t fill(struct device device)
{
    enum dd_status status = DD_MMIO_FILL(device_bytes(device), 0, 8, 0);

    if (status == DD_OK) {
        status = DD_MMIO_FILL(device_words(device), 0, ELEMENTS, 0);
    }
    if (status == DD_OK) {
        status = DD_MMIO_FILL(device_longs(device), 0, ELEMENTS, 0);
    }
    if (status == DD_OK) {
        status = DD_MMIO_FILL(device_quads(device), 2, 2, 0);
    }
    return (uint64_t)status;
}

static uint64_t move(struct device device)
{
    enum dd_status status = DD_MMIO_COPY_WITHIN(device_bytes(device), 5, 4, 3);

    if (status == DD_OK) {
        status = DD_MMIO_COPY_WITHIN(device_quads(device), 1, 2, 2);
    }
    return (uint64_t)status;
}

static uint64_t wait(struct device device)
{
    const struct dd_mmio_condition third = {.mask = 0xFF, .expected = 3, .polls = 100};
    const struct dd_mmio_condition never = {.mask = 0xFF, .expected = 0, .polls = 2};
    uint32_t value = 0;

    if (DD_MMIO_POLL(device_progress(device), &third, &value) != DD_OK) {
        return 0;
    }
    return DD_MMIO_POLL(device_progress(device), &never, &value) == DD_ETIMEOUT ? value : 0;
}

/* Memory that the device reads and writes when the doorbell rings. */
static uint64_t ring(struct device device, uint32_t *buffer)
{
    buffer[0] = 1;
    buffer[1] = 10;
    DD_MMIO_WRITE(device_doorbell(device), 0x11);
    buffer[0] = 2;
    DD_MMIO_WRITE(device_doorbell(device), 0x22);
    buffer[0] = 3;
    return buffer[1];
}

/* Registers of all widths in turn. */
static uint64_t interleave(struct device device)
{
    uint64_t sum = 0;

    for (unsigned int i = 0; i < 2; i++) {
        struct dd_mmio_rw8 byte;
        struct dd_mmio_rw64 quad;

        if (DD_MMIO_AT(device_bytes(device), i, &byte) != DD_OK ||
            DD_MMIO_AT(device_quads(device), 3 - i, &quad) != DD_OK) {
            return 0;
        }
        DD_MMIO_WRITE(byte, (uint8_t)i);
        sum += DD_MMIO_READ(device_control32(device));
        DD_MMIO_WRITE(quad, sum);
        sum += DD_MMIO_READ(device_control16(device));
    }
    return sum;
}

uint64_t exercise(uint64_t scenario, uint64_t devices, uint32_t *buffer)
{
    struct device device;

    if (device_at(dd_vaddr_from(devices), &device) != DD_OK) {
        return UINT64_MAX;
    }
    switch (scenario) {
    case 0:
        repeat(device);
        return 0;
    case 1:
        update(device);
        return 0;
    case 2:
        return copy(device);
    case 3:
        return fill(device);
    case 4:
        return move(device);
    case 5:
        return wait(device);
    case 6:
        return ring(device, buffer);
    default:
        return interleave(device);
    }
}
