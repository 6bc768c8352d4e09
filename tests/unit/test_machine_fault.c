/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/machine/machine_run.c and sim/engine/engine_unicorn*.c: vectors, error codes, the TLB. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/machine_case.h"

START_TEST(common_exceptions_have_their_vector_and_error_code)
{
    static const struct {
        uint8_t code[10];
        unsigned int vector;
        int64_t error_code;
        uint64_t rip; /* from the first byte */
    } cases[] = {
        /* xorl %ecx, %ecx; divl %ecx. [SDM 3A] 6.15, vectors 0, 3, 6, 13, 14 */
        {{0x31, 0xC9, 0xF7, 0xF1, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90}, 0, -1, 2},
        {{0xCC, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90}, 3, -1, 1},
        {{0x0F, 0x0B, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90}, 6, -1, 0},
        /* movl $0x7B, %eax; movl %eax, %ds: error code without the RPL */
        {{0xB8, 0x7B, 0x00, 0x00, 0x00, 0x8E, 0xD8, 0x90, 0x90, 0x90}, 13, 0x78, 5},
        /* movl $0x7C, %eax; movl %eax, %ds: a selector of the LDT keeps its TI bit */
        {{0xB8, 0x7C, 0x00, 0x00, 0x00, 0x8E, 0xD8, 0x90, 0x90, 0x90}, 13, 0x7C, 5},
        /* movq $1 << 47, %rdx would need 10 bytes: shlq $8, %rdx makes it not canonical */
        {{0x48, 0xC1, 0xE2, 0x08, 0x8B, 0x02, 0x90, 0x90, 0x90, 0x90}, 13, 0, 4},
        {{0x48, 0x8B, 0x02, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90}, 14, 0x0, 0},
        {{0x48, 0x89, 0x02, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90}, 14, 0x2, 0},
        /* int $14 pushes no error code */
        {{0xCD, 0x0E, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90}, 14, -1, 2},
        {{0xCD, 0x80, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90}, 0x80, -1, 2},
    };
    struct sim_registers registers = {.rdx = UNMAPPED};
    struct sim_result result = execute(cases[_i].code, sizeof cases[_i].code, &registers);

    check_fault(&result, cases[_i].vector, cases[_i].error_code);
    ck_assert_uint_eq(result.fault.rip & 0xFFF, cases[_i].rip);
    if (cases[_i].vector == 14 && cases[_i].error_code >= 0) {
        ck_assert_uint_eq(result.fault.cr2, UNMAPPED);
    }
}
END_TEST

/* Error codes of [SDM 3A] figure 4-12 on one page; the last column is what the access gives. */
START_TEST(page_faults_say_what_was_tried_and_why_it_failed)
{
    static const uint8_t load[] = {0x48, 0x8B, 0x02};
    static const uint8_t store[] = {0x48, 0x89, 0x02};
    static const uint8_t jump[] = {0xFF, 0xE2};
    static const struct {
        uint64_t entry;
        int64_t load, store, jump; /* error code, or -1: works */
    } cases[] = {
        {0x0000000000300000, 0x0, 0x2, 0x10}, /* not present */
        {0x0000000000300001, -1, 0x3, -1},    /* read-only, CR0.WP is 1 */
        {0x8000000000300003, -1, -1, 0x11},   /* XD */
        {0x0001000000300003, 0x9, 0xB, 0x19}, /* bit 48 is reserved */
        {0x0000010000300003, 0x9, 0xB, 0x19}, /* bit 40 is beyond MAXPHYADDR */
        {0x0000000000300003, -1, -1, -1},
    };
    struct sim_registers registers = {.rdx = UNMAPPED};
    struct sim_result result;

    map_unmapped(cases[_i].entry);
    poke(0x300000, 0x80CD); /* int $0x80 */
    result = execute(load, sizeof load, &registers);
    if (cases[_i].load >= 0) {
        check_fault(&result, 14, cases[_i].load);
    } else {
        ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    }
    result = execute(jump, sizeof jump, &registers);
    check_fault(&result, cases[_i].jump >= 0 ? 14 : 0x80, cases[_i].jump);
    result = execute(store, sizeof store, &registers);
    if (cases[_i].store >= 0) {
        check_fault(&result, 14, cases[_i].store);
    } else {
        ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    }
}
END_TEST

START_TEST(a_thousand_faults_in_a_row_are_all_the_same)
{
    for (uint64_t i = 0; i < 1000; i++) {
        struct sim_registers registers = {.rdx = UNMAPPED + 8 * i};
        struct sim_result result = EXECUTE(&registers, 0x48, 0x89, 0x02);

        check_fault(&result, 14, 0x2);
        ck_assert_uint_eq(result.fault.cr2, UNMAPPED + 8 * i);
    }
    ck_assert_int_eq(EXECUTE(NULL, 0x90).stop, SIM_STOP_RETURNED);
}
END_TEST

