/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the tests of page tables share: an address space, made anew for each
 * test, and words for sizes and places.
 */
#ifndef DRYDOCK_TESTS_UNIT_PAGING_CASE_H
#define DRYDOCK_TESTS_UNIT_PAGING_CASE_H

#include "drydock/paging.h"
#include "tests/unit/fake_paging_machine.h"
#include "tests/unit/paging_sizes.h"
#include "tests/unit/unit.h"

/** The address space of the running test. */
static struct dd_address_space space;

/** Fixture: no frame is in use but the root of the space. */
static inline void setup(void)
{
    fake_reset();
    ck_assert_int_eq(dd_paging_create(&space), DD_OK);
}

static inline enum dd_status map_page(uint64_t vaddr, uint64_t paddr, enum dd_page_size size,
                                      unsigned int flags)
{
    return dd_paging_map_page(&space, dd_vaddr_from(vaddr), dd_paddr_from(paddr), size, flags);
}

static inline enum dd_status map_range(uint64_t vaddr, uint64_t paddr, uint64_t length,
                                       unsigned int flags)
{
    return dd_paging_map_range(&space, dd_vaddr_from(vaddr), dd_paddr_from(paddr), length, flags);
}

#endif
