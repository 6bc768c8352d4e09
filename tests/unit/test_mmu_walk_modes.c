/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page walker in every paging mode: translation, and what it says about the page. */
#include "tests/unit/mmu_walk_case.h"

static struct sim_walk read_at(uint64_t linear)
{
    return sim_mmu_walk(&cpu, &memory,
                        (struct sim_access){linear, SIM_ACCESS_READ, SIM_MODE_SUPERVISOR});
}

START_TEST(control_bits_choose_the_mode)
{
    /* [SDM 3A] table 4-1 */
    static const struct {
        uint64_t cr0, cr4, efer;
        enum sim_paging_mode mode;
    } cases[] = {
        {0x00000011, 0x0020, 0x000, SIM_PAGING_OFF},
        {0x00000011, 0x1020, 0x100, SIM_PAGING_OFF}, /* LME without LMA */
        {0x80000011, 0x0000, 0x000, SIM_PAGING_32_BIT},
        {0x80000011, 0x1010, 0x800, SIM_PAGING_32_BIT},
        {0x80000011, 0x0020, 0x000, SIM_PAGING_PAE},
        {0x80000011, 0x1020, 0x000, SIM_PAGING_PAE}, /* LA57 means nothing here */
        {0x80000011, 0x0020, 0x500, SIM_PAGING_4_LEVEL},
        {0x80000011, 0x1020, 0x500, SIM_PAGING_5_LEVEL},
    };

    cpu = (struct sim_cpu){
        .cr0 = cases[_i].cr0, .cr4 = cases[_i].cr4, .efer = cases[_i].efer, .physical_bits = 40};
    ck_assert_int_eq(sim_mmu_paging_mode(&cpu), cases[_i].mode);
}
END_TEST

START_TEST(without_paging_addresses_lead_to_themselves)
{
    struct sim_walk walk;

    walk_case_build(SIM_PAGING_OFF, 0);
    cpu.cr4 = 0x700020; /* SMEP, SMAP and PKE have no say */
    cpu.cr0 |= 0x10000;
    cpu.pkru = 0xFFFFFFFF;
    walk = sim_mmu_walk(
        &cpu, &memory,
        (struct sim_access){0xABCDEF01FEE00300, (enum sim_access_kind)_i, SIM_MODE_USER});
    ck_assert_int_eq(walk.outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(walk.physical, 0xFEE00300);
    ck_assert_uint_eq(walk.page_size, 0x1000);
    ck_assert_uint_eq(walk.depth, 0);
    ck_assert(!walk.global);
    ck_assert(!sim_mmu_mark(&memory, &walk, SIM_ACCESS_WRITE));
}
END_TEST

START_TEST(every_page_size_of_every_mode_is_translated)
{
    static const struct {
        enum sim_paging_mode mode;
        unsigned int leaf;
        uint64_t physical, page_size;
        uint64_t addresses[5];
        uint8_t levels[5];
    } cases[] = {
        {SIM_PAGING_32_BIT, 1, 0x91AB, 0x1000, {0x200C, 0x1010}, {2, 1}},
        {SIM_PAGING_32_BIT, 2, 0x4041AB, 0x400000, {0x200C}, {2}},
        {SIM_PAGING_PAE, 1, 0x91AB, 0x1000, {0x3030, 0x2018, 0x1020}, {3, 2, 1}},
        {SIM_PAGING_PAE, 2, 0x2041AB, 0x200000, {0x3030, 0x2018}, {3, 2}},
        {SIM_PAGING_4_LEVEL, 1, 0x91AB, 0x1000, {0x4008, 0x3010, 0x2018, 0x1020}, {4, 3, 2, 1}},
        {SIM_PAGING_4_LEVEL, 2, 0x2041AB, 0x200000, {0x4008, 0x3010, 0x2018}, {4, 3, 2}},
        {SIM_PAGING_4_LEVEL, 3, 0x406041AB, 0x40000000, {0x4008, 0x3010}, {4, 3}},
        {SIM_PAGING_5_LEVEL,
         1,
         0x91AB,
         0x1000,
         {0x5038, 0x4008, 0x3010, 0x2018, 0x1020},
         {5, 4, 3, 2, 1}},
        {SIM_PAGING_5_LEVEL, 2, 0x2041AB, 0x200000, {0x5038, 0x4008, 0x3010, 0x2018}, {5, 4, 3, 2}},
        {SIM_PAGING_5_LEVEL, 3, 0x406041AB, 0x40000000, {0x5038, 0x4008, 0x3010}, {5, 4, 3}},
    };
    struct sim_walk walk;
    unsigned int depth = 0;

    walk_case_build(cases[_i].mode, cases[_i].leaf);
    walk = walk_case_walk(SIM_ACCESS_WRITE, SIM_MODE_USER);
    ck_assert_int_eq(walk.outcome, SIM_WALK_MAPPED);
    ck_assert_int_eq(walk.mode, cases[_i].mode);
    ck_assert_uint_eq(walk.physical, cases[_i].physical);
    ck_assert_uint_eq(walk.page_size, cases[_i].page_size);
    while (depth < 5 && cases[_i].levels[depth] != 0) {
        ck_assert_uint_eq(walk.steps[depth].address, cases[_i].addresses[depth]);
        ck_assert_uint_eq(walk.steps[depth].level, cases[_i].levels[depth]);
        ck_assert_uint_eq(walk.steps[depth].bytes, cases[_i].mode == SIM_PAGING_32_BIT ? 4 : 8);
        depth++;
    }
    ck_assert_uint_eq(walk.depth, depth);
    ck_assert_uint_eq(walk.rights.leaf, cases[_i].leaf);
    ck_assert_uint_eq(walk.rights.read_only, 0);
    ck_assert_uint_eq(walk.rights.supervisor, 0);
    ck_assert_uint_eq(walk.rights.no_execute, 0);
}
END_TEST

START_TEST(linear_addresses_have_32_bits_without_long_mode)
{
    enum sim_paging_mode mode = _i == 0 ? SIM_PAGING_32_BIT : SIM_PAGING_PAE;

    walk_case_build(mode, 1);
    ck_assert_uint_eq(read_at(0x1234567800000000 | walk_case_linear(mode)).physical, 0x91AB);
    cpu.cr3 |= 0xABCD00000000; /* bits 63:32 of CR3 are ignored: [SDM 3A] tables 4-3, 4-7 */
    ck_assert_uint_eq(read_at(walk_case_linear(mode)).physical, 0x91AB);
}
END_TEST

START_TEST(a_4_mib_page_has_address_bits_39_32_in_bits_20_13)
{
    struct sim_walk walk;

    walk_case_build(SIM_PAGING_32_BIT, 2);
    set32(0x200C, 0xFFDFF087); /* 31:22, 20:13 and PAT; bit 21 is reserved */
    walk = walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER);
    ck_assert_int_eq(walk.outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(walk.physical, 0xFFFFC041AB);
    ck_assert_uint_eq(walk.pat_index, 4);
    set32(0x200C, 0x00402087); /* bit 13 is address bit 32 */
    ck_assert_uint_eq(walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER).physical, 0x1004041AB);
    cpu.cr4 = 0; /* without CR4.PSE bit 7 is ignored and the PDE names a table */
    set32(0x200C, 0x00001087);
    set32(0x1010, 0x9007);
    ck_assert_uint_eq(walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER).physical, 0x91AB);
}
END_TEST

