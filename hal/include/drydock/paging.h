/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Page tables, page by page: map, unmap, protect, translate, query, and
 * entries of the kernel's own. Ranges are in paging_range.h, splitting and
 * merging of large pages in paging_split.h, rows of single pages in
 * paging_cursor.h.
 *
 * A call that fails has changed nothing: every entry keeps its bits and no
 * frame is kept. If the handle has a place for it, it says why in full.
 *
 * Preconditions of every function:
 *  - the caller has the address space to itself during the call (its lock is held);
 *  - what a call leaves pending is settled before the frames of pages that were unmapped are
 *    used for something else, see tlb.h.
 *
 * Tables made here allow everything and the entry of a page decides; existing
 * table entries are never changed to allow more, since that would widen every
 * other mapping below them. So tables made elsewhere may withhold a right from
 * all pages below: a call that asks for such a right gives DD_ENOTSUP.
 *
 * Spec: [SDM 3A] 4.5.
 */
#ifndef DRYDOCK_PAGING_H
#define DRYDOCK_PAGING_H

#include <stddef.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/paging_entry.h"
#include "drydock/paging_space.h"
#include "drydock/status.h"
#include "drydock/tlb.h"

/** Where an address leads. */
struct dd_translation {
    dd_paddr address;       /**< physical address of the very byte */
    enum dd_page_size size; /**< of the page it is in */
    unsigned int flags;     /**< DD_MAP_…: rights that every entry on the path grants, and what
                                 the page's own entry says besides */
};

/** One of many translations; see dd_paging_translate_many(). */
struct dd_translation_result {
    enum dd_status status;             /**< as of dd_paging_translate() */
    struct dd_translation translation; /**< valid only with DD_OK */
};

/** One of many pages to map; see dd_paging_map_many(). */
struct dd_paging_mapping {
    dd_vaddr vaddr;
    dd_paddr paddr;
    enum dd_status status; /**< filled in: as of dd_paging_map_page() */
};

/** Which flags are replaced, and by what. */
struct dd_paging_change {
    unsigned int mask;  /**< DD_MAP_… that are replaced; DD_MAP_RIGHTS, DD_MAP_ALL, … */
    unsigned int flags; /**< their new values; flags not in the mask do not count */
};

/**
 * Map one page.
 *
 * Nothing is pending: what was not present cannot be in a TLB.
 *
 * @param vaddr  first byte of the page: canonical, a multiple of @p size
 * @param paddr  physical address it leads to: a multiple of @p size, within MAXPHYADDR
 * @param flags  DD_MAP_…; 0 is read-only for the supervisor
 * @retval DD_OK          mapped; at most one frame a level was allocated for tables
 * @retval DD_EARG        @p size is none, an unknown flag, or @p paddr beyond MAXPHYADDR
 * @retval DD_EALIGN      @p vaddr or @p paddr not a multiple of @p size
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_ENOTSUP     1-GByte pages are not on this processor, there is no encryption bit, or a
 *                        table made elsewhere withholds a right that @p flags asks for
 * @retval DD_EEXIST      the entry is in use: a page of this size, or an entry of software
 * @retval DD_EPAGESIZE   a larger page is mapped there, or a table is where the page would be
 * @retval DD_EMALFORMED  an entry on the path has reserved bits set or leads outside memory,
 *                        or the kernel handed out a frame it cannot reach, and got it back
 * @retval DD_ELOOP       a table on the path is its own ancestor
 * @retval DD_ENOMEM      no frame for a table
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.5.4, tables 4-14 to 4-20; 4.10.4.3.
 */
DD_MUST_CHECK enum dd_status dd_paging_map_page(const struct dd_address_space *space,
                                                dd_vaddr vaddr, dd_paddr paddr,
                                                enum dd_page_size size, unsigned int flags);

