/* SPDX-License-Identifier: MIT */
/**
 * @file
 * 4-level page tables: map, unmap, protect and translate pages and ranges.
 *
 * The tables are in frames from kernel_api.h. A call that fails has changed
 * nothing: every entry keeps its bits and no frame is kept.
 *
 * Preconditions of every function:
 *  - 4-level paging, CR4.LA57 = 0, and no process-context identifiers, CR4.PCIDE = 0;
 *  - the caller has the address space to itself during the call (its lock is held);
 *  - other processors that use the space are told by the caller: only the TLB
 *    of the processor that makes the call is invalidated. Until they have been
 *    told they must not use the pages, or an accessed or dirty bit that they
 *    set meanwhile may be lost.
 *
 * Tables made here allow everything and the entry of a page decides; existing
 * table entries are never changed to allow more, since that would widen every
 * other mapping below them. So tables made elsewhere may withhold a right from
 * all pages below: a call that asks for such a right gives DD_ENOTSUP.
 *
 * The upper half of the address space is the kernel's, and kernels share it
 * between address spaces by copying PML4 entries 256 to 511. A table that such
 * an entry references is therefore never freed once it is there.
 */
#ifndef DRYDOCK_PAGING_H
#define DRYDOCK_PAGING_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/** Sizes of pages, in bytes. Spec: [SDM 3A] 4.5.4. */
enum dd_page_size {
    DD_PAGE_4K = 0x1000,
    DD_PAGE_2M = 0x200000,
    DD_PAGE_1G = 0x40000000, /**< not on every processor: see dd_address_space */
};

/**
 * What a mapping allows and how it is cached; or-ed together in an unsigned int.
 *
 * Reading is always allowed to the supervisor. The last three select entry
 * 4 * PAT + 2 * UNCACHED + WRITE_THROUGH of the page attribute table, which
 * after reset is write-back for 0 and 4, write-through for 1 and 5, uncached
 * unless the MTRRs say write-combining for 2 and 6, and uncached for 3 and 7.
 *
 * Spec: [SDM 3A] 4.6 (rights), 4.10.2.4 (global pages), 4.9.2 and 12.12 (caching).
 */
enum dd_map_flag {
    DD_MAP_WRITE = 0x01,         /**< R/W: stores allowed */
    DD_MAP_USER = 0x02,          /**< U/S: user-mode accesses allowed */
    DD_MAP_EXECUTE = 0x04,       /**< fetches allowed; without it XD is set if EFER.NXE is on */
    DD_MAP_GLOBAL = 0x08,        /**< G: stays in the TLB when CR3 is loaded, if CR4.PGE is on */
    DD_MAP_WRITE_THROUGH = 0x10, /**< PWT: bit 0 of the index into the page attribute table */
    DD_MAP_UNCACHED = 0x20,      /**< PCD: bit 1 of it */
    DD_MAP_PAT = 0x40,           /**< PAT: bit 2 of it */
};

/**
 * Handle of an address space. Filled in by dd_paging_create() or
 * dd_paging_current(), then only read. It may be copied.
 */
struct dd_address_space {
    dd_paddr root;          /**< frame of the PML4 table */
    bool no_execute;        /**< EFER.NXE is on; otherwise every page can be executed */
    bool pages_1g;          /**< the processor has 1-GByte pages */
    uint8_t physical_width; /**< bits of a physical address, MAXPHYADDR: at most 52 */
};

/** Where an address leads. */
struct dd_translation {
    dd_paddr address;       /**< physical address of the very byte */
    enum dd_page_size size; /**< of the page it is in */
    unsigned int flags;     /**< DD_MAP_…: rights that every entry on the path grants */
};

/**
 * Make an empty address space: one frame, all 512 entries not present.
 *
 * Nothing is mapped in it, the running code neither; see dd_paging_activate().
 *
 * @param[out] space  the handle; EFER.NXE and CPUID are read to fill it in
 * @retval DD_OK          *space is valid until dd_paging_destroy()
 * @retval DD_ENOMEM      no frame; *space untouched
 * @retval DD_EMALFORMED  the kernel handed out a frame it cannot reach, and got it back;
 *                        *space untouched
 *
 * Spec: [SDM 3A] 4.1.4 (width and 1-GByte pages), 2.2.1 (EFER).
 */
