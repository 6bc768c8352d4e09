/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Single-stepping by RFLAGS.TF through instructions that the engine executes and those that the
 * machine does itself. Expectations: [SDM 3B] 17.3.1.4; [SDM 3A] 6.8.3.
 */
#include <string.h>

#include "tests/unit/event_case.h"

#define DR6_BS UINT64_C(0x4000)

enum {
    POPFQ_END = 6,
    CODE_MAX = 64
};

/* Executes code with TF set by POPFQ before it, and cleared by the handler at the last event. */
static void step(const uint8_t *code, size_t size, struct sim_registers *registers)
{
    uint8_t bytes[CODE_MAX] = {0x68, 0x02, 0x01, 0x00, 0x00, 0x9D}; /* pushq $0x102; popfq */
    struct sim_result result;
    char text[512];

    memcpy(bytes + POPFQ_END, code, size);
    memcpy(bytes + POPFQ_END + size, (const uint8_t[]){0x6A, 0x02, 0x9D}, 3); /* TF = 0 */
    result = execute(bytes, POPFQ_END + size + 3, registers);
    sim_result_describe(&result, text, sizeof text);
    ck_assert_msg(result.stop == SIM_STOP_RETURNED, "%s", text);
}

#define STEP(registers, ...) \
    step((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), (registers))

/* The n-th event is a #DB trap with this RIP, as an offset from the instruction after POPFQ. */
static void check_step(uint64_t n, uint64_t offset)
{
    struct event event = event_at(n);

    ck_assert_uint_eq(event.vector, 1);
    ck_assert_uint_eq(event.rip, CODE + POPFQ_END + offset);
    ck_assert_uint_eq(event.rflags & 0x100, n + 1 == event_count() ? 0 : 0x100);
}

/* There was a trap after each of these instructions, PUSHQ and POPFQ. */
static void check_steps(const uint8_t *ends, size_t count)
{
    ck_assert_uint_eq(event_count(), count + 2);
    for (size_t i = 0; i < count; i++) {
        check_step(i, ends[i]);
    }
    check_step(count, ends[count - 1] + 2u);
    check_step(count + 1, ends[count - 1] + 3u);
}

#define CHECK_STEPS(...) \
    check_steps((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static uint64_t read_dr6(void)
{
    struct sim_registers registers = {0};

    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x21, 0xF0).stop, SIM_STOP_RETURNED);
    return registers.rax;
}

START_TEST(every_instruction_is_followed_by_a_trap)
{
    struct sim_registers registers = {.rcx = 2};

    /* nop; incq %rcx; jmp 1f; ud2; 1: pushq %rcx; popq %rax */
    STEP(&registers, 0x90, 0x48, 0xFF, 0xC1, 0xEB, 0x02, 0x0F, 0x0B, 0x51, 0x58);
    CHECK_STEPS(1, 4, 8, 9, 10);
    ck_assert_uint_eq(registers.rax, 3);
    ck_assert_uint_eq(event_at(0).rflags & 0x10000, 0); /* a trap: no RF */
}
END_TEST

START_TEST(dr6_says_single_step_and_keeps_saying_it)
{
    struct sim_registers registers = {.rax = 0xFFFF0FF0};

    STEP(NULL, 0x90);
    ck_assert_uint_eq(read_dr6(), 0xFFFF0FF0 | DR6_BS);
    EXECUTE(&registers, 0x0F, 0x23, 0xF0);
    ck_assert_uint_eq(read_dr6(), 0xFFFF0FF0);
    STEP(NULL, 0x90);
    ck_assert_uint_eq(read_dr6(), 0xFFFF0FF0 | DR6_BS);
}
END_TEST

START_TEST(the_handler_can_end_it)
{
    on_event(1, EVENT_STOP_STEPPING, 0);
    STEP(NULL, 0x90, 0x90, 0x90, 0x90);
    ck_assert_uint_eq(event_count(), 1);
    ck_assert_uint_eq(event_at(0).rip, CODE + POPFQ_END + 1);
}
END_TEST

