/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A processor as plain data for tests of sim/cpu/instruction*.c: 64 KiB of RAM, and
 * tables that map the first GiB to itself.
 */
#ifndef DRYDOCK_TESTS_INSTRUCTION_CASE_H
#define DRYDOCK_TESTS_INSTRUCTION_CASE_H

#include <check.h>

#include "sim/cpu/instruction.h"

/** Where the case has things in its RAM. */
#define CASE_GDT  0x3000u
#define CASE_DATA 0x4000u

extern struct sim_cpu case_cpu;
extern struct sim_registers case_registers;
extern struct sim_system case_system;
extern struct sim_clock case_clock;
extern uint8_t case_ram[0x10000];
extern bool case_own_mmu;
extern struct sim_instruction_result case_result;

/** 64-bit mode at CPL 0 with 4-level paging, own MMU, MAXPHYADDR 40. A fixture for each test. */
void case_long_mode(void);

/** Real mode, nothing on. */
void case_real_mode(void);

/** 32-bit protected mode without paging. */
void case_protected_mode(void);

/** Step one instruction; the outcome is in case_result. */
void case_step(const void *bytes, size_t size);

/** A string literal as an instruction. */
#define STEP(bytes) case_step((bytes), sizeof(bytes) - 1)

/** The outcome was an exception with a sentence that has this part. */
void case_faults(unsigned int vector, uint32_t error_code, const char *sentence);

/** The outcome was not an exception. */
void case_passes(enum sim_instruction_verdict verdict);

/** Store 8 bytes. */
void case_store(uint32_t address, uint64_t value);

#endif
