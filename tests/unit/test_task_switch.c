/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hardware task switches of protected mode. Expectations: [SDM 3A] 7.2, 7.3, tables 7-1 and 7-2. */
#include <string.h>

#include "sim/cpu/task_switch.h"
#include "tests/unit/delivery_case.h"

#define NEW_TSS_AT UINT64_C(0x15000)
#define TOP        UINT32_C(0x2C000) /* of the new task's stack */

/* Descriptors of a TSS with limit 0x67. */
#define AVAILABLE UINT64_C(0x0000890150000067) /* the new one */
#define BUSY      UINT64_C(0x00008B0150000067)
#define CURRENT   UINT64_C(0x00008B0130000067)

static struct sim_task_result result;

/* SPARE names the new task's TSS, SPARE_2 the current one. [SDM 3A] figure 7-2 */
static void open_tasks(void)
{
    static const uint32_t image[] = {
        0x3000,         0x9000,      0x1006,      0xA0A0A0A0, 0xC1C1C1C1, 0xD2D2D2D2,
        0xB3B3B3B3,     TOP,         0xB5B5B5B5,  0x51515151, 0xD1D1D1D1, KERNEL_DATA,
        KERNEL_CODE_32, KERNEL_DATA, KERNEL_DATA, 0,          KERNEL_DATA};

    protected_mode_open();
    memcpy(ram.bytes + NEW_TSS_AT + 28, image, sizeof image);
    set_descriptor(SPARE, AVAILABLE);
    set_descriptor(SPARE_2, CURRENT);
    set_gate32(0x40, 0, SPARE, 0x85);
    set_gate32(8, 0, SPARE, 0x85);
    task = (struct sim_task){
        .registers = {1, 2, 3, 4, (uint32_t)cpu.rsp, 6, 7, 8},
        .selectors = {KERNEL_DATA, KERNEL_CODE_32, KERNEL_DATA, KERNEL_DATA, 0, 0},
    };
}

static void switch_task(enum sim_task_cause cause, uint16_t selector)
{
    const struct sim_task_switch wanted = {
        .cause = cause, .selector = selector, .next = 0x8005, .flags = cpu.rflags};

    result = sim_task_switch(&wanted, &cpu, &task, &ram);
}

/* What the new TSS says is in the processor, except for NT and ESP. */
static void check_new_task(void)
{
    ck_assert(task.switched);
    ck_assert_uint_eq(cpu.rip, 0x9000);
    ck_assert_uint_eq(cpu.rflags & ~UINT64_C(0x4000), 0x1006);
    ck_assert_uint_eq(cpu.cs, KERNEL_CODE_32);
    ck_assert_uint_eq(cpu.ss, KERNEL_DATA);
    ck_assert_uint_eq(cpu.tr, SPARE);
    ck_assert_uint_eq(cpu.tss.base, NEW_TSS_AT);
    ck_assert_uint_eq(cpu.tss.limit, 0x67);
    ck_assert_uint_eq(cpu.cr0, 0x19); /* TS */
    ck_assert_uint_eq(cpu.cr3, 0);    /* not loaded without paging */
    ck_assert_uint_eq(task.registers[0], 0xA0A0A0A0);
    ck_assert_uint_eq(task.registers[3], 0xB3B3B3B3);
    ck_assert_uint_eq(task.registers[7], 0xD1D1D1D1);
    ck_assert_uint_eq(task.segments[SIM_SEGMENT_DS].limit, UINT32_MAX);
    ck_assert_uint_eq(task.segments[SIM_SEGMENT_FS].attributes, 0);
}

/* The state that the current task left. */
static void check_saved(uint32_t eip, uint32_t eflags)
{
    ck_assert_uint_eq(get32(TSS_AT + 32), eip);
    ck_assert_uint_eq(get32(TSS_AT + 36), eflags);
    ck_assert_uint_eq(get32(TSS_AT + 40), 1);
    ck_assert_uint_eq(get32(TSS_AT + 52), 4);
    ck_assert_uint_eq(get32(TSS_AT + 56), KERNEL_STACK);
    ck_assert_uint_eq(get32(TSS_AT + 68), 8);
    ck_assert_uint_eq(get16(TSS_AT + 72), KERNEL_DATA);
    ck_assert_uint_eq(get16(TSS_AT + 76), KERNEL_CODE_32);
    ck_assert_uint_eq(get16(TSS_AT + 92), 0);
}

