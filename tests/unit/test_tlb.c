/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/mmu/tlb*.c: what is cached, what is used, and what a flush invalidates. */
#include "tests/unit/tlb_case.h"

#define PCIDE UINT64_C(0x20000)
#define KEEP  (UINT64_C(1) << 63)

START_TEST(a_miss_walks_and_marks_the_entries)
{
    struct sim_tlb_result result = translate(LINEAR + 0x1AB, SIM_ACCESS_READ);

    ck_assert_int_eq(result.walk.outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(result.walk.physical, 0x91AB);
    ck_assert_uint_eq(result.walk.page_size, 0x1000);
    ck_assert_uint_eq(result.walk.depth, 4);
    ck_assert_uint_eq(get(PML4E), 0x2027); /* [SDM 3A] 4.8: A everywhere, D only for a write */
    ck_assert_uint_eq(get(PDPTE), 0x3027);
    ck_assert_uint_eq(get(PDE), 0x4027);
    ck_assert_uint_eq(get(PTE), 0x9027);
    ck_assert(result.may_read && !result.may_write && result.may_fetch);
    result = translate(LINEAR, SIM_ACCESS_WRITE);
    ck_assert_uint_eq(get(PTE), 0x9067);
    ck_assert(result.may_write && result.walk.dirty);
}
END_TEST

START_TEST(a_hit_is_described_like_the_walk_that_made_it)
{
    struct sim_tlb_result walked;
    struct sim_tlb_result cached;

    set(PTE, 0x91FF); /* global, PAT, PCD, PWT, all A and D */
    walked = translate(LINEAR + 0x10, SIM_ACCESS_READ);
    cached = translate(LINEAR + 0x20, SIM_ACCESS_READ);
    ck_assert_uint_eq(walked.walk.pat_index, 7);
    ck_assert_uint_eq(cached.walk.pat_index, 7);
    ck_assert_uint_eq(cached.walk.physical, 0x9020);
    ck_assert_uint_eq(cached.walk.depth, 4);
    ck_assert_int_eq(cached.walk.mode, walked.walk.mode);
    ck_assert(cached.walk.global && walked.walk.global && cached.walk.dirty && walked.walk.dirty);
    for (unsigned int i = 0; i < 4; i++) {
        ck_assert_uint_eq(cached.walk.steps[i].address, walked.walk.steps[i].address);
        ck_assert_uint_eq(cached.walk.steps[i].level, 4 - i);
    }
    ck_assert_uint_eq(cached.walk.steps[3].entry, 0x91FF);
    set(0x4028, 0xA007);
    walked = translate(LINEAR + 0x1000, SIM_ACCESS_READ); /* one entry read, three cached */
    ck_assert_uint_eq(walked.walk.depth, 4);
    ck_assert_uint_eq(walked.walk.steps[0].address, PML4E);
    ck_assert_uint_eq(walked.walk.steps[2].address, PDE);
    ck_assert_uint_eq(walked.walk.steps[3].address, 0x4028);
}
END_TEST

START_TEST(a_translation_is_used_until_it_is_flushed)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    set(PTE, 0xA007);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    invlpg(LINEAR + 0xFFF);
    ck_assert_uint_eq(read_at(LINEAR), 0xA000);
    set(PTE, 0);
    ck_assert_uint_eq(read_at(LINEAR), 0xA000);
    invlpg(LINEAR);
    ck_assert_uint_eq(read_at(LINEAR), UINT64_MAX);
}
END_TEST

START_TEST(entries_that_are_not_present_are_not_cached)
{
    set(PTE, 0x9006);
    ck_assert_uint_eq(read_at(LINEAR), UINT64_MAX);
    set(PTE, 0x9007);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
}
END_TEST

