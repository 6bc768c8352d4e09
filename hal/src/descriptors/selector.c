/* SPDX-License-Identifier: MIT */
/*
 * A selector is an index that has been multiplied by 8 already, with the table
 * and the asker's privilege level in the bits that leaves free. An index that
 * does not fit would silently name another entry: so it is refused.
 */
#include "drydock/selector.h"

enum {
    HIGHEST_PRIVILEGE_LEVEL = 3
};

enum dd_status dd_selector_make(unsigned int index, enum dd_selector_table table, unsigned int rpl,
                                uint16_t *selector)
{
    uint64_t made = 0;

    if (index >= DD_DESCRIPTOR_TABLE_MAX || (unsigned int)table > DD_SELECTOR_LDT ||
        rpl > HIGHEST_PRIVILEGE_LEVEL) {
        return DD_EARG;
    }
    made = DD_SET(made, DD_SELECTOR_INDEX, index);
    made = DD_SET(made, DD_SELECTOR_TI, table);
    *selector = (uint16_t)DD_SET(made, DD_SELECTOR_RPL, rpl);
    return DD_OK;
}

enum dd_status dd_selector_set_rpl(unsigned int rpl, uint16_t *selector)
{
    if (rpl > HIGHEST_PRIVILEGE_LEVEL) {
        return DD_EARG;
    }
    *selector = (uint16_t)DD_SET(*selector, DD_SELECTOR_RPL, rpl);
    return DD_OK;
}
