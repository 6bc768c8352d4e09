/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paging inside the machine beyond permissions: accesses across pages, the processor's own
 * accesses, bits that mean nothing here, and what stays cached. Expectations: [SDM 3A] 4.6.1,
 * 4.7, 4.9, 4.10. Tests with two rounds have the machine's MMU in the first, the engine's in the
 * second.
 */
#include <string.h>

#include "tests/unit/machine_paging_case.h"

#define OTHER_FRAME UINT64_C(0x301000)

static const struct paging_controls plain = {
    .cr0 = PAGING_CR0 | 0x10000, .cr4 = PAGING_CR4, .efer = PAGING_EFER | 0x800, .cr3 = PAGING_CR3};

static uint64_t pte, linear;

static void open_mmu(int round)
{
    paging_case_open(round == 0 ? SIM_MMU_OWN : SIM_MMU_ENGINE);
    paging_case_set_controls(&plain);
    linear = paging_case_map(4, 1);
    pte = paging_case_entry(4, 1);
}

/* One byte at an address, at CPL 0. */
static uint64_t load(uint64_t address)
{
    struct sim_registers registers = {.rdx = address};
    struct sim_result result = EXECUTE(&registers, 0x48, 0x8B, 0x02); /* movq (%rdx), %rax */

    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    return registers.rax;
}

/* Two frames that can be told apart. */
static void mark_frames(void)
{
    poke(PAGING_FRAME, 0xAAAA);
    poke(OTHER_FRAME, 0xBBBB);
}

START_TEST(bits_for_memory_types_do_not_change_translation)
{
    static const uint64_t bits[] = {0x8, 0x10, 0x18, 0x80, 0x98}; /* PWT, PCD, PAT of a PTE */

    open_mmu(_i);
    for (unsigned int i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        const struct paging_access access = {linear, PAGING_MODIFY, PAGING_USER, .flush = true};

        (void)paging_case_map(4, 1);
        poke(pte, peek(pte) | bits[i]);
        poke(paging_case_entry(4, 2), peek(paging_case_entry(4, 2)) | (bits[i] & 0x18));
        check_access(&access);
        ck_assert_uint_eq(peek(pte), UINT64_C(0x300067) | bits[i]);
    }
    paging_case_map(4, 2);
    poke(paging_case_entry(4, 2), UINT64_C(0x200087) | 0x1018); /* PAT of a PDE is bit 12 */
    check_access(&(struct paging_access){linear, PAGING_READ, PAGING_USER, .flush = true});
    paging_case_close();
}
END_TEST

/* [SDM 3A] 4.7: CR2 has the first byte that faults; 6.15: the instruction has no effect. */
START_TEST(an_access_across_pages_faults_at_the_first_byte_that_does_and_writes_nothing)
{
    static const struct {
        enum paging_instruction instruction;
        uint64_t second;         /* PTE of the second page */
        uint64_t error_codes[2]; /* by round: the engine takes a modification for a read */
    } cases[] = {
        {PAGING_READ_8, 0, {0x0, 0x0}},
        {PAGING_WRITE_8, 0, {0x2, 0x2}},
        {PAGING_MODIFY_8, 0, {0x2, 0x0}},
        {PAGING_WRITE_8, OTHER_FRAME | 5, {0x3, 0x3}},
        {PAGING_WRITE_8, OTHER_FRAME | 3 | UINT64_C(1) << 51, {0xB, 0xB}},
    };

    open_mmu(_i);
    for (unsigned int i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned int inside = 1; inside < 8; inside++) {
            const struct paging_access access = {linear + 4096 - inside, cases[i].instruction,
                                                 PAGING_SUPERVISOR, .flush = true};

            poke(PAGING_FRAME + 4088, 0x1111111111111111);
            poke(OTHER_FRAME, 0x2222222222222222);
            poke(pte + 8, cases[i].second);
            check_page_fault(&access, cases[i].error_codes[_i], linear + 4096);
            ck_assert_uint_eq(peek(PAGING_FRAME + 4088), 0x1111111111111111);
            ck_assert_uint_eq(peek(OTHER_FRAME), 0x2222222222222222);
            ck_assert_uint_eq(peek(pte + 8), cases[i].second);
        }
    }
    paging_case_close();
}
END_TEST

