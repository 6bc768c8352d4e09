/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What comes of an access by the manual, as a table: an opinion of its own, which
 * knows tables only as the levels at which they restrict, and shares nothing with
 * the library or with the machine's page walker.
 */
#ifndef DRYDOCK_TESTS_PERMISSION_TABLE_H
#define DRYDOCK_TESTS_PERMISSION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Levels of paging there are, and one more so that they can be indices. */
#define PERMISSION_LEVELS 6

/** A page and the tables above it; each of the four is the level of one entry, 0: of none. */
struct permission_tables {
    uint8_t levels;      /**< 4 or 5 */
    uint8_t leaf;        /**< of the entry that maps the page: 1, 2, 3 */
    uint8_t not_present; /**< P = 0 */
    uint8_t read_only;   /**< R/W = 0 */
    uint8_t supervisor;  /**< U/S = 0 */
    uint8_t no_execute;  /**< XD = 1 */
    uint8_t key_rights;  /**< of the page's key: bit 0 PKRU.AD, bit 1 PKRU.WD */
};

/** Registers that count. */
struct permission_setting {
    bool wp, nxe, smep, smap, ac, pke;
};

enum permission_kind {
    PERMISSION_READ,
    PERMISSION_WRITE,
    PERMISSION_FETCH,
};

struct permission_access {
    enum permission_kind kind;
    bool user; /**< CPL 3; else CPL 0 */
};

/** What must come of it. */
struct permission_prediction {
    bool faults;
    uint8_t maybe;       /**< level of an entry whose A bit may be set or not; 0: none */
    uint32_t error_code; /**< 0 without fault */
    uint8_t marks[PERMISSION_LEVELS]; /**< by level: A (bit 5) and D (bit 6) that are set afterwards
                                           if they were not */
};

/** Spec: [SDM 3A] 4.6.1, 4.6.2 (rights), 4.7 (error code), 4.8 (accessed and dirty). */
struct permission_prediction permission_predict(const struct permission_tables *tables,
                                                const struct permission_setting *setting,
                                                struct permission_access access);

/** The case in words: "5-level paging, 2-MByte page, R/W = 0 in the PDPTE; WP NXE; …". */
void permission_describe(const struct permission_tables *tables,
                         const struct permission_setting *setting, char *text, size_t size);

/** "a supervisor read". */
const char *permission_access_name(struct permission_access access);

#endif
