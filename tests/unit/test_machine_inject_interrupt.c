/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupts that are lost or late. Expectations: [SDM 3A] 10.8; the data sheets of 8259A and 8254. */
#include "sim/machine/snapshot.h"
#include "tests/unit/inject_case.h"

#define COUNT_DOWN  0xB9, 0x00, 0x00, 0x01, 0x00, 0xFF, 0xC9, 0x75, 0xFC
#define STI_NOP_CLI 0xFB, 0x90, 0x90, 0xFA

/* ICR: fixed, assert, shorthand "self". [SDM 3A] 10.6.1 */
static void request(unsigned int vector)
{
    write_apic(0x300, 0x44000 | vector);
}

/* Let time pass with interrupts on. */
static void wait(void)
{
    EXECUTE(NULL, 0xFB, COUNT_DOWN, 0xFA);
}

/* The 8254 on IRQ 0, every @p count periods of 838 ns, vector 0x20 through the 8259 pair. */
static void start_ticks(uint16_t count)
{
    on_event(0x20, EVENT_PIC_EOI, 0);
    out8(0x20, 0x11);
    out8(0x21, 0x20);
    out8(0x21, 0x04);
    out8(0x21, 0x01);
    out8(0x21, 0xFE);
    out8(0x43, 0x34); /* channel 0, both bytes, mode 2 */
    out8(0x40, (uint8_t)count);
    out8(0x40, (uint8_t)(count >> 8));
}

/* When the last interrupts of a vector were delivered, newest last. Returns how many. */
static unsigned int find_times(unsigned int vector, uint64_t times[SIM_TRACE_KEPT])
{
    const struct sim_trace *trace = sim_machine_trace(machine);
    uint64_t first = trace->count < SIM_TRACE_KEPT ? 0 : trace->count - SIM_TRACE_KEPT;
    unsigned int count = 0;

    for (uint64_t i = first; i < trace->count; i++) {
        const struct sim_trace_event *event = &trace->last[i % SIM_TRACE_KEPT];

        if (event->kind == SIM_TRACE_INTERRUPT && event->code == vector) {
            times[count++] = event->time;
        }
    }
    return count;
}

START_TEST(a_lost_interrupt_leaves_nothing_in_service)
{
    inject("drop vector 0x50 1");
    request(0x50);
    EXECUTE(NULL, STI_NOP_CLI);
    ck_assert_uint_eq(event_count(), 0);
    check_fault_event(SIM_INJECT_DROP_VECTOR, 0x50, 0);
    request(0x40); /* its priority is lower: it would wait for an EOI */
    EXECUTE(NULL, STI_NOP_CLI);
    ck_assert_uint_eq(event_count(), 1);
    ck_assert_uint_eq(event_at(0).vector, 0x40);
    write_apic(0xB0, 0);
    request(0x50);
    EXECUTE(NULL, STI_NOP_CLI);
    ck_assert_uint_eq(event_count(), 2);
    check_outcome(0, true, 2);
}
END_TEST

START_TEST(the_next_interrupt_comes_at_once)
{
    inject("drop vector 0x50 1");
    request(0x50);
    request(0x40);
    EXECUTE(NULL, STI_NOP_CLI);
    check_only_event(0x40, -1, CODE + 2);
}
END_TEST

START_TEST(a_lost_interrupt_of_the_8259_leaves_nothing_in_service)
{
    inject("drop vector 0x20 3");
    start_ticks(12); /* about 10 us */
    wait();
    wait();
    check_outcome(0, true, event_count() + 1);
    ck_assert_uint_ge(event_count(), 10);
}
END_TEST