START_TEST(faults_of_different_kinds_do_not_add_up_to_a_double_fault)
{
    struct sim_registers registers = {.rdx = UNMAPPED, .rax = 0x7B};
    struct sim_result result;

    for (int i = 0; i < 10; i++) {
        result = EXECUTE(&registers, 0x48, 0x8B, 0x02);
        check_fault(&result, 14, 0x0);
        result = EXECUTE(&registers, 0x8E, 0xD8);
        check_fault(&result, 13, 0x78);
        result = EXECUTE(&registers, 0x31, 0xC9, 0xF7, 0xF1);
        check_fault(&result, 0, -1);
        result = EXECUTE(&registers, 0x0F, 0x0B);
        check_fault(&result, 6, -1);
    }
}
END_TEST

START_TEST(int_n_raises_every_vector_without_error_code_and_resumes_after_itself)
{
    for (unsigned int vector = 0; vector < 256; vector++) {
        struct sim_result result = EXECUTE(NULL, 0x90, 0xCD, (uint8_t)vector);

        check_fault(&result, vector, -1);
        ck_assert_uint_eq(result.fault.rip & 0xFFF, 3);
    }
    for (unsigned int i = 0; i < 2; i++) { /* INT 6 is not taken for UD2, nor UD2 for INT 6 */
        struct sim_result result = i == 0 ? EXECUTE(NULL, 0xCD, 6) : EXECUTE(NULL, 0x0F, 0x0B);

        check_fault(&result, 6, -1);
        ck_assert_uint_eq(result.fault.rip & 0xFFF, i == 0 ? 2 : 0);
    }
}
END_TEST

START_TEST(a_null_pointer_faults)
{
    struct sim_registers registers = {.rdx = 0x18};
    struct sim_result result = EXECUTE(&registers, 0x48, 0x8B, 0x02);

    check_fault(&result, 14, 0x0);
    ck_assert_uint_eq(result.fault.cr2, 0x18);
    registers.rdx = 0;
    result = EXECUTE(&registers, 0xFF, 0xD2); /* callq *%rdx */
    check_fault(&result, 14, 0x10);
    ck_assert_uint_eq(result.fault.rip, 0);
}
END_TEST

START_TEST(endless_recursion_faults_below_the_stack)
{
    struct sim_result result;

    machine_case_load();
    result = sim_call(machine, "guest_recurse", 0);
    check_fault(&result, 14, 0x2);
    ck_assert_int_eq(strncmp(result.fault.symbol, "guest_recurse", 13), 0);
    ck_assert_uint_eq(result.fault.cr2 & ~UINT64_C(0xFFF), 0xF000); /* the page left out for this */
}
END_TEST

START_TEST(a_fault_names_function_line_and_obstacle)
{
    struct sim_result result;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    machine_case_load();
    result = sim_call(machine, "guest_load", UNMAPPED);
    check_fault(&result, 14, 0x0);
    ck_assert_str_eq(result.fault.symbol, "guest_load");
    ck_assert_str_eq(result.fault.source, "guest.c:40");
    ck_assert_str_eq(result.fault.reason, "IDT limit 0: no gate for vector 14");
    sim_fault_print(stream, &result.fault);
    (void)fclose(stream);
    ck_assert_ptr_nonnull(strstr(text, "#PF page fault\n"));
    ck_assert_ptr_nonnull(
        strstr(text, "0x0: read of a page that is not present, by the supervisor"));
    ck_assert_ptr_nonnull(strstr(text, "guest_load (guest.c:40)"));
    ck_assert_ptr_nonnull(strstr(text, "0x8000000000"));
    free(text);
}
END_TEST

START_TEST(a_stale_translation_stays_until_invlpg)
{
    struct sim_registers registers = {.rdx = UNMAPPED};

    poke(0x300000, 0xAAAA);
    poke(0x301000, 0xBBBB);
    map_unmapped(0x300003);
    EXECUTE(&registers, 0x48, 0x8B, 0x02);
    ck_assert_uint_eq(registers.rax, 0xAAAA);
    poke(0x202000, 0x301003);
    EXECUTE(&registers, 0x48, 0x8B, 0x02);
    ck_assert_uint_eq(registers.rax, 0xAAAA);
    EXECUTE(&registers, 0x0F, 0x01, 0x3A); /* invlpg (%rdx) */
    EXECUTE(&registers, 0x48, 0x8B, 0x02);
    ck_assert_uint_eq(registers.rax, 0xBBBB);
}
END_TEST

