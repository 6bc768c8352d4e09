/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the page walker share: bits typed from the manual.
 */
#ifndef DRYDOCK_SIM_MMU_INTERNAL_H
#define DRYDOCK_SIM_MMU_INTERNAL_H

#include "sim/mmu/mmu_walk.h"

/* Control bits. Spec: [SDM 3A] 2.2.1 and 2.5. */
#define CR0_WP    (UINT64_C(1) << 16)
#define CR0_PG    (UINT64_C(1) << 31)
#define CR4_PSE   (UINT64_C(1) << 4)
#define CR4_PAE   (UINT64_C(1) << 5)
#define CR4_PGE   (UINT64_C(1) << 7)
#define CR4_LA57  (UINT64_C(1) << 12)
#define CR4_SMEP  (UINT64_C(1) << 20)
#define CR4_SMAP  (UINT64_C(1) << 21)
#define CR4_PKE   (UINT64_C(1) << 22)
#define CR4_PKS   (UINT64_C(1) << 24)
#define EFER_LMA  (UINT64_C(1) << 10)
#define EFER_NXE  (UINT64_C(1) << 11)
#define RFLAGS_AC (UINT64_C(1) << 18)

/* Entry bits, the same at every level that has them. Spec: [SDM 3A] figures 4-4, 4-7, 4-11. */
#define ENTRY_P  (UINT64_C(1) << 0)
#define ENTRY_RW (UINT64_C(1) << 1)
#define ENTRY_US (UINT64_C(1) << 2)
#define ENTRY_A  (UINT64_C(1) << 5)
#define ENTRY_D  (UINT64_C(1) << 6)
#define ENTRY_PS (UINT64_C(1) << 7)
#define ENTRY_G  (UINT64_C(1) << 8)
#define ENTRY_XD (UINT64_C(1) << 63)

/** Error code of #PF. Spec: [SDM 3A] figure 4-12. */
enum mmu_error {
    ERROR_P = 1 << 0,
    ERROR_WR = 1 << 1,
    ERROR_US = 1 << 2,
    ERROR_RSVD = 1 << 3,
    ERROR_ID = 1 << 4,
    ERROR_PK = 1 << 5,
};

/** The bits of the error code that describe the access: W/R, U/S, I/D. Spec: [SDM 3A] 4.7. */
uint32_t mmu_access_error(const struct sim_cpu *cpu, struct sim_access access);

/** The linear address as wide as it is in this paging mode. Spec: [SDM 3A] 4.1.1. */
static inline uint64_t mmu_linear(const struct sim_cpu *cpu, uint64_t linear)
{
    return sim_mmu_paging_mode(cpu) >= SIM_PAGING_4_LEVEL ? linear : linear & UINT32_MAX;
}

#endif