/* [SDM 3A] 4.10.3.1: each level of the paging-structure caches. */
START_TEST(entries_that_refer_to_tables_are_cached_at_every_level)
{
    static const uint64_t addresses[] = {PML4E, PDPTE, PDE};
    static const uint64_t siblings[] = {UINT64_C(0x80C0000000),  /* other PDPTE, same PML4E */
                                        UINT64_C(0x8080800000),  /* other PDE */
                                        UINT64_C(0x8080605000)}; /* other PTE */
    uint64_t sibling = siblings[_i];

    set(0x2018, 0xB007); /* the way to the first: tables 0xB000 and 0xC000 */
    set(0xB000, 0xC007);
    set(0xC000, 0xD007);
    set(0x3020, 0xE007); /* to the second */
    set(0xE000, 0xF007);
    set(0x4028, 0x10007);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    set(addresses[_i], 0);
    ck_assert_uint_ne(read_at(sibling), UINT64_MAX);
    invlpg(0x1000); /* any address: all paging-structure entries of the PCID go */
    invlpg(sibling);
    ck_assert_uint_eq(read_at(sibling), UINT64_MAX);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000); /* but its translation is still there */
}
END_TEST

START_TEST(rights_of_cached_entries_count_for_new_translations)
{
    set(PDE, 0x4005);
    set(0x4028, 0x10007);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    set(PDE, 0x4007);
    ck_assert(!translate(0x8080605000, SIM_ACCESS_READ).may_write);
    ck_assert_uint_eq(translate(0x8080605000, SIM_ACCESS_WRITE).walk.error_code, 0x3);
    ck_assert_int_eq(translate(0x8080605000, SIM_ACCESS_WRITE).walk.outcome, SIM_WALK_MAPPED);
}
END_TEST

START_TEST(pages_of_all_sizes_are_cached_as_a_whole)
{
    static const struct {
        uint64_t entry_at, entry, size;
    } cases[] = {{PTE, 0x9007, 0x1000}, {PDE, 0x600087, 0x200000}, {PDPTE, 0x40000087, 0x40000000}};
    uint64_t first = LINEAR & ~(cases[_i].size - 1);
    uint64_t physical = cases[_i].entry & ~UINT64_C(0xFFF);

    set(cases[_i].entry_at, cases[_i].entry);
    ck_assert_uint_eq(translate(LINEAR, SIM_ACCESS_READ).walk.page_size, cases[_i].size);
    set(cases[_i].entry_at, 0);
    ck_assert_uint_eq(read_at(first), physical);
    ck_assert_uint_eq(read_at(first + cases[_i].size - 1), physical + cases[_i].size - 1);
    ck_assert_uint_eq(read_at(first + cases[_i].size), UINT64_MAX);
    ck_assert_uint_eq(read_at(first - 1), UINT64_MAX);
    invlpg(first + cases[_i].size - 1);
    ck_assert_uint_eq(read_at(first), UINT64_MAX);
}
END_TEST

START_TEST(five_levels_are_cached_too)
{
    struct sim_tlb_result result;

    cpu.cr4 |= 0x1000;
    cpu.cr3 = 0x6000;
    set(0x6008, 0x1007);
    result = translate(LINEAR | UINT64_C(1) << 48, SIM_ACCESS_READ);
    ck_assert_int_eq(result.walk.outcome, SIM_WALK_MAPPED);
    ck_assert_uint_eq(result.walk.depth, 5);
    ck_assert_uint_eq(result.walk.steps[0].level, 5);
    set(0x6008, 0);
    set(0x1000, 0x2007); /* the same lower tables by another PML4E: through the cached PML5E */
    ck_assert_uint_eq(read_at(0x1000080604000), 0x9000);
    invlpg(0);
    invlpg(0x1000080604000);
    ck_assert_uint_eq(read_at(0x1000080604000), UINT64_MAX);
}
END_TEST

