/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/descriptors/gdt.c. */
#include <string.h>

#include "drydock/gdt.h"
#include "tests/unit/insn_recorder.h"
#include "tests/unit/unit.h"

/* A table and its memory in one, so that both can be compared. */
struct table {
    struct dd_gdt gdt;
    uint64_t entries[16];
};

static struct table table;

/* A table that holds the null descriptor and used - 1 segments; room for 16 entries. */
static struct dd_gdt *gdt_with(size_t used)
{
    struct dd_gdt *gdt = &table.gdt;
    uint16_t selector;

    memset(&table, 0xA5, sizeof table);
    ck_assert_int_eq(dd_gdt_init(gdt, table.entries, 16), DD_OK);
    while (gdt->used < used) {
        ck_assert_int_eq(dd_gdt_add_segment(gdt, DD_SEGMENT_KERNEL_DATA, &selector), DD_OK);
    }
    return gdt;
}

/* A task-state segment's address; nothing reads from it. */
static const struct dd_tss *tss_at(uint64_t address)
{
    return (const struct dd_tss *)(uintptr_t)address;
}

START_TEST(init_writes_only_the_null_descriptor)
{
    struct table expected;

    memset(&table, 0xA5, sizeof table);
    expected = table;
    expected.gdt = (struct dd_gdt){.entries = table.entries, .capacity = 5, .used = 1};
    expected.entries[0] = 0;
    ck_assert_int_eq(dd_gdt_init(&table.gdt, table.entries, 5), DD_OK);
    ck_assert_ptr_eq(table.gdt.entries, table.entries);
    ck_assert_uint_eq(table.gdt.capacity, 5);
    ck_assert_uint_eq(table.gdt.used, 1);
    ck_assert_mem_eq(table.entries, expected.entries, sizeof table.entries);
}
END_TEST

/* [SDM 3A] 3.5.1: up to 8192 entries. */
static const struct {
    size_t capacity;
    enum dd_status status;
} capacities[] = {{0, DD_EARG}, {1, DD_OK}, {8192, DD_OK}, {8193, DD_EARG}, {SIZE_MAX, DD_EARG}};

START_TEST(a_table_has_1_to_8192_entries)
{
    struct table before;

    memset(&table, 0xA5, sizeof table);
    before = table;
    ck_assert_int_eq(dd_gdt_init(&table.gdt, table.entries, capacities[_i].capacity),
                     capacities[_i].status);
    if (capacities[_i].status != DD_OK) {
        ck_assert_mem_eq(&table, &before, sizeof table);
    }
}
END_TEST

/* [SDM 3A] figure 3-8, table 3-1: P, S, accessed; L for code, D/B for data; limit 0xFFFFF pages. */
static const struct {
    uint64_t descriptor;
    enum dd_segment segment;
    uint16_t selector; /* as the first segment: index 1, RPL as the DPL */
} segments[] = {
    {0x00AF9B000000FFFF, DD_SEGMENT_KERNEL_CODE, 0x08},
    {0x00CF93000000FFFF, DD_SEGMENT_KERNEL_DATA, 0x08},
    {0x00AFFB000000FFFF, DD_SEGMENT_USER_CODE, 0x0B},
    {0x00CFF3000000FFFF, DD_SEGMENT_USER_DATA, 0x0B},
    {0x00CF9B000000FFFF, DD_SEGMENT_KERNEL_CODE32, 0x08},
    {0x00CFFB000000FFFF, DD_SEGMENT_USER_CODE32, 0x0B},
    {0x00009B000000FFFF, DD_SEGMENT_KERNEL_CODE16, 0x08},
    {0x000093000000FFFF, DD_SEGMENT_KERNEL_DATA16, 0x08},
    {0x0000FB000000FFFF, DD_SEGMENT_USER_CODE16, 0x0B},
    {0x0000F3000000FFFF, DD_SEGMENT_USER_DATA16, 0x0B},
};

START_TEST(segments_have_the_flat_descriptors_of_the_manual)
{
    struct dd_gdt *gdt = gdt_with(1);
    uint16_t selector = 0;

    ck_assert_int_eq(dd_gdt_add_segment(gdt, segments[_i].segment, &selector), DD_OK);
    ck_assert_uint_eq(gdt->entries[1], segments[_i].descriptor);
    ck_assert_uint_eq(selector, segments[_i].selector);
    ck_assert_uint_eq(gdt->used, 2);
}
END_TEST

