/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NMIs, which the processor sends to itself here, and software interrupts. Expectations:
 * [SDM 3A] 6.7.1, 6.9, 6.15 (vectors 1 to 4); [SDM 2] INT n.
 */
#include "sim/cpu/cpu.h"
#include "tests/unit/event_case.h"

#define ICR  0x300u
#define SELF 0x44000u /* fixed, assert, shorthand "self". [SDM 3A] 10.6.1 */
#define NMI  0x4400u  /* NMI, assert, destination: APIC ID 0 */

/* movl %eax, (%rdx); jmp 1f; 1: */
#define SEND 0x89, 0x02, 0xEB, 0x00

static struct sim_registers sender(uint32_t command)
{
    return (struct sim_registers){.rax = command, .rdx = UINT64_C(0xFEE00000) + ICR};
}

START_TEST(an_nmi_does_not_ask_if)
{
    struct sim_registers registers = sender(NMI);
    struct event event;

    EXECUTE(&registers, SEND, 0x90);
    event = event_at(0);
    ck_assert_uint_eq(event.rflags & 0x202, 0x002);
    ck_assert_uint_eq(event.cs, 0x08);
    check_only_event(2, -1, CODE + 4);
}
END_TEST

START_TEST(the_second_nmi_waits_for_iretq)
{
    struct sim_registers registers = sender(NMI);

    on_event(2, EVENT_SEND_NMI, 0);
    EXECUTE(&registers, SEND, 0x90);
    ck_assert_uint_eq(event_count(), 2);
    ck_assert_uint_eq(event_at(1).vector, 2);
    ck_assert_uint_eq(event_at(1).slot, event_at(0).slot);
    ck_assert_uint_eq(event_at(0).rip, CODE + 4);
    ck_assert_uint_eq(event_at(1).rip, CODE + 4); /* right after the IRETQ */
}
END_TEST

START_TEST(the_iretq_of_a_fault_inside_the_handler_ends_the_blocking_too)
{
    struct sim_registers registers = sender(NMI);

    on_event(2, EVENT_SEND_NMI | EVENT_FAULT, 0);
    on_event(6, 0, 2);
    EXECUTE(&registers, SEND, 0x90);
    ck_assert_uint_eq(event_count(), 4);
    ck_assert_uint_eq(event_at(0).vector, 2);
    ck_assert_uint_eq(event_at(1).vector, 6);
    ck_assert_uint_eq(event_at(2).vector, 2);
    ck_assert_uint_eq(event_at(3).vector, 6);
    ck_assert_uint_eq(event_at(2).rip, event_at(1).rip + 2);
    ck_assert_uint_lt(event_at(2).slot, event_at(0).slot);
}
END_TEST

START_TEST(many_nmis_inside_the_handler_are_one_afterwards)
{
    struct sim_registers registers = sender(NMI);

    /* A handler: incl (%rbx); movl %eax, (%rdx), three times; iretq */
    poke(0x230000, 0x02890289028903FF);
    poke(0x230008, 0xCF48);
    set_gate(2, 0x230000, (UINT64_C(0x8E00) << 32) | 0x80000);
    sim_machine_forget_code(machine);
    registers.rbx = sim_machine_scratch(machine);
    poke(registers.rbx, 0);
    sim_machine_set_budget(machine, 1000);
    EXECUTE(&registers, SEND, 0x90);
    ck_assert_uint_ge(peek(registers.rbx), 30); /* each handler sends one that comes */
    ck_assert_uint_le(peek(registers.rbx), 100);
}
END_TEST

START_TEST(an_nmi_comes_before_an_interrupt)
{
    /* movl %eax, (%rdx); movl %ecx, (%rdx); jmp 1f; 1: nop */
    struct sim_registers registers = sender(SELF | 0x40);

    registers.rcx = NMI;
    on_event(0x40, EVENT_APIC_EOI, 0);
    set_interrupt_flag(1);
    EXECUTE(&registers, 0x89, 0x02, 0x89, 0x0A, 0xEB, 0x00, 0x90);
    ck_assert_uint_eq(event_count(), 2);
    ck_assert_uint_eq(event_at(0).vector, 2);
    ck_assert_uint_eq(event_at(1).vector, 0x40);
    ck_assert_uint_eq(event_at(1).rip, event_at(0).rip);
}
END_TEST

/* NMI blocking does not block interrupts that the handler itself lets in. */
START_TEST(an_interrupt_can_interrupt_the_nmi_handler)
{
    struct sim_registers registers = sender(NMI);

    write_apic(ICR, SELF | 0x40);
    on_event(2, EVENT_NEST, 0);
    on_event(0x40, EVENT_APIC_EOI, 0);
    EXECUTE(&registers, SEND, 0x90);
    ck_assert_uint_eq(event_count(), 2);
    ck_assert_uint_eq(event_at(1).vector, 0x40);
    ck_assert_uint_lt(event_at(1).slot, event_at(0).slot);
}
END_TEST

START_TEST(an_nmi_wakes_a_halted_processor_with_if_0)
{
    struct sim_registers registers = sender(NMI);

    /* movl %eax, (%rdx); hlt; incq %rbx */
    EXECUTE(&registers, 0x89, 0x02, 0xF4, 0x48, 0xFF, 0xC3);
    ck_assert_uint_eq(registers.rbx, 1);
    ck_assert_uint_eq(event_count(), 1);
}
END_TEST

