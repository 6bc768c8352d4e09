/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Walking the tables, and visiting every entry that a range of addresses has.
 */
#ifndef DRYDOCK_PAGING_WALK_H
#define DRYDOCK_PAGING_WALK_H

#include <stdint.h>

#include "drydock/paging.h"
#include "paging_entry.h"

/** A place in the tables: an entry, and the tables passed on the way to it. */
struct dd_paging_walk {
    const struct dd_address_space *space;
    uint64_t reserved; /**< bits that are 0 in every present entry, whatever its level */
    uint64_t address;  /**< some address the entry stands for */
    uint64_t entry;    /**< as it was read */
    unsigned int level;
    /** By level, valid from `level` up. */
    struct {
        volatile uint64_t *table;
        unsigned int rights; /**< DD_MAP_… that the entries above the table grant */
    } path[DD_PAGING_TOP_LEVEL + 1];
};

/** The addresses a call is about, checked. */
struct dd_paging_range {
    const struct dd_address_space *space;
    uint64_t first;
    uint64_t last;       /**< inclusive: the range may end at the top of the address space */
    unsigned int level;  /**< tables below this level are not entered: 1, or the one of a page */
    unsigned int rights; /**< DD_MAP_… that the tables on the way have to grant */
};

/** What a visit does with each entry. */
struct dd_paging_visitor {
    /** Whether the entry may be there; changes nothing. */
    enum dd_status (*check)(const struct dd_paging_range *range, const struct dd_paging_walk *walk);
    /** Act on the part of the range that the entry stands for: walk->address to @p last. */
    void (*act)(struct dd_paging_walk *walk, uint64_t last, void *operand);
    void *operand;
};

/**
 * Fill in first, last and level of a range that is one page.
 *
 * @param[in,out] range  space is set
 * @return DD_OK, DD_EARG, DD_EALIGN, DD_ECANONICAL, or DD_ENOTSUP (no 1-GByte pages)
 */
DD_MUST_CHECK enum dd_status dd_paging_range_from_page(struct dd_paging_range *range,
                                                       dd_vaddr vaddr, enum dd_page_size size);

/**
 * Fill in first, last and level of a range.
 *
 * @return DD_OK, DD_EARG (empty), DD_EALIGN, DD_ECANONICAL or DD_EWRAP
 */
DD_MUST_CHECK enum dd_status dd_paging_range_from_length(struct dd_paging_range *range,
                                                         dd_vaddr vaddr, uint64_t length);

/** Fill in the rights of a range; DD_EARG if @p flags has an unknown flag. */
DD_MUST_CHECK enum dd_status dd_paging_range_set_flags(struct dd_paging_range *range,
                                                       unsigned int flags);

/** Stand at the root; DD_EMALFORMED if the kernel cannot reach it. */
DD_MUST_CHECK enum dd_status dd_paging_walk_start(struct dd_paging_walk *walk,
                                                  const struct dd_address_space *space);

/**
 * Go to the entry that decides about an address: not present, or of a page, or of @p level.
 *
 * @param[in,out] walk  its tables are used again as far as they are those of @p address
 * @return DD_OK, or DD_EMALFORMED and the walk is over
 */
DD_MUST_CHECK enum dd_status dd_paging_walk_to(struct dd_paging_walk *walk, uint64_t address,
                                               unsigned int level);

/** The entry where the walk stands, to be written. */
volatile uint64_t *dd_paging_walk_slot(const struct dd_paging_walk *walk);

/**
 * Visit the entries of a range upwards; the first check that fails ends the visit.
 *
 * @return DD_OK, DD_EMALFORMED, or what the check returned
 */
DD_MUST_CHECK enum dd_status dd_paging_visit(const struct dd_paging_range *range,
                                             const struct dd_paging_visitor *visitor);

/** Check of a visit: a page of the right size that lies wholly in the range. */
DD_MUST_CHECK enum dd_status dd_paging_check_page(const struct dd_paging_range *range,
                                                  const struct dd_paging_walk *walk);

/** Act of a visit that only checks. */
void dd_paging_act_none(struct dd_paging_walk *walk, uint64_t last, void *operand);

/** Allocate a frame the kernel can reach, or DD_ENOMEM, DD_EMALFORMED. Contents are undefined. */
DD_MUST_CHECK enum dd_status dd_paging_frame_alloc(dd_paddr *frame);

/** Clear a frame of tables and return where it is. */
volatile uint64_t *dd_paging_frame_clear(dd_paddr frame);

#endif