DD_MUST_CHECK enum dd_status dd_paging_create(struct dd_address_space *space);

/**
 * The address space the processor is using: the one in CR3.
 *
 * @param[out] space  the handle; CR3, EFER.NXE and CPUID are read to fill it in
 *
 * Spec: [SDM 3A] 4.5.2, table 4-12.
 */
void dd_paging_current(struct dd_address_space *space);

/**
 * Load CR3, with PWT = PCD = 0. TLB entries go, those of global pages stay.
 *
 * @param space  must map the running code and its stack just as the current one does
 *
 * Spec: [SDM 3A] 4.5.2, table 4-12; 4.10.4.1.
 */
void dd_paging_activate(const struct dd_address_space *space);

/**
 * Free the root and all tables of the lower half; not the frames that were mapped.
 *
 * Tables of the upper half stay: they may be shared with other address spaces.
 *
 * @param space  from dd_paging_create(), in use on no processor, without global pages in its
 *               lower half (loading another CR3 left those in the TLB), and not used any more
 *
 * Spec: [SDM 3A] 4.10.4.1.
 */
void dd_paging_destroy(const struct dd_address_space *space);

/**
 * Map one page.
 *
 * No TLB is invalidated: what was not present cannot be in one.
 *
 * @param vaddr  first byte of the page: canonical, a multiple of @p size
 * @param paddr  physical address it leads to: a multiple of @p size, within MAXPHYADDR
 * @param flags  DD_MAP_…; 0 is read-only for the supervisor
 * @retval DD_OK          mapped; at most three frames were allocated for tables
 * @retval DD_EARG        @p size is none, an unknown flag, or @p paddr beyond MAXPHYADDR
 * @retval DD_EALIGN      @p vaddr or @p paddr not a multiple of @p size
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_ENOTSUP     1-GByte pages are not on this processor, or a table made elsewhere
 *                        withholds a right that @p flags asks for
 * @retval DD_EEXIST      the entry is in use: a page of this size, or not present but not zero
 *                        (something of the kernel's own)
 * @retval DD_EPAGESIZE   a larger page is mapped there, or a table is where the page would be
 * @retval DD_EMALFORMED  an entry on the path has reserved bits set or leads outside memory,
 *                        or the kernel handed out a frame it cannot reach, and got it back
 * @retval DD_ENOMEM      no frame for a table
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.5.4, tables 4-15 to 4-20; 4.10.4.3.
 */
DD_MUST_CHECK enum dd_status dd_paging_map_page(const struct dd_address_space *space,
                                                dd_vaddr vaddr, dd_paddr paddr,
                                                enum dd_page_size size, unsigned int flags);

/**
 * Unmap one page and free the tables that became empty.
 *
 * The page is invalidated in the TLB of this processor.
 *
 * @param vaddr       first byte of the page: canonical, a multiple of @p size
 * @param[out] frame  physical address the page led to; it stays the caller's
 * @retval DD_OK          unmapped, *frame is valid
 * @retval DD_EARG        @p size is none; *frame untouched, as after all other failures
 * @retval DD_EALIGN      @p vaddr not a multiple of @p size
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_ENOTSUP     1-GByte pages are not on this processor
 * @retval DD_ENOTMAPPED  nothing is mapped there
 * @retval DD_EPAGESIZE   mapped with a larger page, or a table is where the page would be
 * @retval DD_EMALFORMED  an entry on the path has reserved bits set or leads outside memory
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.10.4.1, 4.10.4.2.
 */
DD_MUST_CHECK enum dd_status dd_paging_unmap_page(const struct dd_address_space *space,
                                                  dd_vaddr vaddr, enum dd_page_size size,
                                                  dd_paddr *frame);

/**
 * Replace the flags of one page.
 *
 * The address, the accessed and dirty bits, the protection key and the bits
 * left to software keep their values. The page is invalidated in the TLB of
 * this processor.
 *
 * @param vaddr  first byte of the page: canonical, a multiple of @p size
 * @param flags  DD_MAP_…: all of them anew
 * @retval DD_OK          replaced
 * @retval DD_EARG        @p size is none, or an unknown flag
 * @retval DD_EALIGN      @p vaddr not a multiple of @p size
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_ENOTSUP     1-GByte pages are not on this processor, or a table made elsewhere
 *                        withholds a right that @p flags asks for
 * @retval DD_ENOTMAPPED  nothing is mapped there
 * @retval DD_EPAGESIZE   mapped with a larger page, or a table is where the page would be
 * @retval DD_EMALFORMED  an entry on the path has reserved bits set or leads outside memory
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.6, 4.10.4.2.
 */
