/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about descriptors: their bits in every world, and what the processor
 * makes of them when they are loaded. The world's own tables are put back before
 * a claim looks at what happened.
 */
#include "drydock/arch/insn.h"
#include "drydock/gdt.h"
#include "drydock/idt.h"
#include "drydock/tss.h"
#include "tests/claims/claim.h"
#include "tests/claims/tables.h"

/* [SDM 3A] figure 3-8, table 3-1. */
CLAIM(flat_segments_have_the_descriptors_of_the_manual)
{
    uint64_t entries[16];
    struct dd_gdt gdt;
    uint16_t selectors[4] = {0};

    CLAIM_OK(dd_gdt_init(&gdt, entries, 16));
    CLAIM_OK(dd_gdt_add_segment(&gdt, DD_SEGMENT_KERNEL_CODE, &selectors[0]));
    CLAIM_OK(dd_gdt_add_segment(&gdt, DD_SEGMENT_KERNEL_DATA, &selectors[1]));
    CLAIM_OK(dd_gdt_add_segment(&gdt, DD_SEGMENT_USER_DATA, &selectors[2]));
    CLAIM_OK(dd_gdt_add_segment(&gdt, DD_SEGMENT_USER_CODE, &selectors[3]));
    CLAIM_EQUAL(gdt.entries[0], 0);
    CLAIM_EQUAL(gdt.entries[1], 0x00AF9B000000FFFF);
    CLAIM_EQUAL(gdt.entries[2], 0x00CF93000000FFFF);
    CLAIM_EQUAL(gdt.entries[3], 0x00CFF3000000FFFF);
    CLAIM_EQUAL(gdt.entries[4], 0x00AFFB000000FFFF);
    CLAIM_EQUAL(selectors[0], 0x08);
    CLAIM_EQUAL(selectors[1], 0x10);
    CLAIM_EQUAL(selectors[2], 0x1B);
    CLAIM_EQUAL(selectors[3], 0x23);
}

CLAIM(a_gdt_holds_15_segments_and_refuses_the_16th)
{
    uint64_t entries[16];
    struct dd_gdt gdt;
    uint16_t selector = 0;

    CLAIM_OK(dd_gdt_init(&gdt, entries, 16));
    for (uint64_t i = 1; i < 16; i++) {
        CLAIM_OK(dd_gdt_add_segment(&gdt, DD_SEGMENT_KERNEL_DATA, &selector));
        CLAIM_EQUAL(selector, i * 8);
    }
    CLAIM_STATUS(dd_gdt_add_segment(&gdt, DD_SEGMENT_KERNEL_CODE, &selector), DD_EFULL);
    CLAIM_EQUAL(selector, 0x78);
    CLAIM_EQUAL(gdt.used, 16);
    CLAIM_EQUAL(gdt.entries[15], 0x00CF93000000FFFF);
}

CLAIM(a_tss_needs_two_free_entries)
{
    uint64_t entries[16] = {0};
    struct dd_gdt gdt;
    struct dd_tss tss;
    uint16_t selector = 0;

    CLAIM_OK(dd_gdt_init(&gdt, entries, 16));
    for (unsigned int i = 0; i < 14; i++) {
        CLAIM_OK(dd_gdt_add_segment(&gdt, DD_SEGMENT_USER_DATA, &selector));
    }
    CLAIM_STATUS(dd_gdt_add_tss(&gdt, &tss, &selector), DD_EFULL);
    CLAIM_EQUAL(selector, 0x73);
    CLAIM_EQUAL(gdt.used, 15);
    CLAIM_EQUAL(gdt.entries[15], 0);
}

