/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Walking the tables, and visiting the entries of a range run by run.
 */
#ifndef DRYDOCK_PAGING_WALK_H
#define DRYDOCK_PAGING_WALK_H

#include <stdint.h>

#include "drydock/paging.h"

/** The addresses a call is about, checked. */
struct dd_paging_request {
    const struct dd_address_space *space;
    uint64_t first;
    uint64_t last;       /**< inclusive: the range may end at the top of the address space */
    unsigned int level;  /**< of the entry of a page; 1 for ranges */
    unsigned int rights; /**< DD_MAP_… that the tables on the way have to grant */
};

/** A place in the tables, and the tables passed on the way to it. */
struct dd_paging_walk {
    const struct dd_address_space *space;
    uint64_t reserved; /**< bits that are 0 in every present entry, whatever its level */
    uint64_t address;  /**< some address that the entry stands for */
    uint64_t entry;    /**< as it was read */
    unsigned int level;
    bool again; /**< set by a visit that split the entry: go on below it */
    /** By level, valid from `level` up. */
    struct {
        volatile uint64_t *table;
        dd_paddr frame;
        unsigned int rights; /**< DD_MAP_… that the entries above the table grant */
    } path[DD_PAGING_LEVELS_MAX + 1];
};

/** Entries of one table, next to each other, none of which references a table. */
struct dd_paging_run {
    volatile uint64_t *entries;
    unsigned int count;
    unsigned int level; /**< above level 1 the count is 1 */
    uint64_t first;     /**< first address of the request they stand for; maybe not their first */
    uint64_t last;      /**< last address of the request they stand for */
};

/** What a visit does. A failure ends it. */
struct dd_paging_visitor {
    enum dd_status (*visit)(struct dd_paging_walk *walk, const struct dd_paging_run *run,
                            void *operand);
    /** Called behind the last entry of each table but the root, walk->level is its; or NULL. */
    void (*leave)(struct dd_paging_walk *walk, void *operand);
    void *operand;
};

/** Write down why a call fails, if it is wanted. @return status */
enum dd_status dd_paging_fail(const struct dd_address_space *space, struct dd_paging_error error);

/** The same, about the entry where a walk stands. */
enum dd_status dd_paging_fail_at(const struct dd_paging_walk *walk, enum dd_status status);

/** The same, about an entry of a run. */
enum dd_status dd_paging_fail_in(const struct dd_paging_walk *walk, const struct dd_paging_run *run,
                                 unsigned int index, enum dd_status status);

/**
 * Fill in first, last and level of a request for one page.
 *
 * @param[in,out] request  space is set
 * @return DD_OK, DD_EARG, DD_EALIGN, DD_ECANONICAL, or DD_ENOTSUP (no 1-GByte pages)
 */
DD_MUST_CHECK enum dd_status dd_paging_request_page(struct dd_paging_request *request,
                                                    dd_vaddr vaddr, enum dd_page_size size);

/**
 * Fill in first, last and level of a request for a range.
 *
 * @return DD_OK, DD_EARG (empty), DD_EALIGN, DD_ECANONICAL or DD_EWRAP
 */
DD_MUST_CHECK enum dd_status dd_paging_request_range(struct dd_paging_request *request,
                                                     dd_vaddr vaddr, uint64_t length);

/**
 * Fill in first, last and level of a request for all that a table's entry stands for.
 *
 * @param level  of the entry
 * @return DD_OK, DD_EARG (no level of tables), DD_EALIGN or DD_ECANONICAL
 */
DD_MUST_CHECK enum dd_status dd_paging_request_table(struct dd_paging_request *request,
                                                     dd_vaddr vaddr, unsigned int level);

/** Fill in the rights of a request; DD_EARG or DD_ENOTSUP if the flags cannot be had. */
DD_MUST_CHECK enum dd_status dd_paging_request_flags(struct dd_paging_request *request,
                                                     unsigned int flags);

/** Whether the physical addresses of a request can be mapped: DD_OK, DD_EALIGN, DD_EARG. */
DD_MUST_CHECK enum dd_status dd_paging_request_physical(const struct dd_paging_request *request,
                                                        dd_paddr paddr);

