/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices interrupt the processor, and virtual time is the same for all of them. Expectations:
 * [SDM 3A] 10.5.4, 10.8; [SDM 3B] 17.17; the data sheets of 8259A, 8254 and 82093AA.
 */
#include <string.h>

#include "tests/unit/event_case.h"

#define IO_APIC    UINT64_C(0xFEC00000)
#define ONE_SHOT   0x00000u
#define PERIODIC   0x20000u
#define DEADLINE   0x40000u
#define TIMER      0x41u
#define LVT_TIMER  0x320u
#define COUNT      0x380u
#define CURRENT    0x390u
#define DIVIDE     0x3E0u
#define DIVIDE_1   0xBu
#define DIVIDE_16  0x3u
#define PIC_MASTER 0x20u

static void out8(uint16_t port, uint8_t value)
{
    struct sim_registers registers = {.rax = value, .rdx = port};

    ck_assert_int_eq(EXECUTE(&registers, 0xEE).stop, SIM_STOP_RETURNED);
}

static void write_io_apic(uint32_t index, uint32_t value)
{
    struct sim_registers registers = {.rax = index, .rbx = value, .rdx = IO_APIC};

    /* movl %eax, (%rdx); movl %ebx, 16(%rdx) */
    ck_assert_int_eq(EXECUTE(&registers, 0x89, 0x02, 0x89, 0x5A, 0x10).stop, SIM_STOP_RETURNED);
}

static uint32_t read_apic(uint32_t offset)
{
    struct sim_registers registers = {.rdx = UINT64_C(0xFEE00000) + offset};

    ck_assert_int_eq(EXECUTE(&registers, 0x8B, 0x02).stop, SIM_STOP_RETURNED);
    return (uint32_t)registers.rax;
}

/* Master at 0x20, edge triggered, only these lines of it unmasked. */
static void init_pic(uint8_t lines)
{
    out8(0x20, 0x11);
    out8(0x21, PIC_MASTER);
    out8(0x21, 0x04);
    out8(0x21, 0x01);
    out8(0x21, (uint8_t)~lines);
}

static void init_pit(uint16_t count)
{
    out8(0x43, 0x34); /* channel 0, both bytes, mode 2 */
    out8(0x40, (uint8_t)count);
    out8(0x40, (uint8_t)(count >> 8));
}

/* Halts until RCX interrupts have come after the first; returns the ticks of the TSC they took. */
static uint64_t measure_interrupts(uint64_t count)
{
    struct sim_registers registers = {.rcx = count};
    struct sim_result result;

    /* sti; hlt; rdtsc; movl %eax, %ebx; 1: hlt; decl %ecx; jnz 1b; rdtsc; cli */
    result = EXECUTE(&registers, 0xFB, 0xF4, 0x0F, 0x31, 0x89, 0xC3, 0xF4, 0xFF, 0xC9, 0x75, 0xFB,
                     0x0F, 0x31, 0xFA);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    return (uint32_t)(registers.rax - registers.rbx);
}

/* HLT, a handler and a loop are less than 100 instructions of a nanosecond. */
static void check_near(uint64_t nanoseconds, uint64_t expected)
{
    ck_assert_uint_ge(nanoseconds, expected - 100);
    ck_assert_uint_le(nanoseconds, expected + 100);
}

START_TEST(the_pit_ticks_1193182_times_in_a_second_of_the_tsc)
{
    init_pic(0x01);
    on_event(PIC_MASTER, EVENT_PIC_EOI, 0);
    init_pit(11932);
    EXECUTE(NULL, 0xFB, 0xF4, 0xFA); /* OUT rises when the mode is set: not a tick */
    /* 100 * 11932 / 1193182 s */
    check_near(measure_interrupts(100), 1000015085);
    ck_assert_uint_eq(event_count(), 102);
}
END_TEST