START_TEST(a_segment_fits_at_every_fill_level_but_16)
{
    size_t used = (size_t)_i;
    struct dd_gdt *gdt = gdt_with(used);
    struct table before = table;
    uint16_t selector = 0xBEEF;

    ck_assert_int_eq(dd_gdt_add_segment(gdt, DD_SEGMENT_USER_CODE, &selector),
                     used < 16 ? DD_OK : DD_EFULL);
    if (used < 16) {
        ck_assert_uint_eq(selector, used * 8 + 3);
        ck_assert_uint_eq(gdt->used, used + 1);
        ck_assert_uint_eq(gdt->entries[used], 0x00AFFB000000FFFF);
    } else {
        ck_assert_uint_eq(selector, 0xBEEF);
        ck_assert_mem_eq(&table, &before, sizeof table);
    }
    ck_assert_mem_eq(gdt->entries, before.entries, used * sizeof gdt->entries[0]);
}
END_TEST

START_TEST(an_unknown_segment_changes_nothing)
{
    struct dd_gdt *gdt = gdt_with(3);
    struct table before = table;
    uint16_t selector = 0xBEEF;

    ck_assert_int_eq(dd_gdt_add_segment(gdt, (enum dd_segment)10, &selector), DD_EARG);
    ck_assert_int_eq(dd_gdt_add_segment(gdt, (enum dd_segment)UINT32_MAX, &selector), DD_EARG);
    ck_assert_uint_eq(selector, 0xBEEF);
    ck_assert_mem_eq(&table, &before, sizeof table);
}
END_TEST

START_TEST(a_tss_fits_at_every_fill_level_up_to_14)
{
    size_t used = (size_t)_i;
    struct dd_gdt *gdt = gdt_with(used);
    struct table before = table;
    uint16_t selector = 0xBEEF;

    ck_assert_int_eq(dd_gdt_add_tss(gdt, tss_at(0x1000), &selector), used <= 14 ? DD_OK : DD_EFULL);
    if (used <= 14) {
        ck_assert_uint_eq(selector, used * 8);
        ck_assert_uint_eq(gdt->used, used + 2);
    } else {
        ck_assert_uint_eq(selector, 0xBEEF);
        ck_assert_mem_eq(&table, &before, sizeof table);
    }
    ck_assert_mem_eq(gdt->entries, before.entries, used * sizeof gdt->entries[0]);
}
END_TEST

/* [SDM 3A] figure 8-4: limit 103, type 9, DPL 0, P, G 0. */
START_TEST(a_tss_descriptor_spreads_base_and_limit_as_in_the_manual)
{
    struct dd_gdt *gdt = gdt_with(1);
    uint16_t selector = 0;

    ck_assert_int_eq(dd_gdt_add_tss(gdt, tss_at(0xFFFF8123456789AB), &selector), DD_OK);
    ck_assert_uint_eq(gdt->entries[1], 0x4500896789AB0067);
    ck_assert_uint_eq(gdt->entries[2], 0x00000000FFFF8123);
}
END_TEST

START_TEST(every_bit_of_a_tss_base_has_its_own_place)
{
    struct dd_gdt *gdt = gdt_with(1);
    uint64_t base = UINT64_C(1) << _i;
    uint16_t selector = 0;

    ck_assert_int_eq(dd_gdt_add_tss(gdt, tss_at(base), &selector), DD_OK);

    uint64_t low = gdt->entries[1];
    uint64_t high = gdt->entries[2];
    ck_assert_uint_eq((low >> 16 & 0xFFFFFF) | low >> 56 << 24 | high << 32, base);
    ck_assert_uint_eq(low & 0x00FFFF000000FFFF, 0x0000890000000067);
    ck_assert_uint_eq(high >> 32, 0);
}
END_TEST

/* [SDM 3A] 8.2.2: busy is bit 1 of the type, bit 41 of the descriptor. */
START_TEST(reset_makes_a_busy_tss_available_and_keeps_the_rest)
{
    struct dd_gdt *gdt = gdt_with(1);
    uint16_t selector = 0;

    ck_assert_int_eq(dd_gdt_add_tss(gdt, tss_at(0xFFFF8123456789AB), &selector), DD_OK);

    struct table available = table;
    gdt->entries[1] = 0x45008B6789AB0067;
    ck_assert_int_eq(dd_gdt_reset_tss(gdt, selector), DD_OK);
    ck_assert_mem_eq(&table, &available, sizeof table);
    ck_assert_int_eq(dd_gdt_reset_tss(gdt, selector), DD_OK);
    ck_assert_mem_eq(&table, &available, sizeof table);
}
END_TEST

