/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Memory types: what the MTRRs say about a physical address, what the PAT says
 * about a page, and what comes of both.
 *
 * With normal caching, that is CR0.CD = 0. With paging off the PAT has no say
 * and the type is that of the MTRRs.
 */
#ifndef DRYDOCK_SIM_MEMORY_TYPE_H
#define DRYDOCK_SIM_MEMORY_TYPE_H

#include <stddef.h>
#include <stdint.h>

/** Encoded as in MTRRs and PAT. Spec: [SDM 3A] tables 11-8 and 11-10. */
enum sim_memory_type {
    SIM_MEMORY_UC = 0,       /**< uncacheable */
    SIM_MEMORY_WC = 1,       /**< write combining */
    SIM_MEMORY_WT = 4,       /**< write-through */
    SIM_MEMORY_WP = 5,       /**< write-protected */
    SIM_MEMORY_WB = 6,       /**< write-back */
    SIM_MEMORY_UC_MINUS = 7, /**< uncacheable unless the MTRR says WC or WP; in the PAT only */
};

/** IA32_MTRR_PHYSBASEn and IA32_MTRR_PHYSMASKn. Spec: [SDM 3A] figure 11-7. */
struct sim_mtrr_range {
    uint64_t base;
    uint64_t mask;
};

/** The registers a lookup depends on, as RDMSR gives them. Spec: [SDM 3A] 11.11.2. */
struct sim_mtrrs {
    uint64_t def_type;  /**< IA32_MTRR_DEF_TYPE */
    uint64_t fixed[11]; /**< FIX64K_00000, FIX16K_80000, FIX16K_A0000, FIX4K_C0000 to _F8000 */
    const struct sim_mtrr_range *variable;
    size_t variable_count;
};

/** "WB"; "reserved" for a value that is not a memory type. */
const char *sim_memory_type_name(enum sim_memory_type type);

/**
 * The type the MTRRs give a physical address. Where the manual leaves it open, with reserved types
 * and where ranges of different types overlap, other than WT with WB, it is UC.
 *
 * Spec: [SDM 3A] 11.11.4.1.
 */
enum sim_memory_type sim_mtrr_type(const struct sim_mtrrs *mtrrs, uint64_t physical);

/**
 * The type the PAT gives a page.
 *
 * @param pat    IA32_PAT
 * @param index  PAT, PCD and PWT as bits 2, 1, 0: pat_index of struct sim_walk
 * @return UC for a reserved encoding, which WRMSR would have refused
 *
 * Spec: [SDM 3A] 11.12.3.
 */
enum sim_memory_type sim_pat_type(uint64_t pat, unsigned int index);

/**
 * What a page is accessed with.
 *
 * @param mtrr  any type but UC-
 * @return never UC-
 *
 * Spec: [SDM 3A] 11.5.2.2, table 11-7.
 */
enum sim_memory_type sim_effective_memory_type(enum sim_memory_type mtrr, enum sim_memory_type pat);

#endif