/* IRQ 8, the clock, is at the second chip. Vector 0x70 is its own. */
START_TEST(a_lost_interrupt_of_the_second_8259_leaves_nothing_in_service_in_both)
{
    inject("drop vector 0x70 1");
    out8(0x20, 0x11);
    out8(0x21, 0x20);
    out8(0x21, 0x04);
    out8(0x21, 0x01);
    out8(0x21, 0xFB);
    out8(0xA0, 0x11);
    out8(0xA1, 0x70);
    out8(0xA1, 0x02);
    out8(0xA1, 0x01);
    out8(0xA1, 0xFE);
    out8(0x70, 0x0B);
    out8(0x71, 0x42); /* periodic interrupts, 976.5625 us */
    for (int i = 0; i < 20 && !sim_machine_inject_outcome(machine, 0).happened; i++) {
        wait();
    }
    ck_assert_uint_eq(event_count(), 0);
    check_outcome(0, true, 1);
    out8(0x20, 0x0B); /* read ISR. [8259A] OCW3 */
    out8(0xA0, 0x0B);
    ck_assert_uint_eq(in8(0x20), 0);
    ck_assert_uint_eq(in8(0xA0), 0);
}
END_TEST

START_TEST(a_late_interrupt_comes_when_its_time_has_come)
{
    struct sim_trace_event event = {0};
    uint64_t times[SIM_TRACE_KEPT];

    inject("delay vector 0x50 1 by 20000");
    request(0x50);
    EXECUTE(NULL, STI_NOP_CLI);
    ck_assert_uint_eq(event_count(), 0);
    wait();
    ck_assert_uint_eq(event_count(), 1);
    ck_assert_uint_eq(find_faults(SIM_INJECT_DELAY_VECTOR, &event), 1);
    ck_assert_uint_eq(event.a, 0x50);
    ck_assert_uint_eq(event.b, 20000);
    ck_assert_uint_eq(find_times(0x50, times), 1);
    ck_assert_uint_ge(times[0], event.time + 20000);
    ck_assert_uint_le(times[0], event.time + 20010);
}
END_TEST

START_TEST(a_late_interrupt_is_in_service_meanwhile)
{
    inject("delay vector 0x50 1 by 20000");
    on_event(0x60, EVENT_APIC_EOI, 0);
    on_event(0x50, EVENT_APIC_EOI, 0);
    request(0x50);
    EXECUTE(NULL, STI_NOP_CLI);
    request(0x40);
    request(0x60);
    EXECUTE(NULL, STI_NOP_CLI);
    ck_assert_uint_eq(event_count(), 1);
    ck_assert_uint_eq(event_at(0).vector, 0x60);
    wait();
    ck_assert_uint_eq(event_count(), 3);
    ck_assert_uint_eq(event_at(1).vector, 0x50);
    ck_assert_uint_eq(event_at(2).vector, 0x40);
}
END_TEST

START_TEST(a_late_interrupt_waits_for_if_like_any_other)
{
    inject("delay vector 0x50 1 by 1000");
    request(0x50);
    EXECUTE(NULL, STI_NOP_CLI);
    EXECUTE(NULL, COUNT_DOWN);
    ck_assert_uint_eq(event_count(), 0);
    EXECUTE(NULL, STI_NOP_CLI);
    check_only_event(0x50, -1, CODE + 2);
}
END_TEST

START_TEST(a_late_interrupt_wakes_a_halted_processor)
{
    uint64_t before = 0;

    inject("delay vector 0x50 1 by 1000000");
    request(0x50);
    EXECUTE(NULL, STI_NOP_CLI);
    before = sim_machine_clock(machine)->now;
    ck_assert_int_eq(EXECUTE(NULL, 0xFB, 0xF4, 0xFA).stop, SIM_STOP_RETURNED);
    check_only_event(0x50, -1, CODE + 2);
    ck_assert_uint_ge(sim_machine_clock(machine)->now, before + 999000);
}
END_TEST

/* In one run: nothing but the delay makes the machine look again. */
START_TEST(a_late_interrupt_comes_without_the_help_of_another_event)
{
    struct sim_registers registers = {.rax = 0x44050, .rdx = 0xFEE00300};

    inject("delay vector 0x50 1 by 20000");
    /* sti; movl %eax, (%rdx); count down; cli */
    EXECUTE(&registers, 0xFB, 0x89, 0x02, COUNT_DOWN, 0xFA);
    ck_assert_uint_eq(event_count(), 1);
    ck_assert_uint_lt(registers.rip, CODE + 14);
}
END_TEST