START_TEST(the_8259_waits_for_its_end_of_interrupt)
{
    init_pic(0x01);
    init_pit(1193);
    sim_machine_set_budget(machine, 10000);
    ck_assert_int_eq(EXECUTE(NULL, 0xFB, 0xF4, 0xF4).stop, SIM_STOP_BUDGET);
    check_only_event(PIC_MASTER, -1, CODE + 2);
    out8(0x20, 0x20);
    ck_assert_int_eq(EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(event_count(), 1);
}
END_TEST

/* Only an NMI could wake it, and with the timer running there would always be something to wait for. */
START_TEST(hlt_with_interrupts_off_ends_though_the_timer_runs)
{
    struct sim_result result;

    init_pic(0x01);
    init_pit(1193);
    sim_machine_set_budget(machine, 1000000);
    result = EXECUTE(NULL, 0xFA, 0xF4, 0x90);
    ck_assert_int_eq(result.stop, SIM_STOP_HALTED);
    ck_assert_str_eq(result.fault.reason, "HLT with interrupts disabled");
    ck_assert_uint_eq(event_count(), 0);
}
END_TEST

/* The budget would last for 10 million deadlines of the timer. */
START_TEST(hlt_with_everything_masked_ends_though_the_timer_runs)
{
    struct sim_result result;

    init_pic(0x00);
    init_pit(1193);
    result = EXECUTE(NULL, 0xFB, 0xF4, 0x90);
    ck_assert_int_eq(result.stop, SIM_STOP_HALTED);
    ck_assert_ptr_nonnull(strstr(result.fault.reason, "HLT with every interrupt masked"));
    ck_assert_uint_lt(sim_machine_clock(machine)->now, 10000000);
}
END_TEST

/* LVT timer, periodic: masked; or of a class that TPR holds off. [SDM 3A] 10.5.1, 10.8.3.1 */
START_TEST(hlt_with_a_local_timer_that_cannot_interrupt_ends)
{
    struct sim_result result;

    init_pic(0x00);
    write_apic(0x80, _i == 0 ? 0 : 0x40);
    write_apic(DIVIDE, DIVIDE_1);
    write_apic(LVT_TIMER, PERIODIC | TIMER | (_i == 0 ? 0x10000u : 0));
    write_apic(COUNT, 1000);
    result = EXECUTE(NULL, 0xFB, 0xF4, 0x90);
    ck_assert_int_eq(result.stop, SIM_STOP_HALTED);
    ck_assert_ptr_nonnull(strstr(result.fault.reason, "HLT with every interrupt masked"));
    write_apic(0x80, 0x30); /* one class below the timer's */
    write_apic(LVT_TIMER, PERIODIC | TIMER);
    on_event(TIMER, EVENT_APIC_EOI, 0);
    ck_assert_int_eq(EXECUTE(NULL, 0xFB, 0xF4, 0x90, 0xFA).stop, SIM_STOP_RETURNED);
    ck_assert_uint_gt(event_count(), 0);
}
END_TEST

START_TEST(a_masked_line_of_the_8259_comes_when_it_is_unmasked)
{
    init_pic(0x00);
    init_pit(1193); /* a millisecond */
    on_event(PIC_MASTER, EVENT_PIC_EOI, 0);
    /* sti; movl $0x1F0000, %ecx; 1: decl %ecx; jnz 1b; cli: 4.06 milliseconds */
    EXECUTE(NULL, 0xFB, 0xB9, 0x00, 0x00, 0x1F, 0x00, 0xFF, 0xC9, 0x75, 0xFC, 0xFA);
    ck_assert_uint_eq(event_count(), 0);
    out8(0x21, 0xFE);
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    ck_assert_uint_eq(event_count(), 1);
}
END_TEST

START_TEST(hlt_skips_to_the_one_shot_timer_and_it_comes_once)
{
    struct sim_registers registers = {.rdi = UINT64_C(0xFEE00000) + COUNT, .rsi = 50000000};
    struct sim_result result;

    on_event(TIMER, EVENT_APIC_EOI, 0);
    write_apic(DIVIDE, DIVIDE_1);
    write_apic(LVT_TIMER, ONE_SHOT | TIMER);
    /* rdtsc; movl %eax, %ebx; movl %esi, (%rdi); sti; hlt; rdtsc; cli */
    result = EXECUTE(&registers, 0x0F, 0x31, 0x89, 0xC3, 0x89, 0x37, 0xFB, 0xF4, 0x0F, 0x31, 0xFA);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    check_near((uint32_t)(registers.rax - registers.rbx), 500000000);
    check_only_event(TIMER, -1, CODE + 8);
    ck_assert_uint_eq(read_apic(CURRENT), 0);
    ck_assert_int_eq(EXECUTE(NULL, 0xFB, 0xF4).stop, SIM_STOP_HALTED);
}
END_TEST

START_TEST(the_periodic_timer_keeps_its_period_whatever_the_handlers_take)
{
    on_event(TIMER, EVENT_APIC_EOI, 0);
    write_apic(DIVIDE, DIVIDE_16);
    write_apic(LVT_TIMER, PERIODIC | TIMER);
    write_apic(COUNT, 1000); /* 160 microseconds */
    check_near(measure_interrupts(1000), 160000000);
    ck_assert_uint_eq(event_count(), 1001);
    write_apic(COUNT, 0); /* stops it */
    ck_assert_int_eq(EXECUTE(NULL, 0xFB, 0xF4).stop, SIM_STOP_HALTED);
}
END_TEST

START_TEST(the_tsc_deadline_comes_at_that_tsc_and_disarms_itself)
{
    struct sim_registers registers = {.rcx = 0x6E0};
    struct sim_result result;

    on_event(TIMER, EVENT_APIC_EOI, 0);
    write_apic(LVT_TIMER, DEADLINE | TIMER);
    /* rdtsc; addl $1000000, %eax; movl %eax, %ebx; wrmsr; sti; hlt; rdtsc; cli */
    result = EXECUTE(&registers, 0x0F, 0x31, 0x05, 0x40, 0x42, 0x0F, 0x00, 0x89, 0xC3, 0x0F, 0x30,
                     0xFB, 0xF4, 0x0F, 0x31, 0xFA);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    ck_assert_uint_ge(registers.rax, registers.rbx);
    ck_assert_uint_lt(registers.rax, registers.rbx + 100);
    check_only_event(TIMER, -1, CODE + 13);
    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x32).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, 0);
}
END_TEST

