/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the TLB audit: what only looks like a mistake, and what is counted. */
#include <string.h>

#include "tests/unit/tlb_case.h"

#define PCIDE   UINT64_C(0x20000)
#define KEEP    (UINT64_C(1) << 63)
#define SIBLING UINT64_C(0x8080605000) /* the page after LINEAR */

static const uint64_t path[] = {PTE, PDE, PDPTE, PML4E};

START_TEST(a_fault_the_tables_want_too_is_none)
{
    set(PTE, 0x9005);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 0x123);
    ck_assert_int_eq(translate(LINEAR, SIM_ACCESS_WRITE).walk.outcome, SIM_WALK_PAGE_FAULT);
    ck_assert_uint_eq(findings.count, 0);
}
END_TEST

START_TEST(a_table_may_be_reused_after_a_flush)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 0x122);
    guest_write(PDE, 0, 0x123);
    invlpg(LINEAR);
    for (uint64_t i = 0; i < 512; i++) {
        guest_write(0x4000 + 8 * i, 0xDEADBEEF, 0x124);
    }
    check_clean();
}
END_TEST

START_TEST(entries_may_be_added_below_a_table_whose_rights_changed)
{
    set(PDE, 0x4003);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PDE, 0x4027, 0x123); /* linked as before, for users too */
    guest_write(0x4028, 0xA007, 0x124);
    settle();
    ck_assert_uint_eq(findings.count, 0);
    invlpg(SIBLING);
    invlpg(LINEAR);
    check_clean();
}
END_TEST

START_TEST(a_flush_after_the_write_makes_the_one_before_harmless)
{
    static const enum sim_tlb_flush_kind kinds[] = {SIM_TLB_ADDRESS, SIM_TLB_ADDRESS_PCID,
                                                    SIM_TLB_PCID, SIM_TLB_NOT_GLOBAL, SIM_TLB_ALL};

    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    invlpg(LINEAR);
    guest_write(PTE, 0, 0x123);
    flush(kinds[_i], 0, LINEAR);
    check_clean();
    ck_assert_uint_eq(sim_tlb_unneeded_flushes(tlb), 1); /* the first */
}
END_TEST

START_TEST(only_an_entry_that_could_be_cached_again_is_late)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 0x123);
    invlpg(LINEAR);
    guest_write(PTE, 0xA007, 0x124); /* break before make, [SDM 3A] 4.10.4.2 */
    check_clean();
    guest_write(PTE, 0xB007, 0x125); /* never accessed: A is 0 */
    check_clean();
    guest_write(PTE, 0, 0x126);
    check_clean();
}
END_TEST

START_TEST(an_entry_that_came_back_is_as_good_as_before)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    invlpg(LINEAR);
    guest_write(PTE, 0, 0x123);
    guest_write(PTE, 0x9007, 0x124);
    check_clean();
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 0x123);
    ck_assert(sim_tlb_settle(tlb));
    guest_write(PTE, 0x9007, 0x124);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    check_clean();
}
END_TEST

/* [SDM 3A] 4.10.4.3, and bits that mean nothing to translation. */
START_TEST(changes_that_need_no_flush_are_never_reported)
{
    static const struct {
        uint64_t at, before, after;
        bool might_matter; /* at another level, or with protection keys */
    } cases[] = {
        {PTE, 0x9067, 0x9007, false},                        /* A and D cleared */
        {PTE, 0x9007, 0x9067, false},                        /* A and D set */
        {PDE, 0x4027, 0x4007, false},                        /* A cleared */
        {PTE, 0x9007, UINT64_C(0x07F0000000009E07), false},  /* software's bits 58:52, 11:9 */
        {PDE, 0x4007, UINT64_C(0x7FF0000000004F47), true},   /* and 62:52, 11:8, 6 above */
        {PML4E, 0x2007, UINT64_C(0x7FF0000000002F47), true}, /* the same in a PML4E */
        {PTE, UINT64_C(0x0800000000009007), 0x9007, true},   /* a key without CR4.PKE */
        {PDE, 0x4007, 0x401F, true},                         /* PWT and PCD of a table */
        {PTE, 0x9107, 0x9007, false},                        /* G */
    };

    set(cases[_i].at, cases[_i].before);
    ck_assert_int_eq(translate(LINEAR, SIM_ACCESS_WRITE).walk.outcome, SIM_WALK_MAPPED);
    invlpg(0);
    ck_assert_int_eq(translate(SIBLING, SIM_ACCESS_READ).walk.outcome, SIM_WALK_PAGE_FAULT);
    ck_assert_int_eq(translate(LINEAR, SIM_ACCESS_WRITE).walk.outcome, SIM_WALK_MAPPED);
    guest_write(cases[_i].at, cases[_i].after, 0x123);
    ck_assert_int_eq(sim_tlb_settle(tlb), cases[_i].might_matter);
    ck_assert_int_eq(translate(LINEAR, SIM_ACCESS_WRITE).walk.outcome, SIM_WALK_MAPPED);
    check_clean();
}
END_TEST

