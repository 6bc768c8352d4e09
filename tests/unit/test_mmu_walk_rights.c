/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Access rights by example: which cause is named, at which level, with which error code. */
#include "tests/unit/mmu_walk_case.h"

START_TEST(the_highest_level_that_restricts_is_named)
{
    struct sim_walk walk;

    walk_case_build(SIM_PAGING_5_LEVEL, 1);
    for (unsigned int level = 1; level <= 5; level++) {
        walk_case_clear_bits(SIM_PAGING_5_LEVEL, level, 0x6);
        walk_case_set_bits(SIM_PAGING_5_LEVEL, level, 0x8000000000000000);
        walk = walk_case_walk(SIM_ACCESS_FETCH, SIM_MODE_SUPERVISOR);
        ck_assert_int_eq(walk.cause, SIM_CAUSE_NO_EXECUTE);
        ck_assert_uint_eq(walk.cause_level, level);
        ck_assert_uint_eq(walk.rights.read_only, level);
        ck_assert_uint_eq(walk.rights.supervisor, level);
        ck_assert_uint_eq(walk.rights.no_execute, level);
        walk = walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER);
        ck_assert_int_eq(walk.cause, SIM_CAUSE_SUPERVISOR_ONLY);
        ck_assert_uint_eq(walk.cause_level, level);
    }
}
END_TEST

START_TEST(each_cause_has_its_name_and_error_code)
{
    static const struct {
        uint64_t cr0, cr4, set, clear;
        uint32_t pkru;
        enum sim_access_kind kind;
        enum sim_access_mode mode;
        enum sim_walk_cause cause;
        uint32_t error_code;
    } cases[] = {
        {0, 0, 0, 1, 0, SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR, SIM_CAUSE_NOT_PRESENT, 0x02},
        {0, 0, 0, 2, 0, SIM_ACCESS_WRITE, SIM_MODE_USER, SIM_CAUSE_READ_ONLY, 0x07},
        {0x10000, 0, 0, 2, 0, SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR, SIM_CAUSE_READ_ONLY, 0x03},
        {0, 0, 0, 4, 0, SIM_ACCESS_READ, SIM_MODE_USER, SIM_CAUSE_SUPERVISOR_ONLY, 0x05},
        {0, 0, 0x8000000000000000, 0, 0, SIM_ACCESS_FETCH, SIM_MODE_USER, SIM_CAUSE_NO_EXECUTE,
         0x15},
        {0, 0x100000, 0, 0, 0, SIM_ACCESS_FETCH, SIM_MODE_SUPERVISOR, SIM_CAUSE_SMEP, 0x11},
        {0, 0x200000, 0, 0, 0, SIM_ACCESS_READ, SIM_MODE_SUPERVISOR, SIM_CAUSE_SMAP, 0x01},
        {0, 0x400000, 0, 0, 0x1, SIM_ACCESS_READ, SIM_MODE_USER, SIM_CAUSE_PROTECTION_KEY, 0x25},
        {0, 0x400000, 0, 0, 0x2, SIM_ACCESS_WRITE, SIM_MODE_USER, SIM_CAUSE_PROTECTION_KEY, 0x27},
        {0x10000, 0x400000, 0, 0, 0x2, SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR,
         SIM_CAUSE_PROTECTION_KEY, 0x23},
        {0, 0x400000, 0x7800000000000000, 0, 0x40000000, SIM_ACCESS_READ, SIM_MODE_SUPERVISOR,
         SIM_CAUSE_PROTECTION_KEY, 0x21},
        /* PK is set also when R/W = 0 was enough: [SDM 3A] 4.7 */
        {0, 0x400000, 0, 2, 0x1, SIM_ACCESS_WRITE, SIM_MODE_USER, SIM_CAUSE_READ_ONLY, 0x27},
        /* a supervisor page has no key */
        {0, 0x400000, 0, 4, 0x3, SIM_ACCESS_READ, SIM_MODE_USER, SIM_CAUSE_SUPERVISOR_ONLY, 0x05},
    };
    struct sim_walk walk;

    walk_case_build(SIM_PAGING_4_LEVEL, 1);
    cpu.cr0 |= cases[_i].cr0;
    cpu.cr4 |= cases[_i].cr4;
    cpu.pkru = cases[_i].pkru;
    walk_case_set_bits(SIM_PAGING_4_LEVEL, 1, cases[_i].set);
    walk_case_clear_bits(SIM_PAGING_4_LEVEL, 1, cases[_i].clear);
    walk = walk_case_walk(cases[_i].kind, cases[_i].mode);
    ck_assert_int_eq(walk.outcome, SIM_WALK_PAGE_FAULT);
    ck_assert_int_eq(walk.cause, cases[_i].cause);
    ck_assert_uint_eq(walk.cause_level, 1);
    ck_assert_uint_eq(walk.error_code, cases[_i].error_code);
}
END_TEST

