/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Tables reached through a recursive slot: an entry of the root that
 * references the root.
 *
 * A walk through the slot spends a level there, so it ends one table early:
 * the page it finds is a table. With the slot used n times, the tables of
 * level n appear, and only those of the address space in CR3. The entry itself
 * is never changed: addresses behind it give DD_ELOOP.
 *
 * A frame that is not linked yet appears nowhere. One page of the kernel, the
 * scratch page, is turned to each for a moment, and invalidated on this processor
 * alone: each processor has one of its own, or a lock is held during all calls
 * that use it.
 *
 * Spec: [SDM 3A] 4.5.
 */
#ifndef DRYDOCK_PAGING_RECURSIVE_H
#define DRYDOCK_PAGING_RECURSIVE_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/paging_memory.h"
#include "drydock/status.h"

/** The accessor of a struct dd_paging_memory. Made by dd_paging_recursive_open(). */
struct dd_paging_recursive {
    unsigned int slot; /**< index of the entry in the root, 0..511 */
    uint8_t levels;    /**< 4 or 5 */
    dd_paddr root;     /**< of the address space in use */
    dd_vaddr scratch;  /**< page that shows frames that are not linked */
};

/**
 * The address at which a recursive slot shows a table.
 *
 * @param slot    index of the entry in the root, 0..511
 * @param levels  4 or 5
 * @param place   level 1..levels, and an address it serves
 *
 * Spec: [SDM 3A] 4.5.4.
 */
dd_vaddr dd_paging_recursive_address(unsigned int slot, unsigned int levels,
                                     struct dd_paging_place place);

/**
 * Use the recursive slot of the address space in CR3.
 *
 * @param[out] recursive  the accessor
 * @param root            where the slot shows the root: all indices of the address are the slot's;
 *                        it is read, so it has to be mapped
 * @param scratch         first byte of a 4-KByte page of the kernel's for the library alone: its
 *                        page table exists; of this processor's, or under a lock
 * @retval DD_OK          *recursive is valid
 * @retval DD_EARG        @p root is no such address, or @p scratch no canonical multiple of 4096;
 *                        *recursive untouched, as after the other failures
 * @retval DD_EMALFORMED  the entry does not reference a table: it is not recursive
 * @retval DD_ENOENT      the entry references a root that is not in CR3: it is not active
 *
 * Spec: [SDM 3A] 4.5.2, 4.5.4.
 */
DD_MUST_CHECK enum dd_status dd_paging_recursive_open(struct dd_paging_recursive *recursive,
                                                      dd_vaddr root, dd_vaddr scratch);

/** `pointer` of struct dd_paging_memory. @param accessor  a struct dd_paging_recursive */
void *dd_paging_recursive_pointer(void *accessor, dd_paddr frame, struct dd_paging_place place);

/** `shown_at` of struct dd_paging_memory. @param accessor  a struct dd_paging_recursive */
dd_vaddr dd_paging_recursive_shown_at(void *accessor, struct dd_paging_place place);

#endif