/**
 * Map many 4-KByte pages with the same flags, each as dd_paging_map_page() would.
 *
 * The walks go on side by side, so that their misses of the processor's caches overlap: for
 * addresses far from each other this is much faster than a call for each.
 *
 * @param mappings  @p count pages, in any order; the status of each is filled in, the handle's error
 *                  is not; one that fails changes nothing, and does not keep others from being mapped
 * @param count     how many
 * @param flags     DD_MAP_…
 * @return how many were mapped: @p count if all were
 *
 * Spec: [SDM 3A] 4.5.4, tables 4-14 to 4-20; 4.10.4.3.
 */
DD_MUST_CHECK size_t dd_paging_map_many(const struct dd_address_space *space,
                                        struct dd_paging_mapping *mappings, size_t count,
                                        unsigned int flags);

/**
 * Unmap one page and take out the tables that became empty.
 *
 * @param vaddr            first byte of the page: canonical, a multiple of @p size
 * @param size             of the page
 * @param[in,out] pending  gets the page and the tables
 * @param[out] was         the entry as it was, accessed and dirty bits included, or NULL; its frame
 *                         stays the caller's
 * @retval DD_OK          unmapped, *was is valid
 * @retval DD_EARG        @p size is none, @p pending is NULL or has tables of other memory; *was
 *                        untouched, as after all other failures
 * @retval DD_EALIGN      @p vaddr not a multiple of @p size
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_ENOTSUP     1-GByte pages are not on this processor
 * @retval DD_ENOTMAPPED  nothing is mapped there, or an entry of software is there
 * @retval DD_EPAGESIZE   mapped with a larger page, or a table is where the page would be
 * @retval DD_EMALFORMED  an entry on the path has reserved bits set or leads outside memory
 * @retval DD_ELOOP       a table on the path is its own ancestor
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.10.4.1, 4.10.4.2.
 */
DD_MUST_CHECK enum dd_status dd_paging_unmap_page(const struct dd_address_space *space,
                                                  dd_vaddr vaddr, enum dd_page_size size,
                                                  struct dd_tlb_pending *pending,
                                                  struct dd_paging_entry *was);

/**
 * Empty one entry, whether it maps a page or is of software, and take out the tables that became
 * empty.
 *
 * Parameters and statuses are those of dd_paging_unmap_page(), but that an entry of software is
 * cleared too. DD_ENOTMAPPED: the entry is empty already.
 *
 * Spec: [SDM 3A] 4.10.4.1, 4.10.4.2.
 */
DD_MUST_CHECK enum dd_status dd_paging_clear(const struct dd_address_space *space, dd_vaddr vaddr,
                                             enum dd_page_size size, struct dd_tlb_pending *pending,
                                             struct dd_paging_entry *was);

/**
 * Replace flags of one page. Flags that are not in the mask keep their values, and so does the
 * address.
 *
 * @param vaddr            first byte of the page: canonical, a multiple of @p size
 * @param size             of the page
 * @param change           which flags, and their values
 * @param[in,out] pending  gets the page
 * @retval DD_OK          replaced
 * @retval DD_EARG        @p size is none, an unknown flag, @p pending is NULL or has tables of
 *                        other memory
 * @retval DD_EALIGN      @p vaddr not a multiple of @p size
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_ENOTSUP     1-GByte pages are not on this processor, there is no encryption bit, or a
 *                        table made elsewhere withholds a right that the change asks for
 * @retval DD_ENOTMAPPED  nothing is mapped there
 * @retval DD_EPAGESIZE   mapped with a larger page, or a table is where the page would be
 * @retval DD_EMALFORMED  an entry on the path has reserved bits set or leads outside memory
 * @retval DD_ELOOP       a table on the path is its own ancestor
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.6, 4.10.4.2.
 */
DD_MUST_CHECK enum dd_status dd_paging_protect_page(const struct dd_address_space *space,
                                                    dd_vaddr vaddr, enum dd_page_size size,
                                                    struct dd_paging_change change,
                                                    struct dd_tlb_pending *pending);

