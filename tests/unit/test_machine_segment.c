/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits and rights of segments in compatibility mode. Expectations: [SDM 3A] 5.3 (limits), 5.4.1
 * (null selectors), 5.5 and 3.4.5.1 (types), 6.15, interrupts 12 and 13; table 6-2 for which of two
 * faults comes first.
 */
#include <string.h>

#include "tests/unit/machine_case.h"

#define CODE UINT64_C(0x7000) /* where EXECUTE puts code */
#define GDT  UINT64_C(0x5000)
#define BASE UINT64_C(0x20000) /* of the segments */

/* Offset of the instructions in question. */
enum {
    START = 17
};

/* Second byte of MOV of EAX to a segment register. */
enum {
    TO_ES = 0xC0,
    TO_SS = 0xD0,
    TO_DS = 0xD8,
    TO_FS = 0xE0,
    FLAT_TO_DS = 0xDA, /* EDX, which is a selector of 4 GiB */
};

/* [SDM 3A] figure 3-8: all begin at BASE. */
#define DATA        UINT64_C(0x0040930200000FFF) /* bytes 0 to FFF */
#define READ_ONLY   UINT64_C(0x0040910200000FFF)
#define CODE_READ   UINT64_C(0x00409B0200000FFF)
#define DOWN        UINT64_C(0x0040970200000FFF) /* bytes 1000 to FFFFFFFF */
#define DOWN_16     UINT64_C(0x0000970200000FFF) /* bytes 1000 to FFFF */
#define IN_4K_UNITS UINT64_C(0x00C0930200000001) /* bytes 0 to 1FFF */
#define TO_1001     UINT64_C(0x0040930200001001)
#define ALL         UINT64_C(0x00CF93020000FFFF)

struct row {
    const char *name;
    uint64_t descriptor; /* 0: the selector is null */
    uint8_t load;        /* the register that is loaded */
    unsigned int vector; /* 0: all is well */
    size_t at;           /* of the instruction that faults */
    size_t size;
    uint8_t bytes[16];
};

