/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Large pages made smaller and small pages made large, with the same meaning
 * for every access.
 */
#ifndef DRYDOCK_PAGING_SPLIT_H
#define DRYDOCK_PAGING_SPLIT_H

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/paging.h"
#include "drydock/status.h"

/**
 * Split a large page into 512 pages of the next smaller size, with all its flags.
 *
 * @param vaddr            first byte of the page: canonical, a multiple of @p size
 * @param size             of the page that there is: 2 MiB or 1 GiB
 * @param[in,out] pending  gets the page: the TLB must not hold two sizes for one address
 * @retval DD_OK          split; one frame was allocated
 * @retval DD_EARG        @p size is none or the smallest, @p pending is NULL or has tables of other
 *                        memory
 * @retval DD_ENOTMAPPED  nothing is mapped there
 * @retval DD_EPAGESIZE   the page there is of another size
 * @retval DD_ENOMEM      no frame
 * @return otherwise a status all functions of paging.h share
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.10.2.3, tables 4-16, 4-18, 4-20.
 */
DD_MUST_CHECK enum dd_status dd_paging_split(const struct dd_address_space *space, dd_vaddr vaddr,
                                             enum dd_page_size size,
                                             struct dd_tlb_pending *pending);

/**
 * Merge 512 pages into one of the next larger size.
 *
 * They must lead to memory without a gap and aligned, with the same flags. Accessed and dirty do
 * not count: the large page has them if any of the pages had, or if another processor may still set
 * them: the address space is not exclusive (dirty: and the pages can be written). Rights that the table
 * withholds from its pages are withheld from the large page.
 *
 * @param vaddr            first byte of the large page: canonical, a multiple of @p size
 * @param size             of the page there will be: 2 MiB or 1 GiB
 * @param[in,out] pending  gets the pages and the table
 * @retval DD_OK          merged
 * @retval DD_EARG        @p size is none or the smallest, @p pending is NULL or has tables of other
 *                        memory
 * @retval DD_ENOTMAPPED  some page is missing
 * @retval DD_EPAGESIZE   there is a page of this size already, or not all pages are of the next
 *                        smaller size
 * @retval DD_EALIGN      the memory is not aligned to @p size
 * @retval DD_EMIXED      the memory has a gap, or flags differ
 * @retval DD_ENOTSUP     1-GByte pages are not on this processor
 * @return otherwise a status all functions of paging.h share
 *
 * After a failure the tables are as before. Spec: [SDM 3A] 4.10.2.3, tables 4-16, 4-18, 4-20.
 */
DD_MUST_CHECK enum dd_status dd_paging_merge(const struct dd_address_space *space, dd_vaddr vaddr,
                                             enum dd_page_size size,
                                             struct dd_tlb_pending *pending);

#endif
