/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine takes interrupts where the manual says: flags, shadows, priorities, stacks. The
 * source is the local APIC. Expectations: [SDM 3A] 6.8, 6.9, 6.14, 10.8.
 */
#include "tests/unit/event_case.h"

#define ICR        0x300u
#define SELF       0x44000u /* ICR: fixed, assert, shorthand "self". [SDM 3A] 10.6.1 */
#define RFLAGS_IF  UINT64_C(0x200)
#define IST1_GATE  ((UINT64_C(0x8E01) << 32) | 0x80000)
#define KERNEL_TOP UINT64_C(0x380000)
#define IST_TOP    UINT64_C(0x390000)

/* Counts RCX down from 0x10000 in ring 3 or ring 0, then moves RSI to RAX. */
#define COUNT_DOWN 0xB9, 0x00, 0x00, 0x01, 0x00, 0xFF, 0xC9, 0x75, 0xFC

static void request(unsigned int vector)
{
    write_apic(ICR, SELF | vector);
}

/* LVT timer at 0x320, divided by 1, 10 ns a count. [SDM 3A] 10.5.4 */
static void start_periodic_timer(unsigned int vector, uint32_t count)
{
    on_event(vector, EVENT_APIC_EOI, 0);
    write_apic(0x3E0, 0xB);
    write_apic(0x320, 0x20000 | vector);
    write_apic(0x380, count);
}

START_TEST(an_interrupt_waits_while_if_is_0)
{
    request(0x40);
    for (int i = 0; i < 5; i++) {
        EXECUTE(NULL, COUNT_DOWN);
    }
    ck_assert_uint_eq(event_count(), 0);
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    check_only_event(0x40, -1, CODE + 2);
}
END_TEST

/* [SDM 2] STI: recognised at the end of the instruction that follows. */
START_TEST(sti_holds_interrupts_off_for_one_more_instruction)
{
    struct sim_registers registers = {.rcx = 5};

    request(0x40);
    /* sti; incq %rcx; incq %rcx; cli */
    EXECUTE(&registers, 0xFB, 0x48, 0xFF, 0xC1, 0x48, 0xFF, 0xC1, 0xFA);
    check_only_event(0x40, -1, CODE + 4);
    ck_assert_uint_eq(registers.rcx, 7);
}
END_TEST

/* A loop that waits with sti; pause; cli has to be interrupted. */
START_TEST(pause_after_sti_ends_the_shadow)
{
    request(0x40);
    /* sti; pause; cli; nop */
    EXECUTE(NULL, 0xFB, 0xF3, 0x90, 0xFA, 0x90);
    check_only_event(0x40, -1, CODE + 3);
}
END_TEST

START_TEST(sti_before_cli_lets_nothing_in)
{
    request(0x40);
    EXECUTE(NULL, 0xFB, 0xFA, 0x90, 0x90);
    ck_assert_uint_eq(event_count(), 0);
}
END_TEST

START_TEST(popf_has_no_shadow)
{
    request(0x40);
    /* pushq $0x202; popfq; nop; cli */
    EXECUTE(NULL, 0x68, 0x02, 0x02, 0x00, 0x00, 0x9D, 0x90, 0xFA);
    check_only_event(0x40, -1, CODE + 6);
}
END_TEST

/* [SDM 3A] 6.8.3 */
START_TEST(a_load_of_ss_holds_interrupts_off_for_one_more_instruction)
{
    struct sim_registers registers = {.rax = SELF | 0x40, .rdx = 0xFEE00300, .rcx = 0x10};

    set_interrupt_flag(1);
    /* movl %eax, (%rdx); movl %ecx, %ss; incq %rsi; incq %rsi; jmp 1f; 1: nop */
    EXECUTE(&registers, 0x89, 0x02, 0x8E, 0xD1, 0x48, 0xFF, 0xC6, 0x48, 0xFF, 0xC6, 0xEB, 0x00,
            0x90);
    check_only_event(0x40, -1, CODE + 7);
    ck_assert_uint_eq(registers.rsi, 2);
}
END_TEST

