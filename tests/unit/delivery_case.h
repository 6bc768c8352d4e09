/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A processor and RAM as plain data, for the tests of delivery and of returns:
 * no engine. Tables are typed as literals; addresses are below 2 MiB.
 */
#ifndef DRYDOCK_TESTS_DELIVERY_CASE_H
#define DRYDOCK_TESTS_DELIVERY_CASE_H

#include <stdint.h>

#include "sim/cpu/cpu.h"
#include "sim/cpu/deliver.h"
#include "tests/unit/unit.h"

/** Where the tables are. */
#define GDT_AT UINT64_C(0x10000)
#define IDT_AT UINT64_C(0x11000)
#define TSS_AT UINT64_C(0x13000)
#define LDT_AT UINT64_C(0x14000)

/** Tops of stacks that the cases start with. */
#define KERNEL_STACK UINT64_C(0x20000)
#define USER_STACK   UINT64_C(0x30000)
#define RSP0_STACK   UINT64_C(0x28000)
#define IST1_STACK   UINT64_C(0x2C000)

/**
 * Selectors of the GDT: flat, present, accessed. From 0x40 to 0x78 it has empty descriptors.
 */
enum {
    KERNEL_CODE = 0x08, /* 64-bit */
    KERNEL_DATA = 0x10,
    USER_DATA = 0x1B,
    USER_CODE = 0x23, /* 64-bit */
    USER_CODE_32 = 0x2B,
    KERNEL_CODE_32 = 0x30,
    CONFORMING_CODE = 0x38, /* 64-bit, DPL 0 */
    SPARE = 0x40,
    SPARE_2 = 0x48,
};

/** Access bytes of gates: present, DPL 0. */
enum {
    INTERRUPT_GATE = 0x8E,
    TRAP_GATE = 0x8F,
    USER_GATE = 0xEE, /* DPL 3 */
};

extern struct sim_memory ram;
extern struct sim_cpu cpu;
extern struct sim_task task;
extern struct sim_delivery_reason reason;

/** A Check fixture: 64-bit mode at CPL 0, paging with 4 KiB pages, an empty IDT with 256 gates. */
void long_mode_open(void);

/** A Check fixture: protected mode without paging, 32-bit code at CPL 0, an empty IDT. */
void protected_mode_open(void);

/** A Check fixture: real mode. */
void real_mode_open(void);

/** Ends any of the three. */
void delivery_case_close(void);

/** Run as user code of 64 or 32 bits from now on. */
void enter_user(uint16_t code);

uint64_t get64(uint64_t address);
uint32_t get32(uint64_t address);
uint16_t get16(uint64_t address);
void put64(uint64_t address, uint64_t value);
void put32(uint64_t address, uint32_t value);
void put16(uint64_t address, uint16_t value);

/** Put a descriptor into the GDT. */
void set_descriptor(uint16_t selector, uint64_t descriptor);

/** Write a gate of 16 bytes, or of 8. @p access: P, DPL and type; @p ist: 0..7 */
void set_gate64(unsigned int vector, uint64_t handler, uint16_t selector, uint8_t access,
                uint8_t ist);
void set_gate32(unsigned int vector, uint32_t handler, uint16_t selector, uint8_t access);

/** Give a page of the first 2 MiB this PTE: its address plus flags, 0 to unmap it. */
void set_page(uint64_t linear, uint64_t entry);

/** Deliver an exception found by the processor, with an error code if its vector has one. */
bool raise_exception(unsigned int vector, uint32_t error_code);

/** Deliver an event without an error code. */
bool raise_from(enum sim_event_source source, unsigned int vector);

/** Note all of the processor's state, and fail the test if a byte of it has changed since. */
void remember_cpu(void);
void check_cpu_untouched(void);

/** The reason has this step: an exception that could not be delivered, and a sentence's start. */
void check_step(unsigned int index, unsigned int vector, const char *text);

#endif
