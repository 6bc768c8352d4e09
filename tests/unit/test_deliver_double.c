/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of double faults: [SDM 3A] tables 6-4 and 6-5, through sim/cpu/deliver.c. */
#include "sim/cpu/deliver_internal.h"
#include "tests/unit/delivery_case.h"

enum {
    HANDLER = 0x401000
};

static struct sim_exception exception_of(unsigned int vector)
{
    return (struct sim_exception){.vector = vector};
}

/* Each first event with each second one. */
START_TEST(every_pair_of_the_table)
{
    static const unsigned int benign[] = {1, 2, 3, 4, 5, 6, 7, 9, 16, 17, 18, 19, 22, 32, 255};
    static const unsigned int contributory[] = {0, 10, 11, 12, 13, 21};
    static const unsigned int page_fault[] = {14, 20};
    static const unsigned int double_fault[] = {8};
    static const struct {
        const unsigned int *list;
        size_t count;
    } classes[] = {{benign, 15}, {contributory, 6}, {page_fault, 2}, {double_fault, 1}};
    static const enum deliver_next table[4][3] = {
        {DELIVER_SECOND, DELIVER_SECOND, DELIVER_SECOND},
        {DELIVER_SECOND, DELIVER_DOUBLE_FAULT, DELIVER_SECOND},
        {DELIVER_SECOND, DELIVER_DOUBLE_FAULT, DELIVER_DOUBLE_FAULT},
        {DELIVER_SECOND, DELIVER_SHUTDOWN, DELIVER_SHUTDOWN},
    };
    unsigned int row = (unsigned int)_i / 3;
    unsigned int column = (unsigned int)_i % 3;

    for (size_t i = 0; i < classes[row].count; i++) {
        for (size_t k = 0; k < classes[column].count; k++) {
            struct sim_exception first = exception_of(classes[row].list[i]);
            struct sim_exception second = exception_of(classes[column].list[k]);

            ck_assert_msg(deliver_combine(&first, &second) == table[row][column], "%u, then %u",
                          first.vector, second.vector);
        }
    }
}
END_TEST

/* INT n, NMI and INTR are benign, whatever their vector. */
START_TEST(interrupts_are_benign_by_their_source)
{
    static const enum sim_event_source sources[] = {SIM_SOURCE_SOFTWARE, SIM_SOURCE_INT1,
                                                    SIM_SOURCE_INTERRUPT, SIM_SOURCE_NMI};
    static const unsigned int vectors[] = {0, 8, 13, 14, 20, 21};

    for (unsigned int i = 0; i < 6; i++) {
        struct sim_exception first = {.vector = vectors[i], .source = sources[_i]};
        struct sim_exception second = exception_of(13);

        ck_assert_int_eq(deliver_combine(&first, &second), DELIVER_SECOND);
    }
}
END_TEST

