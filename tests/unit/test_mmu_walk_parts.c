/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is built on walks: starting in the middle, marks in the entries, transfers. */
#include <string.h>

#include "tests/unit/mmu_walk_case.h"

static const enum sim_paging_mode modes[] = {SIM_PAGING_32_BIT, SIM_PAGING_PAE, SIM_PAGING_4_LEVEL,
                                             SIM_PAGING_5_LEVEL};

static struct sim_access user_write_in(enum sim_paging_mode mode)
{
    return (struct sim_access){walk_case_linear(mode), SIM_ACCESS_WRITE, SIM_MODE_USER};
}

START_TEST(the_root_is_what_cr3_names)
{
    /* [SDM 3A] tables 4-3, 4-7, 4-12: other bits of CR3 are PWT, PCD, PCID or ignored */
    static const uint64_t tables[] = {0xABCDE000, 0xABCDEFE0, 0x000FEDCBABCDE000,
                                      0x000FEDCBABCDE000};
    struct sim_walk_start start;

    walk_case_build(modes[_i], 1);
    cpu.cr3 = 0xFFFFEDCBABCDEFFF & ~UINT64_C(0xFFF0000000000000);
    start = sim_mmu_start_at_root(&cpu);
    ck_assert_uint_eq(start.table, tables[_i]);
    ck_assert_uint_eq(start.level, walk_case_levels(modes[_i]));
    ck_assert_uint_eq(start.rights.read_only, 0);
    ck_assert_uint_eq(start.rights.supervisor, 0);
    ck_assert_uint_eq(start.rights.no_execute, 0);
}
END_TEST

START_TEST(a_walk_from_the_middle_ends_like_a_whole_one)
{
    enum sim_paging_mode mode = modes[_i];
    struct sim_walk whole, part;

    walk_case_build(mode, 1);
    walk_case_clear_bits(mode, 2, 0x2);
    whole = walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER);
    for (unsigned int i = 0; i + 1 < whole.depth; i++) {
        struct sim_walk_start start = sim_mmu_start_below(&whole.steps[i]);

        part = sim_mmu_walk_from(&cpu, &memory, user_write_in(mode), &start);
        ck_assert_int_eq(part.outcome, SIM_WALK_PAGE_FAULT);
        ck_assert_int_eq(part.cause, SIM_CAUSE_READ_ONLY);
        ck_assert_uint_eq(part.cause_level, 2); /* even if that entry is not read again */
        ck_assert_uint_eq(part.error_code, 0x7);
        ck_assert_uint_eq(part.depth, whole.depth - i - 1);
        ck_assert_uint_eq(part.steps[0].address, whole.steps[i + 1].address);
        ck_assert_uint_eq(part.steps[0].level, whole.steps[i + 1].level);
        ck_assert_uint_eq(part.physical, 0x91AB);
        ck_assert_mem_eq(&part.rights, &whole.rights, sizeof part.rights);
    }
}
END_TEST

START_TEST(a_walk_from_the_middle_does_not_read_what_is_above)
{
    struct sim_walk_start start;
    struct sim_walk walk;

    walk_case_build(SIM_PAGING_5_LEVEL, 1);
    walk = walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER);
    start = sim_mmu_start_below(&walk.steps[3]);
    for (unsigned int level = 2; level <= 5; level++) {
        set64(walk_case_entry(SIM_PAGING_5_LEVEL, level), 0);
    }
    walk = sim_mmu_walk_from(&cpu, &memory, user_write_in(SIM_PAGING_5_LEVEL), &start);
    ck_assert_int_eq(walk.outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(walk.physical, 0x91AB);
    ck_assert_uint_eq(walk.depth, 1);
}
END_TEST

START_TEST(an_access_sets_a_everywhere_and_a_write_d_in_the_leaf)
{
    enum sim_paging_mode mode = modes[_i / 2];
    unsigned int leaf = 1 + (unsigned int)_i % 2;
    unsigned int levels = walk_case_levels(mode);
    struct sim_walk walk;

    walk_case_build(mode, leaf);
    walk = walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER);
    ck_assert(sim_mmu_mark(&memory, &walk, SIM_ACCESS_FETCH));
    for (unsigned int level = leaf; level <= levels; level++) {
        bool pdpte = mode == SIM_PAGING_PAE && level == 3; /* bit 5 is reserved there */
        uint32_t low = get32(walk_case_entry(mode, level));

        ck_assert_uint_eq(low & 0x60, pdpte ? 0 : 0x20);
    }
    ck_assert(!sim_mmu_mark(&memory, &walk, SIM_ACCESS_READ));
    ck_assert(sim_mmu_mark(&memory, &walk, SIM_ACCESS_WRITE));
    for (unsigned int level = leaf; level <= levels; level++) {
        bool pdpte = mode == SIM_PAGING_PAE && level == 3;
        uint32_t low = get32(walk_case_entry(mode, level));

        ck_assert_uint_eq(low & 0x60, pdpte ? 0 : (level == leaf ? 0x60 : 0x20));
    }
    ck_assert(!sim_mmu_mark(&memory, &walk, SIM_ACCESS_WRITE));
    ck_assert_int_eq(walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER).outcome, SIM_WALK_MAPPED);
}
END_TEST

