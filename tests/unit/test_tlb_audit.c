/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of the TLB audit: what is a mistake. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/tlb_case.h"

#define PCIDE   UINT64_C(0x20000)
#define KEEP    (UINT64_C(1) << 63)
#define SIBLING UINT64_C(0x8080605000) /* the page after LINEAR */

static const uint64_t path[] = {PTE, PDE, PDPTE, PML4E};
static const char *const names[] = {"the PTE", "the PDE", "the PDPTE", "the PML4E"};

START_TEST(a_use_after_the_entry_was_cleared_is_found)
{
    char where[64];

    (void)snprintf(where, sizeof where, "%s at physical 0x%llx was ", names[_i],
                   (unsigned long long)path[_i]);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(path[_i], 0, 0x123);
    ck_assert(sim_tlb_settle(tlb));
    ck_assert_uint_eq(read_at(LINEAR + 8), 0x9008);
    CHECK_FINDING("read of 0x8080604008 through a translation that the tables no longer give",
                  where, " and is 0x0 since code+0x123", "; no INVLPG or CR3 load since",
                  "; used by code+0x700");
    ck_assert_uint_eq(findings.list[0].rip, 0x700);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000); /* once is enough */
    ck_assert_uint_gt(sim_tlb_audit(tlb, &cpu), 0);
    ck_assert_uint_eq(findings.count, 1);
}
END_TEST

/* [SDM 3A] 4.4.1: a PDPTE of PAE paging is in a register until CR3 is loaded; INVLPG changes nothing. */
START_TEST(a_pdpte_that_changed_without_a_load_of_cr3_is_found)
{
    cpu = (struct sim_cpu){.cr0 = 0x80010001,
                           .cr3 = 0x2000,
                           .cr4 = 0x20,
                           .physical_bits = 40,
                           .has_pdptes = true,
                           .pdpte = {0x3001, 0x3001}};
    set(0x2008, 0x3001);
    set(0x3000, 0x83);
    ck_assert_uint_eq(read_at(0x40001000), 0x1000);
    guest_write(0x2008, 0, 0x123);
    if (_i == 1) {
        invlpg(0x40001000);
    }
    ck_assert_uint_eq(read_at(0x40001000), 0x1000);
    CHECK_FINDING("read of 0x40001000 through a translation that the tables no longer give: the "
                  "PDPTE at physical 0x2008 was 0x3001 and is 0x0 since code+0x123");
}
END_TEST

START_TEST(the_old_and_the_new_value_are_those_of_the_entry)
{
    ck_assert_int_eq(translate(LINEAR, SIM_ACCESS_WRITE).walk.outcome, SIM_WALK_MAPPED);
    guest_write(PTE, 0xA003, 0x123);
    ck_assert_int_eq(translate(LINEAR, SIM_ACCESS_WRITE).walk.outcome, SIM_WALK_MAPPED);
    CHECK_FINDING("write to 0x8080604000", "was 0x9007 and is 0xa003");
}
END_TEST

/* A use of a cached paging-structure entry, for a page that is not cached itself. */
START_TEST(a_walk_from_a_cached_entry_that_was_cleared_is_found)
{
    struct sim_tlb_result result;

    set(0x4028, 0xA007);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(path[_i], 0, 0x123);
    result = translate(SIBLING, SIM_ACCESS_READ);
    ck_assert_uint_eq(result.walk.physical, 0xA000);
    ck_assert(result.may_read && !result.may_write && !result.may_fetch);
    CHECK_FINDING("read of 0x8080605000", names[_i], "is 0x0 since code+0x123");
}
END_TEST

START_TEST(rights_taken_away_are_found_when_the_access_needs_them)
{
    static const struct {
        uint64_t entry;
        enum sim_access_kind kind;
        enum sim_access_mode mode;
        const char *text;
    } cases[] = {
        {0x9005, SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR, "write to"},
        {0x9003, SIM_ACCESS_READ, SIM_MODE_USER, "read of"},
        {UINT64_C(0x8000000000009007), SIM_ACCESS_FETCH, SIM_MODE_SUPERVISOR, "fetch from"},
    };
    struct sim_tlb_result result;

    ck_assert_int_eq(translate(LINEAR, SIM_ACCESS_WRITE).walk.outcome, SIM_WALK_MAPPED);
    guest_write(PTE, cases[_i].entry, 0x123);
    result = translate(LINEAR, SIM_ACCESS_READ); /* this one may still be done */
    ck_assert_uint_eq(findings.count, 0);
    ck_assert(result.may_read && !result.may_write && !result.may_fetch);
    result = translate_as(LINEAR, cases[_i].kind, cases[_i].mode);
    ck_assert_int_eq(result.walk.outcome, SIM_WALK_MAPPED);
    CHECK_FINDING(cases[_i].text, "the PTE at physical 0x4020 was 0x9007");
}
END_TEST

