/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of sim/cpu/far_transfer.c and call_gate.c; call gates outside IA-32e mode are in
 * test_call_gate_protected.c. Expectations: [SDM 2] CALL and JMP,
 * "Operation"; [SDM 3A] 5.8.1 to 5.8.5.
 */
#include <string.h>

#include "sim/cpu/far_transfer.h"
#include "tests/unit/delivery_case.h"

#define TARGET UINT64_C(0x9000)
#define NEXT   UINT64_C(0x8007)

enum {
    GATE = 0x50 /* and 0x58 */
};

static struct sim_far_result result;

static void transfer(enum sim_far_kind kind, uint16_t selector, uint64_t offset)
{
    const struct sim_far_transfer wanted = {kind, SIM_WIDTH_64, selector, offset, NEXT};

    remember_cpu();
    result = sim_far_transfer(&wanted, &cpu, &ram);
    if (!result.done) {
        check_cpu_untouched();
    }
}

static void check_left_to_the_engine(void)
{
    ck_assert_msg(!result.check.faults, "%s", result.check.reason);
    ck_assert(!result.done);
}

static void check_refused(unsigned int vector, uint32_t error_code, const char *text)
{
    ck_assert_msg(result.check.faults, "no fault: %s", text);
    ck_assert(!result.done);
    ck_assert_msg(strstr(result.check.reason, text) != NULL, "\"%s\" is not in \"%s\"", text,
                  result.check.reason);
    ck_assert_uint_eq(result.check.exception.vector, vector);
    ck_assert_uint_eq(result.check.exception.error_code, error_code);
    ck_assert(result.check.exception.has_error_code);
}

/* [SDM 3A] figure 5-8: P and DPL and type in bits 47:40. */
static void set_call_gate(uint16_t at, uint64_t offset, uint16_t selector, uint8_t access)
{
    set_descriptor(at, (offset & 0xFFFF) | (uint64_t)selector << 16 | (uint64_t)access << 40 |
                           (offset >> 16 & 0xFFFF) << 48);
    set_descriptor((uint16_t)(at + 8), offset >> 32);
}

struct direct {
    uint16_t selector;
    bool user; /* at CPL 3 */
    uint64_t offset;
    uint64_t descriptor; /* of SPARE, if not 0 */
    unsigned int vector; /* 0: the engine executes it */
    uint32_t error_code;
    const char *text;
};

static const struct direct direct[] = {
    {.selector = 0x08, .offset = TARGET},
    {.selector = 0x38, .offset = TARGET}, /* conforming */
    {.selector = 0x38, .offset = TARGET, .user = true},
    {.selector = 0x3B, .offset = TARGET, .user = true},
    {.selector = 0x23, .offset = TARGET, .user = true},
    {.selector = 0x20, .offset = TARGET, .user = true},
    {.selector = 0x30, .offset = 0xFFFFFFFF},
    {.selector = 0x30, .offset = UINT64_C(0x900000009000)}, /* 32-bit code: 32 bits count */
    {0x00, false, TARGET, 0, 13, 0, "the selector is null"},
    {0x03, false, TARGET, 0, 13, 0, "the selector is null"},
    {0x80, false, TARGET, 0, 13, 0x80, "the selector 0x80 is outside its descriptor table"},
    {0x0C, false, TARGET, 0, 13, 0x0C, "outside its descriptor table"}, /* no LDT */
    {0x10, false, TARGET, 0, 13, 0x10, "selector 0x10 is no code segment"},
    {0x23, false, TARGET, 0, 13, 0x20, "code segment with DPL 3, but CPL is 0"},
    {0x08, true, TARGET, 0, 13, 0x08, "code segment with DPL 0, but CPL is 3"},
    {0x0B, false, TARGET, 0, 13, 0x08, "selector 0xb has an RPL above the CPL"},
    {0x40, false, TARGET, 0x00EF9B000000FFFF, 13, 0x40, "with both L and D"},
    {0x40, false, TARGET, 0x00AFFF000000FFFF, 13, 0x40, "conforming code segment with DPL 3"},
    {0x40, false, TARGET, 0x00AF1B000000FFFF, 11, 0x40, "selector 0x40 is not present"},
    {0x40, false, TARGET, 0x00AF89000000FFFF, 13, 0x40, "neither a code segment nor a call gate"},
    {0x40, false, TARGET, 0x0000820000000067, 13, 0x40, "neither a code segment nor a call gate"},
    {0x40, false, 0x1000, 0x00409B0000000FFF, 13, 0, "the target 0x1000 is beyond the limit 0xfff"},
    {0x08, false, UINT64_C(0x800000000000), 0, 13, 0, "the target 0x800000000000 is not canonical"},
};

