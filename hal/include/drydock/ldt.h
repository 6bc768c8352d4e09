/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A local descriptor table, in the caller's memory. Its own descriptor goes
 * into a GDT: dd_gdt_add_ldt.
 */
#ifndef DRYDOCK_LDT_H
#define DRYDOCK_LDT_H

#include <stddef.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/descriptor.h"
#include "drydock/status.h"

/** A table and the memory it is in, both owned by the caller. Entry 0 is one like the others. */
struct dd_ldt {
    uint64_t *entries;
    uint16_t capacity; /**< entries there is room for, 1..8192 */
    uint16_t used;     /**< entries in use, 0..capacity */
};

/**
 * Make an empty table.
 *
 * @param entries   memory for the table, best aligned to 8 bytes
 * @param capacity  entries of 8 bytes there is room for, 1..8192
 * @retval DD_OK    *ldt is valid
 * @retval DD_EARG  capacity out of range; *ldt untouched
 *
 * Spec: [SDM 3A] 3.5.1.
 */
DD_MUST_CHECK enum dd_status dd_ldt_init(struct dd_ldt *ldt, uint64_t *entries, size_t capacity);

/**
 * Append a descriptor.
 *
 * @param descriptor     a code or data segment, which takes one entry, or a call gate, which
 *                       takes two
 * @param[out] selector  selector of it; TI is 1 and its RPL the DPL
 * @retval DD_OK     *selector is valid
 * @retval DD_EARG   a descriptor that must not be in an LDT; *ldt and *selector untouched
 * @retval DD_EFULL  too few entries left; *ldt and *selector untouched
 *
 * Spec: [SDM 3A] 3.5, 3.5.1.
 */
DD_MUST_CHECK enum dd_status dd_ldt_add(struct dd_ldt *ldt, const struct dd_descriptor *descriptor,
                                        uint16_t *selector);

/**
 * Load the local descriptor table register.
 *
 * @param selector  from dd_gdt_add_ldt, of the GDT that is loaded; null: no table from now on
 *
 * Spec: [SDM 3A] 2.4.2.
 */
void dd_ldt_load(uint16_t selector);

#endif
