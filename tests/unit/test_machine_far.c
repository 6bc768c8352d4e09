/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Far transfers inside the machine: RETF, far CALL and JMP, call gates. Tests run with both MMUs.
 * Expectations: [SDM 2] RET, CALL, JMP; [SDM 3A] 5.8.
 */
#include <string.h>

#include "tests/unit/machine_case.h"

#define CODE    UINT64_C(0x7000) /* where EXECUTE puts code */
#define GDT     UINT64_C(0x5000)
#define KERNEL  UINT64_C(0x300000) /* code for the target of a transfer */
#define USER    UINT64_C(0x400000)
#define STACK   UINT64_C(0x500000) /* the user's */
#define RSP0    UINT64_C(0x600000)
#define POINTER UINT64_C(0x700000) /* a far pointer */

/* Descriptors from 0x38 on, a TSS at 0x28, and pages of CPL 3 from 2 MiB on. */
static void open_mmu(int round)
{
    struct sim_registers registers = {0};

    if (round == 0) {
        machine_case_open();
    } else {
        machine_case_open_engine();
    }
    registers.rdi = sim_machine_scratch(machine);
    machine_case_load();
    allow_user(RSP0);
    poke(registers.rdi, 0x7F | GDT << 16);
    poke(registers.rdi + 8, 0);
    EXECUTE(&registers, 0x0F, 0x01, 0x17); /* lgdt (%rdi) */
}

static void put_code(uint64_t address, const uint8_t *code, size_t size)
{
    memcpy(sim_machine_ram(machine, address, size), code, size);
    sim_machine_forget_code(machine);
}

