/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes of privilege by SYSCALL, SYSENTER and their returns, in the engine. What they compute is
 * tested in test_fast_call.c. Expectations: [SDM 2] SYSCALL, SYSRET, SYSENTER, SYSEXIT, SWAPGS.
 */
#include <string.h>

#include "tests/unit/event_case.h"

#define KERNEL_TOP   UINT64_C(0x380000)
#define KERNEL_ENTRY UINT64_C(0x310000)
#define RECORD       UINT64_C(0x320000)

/* What the kernel's entry code stores at RECORD. */
enum {
    AT_RCX = 0,
    AT_R11 = 8,
    AT_RFLAGS = 16,
    AT_CS = 24,
    AT_SS = 32,
    AT_RSP = 40
};

static void write_msr(uint32_t index, uint64_t value)
{
    struct sim_registers registers = {.rcx = index, .rax = value, .rdx = value >> 32};

    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x30).stop, SIM_STOP_RETURNED);
}

static uint64_t read_msr(uint32_t index)
{
    struct sim_registers registers = {.rcx = index};

    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x32).stop, SIM_STOP_RETURNED);
    return registers.rdx << 32 | (uint32_t)registers.rax;
}

static void place(uint64_t address, const uint8_t *code, size_t size)
{
    memcpy(sim_machine_ram(machine, address, size), code, size);
    sim_machine_forget_code(machine);
}

