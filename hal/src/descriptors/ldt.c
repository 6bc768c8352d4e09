/* SPDX-License-Identifier: MIT */
/*
 * A local descriptor table adds segments to those of the GDT for as long as its
 * selector is in LDTR, for instance while one program runs. It may hold code,
 * data and call gates, but no task-state segment and no other local table.
 */
#include "drydock/ldt.h"

#include "drydock/arch/insn.h"
#include "drydock/selector.h"

enum dd_status dd_ldt_init(struct dd_ldt *ldt, uint64_t *entries, size_t capacity)
{
    if (capacity == 0 || capacity > DD_DESCRIPTOR_TABLE_MAX) {
        return DD_EARG;
    }
    ldt->entries = entries;
    ldt->capacity = (uint16_t)capacity;
    ldt->used = 0;
    return DD_OK;
}

enum dd_status dd_ldt_add(struct dd_ldt *ldt, const struct dd_descriptor *descriptor,
                          uint16_t *selector)
{
    enum dd_descriptor_kind kind = dd_descriptor_kind(descriptor);
    unsigned int count = dd_descriptor_entries(descriptor);
    enum dd_status status = DD_OK;

    if (kind != DD_DESCRIPTOR_CODE && kind != DD_DESCRIPTOR_DATA &&
        kind != DD_DESCRIPTOR_CALL_GATE) {
        return DD_EARG;
    }
    if (ldt->used + count > ldt->capacity) {
        return DD_EFULL;
    }
    status = dd_selector_make(ldt->used, DD_SELECTOR_LDT, dd_descriptor_dpl(descriptor), selector);
    if (status != DD_OK) {
        return status;
    }
    ldt->entries[ldt->used] = descriptor->low;
    if (count == 2) {
        ldt->entries[ldt->used + 1] = descriptor->high;
    }
    ldt->used = (uint16_t)(ldt->used + count);
    return DD_OK;
}

void dd_ldt_load(uint16_t selector)
{
    dd_lldt(selector);
}
