/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operands of SSE instructions that are not aligned. Expectations: [SDM 2] tables 2-17 to 2-24:
 * #GP(0) if "Legacy SSE: memory operand is not 16-byte aligned", and each instruction's
 * "Exceptions"; [SDM 3A] table 6-2 for which of two faults comes first.
 */
#include <string.h>

#include "tests/unit/machine_case.h"

#define CODE    UINT64_C(0x7000) /* where EXECUTE puts code */
#define OPERAND UINT64_C(0x20000)

/* All address (%rdx). */
struct code {
    const char *name;
    size_t size;
    uint8_t bytes[8];
};

static const struct code aligned[] = {
    {"movaps load", 3, {0x0F, 0x28, 0x02}},
    {"movaps store", 3, {0x0F, 0x29, 0x02}},
    {"movapd", 4, {0x66, 0x0F, 0x28, 0x02}},
    {"movdqa load", 4, {0x66, 0x0F, 0x6F, 0x02}},
    {"movdqa store", 4, {0x66, 0x0F, 0x7F, 0x02}},
    {"movntps", 3, {0x0F, 0x2B, 0x02}},
    {"movntdq", 4, {0x66, 0x0F, 0xE7, 0x02}},
    {"movntdqa", 5, {0x66, 0x0F, 0x38, 0x2A, 0x02}},
    {"movshdup", 4, {0xF3, 0x0F, 0x16, 0x02}},
    {"unpcklps", 3, {0x0F, 0x14, 0x02}},
    {"sqrtps", 3, {0x0F, 0x51, 0x02}},
    {"andps", 3, {0x0F, 0x54, 0x02}},
    {"addps", 3, {0x0F, 0x58, 0x02}},
    {"addpd", 4, {0x66, 0x0F, 0x58, 0x02}},
    {"cvtdq2ps", 3, {0x0F, 0x5B, 0x02}},
    {"cvttps2dq", 4, {0xF3, 0x0F, 0x5B, 0x02}},
    {"cvtpd2ps", 4, {0x66, 0x0F, 0x5A, 0x02}},
    {"cvtpd2dq", 4, {0xF2, 0x0F, 0xE6, 0x02}},
    {"cmpps", 4, {0x0F, 0xC2, 0x02, 0x00}},
    {"shufps", 4, {0x0F, 0xC6, 0x02, 0x00}},
    {"pshufd", 5, {0x66, 0x0F, 0x70, 0x02, 0x00}},
    {"pshuflw", 5, {0xF2, 0x0F, 0x70, 0x02, 0x00}},
    {"haddps", 4, {0xF2, 0x0F, 0x7C, 0x02}},
    {"pxor", 4, {0x66, 0x0F, 0xEF, 0x02}},
    {"paddq", 4, {0x66, 0x0F, 0xD4, 0x02}},
    {"psllq", 4, {0x66, 0x0F, 0xF3, 0x02}},
    {"pshufb", 5, {0x66, 0x0F, 0x38, 0x00, 0x02}},
    {"ptest", 5, {0x66, 0x0F, 0x38, 0x17, 0x02}},
    {"palignr", 6, {0x66, 0x0F, 0x3A, 0x0F, 0x02, 0x04}},
    {"roundps", 6, {0x66, 0x0F, 0x3A, 0x08, 0x02, 0x00}},
    {"movaps xmm8", 4, {0x44, 0x0F, 0x28, 0x02}},
    {"fxsave", 3, {0x0F, 0xAE, 0x02}},
    {"cmpxchg16b", 4, {0x48, 0x0F, 0xC7, 0x0A}},
};

static const struct code unaligned[] = {
    {"movups load", 3, {0x0F, 0x10, 0x02}},
    {"movups store", 3, {0x0F, 0x11, 0x02}},
    {"movlps", 3, {0x0F, 0x12, 0x02}},
    {"movddup", 4, {0xF2, 0x0F, 0x12, 0x02}},
    {"movhps", 3, {0x0F, 0x16, 0x02}},
    {"ucomiss", 3, {0x0F, 0x2E, 0x02}},
    {"addss", 4, {0xF3, 0x0F, 0x58, 0x02}},
    {"addsd", 4, {0xF2, 0x0F, 0x58, 0x02}},
    {"cvtps2pd", 3, {0x0F, 0x5A, 0x02}},
    {"cvtdq2pd", 4, {0xF3, 0x0F, 0xE6, 0x02}},
    {"movdqu load", 4, {0xF3, 0x0F, 0x6F, 0x02}},
    {"movdqu store", 4, {0xF3, 0x0F, 0x7F, 0x02}},
    {"lddqu", 4, {0xF2, 0x0F, 0xF0, 0x02}},
    {"movq", 4, {0xF3, 0x0F, 0x7E, 0x02}},
    {"movd", 4, {0x66, 0x0F, 0x6E, 0x02}},
    {"pxor mmx", 3, {0x0F, 0xEF, 0x02}},
    {"pmovzxbw", 5, {0x66, 0x0F, 0x38, 0x30, 0x02}},
    {"pcmpistri", 6, {0x66, 0x0F, 0x3A, 0x63, 0x02, 0x00}},
    {"cmpxchg8b", 3, {0x0F, 0xC7, 0x0A}},
};

