/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptor tables in frames: memory that the library and the processor reach in every world. */
#include "tests/claims/tables.h"

#include "drydock/arch/insn.h"
#include "drydock/interrupt.h"
#include "tests/claims/world.h"

static enum dd_status fill_segments(struct tables *tables)
{
    struct dd_gdt *gdt = &tables->segments->gdt;
    struct dd_tss *tss = &tables->segments->tss;
    uint16_t selector = 0;
    enum dd_status status = DD_OK;

    dd_tss_init(tss);
    status = dd_gdt_init(gdt, tables->segments->entries, 8);
    if (status == DD_OK) {
        status = dd_gdt_add_segment(gdt, DD_SEGMENT_KERNEL_DATA, &selector);
    }
    if (status == DD_OK) {
        status = dd_gdt_add_segment(gdt, DD_SEGMENT_KERNEL_CODE, &selector);
    }
    if (status == DD_OK) {
        status = dd_gdt_add_tss(gdt, tss, &selector);
    }
    /* The world's gates, in use until the IDT is loaded, may name four of them. */
    for (unsigned int i = 0; i < 4 && status == DD_OK; i++) {
        status = dd_tss_set_stack(tss, (enum dd_tss_stack)(DD_TSS_IST1 + i),
                                  dd_vaddr_from((uintptr_t)tables->stack + 4096), 48);
    }
    return status;
}

static enum dd_status fill_idt(struct dd_idt *idt)
{
    struct dd_gate breakpoint = {.handler = dd_vaddr_from(dd_interrupt_entries[3]),
                                 .selector = TABLES_CODE,
                                 .type = DD_GATE_TYPE_INTERRUPT,
                                 .ist = 1};
    enum dd_status status = DD_OK;

    dd_idt_init(idt);
    status = dd_interrupt_install(idt, TABLES_CODE, DD_INTERRUPT_STACK_IN_USE);
    return status == DD_OK ? dd_idt_set_gate(idt, 3, &breakpoint) : status;
}

enum dd_status tables_make(struct tables *tables)
{
    enum dd_status status = DD_OK;
    unsigned int made = 0;

    while (made < 3 && status == DD_OK) {
        status = world_frame_alloc(&tables->frames[made]);
        made += status == DD_OK;
    }
    if (status == DD_OK) {
        tables->segments = world_frame_pointer(tables->frames[0]);
        tables->idt = world_frame_pointer(tables->frames[1]);
        tables->stack = world_frame_pointer(tables->frames[2]);
        status = fill_segments(tables);
    }
    if (status == DD_OK) {
        status = fill_idt(tables->idt);
    }
    while (status != DD_OK && made > 0) {
        world_frame_free(tables->frames[--made]);
    }
    return status;
}

void tables_save(struct tables_registers *world)
{
    dd_sgdt(&world->gdt);
    dd_sidt(&world->idt);
    world->code = dd_read_cs();
    world->data = dd_read_ss();
    world->task = dd_str();
}

void tables_load(struct tables *tables)
{
    tables_save(&tables->world);
    dd_gdt_load(&tables->segments->gdt, TABLES_CODE, TABLES_DATA);
    dd_tss_load(TABLES_TASK);
    dd_idt_load(tables->idt);
}

/* The world's TSS is still marked busy: bit 41, [SDM 3A] 8.2.2. */
static void restore_task(const struct tables_registers *world)
{
    uint64_t *gdt = (uint64_t *)(uintptr_t)world->gdt.base.raw;

    gdt[world->task / 8] &= ~(UINT64_C(1) << 41);
    dd_ltr(world->task);
}

void tables_put_back(const struct tables_registers *world)
{
    dd_lgdt(&world->gdt);
    dd_lidt(&world->idt);
    dd_write_cs(world->code);
    dd_write_ss(world->data);
    dd_write_ds(world->data);
    dd_write_es(world->data);
    if (world_runs_on_processor() && world->task != 0) {
        restore_task(world);
    }
}

void tables_restore(const struct tables *tables)
{
    tables_put_back(&tables->world);
}

void tables_free(const struct tables *tables)
{
    for (unsigned int i = 0; i < 3; i++) {
        world_frame_free(tables->frames[i]);
    }
}