/* The clock would begin at 0 again soon after it. */
START_TEST(a_deadline_after_the_end_of_time_never_comes)
{
    struct sim_registers registers = {.rcx = 0x6E0, .rdx = 0xFFFFFFFF};
    struct sim_result result;

    write_apic(LVT_TIMER, DEADLINE | TIMER);
    out8(0x43, 0x30); /* the 8254 waits for a count */
    result = EXECUTE(&registers, 0x0F, 0x30, 0xFB, 0xF4, 0xFA);
    ck_assert_int_eq(result.stop, SIM_STOP_HALTED);
    ck_assert_uint_eq(event_count(), 0);
}
END_TEST

/* [SDM 3B] 17.17.3: the deadline is compared with the TSC, which IA32_TSC_ADJUST moves. */
START_TEST(the_tsc_deadline_follows_tsc_adjust)
{
    struct sim_registers registers = {.rcx = 0x3B, .rax = 5000000};

    on_event(TIMER, EVENT_APIC_EOI, 0);
    write_apic(LVT_TIMER, DEADLINE | TIMER);
    EXECUTE(&registers, 0x31, 0xD2, 0x0F, 0x30); /* xorl %edx, %edx; wrmsr */
    registers.rcx = 0x6E0;
    registers.rax = 5001000;
    EXECUTE(&registers, 0x31, 0xD2, 0x0F, 0x30, 0xFB, 0xF4, 0x0F, 0x31, 0xFA);
    ck_assert_uint_ge(registers.rax, 5001000);
    ck_assert_uint_lt(registers.rax, 5002000);
    ck_assert_uint_eq(event_count(), 1);
}
END_TEST

START_TEST(the_timer_fires_in_a_loop_that_never_halts)
{
    struct sim_registers registers = {.rdi = UINT64_C(0xFEE00000) + COUNT, .rsi = 100};

    on_event(TIMER, EVENT_APIC_EOI, 0);
    write_apic(DIVIDE, DIVIDE_1);
    write_apic(LVT_TIMER, ONE_SHOT | TIMER);
    /* movl %esi, (%rdi); sti; movl $1000, %ecx; 1: decl %ecx; jnz 1b; cli */
    EXECUTE(&registers, 0x89, 0x37, 0xFB, 0xB9, 0xE8, 0x03, 0x00, 0x00, 0xFF, 0xC9, 0x75, 0xFC,
            0xFA);
    check_only_event(TIMER, -1, CODE + 8);
}
END_TEST

