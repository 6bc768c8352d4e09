/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * All combinations of what decides whether an access is allowed, and what comes
 * of each by the manual: a second opinion on the page walker, which works from
 * the words of the case and never looks at an entry.
 *
 * A case has a shape, the tables and which one entry of them restricts what, and
 * a setting, everything else. Every shape goes with every setting.
 */
#ifndef DRYDOCK_TESTS_PAGING_MATRIX_H
#define DRYDOCK_TESTS_PAGING_MATRIX_H

#include <stdint.h>

#include "tests/unit/machine_paging_case.h"

enum paging_restriction {
    RESTRICT_NOTHING,
    RESTRICT_WRITE,      /**< R/W = 0 */
    RESTRICT_USER,       /**< U/S = 0 */
    RESTRICT_EXECUTE,    /**< XD = 1 */
    RESTRICT_PRESENT,    /**< P = 0 */
    RESTRICT_RESERVED,   /**< a reserved bit is 1 */
    RESTRICT_KEY_ACCESS, /**< in the entry of the page: a key with PKRU.AD */
    RESTRICT_KEY_WRITE,  /**< the same with PKRU.WD */
    RESTRICTIONS,
};

struct paging_shape {
    unsigned int levels; /**< 4 or 5 */
    unsigned int leaf;   /**< level of the page's entry: 1, 2, 3 */
    unsigned int level;  /**< of the entry that restricts */
    enum paging_restriction restriction;
    bool user; /**< U/S of the page's entry, unless RESTRICT_USER says otherwise */
};

enum paging_smap {
    SMAP_OFF,
    SMAP_ON,
    SMAP_WITH_AC, /**< CR4.SMAP = 1, RFLAGS.AC = 1 */
};

struct paging_setting {
    bool wp, nxe, smep, pke;
    enum paging_smap smap;
    enum paging_instruction
        instruction[2]; /**< the first access, and the second: no flush between */
    enum paging_privilege privilege[2];
};

enum {
    PAGING_MAX_SHAPES = 512,
    PAGING_SETTINGS = 3072
};

/** All shapes there are. Returns how many. */
unsigned int paging_matrix_shapes(struct paging_shape shapes[PAGING_MAX_SHAPES]);

/** Setting 0..PAGING_SETTINGS - 1. */
struct paging_setting paging_matrix_setting(unsigned int number);

/**
 * Choose some settings so that every pair of values of two factors is in one of them.
 *
 * @param[out] numbers  of the settings, room for PAGING_SETTINGS
 * @return how many
 */
unsigned int paging_matrix_cover(unsigned int *numbers);

/** Write the tables. Returns the linear address. */
uint64_t paging_matrix_map(const struct paging_shape *shape);

/** The control registers of a setting; the key restricted by PKRU is that of the shape. */
struct paging_controls paging_matrix_controls(const struct paging_shape *shape,
                                              const struct paging_setting *setting);

/** What comes of an access. */
struct paging_prediction {
    bool faults;
    uint32_t error_code;
    uint64_t marks[6]; /**< by level: bits of the entry that are set afterwards if they were not */
    uint64_t maybe[6]; /**< bits that may be */
};

/** Predict access 0 or 1 from the manual. Spec: [SDM 3A] 4.6, 4.7, 4.8. */
struct paging_prediction paging_matrix_predict(const struct paging_shape *shape,
                                               const struct paging_setting *setting,
                                               unsigned int number);

#endif