START_TEST(legacy_paging_is_cached_with_its_own_sizes)
{
    cpu.efer = 0;
    cpu.cr4 = 0x10;
    cpu.cr3 = 0x6000;
    set(0x6000 + 4 * 3, UINT64_C(0x00C0008700007007)); /* PDE 3: a table, PDE 4: 4 MiB */
    set(0x7000, UINT64_C(0x0000A00700009007));
    set(0x7000 + 4 * 768, 0xB007);
    ck_assert_uint_eq(read_at(0xC00010), 0x9010);
    ck_assert_uint_eq(read_at(0x1000000), 0xC00000);
    set(0x6000 + 4 * 3, 0);
    ck_assert_uint_eq(read_at(0xF00000), 0xB000);              /* all of 4 MiB */
    ck_assert_uint_eq(read_at(0xC01000), 0xA000);              /* by the cached PDE */
    ck_assert_uint_eq(read_at(0x13FFFFF), 0xFFFFFF);           /* by the cached 4-MiB page */
    ck_assert_uint_eq(read_at(UINT64_C(0x100C00010)), 0x9010); /* 32 bits are looked at */
    flush(SIM_TLB_PCID, 0, 0);
    ck_assert_uint_eq(read_at(0xC00010), UINT64_MAX);
    ck_assert_uint_eq(read_at(0x1000000), UINT64_MAX);
}
END_TEST

START_TEST(nothing_is_cached_while_paging_is_off)
{
    struct sim_tlb_result result;

    cpu.cr0 &= ~UINT64_C(0x80000000);
    cpu.efer = 0;
    result = translate(0x12345678, SIM_ACCESS_WRITE);
    ck_assert_uint_eq(result.walk.physical, 0x12345678);
    ck_assert(result.may_read && result.may_write && result.may_fetch);
    ck_assert_uint_eq(get(PTE), 0x9007);
}
END_TEST

START_TEST(addresses_that_are_not_canonical_hit_nothing)
{
    static const uint64_t linear[] = {UINT64_C(0x0000800000000000), LINEAR | UINT64_C(1) << 57,
                                      LINEAR | UINT64_C(0xFF) << 56, UINT64_C(0xFFFF7FFFFFFFFFFF)};
    struct sim_tlb_result result;

    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    result = translate(linear[_i], SIM_ACCESS_READ);
    ck_assert_int_eq(result.walk.outcome, SIM_WALK_NONCANONICAL);
    ck_assert(!result.may_read && !result.may_write && !result.may_fetch);
}
END_TEST

/* [SDM 3A] 4.10.4.1, by kind of flush: what is left of a PCID's page, another PCID's, a global. */
START_TEST(a_flush_invalidates_what_the_manual_says_and_no_more)
{
    static const struct {
        enum sim_tlb_flush_kind kind;
        uint16_t pcid;
        uint64_t linear;
        bool keeps_page, keeps_other, keeps_global, keeps_entry;
    } cases[] = {
        {SIM_TLB_ADDRESS, 0, LINEAR, false, true, true, false},
        {SIM_TLB_ADDRESS, 0, LINEAR + 0x1000, true, true, false, false},
        {SIM_TLB_ADDRESS, 0, 0x1000, true, true, true, false},
        {SIM_TLB_ADDRESS_PCID, 5, LINEAR, false, true, true, false},
        {SIM_TLB_ADDRESS_PCID, 5, LINEAR + 0x1000, true, true, true, false},
        {SIM_TLB_ADDRESS_PCID, 5, 0x1000, true, true, true, true},
        {SIM_TLB_ADDRESS_PCID, 6, LINEAR, true, false, true, true},
        {SIM_TLB_PCID, 5, 0, false, true, true, false},
        {SIM_TLB_PCID, 6, 0, true, false, true, true},
        {SIM_TLB_PCID, 7, 0, true, true, true, true},
        {SIM_TLB_PCID_AND_GLOBAL, 5, 0, false, true, false, false}, /* made under PCID 5 */
        {SIM_TLB_PCID_AND_GLOBAL, 6, 0, true, false, true, true},
        {SIM_TLB_NOT_GLOBAL, 5, 0, false, false, true, false},
        {SIM_TLB_ALL, 5, 0, false, false, false, false},
    };

    cpu.cr4 |= PCIDE;
    cpu.cr3 = 0x1006;
    set(0x4028, 0xA107); /* LINEAR + 0x1000 is global, LINEAR + 0x2000 only reached by the PDE */
    set(0x4030, 0xB007);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    cpu.cr3 = 0x1005;
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    ck_assert_uint_eq(read_at(LINEAR + 0x1000), 0xA000);
    flush(cases[_i].kind, cases[_i].pcid, cases[_i].linear);

    set(PTE, 0);
    set(0x4028, 0);
    set(PML4E, 0);
    ck_assert(!cases[_i].keeps_entry || read_at(LINEAR + 0x2000) == 0xB000);
    ck_assert(cases[_i].keeps_entry || read_at(LINEAR + 0x2000) == UINT64_MAX);
    ck_assert_uint_eq(read_at(LINEAR + 0x1000), cases[_i].keeps_global ? 0xA000 : UINT64_MAX);
    ck_assert_uint_eq(read_at(LINEAR), cases[_i].keeps_page ? 0x9000 : UINT64_MAX);
    cpu.cr3 = 0x1006;
    ck_assert_uint_eq(read_at(LINEAR), cases[_i].keeps_other ? 0x9000 : UINT64_MAX);
}
END_TEST

