/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of sim/cpu/call_gate_protected.c. Expectations: [SDM 2] CALL and JMP, "Operation",
 * CALL-GATE, MORE-PRIVILEGE and SAME-PRIVILEGE; [SDM 3A] 5.8.3 to 5.8.5, figure 5-8.
 */
#include <string.h>

#include "sim/cpu/far_transfer.h"
#include "tests/unit/delivery_case.h"

#define TARGET UINT32_C(0x409000)
#define NEXT   UINT64_C(0x12348007)

enum {
    GATE = 0x50,
    STACK = 0x58,
    CODE = 0x60,
};

/* P, DPL and type of a gate. */
enum {
    GATE_32_KERNEL = 0x8C,
    GATE_32_USER = 0xEC,
    GATE_16_KERNEL = 0x84,
    GATE_16_USER = 0xE4,
};

static struct sim_far_result result;

static void transfer(enum sim_far_kind kind, uint16_t selector)
{
    const struct sim_far_transfer wanted = {kind, SIM_WIDTH_32, selector, 0x5555, NEXT};

    remember_cpu();
    result = sim_far_transfer(&wanted, &cpu, &ram);
    if (!result.done) {
        check_cpu_untouched();
    }
}

static void set_call_gate(uint32_t offset, uint16_t selector, uint8_t access, uint8_t parameters)
{
    set_descriptor(GATE, (offset & 0xFFFF) | (uint64_t)selector << 16 | (uint64_t)parameters << 32 |
                             (uint64_t)access << 40 | (uint64_t)(offset >> 16) << 48);
}

static void check_refused(unsigned int vector, uint32_t error_code, const char *text)
{
    ck_assert_msg(result.check.faults, "no fault: %s", text);
    ck_assert_msg(strstr(result.check.reason, text) != NULL, "\"%s\" is not in \"%s\"", text,
                  result.check.reason);
    ck_assert_uint_eq(result.check.exception.vector, vector);
    ck_assert_uint_eq(result.check.exception.error_code, error_code);
    ck_assert(result.check.exception.has_error_code);
}

/* A call from CPL 3 through a gate that allows it. */
static void call_inwards(uint16_t selector, uint8_t parameters)
{
    set_call_gate(TARGET, selector, GATE_32_USER, parameters);
    transfer(SIM_FAR_CALL, GATE | 3);
}

START_TEST(to_the_same_privilege_cs_and_eip_are_pushed)
{
    cpu.rflags |= 0x10000;                    /* RF */
    set_descriptor(CODE, 0x00CF9A000000FFFF); /* not accessed */
    set_call_gate(TARGET, CODE | 3, GATE_32_KERNEL, 5);
    transfer(SIM_FAR_CALL, GATE);
    ck_assert_msg(result.done, "%s", result.check.reason);
    ck_assert_uint_eq(cpu.rip, TARGET);
    ck_assert_uint_eq(cpu.cs, CODE);
    ck_assert_uint_eq(cpu.ss, KERNEL_DATA);
    ck_assert_uint_eq(cpu.rflags, 0x202);
    ck_assert_uint_eq(cpu.rsp, KERNEL_STACK - 8); /* no parameters are copied */
    ck_assert_uint_eq(get32(cpu.rsp), NEXT);
    ck_assert_uint_eq(get32(cpu.rsp + 4), KERNEL_CODE_32);
    ck_assert_uint_eq(get64(GDT_AT + CODE), 0x00CF9B000000FFFF);
    ck_assert_uint_eq(result.stack.attributes, 0);
}
END_TEST