START_TEST(instructions_the_machine_looks_at_are_steps_too)
{
    static const struct {
        uint8_t code[4], size;
    } cases[] = {
        {{0x0F, 0x01, 0x3A}, 3},       /* invlpg (%rdx) */
        {{0x0F, 0x22, 0xDE}, 3},       /* movq %rsi, %cr3 */
        {{0x0F, 0x20, 0xD8}, 3},       /* movq %cr3, %rax */
        {{0x44, 0x0F, 0x22, 0xC0}, 4}, /* movq %rax, %cr8 */
        {{0x44, 0x0F, 0x20, 0xC0}, 4}, /* movq %cr8, %rax */
        {{0x0F, 0x21, 0xF8}, 3},       /* movq %db7, %rax */
        {{0x0F, 0x32}, 2},             /* rdmsr */
        {{0x0F, 0x30}, 2},             /* wrmsr */
        {{0x0F, 0x31}, 2},             /* rdtsc */
        {{0x0F, 0xA2}, 2},             /* cpuid */
        {{0x0F, 0xC7, 0xF0}, 3},       /* rdrand %eax */
        {{0x0F, 0x01, 0xF8}, 3},       /* swapgs */
        {{0x0F, 0x06}, 2},             /* clts */
        {{0xE4, 0x61}, 2},             /* inb $0x61, %al */
        {{0xE6, 0x80}, 2},             /* outb %al, $0x80 */
        {{0x0F, 0x22, 0xE3}, 3},       /* movq %rbx, %cr4 */
        {{0x0F, 0x01, 0x1F}, 3},       /* lidt (%rdi) */
        {{0x8B, 0x02}, 2},             /* movl (%rdx), %eax */
    };
    struct sim_registers registers = {.rcx = 0x10, .rdx = 0, .rsi = 0x1000, .rbx = 0x620};
    uint64_t scratch = sim_machine_scratch(machine);

    registers.rdi = scratch;
    registers.rdx = scratch + 64;
    registers.rax = 0;
    poke(scratch, 0xFFF | IDT_BASE << 16);
    poke(scratch + 8, 0);
    registers.rcx = 0xC0000103; /* IA32_TSC_AUX */
    registers.rdx = _i == 7 ? 0 : registers.rdx;
    step(cases[_i].code, cases[_i].size, &registers);
    CHECK_STEPS(cases[_i].size);
}
END_TEST

/* IRETQ that sets TF: the trap comes after the instruction it returns to. [SDM 2] IRET */
START_TEST(iretq_with_tf_steps_its_first_instruction)
{
    struct sim_registers registers = {0};

    /* movq %rsp, %rax; pushq $0x10; pushq %rax; pushq $0x102; pushq $8; leaq 3(%rip), %rax;
       pushq %rax; iretq; 1: nop; nop; pushq $2; popfq */
    EXECUTE(&registers, 0x48, 0x89, 0xE0, 0x6A, 0x10, 0x50, 0x68, 0x02, 0x01, 0x00, 0x00, 0x6A,
            0x08, 0x48, 0x8D, 0x05, 0x03, 0x00, 0x00, 0x00, 0x50, 0x48, 0xCF, 0x90, 0x90, 0x6A,
            0x02, 0x9D);
    ck_assert_uint_eq(event_count(), 4);
    ck_assert_uint_eq(event_at(0).rip, CODE + 24);
    ck_assert_uint_eq(event_at(1).rip, CODE + 25);
}
END_TEST

/* [SDM 3A] 6.8.3: no trap between a load of SS and the instruction after it. */
START_TEST(a_load_of_ss_is_not_followed_by_a_trap)
{
    struct sim_registers registers = {.rax = 0x10};

    /* movl %eax, %ss; nop; nop */
    STEP(&registers, 0x8E, 0xD0, 0x90, 0x90);
    CHECK_STEPS(3, 4);
}
END_TEST

START_TEST(each_round_of_a_repeated_string_instruction_is_a_step)
{
    struct sim_registers registers = {.rcx = 3, .rdi = sim_machine_scratch(machine)};

    STEP(&registers, 0xF3, 0xAA, 0x90);
    CHECK_STEPS(0, 0, 2, 3);
    ck_assert_uint_eq(registers.rcx, 0);
}
END_TEST