/* [SDM 3A] figure 8-4. */
CLAIM(a_tss_descriptor_has_limit_103_and_64_bits_of_base)
{
    uint64_t entries[16];
    struct dd_gdt gdt;
    uint16_t selector = 0;

    CLAIM_OK(dd_gdt_init(&gdt, entries, 16));
    CLAIM_OK(dd_gdt_add_tss(&gdt, (const struct dd_tss *)(uintptr_t)0xFFFF8123456789AB, &selector));
    CLAIM_EQUAL(selector, 0x08);
    CLAIM_EQUAL(gdt.entries[1], 0x4500896789AB0067);
    CLAIM_EQUAL(gdt.entries[2], 0x00000000FFFF8123);
    CLAIM_EQUAL(gdt.used, 3);
}

/* [SDM 3A] figure 8-11; [SDM 1] 19.5.2. */
CLAIM(a_tss_starts_without_stacks_and_without_io_map)
{
    struct dd_tss tss;
    const uint8_t *bytes = (const uint8_t *)&tss;

    dd_tss_init(&tss);
    for (unsigned int i = 0; i < 104; i++) {
        CLAIM_EQUAL(bytes[i], i >= 102 ? 0xFF : 0);
    }
    CLAIM_OK(dd_tss_set_stack(&tss, DD_TSS_RSP0, dd_vaddr_from(0xFFFF800000001000), 48));
    CLAIM_OK(dd_tss_set_stack(&tss, DD_TSS_IST7, dd_vaddr_from(0x00007FFFFFFFF000), 48));
    CLAIM_EQUAL(bytes[5], 0x10);
    CLAIM_EQUAL(bytes[11], 0xFF);
    CLAIM_EQUAL(bytes[85], 0xF0);
    CLAIM_EQUAL(bytes[91], 0);
}

/* [SDM 1] 3.3.7.1. */
CLAIM(a_tss_stack_top_must_be_canonical)
{
    struct dd_tss tss;

    dd_tss_init(&tss);
    CLAIM_STATUS(dd_tss_set_stack(&tss, DD_TSS_IST1, dd_vaddr_from(0x0000800000000000), 48),
                 DD_ECANONICAL);
    CLAIM_STATUS(dd_tss_set_stack(&tss, (enum dd_tss_stack)10, dd_vaddr_from(0x1000), 48), DD_EARG);
    CLAIM_EQUAL(tss.ist[0].raw, 0);
}

/* [SDM 3A] figure 6-8. */
CLAIM(idt_gates_have_the_layout_of_the_manual)
{
    static struct dd_idt idt;
    struct dd_gate gate = {.handler = dd_vaddr_from(0xFFFFFFFF81234567),
                           .selector = 0x08,
                           .type = DD_GATE_TYPE_INTERRUPT};

    dd_idt_init(&idt);
    CLAIM_OK(dd_idt_set_gate(&idt, 14, &gate));
    CLAIM_EQUAL(idt.gates[14].low, 0x81238E0000084567);
    CLAIM_EQUAL(idt.gates[14].high, 0x00000000FFFFFFFF);
    gate = (struct dd_gate){.handler = dd_vaddr_from(0x00007654FEDCBA98),
                            .selector = 0x10,
                            .type = DD_GATE_TYPE_TRAP,
                            .dpl = 3,
                            .ist = 7};
    CLAIM_OK(dd_idt_set_gate(&idt, 255, &gate));
    CLAIM_EQUAL(idt.gates[255].low, 0xFEDCEF070010BA98);
    CLAIM_EQUAL(idt.gates[255].high, 0x0000000000007654);
}