#define PUT_CODE(address, ...) \
    put_code((address), (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/* [SDM 3A] figure 5-8: 16 bytes at 0x40. */
static void set_call_gate(uint64_t offset, uint64_t selector, uint64_t access)
{
    poke(GDT + 0x40, (offset & 0xFFFF) | selector << 16 | access << 40 | (offset >> 16) << 48);
    poke(GDT + 0x48, 0);
}

/* pushq %rax; pushq %rcx; lretq */
static struct sim_result far_return(uint64_t cs, uint64_t rip)
{
    struct sim_registers registers = {.rax = cs, .rcx = rip};

    return EXECUTE(&registers, 0x50, 0x51, 0x48, 0xCB);
}

START_TEST(a_far_return_to_the_same_privilege_is_checked)
{
    static const struct {
        uint64_t cs, rip, descriptor; /* of 0x38 */
        unsigned int vector;
        int64_t error_code;
    } cases[] = {
        {0x00, KERNEL, 0, 13, 0},
        {0x80, KERNEL, 0, 13, 0x80},
        {0x10, KERNEL, 0, 13, 0x10},
        {0x20, KERNEL, 0, 13, 0x20},                         /* DPL 3, RPL 0 */
        {0x38, KERNEL, 0x00AF1B000000FFFF, 11, 0x38},        /* not present */
        {0x38, KERNEL, 0x00EF9B000000FFFF, 13, 0x38},        /* L and D */
        {0x08, UINT64_C(0x800000000000), 0, 13, 0},          /* not canonical */
        {0x38, UINT64_C(0x1000), 0x00409B0000000FFF, 13, 0}, /* beyond a 32-bit segment's limit */
    };
    struct sim_result result;

    open_mmu(_i / 8);
    poke(GDT + 0x38, cases[_i % 8].descriptor);
    result = far_return(cases[_i % 8].cs, cases[_i % 8].rip);
    check_fault(&result, cases[_i % 8].vector, cases[_i % 8].error_code);
    ck_assert_uint_eq(result.fault.rip, CODE + 2); /* at the instruction */
    machine_case_close();
}
END_TEST

START_TEST(a_far_return_works_and_releases_parameters)
{
    struct sim_registers registers = {.rax = 0x08};

    open_mmu(_i);
    /* movq %rsp, %rbx; subq $24, %rsp; leaq 6(%rip), %rcx; pushq %rax; pushq %rcx; lretq $24 */
    ck_assert_int_eq(EXECUTE(&registers, 0x48, 0x89, 0xE3, 0x48, 0x83, 0xEC, 0x18, 0x48, 0x8D, 0x0D,
                             0x06, 0x00, 0x00, 0x00, 0x50, 0x51, 0x48, 0xCA, 0x18, 0x00)
                         .stop,
                     SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rsp, registers.rbx);
    machine_case_close();
}
END_TEST

/* pushq %rbx (SS), %rdi (RSP), %rax (CS), %rcx (RIP); lretq */
static struct sim_result return_outward(uint64_t ss, uint64_t cs)
{
    struct sim_registers registers = {.rbx = ss, .rdi = STACK, .rax = cs, .rcx = USER};

    return EXECUTE(&registers, 0x53, 0x57, 0x50, 0x51, 0x48, 0xCB);
}

START_TEST(a_far_return_to_less_privilege_loads_the_stack_too)
{
    struct sim_result result;

    open_mmu(_i);
    PUT_CODE(USER, 0x8C, 0xC8, 0x0F, 0x0B); /* movl %cs, %eax; ud2 */
    result = return_outward(0x1B, 0x23);
    check_fault(&result, 6, -1);
    ck_assert_uint_eq(result.fault.rip, USER + 2);
    machine_case_close();
}
END_TEST

START_TEST(the_stack_of_a_far_return_is_checked)
{
    static const struct {
        uint64_t ss, descriptor; /* of 0x38 */
        unsigned int vector;
        int64_t error_code;
    } cases[] = {
        {0x00, 0, 13, 0},
        {0x10, 0, 13, 0x10},                  /* RPL 0 */
        {0x13, 0, 13, 0x10},                  /* DPL 0 */
        {0x23, 0, 13, 0x20},                  /* code */
        {0x3B, 0x00CF73000000FFFF, 12, 0x38}, /* not present */
    };
    struct sim_result result;

    open_mmu(_i / 5);
    poke(GDT + 0x38, cases[_i % 5].descriptor);
    result = return_outward(cases[_i % 5].ss, 0x23);
    check_fault(&result, cases[_i % 5].vector, cases[_i % 5].error_code);
    ck_assert_uint_eq(result.fault.rip, CODE + 4);
    machine_case_close();
}
END_TEST

/* A far pointer with an offset of 8 bytes, for REX.W. */
static void set_pointer(uint64_t offset, uint64_t selector)
{
    poke(POINTER, offset);
    poke(POINTER + 8, selector);
}

START_TEST(a_far_call_to_code_returns)
{
    struct sim_registers registers = {.rdi = POINTER};

    open_mmu(_i);
    PUT_CODE(KERNEL, 0x48, 0x8B, 0x04, 0x24, 0x48, 0x8B, 0x54, 0x24, 0x08, /* the frame */
             0x48, 0xCB);                                                  /* lretq */
    set_pointer(KERNEL, 0x08);
    ck_assert_int_eq(EXECUTE(&registers, 0x48, 0xFF, 0x1F).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, CODE + 3);
    ck_assert_uint_eq(registers.rdx & 0xFFFF, 0x08);
    machine_case_close();
}
END_TEST

START_TEST(a_far_jump_or_call_is_checked)
{
    static const struct {
        uint64_t selector, offset;
        unsigned int vector;
        int64_t error_code;
        const char *text;
    } cases[] = {
        {0x00, KERNEL, 13, 0, "the selector is null"},
        {0x23, KERNEL, 13, 0x20, "DPL 3, but CPL is 0"},
        {0x10, KERNEL, 13, 0x10, "no code segment"},
        {0x28, KERNEL, 13, 0x28, "neither a code segment nor a call gate"}, /* the TSS */
        {0x08, UINT64_C(0x900000000000), 13, 0, "not canonical"},
    };
    struct sim_registers registers = {.rdi = POINTER};
    struct sim_result result;

    open_mmu(_i / 5);
    set_pointer(cases[_i % 5].offset, cases[_i % 5].selector);
    result = EXECUTE(&registers, 0x48, 0xFF, 0x2F); /* ljmpq *(%rdi) */
    check_fault(&result, cases[_i % 5].vector, cases[_i % 5].error_code);
    ck_assert_uint_eq(result.fault.rip, CODE);
    registers.rdi = POINTER;
    result = EXECUTE(&registers, 0x48, 0xFF, 0x1F); /* lcallq *(%rdi) */
    check_fault(&result, cases[_i % 5].vector, cases[_i % 5].error_code);
    ck_assert_uint_eq(result.fault.rip, CODE);
    machine_case_close();
}
END_TEST

START_TEST(a_call_gate_of_the_same_privilege_is_called_and_left)
{
    struct sim_registers registers = {.rdi = POINTER};

    open_mmu(_i);
    PUT_CODE(KERNEL, 0x48, 0x89, 0xE0, 0x48, 0xCB); /* movq %rsp, %rax; lretq */
    set_call_gate(KERNEL, 0x08, 0x8C);
    set_pointer(0x1234, 0x40);
    ck_assert_int_eq(EXECUTE(&registers, 0x48, 0xFF, 0x1F).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(registers.rax, registers.rsp - 16);
    machine_case_close();
}
END_TEST

/* From CPL 3 in, and out again by lretq, which finds the user's stack in the frame. */
START_TEST(a_call_gate_leads_into_the_kernel_and_a_far_return_out)
{
    struct sim_result result;

    open_mmu(_i);
    /* movl $POINTER, %edi; lcall *(%rdi); ud2 */
    PUT_CODE(USER, 0xBF, 0x00, 0x00, 0x70, 0x00, 0xFF, 0x1F, 0x0F, 0x0B);
    /* movl $POINTER + 32, %esi; movq %rsp, (%rsi); movl %cs, 8(%rsi); movl %ss, 12(%rsi); lretq */
    PUT_CODE(KERNEL, 0xBE, 0x20, 0x00, 0x70, 0x00, 0x48, 0x89, 0x26, 0x8C, 0x4E, 0x08, 0x8C, 0x56,
             0x0C, 0x48, 0xCB);
    set_call_gate(KERNEL, 0x08, 0xEC);
    poke(POINTER, UINT64_C(0x43) << 32); /* m16:32 */
    poke(POINTER + 40, 0xFFFFFFFFFFFFFFFF);
    result = return_outward(0x1B, 0x23);
    check_fault(&result, 6, -1);
    ck_assert_uint_eq(result.fault.rip, USER + 7);
    ck_assert_uint_eq(peek(POINTER + 32), RSP0 - 32);
    ck_assert_uint_eq(peek(POINTER + 40) & 0xFFFF, 0x08);
    ck_assert_uint_eq(peek(POINTER + 40) >> 32 & 0xFFFF, 0);
    ck_assert_uint_eq(peek(RSP0 - 32), USER + 7);
    ck_assert_uint_eq(peek(RSP0 - 24), 0x23);
    ck_assert_uint_eq(peek(RSP0 - 16), STACK);
    ck_assert_uint_eq(peek(RSP0 - 8), 0x1B);
    machine_case_close();
}
END_TEST

START_TEST(a_call_gate_without_a_stack_faults_at_the_call)
{
    struct sim_result result;

    open_mmu(_i);
    PUT_CODE(USER, 0xBF, 0x00, 0x00, 0x70, 0x00, 0xFF, 0x1F, 0x0F, 0x0B);
    set_call_gate(KERNEL, 0x08, 0xEC);
    poke(POINTER, UINT64_C(0x43) << 32);
    poke(TSS_BASE + 4, UNMAPPED + 0x1000);
    result = return_outward(0x1B, 0x23);
    check_fault(&result, 14, 0x2);
    ck_assert_uint_eq(result.fault.rip, USER + 5);
    ck_assert_uint_eq(result.fault.cr2, UNMAPPED + 0xFE0);
    machine_case_close();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_far");
    TCase *both = tcase_create("both MMUs");

    tcase_add_loop_test(both, a_far_return_to_the_same_privilege_is_checked, 0, 16);
    tcase_add_loop_test(both, a_far_return_works_and_releases_parameters, 0, 2);
    tcase_add_loop_test(both, a_far_return_to_less_privilege_loads_the_stack_too, 0, 2);
    tcase_add_loop_test(both, the_stack_of_a_far_return_is_checked, 0, 10);
    tcase_add_loop_test(both, a_far_call_to_code_returns, 0, 2);
    tcase_add_loop_test(both, a_far_jump_or_call_is_checked, 0, 10);
    tcase_add_loop_test(both, a_call_gate_of_the_same_privilege_is_called_and_left, 0, 2);
    tcase_add_loop_test(both, a_call_gate_leads_into_the_kernel_and_a_far_return_out, 0, 2);
    tcase_add_loop_test(both, a_call_gate_without_a_stack_faults_at_the_call, 0, 2);
    suite_add_tcase(suite, both);
    return suite;
}
