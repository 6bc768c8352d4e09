/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of docs/engine-deviations.md about instructions and exceptions. */
#include "sim/cpu/system.h"
#include "tests/unit/deviation.h"
#include "tests/unit/machine_paging_case.h"
#include "tests/unit/raw_engine.h"

#define CODE         UINT64_C(0x7000) /* where EXECUTE puts code */
#define NONCANONICAL UINT64_C(0x900000000000)

static struct raw_engine raw;

/* The engine executed everything, or raised exactly this. */
static void check_raw(int vector)
{
    ck_assert_uint_eq(raw.exceptions.count, vector >= 0);
    ck_assert(!raw.exceptions.invalid);
    if (vector >= 0) {
        ck_assert_uint_eq(raw.exceptions.vectors[0], (unsigned int)vector);
    }
}

static void check_raw_undefined(void)
{
    ck_assert_uint_eq(raw.exceptions.count, 0);
    ck_assert(raw.exceptions.invalid);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RIP), RAW_CODE);
}

static void engine_has_no_invpcid(void)
{
    raw_open(&raw);
    raw_set(&raw, UC_X86_REG_RAX, 2);
    raw_set(&raw, UC_X86_REG_RDX, RAW_DATA);
    RAW_RUN(&raw, 0x66, 0x0F, 0x38, 0x82, 0x02); /* invpcid (%rdx), %rax */
    check_raw_undefined();
    raw_close(&raw);
}

static void machine_has_invpcid(void)
{
    struct sim_registers registers = {.rax = 2, .rdx = LAXITY_OPERAND};

    machine_case_open();
    ck_assert_int_eq(EXECUTE(&registers, 0x66, 0x0F, 0x38, 0x82, 0x02).stop, SIM_STOP_RETURNED);
    machine_case_close();
}

static void engine_forgets_cr8(void)
{
    raw_open(&raw);
    raw_set(&raw, UC_X86_REG_RAX, 5);
    raw_set(&raw, UC_X86_REG_RDX, 7);
    RAW_RUN(&raw, 0x44, 0x0F, 0x22, 0xC0, 0x44, 0x0F, 0x20, 0xC2); /* to and from CR8 */
    check_raw(-1);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RDX), 0);
    raw_close(&raw);
}

static uint8_t priority;

static uint8_t read_cr8(const void *self)
{
    (void)self;
    return priority;
}

static void write_cr8(void *self, uint8_t value)
{
    (void)self;
    priority = value;
}

static void machine_keeps_cr8(void)
{
    const struct sim_apic_registers apic = {
        .self = &priority, .read_cr8 = read_cr8, .write_cr8 = write_cr8};
    struct sim_registers registers = {.rax = 5, .rdx = 7};

    machine_case_open();
    sim_machine_set_apic(machine, &apic);
    EXECUTE(&registers, 0x44, 0x0F, 0x22, 0xC0, 0x44, 0x0F, 0x20, 0xC2);
    ck_assert_uint_eq(registers.rdx, 5);
    machine_case_close();
}

static void engine_takes_int1_for_undefined(void)
{
    raw_open(&raw);
    RAW_RUN(&raw, 0xF1, 0x90);
    check_raw_undefined();
    raw_close(&raw);
}

static void machine_traps_int1(void)
{
    struct sim_result result;

    machine_case_open();
    result = EXECUTE(NULL, 0xF1, 0x90);
    check_fault(&result, 1, -1);
    ck_assert_uint_eq(result.fault.rip, CODE + 1);
    machine_case_close();
}

static void engine_does_not_complete_int_6(void)
{
    raw_open(&raw);
    RAW_RUN(&raw, 0xCD, 0x06, 0x90);
    check_raw_undefined();
    raw_close(&raw);
}

static void machine_completes_int_6(void)
{
    struct sim_result result;

    machine_case_open();
    result = EXECUTE(NULL, 0xCD, 0x06, 0x90);
    ck_assert_uint_eq(result.fault.rip, CODE + 2);
    ck_assert(!result.fault.has_error_code || result.fault.vector != 6);
    machine_case_close();
}

