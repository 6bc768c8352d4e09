/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the tests of page tables share: an address space, made anew for each
 * test, and words for sizes and places.
 */
#ifndef DRYDOCK_TESTS_UNIT_PAGING_CASE_H
#define DRYDOCK_TESTS_UNIT_PAGING_CASE_H

#include "drydock/paging.h"
#include "drydock/paging_range.h"
#include "drydock/tlb.h"
#include "tests/unit/fake_paging_machine.h"
#include "tests/unit/paging_sizes.h"
#include "tests/unit/unit.h"

/** All flags that are one bit of an entry, but for A and D. */
#define PAGING_FLAGS (DD_MAP_RIGHTS | DD_MAP_GLOBAL | DD_MAP_CACHE_ALL)

/** The address space of the running test, what its calls leave pending, and why they failed. */
static struct dd_address_space space;
static struct dd_tlb_pending pending;
static struct dd_paging_error error;

/** Make the space anew, for what the processor says now. No frame of an old one is given back. */
static inline void make_space(void)
{
    ck_assert_int_eq(dd_paging_create(&space, &fake_memory), DD_OK);
    space.error = &error;
    dd_tlb_pending_init(&pending);
}

/** Fixture: no frame is in use but the root of the space. */
static inline void setup(void)
{
    fake_reset();
    make_space();
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

/** A call that failed has left nothing pending; one that succeeded is settled here and now. */
static inline enum dd_status settle(enum dd_status status)
{
    if (status != DD_OK) {
        ck_assert(dd_tlb_pending_is_settled(&pending));
        ck_assert_int_eq(error.status, status);
        return status;
    }
    ck_assert_int_eq(dd_tlb_settle_here(&pending), DD_OK);
    return DD_OK;
}

static inline enum dd_status unmap_page(uint64_t vaddr, enum dd_page_size size, dd_paddr *frame)
{
    struct dd_paging_entry was = {.address = {frame->raw}};
    enum dd_status status =
        settle(dd_paging_unmap_page(&space, dd_vaddr_from(vaddr), size, &pending, &was));

    *frame = was.address;
    return status;
}

static inline enum dd_status unmap_range(uint64_t vaddr, uint64_t length)
{
    return settle(
        dd_paging_unmap_range(&space, dd_vaddr_from(vaddr), length, DD_PARTLY_REFUSE, &pending));
}

/** Replace the rights and how it is cached. */
static inline enum dd_status protect_page(uint64_t vaddr, enum dd_page_size size,
                                          unsigned int flags)
{
    struct dd_paging_change change = {PAGING_FLAGS | flags, flags};

    return settle(dd_paging_protect_page(&space, dd_vaddr_from(vaddr), size, change, &pending));
}

static inline enum dd_status protect_range(uint64_t vaddr, uint64_t length, unsigned int flags)
{
    struct dd_paging_protection protection = {{PAGING_FLAGS | flags, flags}, DD_PARTLY_REFUSE};

    return settle(
        dd_paging_protect_range(&space, dd_vaddr_from(vaddr), length, protection, &pending));
}

#endif
