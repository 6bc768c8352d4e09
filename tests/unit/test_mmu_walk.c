/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page walker in 4-level paging, step by step against the manual. */
#include <string.h>

#include "sim/mmu/mmu_walk.h"
#include "tests/unit/unit.h"

enum {
    RAM_BYTES = 0x20000
};

static uint8_t ram[RAM_BYTES];
static const struct sim_memory memory = {.bytes = ram, .size = RAM_BYTES};
static struct sim_cpu cpu;

static void set(uint64_t address, uint64_t value)
{
    memcpy(ram + address, &value, sizeof value);
}

static uint64_t get(uint64_t address)
{
    uint64_t value = 0;

    memcpy(&value, ram + address, sizeof value);
    return value;
}

/* Indices 1, 2, 3, 4 and an offset; reset() puts the tables at 0x1000 to 0x4000. */
#define LINEAR UINT64_C(0x80806041AB)

static void reset(void)
{
    memset(ram, 0, sizeof ram);
    cpu = (struct sim_cpu){
        .cr0 = 0x80010033, .cr3 = 0x1018, .cr4 = 0x620, .efer = 0xD01, .physical_bits = 40};
    set(0x1000 + 8 * 1, 0x2007);
    set(0x2000 + 8 * 2, 0x3007);
    set(0x3000 + 8 * 3, 0x4007);
    set(0x4000 + 8 * 4, 0x9007);
}

static struct sim_walk walk(enum sim_access_kind kind, enum sim_access_mode mode)
{
    return sim_mmu_walk(&cpu, &memory, (struct sim_access){LINEAR, kind, mode});
}

START_TEST(a_walk_reads_four_entries_and_adds_the_offset)
{
    struct sim_walk result = walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);

    ck_assert_int_eq(result.outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(result.physical, 0x91AB);
    ck_assert_uint_eq(result.page_size, 0x1000);
    ck_assert_uint_eq(result.depth, 4);
    ck_assert_uint_eq(result.steps[0].address, 0x1008);
    ck_assert_uint_eq(result.steps[1].address, 0x2010);
    ck_assert_uint_eq(result.steps[2].address, 0x3018);
    ck_assert_uint_eq(result.steps[3].address, 0x4020);
    ck_assert_uint_eq(result.steps[3].entry, 0x9007);
}
END_TEST