static void engine_knows_no_handlers(void)
{
    uc_x86_mmr idt = {.base = RAW_DATA, .limit = 0xFFF};

    raw_open(&raw);
    (void)uc_reg_write(raw.unicorn, UC_X86_REG_IDTR, &idt);
    raw_poke(&raw, RAW_DATA + 14 * 16, UINT64_C(0x8E00) << 32 | 0x80000 | 0x8000);
    raw_set(&raw, UC_X86_REG_RDX, 0x40000000);
    RAW_RUN(&raw, 0x8A, 0x02); /* movb (%rdx), %al: not mapped */
    check_raw(14);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RIP), RAW_CODE);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RSP), 0x30000); /* nothing was pushed */
    raw_close(&raw);
}

static void machine_calls_the_handler(void)
{
    paging_case_open(SIM_MMU_OWN);
    check_page_fault(&(struct paging_access){UNMAPPED, PAGING_READ, PAGING_SUPERVISOR, 0, false},
                     0x0, UNMAPPED);
    paging_case_close();
}

static void engine_takes_the_second_fault_for_a_double_fault(void)
{
    raw_open(&raw);
    for (unsigned int i = 0; i < 2; i++) {
        raw_set(&raw, UC_X86_REG_RDX, 0x40000000);
        RAW_RUN(&raw, 0x8A, 0x02);
    }
    ck_assert_uint_eq(raw.exceptions.count, 2);
    ck_assert_uint_eq(raw.exceptions.vectors[0], 14);
    ck_assert_uint_eq(raw.exceptions.vectors[1], 8);
    raw_close(&raw);
}

static void machine_takes_each_fault_for_itself(void)
{
    machine_case_open();
    for (unsigned int i = 0; i < 3; i++) {
        struct sim_registers registers = {.rdx = UNMAPPED};
        struct sim_result result = EXECUTE(&registers, 0x8A, 0x02);

        check_fault(&result, 14, 0);
    }
    machine_case_close();
}

static void engine_does_nothing_for_syscall(void)
{
    uc_x86_msr lstar = {.rid = 0xC0000082, .value = 0x8000};

    raw_open(&raw);
    (void)uc_reg_write(raw.unicorn, UC_X86_REG_MSR, &lstar);
    RAW_RUN(&raw, 0x0F, 0x05, 0x90);
    check_raw(-1);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RIP), RAW_CODE + 3);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RCX), 0);
    raw_close(&raw);
}

static void machine_executes_syscall(void)
{
    struct sim_registers registers = {.rcx = 0xC0000082, .rax = CODE + 3};

    machine_case_open();
    EXECUTE(&registers, 0x0F, 0x30); /* wrmsr */
    registers = (struct sim_registers){.rcx = 0xC0000081, .rdx = 0x8};
    EXECUTE(&registers, 0x0F, 0x30);
    ck_assert_int_eq(EXECUTE(&registers, 0x0F, 0x05, 0x0F, 0x0B).stop, SIM_STOP_FAULT);
    EXECUTE(&registers, 0x0F, 0x05, 0xF4, 0x48, 0x89, 0xCB); /* HLT is skipped; movq %rcx, %rbx */
    ck_assert_uint_eq(registers.rbx, CODE + 2);
    machine_case_close();
}

/* sysretq, and the IRETQ of: pushq SS, RSP, RFLAGS, CS, RIP; iretq */
#define SYSRETQ 0x48, 0x0F, 0x07
#define IRETQ   0x6A, 0x10, 0x54, 0x6A, 0x02, 0x6A, 0x08, 0x52, 0x48, 0xCF

static void engine_returns_by_sysret_to_nowhere(void)
{
    raw_open(&raw);
    raw_set(&raw, UC_X86_REG_RCX, NONCANONICAL);
    RAW_RUN(&raw, SYSRETQ);
    check_raw(13);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RIP), NONCANONICAL);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_CS) & 3, 3);
    raw_close(&raw);
}

