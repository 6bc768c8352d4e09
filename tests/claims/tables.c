/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptor tables in frames: memory that the library and the processor reach in every world. */
#include "tests/claims/tables.h"

#include "drydock/arch/insn.h"
#include "drydock/exception.h"
#include "drydock/kernel_api.h"
#include "tests/claims/world.h"

static enum dd_status fill_segments(struct tables *tables)
{
    struct dd_gdt *gdt = &tables->segments->gdt;
    struct dd_tss *tss = &tables->segments->tss;
    uint16_t selector = 0;
    enum dd_status status = DD_OK;

    dd_gdt_init(gdt);
    dd_tss_init(tss);
    status = dd_gdt_add_segment(gdt, DD_SEGMENT_KERNEL_DATA, &selector);
    if (status == DD_OK) {
        status = dd_gdt_add_segment(gdt, DD_SEGMENT_KERNEL_CODE, &selector);
    }
    if (status == DD_OK) {
        status = dd_gdt_add_tss(gdt, tss, &selector);
    }
    if (status == DD_OK) {
        status = dd_tss_set_stack(tss, DD_TSS_IST1, dd_vaddr_from((uintptr_t)tables->stack + 4096));
    }
    return status;
}

static enum dd_status fill_idt(struct dd_idt *idt)
{
    struct dd_gate breakpoint = {.handler = dd_vaddr_from(dd_exception_entries[3]),
                                 .selector = TABLES_CODE,
                                 .type = DD_GATE_TYPE_INTERRUPT,
                                 .ist = 1};
    enum dd_status status = DD_OK;

    dd_idt_init(idt);
    status = dd_exception_install(idt, TABLES_CODE);
    return status == DD_OK ? dd_idt_set_gate(idt, 3, &breakpoint) : status;
}

enum dd_status tables_make(struct tables *tables)
{
    enum dd_status status = DD_OK;
    unsigned int made = 0;

    while (made < 3 && status == DD_OK) {
        status = dd_kernel_frame_alloc(&tables->frames[made]);
        made += status == DD_OK;
    }
    if (status == DD_OK) {
        tables->segments = dd_kernel_frame_pointer(tables->frames[0]);
        tables->idt = dd_kernel_frame_pointer(tables->frames[1]);
        tables->stack = dd_kernel_frame_pointer(tables->frames[2]);
        status = fill_segments(tables);
    }
    if (status == DD_OK) {
        status = fill_idt(tables->idt);
    }
    while (status != DD_OK && made > 0) {
        dd_kernel_frame_free(tables->frames[--made]);
    }
    return status;
}

void tables_load(struct tables *tables)
{
    dd_sgdt(&tables->world.gdt);
    dd_sidt(&tables->world.idt);
    tables->world.code = dd_read_cs();
    tables->world.data = dd_read_ss();
    tables->world.task = dd_str();
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

void tables_restore(const struct tables *tables)
{
    const struct tables_registers *world = &tables->world;

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

void tables_free(const struct tables *tables)
{
    for (unsigned int i = 0; i < 3; i++) {
        dd_kernel_frame_free(tables->frames[i]);
    }
}
