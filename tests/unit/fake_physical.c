/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Physical memory for tests; see fake_physical.h. */
#include "tests/unit/fake_physical.h"

#include <stdlib.h>

#include "kernel/physical.h"
#include "tests/unit/unit.h"

static uint8_t *block;

void fake_physical_setup(void)
{
    block = calloc(1, FAKE_PHYSICAL_SIZE);
    ck_assert_ptr_nonnull(block);
}

void fake_physical_teardown(void)
{
    free(block);
}

uint8_t *fake_physical_at(uint64_t address)
{
    ck_assert_uint_ge(address, FAKE_PHYSICAL_BASE);
    ck_assert_uint_lt(address, FAKE_PHYSICAL_BASE + FAKE_PHYSICAL_SIZE);
    return block + (address - FAKE_PHYSICAL_BASE);
}

void fake_physical_store(uint64_t address, size_t width, uint64_t value)
{
    for (size_t i = 0; i < width; i++) {
        *fake_physical_at(address + i) = (uint8_t)(value >> 8 * i);
    }
}

const void *kphysical_memory(uint64_t address, uint64_t length)
{
    uint64_t offset = address - FAKE_PHYSICAL_BASE;

    if (address < FAKE_PHYSICAL_BASE || offset >= FAKE_PHYSICAL_SIZE ||
        length > FAKE_PHYSICAL_SIZE - offset) {
        return NULL;
    }
    return block + offset;
}