/* INT n clears TF for the handler and is not a step itself. [SDM 3B] 17.3.1.4 */
START_TEST(int_n_is_not_a_step_and_its_handler_does_not_step)
{
    STEP(NULL, 0xCD, 0x40, 0x90);
    ck_assert_uint_eq(event_count(), 4);
    ck_assert_uint_eq(event_at(0).vector, 0x40);
    ck_assert_uint_eq(event_at(0).rflags & 0x100, 0x100);
    ck_assert_uint_eq(event_at(1).vector, 1);
    ck_assert_uint_eq(event_at(1).rip, CODE + POPFQ_END + 3);
}
END_TEST

START_TEST(a_fault_comes_instead_of_the_trap)
{
    struct sim_registers registers = {.rdx = UNMAPPED};

    on_event(14, 0, 3);
    STEP(&registers, 0x48, 0x8B, 0x02, 0x90);
    ck_assert_uint_eq(event_count(), 4);
    ck_assert_uint_eq(event_at(0).vector, 14);
    ck_assert_uint_eq(event_at(0).rflags & 0x10100, 0x10100); /* RF and TF */
    ck_assert_uint_eq(event_at(1).rip, CODE + POPFQ_END + 4);
}
END_TEST

START_TEST(ring_3_is_stepped_on_rsp0)
{
    allow_user(0x380000);
    /* nop; nop; movl $7, %eax, with TF set by IRETQ; INT 0x80 ends it */
    ck_assert_uint_eq(EXECUTE_USER(0x100, 0x90, 0x90, 0xB8, 0x07, 0x00, 0x00, 0x00).value, 7);
    ck_assert_uint_eq(event_count(), 3);
    for (uint64_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(event_at(i).vector, 1);
        ck_assert_uint_eq(event_at(i).cs, 0x23);
        ck_assert_uint_eq(event_at(i).slot, 0x380000 - 48);
    }
    ck_assert_uint_eq(event_at(0).rip, USER_CODE + 1);
    ck_assert_uint_eq(event_at(2).rip, USER_CODE + 7);
}
END_TEST

/* Both at the end of one instruction: the trap first. [SDM 3A] table 6-2 */
START_TEST(interrupts_and_steps_do_not_lose_each_other)
{
    static const uint64_t vectors[] = {1, 1, 1, 0x40, 1, 1, 1, 1};
    struct sim_registers registers = {.rax = 0x44040, .rdx = 0xFEE00300};

    on_event(0x40, EVENT_APIC_EOI, 0);
    /* sti; nop; movl %eax, (%rdx); nop; cli; PUSHQ and POPFQ */
    STEP(&registers, 0xFB, 0x90, 0x89, 0x02, 0x90, 0xFA);
    ck_assert_uint_eq(event_count(), 8);
    for (uint64_t i = 0; i < 8; i++) {
        ck_assert_uint_eq(event_at(i).vector, vectors[i]);
    }
    ck_assert_uint_eq(event_at(3).rip, CODE + POPFQ_END + 4);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_step");
    TCase *step_case = tcase_create("step");

    tcase_add_checked_fixture(step_case, event_case_open, event_case_close);
    tcase_add_test(step_case, every_instruction_is_followed_by_a_trap);
    tcase_add_test(step_case, dr6_says_single_step_and_keeps_saying_it);
    tcase_add_test(step_case, the_handler_can_end_it);
    tcase_add_loop_test(step_case, instructions_the_machine_looks_at_are_steps_too, 0, 18);
    tcase_add_test(step_case, iretq_with_tf_steps_its_first_instruction);
    tcase_add_test(step_case, a_load_of_ss_is_not_followed_by_a_trap);
    tcase_add_test(step_case, each_round_of_a_repeated_string_instruction_is_a_step);
    tcase_add_test(step_case, int_n_is_not_a_step_and_its_handler_does_not_step);
    tcase_add_test(step_case, a_fault_comes_instead_of_the_trap);
    tcase_add_test(step_case, ring_3_is_stepped_on_rsp0);
    tcase_add_test(step_case, interrupts_and_steps_do_not_lose_each_other);
    suite_add_tcase(suite, step_case);
    return suite;
}