START_TEST(an_access_across_pages_faults_at_its_first_byte_if_the_first_page_is_absent)
{
    open_mmu(_i);
    poke(pte + 8, OTHER_FRAME | 7);
    poke(pte, 0);
    for (unsigned int inside = 1; inside < 8; inside++) {
        struct paging_access access = {linear + 4096 - inside, PAGING_READ_8, PAGING_SUPERVISOR,
                                       .flush = true};

        check_page_fault(&access, 0x0, access.linear);
        access.instruction = PAGING_WRITE_8;
        access.privilege = PAGING_USER;
        check_page_fault(&access, 0x6, access.linear);
    }
    paging_case_close();
}
END_TEST

START_TEST(an_access_across_pages_reaches_both_frames)
{
    open_mmu(_i);
    poke(pte, OTHER_FRAME | 7); /* the frames lie the other way round */
    poke(pte + 8, PAGING_FRAME | 7);
    poke(OTHER_FRAME + 4088, 0);
    poke(PAGING_FRAME, 0);
    check_access(
        &(struct paging_access){linear + 4093, PAGING_MODIFY_8, PAGING_USER, .flush = true});
    ck_assert_uint_eq(peek(OTHER_FRAME + 4088), 0xFFFFFF0000000000);
    ck_assert_uint_eq(peek(PAGING_FRAME), 0xFFFFFFFFFF);
    ck_assert_uint_eq(peek(pte), OTHER_FRAME | 0x67);
    ck_assert_uint_eq(peek(pte + 8), PAGING_FRAME | 0x67);
    paging_case_close();
}
END_TEST

/* movl $1, %eax at the end of the page, RET after it. */
START_TEST(an_instruction_across_pages_faults_at_the_second_one)
{
    static const uint8_t code[] = {0xB8, 0x01, 0x00, 0x00, 0x00, 0xC3};

    open_mmu(_i);
    for (unsigned int inside = 1; inside < 5; inside++) {
        const struct paging_access access = {linear + 4096 - inside, PAGING_FETCH, PAGING_USER,
                                             .flush = true};
        struct paging_outcome outcome;

        memcpy(sim_machine_ram(machine, PAGING_FRAME + 4096 - inside, sizeof code), code,
               sizeof code);
        sim_machine_forget_code(machine);
        poke(pte + 8, 0);
        check_page_fault(&access, 0x14, linear + 4096);
        poke(pte + 8, OTHER_FRAME | 7 | UINT64_C(1) << 63);
        outcome = paging_case_access(&access);
        ck_assert_uint_eq(outcome.error_code, 0x15);
        ck_assert_uint_eq(outcome.rip, access.linear);
        poke(pte + 8, OTHER_FRAME | 7);
        check_access(&access);
    }
    paging_case_close();
}
END_TEST

#define LONG_GDT UINT64_C(0x280000)

/* A GDT whose second page nothing but the test uses; entry 0x1008 is user data, not accessed. */
static void load_long_gdt(void)
{
    struct sim_registers registers = {.rdi = sim_machine_scratch(machine)};

    EXECUTE(&registers, 0x0F, 0x01, 0x07); /* sgdt (%rdi) */
    memcpy(sim_machine_ram(machine, LONG_GDT, 0x50),
           sim_machine_ram(machine, peek(registers.rdi + 2), 0x50), 0x50);
    poke(LONG_GDT + 0x1008, 0x00CFF2000000FFFF);
    poke(registers.rdi, 0x100F | LONG_GDT << 16);
    poke(registers.rdi + 8, 0);
    EXECUTE(&registers, 0x0F, 0x01, 0x17); /* lgdt (%rdi) */
}

