/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A PC for fuzz targets: made once, with a small PCI bus, and brought back to
 * the same state before every input.
 */
#ifndef DRYDOCK_TESTS_FUZZ_PC_CASE_H
#define DRYDOCK_TESTS_FUZZ_PC_CASE_H

#include "sim/machine/pc.h"
#include "sim/machine/snapshot.h"

enum {
    PC_CASE_RAM = 0x400000
};

struct pc_case {
    struct sim_pc pc;
    struct sim_snapshot *snapshot; /**< NULL until pc_case_keep */
};

/** Make the PC, audited, with the machine's own MMU. */
void pc_case_open(struct pc_case *pc_case);

/** Remember the state that every input starts from. */
void pc_case_keep(struct pc_case *pc_case);

/** Go back to it, and forget what was found, sent and typed. */
void pc_case_reset(struct pc_case *pc_case);

#endif