START_TEST(a_code_segment_is_checked_for_both_instructions)
{
    const struct direct *row = &direct[_i / 2];

    if (row->descriptor != 0) {
        set_descriptor(SPARE, row->descriptor);
    }
    if (row->user) {
        enter_user(USER_CODE);
    }
    transfer(_i % 2 == 0 ? SIM_FAR_CALL : SIM_FAR_JMP, row->selector, row->offset);
    if (row->vector == 0) {
        check_left_to_the_engine();
    } else {
        check_refused(row->vector, row->error_code, row->text);
        ck_assert_int_eq(
            strncmp(result.check.reason, _i % 2 == 0 ? "CALL: " : "JMP: ", _i % 2 == 0 ? 6 : 5), 0);
    }
}
END_TEST

START_TEST(operands_of_16_bits_have_16_bits)
{
    const struct sim_far_transfer wanted = {SIM_FAR_JMP, SIM_WIDTH_16, 0x08,
                                            UINT64_C(0x800000008000), NEXT};

    ck_assert(!sim_far_transfer(&wanted, &cpu, &ram).check.faults);
}
END_TEST

START_TEST(a_call_gate_to_the_same_privilege_pushes_cs_and_rip)
{
    cpu.rflags |= 0x10000;                     /* RF */
    set_descriptor(SPARE, 0x00AF9A000000FFFF); /* not accessed */
    set_call_gate(GATE, 0xFFFF800000009000, SPARE | 3, 0x8C);
    transfer(SIM_FAR_CALL, GATE, 0x1234);
    ck_assert(result.done);
    ck_assert_uint_eq(cpu.rip, 0xFFFF800000009000);
    ck_assert_uint_eq(cpu.cs, SPARE);
    ck_assert_uint_eq(cpu.ss, KERNEL_DATA);
    ck_assert_uint_eq(cpu.rflags, 0x202);
    ck_assert_uint_eq(cpu.rsp, KERNEL_STACK - 16);
    ck_assert_uint_eq(get64(KERNEL_STACK - 16), NEXT);
    ck_assert_uint_eq(get64(KERNEL_STACK - 8), KERNEL_CODE);
    ck_assert_uint_eq(get64(GDT_AT + SPARE), 0x00AF9B000000FFFF);
}
END_TEST

START_TEST(a_jump_through_a_call_gate_pushes_nothing)
{
    set_call_gate(GATE, TARGET, KERNEL_CODE, 0x8C);
    transfer(SIM_FAR_JMP, GATE, 0);
    ck_assert(result.done);
    ck_assert_uint_eq(cpu.rip, TARGET);
    ck_assert_uint_eq(cpu.cs, KERNEL_CODE);
    ck_assert_uint_eq(cpu.rsp, KERNEL_STACK);
    ck_assert_uint_eq(get64(KERNEL_STACK - 8), 0);
}
END_TEST

/* [SDM 3A] 5.8.5.1: SS is null, with the new CPL as RPL; from both kinds of user code. */
START_TEST(a_call_gate_to_more_privilege_switches_the_stack)
{
    enter_user(_i == 0 ? USER_CODE : USER_CODE_32);
    cpu.rsp = _i == 0 ? USER_STACK : UINT64_C(0x100000000) + USER_STACK;
    set_call_gate(GATE, TARGET, KERNEL_CODE, 0xEC);
    transfer(SIM_FAR_CALL, GATE | 3, 0);
    ck_assert_msg(result.done, "%s", result.check.reason);
    ck_assert_uint_eq(cpu.rip, TARGET);
    ck_assert_uint_eq(cpu.cs, KERNEL_CODE);
    ck_assert_uint_eq(cpu.ss, 0);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_64);
    ck_assert_int_eq(cpu.stack, SIM_WIDTH_64);
    ck_assert_uint_eq(cpu.rsp, RSP0_STACK - 32);
    ck_assert_uint_eq(get64(RSP0_STACK - 32), NEXT);
    ck_assert_uint_eq(get64(RSP0_STACK - 24), _i == 0 ? USER_CODE : USER_CODE_32);
    ck_assert_uint_eq(get64(RSP0_STACK - 16), USER_STACK);
    ck_assert_uint_eq(get64(RSP0_STACK - 8), USER_DATA);
}
END_TEST

