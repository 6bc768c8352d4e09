/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Page walks in words: the walk is the reference walker's, the sentences are typed here. */
#include "sim/report/walk_explain.h"

#include <string.h>

#include "tests/unit/paged_memory.h"
#include "tests/unit/unit.h"

static struct sim_walk_explanation explanation;

static void explain(uint64_t linear, enum sim_access_kind kind, enum sim_access_mode mode)
{
    struct sim_access access = {linear, kind, mode};
    struct sim_walk walk = sim_mmu_walk(&paged_cpu, &paged_memory, access);

    sim_walk_explain(&paged_cpu, access, &walk, &explanation);
}

static void explain_write(uint64_t linear)
{
    explain(linear, SIM_ACCESS_WRITE, SIM_MODE_SUPERVISOR);
}

/* The last line with an arrow, or -1; there must not be two. */
static int decided_line(void)
{
    unsigned int arrows = 0;
    int found = -1;

    for (size_t i = 0; i < explanation.count; i++) {
        arrows += explanation.lines[i].decided ? 1 : 0;
        found = explanation.lines[i].decided ? (int)i : found;
    }
    ck_assert_uint_le(arrows, 1);
    return found;
}

START_TEST(an_allowed_walk_lists_all_entries_and_marks_none)
{
    explain_write(0x5123);
    ck_assert_str_eq(explanation.title,
                     "write to 0x5123 by the supervisor; 4-level paging, CR3 0x1000");
    ck_assert_uint_eq(explanation.count, 4);
    ck_assert_str_eq(explanation.lines[0].text, "PML4E[0]    0x1000 = 0x0000000000002003  P RW");
    ck_assert_str_eq(explanation.lines[1].text, "PDPTE[0]    0x2000 = 0x0000000000003003  P RW");
    ck_assert_str_eq(explanation.lines[2].text, "PDE[0]      0x3000 = 0x0000000000004003  P RW");
    ck_assert_str_eq(explanation.lines[3].text, "PTE[5]      0x4028 = 0x0000000000005003  P RW");
    ck_assert_str_eq(explanation.verdict, "allowed: physical 0x5123, in a page of 4 KiB");
    ck_assert_int_eq(decided_line(), -1);
}
END_TEST