static const struct row rows[] = {
    {"last word", DATA, TO_DS, 0, 0, 5, {0xA1, 0xFC, 0x0F, 0, 0}},
    {"a byte too far", DATA, TO_DS, 13, 0, 5, {0xA1, 0xFD, 0x0F, 0, 0}},
    {"last byte", DATA, TO_DS, 0, 0, 6, {0x8A, 0x0D, 0xFF, 0x0F, 0, 0}},
    {"byte after it", DATA, TO_DS, 13, 0, 6, {0x8A, 0x0D, 0x00, 0x10, 0, 0}},
    {"last word, written", DATA, TO_DS, 0, 0, 6, {0x89, 0x05, 0xFC, 0x0F, 0, 0}},
    {"written too far", DATA, TO_DS, 13, 0, 6, {0x89, 0x05, 0xFE, 0x0F, 0, 0}},
    {"negative", DATA, TO_DS, 13, 0, 6, {0x8B, 0x05, 0xFC, 0xFF, 0xFF, 0xFF}},
    {"16-bit address", DATA, TO_DS, 13, 0, 5, {0x67, 0x8B, 0x0E, 0xFD, 0x0F}},
    {"not in front of a page that is absent", DATA, TO_DS, 13, 0, 5, {0xA1, 0, 0xF0, 0xFE, 0xFF}},
    {"second instruction", DATA, TO_DS, 13, 5, 10, {0xA1, 0, 0, 0, 0, 0xA1, 0, 0x10, 0, 0}},
    {"limit in 4 KiB", IN_4K_UNITS, TO_DS, 0, 0, 5, {0xA1, 0xFC, 0x1F, 0, 0}},
    {"beyond it", IN_4K_UNITS, TO_DS, 13, 0, 5, {0xA1, 0xFD, 0x1F, 0, 0}},
    {"across pages", TO_1001, TO_DS, 0, 0, 5, {0xA1, 0xFE, 0x0F, 0, 0}},
    {"across pages, too far", TO_1001, TO_DS, 13, 0, 5, {0xA1, 0xFF, 0x0F, 0, 0}},
    {"read-only, read", READ_ONLY, TO_DS, 0, 0, 5, {0xA1, 0, 0, 0, 0}},
    {"read-only, written", READ_ONLY, TO_DS, 13, 0, 6, {0x89, 0x05, 0, 0, 0, 0}},
    {"read-only, added to", READ_ONLY, TO_DS, 13, 0, 7, {0x83, 0x05, 0, 0, 0, 0, 1}},
    {"code, read", CODE_READ, TO_DS, 0, 0, 5, {0xA1, 0, 0, 0, 0}},
    {"code, written", CODE_READ, TO_DS, 13, 0, 6, {0x89, 0x05, 0, 0, 0, 0}},
    {"expand-down", DOWN, TO_DS, 0, 0, 5, {0xA1, 0, 0x10, 0, 0}},
    {"expand-down, below", DOWN, TO_DS, 13, 0, 5, {0xA1, 0xFF, 0x0F, 0, 0}},
    {"16-bit expand-down", DOWN_16, TO_DS, 0, 0, 5, {0xA1, 0xFC, 0xFF, 0, 0}},
    {"16-bit expand-down, above", DOWN_16, TO_DS, 13, 0, 5, {0xA1, 0xFD, 0xFF, 0, 0}},
    {"null", 0, TO_DS, 13, 0, 5, {0xA1, 0, 0, 2, 0}},
    {"all", ALL, TO_DS, 0, 0, 5, {0xA1, 0xFC, 0x1F, 0, 0}},
    {"popl %ds", DATA, FLAT_TO_DS, 13, 3, 8, {0x6A, 0x38, 0x1F, 0xA1, 0, 0x10, 0, 0}},
    {"popl %ds, all", ALL, FLAT_TO_DS, 0, 0, 8, {0x6A, 0x38, 0x1F, 0xA1, 0, 0x10, 0, 0}},
    {"another segment", DATA, TO_ES, 0, 0, 5, {0xA1, 0, 0, 2, 0}},
    {"a prefix", DATA, TO_ES, 13, 0, 6, {0x26, 0xA1, 0, 0x10, 0, 0}},
    {"fs", DATA, TO_FS, 13, 0, 6, {0x64, 0xA1, 0, 0x10, 0, 0}},
    {"fs, allowed", DATA, TO_FS, 0, 0, 6, {0x64, 0xA1, 0, 0x0F, 0, 0}},
    {"stosl", DATA, TO_ES, 0, 0, 6, {0xBF, 0xFC, 0x0F, 0, 0, 0xAB}},
    {"stosl too far", DATA, TO_ES, 13, 5, 6, {0xBF, 0xFD, 0x0F, 0, 0, 0xAB}},
    {"rep stosb", DATA, TO_ES, 13, 10, 12, {0xBF, 0xF0, 0x0F, 0, 0, 0xB9, 17, 0, 0, 0, 0xF3, 0xAA}},
    {"movsl", DATA, TO_ES, 13, 10, 11, {0xBF, 0, 0x10, 0, 0, 0xBE, 0, 0, 2, 0, 0xA5}},
    {"lodsl", DATA, TO_ES, 0, 0, 6, {0xBE, 0, 0, 2, 0, 0xAD}},
    {"cmpsl", DATA, TO_ES, 0, 0, 11, {0xBF, 0xFC, 0x0F, 0, 0, 0xBE, 0, 0, 2, 0, 0xA7}},
    {"cmpsl too far", DATA, TO_ES, 13, 10, 11, {0xBF, 0, 0x10, 0, 0, 0xBE, 0, 0, 2, 0, 0xA7}},
    {"pushl of memory", DATA, TO_DS, 13, 0, 6, {0xFF, 0x35, 0, 0x10, 0, 0}},
    {"popl to memory", DATA, TO_DS, 13, 0, 6, {0x8F, 0x05, 0, 0x10, 0, 0}},
    {"push", DATA, TO_SS, 0, 0, 6, {0xBC, 0, 0x10, 0, 0, 0x50}},
    {"push too high", DATA, TO_SS, 12, 5, 6, {0xBC, 1, 0x10, 0, 0, 0x50}},
    {"push below 0", DATA, TO_SS, 12, 5, 6, {0xBC, 0, 0, 0, 0, 0x50}},
    {"pop too high", DATA, TO_SS, 12, 5, 6, {0xBC, 0xFE, 0x0F, 0, 0, 0x58}},
    {"call", DATA, TO_SS, 12, 5, 10, {0xBC, 0, 0, 0, 0, 0xE8, 0, 0, 0, 0}},
    {"%esp", DATA, TO_SS, 12, 5, 8, {0xBC, 0xFE, 0x0F, 0, 0, 0x8B, 0x04, 0x24}},
    {"%ebp", DATA, TO_SS, 12, 5, 8, {0xBD, 0, 0, 0, 0, 0x8B, 0x45, 0xFC}},
    {"%ebp with a prefix", DATA, TO_SS, 0, 0, 9, {0xBD, 0, 0, 2, 0, 0x3E, 0x8B, 0x45, 4}},
    {"not %ebp", DATA, TO_SS, 0, 0, 5, {0xA1, 0, 0, 2, 0}},
};