/* [SDM 3A] 4.6.1: accesses to descriptors are the supervisor's, whatever the CPL. */
START_TEST(a_segment_load_at_cpl_3_uses_a_gdt_that_user_code_cannot)
{
    const struct paging_access access = {0x100B, PAGING_LOAD_SEGMENT, PAGING_USER, .flush = true};

    open_mmu(_i);
    load_long_gdt();
    check_access(&access);
    ck_assert_uint_eq(peek(LONG_GDT + 0x1008), 0x00CFF3000000FFFF);
    check_page_fault(
        &(struct paging_access){LONG_GDT + 0x1008, PAGING_READ_8, PAGING_USER, .flush = true}, 0x5,
        LONG_GDT + 0x1008);
    check_access(&access);
    paging_case_close();
}
END_TEST

/* Code of CPL 3 that SMAP, and a protection key with AD, keep the supervisor from reading as data. */
static void guard_user_code(int round)
{
    struct paging_controls controls = plain;

    open_mmu(round);
    controls.cr4 |= 0x600000;
    controls.pkru = UINT64_C(1) << 10;
    poke(PAGING_USER_CODE_PTE, peek(PAGING_USER_CODE_PTE) | UINT64_C(5) << 59);
    paging_case_set_controls(&controls);
}

/* [SDM 3A] 4.6.2: keys do not affect instruction fetches. */
START_TEST(code_that_cannot_be_read_as_data_is_executed_all_the_same)
{
    struct paging_access access = {0x100B, PAGING_LOAD_SEGMENT, PAGING_USER, .flush = true};
    uint64_t random = 0;

    guard_user_code(0);
    load_long_gdt();
    check_access(&access);
    access = (struct paging_access){linear, PAGING_RANDOM, PAGING_USER, .flush = true};
    check_access(&access);
    random = peek(PAGING_FRAME);
    poke(pte, 0);
    access.instruction = PAGING_MODIFY;
    check_page_fault(&access, 0x6, linear);
    paging_case_close();

    guard_user_code(0); /* the same seed */
    load_long_gdt();
    access.instruction = PAGING_RANDOM;
    check_access(&access);
    ck_assert_uint_eq(peek(PAGING_FRAME), random);
    paging_case_close();
}
END_TEST

/* [SDM 3A] 4.10.4.1: INVLPG invalidates the page that contains the address. */
START_TEST(invlpg_anywhere_in_a_large_page_drops_all_of_it)
{
    open_mmu(_i);
    paging_case_map(4, 2);
    poke(PAGING_FRAME, 0xAAAA);
    poke(PAGING_FRAME + 0x200000, 0xBBBB);
    ck_assert_uint_eq(load(linear), 0xAAAA);
    poke(paging_case_entry(4, 2), 0x400087);
    ck_assert_uint_eq(load(linear), 0xAAAA);
    paging_case_invlpg(linear - 0x51234);
    ck_assert_uint_eq(load(linear), 0xBBBB);
    paging_case_close();
}
END_TEST

/* With the engine's MMU too, as long as it evicts nothing. */
START_TEST(a_changed_entry_is_used_after_mov_cr3_and_not_before)
{
    open_mmu(_i);
    mark_frames();
    ck_assert_uint_eq(load(linear), 0xAAAA);
    poke(pte, OTHER_FRAME | 7);
    ck_assert_uint_eq(load(linear), 0xAAAA);
    paging_case_load_cr3(PAGING_CR3);
    ck_assert_uint_eq(load(linear), 0xBBBB);
    paging_case_close();
}
END_TEST

START_TEST(an_entry_made_present_is_used_at_once)
{
    open_mmu(_i);
    mark_frames();
    poke(pte, 0);
    check_page_fault(&(struct paging_access){linear, PAGING_READ, PAGING_SUPERVISOR, .flush = true},
                     0x0, linear);
    poke(pte, OTHER_FRAME | 7);
    ck_assert_uint_eq(load(linear), 0xBBBB);
    paging_case_close();
}
END_TEST