START_TEST(an_interrupt_gate_clears_if_and_iretq_brings_everything_back)
{
    struct sim_registers registers = {.rax = SELF | 0x40,
                                      .rbx = 2,
                                      .rcx = 3,
                                      .rdx = 0xFEE00300,
                                      .rsi = 4,
                                      .rdi = 5,
                                      .rbp = 6,
                                      .r8 = UINT64_MAX,
                                      .r15 = 7};
    struct sim_registers before = registers;
    struct event event;

    set_interrupt_flag(1);
    /* stc; movl %eax, (%rdx); jmp 1f; 1: */
    EXECUTE(&registers, 0xF9, 0x89, 0x02, 0xEB, 0x00, 0x90);
    event = event_at(0);
    ck_assert_uint_eq(event.rflags & 0x10303, 0x203); /* no RF */
    ck_assert_uint_eq(event.cs, 0x08);
    ck_assert_uint_eq(event.ss, 0x10);
    ck_assert_uint_eq(event.rsp, registers.rsp);
    ck_assert_uint_eq(event.slot, (registers.rsp & ~UINT64_C(15)) - 48);
    before.rsp = registers.rsp;
    before.rip = registers.rip;
    before.rflags = registers.rflags;
    ck_assert_mem_eq(&registers, &before, sizeof before);
    ck_assert_uint_eq(registers.rflags & 0x303, 0x203);
}
END_TEST

START_TEST(the_higher_vector_comes_first)
{
    on_event(0x40, EVENT_APIC_EOI, 0);
    on_event(0x80, EVENT_APIC_EOI, 0);
    request(0x40);
    request(0x80);
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    ck_assert_uint_eq(event_count(), 2);
    ck_assert_uint_eq(event_at(0).vector, 0x80);
    ck_assert_uint_eq(event_at(1).vector, 0x40);
    ck_assert_uint_eq(event_at(1).rip, event_at(0).rip); /* no instruction in between */
}
END_TEST

START_TEST(without_eoi_the_same_class_waits_and_a_higher_one_nests)
{
    on_event(0x40, EVENT_NEST, 0);
    request(0x40);
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    request(0x4F);
    request(0x30);
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    ck_assert_uint_eq(event_count(), 1);
    request(0x50);
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    ck_assert_uint_eq(event_count(), 2);
    ck_assert_uint_eq(event_at(1).vector, 0x50);
    write_apic(0xB0, 0); /* 0x50 is done, and then 0x40 */
    write_apic(0xB0, 0);
    on_event(0x4F, EVENT_APIC_EOI, 0);
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    ck_assert_uint_eq(event_count(), 4);
    ck_assert_uint_eq(event_at(2).vector, 0x4F);
    ck_assert_uint_eq(event_at(3).vector, 0x30);
}
END_TEST

START_TEST(a_handler_that_sets_if_is_interrupted)
{
    on_event(0x20, EVENT_NEST, 0);
    request(0x40);
    EXECUTE(NULL, 0xCD, 0x20, 0x90); /* int $0x20 */
    ck_assert_uint_eq(event_count(), 2);
    ck_assert_uint_eq(event_at(0).vector, 0x20);
    ck_assert_uint_eq(event_at(1).vector, 0x40);
    ck_assert_uint_ne(event_at(1).rip, CODE + 2);
    ck_assert_uint_lt(event_at(1).slot, event_at(0).slot);
}
END_TEST

