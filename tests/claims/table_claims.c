/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about tables of all sizes: GDT, LDT, I/O permission maps, and the tables
 * of one processor. The first look at what is in memory, some load it too.
 */
#include "drydock/arch/insn.h"
#include "drydock/cpu_tables.h"
#include "tests/claims/claim.h"
#include "tests/claims/tables.h"
#include "tests/claims/world.h"

/* [SDM 3A] 3.5.1: 8192 entries; the limit is 16 bits. */
CLAIM(a_gdt_of_8192_entries_can_be_filled)
{
    static uint64_t entries[8192];
    struct dd_gdt gdt;
    uint16_t selector = 0;

    CLAIM_STATUS(dd_gdt_init(&gdt, entries, 0), DD_EARG);
    CLAIM_STATUS(dd_gdt_init(&gdt, entries, 8193), DD_EARG);
    CLAIM_OK(dd_gdt_init(&gdt, entries, 8192));
    CLAIM_EQUAL(dd_gdt_limit(&gdt), 7);
    for (unsigned int i = 1; i < 8192; i++) {
        CLAIM_OK(dd_gdt_add_segment(&gdt, DD_SEGMENT_USER_DATA, &selector));
    }
    CLAIM_EQUAL(selector, 0xFFFB);
    CLAIM_EQUAL(dd_gdt_limit(&gdt), 0xFFFF);
    CLAIM_STATUS(dd_gdt_add_segment(&gdt, DD_SEGMENT_USER_DATA, &selector), DD_EFULL);
}

CLAIM(a_gdt_that_is_there_already_can_be_extended)
{
    uint64_t entries[6] = {0, 0x00AF9B000000FFFF, 0x0000890000000067, 0x00000000FFFF8123};
    struct dd_gdt gdt = {0};
    struct dd_descriptor found = {0};
    enum dd_tss_state state = DD_TSS_BUSY;
    uint16_t selector = 0;

    CLAIM_STATUS(dd_gdt_adopt(&gdt, entries, 0, 6), DD_EARG);
    CLAIM_STATUS(dd_gdt_adopt(&gdt, entries, 7, 6), DD_EARG);
    CLAIM_STATUS(dd_gdt_adopt(&gdt, entries, 3, 6), DD_EMALFORMED); /* half a TSS */
    CLAIM_STATUS(dd_gdt_adopt(&gdt, entries + 1, 1, 5), DD_EMALFORMED);
    CLAIM_OK(dd_gdt_adopt(&gdt, entries, 4, 6));
    CLAIM_OK(dd_gdt_add_segment(&gdt, DD_SEGMENT_KERNEL_DATA, &selector));
    CLAIM_EQUAL(selector, 0x20);
    CLAIM_EQUAL(dd_gdt_limit(&gdt), 39);
    CLAIM_OK(dd_gdt_get(&gdt, 0x10, &found));
    CLAIM_EQUAL(found.high, 0x00000000FFFF8123);
    CLAIM_STATUS(dd_gdt_get(&gdt, 0x28, &found), DD_EARG);
    CLAIM_STATUS(dd_gdt_get(&gdt, 0x0C, &found), DD_EARG);
    CLAIM_OK(dd_gdt_tss_state(&gdt, 0x10, &state));
    CLAIM_EQUAL(state, DD_TSS_AVAILABLE);
    CLAIM_STATUS(dd_gdt_tss_state(&gdt, 0x08, &state), DD_EARG);
}

/* [SDM 3A] 3.5.1. */
CLAIM(an_ldt_has_entry_0_and_no_task_state_segment)
{
    uint64_t entries[3] = {0};
    struct dd_ldt ldt;
    struct dd_descriptor descriptor;
    uint16_t selector = 0;

    CLAIM_OK(dd_ldt_init(&ldt, entries, 3));
    CLAIM_OK(dd_descriptor_make_flat(DD_SEGMENT_USER_DATA, &descriptor));
    CLAIM_OK(dd_ldt_add(&ldt, &descriptor, &selector));
    CLAIM_EQUAL(selector, 0x07);
    CLAIM_EQUAL(entries[0], 0x00CFF3000000FFFF);
    CLAIM_OK(
        dd_descriptor_make_system(DD_DESCRIPTOR_TSS_AVAILABLE, dd_vaddr_from(0), 103, &descriptor));
    CLAIM_STATUS(dd_ldt_add(&ldt, &descriptor, &selector), DD_EARG);
    CLAIM_OK(dd_descriptor_make_flat(DD_SEGMENT_KERNEL_CODE, &descriptor));
    CLAIM_OK(dd_ldt_add(&ldt, &descriptor, &selector));
    CLAIM_OK(dd_ldt_add(&ldt, &descriptor, &selector));
    CLAIM_EQUAL(selector, 0x14);
    CLAIM_STATUS(dd_ldt_add(&ldt, &descriptor, &selector), DD_EFULL);
}