static void machine_refuses_sysret_to_nowhere(void)
{
    struct sim_registers registers = {.rcx = NONCANONICAL};
    struct sim_result result;

    machine_case_open();
    result = EXECUTE(&registers, SYSRETQ);
    check_fault(&result, 13, 0);
    ck_assert_uint_eq(result.fault.rip, CODE);
    machine_case_close();
}

static void engine_returns_by_iretq_to_nowhere(void)
{
    raw_open(&raw);
    raw_set(&raw, UC_X86_REG_RDX, NONCANONICAL);
    RAW_RUN(&raw, IRETQ);
    check_raw(13);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RIP), NONCANONICAL);
    raw_close(&raw);
}

static void machine_refuses_iretq_to_nowhere(void)
{
    struct sim_registers registers = {.rdx = NONCANONICAL};
    struct sim_result result;

    machine_case_open();
    result = EXECUTE(&registers, IRETQ);
    check_fault(&result, 13, 0);
    ck_assert_uint_eq(result.fault.rip, CODE + 8);
    machine_case_close();
}

/* What RDRAND or RDTSC gives in a new engine. */
static uint64_t raw_number(const uint8_t *code, size_t size)
{
    uint64_t value = 0;

    raw_open(&raw);
    raw_run(&raw, code, size);
    value = raw_get(&raw, UC_X86_REG_RAX);
    raw_close(&raw);
    return value;
}

static uint64_t machine_number(const uint8_t *code, size_t size)
{
    struct sim_registers registers = {0};

    machine_case_open();
    ck_assert_int_eq(execute(code, size, &registers).stop, SIM_STOP_RETURNED);
    machine_case_close();
    return registers.rax;
}

static const uint8_t rdrand[] = {0x48, 0x0F, 0xC7, 0xF0};
static const uint8_t rdtsc[] = {0x0F, 0x31};

static void engine_has_the_hosts_random_numbers(void)
{
    ck_assert_uint_ne(raw_number(rdrand, sizeof rdrand), raw_number(rdrand, sizeof rdrand));
}

static void machine_has_the_seeds_random_numbers(void)
{
    ck_assert_uint_eq(machine_number(rdrand, sizeof rdrand), machine_number(rdrand, sizeof rdrand));
}

static void engine_has_the_hosts_time(void)
{
    ck_assert_uint_ne(raw_number(rdtsc, sizeof rdtsc), raw_number(rdtsc, sizeof rdtsc));
}

static void machine_has_a_time_of_its_own(void)
{
    ck_assert_uint_eq(machine_number(rdtsc, sizeof rdtsc), machine_number(rdtsc, sizeof rdtsc));
}

static void engine_branches_to_nowhere(void)
{
    raw_open(&raw);
    raw_set(&raw, UC_X86_REG_RDX, NONCANONICAL);
    RAW_RUN(&raw, 0xFF, 0xE2); /* jmp *%rdx */
    check_raw(13);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_RIP), NONCANONICAL);
    raw_close(&raw);
}

/* [SDM 2] JMP: #GP(0) of the instruction. */
static void machine_refuses_to_branch_to_nowhere(void)
{
    struct sim_registers registers = {.rdx = NONCANONICAL};
    struct sim_result result;

    machine_case_open();
    result = EXECUTE(&registers, 0x90, 0xFF, 0xE2);
    check_fault(&result, 13, 0);
    ck_assert_uint_eq(result.fault.rip, CODE + 1);
    machine_case_close();
}

/* lgdt (%rdx); pushq $0x28; pushq $imm32; lretq; nop, where the address of the NOP is still missing */
#define FAR_RETURN_TO(address)                                                         \
    0x0F, 0x01, 0x12, 0x6A, 0x28, 0x68, (uint8_t)(address), (uint8_t)((address) >> 8), \
        (uint8_t)((address) >> 16), 0x00, 0x48, 0xCB, 0x90

