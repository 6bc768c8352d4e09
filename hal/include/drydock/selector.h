/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Segment selectors: which entry of which descriptor table, asked for with
 * which privilege.
 *
 * Spec: [SDM 3A] 3.4.2, figure 3-6.
 */
#ifndef DRYDOCK_SELECTOR_H
#define DRYDOCK_SELECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/descriptor_regs.h"
#include "drydock/status.h"

/** Entries of 8 bytes a GDT or an LDT can have. */
#define DD_DESCRIPTOR_TABLE_MAX 8192

/** The null selector. */
#define DD_SELECTOR_NULL UINT16_C(0)

/** The table a selector points into: its TI bit. */
enum dd_selector_table {
    DD_SELECTOR_GDT = 0,
    DD_SELECTOR_LDT = 1,
};

/**
 * Make a selector.
 *
 * @param index          entry of the table, 0..8191
 * @param table          which table
 * @param rpl            requested privilege level, 0..3
 * @param[out] selector  the selector
 * @retval DD_OK    *selector is valid
 * @retval DD_EARG  an argument is out of range; *selector untouched
 *
 * Spec: [SDM 3A] 3.4.2.
 */
DD_MUST_CHECK enum dd_status dd_selector_make(unsigned int index, enum dd_selector_table table,
                                              unsigned int rpl, uint16_t *selector);

/**
 * Replace the requested privilege level of a selector.
 *
 * @param rpl               0..3
 * @param[in,out] selector  index and table stay as they are
 * @retval DD_OK    *selector has the new level
 * @retval DD_EARG  rpl is above 3; *selector untouched
 *
 * Spec: [SDM 3A] 3.4.2.
 */
DD_MUST_CHECK enum dd_status dd_selector_set_rpl(unsigned int rpl, uint16_t *selector);

/** Entry of the table, 0..8191. Spec: [SDM 3A] 3.4.2. */
static inline unsigned int dd_selector_index(uint16_t selector)
{
    return (unsigned int)DD_GET(selector, DD_SELECTOR_INDEX);
}

/** The table it points into. Spec: [SDM 3A] 3.4.2. */
static inline enum dd_selector_table dd_selector_table(uint16_t selector)
{
    return DD_GET(selector, DD_SELECTOR_TI) == 0 ? DD_SELECTOR_GDT : DD_SELECTOR_LDT;
}

/** Requested privilege level, 0..3. Spec: [SDM 3A] 3.4.2. */
static inline unsigned int dd_selector_rpl(uint16_t selector)
{
    return (unsigned int)DD_GET(selector, DD_SELECTOR_RPL);
}

/** Whether it is a null selector: entry 0 of the GDT, with any RPL. Spec: [SDM 3A] 3.4.2. */
static inline bool dd_selector_is_null(uint16_t selector)
{
    return (selector & ~DD_BITS(DD_SELECTOR_RPL)) == 0;
}

#endif
