/* SPDX-License-Identifier: MIT */
/*
 * 64-bit mode ignores base and limit of code and data segments; what counts is
 * type, privilege level and the L bit of code. The descriptors are the flat
 * ones all the same, so that they also serve compatibility mode and read well
 * in a debugger. The accessed bit is set from the start: the processor then
 * never writes to a segment's descriptor, and a table without a task-state
 * segment may live in read-only memory.
 *
 * A system descriptor takes two entries. Its high half has zeros where a
 * descriptor has its type, which no system segment uses.
 */
#include "drydock/gdt.h"

#include "drydock/arch/insn.h"
#include "drydock/descriptor_regs.h"

/* Descriptors set a limit 4 KiB times as large when G is set. */
enum {
    FLAT_LIMIT = 0xFFFFF
};

struct segment_kind {
    enum dd_descriptor_type type;
    unsigned int dpl;
};

static const struct segment_kind segment_kinds[] = {
    [DD_SEGMENT_KERNEL_CODE] = {DD_DESCRIPTOR_TYPE_CODE, 0},
    [DD_SEGMENT_KERNEL_DATA] = {DD_DESCRIPTOR_TYPE_DATA, 0},
    [DD_SEGMENT_USER_CODE] = {DD_DESCRIPTOR_TYPE_CODE, 3},
    [DD_SEGMENT_USER_DATA] = {DD_DESCRIPTOR_TYPE_DATA, 3},
};

static uint64_t set_limit(uint64_t descriptor, uint32_t limit)
{
    descriptor = DD_SET(descriptor, DD_DESCRIPTOR_LIMIT_15_0, limit);
    return DD_SET(descriptor, DD_DESCRIPTOR_LIMIT_19_16, limit >> 16);
}

static uint64_t flat_segment(struct segment_kind kind)
{
    unsigned int is_code = kind.type == DD_DESCRIPTOR_TYPE_CODE;
    uint64_t descriptor = set_limit(0, FLAT_LIMIT);

    descriptor = DD_SET(descriptor, DD_DESCRIPTOR_TYPE, kind.type);
    descriptor = DD_SET(descriptor, DD_DESCRIPTOR_S, 1);
    descriptor = DD_SET(descriptor, DD_DESCRIPTOR_DPL, kind.dpl);
    descriptor = DD_SET(descriptor, DD_DESCRIPTOR_P, 1);
    descriptor = DD_SET(descriptor, DD_DESCRIPTOR_L, is_code);
    descriptor = DD_SET(descriptor, DD_DESCRIPTOR_DB, !is_code);
    return DD_SET(descriptor, DD_DESCRIPTOR_G, 1);
}

static uint64_t tss_low(uint64_t base)
{
    uint64_t descriptor = set_limit(0, sizeof(struct dd_tss) - 1);

    descriptor = DD_SET(descriptor, DD_DESCRIPTOR_BASE_23_0, base);
    descriptor = DD_SET(descriptor, DD_DESCRIPTOR_TYPE, DD_DESCRIPTOR_TYPE_TSS_AVAILABLE);
    descriptor = DD_SET(descriptor, DD_DESCRIPTOR_P, 1);
    return DD_SET(descriptor, DD_DESCRIPTOR_BASE_31_24, base >> 24);
}

/* Whether an entry begins the descriptor of a task-state segment, available or busy. */
static bool is_tss(uint64_t descriptor)
{
    uint64_t type = DD_GET(descriptor, DD_DESCRIPTOR_TYPE);

    return DD_GET(descriptor, DD_DESCRIPTOR_S) == 0 &&
           (type == DD_DESCRIPTOR_TYPE_TSS_AVAILABLE || type == DD_DESCRIPTOR_TYPE_TSS_BUSY);
}

static uint16_t selector_from(uint16_t index, unsigned int rpl)
{
    return (uint16_t)DD_SET(DD_SET(0, DD_SELECTOR_INDEX, index), DD_SELECTOR_RPL, rpl);
}

void dd_gdt_init(struct dd_gdt *gdt)
{
    *gdt = (struct dd_gdt){.used = 1};
}

enum dd_status dd_gdt_add_segment(struct dd_gdt *gdt, enum dd_segment segment, uint16_t *selector)
{
    if ((unsigned int)segment > DD_SEGMENT_USER_DATA) {
        return DD_EARG;
    }
    if (gdt->used >= DD_GDT_ENTRIES) {
        return DD_EFULL;
    }
    gdt->entries[gdt->used] = flat_segment(segment_kinds[segment]);
    *selector = selector_from(gdt->used, segment_kinds[segment].dpl);
    gdt->used++;
    return DD_OK;
}

enum dd_status dd_gdt_add_tss(struct dd_gdt *gdt, const struct dd_tss *tss, uint16_t *selector)
{
    uint64_t base = (uintptr_t)tss;

    if (gdt->used + 2 > DD_GDT_ENTRIES) {
        return DD_EFULL;
    }
    gdt->entries[gdt->used] = tss_low(base);
    gdt->entries[gdt->used + 1] = DD_SET(0, DD_DESCRIPTOR_HIGH_BASE_63_32, base >> 32);
    *selector = selector_from(gdt->used, 0);
    gdt->used = (uint16_t)(gdt->used + 2);
    return DD_OK;
}

enum dd_status dd_gdt_reset_tss(struct dd_gdt *gdt, uint16_t selector)
{
    uint64_t index = DD_GET(selector, DD_SELECTOR_INDEX);

    if (DD_GET(selector, DD_SELECTOR_TI) != 0 || index >= gdt->used ||
        !is_tss(gdt->entries[index])) {
        return DD_EARG;
    }
    gdt->entries[index] =
        DD_SET(gdt->entries[index], DD_DESCRIPTOR_TYPE, DD_DESCRIPTOR_TYPE_TSS_AVAILABLE);
    return DD_OK;
}

void dd_gdt_load(const struct dd_gdt *gdt, uint16_t code, uint16_t data)
{
    struct dd_table_register table = {
        .limit = (uint16_t)(gdt->used * sizeof gdt->entries[0] - 1),
        .base = dd_vaddr_from((uintptr_t)gdt->entries),
    };

    dd_lgdt(&table);
    dd_write_cs(code);
    dd_write_ss(data);
    dd_write_ds(data);
    dd_write_es(data);
}
