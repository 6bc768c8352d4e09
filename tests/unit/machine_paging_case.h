/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the tests of paging in the machine share: tables for one linear address,
 * and instructions at CPL 0 and 3 that access it. The guest's side is in
 * guest/paging.S.
 */
#ifndef DRYDOCK_TESTS_MACHINE_PAGING_CASE_H
#define DRYDOCK_TESTS_MACHINE_PAGING_CASE_H

#include <stdint.h>

#include "tests/unit/machine_case.h"

/** Instructions with RDX as the address. */
enum paging_instruction {
    PAGING_READ,         /**< one byte */
    PAGING_WRITE,        /**< one byte, 0x5A */
    PAGING_FETCH,        /**< calls the address, where a RET is */
    PAGING_MODIFY,       /**< adds 1 to a byte */
    PAGING_READ_8,       /**< 8 bytes */
    PAGING_WRITE_8,      /**< RDX itself */
    PAGING_MODIFY_8,     /**< subtracts 1 from 8 bytes */
    PAGING_WRITE_16,     /**< XMM0 */
    PAGING_RANDOM,       /**< what RDRAND gives, 8 bytes */
    PAGING_LOAD_SEGMENT, /**< loads ES with EDX, a selector */
    PAGING_INSTRUCTIONS,
};

enum paging_privilege {
    PAGING_SUPERVISOR, /**< CPL 0 */
    PAGING_USER,       /**< CPL 3 */
};

struct paging_access {
    uint64_t linear;
    enum paging_instruction instruction;
    enum paging_privilege privilege;
    uint64_t rflags; /**< RFLAGS.AC */
    bool flush;      /**< with a MOV CR3 first */
};

struct paging_outcome {
    bool faults;
    uint64_t error_code, rip, cr2; /**< as the handler found them */
};

struct paging_controls {
    uint64_t cr0, cr4, efer, pkru, cr3;
};

/** What a machine starts with, besides features of paging. CR3 names 4-level tables. */
#define PAGING_CR0  UINT64_C(0x80000033)
#define PAGING_CR4  UINT64_C(0x620)
#define PAGING_EFER UINT64_C(0x501)
#define PAGING_CR3  UINT64_C(0x1000)

/** CR4.LA57, and the root for it: entry 0 leads to the 4-level tables. */
#define PAGING_LA57      UINT64_C(0x1000)
#define PAGING_LA57_ROOT UINT64_C(0x265000)

/** The frame that is mapped, 4 KiB; it holds a RET and zeros. */
#define PAGING_FRAME UINT64_C(0x300000)

/** Physical address of the PTE that maps the instructions for CPL 3. */
#define PAGING_USER_CODE_PTE UINT64_C(0x26A000)

/** A machine of 16 MiB with this MMU, without audit, with handlers for #PF and a way to CPL 3. */
void paging_case_open(enum sim_mmu_kind mmu);

/** The same machine for tcase_add_checked_fixture; paging_case_close is for both. */
void paging_case_open_own(void);
void paging_case_open_engine(void);
void paging_case_close(void);

/** Turn on 5-level paging. */
void paging_case_enable_la57(void);

/**
 * Map PAGING_FRAME: P, R/W, U/S in all entries.
 *
 * @param levels  4, or 5 after paging_case_enable_la57
 * @param leaf    level of the entry that maps the page: 1, 2 or 3 for 4 KiB, 2 MiB or 1 GiB
 * @return its linear address
 */
uint64_t paging_case_map(unsigned int levels, unsigned int leaf);

/** Physical address of the entry of a level of that mapping. */
uint64_t paging_case_entry(unsigned int levels, unsigned int level);

/** Load the control registers, PKRU if CR4.PKE is 1, and CR3 last. */
void paging_case_set_controls(const struct paging_controls *controls);

/** Execute. Fails the test if that ends with anything but success or a page fault. */
struct paging_outcome paging_case_access(const struct paging_access *access);

/** The access worked, or it faulted with this error code and CR2. */
void check_access(const struct paging_access *access);
void check_page_fault(const struct paging_access *access, uint64_t error_code, uint64_t cr2);

/** Load CR3 with a value, bit 63 included; INVLPG; INVPCID. */
void paging_case_load_cr3(uint64_t value);
void paging_case_invlpg(uint64_t linear);
void paging_case_invpcid(uint64_t type, uint64_t pcid, uint64_t linear);

#endif
