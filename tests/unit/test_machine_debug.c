/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instruction breakpoints, general detect, and what any #DB does to DR6 and DR7.
 * Expectations: [SDM 3B] 17.2, 17.3.1; [SDM 3A] 6.8.3.
 */
#include "sim/machine/snapshot.h"
#include "tests/unit/debug_case.h"

#define RFLAGS_RF UINT64_C(0x10000)

START_TEST(breakpoint_comes_before_the_instruction_and_once)
{
    struct sim_registers registers = {0};

    set_breakpoint(CODE + 2, 0x402);                     /* G0 */
    registers = RUN(0xFF, 0xC0, 0xFF, 0xC0, 0xFF, 0xC0); /* incl %eax, three times */
    ck_assert_uint_eq(registers.rax, 3);
    ck_assert_uint_eq(debug_event_at(0).rflags & RFLAGS_RF, 0); /* 17.3.1.1 */
    check_debug(CODE + 2, 0xFFFF0FF1);
}
END_TEST

START_TEST(either_enable_bit_of_its_own_breakpoint_enables_it)
{
    const unsigned int number = (unsigned int)_i / 3;
    const uint64_t bits = (uint64_t)_i % 3 + 1;

    set_debug_register(number, CODE);
    set_debug_register(7, 0x400 | bits << (2 * number));
    RUN(0x90);
    check_debug(CODE, 0xFFFF0FF0 | UINT64_C(1) << number);
}
END_TEST

START_TEST(breakpoint_that_is_not_enabled_or_not_of_length_1_is_none)
{
    static const uint64_t dr7[] = {0x400, 0x700, 0x40402, 0x80402, 0xC0402, 0x4FC};

    set_breakpoint(CODE, dr7[_i]);
    set_debug_register(1, DATA);
    RUN(0x90);
    check_no_debug();
}
END_TEST

START_TEST(every_round_of_a_loop_hits)
{
    set_breakpoint(CODE + 5, 0x402);
    /* movl $3, %ecx; nop; decl %ecx; jnz nop */
    RUN(0xB9, 0x03, 0x00, 0x00, 0x00, 0x90, 0xFF, 0xC9, 0x75, 0xFB);
    ck_assert_uint_eq(debug_count(), 3);
}
END_TEST

START_TEST(jump_to_itself_hits_every_time)
{
    set_returned_flags(RFLAGS_RF);
    set_breakpoint(CODE + 5, 0x402);
    /* movl $3, %ecx; loop to itself */
    RUN(0xB9, 0x03, 0x00, 0x00, 0x00, 0xE2, 0xFE);
    ck_assert_uint_eq(debug_count(), 3);
}
END_TEST

START_TEST(resume_flag_holds_for_one_instruction_only)
{
    set_debug_register(1, CODE + 1);
    set_breakpoint(CODE, 0x40A);
    RUN(0x90, 0x90, 0x90);
    ck_assert_uint_eq(debug_count(), 2);
    ck_assert_uint_eq(debug_event_at(0).rip, CODE);
    ck_assert_uint_eq(debug_event_at(1).rip, CODE + 1);
    ck_assert_uint_eq(debug_event_at(1).rflags & RFLAGS_RF, 0);
}
END_TEST

START_TEST(without_resume_flag_the_breakpoint_hits_again)
{
    struct sim_result result;

    set_returned_flags(0);
    set_breakpoint(CODE, 0x402);
    sim_machine_set_budget(machine, 2000);
    result = EXECUTE(NULL, 0x90);
    ck_assert_int_eq(result.stop, SIM_STOP_BUDGET);
    ck_assert_uint_gt(debug_count(), 10);
}
END_TEST

START_TEST(system_instruction_can_have_a_breakpoint)
{
    /* nops; movq %dr6, %rax; movq %cr3, %rax; nop */
    RUN(0x90, 0x90, 0x90, 0x90, 0x0F, 0x21, 0xF0, 0x0F, 0x20, 0xD8, 0x90);
    set_debug_register(1, CODE + 7);
    set_breakpoint(CODE + 4, 0x40A);
    RUN(0x90, 0x90, 0x90, 0x90, 0x0F, 0x21, 0xF0, 0x0F, 0x20, 0xD8, 0x90);
    ck_assert_uint_eq(debug_count(), 2);
    ck_assert_uint_eq(debug_event_at(0).rip, CODE + 4);
    ck_assert_uint_eq(debug_event_at(1).rip, CODE + 7);
    ck_assert_uint_eq(debug_event_at(1).dr6, 0xFFFF0FF2);
}
END_TEST

