/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What stands behind each row of docs/engine-deviations.md: one test that fails
 * when the engine does not deviate any more, and one that fails when the machine
 * does not follow the manual.
 *
 * Rows begin with their id in a line of its own form, {"id", …: the lint test
 * deviations compares them with the page.
 */
#ifndef DRYDOCK_TESTS_DEVIATION_H
#define DRYDOCK_TESTS_DEVIATION_H

#include <stddef.h>
#include <stdint.h>

struct deviation {
    const char *id;
    void (*engine)(void);  /**< the engine, or a machine with the engine's MMU, deviates */
    void (*machine)(void); /**< a machine with its own MMU follows the manual */
};

/** Something the machine does not do either. */
struct shortcoming {
    const char *id;
    void (*machine)(void); /**< fails when it does */
};

/** Code that the engine executes though the manual wants #GP(0). */
struct laxity {
    const char *id;
    size_t size;
    uint8_t code[8];
    size_t at; /**< offset of the instruction in the code */
    uint64_t rax, rcx, rdx;
    uint64_t operand[2]; /**< in memory at LAXITY_OPERAND */
};

/** Where RDX may point in both. */
#define LAXITY_OPERAND UINT64_C(0x20000)

extern const struct laxity laxities[];
extern const size_t laxity_count;

extern const struct deviation instruction_deviations[], access_deviations[], paging_deviations[];
extern const size_t instruction_deviation_count, access_deviation_count, paging_deviation_count;

extern const struct shortcoming shortcomings[];
extern const size_t shortcoming_count;

#endif