START_TEST(a_double_fault_through_a_task_gate_is_another_task_with_a_stack_of_its_own)
{
    cpu.rsp = UINT32_C(0xDEAD0000); /* where nothing is */
    ck_assert(raise_exception(8, 0));
    check_new_task();
    ck_assert_uint_eq(cpu.rsp, TOP - 4);
    ck_assert_uint_eq(task.registers[4], TOP - 4);
    ck_assert_uint_eq(get32(TOP - 4), 0); /* the error code */
    ck_assert_uint_eq(cpu.rflags, 0x5006);
    ck_assert_uint_eq(get16(NEW_TSS_AT), SPARE_2);
    ck_assert_uint_eq(get64(GDT_AT + SPARE), BUSY);
    ck_assert_uint_eq(get64(GDT_AT + SPARE_2), CURRENT); /* still busy */
    ck_assert_uint_eq(get32(TSS_AT + 56), 0xDEAD0000);
    ck_assert_uint_eq(get32(TSS_AT + 32), 0x8000);
}
END_TEST

START_TEST(an_interrupt_through_a_task_gate_pushes_nothing)
{
    ck_assert(raise_from(SIM_SOURCE_INTERRUPT, 0x40));
    check_new_task();
    check_saved(0x8000, 0x202);
    ck_assert_uint_eq(cpu.rsp, TOP);
}
END_TEST

START_TEST(a_jump_leaves_the_current_task_available_and_a_call_links_it)
{
    bool calls = _i == 1;

    put16(TSS_AT + 74, 0xABCD); /* reserved */
    switch_task(calls ? SIM_TASK_CALL : SIM_TASK_JMP, SPARE);
    ck_assert(!result.check.faults && !result.refused);
    check_new_task();
    check_saved(0x8005, 0x202);
    ck_assert_uint_eq(get16(TSS_AT + 74), 0xABCD);
    ck_assert_uint_eq(cpu.rflags, calls ? 0x5006 : 0x1006);
    ck_assert_uint_eq(get16(NEW_TSS_AT), calls ? SPARE_2 : 0);
    ck_assert_uint_eq(get64(GDT_AT + SPARE), BUSY);
    ck_assert_uint_eq(get64(GDT_AT + SPARE_2), calls ? CURRENT : CURRENT ^ UINT64_C(2) << 40);
}
END_TEST

START_TEST(a_return_goes_back_along_the_link)
{
    cpu.rflags |= 0x4000; /* NT */
    put16(TSS_AT, SPARE);
    set_descriptor(SPARE, BUSY);
    switch_task(SIM_TASK_RETURN, 0);
    ck_assert(!result.check.faults);
    check_new_task();
    ck_assert_uint_eq(cpu.rflags, 0x1006);
    check_saved(0x8005, 0x202); /* NT is cleared there */
    ck_assert_uint_eq(get16(NEW_TSS_AT), 0);
    ck_assert_uint_eq(get64(GDT_AT + SPARE), BUSY);
    ck_assert_uint_eq(get64(GDT_AT + SPARE_2), CURRENT ^ UINT64_C(2) << 40);
}
END_TEST

/* A row with cause SIM_TASK_RETURN has its selector as the link. */
static const struct {
    enum sim_task_cause cause;
    uint16_t selector;
    unsigned int vector;
    uint32_t error_code;
    uint64_t descriptor; /* of SPARE */
} early[] = {
    {SIM_TASK_JMP, 0, 13, 0, AVAILABLE},
    {SIM_TASK_JMP, SPARE | 4, 13, SPARE | 4, AVAILABLE},
    {SIM_TASK_JMP, 0x80, 13, 0x80, AVAILABLE},
    {SIM_TASK_CALL, SPARE, 13, SPARE, 0x0000820150000067}, /* an LDT */
    {SIM_TASK_CALL, SPARE, 13, SPARE, BUSY},
    {SIM_TASK_CALL, SPARE, 11, SPARE, 0x0000090150000067}, /* not present */
    {SIM_TASK_JMP, SPARE, 10, SPARE, 0x0000890150000066},
    {SIM_TASK_RETURN, 0, 10, 0, BUSY},
    {SIM_TASK_RETURN, SPARE | 4, 10, SPARE | 4, BUSY},
    {SIM_TASK_RETURN, 0x80, 10, 0x80, BUSY},
    {SIM_TASK_RETURN, SPARE, 10, SPARE, AVAILABLE},
    {SIM_TASK_RETURN, SPARE, 10, SPARE, 0x00009B0150000067}, /* code */
    {SIM_TASK_RETURN, SPARE, 11, SPARE, 0x00000B0150000067},
    {SIM_TASK_RETURN, SPARE, 10, SPARE, 0x00008B0150000066},
};