START_TEST(conforming_code_behind_a_call_gate_keeps_the_privilege)
{
    enter_user(USER_CODE);
    set_page(USER_STACK - 0x1000, (USER_STACK - 0x1000) | 7);
    set_call_gate(GATE, TARGET, CONFORMING_CODE, 0xEC);
    transfer(SIM_FAR_CALL, GATE, 0);
    ck_assert_msg(result.done, "%s", result.check.reason);
    ck_assert_uint_eq(cpu.cs, CONFORMING_CODE | 3);
    ck_assert_uint_eq(cpu.ss, USER_DATA);
    ck_assert_uint_eq(cpu.rsp, USER_STACK - 16);
}
END_TEST

/* A call from CPL 3 through a gate that allows it, with one thing wrong. */
static void refuse_gate(uint64_t offset, uint16_t selector, uint8_t access)
{
    set_call_gate(GATE, offset, selector, access);
    transfer(SIM_FAR_CALL, GATE, 0);
}

START_TEST(what_is_wrong_with_a_call_gate_is_told)
{
    enter_user(USER_CODE);
    refuse_gate(TARGET, KERNEL_CODE, 0x8C);
    check_refused(13, GATE, "the call gate 0x50 has DPL 0, which does not allow CPL 3");
    refuse_gate(TARGET, KERNEL_CODE, 0x6C);
    check_refused(11, GATE, "selector 0x50 is a call gate that is not present");
    refuse_gate(TARGET, 0, 0xEC);
    check_refused(13, 0, "the call gate's selector is null");
    refuse_gate(TARGET, 0x88, 0xEC);
    check_refused(13, 0x88, "the call gate's selector 0x88 is outside its descriptor table");
    refuse_gate(TARGET, KERNEL_DATA, 0xEC);
    check_refused(13, KERNEL_DATA, "selector 0x10 is no code segment");
    refuse_gate(TARGET, KERNEL_CODE_32, 0xEC);
    check_refused(13, KERNEL_CODE_32, "selector 0x30 of the call gate is not 64-bit code");
    refuse_gate(UINT64_C(0x800000000000), KERNEL_CODE, 0xEC);
    check_refused(13, 0, "the target 0x800000000000 is not canonical");
    set_descriptor(SPARE, 0x00AF1B000000FFFF);
    refuse_gate(TARGET, SPARE, 0xEC);
    check_refused(11, SPARE, "selector 0x40 is not present");
    set_call_gate(GATE, TARGET, KERNEL_CODE, 0xEC);
    set_descriptor(GATE + 8, UINT64_C(0x100) << 32); /* bits 12:8 of the third doubleword */
    transfer(SIM_FAR_CALL, GATE, 0);
    check_refused(13, GATE, "a type other than 0");
    set_call_gate(0x70, TARGET, KERNEL_CODE, 0xEC);
    cpu.gdt.limit = 0x77;
    transfer(SIM_FAR_CALL, 0x70, 0);
    check_refused(13, 0x70, "a call gate that its table cuts in two");
}
END_TEST

START_TEST(a_gate_does_not_lead_to_less_privilege_and_jmp_not_to_more)
{
    set_call_gate(GATE, TARGET, USER_CODE, 0x8C);
    transfer(SIM_FAR_CALL, GATE, 0);
    check_refused(13, USER_CODE & ~3, "has DPL 3, but CPL is 0");
    transfer(SIM_FAR_JMP, GATE, 0);
    check_refused(13, USER_CODE & ~3, "has DPL 3, but CPL is 0");
    transfer(SIM_FAR_CALL, GATE | 1, 0);
    check_refused(13, GATE, "DPL 0, which does not allow"); /* RPL 1 */
    enter_user(USER_CODE);
    set_call_gate(GATE, TARGET, KERNEL_CODE, 0xEC);
    transfer(SIM_FAR_JMP, GATE, 0);
    check_refused(13, KERNEL_CODE, "has DPL 0, but CPL is 3");
}
END_TEST