START_TEST(a_fetch_is_reported_with_nxe_or_smep_but_not_in_32_bit_paging_for_nxe)
{
    static const struct {
        enum sim_paging_mode mode;
        uint32_t error_code;
        uint64_t efer, smep;
    } cases[] = {
        {SIM_PAGING_32_BIT, 0x04, 0x800, 0},  {SIM_PAGING_32_BIT, 0x14, 0, 0x100000},
        {SIM_PAGING_PAE, 0x14, 0x800, 0},     {SIM_PAGING_PAE, 0x04, 0, 0},
        {SIM_PAGING_PAE, 0x14, 0, 0x100000},  {SIM_PAGING_4_LEVEL, 0x04, 0x500, 0},
        {SIM_PAGING_4_LEVEL, 0x14, 0xD00, 0}, {SIM_PAGING_4_LEVEL, 0x14, 0x500, 0x100000},
    };

    walk_case_build(cases[_i].mode, 1);
    cpu.efer = cases[_i].efer;
    cpu.cr4 |= cases[_i].smep;
    walk_case_clear_bits(cases[_i].mode, 1, 1);
    ck_assert_uint_eq(walk_case_walk(SIM_ACCESS_FETCH, SIM_MODE_USER).error_code,
                      cases[_i].error_code);
    ck_assert_uint_eq(walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER).error_code, 0x04);
}
END_TEST

START_TEST(cached_rights_are_judged_by_the_registers_of_now)
{
    struct sim_rights rights = {.read_only = 2, .no_execute = 3, .leaf = 1};
    struct sim_access write = {0, SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR};
    struct sim_access fetch = {0, SIM_ACCESS_FETCH, SIM_MODE_SUPERVISOR};

    walk_case_build(SIM_PAGING_4_LEVEL, 1);
    ck_assert_int_eq(sim_mmu_check_rights(&cpu, &rights, write).cause, SIM_CAUSE_NONE);
    cpu.cr0 |= 0x10000;
    ck_assert_int_eq(sim_mmu_check_rights(&cpu, &rights, write).cause, SIM_CAUSE_READ_ONLY);
    ck_assert_uint_eq(sim_mmu_check_rights(&cpu, &rights, write).level, 2);
    ck_assert_int_eq(sim_mmu_check_rights(&cpu, &rights, fetch).cause, SIM_CAUSE_NO_EXECUTE);
    ck_assert_uint_eq(sim_mmu_check_rights(&cpu, &rights, fetch).level, 3);
    cpu.efer &= ~UINT64_C(0x800);
    ck_assert_int_eq(sim_mmu_check_rights(&cpu, &rights, fetch).cause, SIM_CAUSE_NONE);
    cpu.cr0 &= ~UINT64_C(0x80000000);
    ck_assert_int_eq(sim_mmu_check_rights(&cpu, &rights, write).cause, SIM_CAUSE_NONE);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("mmu_walk_rights");
    TCase *tcase = tcase_create("rights");

    tcase_add_test(tcase, the_highest_level_that_restricts_is_named);
    tcase_add_loop_test(tcase, each_cause_has_its_name_and_error_code, 0, 13);
    tcase_add_loop_test(
        tcase, a_fetch_is_reported_with_nxe_or_smep_but_not_in_32_bit_paging_for_nxe, 0, 8);
    tcase_add_test(tcase, cached_rights_are_judged_by_the_registers_of_now);
    suite_add_tcase(suite, tcase);
    return suite;
}
