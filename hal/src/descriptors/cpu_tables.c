/* SPDX-License-Identifier: MIT */
/*
 * The order of the segments is what SYSCALL and SYSRET compute with: kernel data
 * behind kernel code; behind 32-bit user code, user data and then 64-bit user
 * code. With this order one value of IA32_STAR serves.
 */
#include "drydock/cpu_tables.h"

#include "../base/ordinal.h"

static const struct {
    enum dd_segment segment;
    uint16_t selector;
} segments[] = {
    {DD_SEGMENT_KERNEL_CODE, DD_CPU_KERNEL_CODE}, {DD_SEGMENT_KERNEL_DATA, DD_CPU_KERNEL_DATA},
    {DD_SEGMENT_USER_CODE32, DD_CPU_USER_CODE32}, {DD_SEGMENT_USER_DATA, DD_CPU_USER_DATA},
    {DD_SEGMENT_USER_CODE, DD_CPU_USER_CODE},
};

/*
 * The task-state segment of *tables, made elsewhere: all that can be wrong with
 * a configuration is in it. Stacks that are not used stay 0, which is canonical.
 */
static enum dd_status make_tss(const struct dd_cpu_tables *tables,
                               const struct dd_cpu_tables_config *config, struct dd_tss *tss)
{
    unsigned int width = dd_ordinal_virtual_width(config->linear_width);
    uint16_t io_map_base = DD_TSS_NO_IO_MAP;
    enum dd_status status = DD_OK;

    dd_tss_init(tss);
    status = dd_tss_set_stack(tss, DD_TSS_RSP0, config->privilege_stack, width);
    for (unsigned int i = 0; i < 7 && status == DD_OK; i++) {
        status = dd_tss_set_stack(tss, (enum dd_tss_stack)(DD_TSS_IST1 + i), config->ist[i], width);
    }
    if (status == DD_OK && config->io_map != NULL) {
        status = dd_tss_io_map_offset(&tables->tss, config->io_map, &io_map_base);
    }
    tss->io_map_base = io_map_base;
    return status;
}

static enum dd_status add_segments(struct dd_gdt *gdt)
{
    enum dd_status status = DD_OK;

    for (unsigned int i = 0; i < sizeof segments / sizeof segments[0] && status == DD_OK; i++) {
        uint16_t selector = segments[i].selector;

        status = dd_gdt_add_segment(gdt, segments[i].segment, &selector);
    }
    return status;
}

static enum dd_status add_tss(struct dd_cpu_tables *tables, const struct dd_io_map *io_map)
{
    uint16_t selector = DD_CPU_TASK;

    if (io_map == NULL) {
        return dd_gdt_add_tss(&tables->gdt, &tables->tss, &selector);
    }
    return dd_gdt_add_tss_with_io_map(&tables->gdt, &tables->tss, io_map, &selector);
}

enum dd_status dd_cpu_tables_init(struct dd_cpu_tables *tables,
                                  const struct dd_cpu_tables_config *config)
{
    struct dd_tss tss;
    enum dd_status status = make_tss(tables, config, &tss);

    if (status != DD_OK) {
        return status;
    }
    tables->tss = tss;
    /* What follows cannot fail: the entries suffice, and the map has been looked at. */
    status = dd_gdt_init(&tables->gdt, tables->entries, DD_CPU_TABLES_ENTRIES);
    if (status == DD_OK) {
        status = add_segments(&tables->gdt);
    }
    return status == DD_OK ? add_tss(tables, config->io_map) : status;
}

void dd_cpu_tables_load(struct dd_cpu_tables *tables)
{
    dd_gdt_load(&tables->gdt, DD_CPU_KERNEL_CODE, DD_CPU_KERNEL_DATA);
    /* Cannot fail: the bundle has a task-state segment there. */
    if (dd_gdt_reset_tss(&tables->gdt, DD_CPU_TASK) == DD_OK) {
        dd_tss_load(DD_CPU_TASK);
    }
}