/* [SDM 3A] 10.8.6.1: CR8 is bits 7:4 of the TPR. */
START_TEST(cr8_holds_back_its_class_and_those_below)
{
    struct sim_registers registers = {.rax = 8};

    EXECUTE(&registers, 0x44, 0x0F, 0x22, 0xC0); /* movq %rax, %cr8 */
    registers.rax = 0;
    EXECUTE(&registers, 0x44, 0x0F, 0x20, 0xC0);
    ck_assert_uint_eq(registers.rax, 8);
    on_event(0x91, EVENT_APIC_EOI, 0);
    request(0x8F);
    request(0x91);
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    check_only_event(0x91, -1, CODE + 2);
    registers.rax = 7;
    /* sti; nop; movq %rax, %cr8; nop; cli */
    EXECUTE(&registers, 0xFB, 0x90, 0x44, 0x0F, 0x22, 0xC0, 0x90, 0xFA);
    check_only_event(0x8F, -1, CODE + 6);
}
END_TEST

START_TEST(ring_3_is_interrupted_on_rsp0_and_goes_on)
{
    struct sim_result result;

    allow_user(KERNEL_TOP);
    start_periodic_timer(0x40, 1000);
    /* movl $0x1234, %eax; count down */
    result = EXECUTE_USER(RFLAGS_IF, 0xB8, 0x34, 0x12, 0x00, 0x00, COUNT_DOWN);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(result.value, 0x1234);
    ck_assert_uint_ge(event_count(), 10); /* 0x20000 instructions, 10000 ns each time */
    for (uint64_t i = 0; i < event_count(); i++) {
        struct event event = event_at(i);

        ck_assert_uint_eq(event.vector, 0x40);
        ck_assert_uint_eq(event.cs, 0x23);
        ck_assert_uint_eq(event.ss, 0x1B);
        ck_assert_uint_eq(event.rsp, USER_STACK);
        ck_assert_uint_eq(event.slot, KERNEL_TOP - 48);
        ck_assert_uint_eq(event.rflags & RFLAGS_IF, RFLAGS_IF);
    }
}
END_TEST

START_TEST(an_ist_takes_the_interrupt_from_every_ring)
{
    poke(TSS_BASE + 36, IST_TOP); /* IST1 */
    allow_user(KERNEL_TOP);
    set_gate(0x40, address_of("guest_event_entries") + 0x400, IST1_GATE);
    start_periodic_timer(0x40, 1000);
    EXECUTE_USER(RFLAGS_IF, COUNT_DOWN);
    ck_assert_uint_ge(event_count(), 10);
    ck_assert_uint_eq(event_at(0).cs, 0x23);
    ck_assert_uint_eq(event_at(0).slot, IST_TOP - 48);
    clear_events();
    EXECUTE(NULL, 0xFB, COUNT_DOWN, 0xFA);
    ck_assert_uint_eq(event_at(0).cs, 0x08);
    ck_assert_uint_eq(event_at(0).slot, IST_TOP - 48);
}
END_TEST

/* [SDM 2] REP: registers tell how far it got. */
START_TEST(a_repeated_string_instruction_is_interrupted_and_resumed)
{
    struct sim_registers registers = {.rax = 0xA5, .rcx = 0x10000, .rdi = 0x800000};
    const uint8_t *bytes = NULL;

    start_periodic_timer(0x40, 200);
    EXECUTE(&registers, 0xFB, 0x90, 0xF3, 0xAA, 0xFA); /* sti; nop; rep stosb; cli */
    ck_assert_uint_ge(event_count(), 20);
    ck_assert_uint_eq(registers.rcx, 0);
    ck_assert_uint_eq(registers.rdi, 0x810000);
    bytes = sim_machine_ram(machine, 0x800000, 0x10001);
    for (uint64_t i = 0; i < 0x10000; i++) {
        ck_assert_uint_eq(bytes[i], 0xA5);
    }
    ck_assert_uint_eq(bytes[0x10000], 0);
    for (uint64_t i = event_count() - 10; i < event_count(); i++) {
        ck_assert_uint_eq(event_at(i).rip, CODE + 2);
    }
}
END_TEST