/* [SDM 3A] table 4-20: bits 0 to 8 and 63 of a PTE; key in 62:59. */
START_TEST(every_flag_of_a_page_has_its_name)
{
    paged_cpu.cr4 |= 0x400000; /* PKE */
    paged_set_entry(0x5000, 0xF8000000000051FF);
    explain(0x5000, SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_str_eq(
        explanation.lines[3].text,
        "PTE[5]      0x4028 = 0xf8000000000051ff  P RW US PWT PCD A D G PAT XD key 15");
}
END_TEST

/* [SDM 3A] table 4-18: bit 7 is PS, bit 12 is PAT. */
START_TEST(a_large_page_has_ps_and_its_pat_bit_is_bit_12)
{
    paged_poke(PAGED_PD, 0x10E3 | 0x200000);
    explain(0x1234, SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_str_eq(explanation.lines[2].text,
                     "PDE[0]      0x3000 = 0x00000000002010e3  P RW A D PS PAT");
    ck_assert_str_eq(explanation.verdict, "allowed: physical 0x201234, in a page of 2 MiB");
    paged_poke(PAGED_PD, 0xE3 | 0x200000);
    explain(0x1234, SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_str_eq(explanation.lines[2].text,
                     "PDE[0]      0x3000 = 0x00000000002000e3  P RW A D PS");
}
END_TEST

START_TEST(d_g_and_pat_are_not_listed_where_they_do_not_exist)
{
    paged_poke(PAGED_PD, PAGED_PT | 0x163); /* bits 8 and 6 of an entry that names a table */
    explain_write(0x5000);
    ck_assert_str_eq(explanation.lines[2].text, "PDE[0]      0x3000 = 0x0000000000004163  P RW A");
}
END_TEST

START_TEST(the_entry_that_is_not_present_is_marked)
{
    paged_poke(PAGED_PDPT, 0);
    explain_write(0x5000);
    ck_assert_uint_eq(explanation.count, 2);
    ck_assert_int_eq(decided_line(), 1);
    ck_assert_str_eq(explanation.lines[1].text,
                     "PDPTE[0]    0x2000 = 0x0000000000000000  not present");
    ck_assert_str_eq(explanation.verdict, "the PDPTE is not present");
}
END_TEST

START_TEST(an_entry_that_lacks_only_its_present_bit_is_called_so)
{
    paged_set_entry(0x5000, 0x5002);
    explain_write(0x5000);
    ck_assert_str_eq(explanation.verdict,
                     "the PTE is not present: its bit 0 is clear, others are not");
}
END_TEST

struct refusal {
    uint64_t efer, pdpte, pde, pte; /* bits toggled */
    enum sim_access_kind kind;
    enum sim_access_mode mode;
    int decided;
    const char *verdict;
};

/* [SDM 3A] 4.6.1. */
static const struct refusal refusals[] = {
    {.pte = 0x2,
     .kind = SIM_ACCESS_WRITE,
     .mode = SIM_MODE_SUPERVISOR,
     .decided = 3,
     .verdict = "the PTE is read-only (R/W 0); CR0.WP is 1"},
    {.pde = 0x2,
     .kind = SIM_ACCESS_WRITE,
     .mode = SIM_MODE_SUPERVISOR,
     .decided = 2,
     .verdict = "the PDE is read-only (R/W 0), and so is everything below it; CR0.WP is 1"},
    {.kind = SIM_ACCESS_READ,
     .mode = SIM_MODE_USER,
     .decided = 0,
     .verdict = "the PML4E is for the supervisor only (U/S 0), and so is everything below it"},
    {.pte = UINT64_C(1) << 63,
     .kind = SIM_ACCESS_FETCH,
     .mode = SIM_MODE_SUPERVISOR,
     .decided = 3,
     .verdict = "the PTE is not executable (XD 1)"},
    {.pdpte = UINT64_C(1) << 63,
     .kind = SIM_ACCESS_FETCH,
     .mode = SIM_MODE_SUPERVISOR,
     .decided = 1,
     .verdict = "the PDPTE is not executable (XD 1), and so is everything below it"},
    {.efer = 0x800,
     .pte = UINT64_C(1) << 63,
     .kind = SIM_ACCESS_READ,
     .mode = SIM_MODE_SUPERVISOR,
     .decided = 3,
     .verdict = "the PTE has reserved bits set: bit 63 (XD, while EFER.NXE is 0)"},
    {.pte = UINT64_C(3) << 40,
     .kind = SIM_ACCESS_READ,
     .mode = SIM_MODE_SUPERVISOR,
     .decided = 3,
     .verdict = "the PTE has reserved bits set: bits 41:40 (the physical address has 40 bits)"},
    {.pde = 0x80,
     .kind = SIM_ACCESS_READ,
     .mode = SIM_MODE_SUPERVISOR,
     .decided = 2,
     .verdict = "the PDE has reserved bits set: bit 14 (the large page is not aligned to its "
                "size)"},
    {.efer = 0x800,
     .pde = (UINT64_C(1) << 63 | UINT64_C(0xFFF) << 40),
     .kind = SIM_ACCESS_READ,
     .mode = SIM_MODE_SUPERVISOR,
     .decided = 2,
     .verdict = "the PDE has reserved bits set: bit 63 (XD, while EFER.NXE is 0), bits 51:40 (the "
                "physical address has 40 bits)"},
};

START_TEST(a_refusal_names_the_entry_and_the_reason)
{
    const struct refusal *refusal = &refusals[_i];

    paged_cpu.efer ^= refusal->efer;
    paged_poke(PAGED_PDPT, paged_peek(PAGED_PDPT) ^ refusal->pdpte);
    paged_poke(PAGED_PD, paged_peek(PAGED_PD) ^ refusal->pde);
    paged_set_entry(0x5000, 0x5003 ^ refusal->pte);
    explain(0x5000, refusal->kind, refusal->mode);
    ck_assert_str_eq(explanation.verdict, refusal->verdict);
    ck_assert_int_eq(decided_line(), refusal->decided);
}
END_TEST

START_TEST(ps_in_a_pml4_entry_is_named)
{
    paged_poke(PAGED_PML4, PAGED_PDPT | 0x83);
    explain_write(0x5000);
    ck_assert_str_eq(explanation.lines[0].text, "PML4E[0]    0x1000 = 0x0000000000002083  P RW PS");
    ck_assert_str_eq(
        explanation.verdict,
        "the PML4E has reserved bits set: bit 7 (PS, which does not exist at this level)");
}
END_TEST

/* Make the page at 0x5000 a user page. */
static void make_user_page(void)
{
    paged_poke(PAGED_PML4, PAGED_PDPT | 7);
    paged_poke(PAGED_PDPT, PAGED_PD | 7);
    paged_poke(PAGED_PD, PAGED_PT | 7);
    paged_set_entry(0x5000, 0x1800000000005007); /* key 3 */
}

START_TEST(smep_smap_and_protection_keys_are_named)
{
    make_user_page();
    paged_cpu.cr4 |= 0x700000; /* PKE, SMAP, SMEP */
    paged_cpu.pkru = 0x80;     /* WD of key 3 */
    explain(0x5000, SIM_ACCESS_FETCH, SIM_MODE_SUPERVISOR);
    ck_assert_str_eq(explanation.verdict,
                     "CR4.SMEP is 1: the supervisor cannot execute user pages");
    explain(0x5000, SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_str_eq(explanation.verdict,
                     "CR4.SMAP is 1: the supervisor cannot touch user pages while RFLAGS.AC is 0");
    explain(0x5000, SIM_ACCESS_WRITE, SIM_MODE_IMPLICIT_SUPERVISOR);
    ck_assert_str_eq(explanation.title,
                     "write to 0x5000 by the processor itself; 4-level paging, CR3 0x1000");
    ck_assert_str_eq(explanation.verdict, "CR4.SMAP is 1: the supervisor cannot touch user pages");
    explain(0x5000, SIM_ACCESS_WRITE, SIM_MODE_USER);
    ck_assert_str_eq(explanation.verdict, "protection key 3 forbids it: PKRU is 0x80");
}
END_TEST

START_TEST(an_address_that_is_not_canonical_has_no_walk)
{
    explain(0x800000000000, SIM_ACCESS_READ, SIM_MODE_USER);
    ck_assert_str_eq(explanation.title,
                     "read of 0x800000000000 by the user; 4-level paging, CR3 0x1000");
    ck_assert_uint_eq(explanation.count, 0);
    ck_assert_str_eq(explanation.verdict,
                     "the address is not canonical: bits 63:47 are not all equal");
}
END_TEST

START_TEST(a_table_outside_ram_is_named_by_the_entry_that_leads_to_it)
{
    paged_poke(PAGED_PD, 0x7FFF000003);
    explain_write(0x5000);
    ck_assert_int_eq(decided_line(), 2);
    ck_assert_str_eq(explanation.verdict,
                     "PDE names a table at 0x7fff000000, where there is no RAM");
    paged_cpu.cr3 = 0x400000;
    explain_write(0x5000);
    ck_assert_uint_eq(explanation.count, 0);
    ck_assert_str_eq(explanation.verdict, "CR3 names a table at 0x400000, where there is no RAM");
}
END_TEST

START_TEST(five_levels_begin_with_a_pml5_entry)
{
    paged_poke(0x6000, PAGED_PML4 | 3);
    paged_cpu.cr3 = 0x6000;
    paged_cpu.cr4 |= 0x1000; /* LA57 */
    explain_write(0x5000);
    ck_assert_str_eq(explanation.title,
                     "write to 0x5000 by the supervisor; 5-level paging, CR3 0x6000");
    ck_assert_uint_eq(explanation.count, 5);
    ck_assert_str_eq(explanation.lines[0].text, "PML5E[0]    0x6000 = 0x0000000000001003  P RW");
    explain_write(0x100000000000000);
    ck_assert_str_eq(explanation.verdict,
                     "the address is not canonical: bits 63:56 are not all equal");
}
END_TEST

/* [SDM 3A] 4.3: 4-byte entries, indices are bits 31:22 and 21:12. */
START_TEST(the_entries_of_32_bit_paging_have_8_digits)
{
    paged_cpu.efer = 0;
    paged_cpu.cr4 = 0x10;       /* PSE */
    paged_poke(0x1000, 0x2003); /* PDE 0: a table; PDE 1: not present */
    paged_poke(0x2000, UINT64_C(0x5001) << 32);
    explain_write(0x1234);
    ck_assert_str_eq(explanation.title,
                     "write to 0x1234 by the supervisor; 32-bit paging, CR3 0x1000");
    ck_assert_uint_eq(explanation.count, 2);
    ck_assert_str_eq(explanation.lines[0].text, "PDE[0]      0x1000 = 0x00002003  P RW");
    ck_assert_str_eq(explanation.lines[1].text, "PTE[1]      0x2004 = 0x00005001  P");
    ck_assert_str_eq(explanation.verdict, "the PTE is read-only (R/W 0); CR0.WP is 1");
    paged_poke(0x1000, 0xC00083);
    explain_write(0x1234);
    ck_assert_str_eq(explanation.verdict, "allowed: physical 0xc01234, in a page of 4 MiB");
}
END_TEST

/* [SDM 3A] 4.4: four PDPTEs, aligned to 32 bytes. */
START_TEST(a_pdpte_of_pae_paging_is_numbered_by_the_address)
{
    paged_cpu.efer = 0;
    paged_cpu.cr3 = 0x7020;
    paged_poke(0x7038, PAGED_PD | 1);
    explain(0xC0005000, SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    ck_assert_str_eq(explanation.title,
                     "read of 0xc0005000 by the supervisor; PAE paging, CR3 0x7020");
    ck_assert_str_eq(explanation.lines[0].text, "PDPTE[3]    0x7038 = 0x0000000000003001  P");
    ck_assert_str_eq(explanation.verdict, "allowed: physical 0x5000, in a page of 4 KiB");
}
END_TEST

START_TEST(without_paging_there_is_nothing_to_walk)
{
    paged_cpu.cr0 = 1;
    paged_cpu.efer = 0;
    explain_write(0x5000);
    ck_assert_str_eq(explanation.title, "write to 0x5000 by the supervisor; paging is off");
    ck_assert_uint_eq(explanation.count, 0);
}
END_TEST

START_TEST(the_widest_line_fits_a_page_of_100_columns)
{
    paged_cpu.cr4 |= 0x400000;
    paged_cpu.physical_bits = 52;
    paged_poke(PAGED_PD, 0xFFFFFFFFFFFFFFFF);
    explain_write(0x5000);
    for (size_t i = 0; i < explanation.count; i++) {
        ck_assert_uint_le(strlen(explanation.lines[i].text), 95);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("walk_explain");
    TCase *lines = tcase_create("lines");
    TCase *verdicts = tcase_create("verdicts");
    TCase *modes = tcase_create("modes");

    tcase_add_checked_fixture(lines, paged_open, NULL);
    tcase_add_test(lines, an_allowed_walk_lists_all_entries_and_marks_none);
    tcase_add_test(lines, every_flag_of_a_page_has_its_name);
    tcase_add_test(lines, a_large_page_has_ps_and_its_pat_bit_is_bit_12);
    tcase_add_test(lines, d_g_and_pat_are_not_listed_where_they_do_not_exist);
    tcase_add_test(lines, the_widest_line_fits_a_page_of_100_columns);
    suite_add_tcase(suite, lines);

    tcase_add_checked_fixture(verdicts, paged_open, NULL);
    tcase_add_test(verdicts, the_entry_that_is_not_present_is_marked);
    tcase_add_test(verdicts, an_entry_that_lacks_only_its_present_bit_is_called_so);
    tcase_add_loop_test(verdicts, a_refusal_names_the_entry_and_the_reason, 0,
                        (int)(sizeof refusals / sizeof refusals[0]));
    tcase_add_test(verdicts, ps_in_a_pml4_entry_is_named);
    tcase_add_test(verdicts, smep_smap_and_protection_keys_are_named);
    tcase_add_test(verdicts, an_address_that_is_not_canonical_has_no_walk);
    tcase_add_test(verdicts, a_table_outside_ram_is_named_by_the_entry_that_leads_to_it);
    suite_add_tcase(suite, verdicts);

    tcase_add_checked_fixture(modes, paged_open, NULL);
    tcase_add_test(modes, five_levels_begin_with_a_pml5_entry);
    tcase_add_test(modes, the_entries_of_32_bit_paging_have_8_digits);
    tcase_add_test(modes, a_pdpte_of_pae_paging_is_numbered_by_the_address);
    tcase_add_test(modes, without_paging_there_is_nothing_to_walk);
    suite_add_tcase(suite, modes);
    return suite;
}