START_TEST(code_that_was_executed_before_can_get_a_breakpoint)
{
    const uint64_t function = address_of("guest_initialized");

    ck_assert_int_eq(sim_machine_call(machine, "guest_initialized", NULL, 0).stop,
                     SIM_STOP_RETURNED);
    set_breakpoint(function, 0x402);
    ck_assert_int_eq(sim_machine_call(machine, "guest_initialized", NULL, 0).stop,
                     SIM_STOP_RETURNED);
    check_debug(function, 0xFFFF0FF1);
}
END_TEST

START_TEST(repeated_instruction_hits_once)
{
    const struct sim_registers registers = {.rdi = DATA, .rcx = 100, .rax = 0x41};

    set_breakpoint(CODE, 0x402);
    RUN_WITH(registers, 0xF3, 0xAA, 0x90); /* rep stosb */
    check_debug(CODE, 0xFFFF0FF1);
    ck_assert_uint_eq(peek(DATA + 92), 0x4141414141414141);
    ck_assert_uint_eq(peek(DATA + 100), 0);
}
END_TEST

START_TEST(load_of_ss_suppresses_the_breakpoint_after_it)
{
    set_breakpoint(CODE + 4, 0x402);
    RUN(0x8C, 0xD0, 0x8E, 0xD0, 0x90, 0x90); /* movl %ss, %eax; movl %eax, %ss; nop; nop */
    check_no_debug();
    set_breakpoint(CODE + 5, 0x402);
    RUN(0x8C, 0xD0, 0x8E, 0xD0, 0x90, 0x90);
    check_debug(CODE + 5, 0xFFFF0FF1);
}
END_TEST

START_TEST(sti_does_not_suppress_the_breakpoint_after_it)
{
    set_breakpoint(CODE + 1, 0x402);
    RUN(0xFB, 0x90, 0xFA); /* sti; nop; cli */
    check_debug(CODE + 1, 0xFFFF0FF1);
}
END_TEST

START_TEST(breakpoint_comes_before_the_page_fault_of_the_fetch)
{
    struct sim_registers registers = {.rax = UNMAPPED};

    on_event(14, 0, 0);
    set_breakpoint(UNMAPPED, 0x402);
    ck_assert_int_ne(EXECUTE(&registers, 0xFF, 0xE0).stop, SIM_STOP_RETURNED); /* jmp *%rax */
    ck_assert_uint_ge(event_count(), 1);
    check_debug(UNMAPPED, 0xFFFF0FF1);
}
END_TEST

START_TEST(status_bits_stay_until_they_are_cleared)
{
    set_debug_register(6, 0x6008); /* BS, BD, B3 */
    set_breakpoint(CODE, 0x402);
    RUN(0x90);
    check_debug(CODE, 0xFFFF6FF9);
}
END_TEST

START_TEST(general_detect_faults_and_is_off_in_the_handler)
{
    set_debug_register(7, 0x2400);
    RUN(0x0F, 0x21, 0xF0); /* movq %dr6, %rax */
    ck_assert_uint_eq(debug_event_at(0).dr7, 0x400);
    ck_assert_uint_eq(debug_event_at(0).rflags & RFLAGS_RF, RFLAGS_RF);
    check_debug(CODE, 0xFFFF2FF0);
}
END_TEST

START_TEST(any_debug_exception_turns_general_detect_off)
{
    set_breakpoint(CODE + 4, 0x2402);
    RUN(0x90, 0x90, 0x90, 0x90, 0x90);
    ck_assert_uint_eq(debug_event_at(0).dr7, 0x402);
    check_debug(CODE + 4, 0xFFFF0FF1);
    set_debug_register(7, 0x2400);
    RUN(0xF1); /* int1 */
    ck_assert_uint_eq(debug_event_at(0).dr7, 0x400);
    check_debug(CODE + 1, 0xFFFF0FF0);
}
END_TEST