static void enable(uint64_t cr4)
{
    struct paging_controls controls = plain;

    controls.cr4 |= cr4;
    paging_case_set_controls(&controls);
}

/* [SDM 3A] 4.10.2.4. */
START_TEST(a_global_page_survives_mov_cr3_but_not_a_change_of_pge)
{
    open_mmu(0);
    enable(0x80);
    mark_frames();
    poke(pte, PAGING_FRAME | 0x107);
    ck_assert_uint_eq(load(linear), 0xAAAA);
    poke(pte, OTHER_FRAME | 0x107);
    paging_case_load_cr3(PAGING_CR3);
    ck_assert_uint_eq(load(linear), 0xAAAA);
    enable(0);
    ck_assert_uint_eq(load(linear), 0xBBBB);
    paging_case_close();
}
END_TEST

START_TEST(g_means_nothing_without_pge_and_above_the_page)
{
    open_mmu(0);
    mark_frames();
    poke(pte, PAGING_FRAME | 0x107);
    ck_assert_uint_eq(load(linear), 0xAAAA);
    poke(pte, OTHER_FRAME | 0x7);
    paging_case_load_cr3(PAGING_CR3);
    ck_assert_uint_eq(load(linear), 0xBBBB);
    enable(0x80);
    poke(paging_case_entry(4, 2), peek(paging_case_entry(4, 2)) | 0x100);
    ck_assert_uint_eq(load(linear), 0xBBBB);
    poke(pte, PAGING_FRAME | 7);
    paging_case_load_cr3(PAGING_CR3);
    ck_assert_uint_eq(load(linear), 0xAAAA);
    paging_case_close();
}
END_TEST

#define KEEP (UINT64_C(1) << 63)

/* [SDM 3A] 4.10.1, 4.10.4.1. */
START_TEST(each_pcid_has_translations_of_its_own)
{
    open_mmu(0);
    enable(0x20000);
    mark_frames();
    paging_case_load_cr3(PAGING_CR3 | 1);
    ck_assert_uint_eq(load(linear), 0xAAAA);
    poke(pte, OTHER_FRAME | 7);
    paging_case_load_cr3(PAGING_CR3 | 2 | KEEP);
    ck_assert_uint_eq(load(linear), 0xBBBB);
    paging_case_load_cr3(PAGING_CR3 | 1 | KEEP);
    ck_assert_uint_eq(load(linear), 0xAAAA);
    paging_case_load_cr3(PAGING_CR3 | 2); /* of PCID 2 only */
    paging_case_load_cr3(PAGING_CR3 | 1 | KEEP);
    ck_assert_uint_eq(load(linear), 0xAAAA);
    paging_case_load_cr3(PAGING_CR3 | 1);
    ck_assert_uint_eq(load(linear), 0xBBBB);
    paging_case_close();
}
END_TEST

static void map_three_pages(uint64_t frame)
{
    poke(pte, frame | 7);
    poke(pte + 8, frame | 7);
    poke(pte + 16, frame | 0x107);
}

static void check_three_pages(uint64_t value)
{
    for (uint64_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(load(linear + 4096 * i), value);
    }
}

/* Two pages and a global one with PCID 1 and 2; then the tables lead to the other frame. */
static void cache_for_two_pcids(void)
{
    enable(0x20080);
    mark_frames();
    map_three_pages(PAGING_FRAME);
    paging_case_load_cr3(PAGING_CR3 | 1);
    check_three_pages(0xAAAA);
    paging_case_load_cr3(PAGING_CR3 | 2);
    check_three_pages(0xAAAA);
    map_three_pages(OTHER_FRAME);
}