START_TEST(to_more_privilege_the_stack_changes_and_parameters_are_copied)
{
    set_descriptor(STACK, 0x00CF92000000FFFF); /* not accessed */
    put16(TSS_AT + 8, STACK);
    enter_user(USER_CODE_32);
    for (unsigned int i = 0; i < 31; i++) {
        put32(USER_STACK + UINT64_C(4) * i, 0x1000 + i);
    }
    call_inwards(KERNEL_CODE_32, (uint8_t)_i);
    ck_assert_msg(result.done, "%s", result.check.reason);
    ck_assert_uint_eq(cpu.rip, TARGET);
    ck_assert_uint_eq(cpu.cs, KERNEL_CODE_32);
    ck_assert_uint_eq(cpu.ss, STACK);
    ck_assert_uint_eq(cpu.rsp, RSP0_STACK - 16 - 4 * (uint64_t)_i);
    ck_assert_uint_eq(get32(cpu.rsp), NEXT);
    ck_assert_uint_eq(get32(cpu.rsp + 4), USER_CODE_32);
    for (unsigned int i = 0; i < (unsigned int)_i; i++) {
        ck_assert_uint_eq(get32(cpu.rsp + 8 + UINT64_C(4) * i), 0x1000 + i);
    }
    ck_assert_uint_eq(get32(RSP0_STACK - 8), USER_STACK);
    ck_assert_uint_eq(get32(RSP0_STACK - 4), USER_DATA);
    ck_assert_uint_eq(get64(GDT_AT + STACK), 0x00CF93000000FFFF);
    ck_assert_uint_eq(result.stack.limit, 0xFFFFFFFF);
}
END_TEST

START_TEST(the_parameter_count_has_five_bits)
{
    enter_user(USER_CODE_32);
    call_inwards(KERNEL_CODE_32, 0xE0 | 2);
    ck_assert_uint_eq(cpu.rsp, RSP0_STACK - 24);
}
END_TEST

START_TEST(a_gate_of_16_bits_pushes_words_of_16_bits)
{
    enter_user(USER_CODE_32);
    put16(USER_STACK, 0xAAAA);
    put16(USER_STACK + 2, 0xBBBB);
    set_call_gate(0xABCD9000, KERNEL_CODE_32, GATE_16_USER, 2);
    transfer(SIM_FAR_CALL, GATE | 3);
    ck_assert_msg(result.done, "%s", result.check.reason);
    ck_assert_uint_eq(cpu.rip, 0x9000);
    ck_assert_uint_eq(cpu.rsp, RSP0_STACK - 12);
    ck_assert_uint_eq(get16(cpu.rsp), 0x8007);
    ck_assert_uint_eq(get16(cpu.rsp + 2), USER_CODE_32);
    ck_assert_uint_eq(get16(cpu.rsp + 4), 0xAAAA);
    ck_assert_uint_eq(get16(cpu.rsp + 6), 0xBBBB);
    ck_assert_uint_eq(get16(cpu.rsp + 8), (uint16_t)USER_STACK);
    ck_assert_uint_eq(get16(cpu.rsp + 10), USER_DATA);
    cpu.cs = KERNEL_CODE_32;
    cpu.ss = KERNEL_DATA;
    cpu.rsp = KERNEL_STACK;
    set_call_gate(0x9000, KERNEL_CODE_32, GATE_16_KERNEL, 0);
    transfer(SIM_FAR_CALL, GATE);
    ck_assert_uint_eq(cpu.rsp, KERNEL_STACK - 4);
}
END_TEST

START_TEST(a_16_bit_stack_uses_sp_and_its_base)
{
    set_descriptor(STACK, 0x000093018000FFFF); /* base 0x18000, B 0 */
    set_descriptor(CODE, 0x00009B018000FFFF);
    put32(TSS_AT + 4, 0x77770000); /* SP 0: the frame is at the end of the segment */
    put16(TSS_AT + 8, STACK);
    enter_user(USER_CODE_32);
    set_call_gate(0x9000, CODE, GATE_32_USER, 0);
    transfer(SIM_FAR_CALL, GATE | 3);
    ck_assert_msg(result.done, "%s", result.check.reason);
    ck_assert_uint_eq(cpu.rsp, 0x7777FFF0);
    ck_assert_uint_eq(get32(0x18000 + 0xFFFC), USER_DATA);
    ck_assert_int_eq(cpu.stack, SIM_WIDTH_16);
    ck_assert_int_eq(cpu.code, SIM_WIDTH_16);
    ck_assert_uint_eq(cpu.code_base, 0x18000);
    ck_assert_uint_eq(result.code.base, 0x18000);
    ck_assert_uint_eq(result.stack.base, 0x18000);
}
END_TEST

