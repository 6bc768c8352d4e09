/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function with one capability of the extended list, at 0x200, and a delay that counts. What is
 * inline here is used by the programs that test such capabilities.
 */
#ifndef DRYDOCK_TESTS_EXTENDED_CASE_H
#define DRYDOCK_TESTS_EXTENDED_CASE_H

#include "drydock/delay.h"
#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

#define AT 0x200u

static struct dd_pci_address address;
static struct fake_function *function;
static uint64_t waited;         /* microseconds */
static void (*meanwhile)(void); /* what the hardware does during each wait */

static inline void wait(void *context, uint32_t microseconds)
{
    ck_assert_ptr_eq(context, &waited);
    waited += microseconds;
    if (meanwhile != NULL) {
        meanwhile();
    }
}

static const struct dd_delay delay = {wait, &waited};

/* 00:03.0, with this header of the capability; all registers are 0 and read-only. */
static inline void begin(uint32_t header)
{
    fake_reset();
    waited = 0;
    meanwhile = NULL;
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
    fake_put32(function, AT, header);
}

static inline void put(unsigned int at, uint32_t value)
{
    fake_put32(function, AT + at, value);
}

static inline uint32_t get(unsigned int at)
{
    return fake_get32(function, AT + at);
}

static inline void allow(unsigned int at, uint32_t bits)
{
    fake_allow32(function, AT + at, bits);
}

/* Say which bits of 32 a written 1 clears. */
static inline void clearable(unsigned int at, uint32_t bits)
{
    for (unsigned int i = 0; i < 4; i++) {
        function->clearable[AT + at + i] = (uint8_t)(bits >> 8 * i);
    }
}

/* The writes that were remembered, and the last of them. */
static inline const struct fake_access *last_write(void)
{
    const struct fake_access *last = NULL;

    for (unsigned int i = 0; i < fake.access_count; i++) {
        last = fake.log[i].is_write ? &fake.log[i] : last;
    }
    ck_assert_ptr_nonnull(last);
    return last;
}

#endif