START_TEST(what_is_left_at_the_end_of_a_call_is_found)
{
    invlpg(0x7000); /* long before the write: not worth a word */
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(path[_i], 0, 0x123);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1 + (size_t)_i); /* the page, and what is above */
    CHECK_FINDING("a translation for 0x8080604000 may still be cached though the tables no longer "
                  "give it",
                  names[_i], "since code+0x123", "; no INVLPG or CR3 load since");
    ck_assert_uint_eq(findings.list[0].rip, 0x123);
}
END_TEST

START_TEST(one_change_is_one_finding_however_much_it_leaves_behind)
{
    set(0x4028, 0xA007);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    ck_assert_uint_eq(read_at(SIBLING), 0xA000);
    guest_write(PDE, 0, 0x123);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 3); /* two pages and the PDE */
    CHECK_FINDING("(3 in all)");
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 3);
    ck_assert_uint_eq(findings.occurrences, 1);
}
END_TEST

START_TEST(a_paging_structure_entry_alone_is_found)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 0x123);
    invlpg(LINEAR);
    set(PTE, 0x9007);
    sim_tlb_note_write(tlb, PTE, 8, 0x124);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    flush(SIM_TLB_ADDRESS_PCID, 0, LINEAR);
    set(0x4028, 0xA007);
    ck_assert_uint_eq(read_at(SIBLING), 0xA000);
    guest_write(0x4028, 0, 0x125);
    guest_write(PDE, 0, 0x126);
    flush(SIM_TLB_ADDRESS_PCID, 0, SIBLING + 0x200000); /* the PDPTE and PML4E, not the PDE */
    flush(SIM_TLB_ADDRESS_PCID, 0, 0);
    ck_assert_uint_gt(sim_tlb_audit(tlb, &cpu), 0);
    ck_assert_uint_ge(findings.count, 1);
    ck_assert_ptr_nonnull(strstr(findings.list[0].text, "the PDE at physical 0x3018"));
}
END_TEST

/* [SDM 3A] 4.10.4.3: R/W or U/S from 0 to 1, XD from 1 to 0: one more fault at most. */
START_TEST(widening_that_is_never_flushed_is_no_mistake)
{
    static const struct {
        uint64_t at, narrow, wide;
    } cases[] = {{PTE, 0x9005, 0x9007},
                 {PTE, 0x9003, 0x9007},
                 {PTE, UINT64_C(0x8000000000009007), 0x9007},
                 {PDE, 0x4005, 0x4007}};

    set(cases[_i].at, cases[_i].narrow);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(cases[_i].at, cases[_i].wide, 0x123);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 0);
    ck_assert_uint_eq(findings.count, 0);
}
END_TEST

/* What the supervisor could execute is the user's now. */
START_TEST(with_smep_a_page_that_becomes_the_users_has_to_be_flushed)
{
    cpu.cr4 |= 0x100000;
    set(PTE, 0x9003);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0x9007, 0x123);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("may still be cached though the tables no longer give it", "code+0x123");
}
END_TEST

/* The handler may let it be made again, or it may not: that is _i / 3. */
START_TEST(a_fault_that_only_the_cache_wanted_is_found_if_nobody_tries_again)
{
    static const struct {
        uint64_t at, narrow, wide;
        enum sim_access_kind kind;
        enum sim_access_mode mode;
        const char *text;
    } cases[] = {
        {PTE, 0x9005, 0x9007, SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR, "write to"},
        {PDE, 0x4003, 0x4007, SIM_ACCESS_READ, SIM_MODE_USER, "read of"},
        {PTE, UINT64_C(0x8000000000009007), 0x9007, SIM_ACCESS_FETCH, SIM_MODE_SUPERVISOR, "fetch"},
    };

    set(cases[_i % 3].at, cases[_i % 3].narrow);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(cases[_i % 3].at, cases[_i % 3].wide, 0x123);
    ck_assert_int_eq(translate_as(LINEAR, cases[_i % 3].kind, cases[_i % 3].mode).walk.outcome,
                     SIM_WALK_PAGE_FAULT);
    ck_assert_uint_eq(findings.count, 0);
    if (_i >= 3) {
        ck_assert_int_eq(translate_as(LINEAR, cases[_i % 3].kind, cases[_i % 3].mode).walk.outcome,
                         SIM_WALK_MAPPED);
        sim_tlb_end_run(tlb);
        ck_assert_uint_eq(findings.count, 0);
        return;
    }
    if (_i == 0) {
        sim_tlb_end_run(tlb);
    } else {
        ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 0);
    }
    CHECK_FINDING(cases[_i % 3].text,
                  "0x8080604000 faults only because what was cached grants less",
                  "since code+0x123");
    sim_tlb_end_run(tlb);
    ck_assert_uint_eq(findings.count, 1);
}
END_TEST