/* PAE paging: the PDPTE of 1 GiB is in a register, and leads to the PD at 0x3000. */
static void use_pae(void)
{
    cpu = (struct sim_cpu){.cr0 = 0x80010001,
                           .cr3 = 0x2000,
                           .cr4 = 0x20,
                           .physical_bits = 40,
                           .has_pdptes = true,
                           .pdpte = {0x3001, 0x3001}};
    set(0x2000, 0x3001);
    set(0x2008, 0x3001);
    set(0x3000, 0x83);
    set(0x3008, 0x200083);
}

/* [SDM 3A] 4.4.1. */
START_TEST(pdptes_are_registers_and_no_cache)
{
    use_pae();
    ck_assert_uint_eq(read_at(0x40001000), 0x1000);
    set(0x2008, 0);
    set(0x2000, 0);
    invlpg(0x40001000);
    ck_assert_uint_eq(read_at(0x40001000), 0x1000);
    ck_assert_uint_eq(read_at(0x1000), 0x1000);
    cpu.pdpte[1] = 0x4001; /* as MOV CR0 may load it, which flushes nothing */
    set(0x4000, 0x400083);
    set(0x4008, 0x600083);
    ck_assert_uint_eq(read_at(0x40001000), 0x1000);     /* cached */
    ck_assert_uint_eq(read_at(0x40201000), 0x601000);   /* not cached yet */
    ck_assert_uint_eq(read_at(0x80001000), UINT64_MAX); /* the register is 0 */
}
END_TEST

START_TEST(global_translations_serve_all_pcids)
{
    cpu.cr4 |= PCIDE;
    cpu.cr3 = 0x1005;
    set(PTE, 0x9107);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    load_cr3(0x8007 | KEEP); /* no tables at 0x8000 */
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    load_cr3(0x8007);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    flush(SIM_TLB_NOT_GLOBAL, 0, 0);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    invlpg(LINEAR);
    ck_assert_uint_eq(read_at(LINEAR), UINT64_MAX);
}
END_TEST

START_TEST(g_means_nothing_without_cr4_pge)
{
    cpu.cr4 &= ~UINT64_C(0x80);
    set(PTE, 0x9107);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    set(PTE, 0);
    load_cr3(0x1000);
    ck_assert_uint_eq(read_at(LINEAR), UINT64_MAX);
}
END_TEST

START_TEST(pcids_keep_their_translations_apart)
{
    set(0x6008, 0xB007);
    set(0xB010, 0xC007);
    set(0xC018, 0xD007);
    set(0xD020, 0xE007);
    cpu.cr4 |= PCIDE;
    load_cr3(0x1001);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    load_cr3(0x6002);
    ck_assert_uint_eq(read_at(LINEAR), 0xE000);
    set(PTE, 0);
    set(0xD020, 0);
    load_cr3(0x1001 | KEEP);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    load_cr3(0x6002 | KEEP);
    ck_assert_uint_eq(read_at(LINEAR), 0xE000);
    load_cr3(0x1001);
    ck_assert_uint_eq(read_at(LINEAR), UINT64_MAX);
    load_cr3(0x6002 | KEEP);
    ck_assert_uint_eq(read_at(LINEAR), 0xE000);
}
END_TEST

