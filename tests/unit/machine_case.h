/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the tests of the simulated machine share: a machine for each test, code
 * typed as bytes, and words of RAM.
 */
#ifndef DRYDOCK_TESTS_MACHINE_CASE_H
#define DRYDOCK_TESTS_MACHINE_CASE_H

#include <stdint.h>

#include "sim/machine/machine.h"
#include "tests/unit/unit.h"

/** The first linear address of PML4 entry 1, which a new machine leaves empty. */
#define UNMAPPED UINT64_C(0x8000000000)

/** The machine of the current test. */
extern struct sim_machine *machine;

/** Make the machine, 16 MiB; fails the test if it cannot. For tcase_add_checked_fixture. */
void machine_case_open(void);

/** The same with the engine's MMU in charge. */
void machine_case_open_engine(void);
void machine_case_close(void);

/** Load the guest of tests/unit/guest. */
void machine_case_load(void);

/** Execute code with these values in RAX and RDX; *registers gets all of them on success. */
struct sim_result execute(const uint8_t *code, size_t size, struct sim_registers *registers);

/** Execute bytes given as a list; the machine keeps running state but registers are lost. */
#define EXECUTE(registers, ...) \
    execute((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), (registers))

/** The result is this exception with this error code; -1: the vector has none. */
void check_fault(const struct sim_result *result, unsigned int vector, int64_t error_code);

/** A 64-bit word of RAM. */
uint64_t peek(uint64_t physical);
void poke(uint64_t physical, uint64_t value);

/** Address of a function of the loaded guest. */
uint64_t address_of(const char *symbol);

/** Give the page at UNMAPPED this PTE, with tables at 0x200000. The TLB is not flushed. */
void map_unmapped(uint64_t entry);

/** Write an IDT gate for @p handler into the table at IDT_BASE. */
#define IDT_BASE UINT64_C(0x210000)
void set_gate(unsigned int vector, uint64_t handler, uint64_t attributes);

/** LIDT with this limit and IDT_BASE. */
void load_idt(uint16_t limit);

/** Put a TSS at 0x211000 into GDT entry 5 and load TR with 0x28. */
#define TSS_BASE UINT64_C(0x211000)
void load_tss(uint16_t limit);

/**
 * Make 2 MiB to 16 MiB accessible to ring 3, load a TSS with this RSP0, and let INT 0x80 end
 * guest_enter_user of the loaded guest.
 */
void allow_user(uint64_t rsp0);

#endif
