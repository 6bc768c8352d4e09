/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instructions that access data with a breakpoint and are special: they load or
 * store RFLAGS, load SS, or fault. Expectations: [SDM 3B] 17.3.1.2, 17.3.1.4;
 * [SDM 3A] 6.8.3.
 */
#include "tests/unit/debug_case.h"

#define RFLAGS_TF UINT64_C(0x100)

/* DR7 with G0 for DR0: writes or any access, of 1, 4 or 8 bytes. */
#define WRITE_4  UINT64_C(0x000D0402)
#define WRITE_8  UINT64_C(0x00090402)
#define ACCESS_1 UINT64_C(0x00030402)
#define ACCESS_8 UINT64_C(0x000B0402)

START_TEST(trap_flag_of_a_step_is_never_pushed)
{
    struct sim_registers registers = {.rdi = DATA + 64};

    set_breakpoint(DATA + 56, WRITE_8);
    /* xchgq %rdi, %rsp; pushfq; popq %rax; xchgq %rdi, %rsp */
    registers = RUN_WITH(registers, 0x48, 0x87, 0xFC, 0x9C, 0x58, 0x48, 0x87, 0xFC);
    ck_assert_uint_eq(registers.rax & RFLAGS_TF, 0);
    ck_assert_uint_eq(peek(DATA + 56) & RFLAGS_TF, 0);
    check_debug(CODE + 4, 0xFFFF0FF1);
}
END_TEST

START_TEST(popf_in_a_watched_page_loads_the_trap_flag_it_finds)
{
    struct sim_registers registers = {.rdi = DATA + 64};

    set_breakpoint(DATA, WRITE_8);
    poke(DATA + 64, 0x102);
    /* xchgq %rdi, %rsp; popfq; nop; xchgq %rdi, %rsp; pushq $2; popfq */
    RUN_WITH(registers, 0x48, 0x87, 0xFC, 0x9D, 0x90, 0x48, 0x87, 0xFC, 0x6A, 0x02, 0x9D);
    ck_assert_uint_eq(debug_count(), 4);
    ck_assert_uint_eq(debug_event_at(0).rip, CODE + 5);
    ck_assert_uint_eq(debug_event_at(0).dr6, 0xFFFF4FF0);
}
END_TEST

START_TEST(single_step_and_breakpoint_are_reported_together)
{
    set_breakpoint(DATA, WRITE_4);
    /* pushq $0x102; popfq; movl %eax, (%rdi); pushq $2; popfq */
    RUN(0x68, 0x02, 0x01, 0x00, 0x00, 0x9D, 0x89, 0x07, 0x6A, 0x02, 0x9D);
    ck_assert_uint_eq(debug_count(), 3);
    ck_assert_uint_eq(debug_event_at(0).rip, CODE + 8);
    ck_assert_uint_eq(debug_event_at(0).dr6, 0xFFFF4FF1);
    ck_assert_uint_eq(debug_event_at(0).rflags & RFLAGS_TF, RFLAGS_TF);
}
END_TEST

START_TEST(load_of_ss_delays_its_trap_by_one_instruction)
{
    poke(DATA, 0x10);
    set_breakpoint(DATA, ACCESS_1);
    RUN(0x8E, 0x17, 0x90, 0x90); /* movw (%rdi), %ss; nop; nop */
    check_debug(CODE + 3, 0xFFFF0FF1);
    RUN(0x8E, 0x17, 0x9C, 0x58, 0x90); /* movw (%rdi), %ss; pushfq; popq %rax */
    check_debug(CODE + 3, 0xFFFF0FF1);
    /* movw (%rdi), %ss; movq %cr3, %rax; movq %rax, %cr3 */
    RUN(0x8E, 0x17, 0x0F, 0x20, 0xD8, 0x0F, 0x22, 0xD8);
    check_debug(CODE + 5, 0xFFFF0FF1);
    RUN(0x8E, 0x17, 0x0F, 0x21, 0xF0, 0x90); /* movw (%rdi), %ss; movq %dr6, %rax; nop */
    check_debug(CODE + 5, 0xFFFF0FF1);
}
END_TEST

/* The engine executes MOV CR0 itself, after the machine has looked at it. */
START_TEST(trap_of_a_load_of_ss_waits_for_a_system_instruction)
{
    poke(DATA, 0x10);
    set_breakpoint(DATA, ACCESS_1);
    /* movq %cr0, %rax; movw (%rdi), %ss; movq %rax, %cr0; nop; nop */
    RUN(0x0F, 0x20, 0xC0, 0x8E, 0x17, 0x0F, 0x22, 0xC0, 0x90, 0x90);
    check_debug(CODE + 8, 0xFFFF0FF1);
}
END_TEST

START_TEST(trap_of_a_load_of_ss_comes_after_the_entry_of_the_next_interrupt)
{
    poke(DATA, 0x10);
    set_breakpoint(DATA, ACCESS_1);
    RUN(0x8E, 0x17, 0xCC); /* movw (%rdi), %ss; int3 */
    check_debug(address_of("guest_event_entries") + UINT64_C(16) * 3, 0xFFFF0FF1);
    ck_assert_uint_eq(event_at(0).vector, 3);
}
END_TEST

START_TEST(instruction_that_faults_does_not_hit)
{
    struct sim_registers registers = {.rsi = DATA, .rdi = UNMAPPED};

    on_event(14, 0, 1);
    set_breakpoint(DATA, ACCESS_1);
    RUN_WITH(registers, 0xA4, 0x90); /* movsb */
    check_only_event(14, 2, CODE);
    check_no_debug();
}
END_TEST

START_TEST(interrupt_return_from_a_watched_stack_works)
{
    struct sim_registers registers = {.rdi = DATA + 64};

    poke(DATA + 64, CODE + 5);
    poke(DATA + 72, 0x08);
    poke(DATA + 80, 0x02);
    poke(DATA + 88, 0x80000);
    poke(DATA + 96, 0x10);
    set_breakpoint(DATA + 64, ACCESS_8);
    RUN_WITH(registers, 0x48, 0x89, 0xFC, 0x48, 0xCF, 0x90); /* movq %rdi, %rsp; iretq */
    check_debug(CODE + 5, 0xFFFF0FF1);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_debug_step");
    TCase *tcase = tcase_create("core");

    tcase_add_checked_fixture(tcase, debug_case_open, event_case_close);
    tcase_add_test(tcase, trap_flag_of_a_step_is_never_pushed);
    tcase_add_test(tcase, popf_in_a_watched_page_loads_the_trap_flag_it_finds);
    tcase_add_test(tcase, single_step_and_breakpoint_are_reported_together);
    tcase_add_test(tcase, load_of_ss_delays_its_trap_by_one_instruction);
    tcase_add_test(tcase, trap_of_a_load_of_ss_waits_for_a_system_instruction);
    tcase_add_test(tcase, trap_of_a_load_of_ss_comes_after_the_entry_of_the_next_interrupt);
    tcase_add_test(tcase, instruction_that_faults_does_not_hit);
    tcase_add_test(tcase, interrupt_return_from_a_watched_stack_works);
    suite_add_tcase(suite, tcase);
    return suite;
}