START_TEST(the_stack_of_the_tss_has_to_be_there)
{
    enter_user(USER_CODE);
    set_call_gate(GATE, TARGET, KERNEL_CODE, 0xEC);
    cpu.tss.limit = 10;
    transfer(SIM_FAR_CALL, GATE, 0);
    check_refused(10, SPARE_2, "TSS.RSP0 is beyond the limit 0xa of the TSS");
    cpu.tss.limit = 11;
    put64(TSS_AT + 4, UINT64_C(0x800000000010));
    transfer(SIM_FAR_CALL, GATE, 0);
    check_refused(12, 0, "is not canonical");
    put64(TSS_AT + 4, RSP0_STACK);
    set_page(RSP0_STACK - 0x1000, 0);
    transfer(SIM_FAR_CALL, GATE, 0);
    check_refused(14, 0x2, "the push of the return address at 0x27fe0: page fault");
    ck_assert_uint_eq(result.check.fault_address, RSP0_STACK - 32);
}
END_TEST

START_TEST(protected_mode_has_its_checks_and_real_mode_has_none)
{
    delivery_case_close();
    protected_mode_open();
    transfer(SIM_FAR_JMP, 0x10, TARGET);
    check_refused(13, 0x10, "JMP: selector 0x10 is no code segment");
    set_descriptor(SPARE, 0x00008E0000089000); /* an interrupt gate */
    transfer(SIM_FAR_JMP, SPARE, TARGET);
    check_refused(13, SPARE, "JMP: selector 0x40 is neither a code segment nor a gate nor a TSS");
    delivery_case_close();
    real_mode_open();
    transfer(SIM_FAR_JMP, 0, TARGET);
    check_left_to_the_engine();
}
END_TEST

/* [SDM 2] CALL, TASK-GATE and TASK-STATE-SEGMENT: DPL >= CPL and RPL. */
START_TEST(a_tss_or_a_task_gate_leads_to_a_task_if_its_dpl_allows)
{
    delivery_case_close();
    protected_mode_open();
    set_descriptor(SPARE, 0x0000890150000067);
    transfer(SIM_FAR_JMP, SPARE, 0);
    ck_assert(!result.check.faults && !result.done);
    ck_assert_uint_eq(result.task, SPARE);
    transfer(SIM_FAR_JMP, SPARE | 1, 0);
    check_refused(13, SPARE, "JMP: the TSS 0x41 has DPL 0, which does not allow CPL 0");
    set_descriptor(SPARE, 0x0000E50000480000); /* DPL 3 */
    enter_user(USER_CODE_32);
    transfer(SIM_FAR_CALL, SPARE | 3, 0);
    ck_assert(!result.check.faults && !result.done);
    ck_assert_uint_eq(result.task, SPARE_2);
    set_descriptor(SPARE, 0x0000650000480000);
    transfer(SIM_FAR_CALL, SPARE | 3, 0);
    check_refused(11, SPARE, "CALL: selector 0x43 is a task gate that is not present");
    set_descriptor(SPARE, 0x0000C50000480000); /* DPL 2 */
    transfer(SIM_FAR_CALL, SPARE, 0);
    check_refused(13, SPARE, "CALL: the task gate 0x40 has DPL 2, which does not allow CPL 3");
    ck_assert_uint_eq(result.task, 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("far_transfer");
    TCase *tests = tcase_create("far_transfer");

    tcase_add_checked_fixture(tests, long_mode_open, delivery_case_close);
    tcase_add_loop_test(tests, a_code_segment_is_checked_for_both_instructions, 0,
                        2 * sizeof direct / sizeof direct[0]);
    tcase_add_test(tests, operands_of_16_bits_have_16_bits);
    tcase_add_test(tests, a_call_gate_to_the_same_privilege_pushes_cs_and_rip);
    tcase_add_test(tests, a_jump_through_a_call_gate_pushes_nothing);
    tcase_add_loop_test(tests, a_call_gate_to_more_privilege_switches_the_stack, 0, 2);
    tcase_add_test(tests, conforming_code_behind_a_call_gate_keeps_the_privilege);
    tcase_add_test(tests, what_is_wrong_with_a_call_gate_is_told);
    tcase_add_test(tests, a_gate_does_not_lead_to_less_privilege_and_jmp_not_to_more);
    tcase_add_test(tests, the_stack_of_the_tss_has_to_be_there);
    tcase_add_test(tests, protected_mode_has_its_checks_and_real_mode_has_none);
    tcase_add_test(tests, a_tss_or_a_task_gate_leads_to_a_task_if_its_dpl_allows);
    suite_add_tcase(suite, tests);
    return suite;
}