START_TEST(marks_change_no_neighbour)
{
    struct sim_walk walk;

    walk_case_build(SIM_PAGING_32_BIT, 1);
    set32(0x1014, 0x0000A005); /* the next entry, 4 bytes further */
    walk = walk_case_walk(SIM_ACCESS_WRITE, SIM_MODE_USER);
    ck_assert(sim_mmu_mark(&memory, &walk, SIM_ACCESS_WRITE));
    ck_assert_uint_eq(get32(0x1010), 0x9067);
    ck_assert_uint_eq(get32(0x1014), 0xA005);
    ck_assert_uint_eq(walk.steps[1].entry, 0x9007); /* as it was read */
}
END_TEST

START_TEST(a_page_fault_marks_only_the_entries_before_the_last)
{
    struct sim_walk walk;

    walk_case_build(SIM_PAGING_4_LEVEL, 1);
    walk_case_clear_bits(SIM_PAGING_4_LEVEL, 1, 0x2);
    walk = walk_case_walk(SIM_ACCESS_WRITE, SIM_MODE_USER);
    ck_assert_int_eq(walk.outcome, SIM_WALK_PAGE_FAULT);
    ck_assert(sim_mmu_mark(&memory, &walk, SIM_ACCESS_WRITE));
    ck_assert_uint_eq(get64(0x4008), 0x3027);
    ck_assert_uint_eq(get64(0x3010), 0x2027);
    ck_assert_uint_eq(get64(0x2018), 0x1027);
    ck_assert_uint_eq(get64(0x1020), 0x9005);
    set64(0x2018, 0x21007); /* no RAM there */
    walk = walk_case_walk(SIM_ACCESS_WRITE, SIM_MODE_USER);
    ck_assert_int_eq(walk.outcome, SIM_WALK_NO_TABLE);
    ck_assert(!sim_mmu_mark(&memory, &walk, SIM_ACCESS_WRITE));
    ck_assert_uint_eq(get64(0x2018), 0x21007);
}
END_TEST

START_TEST(written_pages_are_noted_once)
{
    bool is_dirty[32] = {false};
    uint32_t list[32] = {0};
    struct sim_dirty_pages dirty = {is_dirty, list, 0};
    struct sim_memory noting = {memory.bytes, memory.size, &dirty};
    const struct sim_mmu mmu = {&cpu, &noting};
    struct sim_transfer_failure failure;
    uint64_t value = 0;

    walk_case_build(SIM_PAGING_4_LEVEL, 1);
    ck_assert(sim_mmu_peek(&mmu, walk_case_linear(SIM_PAGING_4_LEVEL), &value, 8));
    ck_assert_uint_eq(dirty.count, 0);
    ck_assert_int_eq(sim_mmu_write(&mmu, walk_case_linear(SIM_PAGING_4_LEVEL), &value, 8, &failure),
                     SIM_TRANSFER_DONE);
    ck_assert_uint_eq(dirty.count, 5);
    ck_assert(is_dirty[1] && is_dirty[2] && is_dirty[3] && is_dirty[4] && is_dirty[9]);
    memset(is_dirty, 0, sizeof is_dirty);
    dirty.count = 0;
    ck_assert_int_eq(sim_mmu_write(&mmu, walk_case_linear(SIM_PAGING_4_LEVEL), &value, 8, &failure),
                     SIM_TRANSFER_DONE);
    ck_assert_uint_eq(dirty.count, 1); /* A and D were set already */
    ck_assert_uint_eq(list[0], 9);
}
END_TEST

START_TEST(transfers_work_in_every_mode)
{
    const struct sim_mmu mmu = {&cpu, &memory};
    struct sim_transfer_failure failure;
    uint64_t value = 0x1122334455667788;
    uint64_t linear = walk_case_linear(modes[_i]);

    walk_case_build(modes[_i], 1);
    ck_assert_int_eq(sim_mmu_write(&mmu, linear, &value, 8, &failure), SIM_TRANSFER_DONE);
    ck_assert_uint_eq(get64(0x91AB), 0x1122334455667788);
    value = 0;
    ck_assert_int_eq(sim_mmu_read(&mmu, linear, &value, 8, &failure), SIM_TRANSFER_DONE);
    ck_assert_uint_eq(value, 0x1122334455667788);
    value = 0;
    ck_assert(sim_mmu_peek(&mmu, linear, &value, 8));
    ck_assert_uint_eq(value, 0x1122334455667788);
    ck_assert_uint_eq(get32(walk_case_entry(modes[_i], 1)) & 0x60, 0x60);
}
END_TEST

