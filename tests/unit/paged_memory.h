/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A processor in 64-bit mode and 2 MiB of RAM, mapped to the same linear
 * addresses by pages of 4 KiB, for tests of what reads tables in memory.
 */
#ifndef DRYDOCK_TESTS_PAGED_MEMORY_H
#define DRYDOCK_TESTS_PAGED_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "sim/mmu/mmu_walk.h"

/** Where the tables are: one page each. */
#define PAGED_PML4 0x1000u
#define PAGED_PDPT 0x2000u
#define PAGED_PD   0x3000u
#define PAGED_PT   0x4000u

/** CR0 0x80010001 (PG, WP, PE), CR4 0x20 (PAE), EFER 0xD00 (NXE, LMA, LME), MAXPHYADDR 40. */
extern struct sim_cpu paged_cpu;
extern struct sim_memory paged_memory;
extern const struct sim_mmu paged_mmu;

/** Fresh tables: every page present and writable, for the supervisor. Nothing else is set. */
void paged_open(void);

uint64_t paged_peek(uint64_t physical);
void paged_poke(uint64_t physical, uint64_t value);

/** Change the PTE of a linear address below 2 MiB. */
void paged_set_entry(uint64_t linear, uint64_t entry);

/** Two pokes: a 16-byte gate or descriptor. */
void paged_poke_pair(uint64_t physical, uint64_t low, uint64_t high);

#endif