START_TEST(a_benign_exception_then_a_contributory_one_is_delivered_as_the_second)
{
    set_gate64(11, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    set_gate64(6, HANDLER, KERNEL_CODE, 0x0E, 0);
    ck_assert(raise_exception(6, 0));
    ck_assert_uint_eq(cpu.rip, HANDLER);
    ck_assert_uint_eq(get64(cpu.rsp), 6 * 8 + 3);
    ck_assert_uint_eq(get64(cpu.rsp + 8), 0x8000);
    check_step(0, 6, "IDT[6]: not present");
    ck_assert(!reason.steps[0].memory_failed);
    ck_assert_uint_eq(reason.step_count, 1);
    ck_assert_str_eq(reason.text, "IDT[6]: not present");
}
END_TEST

START_TEST(a_contributory_exception_then_another_is_a_double_fault)
{
    set_gate64(8, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    ck_assert(raise_exception(13, 0x18));
    ck_assert_uint_eq(cpu.rip, HANDLER);
    ck_assert_uint_eq(get64(cpu.rsp), 0); /* its error code is always 0 */
    ck_assert_uint_eq(get64(cpu.rsp + 8), 0x8000);
    ck_assert_uint_eq(get64(cpu.rsp + 24), 0x202); /* an abort, no fault: RF as it was */
    check_step(0, 13, "IDT[13]: not present");
    ck_assert_uint_eq(reason.steps[0].exception.error_code, 0x18);
    ck_assert_uint_eq(reason.step_count, 1);
}
END_TEST

START_TEST(a_contributory_exception_then_a_page_fault_is_delivered_as_the_page_fault)
{
    set_gate64(13, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    set_gate64(14, HANDLER + 1, KERNEL_CODE, INTERRUPT_GATE, 1);
    set_page(KERNEL_STACK - 4096, 0);
    ck_assert(raise_exception(13, 0x18));
    ck_assert_uint_eq(cpu.rip, HANDLER + 1);
    ck_assert_uint_eq(cpu.rsp, IST1_STACK - 48);
    ck_assert_uint_eq(get64(cpu.rsp), 2);
    ck_assert_uint_eq(cpu.cr2, KERNEL_STACK - 48);
}
END_TEST

START_TEST(a_page_fault_then_a_page_fault_is_a_double_fault)
{
    set_gate64(14, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    set_gate64(8, HANDLER + 1, KERNEL_CODE, INTERRUPT_GATE, 1);
    set_page(KERNEL_STACK - 4096, 0);
    cpu.cr2 = 0x1234;
    ck_assert(raise_exception(14, 0));
    ck_assert_uint_eq(cpu.rip, HANDLER + 1);
    ck_assert_uint_eq(get64(cpu.rsp), 0);
    ck_assert_uint_eq(cpu.cr2, KERNEL_STACK - 48); /* the second page fault came before */
    check_step(0, 14, "push to the stack at 0x1ffd0: page fault, error code 0x2");
    ck_assert(reason.steps[0].memory_failed);
    ck_assert_uint_eq(reason.steps[0].access.linear, 0x1FFD0);
    ck_assert_int_eq(reason.steps[0].access.kind, SIM_ACCESS_WRITE);
    ck_assert_uint_eq(reason.step_count, 1);
}
END_TEST

START_TEST(a_page_fault_then_a_contributory_exception_is_a_double_fault)
{
    set_gate64(8, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    ck_assert(raise_exception(14, 0));
    ck_assert_uint_eq(cpu.rip, HANDLER);
    check_step(0, 14, "IDT[14]: not present");
}
END_TEST

START_TEST(a_double_fault_that_fails_is_a_shutdown)
{
    set_gate64(8, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    if (_i == 0) {
        set_page(KERNEL_STACK - 4096, 0); /* a page fault */
    } else {
        cpu.gdt.limit = 7; /* a contributory exception */
    }
    set_gate64(13, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 1);
    set_gate64(14, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 1);
    remember_cpu();
    ck_assert(!raise_exception(8, 0));
    ck_assert_uint_eq(reason.step_count, 1);
    check_cpu_untouched();
}
END_TEST

START_TEST(the_longest_chain_has_four_attempts)
{
    set_gate64(6, HANDLER, KERNEL_CODE, 0x0E, 0);            /* #UD: not present */
    set_gate64(11, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0); /* #NP: page fault at the push */
    set_page(KERNEL_STACK - 4096, 0);
    ck_assert(!raise_exception(6, 0)); /* #PF: no gate; #DF: none */
    check_step(0, 6, "IDT[6]: not present");
    check_step(1, 11, "push to the stack at 0x1ffd0: page fault");
    check_step(2, 14, "IDT[14]: not present");
    check_step(3, 8, "IDT[8]: not present");
    ck_assert_uint_eq(reason.step_count, 4);
    ck_assert_uint_eq(reason.steps[1].exception.error_code, 6 * 8 + 3);
    ck_assert_uint_eq(reason.steps[2].exception.error_code, 2);
    ck_assert_uint_eq(cpu.cr2, 0);
    ck_assert_str_eq(reason.text,
                     "IDT[6]: not present; then push to the stack at 0x1ffd0: page fault, error "
                     "code 0x2; then IDT[14]: not present; then IDT[8]: not present");
}
END_TEST

/* INT n is not external, but what its delivery raises is. */
START_TEST(only_the_first_obstacle_of_int_n_has_ext_clear)
{
    set_gate64(0x80, HANDLER, KERNEL_CODE, 0x0E, 0);
    set_gate64(11, HANDLER, 0x80, INTERRUPT_GATE, 0); /* outside the GDT */
    set_gate64(8, HANDLER, KERNEL_CODE, INTERRUPT_GATE, 0);
    ck_assert(raise_from(SIM_SOURCE_SOFTWARE, 0x80));
    ck_assert_uint_eq(cpu.rip, HANDLER);
    check_step(0, 0x80, "IDT[128]: not present");
    check_step(1, 11, "IDT[11]: selector 0x80 is outside");
    ck_assert_uint_eq(reason.steps[1].exception.error_code, 0x402);
}
END_TEST

START_TEST(without_an_idt_the_first_attempt_is_the_last)
{
    cpu.idt.limit = 0;
    ck_assert(!raise_exception(6, 0));
    ck_assert_str_eq(reason.text, "IDT limit 0: no gate for vector 6");
    ck_assert_uint_eq(reason.step_count, 1);
}
END_TEST

START_TEST(tables_outside_ram_end_the_delivery)
{
    cpu.idt.base = 0x300000;
    put64(0x3000 + 8, 0x200083); /* a 2 MiB page beyond RAM */
    ck_assert(!raise_exception(6, 0));
    ck_assert_str_eq(reason.text, "IDT[6] at 0x300060 is not backed by RAM");
    ck_assert_uint_eq(reason.step_count, 1);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("double faults");
    TCase *table = tcase_create("table 6-5");

    tcase_add_checked_fixture(table, long_mode_open, delivery_case_close);
    tcase_add_loop_test(table, every_pair_of_the_table, 0, 12);
    tcase_add_loop_test(table, interrupts_are_benign_by_their_source, 0, 4);
    tcase_add_test(table, a_benign_exception_then_a_contributory_one_is_delivered_as_the_second);
    tcase_add_test(table, a_contributory_exception_then_another_is_a_double_fault);
    tcase_add_test(table,
                   a_contributory_exception_then_a_page_fault_is_delivered_as_the_page_fault);
    tcase_add_test(table, a_page_fault_then_a_page_fault_is_a_double_fault);
    tcase_add_test(table, a_page_fault_then_a_contributory_exception_is_a_double_fault);
    tcase_add_loop_test(table, a_double_fault_that_fails_is_a_shutdown, 0, 2);
    tcase_add_test(table, the_longest_chain_has_four_attempts);
    tcase_add_test(table, only_the_first_obstacle_of_int_n_has_ext_clear);
    tcase_add_test(table, without_an_idt_the_first_attempt_is_the_last);
    tcase_add_test(table, tables_outside_ram_end_the_delivery);
    suite_add_tcase(suite, table);
    return suite;
}
