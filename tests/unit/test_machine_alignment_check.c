/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * #AC. Expectations: [SDM 3A] 6.15, interrupt 17, and table 6-7 for what each type of data has to
 * be aligned to; table 6-2 for which of two faults comes first; 2.5 for CR0.AM.
 */
#include "tests/unit/event_case.h"

#define AC      UINT64_C(0x40000) /* RFLAGS.AC */
#define DATA    UINT64_C(0x320000)
#define HANDLER UINT64_C(0x380000) /* of INT 0x81 */

static struct sim_pci_topology no_functions;

static void open_with(enum sim_mmu_kind mmu)
{
    event_case_open_with(&no_functions, mmu);
    allow_user(0x3B0000);
    /* movq %cr0, %rax; orl $0x40000, %eax; movq %rax, %cr0 */
    EXECUTE(NULL, 0x0F, 0x20, 0xC0, 0x0D, 0, 0, 4, 0, 0x0F, 0x22, 0xC0);
    clear_events();
}

static void open_own(void)
{
    open_with(SIM_MMU_OWN);
}

static void open_engine(void)
{
    open_with(SIM_MMU_ENGINE);
}

/* Code at CPL 0 that INT 0x81 leads to. */
static void set_handler(const uint8_t *code, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        *(uint8_t *)sim_machine_ram(machine, HANDLER + i, 1) = code[i];
    }
    set_gate(0x81, HANDLER, (UINT64_C(0xEE00) << 32) | 0x80000);
}

/* An access of (%rdx), and what that has to be aligned to. */
struct access {
    const char *name;
    size_t size;
    uint8_t bytes[6];
    unsigned int alignment;
};

static const struct access accesses[] = {
    {"movb", 2, {0x8A, 0x02}, 1},
    {"movw load", 3, {0x66, 0x8B, 0x02}, 2},
    {"movw store", 3, {0x66, 0x89, 0x02}, 2},
    {"movl load", 2, {0x8B, 0x02}, 4},
    {"movl store", 2, {0x89, 0x02}, 4},
    {"movq load", 3, {0x48, 0x8B, 0x02}, 8},
    {"movq store", 3, {0x48, 0x89, 0x02}, 8},
    {"movzwl", 3, {0x0F, 0xB7, 0x02}, 2},
    {"addl", 3, {0x83, 0x02, 0x01}, 4},
    {"lock incq", 4, {0xF0, 0x48, 0xFF, 0x02}, 8},
    {"xchgl", 2, {0x87, 0x02}, 4},
    {"pushq", 2, {0xFF, 0x32}, 8},
    {"flds: single precision", 2, {0xD9, 0x02}, 4},
    {"fldl: double precision", 2, {0xDD, 0x02}, 8},
    {"fldt: double extended", 2, {0xDB, 0x2A}, 8},
    {"movss", 4, {0xF3, 0x0F, 0x10, 0x02}, 4},
    {"movsd", 4, {0xF2, 0x0F, 0x10, 0x02}, 8},
    {"cmpxchg8b", 3, {0x0F, 0xC7, 0x0A}, 8},
    {"btl", 4, {0x0F, 0xBA, 0x22, 0x01}, 4},
    {"verr: selector", 3, {0x0F, 0x00, 0x22}, 2},
    {"prefetch", 3, {0x0F, 0x18, 0x0A}, 1},
};

/* movl $address, %edx; the access */
static void access_at(const struct access *access, uint64_t address, uint64_t rflags)
{
    uint8_t code[16] = {0xBA, (uint8_t)address, (uint8_t)(address >> 8), (uint8_t)(address >> 16)};

    for (size_t i = 0; i < access->size; i++) {
        code[5 + i] = access->bytes[i];
    }
    on_event(17, 0, (uint8_t)access->size);
    ck_assert_msg(execute_user(code, 5 + access->size, rflags).stop == SIM_STOP_RETURNED, "%s",
                  access->name);
}

START_TEST(data_has_to_be_aligned_as_its_type_says)
{
    const struct access *access = &accesses[_i];

    for (unsigned int offset = 0; offset < 9; offset++) {
        access_at(access, DATA + offset, AC);
        if (offset % access->alignment != 0) {
            ck_assert_msg(event_count() == 1, "%s at %u", access->name, offset);
            check_only_event(17, 0, USER_CODE + 5);
        } else {
            ck_assert_msg(event_count() == 0, "%s at %u", access->name, offset);
        }
    }
}
END_TEST