/* [SDM 3A] 6.8.3: NMIs too are inhibited after a load of SS. */
START_TEST(an_nmi_is_held_off_after_a_load_of_ss)
{
    struct sim_registers registers = sender(NMI);

    registers.rcx = 0x10;
    /* movl %eax, (%rdx); movl %ecx, %ss; incq %rsi; incq %rsi; jmp 1f; 1: nop */
    EXECUTE(&registers, 0x89, 0x02, 0x8E, 0xD1, 0x48, 0xFF, 0xC6, 0x48, 0xFF, 0xC6, 0xEB, 0x00,
            0x90);
    check_only_event(2, -1, CODE + 7);
}
END_TEST

START_TEST(int_n_comes_back_after_itself_whatever_the_vector)
{
    for (unsigned int vector = 0; vector < 256; vector++) {
        struct sim_registers registers = {.rcx = vector};

        if (sim_vector_has_error_code(vector) && vector != 21) {
            continue; /* the handler expects an error code that INT n does not push */
        }
        EXECUTE(&registers, 0xCD, (uint8_t)vector, 0x48, 0xFF, 0xC1);
        ck_assert_uint_eq(registers.rcx, vector + 1);
        ck_assert_uint_eq(event_at(0).rflags & 0x10000, 0);
        check_only_event(vector, -1, CODE + 2);
    }
}
END_TEST

START_TEST(int3_and_int1_come_back_after_themselves)
{
    EXECUTE(NULL, 0xCC, 0x90);
    check_only_event(3, -1, CODE + 1);
    EXECUTE(NULL, 0xF1, 0x90);
    check_only_event(1, -1, CODE + 1);
}
END_TEST

/* [SDM 2] INT n: INT1 does not look at the gate's DPL; INT3 and INT n do. */
START_TEST(ring_3_may_execute_int1_but_not_int3_without_a_gate_of_its_own)
{
    allow_user(0x380000);
    EXECUTE_USER(0, 0xF1, 0x90);
    check_only_event(1, -1, USER_CODE + 1);
    on_event(13, 0, 1);
    EXECUTE_USER(0, 0xCC, 0x90);
    check_only_event(13, 3 * 8 + 2, USER_CODE);
    on_event(13, 0, 2);
    EXECUTE_USER(0, 0xCD, 0x03, 0x90);
    check_only_event(13, 3 * 8 + 2, USER_CODE);
}
END_TEST

START_TEST(into_does_not_exist_in_64_bit_mode)
{
    on_event(6, 0, 1);
    EXECUTE(NULL, 0xCE, 0x90);
    check_only_event(6, -1, CODE);
}
END_TEST

/* Executes in 32-bit code, and comes back by a far jump to the code segment of the boot GDT. */
START_TEST(into_traps_in_32_bit_code_if_of_is_set)
{
    static const uint8_t code[] = {
        0x6A, 0x30, 0x68, 0x0B, 0x70, 0x00, 0x00, 0x48, 0xCB, 0x90, 0x90, /* to 0x30:0x700B */
        0x31, 0xC0, 0xCE,                                     /* xorl %eax, %eax; into */
        0x50, 0x58,                                           /* by the 32-bit stack */
        0xB8, 0xFF, 0xFF, 0xFF, 0x7F, 0x40, 0xCE,             /* overflow; into */
        0xEA, 0x1E, 0x70, 0x00, 0x00, 0x08, 0x00, 0x90, 0x90, /* ljmp $8, $0x701E */
    };

    struct sim_result result;
    char text[512];

    poke(0x5030, 0x00CF9B000000FFFF);
    result = execute(code, sizeof code, NULL);
    sim_result_describe(&result, text, sizeof text);
    ck_assert_msg(result.stop == SIM_STOP_RETURNED, "%s", text);
    ck_assert_uint_eq(event_at(0).cs, 0x30);
    check_only_event(4, -1, CODE + 23);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_nmi");
    TCase *nmi = tcase_create("nmi");
    TCase *software = tcase_create("software");

    tcase_add_checked_fixture(nmi, event_case_open, event_case_close);
    tcase_add_test(nmi, an_nmi_does_not_ask_if);
    tcase_add_test(nmi, the_second_nmi_waits_for_iretq);
    tcase_add_test(nmi, the_iretq_of_a_fault_inside_the_handler_ends_the_blocking_too);
    tcase_add_test(nmi, many_nmis_inside_the_handler_are_one_afterwards);
    tcase_add_test(nmi, an_nmi_comes_before_an_interrupt);
    tcase_add_test(nmi, an_interrupt_can_interrupt_the_nmi_handler);
    tcase_add_test(nmi, an_nmi_wakes_a_halted_processor_with_if_0);
    tcase_add_test(nmi, an_nmi_is_held_off_after_a_load_of_ss);
    suite_add_tcase(suite, nmi);

    tcase_add_checked_fixture(software, event_case_open, event_case_close);
    tcase_add_test(software, int_n_comes_back_after_itself_whatever_the_vector);
    tcase_add_test(software, int3_and_int1_come_back_after_themselves);
    tcase_add_test(software, ring_3_may_execute_int1_but_not_int3_without_a_gate_of_its_own);
    tcase_add_test(software, into_does_not_exist_in_64_bit_mode);
    tcase_add_test(software, into_traps_in_32_bit_code_if_of_is_set);
    suite_add_tcase(suite, software);
    return suite;
}