START_TEST(without_pcide_bits_of_cr3_are_no_pcid)
{
    cpu.cr3 = 0x1018; /* PWT and PCD */
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    set(PTE, 0);
    cpu.cr3 = 0x1000;
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    flush(SIM_TLB_PCID, 0x18, 0);
    ck_assert_uint_eq(read_at(LINEAR), UINT64_MAX);
}
END_TEST

START_TEST(a_page_fault_from_the_cache_drops_what_caused_it)
{
    static const struct {
        uint64_t entry_at, narrow, wide;
    } cases[] = {{PTE, 0x9005, 0x9007},
                 {PDE, 0x4005, 0x4007},
                 {PDPTE, 0x3005, 0x3007},
                 {PML4E, 0x2005, 0x2007}};
    struct sim_tlb_result result;

    set(cases[_i].entry_at, cases[_i].narrow);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    set(cases[_i].entry_at, cases[_i].wide);
    result = translate(LINEAR, SIM_ACCESS_WRITE); /* [SDM 3A] 4.10.4.3: once */
    ck_assert_int_eq(result.walk.outcome, SIM_WALK_PAGE_FAULT);
    ck_assert_uint_eq(result.walk.error_code, 0x3);
    ck_assert_int_eq(result.walk.cause, SIM_CAUSE_READ_ONLY);
    ck_assert_uint_eq(result.walk.cause_level, 1u + (unsigned int)_i);
    ck_assert_uint_eq(result.walk.depth, 4);
    ck_assert(!result.may_read && !result.may_write && !result.may_fetch);
    ck_assert_int_eq(translate(LINEAR, SIM_ACCESS_WRITE).walk.outcome, SIM_WALK_MAPPED);
}
END_TEST

START_TEST(a_page_fault_leaves_other_addresses_cached)
{
    set(0x4028, 0xA005);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    ck_assert_uint_eq(read_at(LINEAR + 0x1000), 0xA000);
    set(PTE, 0);
    ck_assert_int_eq(translate(LINEAR + 0x1000, SIM_ACCESS_WRITE).walk.outcome,
                     SIM_WALK_PAGE_FAULT);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
}
END_TEST

START_TEST(rights_are_judged_anew_at_each_access)
{
    struct sim_tlb_result result = translate(LINEAR, SIM_ACCESS_WRITE);

    ck_assert(result.may_write);
    result = translate_as(LINEAR, SIM_ACCESS_READ, SIM_MODE_USER);
    ck_assert(result.may_read && result.may_write && result.may_fetch);
    cpu.cr4 |= 0x300000; /* SMEP and SMAP: a user page */
    result = translate(LINEAR, SIM_ACCESS_READ);
    ck_assert_int_eq(result.walk.cause, SIM_CAUSE_SMAP);
    cpu.rflags = 0x40000;
    result = translate(LINEAR, SIM_ACCESS_READ);
    ck_assert(result.may_read && !result.may_fetch);
}
END_TEST

START_TEST(a_write_to_a_clean_page_walks_again_to_set_d)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    set(PTE, 0xA027); /* what the tables say counts now */
    ck_assert_uint_eq(translate(LINEAR, SIM_ACCESS_WRITE).walk.physical, 0xA000);
    ck_assert_uint_eq(get(PTE), 0xA067);
    set(PTE, 0xA027); /* D cleared without a flush is not set again: [SDM 3A] 4.10.4.3 */
    ck_assert(translate(LINEAR, SIM_ACCESS_WRITE).may_write);
    ck_assert_uint_eq(get(PTE), 0xA027);
}
END_TEST

START_TEST(small_translations_stay_in_use_beside_a_large_one)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    set(PDE, 0x600087);
    invlpg(0); /* the PDE is read again, the page is not flushed */
    ck_assert_uint_eq(read_at(LINEAR + 0x1000), 0x605000);
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    invlpg(LINEAR); /* both go */
    set(PDE, 0);
    ck_assert_uint_eq(read_at(LINEAR + 0x1000), UINT64_MAX);
}
END_TEST

