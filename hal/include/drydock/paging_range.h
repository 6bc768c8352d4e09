/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Page tables, range by range. What paging.h says holds here too: a call that
 * fails has changed nothing, and what live tables lost is pending.
 *
 * A range is at once as fast as memory and as safe as a page: it is checked as
 * a whole, table by table, and only then changed.
 *
 * Spec: [SDM 3A] 4.5.
 */
#ifndef DRYDOCK_PAGING_RANGE_H
#define DRYDOCK_PAGING_RANGE_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/paging.h"
#include "drydock/status.h"

/** What is done about a large page that is partly outside a range. */
enum dd_paging_partly {
    DD_PARTLY_REFUSE, /**< DD_EPAGESIZE */
    DD_PARTLY_SPLIT,  /**< it is split into smaller pages, which takes frames */
};

/** What is done to the pages of a range. */
struct dd_paging_protection {
    struct dd_paging_change change;
    enum dd_paging_partly partly;
};

/**
 * Map a range with the largest pages that fit: those to which both addresses
 * are aligned, which lie within the range, and where no smaller tables stand.
 *
 * @param vaddr   first byte: canonical, a multiple of 4096
 * @param paddr   physical address it leads to: a multiple of 4096
 * @param length  bytes, a multiple of 4096, not 0; the physical range is within MAXPHYADDR
 * @param flags   DD_MAP_…; 0 is read-only for the supervisor
 * @retval DD_OK          the whole range is mapped; nothing is pending
 * @retval DD_EARG        @p length is 0, an unknown flag, or the physical range beyond MAXPHYADDR
 * @retval DD_EALIGN      an address or @p length not a multiple of 4096
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_EWRAP       the range leaves its half of the address space
 * @retval DD_ENOTSUP     there is no encryption bit, or a table made elsewhere withholds a right
 *                        that @p flags asks for
 * @retval DD_EEXIST      some part of the range is mapped, or its entry is of software
 * @retval DD_EMALFORMED  an entry on the way has reserved bits set or leads outside memory,
 *                        or the kernel handed out a frame it cannot reach, and got it back
 * @retval DD_ELOOP       a table on the way is its own ancestor
 * @retval DD_ENOMEM      not enough frames for tables
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.5.4, tables 4-14 to 4-20.
 */
DD_MUST_CHECK enum dd_status dd_paging_map_range(const struct dd_address_space *space,
                                                 dd_vaddr vaddr, dd_paddr paddr, uint64_t length,
                                                 unsigned int flags);

/**
 * Map a range where it is: each linear address leads to the same physical one.
 *
 * Parameters and statuses are those of dd_paging_map_range(). DD_ECANONICAL or DD_EWRAP: physical
 * addresses that are no linear ones.
 */
DD_MUST_CHECK enum dd_status dd_paging_map_identity(const struct dd_address_space *space,
                                                    dd_paddr paddr, uint64_t length,
                                                    unsigned int flags);

/**
 * Unmap a range and take out the tables that became empty.
 *
 * @param vaddr            first byte: canonical, a multiple of 4096
 * @param length           bytes, a multiple of 4096, not 0
 * @param partly           what is done about large pages partly outside
 * @param[in,out] pending  gets the pages and tables
 * @retval DD_OK          nothing in the range is mapped any more
 * @retval DD_EARG        @p length is 0, @p partly is none, @p pending is NULL or has tables of
 *                        other memory
 * @retval DD_EALIGN      @p vaddr or @p length not a multiple of 4096
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_EWRAP       the range leaves its half of the address space
 * @retval DD_ENOTMAPPED  some part of the range is not mapped
 * @retval DD_EPAGESIZE   a large page is partly outside the range, and not to be split
 * @retval DD_EMALFORMED  an entry on the way has reserved bits set or leads outside memory
 * @retval DD_ELOOP       a table on the way is its own ancestor
 * @retval DD_ENOMEM      not enough frames to split
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.10.4.1, 4.10.4.2.
 */
DD_MUST_CHECK enum dd_status dd_paging_unmap_range(const struct dd_address_space *space,
                                                   dd_vaddr vaddr, uint64_t length,
                                                   enum dd_paging_partly partly,
                                                   struct dd_tlb_pending *pending);

/**
 * Empty a range: whatever its entries are, pages, of software, or empty.
 *
 * Parameters and statuses are those of dd_paging_unmap_range(), without DD_ENOTMAPPED. An entry of
 * software that stands for more than a page and is partly outside the range gives DD_EPAGESIZE,
 * whatever @p partly says.
 */
DD_MUST_CHECK enum dd_status dd_paging_clear_range(const struct dd_address_space *space,
                                                   dd_vaddr vaddr, uint64_t length,
                                                   enum dd_paging_partly partly,
                                                   struct dd_tlb_pending *pending);

/**
 * Replace flags of all pages of a range, as dd_paging_protect_page() does.
 *
 * @param vaddr            first byte: canonical, a multiple of 4096
 * @param length           bytes, a multiple of 4096, not 0
 * @param protection       which flags and their values, and what is done about large pages partly
 *                         outside
 * @param[in,out] pending  gets the pages
 * @retval DD_OK          replaced on every page
 * @retval DD_EARG        @p length is 0, an unknown flag, @p pending is NULL or has tables of other
 *                        memory
 * @retval DD_EALIGN      @p vaddr or @p length not a multiple of 4096
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_EWRAP       the range leaves its half of the address space
 * @retval DD_ENOTSUP     there is no encryption bit, or a table made elsewhere withholds a right
 *                        that the change asks for
 * @retval DD_ENOTMAPPED  some part of the range is not mapped
 * @retval DD_EPAGESIZE   a large page is partly outside the range, and not to be split
 * @retval DD_EMALFORMED  an entry on the way has reserved bits set or leads outside memory
 * @retval DD_ELOOP       a table on the way is its own ancestor
 * @retval DD_ENOMEM      not enough frames to split
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.6, 4.10.4.2.
 */
DD_MUST_CHECK enum dd_status dd_paging_protect_range(const struct dd_address_space *space,
                                                     dd_vaddr vaddr, uint64_t length,
                                                     struct dd_paging_protection protection,
                                                     struct dd_tlb_pending *pending);

/**
 * Take out the tables of a range that are empty, as after entries were cleared by hand.
 *
 * The root and the tables that entries of its upper half reference stay.
 *
 * @param vaddr            first byte: canonical, a multiple of 4096
 * @param length           bytes, a multiple of 4096, not 0; a table of which it has a part counts
 * @param[in,out] pending  gets the tables
 * @retval DD_OK  no table in the range is empty
 * @return otherwise as of dd_paging_clear_range(); the tables are as before
 *
 * Spec: [SDM 3A] 4.10.4.1.
 */
DD_MUST_CHECK enum dd_status dd_paging_reclaim(const struct dd_address_space *space, dd_vaddr vaddr,
                                               uint64_t length, struct dd_tlb_pending *pending);

#endif
