/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Claims: tests written once that run in every world.
 *
 * A claim is a sentence about the library, a function CLAIM(name) that checks
 * it, and one line in a .def file listed in registry.def. It is compiled three
 * times: for the host under sanitizers, and freestanding for the kernel image
 * that the simulated machine and QEMU run. So it uses hal/, world.h and nothing
 * else: no libc. Expected values are raw literals with the manual's section.
 *
 * The first check that does not hold ends the claim. A claim that makes no
 * check at all is an error of the claim.
 */
#ifndef DRYDOCK_TESTS_CLAIM_H
#define DRYDOCK_TESTS_CLAIM_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/status.h"

enum claim_outcome {
    CLAIM_SUCCESS, /**< every check held */
    CLAIM_SKIP,    /**< cannot run in this world; the text says why */
    CLAIM_ERROR,   /**< the claim is broken */
    CLAIM_FAILURE, /**< the subject is broken */
};

struct claim {
    const char *name;
    void (*run)(void);
};

struct claim_result {
    enum claim_outcome outcome;
    char text[200]; /**< what did not hold and where, or why it was skipped; empty on success */
};

/** All claims, in the order of registry.def. */
extern const struct claim claims[];
extern const unsigned int claim_count;

/** Run claims[index]; an index out of range gives CLAIM_ERROR. */
struct claim_result claim_run(unsigned int index);

/** The word for an outcome in reports: "success", "skip", "error", "failure". */
const char *claim_outcome_name(enum claim_outcome outcome);

/** Defines the function of a claim. Declared first: each is defined in one file, called from another. */
#define CLAIM(name)          \
    void claim_##name(void); \
    void claim_##name(void)

/* Where a check stands; made by the macros below. */
struct claim_place {
    const char *file;
    int line;
    const char *text; /**< the checked expression as written */
};

bool claim_check_true(struct claim_place place, bool holds);
bool claim_check_equal(struct claim_place place, uint64_t actual, uint64_t expected);
bool claim_check_status(struct claim_place place, enum dd_status actual, enum dd_status expected);
bool claim_check_text(struct claim_place place, const char *actual, const char *expected);
void claim_skip(const char *reason);

#define CLAIM_PLACE(expression_text) ((struct claim_place){__FILE__, __LINE__, expression_text})

/** The condition holds. */
#define CLAIM_TRUE(condition)                                          \
    do {                                                               \
        if (!claim_check_true(CLAIM_PLACE(#condition), (condition))) { \
            return;                                                    \
        }                                                              \
    } while (0)

/** Two unsigned numbers are equal; both are printed when not. */
#define CLAIM_EQUAL(actual, expected)                                         \
    do {                                                                      \
        if (!claim_check_equal(CLAIM_PLACE(#actual), (actual), (expected))) { \
            return;                                                           \
        }                                                                     \
    } while (0)

/** A call returns this status; both names are printed when not. */
#define CLAIM_STATUS(call, expected)                                       \
    do {                                                                   \
        if (!claim_check_status(CLAIM_PLACE(#call), (call), (expected))) { \
            return;                                                        \
        }                                                                  \
    } while (0)

/** A call succeeds. */
#define CLAIM_OK(call) CLAIM_STATUS(call, DD_OK)

/** Two strings are equal. */
#define CLAIM_TEXT(actual, expected)                                         \
    do {                                                                     \
        if (!claim_check_text(CLAIM_PLACE(#actual), (actual), (expected))) { \
            return;                                                          \
        }                                                                    \
    } while (0)

/** The claim cannot run in this world; only as its first statement. */
#define CLAIM_SKIP_IF(condition, reason) \
    do {                                 \
        if (condition) {                 \
            claim_skip(reason);          \
            return;                      \
        }                                \
    } while (0)

#endif