START_TEST(a_tss_that_does_not_do_is_a_fault_of_the_current_task_and_changes_nothing)
{
    static uint8_t before[0x20000];

    set_descriptor(SPARE, early[_i].descriptor);
    put16(TSS_AT, early[_i].selector);
    memcpy(before, ram.bytes, sizeof before);
    remember_cpu();
    switch_task(early[_i].cause, early[_i].selector);
    check_cpu_untouched();
    ck_assert_mem_eq(before, ram.bytes, sizeof before);
    ck_assert(result.check.faults && !task.switched);
    ck_assert_uint_eq(result.check.exception.vector, early[_i].vector);
    ck_assert_uint_eq(result.check.exception.error_code, early[_i].error_code);
}
END_TEST

/* A field of the new TSS, and the descriptor it names at CONFORMING_CODE (0x38). */
static const struct {
    uint32_t field, value;
    unsigned int vector;
    uint32_t error_code;
    uint64_t descriptor;
} late[] = {
    {96, 0x3C, 10, 0x3C, 0x0000820140000FFF}, /* LDT: TI */
    {96, 0x80, 10, 0x80, 0x0000820140000FFF}, /* beyond the GDT */
    {96, 0x38, 10, 0x38, 0x0000020140000FFF}, /* not present */
    {96, 0x38, 10, 0x38, 0x0000890140000FFF}, /* a TSS */
    {76, 0x00, 10, 0x00, 0},                  /* CS */
    {76, 0x80, 10, 0x80, 0},                  /* beyond the GDT */
    {76, 0x10, 10, 0x10, 0},                  /* data */
    {76, 0x33, 10, 0x30, 0},                  /* RPL 3, DPL 0 */
    {76, 0x38, 10, 0x38, 0x00CFFF000000FFFF}, /* conforming, DPL 3 */
    {76, 0x38, 11, 0x38, 0x00CF1B000000FFFF}, /* not present */
    {80, 0x00, 10, 0x00, 0},                  /* SS */
    {80, 0x30, 10, 0x30, 0},                  /* code */
    {80, 0x38, 10, 0x38, 0x00CF91000000FFFF}, /* read-only */
    {80, 0x11, 10, 0x10, 0},                  /* RPL */
    {80, 0x18, 10, 0x18, 0},                  /* DPL */
    {80, 0x38, 12, 0x38, 0x00CF13000000FFFF}, /* not present */
    {84, 0x80, 10, 0x80, 0},                  /* DS */
    {84, 0x38, 10, 0x38, 0x00CF99000000FFFF}, /* code that cannot be read */
    {84, 0x13, 10, 0x10, 0},                  /* RPL 3, DPL 0 */
    {84, 0x38, 11, 0x38, 0x00CF13000000FFFF}, /* not present */
    {32, 0x1000, 13, 0x00, 0},                /* EIP beyond the limit below */
};

START_TEST(a_segment_that_does_not_do_is_a_fault_of_the_new_task)
{
    put32(NEW_TSS_AT + late[_i].field, late[_i].value);
    set_descriptor(CONFORMING_CODE, late[_i].descriptor);
    if (late[_i].field == 32) {
        set_descriptor(KERNEL_CODE_32, 0x00409B0000000FFF);
    }
    switch_task(SIM_TASK_JMP, SPARE);
    ck_assert(result.check.faults && task.switched);
    ck_assert_uint_eq(result.check.exception.vector, late[_i].vector);
    ck_assert_uint_eq(result.check.exception.error_code, late[_i].error_code);
    ck_assert_uint_eq(cpu.tr, SPARE);
    check_saved(0x8005, 0x202);
}
END_TEST

START_TEST(segments_with_a_base_and_an_ldt_are_loaded_and_become_accessed)
{
    set_descriptor(CONFORMING_CODE, 0x0000820140000FFF);
    put64(LDT_AT + 8, 0x0140920123450FFF); /* 32-bit, base 0x01012345, not accessed */
    put16(NEW_TSS_AT + 96, CONFORMING_CODE);
    put16(NEW_TSS_AT + 84, 0x0C);
    switch_task(SIM_TASK_JMP, SPARE);
    ck_assert(!result.check.faults);
    ck_assert_uint_eq(cpu.ldt.base, LDT_AT);
    ck_assert_uint_eq(task.segments[SIM_SEGMENT_DS].base, 0x01012345);
    ck_assert_uint_eq(task.segments[SIM_SEGMENT_DS].limit, 0xFFF);
    ck_assert_uint_eq(get64(LDT_AT + 8), 0x0140930123450FFF);
}
END_TEST