START_TEST(int1_while_stepping_is_no_single_step)
{
    /* pushq $0x102; popfq; int1; pushq $2; popfq */
    RUN(0x68, 0x02, 0x01, 0x00, 0x00, 0x9D, 0xF1, 0x6A, 0x02, 0x9D);
    ck_assert_uint_eq(debug_event_at(0).rip, CODE + 7);
    ck_assert_uint_eq(debug_event_at(0).dr6, 0xFFFF0FF0);
    ck_assert_uint_eq(debug_event_at(1).dr6, 0xFFFF4FF0);
}
END_TEST

START_TEST(breakpoint_fault_while_stepping_is_no_single_step)
{
    set_breakpoint(CODE + 6, 0x402);
    RUN(0x68, 0x02, 0x01, 0x00, 0x00, 0x9D, 0x90, 0x6A, 0x02, 0x9D);
    ck_assert_uint_eq(debug_event_at(0).rip, CODE + 6);
    ck_assert_uint_eq(debug_event_at(0).dr6, 0xFFFF0FF1);
    ck_assert_uint_eq(debug_event_at(1).rip, CODE + 7);
    ck_assert_uint_eq(debug_event_at(1).dr6, 0xFFFF4FF0);
}
END_TEST

START_TEST(snapshot_arms_and_disarms)
{
    struct sim_error error = {""};
    struct sim_snapshot *without = sim_machine_snapshot(machine, &error);
    struct sim_snapshot *with = NULL;

    set_breakpoint(CODE, 0x402);
    with = sim_machine_snapshot(machine, &error);
    ck_assert_int_eq(sim_machine_restore(machine, without, &error), 0);
    RUN(0x90);
    check_no_debug();
    ck_assert_int_eq(sim_machine_restore(machine, with, &error), 0);
    RUN(0x90);
    check_debug(CODE, 0xFFFF0FF1);
    sim_snapshot_free(without);
    sim_snapshot_free(with);
}
END_TEST

START_TEST(any_number_of_addresses_can_be_tried)
{
    for (uint64_t i = 0; i < 2000; i++) {
        set_debug_register((unsigned int)i % 4, i * UINT64_C(0x123456789ABCDEF));
        set_debug_register(7, (i * UINT64_C(0x9E3779B9) & 0xFFFF00FF) | 0x400);
    }
    set_breakpoint(CODE, 0x402);
    RUN(0x90);
    check_debug(CODE, 0xFFFF0FF1);
}
END_TEST

static TCase *instruction_case(void)
{
    TCase *tcase = tcase_create("instruction breakpoints");

    tcase_add_checked_fixture(tcase, debug_case_open, event_case_close);
    tcase_add_test(tcase, breakpoint_comes_before_the_instruction_and_once);
    tcase_add_loop_test(tcase, either_enable_bit_of_its_own_breakpoint_enables_it, 0, 12);
    tcase_add_loop_test(tcase, breakpoint_that_is_not_enabled_or_not_of_length_1_is_none, 0, 6);
    tcase_add_test(tcase, every_round_of_a_loop_hits);
    tcase_add_test(tcase, jump_to_itself_hits_every_time);
    tcase_add_test(tcase, resume_flag_holds_for_one_instruction_only);
    tcase_add_test(tcase, without_resume_flag_the_breakpoint_hits_again);
    tcase_add_test(tcase, system_instruction_can_have_a_breakpoint);
    tcase_add_test(tcase, code_that_was_executed_before_can_get_a_breakpoint);
    tcase_add_test(tcase, repeated_instruction_hits_once);
    tcase_add_test(tcase, load_of_ss_suppresses_the_breakpoint_after_it);
    tcase_add_test(tcase, sti_does_not_suppress_the_breakpoint_after_it);
    tcase_add_test(tcase, breakpoint_comes_before_the_page_fault_of_the_fetch);
    return tcase;
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_debug");
    TCase *status = tcase_create("DR6 and DR7");

    tcase_add_checked_fixture(status, debug_case_open, event_case_close);
    tcase_add_test(status, status_bits_stay_until_they_are_cleared);
    tcase_add_test(status, general_detect_faults_and_is_off_in_the_handler);
    tcase_add_test(status, any_debug_exception_turns_general_detect_off);
    tcase_add_test(status, int1_while_stepping_is_no_single_step);
    tcase_add_test(status, breakpoint_fault_while_stepping_is_no_single_step);
    tcase_add_test(status, snapshot_arms_and_disarms);
    tcase_add_test(status, any_number_of_addresses_can_be_tried);
    suite_add_tcase(suite, instruction_case());
    suite_add_tcase(suite, status);
    return suite;
}