DD_MUST_CHECK enum dd_status dd_paging_protect_page(const struct dd_address_space *space,
                                                    dd_vaddr vaddr, enum dd_page_size size,
                                                    unsigned int flags);

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
 * Map a range with the largest pages that fit: those to which both addresses
 * are aligned, which lie within the range, and where no smaller tables stand.
 *
 * @param vaddr   first byte: canonical, a multiple of 4096
 * @param paddr   physical address it leads to: a multiple of 4096
 * @param length  bytes, a multiple of 4096, not 0; the physical range is within MAXPHYADDR
 * @param flags   DD_MAP_…; 0 is read-only for the supervisor
 * @retval DD_OK          the whole range is mapped
 * @retval DD_EARG        @p length is 0, an unknown flag, or the physical range beyond MAXPHYADDR
 * @retval DD_EALIGN      an address or @p length not a multiple of 4096
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_EWRAP       the range leaves its half of the address space
 * @retval DD_ENOTSUP     a table made elsewhere withholds a right that @p flags asks for
 * @retval DD_EEXIST      some part of the range is mapped, or its entry not present but not zero
 * @retval DD_EMALFORMED  an entry on the way has reserved bits set or leads outside memory,
 *                        or the kernel handed out a frame it cannot reach, and got it back
 * @retval DD_ENOMEM      not enough frames for tables
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.5.4, tables 4-15 to 4-20.
 */
DD_MUST_CHECK enum dd_status dd_paging_map_range(const struct dd_address_space *space,
                                                 dd_vaddr vaddr, dd_paddr paddr, uint64_t length,
                                                 unsigned int flags);

/**
 * Unmap a range and free the tables that became empty.
 *
 * Every page is invalidated in the TLB of this processor. Pages are not split:
 * a large page must lie in the range as a whole.
 *
 * @param vaddr   first byte: canonical, a multiple of 4096
 * @param length  bytes, a multiple of 4096, not 0
 * @retval DD_OK          nothing in the range is mapped any more
 * @retval DD_EARG        @p length is 0
 * @retval DD_EALIGN      @p vaddr or @p length not a multiple of 4096
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_EWRAP       the range leaves its half of the address space
 * @retval DD_ENOTMAPPED  some part of the range is not mapped
 * @retval DD_EPAGESIZE   a large page is partly outside the range
 * @retval DD_EMALFORMED  an entry on the way has reserved bits set or leads outside memory
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.10.4.1, 4.10.4.2.
 */
DD_MUST_CHECK enum dd_status dd_paging_unmap_range(const struct dd_address_space *space,
                                                   dd_vaddr vaddr, uint64_t length);

/**
 * Replace the flags of all pages of a range, as dd_paging_protect_page() does.
 *
 * Pages are not split: a large page must lie in the range as a whole.
 *
 * @param vaddr   first byte: canonical, a multiple of 4096
 * @param length  bytes, a multiple of 4096, not 0
 * @param flags   DD_MAP_…: all of them anew
 * @retval DD_OK          replaced on every page
 * @retval DD_EARG        @p length is 0, or an unknown flag
 * @retval DD_EALIGN      @p vaddr or @p length not a multiple of 4096
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_EWRAP       the range leaves its half of the address space
 * @retval DD_ENOTSUP     a table made elsewhere withholds a right that @p flags asks for
 * @retval DD_ENOTMAPPED  some part of the range is not mapped
 * @retval DD_EPAGESIZE   a large page is partly outside the range
 * @retval DD_EMALFORMED  an entry on the way has reserved bits set or leads outside memory
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.6, 4.10.4.2.
 */
DD_MUST_CHECK enum dd_status dd_paging_protect_range(const struct dd_address_space *space,
                                                     dd_vaddr vaddr, uint64_t length,
                                                     unsigned int flags);

#endif
