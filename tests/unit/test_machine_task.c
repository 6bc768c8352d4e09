/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hardware task switches inside the machine, with both MMUs, without and with paging. Tables and
 * tasks are made here; guest/tasks.S has the code. Expectations: [SDM 3A] 7.2, 7.3, tables 7-1, 7-2.
 */
#include <string.h>

#include "tests/unit/machine_case.h"

#define GDT          UINT64_C(0x227000)
#define IDT          UINT64_C(0x228000)
#define POINTERS     UINT64_C(0x22C000)
#define MAIN_TSS     UINT64_C(0x229000)
#define OTHER_TSS    UINT64_C(0x229100)
#define FAULT_TSS    UINT64_C(0x229200)
#define OTHER_STACK  UINT64_C(0x22A800)
#define FAULT_STACK  UINT64_C(0x22B000)
#define SEGMENT      UINT64_C(0x22E000)
#define SEEN         UINT64_C(0x22F000)
#define MAIN_TABLES  UINT64_C(0x280000)
#define OTHER_TABLES UINT64_C(0x281000)
#define VARIABLE     UINT64_C(0x800000)
#define IN_OTHER     UINT64_C(0xC00000) /* where VARIABLE is in the other task */

/* Where the code segment of an interrupt handler begins. */
#define CODE_BASE UINT64_C(0x200000)

/* Of 2 x 2. */
static bool has_paging;

static uint32_t get_word(uint64_t address)
{
    return (uint32_t)peek(address);
}

static void put_word(uint64_t address, uint64_t value)
{
    uint32_t word = (uint32_t)value;

    memcpy(sim_machine_ram(machine, address, sizeof word), &word, sizeof word);
}

/* [SDM 3A] figure 7-2; DS is in GDT entry 8. */
static void make_task(uint64_t tss, const char *code, uint64_t stack, uint64_t data)
{
    put_word(tss + 28, OTHER_TABLES);
    put_word(tss + 32, address_of(code));
    put_word(tss + 36, 0x2);
    put_word(tss + 56, stack);
    put_word(tss + 72, 0x10);
    put_word(tss + 76, 0x18);
    put_word(tss + 80, 0x10);
    put_word(tss + 84, data);
}

static void make_descriptors(void)
{
    const uint64_t tss = UINT64_C(0x0000890000000067);
    uint64_t handler = 0;

    poke(GDT + 0x10, 0x00CF93000000FFFF);
    poke(GDT + 0x18, 0x00CF9B000000FFFF);
    poke(GDT + 0x20, tss | MAIN_TSS << 16);
    poke(GDT + 0x28, tss | OTHER_TSS << 16);
    poke(GDT + 0x30, tss | FAULT_TSS << 16);
    poke(GDT + 0x38, 0x0000850000280000);
    poke(GDT + 0x40, UINT64_C(0x0040930000000FFF) | SEGMENT << 16);
    poke(IDT + UINT64_C(8) * 0x40, 0x0000850000280000);
    poke(IDT + UINT64_C(8) * 8, 0x0000850000300000);
    poke(GDT + 0x48, 0x00CF9B200000FFFF); /* code from CODE_BASE on */
    handler = address_of("guest_based_handler") - CODE_BASE;
    poke(IDT + UINT64_C(8) * 0x41,
         (handler & 0xFFFF) | 0x480000 | UINT64_C(0x8E00) << 32 | (handler >> 16) << 48);
    poke(POINTERS, 0x4F | GDT << 16);
    poke(POINTERS + 16, 0x7FF | IDT << 16);
}

/* [SDM 3A] 4.3: pages of 4 MiB onto themselves but for VARIABLE. */
static void make_tables(void)
{
    for (uint64_t i = 0; i < 4; i++) {
        put_word(MAIN_TABLES + 4 * i, i << 22 | 0x83);
        put_word(OTHER_TABLES + 4 * i, i << 22 | 0x83);
    }
    put_word(OTHER_TABLES + 4 * (VARIABLE >> 22), IN_OTHER | 0x83);
}

static void open_round(int round)
{
    has_paging = (round & 1) != 0;
    if ((round & 2) == 0) {
        machine_case_open();
    } else {
        machine_case_open_engine();
    }
    machine_case_load();
    make_descriptors();
    make_tables();
    make_task(OTHER_TSS, "guest_other_task", OTHER_STACK, 0x40);
    make_task(FAULT_TSS, "guest_double_fault_task", FAULT_STACK, 0x10);
    put_word(MAIN_TSS + 28, MAIN_TABLES); /* read on return, never saved */
    poke(SEGMENT + 4, 0x5E6);
    poke(VARIABLE, 0xAAAA);
    poke(IN_OTHER, 0xBBBB);
}

static struct sim_result run(void)
{
    return sim_call(machine, "guest_tasks", has_paging ? 0x80000011 : 0x11, MAIN_TABLES, POINTERS,
                    POINTERS + 16);
}