/* [SDM 3A] 4.3: PDEs and PTEs of 4 bytes; 2 MiB are mapped to themselves, twice. */
static void turn_paging_on(void)
{
    for (uint32_t page = 0; page < 0x200; page++) {
        put32(0x6000 + 4 * page, page << 12 | 3);
    }
    put32(0x5000, 0x6003);
    put32(0x3000, 0x6003);
    cpu.cr0 |= 0x80000000;
    cpu.cr3 = 0x5000;
}

START_TEST(with_paging_the_new_task_has_its_own_tables)
{
    turn_paging_on();
    switch_task(SIM_TASK_JMP, SPARE);
    ck_assert(!result.check.faults && !result.refused);
    ck_assert_uint_eq(cpu.cr3, 0x3000);
}
END_TEST

/* Both TSSs and their descriptors have to be there before anything changes. [SDM 3A] 7.3, step 5 */
START_TEST(memory_that_is_not_there_is_a_page_fault_of_the_current_task)
{
    static const struct {
        uint64_t page;
        uint32_t entry, error_code;
        uint64_t address;
    } cases[] = {
        {TSS_AT, 0, 0x2, TSS_AT + 32},
        {NEW_TSS_AT, 0, 0x2, NEW_TSS_AT},
        {NEW_TSS_AT, (uint32_t)NEW_TSS_AT | 1, 0x3, NEW_TSS_AT}, /* read-only, and WP = 1 */
        {GDT_AT, (uint32_t)GDT_AT | 1, 0x3, GDT_AT + SPARE + 5},
    };

    turn_paging_on();
    cpu.cr0 |= 0x10000;
    put32(0x6000 + 4 * (uint32_t)(cases[_i].page >> 12), cases[_i].entry);
    remember_cpu();
    switch_task(SIM_TASK_CALL, SPARE);
    check_cpu_untouched();
    ck_assert(result.check.faults && !task.switched);
    ck_assert_uint_eq(result.check.exception.vector, 14);
    ck_assert_uint_eq(result.check.exception.error_code, cases[_i].error_code);
    ck_assert_uint_eq(result.check.fault_address, cases[_i].address);
    ck_assert_uint_eq(get32(TSS_AT + 40), 0);
    ck_assert_uint_eq(get64(GDT_AT + SPARE), AVAILABLE);
}
END_TEST

START_TEST(the_error_code_needs_room_on_the_new_stack)
{
    put32(NEW_TSS_AT + 56, 0x2);
    set_descriptor(KERNEL_DATA, 0x0040930000000FFF);
    set_gate32(0x40, 0, SPARE, 0);
    set_gate32(13, 0, SPARE, 0x85);
    set_gate32(12, 0x5000, KERNEL_CODE_32, INTERRUPT_GATE);
    ck_assert(!raise_exception(13, 0x123)); /* #SS has no room either, nor has #DF */
    check_step(0, 13, "IDT[13]: task switch: the stack 0x10:0x2 has no room for the error code");
    ck_assert_uint_eq(reason.steps[1].exception.vector, 8);
}
END_TEST

/* INT n is complete when the new task faults: nobody goes back to it. [SDM 3A] 7.3, step 13 */
START_TEST(a_fault_of_the_new_task_is_at_its_first_instruction)
{
    const struct sim_exception exception = {
        .vector = 0x40, .source = SIM_SOURCE_SOFTWARE, .length = 2};

    put16(NEW_TSS_AT + 84, 0x80);
    set_gate32(10, 0x5000, KERNEL_CODE_32, INTERRUPT_GATE);
    ck_assert(sim_deliver(&ram, &cpu, &task, exception, &reason));
    ck_assert_uint_eq(get32(cpu.rsp), 0x80);
    ck_assert_uint_eq(get32(cpu.rsp + 4), 0x9000);
    ck_assert_uint_eq(get32(TSS_AT + 32), 0x8000);
    ck_assert(task.switched);
}
END_TEST

START_TEST(a_failed_delivery_through_a_task_gate_names_what_is_wrong)
{
    set_descriptor(SPARE, BUSY);
    remember_cpu();
    ck_assert(!raise_exception(8, 0));
    check_cpu_untouched();
    check_step(0, 8, "IDT[8]: task switch: TSS selector 0x40 is busy already");
    ck_assert(!task.switched);
}
END_TEST