START_TEST(an_invlpg_of_another_page_is_mentioned)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 0x123);
    invlpg(SIBLING);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("since code+0x123; INVLPG of 0x8080605000 by code+0x800 did not cover it");
}
END_TEST

START_TEST(a_cr3_load_does_not_flush_a_global_page)
{
    set(PTE, 0x9107);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 0x123);
    load_cr3(0x1000);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("the page is global, so the CR3 load by code+0x800 did not flush it");
}
END_TEST

START_TEST(a_table_that_is_reused_while_it_is_cached_is_found)
{
    static const uint64_t pages[] = {0x4000, 0x3000, 0x2000};
    static const char *const texts[] = {"the table page 0x4000 is reused", "the table page 0x3000",
                                        "the table page 0x2000"};

    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(path[_i + 1], 0, 0x123); /* unlink */
    guest_write(pages[_i] + 0x100, 0, 0x124);
    guest_write(pages[_i] + 0x108, 0x1230, 0x124); /* not present as an entry: harmless */
    ck_assert(sim_tlb_settle(tlb));
    ck_assert_uint_eq(findings.count, 0);
    guest_write(pages[_i] + 0x110, 0xDEADBEEF, 0x125);
    settle();
    CHECK_FINDING(texts[_i], "while a processor may still use it as a table", names[_i + 1],
                  "is 0x0 since code+0x123", "0xdeadbeef is written to", "by code+0x125");
    guest_write(pages[_i] + 0x118, 0xDEADBEEF, 0x126);
    settle();
    ck_assert_uint_eq(findings.count, 1);
}
END_TEST

START_TEST(a_table_below_an_unlinked_one_is_still_a_table)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PML4E, 0, 0x123);
    guest_write(0x4008, 0x5003, 0x124);
    settle();
    CHECK_FINDING("the table page 0x4000 is reused", "the PML4E at physical 0x1008");
}
END_TEST

START_TEST(a_flush_before_the_write_is_found)
{
    static const struct {
        enum sim_tlb_flush_kind kind;
        uint64_t at;
        const char *text;
    } cases[] = {
        {SIM_TLB_ADDRESS, PTE, "0x8080604000 was flushed by code+0x800 before its PTE"},
        {SIM_TLB_PCID, PTE, "0x8080604000 was flushed by code+0x800 before its PTE"},
        {SIM_TLB_ADDRESS, PDE, "0x8080600000 was flushed by code+0x800 before its PDE"},
        {SIM_TLB_ALL, PDPTE, "0x8080000000 was flushed by code+0x800 before its PDPTE"},
    };

    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    flush(cases[_i].kind, 0, LINEAR);
    guest_write(cases[_i].at, 0, 0x123);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING(cases[_i].text, "to 0x0 by code+0x123, and not after it",
                  "a processor may have cached the old entry again");
}
END_TEST

START_TEST(a_pcid_given_to_another_address_space_without_a_flush_is_found)
{
    set(0x6008, 0xB007);
    set(0xB010, 0xC007);
    set(0xC018, 0xD007);
    set(0xD020, 0xE007);
    cpu.cr4 |= PCIDE;
    load_cr3(0x1005);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    load_cr3(0x6005 | KEEP);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    CHECK_FINDING("it is of PCID 5 and was cached under the tables at 0x1000, and CR3 now names "
                  "those at 0x6000");
}
END_TEST

START_TEST(a_global_user_page_in_another_space_is_found)
{
    set(PTE, 0x9107);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    load_cr3(0x7000);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    CHECK_FINDING("it is global and was cached under the tables at 0x1000");
}
END_TEST