START_TEST(keys_come_through_the_io_apic)
{
    struct sim_result result;

    init_pic(0x00);
    out8(0x64, 0x60); /* command byte: interrupt, translation */
    out8(0x60, 0x41);
    write_io_apic(0x13, 0);    /* to APIC 0 */
    write_io_apic(0x12, 0x51); /* fixed, edge, not masked */
    on_event(0x51, EVENT_READ_KEY | EVENT_APIC_EOI, 0);
    ck_assert_int_eq(sim_i8042_type(&pc.keyboard, "a", 1), 0);
    /* sti; hlt; nop; nop; cli: key down, key up */
    result = EXECUTE(NULL, 0xFB, 0xF4, 0x90, 0x90, 0xFA);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(event_count(), 2);
    ck_assert_uint_eq(event_at(0).vector, 0x51);
    ck_assert_uint_eq(event_at(1).vector, 0x51);
}
END_TEST

/* Level triggered: Remote IRR holds it until EOI, and it comes again while the line is high. */
START_TEST(a_level_that_stays_high_interrupts_again_after_eoi)
{
    init_pic(0x00);
    write_io_apic(0x19, 0);
    write_io_apic(0x18, 0x8052); /* input 4, COM1: fixed, level */
    out8(0x3F9, 0x02);           /* transmitter empty */
    out8(0x3FC, 0x08);           /* OUT2 */
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    ck_assert_uint_eq(event_count(), 1); /* no EOI yet */
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    ck_assert_uint_eq(event_count(), 1);
    write_apic(0xB0, 0);
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    ck_assert_uint_eq(event_count(), 2);
    out8(0x3F9, 0x00);
    write_apic(0xB0, 0);
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    ck_assert_uint_eq(event_count(), 2);
}
END_TEST

/* 8259A: an interrupt that goes away before it is acknowledged is reported as IR7, not in-service. */
START_TEST(an_interrupt_that_went_away_never_arrives_as_itself)
{
    init_pic(0x10);
    out8(0x3F9, 0x02);
    out8(0x3FC, 0x08);
    out8(0x3F9, 0x00);
    EXECUTE(NULL, 0xFB, 0x90, 0x90, 0xFA);
    for (uint64_t i = 0; i < event_count(); i++) {
        ck_assert_uint_eq(event_at(i).vector, PIC_MASTER + 7);
    }
}
END_TEST

START_TEST(an_exit_by_a_device_ends_even_a_halted_run)
{
    struct sim_registers registers = {.rax = 0x20, .rdx = 0xF4};
    struct sim_result result = EXECUTE(&registers, 0xEE, 0xF4);

    ck_assert_int_eq(result.stop, SIM_STOP_EXITED);
    ck_assert_uint_eq(result.value, 0x41);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_device");
    TCase *timers = tcase_create("timers");
    TCase *lines = tcase_create("lines");

    tcase_add_checked_fixture(timers, event_case_open, event_case_close);
    tcase_add_test(timers, the_pit_ticks_1193182_times_in_a_second_of_the_tsc);
    tcase_add_test(timers, hlt_skips_to_the_one_shot_timer_and_it_comes_once);
    tcase_add_test(timers, the_periodic_timer_keeps_its_period_whatever_the_handlers_take);
    tcase_add_test(timers, the_tsc_deadline_comes_at_that_tsc_and_disarms_itself);
    tcase_add_test(timers, the_tsc_deadline_follows_tsc_adjust);
    tcase_add_test(timers, a_deadline_after_the_end_of_time_never_comes);
    tcase_add_test(timers, the_timer_fires_in_a_loop_that_never_halts);
    suite_add_tcase(suite, timers);

    tcase_add_checked_fixture(lines, event_case_open, event_case_close);
    tcase_add_test(lines, the_8259_waits_for_its_end_of_interrupt);
    tcase_add_test(lines, hlt_with_interrupts_off_ends_though_the_timer_runs);
    tcase_add_test(lines, hlt_with_everything_masked_ends_though_the_timer_runs);
    tcase_add_loop_test(lines, hlt_with_a_local_timer_that_cannot_interrupt_ends, 0, 2);
    tcase_add_test(lines, a_masked_line_of_the_8259_comes_when_it_is_unmasked);
    tcase_add_test(lines, keys_come_through_the_io_apic);
    tcase_add_test(lines, a_level_that_stays_high_interrupts_again_after_eoi);
    tcase_add_test(lines, an_interrupt_that_went_away_never_arrives_as_itself);
    tcase_add_test(lines, an_exit_by_a_device_ends_even_a_halted_run);
    suite_add_tcase(suite, lines);
    return suite;
}
