/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hostile guests: tables and registers of random bits, mostly near good ones, in every mode. What
 * has to hold then whatever the guest wrote; sanitizers watch.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/cpu/fast_call.h"
#include "sim/cpu/interrupt_return.h"
#include "tests/unit/delivery_case.h"

enum {
    ROUNDS = 20000,
    FLIPS = 3,
    TABLES_END = 0x15000,
};

static uint64_t state = 0x9E3779B97F4A7C15;

/* xorshift64: the same numbers in every run. */
static uint64_t random_bits(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Flips a few bits of registers and tables. */
static void spoil(void)
{
    static const uint64_t tables[] = {GDT_AT, IDT_AT, TSS_AT, 0x1000, 0x4000, KERNEL_STACK - 64};

    for (unsigned int i = 0; i < FLIPS; i++) {
        uint64_t address = tables[random_bits() % 6] + random_bits() % 128;

        ram.bytes[address] ^= (uint8_t)(1u << random_bits() % 8);
    }
    cpu.rsp ^= random_bits() % 4 == 0 ? random_bits() : 0;
    cpu.cs = (uint16_t)(random_bits() % 4 == 0 ? random_bits() : cpu.cs);
    cpu.ss = (uint16_t)(random_bits() % 4 == 0 ? random_bits() : cpu.ss);
    cpu.rflags ^= random_bits() % 4 == 0 ? random_bits() : 0;
    cpu.idt.base ^= random_bits() % 16 == 0 ? random_bits() : 0;
    cpu.gdt.base ^= random_bits() % 16 == 0 ? random_bits() : 0;
    cpu.tss.base ^= random_bits() % 16 == 0 ? random_bits() : 0;
    cpu.gdt.limit = (uint32_t)(random_bits() % 8 == 0 ? random_bits() & 0xFFFF : cpu.gdt.limit);
    cpu.tss.limit = (uint32_t)(random_bits() % 8 == 0 ? random_bits() : cpu.tss.limit);
    cpu.code = (enum sim_width)(random_bits() % 3);
    cpu.stack = (enum sim_width)(random_bits() % 3);
}

static void deliver_something(void)
{
    struct sim_exception exception = {
        .vector = (unsigned int)(random_bits() % 8),
        .error_code = (uint32_t)random_bits(),
        .has_error_code = random_bits() % 2 == 0,
        .source = (enum sim_event_source)(random_bits() % 5),
    };

    remember_cpu();
    if (!sim_deliver(&ram, &cpu, &task, exception, &reason)) {
        check_cpu_untouched();
        ck_assert_uint_ge(reason.step_count, 1);
    }
    ck_assert_uint_le(reason.step_count, 4);
    ck_assert_int_eq(reason.text[0] == '\0', reason.step_count == 0);
}

static void return_and_call(void)
{
    enum sim_width operand = (enum sim_width)(random_bits() % 3);
    struct sim_registers registers = {.rcx = random_bits() | 1, .rdx = random_bits() | 1};
    struct sim_return_check check = sim_interrupt_return_check(&cpu, &ram, operand);
    struct sim_fast_call call = {
        .kind = (enum sim_fast_call_kind)(random_bits() % 4),
        .operand = operand,
        .msrs = {.star = random_bits(),
                 .lstar = 1,
                 .sysenter_cs = random_bits(),
                 .sysenter_eip = 1},
    };

    ck_assert_int_eq(check.faults, check.reason[0] != '\0');
    check = sim_far_return_check(&cpu, &ram, operand, (uint16_t)random_bits());
    ck_assert_int_eq(check.faults, check.reason[0] != '\0');
    ck_assert_int_eq(sim_fast_call(&call, &cpu, &registers).faults, registers.rip == 0);
}

/* Good gates for the vectors in use. */
static void set_gates(void)
{
    for (unsigned int vector = 0; vector < 8; vector++) {
        if ((cpu.efer & 0x400) != 0) {
            set_gate64(vector, 0x401000, KERNEL_CODE, USER_GATE, vector % 3 == 0 ? 1 : 0);
        } else if ((cpu.cr0 & 1) != 0) {
            set_gate32(vector, 0x401000, KERNEL_CODE_32, USER_GATE);
        }
    }
}

START_TEST(nothing_a_guest_writes_breaks_the_host)
{
    const struct sim_cpu good = cpu;
    uint8_t *tables = malloc(TABLES_END);

    ck_assert_ptr_nonnull(tables);
    set_gates();
    memcpy(tables, ram.bytes, TABLES_END);
    for (unsigned int round = 0; round < ROUNDS; round++) {
        spoil();
        deliver_something();
        return_and_call();
        cpu = good;
        memcpy(ram.bytes, tables, TABLES_END);
    }
    free(tables);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("delivery with random tables");
    TCase *long_mode = tcase_create("IA-32e mode");
    TCase *protected_mode = tcase_create("protected mode");
    TCase *real_mode = tcase_create("real mode");

    tcase_add_checked_fixture(long_mode, long_mode_open, delivery_case_close);
    tcase_add_test(long_mode, nothing_a_guest_writes_breaks_the_host);
    suite_add_tcase(suite, long_mode);
    tcase_add_checked_fixture(protected_mode, protected_mode_open, delivery_case_close);
    tcase_add_test(protected_mode, nothing_a_guest_writes_breaks_the_host);
    suite_add_tcase(suite, protected_mode);
    tcase_add_checked_fixture(real_mode, real_mode_open, delivery_case_close);
    tcase_add_test(real_mode, nothing_a_guest_writes_breaks_the_host);
    suite_add_tcase(suite, real_mode);
    return suite;
}
