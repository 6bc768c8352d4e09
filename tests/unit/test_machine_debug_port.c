/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * I/O breakpoints, and breakpoints in a machine that leaves translation to the
 * engine. Expectations: [SDM 3B] 17.2.4, 17.2.5, 17.3.1.3.
 */
#include <string.h>

#include "tests/unit/debug_case.h"

#define KERNEL_ENTRY UINT64_C(0x310000)

/* Debugging extensions: CR4.DE. */
static void set_de(uint64_t value)
{
    const struct sim_registers registers = {.rbx = value << 3};

    /* movq %cr4, %rax; andq $~8, %rax; orq %rbx, %rax; movq %rax, %cr4 */
    RUN_WITH(registers, 0x0F, 0x20, 0xE0, 0x48, 0x83, 0xE0, 0xF7, 0x48, 0x09, 0xD8, 0x0F, 0x22,
             0xE0);
}

START_TEST(port_access_traps_after_the_instruction)
{
    set_de(1);
    set_breakpoint(0x80, 0x20402);
    RUN(0xE6, 0x80, 0x90, 0x90); /* outb %al, $0x80 */
    check_debug(CODE + 2, 0xFFFF0FF1);
    RUN(0xE4, 0x80, 0x90, 0x90); /* inb $0x80, %al */
    check_debug(CODE + 2, 0xFFFF0FF1);
    RUN(0xE4, 0x81, 0xE4, 0x7F);
    check_no_debug();
}
END_TEST

START_TEST(wider_port_access_hits_if_it_shares_a_port)
{
    set_de(1);
    set_breakpoint(0x82, 0x60402); /* ports 0x82 and 0x83 */
    RUN(0xE7, 0x80);               /* outl %eax, $0x80 */
    check_debug(CODE + 2, 0xFFFF0FF1);
    RUN(0x66, 0xE7, 0x80, 0x66, 0xE7, 0x84);
    check_no_debug();
    RUN(0xE6, 0x83);
    check_debug(CODE + 2, 0xFFFF0FF1);
}
END_TEST

START_TEST(port_breakpoint_needs_the_debugging_extensions)
{
    set_breakpoint(0x80, 0x20402);
    RUN(0xE6, 0x80);
    check_no_debug();
    set_de(1);
    RUN(0xE6, 0x80);
    check_debug(CODE + 2, 0xFFFF0FF1);
    set_de(0);
    RUN(0xE6, 0x80);
    check_no_debug();
}
END_TEST

START_TEST(port_breakpoint_without_the_extensions_is_none_in_a_step_either)
{
    set_debug_register(1, CODE + 4);
    set_breakpoint(0x80, 0x2040A);
    RUN(0x90, 0x90, 0x90, 0x90, 0xE6, 0x80, 0x90);
    check_debug(CODE + 4, 0xFFFF0FF2);
}
END_TEST

START_TEST(port_breakpoint_is_none_of_data_or_code)
{
    set_de(1);
    set_breakpoint(DATA, 0x20402);
    RUN(0x89, 0x07, 0x8B, 0x07);
    set_breakpoint(CODE, 0x20402);
    RUN(0x90);
    check_no_debug();
}
END_TEST

START_TEST(everything_else_runs_as_ever)
{
    struct sim_registers registers = {.rcx = 5, .rdi = DATA, .rax = 0x41};

    set_de(1);
    set_breakpoint(0x80, 0x20402);
    /* pushq $0x202; popfq; pushfq; popq %rbx; cli; rep stosb; int3; loop to itself */
    registers = RUN_WITH(registers, 0x68, 0x02, 0x02, 0x00, 0x00, 0x9D, 0x9C, 0x5B, 0xFA, 0xF3,
                         0xAA, 0xCC, 0xB1, 0x03, 0xE2, 0xFE);
    ck_assert_uint_eq(registers.rbx, 0x202);
    ck_assert_uint_eq(peek(DATA), 0x4141414141);
    ck_assert_uint_eq(event_at(0).vector, 3);
    check_no_debug();
}
END_TEST

START_TEST(repeated_port_instruction_traps_after_each_round)
{
    const struct sim_registers registers = {.rcx = 3, .rsi = DATA, .rdx = 0x80};

    set_de(1);
    set_breakpoint(0x80, 0x20402);
    RUN_WITH(registers, 0xF3, 0x6E, 0x90); /* rep outsb */
    ck_assert_uint_eq(debug_count(), 3);
    ck_assert_uint_eq(debug_event_at(1).rip, CODE);
    ck_assert_uint_eq(debug_event_at(2).rip, CODE + 2);
}
END_TEST