START_TEST(addresses_must_be_canonical_for_the_number_of_levels)
{
    static const struct {
        uint64_t linear;
        enum sim_paging_mode mode;
        enum sim_walk_outcome outcome;
    } cases[] = {
        {0x00007FFFFFFFFFFF, SIM_PAGING_4_LEVEL, SIM_WALK_PAGE_FAULT},
        {0x0000800000000000, SIM_PAGING_4_LEVEL, SIM_WALK_NONCANONICAL},
        {0xFFFF7FFFFFFFFFFF, SIM_PAGING_4_LEVEL, SIM_WALK_NONCANONICAL},
        {0xFFFF800000000000, SIM_PAGING_4_LEVEL, SIM_WALK_PAGE_FAULT},
        {0x0000800000000000, SIM_PAGING_5_LEVEL, SIM_WALK_PAGE_FAULT},
        {0x00FFFFFFFFFFFFFF, SIM_PAGING_5_LEVEL, SIM_WALK_PAGE_FAULT},
        {0x0100000000000000, SIM_PAGING_5_LEVEL, SIM_WALK_NONCANONICAL},
        {0xFEFFFFFFFFFFFFFF, SIM_PAGING_5_LEVEL, SIM_WALK_NONCANONICAL},
        {0xFF00000000000000, SIM_PAGING_5_LEVEL, SIM_WALK_PAGE_FAULT},
        {0x0000800000000000, SIM_PAGING_32_BIT, SIM_WALK_PAGE_FAULT},
        {0xFFFF7FFFFFFFFFFF, SIM_PAGING_PAE, SIM_WALK_PAGE_FAULT},
    };

    walk_case_build(cases[_i].mode, 1);
    ck_assert_int_eq(read_at(cases[_i].linear).outcome, cases[_i].outcome);
}
END_TEST

START_TEST(the_first_bad_entry_decides)
{
    struct sim_walk walk;

    for (unsigned int level = 5; level > 0; level--) {
        walk_case_build(SIM_PAGING_5_LEVEL, 1);
        for (unsigned int below = level; below > 0; below--) {
            walk_case_clear_bits(SIM_PAGING_5_LEVEL, below, 1);
        }
        walk = walk_case_walk(SIM_ACCESS_FETCH, SIM_MODE_USER);
        ck_assert_int_eq(walk.cause, SIM_CAUSE_NOT_PRESENT);
        ck_assert_uint_eq(walk.cause_level, level);
        ck_assert_uint_eq(walk.depth, 6 - level);
        ck_assert_uint_eq(walk.error_code, 0x14);
    }
}
END_TEST

