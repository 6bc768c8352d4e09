/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the simulator knows about a processor and its RAM, as plain data: the
 * input of the page walker and of exception delivery, and what the engine is
 * asked to become after a delivery.
 */
#ifndef DRYDOCK_SIM_CPU_H
#define DRYDOCK_SIM_CPU_H

#include <stdbool.h>
#include <stdint.h>

/** Physical RAM from address 0. */
struct sim_memory {
    uint8_t *bytes;
    uint64_t size;
};

/** GDTR, IDTR, or the part of LDTR and TR that is a table. Spec: [SDM 3A] 2.4. */
struct sim_table {
    uint64_t base;  /**< linear address */
    uint32_t limit; /**< size in bytes, minus one */
};

/** The registers address translation and exception delivery depend on. Spec: [SDM 3A] 2.1.1. */
struct sim_cpu {
    uint64_t rip, rsp, rflags;
    uint64_t cr0, cr2, cr3, cr4;
    uint64_t efer;
    uint16_t cs, ss; /**< selectors; CS bits 1:0 are the CPL */
    uint16_t tr;
    struct sim_table gdt, idt, ldt, tss;
    unsigned int physical_bits; /**< MAXPHYADDR */
};

/** An exception or a software interrupt that waits for delivery. Spec: [SDM 3A] 6.3, 6.4. */
struct sim_exception {
    unsigned int vector; /**< 0..255 */
    uint32_t error_code; /**< only if has_error_code */
    bool has_error_code;
    bool software; /**< raised by INT n, INT3 or INTO */
};

/** Whether the processor pushes an error code for an exception. Spec: [SDM 3A] table 6-1. */
static inline bool sim_vector_has_error_code(unsigned int vector)
{
    return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21;
}

/** Current privilege level, 0..3. Spec: [SDM 3A] 5.5. */
static inline unsigned int sim_cpu_privilege(const struct sim_cpu *cpu)
{
    return cpu->cs & 3u;
}

#endif
