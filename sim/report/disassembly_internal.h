/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files around Capstone share.
 */
#ifndef DRYDOCK_SIM_DISASSEMBLY_INTERNAL_H
#define DRYDOCK_SIM_DISASSEMBLY_INTERNAL_H

#include <capstone/capstone.h>

#include "sim/report/disassembly.h"

/** Capstone, and where in the code the next instruction is. */
struct disassembly_reader {
    csh capstone;
    cs_insn *instruction; /**< reused for each */
    const uint8_t *bytes;
    size_t left;
    uint64_t address;
};

/** Returns whether there is something to close again. */
bool disassembly_open(struct disassembly_reader *reader, const struct sim_code *code);
void disassembly_close(struct disassembly_reader *reader);

#endif