START_TEST(new_mappings_and_unused_entries_are_never_reported)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(0x4028, 0xA003, 1); /* not present -> present */
    guest_write(0x4028, 0xB003, 2); /* never used */
    guest_write(0x4028, 0, 3);
    guest_write(0x3020, 0x5003, 4);
    guest_write(0x3020, 0, 5);
    guest_write(0x5000, 0x77777, 6);
    ck_assert_uint_eq(read_at(SIBLING), UINT64_MAX);
    check_clean();
}
END_TEST

/* [SDM 3A] 4.10.4.2, one item after the other. */
START_TEST(the_recommended_invalidations_are_enough)
{
    uint64_t at = path[_i % 4];
    bool by_cr3 = _i >= 4;

    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(at, 0, 0x123);
    if (by_cr3) {
        load_cr3(0x1000);
    } else {
        invlpg(LINEAR);
    }
    check_clean();
    ck_assert_uint_eq(read_at(LINEAR), UINT64_MAX);
    ck_assert_uint_eq(sim_tlb_unneeded_flushes(tlb), 0);
}
END_TEST

START_TEST(an_empty_table_goes_with_one_invlpg_of_any_page)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 1);
    invlpg(LINEAR);
    guest_write(PDE, 0, 2);
    invlpg(0x123000);
    guest_write(0x4000, 0xDEADBEEF, 3);
    check_clean();
}
END_TEST

START_TEST(other_pcids_may_wait_until_they_are_used)
{
    cpu.cr4 |= PCIDE;
    load_cr3(0x1001);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    load_cr3(0x1002);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 0x123);
    invlpg(LINEAR);
    check_clean();
    load_cr3(0x1001 | KEEP);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("a translation for 0x8080604000", "code+0x123");
}
END_TEST

START_TEST(other_pcids_are_clean_once_loaded_with_a_flush)
{
    cpu.cr4 |= PCIDE;
    load_cr3(0x1001);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    load_cr3(0x1002);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 0x123);
    invlpg(LINEAR);
    load_cr3(0x1001);
    ck_assert_uint_eq(read_at(LINEAR), UINT64_MAX);
    check_clean();
}
END_TEST

START_TEST(address_spaces_may_share_their_lower_tables)
{
    set(0x6008, 0x2007); /* the same PDPT */
    set(PTE, 0x9103);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    load_cr3(0x6000);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PML4E, 0xDEADBEEF, 1); /* the first space is freed, its root reused */
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    check_clean();
    load_cr3(0x7000); /* a space that does not have the global kernel page yet */
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    check_clean();
}
END_TEST

START_TEST(a_large_page_may_be_split_into_the_same_small_ones)
{
    set(PDE, 0x600087);
    ck_assert_uint_eq(read_at(LINEAR), 0x604000);
    for (uint64_t i = 0; i < 512; i++) {
        set(0x8000 + 8 * i, 0x600007 + (i << 12));
    }
    guest_write(PDE, 0x8007, 1);
    ck_assert(sim_tlb_settle(tlb));
    ck_assert_uint_eq(read_at(LINEAR), 0x604000);
    check_clean();
    set(0x8000 + 8 * 511, 0x7FF005); /* one of them is read-only */
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("a translation for 0x8080600000", "was 0x600087 and is 0x8007");
}
END_TEST

START_TEST(notes_of_any_place_and_size_are_harmless)
{
    static const uint64_t places[] = {
        0, PTE, 0x4FFF, RAM_BYTES - 1, RAM_BYTES, UINT64_MAX - 3, UINT64_MAX};

    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    for (unsigned int i = 0; i < sizeof places / sizeof places[0]; i++) {
        sim_tlb_note_write(tlb, places[i], 0, 1);
        sim_tlb_note_write(tlb, places[i], 1, 1);
        sim_tlb_note_write(tlb, places[i], UINT32_MAX, 1);
    }
    ck_assert(!sim_tlb_settle(tlb));
    check_clean();
}
END_TEST

