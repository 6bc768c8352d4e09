/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A page walk in words: each entry with its flags decoded, the one that decided,
 * and a sentence that says why.
 */
#ifndef DRYDOCK_SIM_WALK_EXPLAIN_H
#define DRYDOCK_SIM_WALK_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/cpu/cpu.h"
#include "sim/mmu/mmu_walk.h"

/** One entry: "PTE[511]    0x4ff8 = 0x8000000000400063  P RW A D XD". */
struct sim_walk_line {
    char text[112];
    bool decided; /**< it is the one the verdict is about */
};

struct sim_walk_explanation {
    char title[128]; /**< "write to 0x400000 by the supervisor; 4-level paging, CR3 0x1000" */
    struct sim_walk_line lines[SIM_PAGING_LEVELS];
    size_t count;      /**< of lines, in the order of the walk */
    bool mapped;       /**< the tables allow the access */
    char verdict[256]; /**< "the PTE is read-only (R/W 0), and CR0.WP is 1" */
};

/**
 * Put a walk into words.
 *
 * @param cpu     in the state the walk was made in
 * @param access  what was tried
 * @param walk    what came of it
 *
 * Spec: [SDM 3A] 4.3 to 4.7; the names of the flags are those of figures 4-4, 4-7 and 4-11.
 */
void sim_walk_explain(const struct sim_cpu *cpu, struct sim_access access,
                      const struct sim_walk *walk, struct sim_walk_explanation *explanation);

/** "PTE", "PDE", "PDPTE", "PML4E" or "PML5E" for level 1 to 5; "entry" for any other number. */
const char *sim_walk_level_name(unsigned int level);

#endif
