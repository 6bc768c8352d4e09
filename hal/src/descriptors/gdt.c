/* SPDX-License-Identifier: MIT */
/*
 * A table is as long as its limit says, not as the memory it is in: entries that
 * are not in use must not be selectable, since what they hold is whatever was
 * there. So the limit grows with each entry, and is loaded anew by LGDT.
 */
#include "drydock/gdt.h"

#include "drydock/arch/insn.h"
#include "drydock/descriptor_regs.h"

enum dd_status dd_gdt_init(struct dd_gdt *gdt, uint64_t *entries, size_t capacity)
{
    if (capacity == 0 || capacity > DD_DESCRIPTOR_TABLE_MAX) {
        return DD_EARG;
    }
    entries[0] = 0;
    *gdt = (struct dd_gdt){.entries = entries, .capacity = (uint16_t)capacity, .used = 1};
    return DD_OK;
}

/* Whether descriptors of one and two entries fill the table exactly. */
static bool ends_with_a_descriptor(const uint64_t *entries, size_t used)
{
    size_t index = 0;

    while (index < used) {
        index += dd_descriptor_entries(&(struct dd_descriptor){.low = entries[index]});
    }
    return index == used;
}

enum dd_status dd_gdt_adopt(struct dd_gdt *gdt, uint64_t *entries, size_t used, size_t capacity)
{
    if (used == 0 || used > capacity || capacity > DD_DESCRIPTOR_TABLE_MAX) {
        return DD_EARG;
    }
    if (entries[0] != 0 || !ends_with_a_descriptor(entries, used)) {
        return DD_EMALFORMED;
    }
    *gdt =
        (struct dd_gdt){.entries = entries, .capacity = (uint16_t)capacity, .used = (uint16_t)used};
    return DD_OK;
}

enum dd_status dd_gdt_add(struct dd_gdt *gdt, const struct dd_descriptor *descriptor,
                          uint16_t *selector)
{
    enum dd_descriptor_kind kind = dd_descriptor_kind(descriptor);
    unsigned int count = dd_descriptor_entries(descriptor);
    enum dd_status status = DD_OK;

    if (kind == DD_DESCRIPTOR_NULL || kind == DD_DESCRIPTOR_OTHER) {
        return DD_EARG;
    }
    if (gdt->used + count > gdt->capacity) {
        return DD_EFULL;
    }
    status = dd_selector_make(gdt->used, DD_SELECTOR_GDT, dd_descriptor_dpl(descriptor), selector);
    if (status != DD_OK) {
        return status;
    }
    gdt->entries[gdt->used] = descriptor->low;
    if (count == 2) {
        gdt->entries[gdt->used + 1] = descriptor->high;
    }
    gdt->used = (uint16_t)(gdt->used + count);
    return DD_OK;
}

enum dd_status dd_gdt_add_segment(struct dd_gdt *gdt, enum dd_segment segment, uint16_t *selector)
{
    struct dd_descriptor descriptor;
    enum dd_status status = dd_descriptor_make_flat(segment, &descriptor);

    return status == DD_OK ? dd_gdt_add(gdt, &descriptor, selector) : status;
}

static enum dd_status add_system(struct dd_gdt *gdt, enum dd_descriptor_kind kind, uint64_t base,
                                 uint32_t limit, uint16_t *selector)
{
    struct dd_descriptor descriptor;
    enum dd_status status =
        dd_descriptor_make_system(kind, dd_vaddr_from(base), limit, &descriptor);

    return status == DD_OK ? dd_gdt_add(gdt, &descriptor, selector) : status;
}

enum dd_status dd_gdt_add_tss(struct dd_gdt *gdt, const struct dd_tss *tss, uint16_t *selector)
{
    return add_system(gdt, DD_DESCRIPTOR_TSS_AVAILABLE, (uintptr_t)tss, sizeof *tss - 1, selector);
}

enum dd_status dd_gdt_add_tss_with_io_map(struct dd_gdt *gdt, const struct dd_tss *tss,
                                          const struct dd_io_map *io_map, uint16_t *selector)
{
    uint16_t offset = 0;
    enum dd_status status = dd_tss_io_map_offset(tss, io_map, &offset);

    if (status != DD_OK) {
        return status;
    }
    return add_system(gdt, DD_DESCRIPTOR_TSS_AVAILABLE, (uintptr_t)tss,
                      (uint32_t)offset + io_map->size - 1, selector);
}

enum dd_status dd_gdt_add_ldt(struct dd_gdt *gdt, const struct dd_ldt *ldt, uint16_t *selector)
{
    if (ldt->used == 0) {
        return DD_EARG;
    }
    return add_system(gdt, DD_DESCRIPTOR_LDT, (uintptr_t)ldt->entries,
                      ldt->used * (uint32_t)sizeof ldt->entries[0] - 1, selector);
}

enum dd_status dd_gdt_get(const struct dd_gdt *gdt, uint16_t selector,
                          struct dd_descriptor *descriptor)
{
    unsigned int index = dd_selector_index(selector);
    struct dd_descriptor found = {0};

    if (dd_selector_is_null(selector) || dd_selector_table(selector) != DD_SELECTOR_GDT ||
        index >= gdt->used) {
        return DD_EARG;
    }
    found.low = gdt->entries[index];
    if (dd_descriptor_entries(&found) == 2) {
        if (index + 1 == gdt->used) {
            return DD_EMALFORMED;
        }
        found.high = gdt->entries[index + 1];
    }
    *descriptor = found;
    return DD_OK;
}

enum dd_status dd_gdt_tss_state(const struct dd_gdt *gdt, uint16_t selector,
                                enum dd_tss_state *state)
{
    struct dd_descriptor descriptor;

    if (dd_gdt_get(gdt, selector, &descriptor) != DD_OK) {
        return DD_EARG;
    }
    switch (dd_descriptor_kind(&descriptor)) {
    case DD_DESCRIPTOR_TSS_AVAILABLE:
        *state = DD_TSS_AVAILABLE;
        return DD_OK;
    case DD_DESCRIPTOR_TSS_BUSY:
        *state = DD_TSS_BUSY;
        return DD_OK;
    default:
        return DD_EARG;
    }
}

enum dd_status dd_gdt_reset_tss(struct dd_gdt *gdt, uint16_t selector)
{
    enum dd_tss_state state;
    enum dd_status status = dd_gdt_tss_state(gdt, selector, &state);

    if (status == DD_OK) {
        uint64_t *low = &gdt->entries[dd_selector_index(selector)];

        *low = DD_SET(*low, DD_DESCRIPTOR_TYPE, DD_SYSTEM_TYPE_TSS_AVAILABLE);
    }
    return status;
}

uint16_t dd_gdt_limit(const struct dd_gdt *gdt)
{
    return (uint16_t)(gdt->used * sizeof gdt->entries[0] - 1);
}

void dd_gdt_load_table(const struct dd_gdt *gdt)
{
    struct dd_table_register table = {
        .limit = dd_gdt_limit(gdt),
        .base = dd_vaddr_from((uintptr_t)gdt->entries),
    };

    dd_lgdt(&table);
}

void dd_gdt_load(const struct dd_gdt *gdt, uint16_t code, uint16_t data)
{
    dd_gdt_load_table(gdt);
    dd_write_cs(code);
    dd_write_ss(data);
    dd_write_ds(data);
    dd_write_es(data);
}