static void engine_goes_to_code_of_two_widths(void)
{
    raw_open(&raw);
    raw_set(&raw, UC_X86_REG_RDX, RAW_DATA);
    raw_poke(&raw, RAW_DATA, 0x2F | UINT64_C(0x5000) << 16);
    raw_poke(&raw, 0x5028, 0x00EF9B000000FFFF);
    RAW_RUN(&raw, FAR_RETURN_TO(RAW_CODE + 12));
    ck_assert_uint_eq(raw.exceptions.count, 0);
    ck_assert_uint_eq(raw_get(&raw, UC_X86_REG_CS), 0x28);
    raw_close(&raw);
}

/* [SDM 2] RET: #GP(selector) if the segment has both L and D. */
static void machine_refuses_code_of_two_widths(void)
{
    struct sim_registers registers = {.rdx = LAXITY_OPERAND};
    struct sim_result result;

    machine_case_open();
    poke(LAXITY_OPERAND, 0x2F | UINT64_C(0x5000) << 16);
    poke(0x5028, 0x00EF9B000000FFFF);
    result = EXECUTE(&registers, FAR_RETURN_TO(CODE + 12));
    check_fault(&result, 13, 0x28);
    ck_assert_uint_eq(result.fault.rip, CODE + 10);
    machine_case_close();
}

static void engine_executes_a_locked_mov(void)
{
    raw_open(&raw);
    raw_set(&raw, UC_X86_REG_RAX, 0x1234);
    raw_set(&raw, UC_X86_REG_RDX, RAW_DATA);
    RAW_RUN(&raw, 0xF0, 0x89, 0x02); /* lock movl %eax, (%rdx) */
    check_raw(-1);
    ck_assert_uint_eq(raw_peek(&raw, RAW_DATA), 0x1234);
    raw_close(&raw);
}

/* [SDM 2] LOCK: #UD with an instruction that cannot be locked. */
static void machine_refuses_a_locked_mov(void)
{
    struct sim_registers registers = {.rax = 0x1234, .rdx = LAXITY_OPERAND};
    struct sim_result result;

    machine_case_open();
    result = EXECUTE(&registers, 0x90, 0xF0, 0x89, 0x02);
    check_fault(&result, 6, -1);
    ck_assert_uint_eq(result.fault.rip, CODE + 1);
    ck_assert_uint_eq(peek(LAXITY_OPERAND), 0);
    machine_case_close();
}

const struct deviation instruction_deviations[] = {
    {"idt", engine_knows_no_handlers, machine_calls_the_handler},
    {"exception-in-flight", engine_takes_the_second_fault_for_a_double_fault,
     machine_takes_each_fault_for_itself},
    {"int1", engine_takes_int1_for_undefined, machine_traps_int1},
    {"int-6", engine_does_not_complete_int_6, machine_completes_int_6},
    {"syscall", engine_does_nothing_for_syscall, machine_executes_syscall},
    {"sysret-noncanonical", engine_returns_by_sysret_to_nowhere, machine_refuses_sysret_to_nowhere},
    {"iretq-noncanonical", engine_returns_by_iretq_to_nowhere, machine_refuses_iretq_to_nowhere},
    {"branch-noncanonical", engine_branches_to_nowhere, machine_refuses_to_branch_to_nowhere},
    {"far-transfer", engine_goes_to_code_of_two_widths, machine_refuses_code_of_two_widths},
    {"lock-prefix", engine_executes_a_locked_mov, machine_refuses_a_locked_mov},
    {"cr8", engine_forgets_cr8, machine_keeps_cr8},
    {"invpcid", engine_has_no_invpcid, machine_has_invpcid},
    {"rdrand", engine_has_the_hosts_random_numbers, machine_has_the_seeds_random_numbers},
    {"rdtsc", engine_has_the_hosts_time, machine_has_a_time_of_its_own},
};

const size_t instruction_deviation_count =
    sizeof instruction_deviations / sizeof instruction_deviations[0];