/**
 * Put an entry of the kernel's own where a page would be: not present, not zero.
 *
 * What it replaces may be empty, an entry of software, or a page of this size. Whether that was
 * dirty is not told: dd_paging_unmap_page() does.
 *
 * @param vaddr            first byte of the page: canonical, a multiple of @p size
 * @param size             of the page
 * @param value            bit 0 is 0, not all bits are 0; dd_paging_query() gives it back
 * @param[in,out] pending  gets the page, if there was one
 * @retval DD_OK          written; at most one frame a level was allocated for tables
 * @retval DD_EARG        @p size or @p value is none, @p pending is NULL or has tables of other
 *                        memory
 * @retval DD_EALIGN      @p vaddr not a multiple of @p size
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_ENOTSUP     1-GByte pages are not on this processor
 * @retval DD_EPAGESIZE   a larger page is mapped there, or a table is where the page would be
 * @retval DD_EMALFORMED  an entry on the path has reserved bits set or leads outside memory,
 *                        or the kernel handed out a frame it cannot reach, and got it back
 * @retval DD_ELOOP       a table on the path is its own ancestor
 * @retval DD_ENOMEM      no frame for a table
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.5.4, table 4-20; 4.10.4.2.
 */
DD_MUST_CHECK enum dd_status dd_paging_set_software(const struct dd_address_space *space,
                                                    dd_vaddr vaddr, enum dd_page_size size,
                                                    uint64_t value, struct dd_tlb_pending *pending);

/**
 * The entry that decides about an address: the first on the path that references no table.
 *
 * @param vaddr       any canonical address
 * @param[out] entry  decoded, with its level; never in the state DD_PAGING_TABLE
 * @retval DD_OK          *entry is valid; it may be malformed itself
 * @retval DD_ECANONICAL  @p vaddr not canonical; *entry untouched, as after the other failure
 * @retval DD_EMALFORMED  the entry of a table on the path has reserved bits set or leads outside
 *                        memory
 *
 * Spec: [SDM 3A] 4.5.4.
 */
DD_MUST_CHECK enum dd_status dd_paging_query(const struct dd_address_space *space, dd_vaddr vaddr,
                                             struct dd_paging_entry *entry);

/**
 * Find where an address leads.
 *
 * @param vaddr             any canonical address
 * @param[out] translation  the byte's physical address, the page's size, the effective flags
 * @retval DD_OK          *translation is valid
 * @retval DD_ECANONICAL  @p vaddr not canonical; *translation untouched, as after all failures
 * @retval DD_ENOTMAPPED  an entry on the path is not present
 * @retval DD_EMALFORMED  an entry on the path has reserved bits set or leads outside memory
 *
 * Spec: [SDM 3A] 4.5.4, figures 4-8 to 4-10; 4.6.1.
 */
DD_MUST_CHECK enum dd_status dd_paging_translate(const struct dd_address_space *space,
                                                 dd_vaddr vaddr,
                                                 struct dd_translation *translation);

/**
 * Find where many addresses lead. The walks go on side by side, so that their misses of the
 * processor's caches overlap: for addresses far from each other this is much faster than a call
 * for each.
 *
 * @param vaddrs        @p count addresses, in any order
 * @param count         how many
 * @param[out] results  @p count of them, each with a status of dd_paging_translate(); the handle's
 *                      error is not filled in
 *
 * Spec: [SDM 3A] 4.5.4.
 */
void dd_paging_translate_many(const struct dd_address_space *space, const dd_vaddr *vaddrs,
                              size_t count, struct dd_translation_result *results);

/**
 * Bring the entries that decide about addresses into the processor's caches. A hint for calls for
 * single pages that follow: for addresses far from each other these mostly wait for memory, and here
 * the waits overlap.
 *
 * Nothing is changed and nothing checked; some tens of addresses at a time are best.
 *
 * @param vaddrs  @p count addresses, in any order; those that are not canonical do not count
 * @param count   how many
 */
void dd_paging_prefetch(const struct dd_address_space *space, const dd_vaddr *vaddrs, size_t count);

#endif