START_TEST(a_jump_pushes_nothing_and_stays_at_its_privilege)
{
    set_call_gate(TARGET, KERNEL_CODE_32, GATE_32_KERNEL, 3);
    transfer(SIM_FAR_JMP, GATE);
    ck_assert(result.done);
    ck_assert_uint_eq(cpu.rip, TARGET);
    ck_assert_uint_eq(cpu.rsp, KERNEL_STACK);
    enter_user(USER_CODE_32);
    set_call_gate(TARGET, KERNEL_CODE_32, GATE_32_USER, 0);
    transfer(SIM_FAR_JMP, GATE);
    check_refused(13, KERNEL_CODE_32, "has DPL 0, but CPL is 3");
}
END_TEST

START_TEST(conforming_code_keeps_privilege_and_stack)
{
    set_descriptor(CODE, 0x00CF9F000000FFFF);
    enter_user(USER_CODE_32);
    call_inwards(CODE, 4);
    ck_assert_msg(result.done, "%s", result.check.reason);
    ck_assert_uint_eq(cpu.cs, CODE | 3);
    ck_assert_uint_eq(cpu.ss, USER_DATA);
    ck_assert_uint_eq(cpu.rsp, USER_STACK - 8);
}
END_TEST

START_TEST(what_is_wrong_with_a_gate_is_told)
{
    enter_user(USER_CODE_32);
    set_call_gate(TARGET, KERNEL_CODE_32, GATE_32_KERNEL, 0);
    transfer(SIM_FAR_CALL, GATE | 3);
    check_refused(13, GATE, "CALL: the call gate 0x53 has DPL 0, which does not allow CPL 3");
    set_call_gate(TARGET, KERNEL_CODE_32, 0x6C, 0);
    transfer(SIM_FAR_CALL, GATE);
    check_refused(11, GATE, "selector 0x50 is a call gate that is not present");
    call_inwards(0, 0);
    check_refused(13, 0, "the call gate's selector is null");
    call_inwards(0x88, 0);
    check_refused(13, 0x88, "the call gate's selector 0x88 is outside its descriptor table");
    call_inwards(KERNEL_DATA, 0);
    check_refused(13, KERNEL_DATA, "selector 0x10 is no code segment");
    set_descriptor(CODE, 0x00CF1B000000FFFF);
    call_inwards(CODE, 0);
    check_refused(11, CODE, "selector 0x60 is not present");
    set_descriptor(CODE, 0x00409B0000000FFF);
    call_inwards(CODE, 0);
    check_refused(13, 0, "the target 0x409000 is beyond the limit 0xfff of its code segment");
    ck_assert_uint_eq(get32(RSP0_STACK - 16), 0); /* nothing was pushed */
}
END_TEST