START_TEST(a_memory_type_that_changed_is_found_at_the_end)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0x901F, 1);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    ck_assert_uint_eq(findings.count, 0);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("was 0x9007 and is 0x901f");
}
END_TEST

START_TEST(the_writer_is_the_one_who_took_the_translation_away)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 0x123);
    ck_assert(sim_tlb_settle(tlb));
    guest_write(PTE, 0xA007, 0x124);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    CHECK_FINDING("was 0x9007 and is 0xa007 since code+0x123");
}
END_TEST

START_TEST(writes_are_noted_before_or_after_they_happen)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    sim_tlb_note_write(tlb, PTE, 8, 0x123);
    ck_assert(!sim_tlb_settle(tlb)); /* still to come */
    set(PTE, 0);
    ck_assert(sim_tlb_settle(tlb));
    ck_assert(!sim_tlb_settle(tlb));
    set(PTE, 0x9007);
    sim_tlb_note_write(tlb, PTE, 8, 0x124);
    ck_assert(!sim_tlb_settle(tlb)); /* not present -> present */
    set(PTE + 1, 0);
    sim_tlb_note_write(tlb, PTE + 1, 1, 0x125); /* 0x9007 -> 0x07 */
    ck_assert(sim_tlb_settle(tlb));
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("since code+0x125");
}
END_TEST

START_TEST(many_writes_are_all_seen)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0, 0x123);
    for (uint64_t i = 0; i < 1000; i++) {
        guest_write(0x4800 + 8 * (i & 63), i << 1, 0x124);
    }
    ck_assert(sim_tlb_settle(tlb));
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("since code+0x123");
}
END_TEST

START_TEST(legacy_entries_are_audited_one_by_one)
{
    cpu.efer = 0;
    cpu.cr4 = 0x10;
    cpu.cr3 = 0x6000;
    set(0x6000, UINT64_C(0x0000700700007007));
    set(0x7000, UINT64_C(0x0000A00700009007));
    ck_assert_uint_eq(read_at(0x1000), 0xA000);
    sim_tlb_note_write(tlb, 0x7004, 4, 0x123);
    memset(ram + 0x7004, 0, 4);
    ck_assert(sim_tlb_settle(tlb));
    ck_assert_uint_eq(read_at(0x1000), 0xA000);
    CHECK_FINDING("the PTE at physical 0x7004 was 0xa007 and is 0x0 since code+0x123");
}
END_TEST

START_TEST(five_level_entries_are_audited)
{
    cpu.cr4 |= 0x1000;
    cpu.cr3 = 0x6000;
    set(0x6008, 0x1007);
    ck_assert_uint_eq(read_at(LINEAR | UINT64_C(1) << 48), 0x9000);
    guest_write(0x6008, 0, 0x123);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 5);
    CHECK_FINDING("the PML5E at physical 0x6008");
}
END_TEST

START_TEST(rights_taken_away_are_found_at_the_end_too)
{
    static const uint64_t entries[] = {0x9005, 0x9003, UINT64_C(0x8000000000009007)};

    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, entries[_i], 0x123);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("may still be cached though the tables no longer give it", "was 0x9007 and is");
}
END_TEST

START_TEST(the_culprit_is_an_entry_whose_change_matters)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PDE, UINT64_C(0x780000000000401F), 0x122); /* PWT, PCD and ignored bits */
    guest_write(PTE, 0, 0x123);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("the PTE at physical 0x4020");
}
END_TEST

START_TEST(each_change_is_a_finding_of_its_own)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PTE, 0xA007, 0x123);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    invlpg(LINEAR);
    ck_assert_uint_eq(read_at(LINEAR), 0xA000);
    guest_write(PTE, 0xB007, 0x124);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    ck_assert_uint_eq(findings.count, 2);
}
END_TEST

START_TEST(a_table_is_unlinked_by_p_alone)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    guest_write(PDE, 0x4006, 0x123);
    guest_write(0x4100, 0x5003, 0x124);
    settle();
    CHECK_FINDING("the table page 0x4000 is reused");
}
END_TEST

START_TEST(a_late_write_is_not_hidden_by_another_use_of_its_entry)
{
    set(0x3020, 0x4007); /* the next 2 MiB have the same table */
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    invlpg(LINEAR);
    guest_write(PTE, 0xA007, 0x123);
    ck_assert_uint_eq(read_at(LINEAR + 0x200000), 0xA000);
    invlpg(LINEAR + 0x200000);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("0x8080604000 was flushed");
}
END_TEST