START_TEST(a_stale_translation_survives_faults_and_their_delivery)
{
    struct sim_registers registers = {.rdx = UNMAPPED};
    struct sim_result result;

    machine_case_load();
    set_gate(6, address_of("guest_handler_plain"), UINT64_C(0x8E00) << 32 | 0x08 << 16);
    load_idt(0xFFF);
    poke(0x300000, 0xAAAA);
    map_unmapped(0x300003);
    EXECUTE(&registers, 0x48, 0x8B, 0x02);
    poke(0x202000, 0);
    result = EXECUTE(&registers, 0x48, 0x8B, 0x82, 0x00, 0x10, 0x00, 0x00); /* 4096(%rdx) */
    check_fault(&result, 14, 0x0);
    sim_call(machine, "guest_resume_at", address_of("guest_recorded"));
    EXECUTE(NULL, 0x0F, 0x0B); /* the handler resumes in a function that returns */
    ck_assert_uint_eq(sim_call(machine, "guest_recorded", 10).value, 1);
    registers.rax = 0;
    ck_assert_int_eq(EXECUTE(&registers, 0x48, 0x8B, 0x02).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, 0xAAAA);
    registers.rax = 0x1000;
    EXECUTE(&registers, 0x0F, 0x22, 0xD8); /* movq %rax, %cr3 */
    result = EXECUTE(&registers, 0x48, 0x8B, 0x02);
    check_fault(&result, 14, 0x0);
}
END_TEST

START_TEST(tables_that_lose_the_machines_memory_are_named_before_the_run)
{
    struct sim_registers registers = {.rax = 0x280000};
    struct sim_result result;

    /* A new root without low memory: the instruction after MOV CR3 cannot be fetched. */
    result = EXECUTE(&registers, 0x0F, 0x22, 0xD8);
    ck_assert_int_ne(result.stop, SIM_STOP_RETURNED);
    result = EXECUTE(&registers, 0x90);
    ck_assert_int_eq(result.stop, SIM_STOP_ENGINE);
    ck_assert_ptr_nonnull(strstr(result.fault.reason, "below 0x100000"));
}
END_TEST

START_TEST(vectors_have_the_manuals_names)
{
    ck_assert_str_eq(sim_vector_name(0), "#DE");
    ck_assert_str_eq(sim_vector_name(8), "#DF");
    ck_assert_str_eq(sim_vector_name(13), "#GP");
    ck_assert_str_eq(sim_vector_name(14), "#PF");
    ck_assert_str_eq(sim_vector_name(21), "#CP");
    ck_assert_str_eq(sim_vector_name(9), "vector 9");
    ck_assert_str_eq(sim_vector_name(77), "vector 77");
}
END_TEST

START_TEST(error_codes_are_explained)
{
    static const struct {
        unsigned int vector;
        uint32_t error_code;
        const char *text;
    } cases[] = {
        {14, 0x7, "write to a page whose rights forbid it, by the user"},
        {14, 0x19, "instruction fetch from a page with a reserved bit set in one of its entries"},
        {13, 0x78, "GDT selector 0x78"},
        {13, 0x7C, "LDT selector 0x78"},
        {11, 0x73, "IDT vector 0xe, while another event was delivered"},
        {13, 0x0, "no descriptor involved"},
        {8, 0x0, "double fault"},
    };
    struct sim_result result = {.stop = SIM_STOP_FAULT,
                                .fault = {.vector = cases[_i].vector,
                                          .has_error_code = true,
                                          .error_code = cases[_i].error_code}};
    char text[512];

    sim_result_describe(&result, text, sizeof text);
    ck_assert_msg(strstr(text, cases[_i].text) != NULL, "%s", text);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_fault");
    TCase *faults = tcase_create("faults");
    TCase *tlb = tcase_create("tlb");
    TCase *words = tcase_create("words");

    tcase_add_checked_fixture(faults, machine_case_open, machine_case_close);
    tcase_add_loop_test(faults, common_exceptions_have_their_vector_and_error_code, 0, 10);
    tcase_add_loop_test(faults, page_faults_say_what_was_tried_and_why_it_failed, 0, 6);
    tcase_add_test(faults, a_thousand_faults_in_a_row_are_all_the_same);
    tcase_add_test(faults, faults_of_different_kinds_do_not_add_up_to_a_double_fault);
    tcase_add_test(faults, int_n_raises_every_vector_without_error_code_and_resumes_after_itself);
    tcase_add_test(faults, a_null_pointer_faults);
    tcase_add_test(faults, endless_recursion_faults_below_the_stack);
    tcase_add_test(faults, a_fault_names_function_line_and_obstacle);
    tcase_add_test(faults, tables_that_lose_the_machines_memory_are_named_before_the_run);
    suite_add_tcase(suite, faults);

    tcase_add_checked_fixture(tlb, machine_case_open, machine_case_close);
    tcase_add_test(tlb, a_stale_translation_stays_until_invlpg);
    tcase_add_test(tlb, a_stale_translation_survives_faults_and_their_delivery);
    suite_add_tcase(suite, tlb);

    tcase_add_test(words, vectors_have_the_manuals_names);
    tcase_add_loop_test(words, error_codes_are_explained, 0, 7);
    suite_add_tcase(suite, words);
    return suite;
}