/*
 * pushq $0x30; pushq $CODE + 10; lretq; nop; and as 32-bit code movl $0x38, %eax; a load of a
 * segment register; the row; ljmp to 64-bit code. RAX is in *rax then.
 */
static struct sim_result execute_row(const struct row *row, uint64_t *rax)
{
    uint8_t code[64] = {0x6A, 0x30, 0x68, 0x0A, 0x70, 0, 0, 0x48,
                        0xCB, 0x90, 0xB8, 0x38, 0,    0, 0, 0x8E};
    size_t end = START + row->size;
    uint8_t back[] = {0xEA, (uint8_t)(end + 7), 0x70, 0, 0, 8, 0, 0x90};
    struct sim_registers registers = {.rdx = 0x10, .rdi = sim_machine_scratch(machine)};
    struct sim_result result;

    EXECUTE(&registers, 0x0F, 0x01, 0x07); /* sgdt (%rdi) */
    poke(registers.rdi, (peek(registers.rdi) & ~UINT64_C(0xFFFF)) | 0x3F);
    EXECUTE(&registers, 0x0F, 0x01, 0x17); /* lgdt (%rdi) */
    poke(GDT + 0x30, 0x00CF9B000000FFFF);
    poke(GDT + 0x38, row->descriptor);
    code[11] = row->descriptor == 0 ? 0 : 0x38;
    code[16] = row->load;
    memcpy(code + START, row->bytes, row->size);
    memcpy(code + end, back, sizeof back);
    result = execute(code, end + sizeof back, &registers);
    *rax = registers.rax;
    return result;
}

START_TEST(a_segment_allows_what_its_descriptor_says)
{
    const struct row *row = &rows[_i];
    uint64_t rax = 0;
    struct sim_result result = execute_row(row, &rax);

    if (row->vector == 0) {
        ck_assert_msg(result.stop == SIM_STOP_RETURNED, "%s: %s", row->name, result.fault.reason);
        return;
    }
    ck_assert_msg(result.stop == SIM_STOP_FAULT, "%s is executed", row->name);
    ck_assert_msg(result.fault.vector == row->vector, "%s: vector %u", row->name,
                  result.fault.vector);
    check_fault(&result, row->vector, 0);
    ck_assert_msg(result.fault.rip == CODE + START + row->at, "%s", row->name);
}
END_TEST