START_TEST(errors_about_a_task_gate_have_ext_unless_int_n_asked_for_it)
{
    bool software = _i == 1;

    set_descriptor(SPARE, 0x0000090150000067); /* not present */
    set_gate32(11, 0x5000, KERNEL_CODE_32, INTERRUPT_GATE);
    ck_assert(raise_from(software ? SIM_SOURCE_SOFTWARE : SIM_SOURCE_INTERRUPT, 0x40));
    ck_assert_uint_eq(get32(cpu.rsp), software ? SPARE : SPARE | 1);
    ck_assert_uint_eq(cpu.rip, 0x5000);
}
END_TEST

START_TEST(a_current_task_without_a_tss_cannot_be_left)
{
    cpu.tr = _i == 0 ? 0 : SPARE_2;
    cpu.tss.limit = _i == 0 ? 0xFFFF : 0x5E;
    switch_task(SIM_TASK_JMP, SPARE);
    ck_assert(result.check.faults && !task.switched);
    ck_assert_uint_eq(result.check.exception.vector, 10);
    ck_assert_uint_eq(result.check.exception.error_code, cpu.tr);
}
END_TEST

START_TEST(what_is_not_simulated_is_refused)
{
    put32(NEW_TSS_AT + 36, 0x20002); /* VM */
    switch_task(SIM_TASK_JMP, SPARE);
    ck_assert(result.refused && !task.switched);
    ck_assert_str_eq(result.check.reason,
                     "task switch: a task in virtual-8086 mode, which is not simulated");
    set_descriptor(SPARE, 0x00008101FFFFFF67); /* a 16-bit TSS */
    switch_task(SIM_TASK_JMP, SPARE);
    ck_assert(result.refused && !task.switched);
    set_descriptor(SPARE, 0x7F00890150000067); /* base 0x7F015000: no RAM */
    switch_task(SIM_TASK_JMP, SPARE);
    ck_assert(result.refused && !task.switched);
    ck_assert_str_eq(result.check.reason,
                     "task switch: the new TSS at 0x7f015000 is not backed by RAM");
}
END_TEST

START_TEST(the_t_bit_of_the_tss_asks_for_a_trap)
{
    put32(NEW_TSS_AT + 100, 1);
    switch_task(SIM_TASK_JMP, SPARE);
    ck_assert(task.switched && task.traps);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("task_switch");
    TCase *tests = tcase_create("task_switch");

    tcase_add_checked_fixture(tests, open_tasks, delivery_case_close);
    tcase_add_test(tests,
                   a_double_fault_through_a_task_gate_is_another_task_with_a_stack_of_its_own);
    tcase_add_test(tests, an_interrupt_through_a_task_gate_pushes_nothing);
    tcase_add_loop_test(tests, a_jump_leaves_the_current_task_available_and_a_call_links_it, 0, 2);
    tcase_add_test(tests, a_return_goes_back_along_the_link);
    tcase_add_loop_test(tests,
                        a_tss_that_does_not_do_is_a_fault_of_the_current_task_and_changes_nothing,
                        0, sizeof early / sizeof early[0]);
    tcase_add_loop_test(tests, a_segment_that_does_not_do_is_a_fault_of_the_new_task, 0,
                        sizeof late / sizeof late[0]);
    tcase_add_test(tests, segments_with_a_base_and_an_ldt_are_loaded_and_become_accessed);
    tcase_add_test(tests, with_paging_the_new_task_has_its_own_tables);
    tcase_add_loop_test(tests, memory_that_is_not_there_is_a_page_fault_of_the_current_task, 0, 4);
    tcase_add_test(tests, the_error_code_needs_room_on_the_new_stack);
    tcase_add_test(tests, a_fault_of_the_new_task_is_at_its_first_instruction);
    tcase_add_test(tests, a_failed_delivery_through_a_task_gate_names_what_is_wrong);
    tcase_add_loop_test(tests, errors_about_a_task_gate_have_ext_unless_int_n_asked_for_it, 0, 2);
    tcase_add_loop_test(tests, a_current_task_without_a_tss_cannot_be_left, 0, 2);
    tcase_add_test(tests, what_is_not_simulated_is_refused);
    tcase_add_test(tests, the_t_bit_of_the_tss_asks_for_a_trap);
    suite_add_tcase(suite, tests);
    return suite;
}