START_TEST(what_is_wrong_with_the_stack_of_the_tss_is_told)
{
    enter_user(USER_CODE_32);
    cpu.tss.limit = 8; /* ESP0 and SS0 are bytes 4 to 9 */
    call_inwards(KERNEL_CODE_32, 0);
    check_refused(10, SPARE_2, "TSS.SS0 is beyond the limit 0x8 of the TSS");
    cpu.tss.limit = 9;
    put16(TSS_AT + 8, 3);
    call_inwards(KERNEL_CODE_32, 0);
    check_refused(10, 0, "TSS.SS0: the selector is null");
    put16(TSS_AT + 8, 0x90);
    call_inwards(KERNEL_CODE_32, 0);
    check_refused(10, 0x90, "selector 0x90 of the TSS is outside its descriptor table");
    put16(TSS_AT + 8, KERNEL_DATA | 1);
    call_inwards(KERNEL_CODE_32, 0);
    check_refused(10, KERNEL_DATA, "TSS.SS0: selector 0x11 has RPL 1 and DPL 0");
    put16(TSS_AT + 8, USER_DATA & ~3);
    call_inwards(KERNEL_CODE_32, 0);
    check_refused(10, USER_DATA & ~3, "TSS.SS0: selector 0x18 has RPL 0 and DPL 3");
    put16(TSS_AT + 8, KERNEL_CODE_32);
    call_inwards(KERNEL_CODE_32, 0);
    check_refused(10, KERNEL_CODE_32, "selector 0x30 of the TSS is no writable data segment");
    set_descriptor(STACK, 0x00CF13000000FFFF);
    put16(TSS_AT + 8, STACK);
    call_inwards(KERNEL_CODE_32, 0);
    check_refused(12, STACK, "selector 0x58 of the TSS is not present");
}
END_TEST

/* 4 + 2 words; limits that lack one byte, and that do not. */
START_TEST(a_stack_needs_room_for_all_words)
{
    set_descriptor(STACK, 0x0040960000000000 | (0x9000 - 24 - (_i == 0 ? 0 : 1)));
    put32(TSS_AT + 4, 0x9000);
    put16(TSS_AT + 8, STACK); /* expand-down */
    enter_user(USER_CODE_32);
    call_inwards(KERNEL_CODE_32, 2);
    if (_i == 0) {
        check_refused(12, STACK, "the stack 0x58:0x9000 has no room for 24 bytes");
    } else {
        ck_assert_msg(result.done, "%s", result.check.reason);
    }
}
END_TEST

START_TEST(the_stack_in_use_needs_room_too)
{
    set_descriptor(STACK, 0x0040960000000000 | (0x9000 - 8));
    cpu.ss = STACK;
    cpu.rsp = 0x9000;
    set_call_gate(TARGET, KERNEL_CODE_32, GATE_32_KERNEL, 0);
    transfer(SIM_FAR_CALL, GATE);
    check_refused(12, 0, "the stack 0x58:0x9000 has no room for 8 bytes");
}
END_TEST

START_TEST(parameters_have_to_be_within_the_callers_stack)
{
    enter_user(USER_CODE_32);
    set_descriptor(STACK, 0x0040F20000009006);
    cpu.ss = STACK | 3;
    cpu.rsp = 0x9000;
    call_inwards(KERNEL_CODE_32, 2);
    check_refused(12, 0, "the 2 parameters at 0x5b:0x9000 are not within the stack");
    call_inwards(KERNEL_CODE_32, 1);
    ck_assert_msg(result.done, "%s", result.check.reason);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("call_gate_protected");
    TCase *tests = tcase_create("call_gate_protected");

    tcase_add_checked_fixture(tests, protected_mode_open, delivery_case_close);
    tcase_add_test(tests, to_the_same_privilege_cs_and_eip_are_pushed);
    tcase_add_loop_test(tests, to_more_privilege_the_stack_changes_and_parameters_are_copied, 0,
                        32);
    tcase_add_test(tests, the_parameter_count_has_five_bits);
    tcase_add_test(tests, a_gate_of_16_bits_pushes_words_of_16_bits);
    tcase_add_test(tests, a_16_bit_stack_uses_sp_and_its_base);
    tcase_add_test(tests, a_jump_pushes_nothing_and_stays_at_its_privilege);
    tcase_add_test(tests, conforming_code_keeps_privilege_and_stack);
    tcase_add_test(tests, what_is_wrong_with_a_gate_is_told);
    tcase_add_test(tests, what_is_wrong_with_the_stack_of_the_tss_is_told);
    tcase_add_loop_test(tests, a_stack_needs_room_for_all_words, 0, 2);
    tcase_add_test(tests, the_stack_in_use_needs_room_too);
    tcase_add_test(tests, parameters_have_to_be_within_the_callers_stack);
    suite_add_tcase(suite, tests);
    return suite;
}