START_TEST(what_is_not_allowed_is_not_done)
{
    static const struct row store = {"movl", READ_ONLY, TO_DS, 13, 0, 6, {0x89, 0x05, 0, 0, 0, 0}};

    uint64_t rax = 0;

    poke(BASE, 0x1122334455667788);
    ck_assert_int_eq(execute_row(&store, &rax).stop, SIM_STOP_FAULT);
    ck_assert_uint_eq(peek(BASE), 0x1122334455667788);
}
END_TEST

/* Instructions are stepped, and the guest does not see it. */
START_TEST(pushed_flags_have_no_trap_flag)
{
    /* movl $0x1000, %esp; pushfl; popl %eax */
    static const struct row push = {
        "pushfl", DATA, TO_SS, 0, 0, 7, {0xBC, 0, 0x10, 0, 0, 0x9C, 0x58}};
    uint64_t rax = 0;

    ck_assert_int_eq(execute_row(&push, &rax).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(rax & 0x302, 0x2);
}
END_TEST

/* Ways from 64-bit code, which has no limits, to 32-bit code at CODE + 40: with DS loaded before. */
static const struct way {
    size_t size;
    uint8_t bytes[24];
} ways[] = {
    {9, {0x6A, 0x30, 0x68, 0x28, 0x70, 0, 0, 0x48, 0xCB}}, /* lretq */
    /* movq %rsp, %rdx; pushq $0x10; pushq %rdx; pushq $2; pushq $0x30; pushq $CODE + 40; iretq */
    {17,
     {0x48, 0x89, 0xE2, 0x6A, 0x10, 0x52, 0x6A, 2, 0x6A, 0x30, 0x68, 0x28, 0x70, 0, 0, 0x48, 0xCF}},
    /* movabsq $0x3000007028, %rdx; pushq %rdx; ljmpl *(%rsp) */
    {14, {0x48, 0xBA, 0x28, 0x70, 0, 0, 0x30, 0, 0, 0, 0x52, 0xFF, 0x2C, 0x24}},
};

START_TEST(a_limit_counts_as_soon_as_the_code_has_32_bits)
{
    /* movl $0x38, %eax; movl %eax, %ds; movl 0x21000, %eax, which has no limit yet */
    uint8_t code[64] = {0xB8, 0x38, 0, 0, 0, 0x8E, 0xD8, 0x8B, 0x04, 0x25, 0x00, 0x10, 0x02, 0x00};
    struct sim_registers registers = {.rdi = sim_machine_scratch(machine)};
    struct sim_result result;

    EXECUTE(&registers, 0x0F, 0x01, 0x07); /* sgdt (%rdi) */
    poke(registers.rdi, (peek(registers.rdi) & ~UINT64_C(0xFFFF)) | 0x3F);
    EXECUTE(&registers, 0x0F, 0x01, 0x17); /* lgdt (%rdi) */
    poke(GDT + 0x30, 0x00CF9B000000FFFF);
    poke(GDT + 0x38, DATA);
    memcpy(code + 14, ways[_i].bytes, ways[_i].size);
    memcpy(code + 40, (const uint8_t[]){0xA1, 0, 0x10, 0, 0, 0x90}, 6); /* movl 0x1000, %eax */
    result = execute(code, 46, &registers);
    ck_assert_int_eq(result.stop, SIM_STOP_FAULT);
    check_fault(&result, 13, 0);
    ck_assert_uint_eq(result.fault.rip, CODE + 40);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_segment");
    TCase *tests = tcase_create("machine_segment");

    tcase_add_checked_fixture(tests, machine_case_open, machine_case_close);
    tcase_add_loop_test(tests, a_segment_allows_what_its_descriptor_says, 0,
                        sizeof rows / sizeof rows[0]);
    tcase_add_test(tests, what_is_not_allowed_is_not_done);
    tcase_add_test(tests, pushed_flags_have_no_trap_flag);
    tcase_add_loop_test(tests, a_limit_counts_as_soon_as_the_code_has_32_bits, 0,
                        sizeof ways / sizeof ways[0]);
    suite_add_tcase(suite, tests);
    return suite;
}
