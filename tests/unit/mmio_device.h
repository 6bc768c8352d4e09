/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A device of 64 bytes behind the hosted insn.h that remembers every access. It
 * is at the very top of the address space, where sums of addresses overflow.
 */
#ifndef DRYDOCK_TESTS_MMIO_DEVICE_H
#define DRYDOCK_TESTS_MMIO_DEVICE_H

#include <stddef.h>
#include <stdint.h>

/** Its first byte; its last is 0xFFFFFFFFFFFFFFFF. */
#define MMIO_DEVICE UINT64_C(0xFFFFFFFFFFFFFFC0)

enum {
    MMIO_DEVICE_SIZE = 64
};

enum mmio_event_kind {
    MMIO_READ,
    MMIO_WRITE,
    MMIO_PAUSE,
    MMIO_FENCE, /**< the value is 'm', 'l' or 's' */
};

struct mmio_event {
    enum mmio_event_kind kind;
    unsigned int bytes;
    uint64_t offset;
    uint64_t value;
};

/** Contents; a write changes them, a read gives them. */
extern uint8_t mmio_bytes[MMIO_DEVICE_SIZE];

/** A value the register at offset 0 has from this read of it on, counted from 1; 0: never. */
extern unsigned int mmio_ready_at;
extern uint8_t mmio_ready_value;

/** Contents become 0, 1, 2, …; nothing has happened. */
void mmio_device_reset(void);

/** What happened since, in order, is exactly this. */
void mmio_device_check(const struct mmio_event *expected, size_t count);

#define MMIO_EXPECT(...)                                                 \
    mmio_device_check((const struct mmio_event[]){__VA_ARGS__},          \
                      sizeof((const struct mmio_event[]){__VA_ARGS__}) / \
                          sizeof(struct mmio_event))

/** Nothing has happened since. */
#define MMIO_EXPECT_NOTHING() mmio_device_check(NULL, 0)

#endif