START_TEST(a_transfer_has_the_rights_of_who_asks)
{
    const struct sim_mmu mmu = {&cpu, &memory};
    struct sim_transfer_failure failure;
    struct sim_access user = {walk_case_linear(SIM_PAGING_4_LEVEL), SIM_ACCESS_READ, SIM_MODE_USER};
    uint64_t value = 0x55;

    walk_case_build(SIM_PAGING_4_LEVEL, 1);
    walk_case_clear_bits(SIM_PAGING_4_LEVEL, 1, 0x4);
    ck_assert_int_eq(sim_mmu_write(&mmu, user.linear, &value, 8, &failure), SIM_TRANSFER_DONE);
    ck_assert_int_eq(sim_mmu_write_as(&mmu, user, &value, 8, &failure), SIM_TRANSFER_FAULT);
    ck_assert_uint_eq(failure.walk.error_code, 0x7);
    ck_assert_int_eq(failure.access.kind, SIM_ACCESS_WRITE);
    ck_assert_int_eq(sim_mmu_read_as(&mmu, user, &value, 8, &failure), SIM_TRANSFER_FAULT);
    ck_assert_uint_eq(failure.walk.error_code, 0x5);
}
END_TEST

START_TEST(the_processor_itself_asks_as_implicit_supervisor)
{
    const struct sim_mmu mmu = {&cpu, &memory};
    struct sim_transfer_failure failure;
    uint64_t linear = walk_case_linear(SIM_PAGING_4_LEVEL);
    uint64_t value = 0;

    walk_case_build(SIM_PAGING_4_LEVEL, 1);
    cpu.cr4 |= 0x200000; /* SMAP: AC opens user pages for instructions only */
    cpu.rflags = 0x40002;
    ck_assert_int_eq(sim_mmu_write(&mmu, linear, &value, 8, &failure), SIM_TRANSFER_FAULT);
    ck_assert_int_eq(failure.walk.cause, SIM_CAUSE_SMAP);
    ck_assert_int_eq(sim_mmu_read(&mmu, linear, &value, 8, &failure), SIM_TRANSFER_FAULT);
    ck_assert(!sim_mmu_peek(&mmu, linear, &value, 8));
    walk_case_clear_bits(SIM_PAGING_4_LEVEL, 2, 0x4);
    ck_assert_int_eq(sim_mmu_write(&mmu, linear, &value, 8, &failure), SIM_TRANSFER_DONE);
    ck_assert_int_eq(sim_mmu_read(&mmu, linear, &value, 8, &failure), SIM_TRANSFER_DONE);
    ck_assert(sim_mmu_peek(&mmu, linear, &value, 8));
}
END_TEST

START_TEST(ram_may_end_within_an_entry_or_a_transfer)
{
    struct sim_memory small = memory;
    const struct sim_mmu mmu = {&cpu, &small};
    struct sim_transfer_failure failure;
    uint64_t linear = walk_case_linear(SIM_PAGING_4_LEVEL);
    uint64_t value = 0;

    walk_case_build(SIM_PAGING_4_LEVEL, 1);
    small.size = 0x91AF;
    ck_assert_int_eq(sim_mmu_read(&mmu, linear, &value, 4, &failure), SIM_TRANSFER_DONE);
    ck_assert_int_eq(sim_mmu_read(&mmu, linear, &value, 5, &failure), SIM_TRANSFER_NO_RAM);
    set64(0x4008, 0x9007); /* the PDPTE would be at 0x9010 */
    small.size = 0x9014;
    ck_assert_int_eq(sim_mmu_read(&mmu, linear, &value, 1, &failure), SIM_TRANSFER_FAULT);
    ck_assert_int_eq(failure.walk.outcome, SIM_WALK_NO_TABLE);
    small.size = 0x9018;
    ck_assert_int_eq(sim_mmu_read(&mmu, linear, &value, 1, &failure), SIM_TRANSFER_FAULT);
    ck_assert_int_eq(failure.walk.cause, SIM_CAUSE_NOT_PRESENT);
}
END_TEST

