/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the claims about page tables share.
 *
 * Each claim has a gigabyte of its own in the spare region, so that one that
 * fails half-way is not in the way of the others. Error codes of page faults
 * are [SDM 3A] 4.7: bit 0 the page was present, bit 1 a store, bit 4 a fetch.
 */
#ifndef DRYDOCK_TESTS_PAGING_BENCH_H
#define DRYDOCK_TESTS_PAGING_BENCH_H

#include <stdint.h>

#include "drydock/paging.h"
#include "drydock/paging_range.h"
#include "drydock/tlb.h"
#include "tests/claims/claim.h"
#include "tests/claims/world.h"

#define K UINT64_C(0x1000)
#define M UINT64_C(0x200000)
#define G UINT64_C(0x40000000)

/** A load gives this value. */
#define CLAIM_LOADS(address, expected)                     \
    do {                                                   \
        struct world_access load_ = world_load64(address); \
        CLAIM_EQUAL(load_.vector, WORLD_NO_FAULT);         \
        CLAIM_EQUAL(load_.value, (expected));              \
    } while (0)

/** An access completes. */
#define CLAIM_COMPLETES(call) CLAIM_EQUAL((call).vector, WORLD_NO_FAULT)

/** An access raises a page fault with this error code and this address in CR2. */
#define CLAIM_FAULTS(call, code, place)           \
    do {                                          \
        struct world_access fault_ = (call);      \
        CLAIM_EQUAL(fault_.vector, 14);           \
        CLAIM_EQUAL(fault_.error_code, (code));   \
        CLAIM_EQUAL(fault_.address, (place).raw); \
    } while (0)

/** The address space in use, and a frame of data. */
struct paging_bench {
    struct dd_address_space space;
    struct dd_tlb_pending pending; /**< of the space; the helpers below leave nothing in it */
    dd_paddr frame;
    volatile uint64_t *words; /**< of the frame: 0123456789ABCDEF, …, FEDCBA9876543210 */
};

/** Allocate the frame; its first and last word are set. */
DD_MUST_CHECK enum dd_status paging_bench_open(struct paging_bench *bench);

/** Free the frame. */
void paging_bench_close(const struct paging_bench *bench);

/** Map the frame as a 4-KByte page. */
DD_MUST_CHECK enum dd_status paging_bench_map(const struct paging_bench *bench, dd_vaddr vaddr,
                                              unsigned int flags);

/** Unmap a 4-KByte page, and settle that here. */
DD_MUST_CHECK enum dd_status paging_bench_unmap(struct paging_bench *bench, dd_vaddr vaddr);

/** Unmap a page of any size, and settle that here; where it led. */
DD_MUST_CHECK enum dd_status paging_bench_unmap_page(struct paging_bench *bench, dd_vaddr vaddr,
                                                     enum dd_page_size size, dd_paddr *frame);

/** Unmap a range, and settle that here. */
DD_MUST_CHECK enum dd_status paging_bench_unmap_range(struct paging_bench *bench, dd_vaddr vaddr,
                                                      uint64_t length);

/** Replace the rights of a page, and settle that here. */
DD_MUST_CHECK enum dd_status paging_bench_protect(struct paging_bench *bench, dd_vaddr vaddr,
                                                  enum dd_page_size size, unsigned int rights);

/** Replace the rights of a range, and settle that here. */
DD_MUST_CHECK enum dd_status paging_bench_protect_range(struct paging_bench *bench, dd_vaddr vaddr,
                                                        uint64_t length, unsigned int rights);

/** Settle what a call left pending, if the call succeeded. @return what the call returned */
DD_MUST_CHECK enum dd_status paging_bench_settle(struct paging_bench *bench, enum dd_status status);

/** An address in the gigabyte of a claim. */
dd_vaddr paging_place(unsigned int claim, uint64_t offset);

#endif
