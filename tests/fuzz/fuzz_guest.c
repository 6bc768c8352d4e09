/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random code in a whole PC. The first bytes are executed; the rest is in RAM
 * at HANDLERS, where every gate of the IDT leads, so that exceptions and
 * interrupts run random code too. Whatever it is, the run comes back.
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/machine/machine_report.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/pc_case.h"

enum {
    CODE_MAX = 64,
    BUDGET = 30,
    HANDLERS = 0x200000,
    HANDLERS_SIZE = 0x1000,
    HANDLER_STEP = 8,
    IDT = 0x210000,
    TSS = 0x211000,
    TSS_SIZE = 0x68,
    OPERAND = 0x212000
};

static struct pc_case pc_case;

static void store(uint64_t physical, uint64_t value)
{
    memcpy(sim_machine_ram(pc_case.pc.machine, physical, sizeof value), &value, sizeof value);
}

static uint64_t load(uint64_t physical)
{
    uint64_t value = 0;

    memcpy(&value, sim_machine_ram(pc_case.pc.machine, physical, sizeof value), sizeof value);
    return value;
}

static void execute(const uint8_t *code, size_t size, struct sim_registers *registers)
{
    struct sim_result result = sim_machine_execute(pc_case.pc.machine, code, size, registers);

    fuzz_require(result.stop == SIM_STOP_RETURNED, "the target can be set up");
}

/* LIDT with gates for ring 3 too: present, DPL 3, 64-bit interrupt gates. */
static void set_up_idt(void)
{
    static const uint8_t lidt[] = {0x0F, 0x01, 0x1F};
    struct sim_registers registers = {.rdi = OPERAND};

    for (uint64_t vector = 0; vector < 256; vector++) {
        uint64_t handler = HANDLERS + vector * HANDLER_STEP;

        store(IDT + 16 * vector,
              (handler & 0xFFFF) | UINT64_C(0xEE00) << 32 | 0x80000 | (handler & 0xFFFF0000) << 32);
        store(IDT + 16 * vector + 8, 0);
    }
    store(OPERAND, 0xFFF | (uint64_t)IDT << 16);
    store(OPERAND + 8, 0);
    execute(lidt, sizeof lidt, &registers);
}

/* SGDT, one more descriptor, LGDT and LTR; RSP0 leads to RAM. */
static void set_up_tss(void)
{
    static const uint8_t sgdt[] = {0x0F, 0x01, 0x07};
    static const uint8_t lgdt_ltr[] = {0x0F, 0x01, 0x17, 0x0F, 0x00, 0xD8};
    struct sim_registers registers = {.rdi = OPERAND, .rax = 0x28};
    uint64_t gdt = 0;

    memset(sim_machine_ram(pc_case.pc.machine, TSS, TSS_SIZE), 0, TSS_SIZE);
    execute(sgdt, sizeof sgdt, &registers);
    gdt = load(OPERAND + 2);
    store(gdt + 0x28, 0x67 | (uint64_t)TSS << 16 | UINT64_C(0x89) << 40);
    store(gdt + 0x30, 0);
    store(OPERAND, 0x37 | gdt << 16);
    store(OPERAND + 8, gdt >> 48);
    store(TSS + 4, 0x220000);
    execute(lgdt_ltr, sizeof lgdt_ltr, &registers);
}

/* Ring 3 may use 2 MiB to 4 MiB. */
static void allow_user(void)
{
    static const uint8_t reload_cr3[] = {0x0F, 0x20, 0xD8, 0x0F, 0x22, 0xD8};
    struct sim_registers registers = {0};
    uint64_t pdpt = 0;
    uint64_t pd = 0;

    execute(reload_cr3, sizeof reload_cr3, &registers);
    pdpt = load(registers.rax) & ~UINT64_C(0xFFF);
    pd = load(pdpt) & ~UINT64_C(0xFFF);
    store(registers.rax, load(registers.rax) | 4);
    store(pdpt, load(pdpt) | 4);
    store(pd + 8, load(pd + 8) | 4);
    execute(reload_cr3, sizeof reload_cr3, &registers);
}

/*
 * Where nothing else is, there are HLTs. Zeros would be instructions that read and write, thousands
 * for one jump to nowhere.
 */
static void fill_ram(void)
{
    static const uint64_t ends[][2] = {
        {0x9000, 0xF000}, {0x10000, 0x70000}, {0x80000, PC_CASE_RAM}};
    const int hlt = 0xF4;

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        uint64_t size = ends[i][1] - ends[i][0];

        memset(sim_machine_ram(pc_case.pc.machine, ends[i][0], size), hlt, size);
    }
}

static void set_up(void)
{
    if (pc_case.snapshot != NULL) {
        return;
    }
    pc_case_open(&pc_case);
    fill_ram();
    set_up_idt();
    set_up_tss();
    allow_user();
    sim_machine_set_budget(pc_case.pc.machine, BUDGET);
    pc_case_keep(&pc_case);
}

/* The handlers, and after them IRETQ again and again. */
static void place_handlers(struct fuzz_input *input)
{
    static const uint8_t iretq[2] = {0x48, 0xCF};
    uint8_t *handlers = sim_machine_ram(pc_case.pc.machine, HANDLERS, HANDLERS_SIZE);
    size_t size = input->left < HANDLERS_SIZE ? input->left : HANDLERS_SIZE;

    for (size_t i = 0; i < HANDLERS_SIZE; i++) {
        handlers[i] = iretq[i % 2];
    }
    fuzz_take(input, handlers, size);
}

/* Registers that often point to something. */
static struct sim_registers start_registers(void)
{
    return (struct sim_registers){
        .rax = 0x300000,
        .rbx = HANDLERS,
        .rcx = 0xC0000080,
        .rdx = 0x3F8,
        .rsi = OPERAND,
        .rdi = 0x301000,
        .rbp = UINT64_C(0xFEE00000),
        .r8 = 0x80050033,
        .r9 = 0xB8000,
        .r15 = 0x1000,
        .r10 = UINT64_MAX,
        .r11 = 0x23,
        .r12 = 0x1B,
        .r13 = UINT64_C(0x800000000000),
        .r14 = UINT64_C(0xB0000000),
    };
}

/* What is printed about a guest that died. With FUZZ_EXPLAIN in the environment it can be read. */
static void explain(const struct sim_result *result)
{
    static struct sim_postmortem postmortem;
    static FILE *file = NULL;

    if (file == NULL) {
        file = fopen(getenv("FUZZ_EXPLAIN") == NULL ? "/dev/null" : "/dev/stderr", "w");
    }
    fuzz_require(file != NULL, "the post-mortem can be printed");
    (void)sim_machine_audit_tlb(pc_case.pc.machine);
    sim_machine_audit_descriptors(pc_case.pc.machine);
    sim_machine_collect(pc_case.pc.machine, result, &postmortem);
    sim_postmortem_print(file, &postmortem);
    (void)fflush(file);
}

void fuzz_one(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    uint8_t code[CODE_MAX];
    struct sim_registers registers = start_registers();
    struct sim_result result;

    if (size == 0) {
        return;
    }
    set_up();
    pc_case_reset(&pc_case);
    size = size < CODE_MAX ? size : CODE_MAX;
    fuzz_take(&input, code, size);
    place_handlers(&input);
    result = sim_machine_execute(pc_case.pc.machine, code, size, &registers);
    if (result.stop != SIM_STOP_RETURNED) {
        explain(&result);
    }
}
