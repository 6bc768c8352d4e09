/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the machine makes of the last basic block: branches to addresses that are not canonical, and
 * interrupts between the rounds of repeated string instructions. Expectations: [SDM 2] CALL, JMP,
 * RET, Jcc; [SDM 3B] 17.3.1.1.
 */
#include "tests/unit/event_case.h"

#define NOWHERE   UINT64_C(0x900000000000)
#define RFLAGS_RF UINT64_C(0x10000)
#define STACK_TOP UINT64_C(0x80000) /* where EXECUTE starts */

/* Branches to RDX, and how far from CODE they are. RSP is STACK_TOP - 64 before each. */
static const struct {
    const char *name;
    uint8_t code[12];
    size_t size, at;
    uint64_t below; /* what the code before the branch pushed */
} branches[] = {
    {"jmp *%rdx", {0xFF, 0xE2}, 2, 0, 0},
    {"nop; jmp *%rdx", {0x90, 0xFF, 0xE2}, 3, 1, 0},
    {"call *%rdx", {0xFF, 0xD2}, 2, 0, 0},
    {"pushq %rdx; ret", {0x52, 0xC3}, 2, 1, 8},
    {"pushq %rdx; ret $24", {0x52, 0xC2, 0x18, 0x00}, 4, 1, 8},
    {"pushq %rdx; jmp *(%rsp)", {0x52, 0xFF, 0x24, 0x24}, 4, 1, 8},
    {"pushq %rdx; call *(%rsp)", {0x52, 0xFF, 0x14, 0x24}, 4, 1, 8},
};

enum {
    BRANCHES = sizeof branches / sizeof branches[0]
};

static void check_branch(int number)
{
    struct sim_registers registers = {.rdx = NOWHERE};
    struct sim_result result = execute(branches[number].code, branches[number].size, &registers);

    check_fault(&result, 13, 0);
    ck_assert_msg(result.fault.rip == CODE + branches[number].at, "%s: RIP 0x%lx",
                  branches[number].name, result.fault.rip);
}

START_TEST(a_branch_to_nowhere_faults_itself)
{
    if (_i < BRANCHES) {
        machine_case_open();
    } else {
        machine_case_open_engine();
    }
    check_branch(_i % BRANCHES);
    machine_case_close();
}
END_TEST

/* The frame has RSP as it was before the branch. */
START_TEST(a_branch_to_nowhere_does_not_move_the_stack)
{
    struct sim_registers registers = {.rdx = NOWHERE};
    struct event event;

    on_event(13, 0, (uint8_t)(branches[_i].size - branches[_i].at)); /* goes on after it */
    ck_assert_int_eq(execute(branches[_i].code, branches[_i].size, &registers).stop,
                     SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rsp, STACK_TOP - branches[_i].below);
    event = event_at(0);
    ck_assert_uint_eq(event.rsp, STACK_TOP - branches[_i].below);
    check_only_event(13, 0, CODE + branches[_i].at);
}
END_TEST

/* No branch led there: the fault is where it is found. */
START_TEST(an_iretq_to_nowhere_is_another_matter)
{
    struct sim_registers registers = {.rdx = NOWHERE};
    struct sim_result result;

    machine_case_open();
    /* pushq $0x10; pushq %rsp; pushfq; pushq $8; pushq %rdx; iretq */
    result = EXECUTE(&registers, 0x6A, 0x10, 0x54, 0x9C, 0x6A, 0x08, 0x52, 0x48, 0xCF);
    check_fault(&result, 13, 0);
    ck_assert_uint_eq(result.fault.rip, CODE + 7);
    machine_case_close();
}
END_TEST

/* LVT timer at 0x320, once, divided by 1, 10 ns a count. [SDM 3A] 10.5.4 */
static void start_timer(uint32_t count)
{
    on_event(0x41, EVENT_APIC_EOI, 0);
    write_apic(0x3E0, 0xB);
    write_apic(0x320, 0x41);
    write_apic(0x380, count);
}

START_TEST(an_interrupt_between_rounds_pushes_rf)
{
    struct sim_registers registers = {.rdi = 0x300000, .rcx = 0x1000, .rax = 0x55};

    start_timer(100);
    /* sti; nop; nop; rep stosb; cli */
    EXECUTE(&registers, 0xFB, 0x90, 0x90, 0xF3, 0xAA, 0xFA);
    ck_assert_uint_eq(event_at(0).rflags & RFLAGS_RF, RFLAGS_RF);
    check_only_event(0x41, -1, CODE + 3);
    ck_assert_uint_eq(registers.rdi, 0x301000);
}
END_TEST