#define PLACE(address, ...) \
    place((address), (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/* mov %rcx, 0x320000; mov %r11, 0x320008; pushfq needs a stack: R15 has one */
#define RECORD_ALL                                                                  \
    0x48, 0x89, 0x0C, 0x25, 0x00, 0x00, 0x32, 0x00,     /* movq %rcx, 0x320000 */   \
        0x4C, 0x89, 0x1C, 0x25, 0x08, 0x00, 0x32, 0x00, /* movq %r11, 0x320008 */   \
        0x48, 0x89, 0x24, 0x25, 0x28, 0x00, 0x32, 0x00, /* movq %rsp, 0x320028 */   \
        0x9C, 0x8F, 0x04, 0x25, 0x10, 0x00, 0x32, 0x00, /* pushfq; popq 0x320010 */ \
        0x8C, 0x0C, 0x25, 0x18, 0x00, 0x32, 0x00,       /* movw %cs, 0x320018 */    \
        0x8C, 0x14, 0x25, 0x20, 0x00, 0x32, 0x00        /* movw %ss, 0x320020 */

static uint64_t recorded(unsigned int offset)
{
    return peek(RECORD + offset);
}

/*
 * STAR: SYSCALL to 0x08 and 0x10, SYSRET to 0x10 + 16 = 0x23 with RPL 3 for CS and + 8 = 0x1B for
 * SS: the boot GDT is in that order.
 */
static void open_for_calls(void)
{
    event_case_open();
    allow_user(KERNEL_TOP);
    write_msr(0xC0000081, 0x0013000800000000);
    write_msr(0xC0000082, KERNEL_ENTRY);
    write_msr(0xC0000084, 0x00000700); /* TF, IF, DF */
    write_msr(0x174, 0x08);
    write_msr(0x175, KERNEL_TOP);
    write_msr(0x176, KERNEL_ENTRY);
    clear_events();
}

START_TEST(syscall_enters_ring_0_without_a_stack_and_sysret_goes_back)
{
    struct sim_result result;

    /* then: addq $5, %rax; sysretq */
    PLACE(KERNEL_ENTRY, RECORD_ALL, 0x48, 0x83, 0xC0, 0x05, 0x48, 0x0F, 0x07);
    /* std; stc; movl $2, %eax; syscall; cld; movl %cs, %ecx; shll $8, %ecx; addl %ecx, %eax */
    result = EXECUTE_USER(0x200, 0xFD, 0xF9, 0xB8, 0x02, 0x00, 0x00, 0x00, 0x0F, 0x05, 0xFC, 0x8C,
                          0xC9, 0xC1, 0xE1, 0x08, 0x01, 0xC8);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(result.value, 0x2300 + 7);
    ck_assert_uint_eq(recorded(AT_RCX), USER_CODE + 9);
    ck_assert_uint_eq(recorded(AT_R11) & 0xF01, 0x601); /* IF, DF and CF as they were */
    ck_assert_uint_eq(recorded(AT_RFLAGS) & 0xF01, 0x001);
    ck_assert_uint_eq(recorded(AT_CS) & 0xFFFF, 0x08);
    ck_assert_uint_eq(recorded(AT_SS) & 0xFFFF, 0x10);
    ck_assert_uint_eq(recorded(AT_RSP), USER_STACK);
    ck_assert_uint_eq(event_count(), 0);
}
END_TEST

/* The engine asks for the stack, then for the descriptor, which only the processor itself may read. */
START_TEST(ring_3_returns_to_itself_by_iretq_though_the_gdt_is_the_kernels)
{
    struct sim_result result;

    /* movq %cr3, %rax; movq %rax, %cr3; sysretq: nothing is cached */
    PLACE(KERNEL_ENTRY, 0x0F, 0x20, 0xD8, 0x0F, 0x22, 0xD8, 0x48, 0x0F, 0x07);
    /* syscall; movl %ss, %eax; pushq %rax; pushq %rsp; addq $8, (%rsp); pushfq; movl %cs, %eax;
       pushq %rax; leaq 3(%rip), %rcx; pushq %rcx; iretq; movl $7, %eax */
    result = EXECUTE_USER(0x200, 0x0F, 0x05, 0x8C, 0xD0, 0x50, 0x54, 0x48, 0x83, 0x04, 0x24, 0x08,
                          0x9C, 0x8C, 0xC8, 0x50, 0x48, 0x8D, 0x0D, 0x03, 0x00, 0x00, 0x00, 0x51,
                          0x48, 0xCF, 0xB8, 0x07, 0x00, 0x00, 0x00);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(result.value, 7);
    ck_assert_uint_eq(event_count(), 0);
}
END_TEST

START_TEST(sysret_brings_back_the_flags_of_r11_and_ring_3)
{
    PLACE(KERNEL_ENTRY, 0x48, 0x0F, 0x07);
    on_event(13, 0, 1);
    /* syscall; cli: #GP, since the ring is 3 again and IOPL 0 */
    EXECUTE_USER(0x200, 0x0F, 0x05, 0xFA, 0x90);
    ck_assert_uint_eq(event_at(0).cs, 0x23);
    ck_assert_uint_eq(event_at(0).ss, 0x1B);
    ck_assert_uint_eq(event_at(0).rflags & 0x200, 0x200);
    check_only_event(13, 0, USER_CODE + 2);
}
END_TEST

/* On Intel processors the #GP comes at CPL 0, on the stack of the user. */
START_TEST(sysret_to_an_address_that_is_not_canonical_faults_in_ring_0)
{
    /* movq $1, %rcx; shlq $47, %rcx; sysretq; then back by the handler's skip: shrq $47, %rcx;
       movl $0x300002, %ecx; sysretq */
    PLACE(KERNEL_ENTRY, 0xB9, 0x01, 0x00, 0x00, 0x00, 0x48, 0xC1, 0xE1, 0x2F, 0x48, 0x0F, 0x07,
          0xB9, 0x02, 0x00, 0x30, 0x00, 0x48, 0x0F, 0x07);
    on_event(13, 0, 3);
    ck_assert_int_eq(EXECUTE_USER(0, 0x0F, 0x05, 0x90).stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(event_at(0).cs, 0x08);
    ck_assert_uint_eq(event_at(0).slot, USER_STACK - 48);
    check_only_event(13, 0, KERNEL_ENTRY + 9);
}
END_TEST

START_TEST(without_efer_sce_there_is_no_syscall)
{
    write_msr(0xC0000080, 0xD00);
    on_event(6, 0, 2);
    EXECUTE_USER(0, 0x0F, 0x05, 0x90);
    check_only_event(6, -1, USER_CODE);
}
END_TEST

START_TEST(sysret_and_sysexit_are_for_ring_0)
{
    on_event(13, 0, 3);
    EXECUTE_USER(0, 0x48, 0x0F, 0x07, 0x90);
    check_only_event(13, 0, USER_CODE);
    EXECUTE_USER(0, 0x48, 0x0F, 0x35, 0x90);
    check_only_event(13, 0, USER_CODE);
    EXECUTE_USER(0, 0x0F, 0x01, 0xF8, 0x90); /* swapgs */
    check_only_event(13, 0, USER_CODE);
}
END_TEST

START_TEST(sysenter_takes_its_stack_from_the_msr_and_sysexit_returns)
{
    struct sim_result result;

    /* then: movl $USER_CODE + 9, %edx; movl $USER_STACK, %ecx; sysexitq */
    PLACE(KERNEL_ENTRY, RECORD_ALL, 0xBA, 0x09, 0x00, 0x30, 0x00, 0xB9, 0x00, 0x00, 0x3A, 0x00,
          0x48, 0x0F, 0x35);
    /* IA32_SYSENTER_CS + 32 | 3 is the code, + 40 | 3 the stack after SYSEXIT with REX.W */
    poke(0x5028, 0x00AFFB000000FFFF); /* user code at 0x28; TR keeps what it has */
    poke(0x5030, 0x00CFF3000000FFFF);
    /* movl $2, %eax; sti would fault; sysenter; addl $7, %eax */
    result =
        EXECUTE_USER(0x200, 0xB8, 0x02, 0x00, 0x00, 0x00, 0x90, 0x90, 0x0F, 0x34, 0x83, 0xC0, 0x07);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(result.value, 9);
    ck_assert_uint_eq(recorded(AT_RSP), KERNEL_TOP);
    ck_assert_uint_eq(recorded(AT_CS) & 0xFFFF, 0x08);
    ck_assert_uint_eq(recorded(AT_SS) & 0xFFFF, 0x10);
    ck_assert_uint_eq(recorded(AT_RFLAGS) & 0x200, 0);
}
END_TEST

START_TEST(sysenter_without_a_selector_is_a_general_protection_fault)
{
    write_msr(0x174, 0);
    on_event(13, 0, 2);
    EXECUTE_USER(0, 0x0F, 0x34, 0x90);
    check_only_event(13, 0, USER_CODE);
}
END_TEST

START_TEST(swapgs_exchanges_the_bases)
{
    struct sim_registers registers = {0};

    write_msr(0xC0000101, 0x330000);
    write_msr(0xC0000102, 0x340000);
    poke(0x330010, 1);
    poke(0x340010, 2);
    /* swapgs; movq %gs:0x10, %rax */
    EXECUTE(&registers, 0x0F, 0x01, 0xF8, 0x65, 0x48, 0x8B, 0x04, 0x25, 0x10, 0x00, 0x00, 0x00);
    ck_assert_uint_eq(registers.rax, 2);
    ck_assert_uint_eq(read_msr(0xC0000101), 0x340000);
    ck_assert_uint_eq(read_msr(0xC0000102), 0x330000);
}
END_TEST

/* An interrupt in the kernel part of a call, a fault in that handler, and all the way back. */
START_TEST(calls_interrupts_and_faults_nest)
{
    struct sim_result result;

    on_event(6, 0, 2);
    on_event(0x40, EVENT_FAULT, 0);
    /* movq %rsp, %r15; movl $0x370000, %esp; int $0x40; ud2; movq %r15, %rsp; sysretq */
    PLACE(KERNEL_ENTRY, 0x49, 0x89, 0xE7, 0xBC, 0x00, 0x00, 0x37, 0x00, 0xCD, 0x40, 0x0F, 0x0B,
          0x4C, 0x89, 0xFC, 0x48, 0x0F, 0x07);
    /* movl $0x77, %eax; movq %rax, %xmm3; movq %rax, %xmm15; twice: syscall;
       movq %xmm3, %rax; movq %xmm15, %rcx; addq %rcx, %rax */
    result = EXECUTE_USER(0x200, 0xB8, 0x77, 0x00, 0x00, 0x00, 0x66, 0x48, 0x0F, 0x6E, 0xD8, 0x66,
                          0x4C, 0x0F, 0x6E, 0xF8, 0x0F, 0x05, 0x0F, 0x05, 0x66, 0x48, 0x0F, 0x7E,
                          0xD8, 0x66, 0x4C, 0x0F, 0x7E, 0xF9, 0x48, 0x01, 0xC8);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(result.value, 0xEE);
    ck_assert_uint_eq(event_count(), 6);
    for (uint64_t i = 0; i < 6; i++) {
        ck_assert_uint_eq(event_at(i).vector, i % 3 == 0 ? 0x40 : 6);
        ck_assert_uint_eq(event_at(i).cs, 0x08);
    }
    ck_assert_uint_lt(event_at(1).slot, event_at(0).slot);
    ck_assert_uint_eq(event_at(2).slot, event_at(0).slot);
}
END_TEST

/* [SDM 3A] 6.14: handlers are 64-bit code whatever was interrupted. */
START_TEST(handlers_of_32_bit_user_code_are_64_bit_code)
{
    struct sim_result result;

    poke(0x5030, 0x00CFFB000000FFFF); /* user code, 32 bits; TR keeps what it has */
    /* pushq $0x33; pushq $0x300009; lretq; and there in 32-bit code: movl $7, %eax; int $0x40;
       incl %eax, which is a REX prefix in 64-bit code; nop */
    set_gate(0x40, address_of("guest_event_entries") + 0x400, (UINT64_C(0xEE00) << 32) | 0x80000);
    result = EXECUTE_USER(0, 0x6A, 0x33, 0x68, 0x09, 0x00, 0x30, 0x00, 0x48, 0xCB, 0xB8, 0x07, 0x00,
                          0x00, 0x00, 0xCD, 0x40, 0x40, 0x90);
    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    ck_assert_uint_eq(result.value, 8);
    ck_assert_uint_eq(event_at(0).cs, 0x33);
    ck_assert_uint_eq(event_at(0).ss, 0x1B);
    ck_assert_uint_eq(event_at(0).slot, KERNEL_TOP - 48);
    check_only_event(0x40, -1, USER_CODE + 16);
}
END_TEST

START_TEST(a_handler_may_change_sse_registers_for_good)
{
    struct sim_registers registers = {0};

    on_event(0x40, EVENT_SPOIL_SSE, 0);
    /* int $0x40; movq %xmm0, %rax; movq %xmm15, %rcx */
    EXECUTE(&registers, 0xCD, 0x40, 0x66, 0x48, 0x0F, 0x7E, 0xC0, 0x66, 0x4C, 0x0F, 0x7E, 0xF9);
    ck_assert_uint_eq(registers.rax, UINT64_MAX);
    ck_assert_uint_eq(registers.rcx, UINT64_MAX);
}
END_TEST

/* [SDM 2] SYSCALL: a trap after it depends on TF as FMASK leaves it. */
START_TEST(a_step_into_syscall_depends_on_fmask)
{
    PLACE(KERNEL_ENTRY, 0x90, 0x48, 0x0F, 0x07);
    EXECUTE_USER(0x100, 0x0F, 0x05, 0x90);
    ck_assert_uint_eq(event_count(), 2); /* after SYSRET, which sets TF, and after NOP */
    ck_assert_uint_eq(event_at(0).rip, USER_CODE + 2);
    ck_assert_uint_eq(event_at(1).rip, USER_CODE + 3);
    clear_events();
    write_msr(0xC0000084, 0);
    EXECUTE_USER(0x100, 0x0F, 0x05, 0x90);
    ck_assert_uint_eq(event_at(0).rip, KERNEL_ENTRY);
    ck_assert_uint_eq(event_at(0).cs, 0x08);
    ck_assert_uint_eq(event_at(1).rip, KERNEL_ENTRY + 1);
    ck_assert_uint_eq(event_at(2).rip, USER_CODE + 2);
    ck_assert_uint_eq(event_at(2).cs, 0x23);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_syscall");
    TCase *calls = tcase_create("calls");

    tcase_add_checked_fixture(calls, open_for_calls, event_case_close);
    tcase_add_test(calls, syscall_enters_ring_0_without_a_stack_and_sysret_goes_back);
    tcase_add_test(calls, ring_3_returns_to_itself_by_iretq_though_the_gdt_is_the_kernels);
    tcase_add_test(calls, sysret_brings_back_the_flags_of_r11_and_ring_3);
    tcase_add_test(calls, sysret_to_an_address_that_is_not_canonical_faults_in_ring_0);
    tcase_add_test(calls, without_efer_sce_there_is_no_syscall);
    tcase_add_test(calls, sysret_and_sysexit_are_for_ring_0);
    tcase_add_test(calls, sysenter_takes_its_stack_from_the_msr_and_sysexit_returns);
    tcase_add_test(calls, sysenter_without_a_selector_is_a_general_protection_fault);
    tcase_add_test(calls, swapgs_exchanges_the_bases);
    tcase_add_test(calls, calls_interrupts_and_faults_nest);
    tcase_add_test(calls, handlers_of_32_bit_user_code_are_64_bit_code);
    tcase_add_test(calls, a_handler_may_change_sse_registers_for_good);
    tcase_add_test(calls, a_step_into_syscall_depends_on_fmask);
    suite_add_tcase(suite, calls);
    return suite;
}