START_TEST(large_pages_end_the_walk)
{
    struct sim_walk result;

    set(0x3018, 0x12600087 | 0x1000); /* 2 MiB with PAT in bit 12 */
    result = walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_int_eq(result.outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(result.physical, 0x126041AB);
    ck_assert_uint_eq(result.page_size, 0x200000);
    ck_assert_uint_eq(result.depth, 3);
    set(0x2010, 0x1C0000087);
    result = walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_uint_eq(result.physical, 0x1C06041AB);
    ck_assert_uint_eq(result.page_size, 0x40000000);
    ck_assert_uint_eq(result.depth, 2);
}
END_TEST

START_TEST(reserved_bits_fault_at_every_level)
{
    static const struct {
        uint64_t address, entry;
        unsigned int depth;
    } cases[] = {
        {0x1008, 0x2087, 1},          /* PS in a PML4E */
        {0x1008, 0x10000002007, 1},   /* bit 40 = MAXPHYADDR */
        {0x2010, 0x8000000003007, 2}, /* bit 51 */
        {0x2010, 0x40002087, 2},      /* 1 GiB page, bit 13 */
        {0x2010, 0x20000087, 2},      /* 1 GiB page, bit 29 */
        {0x3018, 0x2087, 3},          /* 2 MiB page, bit 13 */
        {0x3018, 0x100087, 3},        /* 2 MiB page, bit 20 */
        {0x4020, 0x10000009007, 4},
    };
    struct sim_walk result;

    set(cases[_i].address, cases[_i].entry);
    result = walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_int_eq(result.outcome, SIM_WALK_PAGE_FAULT);
    ck_assert_uint_eq(result.error_code, 0x9);
    ck_assert_uint_eq(result.depth, cases[_i].depth);
    set(cases[_i].address, cases[_i].entry & ~UINT64_C(1)); /* not present: nothing is reserved */
    result = walk(SIM_ACCESS_WRITE, SIM_MODE_USER);
    ck_assert_uint_eq(result.error_code, 0x6);
}
END_TEST

START_TEST(bits_software_may_use_are_not_reserved)
{
    set(0x1008, 0x7FF0000000002F07 & ~UINT64_C(0x80)); /* 62:52, 11:8 */
    set(0x4020, 0x7FF0000000009FE7);
    ck_assert_int_eq(walk(SIM_ACCESS_FETCH, SIM_MODE_USER).outcome, SIM_WALK_MAPPED);
    cpu.efer &= ~UINT64_C(0x800);
    set(0x4020, 0x8000000000009007); /* XD without EFER.NXE */
    ck_assert_uint_eq(walk(SIM_ACCESS_READ, SIM_MODE_USER).error_code, 0xD);
    ck_assert_uint_eq(walk(SIM_ACCESS_FETCH, SIM_MODE_USER).error_code, 0xD);
}
END_TEST

START_TEST(rights_are_those_of_the_strictest_entry)
{
    static const uint64_t addresses[] = {0x1008, 0x2010, 0x3018, 0x4020};
    uint64_t address = addresses[_i];
    uint64_t entry = get(address);

    set(address, entry & ~UINT64_C(2));
    ck_assert_uint_eq(walk(SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR).error_code, 0x3);
    ck_assert_uint_eq(walk(SIM_ACCESS_WRITE, SIM_MODE_USER).error_code, 0x7);
    set(address, entry & ~UINT64_C(4));
    ck_assert_uint_eq(walk(SIM_ACCESS_READ, SIM_MODE_USER).error_code, 0x5);
    ck_assert_int_eq(walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR).outcome, SIM_WALK_MAPPED);
    set(address, entry | UINT64_C(1) << 63);
    ck_assert_uint_eq(walk(SIM_ACCESS_FETCH, SIM_MODE_USER).error_code, 0x15);
    ck_assert_uint_eq(walk(SIM_ACCESS_FETCH, SIM_MODE_SUPERVISOR).error_code, 0x11);
    ck_assert_int_eq(walk(SIM_ACCESS_READ, SIM_MODE_USER).outcome, SIM_WALK_MAPPED);
}
END_TEST

START_TEST(cr0_wp_binds_the_supervisor_only_if_set)
{
    set(0x4020, 0x9005);
    ck_assert_uint_eq(walk(SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR).error_code, 0x3);
    cpu.cr0 &= ~UINT64_C(0x10000);
    ck_assert_int_eq(walk(SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR).outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(walk(SIM_ACCESS_WRITE, SIM_MODE_USER).error_code, 0x7);
}
END_TEST

START_TEST(smep_and_smap_keep_the_supervisor_off_user_pages)
{
    cpu.cr4 |= 0x100000;
    ck_assert_uint_eq(walk(SIM_ACCESS_FETCH, SIM_MODE_SUPERVISOR).error_code, 0x11);
    ck_assert_int_eq(walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR).outcome, SIM_WALK_MAPPED);
    cpu.cr4 |= 0x200000;
    ck_assert_uint_eq(walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR).error_code, 0x1);
    ck_assert_int_eq(walk(SIM_ACCESS_READ, SIM_MODE_USER).outcome, SIM_WALK_MAPPED);
    cpu.rflags = 0x40000; /* AC opens it for instructions, not for the processor itself */
    ck_assert_int_eq(walk(SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR).outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(walk(SIM_ACCESS_READ, SIM_MODE_IMPLICIT_SUPERVISOR).error_code, 0x1);
}
END_TEST

