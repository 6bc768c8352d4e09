/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the tests of the page walker share: RAM, a processor in a paging mode,
 * and one linear address mapped by tables typed by hand.
 */
#ifndef DRYDOCK_TESTS_MMU_WALK_CASE_H
#define DRYDOCK_TESTS_MMU_WALK_CASE_H

#include <stdint.h>

#include "sim/mmu/mmu_walk.h"
#include "tests/unit/unit.h"

extern const struct sim_memory memory; /**< 128 KiB */
extern struct sim_cpu cpu;

/** Words of RAM. */
void set32(uint64_t address, uint32_t value);
void set64(uint64_t address, uint64_t value);
uint32_t get32(uint64_t address);
uint64_t get64(uint64_t address);

/**
 * Clear RAM, put the processor into a mode with all features of paging off but NXE, and build a
 * path of tables: level n at n * 0x1000, except the PDPT of PAE paging at 0x3020. All rights, A and
 * D clear. The entries used have index 7 at level 5, then 1, 2, 3, 4; the page is at 0x9000, a
 * larger one at the first multiple of its size after 0.
 *
 * @param leaf  level of the entry that maps the page
 */
void walk_case_build(enum sim_paging_mode mode, unsigned int leaf);

/** The address that is mapped; 0x1AB above a page boundary. */
uint64_t walk_case_linear(enum sim_paging_mode mode);

/** Physical address of the entry of a level. */
uint64_t walk_case_entry(enum sim_paging_mode mode, unsigned int level);

/** Levels of tables in a mode. */
unsigned int walk_case_levels(enum sim_paging_mode mode);

/** Change bits of an entry. */
void walk_case_set_bits(enum sim_paging_mode mode, unsigned int level, uint64_t bits);
void walk_case_clear_bits(enum sim_paging_mode mode, unsigned int level, uint64_t bits);

/** Walk to the address that is mapped. */
struct sim_walk walk_case_walk(enum sim_access_kind kind, enum sim_access_mode mode);

#endif