/* The table below has a TSS at 0x10, its high half at 0x18, and ends at 0x20. */
static const uint16_t not_a_tss[] = {
    0x00,   /* null */
    0x08,   /* kernel code, which has the same type number as a busy TSS */
    0x18,   /* the high half */
    0x20,   /* the first entry not in use */
    0xFFF8, /* far outside */
    0x14,   /* index 2 of the LDT */
};

START_TEST(reset_refuses_what_is_not_a_tss_of_the_table)
{
    struct dd_gdt *gdt = gdt_with(1);
    uint16_t selector = 0;

    ck_assert_int_eq(dd_gdt_add_segment(gdt, DD_SEGMENT_KERNEL_CODE, &selector), DD_OK);
    ck_assert_int_eq(dd_gdt_add_tss(gdt, tss_at(0xFFFFFFFFFFFFFFFF), &selector), DD_OK);
    gdt->entries[2] |= UINT64_C(1) << 41;
    gdt->entries[4] = gdt->entries[2];

    struct table before = table;
    ck_assert_int_eq(dd_gdt_reset_tss(gdt, not_a_tss[_i]), DD_EARG);
    ck_assert_mem_eq(&table, &before, sizeof table);
}
END_TEST

/* Type 2 is an LDT, 1 and 3 are 16-bit TSS, 12, 14 and 15 gates: [SDM 3A] table 3-2. */
START_TEST(reset_refuses_every_system_type_but_9_and_11)
{
    struct dd_gdt *gdt = gdt_with(4);

    gdt->entries[2] = (uint64_t)_i << 40 | 0x0000800000000067;
    ck_assert_int_eq(dd_gdt_reset_tss(gdt, 0x10), _i == 9 || _i == 11 ? DD_OK : DD_EARG);
}
END_TEST

/* [SDM 3A] 2.4.1: the limit is the offset of the last byte. */
START_TEST(load_gives_the_limit_in_use_then_code_then_data_selectors)
{
    size_t used = (size_t)_i;
    struct dd_gdt *gdt = gdt_with(used);

    dd_gdt_load(gdt, 0x08, 0x10);
    ck_assert_uint_eq(recorded_count, 5);
    ck_assert_int_eq(recorded[0].insn, DD_HOSTED_LGDT);
    ck_assert_uint_eq(recorded[0].operands.table.limit, used * 8 - 1);
    ck_assert_uint_eq(recorded[0].operands.table.base.raw, (uintptr_t)table.entries);
    ck_assert_int_eq(recorded[1].insn, DD_HOSTED_WRITE_CS);
    ck_assert_uint_eq(recorded[1].operands.rax, 0x08);
    ck_assert_int_eq(recorded[2].insn, DD_HOSTED_WRITE_SS);
    ck_assert_int_eq(recorded[3].insn, DD_HOSTED_WRITE_DS);
    ck_assert_int_eq(recorded[4].insn, DD_HOSTED_WRITE_ES);
    for (unsigned int i = 2; i < 5; i++) {
        ck_assert_uint_eq(recorded[i].operands.rax, 0x10);
    }
}
END_TEST

/* [SDM 3A] table 3-2: types 0, 8, 10 and 13 are reserved in 64-bit mode, 14 and 15 are of the IDT. */
START_TEST(only_kinds_that_belong_in_a_gdt_are_added)
{
    static const bool belongs[16] = {[2] = true, [9] = true, [11] = true, [12] = true};
    struct dd_gdt *gdt = gdt_with(1);
    struct dd_descriptor descriptor = {.low = (uint64_t)_i << 40 | 0x0000E00000000067,
                                       .high = 0x1234};
    uint16_t selector = 0xBEEF;

    ck_assert_int_eq(dd_gdt_add(gdt, &descriptor, &selector), belongs[_i] ? DD_OK : DD_EARG);
    ck_assert_uint_eq(selector, belongs[_i] ? 0x0B : 0xBEEF);
    ck_assert_uint_eq(gdt->used, belongs[_i] ? 3 : 1);
    if (belongs[_i]) {
        ck_assert_uint_eq(gdt->entries[1], descriptor.low);
        ck_assert_uint_eq(gdt->entries[2], 0x1234);
    }
}
END_TEST