START_TEST(a_table_outside_ram_ends_the_walk)
{
    static const enum sim_paging_mode modes[] = {SIM_PAGING_32_BIT, SIM_PAGING_PAE,
                                                 SIM_PAGING_4_LEVEL, SIM_PAGING_5_LEVEL};
    enum sim_paging_mode mode = modes[_i];
    struct sim_walk walk;

    walk_case_build(mode, 1);
    walk_case_set_bits(mode, 2, 0x20000);
    walk = walk_case_walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_int_eq(walk.outcome, SIM_WALK_NO_TABLE);
    ck_assert_int_eq(walk.cause, SIM_CAUSE_NONE);
    ck_assert_uint_eq(walk.depth, walk_case_levels(mode) - 1);
    cpu.cr3 = 0xFFFFF000;
    walk = walk_case_walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_int_eq(walk.outcome, SIM_WALK_NO_TABLE);
    ck_assert_uint_eq(walk.depth, 0);
}
END_TEST

START_TEST(a_page_is_global_only_with_cr4_pge)
{
    walk_case_build(SIM_PAGING_4_LEVEL, (unsigned int)_i);
    ck_assert(!walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER).global);
    walk_case_set_bits(SIM_PAGING_4_LEVEL, 4, 0x100); /* ignored there */
    ck_assert(!walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER).global);
    walk_case_set_bits(SIM_PAGING_4_LEVEL, (unsigned int)_i, 0x100);
    ck_assert(!walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER).global);
    cpu.cr4 |= 0x80;
    ck_assert(walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER).global);
    walk_case_clear_bits(SIM_PAGING_4_LEVEL, (unsigned int)_i, 0x100);
    ck_assert(!walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER).global);
}
END_TEST

START_TEST(a_page_is_told_with_its_type_bits_and_key)
{
    /* PWT bit 3, PCD bit 4, PAT bit 7 or 12, key bits 62:59: [SDM 3A] 4.9.2, 4.6.2 */
    static const struct {
        unsigned int leaf;
        uint64_t bits;
        unsigned int pat_index, key;
    } cases[] = {
        {1, 0x08, 1, 0},
        {1, 0x10, 2, 0},
        {1, 0x80, 4, 0},
        {2, 0x1000, 4, 0},
        {3, 0x1000, 4, 0},
        {3, 0x1018, 7, 0},
        {1, 0, 0, 0},
        {2, 0x18, 3, 0},
        {1, 0x0800000000000000, 0, 1},
        {1, 0x4000000000000000, 0, 8},
        {2, 0x7800000000000010, 2, 15},
        {3, 0x2800000000000008, 1, 5},
    };
    struct sim_walk walk;

    walk_case_build(SIM_PAGING_5_LEVEL, cases[_i].leaf);
    walk_case_set_bits(SIM_PAGING_5_LEVEL, 4, 0x7800000000000018); /* no say above the leaf */
    walk_case_set_bits(SIM_PAGING_5_LEVEL, cases[_i].leaf, cases[_i].bits);
    walk = walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER);
    ck_assert_int_eq(walk.outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(walk.pat_index, cases[_i].pat_index);
    ck_assert_uint_eq(walk.rights.key, cases[_i].key);
}
END_TEST

START_TEST(accessed_and_dirty_are_those_of_the_leaf)
{
    struct sim_walk walk;

    walk_case_build(SIM_PAGING_4_LEVEL, 2);
    walk_case_set_bits(SIM_PAGING_4_LEVEL, 3, 0x60);
    walk = walk_case_walk(SIM_ACCESS_WRITE, SIM_MODE_USER);
    ck_assert(!walk.accessed && !walk.dirty);
    walk_case_set_bits(SIM_PAGING_4_LEVEL, 2, 0x20);
    walk = walk_case_walk(SIM_ACCESS_WRITE, SIM_MODE_USER);
    ck_assert(walk.accessed && !walk.dirty);
    walk_case_set_bits(SIM_PAGING_4_LEVEL, 2, 0x40);
    ck_assert(walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER).dirty);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("mmu_walk_modes");
    TCase *tcase = tcase_create("modes");

    tcase_add_loop_test(tcase, control_bits_choose_the_mode, 0, 8);
    tcase_add_loop_test(tcase, without_paging_addresses_lead_to_themselves, 0, 3);
    tcase_add_loop_test(tcase, every_page_size_of_every_mode_is_translated, 0, 10);
    tcase_add_loop_test(tcase, linear_addresses_have_32_bits_without_long_mode, 0, 2);
    tcase_add_test(tcase, a_4_mib_page_has_address_bits_39_32_in_bits_20_13);
    tcase_add_loop_test(tcase, addresses_must_be_canonical_for_the_number_of_levels, 0, 11);
    tcase_add_test(tcase, the_first_bad_entry_decides);
    tcase_add_loop_test(tcase, a_table_outside_ram_ends_the_walk, 0, 4);
    tcase_add_loop_test(tcase, a_page_is_global_only_with_cr4_pge, 1, 4);
    tcase_add_loop_test(tcase, a_page_is_told_with_its_type_bits_and_key, 0, 12);
    tcase_add_test(tcase, accessed_and_dirty_are_those_of_the_leaf);
    suite_add_tcase(suite, tcase);
    return suite;
}