START_TEST(an_operand_that_is_not_aligned_is_a_protection_fault)
{
    const struct code *code = &aligned[_i];
    struct sim_registers registers = {.rdx = OPERAND};
    struct sim_result result = execute(code->bytes, code->size, &registers);

    ck_assert_msg(result.stop == SIM_STOP_RETURNED, "%s: %s", code->name, result.fault.reason);
    registers.rdx = OPERAND + 8;
    result = execute(code->bytes, code->size, &registers);
    ck_assert_msg(result.stop == SIM_STOP_FAULT, "%s is executed", code->name);
    check_fault(&result, 13, 0);
    ck_assert_uint_eq(result.fault.rip, CODE);
}
END_TEST

START_TEST(other_operands_need_not_be_aligned)
{
    const struct code *code = &unaligned[_i];
    struct sim_registers registers = {.rdx = OPERAND + 5};
    struct sim_result result = execute(code->bytes, code->size, &registers);

    ck_assert_msg(result.stop == SIM_STOP_RETURNED, "%s: %s", code->name, result.fault.reason);
}
END_TEST

/* Code that comes to a MOVAPS at offset `at`, with RDX as given; RSP is a multiple of 16. */
struct way {
    const char *name;
    size_t size, at;
    bool faults;
    uint64_t rdx;
    uint8_t bytes[24];
};

static const struct way ways[] = {
    {"push", 5, 1, true, 0, {0x50, 0x0F, 0x29, 0x04, 0x24}},
    {"push twice", 6, 2, false, 0, {0x50, 0x50, 0x0F, 0x29, 0x04, 0x24}},
    {"push, 8 more", 6, 1, false, 0, {0x50, 0x0F, 0x29, 0x44, 0x24, 0x08}},
    {"push and pop", 6, 2, false, 0, {0x50, 0x58, 0x0F, 0x29, 0x04, 0x24}},
    {"push of a byte", 6, 2, true, 0, {0x6A, 0x10, 0x0F, 0x29, 0x04, 0x24}},
    {"push of 16 bits",
     12,
     8,
     true,
     0,
     {0x66, 0x50, 0x66, 0x50, 0x66, 0x50, 0x66, 0x50, 0x0F, 0x29, 4, 0x24}},
    {"sub $8", 8, 4, true, 0, {0x48, 0x83, 0xEC, 0x08, 0x0F, 0x29, 0x04, 0x24}},
    {"sub $16", 8, 4, false, 0, {0x48, 0x83, 0xEC, 0x10, 0x0F, 0x29, 0x04, 0x24}},
    {"sub $0x108", 11, 7, true, 0, {0x48, 0x81, 0xEC, 0x08, 0x01, 0, 0, 0x0F, 0x29, 0x04, 0x24}},
    {"push, and $-16", 9, 5, false, 0, {0x50, 0x48, 0x83, 0xE4, 0xF0, 0x0F, 0x29, 0x04, 0x24}},
    {"lea 8(%rdx)", 7, 4, true, OPERAND, {0x48, 0x8D, 0x42, 0x08, 0x0F, 0x28, 0x00}},
    {"lea 8(%rdx)", 7, 4, false, OPERAND + 8, {0x48, 0x8D, 0x42, 0x08, 0x0F, 0x28, 0x00}},
    {"lea (%rdx,%rdx)", 7, 4, false, 0x10008, {0x48, 0x8D, 0x04, 0x12, 0x0F, 0x28, 0x00}},
    {"mov %rdx, %rax", 6, 3, true, OPERAND + 1, {0x48, 0x89, 0xD0, 0x0F, 0x28, 0x00}},
    {"mov $, %edx", 8, 5, true, OPERAND, {0xBA, 0x08, 0, 2, 0, 0x0F, 0x28, 0x02}},
    {"mov $, %edx", 8, 5, false, OPERAND + 8, {0xBA, 0x10, 0, 2, 0, 0x0F, 0x28, 0x02}},
    {"mov (%rdx), %rdx", 6, 3, true, OPERAND, {0x48, 0x8B, 0x12, 0x0F, 0x28, 0x02}},
    {"inc", 6, 3, true, OPERAND, {0x48, 0xFF, 0xC2, 0x0F, 0x28, 0x02}},
    {"dec", 6, 3, false, OPERAND + 1, {0x48, 0xFF, 0xCA, 0x0F, 0x28, 0x02}},
    {"pop %rdx", 9, 6, false, OPERAND + 8, {0x68, 0, 0, 2, 0, 0x5A, 0x0F, 0x28, 0x02}},
    {"dec", 6, 3, true, OPERAND, {0x48, 0xFF, 0xCA, 0x0F, 0x28, 0x02}},
    {"add $4", 7, 4, true, OPERAND + 4, {0x48, 0x83, 0xC2, 0x04, 0x0F, 0x28, 0x02}},
    {"sub $4", 7, 4, true, OPERAND + 12, {0x48, 0x83, 0xEA, 0x04, 0x0F, 0x28, 0x02}},
    {"shl", 7, 4, true, 0x4001, {0x48, 0xC1, 0xE2, 0x03, 0x0F, 0x28, 0x02}},
    {"xchg %rax, %rdx", 5, 2, true, OPERAND + 8, {0x48, 0x92, 0x0F, 0x28, 0x00}},
    {"index", 4, 0, true, 0x8008, {0x0F, 0x28, 0x04, 0x52}},
    {"index", 4, 0, false, 0x8010, {0x0F, 0x28, 0x04, 0x52}},
    {"rip", 7, 0, true, 0, {0x0F, 0x28, 0x05, 0x01, 0x10, 0, 0}},
    {"after mov %cr3",
     9,
     6,
     true,
     OPERAND + 8,
     {0x0F, 0x20, 0xD8, 0x0F, 0x22, 0xD8, 0x0F, 0x28, 2}},
    {"after a jump", 5, 2, true, OPERAND + 8, {0xEB, 0x00, 0x0F, 0x28, 0x02}},
};