/* The tables' frames hold an LDT of two entries too; the addresses are the processor's. */
static enum dd_status add_ldt(struct tables *tables, dd_paddr frame, uint16_t *ldt_selector,
                              uint16_t *data)
{
    struct dd_ldt ldt;
    struct dd_descriptor descriptor;
    uint64_t *entries = world_frame_pointer(frame);
    enum dd_status status = dd_ldt_init(&ldt, entries, 2);

    if (status == DD_OK) {
        status = dd_descriptor_make_flat(DD_SEGMENT_KERNEL_DATA, &descriptor);
    }
    if (status == DD_OK) {
        status = dd_ldt_add(&ldt, &descriptor, data);
    }
    if (status == DD_OK) {
        ldt.entries = (uint64_t *)(uintptr_t)frame.raw;
        status = dd_gdt_add_ldt(&tables->segments->gdt, &ldt, ldt_selector);
    }
    return status;
}

/* [SDM 3A] 2.4.2, 3.4.2. */
CLAIM(a_segment_of_an_ldt_can_be_loaded)
{
    struct tables tables;
    dd_paddr frame = {0};
    uint16_t selectors[2] = {0};
    uint16_t loaded = 0;
    uint16_t table = 0;

    CLAIM_OK(tables_make(&tables));
    CLAIM_OK(world_frame_alloc(&frame));
    CLAIM_OK(add_ldt(&tables, frame, &selectors[0], &selectors[1]));
    tables_load(&tables);
    dd_ldt_load(selectors[0]);
    table = dd_sldt();
    dd_write_es(selectors[1]);
    loaded = dd_read_es();
    dd_write_es(TABLES_DATA);
    dd_ldt_load(DD_SELECTOR_NULL);
    tables_restore(&tables);
    CLAIM_EQUAL(selectors[0], 0x28);
    CLAIM_EQUAL(table, 0x28);
    CLAIM_EQUAL(loaded, 0x04);
    world_frame_free(frame);
    tables_free(&tables);
}

/* [SDM 1] 19.5.2. */
CLAIM(an_io_map_has_a_bit_for_each_port_and_ends_with_ones)
{
    uint8_t bytes[10] = {0};
    struct dd_io_map map;

    CLAIM_STATUS(dd_io_map_init(&map, bytes, 1), DD_EARG);
    CLAIM_STATUS(dd_io_map_init(&map, bytes, 8194), DD_EARG);
    CLAIM_OK(dd_io_map_init(&map, bytes, 9)); /* ports 0 to 63 */
    bytes[9] = 0x5A;
    CLAIM_OK(dd_io_map_allow(&map, (struct dd_port_range){7, 16}));
    CLAIM_EQUAL(bytes[0], 0x7F);
    CLAIM_EQUAL(bytes[1], 0x00);
    CLAIM_EQUAL(bytes[2], 0xFE);
    CLAIM_EQUAL(bytes[3], 0xFF);
    CLAIM_TRUE(dd_io_map_allows(&map, 13, 4));
    CLAIM_TRUE(!dd_io_map_allows(&map, 14, 4));
    CLAIM_TRUE(!dd_io_map_allows(&map, 6, 2));
    CLAIM_STATUS(dd_io_map_allow(&map, (struct dd_port_range){63, 64}), DD_EARG);
    CLAIM_STATUS(dd_io_map_allow(&map, (struct dd_port_range){5, 4}), DD_EARG);
    CLAIM_OK(dd_io_map_allow(&map, (struct dd_port_range){63, 63}));
    CLAIM_TRUE(dd_io_map_allows(&map, 63, 1));
    CLAIM_TRUE(!dd_io_map_allows(&map, 63, 2));
    CLAIM_OK(dd_io_map_deny(&map, (struct dd_port_range){8, 0xFFFF}));
    CLAIM_EQUAL(bytes[0], 0x7F);
    CLAIM_EQUAL(bytes[1], 0xFF);
    CLAIM_EQUAL(bytes[7], 0xFF);
    CLAIM_EQUAL(bytes[8], 0xFF);
    CLAIM_EQUAL(bytes[9], 0x5A);
}

/* A task-state segment and memory behind it; the farthest base is DFFFH. */
static struct {
    struct dd_tss tss;
    uint8_t behind[0x10000];
} far;

/* [SDM 1] 19.5.2. */
CLAIM(an_io_map_must_be_within_reach_of_its_tss)
{
    uint8_t *first = (uint8_t *)&far.tss;
    struct dd_io_map map = {0};
    uint16_t offset = 0x5A;

    dd_tss_init(&far.tss);
    CLAIM_EQUAL(far.tss.io_map_base, 0xFFFF);
    CLAIM_OK(dd_io_map_init(&map, far.behind - 1, 2));
    CLAIM_STATUS(dd_tss_io_map_offset(&far.tss, &map, &offset), DD_EARG);
    CLAIM_OK(dd_io_map_init(&map, first + 0xE000, 2));
    CLAIM_STATUS(dd_tss_set_io_map(&far.tss, &map), DD_EARG);
    CLAIM_EQUAL(offset, 0x5A);
    CLAIM_OK(dd_io_map_init(&map, first + 0xDFFF, 8193));
    CLAIM_OK(dd_tss_io_map_offset(&far.tss, &map, &offset));
    CLAIM_EQUAL(offset, 0xDFFF);
    map.bytes[8192] = 0;
    CLAIM_STATUS(dd_tss_set_io_map(&far.tss, &map), DD_EMALFORMED);
    dd_tss_init(&far.tss);
    CLAIM_OK(dd_io_map_init(&map, far.behind, 2));
    CLAIM_OK(dd_tss_set_io_map(&far.tss, &map));
    CLAIM_EQUAL(far.tss.io_map_base, 104);
    dd_tss_clear_io_map(&far.tss);
    CLAIM_EQUAL(far.tss.io_map_base, 0xFFFF);
}

