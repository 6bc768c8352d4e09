/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/instruction_case.h"

#include <string.h>

struct sim_cpu case_cpu;
struct sim_registers case_registers;
struct sim_system case_system;
struct sim_clock case_clock;
uint8_t case_ram[0x10000];
bool case_own_mmu;
struct sim_instruction_result case_result;

void case_store(uint32_t address, uint64_t value)
{
    memcpy(case_ram + address, &value, sizeof value);
}

void case_long_mode(void)
{
    memset(case_ram, 0, sizeof case_ram);
    case_store(0x1000, 0x2003); /* PML4E: present, writable */
    case_store(0x2000, 0x83);   /* PDPTE: 1 GiB page at 0 */
    case_cpu = (struct sim_cpu){
        .rip = 0x8000,
        .rflags = 2,
        .cr0 = 0x80000011,
        .cr3 = 0x1000,
        .cr4 = 0x20,
        .efer = 0x500,
        .cs = 8,
        .code = SIM_WIDTH_64,
        .stack = SIM_WIDTH_64,
        .gdt = {CASE_GDT, 0xFF},
        .physical_bits = 40,
    };
    case_registers = (struct sim_registers){.rip = 0x8000, .rflags = 2};
    case_clock.now = 0;
    case_own_mmu = true;
    sim_system_init(&case_system, SIM_PROCESSOR_EXECUTED, 1, &case_clock);
}

void case_real_mode(void)
{
    case_long_mode();
    case_cpu.cr0 = 0x10;
    case_cpu.cr3 = 0;
    case_cpu.cr4 = 0;
    case_cpu.efer = 0;
    case_cpu.cs = 0;
    case_cpu.code = SIM_WIDTH_16;
    case_cpu.stack = SIM_WIDTH_16;
}

void case_protected_mode(void)
{
    case_real_mode();
    case_cpu.cr0 = 0x11;
    case_cpu.cs = 8;
    case_cpu.code = SIM_WIDTH_32;
    case_cpu.stack = SIM_WIDTH_32;
}

void case_step(const void *bytes, size_t size)
{
    const struct sim_memory memory = {.bytes = case_ram, .size = sizeof case_ram};
    const struct sim_instruction_context context = {
        .cpu = &case_cpu,
        .registers = &case_registers,
        .system = &case_system,
        .mmu = {&case_cpu, &memory},
        .own_mmu = case_own_mmu,
    };

    case_result = sim_instruction_step(&context, bytes, size);
}

void case_faults(unsigned int vector, uint32_t error_code, const char *sentence)
{
    ck_assert_uint_eq(case_result.verdict, SIM_INSTRUCTION_EXCEPTION);
    ck_assert_uint_eq(case_result.exception.vector, vector);
    ck_assert_uint_eq(case_result.exception.error_code, error_code);
    ck_assert_uint_eq(case_result.exception.has_error_code, vector != 1 && vector != 6);
    ck_assert_uint_eq(case_result.exception.source, SIM_SOURCE_EXCEPTION);
    ck_assert_msg(strstr(case_result.reason, sentence) != NULL, "\"%s\" lacks \"%s\"",
                  case_result.reason, sentence);
    ck_assert(!case_result.effect.flushes);
    ck_assert(!case_result.effect.traced);
}

void case_passes(enum sim_instruction_verdict verdict)
{
    ck_assert_msg(case_result.verdict == verdict, "verdict %u: %s", case_result.verdict,
                  case_result.reason);
    ck_assert_str_eq(case_result.reason, "");
}