START_TEST(it_is_found_whatever_comes_before_it)
{
    const struct way *way = &ways[_i];
    struct sim_registers registers = {.rax = 0x30000, .rdx = way->rdx};
    struct sim_result result;

    poke(OPERAND, OPERAND + 2);
    result = execute(way->bytes, way->size, &registers);
    if (!way->faults) {
        ck_assert_msg(result.stop == SIM_STOP_RETURNED, "%s: %s", way->name, result.fault.reason);
        return;
    }
    ck_assert_msg(result.stop == SIM_STOP_FAULT, "%s is executed", way->name);
    check_fault(&result, 13, 0);
    ck_assert_uint_eq(result.fault.rip, CODE + way->at);
}
END_TEST

START_TEST(the_same_code_is_looked_at_each_time)
{
    static const uint8_t code[] = {0x90, 0x0F, 0x28, 0x02};

    for (unsigned int i = 0; i < 12; i++) {
        struct sim_registers registers = {.rdx = OPERAND + UINT64_C(8) * (i % 3)};
        struct sim_result result = execute(code, sizeof code, &registers);

        ck_assert_int_eq(result.stop, i % 3 == 1 ? SIM_STOP_FAULT : SIM_STOP_RETURNED);
    }
}
END_TEST

START_TEST(the_base_of_a_segment_counts)
{
    struct sim_registers registers = {.rax = 8, .rcx = 0xC0000100, .rdx = 0};

    EXECUTE(&registers, 0x0F, 0x30); /* wrmsr: FS */
    registers.rdx = OPERAND + 8;
    ck_assert_int_eq(EXECUTE(&registers, 0x64, 0x0F, 0x28, 0x02).stop, SIM_STOP_RETURNED);
    registers.rdx = OPERAND;
    ck_assert_int_eq(EXECUTE(&registers, 0x64, 0x0F, 0x28, 0x02).stop, SIM_STOP_FAULT);
}
END_TEST

START_TEST(faults_that_come_first_do)
{
    struct sim_registers registers = {.rdx = UNMAPPED + 8};
    struct sim_result result = EXECUTE(&registers, 0x0F, 0x28, 0x02);

    check_fault(&result, 13, 0); /* not the page fault */
    /* movq %cr0, %rax; orq $8, %rax; movq %rax, %cr0: TS */
    EXECUTE(&registers, 0x0F, 0x20, 0xC0, 0x48, 0x83, 0xC8, 0x08, 0x0F, 0x22, 0xC0);
    registers.rdx = OPERAND + 8;
    result = EXECUTE(&registers, 0x0F, 0x28, 0x02);
    check_fault(&result, 7, -1);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_alignment");
    TCase *machine_case = tcase_create("machine");

    tcase_add_checked_fixture(machine_case, machine_case_open, machine_case_close);
    tcase_add_loop_test(machine_case, an_operand_that_is_not_aligned_is_a_protection_fault, 0,
                        sizeof aligned / sizeof aligned[0]);
    tcase_add_loop_test(machine_case, other_operands_need_not_be_aligned, 0,
                        sizeof unaligned / sizeof unaligned[0]);
    tcase_add_loop_test(machine_case, it_is_found_whatever_comes_before_it, 0,
                        sizeof ways / sizeof ways[0]);
    tcase_add_test(machine_case, the_same_code_is_looked_at_each_time);
    tcase_add_test(machine_case, the_base_of_a_segment_counts);
    tcase_add_test(machine_case, faults_that_come_first_do);
    suite_add_tcase(suite, machine_case);
    return suite;
}