CLAIM(a_tss_with_an_io_map_has_its_limit_at_the_end_of_the_map)
{
    uint64_t entries[8];
    struct dd_gdt gdt;
    struct dd_io_map map = {0};
    struct dd_descriptor found = {0};
    uint16_t selector = 0;

    dd_tss_init(&far.tss);
    CLAIM_OK(dd_gdt_init(&gdt, entries, 8));
    CLAIM_OK(dd_io_map_init(&map, far.behind, 129));
    CLAIM_OK(dd_gdt_add_tss_with_io_map(&gdt, &far.tss, &map, &selector));
    CLAIM_OK(dd_gdt_get(&gdt, selector, &found));
    CLAIM_EQUAL(dd_descriptor_limit(&found), 104 + 129 - 1);
    CLAIM_OK(dd_io_map_init(&map, (uint8_t *)&far.tss + 0xDFFF, 8193));
    CLAIM_OK(dd_gdt_add_tss_with_io_map(&gdt, &far.tss, &map, &selector));
    CLAIM_OK(dd_gdt_get(&gdt, selector, &found));
    CLAIM_EQUAL(dd_descriptor_limit(&found), 0xFFFF);
}

/* [SDM 3A] 5.8.8: SYSCALL +8; SYSRET +8 and +16. */
CLAIM(tables_of_a_processor_have_the_order_that_sysret_wants)
{
    static struct dd_cpu_tables tables;
    struct dd_cpu_tables_config config = {.privilege_stack = dd_vaddr_from(0xFFFF800000001000),
                                          .ist = {dd_vaddr_from(0xFFFF800000002000)}};

    CLAIM_OK(dd_cpu_tables_init(&tables, &config));
    CLAIM_EQUAL(tables.entries[0], 0);
    CLAIM_EQUAL(tables.entries[1], 0x00AF9B000000FFFF);
    CLAIM_EQUAL(tables.entries[2], 0x00CF93000000FFFF);
    CLAIM_EQUAL(tables.entries[3], 0x00CFFB000000FFFF);
    CLAIM_EQUAL(tables.entries[4], 0x00CFF3000000FFFF);
    CLAIM_EQUAL(tables.entries[5], 0x00AFFB000000FFFF);
    CLAIM_EQUAL(tables.entries[6] >> 40 & 0xFF, 0x89);
    CLAIM_EQUAL(tables.gdt.used, 8);
    CLAIM_EQUAL(tables.tss.rsp[0].raw, 0xFFFF800000001000);
    CLAIM_EQUAL(tables.tss.ist[0].raw, 0xFFFF800000002000);
    CLAIM_EQUAL(tables.tss.ist[6].raw, 0);
    CLAIM_EQUAL(tables.tss.io_map_base, 0xFFFF);
    config.ist[6] = dd_vaddr_from(0x0000800000000000);
    CLAIM_STATUS(dd_cpu_tables_init(&tables, &config), DD_ECANONICAL);
}

/* [SDM 2A] LTR: #GP if the descriptor is busy. Each LTR that completes is a check. */
CLAIM(each_processor_loads_tables_of_its_own_again_and_again)
{
    const struct dd_cpu_tables_config config = {.privilege_stack = dd_vaddr_from(0)};
    struct tables_registers world;
    struct dd_cpu_tables *tables[2] = {0};
    dd_paddr frames[2] = {{0}};
    uint16_t task = 0;

    for (unsigned int i = 0; i < 2; i++) {
        CLAIM_OK(world_frame_alloc(&frames[i]));
        tables[i] = world_frame_pointer(frames[i]);
        CLAIM_OK(dd_cpu_tables_init(tables[i], &config));
        /* The world's gates stay in use and name four stacks. */
        for (unsigned int ist = 0; ist < 4; ist++) {
            tables[i]->tss.ist[ist] = dd_vaddr_from((uintptr_t)tables[i] + 4096);
        }
    }
    tables_save(&world);
    for (unsigned int i = 0; i < 4; i++) {
        dd_cpu_tables_load(tables[i % 2]);
    }
    task = dd_str();
    tables_put_back(&world);
    CLAIM_EQUAL(task, 0x30);
    CLAIM_EQUAL(tables[0]->entries[6] >> 40 & 0xF, 11);
    CLAIM_EQUAL(tables[1]->entries[6] >> 40 & 0xF, 11);
    world_frame_free(frames[0]);
    world_frame_free(frames[1]);
}
