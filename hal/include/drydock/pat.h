/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The page attribute table, IA32_PAT, as eight memory types.
 *
 * Entries of page tables name one of the eight: see dd_cache_type_of() and
 * dd_cache_flags() of paging_entry.h. DD_CACHE_PAT_RESET is the value after reset.
 */
#ifndef DRYDOCK_PAT_H
#define DRYDOCK_PAT_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/paging_entry.h"
#include "drydock/status.h"

/** Spec: [SDM 3A] 11.12.2, figure 11-9. */
struct dd_pat {
    enum dd_cache_type entry[8]; /**< PA0 .. PA7 */
};

/**
 * Make a value of IA32_PAT.
 *
 * @param pat         read, not kept
 * @param[out] value  for the register
 * @retval DD_OK    *value is valid
 * @retval DD_EARG  an entry is no memory type; *value untouched
 *
 * Spec: [SDM 3A] 11.12.2, table 11-10.
 */
DD_MUST_CHECK enum dd_status dd_pat_encode(const struct dd_pat *pat, uint64_t *value);

/**
 * Read a value of IA32_PAT.
 *
 * @param[out] pat  its entries
 * @retval DD_OK          *pat is valid
 * @retval DD_EMALFORMED  a byte is no memory type; *pat untouched
 *
 * Spec: [SDM 3A] 11.12.2, table 11-10.
 */
DD_MUST_CHECK enum dd_status dd_pat_decode(uint64_t value, struct dd_pat *pat);

/**
 * The table of this processor.
 *
 * @param[out] pat  its entries
 * @retval DD_OK          *pat is valid
 * @retval DD_EMALFORMED  see dd_pat_decode(); *pat untouched
 *
 * Spec: [SDM 3A] 11.12.2.
 */
DD_MUST_CHECK enum dd_status dd_pat_read(struct dd_pat *pat);

/**
 * Replace the table of this processor.
 *
 * The caller sees to what the manual asks for: the same table on all processors, and caches and
 * TLBs flushed where a type in use changes.
 *
 * @param pat  read, not kept
 * @retval DD_OK    written
 * @retval DD_EARG  an entry is no memory type; nothing changed
 *
 * Spec: [SDM 3A] 11.12.2, 11.12.4.
 */
DD_MUST_CHECK enum dd_status dd_pat_write(const struct dd_pat *pat);

#endif