/* [SDM 2] INVPCID; [SDM 3A] 4.10.4.1. */
START_TEST(each_type_of_invpcid_drops_what_it_says)
{
    static const struct {
        uint64_t type, pcid;
        bool dropped[2][3]; /* of PCID 1 and 2: the page, another page, the global page */
    } cases[] = {
        {0, 1, {{true, false, false}, {false, false, false}}},
        {0, 2, {{false, false, false}, {true, false, false}}},
        {1, 1, {{true, true, false}, {false, false, false}}},
        {1, 2, {{false, false, false}, {true, true, false}}},
        {2, 0, {{true, true, true}, {true, true, true}}},
        {3, 0, {{true, true, false}, {true, true, false}}},
    };

    open_mmu(0);
    cache_for_two_pcids();
    paging_case_invpcid(cases[_i].type, cases[_i].pcid, cases[_i].type == 0 ? linear : 0);
    for (uint64_t pcid = 1; pcid <= 2; pcid++) {
        paging_case_load_cr3(PAGING_CR3 | pcid | KEEP);
        for (uint64_t i = 0; i < 3; i++) {
            ck_assert_msg(load(linear + 4096 * i) ==
                              (cases[_i].dropped[pcid - 1][i] ? 0xBBBB : 0xAAAA),
                          "type %lu of PCID %lu: page %lu of PCID %lu", cases[_i].type,
                          cases[_i].pcid, i, pcid);
        }
    }
    paging_case_close();
}
END_TEST

static void set_cr4(uint64_t value)
{
    struct sim_registers registers = {.rax = value};

    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x22, 0xE0).stop, SIM_STOP_RETURNED);
}

/* [SDM 3A] 4.10.4.1, MOV to CR4: SMEP from 0 to 1. The global page was made under PCID 1. */
START_TEST(setting_smep_drops_what_was_made_under_the_current_pcid)
{
    const uint64_t cr4 = PAGING_CR4 | 0x20080;

    open_mmu(0);
    cache_for_two_pcids();
    set_cr4(cr4 | 0x100000);
    ck_assert_uint_eq(load(linear), 0xBBBB);
    ck_assert_uint_eq(load(linear + 4096), 0xBBBB);
    ck_assert_uint_eq(load(linear + 8192), 0xAAAA);
    paging_case_load_cr3(PAGING_CR3 | 1 | KEEP);
    check_three_pages(0xAAAA);
    set_cr4(cr4); /* from 1 to 0: nothing */
    check_three_pages(0xAAAA);
    set_cr4(cr4 | 0x100000);
    check_three_pages(0xBBBB);
    paging_case_close();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_translation");
    TCase *both = tcase_create("both MMUs");
    TCase *own = tcase_create("own MMU");

    tcase_add_loop_test(both, bits_for_memory_types_do_not_change_translation, 0, 2);
    tcase_add_loop_test(
        both, an_access_across_pages_faults_at_the_first_byte_that_does_and_writes_nothing, 0, 2);
    tcase_add_loop_test(
        both, an_access_across_pages_faults_at_its_first_byte_if_the_first_page_is_absent, 0, 2);
    tcase_add_loop_test(both, an_access_across_pages_reaches_both_frames, 0, 2);
    tcase_add_loop_test(both, an_instruction_across_pages_faults_at_the_second_one, 0, 2);
    tcase_add_loop_test(both, a_segment_load_at_cpl_3_uses_a_gdt_that_user_code_cannot, 0, 2);
    tcase_add_loop_test(both, invlpg_anywhere_in_a_large_page_drops_all_of_it, 0, 2);
    tcase_add_loop_test(both, a_changed_entry_is_used_after_mov_cr3_and_not_before, 0, 2);
    tcase_add_loop_test(both, an_entry_made_present_is_used_at_once, 0, 2);
    suite_add_tcase(suite, both);

    tcase_add_test(own, code_that_cannot_be_read_as_data_is_executed_all_the_same);
    tcase_add_test(own, a_global_page_survives_mov_cr3_but_not_a_change_of_pge);
    tcase_add_test(own, g_means_nothing_without_pge_and_above_the_page);
    tcase_add_test(own, each_pcid_has_translations_of_its_own);
    tcase_add_test(own, setting_smep_drops_what_was_made_under_the_current_pcid);
    tcase_add_loop_test(own, each_type_of_invpcid_drops_what_it_says, 0, 6);
    suite_add_tcase(suite, own);
    return suite;
}
