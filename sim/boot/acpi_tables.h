/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The ACPI tables of the simulated PC: RSDP, RSDT, XSDT, FADT, FACS, DSDT, MADT
 * and MCFG. Spec: [ACPI 6.5] 5.2, [PCIFW 3.2] 4.1.2.
 *
 * They describe one processor with a local APIC at 0xFEE00000, one I/O APIC at
 * 0xFEC00000 for the global interrupts from 0 on, with ISA interrupt 0 at its
 * input 2 and the system control interrupt at input 9, level-triggered; the PM1
 * registers and the timer of devices/acpi_pm.h, and the reset port 0xCF9. There
 * is no HPET and no SMI. The DSDT names no device: only the sleep state S5.
 */
#ifndef DRYDOCK_SIM_ACPI_TABLES_H
#define DRYDOCK_SIM_ACPI_TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "sim/cpu/cpu.h"

/** A window onto the configuration space of PCI: one entry of MCFG. */
struct sim_acpi_ecam {
    uint64_t base; /**< physical address of bus 0, whatever the first bus is */
    uint16_t segment;
    uint8_t first_bus, last_bus;
};

/** Most windows, and what all tables but RSDP and FACS then need at most, in bytes. */
#define SIM_ACPI_MAX_ECAM    128u
#define SIM_ACPI_TABLES_SIZE 4096u

/** Sizes of the two structures with places of their own. Spec: [ACPI 6.5] 5.2.5.3, 5.2.10. */
#define SIM_ACPI_RSDP_SIZE 36u
#define SIM_ACPI_FACS_SIZE 64u

/** Where the tables go, as physical addresses below 4 GiB. */
struct sim_acpi_places {
    uint64_t rsdp;   /**< a multiple of 16; to be found by a search, in 0xE0000 to 0xFFFFF */
    uint64_t facs;   /**< a multiple of 64, in memory that the guest never gets */
    uint64_t tables; /**< a multiple of 16; SIM_ACPI_TABLES_SIZE bytes for the rest */
};

/**
 * Write the tables into RAM.
 *
 * @param places  all in RAM
 * @param ecam    windows for MCFG, at most SIM_ACPI_MAX_ECAM; there is no MCFG without any
 */
void sim_acpi_write(const struct sim_memory *memory, const struct sim_acpi_places *places,
                    const struct sim_acpi_ecam *ecam, size_t count);

#endif
