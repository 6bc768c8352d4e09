/* SPDX-License-Identifier: MIT */
/**
 * @file
 * How a virtual address selects entries of page tables.
 *
 * Levels are numbers, counted as the walk goes down: 5 (PML5), 4 (PML4), 3
 * (page-directory-pointer table), 2 (page directory), 1 (page table).
 */
#ifndef DRYDOCK_TABLE_INDEX_H
#define DRYDOCK_TABLE_INDEX_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/** Entries of a page table, at every level. Spec: [SDM 3A] 4.5. */
#define DD_TABLE_ENTRIES 512u

/**
 * Bytes of address space that one entry of a level stands for: 4 KiB, 2 MiB, 1 GiB, …
 *
 * @param level  1..5
 *
 * Spec: [SDM 3A] 4.5.4.
 */
static inline uint64_t dd_table_entry_bytes(unsigned int level)
{
    return UINT64_C(1) << (9 * level + 3);
}

/**
 * Bytes of address space that a whole table of a level stands for.
 *
 * @param level  1..5
 *
 * Spec: [SDM 3A] 4.5.4.
 */
static inline uint64_t dd_table_bytes(unsigned int level)
{
    return dd_table_entry_bytes(level) * DD_TABLE_ENTRIES;
}

/**
 * Which entry of a table of a level an address selects.
 *
 * @param level  1..5
 * @return 0..511
 *
 * Spec: [SDM 3A] 4.5.4.
 */
static inline unsigned int dd_table_index(dd_vaddr address, unsigned int level)
{
    return (unsigned int)(address.raw / dd_table_entry_bytes(level)) % DD_TABLE_ENTRIES;
}

/**
 * Where in its page an address is.
 *
 * @param size  bytes of the page: a power of two
 * @return 0..@p size - 1
 *
 * Spec: [SDM 3A] 4.5.4.
 */
static inline uint64_t dd_page_offset(dd_vaddr address, uint64_t size)
{
    return address.raw & (size - 1);
}

/**
 * The address that selects given entries: the first byte of what the last one stands for.
 *
 * @param indices       of the levels @p levels, @p levels - 1 … @p lowest, in this order; each 0..511
 * @param levels        of the paging mode: 4 or 5
 * @param lowest        level of the last index: 1 for 4-KByte pages, 2 for 2 MBytes, 3 for 1 GByte;
 *                      up to @p levels
 * @param[out] address  canonical
 * @retval DD_OK    *address is valid
 * @retval DD_EARG  no such level, or an index above 511; *address untouched
 *
 * Spec: [SDM 3A] 4.5.4; [SDM 1] 3.3.7.1.
 */
DD_MUST_CHECK enum dd_status dd_table_address(const unsigned int *indices, unsigned int levels,
                                              unsigned int lowest, dd_vaddr *address);

#endif