START_TEST(a_table_outside_ram_ends_the_walk)
{
    static const uint64_t tables[] = {0x20000, 0x1F000, 0xFFFFFFF000};
    struct sim_walk result;

    set(0x3018, tables[_i] | 7);
    result = walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_int_eq(result.outcome, _i == 1 ? SIM_WALK_PAGE_FAULT : SIM_WALK_NO_TABLE);
    ck_assert_uint_eq(result.depth, _i == 1 ? 4 : 3);
    cpu.cr3 = 0xFFFFFFFFFF000;
    ck_assert_int_eq(walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR).outcome, SIM_WALK_NO_TABLE);
}
END_TEST

START_TEST(transfers_cross_pages_and_mark_entries)
{
    const struct sim_mmu mmu = {&cpu, &memory};
    struct sim_transfer_failure failure;
    uint64_t page = LINEAR & ~UINT64_C(0xFFF);
    uint64_t value = 0x1122334455667788;

    set(0x4028, 0x7007);
    ck_assert_int_eq(sim_mmu_write(&mmu, page + 0xFFD, &value, 8, &failure), SIM_TRANSFER_DONE);
    ck_assert_uint_eq(get(0x9FF8) >> 40, 0x667788);
    ck_assert_uint_eq(get(0x7000), 0x1122334455);
    ck_assert_uint_eq(get(0x1008), 0x2027); /* A */
    ck_assert_uint_eq(get(0x4020), 0x9067); /* A, D */
    ck_assert_uint_eq(get(0x4028), 0x7067);
    set(0x4020, 0x9007);
    value = 0;
    ck_assert_int_eq(sim_mmu_read(&mmu, page + 0xFFD, &value, 8, &failure), SIM_TRANSFER_DONE);
    ck_assert_uint_eq(value, 0x1122334455667788);
    ck_assert_uint_eq(get(0x4020), 0x9027);
}
END_TEST

START_TEST(a_transfer_that_cannot_be_completed_does_nothing)
{
    const struct sim_mmu mmu = {&cpu, &memory};
    struct sim_transfer_failure failure;
    uint64_t page = LINEAR & ~UINT64_C(0xFFF);
    uint64_t value = 0x1122334455667788;

    ck_assert_int_eq(sim_mmu_write(&mmu, page + 0xFFD, &value, 8, &failure), SIM_TRANSFER_FAULT);
    ck_assert_uint_eq(failure.access.linear, page + 0x1000);
    ck_assert_uint_eq(failure.walk.error_code, 0x2);
    ck_assert_uint_eq(get(0x9FF8), 0);
    ck_assert_uint_eq(get(0x4020), 0x9007);
    set(0x4028, 0x20007);
    ck_assert_int_eq(sim_mmu_read(&mmu, page + 0xFFD, &value, 8, &failure), SIM_TRANSFER_NO_RAM);
    ck_assert_uint_eq(value, 0x1122334455667788);
    ck_assert(!sim_mmu_peek(&mmu, page + 0xFFD, &value, 8));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("mmu_walk");
    TCase *manual = tcase_create("manual");
    TCase *transfer = tcase_create("transfer");

    tcase_add_checked_fixture(manual, reset, NULL);
    tcase_add_test(manual, a_walk_reads_four_entries_and_adds_the_offset);
    tcase_add_test(manual, large_pages_end_the_walk);
    tcase_add_loop_test(manual, reserved_bits_fault_at_every_level, 0, 8);
    tcase_add_test(manual, bits_software_may_use_are_not_reserved);
    tcase_add_loop_test(manual, rights_are_those_of_the_strictest_entry, 0, 4);
    tcase_add_test(manual, cr0_wp_binds_the_supervisor_only_if_set);
    tcase_add_test(manual, smep_and_smap_keep_the_supervisor_off_user_pages);
    tcase_add_loop_test(manual, a_table_outside_ram_ends_the_walk, 0, 3);
    suite_add_tcase(suite, manual);

    tcase_add_checked_fixture(transfer, reset, NULL);
    tcase_add_test(transfer, transfers_cross_pages_and_mark_entries);
    tcase_add_test(transfer, a_transfer_that_cannot_be_completed_does_nothing);
    suite_add_tcase(suite, transfer);
    return suite;
}