/** Check that changes can be noted: DD_OK, or DD_EARG. */
DD_MUST_CHECK enum dd_status dd_paging_request_pending(const struct dd_paging_request *request,
                                                       const struct dd_tlb_pending *pending);

/** Stand at the root; DD_EMALFORMED if it is out of reach. */
DD_MUST_CHECK enum dd_status dd_paging_walk_start(struct dd_paging_walk *walk,
                                                  const struct dd_address_space *space);

/**
 * Go down to the entry that decides about an address: of no table, or of @p level.
 *
 * @param[in,out] walk  just started
 * @return DD_OK, DD_EMALFORMED or DD_ELOOP
 */
DD_MUST_CHECK enum dd_status dd_paging_walk_to(struct dd_paging_walk *walk, uint64_t address,
                                               unsigned int level);

/**
 * Go to the table that the entry where the walk stands references.
 *
 * @return DD_OK, DD_EMALFORMED or DD_ELOOP: the walk has not moved
 */
DD_MUST_CHECK enum dd_status dd_paging_walk_descend(struct dd_paging_walk *walk);

/** DD_MAP_… rights that one present entry grants. */
static inline unsigned int dd_paging_entry_rights(uint64_t entry)
{
    return (DD_GET(entry, DD_PDE_RW) != 0 ? DD_MAP_WRITE : 0u) |
           (DD_GET(entry, DD_PDE_US) != 0 ? DD_MAP_USER : 0u) |
           (DD_GET(entry, DD_PDE_XD) == 0 ? DD_MAP_EXECUTE : 0u);
}

/** The same of a path. @param all, any  entries of the path, and-ed and or-ed together */
static inline unsigned int dd_paging_path_rights(uint64_t all, uint64_t any)
{
    return dd_paging_entry_rights((all & ~DD_BITS(DD_PDE_XD)) | (any & DD_BITS(DD_PDE_XD)));
}

/** The entry where the walk stands, to be written. */
static inline volatile uint64_t *dd_paging_walk_slot(const struct dd_paging_walk *walk)
{
    return &walk->path[walk->level]
                .table[dd_table_index(dd_vaddr_from(walk->address), walk->level)];
}

/** Whether the walk stands at the entry of a page of the request's size: DD_OK, or why not. */
DD_MUST_CHECK enum dd_status dd_paging_walk_check_page(const struct dd_paging_walk *walk,
                                                       const struct dd_paging_request *request);

/** Take the table where the walk stands out of the one above, and stand there. */
void dd_paging_walk_unlink(struct dd_paging_walk *walk, struct dd_tlb_pending *pending);

/**
 * Take out the table where the walk stands if it is empty, and then the one above, and so on.
 *
 * Tables that entries of the root's upper half reference stay: they may be shared.
 */
void dd_paging_walk_reclaim(struct dd_paging_walk *walk, struct dd_tlb_pending *pending);

/** Whether a table where the walk stands may be taken out: not the root, not a shared one. */
bool dd_paging_walk_can_unlink(const struct dd_paging_walk *walk);

/**
 * Whether all entries of a table are 0.
 *
 * @param near  index of an entry that was just cleared: what is left, if anything, is most often
 *              beside it, so rows of single calls do not go over the table each time
 */
bool dd_paging_is_empty(const volatile uint64_t *table, unsigned int near);

/** The entries of the root; NULL if it is out of reach. */
static inline volatile uint64_t *dd_paging_root_table(const struct dd_address_space *space)
{
    return dd_paging_memory_table(space->memory, space->root,
                                  (struct dd_paging_place){space->format.levels, {0}});
}

/** The smaller of two addresses or counts. */
static inline uint64_t dd_paging_smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/**
 * Visit all entries of a request upwards, run by run. Runs of level 1 are as long as possible.
 *
 * @return DD_OK, DD_EMALFORMED or DD_ELOOP of a table's entry, or what a visit returned
 */
DD_MUST_CHECK enum dd_status dd_paging_visit(const struct dd_paging_request *request,
                                             const struct dd_paging_visitor *visitor);

#endif
