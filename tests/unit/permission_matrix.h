/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The permission matrix: pages of every size, mapped by the library, with every
 * combination of levels at which their tables restrict, under every setting of
 * the registers that count, accessed twice in every pair of ways.
 *
 * The library makes the tables and decides what the page's own entry says. What
 * tables above it withhold is written as a kernel of other make would have left
 * it. The machine's MMU, its TLB included, then translates without executing.
 *
 * No part of it needs the test framework: the benchmark runs it too.
 */
#ifndef DRYDOCK_TESTS_PERMISSION_MATRIX_H
#define DRYDOCK_TESTS_PERMISSION_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/paging.h"
#include "drydock/paging_memory.h"
#include "sim/machine/machine.h"
#include "sim/mmu/tlb.h"
#include "tests/unit/permission_table.h"

enum {
    PERMISSION_FRAMES = 16,     /**< for tables */
    PERMISSION_KINDS = 6,       /**< of accesses: 3 by 2 privileges */
    PERMISSION_SETTINGS = 32,   /**< for each of NXE = 0 and 1 */
    PERMISSION_PAIRS = 36,      /**< of a first and a second access */
    PERMISSION_CASES = 32 * 36, /**< of settings and pairs */
    PERMISSION_TABLES_4_LEVEL = 4 * (625 + 256 + 81),
    PERMISSION_TABLES_5_LEVEL = 4 * (1296 + 625 + 256),
};

/** The frame that is mapped, or that is part of the larger page. */
#define PERMISSION_FRAME UINT64_C(0x300000)

/** A machine, the address spaces of the library in it, and the page that is mapped now. */
struct permission_matrix {
    struct sim_machine *machine;
    struct sim_tlb *tlb;
    struct dd_paging_memory memory;
    struct dd_address_space spaces[2];  /**< the one in CR3, with NXE = 0 and with NXE = 1 */
    dd_paddr frames[PERMISSION_FRAMES]; /**< not in use */
    unsigned int frame_count;

    const struct permission_tables *tables;
    unsigned int key; /**< of the page, 1..15 */
    bool nxe;
    uint64_t linear;                      /**< of PERMISSION_FRAME */
    uint64_t *entries[PERMISSION_LEVELS]; /**< in RAM, by level */
    uint64_t initial[PERMISSION_LEVELS];  /**< their values, A and D clear */
    uint64_t expected[PERMISSION_LEVELS]; /**< after the accesses so far */

    uint64_t accesses; /**< predicted and compared */
    char failure[512]; /**< the first, in words; empty: none */
};

/**
 * Use a machine.
 *
 * @param machine  in 4-level or 5-level paging, with RAM at PERMISSION_FRAME and at 700000H for
 *                 tables, and entry 85 of its PML4 or PML5 table empty
 * @return whether that was possible; if not, *failure says why
 */
bool permission_matrix_open(struct permission_matrix *matrix, struct sim_machine *machine);
void permission_matrix_close(struct permission_matrix *matrix);

/** How many tables there are for this machine. */
unsigned int permission_matrix_count(const struct permission_matrix *matrix);

/** Tables 0..count - 1 for this machine. */
struct permission_tables permission_matrix_tables(const struct permission_matrix *matrix,
                                                  unsigned int number);

/** Setting 0..PERMISSION_SETTINGS - 1, but for NXE. */
struct permission_setting permission_matrix_setting(unsigned int number, bool nxe);

/** Access 0..PERMISSION_KINDS - 1. */
struct permission_access permission_matrix_access(unsigned int number);

/**
 * Map the page by dd_paging_map_page(), then withhold what tables withhold, and compare what
 * dd_paging_translate() says about it.
 *
 * @param tables  outlive the mapping
 * @return whether all is as it should be; if not, *failure says what is not
 */
bool permission_matrix_map(struct permission_matrix *matrix, const struct permission_tables *tables,
                           bool nxe);

/** Give the tables their rights back, unmap the page, and see that no table is left. */
bool permission_matrix_unmap(struct permission_matrix *matrix);

/** Clear A and D of all entries. */
void permission_matrix_rewind(struct permission_matrix *matrix);

/** PKRU: the rights of the page's key; other keys but 0 permit the opposite. */
uint32_t permission_matrix_pkru(const struct permission_matrix *matrix);

/** An access was made: compare A and D of all entries with what was predicted. */
bool permission_matrix_check_entries(struct permission_matrix *matrix,
                                     const struct permission_setting *setting,
                                     struct permission_access access,
                                     const struct permission_prediction *prediction);

/** Note that an access went wrong: @p found in words. Returns false. */
bool permission_matrix_fail(struct permission_matrix *matrix,
                            const struct permission_setting *setting,
                            struct permission_access access, const char *found);

/**
 * Try the page that is mapped with case 0..PERMISSION_CASES - 1: a setting and two accesses, the
 * first after INVLPG.
 */
bool permission_matrix_try(struct permission_matrix *matrix, unsigned int number);

/**
 * Go through all tables of this machine.
 *
 * @param cases  how many cases of each page and value of NXE, spread over all; PERMISSION_CASES: all
 */
bool permission_matrix_run(struct permission_matrix *matrix, unsigned int cases);

#endif