START_TEST(tens_of_thousands_of_translations_are_kept)
{
    enum {
        COUNT = 40000
    };

    for (unsigned int i = 0; i < 512; i++) {
        set(0x4000 + 8 * i, 0x20007 + (i << 12)); /* one table used by many PDEs */
        set(0x3000 + 8 * i, 0x4007);
    }
    for (uint64_t i = 0; i < COUNT; i++) {
        ck_assert_uint_eq(read_at(0x8080000000 + (i << 12)), 0x20000 + ((i & 511) << 12));
    }
    set(PML4E, 0);
    for (uint64_t i = 0; i < COUNT; i++) {
        ck_assert_uint_eq(read_at(0x8080000000 + (i << 12)), 0x20000 + ((i & 511) << 12));
    }
    load_cr3(0x1000);
    for (uint64_t i = 0; i < COUNT; i += 97) {
        ck_assert_uint_eq(read_at(0x8080000000 + (i << 12)), UINT64_MAX);
    }
}
END_TEST

START_TEST(without_audit_nothing_is_watched)
{
    ck_assert_uint_eq(read_at(LINEAR), 0x9000);
    ck_assert(!sim_tlb_watches(tlb, PTE));
    sim_tlb_note_write(tlb, PTE, 8, 1);
    ck_assert(!sim_tlb_settle(tlb));
    invlpg(LINEAR);
    ck_assert_uint_eq(sim_tlb_unneeded_flushes(tlb), 0);
    ck_assert_uint_eq(sim_tlb_audit(tlb, &cpu), 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("tlb");
    TCase *tests = tcase_create("tlb");

    tcase_add_checked_fixture(tests, tlb_case_open, tlb_case_close);
    tcase_add_test(tests, a_miss_walks_and_marks_the_entries);
    tcase_add_test(tests, a_hit_is_described_like_the_walk_that_made_it);
    tcase_add_test(tests, a_translation_is_used_until_it_is_flushed);
    tcase_add_test(tests, entries_that_are_not_present_are_not_cached);
    tcase_add_loop_test(tests, entries_that_refer_to_tables_are_cached_at_every_level, 0, 3);
    tcase_add_test(tests, rights_of_cached_entries_count_for_new_translations);
    tcase_add_loop_test(tests, pages_of_all_sizes_are_cached_as_a_whole, 0, 3);
    tcase_add_test(tests, five_levels_are_cached_too);
    tcase_add_test(tests, legacy_paging_is_cached_with_its_own_sizes);
    tcase_add_test(tests, nothing_is_cached_while_paging_is_off);
    tcase_add_loop_test(tests, addresses_that_are_not_canonical_hit_nothing, 0, 4);
    tcase_add_loop_test(tests, a_flush_invalidates_what_the_manual_says_and_no_more, 0, 14);
    tcase_add_test(tests, pdptes_are_registers_and_no_cache);
    tcase_add_test(tests, global_translations_serve_all_pcids);
    tcase_add_test(tests, g_means_nothing_without_cr4_pge);
    tcase_add_test(tests, pcids_keep_their_translations_apart);
    tcase_add_test(tests, without_pcide_bits_of_cr3_are_no_pcid);
    tcase_add_loop_test(tests, a_page_fault_from_the_cache_drops_what_caused_it, 0, 4);
    tcase_add_test(tests, a_page_fault_leaves_other_addresses_cached);
    tcase_add_test(tests, rights_are_judged_anew_at_each_access);
    tcase_add_test(tests, a_write_to_a_clean_page_walks_again_to_set_d);
    tcase_add_test(tests, small_translations_stay_in_use_beside_a_large_one);
    tcase_add_test(tests, tens_of_thousands_of_translations_are_kept);
    tcase_add_test(tests, without_audit_nothing_is_watched);
    suite_add_tcase(suite, tests);
    return suite;
}
