/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Evaluation of the DWARF expressions in call frame information.
 */
#ifndef DRYDOCK_SIM_UNWIND_EXPRESSION_H
#define DRYDOCK_SIM_UNWIND_EXPRESSION_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/boot/image_unwind.h"

/** Most values on the machine's stack. */
#define UNWIND_DEPTH 16u

struct unwind_machine {
    const struct sim_unwind_state *state;
    const struct sim_stack_reader *reader;
    uint64_t cfa;
    bool has_cfa;
    uint64_t stack[UNWIND_DEPTH];
    unsigned int depth;
    bool is_value; /**< after unwind_evaluate: the result is the value, not where it lies */
};

/** Read a word of the guest's stack; whether it could be. */
bool unwind_read_word(const struct unwind_machine *machine, uint64_t address, uint64_t *value);

/** Evaluate; whether all operations are known and the memory they read is there. */
bool unwind_evaluate(struct unwind_machine *machine, const Dwarf_Op *operations, size_t count,
                     uint64_t *result);

#endif