CLAIM(gates_that_cannot_work_are_refused)
{
    static struct dd_idt idt;
    const struct dd_gate good = {
        .handler = dd_vaddr_from(0x1000), .selector = 0x08, .type = DD_GATE_TYPE_TRAP};
    struct dd_gate gate = good;

    dd_idt_init(&idt);
    gate.dpl = 4;
    CLAIM_STATUS(dd_idt_set_gate(&idt, 0, &gate), DD_EARG);
    gate = good;
    gate.ist = 8;
    CLAIM_STATUS(dd_idt_set_gate(&idt, 0, &gate), DD_EARG);
    gate = good;
    gate.selector = 0x03;
    CLAIM_STATUS(dd_idt_set_gate(&idt, 0, &gate), DD_EARG);
    gate = good;
    gate.type = (enum dd_gate_type)0xC;
    CLAIM_STATUS(dd_idt_set_gate(&idt, 0, &gate), DD_EARG);
    gate = good;
    gate.handler = dd_vaddr_from(0xFFFF7FFFFFFFFFFF);
    CLAIM_STATUS(dd_idt_set_gate(&idt, 0, &gate), DD_ECANONICAL);
    CLAIM_EQUAL(idt.gates[0].low, 0);
    CLAIM_EQUAL(idt.gates[0].high, 0);
}

/* [SDM 3A] 2.4.1: the limit is the offset of the last byte. */
CLAIM(lgdt_takes_the_entries_in_use)
{
    struct tables tables;
    struct dd_table_register loaded;

    CLAIM_OK(tables_make(&tables));
    tables_load(&tables);
    dd_sgdt(&loaded);
    tables_restore(&tables);
    CLAIM_EQUAL(loaded.limit, 39); /* null, data, code, and a TSS: 5 entries */
    CLAIM_EQUAL(loaded.base.raw, (uintptr_t)tables.segments->entries);
    tables_free(&tables);
}

/* [SDM 3A] 2.4.3. */
CLAIM(lidt_takes_256_gates)
{
    struct tables tables;
    struct dd_table_register loaded;

    CLAIM_OK(tables_make(&tables));
    tables_load(&tables);
    dd_sidt(&loaded);
    tables_restore(&tables);
    CLAIM_EQUAL(loaded.limit, 4095);
    CLAIM_EQUAL(loaded.base.raw, (uintptr_t)tables.idt);
    tables_free(&tables);
}

CLAIM(segment_registers_hold_what_was_loaded)
{
    struct tables tables;
    uint16_t code = 0;
    uint16_t data = 0;

    CLAIM_OK(tables_make(&tables));
    tables_load(&tables);
    code = dd_read_cs();
    data = dd_read_ss();
    tables_restore(&tables);
    CLAIM_EQUAL(code, 0x10);
    CLAIM_EQUAL(data, 0x08);
    tables_free(&tables);
}

/* [SDM 3A] 8.2.2: type 9 becomes 11. */
CLAIM(ltr_marks_the_tss_busy)
{
    struct tables tables;
    uint64_t before = 0;
    uint64_t after = 0;
    uint16_t task = 0;

    CLAIM_OK(tables_make(&tables));
    before = tables.segments->entries[3];
    tables_load(&tables);
    after = tables.segments->entries[3];
    task = dd_str();
    tables_restore(&tables);
    CLAIM_EQUAL(before >> 40 & 0xFF, 0x89);
    CLAIM_EQUAL(after >> 40 & 0xFF, 0x8B);
    CLAIM_EQUAL(after & 0xFFFFF0FFFFFFFFFF, before & 0xFFFFF0FFFFFFFFFF);
    CLAIM_EQUAL(task, 0x18);
    tables_free(&tables);
}

CLAIM(a_reset_tss_can_be_loaded_again)
{
    struct tables tables;
    enum dd_status status = DD_OK;
    uint64_t reset = 0;
    uint64_t loaded = 0;

    CLAIM_OK(tables_make(&tables));
    tables_load(&tables);
    status = dd_gdt_reset_tss(&tables.segments->gdt, TABLES_TASK);
    reset = tables.segments->entries[3];
    dd_tss_load(TABLES_TASK);
    loaded = tables.segments->entries[3];
    tables_restore(&tables);
    CLAIM_STATUS(status, DD_OK);
    CLAIM_EQUAL(reset >> 40 & 0xF, 9);
    CLAIM_EQUAL(loaded >> 40 & 0xF, 11);
    tables_free(&tables);
}
