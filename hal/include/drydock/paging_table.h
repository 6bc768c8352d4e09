/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What the entry of a table grants to everything that is mapped below it.
 *
 * Tables made by the library grant everything, and the entry of a page decides.
 * With one write to the entry of a table a right is withheld from 2 MiB to
 * 256 TiB of addresses at once, and given back: the pages keep what their own
 * entries say.
 */
#ifndef DRYDOCK_PAGING_TABLE_H
#define DRYDOCK_PAGING_TABLE_H

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/paging.h"
#include "drydock/status.h"

/**
 * Replace the rights that the entry of a table grants.
 *
 * While it withholds a right, calls that ask for it below give DD_ENOTSUP, see paging.h;
 * dd_paging_translate() tells what is effective.
 *
 * @param vaddr            first address that the entry stands for: canonical, a multiple of
 *                         dd_table_entry_bytes(@p level)
 * @param level            of the entry: 2 (a PDE) up to the levels of @p space
 * @param rights           those of DD_MAP_RIGHTS that are granted; without EFER.NXE fetches are
 *                         always allowed
 * @param[in,out] pending  gets everything: the pages below may be any, global ones among them;
 *                         nothing, if the entry was so already
 * @retval DD_OK          replaced
 * @retval DD_EARG        @p level or @p rights is none, @p pending is NULL or has tables of other
 *                        memory
 * @retval DD_EALIGN      @p vaddr is not the first address of an entry
 * @retval DD_ECANONICAL  @p vaddr not canonical
 * @retval DD_ENOTMAPPED  there is no table: an entry there or above is not present
 * @retval DD_EPAGESIZE   a page of this size or a larger one is mapped there
 * @retval DD_EMALFORMED  an entry on the path has reserved bits set or leads outside memory
 * @retval DD_ELOOP       the table is its own ancestor: a recursive slot
 *
 * After a failure the tables are as before. An entry of the upper half may be shared: only this
 * address space's copy in the root changes, the tables below are the same for all.
 *
 * Spec: [SDM 3A] 4.6.1 (rights of every entry on the path), 4.10.4.1, 4.10.4.2.
 */
DD_MUST_CHECK enum dd_status dd_paging_protect_table(const struct dd_address_space *space,
                                                     dd_vaddr vaddr, unsigned int level,
                                                     unsigned int rights,
                                                     struct dd_tlb_pending *pending);

#endif
