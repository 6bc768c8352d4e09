/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The usual case of a call for one 4-KByte page: tables are reached through a
 * window, no encryption bit, nothing on the way but ordinary entries of tables.
 *
 * The walk keeps everything in registers and has no loop, so that the walks of
 * calls in a row overlap: most of their time they wait for the caches. Whatever
 * is not usual ends it, and is left to those that look with care.
 */
#ifndef DRYDOCK_PAGING_QUICK_H
#define DRYDOCK_PAGING_QUICK_H

#include "paging_walk.h"

/** Where a quick walk is, or ended. */
struct dd_paging_quick {
    uint64_t vaddr;
    uint64_t usual;  /**< dd_paging_usual_bits() */
    uint64_t window; /**< address of physical address 0 */
    uint64_t window_bytes;
    uint64_t frames[DD_PAGING_LEVELS_MAX + 1]; /**< of the tables on the way, by level */
    volatile uint64_t *slot;                   /**< in the last of them */
    uint64_t entry;                            /**< what it holds */
    uint64_t all;                              /**< entries above it, and-ed */
    uint64_t any;                              /**< the same, or-ed */
    unsigned int level;                        /**< of the slot */
    bool unusual;                              /**< a table is out of reach, or its own ancestor */
};

/** Whether an address space may be walked quickly. */
static inline bool dd_paging_is_usual(const struct dd_address_space *space)
{
    return space->memory->pointer == NULL && space->format.encryption == DD_ENCRYPTION_NONE;
}

/** Bits of an entry above level 1 of which only P is 1 if it is an ordinary table's. */
static inline uint64_t dd_paging_usual_bits(const struct dd_paging_format *format)
{
    return DD_BITS(DD_PDE_P) | DD_BITS(DD_PDE_PS) | dd_paging_reserved_in_table(format);
}

/* With 4 levels the root stands for a table of level 5 and one of level 4. */
static inline bool dd_paging_quick_passed(const struct dd_paging_quick *quick, unsigned int level,
                                          uint64_t frame)
{
    return frame == quick->frames[5] || (level <= 4 && frame == quick->frames[4]) ||
           (level <= 3 && frame == quick->frames[3]) || (level <= 2 && frame == quick->frames[2]);
}

/* Read the entry in the table of a level; whether the walk goes on below it. */
static inline bool dd_paging_quick_step(struct dd_paging_quick *quick, unsigned int level)
{
    uint64_t frame = quick->frames[level];

    quick->slot = (volatile uint64_t *)(uintptr_t)(quick->window + frame) +
                  dd_table_index(dd_vaddr_from(quick->vaddr), level);
    quick->entry = *quick->slot;
    quick->level = level;
    if (level == 1 || (quick->entry & quick->usual) != DD_BITS(DD_PDE_P)) {
        return false;
    }
    quick->all &= quick->entry;
    quick->any |= quick->entry;
    frame = quick->entry & DD_BITS(DD_PDE_ADDRESS);
    quick->frames[level - 1] = frame;
    quick->unusual = frame >= quick->window_bytes || dd_paging_quick_passed(quick, level, frame);
    return !quick->unusual;
}

/**
 * Stand at the root, before the first step.
 *
 * @param space       dd_paging_is_usual()
 * @param[out] quick  where the walk is
 * @return whether the root is in reach
 */
static inline bool dd_paging_quick_start(const struct dd_address_space *space, dd_vaddr vaddr,
                                         struct dd_paging_quick *quick)
{
    quick->vaddr = vaddr.raw;
    quick->usual = dd_paging_usual_bits(&space->format);
    quick->window = space->memory->window.raw;
    quick->window_bytes = space->memory->window_bytes;
    quick->frames[5] = space->root.raw;
    quick->frames[4] = space->root.raw;
    quick->all = ~UINT64_C(0);
    quick->any = 0;
    quick->unusual = space->root.raw >= quick->window_bytes;
    return !quick->unusual;
}

/**
 * Walk to the first entry that is not an ordinary table's.
 *
 * @param space       dd_paging_is_usual()
 * @param[out] quick  where it ended
 * @return whether it did so in the usual way
 */
static inline bool dd_paging_quick_walk(const struct dd_address_space *space, dd_vaddr vaddr,
                                        struct dd_paging_quick *quick)
{
    if (dd_paging_quick_start(space, vaddr, quick) &&
        (space->format.levels < DD_PAGING_LEVELS_MAX || dd_paging_quick_step(quick, 5))) {
        (void)(dd_paging_quick_step(quick, 4) && dd_paging_quick_step(quick, 3) &&
               dd_paging_quick_step(quick, 2) && dd_paging_quick_step(quick, 1));
    }
    return !quick->unusual;
}

/** Whether an ordinary page may be mapped, as far as the arguments say. */
static inline bool dd_paging_quick_allows(const struct dd_address_space *space, dd_vaddr vaddr,
                                          dd_paddr paddr, unsigned int flags)
{
    const struct dd_paging_format *format = &space->format;

    return dd_paging_is_usual(space) && dd_is_aligned(vaddr.raw | paddr.raw, DD_PAGE_4K) &&
           (flags & (~DD_MAP_ALL | DD_MAP_ENCRYPTED)) == 0 &&
           paddr.raw <= dd_paging_physical_last(format) &&
           dd_vaddr_is_canonical(vaddr, dd_paging_linear_width(format));
}

/** Whether the entries above allow what the flags do. */
static inline bool dd_paging_quick_grants(const struct dd_paging_quick *quick, unsigned int flags)
{
    return (flags & DD_MAP_RIGHTS & ~dd_paging_path_rights(quick->all, quick->any)) == 0;
}

/** What a walk to level 1 has read. */
struct dd_paging_path {
    uint64_t entry; /**< of level 1 */
    uint64_t all;   /**< entries above it, and-ed */
    uint64_t any;   /**< the same, or-ed */
};

/** Where an address leads, if the entry maps an ordinary 4-KByte page; whether it does. */
static inline bool dd_paging_quick_page(const struct dd_paging_format *format, dd_vaddr vaddr,
                                        struct dd_paging_path path,
                                        struct dd_translation *translation)
{
    uint64_t judged = DD_BITS(DD_PTE_P) | dd_paging_reserved_in_table(format);

    if ((path.entry & judged) != DD_BITS(DD_PTE_P)) {
        return false;
    }
    translation->address =
        dd_paddr_from((path.entry & DD_BITS(DD_PTE_ADDRESS)) | dd_page_offset(vaddr, DD_PAGE_4K));
    translation->size = DD_PAGE_4K;
    translation->flags = dd_paging_entry_flags(format, 1, path.entry) &
                         (dd_paging_path_rights(path.all, path.any) | ~DD_MAP_RIGHTS);
    return true;
}

#endif