START_TEST(an_interrupt_that_becomes_late_in_hlt_wakes_the_processor)
{
    stop_ticks();
    inject("delay vector 0x50 1 by 1000000");
    request(0x50);
    ck_assert_int_eq(EXECUTE(NULL, 0xFB, 0xF4, 0xFA).stop, SIM_STOP_RETURNED);
    check_only_event(0x50, -1, CODE + 2);
}
END_TEST

START_TEST(behind_a_lost_interrupt_the_next_one_wakes_the_processor)
{
    stop_ticks();
    inject("drop vector 0x50 1");
    request(0x50);
    request(0x40);
    ck_assert_int_eq(EXECUTE(NULL, 0xFB, 0xF4, 0xFA).stop, SIM_STOP_RETURNED);
    check_only_event(0x40, -1, CODE + 2);
}
END_TEST

START_TEST(a_delay_without_end_is_a_wait_without_end)
{
    stop_ticks();
    inject("delay vector 0x50 1 by 18446744073709551615");
    request(0x50);
    ck_assert_int_eq(EXECUTE(NULL, 0xFB, 0xF4, 0xFA).stop, SIM_STOP_HALTED);
    ck_assert_uint_eq(event_count(), 0);
}
END_TEST

START_TEST(a_lost_request_of_a_line_never_reaches_the_controller)
{
    struct sim_trace_event event = {0};
    uint64_t times[SIM_TRACE_KEPT];
    unsigned int count = 0;
    unsigned int lost = 0;

    start_ticks(120); /* 100571 ns. 1.193182 MHz */
    wait();
    inject("drop irq 0 2");
    for (int i = 0; i < 4; i++) {
        wait();
    }
    check_fault_event(SIM_INJECT_DROP_IRQ, 0, 0);
    (void)find_faults(SIM_INJECT_DROP_IRQ, &event);
    count = find_times(0x20, times);
    ck_assert_uint_ge(count, 5);
    for (unsigned int i = 1; i < count; i++) {
        uint64_t periods = (times[i] - times[i - 1] + 50000) / 100571;
        bool over_it = times[i - 1] < event.time && event.time < times[i];

        ck_assert_uint_eq(periods, over_it ? 2 : 1);
        lost += over_it;
    }
    ck_assert_uint_eq(lost, 1);
}
END_TEST

START_TEST(a_late_request_of_a_line_reaches_the_controller_later)
{
    struct sim_trace_event event = {0};
    uint64_t times[SIM_TRACE_KEPT];
    unsigned int count = 0;
    unsigned int late = 0;

    start_ticks(120);
    wait();
    inject("delay irq 0 2 by 30000");
    for (int i = 0; i < 4; i++) {
        wait();
    }
    ck_assert_uint_eq(find_faults(SIM_INJECT_DELAY_IRQ, &event), 1);
    ck_assert_uint_eq(event.a, 0);
    ck_assert_uint_eq(event.b, 30000);
    count = find_times(0x20, times);
    ck_assert_uint_ge(count, 5);
    for (unsigned int i = 1; i < count; i++) {
        if ((times[i] - times[i - 1] + 5000) / 10000 == 13) {
            ck_assert_uint_eq((times[i + 1] - times[i] + 5000) / 10000, 7);
            ck_assert_uint_ge(times[i], event.time + 30000);
            late++;
        }
    }
    ck_assert_uint_eq(late, 1);
}
END_TEST

START_TEST(other_lines_and_vectors_are_not_touched)
{
    inject("drop irq 1 1\ndrop vector 0x21 1\ndelay irq 4 1 by 9\ndelay vector 0x51 1 by 9");
    start_ticks(12);
    request(0x50);
    on_event(0x50, EVENT_APIC_EOI, 0);
    wait();
    ck_assert_uint_ge(event_count(), 10);
    for (size_t i = 0; i < 4; i++) {
        check_outcome(i, false, 0);
    }
}
END_TEST