START_TEST(tasks_are_called_interrupted_and_returned_from)
{
    struct sim_result result;
    char text[1024];

    open_round(_i);
    result = run();
    sim_result_describe(&result, text, sizeof text);
    ck_assert_msg(result.stop == SIM_STOP_HALTED, "%s", text);
    ck_assert_uint_eq(get_word(SEEN), 3);         /* CALL, CALL through a gate, INT */
    ck_assert_uint_eq(get_word(SEEN + 4), 0x5E6); /* through a segment with a base */
    ck_assert_uint_eq(get_word(SEEN + 8), has_paging ? 0xBBBB : 0xAAAA);
    ck_assert_uint_eq(get_word(SEEN + 12), 0x402); /* DR7.L0 is cleared */
    ck_assert_uint_eq(get_word(SEEN + 16), 0xAAAA);
    ck_assert_uint_eq(get_word(SEEN + 20), 0x11111111);
    ck_assert_uint_eq(get_word(SEEN + 24) & 8, 8);      /* TS */
    ck_assert_uint_eq(get_word(SEEN + 28) & 0x4000, 0); /* NT is the other task's */
    ck_assert_uint_eq(get_word(OTHER_TSS) & 0xFFFF, 0x20);
    ck_assert_uint_eq(get_word(OTHER_TSS + 52), 0x22222222);
    ck_assert_uint_eq(peek(GDT + 0x28) >> 40 & 0xFF, 0x89);
    machine_case_close();
}
END_TEST

START_TEST(a_double_fault_task_has_a_good_stack_when_the_current_one_is_lost)
{
    struct sim_result result;

    open_round(_i);
    result = run();
    ck_assert_int_eq(result.stop, SIM_STOP_HALTED);
    ck_assert_uint_eq(get_word(SEEN + 32), FAULT_STACK - 4);
    ck_assert_uint_eq(get_word(SEEN + 36), 0);
    ck_assert_uint_eq(get_word(SEEN + 40), 0x30);
    ck_assert_uint_eq(get_word(MAIN_TSS + 56), 0x70000000);
    ck_assert_uint_eq(get_word(FAULT_TSS) & 0xFFFF, 0x20);
    machine_case_close();
}
END_TEST

/* Instructions are fetched from the base on; RIP is an offset. [SDM 3A] 3.4 */
START_TEST(a_handler_may_be_in_a_segment_with_a_base)
{
    open_round(_i);
    ck_assert_int_eq(run().stop, SIM_STOP_HALTED);
    ck_assert_uint_eq(get_word(SEEN + 44), address_of("guest_based_handler") - CODE_BASE + 5);
    machine_case_close();
}
END_TEST

START_TEST(a_task_gate_that_leads_nowhere_is_told_of)
{
    struct sim_result result;
    char text[1024];

    open_round(_i);
    poke(GDT + 0x30, 0x0000090000000067 | FAULT_TSS << 16); /* not present */
    result = run();
    ck_assert_int_eq(result.stop, SIM_STOP_FAULT);
    sim_result_describe(&result, text, sizeof text);
    ck_assert_msg(strstr(text, "IDT[8]: task switch: TSS selector 0x30 is not present") != NULL,
                  "%s", text);
    machine_case_close();
}
END_TEST

/* The fault is the new task's: it is at its first instruction, and its CR3 is loaded. */
START_TEST(a_new_task_with_a_bad_segment_faults_before_its_first_instruction)
{
    struct sim_result result;

    open_round(_i);
    put_word(OTHER_TSS + 84, 0x50);                   /* DS: beyond the GDT */
    poke(IDT + UINT64_C(8) * 10, 0x0000850000300000); /* #TS: the fault task */
    result = run();
    ck_assert_int_eq(result.stop, SIM_STOP_HALTED);
    ck_assert_uint_eq(get_word(SEEN), 0);
    ck_assert_uint_eq(get_word(SEEN + 36), 0x50);
    ck_assert_uint_eq(get_word(FAULT_TSS) & 0xFFFF, 0x28);
    ck_assert_uint_eq(get_word(OTHER_TSS + 32), address_of("guest_other_task"));
    machine_case_close();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_task");
    TCase *tests = tcase_create("machine_task");

    tcase_add_loop_test(tests, tasks_are_called_interrupted_and_returned_from, 0, 4);
    tcase_add_loop_test(tests, a_double_fault_task_has_a_good_stack_when_the_current_one_is_lost, 0,
                        4);
    tcase_add_loop_test(tests, a_handler_may_be_in_a_segment_with_a_base, 0, 4);
    tcase_add_loop_test(tests, a_task_gate_that_leads_nowhere_is_told_of, 0, 4);
    tcase_add_loop_test(tests, a_new_task_with_a_bad_segment_faults_before_its_first_instruction, 0,
                        4);
    suite_add_tcase(suite, tests);
    return suite;
}