START_TEST(without_one_of_its_three_conditions_there_is_none)
{
    static const uint8_t load_and_return[] = {
        0x48, 0x8B, 0x04, 0x25, 1, 0, 0x32, 0, /* movq DATA + 1, %rax */
        0x48, 0xCF,                            /* iretq */
    };
    const struct access *load = &accesses[5];

    access_at(load, DATA + 1, 0); /* RFLAGS.AC */
    ck_assert_uint_eq(event_count(), 0);
    set_handler(load_and_return, sizeof load_and_return); /* CPL */
    EXECUTE_USER(AC, 0xCD, 0x81);
    ck_assert_uint_eq(event_count(), 0);
    /* movq %cr0, %rax; btrl $18, %eax; movq %rax, %cr0: CR0.AM */
    EXECUTE(NULL, 0x0F, 0x20, 0xC0, 0x0F, 0xBA, 0xF0, 18, 0x0F, 0x22, 0xC0);
    access_at(load, DATA + 1, AC);
    ck_assert_uint_eq(event_count(), 0);
}
END_TEST

START_TEST(stack_of_pushes_calls_and_returns_has_to_be_aligned)
{
    on_event(17, 0, 5);
    /* incq %rsp; call .+5 */
    ck_assert_int_eq(EXECUTE_USER(AC, 0x48, 0xFF, 0xC4, 0xE8, 0, 0, 0, 0).stop, SIM_STOP_RETURNED);
    check_only_event(17, 0, USER_CODE + 3);
    on_event(17, 0, 1);
    /* incq %rsp; pushq %rax */
    ck_assert_int_eq(EXECUTE_USER(AC, 0x48, 0xFF, 0xC4, 0x50).stop, SIM_STOP_RETURNED);
    check_only_event(17, 0, USER_CODE + 3);
    /* subq $9, %rsp; ret */
    ck_assert_int_eq(EXECUTE_USER(AC, 0x48, 0x83, 0xEC, 9, 0xC3).stop, SIM_STOP_RETURNED);
    check_only_event(17, 0, USER_CODE + 4);
}
END_TEST

/* [SDM 3A] 6.15: "Program State Change: ... the state of the program is not changed" */
START_TEST(an_instruction_that_is_not_aligned_leaves_nothing_behind)
{
    poke(DATA, 0x1122334455667788);
    poke(DATA + 0x40, 0x99);
    on_event(17, 0, 2);
    /* movl $DATA, %esi; movl $DATA + 0x41, %edi; movsq; leaq (%rsi,%rdi), %rax */
    ck_assert_uint_eq(EXECUTE_USER(AC, 0xBE, 0, 0, 0x32, 0, 0xBF, 0x41, 0, 0x32, 0, 0x48, 0xA5,
                                   0x48, 0x8D, 0x04, 0x3E)
                          .value,
                      2 * DATA + 0x41);
    check_only_event(17, 0, USER_CODE + 10);
    ck_assert_uint_eq(peek(DATA + 0x40), 0x99);
    on_event(17, 0, 3);
    /* movl $DATA + 0x3F, %edx; movl %esp, %eax; addq %rax, (%rdx) */
    ck_assert_int_eq(EXECUTE_USER(AC, 0xBA, 0x3F, 0, 0x32, 0, 0x89, 0xE0, 0x48, 0x01, 0x02).stop,
                     SIM_STOP_RETURNED);
    check_only_event(17, 0, USER_CODE + 7);
    ck_assert_uint_eq(peek(DATA + 0x38), 0);
    ck_assert_uint_eq(peek(DATA + 0x40), 0x99);
}
END_TEST

/* An instruction that would overwrite the next one is not executed. */
START_TEST(code_that_was_nearly_overwritten_is_as_before)
{
    on_event(17, 0, 6);
    /* movl $0xF4F4F4F4, USER_CODE + 13; movb $7, %al */
    ck_assert_uint_eq(EXECUTE_USER(AC, 0x31, 0xC0, 0xBA, 13, 0, 0x30, 0, 0xC7, 0x02, 0xF4, 0xF4,
                                   0xF4, 0xF4, 0xB0, 0x07, 0x90, 0x90)
                          .value,
                      7);
    check_only_event(17, 0, USER_CODE + 7);
}
END_TEST