static void write_msr(uint32_t index, uint64_t value)
{
    const struct sim_registers registers = {.rcx = index, .rax = value, .rdx = value >> 32};

    RUN_WITH(registers, 0x0F, 0x30);
}

/* The TF that SYSRET loads counts, not the one before. [SDM 2] SYSRET, "Operation" */
START_TEST(sysret_is_stepped_as_ever)
{
    /* orq $TF, %r11; sysretq */
    const uint8_t entry[] = {0x49, 0x81, 0xCB, 0, _i == 0 ? 0 : 1, 0, 0, 0x48, 0x0F, 0x07};

    memcpy(sim_machine_ram(machine, KERNEL_ENTRY, sizeof entry), entry, sizeof entry);
    allow_user(0x390000);
    write_msr(0xC0000080, 0xD01);
    write_msr(0xC0000081, 0x0013000800000000);
    write_msr(0xC0000082, KERNEL_ENTRY);
    set_de(1);
    set_debug_register(1, DATA);
    set_breakpoint(0x80, 0x12040A);
    /* syscall; movl %eax, DATA; nop; nop */
    ck_assert_int_eq(
        EXECUTE_USER(2, 0x0F, 0x05, 0x89, 0x04, 0x25, 0x00, 0x40, 0x22, 0x00, 0x90, 0x90).stop,
        SIM_STOP_RETURNED);
    if (_i == 0) {
        check_debug(USER_CODE + 9, 0xFFFF0FF2);
        return;
    }
    ck_assert_uint_eq(debug_count(), 4);
    ck_assert_uint_eq(debug_event_at(0).rip, USER_CODE + 2);
    ck_assert_uint_eq(debug_event_at(0).dr6, 0xFFFF4FF0);
    ck_assert_uint_eq(debug_event_at(1).rip, USER_CODE + 9);
    ck_assert_uint_eq(debug_event_at(1).dr6, 0xFFFF4FF2);
}
END_TEST

START_TEST(interrupts_come_while_every_instruction_is_stepped)
{
    set_de(1);
    set_breakpoint(0x80, 0x20402);
    on_event(0x40, EVENT_APIC_EOI, 0);
    write_apic(0xF0, 0x1FF);
    write_apic(0x300, 0x40040); /* to itself, vector 0x40 */
    RUN(0xFB, 0x90, 0x90, 0xFA);
    ck_assert_uint_eq(event_at(0).vector, 0x40);
    check_no_debug();
}
END_TEST

/* A machine of 16 MiB with the engine's MMU, and the handler of #DB. */
static void open_engine(void)
{
    machine_case_open_engine();
    machine_case_load();
    set_gate(1, address_of("guest_debug_handler"), UINT64_C(0x8E00) << 32 | 0x80000);
    load_idt(0xFFF);
    set_returned_flags(0x10000);
}

START_TEST(with_the_engines_mmu_instructions_and_ports_hit)
{
    set_breakpoint(CODE + 1, 0x402);
    RUN(0x90, 0x90);
    check_debug(CODE + 1, 0xFFFF0FF1);
    set_de(1);
    set_breakpoint(0x80, 0x20402);
    RUN(0xE6, 0x80, 0x90);
    check_debug(CODE + 2, 0xFFFF0FF1);
}
END_TEST

START_TEST(with_the_engines_mmu_data_does_not_hit)
{
    set_breakpoint(DATA, 0xF0402);
    RUN(0x89, 0x07);
    check_no_debug();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_debug_port");
    TCase *ports = tcase_create("I/O breakpoints");
    TCase *engine = tcase_create("the engine's MMU");

    tcase_add_checked_fixture(ports, debug_case_open, event_case_close);
    tcase_add_test(ports, port_access_traps_after_the_instruction);
    tcase_add_test(ports, wider_port_access_hits_if_it_shares_a_port);
    tcase_add_test(ports, port_breakpoint_needs_the_debugging_extensions);
    tcase_add_test(ports, port_breakpoint_without_the_extensions_is_none_in_a_step_either);
    tcase_add_test(ports, port_breakpoint_is_none_of_data_or_code);
    tcase_add_test(ports, everything_else_runs_as_ever);
    tcase_add_test(ports, repeated_port_instruction_traps_after_each_round);
    tcase_add_loop_test(ports, sysret_is_stepped_as_ever, 0, 2);
    tcase_add_test(ports, interrupts_come_while_every_instruction_is_stepped);
    tcase_add_checked_fixture(engine, open_engine, machine_case_close);
    tcase_add_test(engine, with_the_engines_mmu_instructions_and_ports_hit);
    tcase_add_test(engine, with_the_engines_mmu_data_does_not_hit);
    suite_add_tcase(suite, ports);
    suite_add_tcase(suite, engine);
    return suite;
}