/* [SDM 3A] 4.10.4.1: INVLPG, and MOV CR3 without bit 63, invalidate what is of one PCID. */
START_TEST(a_translation_of_another_pcid_is_told_to_be_so)
{
    cpu.cr4 |= PCIDE;
    cpu.cr3 |= 1;
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    cpu.cr3 = (cpu.cr3 & ~UINT64_C(1)) | 2;
    guest_write(PTE, 0, 0x123);
    flush(SIM_TLB_PCID, 2, 0);
    cpu.cr3 = (cpu.cr3 & ~UINT64_C(2)) | 1;
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("no INVLPG or CR3 load that flushes it since", "the translation is of PCID 1");
}
END_TEST

START_TEST(a_late_write_counts_when_its_pcid_is_used)
{
    cpu.cr4 |= PCIDE;
    cpu.cr3 = 0x1001;
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    invlpg(LINEAR);
    load_cr3(0x1002 | KEEP);
    guest_write(PTE, 0, 0x123);
    check_clean();
    flush(SIM_TLB_ADDRESS_PCID, 2, LINEAR); /* another PCID's page */
    load_cr3(0x1001 | KEEP);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 1);
    CHECK_FINDING("was flushed by code+0x800 before its PTE");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("tlb_audit");
    TCase *tests = tcase_create("tlb_audit");

    tcase_add_checked_fixture(tests, tlb_case_open_with_audit, tlb_case_close);
    tcase_add_loop_test(tests, a_use_after_the_entry_was_cleared_is_found, 0, 4);
    tcase_add_loop_test(tests, a_pdpte_that_changed_without_a_load_of_cr3_is_found, 0, 2);
    tcase_add_test(tests, the_old_and_the_new_value_are_those_of_the_entry);
    tcase_add_loop_test(tests, a_walk_from_a_cached_entry_that_was_cleared_is_found, 1, 4);
    tcase_add_loop_test(tests, rights_taken_away_are_found_when_the_access_needs_them, 0, 3);
    tcase_add_loop_test(tests, what_is_left_at_the_end_of_a_call_is_found, 0, 4);
    tcase_add_test(tests, one_change_is_one_finding_however_much_it_leaves_behind);
    tcase_add_test(tests, a_paging_structure_entry_alone_is_found);
    tcase_add_loop_test(tests, widening_that_is_never_flushed_is_no_mistake, 0, 4);
    tcase_add_test(tests, with_smep_a_page_that_becomes_the_users_has_to_be_flushed);
    tcase_add_loop_test(tests, a_fault_that_only_the_cache_wanted_is_found_if_nobody_tries_again, 0,
                        6);
    tcase_add_test(tests, an_invlpg_of_another_page_is_mentioned);
    tcase_add_test(tests, a_cr3_load_does_not_flush_a_global_page);
    tcase_add_loop_test(tests, a_table_that_is_reused_while_it_is_cached_is_found, 0, 3);
    tcase_add_test(tests, a_table_below_an_unlinked_one_is_still_a_table);
    tcase_add_loop_test(tests, a_flush_before_the_write_is_found, 0, 4);
    tcase_add_test(tests, a_pcid_given_to_another_address_space_without_a_flush_is_found);
    tcase_add_test(tests, a_global_user_page_in_another_space_is_found);
    tcase_add_test(tests, a_memory_type_that_changed_is_found_at_the_end);
    tcase_add_test(tests, the_writer_is_the_one_who_took_the_translation_away);
    tcase_add_test(tests, writes_are_noted_before_or_after_they_happen);
    tcase_add_test(tests, many_writes_are_all_seen);
    tcase_add_test(tests, legacy_entries_are_audited_one_by_one);
    tcase_add_test(tests, five_level_entries_are_audited);
    tcase_add_loop_test(tests, rights_taken_away_are_found_at_the_end_too, 0, 3);
    tcase_add_test(tests, the_culprit_is_an_entry_whose_change_matters);
    tcase_add_test(tests, each_change_is_a_finding_of_its_own);
    tcase_add_test(tests, a_table_is_unlinked_by_p_alone);
    tcase_add_test(tests, a_late_write_is_not_hidden_by_another_use_of_its_entry);
    tcase_add_test(tests, a_late_write_counts_when_its_pcid_is_used);
    tcase_add_test(tests, a_translation_of_another_pcid_is_told_to_be_so);
    suite_add_tcase(suite, tests);
    return suite;
}