/* [SDM 3A] table 6-2 */
START_TEST(faults_of_higher_priority_come_first)
{
    /* movabsq $UNMAPPED + 1, %rdx; movl (%rdx), %eax */
    on_event(14, 0, 2);
    ck_assert_int_eq(EXECUTE_USER(AC, 0x48, 0xBA, 1, 0, 0, 0, 0x80, 0, 0, 0, 0x8B, 0x02).stop,
                     SIM_STOP_RETURNED);
    check_only_event(14, 4, USER_CODE + 10);
    /* movl $DATA + 1, %edx; movaps (%rdx), %xmm0 */
    on_event(13, 0, 3);
    ck_assert_int_eq(EXECUTE_USER(AC, 0xBA, 1, 0, 0x32, 0, 0x0F, 0x28, 0x02).stop,
                     SIM_STOP_RETURNED);
    check_only_event(13, 0, USER_CODE + 5);
}
END_TEST

START_TEST(popf_at_cpl_3_turns_it_on_and_off)
{
    on_event(17, 0, 3);
    /* movl $DATA + 4, %edx; movq (%rdx), %rax; pushq $0x40002; popfq; movq (%rdx), %rax;
       pushq $2; popfq; movq (%rdx), %rax; all that twice */
    ck_assert_int_eq(EXECUTE_USER(0, 0xB9, 2, 0, 0, 0, 0xBA, 4, 0, 0x32, 0, 0x48, 0x8B, 0x02, 0x68,
                                  2, 0, 4, 0, 0x9D, 0x48, 0x8B, 0x02, 0x6A, 2, 0x9D, 0x48, 0x8B,
                                  0x02, 0xFF, 0xC9, 0x75, 0xEA)
                         .stop,
                     SIM_STOP_RETURNED);
    ck_assert_uint_eq(event_count(), 2);
    ck_assert_uint_eq(event_at(0).rip, USER_CODE + 19);
    ck_assert_uint_eq(event_at(1).rip, USER_CODE + 19);
    ck_assert_uint_eq(event_at(1).rflags & AC, AC);
}
END_TEST

/* Two ways from CPL 0 to the code after INT 0x81. */
static const uint8_t by_sysret[] = {
    0xB9, 2,    0, 0x30, 0,    /* movl $USER_CODE + 2, %ecx */
    0x41, 0xBB, 2, 0,    4, 0, /* movl $0x40002, %r11d */
    0x48, 0x0F, 7,             /* sysretq */
};
static const uint8_t by_far_return[] = {
    0x68, 2,    0, 4,    0, 0x9D, /* pushq $0x40002; popfq */
    0x6A, 0x1B,                   /* pushq $0x1B: SS */
    0x68, 0,    0, 0x3A, 0,       /* pushq $USER_STACK */
    0x6A, 0x23,                   /* pushq $0x23: CS */
    0x68, 2,    0, 0x30, 0,       /* pushq $USER_CODE + 2 */
    0x48, 0xCB,                   /* lretq */
};

/* [SDM 2] SYSRET: RFLAGS is R11; RET leaves RFLAGS as they are. */
START_TEST(sysret_and_far_returns_turn_it_on)
{
    struct sim_registers registers = {.rcx = 0xC0000081, .rdx = 0x00130008};

    EXECUTE(&registers, 0x0F, 0x30); /* wrmsr: IA32_STAR */
    on_event(17, 0, 3);
    set_handler(by_sysret, sizeof by_sysret);
    /* int $0x81; movl $DATA + 4, %edx; movq (%rdx), %rax */
    EXECUTE_USER(0, 0xCD, 0x81, 0xBA, 4, 0, 0x32, 0, 0x48, 0x8B, 0x02);
    check_only_event(17, 0, USER_CODE + 7);
    set_handler(by_far_return, sizeof by_far_return);
    EXECUTE_USER(0, 0xCD, 0x81, 0xBA, 4, 0, 0x32, 0, 0x48, 0x8B, 0x02);
    check_only_event(17, 0, USER_CODE + 7);
}
END_TEST