/* A line that is high already when the list is given has made its request. */
START_TEST(a_request_is_a_rising_edge)
{
    struct sim_line line = {NULL, NULL, 0};

    sim_machine_drive_irq(machine, 5, &line, true);
    inject("drop irq 5 1");
    sim_machine_drive_irq(machine, 5, &line, true);
    check_outcome(0, false, 0);
    sim_machine_drive_irq(machine, 5, &line, false);
    check_outcome(0, false, 0);
    sim_machine_drive_irq(machine, 5, &line, true);
    check_outcome(0, true, 1);
}
END_TEST

START_TEST(a_snapshot_keeps_what_is_late_and_what_is_counted)
{
    struct sim_error error;
    struct sim_snapshot *snapshot = NULL;

    inject("delay vector 0x50 1 by 20000");
    request(0x50);
    EXECUTE(NULL, STI_NOP_CLI);
    snapshot = sim_machine_snapshot(machine, &error);
    ck_assert_ptr_nonnull(snapshot);
    for (int i = 0; i < 3; i++) {
        wait();
        ck_assert_uint_eq(event_count(), 1);
        ck_assert_int_eq(sim_machine_restore(machine, snapshot, &error), 0);
        ck_assert_uint_eq(event_count(), 0);
        check_outcome(0, true, 1);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

START_TEST(a_snapshot_knows_which_lines_are_high)
{
    struct sim_line line = {NULL, NULL, 0};
    struct sim_error error;
    struct sim_snapshot *snapshot = NULL;

    inject("drop irq 5 1");
    sim_machine_drive_irq(machine, 6, &line, true);
    sim_machine_drive_irq(machine, 5, &line, true);
    inject("drop irq 5 1");
    snapshot = sim_machine_snapshot(machine, &error);
    ck_assert_ptr_nonnull(snapshot);
    sim_machine_drive_irq(machine, 5, &line, false);
    ck_assert_int_eq(sim_machine_restore(machine, snapshot, &error), 0);
    sim_machine_drive_irq(machine, 5, &line, true);
    check_outcome(0, false, 0);
    sim_snapshot_free(snapshot);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_inject_interrupt");
    TCase *lost = tcase_create("lost");
    TCase *late = tcase_create("late");
    TCase *lines = tcase_create("lines");

    tcase_add_checked_fixture(lost, event_case_open, event_case_close);
    tcase_add_test(lost, a_lost_interrupt_leaves_nothing_in_service);
    tcase_add_test(lost, the_next_interrupt_comes_at_once);
    tcase_add_test(lost, a_lost_interrupt_of_the_8259_leaves_nothing_in_service);
    tcase_add_test(lost, a_lost_interrupt_of_the_second_8259_leaves_nothing_in_service_in_both);
    suite_add_tcase(suite, lost);

    tcase_add_checked_fixture(late, event_case_open, event_case_close);
    tcase_add_test(late, a_late_interrupt_comes_when_its_time_has_come);
    tcase_add_test(late, a_late_interrupt_is_in_service_meanwhile);
    tcase_add_test(late, a_late_interrupt_waits_for_if_like_any_other);
    tcase_add_test(late, a_late_interrupt_wakes_a_halted_processor);
    tcase_add_test(late, a_late_interrupt_comes_without_the_help_of_another_event);
    tcase_add_test(late, an_interrupt_that_becomes_late_in_hlt_wakes_the_processor);
    tcase_add_test(late, behind_a_lost_interrupt_the_next_one_wakes_the_processor);
    tcase_add_test(late, a_delay_without_end_is_a_wait_without_end);
    tcase_add_test(late, a_snapshot_keeps_what_is_late_and_what_is_counted);
    suite_add_tcase(suite, late);

    tcase_add_checked_fixture(lines, event_case_open, event_case_close);
    tcase_add_test(lines, a_lost_request_of_a_line_never_reaches_the_controller);
    tcase_add_test(lines, a_late_request_of_a_line_reaches_the_controller_later);
    tcase_add_test(lines, other_lines_and_vectors_are_not_touched);
    tcase_add_test(lines, a_request_is_a_rising_edge);
    tcase_add_test(lines, a_snapshot_knows_which_lines_are_high);
    suite_add_tcase(suite, lines);
    return suite;
}