START_TEST(a_table_can_be_adopted_only_if_its_last_descriptor_is_whole)
{
    uint64_t entries[4] = {0, 0x00CF93000000FFFF, 0x0000890000000067, 0x1234};
    size_t used = (size_t)_i;
    enum dd_status expected = used == 3 ? DD_EMALFORMED : DD_OK;
    struct dd_gdt gdt = {0};
    struct dd_descriptor found = {0};

    expected = used == 0 || used > 4 ? DD_EARG : expected;
    ck_assert_int_eq(dd_gdt_adopt(&gdt, entries, used, 4), expected);
    ck_assert_uint_eq(gdt.used, expected == DD_OK ? used : 0);
    if (used == 4) {
        ck_assert_int_eq(dd_gdt_get(&gdt, 0x13, &found), DD_OK);
        ck_assert_uint_eq(found.low, entries[2]);
        ck_assert_uint_eq(found.high, 0x1234);
        ck_assert_int_eq(dd_gdt_get(&gdt, 0x20, &found), DD_EARG);
        ck_assert_int_eq(dd_gdt_get(&gdt, 0x14, &found), DD_EARG);
        ck_assert_int_eq(dd_gdt_get(&gdt, 0x03, &found), DD_EARG);
    }
}
END_TEST

/* [SDM 3A] 3.5.1: the limit of an LDT of n entries is 8n - 1. */
START_TEST(an_ldt_descriptor_has_the_limit_in_use)
{
    struct dd_gdt *gdt = gdt_with(1);
    struct dd_ldt ldt = {.entries = (uint64_t *)(uintptr_t)0xFFFF8123456789A8,
                         .capacity = 8192,
                         .used = (uint16_t)_i};
    uint16_t selector = 0xBEEF;

    ck_assert_int_eq(dd_gdt_add_ldt(gdt, &ldt, &selector), _i == 0 ? DD_EARG : DD_OK);
    if (_i != 0) {
        ck_assert_uint_eq(gdt->entries[1] & 0xFFFFFFFFFFFF0000, 0x4500826789A80000);
        ck_assert_uint_eq(gdt->entries[1] & 0xFFFF, (unsigned int)_i * 8 - 1);
        ck_assert_uint_eq(gdt->entries[2], 0xFFFF8123);
        ck_assert_uint_eq(selector, 8);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("gdt");
    TCase *segment = tcase_create("segment");
    TCase *tss = tcase_create("tss");
    TCase *load = tcase_create("load");

    tcase_add_test(segment, init_writes_only_the_null_descriptor);
    tcase_add_loop_test(segment, a_table_has_1_to_8192_entries, 0, 5);
    tcase_add_loop_test(segment, segments_have_the_flat_descriptors_of_the_manual, 0, 10);
    tcase_add_loop_test(segment, a_segment_fits_at_every_fill_level_but_16, 1, 17);
    tcase_add_test(segment, an_unknown_segment_changes_nothing);
    tcase_add_loop_test(segment, only_kinds_that_belong_in_a_gdt_are_added, 0, 16);
    tcase_add_loop_test(segment, a_table_can_be_adopted_only_if_its_last_descriptor_is_whole, 0, 6);
    tcase_add_loop_test(segment, an_ldt_descriptor_has_the_limit_in_use, 0, 4);
    suite_add_tcase(suite, segment);

    tcase_add_loop_test(tss, a_tss_fits_at_every_fill_level_up_to_14, 1, 17);
    tcase_add_test(tss, a_tss_descriptor_spreads_base_and_limit_as_in_the_manual);
    tcase_add_loop_test(tss, every_bit_of_a_tss_base_has_its_own_place, 0, 64);
    tcase_add_test(tss, reset_makes_a_busy_tss_available_and_keeps_the_rest);
    tcase_add_loop_test(tss, reset_refuses_what_is_not_a_tss_of_the_table, 0, 6);
    tcase_add_loop_test(tss, reset_refuses_every_system_type_but_9_and_11, 0, 16);
    suite_add_tcase(suite, tss);

    tcase_add_checked_fixture(load, insn_recorder_reset, NULL);
    tcase_add_loop_test(load, load_gives_the_limit_in_use_then_code_then_data_selectors, 1, 17);
    suite_add_tcase(suite, load);
    return suite;
}