/* [SDM 3A] 6.15: loads of descriptors are implicit accesses of level 0. */
START_TEST(descriptors_need_not_be_aligned)
{
    struct sim_registers registers = {.rdi = sim_machine_scratch(machine)};

    for (unsigned int i = 0; i < 8; i++) {
        uint64_t descriptor = peek(0x5000 + UINT64_C(8) * i);

        for (unsigned int byte = 0; byte < 8; byte++) {
            *(uint8_t *)sim_machine_ram(machine, DATA + 1 + UINT64_C(8) * i + byte, 1) =
                (uint8_t)(descriptor >> 8 * byte);
        }
    }
    poke(registers.rdi, (DATA + 1) << 16 | 0x3F);
    EXECUTE(&registers, 0x0F, 0x01, 0x17); /* lgdt (%rdi) */
    /* movl $0x1B, %eax; movl %eax, %es; verr %ax */
    ck_assert_int_eq(EXECUTE_USER(AC, 0xB8, 0x1B, 0, 0, 0, 0x8E, 0xC0, 0x0F, 0x00, 0xE0).stop,
                     SIM_STOP_RETURNED);
    ck_assert_uint_eq(event_count(), 0);
}
END_TEST

/* The flag of a single step and that of the machine's own steps are two. */
START_TEST(single_steps_go_on_as_before)
{
    on_event(17, 0, 2);
    on_event(1, 0, 0);
    /* movl $DATA + 1, %edx; movl (%rdx), %eax; nop */
    EXECUTE_USER(AC | 0x100, 0xBA, 1, 0, 0x32, 0, 0x8B, 0x02, 0x90);
    ck_assert_uint_eq(event_at(0).vector, 1);
    ck_assert_uint_eq(event_at(0).rip, USER_CODE + 5);
    ck_assert_uint_eq(event_at(1).vector, 17);
    ck_assert_uint_eq(event_at(1).rip, USER_CODE + 5);
    ck_assert_uint_eq(event_at(1).rflags & 0x100, 0x100);
    ck_assert_uint_eq(event_at(2).vector, 1);
    ck_assert_uint_eq(event_at(2).rip, USER_CODE + 8);
}
END_TEST

/* [SDM 3A] 6.8.3: MOV SS is executed together with the next instruction, as far as traps go. */
START_TEST(the_instruction_after_a_load_of_ss_faults_itself)
{
    on_event(17, 0, 2);
    /* movl $DATA + 1, %edx; movl %ss, %eax; movl %eax, %ss; movl (%rdx), %ebx */
    EXECUTE_USER(AC, 0xBA, 1, 0, 0x32, 0, 0x8C, 0xD0, 0x8E, 0xD0, 0x8B, 0x1A);
    check_only_event(17, 0, USER_CODE + 9);
}
END_TEST

static void add_tests(Suite *suite, const char *name, void (*open)(void))
{
    TCase *tests = tcase_create(name);

    tcase_add_checked_fixture(tests, open, event_case_close);
    tcase_add_loop_test(tests, data_has_to_be_aligned_as_its_type_says, 0,
                        sizeof accesses / sizeof accesses[0]);
    tcase_add_test(tests, without_one_of_its_three_conditions_there_is_none);
    tcase_add_test(tests, stack_of_pushes_calls_and_returns_has_to_be_aligned);
    tcase_add_test(tests, an_instruction_that_is_not_aligned_leaves_nothing_behind);
    tcase_add_test(tests, code_that_was_nearly_overwritten_is_as_before);
    tcase_add_test(tests, faults_of_higher_priority_come_first);
    tcase_add_test(tests, popf_at_cpl_3_turns_it_on_and_off);
    tcase_add_test(tests, sysret_and_far_returns_turn_it_on);
    tcase_add_test(tests, descriptors_need_not_be_aligned);
    tcase_add_test(tests, single_steps_go_on_as_before);
    tcase_add_test(tests, the_instruction_after_a_load_of_ss_faults_itself);
    suite_add_tcase(suite, tests);
}

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_alignment_check");

    add_tests(suite, "own", open_own);
    add_tests(suite, "engine", open_engine);
    return suite;
}