START_TEST(addresses_wrap_at_4_gib_without_long_mode)
{
    const struct sim_mmu mmu = {&cpu, &memory};
    struct sim_transfer_failure failure;
    uint64_t value = 0x1122334455667788;

    walk_case_build(SIM_PAGING_32_BIT, 2);
    set32(0x2FFC, 0x3003); /* the last PDE, and its last PTE */
    set32(0x3FFC, 0x8003);
    set32(0x2000, 0x4003); /* the first PDE, and its first PTE */
    set32(0x4000, 0x7003);
    ck_assert_int_eq(sim_mmu_write(&mmu, 0xFFFFFFFC, &value, 8, &failure), SIM_TRANSFER_DONE);
    ck_assert_uint_eq(get32(0x8FFC), 0x55667788);
    ck_assert_uint_eq(get32(0x7000), 0x11223344);
    set32(0x4000, 0);
    ck_assert_int_eq(sim_mmu_write(&mmu, 0xFFFFFFFC, &value, 8, &failure), SIM_TRANSFER_FAULT);
    ck_assert_uint_eq(failure.access.linear, 0);
    cpu.cr0 = 0x11;
    ck_assert_int_eq(sim_mmu_write(&mmu, 0xFFFFFFFC, &value, 8, &failure), SIM_TRANSFER_NO_RAM);
    ck_assert_int_eq(sim_mmu_write(&mmu, 0x100000008, &value, 8, &failure), SIM_TRANSFER_DONE);
    ck_assert_uint_eq(get64(8), 0x1122334455667788);
}
END_TEST

static uint64_t random_state;

static uint64_t chance(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Tables of chance: mostly present entries that lead into RAM, on which levels overlap at will. */
static void fill_with_chance(void)
{
    for (uint64_t address = 0; address < memory.size; address += 8) {
        uint64_t entry = (chance() & 0x1F000) | (chance() & 0xFFF) | 1;

        entry |= chance() % 16 == 0 ? chance() : 0;
        set64(address, entry);
    }
}

START_TEST(no_tables_lead_a_walk_astray)
{
    random_state = 0x9E3779B97F4A7C15 + (uint64_t)_i;
    fill_with_chance();
    for (unsigned int round = 0; round < 20000; round++) {
        struct sim_access access = {chance() >> (chance() % 32), (enum sim_access_kind)(round % 3),
                                    (enum sim_access_mode)(round / 3 % 3)};
        struct sim_walk walk, again;

        cpu = (struct sim_cpu){.cr0 = chance() | (chance() % 8 != 0 ? 0x80000000 : 0),
                               .cr3 = chance() % 4 != 0 ? chance() & 0x1FFFF : chance(),
                               .cr4 = chance(),
                               .efer = chance(),
                               .rflags = chance(),
                               .pkru = (uint32_t)chance(),
                               .physical_bits = 32 + (unsigned int)(chance() % 21)};
        walk = sim_mmu_walk(&cpu, &memory, access);
        ck_assert_uint_le(walk.depth, 5);
        ck_assert((walk.outcome == SIM_WALK_PAGE_FAULT) == (walk.cause != SIM_CAUSE_NONE));
        ck_assert((walk.outcome == SIM_WALK_PAGE_FAULT) == (walk.cause_level != 0));
        ck_assert_uint_lt(walk.physical >> 52, 1);
        (void)sim_mmu_mark(&memory, &walk, access.kind);
        if (walk.outcome == SIM_WALK_MAPPED && walk.depth > 1) {
            struct sim_walk_start start = sim_mmu_start_below(&walk.steps[walk.depth - 2]);

            again = sim_mmu_walk_from(&cpu, &memory, access, &start);
            ck_assert(again.outcome == walk.outcome || again.cause == SIM_CAUSE_RESERVED);
        }
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("mmu_walk_parts");
    TCase *tcase = tcase_create("parts");

    tcase_add_loop_test(tcase, the_root_is_what_cr3_names, 0, 4);
    tcase_add_loop_test(tcase, a_walk_from_the_middle_ends_like_a_whole_one, 0, 4);
    tcase_add_test(tcase, a_walk_from_the_middle_does_not_read_what_is_above);
    tcase_add_loop_test(tcase, an_access_sets_a_everywhere_and_a_write_d_in_the_leaf, 0, 8);
    tcase_add_test(tcase, marks_change_no_neighbour);
    tcase_add_test(tcase, a_page_fault_marks_only_the_entries_before_the_last);
    tcase_add_test(tcase, written_pages_are_noted_once);
    tcase_add_loop_test(tcase, transfers_work_in_every_mode, 0, 4);
    tcase_add_test(tcase, a_transfer_has_the_rights_of_who_asks);
    tcase_add_test(tcase, the_processor_itself_asks_as_implicit_supervisor);
    tcase_add_test(tcase, ram_may_end_within_an_entry_or_a_transfer);
    tcase_add_test(tcase, addresses_wrap_at_4_gib_without_long_mode);
    tcase_add_loop_test(tcase, no_tables_lead_a_walk_astray, 0, 4);
    suite_add_tcase(suite, tcase);
    return suite;
}