START_TEST(the_end_of_the_rounds_is_the_end_of_rf)
{
    struct sim_registers registers = {.rdi = 0x300000, .rcx = 0x400};

    start_timer(50);
    write_apic(0x320, 0x20041); /* periodic */
    write_apic(0x380, 50);
    /* sti; nop; rep stosb; movl $0x400, %ecx; 1: decl %ecx; jnz 1b; cli */
    EXECUTE(&registers, 0xFB, 0x90, 0xF3, 0xAA, 0xB9, 0x00, 0x04, 0x00, 0x00, 0xFF, 0xC9, 0x75,
            0xFC, 0xFA);
    ck_assert_uint_gt(event_count(), 2);
    for (uint64_t i = 0; i < event_count(); i++) {
        ck_assert_uint_eq(event_at(i).rflags & RFLAGS_RF,
                          event_at(i).rip == CODE + 2 ? RFLAGS_RF : 0);
    }
    ck_assert_uint_eq(event_at(0).rip, CODE + 2);
    ck_assert_uint_ge(event_at(event_count() - 1).rip, CODE + 9);
}
END_TEST

/* The fault's frame has RF = 1, and IRETQ loads it; the instruction after that clears it. */
START_TEST(rf_holds_for_one_instruction_after_iretq)
{
    on_event(6, 0, 2);
    on_event(0x41, EVENT_APIC_EOI, 0);
    write_apic(0x300, 0x44041);                              /* ICR: fixed, to itself */
    EXECUTE(NULL, 0x0F, 0x0B, 0x90, 0xFB, 0x90, 0x90, 0xFA); /* ud2; nop; sti; nop; nop; cli */
    ck_assert_uint_eq(event_at(0).rflags & RFLAGS_RF, RFLAGS_RF);
    ck_assert_uint_eq(event_at(1).rip, CODE + 5);
    ck_assert_uint_eq(event_at(1).rflags & RFLAGS_RF, 0);
    clear_events();
    set_interrupt_flag(1); /* the timer's time comes while the handler has interrupts off */
    start_timer(1);
    EXECUTE(NULL, 0x0F, 0x0B, 0x90, 0x90); /* ud2; nop; nop */
    ck_assert_uint_eq(event_at(0).vector, 6);
    ck_assert_uint_eq(event_at(1).rip, CODE + 2);
    ck_assert_uint_eq(event_at(1).rflags & RFLAGS_RF, RFLAGS_RF);
}
END_TEST

/* The same instruction without a prefix, in a loop; and one that has not been begun. */
START_TEST(an_interrupt_between_instructions_does_not)
{
    struct sim_registers registers = {.rdi = 0x300000, .rcx = 0x1000};

    start_timer(100);
    /* sti; nop; 1: stosb; loop 1b; cli */
    EXECUTE(&registers, 0xFB, 0x90, 0xAA, 0xE2, 0xFD, 0xFA);
    ck_assert_uint_eq(event_at(0).rflags & RFLAGS_RF, 0);
    clear_events();
    registers = (struct sim_registers){.rdi = 0x300000, .rcx = 0x10};
    write_apic(0x300, 0x44041);                        /* ICR: fixed, to itself */
    EXECUTE(&registers, 0xFB, 0x90, 0xF3, 0xAA, 0xFA); /* sti; nop; rep stosb; cli */
    ck_assert_uint_eq(event_at(0).rflags & RFLAGS_RF, 0);
    check_only_event(0x41, -1, CODE + 2);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_block");
    TCase *plain = tcase_create("machine");
    TCase *events = tcase_create("events");

    tcase_add_loop_test(plain, a_branch_to_nowhere_faults_itself, 0, 2 * BRANCHES);
    tcase_add_test(plain, an_iretq_to_nowhere_is_another_matter);
    suite_add_tcase(suite, plain);

    tcase_add_checked_fixture(events, event_case_open, event_case_close);
    tcase_add_loop_test(events, a_branch_to_nowhere_does_not_move_the_stack, 0, BRANCHES);
    tcase_add_test(events, an_interrupt_between_rounds_pushes_rf);
    tcase_add_test(events, an_interrupt_between_instructions_does_not);
    tcase_add_test(events, the_end_of_the_rounds_is_the_end_of_rf);
    tcase_add_test(events, rf_holds_for_one_instruction_after_iretq);
    suite_add_tcase(suite, events);
    return suite;
}