START_TEST(pages_with_tables_are_watched)
{
    ck_assert(!sim_tlb_watches(tlb, PTE));
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    for (unsigned int i = 0; i < 4; i++) {
        ck_assert(sim_tlb_watches(tlb, path[i]));
        ck_assert(sim_tlb_watches(tlb, path[i] | 0xFFF));
    }
    ck_assert(!sim_tlb_watches(tlb, 0x9000));
    ck_assert(!sim_tlb_watches(tlb, 0x5000));
    ck_assert(!sim_tlb_watches(tlb, UINT64_MAX));
}
END_TEST

START_TEST(flushes_without_need_are_counted)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    invlpg(LINEAR);
    ck_assert_uint_eq(sim_tlb_unneeded_flushes(tlb), 1);
    load_cr3(0x1000);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    ck_assert_uint_eq(sim_tlb_unneeded_flushes(tlb), 2);
    guest_write(PTE, 0, 1);
    invlpg(LINEAR);
    ck_assert_uint_eq(sim_tlb_unneeded_flushes(tlb), 2);
    load_cr3(0x6000); /* another address space needs it */
    ck_assert_uint_eq(read_at(LINEAR), UINT64_MAX);
    ck_assert_uint_eq(sim_tlb_unneeded_flushes(tlb), 2);
    sim_tlb_flush(tlb, &cpu, &(struct sim_tlb_flush){.kind = SIM_TLB_ALL}, 1); /* nobody asked */
    ck_assert_uint_eq(sim_tlb_unneeded_flushes(tlb), 2);
}
END_TEST

START_TEST(a_late_widening_is_not_reported)
{
    set(PTE, 0x9005);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    invlpg(LINEAR);
    guest_write(PTE, 0x9027, 0x123);
    check_clean();
}
END_TEST

START_TEST(an_entry_never_used_is_not_late_because_the_one_before_it_was)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    invlpg(LINEAR);
    guest_write(PTE, 0xA027, 0x123);
    invlpg(LINEAR);
    guest_write(PTE, 0, 0x124);
    check_clean();
}
END_TEST

START_TEST(a_table_with_several_users_loses_only_those_that_were_flushed)
{
    set(0x3020, 0x4007);
    set(0x3028, 0x4007);
    for (uint64_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(read_at(LINEAR + 0x200000 * i), 0x9000);
    }
    flush(SIM_TLB_ADDRESS_PCID, 0, LINEAR + 0x200000);
    flush(SIM_TLB_ADDRESS_PCID, 0, LINEAR);
    guest_write(PDE, 0, 1);
    guest_write(0x3020, 0, 2);
    flush(SIM_TLB_ADDRESS_PCID, 0, LINEAR + 0x200000);
    flush(SIM_TLB_ADDRESS_PCID, 0, LINEAR);
    guest_write(0x4100, 0xB007, 3); /* the third still uses it, and rightly so */
    check_clean();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("tlb_silence");
    TCase *tests = tcase_create("tlb_silence");

    tcase_add_checked_fixture(tests, tlb_case_open_with_audit, tlb_case_close);
    tcase_add_test(tests, a_fault_the_tables_want_too_is_none);
    tcase_add_test(tests, a_table_may_be_reused_after_a_flush);
    tcase_add_test(tests, entries_may_be_added_below_a_table_whose_rights_changed);
    tcase_add_loop_test(tests, a_flush_after_the_write_makes_the_one_before_harmless, 0, 5);
    tcase_add_test(tests, only_an_entry_that_could_be_cached_again_is_late);
    tcase_add_test(tests, an_entry_that_came_back_is_as_good_as_before);
    tcase_add_loop_test(tests, changes_that_need_no_flush_are_never_reported, 0, 9);
    tcase_add_test(tests, new_mappings_and_unused_entries_are_never_reported);
    tcase_add_loop_test(tests, the_recommended_invalidations_are_enough, 0, 8);
    tcase_add_test(tests, an_empty_table_goes_with_one_invlpg_of_any_page);
    tcase_add_test(tests, other_pcids_may_wait_until_they_are_used);
    tcase_add_test(tests, other_pcids_are_clean_once_loaded_with_a_flush);
    tcase_add_test(tests, address_spaces_may_share_their_lower_tables);
    tcase_add_test(tests, a_large_page_may_be_split_into_the_same_small_ones);
    tcase_add_test(tests, notes_of_any_place_and_size_are_harmless);
    tcase_add_test(tests, pages_with_tables_are_watched);
    tcase_add_test(tests, flushes_without_need_are_counted);
    tcase_add_test(tests, a_late_widening_is_not_reported);
    tcase_add_test(tests, an_entry_never_used_is_not_late_because_the_one_before_it_was);
    tcase_add_test(tests, a_table_with_several_users_loses_only_those_that_were_flushed);
    suite_add_tcase(suite, tests);
    return suite;
}
