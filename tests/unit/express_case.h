/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A function with a PCI Express capability at 0x40, and a delay that counts. What is inline here is
 * shared by the test programs of hal/src/pci_express*.c.
 */
#ifndef DRYDOCK_TESTS_EXPRESS_CASE_H
#define DRYDOCK_TESTS_EXPRESS_CASE_H

#include <string.h>

#include "drydock/delay.h"
#include "drydock/pci_express.h"
#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

#define EXPRESS_AT 0x40u

static struct dd_pci_address address;
static struct fake_function *function;
static struct dd_pci_express express;

/* How long was waited, and what the hardware does meanwhile. */
static struct {
    unsigned int calls;
    uint64_t microseconds;
    void (*meanwhile)(void); /* called at the end of each wait */
} waited;

static void wait(void *context, uint32_t microseconds)
{
    ck_assert_ptr_eq(context, &waited);
    waited.calls++;
    waited.microseconds += microseconds;
    if (waited.meanwhile != NULL) {
        waited.meanwhile();
    }
}

static const struct dd_delay delay = {wait, &waited};

/** A register of the capability. */
static inline uint8_t *express_bytes(unsigned int at)
{
    return &function->bytes[EXPRESS_AT + at];
}

static inline void express_put16(unsigned int at, uint16_t value)
{
    memcpy(express_bytes(at), &value, sizeof value);
}

static inline uint16_t express_get16(unsigned int at)
{
    uint16_t value;

    memcpy(&value, express_bytes(at), sizeof value);
    return value;
}

static inline void express_put32(unsigned int at, uint32_t value)
{
    fake_put32(function, EXPRESS_AT + at, value);
}

/** Which bits of a register of 16 bits take what is written. */
static inline void express_allow16(unsigned int at, uint16_t bits)
{
    memcpy(&function->writable[EXPRESS_AT + at], &bits, sizeof bits);
}

/** Which bits of a register of 16 bits a written 1 clears. */
static inline void express_clear16(unsigned int at, uint16_t bits)
{
    memcpy(&function->clearable[EXPRESS_AT + at], &bits, sizeof bits);
}

/** A function with this PCI Express Capabilities register and nothing else. */
static inline void express_begin(uint16_t capabilities)
{
    fake_reset();
    memset(&waited, 0, sizeof waited);
    memset(&express, 0x5A, sizeof express);
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
    express_put32(0, 0x10);
    express_put16(0x02, capabilities);
}

/* What the hardware does at a write; and the bus before it could. */
static void (*at_write)(uint16_t offset, uint32_t value);
static const struct dd_pci_ops *bus_ops;

static inline uint32_t hooked_read(const struct dd_pci_access *access, struct dd_pci_address where,
                                   uint16_t offset, enum dd_pci_width width)
{
    return bus_ops->read(access, where, offset, width);
}

static inline void hooked_write(const struct dd_pci_access *access, struct dd_pci_address where,
                                uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    bus_ops->write(access, where, offset, width, value);
    at_write(offset, value);
}

/** Have the hardware react to writes; after express_begin(). */
static inline void express_hook(void (*reaction)(uint16_t offset, uint32_t value))
{
    static const struct dd_pci_ops hooked = {hooked_read, hooked_write};

    at_write = reaction;
    bus_ops = fake.access.ops;
    fake.access.ops = &hooked;
}

/** Read the registers, as every operation needs it, and forget the accesses. */
static inline void express_read(void)
{
    ck_assert_int_eq(dd_pci_express_read(&fake.access, address, EXPRESS_AT, &express), DD_OK);
    fake_forget();
}

#endif