START_TEST(sse_registers_survive_interrupts_and_nested_faults)
{
    struct sim_registers registers = {.rax = 0x1122334455667788};

    on_event(6, 0, 2); /* UD2 has two bytes */
    start_periodic_timer(0x40, 100);
    on_event(0x40, EVENT_APIC_EOI | EVENT_FAULT, 0);
    /* movq %rax, %xmm0; movq %rax, %xmm7; movq %rax, %xmm15; sti; count; cli */
    EXECUTE(&registers, 0x66, 0x48, 0x0F, 0x6E, 0xC0, 0x66, 0x48, 0x0F, 0x6E, 0xF8, 0x66, 0x4C,
            0x0F, 0x6E, 0xF8, 0xFB, COUNT_DOWN, 0xFA);
    ck_assert_uint_ge(event_count(), 20);
    /* movq %xmm0, %rax; movq %xmm7, %rbx; movq %xmm15, %rcx */
    EXECUTE(&registers, 0x66, 0x48, 0x0F, 0x7E, 0xC0, 0x66, 0x48, 0x0F, 0x7E, 0xFB, 0x66, 0x4C,
            0x0F, 0x7E, 0xF9);
    ck_assert_uint_eq(registers.rax, 0x1122334455667788);
    ck_assert_uint_eq(registers.rbx, 0x1122334455667788);
    ck_assert_uint_eq(registers.rcx, 0x1122334455667788);
}
END_TEST

START_TEST(two_runs_are_interrupted_at_the_same_instructions)
{
    struct event first[32];

    start_periodic_timer(0x40, 173);
    EXECUTE(NULL, 0xFB, COUNT_DOWN, 0xFA);
    ck_assert_uint_ge(event_count(), 32);
    for (uint64_t i = 0; i < 32; i++) {
        first[i] = event_at(event_count() - 32 + i);
    }
    event_case_close();
    event_case_open();
    start_periodic_timer(0x40, 173);
    EXECUTE(NULL, 0xFB, COUNT_DOWN, 0xFA);
    for (uint64_t i = 0; i < 32; i++) {
        struct event again = event_at(event_count() - 32 + i);

        ck_assert_mem_eq(&first[i], &again, sizeof again);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_interrupt");
    TCase *flags = tcase_create("flags");
    TCase *flow = tcase_create("flow");

    tcase_add_checked_fixture(flags, event_case_open, event_case_close);
    tcase_add_test(flags, an_interrupt_waits_while_if_is_0);
    tcase_add_test(flags, sti_holds_interrupts_off_for_one_more_instruction);
    tcase_add_test(flags, pause_after_sti_ends_the_shadow);
    tcase_add_test(flags, sti_before_cli_lets_nothing_in);
    tcase_add_test(flags, popf_has_no_shadow);
    tcase_add_test(flags, a_load_of_ss_holds_interrupts_off_for_one_more_instruction);
    tcase_add_test(flags, an_interrupt_gate_clears_if_and_iretq_brings_everything_back);
    tcase_add_test(flags, the_higher_vector_comes_first);
    tcase_add_test(flags, without_eoi_the_same_class_waits_and_a_higher_one_nests);
    tcase_add_test(flags, a_handler_that_sets_if_is_interrupted);
    tcase_add_test(flags, cr8_holds_back_its_class_and_those_below);
    suite_add_tcase(suite, flags);

    tcase_add_checked_fixture(flow, event_case_open, event_case_close);
    tcase_add_test(flow, ring_3_is_interrupted_on_rsp0_and_goes_on);
    tcase_add_test(flow, an_ist_takes_the_interrupt_from_every_ring);
    tcase_add_test(flow, a_repeated_string_instruction_is_interrupted_and_resumed);
    tcase_add_test(flow, sse_registers_survive_interrupts_and_nested_faults);
    tcase_add_test(flow, two_runs_are_interrupted_at_the_same_instructions);
    suite_add_tcase(suite, flow);
    return suite;
}
